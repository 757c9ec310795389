"""ECMAScript strings as host strings: a guest string holds one host character per UTF-16 code unit."""

from __future__ import annotations

import re

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def _split(match: re.Match[str]) -> str:
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def to_utf16(text: str) -> str:
    """`text` with each code point above U+FFFF as a surrogate pair."""
    return text if text.isascii() else _ASTRAL.sub(_split, text)


def to_code_points(text: str) -> str:
    """`text` with each surrogate pair joined to one code point; lone surrogates stay."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
