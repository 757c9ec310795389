"""ECMA-262 25.3: DataView objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.typed_array import ELEMENT_TYPES, ElementType, JSDataView
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_index
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_data_view(
    realm: Realm,
    new_target: JSObject | None,
    buffer: Value = undefined,
    byte_offset: Value = undefined,
    byte_length: Value = undefined,
) -> JSObject:
    """25.3.2.1 DataView."""
    # Steps 1 to 3.
    if new_target is undefined:
        raise type_error("Constructor DataView requires 'new'")
    if not isinstance(buffer, JSArrayBuffer):
        raise type_error("First argument to DataView constructor must be an ArrayBuffer")
    offset = to_index(byte_offset)
    # Steps 4 to 9.
    length = _view_length(buffer, offset, None if byte_length is undefined else to_index(byte_length))
    # Step 10.
    view = object_create(prototype_from_constructor(new_target, "data_view_prototype"), JSDataView)
    # Steps 11 to 14: the prototype's getter may have run user code.
    _view_length(buffer, offset, length)
    view.buffer_ = buffer
    view.fixed_length_ = length
    view.offset_ = offset
    return view


def _view_length(buffer: JSArrayBuffer, offset: int, length: int | None) -> int | None:
    """25.3.2.1, steps 4 to 9: the length of the view, None for auto."""
    if buffer.data_ is None:
        raise type_error("Cannot construct a DataView over a detached ArrayBuffer")
    available = buffer.byte_length_()
    if offset > available:
        raise range_error("Start offset is outside the bounds of the buffer")
    if length is None:
        return available - offset if buffer.is_fixed_length_() else None
    if offset + length > available:
        raise range_error("Invalid DataView length")
    return length


def _data_view(this: Value) -> JSDataView:
    if not isinstance(this, JSDataView):
        raise type_error("this is not a DataView")
    return this


def _in_bounds(view: JSDataView) -> int:
    """The view's byte length; TypeError if it is out of bounds."""
    length = view.byte_length_()
    if length is None:
        raise type_error("The DataView is out of bounds or its buffer is detached")
    return length


def get_buffer(realm: Realm, this: Value) -> JSObject:
    """25.3.4.1 get DataView.prototype.buffer."""
    return _data_view(this).buffer_


def get_byte_length(realm: Realm, this: Value) -> float:
    """25.3.4.2 get DataView.prototype.byteLength."""
    return float(_in_bounds(_data_view(this)))


def get_byte_offset(realm: Realm, this: Value) -> float:
    """25.3.4.3 get DataView.prototype.byteOffset."""
    view = _data_view(this)
    _in_bounds(view)
    return float(view.offset_)


def _getter(kind: ElementType) -> Callable[..., Value]:
    def get_view_value(
        realm: Realm, this: Value, byte_offset: Value = undefined, little_endian: Value = undefined
    ) -> Value:
        """25.3.1.5 GetViewValue."""
        # Steps 1 to 4.
        view = _data_view(this)
        index = to_index(byte_offset)
        is_little_endian = to_boolean(little_endian)
        # Steps 5 to 10.
        if index + kind.size > _in_bounds(view):
            raise range_error("Offset is outside the bounds of the DataView")
        # Steps 11 and 12.
        return kind.unpack(view.buffer_.data_, view.offset_ + index, is_little_endian)

    return get_view_value


def _setter(kind: ElementType) -> Callable[..., Value]:
    def set_view_value(
        realm: Realm,
        this: Value,
        byte_offset: Value = undefined,
        value: Value = undefined,
        little_endian: Value = undefined,
    ) -> None:
        """25.3.1.6 SetViewValue."""
        # Steps 1 to 6.
        view = _data_view(this)
        if view.buffer_.is_immutable_():
            raise type_error("The DataView's buffer is immutable")
        index = to_index(byte_offset)
        converted = kind.convert(value)
        is_little_endian = to_boolean(little_endian)
        # Steps 7 to 12.
        if index + kind.size > _in_bounds(view):
            raise range_error("Offset is outside the bounds of the DataView")
        # Steps 13 and 14.
        start = view.offset_ + index
        data = view.buffer_.data_
        assert data is not None
        data[start : start + kind.size] = kind.pack(converted, is_little_endian)

    return set_view_value


_KINDS = tuple(kind for kind in ELEMENT_TYPES if kind.name != "Uint8Clamped")
_CONSTRUCTOR = builtin(
    "DataView", construct_data_view, 1, "builtin_constructor", section="25.3.2.1", since="ES2015"
)
# The last parts of the clauses 25.3.4.5 to 25.3.4.26, which are in alphabetic order, and the edition.
_CLAUSES = {
    "BigInt64": (5, 16, "ES2020"),
    "BigUint64": (6, 17, "ES2020"),
    "Float16": (7, 18, "ES2025"),
    "Float32": (8, 19, "ES2015"),
    "Float64": (9, 20, "ES2015"),
    "Int8": (10, 21, "ES2015"),
    "Int16": (11, 22, "ES2015"),
    "Int32": (12, 23, "ES2015"),
    "Uint8": (13, 24, "ES2015"),
    "Uint16": (14, 25, "ES2015"),
    "Uint32": (15, 26, "ES2015"),
}
_METHODS = functions(
    *(
        (f"get{kind.name}", _getter(kind), 1, f"25.3.4.{get}", since)
        for kind in _KINDS
        for get, _, since in (_CLAUSES[kind.name],)
    ),
    *(
        (f"set{kind.name}", _setter(kind), 2, f"25.3.4.{set_}", since)
        for kind in _KINDS
        for _, set_, since in (_CLAUSES[kind.name],)
    ),
)
_GETTERS = getters(
    ("buffer", get_buffer, "25.3.4.1", "ES2015"),
    ("byteLength", get_byte_length, "25.3.4.2", "ES2015"),
    ("byteOffset", get_byte_offset, "25.3.4.3", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %DataView% and %DataView.prototype%."""
    prototype = realm.data_view_prototype = prototype_object(realm)
    realm.data_view = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, prototype, _METHODS)
    define_getters(realm, prototype, _GETTERS)
    define_tag(prototype, "DataView")
