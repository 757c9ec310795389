"""java.math.BigDecimal over pairs of an unscaled integer and a scale.

What `with-precision` asks for is held in a context variable: it is set for a dynamic extent and taken back at its end.
Each session runs in a context of its own, so no other one sees it; a future has a copy of its maker's.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple

from lockstep.reference.clojure.runtime.values.faults import arithmetic_fault

Pair = tuple[int, int]


class MathContext(NamedTuple):
    """Digits, and how what is beyond them is rounded."""

    precision: int
    mode: str


# What `*math-context*` is bound to in this extent.
math_context: ContextVar[MathContext | None] = ContextVar("math_context", default=None)


def rounded(pair: Pair) -> Pair:
    """A result as `*math-context*` wants it."""
    context = math_context.get()
    return pair if context is None else to_precision(pair, context)


def to_precision(pair: Pair, context: MathContext, *, inexact: bool = False) -> Pair:
    """BigDecimal.round; `inexact` says that something that is not zero was cut off already.

    Raises:
        ArithmeticException: the mode is UNNECESSARY, and it would be.
    """
    unscaled, scale = pair
    magnitude = abs(unscaled)
    drop = len(str(magnitude)) - context.precision
    if context.precision <= 0 or (drop <= 0 and not inexact):
        return pair
    if drop <= 0:
        magnitude, scale, drop = magnitude * 10 ** (1 - drop), scale + 1 - drop, 1
    whole, rest = divmod(magnitude, 10**drop)
    half = 5 * 10 ** (drop - 1)
    negative = unscaled < 0
    beyond = rest > 0 or inexact
    if context.mode == "UNNECESSARY" and beyond:
        raise arithmetic_fault("Rounding necessary")
    up = {
        "UP": beyond,
        "CEILING": beyond and not negative,
        "FLOOR": beyond and negative,
        "HALF_UP": rest >= half,
        "HALF_DOWN": rest > half or (rest == half and inexact),
        "HALF_EVEN": rest > half or (rest == half and (inexact or whole % 2 == 1)),
    }.get(context.mode, False)
    whole += up
    scale -= drop
    if len(str(whole)) > context.precision:
        whole, scale = whole // 10, scale - 1
    return (-whole if negative else whole), scale


def stripped(pair: Pair, least: int) -> Pair:
    """Without the zeros at the end, as long as the scale stays above `least`."""
    unscaled, scale = pair
    while unscaled and scale > least and unscaled % 10 == 0:
        unscaled //= 10
        scale -= 1
    return unscaled, scale


def combined(operator: str, left: Pair, right: Pair) -> Pair:
    """The sum, difference or product, with the scale that java.math.BigDecimal gives it."""
    if operator == "*":
        return rounded((left[0] * right[0], left[1] + right[1]))
    scale = max(left[1], right[1])
    one = left[0] * 10 ** (scale - left[1])
    two = right[0] * 10 ** (scale - right[1])
    return rounded((one + two if operator == "+" else one - two, scale))


def divided(left: Pair, right: Pair) -> Pair:
    """BigDecimal.divide: exact, or as `*math-context*` wants it; the preferred scale is the difference of the two.

    Raises:
        ArithmeticException: the divisor is zero, or there is no end to the digits.
    """
    if right[0] == 0:
        raise arithmetic_fault("Division by zero" if left[0] else "Division undefined")
    preferred = left[1] - right[1]
    context = math_context.get()
    if left[0] == 0:
        return 0, preferred
    sign = -1 if (left[0] < 0) != (right[0] < 0) else 1
    numerator, denominator = abs(left[0]), abs(right[0])
    if context is not None and context.precision > 0:
        digits = max(context.precision + 3 + len(str(denominator)) - len(str(numerator)), 0)
        whole, rest = divmod(numerator * 10**digits, denominator)
        return stripped(
            to_precision((sign * whole, preferred + digits), context, inexact=rest > 0), preferred
        )
    digits = _finite_digits(numerator, denominator)
    return stripped((sign * numerator * 10**digits // denominator, preferred + digits), preferred)


def _finite_digits(numerator: int, denominator: int) -> int:
    """How many digits the quotient has behind its point."""
    counts = []
    rest = denominator
    for factor in (2, 5):
        count = 0
        while rest % factor == 0:
            rest //= factor
            count += 1
        counts.append(count)
    if numerator % rest:
        raise arithmetic_fault("Non-terminating decimal expansion; no exact representable decimal result.")
    return max(counts)


def integral_quotient(left: Pair, right: Pair) -> Pair:
    """BigDecimal.divideToIntegralValue."""
    preferred = left[1] - right[1]
    shift = left[1] - right[1]
    one = abs(left[0]) * 10 ** max(-shift, 0)
    two = abs(right[0]) * 10 ** max(shift, 0)
    whole = one // two
    if whole == 0:
        return 0, preferred
    unscaled, scale = stripped((whole, 0), preferred)
    if scale < preferred:
        unscaled, scale = unscaled * 10 ** (preferred - scale), preferred
    return (-unscaled if (left[0] < 0) != (right[0] < 0) else unscaled), scale


def integral_remainder(left: Pair, right: Pair) -> Pair:
    """BigDecimal.remainder."""
    return combined("-", left, combined("*", integral_quotient(left, right), right))
