"""ECMAScript strings as host strings: a guest string holds one host character per UTF-16 code unit."""

from __future__ import annotations

import re

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _split(match: re.Match[str]) -> str:
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def _join(match: re.Match[str]) -> str:
    pair = match[0]
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + (ord(pair[1]) - 0xDC00))


def to_utf16(text: str) -> str:
    """`text` with each code point above U+FFFF as a surrogate pair."""
    return text if text.isascii() else _ASTRAL.sub(_split, text)


def to_code_points(text: str) -> str:
    """`text` with each surrogate pair joined to one code point; lone surrogates stay."""
    return text if text.isascii() else _PAIR.sub(_join, text)
