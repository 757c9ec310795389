"""ECMA-262 24.1: Map objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
    species,
)
from lockstep.reference.javascript.runtime.intrinsics.fundamental.object import add_entries, group
from lockstep.reference.javascript.runtime.intrinsics.keyed.iterators import (
    JSMapIterator,
    create_iterator,
    map_iterator_prototype,
)
from lockstep.reference.javascript.runtime.intrinsics.keyed.ordered import OrderedEntries, canonical
from lockstep.reference.javascript.runtime.objects.description import describe, incompatible
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSMap(JSObject):
    """A Map."""

    __slots__ = ("data_",)
    class_name_ = "Map"
    data_: OrderedEntries


def _new_map(prototype: JSObject) -> JSMap:
    target = object_create(prototype, JSMap)
    target.data_ = OrderedEntries()
    return target


def _map(this: Value, name: str) -> OrderedEntries:
    if not isinstance(this, JSMap):
        raise incompatible(f"Map.prototype.{name}", this)
    return this.data_


def construct_map(realm: Realm, new_target: JSObject | None, iterable: Value = undefined) -> JSObject:
    """24.1.1.1 Map."""
    if new_target is undefined:
        raise type_error("Constructor Map requires 'new'")
    target = _new_map(prototype_from_constructor(new_target, "map_prototype"))
    if iterable is undefined or iterable is null:
        return target
    adder = get(target, "set")
    if not is_callable(adder):
        raise type_error("'set' of the Map is not a function")
    add_entries(realm, iterable, lambda key, value: adder.call_n(target, key, value))
    return target


def _to_key(key: Value) -> Value:
    """A host key that keeps the guest key: see `group_by`."""
    if key.__class__ is float and key == 0:
        return 0.0
    if key.__class__ is bool:
        return _Boolean(key)
    if key.__class__ is float and key != key:  # noqa: PLR0124  # NaN
        return _NAN
    return key


class _Boolean:
    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Boolean) and other.value is self.value

    def __hash__(self) -> int:
        return hash(("boolean", self.value))


_NAN = float("nan")


def group_by(realm: Realm, this: Value, items: Value = undefined, callback: Value = undefined) -> JSObject:
    """24.1.2.1 Map.groupBy."""
    groups = group(realm, items, callback, _to_key)
    target = _new_map(realm.map_prototype)
    for key, values in groups.items():
        target.data_.set(key.value if isinstance(key, _Boolean) else key, realm.make_array(values))
    return target


def clear(realm: Realm, this: Value) -> None:
    """24.1.3.1 Map.prototype.clear."""
    _map(this, "clear").clear()


def delete(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """24.1.3.3 Map.prototype.delete."""
    return _map(this, "delete").delete(key)


def for_each(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> None:
    """24.1.3.5 Map.prototype.forEach."""
    data = _map(this, "forEach")
    if not is_callable(callback):
        raise type_error(f"{describe(callback)} is not a function")
    for entry in data:
        callback.call_n(receiver, entry[1], entry[0], this)


def map_get(realm: Realm, this: Value, key: Value = undefined) -> Value:
    """24.1.3.6 Map.prototype.get."""
    if not isinstance(this, JSMap):
        raise incompatible("Map.prototype.get", this)
    kind = key.__class__
    entry = this.data_.table.get(canonical(key) if kind is float or kind is bool else key)
    return undefined if entry is None else entry[1]


def get_or_insert(realm: Realm, this: Value, key: Value = undefined, value: Value = undefined) -> Value:
    """Map.prototype.getOrInsert."""
    data = _map(this, "getOrInsert")
    if not data.has(key):
        data.set(key, value)
    return data.get(key)


def get_or_insert_computed(
    realm: Realm, this: Value, key: Value = undefined, callback: Value = undefined
) -> Value:
    """Map.prototype.getOrInsertComputed."""
    data = _map(this, "getOrInsertComputed")
    if not is_callable(callback):
        raise type_error(f"{describe(callback)} is not a function")
    if key.__class__ is float and key == 0:
        key = 0.0
    if not data.has(key):
        data.set(key, callback.call_n(undefined, key))
    return data.get(key)


def has(realm: Realm, this: Value, key: Value = undefined) -> bool:
    """24.1.3.9 Map.prototype.has."""
    if not isinstance(this, JSMap):
        raise incompatible("Map.prototype.has", this)
    return canonical(key) in this.data_.table


def map_set(realm: Realm, this: Value, key: Value = undefined, value: Value = undefined) -> Value:
    """24.1.3.11 Map.prototype.set."""
    _map(this, "set").set(key, value)
    return this


def size(realm: Realm, this: Value) -> float:
    """24.1.3.12 get Map.prototype.size."""
    return float(len(_map(this, "size")))


def _iterating(name: str, what: str) -> Callable[..., Value]:
    def method(realm: Realm, this: Value) -> JSObject:
        return create_iterator(JSMapIterator, realm.map_iterator_prototype, _map(this, name), what)

    return method


_CONSTRUCTOR = builtin("Map", construct_map, 0, "builtin_constructor", section="24.1.1.1", since="ES2015")
_STATIC = functions(("groupBy", group_by, 2, "24.1.2.1", "ES2024"))
_METHODS = functions(
    ("clear", clear, 0, "24.1.3.1", "ES2015"),
    ("delete", delete, 1, "24.1.3.3", "ES2015"),
    ("entries", _iterating("entries", "key+value"), 0, "24.1.3.4", "ES2015"),
    ("forEach", for_each, 1, "24.1.3.5", "ES2015"),
    ("get", map_get, 1, "24.1.3.6", "ES2015"),
    ("getOrInsert", get_or_insert, 2, "24.1.3.7", "proposal-upsert"),
    ("getOrInsertComputed", get_or_insert_computed, 2, "24.1.3.8", "proposal-upsert"),
    ("has", has, 1, "24.1.3.9", "ES2015"),
    ("keys", _iterating("keys", "key"), 0, "24.1.3.10", "ES2015"),
    ("set", map_set, 2, "24.1.3.11", "ES2015"),
    ("values", _iterating("values", "value"), 0, "24.1.3.13", "ES2015"),
)
_GETTERS = getters(("size", size, "24.1.3.12", "ES2015"))
_SPECIES = species("24.1.2.3", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %Map%, %Map.prototype% and %MapIteratorPrototype%."""
    prototype = realm.map_prototype = prototype_object(realm)
    realm.map = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.map, _STATIC)
    define_getters(realm, realm.map, _SPECIES)
    define_functions(realm, prototype, _METHODS)
    define_getters(realm, prototype, _GETTERS)
    stored(prototype)[ITERATOR] = hidden(stored(prototype)["entries"].value)
    define_tag(prototype, "Map")
    realm.map_iterator_prototype = map_iterator_prototype(realm)
