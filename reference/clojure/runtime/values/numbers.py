"""The numeric tower: long is a host int, double a host float; BigInt, Ratio and BigDecimal are ours.

BigInt, Ratio and BigDecimal carry host operators that work among themselves and with int and float, so
`a + b` gives the guest's result for every pair of numbers and raises TypeError for everything else.
What is left to check afterwards is whether a long left its range. clojure.lang.Numbers is the reference.
"""

from __future__ import annotations

import math
import random
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Callable, Union

from lockstep.reference.clojure.runtime.values import Value, decimals
from lockstep.reference.clojure.runtime.values.faults import (
    arithmetic_fault,
    class_cast_fault,
    number_format_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Tried

if TYPE_CHECKING:
    from typing_extensions import TypeGuard, TypeIs

LONG_MIN = -(1 << 63)
LONG_MAX = (1 << 63) - 1


def double_text(value: float) -> str:
    """java.lang.Double.toString: shortest digits, scientific outside of [0.001, 10,000,000)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    magnitude = abs(value)
    if magnitude == 0.0 or 1e-3 <= magnitude < 1e7:
        text = repr(value)
        return text if "." in text else text + ".0"
    digits, _, exponent = f"{value:.17e}".partition("e")
    shortest = repr(magnitude).partition("e")[0].replace(".", "").strip("0")
    if len(shortest) == 1:
        # Two digits are written, so of two the nearest are (4.9E-324).
        rough, _, power = f"{magnitude:.1e}".partition("e")
        if float(f"{rough}e{power}") == magnitude:
            return f"{'-' if value < 0 else ''}{rough}E{int(power)}"
    digits, _, exponent = f"{magnitude:.{max(len(shortest) - 1, 1)}e}".partition("e")
    return f"{'-' if value < 0 else ''}{digits}E{int(exponent)}"


def _exact(value: Value) -> tuple[int, int, int] | None:
    """(rank, numerator, denominator) of an exact number: rank 1 BigInt or long, 2 Ratio."""
    if value.__class__ is int:
        return 1, value, 1
    if value.__class__ is BigInt or value.__class__ is BigInteger:
        return 1, value.value, 1
    if value.__class__ is Ratio:
        return 2, value.numerator, value.denominator
    return None


def _ratio_result(numerator: int, denominator: int) -> Number:
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


# What an operator answers of operands that are not its own: the host asks the other one.
_REFUSED: Number = NotImplemented
_UNORDERED: bool = NotImplemented


def _operate(operator: str, left: Value, right: Value) -> Number:
    if left.__class__ is float or right.__class__ is float:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return _FLOAT[operator](to_double(left), to_double(right))
        return _REFUSED
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return BigDecimal(*decimals.combined(operator, to_decimal(left).pair, to_decimal(right).pair))
        return _REFUSED
    one, two = _exact(left), _exact(right)
    if one is None or two is None:
        return _REFUSED
    numerator, denominator = _EXACT[operator](one[1], one[2], two[1], two[2])
    if one[0] == 1 and two[0] == 1:
        return BigInt(numerator)
    return _ratio_result(numerator, denominator)


def _difference(left: Value, right: Value) -> Number:
    """The difference; what is subtracted from a decimal, or is one, is rounded by itself first."""
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return left + -right
        return _REFUSED
    return _operate("-", left, right)


def _fraction(value: Value) -> int | Fraction | None:
    if value.__class__ is int:
        return value
    if value.__class__ is BigInt or value.__class__ is BigInteger:
        return value.value
    if value.__class__ is Ratio:
        return Fraction(value.numerator, value.denominator)
    if value.__class__ is BigDecimal:
        return Fraction(value.unscaled) / Fraction(10) ** value.scale
    return None


def _exact_fraction(value: Value) -> Fraction:
    """A number that is no double, as a fraction."""
    fraction = _fraction(value)
    assert fraction is not None
    return Fraction(fraction)


def _ordering(test: Callable[[Ordered, Ordered], bool]) -> Callable[[Value, Value], bool]:
    def compare_to(left: Value, right: Value) -> bool:
        if right.__class__ is float:
            return test(to_double(left), right)
        if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
            # BigDecimalOps: what is compared with a decimal becomes one.
            if not is_number(right):
                return _UNORDERED
            left, right = to_decimal(left), to_decimal(right)
        one, two = _fraction(left), _fraction(right)
        if one is None or two is None:
            return _UNORDERED
        return test(one, two)

    return compare_to


class _Exact:
    """The operators that BigInt, Ratio and BigDecimal share."""

    __slots__ = ()

    def __add__(self, other: Value) -> Number:
        return _operate("+", self, other)

    def __radd__(self, other: Value) -> Number:
        return _operate("+", other, self)

    def __sub__(self, other: Value) -> Number:
        return _difference(self, other)

    def __rsub__(self, other: Value) -> Number:
        return _difference(other, self)

    def __mul__(self, other: Value) -> Number:
        return _operate("*", self, other)

    def __rmul__(self, other: Value) -> Number:
        return _operate("*", other, self)

    def __neg__(self) -> Number:
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
        if other.__class__ is BigInt or other.__class__ is BigInteger:
            return self.value == other.value
        return other.__class__ is int and self.value == other

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"{self.value}N"


class BigInteger(_Exact):
    """java.math.BigInteger: what `biginteger` makes; arithmetic with it gives a BigInt."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if other.__class__ is BigInteger or other.__class__ is BigInt:
            return self.value == other.value
        return other.__class__ is int and self.value == other

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return str(self.value)


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

    @property
    def pair(self) -> tuple[int, int]:
        """The unscaled number and the scale."""
        return self.unscaled, self.scale

    def stripped(self) -> BigDecimal:
        """The same number without trailing zeros."""
        if self.unscaled == 0:
            return BigDecimal(0, 0)
        return BigDecimal(*decimals.stripped(self.pair, self.scale - len(str(self.unscaled))))

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


_NUMBERS = (int, float, BigInt, BigInteger, Ratio, BigDecimal)

Number = Union[int, float, BigInt, BigInteger, Ratio, BigDecimal]
"""java.lang.Number, of the classes that arithmetic makes. A parameter of this type is operated on first: it is asked after."""

Integer = Union[int, BigInt, BigInteger]
"""What `integer?` holds of."""

Ordered = Union[int, float, Fraction]


def is_number(value: Value) -> TypeIs[Number]:
    """Number?"""
    return isinstance(value, _NUMBERS)


def is_integer(value: Value) -> TypeIs[Integer]:
    """integer?: long, BigInt or BigInteger."""
    return value.__class__ in _INTEGERS


_INTEGERS = frozenset({int, BigInt, BigInteger})


def overflow(result: Number) -> Number:
    """`result` of an operation that is no long in range: fine unless it is a host int.

    Raises:
        ArithmeticException: a long operation left the range of a long.
    """
    if result.__class__ is int:
        raise arithmetic_fault("long overflow")
    return result


def add(left: Number, right: Number) -> Number:
    """`+` of two numbers; a long overflow throws."""
    result = left + right
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def subtract(left: Number, right: Number) -> Number:
    """`-` of two boxed numbers: the negation is added, which tells where zeros have signs (Numbers.minus)."""
    try:
        result = left + -right
    except TypeError:
        second_number(left, right)
        raise
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def subtract_primitives(left: Number, right: Number) -> Number:
    """`-` of two primitive numbers."""
    result = left - right
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def multiply(left: Number, right: Number) -> Number:
    """`*` of two numbers; the host would repeat a string, so the operands are asked first."""
    result = product(left, right)
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def product(left: Tried, right: Tried) -> Number:
    """The host's product of two numbers, which may be out of the range of a long."""
    if left.__class__ is str or right.__class__ is str:
        second_number(left, right)
    result: Number = left * right
    return result


def negate(value: Number) -> Number:
    """Unary `-`."""
    result = -value
    return result if LONG_MIN <= result <= LONG_MAX else overflow(result)


def promoted(result: Number) -> Number:
    """`result` of an operation that promotes (`+'`): a long out of range becomes a BigInt."""
    if result.__class__ is int and not LONG_MIN <= result <= LONG_MAX:
        return BigInt(result)
    return result


def require_number(value: Value) -> Number:
    """`value` if it is a number.

    Raises:
        NullPointerException, ClassCastException: it is not.
    """
    if not isinstance(value, _NUMBERS):
        raise class_cast_fault(value, "java.lang.Number")
    return value


def second_number(first: Value, second: Value) -> Number:
    """`second` if both operands are numbers: both are asked for their classes (Numbers.ops) before the first is cast.

    Raises:
        NullPointerException, ClassCastException: one of them is not.
    """
    if first is not None and second is not None:
        require_number(first)
    return require_number(None if first is None else second)


def cast_second(first: Value, second: Value) -> Number:
    """`second` if both operands are numbers: both are cast before either is asked for its class (Numbers.equiv).

    Raises:
        NullPointerException, ClassCastException: one of them is not.
    """
    for value in (first, second):
        if value is not None:
            require_number(value)
    return second_number(first, second)


def _divisible(left: Number, right: Number) -> None:
    """What Numbers.divide, quotient and remainder ask of their operands: first of the divisor, whether it is zero.

    Raises:
        NullPointerException, ClassCastException: one of them is no number.
        ArithmeticException: the divisor is zero.
    """
    require_number(right)
    if right == 0 or is_zero(right):
        raise arithmetic_fault("Divide by zero")
    require_number(left)


def chance() -> float:
    """A number from 0 to 1, 1 left out, as `rand` gives it."""
    return random.random()  # noqa: S311  # the guest's `rand` is no secret


def is_zero(value: Number) -> bool:
    """`zero?`."""
    return not value < 0 and not value > 0 and not is_nan(value)


def to_double(value: Value) -> float:
    """The double nearest to a number."""
    if value.__class__ is float:
        return value
    try:
        if value.__class__ is int:
            return float(value)
        if value.__class__ is BigInt or value.__class__ is BigInteger:
            return float(value.value)
        if value.__class__ is Ratio:
            # Ratio.doubleValue: by way of a decimal of 16 digits.
            return float(_DECIMAL64.divide(Decimal(value.numerator), Decimal(value.denominator)))
        if value.__class__ is BigDecimal:
            return float(_exact_fraction(value))
    except OverflowError:
        return math.inf if require_number(value) > 0 else -math.inf
    raise class_cast_fault(value, "java.lang.Number")


_DECIMAL64 = Context(prec=16, Emax=999_999, Emin=-999_999)


def to_decimal(value: Value) -> BigDecimal:
    """The BigDecimal of an exact number.

    Raises:
        ArithmeticException: a ratio has no finite expansion.
    """
    if value.__class__ is BigDecimal:
        return value
    if value.__class__ is int:
        return BigDecimal(value, 0)
    if value.__class__ is BigInt or value.__class__ is BigInteger:
        return BigDecimal(value.value, 0)
    if value.__class__ is float:
        if not math.isfinite(value):
            raise number_format_fault("Infinite or NaN")
        return BigDecimal.parse(double_text(value))
    if value.__class__ is Ratio:
        return divide_decimal(BigDecimal(value.numerator, 0), BigDecimal(value.denominator, 0))
    raise class_cast_fault(value, "java.lang.Number")


def divide_decimal(left: BigDecimal, right: BigDecimal) -> BigDecimal:
    """BigDecimal.divide."""
    return BigDecimal(*decimals.divided(left.pair, right.pair))


def not_a_number() -> float:
    """A NaN that is no other one: what is identical is equal."""
    return float("nan")


# What a literal is.
NAN = float("nan")


def is_nan(value: Value) -> TypeGuard[float]:
    """Whether a number is the double NaN."""
    return value.__class__ is float and math.isnan(value)


def divide(left: Number, right: Number) -> Number:
    """`/` of two boxed numbers (Numbers.divide of objects): even a double is not divided by zero.

    Raises:
        ArithmeticException: the divisor is zero.
    """
    if is_nan(left):
        return left
    if is_nan(right):
        return right
    _divisible(left, right)
    return _quotient_of(left, right)


def divide_doubles(left: Value, right: Value) -> float:
    """`/` of two primitive numbers one of which is a double: IEEE (Numbers.divide of doubles)."""
    one, two = to_double(left), to_double(right)
    if two == 0.0:
        if one == 0.0 or math.isnan(one):
            return math.nan
        return math.copysign(math.inf, one) * math.copysign(1.0, two)
    return one / two


def _quotient_of(left: Number, right: Number) -> Number:
    if left.__class__ is float or right.__class__ is float:
        return divide_doubles(left, right)
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return divide_decimal(to_decimal(left), to_decimal(right))
    one_exact, two_exact = _exact(left), _exact(right)
    assert one_exact is not None
    assert two_exact is not None
    numerator = one_exact[1] * two_exact[2]
    denominator = one_exact[2] * two_exact[1]
    if left.__class__ is int and right.__class__ is int:
        return _quotient_of_longs(left, right)
    return _ratio_result(numerator, denominator)


def _quotient_of_longs(left: int, right: int) -> Number:
    """LongOps.divide: the signs change in longs, where the least one has no opposite."""
    result = Fraction(left, right)
    numerator = LONG_MIN if result.numerator > LONG_MAX else result.numerator
    return numerator if result.denominator == 1 else Ratio(numerator, result.denominator)


def truncated(numerator: int, denominator: int) -> int:
    """Integer division towards zero."""
    whole = abs(numerator) // abs(denominator)
    return -whole if (numerator < 0) != (denominator < 0) else whole


def wrapped(value: int) -> int:
    """The low 64 bits as a long."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def quotient(left: Number, right: Number) -> Number:
    """`quot` (Numbers.quotient)."""
    if left.__class__ is int and right.__class__ is int and right != 0:
        return wrapped(truncated(left, right))
    _divisible(left, right)
    if left.__class__ is float or right.__class__ is float:
        one, two = to_double(left), to_double(right)
        ratio = one / two
        if not math.isfinite(ratio):
            raise number_format_fault("Infinite or NaN")
        return float(math.trunc(ratio))
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return BigDecimal(*decimals.integral_quotient(to_decimal(left).pair, to_decimal(right).pair))
    return BigInt(math.trunc(_exact_fraction(left) / _exact_fraction(right)))


def remainder(left: Number, right: Number) -> Number:
    """`rem` (Numbers.remainder)."""
    if left.__class__ is int and right.__class__ is int and right != 0:
        return left - right * truncated(left, right)
    _divisible(left, right)
    if left.__class__ is float or right.__class__ is float:
        one, two = to_double(left), to_double(right)
        if not math.isfinite(one / two):
            raise number_format_fault("Infinite or NaN")
        return one - math.trunc(one / two) * two
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return BigDecimal(*decimals.integral_remainder(to_decimal(left).pair, to_decimal(right).pair))
    return left - quotient(left, right) * right


def _long_division(operate: Callable[[int, int], Number]) -> Callable[[int, int], Number]:
    def call(left: int, right: int) -> Number:
        if right == 0:
            raise arithmetic_fault("/ by zero")
        return operate(left, right)

    return call


# Of two primitive longs: the JVM divides them itself.
quotient_longs = _long_division(quotient)
remainder_longs = _long_division(remainder)


def modulo(left: Number, right: Number) -> Number:
    """`mod`: the remainder with the sign of the divisor."""
    if left.__class__ is int and right.__class__ is int and right != 0:
        return left % right
    rest = remainder(left, right)
    if is_zero(rest) or (left > 0) == (right > 0):
        return rest
    return rest + right


def to_exact_integer(value: Value) -> int:
    """The number cut to an integer, as a host int of any size."""
    if value.__class__ is int:
        return value
    if value.__class__ is BigInt or value.__class__ is BigInteger:
        return value.value
    if value.__class__ is float:
        if not math.isfinite(value):
            raise number_format_fault("Infinite or NaN")
        return math.trunc(value)
    fraction = _fraction(value)
    if fraction is None:
        raise class_cast_fault(value, "java.lang.Number")
    return math.trunc(fraction)


def number_equal(left: Value, right: Value) -> bool:
    """`==` of two numbers: by value, whatever their category."""
    if left.__class__ is float or right.__class__ is float:
        return to_double(left) == to_double(right)
    if left.__class__ is BigDecimal or right.__class__ is BigDecimal:
        return bool(to_decimal(left) == to_decimal(right))
    right = second_number(left, right)
    return bool(_fraction(left) == _fraction(right))
