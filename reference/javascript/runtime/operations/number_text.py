"""ECMA-262 6.1.6.1.20 Number::toString and 7.1.4.1 StringToNumber."""

from __future__ import annotations

import math
import re
import struct

from lockstep.reference.javascript.runtime.objects.keys import INDEX_NAMES

WHITE_SPACE = "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\Z")
_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Integers beyond are not all Numbers.
_EXACT = 2**53
NAN = float("nan")
INFINITY = float("inf")


def number_to_string(value: float) -> str:
    """The shortest decimal text that reads back as `value`."""
    if value == value and -1e15 < value < 1e15:  # noqa: PLR0124  # NaN
        integer = int(value)
        if integer == value:
            return INDEX_NAMES[integer] if 0 <= integer < 1024 else str(integer)
    if math.isnan(value):
        return "NaN"
    if value in (INFINITY, -INFINITY):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if value < 0 else ""
    digits, exponent = decimal_digits(abs(value))
    count = len(digits)
    if count <= exponent <= 21:
        return sign + digits + "0" * (exponent - count)
    if 0 < exponent <= 21:
        return f"{sign}{digits[:exponent]}.{digits[exponent:]}"
    if -6 < exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{digits}"
    power = exponent - 1
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"


def decimal_digits(value: float) -> tuple[str, int]:
    """The shortest digits s and the n of the specification: value = 0.s times 10 to the n."""
    text = repr(value)
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = len(whole) + (int(power) if power else 0)
    digits = whole + ("" if fraction == "0" else fraction)
    stripped = digits.lstrip("0")
    exponent -= len(digits) - len(stripped)
    return stripped.rstrip("0") or "0", exponent


def number_to_radix_string(value: float, radix: int) -> str:
    """21.1.3.6 for a radix other than 10; the fraction is cut where it identifies the value."""
    if math.isnan(value):
        return "NaN"
    if value in (INFINITY, -INFINITY):
        return "Infinity" if value > 0 else "-Infinity"
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole = int(value)
    fraction = value - whole
    text = _shortest_integer(whole, radix) if whole > _EXACT else integer_to_radix(whole, radix)
    if fraction == 0:
        return sign + text
    delta = max(0.5 * (_next_after(value) - value), 5e-324)
    digits = []
    while True:
        fraction *= radix
        delta *= radix
        digit = int(fraction)
        digits.append(digit)
        fraction -= digit
        rounds_up = fraction > 0.5 or (fraction == 0.5 and digit & 1)
        if rounds_up and fraction + delta > 1:
            while digits:
                digits[-1] += 1
                if digits[-1] < radix:
                    break
                digits.pop()
            else:
                text = integer_to_radix(whole + 1, radix)
            break
        if fraction < delta:
            break
    if not digits:
        return sign + text
    return f"{sign}{text}.{''.join(_DIGITS[digit] for digit in digits)}"


def _shortest_integer(value: int, radix: int) -> str:
    """6.1.6.1.20, step 5, for an integer that stands for a range: the fewest digits that are read back as it."""
    # Half of the distance to the next Number on either side.
    reach = 1 << max(value.bit_length() - 54, 0)
    power = 0
    while radix ** (power + 1) <= 2 * reach:
        power += 1
    for zeros in range(power + 1, 0, -1):
        unit = radix**zeros
        digits, rest = divmod(value, unit)
        # The nearest multiple first; of two at the same distance the even one.
        nearest = digits + (rest * 2 > unit or (rest * 2 == unit and digits & 1))
        for candidate in (nearest, 2 * digits + 1 - nearest):
            if candidate and float_of(candidate * unit) == value:
                return integer_to_radix(candidate, radix) + "0" * zeros
    return integer_to_radix(value, radix)


def float_of(value: int) -> float:
    """The Number nearest to an integer."""
    try:
        return float(value)
    except OverflowError:
        return INFINITY


def _next_after(value: float) -> float:
    if hasattr(math, "nextafter"):
        return math.nextafter(value, INFINITY)
    (bits,) = struct.unpack("<q", struct.pack("<d", value))
    (result,) = struct.unpack("<d", struct.pack("<q", bits + 1))
    return float(result)


def integer_to_radix(value: int, radix: int) -> str:
    """Digits of a host integer."""
    if radix == 10:
        return decimal_text(value)
    sign, value = ("-", -value) if value < 0 else ("", value)
    form = {2: "b", 8: "o", 16: "x"}.get(radix)
    if form is not None:
        return sign + format(value, form)
    digits = []
    while value:
        value, digit = divmod(value, radix)
        digits.append(_DIGITS[digit])
    return sign + ("".join(reversed(digits)) or "0")


def decimal_text(value: int) -> str:
    """`str(value)` without the host's limit on digits."""
    if -(10**4000) < value < 10**4000:
        return str(value)
    sign, value = ("-", -value) if value < 0 else ("", value)
    half = value.bit_length() * 30103 // 200000
    high, low = divmod(value, 10**half)
    return sign + decimal_text(high) + decimal_text(low).rjust(half, "0")


def decimal_integer(text: str) -> int:
    """`int(text)` without the host's limit on digits."""
    if len(text) < 4000:
        return int(text)
    half = len(text) // 2
    return decimal_integer(text[:-half]) * int(10**half) + int(decimal_integer(text[-half:]))


def string_to_number(text: str) -> float:
    """7.1.4.1.1 StringToNumber."""
    text = text.strip(WHITE_SPACE)
    if not text:
        return 0.0
    if _DECIMAL.match(text):
        return float(text)
    if _RADIX.match(text):
        integer = int(text, 0)
        try:
            return float(integer)
        except OverflowError:
            return INFINITY
    return NAN


def string_to_bigint(text: str) -> int | None:
    """7.1.14 StringToBigInt; None where the text is no integer."""
    text = text.strip(WHITE_SPACE)
    if not text:
        return 0
    if _INTEGER.match(text):
        if text[0] in "+-":
            magnitude = decimal_integer(text[1:])
            return -magnitude if text[0] == "-" else magnitude
        return decimal_integer(text)
    if _RADIX.match(text):
        return int(text, 0)
    return None
