"""The one rule for text of guests that leaves Lockstep for a terminal, a file or a page.

What a guest writes may hold anything: lone surrogates, NUL, escape sequences, marks that turn the line around, a
megabyte without an end of line. What a program prints goes to the judge, and to standard output, as it is; where we
say something *about* it, it is escaped as below.
"""

from __future__ import annotations

import re

# Control characters but tab and line feed, separators of lines, marks of direction, and what UTF-8 cannot hold.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str, longest: int | None = None) -> str:
    r"""`text` with what cannot be shown written as `\xNN` or `\uNNNN`; cut with a note above `longest` characters.

    >>> print(printable("a\0b\ud800"))
    a\x00b\ud800
    """
    if longest is not None and len(text) > longest:
        text = f"{text[:longest]}… ({len(text):,} characters)"
    if text.isascii() and text.isprintable():
        return text  # most names, in a third of the time
    return _HIDDEN.sub(_escaped, text)


def printable_line(text: str, longest: int | None = None) -> str:
    """`printable` text on one line: ends of lines and tabs are escaped as well."""
    return printable(text, longest).replace("\n", "\\n").replace("\t", "\\t")


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
