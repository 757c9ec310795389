"""How inspection writes strings: quotes, escapes, and the width of text on a terminal."""

from __future__ import annotations

import re
from typing import Final

from lockstep.reference.javascript.syntax.utf16 import to_code_points

_NAMED: Final = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 39: "\\'", 92: "\\\\"}
_SURROGATES: Final = (
    "[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"  # those that stand alone
)
_ESCAPED: Final = re.compile(r"[\x00-\x1f\x27\x5c\x7f-\x9f]|" + _SURROGATES)
_ESCAPED_BUT_QUOTES: Final = re.compile(r"[\x00-\x1f\x5c\x7f-\x9f]|" + _SURROGATES)
_COLOURS: Final = re.compile(
    "[\u001b\u009b][\\[\\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\\d/#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d/#&.:=?%@~_]*)*)?\u0007)"
    "|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]))"
)
_WIDE: Final = ("W", "F")
_FIRST_EMOJI, _LAST_EMOJI = 0x1F300, 0x1FAFF


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code >= 0xD800:
        return f"\\u{code:x}"
    return _NAMED.get(code) or f"\\x{code:02X}"


def escaped(text: str) -> str:
    """`text` with what cannot be seen, quotes and lone surrogates written as escapes."""
    return _ESCAPED.sub(_escape, text)


def quoted(text: str) -> str:
    """`text` as a literal: in single quotes, unless it has some and no double quotes, or at last no backticks."""
    if "'" in text:
        if '"' not in text:
            return f'"{_ESCAPED_BUT_QUOTES.sub(_escape, text)}"'
        if "`" not in text and "${" not in text:
            return f"`{_ESCAPED_BUT_QUOTES.sub(_escape, text)}`"
    return f"'{escaped(text)}'"


def without_colours(text: str) -> str:
    """`text` without the control sequences of terminals."""
    return _COLOURS.sub("", text)


def text_width(text: str, *, coloured: bool = True) -> int:
    """How many columns `text` takes on a terminal."""
    if coloured and ("\u001b" in text or "\u009b" in text):
        text = without_colours(text)
    if text.isascii():
        return (
            len(text)
            if text.isprintable()
            else sum(character >= " " for character in text if character != "\x7f")
        )
    import unicodedata  # noqa: PLC0415  # beyond ASCII only

    width = 0
    for character in unicodedata.normalize("NFC", to_code_points(text)):
        code = ord(character)
        if unicodedata.east_asian_width(character) in _WIDE or _FIRST_EMOJI <= code <= _LAST_EMOJI:
            width += 2
        elif not (
            code < 32
            or 0x7F <= code < 0xA0
            or unicodedata.combining(character)
            or unicodedata.category(character) in ("Cf", "Me", "Mn")
        ):
            width += 1
    return width
