"""The numbers in buffers: `readUInt16LE`, `writeDoubleBE` and their kin."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Callable, Final, Literal

from lockstep.reference.javascript.host.definition import add_functions, coded_error, wrong_type
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_number
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

ByteOrder = Literal["little", "big"]
_BYTE_ORDERS: tuple[tuple[str, ByteOrder], ...] = (("LE", "little"), ("BE", "big"))
_KINDS: Final = (
    ("UInt8", "B", ("",)),
    ("Int8", "b", ("",)),
    ("UInt16", "H", ("LE", "BE")),
    ("Int16", "h", ("LE", "BE")),
    ("UInt32", "I", ("LE", "BE")),
    ("Int32", "i", ("LE", "BE")),
    ("Float", "f", ("LE", "BE")),
    ("Double", "d", ("LE", "BE")),
    ("BigUInt64", "Q", ("LE", "BE")),
    ("BigInt64", "q", ("LE", "BE")),
)
_LONGEST = 6


class _Numbers:
    """Reads and writes of one realm's buffers."""

    def __init__(self, realm: Realm, own: Callable[[Value], JSTypedArray]) -> None:
        self.realm = realm
        self.own = own

    def place(self, view: JSTypedArray, offset: Value, size: int) -> int:
        """Where a number of so many bytes stands, in the whole block."""
        if offset is undefined:
            offset = 0.0
        if offset.__class__ is not float:
            raise wrong_type(self.realm, 'The "offset" argument', "of type number", offset)
        number = to_number(offset)
        last = view.length_() - size
        if number != int(number) if abs(number) < float("inf") else True:
            raise self.out_of_range("offset", "an integer", offset)
        if last < 0:
            raise coded_error(
                self.realm,
                "RangeError",
                "ERR_BUFFER_OUT_OF_BOUNDS",
                "Attempt to access memory outside buffer bounds",
            )
        if not 0 <= number <= last:
            raise self.out_of_range("offset", f">= 0 and <= {last}", offset)
        return int(view.offset_ + number)

    def out_of_range(self, name: str, wanted: str, value: Value) -> ThrowCompletion:
        """ERR_OUT_OF_RANGE."""
        shown = inspect(self.realm, value, numericSeparator=True)
        return coded_error(
            self.realm,
            "RangeError",
            "ERR_OUT_OF_RANGE",
            f'The value of "{name}" is out of range. It must be {wanted}. Received {shown}',
        )

    def reader(self, code: str, order: str) -> Callable[..., Value]:
        """Reads one kind of number."""
        packed = struct.Struct(order + code)
        made = BigInt if code in "qQ" else float

        def read(this: Value, offset: Value = undefined, *_rest: Value) -> Value:
            view = self.own(this)
            at = self.place(view, offset, packed.size)
            return made(packed.unpack_from(view.buffer_.data_, at)[0])

        return read

    def writer(self, code: str, order: str) -> Callable[..., Value]:
        """Writes one kind of number."""
        packed = struct.Struct(order + code)
        bits = 8 * packed.size
        low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if code.islower() else (0, (1 << bits) - 1)

        def write(this: Value, value: Value = undefined, offset: Value = undefined, *_rest: Value) -> float:
            view = self.own(this)
            number: Value
            if code in "qQ":
                if not isinstance(value, BigInt):
                    raise wrong_type(self.realm, 'The "value" argument', "of type bigint", value)
                number = value.integer
                if not low <= number <= high:
                    wanted = (
                        f">= 0n and < 2n ** {bits}n"
                        if low == 0
                        else f">= -(2n ** {bits - 1}n) and < 2n ** {bits - 1}n"
                    )
                    raise self.out_of_range("value", wanted, value)
            else:
                number = to_number(value)
                if code not in "fd":
                    if not low <= number <= high:
                        raise self.out_of_range("value", _span(low, high, bits), value)
                    number = 0 if math.isnan(number) else int(number)
            at = self.place(view, offset, packed.size)
            try:
                packed.pack_into(view.buffer_.data_, at, number)
            except OverflowError:
                packed.pack_into(view.buffer_.data_, at, float("inf") if number > 0 else float("-inf"))
            return float(at - view.offset_ + packed.size)

        return write

    def long_reader(self, *, signed: bool, order: ByteOrder) -> Callable[..., Value]:
        """`readIntLE` and its kin, of one to six bytes."""

        def read(this: Value, offset: Value = undefined, length: Value = undefined, *_rest: Value) -> float:
            view = self.own(this)
            size = self.size(length)
            at = self.place(view, offset, size)
            return float(int.from_bytes(view.buffer_.data_[at : at + size], order, signed=signed))

        return read

    def long_writer(self, *, signed: bool, order: ByteOrder) -> Callable[..., Value]:
        """`writeIntLE` and its kin."""

        def write(
            this: Value,
            value: Value = undefined,
            offset: Value = undefined,
            length: Value = undefined,
            *_rest: Value,
        ) -> float:
            view = self.own(this)
            size = self.size(length)
            number = to_number(value)
            bits = 8 * size
            low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
            if not low <= number <= high:
                raise self.out_of_range("value", _span(low, high, bits), value)
            at = self.place(view, offset, size)
            view.buffer_.data_[at : at + size] = int(number).to_bytes(size, order, signed=signed)
            return float(at - view.offset_ + size)

        return write

    def size(self, length: Value) -> int:
        """How many bytes."""
        if length.__class__ is not float:
            raise wrong_type(self.realm, 'The "byteLength" argument', "of type number", length)
        number = to_number(length)
        if number not in range(1, _LONGEST + 1):
            raise self.out_of_range("byteLength", f">= 1 and <= {_LONGEST}", length)
        return int(number)


def _span(low: int, high: int, bits: int) -> str:
    if bits <= 32:
        return f">= {low} and <= {high}"
    if low == 0:
        return f">= 0 and < 2 ** {bits}"
    return f">= -(2 ** {bits - 1}) and < 2 ** {bits - 1}"


def add_numbers(realm: Realm, prototype: JSObject, own: Callable[[Value], JSTypedArray]) -> None:
    """Add the methods to the prototype of buffers."""
    numbers = _Numbers(realm, own)
    rows: list[tuple[str, Callable[..., Value], int]] = []
    for name, code, orders in _KINDS:
        for order in orders:
            mark = ">" if order == "BE" else "<"
            spellings = (name, name.replace("UInt", "Uint")) if "UInt" in name else (name,)
            read, write = numbers.reader(code, mark), numbers.writer(code, mark)
            for one in spellings:
                rows.append((f"read{one}{order}", read, 1))
                rows.append((f"write{one}{order}", write, 2))
    for name, signed in (("UInt", False), ("Uint", False), ("Int", True)):
        for ending, order in _BYTE_ORDERS:
            rows.append((f"read{name}{ending}", numbers.long_reader(signed=signed, order=order), 2))
            rows.append((f"write{name}{ending}", numbers.long_writer(signed=signed, order=order), 3))
    add_functions(realm, prototype, rows)
