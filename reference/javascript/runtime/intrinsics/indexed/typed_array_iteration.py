"""ECMA-262 23.2.3: the methods of %TypedArray.prototype% that call functions back, and those that search."""

from __future__ import annotations

import functools
import math
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.indexed.array_iterator import create_array_iterator
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    typed_array_create_same_type,
    typed_array_species_create,
    validate_typed_array,
    validate_writable,
)
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    relative_index,
    to_boolean,
    to_integer_or_infinity,
    to_number,
)
from lockstep.reference.javascript.runtime.operations.objects import set_property
from lockstep.reference.javascript.runtime.operations.operators import same_value_zero, strictly_equal
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def _callback(this: Value, function: Value) -> tuple[JSTypedArray, int]:
    """What these methods begin with: ValidateTypedArray, TypedArrayLength, IsCallable."""
    target = validate_typed_array(this)
    length = target.length_()
    if not is_callable(function):
        raise type_error("the callback is not a function")
    return target, length


def _element(target: JSTypedArray, index: int) -> Value:
    """Get(O, Pk); undefined where the view has become shorter."""
    elements = target.elements_
    return elements[index] if elements is not None and index < len(elements) else undefined


def _iterator(kind: str) -> Callable[..., Value]:
    """23.2.3.7 entries, 23.2.3.19 keys, 23.2.3.35 values."""

    def method(realm: Realm, this: Value) -> JSObject:
        return create_array_iterator(realm, validate_typed_array(this), kind)

    return method


def every(realm: Realm, this: Value, predicate: Any = undefined, this_argument: Value = undefined) -> bool:
    """23.2.3.8 %TypedArray%.prototype.every."""
    target, length = _callback(this, predicate)
    for index in realm.each(range(length)):
        if not to_boolean(predicate.call_n(this_argument, _element(target, index), float(index), target)):
            return False
    return True


def some(realm: Realm, this: Value, predicate: Any = undefined, this_argument: Value = undefined) -> bool:
    """23.2.3.28 %TypedArray%.prototype.some."""
    target, length = _callback(this, predicate)
    for index in realm.each(range(length)):
        if to_boolean(predicate.call_n(this_argument, _element(target, index), float(index), target)):
            return True
    return False


def filter_elements(
    realm: Realm, this: Value, predicate: Any = undefined, this_argument: Value = undefined
) -> JSObject:
    """23.2.3.10 %TypedArray%.prototype.filter."""
    # Steps 1 to 8.
    target, length = _callback(this, predicate)
    kept = []
    for index in realm.each(range(length)):
        value = _element(target, index)
        if to_boolean(predicate.call_n(this_argument, value, float(index), target)):
            kept.append(value)
    # Steps 9 to 12.
    made = typed_array_species_create(realm, target, [float(len(kept))], len(kept))
    for index, value in enumerate(kept):
        set_property(made, index_key(index), value, True)
    return made


def _find(
    realm: Realm, this: Value, predicate: Any, this_argument: Value, order: Callable[[int], range]
) -> tuple[float, Value]:
    """23.1.3.12.1 FindViaPredicate."""
    target, length = _callback(this, predicate)
    for index in realm.each(order(length)):
        value = _element(target, index)
        if to_boolean(predicate.call_n(this_argument, value, float(index), target)):
            return float(index), value
    return -1.0, undefined


def _descending(length: int) -> range:
    return range(length - 1, -1, -1)


def find(realm: Realm, this: Value, predicate: Value = undefined, this_argument: Value = undefined) -> Value:
    """23.2.3.11 %TypedArray%.prototype.find."""
    return _find(realm, this, predicate, this_argument, range)[1]


def find_index(
    realm: Realm, this: Value, predicate: Value = undefined, this_argument: Value = undefined
) -> float:
    """23.2.3.12 %TypedArray%.prototype.findIndex."""
    return _find(realm, this, predicate, this_argument, range)[0]


def find_last(
    realm: Realm, this: Value, predicate: Value = undefined, this_argument: Value = undefined
) -> Value:
    """23.2.3.13 %TypedArray%.prototype.findLast."""
    return _find(realm, this, predicate, this_argument, _descending)[1]


def find_last_index(
    realm: Realm, this: Value, predicate: Value = undefined, this_argument: Value = undefined
) -> float:
    """23.2.3.14 %TypedArray%.prototype.findLastIndex."""
    return _find(realm, this, predicate, this_argument, _descending)[0]


def for_each(realm: Realm, this: Value, callback: Any = undefined, this_argument: Value = undefined) -> None:
    """23.2.3.15 %TypedArray%.prototype.forEach."""
    target, length = _callback(this, callback)
    for index in realm.each(range(length)):
        callback.call_n(this_argument, _element(target, index), float(index), target)


def map_elements(
    realm: Realm, this: Value, callback: Any = undefined, this_argument: Value = undefined
) -> JSObject:
    """23.2.3.22 %TypedArray%.prototype.map."""
    target, length = _callback(this, callback)
    made = typed_array_species_create(realm, target, [float(length)], length)
    for index in realm.each(range(length)):
        mapped = callback.call_n(this_argument, _element(target, index), float(index), target)
        set_property(made, index_key(index), mapped, True)
    return made


def _reduce(
    realm: Realm, this: Value, callback: Any, initial: tuple[Value, ...], *, from_right: bool
) -> Value:
    target, length = _callback(this, callback)
    order = _descending(length) if from_right else range(length)
    if initial:
        accumulator = initial[0]
    elif order:
        accumulator = _element(target, order[0])
        order = order[1:]
    else:
        raise type_error("Reduce of empty array with no initial value")
    for index in realm.each(order):
        accumulator = callback.call_n(undefined, accumulator, _element(target, index), float(index), target)
    return accumulator


def reduce(realm: Realm, this: Value, callback: Value = undefined, *initial: Value) -> Value:
    """23.2.3.23 %TypedArray%.prototype.reduce."""
    return _reduce(realm, this, callback, initial, from_right=False)


def reduce_right(realm: Realm, this: Value, callback: Value = undefined, *initial: Value) -> Value:
    """23.2.3.24 %TypedArray%.prototype.reduceRight."""
    return _reduce(realm, this, callback, initial, from_right=True)


def includes(realm: Realm, this: Value, element: Value = undefined, from_index: Value = undefined) -> bool:
    """23.2.3.16 %TypedArray%.prototype.includes."""
    target = validate_typed_array(this)
    length = target.length_()
    if not length:
        return False
    start = relative_index(from_index, length, 0)
    return any(
        same_value_zero(_element(target, index), element) for index in realm.each(range(start, length))
    )


def index_of(realm: Realm, this: Value, element: Value = undefined, from_index: Value = undefined) -> float:
    """23.2.3.17 %TypedArray%.prototype.indexOf."""
    target = validate_typed_array(this)
    length = target.length_()
    if not length:
        return -1.0
    start = relative_index(from_index, length, 0)
    # What user code cut off is no property any more.
    for index in realm.each(range(start, min(length, target.length_()))):
        if strictly_equal(_element(target, index), element):
            return float(index)
    return -1.0


def last_index_of(realm: Realm, this: Value, element: Value = undefined, *from_index: Value) -> float:
    """23.2.3.20 %TypedArray%.prototype.lastIndexOf."""
    target = validate_typed_array(this)
    length = target.length_()
    if not length:
        return -1.0
    relative = to_integer_or_infinity(from_index[0]) if from_index else float(length - 1)
    start = min(relative, float(length - 1)) if relative >= 0 else length + relative
    if start < 0:
        return -1.0
    for index in realm.each(range(min(int(start), target.length_() - 1), -1, -1)):
        if strictly_equal(_element(target, index), element):
            return float(index)
    return -1.0


def _comparator(comparator: Any) -> Callable[[Value], Value]:
    """23.2.4.7 CompareTypedArrayElements as a sort key."""
    if comparator is undefined:
        return _natural_order

    def compare(left: Value, right: Value) -> float:
        order = to_number(comparator.call_n(undefined, left, right))
        return order if not math.isnan(order) else 0.0

    return functools.cmp_to_key(compare)  # type: ignore[arg-type]


def _natural_order(value: Any) -> Value:
    if value.__class__ is BigInt:
        return value.integer
    # NaN is last, and -0 before +0.
    return (math.isnan(value), 0.0 if math.isnan(value) else value, math.copysign(1.0, value))


def _sorted(realm: Realm, target: JSTypedArray, length: int, comparator: Value) -> list[Value]:
    """The elements in order; keys are made where elements are charged."""
    order = _comparator(comparator)
    keyed = []
    for index in realm.each(range(length)):
        value = _element(target, index)
        keyed.append((order(value), value))
    keyed.sort(key=itemgetter(0))
    return [value for _, value in keyed]


def sort(realm: Realm, this: Value, comparator: Value = undefined) -> JSObject:
    """23.2.3.29 %TypedArray%.prototype.sort."""
    # Steps 1 to 4.
    if comparator is not undefined and not is_callable(comparator):
        raise type_error("The comparison function must be either a function or undefined")
    target = validate_writable(this)
    # Steps 5 to 8.
    values = _sorted(realm, target, target.length_(), comparator)
    # Steps 9 and 10: as far as the view still reaches.
    for index in realm.each(range(min(len(values), target.length_()))):
        target.elements_[index] = values[index]
    return target


def to_sorted(realm: Realm, this: Value, comparator: Value = undefined) -> JSObject:
    """23.2.3.33 %TypedArray%.prototype.toSorted."""
    if comparator is not undefined and not is_callable(comparator):
        raise type_error("The comparison function must be either a function or undefined")
    target = validate_typed_array(this)
    length = target.length_()
    made = typed_array_create_same_type(realm, target, length)
    values = _sorted(realm, target, length, comparator)
    for index in realm.each(range(length)):
        made.elements_[index] = values[index]
    return made


ITERATION_METHODS = functions(
    ("entries", _iterator("key+value"), 0, "23.2.3.7", "ES2015"),
    ("every", every, 1, "23.2.3.8", "ES2015"),
    ("filter", filter_elements, 1, "23.2.3.10", "ES2015"),
    ("find", find, 1, "23.2.3.11", "ES2015"),
    ("findIndex", find_index, 1, "23.2.3.12", "ES2015"),
    ("findLast", find_last, 1, "23.2.3.13", "ES2023"),
    ("findLastIndex", find_last_index, 1, "23.2.3.14", "ES2023"),
    ("forEach", for_each, 1, "23.2.3.15", "ES2015"),
    ("includes", includes, 1, "23.2.3.16", "ES2016"),
    ("indexOf", index_of, 1, "23.2.3.17", "ES2015"),
    ("keys", _iterator("key"), 0, "23.2.3.19", "ES2015"),
    ("lastIndexOf", last_index_of, 1, "23.2.3.20", "ES2015"),
    ("map", map_elements, 1, "23.2.3.22", "ES2015"),
    ("reduce", reduce, 1, "23.2.3.23", "ES2015"),
    ("reduceRight", reduce_right, 1, "23.2.3.24", "ES2015"),
    ("some", some, 1, "23.2.3.28", "ES2015"),
    ("sort", sort, 1, "23.2.3.29", "ES2015"),
    ("toSorted", to_sorted, 1, "23.2.3.33", "ES2023"),
    ("values", _iterator("value"), 0, "23.2.3.35", "ES2015"),
)
