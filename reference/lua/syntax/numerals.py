"""Numbers as text (manual 3.1 and 3.4.3): decimal and hexadecimal, integers and floats."""

from __future__ import annotations

import re

_DECIMAL_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(\d+)[ \t\n\v\f\r]*\Z", re.ASCII)
_HEXADECIMAL = re.compile(
    r"[ \t\n\v\f\r]*([+-]?)0[xX]([0-9a-fA-F]*)(?:(\.)([0-9a-fA-F]*))?(?:([pP])([+-]?\d+))?[ \t\n\v\f\r]*\Z",
    re.ASCII,
)
_DECIMAL = re.compile(
    r"[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t\n\v\f\r]*\Z",
    re.ASCII,
)
_NAMED = re.compile(
    r"[ \t\n\v\f\r]*([+-]?)(nan(?:\([0-9a-z_]*\))?|inf(?:inity)?)[ \t\n\v\f\r]*\Z", re.ASCII | re.IGNORECASE
)
_MASK = (1 << 64) - 1
_HALF = 1 << 63
# Exponents beyond these give zero or infinity whatever the digits are, short of absurd lengths.
_EXPONENT_ROOM = 20_000


def wrap(value: int) -> int:
    """`value` modulo 2^64 as a signed integer."""
    return ((value + _HALF) & _MASK) - _HALF


def to_number(text: str, integers: bool) -> int | float | None:
    """The number that `text` spells, spaces around it allowed; None if it spells none.

    Without `integers` (Lua 5.1) integral values within 2^53 come back as host ints, which stand for the
    same double.
    """
    if not integers and "\0" in text:
        # 5.1 hands the text to C's `strtod`, which sees its end there.
        text = text.partition("\0")[0]
    match = _DECIMAL_INTEGER.match(text)
    if match:
        digits = match.group(2)
        if len(digits) > 4000:
            return float(text)
        value = int(digits)
        if match.group(1) == "-":
            value = -value
        if integers:
            return value if -_HALF <= value < _HALF else float(value if len(digits) < 300 else text)
        if value == 0 and match.group(1) == "-":
            return -0.0
        return value if -(1 << 53) <= value <= 1 << 53 else float(text)
    match = _DECIMAL.match(text)
    if match:
        number = float(match.group(1))
        return number if integers else plain(number)
    match = _HEXADECIMAL.match(text)
    if match:
        return _hexadecimal(match, integers)
    return None if integers else _named(text)


def _named(text: str) -> float | None:
    """What `strtod` takes beside numerals (5.1)."""
    match = _NAMED.match(text)
    if match is None:
        return None
    number = float("nan" if match.group(2)[0] in "nN" else "inf")
    return -number if match.group(1) == "-" else number


def plain(number: float) -> int | float:
    """A 5.1 number in its canonical host form: int where integral, within 2^53 and not minus zero."""
    if -9007199254740992.0 <= number <= 9007199254740992.0 and number == int(number):
        if number == 0 and str(number)[0] == "-":
            return number
        return int(number)
    return number


def _hexadecimal(match: re.Match[str], integers: bool) -> int | float | None:
    sign, whole, point, fraction, marker, exponent = match.groups()
    if not whole and not fraction:
        return None
    if integers and not point and not marker:
        value = int(whole, 16)
        return wrap(-value if sign == "-" else value)
    fraction = fraction or ""
    mantissa = int(whole + fraction or "0", 16)
    if not mantissa:
        zero = -0.0 if sign == "-" else 0.0
        return zero if integers else plain(zero)
    shift = int(exponent or 0) - 4 * len(fraction)
    size = mantissa.bit_length() + shift
    if size > 1100:
        number = float("inf")
    elif size < -1100:
        number = 0.0
    elif shift >= 0:
        try:
            number = float(mantissa << shift)
        except OverflowError:
            number = float("inf")
    else:
        number = mantissa / (1 << -shift)
    if sign == "-":
        number = -number
    return number if integers else plain(number)
