"""ECMA-262 23.2.4 and 23.2.5.1: abstract operations that make and check TypedArrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics import TYPED_ARRAYS
from lockstep.reference.javascript.runtime.objects.array_buffer import (
    JSArrayBuffer,
    create_data_block,
    fill_buffer,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.typed_array import ELEMENT_TYPES, ElementType, JSTypedArray
from lockstep.reference.javascript.runtime.operations.objects import construct, species_constructor
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

_ATTRIBUTES = {kind: attribute for (_, attribute), kind in zip(TYPED_ARRAYS, ELEMENT_TYPES)}


def initialize_view(
    view: Any, kind: ElementType, buffer: JSArrayBuffer, offset: int, length: int | None
) -> Value:
    """Set the internal slots of a new TypedArray; `length` None for auto."""
    view.kind_ = kind
    view.buffer_ = buffer
    view.offset_ = offset
    view.fixed_length_ = length
    buffer.attach_view_(view)
    view.refresh_()
    return view


def allocate_buffer(realm: Realm, view: JSObject, kind: ElementType, length: int) -> Value:
    """23.2.5.1.6 AllocateTypedArrayBuffer."""
    data = create_data_block(realm, length * kind.size)
    buffer = fill_buffer(object_create(realm.array_buffer_prototype, JSArrayBuffer), data, None, None)
    return initialize_view(view, kind, buffer, 0, length)


def validate_typed_array(value: Value) -> JSTypedArray:
    """23.2.4.4 ValidateTypedArray; `length_()` is then the length of its record."""
    if not isinstance(value, JSTypedArray):
        raise type_error("this is not a typed array")
    if value.is_out_of_bounds_():
        raise type_error("the typed array is out of bounds or its buffer is detached")
    return value


def require_mutable(array: JSTypedArray) -> None:
    """ValidateTypedArray for writing (immutable ArrayBuffers)."""
    if array.buffer_.is_immutable_():
        raise type_error("the typed array's buffer is immutable")


def validate_writable(value: Value) -> JSTypedArray:
    """23.2.4.4 ValidateTypedArray with access mode write."""
    array = validate_typed_array(value)
    require_mutable(array)
    return array


def typed_array_create(
    constructor: JSObject, arguments: list[Value], least: int | None = None, *, write: bool = True
) -> JSTypedArray:
    """23.2.4.2 TypedArrayCreateFromCtor; `least` elements for a single length argument."""
    made = (validate_writable if write else validate_typed_array)(construct(constructor, arguments))
    if least is not None and made.length_() < least:
        raise type_error("the new typed array is too short")
    return made


def typed_array_species_create(
    realm: Realm,
    exemplar: JSTypedArray,
    arguments: list[Value],
    least: int | None = None,
    *,
    write: bool = True,
) -> JSTypedArray:
    """23.2.4.1 TypedArraySpeciesCreate."""
    default = getattr(realm, _ATTRIBUTES[exemplar.kind_])
    constructor = species_constructor(exemplar, default)
    made = typed_array_create(constructor, arguments, least, write=write)
    if made.kind_.is_bigint != exemplar.kind_.is_bigint:
        raise type_error("Content type of the species constructor's typed array differs")
    return made


def typed_array_create_same_type(realm: Realm, exemplar: JSTypedArray, length: int) -> JSTypedArray:
    """23.2.4.3 TypedArrayCreateSameType."""
    if length < 0:
        raise range_error("Invalid typed array length")
    constructor = getattr(realm, _ATTRIBUTES[exemplar.kind_])
    return typed_array_create(constructor, [float(length)], length)
