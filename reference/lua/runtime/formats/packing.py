"""`string.pack` and its fellows (manual 6.4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal, NamedTuple

from lockstep.reference.lua.runtime.arguments import argument_error, check_integer, check_number, check_string
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Value

_MAX_INTEGER = 16
_NATIVE_ALIGNMENT = 8
_SIZES = {"b": 1, "h": 2, "i": 4, "l": 8, "j": 8, "t": 8}
_MAX_SIZE = (1 << 63) - 1
_STRING_LIMIT = 0x7FFFFFFF
_LARGE = 1 << 15
# So many options are read for one step.
_OPTIONS_OF_STEP = 4

Order = Literal["little", "big"]


class Option(NamedTuple):
    """One option of a format: `kind` is int, uint, float, char, string, zero, padding, align or none."""

    kind: str
    size: int
    padding: int
    little: bool


class Format:
    """Reads a format string option by option."""

    def __init__(self, state: State, text: str) -> None:
        self.state = state
        self.text = text
        self.at = 0
        self.little = True
        self.alignment = 1
        self.total = 0

    def _digits(self, default: int) -> int:
        text = self.text
        if not (self.at < len(text) and text[self.at].isdigit()):
            return default
        value = 0
        while self.at < len(text) and text[self.at].isdigit() and value <= (_STRING_LIMIT - 9) // 10:
            value = value * 10 + int(text[self.at])
            self.at += 1
        return value

    def _limited(self, default: int) -> int:
        size = self._digits(default)
        if size > _MAX_INTEGER or size <= 0:
            runtime_error(f"integral size ({size}) out of limits [1,{_MAX_INTEGER}]", 1)
        return size

    def _single(self) -> tuple[str, int]:
        letter = self.text[self.at]
        self.at += 1
        if letter in "bhlj":
            return "int", _SIZES[letter]
        if letter in "BHLJT":
            return "uint", _SIZES[letter.lower()]
        if letter == "i":
            return "int", self._limited(4)
        if letter == "I":
            return "uint", self._limited(4)
        if letter == "f":
            return "float", 4
        if letter in "dn":
            return "float", 8
        if letter == "s":
            return "string", self._limited(8)
        if letter == "c":
            size = self._digits(-1)
            if size == -1:
                runtime_error("missing size for format option 'c'", 1)
            return "char", size
        if letter == "z":
            return "zero", 0
        if letter == "x":
            return "padding", 1
        if letter == "X":
            return "align", 0
        if letter == " ":
            return "none", 0
        if letter in "<=":
            self.little = True
        elif letter == ">":
            self.little = False
        elif letter == "!":
            self.alignment = self._limited(_NATIVE_ALIGNMENT)
        else:
            runtime_error(f"invalid format option '{letter}'", 1)
        return "none", 0

    def options(self) -> Iterator[Option]:
        """Every option; `total`, which the receiver advances, is where the next one is aligned from."""
        self.state.budget.take(len(self.text) // _OPTIONS_OF_STEP)
        while self.at < len(self.text):
            kind, size = self._single()
            align = size
            if kind == "align":
                if self.at >= len(self.text):
                    argument_error(self.state, 1, "invalid next option for option 'X'")
                kind_after, align = self._single()
                if kind_after == "char" or align == 0:
                    argument_error(self.state, 1, "invalid next option for option 'X'")
                size = 0
            padding = 0
            if kind in ("int", "uint", "float", "align", "string"):
                align = min(align, self.alignment)
                if align > 1:
                    if align & (align - 1):
                        argument_error(self.state, 1, "format asks for alignment not power of 2")
                    padding = (align - (self.total & (align - 1))) & (align - 1)
            yield Option(kind, size, padding, self.little)


def pack(state: State, arguments: tuple[Value, ...]) -> str:
    """`string.pack(fmt, v1, v2, ...)`."""
    parts: list[bytes] = []
    number = 1
    reader = Format(state, check_string(state, arguments, 1))
    # The reference implementation keeps a nil behind the arguments, which shows in its messages.
    arguments = (*arguments, None)
    for option in reader.options():
        parts.append(b"\0" * option.padding)
        reader.total += option.padding
        kind = option.kind
        order: Order = "little" if option.little else "big"
        if kind in ("none", "align"):
            continue
        if kind == "padding":
            piece = b"\0"
        else:
            number += 1
            piece = _packed(state, arguments, number, option, order)
        parts.append(piece)
        reader.total += len(piece)
        if len(piece) > _LARGE:
            state.budget.allocate(2 * reader.total)
    return b"".join(parts).decode("latin-1")


def _packed(state: State, arguments: tuple[Value, ...], number: int, option: Option, order: Order) -> bytes:
    kind, size = option.kind, option.size
    if kind in ("int", "uint"):
        value = check_integer(state, arguments, number)
        if size < 8:
            limit = 1 << (size * 8 - 1)
            if kind == "int" and not -limit <= value < limit:
                argument_error(state, number, "integer overflow")
            if kind == "uint" and not 0 <= value < 2 * limit:
                argument_error(state, number, "unsigned overflow")
        if kind == "uint" and size > 8:
            value &= 0xFFFFFFFFFFFFFFFF if value >= 0 else (1 << (8 * size)) - 1
        return (value & ((1 << (8 * size)) - 1)).to_bytes(size, order)
    if kind == "float":
        number_value = float(check_number(state, arguments, number))
        mark = "<" if option.little else ">"
        if size == 8:
            return struct.pack(mark + "d", number_value)
        try:
            return struct.pack(mark + "f", number_value)
        except OverflowError:
            return struct.pack(mark + "f", float("inf") if number_value > 0 else float("-inf"))
    text = check_string(state, arguments, number)
    data = text.encode("latin-1")
    if kind == "char":
        if len(data) > size:
            argument_error(state, number, "string longer than given size")
        state.budget.allocate(size)
        return data.ljust(size, b"\0")
    if kind == "string":
        if size < 8 and len(data) >= 1 << (8 * size):
            argument_error(state, number, "string length does not fit in given size")
        return len(data).to_bytes(size, order) + data
    if b"\0" in data:
        argument_error(state, number, "string contains zeros")
    return data + b"\0"


def pack_size(state: State, arguments: tuple[Value, ...]) -> int:
    """`string.packsize(fmt)`."""
    reader = Format(state, check_string(state, arguments, 1))
    for option in reader.options():
        if option.kind in ("string", "zero"):
            argument_error(state, 1, "variable-length format")
        reader.total += option.padding + option.size
        if reader.total > _STRING_LIMIT:
            argument_error(state, 1, "format result too large")
    return reader.total


def unpack(state: State, arguments: tuple[Value, ...]) -> list[Value]:
    """`string.unpack(fmt, s, pos)`."""
    template = check_string(state, arguments, 1)
    data = check_string(state, arguments, 2).encode("latin-1")
    size = len(data)
    start = check_integer(state, arguments, 3) if len(arguments) > 2 and arguments[2] is not None else 1
    if start < 0:
        start += size + 1
    at = max(start, 1) - 1  # what lies before the start is the start (`posrelatI`)
    if at > size:
        argument_error(state, 3, "initial position out of string")
    results: list[Value] = []
    reader = Format(state, template)
    reader.total = at
    for option in reader.options():
        padding = option.padding
        if padding + option.size > size - at:
            argument_error(state, 2, "data string too short")
        at += padding
        kind = option.kind
        order: Order = "little" if option.little else "big"
        if kind in ("int", "uint"):
            results.append(_unpacked_integer(data[at : at + option.size], kind == "int", order, option.size))
        elif kind == "float":
            mark = ("<" if option.little else ">") + ("d" if option.size == 8 else "f")
            results.append(struct.unpack(mark, data[at : at + option.size])[0])
        elif kind == "char":
            results.append(data[at : at + option.size].decode("latin-1"))
        elif kind == "string":
            length = int.from_bytes(data[at : at + option.size], order)
            if length > size - at - option.size:
                argument_error(state, 2, "data string too short")
            begin = at + option.size
            results.append(data[begin : begin + length].decode("latin-1"))
            at += length
        elif kind == "zero":
            end = data.find(b"\0", at)
            if end < 0:
                argument_error(state, 2, "unfinished string for format 'z'")
            results.append(data[at:end].decode("latin-1"))
            at = end + 1
        at += option.size
        reader.total = at
    results.append(at + 1)
    return results


def _unpacked_integer(data: bytes, signed: bool, order: Order, size: int) -> int:
    value = int.from_bytes(data, order)
    if size <= 8:
        if signed and value >= 1 << (8 * size - 1):
            value -= 1 << (8 * size)
        return value - (1 << 64) if value >= 1 << 63 else value
    low = value & 0xFFFFFFFFFFFFFFFF
    high = value >> 64
    low_signed = low - (1 << 64) if low >= 1 << 63 else low
    fits = high == 0 or (signed and low_signed < 0 and high == (1 << (8 * size - 64)) - 1)
    if not fits:
        runtime_error(f"{size}-byte integer does not fit into Lua Integer", 1)
    return low_signed
