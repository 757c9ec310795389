"""6.1.6.1.20 Number::toString for property keys, and 12.9.3 the values of numeric literals."""

from __future__ import annotations

import math


def number_to_string(value: float) -> str:
    """6.1.6.1.20 Number::toString ( value, 10 )."""
    # 1. to 4. NaN, Infinity, zeros, negative values.
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if value < 0:
        return "-" + number_to_string(-value)
    # 5. The host's repr gives the shortest digits s (k of them) and the exponent.
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    # 6. to 8. Without an exponent.
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    # 9. to 12. With an exponent.
    power = point - 1
    sign = "-" if power < 0 else "+"
    rest = "." + digits[1:] if count > 1 else ""
    return f"{digits[0]}{rest}e{sign}{abs(power)}"
