"""How the parts of an inspected value are laid out: on one line, one below the other, or in columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.inspect.strings import text_width, without_colours
from lockstep.reference.javascript.runtime.values import BigInt, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.inspect.options import Inspection

OBJECT, ARRAY, ARRAY_EXTRAS = 0, 1, 2
"""How a property is written: with its key; alone; with its key, in an array."""

_FEWEST_IN_COLUMNS: Final = 7
_MOST_COLUMNS: Final = 15
_SEPARATOR: Final = 2
# A character is about so many times as high as it is wide.
_HEIGHT: Final = 2.5


def single_text(
    context: Inspection,
    output: list[str],
    base: str,
    braces: Sequence[str],
    kind: int,
    level: float,
    value: Sequence[Value] | None = None,
) -> str:
    """The parts of a value as one text; `value` has its elements, if it is an array."""
    lead = f"{base} " if base else ""
    margin = " " * context.indentation
    if context.compact is True:
        if _fits(context, output, 0, base):
            return f"{braces[0]}{f' {base}' if base else ''} {', '.join(output)} {braces[1]}"
        begin = " " if not base and len(braces[0]) == 1 else f"{f' {base}' if base else ''}\n{margin}  "
        return f"{braces[0]}{begin}{f',{chr(10)}{margin}  '.join(output)} {braces[1]}"
    if context.compact >= 1:
        entries = len(output)
        if kind == ARRAY_EXTRAS and entries >= _FEWEST_IN_COLUMNS:
            output = in_columns(context, output, value)
        if context.current_depth - level < context.compact and entries == len(output):
            start = len(output) + context.indentation + len(braces[0]) + len(base) + 10
            if _fits(context, output, start, base):
                joined = ", ".join(output)
                if "\n" not in joined:
                    return f"{lead}{braces[0]} {joined} {braces[1]}"
    line = f"\n{margin}"
    return f"{lead}{braces[0]}{line}  {f',{line}  '.join(output)}{line}{braces[1]}"


def _fits(context: Inspection, output: list[str], start: int, base: str) -> bool:
    total = len(output) + start
    if total + len(output) > context.break_length:
        return False
    for part in output:
        total += len(without_colours(part) if context.colours else part)
        if total > context.break_length:
            return False
    return "\n" not in base


def in_columns(context: Inspection, output: list[str], value: Sequence[Value] | None) -> list[str]:
    """Many short elements in columns of one width each; `output` itself where that would look worse."""
    count = len(output) - (context.longest_array < len(output))
    widths = [text_width(part, coloured=context.colours) for part in output[:count]]
    longest = max(widths, default=0)
    total = sum(widths) + _SEPARATOR * count
    widest = longest + _SEPARATOR
    if not (widest * 3 + context.indentation < context.break_length and (total / widest > 5 or longest <= 6)):
        return output
    biased = max(widest - 3 - math.sqrt(widest - total / len(output)), 1)
    columns = int(
        min(
            math.floor(math.sqrt(_HEIGHT * biased * count) / biased + 0.5),
            (context.break_length - context.indentation) // widest,
            context.compact * 4,
            _MOST_COLUMNS,
        )
    )
    if columns <= 1:
        return output
    column_widths = [max(widths[column::columns], default=0) + _SEPARATOR for column in range(columns)]
    numeric = value is None or (
        len(value) >= len(output) and all(_is_numeric(value[place]) for place in range(len(output)))
    )
    rows = []
    for first in range(0, count, columns):
        last = min(first + columns, count) - 1
        row = ""
        for place in range(first, last):
            extra = " " * (column_widths[place - first] - widths[place] - _SEPARATOR)
            row += f"{extra}{output[place]}, " if numeric else f"{output[place]}, {extra}"
        if numeric:
            row += " " * (column_widths[last - first] - widths[last] - _SEPARATOR)
        rows.append(row + output[last])
    return rows + output[count:]


def _is_numeric(value: Value) -> bool:
    return value.__class__ is float or value.__class__ is int or value.__class__ is BigInt
