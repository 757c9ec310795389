"""java.util.Formatter: what `format` makes of its directives."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.clojure.runtime.java.classes import class_name_of
from lockstep.reference.clojure.runtime.java.objects import java_hash
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.literals import Instant
from lockstep.reference.clojure.runtime.values.names import Char, truthy
from lockstep.reference.clojure.runtime.values.numbers import BigDecimal, BigInteger

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Printer


_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(<]*)([1-9]\d*)?(?:\.(\d+))?([tT]?)([a-zA-Z%])")
_INTEGERS = (int, BigInteger)
_REALS = (float, BigDecimal)


class Directive:
    """One directive: its flags, width, precision and conversion."""

    def __init__(self, match: re.Match[str]) -> None:
        self.text = match.group()
        index, self.flags, width, precision, self.date, self.kind = match.groups()
        self.index = None if index is None else int(index)
        self.width = None if width is None else int(width)
        self.precision = None if precision is None else int(precision)
        self._check()

    def _check(self) -> None:
        """What Formatter.FormatSpecifier refuses before it looks at an argument."""
        flags = self.flags.replace("<", "")
        for flag in flags:
            if flags.count(flag) > 1:
                raise Fault("DuplicateFormatFlagsException", f"Flags = '{flag}'")
        if ("-" in flags or "0" in flags) and self.width is None and self.kind != "n":
            raise Fault("MissingFormatWidthException", self.text)
        if ("-" in flags and "0" in flags) or ("+" in flags and " " in flags):
            raise Fault("IllegalFormatFlagsException", f"Flags = '{flags}'")
        lower = self.kind.lower()
        if not self.date and lower not in _CONVERSIONS and self.kind not in "%n":
            raise Fault("UnknownFormatConversionException", f"Conversion = '{self.kind}'")
        if lower in "dxoc" and self.precision is not None and not self.date:
            raise Fault("IllegalFormatPrecisionException", str(self.precision))
        for flag, refused in (("#", "dcsbh"), (",", "xobshce")):
            if flag in flags and lower in refused:
                raise Fault(
                    "FormatFlagsConversionMismatchException", f"Conversion = {self.kind}, Flags = {flag}"
                )

    def padded(self, text: str) -> str:
        """`text` at its width."""
        if self.width is None:
            return text
        return text.ljust(self.width) if "-" in self.flags else text.rjust(self.width)

    def signed(self, text: str, *, negative: bool, zeros: bool = True) -> str:
        """The digits of a number with its sign, and zeros in front where they are asked for."""
        flags = self.flags
        if negative:
            before, after = ("(", ")") if "(" in flags else ("-", "")
        else:
            before, after = ("+" if "+" in flags else " " if " " in flags else ""), ""
        if zeros and "0" in flags and self.width is not None:
            text = text.rjust(self.width - len(before) - len(after), "0")
        return before + text + after

    def mismatch(self, value: Value) -> Fault:
        """The argument is of a class that the conversion does not take."""
        return Fault("IllegalFormatConversionException", f"{self.kind.lower()} != {class_name_of(value)}")


def format_text(form: str, values: tuple[Value, ...], printer: Printer) -> str:
    """`form` with its directives replaced.

    Raises:
        IllegalFormatException: a directive is none, or does not fit its argument.
    """
    parts: list[str] = []
    position = 0
    ordinary = 0
    last = -1
    while True:
        start = form.find("%", position)
        if start < 0:
            parts.append(form[position:])
            return "".join(parts)
        parts.append(form[position:start])
        match = _DIRECTIVE.match(form, start)
        if match is None:
            shown = form[start + 1 : start + 2] if form[start + 1 : start + 2].isalpha() else "%"
            raise Fault("UnknownFormatConversionException", f"Conversion = '{shown}'")
        position = match.end()
        directive = Directive(match)
        if directive.kind in "%n" and not directive.date:
            parts.append("\n" if directive.kind == "n" else directive.padded("%"))
            continue
        if "<" not in directive.flags:
            if directive.index is None:
                last, ordinary = ordinary, ordinary + 1
            else:
                last = directive.index - 1
        if not 0 <= last < len(values):
            raise Fault("MissingFormatArgumentException", f"Format specifier '{directive.text}'")
        text = _converted(directive, values[last], printer)
        upper = (directive.kind.isupper() and not directive.date) or directive.date == "T"
        parts.append(directive.padded(text.upper() if upper else text))


def _converted(directive: Directive, value: Value, printer: Printer) -> str:
    if directive.date:
        return _date(directive, value)
    return _CONVERSIONS[directive.kind.lower()](directive, value, printer)


def _cut(directive: Directive, text: str) -> str:
    return text if directive.precision is None else text[: directive.precision]


def _string(directive: Directive, value: Value, printer: Printer) -> str:
    return _cut(directive, "null" if value is None else printer.string(value))


def _boolean(directive: Directive, value: Value, _: Printer) -> str:
    return _cut(directive, "true" if truthy(value) else "false")


def _hash(directive: Directive, value: Value, _: Printer) -> str:
    return _cut(directive, "null" if value is None else format(java_hash(value) & 0xFFFFFFFF, "x"))


def _character(directive: Directive, value: Value, _: Printer) -> str:
    if value is None:
        return "null"
    if value.__class__ is Char:
        return str(value.value)
    if value.__class__ is not int:
        raise directive.mismatch(value)
    if not 0 <= value <= 0x10FFFF:
        raise Fault("IllegalFormatCodePointException", f"Code point = 0x{value:x}")
    return chr(value)


def _integer(directive: Directive, value: Value, _: Printer) -> str:
    if value is None:
        return "null"
    if value.__class__ not in _INTEGERS:
        raise directive.mismatch(value)
    number: int = value.value if isinstance(value, BigInteger) else value
    kind = directive.kind.lower()
    if kind == "d":
        digits = format(abs(number), "," if "," in directive.flags else "")
        return directive.signed(digits, negative=number < 0)
    if number < 0 and value.__class__ is int:
        number += 1 << 64
    prefix = {"x": "0x", "o": "0"}[kind] if "#" in directive.flags else ""
    digits = format(abs(number), kind)
    if "0" in directive.flags and directive.width is not None:
        digits = digits.rjust(directive.width - len(prefix) - (number < 0), "0")
    if value.__class__ is int:
        return prefix + digits
    return directive.signed(prefix + digits, negative=number < 0, zeros=False)


def _real(directive: Directive, value: Value, _: Printer) -> str:
    if value is None:
        return "null"
    if value.__class__ not in _REALS:
        raise directive.mismatch(value)
    if value.__class__ is float and not math.isfinite(value):
        if math.isnan(value):
            return "NaN"
        return directive.signed("Infinity", negative=value < 0, zeros=False)
    number = Decimal(value.text()) if value.__class__ is BigDecimal else Decimal(repr(value))
    negative = number.is_signed()
    digits = 6 if directive.precision is None else directive.precision
    kind = directive.kind.lower()
    if kind == "g":
        text = _general(abs(number), digits or 1, directive)
    elif kind == "e":
        text = _scientific(abs(number), digits)
    else:
        text = _fixed(abs(number), digits, directive)
    return directive.signed(text, negative=negative)


def _fixed(number: Decimal, digits: int, directive: Directive) -> str:
    rounded = _rounded(number, -digits)
    text = format(rounded, ",f" if "," in directive.flags else "f")
    return text + "." if "#" in directive.flags and not digits else text


def _rounded(number: Decimal, exponent: int) -> Decimal:
    # Half up, whatever the host's context says of precision.
    sign, digits, power = number.as_tuple()
    assert isinstance(power, int)
    value = int("".join(map(str, digits)))
    shift = power - exponent
    if shift >= 0:
        value *= 10**shift
    else:
        value = (value * 2 // 10 ** (-shift) + 1) // 2
    return Decimal((sign, tuple(map(int, str(value))), exponent))


def _scientific(number: Decimal, digits: int) -> str:
    if number == 0:
        mantissa, exponent = _rounded(number, -digits), 0
    else:
        exponent = number.adjusted()
        mantissa = _rounded(number.scaleb(-exponent), -digits)
        if mantissa >= 10:
            exponent += 1
            mantissa = _rounded(number.scaleb(-exponent), -digits)
    return f"{mantissa:f}e{exponent:+03d}"


def _general(number: Decimal, digits: int, directive: Directive) -> str:
    if number == 0:
        return _fixed(number, digits - 1, directive)
    rounded = _rounded(number, number.adjusted() - digits + 1)
    if Decimal("0.0001") <= rounded < Decimal(10) ** digits:
        return _fixed(number, max(digits - rounded.adjusted() - 1, 0), directive)
    return _scientific(number, digits - 1)


def _hexadecimal(directive: Directive, value: Value, __: Printer) -> str:
    if value is None:
        return "null"
    if value.__class__ is not float:
        raise directive.mismatch(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else directive.signed("Infinity", negative=value < 0, zeros=False)
    mantissa, _, exponent = abs(value).hex().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return directive.signed(
        f"{whole}.{fraction.rstrip('0') or '0'}p{int(exponent)}", negative=math.copysign(1, value) < 0
    )


_CONVERSIONS: dict[str, Callable[[Directive, Value, Any], str]] = {
    "s": _string,
    "b": _boolean,
    "h": _hash,
    "c": _character,
    "d": _integer,
    "x": _integer,
    "o": _integer,
    "f": _real,
    "e": _real,
    "g": _real,
    "a": _hexadecimal,
}

_DATES = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "e": "%-d", "H": "%H", "I": "%I", "M": "%M", "S": "%S",
    "B": "%B", "b": "%b", "h": "%b", "A": "%A", "a": "%a", "j": "%j", "p": "%p", "F": "%Y-%m-%d",
    "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "Z": "UTC", "z": "+0000",
}  # fmt: skip


def _date(directive: Directive, value: Value) -> str:
    """A part of a date, in UTC."""
    if value is None:
        return "null"
    milliseconds = value.milliseconds if isinstance(value, Instant) else value
    if milliseconds.__class__ is not int:
        raise directive.mismatch(value)
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    if directive.kind in "LQs":
        return {"L": f"{milliseconds % 1000:03d}", "Q": str(milliseconds), "s": str(milliseconds // 1000)}[
            directive.kind
        ]
    form = _DATES.get(directive.kind)
    if form is None:
        raise Fault("UnknownFormatConversionException", f"Conversion = 't{directive.kind}'")
    text = moment.strftime(form)
    return text.lower() if directive.kind == "p" else text
