"""ECMA-262 28.2: Proxy objects, as the guest makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import define_functions, functions
from lockstep.reference.javascript.runtime.objects.function import builtin, create_builtin, native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, make_slow
from lockstep.reference.javascript.runtime.objects.proxy import proxy_create
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_proxy(
    realm: Realm, new_target: JSObject | None, target: Value = undefined, handler: Value = undefined
) -> JSObject:
    """28.2.1.1 Proxy."""
    if new_target is undefined:
        raise type_error("Constructor Proxy requires 'new'")
    return proxy_create(realm, target, handler)


def revocable(realm: Realm, this: Value, target: Value = undefined, handler: Value = undefined) -> Value:
    """28.2.2.1 Proxy.revocable."""
    proxy = proxy_create(realm, target, handler)

    def revoke(_this: Value, *_arguments: Value) -> None:
        proxy.target_ = proxy.handler_ = None

    result: Any = realm.make_object()
    result.proxy = proxy
    result.revoke = native(realm, revoke)
    return result


_CONSTRUCTOR = builtin("Proxy", construct_proxy, 2, "builtin_constructor", section="28.2.1.1", since="ES2015")
_STATIC = functions(("revocable", revocable, 2, "28.2.2.1", "ES2015"))


def initialize(realm: Realm) -> None:
    """Make %Proxy%, which has no `prototype`."""
    realm.proxy = create_builtin(realm, _CONSTRUCTOR)
    make_slow(realm.proxy)
    define_functions(realm, realm.proxy, _STATIC)
