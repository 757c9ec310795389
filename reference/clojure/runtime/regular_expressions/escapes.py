r"""Flags, escapes of single characters, predefined classes (Pattern.escape)."""

from __future__ import annotations

import re
import unicodedata

from lockstep.reference.clojure.runtime.regular_expressions.code_points import Ranges, complement
from lockstep.reference.clojure.runtime.regular_expressions.faults import PatternSyntaxError
from lockstep.reference.clojure.runtime.regular_expressions.properties import (
    DIGIT,
    HORIZONTAL,
    SPACE,
    VERTICAL,
    WORD,
    posix_unicode,
    unicode_property,
)

UNIX_LINES = 1
CASE_INSENSITIVE = 2
COMMENTS = 4
MULTILINE = 8
LITERAL = 16
DOTALL = 32
UNICODE_CASE = 64
CANONICAL_EQUIVALENCE = 128
UNICODE_CHARACTER_CLASS = 256

FLAG_LETTERS = {
    "i": CASE_INSENSITIVE,
    "m": MULTILINE,
    "s": DOTALL,
    "d": UNIX_LINES,
    "u": UNICODE_CASE,
    "c": CANONICAL_EQUIVALENCE,
    "x": COMMENTS,
    "U": UNICODE_CHARACTER_CLASS,
}


_CLASSES = {"d": DIGIT, "w": WORD, "s": SPACE, "h": HORIZONTAL, "v": VERTICAL}
_UNICODE_CLASSES = {"d": "DIGIT", "w": "WORD", "s": "WHITE_SPACE"}


def predefined(unit: str, flags: int) -> Ranges | None:
    r"""The set of `\d` and its like, or None."""
    lower = unit.lower()
    found = _CLASSES.get(lower)
    if found is None:
        return None
    if flags & UNICODE_CHARACTER_CLASS and lower in _UNICODE_CLASSES:
        found = unicode_property(_UNICODE_CLASSES[lower], False) or posix_unicode(lower) or found
    return found if unit == lower else complement(found)


_SIMPLE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\x07", "e": "\x1b"}
_OCTAL = re.compile(r"0([0-3][0-7]{2}|[0-7]{1,2})")
_HEXADECIMAL = re.compile(r"x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})")
_UNICODE = re.compile(r"u([0-9a-fA-F]{4})(?:\\u([0-9a-fA-F]{4}))?")
_NAMED = re.compile(r"N\{([^}]*)\}")


def character_escape(text: str, position: int) -> tuple[str, int]:
    """The character that is escaped at `position`, from behind the backslash on, and where it ends.

    Raises:
        PatternSyntaxError: the escape is none.
    """
    unit = text[position : position + 1]
    if unit in _SIMPLE and unit:
        return _SIMPLE[unit], position + 1
    reader = _READERS.get(unit)
    if reader is not None:
        return reader(text, position)
    if not unit:
        raise PatternSyntaxError("Unexpected internal error", position)
    if unit.isascii() and unit.isalpha():
        raise PatternSyntaxError("Illegal/unsupported escape sequence", position)
    return unit, position + 1


def _octal(text: str, position: int) -> tuple[str, int]:
    match = _OCTAL.match(text, position)
    if match is None:
        raise PatternSyntaxError("Illegal octal escape sequence", position + 1)
    return chr(int(match.group(1), 8)), match.end()


def _hexadecimal(text: str, position: int) -> tuple[str, int]:
    match = _HEXADECIMAL.match(text, position)
    code = int(match.group(1) or match.group(2), 16) if match is not None else -1
    if match is None:
        raise PatternSyntaxError("Illegal hexadecimal escape sequence", position + 1)
    if code > 0x10FFFF:
        raise PatternSyntaxError("Hexadecimal codepoint is too big", position + 1)
    return chr(code), match.end()


def _unicode(text: str, position: int) -> tuple[str, int]:
    match = _UNICODE.match(text, position)
    if match is None:
        raise PatternSyntaxError("Illegal Unicode escape sequence", min(position + 3, len(text)))
    high = int(match.group(1), 16)
    if match.group(2) is not None:
        low = int(match.group(2), 16)
        if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00), match.end()
    return chr(high), position + 5


def _control(text: str, position: int) -> tuple[str, int]:
    if position + 1 >= len(text):
        raise PatternSyntaxError("Illegal control escape sequence", position)
    return chr(ord(text[position + 1]) ^ 64), position + 2


def _named(text: str, position: int) -> tuple[str, int]:
    match = _NAMED.match(text, position)
    if match is None:
        raise PatternSyntaxError("Illegal character name escape sequence", position)
    try:
        return unicodedata.lookup(match.group(1)), match.end()
    except KeyError:
        raise PatternSyntaxError(f"Unknown character name [{match.group(1)}]", match.end() - 1) from None


_READERS = {"0": _octal, "x": _hexadecimal, "u": _unicode, "c": _control, "N": _named}
