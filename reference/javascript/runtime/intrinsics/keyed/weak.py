"""ECMA-262 24.3 and 24.4: WeakMap and WeakSet objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.ephemerons import EphemeronTable
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.fundamental.object import add_entries
from lockstep.reference.javascript.runtime.intrinsics.fundamental.symbol import is_registered
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.iteration import DONE, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import ABSENT, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSWeakMap(JSObject):
    """A WeakMap; `data_` is [[WeakMapData]]."""

    __slots__ = ("data_",)
    class_name_ = "WeakMap"
    data_: EphemeronTable


class JSWeakSet(JSObject):
    """A WeakSet; `data_` is [[WeakSetData]]."""

    __slots__ = ("data_",)
    class_name_ = "WeakSet"
    data_: EphemeronTable


def can_be_held_weakly(realm: Realm, value: Value) -> bool:
    """9.14 CanBeHeldWeakly."""
    if value.__class__ is Symbol:
        return is_registered(realm, value) is undefined
    return isinstance(value, JSObject)


def construct_weak_map(realm: Realm, new_target: JSObject | None, iterable: Value = undefined) -> JSObject:
    """24.3.1.1 WeakMap."""
    # Step 1.
    if new_target is undefined:
        raise type_error("Constructor WeakMap requires 'new'")
    # Steps 2 and 3.
    target = object_create(prototype_from_constructor(new_target, "weak_map_prototype"), JSWeakMap)
    target.data_ = EphemeronTable()
    # Step 4.
    if iterable is undefined or iterable is null:
        return target
    # Steps 5 and 6.
    adder = get(target, "set")
    if not is_callable(adder):
        raise type_error("'set' of the WeakMap is not a function")
    # Step 7.
    add_entries(realm, iterable, lambda key, value: adder.call_n(target, key, value))
    return target


def _map_data(this: Value, method: str) -> EphemeronTable:
    if not isinstance(this, JSWeakMap):
        raise type_error(f"WeakMap.prototype.{method} called on an incompatible receiver")
    return this.data_


def _check_key(realm: Realm, key: Value) -> None:
    if not can_be_held_weakly(realm, key):
        raise type_error("Invalid value used as weak map key")


def map_delete(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """24.3.3.2 WeakMap.prototype.delete."""
    data = _map_data(this, "delete")
    return can_be_held_weakly(realm, key) and data.delete(key)


def map_get(realm: Realm, this: Value, key: Value = undefined) -> Value:
    """24.3.3.3 WeakMap.prototype.get."""
    data = _map_data(this, "get")
    return data.get(key, undefined) if can_be_held_weakly(realm, key) else undefined


def map_get_or_insert(realm: Realm, this: Value, key: Value = undefined, value: Value = undefined) -> Value:
    """24.3.3.4 WeakMap.prototype.getOrInsert."""
    data = _map_data(this, "getOrInsert")
    _check_key(realm, key)
    found = data.get(key, ABSENT)
    if found is not ABSENT:
        return found
    data.set(key, value)
    return value


def map_get_or_insert_computed(
    realm: Realm, this: Value, key: Value = undefined, callback: Value = undefined
) -> Value:
    """24.3.3.5 WeakMap.prototype.getOrInsertComputed."""
    data = _map_data(this, "getOrInsertComputed")
    _check_key(realm, key)
    if not is_callable(callback):
        raise type_error("callback is not a function")
    found = data.get(key, ABSENT)
    if found is not ABSENT:
        return found
    value = callback.call_n(undefined, key)
    # The callback may have set the key; the value it returned wins.
    data.set(key, value)
    return value


def map_has(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """24.3.3.6 WeakMap.prototype.has."""
    data = _map_data(this, "has")
    return can_be_held_weakly(realm, key) and data.get(key, ABSENT) is not ABSENT


def map_set(realm: Realm, this: Value, key: Value = undefined, value: Value = undefined) -> Value:
    """24.3.3.7 WeakMap.prototype.set."""
    data = _map_data(this, "set")
    _check_key(realm, key)
    data.set(key, value)
    return this


def construct_weak_set(realm: Realm, new_target: JSObject | None, iterable: Value = undefined) -> JSObject:
    """24.4.1.1 WeakSet."""
    # Step 1.
    if new_target is undefined:
        raise type_error("Constructor WeakSet requires 'new'")
    # Steps 2 and 3.
    target = object_create(prototype_from_constructor(new_target, "weak_set_prototype"), JSWeakSet)
    target.data_ = EphemeronTable()
    # Step 4.
    if iterable is undefined or iterable is null:
        return target
    # Steps 5 and 6.
    adder = get(target, "add")
    if not is_callable(adder):
        raise type_error("'add' of the WeakSet is not a function")
    # Steps 7 and 8.
    record = get_iterator(realm, iterable)
    while True:
        value = record.step()
        if value is DONE:
            return target
        try:
            adder.call_n(target, value)
        except Exception as error:
            record.close(error)
            raise


def _set_data(this: Value, method: str) -> EphemeronTable:
    if not isinstance(this, JSWeakSet):
        raise type_error(f"WeakSet.prototype.{method} called on an incompatible receiver")
    return this.data_


def set_add(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """24.4.3.1 WeakSet.prototype.add."""
    data = _set_data(this, "add")
    if not can_be_held_weakly(realm, value):
        raise type_error("Invalid value used in weak set")
    data.set(value, True)
    return this


def set_delete(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """24.4.3.3 WeakSet.prototype.delete."""
    data = _set_data(this, "delete")
    return can_be_held_weakly(realm, value) and data.delete(value)


def set_has(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """24.4.3.4 WeakSet.prototype.has."""
    data = _set_data(this, "has")
    return can_be_held_weakly(realm, value) and data.get(value, ABSENT) is not ABSENT


_MAP = builtin("WeakMap", construct_weak_map, 0, "builtin_constructor", section="24.3.1.1", since="ES2015")
_MAP_METHODS = functions(
    ("delete", map_delete, 1, "24.3.3.2", "ES2015"),
    ("get", map_get, 1, "24.3.3.3", "ES2015"),
    ("getOrInsert", map_get_or_insert, 2, "24.3.3.4", "proposal-upsert"),
    ("getOrInsertComputed", map_get_or_insert_computed, 2, "24.3.3.5", "proposal-upsert"),
    ("has", map_has, 1, "24.3.3.6", "ES2015"),
    ("set", map_set, 2, "24.3.3.7", "ES2015"),
)
_SET = builtin("WeakSet", construct_weak_set, 0, "builtin_constructor", section="24.4.1.1", since="ES2015")
_SET_METHODS = functions(
    ("add", set_add, 1, "24.4.3.1", "ES2015"),
    ("delete", set_delete, 1, "24.4.3.3", "ES2015"),
    ("has", set_has, 1, "24.4.3.4", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %WeakMap% and %WeakSet% with their prototypes."""
    prototype = realm.weak_map_prototype = prototype_object(realm)
    realm.weak_map = constructor_function(realm, _MAP, prototype)
    define_functions(realm, prototype, _MAP_METHODS)
    define_tag(prototype, "WeakMap")
    prototype = realm.weak_set_prototype = prototype_object(realm)
    realm.weak_set = constructor_function(realm, _SET, prototype)
    define_functions(realm, prototype, _SET_METHODS)
    define_tag(prototype, "WeakSet")
