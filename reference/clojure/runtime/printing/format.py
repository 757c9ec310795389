"""java.util.Formatter, as far as `format` is used."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.java.classes import class_of
from lockstep.reference.clojure.runtime.java.objects import java_hash
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.names import Char, truthy
from lockstep.reference.clojure.runtime.values.numbers import BigDecimal, BigInt, is_number, to_exact_integer

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.printing.printer import Printer

Value = Any

_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")


def format_text(form: str, values: tuple[Value, ...], printer: Printer) -> str:
    """`form` with its directives replaced.

    Raises:
        IllegalFormatException: a directive does not fit its argument.
    """
    used = [0]

    def one(match: re.Match[str]) -> str:
        index, flags, width, precision, kind = match.groups()
        if kind == "n":
            return "\n"
        if kind == "%":
            return _padded("%", flags, width)
        if index is not None:
            position = int(index) - 1
        else:
            position = used[0]
            used[0] += 1
        if position >= len(values):
            raise Fault("MissingFormatArgumentException", f"Format specifier '{match.group()}'")
        text = _converted(values[position], kind, flags, width, precision, printer)
        return _padded(text.upper() if kind in "SXEGHB" else text, flags, width)

    return _DIRECTIVE.sub(one, form)


def _padded(text: str, flags: str, width: str | None) -> str:
    if width is None:
        return text
    return text.ljust(int(width)) if "-" in flags else text.rjust(int(width))


def _mismatch(kind: str, value: Value) -> Fault:
    found = class_of(value)
    return Fault(
        "IllegalFormatConversionException", f"{kind} != {found.name if found is not None else 'null'}"
    )


def _converted(
    value: Value, kind: str, flags: str, width: str | None, precision: str | None, printer: Printer
) -> str:
    lower = kind.lower()
    if lower == "s":
        text = "null" if value is None else printer.string(value)
        return text if precision is None else text[: int(precision)]
    if lower == "b":
        return "true" if truthy(value) else "false"
    if value is None:
        return "null"
    if lower == "h":
        return format(java_hash(value) & 0xFFFFFFFF, "x")
    if lower == "c":
        if value.__class__ is Char:
            return str(value.value)
        if value.__class__ is int:
            return chr(value)
        raise _mismatch(kind, value)
    if lower in "dxo":
        if value.__class__ is not int and value.__class__ is not BigInt:
            raise _mismatch(kind, value)
        number = to_exact_integer(value)
        if lower != "d":
            if number < 0:
                number += 1 << 64
            return _signed(format(number, lower), False, flags, width)
        return _signed(format(abs(number), "," if "," in flags else ""), number < 0, flags, width)
    if lower in "feg":
        if not is_number(value) or value.__class__ in (int, BigInt):
            raise _mismatch(kind, value)
        return _real(value, lower, flags, width, 6 if precision is None else int(precision))
    raise Fault("UnknownFormatConversionException", f"Conversion = '{kind}'")


def _real(value: Value, kind: str, flags: str, width: str | None, digits: int) -> str:
    if value.__class__ is float and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    number = Decimal(value.text()) if value.__class__ is BigDecimal else Decimal(repr(value))
    if kind == "f":
        rounded = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        text = format(abs(rounded), ",f" if "," in flags else "f")
        return _signed(text, rounded.is_signed(), flags, width)
    text = format(abs(float(number)), f".{digits}{kind}")
    return _signed(text, number < 0, flags, width)


def _signed(text: str, negative: bool, flags: str, width: str | None) -> str:
    sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if "(" in flags and negative:
        return f"({text})"
    if "0" in flags and width is not None:
        text = text.rjust(int(width) - len(sign), "0")
    return sign + text
