"""ShadowRealm: wrapped function exotic objects, and what may pass from one realm to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, thrown_value
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import function_realm
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.functions import copy_name_and_length
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSWrappedFunction(JSObject):
    """A wrapped function.

    Attributes:
        target_: [[WrappedTargetFunction]].
        realm_: [[Realm]], the one it is called from.
    """

    __slots__ = ("realm_", "target_")
    class_name_ = "WrappedFunction"
    is_callable_ = True
    is_constructor_ = False
    target_: Any
    realm_: Any

    def call_n(self, this: Value, *arguments: Value) -> Value:
        """[[Call]], with OrdinaryWrappedFunctionCall."""
        caller_realm = self.realm_
        target = self.target_
        target_realm = function_realm(target)
        wrapped = [get_wrapped_value(target_realm, argument, caller_realm) for argument in arguments]
        wrapped_this = get_wrapped_value(target_realm, this, caller_realm)
        try:
            result = target.call_n(wrapped_this, *wrapped)
        except Exception as error:  # any throw completion
            raise type_error_copy(caller_realm, thrown_value(error, target_realm)) from None
        return get_wrapped_value(caller_realm, result, caller_realm)

    call_0 = call_1 = call_2 = call_3 = call_n


def get_wrapped_value(realm: Realm, value: Value, caller_realm: Realm) -> Value:
    """GetWrappedValue ( realm, value ); its errors belong to `caller_realm`."""
    if not isinstance(value, JSObject):
        return value
    if not value.is_callable_:
        raise NativeErrorCompletion(
            "TypeError", "Only primitives and functions pass between realms", caller_realm
        )
    # WrappedFunctionCreate
    function = object_create(realm.function_prototype, JSWrappedFunction)
    object.__setattr__(function, "target_", value)
    object.__setattr__(function, "realm_", realm)
    try:
        copy_name_and_length(function, value)
    except Exception as error:  # any throw completion
        raise type_error_copy(caller_realm, thrown_value(error, caller_realm)) from None
    return function


def type_error_copy(realm: Realm, original: Value) -> NativeErrorCompletion:
    """CreateTypeErrorCopy: runs no guest code."""
    message = "The other realm threw"
    if isinstance(original, JSError):
        found = original.get_own_property("message")
        if found is not None and found.value.__class__ is str:
            message = f"{message}: {found.value}"
    return NativeErrorCompletion("TypeError", message, realm)
