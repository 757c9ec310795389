"""ECMA-262 23.1.3: the methods of Array.prototype that change the array or make another one."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.indexed.array_search import callback_of, element
from lockstep.reference.javascript.runtime.intrinsics.indexed.dense import (
    dense,
    filled,
    growable,
    part,
    spreads_plainly,
)
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.function import entry
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.arrays import (
    array_species_create,
    is_array,
    makes_plain_arrays,
)
from lockstep.reference.javascript.runtime.operations.conversion import (
    MAX_SAFE_INTEGER,
    is_callable,
    relative_index,
    to_boolean,
    to_integer_or_infinity,
    to_number,
    to_object,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    delete_property_or_throw,
    get,
    length_of_array_like,
    set_property,
)
from lockstep.reference.javascript.runtime.symbols import IS_CONCAT_SPREADABLE
from lockstep.reference.javascript.runtime.values import HOLE, Value, undefined

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

    from lockstep.reference.javascript.runtime.interfaces import Realm

_MAX_LENGTH = 4294967295


def concat(realm: Realm, this: Value, *items: Value) -> Value:
    """23.1.3.2 Array.prototype.concat."""
    target = to_object(realm, this)
    joined = _joined(realm, (target, *items)) if makes_plain_arrays(realm, target) else None
    if joined is not None:
        return realm.make_array(joined)
    result = array_species_create(realm, target, 0.0)
    count = 0
    values: tuple[Value, ...] = (target, *items)
    for item in values:
        if _is_concat_spreadable(item):
            length = length_of_array_like(item)
            if count + length > MAX_SAFE_INTEGER:
                raise type_error("Invalid array length")
            for index in realm.each(range(length)):
                key = index_key(index)
                if item.has_property(key):
                    create_data_property_or_throw(result, index_key(count + index), item.get_value(key, item))
            count += length
        else:
            if count >= MAX_SAFE_INTEGER:
                raise type_error("Invalid array length")
            create_data_property_or_throw(result, index_key(count), item)
            count += 1
    set_property(result, "length", float(count), True)
    return result


def _joined(realm: Realm, items: tuple[Value, ...]) -> list[Value] | None:
    """What concatenating gives where nobody can see how: all items are dense arrays or primitives."""
    joined: list[Value] = []
    for item in items:
        if not isinstance(item, JSObject):
            joined.append(item)
            continue
        elements = dense(item) if spreads_plainly(realm, item) else None
        if elements is None:
            return None
        realm.agent.budget.bulk(len(elements))
        joined.extend(elements)
    return joined


def _is_concat_spreadable(value: Value) -> TypeGuard[JSObject]:
    """23.1.3.2.1 IsConcatSpreadable."""
    if not isinstance(value, JSObject):
        return False
    spreadable = get(value, IS_CONCAT_SPREADABLE)
    return is_array(value) if spreadable is undefined else to_boolean(spreadable)


def copy_within(
    realm: Realm, this: Value, to: Value = undefined, start: Value = undefined, end: Value = undefined
) -> JSObject:
    """23.1.3.4 Array.prototype.copyWithin."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    destination = relative_index(to, length, 0)
    first = relative_index(start, length, 0)
    last = relative_index(end, length, length)
    count = min(last - first, length - destination)
    indices = range(count)
    if first < destination < first + count:
        indices = range(count - 1, -1, -1)
    for offset in realm.each(indices):
        source, goal = index_key(first + offset), index_key(destination + offset)
        if target.has_property(source):
            set_property(target, goal, target.get_value(source, target), True)
        else:
            delete_property_or_throw(target, goal)
    return target


def fill(
    realm: Realm, this: Value, value: Value = undefined, start: Value = undefined, end: Value = undefined
) -> JSObject:
    """23.1.3.7 Array.prototype.fill."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    first = relative_index(start, length, 0)
    last = relative_index(end, length, length)
    elements = growable(realm, target)
    if elements is not None and last <= len(elements):
        realm.agent.budget.elements(max(last - first, 0))
        elements[first:last] = [value] * (last - first)
        return target
    for index in realm.each(range(first, last)):
        set_property(target, index_key(index), value, True)
    return target


def flat(realm: Realm, this: Value, depth: Value = undefined) -> Value:
    """23.1.3.13 Array.prototype.flat."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    levels = 1.0 if depth is undefined else to_integer_or_infinity(depth)
    result = array_species_create(realm, target, 0.0)
    _flatten(realm, result, target, length, 0, max(levels, 0.0), None, undefined)
    return result


def flat_map(realm: Realm, this: Value, mapper: Value = undefined, receiver: Value = undefined) -> Value:
    """23.1.3.14 Array.prototype.flatMap."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    function = callback_of(mapper)
    result = array_species_create(realm, target, 0.0)
    _flatten(realm, result, target, length, 0, 1.0, function, receiver)
    return result


def _flatten(
    realm: Realm,
    result: JSObject,
    source: Any,
    length: int,
    start: int,
    depth: float,
    mapper: Any,
    receiver: Value,
) -> int:
    """23.1.3.13.1 FlattenIntoArray."""
    for index in realm.each(range(length)):
        key = index_key(index)
        if not source.has_property(key):
            continue
        item = source.get_value(key, source)
        if mapper is not None:
            item = mapper(receiver, item, float(index), source)
        if depth > 0 and is_array(item):
            start = _flatten(
                realm, result, item, length_of_array_like(item), start, depth - 1, None, undefined
            )
        else:
            if start >= MAX_SAFE_INTEGER:
                raise type_error("Invalid array length")
            create_data_property_or_throw(result, index_key(start), item)
            start += 1
    return start


def pop(realm: Realm, this: Value) -> Value:
    """23.1.3.22 Array.prototype.pop."""
    if isinstance(this, JSArray):
        elements = this.elements_
        if elements and elements[-1] is not HOLE:
            return elements.pop()
    target = to_object(realm, this)
    length = length_of_array_like(target)
    if length == 0:
        set_property(target, "length", 0.0, True)
        return undefined
    key = index_key(length - 1)
    value = target.get_value(key, target)
    delete_property_or_throw(target, key)
    set_property(target, "length", float(length - 1), True)
    return value


def push(realm: Realm, this: Value, *items: Value) -> float:
    """23.1.3.23 Array.prototype.push."""
    elements = growable(realm, this)
    if elements is not None:
        if len(items) == 1:
            elements.append(items[0])
        else:
            elements.extend(items)
        return float(len(elements))
    target = to_object(realm, this)
    length = length_of_array_like(target)
    if length + len(items) > MAX_SAFE_INTEGER:
        raise type_error("Pushing elements past the largest safe integer")
    for offset, item in enumerate(items):
        set_property(target, index_key(length + offset), item, True)
    set_property(target, "length", float(length + len(items)), True)
    return float(length + len(items))


def reverse(realm: Realm, this: Value) -> JSObject:
    """23.1.3.26 Array.prototype.reverse."""
    target = to_object(realm, this)
    elements = dense(target)
    if elements is not None:
        realm.agent.budget.bulk(len(elements))
        elements.reverse()
        return target
    length = length_of_array_like(target)
    for lower in realm.each(range(length // 2)):
        low, high = index_key(lower), index_key(length - 1 - lower)
        has_low = target.has_property(low)
        low_value = target.get_value(low, target) if has_low else undefined
        has_high = target.has_property(high)
        high_value = target.get_value(high, target) if has_high else undefined
        if has_high:
            set_property(target, low, high_value, True)
        elif has_low:
            delete_property_or_throw(target, low)
        if has_low:
            set_property(target, high, low_value, True)
        elif has_high:
            delete_property_or_throw(target, high)
    return target


def shift(realm: Realm, this: Value) -> Value:
    """23.1.3.27 Array.prototype.shift."""
    target = to_object(realm, this)
    elements = dense(target)
    if elements:
        realm.agent.budget.bulk(len(elements))
        return elements.pop(0)
    length = length_of_array_like(target)
    if length == 0:
        set_property(target, "length", 0.0, True)
        return undefined
    first = target.get_value("0", target)
    for index in realm.each(range(1, length)):
        _move(target, index, index - 1)
    delete_property_or_throw(target, index_key(length - 1))
    set_property(target, "length", float(length - 1), True)
    return first


def _move(target: JSObject, source: int, destination: int) -> None:
    start, goal = index_key(source), index_key(destination)
    if target.has_property(start):
        set_property(target, goal, target.get_value(start, target), True)
    else:
        delete_property_or_throw(target, goal)


def array_slice(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> Value:
    """23.1.3.28 Array.prototype.slice."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    first = relative_index(start, length, 0)
    last = relative_index(end, length, length)
    copied = part(realm, target, first, last)
    if copied is not None and makes_plain_arrays(realm, target):
        return realm.make_array(copied)
    result = array_species_create(realm, target, float(max(last - first, 0)))
    count = 0
    for index in realm.each(range(first, last)):
        key = index_key(index)
        if target.has_property(key):
            create_data_property_or_throw(result, index_key(count), target.get_value(key, target))
        count += 1
    set_property(result, "length", float(count), True)
    return result


def sort_values(realm: Realm, values: list[Value], comparator: Any) -> list[Value]:
    """23.1.3.30.1 SortIndexedProperties with 23.1.3.30.2 CompareArrayElements; undefined goes last."""
    defined = [value for value in values if value is not undefined]
    missing = len(values) - len(defined)
    if len(defined) < 2:
        ordered = defined  # nothing is compared, so nothing is asked for its text
    elif comparator is undefined:
        texts = [(to_string(defined[position]), position) for position in realm.each(range(len(defined)))]
        texts.sort()
        ordered = [defined[position] for _, position in texts]
    else:
        function = entry(comparator, 2)

        def compare(left: Value, right: Value) -> Any:
            order = function(undefined, left, right)
            return order if order.__class__ is float else to_number(order)

        ordered = sorted(defined, key=cmp_to_key(compare))
    return ordered + [undefined] * missing


def _present(realm: Realm, target: JSObject, length: int) -> list[Value]:
    """23.1.3.30.1 SortIndexedProperties, steps 2 to 3, with holes skipped."""
    values = []
    for index in realm.each(range(length)):
        key = index_key(index)
        if target.has_property(key):
            values.append(target.get_value(key, target))
    return values


def sort(realm: Realm, this: Value, comparator: Value = undefined) -> JSObject:
    """23.1.3.30 Array.prototype.sort."""
    if comparator is not undefined and not is_callable(comparator):
        raise type_error("The comparison function must be either a function or undefined")
    target = to_object(realm, this)
    length = length_of_array_like(target)
    found = part(realm, target, 0, length)
    values = _present(realm, target, length) if found is None else found
    count = len(values)
    values = sort_values(realm, values, comparator)
    elements = growable(realm, target)
    if elements is not None and count == length == len(elements):
        elements[:] = values
        return target
    for index, value in enumerate(values):
        set_property(target, index_key(index), value, True)
    for index in realm.each(range(count, length)):
        key = index_key(index)
        if target.has_property(key):
            delete_property_or_throw(target, key)
    return target


def splice(realm: Realm, this: Value, *arguments: Value) -> Value:
    """23.1.3.31 Array.prototype.splice."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    start = relative_index(arguments[0] if arguments else undefined, length, 0)
    items = arguments[2:]
    if not arguments:
        removed = 0
    elif len(arguments) == 1:
        removed = length - start
    else:
        removed = int(min(max(to_integer_or_infinity(arguments[1]), 0), length - start))
    if length + len(items) - removed > MAX_SAFE_INTEGER:
        raise type_error("Invalid array length")
    result = array_species_create(realm, target, float(removed))
    taken = part(realm, target, start, start + removed)
    if taken is None or not filled(result, taken):
        for offset in realm.each(range(removed)):
            key = index_key(start + offset)
            if target.has_property(key):
                create_data_property_or_throw(result, index_key(offset), target.get_value(key, target))
        set_property(result, "length", float(removed), True)
    added = len(items)
    elements = dense(target) if added <= removed else growable(realm, target)
    if elements is not None and len(elements) == length and HOLE not in elements:
        realm.agent.budget.bulk(len(elements) - start)
        elements[start : start + removed] = items
        return result
    if added < removed:
        for index in realm.each(range(start, length - removed)):
            _move(target, index + removed, index + added)
        for index in realm.each(range(length - 1, length - removed + added - 1, -1)):
            delete_property_or_throw(target, index_key(index))
    elif added > removed:
        for index in realm.each(range(length - removed - 1, start - 1, -1)):
            _move(target, index + removed, index + added)
    for offset, item in enumerate(items):
        set_property(target, index_key(start + offset), item, True)
    set_property(target, "length", float(length - removed + added), True)
    return result


def unshift(realm: Realm, this: Value, *items: Value) -> float:
    """23.1.3.37 Array.prototype.unshift."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    added = len(items)
    if added:
        if length + added > MAX_SAFE_INTEGER:
            raise type_error("Invalid array length")
        elements = growable(realm, target)
        if elements is not None and HOLE not in elements:
            realm.agent.budget.bulk(len(elements))
            elements[:0] = items
            return float(len(elements))
        for index in realm.each(range(length - 1, -1, -1)):
            _move(target, index, index + added)
        for index, item in enumerate(items):
            set_property(target, index_key(index), item, True)
    set_property(target, "length", float(length + added), True)
    return float(length + added)


def _list(realm: Realm, target: JSObject, length: int) -> list[Value]:
    return _elements(realm, target, 0, length)


def _elements(realm: Realm, target: JSObject, start: int, end: int) -> list[Value]:
    """Get of each index from `start` to before `end`; what an array holds itself is got unobserved, so it is copied at once."""
    found = part(realm, target, start, end)
    return [element(target, index) for index in realm.each(range(start, end))] if found is None else found


def _checked_length(length: float) -> None:
    if length > _MAX_LENGTH:
        raise range_error("Invalid array length")


def to_reversed(realm: Realm, this: Value) -> JSObject:
    """23.1.3.33 Array.prototype.toReversed."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    _checked_length(length)
    return realm.make_array([element(target, index) for index in realm.each(range(length - 1, -1, -1))])


def to_sorted(realm: Realm, this: Value, comparator: Value = undefined) -> JSObject:
    """23.1.3.34 Array.prototype.toSorted."""
    if comparator is not undefined and not is_callable(comparator):
        raise type_error("The comparison function must be either a function or undefined")
    target = to_object(realm, this)
    length = length_of_array_like(target)
    _checked_length(length)
    return realm.make_array(sort_values(realm, _list(realm, target, length), comparator))


def to_spliced(realm: Realm, this: Value, *arguments: Value) -> JSObject:
    """23.1.3.35 Array.prototype.toSpliced."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    start = relative_index(arguments[0] if arguments else undefined, length, 0)
    items = arguments[2:]
    if not arguments:
        skipped = 0
    elif len(arguments) == 1:
        skipped = length - start
    else:
        skipped = int(min(max(to_integer_or_infinity(arguments[1]), 0), length - start))
    new_length = length + len(items) - skipped
    if new_length > MAX_SAFE_INTEGER:
        raise type_error("Invalid array length")
    _checked_length(new_length)
    head = _elements(realm, target, 0, start)
    tail = _elements(realm, target, start + skipped, length)
    return realm.make_array([*head, *items, *tail])


def array_with(realm: Realm, this: Value, index: Value = undefined, value: Value = undefined) -> JSObject:
    """23.1.3.39 Array.prototype.with."""
    target = to_object(realm, this)
    length = length_of_array_like(target)
    relative = to_integer_or_infinity(index)
    position = relative if relative >= 0 else length + relative
    if not 0 <= position < length:
        raise range_error("Invalid index")
    _checked_length(length)
    values = [value if place == position else element(target, place) for place in realm.each(range(length))]
    return realm.make_array(values)


METHODS = functions(
    ("concat", concat, 1, "23.1.3.2", "ES3"),
    ("copyWithin", copy_within, 2, "23.1.3.4", "ES2015"),
    ("fill", fill, 1, "23.1.3.7", "ES2015"),
    ("flat", flat, 0, "23.1.3.13", "ES2019"),
    ("flatMap", flat_map, 1, "23.1.3.14", "ES2019"),
    ("pop", pop, 0, "23.1.3.22", "ES3"),
    ("push", push, 1, "23.1.3.23", "ES3"),
    ("reverse", reverse, 0, "23.1.3.26", "ES1"),
    ("shift", shift, 0, "23.1.3.27", "ES3"),
    ("slice", array_slice, 2, "23.1.3.28", "ES3"),
    ("sort", sort, 1, "23.1.3.30", "ES1"),
    ("splice", splice, 2, "23.1.3.31", "ES3"),
    ("toReversed", to_reversed, 0, "23.1.3.33", "ES2023"),
    ("toSorted", to_sorted, 1, "23.1.3.34", "ES2023"),
    ("toSpliced", to_spliced, 2, "23.1.3.35", "ES2023"),
    ("unshift", unshift, 1, "23.1.3.37", "ES3"),
    ("with", array_with, 2, "23.1.3.39", "ES2023"),
)
