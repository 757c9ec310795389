"""ECMA-262 20.1: Object objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, TypeVar

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
)
from lockstep.reference.javascript.runtime.objects.description import (
    bad_prototype,
    describe,
    refused_prototype,
)
from lockstep.reference.javascript.runtime.objects.function import (
    builtin,
    create_builtin,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, same_value, stored
from lockstep.reference.javascript.runtime.objects.property import Property, accessor
from lockstep.reference.javascript.runtime.operations.arrays import is_array
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    require_object_coercible,
    to_object,
    to_property_key,
)
from lockstep.reference.javascript.runtime.operations.descriptors import (
    from_property_descriptor,
    to_property_descriptor,
)
from lockstep.reference.javascript.runtime.operations.iteration import DONE, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    define_property_or_throw,
    enumerable_own_keys,
    get,
    invoke,
    set_integrity_level,
    set_property,
    test_integrity_level,
)
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import Null, PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

Key = TypeVar("Key")
_TAGGED = frozenset(
    {"Array", "Arguments", "Function", "Error", "Boolean", "Number", "String", "Date", "RegExp"}
)


def construct_object(realm: Realm, new_target: JSObject | None, value: Value = undefined) -> JSObject:
    """20.1.1.1 Object."""
    if new_target is not undefined and new_target is not realm.object:
        return object_create(prototype_from_constructor(new_target, "object_prototype"))
    if value is undefined or value is null:
        return realm.make_object()
    return to_object(realm, value)


def assign(realm: Realm, this: Value, target: Value = undefined, *sources: Value) -> JSObject:
    """20.1.2.1 Object.assign."""
    receiver = to_object(realm, target)
    for source in sources:
        if source is undefined or source is null:
            continue
        origin = to_object(realm, source)
        for key in realm.keys_of(origin):
            own = origin.get_own_property(key)
            if own is not None and own.enumerable:
                set_property(receiver, key, origin.get_value(key, origin), True)
    return receiver


def create(
    realm: Realm, this: Value, prototype: Value = undefined, properties: Value = undefined
) -> JSObject:
    """20.1.2.2 Object.create."""
    if not isinstance(prototype, JSObject) and prototype is not null:
        raise bad_prototype(prototype)
    target = object_create(prototype)
    return target if properties is undefined else _define_properties(realm, target, properties)


def _define_properties(realm: Realm, target: JSObject, properties: Value) -> JSObject:
    """20.1.2.3.1 ObjectDefineProperties."""
    source = to_object(realm, properties)
    descriptors = []
    for key in realm.keys_of(source):
        own = source.get_own_property(key)
        if own is not None and own.enumerable:
            descriptors.append((key, to_property_descriptor(source.get_value(key, source))))
    for key, descriptor in descriptors:
        define_property_or_throw(target, key, descriptor)
    return target


def define_properties(
    realm: Realm, this: Value, target: Value = undefined, properties: Value = undefined
) -> JSObject:
    """20.1.2.3 Object.defineProperties."""
    if not isinstance(target, JSObject):
        raise type_error("Object.defineProperties called on non-object")
    return _define_properties(realm, target, properties)


def define_property(
    realm: Realm,
    this: Value,
    target: Value = undefined,
    key: Value = undefined,
    attributes: Value = undefined,
) -> JSObject:
    """20.1.2.4 Object.defineProperty."""
    if not isinstance(target, JSObject):
        raise type_error("Object.defineProperty called on non-object")
    name = to_property_key(key)
    define_property_or_throw(target, name, to_property_descriptor(attributes))
    return target


def entries(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.5 Object.entries."""
    return realm.make_array([realm.make_array([key, found]) for key, found in _enumerable(realm, value)])


def _enumerable(realm: Realm, value: Value) -> list[tuple[str, Value]]:
    target = to_object(realm, value)
    found = []
    for key in realm.keys_of(target):
        if key.__class__ is str:
            own = target.get_own_property(key)
            if own is not None and own.enumerable:
                found.append((key, target.get_value(key, target)))
    return found


def freeze(realm: Realm, this: Value, target: Value = undefined) -> Value:
    """20.1.2.6 Object.freeze."""
    if isinstance(target, JSObject) and not set_integrity_level(realm, target, frozen=True):
        raise type_error("Cannot freeze")
    return target


def from_entries(realm: Realm, this: Value, iterable: Value = undefined) -> JSObject:
    """20.1.2.7 Object.fromEntries."""
    if iterable is undefined or iterable is null:
        raise type_error(f"{describe(iterable)} is not iterable")
    target = realm.make_object()
    add_entries(
        realm, iterable, lambda key, value: create_data_property_or_throw(target, to_property_key(key), value)
    )
    return target


def add_entries(realm: Realm, iterable: Value, adder: Callable[[Value, Value], object]) -> None:
    """24.1.1.2 AddEntriesFromIterable; `adder` takes key and value."""
    record = get_iterator(realm, iterable)
    while True:
        item = record.step()
        if item is DONE:
            return
        try:
            if not isinstance(item, JSObject):
                raise type_error(f"Iterator value {describe(item)} is not an entry object")
            adder(get(item, "0"), get(item, "1"))
        except Exception as error:
            record.close(error)
            raise


def get_own_property_descriptor(
    realm: Realm, this: Value, value: Value = undefined, key: Value = undefined
) -> Value:
    """20.1.2.8 Object.getOwnPropertyDescriptor."""
    target = to_object(realm, value)
    return from_property_descriptor(realm, target.get_own_property(to_property_key(key)))


def get_own_property_descriptors(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.9 Object.getOwnPropertyDescriptors."""
    target = to_object(realm, value)
    result = realm.make_object()
    for key in realm.keys_of(target):
        descriptor = from_property_descriptor(realm, target.get_own_property(key))
        if descriptor is not undefined:
            create_data_property_or_throw(result, key, descriptor)
    return result


def get_own_property_names(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.10 Object.getOwnPropertyNames."""
    keys = realm.keys_of(to_object(realm, value))
    return realm.make_array([key for key in keys if key.__class__ is str])


def get_own_property_symbols(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.11 Object.getOwnPropertySymbols."""
    keys = realm.keys_of(to_object(realm, value))
    return realm.make_array([key for key in keys if key.__class__ is Symbol])


def get_prototype_of(realm: Realm, this: Value, value: Value = undefined) -> JSObject | Null:
    """20.1.2.12 Object.getPrototypeOf."""
    return to_object(realm, value).get_prototype_of()


def group(
    realm: Realm, items: Value, callback: Value, to_key: Callable[[Value], Key]
) -> dict[Key, list[Value]]:
    """7.3.36 GroupBy."""
    require_object_coercible(items)
    if not is_callable(callback):
        raise type_error("callback is not a function")
    groups: dict[Key, list[Value]] = {}
    record = get_iterator(realm, items)
    index = 0.0
    while True:
        value = record.step()
        if value is DONE:
            return groups
        try:
            key = to_key(callback.call_n(undefined, value, index))
        except Exception as error:
            record.close(error)
            raise
        groups.setdefault(key, []).append(value)
        index += 1


def group_by(realm: Realm, this: Value, items: Value = undefined, callback: Value = undefined) -> JSObject:
    """20.1.2.13 Object.groupBy."""
    groups = group(realm, items, callback, to_property_key)
    result = object_create(null)
    for key, values in groups.items():
        create_data_property_or_throw(result, key, realm.make_array(values))
    return result


def has_own(realm: Realm, this: Value, value: Value = undefined, key: Value = undefined) -> bool:
    """20.1.2.14 Object.hasOwn."""
    target = to_object(realm, value)
    return target.get_own_property(to_property_key(key)) is not None


def object_is(realm: Realm, this: Value, left: Value = undefined, right: Value = undefined) -> bool:
    """20.1.2.15 Object.is."""
    return same_value(left, right)


def is_extensible(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.1.2.16 Object.isExtensible."""
    return isinstance(value, JSObject) and value.is_extensible()


def is_frozen(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.1.2.17 Object.isFrozen."""
    return not isinstance(value, JSObject) or test_integrity_level(realm, value, frozen=True)


def is_sealed(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.1.2.18 Object.isSealed."""
    return not isinstance(value, JSObject) or test_integrity_level(realm, value, frozen=False)


def keys(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.19 Object.keys."""
    return realm.make_array(list(enumerable_own_keys(realm, to_object(realm, value))))


def prevent_extensions(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """20.1.2.20 Object.preventExtensions."""
    if isinstance(value, JSObject) and not value.prevent_extensions():
        raise type_error("Cannot prevent extensions")
    return value


def seal(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """20.1.2.22 Object.seal."""
    if isinstance(value, JSObject) and not set_integrity_level(realm, value, frozen=False):
        raise type_error("Cannot seal")
    return value


def set_prototype_of(
    realm: Realm, this: Value, value: Value = undefined, prototype: Value = undefined
) -> Value:
    """20.1.2.23 Object.setPrototypeOf."""
    require_object_coercible(value)
    if not isinstance(prototype, JSObject) and prototype is not null:
        raise bad_prototype(prototype)
    if isinstance(value, JSObject) and not value.set_prototype_of(prototype):
        raise refused_prototype(value, prototype)
    return value


def values(realm: Realm, this: Value, value: Value = undefined) -> JSObject:
    """20.1.2.24 Object.values."""
    return realm.make_array([found for _, found in _enumerable(realm, value)])


def has_own_property(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """20.1.3.2 Object.prototype.hasOwnProperty."""
    name = to_property_key(key)
    return to_object(realm, this).get_own_property(name) is not None


def is_prototype_of(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.1.3.3 Object.prototype.isPrototypeOf."""
    if not isinstance(value, JSObject):
        return False
    target = to_object(realm, this)
    current: Any = value
    while True:
        current = current.get_prototype_of()
        if current is null:
            return False
        if current is target:
            return True


def property_is_enumerable(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """20.1.3.4 Object.prototype.propertyIsEnumerable."""
    name = to_property_key(key)
    own = to_object(realm, this).get_own_property(name)
    return own is not None and bool(own.enumerable)


def to_locale_string(realm: Realm, this: Value) -> Value:
    """20.1.3.5 Object.prototype.toLocaleString."""
    return invoke(realm, this, "toString")


def to_string(realm: Realm, this: Value) -> str:
    """20.1.3.6 Object.prototype.toString."""
    if this is undefined:
        return "[object Undefined]"
    if this is null:
        return "[object Null]"
    target = to_object(realm, this)
    name = _builtin_tag(target)
    tag = get(target, TO_STRING_TAG)
    return f"[object {tag if tag.__class__ is str else name}]"


def _builtin_tag(target: JSObject) -> str:

    if is_array(target):
        return "Array"
    if target.is_callable_:
        return "Function"
    return str(target.class_name_) if target.class_name_ in _TAGGED else "Object"


def value_of(realm: Realm, this: Value) -> JSObject:
    """20.1.3.7 Object.prototype.valueOf."""
    return to_object(realm, this)


def get_proto(realm: Realm, this: Value) -> JSObject | Null:
    """20.1.3.8 get Object.prototype.__proto__."""
    return to_object(realm, this).get_prototype_of()


def set_proto(realm: Realm, this: Value, prototype: Value = undefined) -> None:
    """20.1.3.8.2 set Object.prototype.__proto__."""
    require_object_coercible(this)
    if not isinstance(prototype, JSObject) and prototype is not null:
        return
    if isinstance(this, JSObject) and not this.set_prototype_of(prototype):
        raise refused_prototype(this, prototype)


def define_getter(realm: Realm, this: Value, key: Value = undefined, getter: Value = undefined) -> None:
    """20.1.3.9.1 Object.prototype.__defineGetter__."""
    target = to_object(realm, this)
    if not is_callable(getter):
        raise type_error("Object.prototype.__defineGetter__: Expecting function")
    define_property_or_throw(
        target, to_property_key(key), Property(enumerable=True, configurable=True, get=getter)
    )


def define_setter(realm: Realm, this: Value, key: Value = undefined, setter: Value = undefined) -> None:
    """20.1.3.9.2 Object.prototype.__defineSetter__."""
    target = to_object(realm, this)
    if not is_callable(setter):
        raise type_error("Object.prototype.__defineSetter__: Expecting function")
    define_property_or_throw(
        target, to_property_key(key), Property(enumerable=True, configurable=True, set=setter)
    )


def _lookup(realm: Realm, this: Value, key: Value, field: str) -> Value:
    current: JSObject | Null = to_object(realm, this)
    name: PropertyKey = to_property_key(key)
    while current is not null:
        own = current.get_own_property(name)
        if own is not None:
            return getattr(own, field) if own.is_accessor else undefined
        current = current.get_prototype_of()
    return undefined


def lookup_getter(realm: Realm, this: Value, key: Value = undefined) -> Value:
    """20.1.3.9.3 Object.prototype.__lookupGetter__."""
    return _lookup(realm, this, key, "get")


def lookup_setter(realm: Realm, this: Value, key: Value = undefined) -> Value:
    """20.1.3.9.4 Object.prototype.__lookupSetter__."""
    return _lookup(realm, this, key, "set")


_CONSTRUCTOR = builtin("Object", construct_object, 1, "builtin_constructor", section="20.1.1.1", since="ES1")
_STATIC = functions(
    ("assign", assign, 2, "20.1.2.1", "ES2015"),
    ("create", create, 2, "20.1.2.2", "ES5"),
    ("defineProperties", define_properties, 2, "20.1.2.3", "ES5"),
    ("defineProperty", define_property, 3, "20.1.2.4", "ES5"),
    ("entries", entries, 1, "20.1.2.5", "ES2017"),
    ("freeze", freeze, 1, "20.1.2.6", "ES5"),
    ("fromEntries", from_entries, 1, "20.1.2.7", "ES2019"),
    ("getOwnPropertyDescriptor", get_own_property_descriptor, 2, "20.1.2.8", "ES5"),
    ("getOwnPropertyDescriptors", get_own_property_descriptors, 1, "20.1.2.9", "ES2017"),
    ("getOwnPropertyNames", get_own_property_names, 1, "20.1.2.10", "ES5"),
    ("getOwnPropertySymbols", get_own_property_symbols, 1, "20.1.2.11", "ES2015"),
    ("getPrototypeOf", get_prototype_of, 1, "20.1.2.12", "ES5"),
    ("groupBy", group_by, 2, "20.1.2.13", "ES2024"),
    ("hasOwn", has_own, 2, "20.1.2.14", "ES2022"),
    ("is", object_is, 2, "20.1.2.15", "ES2015"),
    ("isExtensible", is_extensible, 1, "20.1.2.16", "ES5"),
    ("isFrozen", is_frozen, 1, "20.1.2.17", "ES5"),
    ("isSealed", is_sealed, 1, "20.1.2.18", "ES5"),
    ("keys", keys, 1, "20.1.2.19", "ES5"),
    ("preventExtensions", prevent_extensions, 1, "20.1.2.20", "ES5"),
    ("seal", seal, 1, "20.1.2.22", "ES5"),
    ("setPrototypeOf", set_prototype_of, 2, "20.1.2.23", "ES2015"),
    ("values", values, 1, "20.1.2.24", "ES2017"),
)
_METHODS = functions(
    ("hasOwnProperty", has_own_property, 1, "20.1.3.2", "ES3"),
    ("isPrototypeOf", is_prototype_of, 1, "20.1.3.3", "ES3"),
    ("propertyIsEnumerable", property_is_enumerable, 1, "20.1.3.4", "ES3"),
    ("toLocaleString", to_locale_string, 0, "20.1.3.5", "ES3"),
    ("toString", to_string, 0, "20.1.3.6", "ES1"),
    ("valueOf", value_of, 0, "20.1.3.7", "ES1"),
    ("__defineGetter__", define_getter, 2, "20.1.3.9.1", "ES2017"),
    ("__defineSetter__", define_setter, 2, "20.1.3.9.2", "ES2017"),
    ("__lookupGetter__", lookup_getter, 1, "20.1.3.9.3", "ES2017"),
    ("__lookupSetter__", lookup_setter, 1, "20.1.3.9.4", "ES2017"),
)
_GET_PROTO = builtin("get __proto__", get_proto, 0, section="20.1.3.8", since="ES2015")
_SET_PROTO = builtin("set __proto__", set_proto, 1, section="20.1.3.8", since="ES2015")


def initialize(realm: Realm) -> None:
    """Fill %Object.prototype%, and make %Object%."""
    prototype = realm.object_prototype
    realm.object = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.object, _STATIC)
    define_functions(realm, prototype, _METHODS)
    stored(prototype)["__proto__"] = accessor(
        create_builtin(realm, _GET_PROTO), create_builtin(realm, _SET_PROTO)
    )
