"""The numeric tower: long is a host int, double a host float; BigInt, Ratio and BigDecimal are ours.

BigInt, Ratio and BigDecimal carry host operators that work among themselves and with int and float, so
`a + b` gives the guest's result for every pair of numbers and raises TypeError for everything else.
What is left to check afterwards is whether a long left its range. clojure.lang.Numbers is the reference.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Callable

from lockstep.reference.clojure.runtime.values.faults import (
    arithmetic_fault,
    class_cast_fault,
    number_format_fault,
)

Value = Any

LONG_MIN = -(1 << 63)
LONG_MAX = (1 << 63) - 1


def _exact(value: Value) -> tuple[int, int, int] | None:
    """(rank, numerator, denominator) of an exact number: rank 1 BigInt or long, 2 Ratio."""
    kind = value.__class__
    if kind is int:
        return 1, value, 1
    if kind is BigInt:
        return 1, value.value, 1
    if kind is Ratio:
        return 2, value.numerator, value.denominator
    return None


def _ratio_result(numerator: int, denominator: int) -> Value:
    divisor = math.gcd(numerator, denominator)
    if denominator < 0:
        divisor = -divisor
    numerator //= divisor
    denominator //= divisor
    return BigInt(numerator) if denominator == 1 else Ratio(numerator, denominator)


_EXACT: dict[str, Callable[[int, int, int, int], tuple[int, int]]] = {
    "+": lambda a, b, c, d: (a * d + c * b, b * d),
    "-": lambda a, b, c, d: (a * d - c * b, b * d),
    "*": lambda a, b, c, d: (a * c, b * d),
}
_FLOAT: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _operate(operator: str, left: Value, right: Value) -> Value:
    if left.__class__ is float or right.__class__ is float:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return _FLOAT[operator](to_double(left), to_double(right))
        return NotImplemented
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return BigDecimal.combine(operator, to_decimal(left), to_decimal(right))
        return NotImplemented
    one, two = _exact(left), _exact(right)
    if one is None or two is None:
        return NotImplemented
    numerator, denominator = _EXACT[operator](one[1], one[2], two[1], two[2])
    if one[0] == 1 and two[0] == 1:
        return BigInt(numerator)
    return _ratio_result(numerator, denominator)


def _fraction(value: Value) -> Value:
    kind = value.__class__
    if kind is int:
        return value
    if kind is BigInt:
        return value.value
    if kind is Ratio:
        return Fraction(value.numerator, value.denominator)
    if kind is BigDecimal:
        return Fraction(value.unscaled) / Fraction(10) ** value.scale
    return None


def _ordering(test: Callable[[Value, Value], bool]) -> Callable[[Value, Value], Value]:
    def compare_to(left: Value, right: Value) -> Value:
        if right.__class__ is float:
            return test(to_double(left), right)
        one, two = _fraction(left), _fraction(right)
        if one is None or two is None:
            return NotImplemented
        return test(one, two)

    return compare_to


class _Exact:
    """The operators that BigInt, Ratio and BigDecimal share."""

    __slots__ = ()

    def __add__(self, other: Value) -> Value:
        return _operate("+", self, other)

    def __radd__(self, other: Value) -> Value:
        return _operate("+", other, self)

    def __sub__(self, other: Value) -> Value:
        return _operate("-", self, other)

    def __rsub__(self, other: Value) -> Value:
        return _operate("-", other, self)

    def __mul__(self, other: Value) -> Value:
        return _operate("*", self, other)

    def __rmul__(self, other: Value) -> Value:
        return _operate("*", other, self)

    def __neg__(self) -> Value:
        return _operate("-", 0, self)

    __lt__ = _ordering(lambda a, b: a < b)
    __le__ = _ordering(lambda a, b: a <= b)
    __gt__ = _ordering(lambda a, b: a > b)
    __ge__ = _ordering(lambda a, b: a >= b)


class BigInt(_Exact):
    """clojure.lang.BigInt: an integer of any size, written with N."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if other.__class__ is BigInt:
            return self.value == other.value
        return other.__class__ is int and self.value == other

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"{self.value}N"


class Ratio(_Exact):
    """clojure.lang.Ratio: a fraction in lowest terms whose denominator is greater than 1."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: int, denominator: int) -> None:
        self.numerator = numerator
        self.denominator = denominator

    def __eq__(self, other: object) -> bool:
        return (
            other.__class__ is Ratio
            and self.numerator == other.numerator
            and self.denominator == other.denominator
        )

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    def __repr__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


class BigDecimal(_Exact):
    """java.math.BigDecimal: `unscaled` times ten to the power of minus `scale`, written with M."""

    __slots__ = ("scale", "unscaled")

    def __init__(self, unscaled: int, scale: int) -> None:
        self.unscaled = unscaled
        self.scale = scale

    @staticmethod
    def parse(text: str) -> BigDecimal:
        """The decimal written as `text` (without M)."""
        mantissa, _, exponent = text.lower().partition("e")
        whole, _, fraction = mantissa.partition(".")
        try:
            return BigDecimal(int(whole + fraction), len(fraction) - int(exponent or "0"))
        except ValueError:
            raise number_format_fault(f"Invalid number: {text}") from None

    @staticmethod
    def combine(operator: str, left: BigDecimal, right: BigDecimal) -> BigDecimal:
        """The exact sum, difference or product, with the scale that java.math.BigDecimal gives it."""
        if operator == "*":
            return BigDecimal(left.unscaled * right.unscaled, left.scale + right.scale)
        scale = max(left.scale, right.scale)
        one = left.unscaled * 10 ** (scale - left.scale)
        two = right.unscaled * 10 ** (scale - right.scale)
        return BigDecimal(one + two if operator == "+" else one - two, scale)

    def stripped(self) -> BigDecimal:
        """The same number without trailing zeros."""
        unscaled, scale = self.unscaled, self.scale
        if unscaled == 0:
            return BigDecimal(0, 0)
        while unscaled % 10 == 0:
            unscaled //= 10
            scale -= 1
        return BigDecimal(unscaled, scale)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not BigDecimal:
            return False
        one, two = self.stripped(), other.stripped()
        return one.unscaled == two.unscaled and one.scale == two.scale

    def __hash__(self) -> int:
        one = self.stripped()
        return hash((one.unscaled, one.scale, "M"))

    def __repr__(self) -> str:
        return self.text() + "M"

    def text(self) -> str:
        """java.math.BigDecimal.toString."""
        digits = str(abs(self.unscaled))
        sign = "-" if self.unscaled < 0 else ""
        exponent = len(digits) - 1 - self.scale
        if self.scale == 0:
            return sign + digits
        if self.scale > 0 and exponent >= -6:
            if len(digits) <= self.scale:
                digits = digits.rjust(self.scale + 1, "0")
            return f"{sign}{digits[: -self.scale]}.{digits[-self.scale :]}"
        mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
        return f"{sign}{mantissa}E{exponent:+d}" if exponent else sign + mantissa


_NUMBERS = (int, float, BigInt, Ratio, BigDecimal)


def is_number(value: Value) -> bool:
    """Number?"""
    return isinstance(value, _NUMBERS)


def is_integer(value: Value) -> bool:
    """integer?: long or BigInt."""
    return value.__class__ is int or value.__class__ is BigInt


def overflow(result: Value) -> Value:
    """`result` of an operation that is no long in range: fine unless it is a host int.

    Raises:
        ArithmeticException: a long operation left the range of a long.
    """
    if result.__class__ is int:
        raise arithmetic_fault("long overflow")
    return result


def add(left: Value, right: Value) -> Value:
    """`+` of two numbers; a long overflow throws."""
    result = left + right
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def subtract(left: Value, right: Value) -> Value:
    """`-` of two numbers."""
    result = left - right
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def multiply(left: Value, right: Value) -> Value:
    """`*` of two numbers; the host would repeat a string, so the operands are asked first."""
    if left.__class__ is str or right.__class__ is str:
        raise class_cast_fault("java.lang.String", "java.lang.Number")
    result = left * right
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def negate(value: Value) -> Value:
    """Unary `-`."""
    result = -value
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def promoted(result: Value) -> Value:
    """`result` of an operation that promotes (`+'`): a long out of range becomes a BigInt."""
    if result.__class__ is int and not LONG_MIN <= result <= LONG_MAX:
        return BigInt(result)
    return result


def require_number(value: Value) -> Value:
    """`value` if it is a number.

    Raises:
        NullPointerException, ClassCastException: it is not.
    """
    if not isinstance(value, _NUMBERS):
        raise class_cast_fault(value, "java.lang.Number")
    return value


def second_number(first: Value, second: Value) -> Value:
    """`second` if both operands are numbers, which are looked at in their order.

    Raises:
        NullPointerException, ClassCastException: one of them is not.
    """
    require_number(first)
    return require_number(second)


def is_zero(value: Value) -> bool:
    """`zero?`."""
    return not value < 0 and not value > 0 and value == value  # noqa: PLR0124  # NaN is no zero


def to_double(value: Value) -> float:
    """The double nearest to a number."""
    kind = value.__class__
    if kind is float:
        return value  # type: ignore[no-any-return]
    try:
        if kind is int:
            return float(value)
        if kind is BigInt:
            return float(value.value)
        if kind is Ratio:
            return value.numerator / value.denominator  # type: ignore[no-any-return]
        if kind is BigDecimal:
            return float(_fraction(value))
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    raise class_cast_fault(value, "java.lang.Number")


def to_decimal(value: Value) -> BigDecimal:
    """The BigDecimal of an exact number.

    Raises:
        ArithmeticException: a ratio has no finite expansion.
    """
    kind = value.__class__
    if kind is BigDecimal:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return BigDecimal(value, 0)
    if kind is BigInt:
        return BigDecimal(value.value, 0)
    if kind is float:
        if not math.isfinite(value):
            raise number_format_fault("Infinite or NaN")
        return BigDecimal.parse(repr(value))
    if kind is Ratio:
        return divide_decimal(BigDecimal(value.numerator, 0), BigDecimal(value.denominator, 0))
    raise class_cast_fault(value, "java.lang.Number")


def divide_decimal(left: BigDecimal, right: BigDecimal) -> BigDecimal:
    """BigDecimal.divide(BigDecimal): exact, with the preferred scale left.scale - right.scale."""
    if right.unscaled == 0:
        raise arithmetic_fault("Division by zero" if left.unscaled else "Division undefined")
    preferred = left.scale - right.scale
    fraction = Fraction(left.unscaled, right.unscaled)
    rest, twos, fives = fraction.denominator, 0, 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise arithmetic_fault("Non-terminating decimal expansion; no exact representable decimal result.")
    digits = max(twos, fives)
    unscaled = fraction.numerator * 10**digits // fraction.denominator
    scale = digits + preferred
    while scale > preferred and unscaled % 10 == 0:
        unscaled //= 10
        scale -= 1
    if scale < preferred:
        unscaled *= 10 ** (preferred - scale)
        scale = preferred
    return BigDecimal(unscaled, scale)


def divide(left: Value, right: Value) -> Value:
    """`/` of two numbers: exact for exact numbers, IEEE for doubles.

    Raises:
        ArithmeticException: an exact number is divided by zero.
    """
    if left.__class__ is float or right.__class__ is float:
        one, two = to_double(require_number(left)), to_double(require_number(right))
        if two == 0.0:
            if one == 0.0 or one != one:  # noqa: PLR0124  # NaN is the number that differs from itself
                return math.nan
            return math.copysign(math.inf, one) * math.copysign(1.0, two)
        return one / two
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return divide_decimal(to_decimal(require_number(left)), to_decimal(require_number(right)))
    one_exact, two_exact = _exact(require_number(left)), _exact(require_number(right))
    assert one_exact is not None
    assert two_exact is not None
    numerator = one_exact[1] * two_exact[2]
    denominator = one_exact[2] * two_exact[1]
    if denominator == 0:
        raise arithmetic_fault("Divide by zero")
    if left.__class__ is int and right.__class__ is int:
        whole, rest = divmod(numerator, denominator)
        if rest == 0:
            return promoted(whole)
    return _ratio_result(numerator, denominator)


def truncated(numerator: int, denominator: int) -> int:
    """Integer division towards zero."""
    whole = abs(numerator) // abs(denominator)
    return -whole if (numerator < 0) != (denominator < 0) else whole


def quotient(left: Value, right: Value) -> Value:
    """`quot`."""
    if left.__class__ is int and right.__class__ is int:
        if right == 0:
            raise arithmetic_fault("Divide by zero")
        return promoted(truncated(left, right))
    require_number(left)
    require_number(right)
    if left.__class__ is float or right.__class__ is float:
        one, two = to_double(left), to_double(right)
        if two == 0.0:
            raise arithmetic_fault("Divide by zero")
        ratio = one / two
        if not math.isfinite(ratio):
            raise number_format_fault("Infinite or NaN")
        return float(math.trunc(ratio))
    one_f, two_f = Fraction(_fraction(left)), Fraction(_fraction(right))
    if two_f == 0:
        raise arithmetic_fault("Divide by zero")
    whole = math.trunc(one_f / two_f)
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return BigDecimal(whole, 0)
    return BigInt(whole)


def remainder(left: Value, right: Value) -> Value:
    """`rem`."""
    if left.__class__ is int and right.__class__ is int:
        if right == 0:
            raise arithmetic_fault("Divide by zero")
        return left - right * truncated(left, right)
    require_number(left)
    require_number(right)
    if left.__class__ is float or right.__class__ is float:
        one, two = to_double(left), to_double(right)
        if two == 0.0:
            raise arithmetic_fault("Divide by zero")
        if not math.isfinite(one / two):
            raise number_format_fault("Infinite or NaN")
        return one - math.trunc(one / two) * two
    whole = quotient(left, right)
    return left - whole * right


def modulo(left: Value, right: Value) -> Value:
    """`mod`: the remainder with the sign of the divisor."""
    if left.__class__ is int and right.__class__ is int:
        if right == 0:
            raise arithmetic_fault("Divide by zero")
        return left % right
    rest = remainder(left, right)
    if rest == 0 or (rest > 0) == (right > 0):
        return rest
    return rest + right


def to_exact_integer(value: Value) -> int:
    """The number cut to an integer, as a host int of any size."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is BigInt:
        return value.value  # type: ignore[no-any-return]
    if kind is float:
        if not math.isfinite(value):
            raise number_format_fault("Infinite or NaN")
        return math.trunc(float(value))
    fraction = _fraction(value)
    if fraction is None:
        raise class_cast_fault(value, "java.lang.Number")
    return math.trunc(Fraction(fraction))


def number_equal(left: Value, right: Value) -> bool:
    """`==` of two numbers: by value, whatever their category."""
    if left.__class__ is float or right.__class__ is float:
        return to_double(left) == to_double(right)
    return bool(_fraction(require_number(left)) == _fraction(require_number(right)))
