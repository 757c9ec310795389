"""ECMA-262 23.1.3: the methods of Array.prototype that only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.fundamental.object import to_string as object_to_string
from lockstep.reference.javascript.runtime.intrinsics.indexed.dense import (
    define_element,
    dense,
    entry_of_one,
    entry_of_two,
    position,
)
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.function import entry
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.operations.arrays import array_species_create
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_integer_or_infinity,
    to_object,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY
from lockstep.reference.javascript.runtime.operations.objects import (
    get,
    invoke,
    length_of_array_like,
)
from lockstep.reference.javascript.runtime.operations.operators import same_value_zero, strictly_equal
from lockstep.reference.javascript.runtime.values import HOLE, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def callback_of(value: Value) -> Any:
    """Check that a callback is callable; its entry for three arguments."""
    if not is_callable(value):
        raise type_error(f"{describe(value)} is not a function")
    return entry(value, 3)


def present(
    realm: Realm, target: JSObject, length: int, *, backwards: bool = False
) -> Iterator[tuple[int, Value]]:
    """Indices below `length` that are properties when they are reached, with their values."""
    indices = range(length - 1, -1, -1) if backwards else range(length)
    fast = isinstance(target, JSArray)
    for index in realm.each(indices):
        if fast:
            try:
                value = target.elements_[index]
            except (IndexError, TypeError):
                value = HOLE  # there are fewer, or it has left its fast form
            if value is not HOLE:
                yield index, value
                continue
        key = index_key(index)
        if target.has_property(key):
            yield index, target.get_value(key, target)


def element(target: JSObject, index: int) -> Value:
    """Get of an index."""
    if isinstance(target, JSArray):
        elements = target.elements_
        if elements is not None and index < len(elements):
            value = elements[index]
            if value is not HOLE:
                return value
    return target.get_value(index_key(index), target)


def at(realm: Realm, this: Value, index: Value = undefined) -> Value:
    """23.1.3.1 Array.prototype.at."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    relative = to_integer_or_infinity(index)
    position = relative if relative >= 0 else length + relative
    return element(target, int(position)) if 0 <= position < length else undefined


def every(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> bool:
    """23.1.3.6 Array.prototype.every."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function, one = callback_of(callback), entry_of_one(callback)
    for index, value in present(realm, target, length):
        held = one(receiver, value) if one else function(receiver, value, float(index), target)
        if held is not True and not to_boolean(held):
            return False
    return True


def some(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> bool:
    """23.1.3.29 Array.prototype.some."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function, one = callback_of(callback), entry_of_one(callback)
    for index, value in present(realm, target, length):
        held = one(receiver, value) if one else function(receiver, value, float(index), target)
        if held is not False and to_boolean(held):
            return True
    return False


def for_each(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> None:
    """23.1.3.15 Array.prototype.forEach."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function, one = callback_of(callback), entry_of_one(callback)
    for index, value in present(realm, target, length):
        if one:
            one(receiver, value)
        else:
            function(receiver, value, float(index), target)


def array_map(realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined) -> Value:
    """23.1.3.21 Array.prototype.map."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function, one = callback_of(callback), entry_of_one(callback)
    result = array_species_create(realm, target, float(length))
    for index, value in present(realm, target, length):
        mapped = one(receiver, value) if one else function(receiver, value, float(index), target)
        define_element(result, index, mapped)
    return result


def array_filter(
    realm: Realm, this: Value, callback: Value = undefined, receiver: Value = undefined
) -> Value:
    """23.1.3.8 Array.prototype.filter."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function, one = callback_of(callback), entry_of_one(callback)
    result = array_species_create(realm, target, 0.0)
    count = 0
    for index, value in present(realm, target, length):
        kept = one(receiver, value) if one else function(receiver, value, float(index), target)
        if kept is True or (kept is not False and to_boolean(kept)):
            define_element(result, count, value)
            count += 1
    return result


def _reducer(*, backwards: bool) -> Callable[..., Value]:
    def reduce(realm: Realm, this: Value, callback: Any = undefined, *initial: Value) -> Value:
        target = to_object(realm, this)
        length = length_of_array_like(target)
        callback_of(callback)
        function, two = callback.call_n, entry_of_two(callback)
        items = present(realm, target, length, backwards=backwards)
        if initial:
            accumulator = initial[0]
        else:
            first = next(items, None)
            if first is None:
                raise type_error("Reduce of empty array with no initial value")
            accumulator = first[1]
        for index, value in items:
            if two:
                accumulator = two(undefined, accumulator, value)
            else:
                accumulator = function(undefined, accumulator, value, float(index), target)
        return accumulator

    return reduce


def find_in(
    realm: Realm, target: JSObject, length: int, predicate: Value, receiver: Value, backwards: bool
) -> tuple[float, Value]:
    """23.1.3.12.1 FindViaPredicate: index and value, or -1 and undefined."""
    function, one = callback_of(predicate), entry_of_one(predicate)
    for index in realm.each(range(length - 1, -1, -1) if backwards else range(length)):
        value = element(target, index)
        found = one(receiver, value) if one else function(receiver, value, float(index), target)
        if found is not False and to_boolean(found):
            return float(index), value
    return -1.0, undefined


def _finder(field: int, *, backwards: bool) -> Callable[..., Value]:
    def find(realm: Realm, this: Value, predicate: Value = undefined, receiver: Value = undefined) -> Value:
        target = to_object(realm, this)
        return find_in(realm, target, length_of_array_like(target), predicate, receiver, backwards)[field]

    return find


def includes(realm: Realm, this: Value, wanted: Value = undefined, start: Value = undefined) -> bool:
    """23.1.3.16 Array.prototype.includes."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    if length == 0:
        return False
    first = _from_index(start, length)
    elements = dense(target)
    # The two differ for NaN, and where the elements are fewer than they were.
    if elements is not None and len(elements) >= length and strictly_equal(wanted, wanted):
        realm.agent.budget.bulk(length)
        return position(elements, wanted, first, length) >= 0
    return any(same_value_zero(element(target, index), wanted) for index in realm.each(range(first, length)))


def _from_index(start: Value, length: int) -> int:
    relative = to_integer_or_infinity(start)
    if relative == INFINITY:
        return length
    if relative < 0:
        return 0 if relative == -INFINITY else max(length + int(relative), 0)
    return int(relative)


def index_of(realm: Realm, this: Value, wanted: Value = undefined, start: Value = undefined) -> float:
    """23.1.3.17 Array.prototype.indexOf."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    if length == 0:
        return -1.0
    first = _from_index(start, length)
    elements = dense(target)
    # Where they are fewer than they were, the prototypes are asked for the others.
    if elements is not None and len(elements) >= length:
        realm.agent.budget.bulk(length)
        return float(position(elements, wanted, first, length))
    for index in realm.each(range(first, length)):
        key = index_key(index)
        if target.has_property(key) and strictly_equal(target.get_value(key, target), wanted):
            return float(index)
    return -1.0


def last_index_of(realm: Realm, this: Value, wanted: Value = undefined, *start: Value) -> float:
    """23.1.3.20 Array.prototype.lastIndexOf."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    if length == 0:
        return -1.0
    relative = to_integer_or_infinity(start[0]) if start else length - 1
    if relative == -INFINITY:
        return -1.0
    last = min(relative, length - 1) if relative >= 0 else length + relative
    for index in realm.each(range(int(last), -1, -1)):
        key = index_key(index)
        if target.has_property(key) and strictly_equal(target.get_value(key, target), wanted):
            return float(index)
    return -1.0


def join(realm: Realm, this: Value, separator: Value = undefined) -> str:
    """23.1.3.18 Array.prototype.join."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    between = "," if separator is undefined else to_string(separator)
    joining = realm.agent.joining
    if target in joining:
        return ""
    joining[target] = True
    try:
        parts = []
        for index in realm.each(range(length)):
            value = element(target, index)
            if value.__class__ is str:
                parts.append(value)
            else:
                parts.append("" if value is undefined or value is null else to_string(value))
        return between.join(parts)
    finally:
        del joining[target]


def array_to_string(realm: Realm, this: Value) -> Value:
    """23.1.3.36 Array.prototype.toString."""
    target = to_object(realm, this)
    method = get(target, "join")
    if not is_callable(method):
        return object_to_string(realm, target)
    return method.call_n(target)


def array_to_locale_string(realm: Realm, this: Value) -> str:
    """23.1.3.32 Array.prototype.toLocaleString."""
    target = to_object(realm, this)
    parts = []
    for index in realm.each(range(length_of_array_like(target))):
        value = element(target, index)
        if value is undefined or value is null:
            parts.append("")
        else:
            parts.append(to_string(invoke(realm, value, "toLocaleString")))
    return ",".join(parts)


METHODS = functions(
    ("at", at, 1, "23.1.3.1", "ES2022"),
    ("every", every, 1, "23.1.3.6", "ES5"),
    ("filter", array_filter, 1, "23.1.3.8", "ES5"),
    ("find", _finder(1, backwards=False), 1, "23.1.3.9", "ES2015"),
    ("findIndex", _finder(0, backwards=False), 1, "23.1.3.10", "ES2015"),
    ("findLast", _finder(1, backwards=True), 1, "23.1.3.11", "ES2023"),
    ("findLastIndex", _finder(0, backwards=True), 1, "23.1.3.12", "ES2023"),
    ("forEach", for_each, 1, "23.1.3.15", "ES5"),
    ("includes", includes, 1, "23.1.3.16", "ES2016"),
    ("indexOf", index_of, 1, "23.1.3.17", "ES5"),
    ("join", join, 1, "23.1.3.18", "ES1"),
    ("lastIndexOf", last_index_of, 1, "23.1.3.20", "ES5"),
    ("map", array_map, 1, "23.1.3.21", "ES5"),
    ("reduce", _reducer(backwards=False), 1, "23.1.3.24", "ES5"),
    ("reduceRight", _reducer(backwards=True), 1, "23.1.3.25", "ES5"),
    ("some", some, 1, "23.1.3.29", "ES5"),
    ("toLocaleString", array_to_locale_string, 0, "23.1.3.32", "ES3"),
    ("toString", array_to_string, 0, "23.1.3.36", "ES1"),
)
