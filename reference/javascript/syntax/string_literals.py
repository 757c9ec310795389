"""12.9.4.2 SV and 12.9.6.1 TV: what string literals and template parts with escapes stand for."""

from __future__ import annotations

import re

_SINGLE = {"b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)"
    r"|(\r\n|[\n\r\u2028\u2029])|([\s\S]))",
)
# B.1.2 the escapes that strict code forbids; escaped backslashes must be blanked before searching.
LEGACY_ESCAPE = re.compile(r"\\(?:0[0-9]|[1-9])")


class InvalidEscapeError(ValueError):
    """An escape sequence is malformed."""


def _unicode(digits: str) -> str:
    code = int(digits, 16)
    if code > 0x10FFFF:
        raise InvalidEscapeError("Undefined Unicode code-point")
    if code > 0xFFFF:
        code -= 0x10000
        return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))
    return chr(code)


def _string_escape(match: re.Match[str]) -> str:
    group = match.lastindex
    text = match[group or 0]
    if group in (1, 2):
        return _unicode(text)
    if group == 3:
        return chr(int(text, 16))
    if group == 4:
        return chr(int(text, 8))
    if group == 5:
        return ""
    if text == "u":
        raise InvalidEscapeError("Invalid Unicode escape sequence")
    if text == "x":
        raise InvalidEscapeError("Invalid hexadecimal escape sequence")
    return _SINGLE.get(text, text)


def _template_escape(match: re.Match[str]) -> str:
    # 12.9.6: a template has no octal escapes besides \0 not followed by a digit, and no \8 or \9.
    if match.lastindex == 4:
        following = match.string[match.end() : match.end() + 1]
        if match[4] != "0" or following in ("8", "9"):
            raise InvalidEscapeError("Octal escape sequences are not allowed in template strings")
    elif match.lastindex == 6 and match[6] in "89":
        raise InvalidEscapeError("\\8 and \\9 are not allowed in template strings")
    return _string_escape(match)


def string_value(body: str) -> str:
    """The SV of the text between the quotes.

    Raises:
        InvalidEscapeError: an escape sequence is malformed.
    """
    return _ESCAPE.sub(_string_escape, body)


def template_value(raw: str) -> str:
    """The TV of a template part given its TRV.

    Raises:
        InvalidEscapeError: an escape sequence is malformed, so that TV is undefined.
    """
    return _ESCAPE.sub(_template_escape, raw) if "\\" in raw else raw
