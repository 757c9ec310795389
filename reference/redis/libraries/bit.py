"""`bit`: operations on the 32 bits of a number (Lua BitOp 1.0.2)."""

from __future__ import annotations

import struct

from lockstep.reference.lua.runtime.arguments import check_integer, check_number
from lockstep.reference.lua.runtime.library.registration import Functions, functions_of, rows
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Results, Value

LUA_LIBRARY = True
_MASK = 0xFFFFFFFF
# 2^52 + 2^51: a double to which it was added has the nearest integer in its low bits.
_ROUNDER = 6755399441055744.0


def _signed(bits: int) -> int:
    bits &= _MASK
    return bits - (1 << 32) if bits & 0x80000000 else bits


def _bits(state: State, arguments: tuple[Value, ...], position: int) -> int:
    number = check_number(state, arguments, position)
    if type(number) is int:
        return number & _MASK
    bits: int = struct.unpack("<q", struct.pack("<d", number + _ROUNDER))[0]
    return bits & _MASK


def lua_tobit(state: State, *arguments: Value) -> Results:
    """`bit.tobit(x)`: the number as 32 bits with a sign."""
    return _signed(_bits(state, arguments, 1))


def lua_bnot(state: State, *arguments: Value) -> Results:
    """`bit.bnot(x)`."""
    return _signed(~_bits(state, arguments, 1))


def lua_band(state: State, *arguments: Value) -> Results:
    """`bit.band(x1, ...)`."""
    result = _bits(state, arguments, 1)
    for position in range(2, len(arguments) + 1):
        result &= _bits(state, arguments, position)
    return _signed(result)


def lua_bor(state: State, *arguments: Value) -> Results:
    """`bit.bor(x1, ...)`."""
    result = _bits(state, arguments, 1)
    for position in range(2, len(arguments) + 1):
        result |= _bits(state, arguments, position)
    return _signed(result)


def lua_bxor(state: State, *arguments: Value) -> Results:
    """`bit.bxor(x1, ...)`."""
    result = _bits(state, arguments, 1)
    for position in range(2, len(arguments) + 1):
        result ^= _bits(state, arguments, position)
    return _signed(result)


def lua_lshift(state: State, *arguments: Value) -> Results:
    """`bit.lshift(x, n)`."""
    return _signed(_bits(state, arguments, 1) << (_bits(state, arguments, 2) & 31))


def lua_rshift(state: State, *arguments: Value) -> Results:
    """`bit.rshift(x, n)`: zeros come in."""
    return _signed(_bits(state, arguments, 1) >> (_bits(state, arguments, 2) & 31))


def lua_arshift(state: State, *arguments: Value) -> Results:
    """`bit.arshift(x, n)`: the sign comes in."""
    return _signed(_signed(_bits(state, arguments, 1)) >> (_bits(state, arguments, 2) & 31))


def _rotated(bits: int, count: int) -> int:
    count &= 31
    return _signed((bits << count) | (bits >> (32 - count)))


def lua_rol(state: State, *arguments: Value) -> Results:
    """`bit.rol(x, n)`."""
    return _rotated(_bits(state, arguments, 1), _bits(state, arguments, 2))


def lua_ror(state: State, *arguments: Value) -> Results:
    """`bit.ror(x, n)`."""
    return _rotated(_bits(state, arguments, 1), -_bits(state, arguments, 2))


def lua_bswap(state: State, *arguments: Value) -> Results:
    """`bit.bswap(x)`: the bytes in the other order."""
    return _signed(int.from_bytes(_bits(state, arguments, 1).to_bytes(4, "little"), "big"))


def lua_tohex(state: State, *arguments: Value) -> Results:
    """`bit.tohex(x, n)`: n digits (8), in upper case where n is negative."""
    bits = _bits(state, arguments, 1)
    count = 8 if len(arguments) < 2 else _signed(check_integer(state, arguments, 2))
    text = f"{bits:08X}" if count < 0 else f"{bits:08x}"
    count = min(abs(count), 8)
    return text[8 - count :]


ROWS = rows(
    ("tobit", lua_tobit, 1, "lua-api", "2.8.18"),
    ("bnot", lua_bnot, 1, "lua-api", "2.8.18"),
    ("band", lua_band, 1, "lua-api", "2.8.18"),
    ("bor", lua_bor, 1, "lua-api", "2.8.18"),
    ("bxor", lua_bxor, 1, "lua-api", "2.8.18"),
    ("lshift", lua_lshift, 2, "lua-api", "2.8.18"),
    ("rshift", lua_rshift, 2, "lua-api", "2.8.18"),
    ("arshift", lua_arshift, 2, "lua-api", "2.8.18"),
    ("rol", lua_rol, 2, "lua-api", "2.8.18"),
    ("ror", lua_ror, 2, "lua-api", "2.8.18"),
    ("bswap", lua_bswap, 1, "lua-api", "2.8.18"),
    ("tohex", lua_tohex, 2, "lua-api", "2.8.18"),
)
FUNCTIONS: Functions = functions_of(ROWS)
