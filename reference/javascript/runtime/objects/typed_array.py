"""ECMA-262 10.4.5: TypedArray exotic objects; 23.2 element types; DataView objects.

`elements_` is what generated code indexes: a host sequence of guest values. Reading it gives the element; assigning
a Number (a BigInt) to an index in bounds writes it, and every other assignment raises a host TypeError or IndexError,
so that the caller turns to the internal method. It is None while the view is out of bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, ClassVar, Final

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.keys import host_name, index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import (
    canonical_numeric_index,
    to_bigint,
    to_number,
)
from lockstep.reference.javascript.runtime.values import ABSENT, BigInt, PropertyKey, Value, undefined


class ElementType:
    """A row of table 73 (23.2): an element type and how its values stand in bytes.

    Attributes:
        name: `Int8` and so on.
        size: bytes per element.
        code: the struct code of its format, without byte order.
        is_bigint: the content type is bigint.
        is_integer: the raw value is a host int.
        convert: 7.1.3 ToNumber or 7.1.13 ToBigInt.
        to_raw: a converted value as what struct packs.
        to_value: what struct unpacks as a language value.
    """

    __slots__ = ("code", "convert", "is_bigint", "is_integer", "name", "size", "to_raw", "to_value")

    def __init__(
        self, name: str, code: str, to_raw: Callable[[Any], Any], to_value: Callable[[Any], Value]
    ) -> None:
        self.name = name
        self.code = code
        self.size = struct.calcsize("<" + code)
        self.is_bigint = name.startswith("Big")
        self.is_integer = not name.startswith("Float")
        self.convert: Callable[[Value], Any] = to_bigint if self.is_bigint else to_number
        self.to_raw = to_raw
        self.to_value = to_value

    def pack(self, value: Any, little_endian: bool = True) -> bytes:
        """25.1.3.17 NumericToRawBytes of a converted value."""
        return struct.pack(("<" if little_endian else ">") + self.code, self.to_raw(value))

    def unpack(self, data: Any, offset: int, little_endian: bool = True) -> Value:
        """25.1.3.14 RawBytesToNumeric."""
        return self.to_value(struct.unpack_from(("<" if little_endian else ">") + self.code, data, offset)[0])


def _integer_bits(number: float) -> int:
    try:
        return int(number)
    except (ValueError, OverflowError):
        return 0


def _modulo(bits: int, signed: bool) -> Callable[[float], int]:
    """7.1.8 to 7.1.11: ToInt8, ToUint8, ToInt16, ToUint16, ToInt32, ToUint32 of a Number."""
    mask = (1 << bits) - 1
    if not signed:
        return lambda number: _integer_bits(number) & mask
    half = 1 << (bits - 1)
    return lambda number: ((_integer_bits(number) + half) & mask) - half


def _bigint_modulo(signed: bool) -> Callable[[BigInt], int]:
    """7.1.15 ToBigInt64 and 7.1.16 ToBigUint64 of a BigInt."""
    mask = (1 << 64) - 1
    if not signed:
        return lambda bigint: bigint.integer & mask
    half = 1 << 63
    return lambda bigint: ((bigint.integer + half) & mask) - half


def _clamp(number: float) -> int:
    """7.1.12 ToUint8Clamp of a Number; the host rounds ties to even too."""
    if not number > 0:
        return 0
    return 255 if number >= 255 else round(number)


def _narrow(code: str, largest: float) -> Callable[[float], float]:
    """What struct can pack in a narrow format: beyond the halfway point after the largest, infinity."""
    packed = struct.Struct("<" + code)

    def convert(number: float) -> float:
        if -largest <= number <= largest:
            return number
        try:
            packed.pack(number)
        except OverflowError:
            return float("inf") if number > 0 else float("-inf")
        return number

    return convert


def _same(number: float) -> float:
    return number


ELEMENT_TYPES: Final = (
    ElementType("Int8", "b", _modulo(8, signed=True), float),
    ElementType("Uint8", "B", _modulo(8, signed=False), float),
    ElementType("Uint8Clamped", "B", _clamp, float),
    ElementType("Int16", "h", _modulo(16, signed=True), float),
    ElementType("Uint16", "H", _modulo(16, signed=False), float),
    ElementType("Int32", "i", _modulo(32, signed=True), float),
    ElementType("Uint32", "I", _modulo(32, signed=False), float),
    ElementType("BigInt64", "q", _bigint_modulo(signed=True), BigInt),
    ElementType("BigUint64", "Q", _bigint_modulo(signed=False), BigInt),
    ElementType("Float16", "e", _narrow("e", 65504.0), _same),
    ElementType("Float32", "f", _narrow("f", 3.4028234663852886e38), _same),
    ElementType("Float64", "d", _same, _same),
)
"""In the order of `intrinsics.TYPED_ARRAYS`."""


# The formats of which the host's memory views give ints in place of the values.
_INTEGERS: Final[Mapping[str, Callable[[memoryview], memoryview[int]]]] = MappingProxyType(
    {
        "b": lambda view: view.cast("b"),
        "B": lambda view: view.cast("B"),
        "h": lambda view: view.cast("h"),
        "H": lambda view: view.cast("H"),
        "i": lambda view: view.cast("i"),
        "I": lambda view: view.cast("I"),
    }
)


class Elements:
    """The elements of a view whose values are not what a host memory view gives."""

    __slots__ = ("_class", "_data", "_length", "_offset", "_size", "_struct", "_to_raw", "_to_value")

    def __init__(self, kind: ElementType, data: Any, offset: int, length: int) -> None:
        self._class = BigInt if kind.is_bigint else float
        self._data = data
        self._offset = offset
        self._length = length
        self._size = kind.size
        self._struct = struct.Struct("<" + kind.code)
        self._to_raw = kind.to_raw
        self._to_value = kind.to_value

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Value:
        if 0 <= index < self._length:
            return self._to_value(self._struct.unpack_from(self._data, self._offset + index * self._size)[0])
        raise IndexError(index)

    def __setitem__(self, index: int, value: Value) -> None:
        if value.__class__ is not self._class:
            raise TypeError(value)
        if not 0 <= index < self._length:
            raise IndexError(index)
        self._struct.pack_into(self._data, self._offset + index * self._size, self._to_raw(value))


class IntegerElements:
    """The elements of a view of integers that a host memory view has as host ints."""

    __slots__ = ("_to_raw", "_view")

    def __init__(self, kind: ElementType, view: memoryview) -> None:
        self._view = _INTEGERS[kind.code](view)
        self._to_raw = kind.to_raw

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, index: int) -> float:
        if index < 0:
            raise IndexError(index)
        return float(self._view[index])

    def __setitem__(self, index: int, value: Value) -> None:
        if value.__class__ is not float:
            raise TypeError(value)
        if index < 0:
            raise IndexError(index)
        try:
            self._view[index] = int(value)
        except (ValueError, OverflowError, TypeError):
            # It is no integer of the type's (PyPy calls that a type), or none at all.
            self._view[index] = self._to_raw(value)


class _NumericName:
    """`Infinity` and `NaN` are numeric indices, not property names; generated code must not find them."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __get__(self, instance: JSObject, owner: type) -> Value:
        raise AttributeError(self.key)

    def __set__(self, instance: JSObject, value: Value) -> None:
        raise AttributeError(self.key)


class JSTypedArray(JSObject):
    """A TypedArray.

    Attributes:
        kind_: its element type.
        buffer_: [[ViewedArrayBuffer]].
        offset_: [[ByteOffset]].
        fixed_length_: [[ArrayLength]], None for auto.
        elements_: the elements, None while the view is out of bounds.
    """

    __slots__ = ("buffer_", "elements_", "fixed_length_", "kind_", "offset_")
    class_name_ = "TypedArray"
    is_exotic_ = True
    virtual_attributes_: ClassVar[dict[str, Any]] = {
        host_name(key): _NumericName(key) for key in ("Infinity", "NaN")
    }
    buffer_: JSArrayBuffer
    elements_: Any
    fixed_length_: int | None
    kind_: ElementType
    offset_: int

    def refresh_(self) -> None:
        """10.4.5.13 TypedArrayLength, of the buffer as it is now."""
        buffer = self.buffer_
        data = buffer.data_
        if data is None:
            self.elements_ = None
            return
        available = buffer.byte_length_() - self.offset_
        kind = self.kind_
        length = self.fixed_length_
        if length is None:
            length = available // kind.size
        if available < 0 or length * kind.size > available:
            self.elements_ = None
        elif length and (kind.code == "d" or (kind.code in _INTEGERS and kind.to_raw is not _clamp)):
            view = memoryview(data)[self.offset_ : self.offset_ + length * kind.size]
            self.elements_ = view.cast("d") if kind.code == "d" else IntegerElements(kind, view)
        else:
            self.elements_ = Elements(kind, data, self.offset_, length)

    def current_elements_(self) -> Any:
        """The elements; for a view that tracks a shared buffer, as other agents have left it."""
        buffer = self.buffer_
        if buffer.shared_ is not None and buffer.max_length_ is not None and self.fixed_length_ is None:
            self.refresh_()
        return self.elements_

    def is_out_of_bounds_(self) -> bool:
        """10.4.5.14 IsTypedArrayOutOfBounds."""
        return self.elements_ is None

    def length_(self) -> int:
        """10.4.5.13 TypedArrayLength; 0 where it is out of bounds."""
        elements = self.current_elements_()
        return 0 if elements is None else len(elements)

    def iteration_length_(self) -> int:
        """23.1.5.1 CreateArrayIterator, step 1.b.i: the length, if the view is not out of bounds."""
        if self.is_out_of_bounds_():
            raise type_error("Cannot iterate a TypedArray that is out of bounds or detached")
        return self.length_()

    def is_valid_index_(self, index: float) -> bool:
        """10.4.5.15 IsValidIntegerIndex."""
        if not 0 <= index < self.length_() or index != int(index):
            return False
        return index != 0 or str(index) == "0.0"

    def get_element_(self, index: float) -> Value:
        """10.4.5.16 TypedArrayGetElement."""
        return self.elements_[int(index)] if self.is_valid_index_(index) else undefined

    def set_element_(self, index: float, value: Value) -> None:
        """10.4.5.17 TypedArraySetElement."""
        # Steps 1 and 2: the conversion may run user code, so it comes first.
        converted = self.kind_.convert(value)
        # Step 3.
        if self.is_valid_index_(index) and not self.buffer_.is_immutable_():
            self.elements_[int(index)] = converted

    # 10.4.5.1
    def prevent_extensions(self) -> bool:
        """See JSObject."""
        if self.fixed_length_ is None:
            return False
        buffer = self.buffer_
        if buffer.max_length_ is not None and buffer.shared_ is None:
            return False
        return super().prevent_extensions()

    # 10.4.5.2
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        index = canonical_numeric_index(key)
        if index is None:
            return super().get_own_property(key)
        value = self.get_element_(index)
        if value is undefined:
            return None
        mutable = not self.buffer_.is_immutable_()
        return Property(value, mutable, True, mutable)

    # 10.4.5.3
    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        index = canonical_numeric_index(key)
        return super().has_property(key) if index is None else self.is_valid_index_(index)

    # 10.4.5.4
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        index = canonical_numeric_index(key)
        if index is None:
            return super().define_own_property(key, descriptor)
        mutable = not self.buffer_.is_immutable_()
        if (
            not self.is_valid_index_(index)
            or descriptor.configurable is (not mutable)
            or descriptor.enumerable is False
            or descriptor.is_accessor
            or descriptor.writable is (not mutable)
        ):
            return False
        if descriptor.value is not ABSENT:
            if not mutable:
                return same_value(descriptor.value, self.get_element_(index))
            self.set_element_(index, descriptor.value)
        return True

    # 10.4.5.5
    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        index = canonical_numeric_index(key)
        return super().get_value(key, receiver) if index is None else self.get_element_(index)

    # 10.4.5.6
    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        index = canonical_numeric_index(key)
        if index is not None:
            if receiver is self:
                if self.buffer_.is_immutable_() and self.is_valid_index_(index):
                    return False
                self.set_element_(index, value)
                return True
            if not self.is_valid_index_(index):
                return True
        return super().set_value(key, value, receiver)

    # 10.4.5.7
    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        index = canonical_numeric_index(key)
        return super().delete_property(key) if index is None else not self.is_valid_index_(index)

    @property
    def index_count_(self) -> int:  # type: ignore[override]
        """See JSObject."""
        return self.length_()

    # 10.4.5.8
    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        return [index_key(index) for index in range(self.length_())] + super().own_property_keys()


class JSDataView(JSObject):
    """A DataView.

    Attributes:
        buffer_: [[ViewedArrayBuffer]].
        offset_: [[ByteOffset]].
        fixed_length_: [[ByteLength]], None for auto.
    """

    __slots__ = ("buffer_", "fixed_length_", "offset_")
    class_name_ = "DataView"
    buffer_: JSArrayBuffer
    fixed_length_: int | None
    offset_: int

    def byte_length_(self) -> int | None:
        """25.3.1.3 GetViewByteLength; None where 25.3.1.4 IsViewOutOfBounds."""
        buffer = self.buffer_
        if buffer.data_ is None:
            return None
        available = buffer.byte_length_() - self.offset_
        length = available if self.fixed_length_ is None else self.fixed_length_
        return None if available < 0 or length > available else length
