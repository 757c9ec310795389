"""What is wrong with a text that is not JSON, and with an object that holds itself, in V8's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, syntax_error, type_error
from lockstep.reference.javascript.runtime.objects.description import constructor_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject

VALUE: Final = ""
PROPERTY_OR_END: Final = "Expected property name or '}'"
PROPERTY: Final = "Expected double-quoted property name"
COLON: Final = "Expected ':' after property name"
AFTER_ELEMENT: Final = "Expected ',' or ']' after array element"
AFTER_MEMBER: Final = "Expected ',' or '}' after property value"
AFTER_TEXT: Final = "Unexpected non-whitespace character after JSON"

# So many characters are shown at each side of one that is not expected.
_CONTEXT = 10
_ESCAPES = re.compile(r'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
# So many members of a circle are told at its beginning, and so many at its end.
_FIRST, _LAST = 2, 1


def unexpected(text: str, at: int, wanted: str = VALUE) -> NativeErrorCompletion:
    """The SyntaxError at a place of a text where something else was wanted."""
    if wanted == AFTER_TEXT:
        return syntax_error(f"{wanted} at position {at}")
    if wanted:
        return syntax_error(f"{wanted} in JSON at position {at}")
    if at >= len(text):
        return syntax_error("Unexpected end of JSON input")
    character = text[at]
    if character == '"':
        return syntax_error(f"Unexpected string in JSON at position {at}")
    if text in ("undefined", "[object Object]", "NaN", "Infinity"):
        return syntax_error(f'"{text}" is not valid JSON')
    return syntax_error(f"Unexpected token '{character}', {_context(text, at)} is not valid JSON")


def _context(text: str, at: int) -> str:
    if len(text) <= 2 * _CONTEXT:
        return f'"{text}"'
    start, end = max(0, at - _CONTEXT), min(len(text), at + _CONTEXT)
    if at < _CONTEXT:
        start = 0
    head = "..." if start else ""
    tail = "..." if end < len(text) else ""
    return f'{head}"{text[start:end]}"{tail}'


def bad_string(text: str, start: int) -> NativeErrorCompletion:
    """The SyntaxError of a string whose content begins at `start`."""
    match = _ESCAPES.match(text, start)
    at = start if match is None else match.end()
    if at >= len(text):
        return syntax_error(f"Unterminated string in JSON at position {at}")
    if text[at] != "\\":
        return syntax_error(f"Bad control character in string literal in JSON at position {at}")
    if at + 1 >= len(text):
        return syntax_error("Unexpected end of JSON input")
    if text[at + 1] == "u":
        digits = 0
        while digits < 4 and text[at + 2 + digits : at + 3 + digits] in tuple("0123456789abcdefABCDEF"):
            digits += 1
        return syntax_error(f"Bad Unicode escape in JSON at position {at + 2 + digits}")
    return syntax_error(f"Bad escaped character in JSON at position {at + 1}")


def bad_number(text: str, at: int) -> NativeErrorCompletion:
    """The SyntaxError of what begins as a number at `at`, and is none."""
    if text[at : at + 1] == "-" and not text[at + 1 : at + 2].isdigit():
        return syntax_error(f"No number after minus sign in JSON at position {at + 1}")
    return unexpected(text, at)


def after_number(text: str, start: int, end: int) -> NativeErrorCompletion | None:
    """The SyntaxError of a number from `start` to `end` that goes on wrongly, if it does."""
    rest = text[end : end + 1]
    if rest == "." and not set(".eE") & set(text[start:end]):
        return syntax_error(f"Unterminated fractional number in JSON at position {end + 1}")
    if rest and rest in "eE" and not set("eE") & set(text[start:end]):
        signed = 1 if text[end + 1 : end + 2] in ("+", "-") else 0
        return syntax_error(f"Exponent part is missing a number in JSON at position {end + 1 + signed}")
    if rest.isdigit() and text[start:end] in ("0", "-0"):
        return syntax_error(f"Unexpected number in JSON at position {end}")
    return None


def circle(stack: Mapping[JSObject, str | int], value: JSObject, key: str | int) -> NativeErrorCompletion:
    """The TypeError of a value that stands in itself: the way from it to the key that closes the circle."""
    members = list(stack.items())
    first = next(index for index, (one, _) in enumerate(members) if one is value)
    lines = [f"\n    --> starting at object with constructor '{constructor_name(value) or 'Object'}'"]
    lines += _shortened(
        [
            f"\n    |     {_step(name)} -> object with constructor '{constructor_name(one) or 'Object'}'"
            for one, name in members[first + 1 :]
        ]
    )
    lines.append(f"\n    --- {_step(key)} closes the circle")
    return type_error(f"Converting circular structure to JSON{''.join(lines)}")


def _shortened(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _FIRST + _LAST:
        return list(lines)
    return [*lines[:_FIRST], "\n    |     ...", *lines[-_LAST:]]


def _step(key: str | int) -> str:
    return f"index {key}" if isinstance(key, int) else f"property '{key}'"
