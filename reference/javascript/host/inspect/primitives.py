"""How inspection writes values that are no objects."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.host.inspect.strings import escaped, quoted
from lockstep.reference.javascript.runtime.operations.number_text import number_to_string
from lockstep.reference.javascript.runtime.values import BigInt, PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.inspect.options import Inspection

# Shorter strings stay on their line.
_SHORTEST_BROKEN: Final = 16
_LINES: Final = re.compile(r"(?<=\n)")


def plural(count: float, what: str) -> str:
    """`... 3 more items`."""
    return f"... {int(count)} more {what}{'s' if count > 1 else ''}"


def number_text(number: float, *, separated: bool = False) -> str:
    """A Number, -0 with its sign."""
    if number == 0 and math.copysign(1.0, number) < 0:
        return "-0"
    text = number_to_string(number)
    if not separated or not math.isfinite(number) or "e" in text:
        return text
    whole, point, fraction = text.partition(".")
    groups = [fraction[start : start + 3] for start in range(0, len(fraction), 3)]
    return (
        f"{int(whole):_}" + point + "_".join(groups)
        if whole not in ("-0", "0")
        else whole + point + "_".join(groups)
    )


def bigint_text(value: BigInt, *, separated: bool = False) -> str:
    """A BigInt, with its `n`."""
    return f"{value.integer:_}n" if separated else f"{value.integer}n"


def symbol_text(value: Symbol) -> str:
    """A Symbol with its description."""
    return f"Symbol({'' if value.description is None else value.description})"


def format_primitive(
    context: Inspection, value: Value, style: Callable[[str, str], str] | None = None
) -> str:
    """The text of a value that is no object."""
    style = style or context.style
    if isinstance(value, str):
        return _string(context, value, style)
    if isinstance(value, bool):
        return style("true" if value else "false", "boolean")
    if isinstance(value, (float, int)):
        return style(number_text(float(value), separated=context.separated), "number")
    if value is undefined:
        return style("undefined", "undefined")
    if value is null:
        return style("null", "null")
    if isinstance(value, BigInt):
        return style(bigint_text(value, separated=context.separated), "bigint")
    assert isinstance(value, Symbol)
    return style(symbol_text(value), "symbol")


def _string(context: Inspection, value: str, style: Callable[[str, str], str]) -> str:
    trailer = ""
    context.realm.agent.budget.bulk(len(value))
    if len(value) > context.longest_string:
        kept = int(context.longest_string)
        trailer = plural(len(value) - kept, "character")
        value = value[:kept]
    if (
        context.compact is not True
        and len(value) > _SHORTEST_BROKEN
        and len(value) > context.break_length - context.indentation - 4
    ):
        lines = [style(quoted(line), "string") for line in _LINES.split(value) if line]
        return f" +\n{' ' * (context.indentation + 2)}".join(lines) + trailer
    return style(quoted(value), "string") + trailer


def key_text(context: Inspection, key: PropertyKey, enumerable: Value) -> str:
    """How a property's key is written."""
    if not isinstance(key, str):
        return f"[{context.style(escaped(symbol_text(key)), 'symbol')}]"
    if key == "__proto__":
        return "['__proto__']"
    if enumerable is False:
        return f"[{escaped(key)}]"
    if _NAME.match(key):
        return context.style(key, "name")
    return context.style(quoted(key), "string")


_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z_0-9]*\Z")
