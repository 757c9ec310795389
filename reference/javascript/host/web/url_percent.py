"""Percent-encoding (URL standard, 1.3)."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = frozenset([*range(0x20), *range(0x7F, 0x100)])
C0: Final = _CONTROLS
"""The C0 control percent-encode set."""
FRAGMENT: Final = C0 | frozenset(b' "<>`')
QUERY: Final = C0 | frozenset(b' "#<>')
SPECIAL_QUERY: Final = QUERY | frozenset(b"'")
PATH: Final = QUERY | frozenset(b"?`{}")
USERINFO: Final = PATH | frozenset(b"/:;=@[\\]^|")
FORM: Final = USERINFO | frozenset(b"$%&+,!'()~")
"""What application/x-www-form-urlencoded escapes, besides the space."""

_ESCAPE: Final = re.compile(b"%([0-9a-fA-F]{2})")


def utf8(text: str) -> bytes:
    """UTF-8 encode code points; lone surrogates become U+FFFD."""
    return text.encode("utf-8", "surrogatepass") if not _has_surrogates(text) else _replaced(text)


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)


def _replaced(text: str) -> bytes:
    return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text).encode("utf-8")


def percent_encoded(text: str, escaped: frozenset[int], *, plus: bool = False) -> str:
    """UTF-8 percent-encode a string; with `plus` a space becomes a plus."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(
        "+" if plus and byte == 0x20 else f"%{byte:02X}" if byte in escaped else chr(byte)
        for byte in utf8(text)
    )


def percent_decoded(text: str) -> bytes:
    """Percent-decode a string."""
    raw = utf8(text)
    if b"%" not in raw:
        return raw
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw)
