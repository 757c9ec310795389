"""`cmsgpack`: MessagePack (lua-cmsgpack 0.4.0 as Redis ships it)."""

from __future__ import annotations

import struct

from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.runtime.arguments import (
    argument_error,
    check_integer,
    check_string,
    optional_integer,
)
from lockstep.reference.lua.runtime.library.registration import Functions, functions_of, rows
from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    TRUE,
    InvalidKeyError,
    LuaBoolean,
    Results,
    Table,
    Value,
    raw_set,
)
from lockstep.reference.redis.libraries.cjson import entries

LUA_LIBRARY = True
_DEEPEST = 16
_EXACT = 1 << 53

CONSTANTS = {
    "_NAME": "cmsgpack",
    "_VERSION": "lua-cmsgpack 0.4.0",
    "_COPYRIGHT": "Copyright (C) 2012, Salvatore Sanfilippo",
    "_DESCRIPTION": "MessagePack C implementation for Lua",
}


# Packing


def _packed(value: Value, depth: int, parts: list[bytes], budget: Budget) -> None:
    if type(value) is str:
        data = value.encode("latin-1")
        parts.append(_head(len(data), 0xA0, 32, (0xD9, 0xDA, 0xDB)) + data)
    elif type(value) is int:
        parts.append(_integer(value))
    elif type(value) is float:
        parts.append(_number(value))
    elif type(value) is LuaBoolean:
        parts.append(b"\xc3" if value is TRUE else b"\xc2")
    elif isinstance(value, Table) and depth < _DEEPEST:
        _table(value, depth, parts, budget)
    else:
        parts.append(b"\xc0")


def _head(size: int, fixed: int, below: int, marks: tuple[int, int, int]) -> bytes:
    """The first bytes of a string, array or map of `size`."""
    if size < below:
        return bytes((fixed | size,))
    if marks[0] and size <= 0xFF:
        return bytes((marks[0], size))
    if size <= 0xFFFF:
        return struct.pack(">BH", marks[1], size)
    return struct.pack(">BI", marks[2], size)


_INTEGERS = (
    (0, 0x7F, ">B", None),
    (-32, -1, ">b", None),
    (0x80, 0xFF, ">BB", 0xCC),
    (0x100, 0xFFFF, ">BH", 0xCD),
    (0x10000, 0xFFFFFFFF, ">BI", 0xCE),
    (0x100000000, (1 << 64) - 1, ">BQ", 0xCF),
    (-128, -33, ">Bb", 0xD0),
    (-32768, -129, ">Bh", 0xD1),
    (-2147483648, -32769, ">Bi", 0xD2),
    (-(1 << 63), -2147483649, ">Bq", 0xD3),
)


def _integer(value: int) -> bytes:
    for least, most, layout, mark in _INTEGERS:
        if least <= value <= most:
            return struct.pack(layout, value) if mark is None else struct.pack(layout, mark, value)
    raise AssertionError(value)


def _number(value: float) -> bytes:
    if -9223372036854775808.0 <= value < 9223372036854775808.0 and value == int(value):
        return _integer(int(value))
    try:
        short = struct.pack(">Bf", 0xCA, value)
    except OverflowError:
        return struct.pack(">Bd", 0xCB, value)
    if struct.unpack(">f", short[1:])[0] == value:
        return short
    return struct.pack(">Bd", 0xCB, value)


def _table(table: Table, depth: int, parts: list[bytes], budget: Budget) -> None:
    items = entries(table)
    budget.take(1 + len(items))
    length = _array_length(items)
    if length >= 0:
        parts.append(_head(length, 0x90, 16, (0, 0xDC, 0xDD)))
        by_position = dict(items)
        for position in range(1, length + 1):
            _packed(by_position[position], depth + 1, parts, budget)
        return
    parts.append(_head(len(items), 0x80, 16, (0, 0xDE, 0xDF)))
    for key, value in items:
        _packed(key, depth + 1, parts, budget)
        _packed(value, depth + 1, parts, budget)


def _array_length(items: list[tuple[Value, Value]]) -> int:
    """The length where the keys are 1 to n, else -1."""
    largest = 0
    for key, _ in items:
        if type(key) is not int or key <= 0:
            return -1
        largest = max(largest, key)
    return largest if largest == len(items) else -1


# Unpacking


class _Reader:
    """Reads values from bytes."""

    def __init__(self, data: bytes, position: int, budget: Budget) -> None:
        self.budget = budget
        self.data = data
        self.position = position

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            runtime_error("Missing bytes in input.", 1)
        piece = self.data[self.position : end]
        self.position = end
        return piece

    def number(self, layout: str, size: int) -> int:
        value: int = struct.unpack(layout, self.take(size))[0]
        return value

    def value(self) -> Value:
        mark = self.take(1)[0]
        if mark < 0x80:
            return mark
        if mark >= 0xE0:
            return mark - 256
        if 0xA0 <= mark < 0xC0:
            return self.take(mark & 31).decode("latin-1")
        if 0x90 <= mark < 0xA0:
            return self.array(mark & 15)
        if mark < 0x90:
            return self.map(mark & 15)
        if mark in _CONSTANTS:
            return _CONSTANTS[mark]
        if mark in _NUMBERS:
            layout, size = _NUMBERS[mark]
            return _as_number(struct.unpack(layout, self.take(size))[0])
        if mark in _SIZES:
            layout, width, kind = _SIZES[mark]
            count = self.number(layout, width)
            if kind == "string":
                return self.take(count).decode("latin-1")
            return self.array(count) if kind == "array" else self.map(count)
        return runtime_error("Bad data format in input.", 1)

    def array(self, count: int) -> Table:
        self.budget.take(1 + min(count, len(self.data)))
        table = Table()
        store_list(table, [None, *(self.value() for _ in range(count))])
        return table

    def map(self, count: int) -> Table:
        self.budget.take(1 + min(count, len(self.data)))
        table = Table()
        for _ in range(count):
            key = self.value()
            value = self.value()
            try:
                raw_set(table, key, value)
            except InvalidKeyError as error:
                runtime_error(f"table {error}", 0)
        return table


_CONSTANTS = {0xC0: None, 0xC2: FALSE, 0xC3: TRUE}
# 64 bits without a sign come back with one, as in the C library.
_NUMBERS = {
    0xCC: (">B", 1),
    0xCD: (">H", 2),
    0xCE: (">I", 4),
    0xCF: (">q", 8),
    0xD0: (">b", 1),
    0xD1: (">h", 2),
    0xD2: (">i", 4),
    0xD3: (">q", 8),
    0xCA: (">f", 4),
    0xCB: (">d", 8),
}
_SIZES = {
    0xD9: (">B", 1, "string"),
    0xDA: (">H", 2, "string"),
    0xDB: (">I", 4, "string"),
    0xDC: (">H", 2, "array"),
    0xDD: (">I", 4, "array"),
    0xDE: (">H", 2, "map"),
    0xDF: (">I", 4, "map"),
}


def _as_number(value: float) -> int | float:
    if type(value) is int:
        return value if -_EXACT <= value <= _EXACT else float(value)
    if -_EXACT <= value <= _EXACT and value == int(value) and (value or str(value)[0] != "-"):
        return int(value)
    return value


def _unpacked(state: State, arguments: tuple[Value, ...], limit: int, offset: int) -> Results:
    data = check_string(state, arguments, 1).encode("latin-1")
    size = len(data)
    if offset < 0 or limit < 0:
        runtime_error(f"Invalid request to unpack with offset of {offset} and limit of {size}.", 1)
    if offset > size:
        runtime_error(f"Start offset {offset} greater than input length {size}.", 1)
    everything = limit == 0 and offset == 0
    reader = _Reader(data, offset, state.budget)
    results: list[Value] = []
    while reader.position < size and (everything or len(results) < limit):
        results.append(reader.value())
    if everything:
        return results
    return [-1 if reader.position == size else reader.position, *results]


def lua_pack(state: State, *arguments: Value) -> Results:
    """`cmsgpack.pack(...)`: the values, one after another."""
    if not arguments:
        argument_error(state, 0, "MessagePack pack needs input.")
    parts: list[bytes] = []
    for value in arguments:
        _packed(value, 0, parts, state.budget)
    result = b"".join(parts).decode("latin-1")
    if state.budget.memory is not None:
        state.budget.allocate(len(result))
    return result


def lua_unpack(state: State, *arguments: Value) -> Results:
    """`cmsgpack.unpack(data)`: all values."""
    return _unpacked(state, arguments, 0, 0)


def lua_unpack_one(state: State, *arguments: Value) -> Results:
    """`cmsgpack.unpack_one(data, offset)`: the next offset (-1 at the end) and one value."""
    check_string(state, arguments, 1)
    return _unpacked(state, arguments, 1, optional_integer(state, arguments, 2, 0))


def lua_unpack_limit(state: State, *arguments: Value) -> Results:
    """`cmsgpack.unpack_limit(data, limit, offset)`: the next offset (-1 at the end) and the values."""
    check_string(state, arguments, 1)
    limit = check_integer(state, arguments, 2)
    return _unpacked(state, arguments, limit, optional_integer(state, arguments, 3, 0))


ROWS = rows(
    ("pack", lua_pack, 0, "lua-api", "2.6.0"),
    ("unpack", lua_unpack, 1, "lua-api", "2.6.0"),
    ("unpack_one", lua_unpack_one, 2, "lua-api", "2.8.18"),
    ("unpack_limit", lua_unpack_limit, 3, "lua-api", "2.8.18"),
)
FUNCTIONS: Functions = functions_of(ROWS)
