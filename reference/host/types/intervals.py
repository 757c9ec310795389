"""Intervals of integers: what an operator can give of what its operands can be.

An interval is a pair, both bounds included; None stands for no value yet. Results are those of exact arithmetic: whether they
leave the integers of a language is for who asks.
"""

from __future__ import annotations

from typing import Callable, Optional

Interval = tuple[int, int]
Known = Optional[Interval]

# Bounds that an interval which keeps growing jumps to, so that it soon stops.
_LANDMARKS = (0, 1, 2, (1 << 30) - 1, 1 << 31, 1 << 32, 1 << 53, (1 << 62), (1 << 63) - 1)


def joined(one: Known, other: Known) -> Known:
    """The smallest interval around both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def met(one: Interval, other: Interval) -> Known:
    """What both have in common."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def widened(before: Known, after: Known, full: Interval) -> Known:
    """`after`, with each bound that moved since `before` at the next landmark."""
    if before is None or after is None:
        return after
    low, high = after
    if low < before[0]:
        low = next((mark for mark in (2, 1, 0, -1, -(1 << 30) + 1, -(1 << 53)) if mark <= low), full[0])
    if high > before[1]:
        high = next((mark for mark in _LANDMARKS if mark >= high), full[1])
    return max(low, full[0]), min(high, full[1])


def _sum(a: Interval, b: Interval) -> Interval:
    return a[0] + b[0], a[1] + b[1]


def _difference(a: Interval, b: Interval) -> Interval:
    return a[0] - b[1], a[1] - b[0]


def _product(a: Interval, b: Interval) -> Interval:
    corners = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(corners), max(corners)


def _remainder(a: Interval, b: Interval) -> Known:
    if b[0] > 0:
        # The remainder has the divisor's sign.
        if a[0] >= 0:
            return 0, min(a[1], b[1] - 1)
        return 0, b[1] - 1
    if b[1] < 0:
        return b[0] + 1, 0
    return None


def _quotient(a: Interval, b: Interval) -> Known:
    if b[0] <= 0 <= b[1]:
        return None
    corners = (a[0] // b[0], a[0] // b[1], a[1] // b[0], a[1] // b[1])
    return min(corners), max(corners)


def _conjunction(a: Interval, b: Interval) -> Known:
    if a[0] >= 0 and b[0] >= 0:
        return 0, min(a[1], b[1])
    for one in (a, b):
        if one[0] >= 0:
            return 0, one[1]
    return None


def _disjunction(a: Interval, b: Interval) -> Known:
    if a[0] < 0 or b[0] < 0:
        return None
    return 0, (1 << max(a[1].bit_length(), b[1].bit_length())) - 1


def _shifted_right(a: Interval, b: Interval) -> Known:
    # The shift is logical: a negative number is a large one.
    if b[0] != b[1] or not 0 < b[0] < 64:
        return None
    high = (1 << 64) - 1 if a[0] < 0 else a[1]
    return (0 if a[0] < 0 else a[0] >> b[0]), high >> b[0]


_OPERATORS: dict[str, Callable[[Interval, Interval], Known]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "%": _remainder,
    "//": _quotient,
    "&": _conjunction,
    "|": _disjunction,
    "~": _disjunction,
    ">>": _shifted_right,
}


def result(operator: str, left: Interval, right: Interval) -> Known:
    """What exact arithmetic gives; None where that is not known."""
    known = _OPERATORS.get(operator)
    return None if known is None else known(left, right)


def restricted(interval: Interval, operator: str, bound: Interval) -> Known:
    """The part of `interval` for which `value operator other` can hold, with an `other` in `bound`."""
    if operator == "<":
        return met(interval, (interval[0], bound[1] - 1))
    if operator == "<=":
        return met(interval, (interval[0], bound[1]))
    if operator == ">":
        return met(interval, (bound[0] + 1, interval[1]))
    if operator == ">=":
        return met(interval, (bound[0], interval[1]))
    return met(interval, bound) if operator == "==" else interval
