"""ECMA-262 23.2.3: the accessors of %TypedArray.prototype%, and the methods that copy and change elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions, getters
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    require_mutable,
    typed_array_create_same_type,
    typed_array_species_create,
    validate_typed_array,
    validate_writable,
)
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    relative_index,
    to_integer_or_infinity,
    to_object,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY
from lockstep.reference.javascript.runtime.operations.objects import invoke, length_of_array_like
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def _typed_array(this: Value) -> JSTypedArray:
    """RequireInternalSlot(O, [[TypedArrayName]])."""
    if not isinstance(this, JSTypedArray):
        raise type_error("this is not a typed array")
    return this


def get_buffer(realm: Realm, this: Value) -> JSObject:
    """23.2.3.2 get %TypedArray%.prototype.buffer."""
    return _typed_array(this).buffer_


def get_byte_length(realm: Realm, this: Value) -> float:
    """23.2.3.3 get %TypedArray%.prototype.byteLength."""
    target = _typed_array(this)
    return float(target.length_() * target.kind_.size)


def get_byte_offset(realm: Realm, this: Value) -> float:
    """23.2.3.4 get %TypedArray%.prototype.byteOffset."""
    target = _typed_array(this)
    return 0.0 if target.is_out_of_bounds_() else float(target.offset_)


def get_length(realm: Realm, this: Value) -> float:
    """23.2.3.21 get %TypedArray%.prototype.length."""
    return float(_typed_array(this).length_())


def get_tag(realm: Realm, this: Value) -> Value:
    """23.2.3.38 get %TypedArray%.prototype [ %Symbol.toStringTag% ]."""
    return f"{this.kind_.name}Array" if isinstance(this, JSTypedArray) else undefined


def at(realm: Realm, this: Value, index: Value = undefined) -> Value:
    """23.2.3.1 %TypedArray%.prototype.at."""
    target = validate_typed_array(this)
    length = target.length_()
    relative = to_integer_or_infinity(index)
    return target.get_element_(relative if relative >= 0 else length + relative)


def copy_within(
    realm: Realm, this: Value, target: Value = undefined, start: Value = undefined, end: Value = undefined
) -> JSObject:
    """23.2.3.6 %TypedArray%.prototype.copyWithin."""
    # Steps 1 to 15.
    view = validate_writable(this)
    length = view.length_()
    to = relative_index(target, length, 0)
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    count = min(final - first, length - to)
    # Step 17.
    if count > 0:
        validate_typed_array(view)
        # 17.e to 17.k: the view may have become shorter.
        count = min(count, view.length_() - first, view.length_() - to)
        if count > 0:
            size, data = view.kind_.size, view.buffer_.data_
            assert data is not None
            origin, place = view.offset_ + first * size, view.offset_ + to * size
            data[place : place + count * size] = data[origin : origin + count * size]
    return view


def fill(
    realm: Realm, this: Value, value: Value = undefined, start: Value = undefined, end: Value = undefined
) -> JSObject:
    """23.2.3.9 %TypedArray%.prototype.fill."""
    # Steps 1 to 13.
    target = validate_writable(this)
    length = target.length_()
    converted = target.kind_.convert(value)
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    # Steps 14 to 17.
    validate_typed_array(target)
    final = min(final, target.length_())
    if final > first:
        size, data = target.kind_.size, target.buffer_.data_
        assert data is not None
        packed = target.kind_.pack(converted) * (final - first)
        data[target.offset_ + first * size : target.offset_ + final * size] = packed
    return target


def join(realm: Realm, this: Value, separator: Value = undefined) -> str:
    """23.2.3.18 %TypedArray%.prototype.join."""
    target = validate_typed_array(this)
    length = target.length_()
    text = "," if separator is undefined else to_string(separator)
    values = [target.get_element_(float(index)) for index in realm.each(range(length))]
    return text.join("" if value is undefined else to_string(value) for value in values)


def reverse(realm: Realm, this: Value) -> JSObject:
    """23.2.3.25 %TypedArray%.prototype.reverse."""
    target = validate_writable(this)
    elements = target.current_elements_()
    values = [elements[index] for index in realm.each(range(len(elements)))]
    for index, value in enumerate(reversed(values)):
        elements[index] = value
    return target


def set_elements(realm: Realm, this: Value, source: Value = undefined, offset: Value = undefined) -> None:
    """23.2.3.26 %TypedArray%.prototype.set."""
    # Steps 1 to 5.
    target = _typed_array(this)
    require_mutable(target)
    start = to_integer_or_infinity(offset)
    if start < 0:
        raise range_error("offset is out of bounds")
    if isinstance(source, JSTypedArray):
        _set_from_typed_array(target, start, source)
    else:
        _set_from_array_like(realm, target, start, source)


def _set_from_typed_array(target: JSTypedArray, start: float, source: JSTypedArray) -> None:
    """23.2.3.26.1 SetTypedArrayFromTypedArray."""
    # Steps 1 to 11.
    validate_typed_array(target)
    length = target.length_()
    validate_typed_array(source)
    count = source.length_()
    kind = target.kind_
    if kind.is_bigint != source.kind_.is_bigint:
        raise type_error("Cannot mix BigInt and other types, use explicit conversions")
    # Steps 12 and 13.
    if start == INFINITY or count + start > length:
        raise range_error("offset is out of bounds")
    # Steps 14 to 23.
    first = int(start)
    if kind is source.kind_:
        size = kind.size
        origin, place = source.offset_, target.offset_ + first * size
        data, bytes_ = source.buffer_.data_, target.buffer_.data_
        assert data is not None
        assert bytes_ is not None
        bytes_[place : place + count * size] = data[origin : origin + count * size]
        return
    elements = source.elements_
    values = [elements[index] for index in range(count)]
    for index, value in enumerate(values):
        target.elements_[first + index] = value


def _set_from_array_like(realm: Realm, target: JSTypedArray, start: float, source: Value) -> None:
    """23.2.3.26.2 SetTypedArrayFromArrayLike."""
    # Steps 1 to 7.
    validate_typed_array(target)
    length = target.length_()
    origin = to_object(realm, source)
    count = length_of_array_like(origin)
    if start == INFINITY or count + start > length:
        raise range_error("offset is out of bounds")
    # Step 8.
    for index in realm.each(range(count)):
        target.set_element_(start + index, origin.get_value(index_key(index), origin))


def slice_elements(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> JSObject:
    """23.2.3.27 %TypedArray%.prototype.slice."""
    # Steps 1 to 13.
    target = validate_typed_array(this)
    length = target.length_()
    first = relative_index(start, length, 0)
    final = relative_index(end, length, length)
    count = max(final - first, 0)
    made = typed_array_species_create(realm, target, [float(count)], count)
    # Step 14.
    if not count:
        return made
    validate_typed_array(target)
    final = min(final, target.length_())
    if target.kind_ is not made.kind_:
        for place, index in enumerate(realm.each(range(first, final))):
            made.set_element_(float(place), target.get_element_(float(index)))
        return made
    # Step 14.g: byte by byte, upwards, as both may lie in one buffer.
    size = target.kind_.size
    data, bytes_ = target.buffer_.data_, made.buffer_.data_
    assert data is not None
    assert bytes_ is not None
    origin, place = target.offset_ + first * size, made.offset_
    moved = min(max(final - first, 0), made.length_()) * size
    if data is not bytes_ or place <= origin:
        bytes_[place : place + moved] = data[origin : origin + moved]
    else:
        for step in realm.each(range(moved)):
            bytes_[place + step] = data[origin + step]
    return made


def subarray(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> JSObject:
    """23.2.3.30 %TypedArray%.prototype.subarray."""
    # Steps 1 to 10.
    target = _typed_array(this)
    length = target.length_()
    first = relative_index(start, length, 0)
    # Steps 11 to 17.
    offset = float(target.offset_ + first * target.kind_.size)
    arguments: list[Value] = [target.buffer_, offset]
    if target.fixed_length_ is not None or end is not undefined:
        final = relative_index(end, length, length)
        arguments.append(float(max(final - first, 0)))
    return typed_array_species_create(realm, target, arguments, write=False)


def to_locale_string(realm: Realm, this: Value) -> str:
    """23.2.3.31 %TypedArray%.prototype.toLocaleString."""
    target = validate_typed_array(this)
    parts = []
    for index in realm.each(range(target.length_())):
        value = target.get_element_(float(index))
        missing = value is undefined or value is null
        parts.append("" if missing else to_string(invoke(realm, value, "toLocaleString")))
    return ",".join(parts)


def to_reversed(realm: Realm, this: Value) -> JSObject:
    """23.2.3.32 %TypedArray%.prototype.toReversed."""
    target = validate_typed_array(this)
    length = target.length_()
    made = typed_array_create_same_type(realm, target, length)
    for index in realm.each(range(length)):
        made.elements_[index] = target.elements_[length - index - 1]
    return made


def with_element(realm: Realm, this: Value, index: Value = undefined, value: Value = undefined) -> JSObject:
    """23.2.3.36 %TypedArray%.prototype.with."""
    # Steps 1 to 8.
    target = validate_typed_array(this)
    length = target.length_()
    relative = to_integer_or_infinity(index)
    actual = relative if relative >= 0 else length + relative
    converted = target.kind_.convert(value)
    # Step 9.
    if not target.is_valid_index_(actual):
        raise range_error("Invalid typed array index")
    # Steps 10 to 13.
    made = typed_array_create_same_type(realm, target, length)
    for place in realm.each(range(length)):
        made.set_element_(float(place), converted if place == actual else target.get_element_(float(place)))
    return made


GETTERS = getters(
    ("buffer", get_buffer, "23.2.3.2", "ES2015"),
    ("byteLength", get_byte_length, "23.2.3.3", "ES2015"),
    ("byteOffset", get_byte_offset, "23.2.3.4", "ES2015"),
    ("length", get_length, "23.2.3.21", "ES2015"),
    (TO_STRING_TAG, get_tag, "23.2.3.38", "ES2015"),
)
METHODS = functions(
    ("at", at, 1, "23.2.3.1", "ES2022"),
    ("copyWithin", copy_within, 2, "23.2.3.6", "ES2015"),
    ("fill", fill, 1, "23.2.3.9", "ES2015"),
    ("join", join, 1, "23.2.3.18", "ES2015"),
    ("reverse", reverse, 0, "23.2.3.25", "ES2015"),
    ("set", set_elements, 1, "23.2.3.26", "ES2015"),
    ("slice", slice_elements, 2, "23.2.3.27", "ES2015"),
    ("subarray", subarray, 2, "23.2.3.30", "ES2015"),
    ("toLocaleString", to_locale_string, 0, "23.2.3.31", "ES2015"),
    ("toReversed", to_reversed, 0, "23.2.3.32", "ES2023"),
    ("with", with_element, 2, "23.2.3.36", "ES2023"),
)
