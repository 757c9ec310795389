"""ECMA-262 28.1: the Reflect object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.description import bad_prototype, describe, type_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    is_constructor,
    to_property_key,
)
from lockstep.reference.javascript.runtime.operations.descriptors import (
    from_property_descriptor,
    to_property_descriptor,
)
from lockstep.reference.javascript.runtime.operations.objects import create_list_from_array_like
from lockstep.reference.javascript.runtime.values import Null, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _object(target: Value, name: str) -> JSObject:
    if not isinstance(target, JSObject):
        raise type_error(f"Reflect.{name} called on non-object")
    return target


def apply(
    realm: Realm,
    this: Value,
    target: Value = undefined,
    receiver: Value = undefined,
    arguments: Value = undefined,
) -> Value:
    """28.1.1 Reflect.apply."""
    if not is_callable(target):
        kind = "object" if isinstance(target, JSObject) or target is null else type_name(target)
        article = "an" if kind == "object" else "a"
        raise type_error(
            f"Function.prototype.apply was called on {describe(target)}, which is {article} {kind} and not a function"
        )
    return target.call_n(receiver, *create_list_from_array_like(realm, arguments))


def construct(
    realm: Realm, this: Value, target: Value = undefined, arguments: Value = undefined, *new_target: Value
) -> JSObject:
    """28.1.2 Reflect.construct."""
    if not is_constructor(target):
        raise type_error(f"{describe(target)} is not a constructor")
    newer = new_target[0] if new_target else target
    if not is_constructor(newer):
        raise type_error(f"{describe(newer)} is not a constructor")
    return target.construct_n(create_list_from_array_like(realm, arguments), newer)


def define_property(
    realm: Realm,
    this: Value,
    target: Value = undefined,
    key: Value = undefined,
    attributes: Value = undefined,
) -> bool:
    """28.1.3 Reflect.defineProperty."""
    owner = _object(target, "defineProperty")
    name = to_property_key(key)
    return bool(owner.define_own_property(name, to_property_descriptor(attributes)))


def delete_property(realm: Realm, this: Value, target: Value = undefined, key: Value = undefined) -> bool:
    """28.1.4 Reflect.deleteProperty."""
    return bool(_object(target, "deleteProperty").delete_property(to_property_key(key)))


def get(
    realm: Realm, this: Value, target: Value = undefined, key: Value = undefined, *receiver: Value
) -> Value:
    """28.1.5 Reflect.get."""
    owner = _object(target, "get")
    return owner.get_value(to_property_key(key), receiver[0] if receiver else owner)


def get_own_property_descriptor(
    realm: Realm, this: Value, target: Value = undefined, key: Value = undefined
) -> Value:
    """28.1.6 Reflect.getOwnPropertyDescriptor."""
    owner = _object(target, "getOwnPropertyDescriptor")
    return from_property_descriptor(realm, owner.get_own_property(to_property_key(key)))


def get_prototype_of(realm: Realm, this: Value, target: Value = undefined) -> JSObject | Null:
    """28.1.7 Reflect.getPrototypeOf."""
    return _object(target, "getPrototypeOf").get_prototype_of()


def has(realm: Realm, this: Value, target: Value = undefined, key: Value = undefined) -> bool:
    """28.1.8 Reflect.has."""
    return bool(_object(target, "has").has_property(to_property_key(key)))


def is_extensible(realm: Realm, this: Value, target: Value = undefined) -> bool:
    """28.1.9 Reflect.isExtensible."""
    return bool(_object(target, "isExtensible").is_extensible())


def own_keys(realm: Realm, this: Value, target: Value = undefined) -> JSObject:
    """28.1.10 Reflect.ownKeys."""
    return realm.make_array(list(realm.keys_of(_object(target, "ownKeys"))))


def prevent_extensions(realm: Realm, this: Value, target: Value = undefined) -> bool:
    """28.1.11 Reflect.preventExtensions."""
    return bool(_object(target, "preventExtensions").prevent_extensions())


def set_(
    realm: Realm,
    this: Value,
    target: Value = undefined,
    key: Value = undefined,
    value: Value = undefined,
    *receiver: Value,
) -> bool:
    """28.1.12 Reflect.set."""
    owner = _object(target, "set")
    return bool(owner.set_value(to_property_key(key), value, receiver[0] if receiver else owner))


def set_prototype_of(
    realm: Realm, this: Value, target: Value = undefined, prototype: Value = undefined
) -> bool:
    """28.1.13 Reflect.setPrototypeOf."""
    owner = _object(target, "setPrototypeOf")
    if not isinstance(prototype, JSObject) and prototype is not null:
        raise bad_prototype(prototype)
    return bool(owner.set_prototype_of(prototype))


_FUNCTIONS = functions(
    ("apply", apply, 3, "28.1.1", "ES2015"),
    ("construct", construct, 2, "28.1.2", "ES2015"),
    ("defineProperty", define_property, 3, "28.1.3", "ES2015"),
    ("deleteProperty", delete_property, 2, "28.1.4", "ES2015"),
    ("get", get, 2, "28.1.5", "ES2015"),
    ("getOwnPropertyDescriptor", get_own_property_descriptor, 2, "28.1.6", "ES2015"),
    ("getPrototypeOf", get_prototype_of, 1, "28.1.7", "ES2015"),
    ("has", has, 2, "28.1.8", "ES2015"),
    ("isExtensible", is_extensible, 1, "28.1.9", "ES2015"),
    ("ownKeys", own_keys, 1, "28.1.10", "ES2015"),
    ("preventExtensions", prevent_extensions, 1, "28.1.11", "ES2015"),
    ("set", set_, 3, "28.1.12", "ES2015"),
    ("setPrototypeOf", set_prototype_of, 2, "28.1.13", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %Reflect%."""
    target = realm.reflect = prototype_object(realm)
    define_functions(realm, target, _FUNCTIONS)
    define_tag(target, "Reflect")
