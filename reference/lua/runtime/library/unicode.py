"""UTF-8 support (manual 6.5)."""

from __future__ import annotations

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    check_integer,
    check_string,
    optional_integer,
)
from lockstep.reference.lua.runtime.library.registration import library, register, versions
from lockstep.reference.lua.runtime.operations.comparison import truth
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Results, Table, Value
from lockstep.reference.lua.syntax.lexer import utf8_encode

_LIMITS = (0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000)
_HIGHEST = 0x7FFFFFFF
_HIGHEST_UNICODE = 0x10FFFF
CHARACTER_PATTERN = "[\0-\x7f\xc2-\xfd][\x80-\xbf]*"


def decode(text: str, at: int, strict: bool) -> tuple[int, int] | None:
    """The code point whose sequence starts at `at` (from 0), and where it ends; None if it is invalid."""
    first = ord(text[at])
    if first < 0x80:
        return first, at + 1
    count = 0
    value = 0
    while first & 0x40:
        count += 1
        following = ord(text[at + count]) if at + count < len(text) else 0
        if following & 0xC0 != 0x80:
            return None
        value = (value << 6) | (following & 0x3F)
        first <<= 1
    value |= (first & 0x7F) << (count * 5)
    if count == 0 or count > 5 or value > _HIGHEST or value < _LIMITS[count]:
        return None
    if strict and (value > _HIGHEST_UNICODE or 0xD800 <= value <= 0xDFFF):
        return None
    return value, at + count + 1


def _continues(text: str, at: int) -> bool:
    return at < len(text) and ord(text[at]) & 0xC0 == 0x80


def _relative(position: int, size: int) -> int:
    if position >= 0:
        return position
    return 0 if -position > size else size + position + 1


def lua_char(state: State, *arguments: Value) -> Results:
    """`utf8.char(...)`."""
    parts = []
    for number in range(1, len(arguments) + 1):
        code = check_integer(state, arguments, number)
        if not 0 <= code <= _HIGHEST:
            argument_error(state, number, "value out of range")
        parts.append(utf8_encode(code))
    return "".join(parts)


def lua_codepoint(state: State, *arguments: Value) -> Results:
    """`utf8.codepoint(s, i, j, lax)`."""
    text = check_string(state, arguments, 1)
    first = _relative(optional_integer(state, arguments, 2, 1), len(text))
    last = _relative(optional_integer(state, arguments, 3, first), len(text))
    strict = not truth(argument(arguments, 4))
    if first < 1:
        argument_error(state, 2, "out of bounds")
    if last > len(text):
        argument_error(state, 3, "out of bounds")
    results: list[Value] = []
    at = first - 1
    state.budget.take(max(0, last - at))
    while at < last:
        decoded = decode(text, at, strict)
        if decoded is None:
            runtime_error("invalid UTF-8 code", 1)
        code, at = decoded
        results.append(code)
    return results


def lua_len(state: State, *arguments: Value) -> Results:
    """`utf8.len(s, i, j, lax)`."""
    text = check_string(state, arguments, 1)
    size = len(text)
    at = _relative(optional_integer(state, arguments, 2, 1), size) - 1
    last = _relative(optional_integer(state, arguments, 3, -1), size) - 1
    strict = not truth(argument(arguments, 4))
    if not 0 <= at <= size:
        argument_error(state, 2, "initial position out of bounds")
    if last >= size:
        argument_error(state, 3, "final position out of bounds")
    count = 0
    state.budget.take(max(0, last - at))
    while at <= last:
        decoded = decode(text, at, strict)
        if decoded is None:
            return [None, at + 1]
        at = decoded[1]
        count += 1
    return count


def lua_offset(state: State, *arguments: Value) -> Results:
    """`utf8.offset(s, n, i)`."""
    text = check_string(state, arguments, 1)
    size = len(text)
    number = check_integer(state, arguments, 2)
    at = _relative(optional_integer(state, arguments, 3, 1 if number >= 0 else size + 1), size) - 1
    if not 0 <= at <= size:
        argument_error(state, 3, "position out of bounds")
    state.budget.take(min(abs(number), size))
    if number == 0:
        while at > 0 and _continues(text, at):
            at -= 1
        return at + 1
    if _continues(text, at):
        runtime_error("initial position is a continuation byte", 1)
    if number < 0:
        while number < 0 and at > 0:
            at -= 1
            while at > 0 and _continues(text, at):
                at -= 1
            number += 1
    else:
        number -= 1
        while number > 0 and at < size:
            at += 1
            while _continues(text, at):
                at += 1
            number -= 1
    return at + 1 if number == 0 else None


def _step(state: State, arguments: tuple[Value, ...], strict: bool) -> Results:
    text = check_string(state, arguments, 1)
    at = check_integer(state, arguments, 2)
    if at < 0:
        at = len(text)
    while _continues(text, at):
        at += 1
    if at >= len(text):
        return []
    decoded = decode(text, at, strict)
    if decoded is None or _continues(text, decoded[1]):
        runtime_error("invalid UTF-8 code", 1)
    return [at + 1, decoded[0]]


def lua_codes_strict(state: State, *arguments: Value) -> Results:
    """The iterator of `utf8.codes(s)`."""
    return _step(state, arguments, strict=True)


def lua_codes_lax(state: State, *arguments: Value) -> Results:
    """The iterator of `utf8.codes(s, true)`."""
    return _step(state, arguments, strict=False)


def lua_codes(state: State, *arguments: Value) -> Results:
    """`utf8.codes(s, lax)`."""
    text = check_string(state, arguments, 1)
    if _continues(text, 0):
        argument_error(state, 1, "invalid UTF-8 code")
    function = lua_codes_lax if truth(argument(arguments, 2)) else lua_codes_strict
    iterator = register(state, Table(), {"codes": function}).__dict__["codes"]
    return [iterator, text, 0]


FUNCTIONS = versions(
    ("char", lua_char, 0, "6.5", "5.3"),
    ("codepoint", lua_codepoint, 4, "6.5", "5.3"),
    ("codes", lua_codes, 2, "6.5", "5.3"),
    ("len", lua_len, 4, "6.5", "5.3"),
    ("offset", lua_offset, 3, "6.5", "5.3"),
)


def open_utf8(state: State) -> None:
    """The library `utf8` (5.4)."""
    library(state, "utf8", FUNCTIONS.of(state)).__dict__["charpattern"] = CHARACTER_PATTERN
