"""A table of texts, for a command that somebody waits for: what makes the other tables takes longer to load than this to run."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

_BETWEEN = "  "


def columns(headers: Sequence[str], rows: Sequence[Sequence[str]], widest: int) -> str:
    """Rows below their headers; a cell may have several lines, and a line wider than `widest` goes on below itself.

    >>> print(columns(["a", "b"], [["x", "12 34"], ["yy", ""]], 3))
    a    b
    ---  ---
    x    12
         34
    yy
    """
    cells = [[_wrapped(cell, widest) for cell in row] for row in rows]
    widths = [
        max((_width(line) for row in cells for line in row[number]), default=0)
        for number in range(len(headers))
    ]
    widths = [
        max(width, len(header) + 2 * bool(header)) for width, header in zip(widths, headers, strict=True)
    ]
    lines = [_line(headers, widths), _line(["-" * width for width in widths], widths)]
    for row in cells:
        lines += [
            _line([cell[number] if number < len(cell) else "" for cell in row], widths)
            for number in range(max(map(len, row)))
        ]
    return "\n".join(lines)


def _wrapped(cell: str, widest: int) -> list[str]:
    lines: list[str] = []
    for line in cell.split("\n"):
        if len(line) <= widest:
            lines.append(line)
        else:
            lines += textwrap.wrap(line, widest, replace_whitespace=False, break_on_hyphens=False)
    return lines


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return _BETWEEN.join(padded).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal; characters of East Asia take two, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)
