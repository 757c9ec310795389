"""ECMA-262 24.2: Set objects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import range_error, type_error
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
from lockstep.reference.javascript.runtime.intrinsics.keyed.iterators import (
    JSSetIterator,
    create_iterator,
    set_iterator_prototype,
)
from lockstep.reference.javascript.runtime.intrinsics.keyed.ordered import OrderedEntries, canonical
from lockstep.reference.javascript.runtime.objects.description import describe, incompatible
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_integer_or_infinity,
    to_number,
)
from lockstep.reference.javascript.runtime.operations.iteration import DONE, IteratorRecord, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSSet(JSObject):
    """A Set."""

    __slots__ = ("data_",)
    class_name_ = "Set"
    data_: OrderedEntries


def _new_set(prototype: JSObject) -> JSSet:
    target = object_create(prototype, JSSet)
    target.data_ = OrderedEntries()
    return target


class SetRecord:
    """24.2.1.1 Set Record: another collection by its `size`, `has` and `keys`."""

    __slots__ = ("has_method", "keys_method", "size", "target")

    def __init__(self, value: Value) -> None:
        """24.2.1.2 GetSetRecord."""
        if not isinstance(value, JSObject):
            raise type_error("The argument is not an object")
        self.target: JSObject = value
        number = to_number(get(value, "size"))
        if math.isnan(number):
            raise type_error("The 'size' property is NaN")
        self.size = to_integer_or_infinity(number)
        if self.size < 0:
            raise range_error("The 'size' property is negative")
        self.has_method: Any = get(value, "has")
        if not is_callable(self.has_method):
            raise type_error("The 'has' property is not a function")
        self.keys_method: Any = get(value, "keys")
        if not is_callable(self.keys_method):
            raise type_error("The 'keys' property is not a function")

    def has(self, key: Value) -> bool:
        """Ask `has`."""
        return to_boolean(self.has_method.call_n(self.target, key))

    def keys(self) -> IteratorRecord:
        """Begin to iterate over `keys`."""
        iterator = self.keys_method.call_n(self.target)
        if not isinstance(iterator, JSObject):
            raise type_error("'keys' did not return an object")
        return IteratorRecord(iterator, get(iterator, "next"))


def _set(this: Value, name: str) -> OrderedEntries:
    if not isinstance(this, JSSet):
        raise incompatible(f"Set.prototype.{name}", this)
    return this.data_


def construct_set(realm: Realm, new_target: JSObject | None, iterable: Value = undefined) -> JSObject:
    """24.2.2.1 Set."""
    if new_target is undefined:
        raise type_error("Constructor Set requires 'new'")
    target = _new_set(prototype_from_constructor(new_target, "set_prototype"))
    if iterable is undefined or iterable is null:
        return target
    adder = get(target, "add")
    if not is_callable(adder):
        raise type_error("'add' of the Set is not a function")
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


def add(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """24.2.4.1 Set.prototype.add."""
    data = _set(this, "add")
    if value.__class__ is str and value in data.table:
        return this
    if value.__class__ is float and value == 0:
        value = 0.0
    data.set(value, value)
    return this


def clear(realm: Realm, this: Value) -> None:
    """24.2.4.2 Set.prototype.clear."""
    _set(this, "clear").clear()


def delete(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """24.2.4.4 Set.prototype.delete."""
    return _set(this, "delete").delete(value)


def has(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """24.2.4.8 Set.prototype.has."""
    return canonical(value) in _set(this, "has").table


def for_each(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> None:
    """24.2.4.7 Set.prototype.forEach."""
    data = _set(this, "forEach")
    if not is_callable(callback):
        raise type_error(f"{describe(callback)} is not a function")
    for entry in data:
        callback.call_n(receiver, entry[0], entry[0], this)


def size(realm: Realm, this: Value) -> float:
    """24.2.4.14 get Set.prototype.size."""
    return float(len(_set(this, "size")))


def _iterating(name: str, what: str) -> Callable[..., Value]:
    def method(realm: Realm, this: Value) -> JSObject:
        return create_iterator(JSSetIterator, realm.set_iterator_prototype, _set(this, name), what)

    return method


def _made(realm: Realm, values: Iterator[Value] | list[Value]) -> Any:
    target = _new_set(realm.set_prototype)
    for value in values:
        target.data_.set(value, 0.0 if value.__class__ is float and value == 0 else value)
    return target


def _values(record: IteratorRecord) -> Iterator[Value]:
    while True:
        value = record.step()
        if value is DONE:
            return
        yield value


def difference(realm: Realm, this: Value, other: Value = undefined) -> Value:
    """24.2.4.5 Set.prototype.difference."""
    data = _set(this, "difference")
    record = SetRecord(other)
    result = _made(realm, [entry[0] for entry in data])
    if len(data) <= record.size:
        for entry in data:
            if record.has(entry[0]):
                result.data_.delete(entry[0])
    else:
        for value in _values(record.keys()):
            result.data_.delete(value)
    return result


def intersection(realm: Realm, this: Value, other: Value = undefined) -> Value:
    """24.2.4.9 Set.prototype.intersection."""
    data = _set(this, "intersection")
    record = SetRecord(other)
    if len(data) <= record.size:
        return _made(realm, [entry[0] for entry in data if record.has(entry[0])])
    return _made(realm, [value for value in _values(record.keys()) if data.has(value)])


def is_disjoint_from(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """24.2.4.10 Set.prototype.isDisjointFrom."""
    data = _set(this, "isDisjointFrom")
    record = SetRecord(other)
    if len(data) <= record.size:
        return not any(record.has(entry[0]) for entry in data)
    keys = record.keys()
    for value in _values(keys):
        if data.has(value):
            keys.close()
            return False
    return True


def is_subset_of(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """24.2.4.11 Set.prototype.isSubsetOf."""
    data = _set(this, "isSubsetOf")
    record = SetRecord(other)
    if len(data) > record.size:
        return False
    return all(record.has(entry[0]) for entry in data)


def is_superset_of(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """24.2.4.12 Set.prototype.isSupersetOf."""
    data = _set(this, "isSupersetOf")
    record = SetRecord(other)
    if len(data) < record.size:
        return False
    keys = record.keys()
    for value in _values(keys):
        if not data.has(value):
            keys.close()
            return False
    return True


def symmetric_difference(realm: Realm, this: Value, other: Value = undefined) -> Value:
    """24.2.4.15 Set.prototype.symmetricDifference."""
    data = _set(this, "symmetricDifference")
    record = SetRecord(other)
    keys = record.keys()
    result = _made(realm, [entry[0] for entry in data])
    for value in _values(keys):
        if data.has(value):
            result.data_.delete(value)
        else:
            result.data_.set(value, 0.0 if value.__class__ is float and value == 0 else value)
    return result


def union(realm: Realm, this: Value, other: Value = undefined) -> Value:
    """24.2.4.16 Set.prototype.union."""
    data = _set(this, "union")
    record = SetRecord(other)
    keys = record.keys()
    result = _made(realm, [entry[0] for entry in data])
    for value in _values(keys):
        result.data_.set(value, 0.0 if value.__class__ is float and value == 0 else value)
    return result


_CONSTRUCTOR = builtin("Set", construct_set, 0, "builtin_constructor", section="24.2.2.1", since="ES2015")
_METHODS = functions(
    ("add", add, 1, "24.2.4.1", "ES2015"),
    ("clear", clear, 0, "24.2.4.2", "ES2015"),
    ("delete", delete, 1, "24.2.4.4", "ES2015"),
    ("difference", difference, 1, "24.2.4.5", "ES2025"),
    ("entries", _iterating("entries", "key+value"), 0, "24.2.4.6", "ES2015"),
    ("forEach", for_each, 1, "24.2.4.7", "ES2015"),
    ("has", has, 1, "24.2.4.8", "ES2015"),
    ("intersection", intersection, 1, "24.2.4.9", "ES2025"),
    ("isDisjointFrom", is_disjoint_from, 1, "24.2.4.10", "ES2025"),
    ("isSubsetOf", is_subset_of, 1, "24.2.4.11", "ES2025"),
    ("isSupersetOf", is_superset_of, 1, "24.2.4.12", "ES2025"),
    ("symmetricDifference", symmetric_difference, 1, "24.2.4.15", "ES2025"),
    ("union", union, 1, "24.2.4.16", "ES2025"),
    ("values", _iterating("values", "value"), 0, "24.2.4.17", "ES2015"),
)
_GETTERS = getters(("size", size, "24.2.4.14", "ES2015"))
_SPECIES = species("24.2.3.2", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %Set%, %Set.prototype% and %SetIteratorPrototype%."""
    prototype = realm.set_prototype = prototype_object(realm)
    realm.set = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_getters(realm, realm.set, _SPECIES)
    define_functions(realm, prototype, _METHODS)
    define_getters(realm, prototype, _GETTERS)
    values = stored(prototype)["values"].value
    stored(prototype)["keys"] = hidden(values)
    stored(prototype)[ITERATOR] = hidden(values)
    define_tag(prototype, "Set")
    realm.set_iterator_prototype = set_iterator_prototype(realm)
