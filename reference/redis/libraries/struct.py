"""`struct`: packing values into bytes (Roberto Ierusalimschy's library as Redis ships it)."""

from __future__ import annotations

import struct
from math import isnan

from lockstep.reference.lua.runtime.arguments import (
    argument_error,
    check_number,
    check_string,
    optional_integer,
)
from lockstep.reference.lua.runtime.library.registration import Functions, functions_of, rows
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Results, Value

LUA_LIBRARY = True
_LARGEST_SIZE = 32
_LARGEST_ALIGNMENT = 8
_LARGEST_INT = 2147483647
_WORD = (1 << 64) - 1
_EXACT = 1 << 53
_SIZES = {"b": 1, "B": 1, "h": 2, "H": 2, "l": 8, "L": 8, "T": 8, "f": 4, "d": 8, "x": 1}
_INTEGERS = frozenset("bBhHlLTiI")


class _Format:
    """A format string while it is read: byte order, alignment, position."""

    def __init__(self, state: State, text: str) -> None:
        self.state = state
        self.text = text
        self.at = 0
        self.big = False
        self.alignment = 1

    def number(self, default: int) -> int:
        """The number here, or `default`."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "0123456789":
            self.at += 1
            if int(self.text[start : self.at]) > _LARGEST_INT:
                runtime_error("integral size overflow", 1)
        return int(self.text[start : self.at]) if self.at > start else default

    def option(self) -> tuple[str, int]:
        """The next option and its size; 0 for one without a size of its own."""
        letter = self.text[self.at]
        self.at += 1
        if letter == "c":
            return letter, self.number(1)
        if letter in "iI":
            size = self.number(4)
            if size > _LARGEST_SIZE:
                runtime_error(f"integral size {size} is larger than limit of {_LARGEST_SIZE}", 1)
            return letter, size
        return letter, _SIZES.get(letter, 0)

    def padding(self, length: int, option: str, size: int) -> int:
        """Bytes before an option of `size` after `length` bytes."""
        if size == 0 or option == "c":
            return 0
        size = min(size, self.alignment)
        return (size - (length & (size - 1))) & (size - 1)

    def control(self, letter: str) -> None:
        """An option that stands for no value."""
        if letter == " ":
            return
        if letter in "<>":
            self.big = letter == ">"
        elif letter == "!":
            alignment = self.number(_LARGEST_ALIGNMENT)
            if alignment == 0 or alignment & (alignment - 1):
                runtime_error(f"alignment {alignment} is not a power of 2", 1)
            self.alignment = alignment
        else:
            argument_error(self.state, 1, f"invalid format option '{letter}'")

    @property
    def more(self) -> bool:
        """Whether options are left."""
        return self.at < len(self.text) and self.text[self.at] != "\0"


def _integer_bytes(value: float, size: int, big: bool) -> bytes:
    if isnan(value):
        word = 1 << 63
    elif abs(value) >= 1 << 64 or value < -(1 << 63):
        word = 0 if value > 0 else 1 << 63
    else:
        word = int(value)
    data = (word & _WORD).to_bytes(8, "little")
    data = data[:size] + b"\0" * (size - 8)
    return data[::-1] if big else data


def lua_pack(state: State, *arguments: Value) -> Results:
    """`struct.pack(format, ...)`."""
    layout = _Format(state, check_string(state, arguments, 1))
    # A nil ends the arguments, as in the C library: what is missing is nil.
    arguments = (*arguments, None)
    position = 2
    result = bytearray()
    while layout.more:
        option, size = layout.option()
        result += b"\0" * layout.padding(len(result), option, size)
        if option in _INTEGERS:
            result += _integer_bytes(check_number(state, arguments, position), size, layout.big)
            position += 1
        elif option == "x":
            result += b"\0"
        elif option in "fd":
            number = check_number(state, arguments, position)
            result += _float_bytes((">" if layout.big else "<") + option, float(number))
            position += 1
        elif option in "cs":
            text = check_string(state, arguments, position)
            position += 1
            size = size or len(text)
            if len(text) < size:
                argument_error(state, position, "string too short")
            result += text[:size].encode("latin-1")
            if option == "s":
                result += b"\0"
        else:
            layout.control(option)
        if state.budget.memory is not None:
            state.budget.allocate(len(result))
    return result.decode("latin-1")


def _float_bytes(layout: str, number: float) -> bytes:
    try:
        return struct.pack(layout, number)
    except OverflowError:
        return struct.pack(layout, float("inf") if number > 0 else float("-inf"))


def _integer_from(data: bytes, big: bool, signed: bool) -> int | float:
    size = len(data)
    word = int.from_bytes(data, "big" if big else "little") & _WORD
    if signed and size:
        mask = _WORD << ((size * 8 - 1) & 63) & _WORD
        if word & mask:
            word |= mask
        if word >> 63:
            word -= 1 << 64
    return word if -_EXACT <= word <= _EXACT else float(word)


def lua_unpack(state: State, *arguments: Value) -> Results:
    """`struct.unpack(format, data, position)`: the values and the position after them."""
    layout = _Format(state, check_string(state, arguments, 1))
    data = check_string(state, arguments, 2).encode("latin-1")
    position = optional_integer(state, arguments, 3, 1)
    if position <= 0:
        argument_error(state, 3, "offset must be 1 or greater")
    position -= 1
    results: list[Value] = []
    while layout.more:
        option, size = layout.option()
        position += layout.padding(position, option, size)
        _check_length(state, data, position, size)
        if option in _INTEGERS:
            piece = data[position : position + size]
            results.append(_integer_from(piece, layout.big, option.islower()))
        elif option in ("f", "d"):
            number = struct.unpack_from((">" if layout.big else "<") + option, data, position)[0]
            exact = abs(number) <= _EXACT and number == int(number) and number != 0
            results.append(int(number) if exact or (number == 0 and str(number) == "0.0") else number)
        elif option == "c":
            if size == 0:
                previous = results.pop() if results else None
                if not isinstance(previous, (int, float)):
                    runtime_error("format 'c0' needs a previous size", 1)
                size = int(previous)
                _check_length(state, data, position, size)
            results.append(data[position : position + size].decode("latin-1"))
        elif option == "s":
            end = data.find(b"\0", position)
            if end < 0:
                runtime_error("unfinished string in data", 1)
            results.append(data[position:end].decode("latin-1"))
            size = end - position + 1
        elif option != "x":
            layout.control(option)
        position += size
    return [*results, position + 1]


def _check_length(state: State, data: bytes, position: int, size: int) -> None:
    if size < 0 or size > len(data) or position > len(data) - size:
        argument_error(state, 2, "data string too short")


def lua_size(state: State, *arguments: Value) -> Results:
    """`struct.size(format)`."""
    layout = _Format(state, check_string(state, arguments, 1))
    length = 0
    while layout.more:
        option, size = layout.option()
        length += layout.padding(length, option, size)
        if option == "s":
            argument_error(state, 1, "option 's' has no fixed size")
        elif option == "c" and size == 0:
            argument_error(state, 1, "option 'c0' has no fixed size")
        if not option.isalnum():
            layout.control(option)
        length += size
    return length


ROWS = rows(
    ("pack", lua_pack, 1, "lua-api", "2.6.0"),
    ("unpack", lua_unpack, 3, "lua-api", "2.6.0"),
    ("size", lua_size, 1, "lua-api", "2.6.0"),
)
FUNCTIONS: Functions = functions_of(ROWS)
