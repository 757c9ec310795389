"""Temporal, units and rounding (13.6 Units, 13.22 to 13.26)."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    NS_PER_HOUR,
    NS_PER_MINUTE,
    NS_PER_SECOND,
    ISODateTime,
    add_days,
)

DATE_UNITS: Final = ("year", "month", "week", "day")
TIME_UNITS: Final = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
UNITS: Final = (*DATE_UNITS, *TIME_UNITS)
"""Table 21, by descending magnitude."""

UNIT_ORDER: Final = {unit: index for index, unit in enumerate(UNITS)}

NANOSECONDS: Final = {
    "day": NS_PER_DAY,
    "hour": NS_PER_HOUR,
    "minute": NS_PER_MINUTE,
    "second": NS_PER_SECOND,
    "millisecond": 1_000_000,
    "microsecond": 1_000,
    "nanosecond": 1,
}
"""Table 21, length in nanoseconds."""

MAXIMUM_INCREMENT: Final = {
    "hour": 24,
    "minute": 60,
    "second": 60,
    "millisecond": 1000,
    "microsecond": 1000,
    "nanosecond": 1000,
}
"""13.18 MaximumTemporalDurationRoundingIncrement; date units have none."""

ROUNDING_MODES: Final = (
    "ceil",
    "floor",
    "expand",
    "trunc",
    "halfCeil",
    "halfFloor",
    "halfExpand",
    "halfTrunc",
    "halfEven",
)
_NEGATED: Final = {"ceil": "floor", "floor": "ceil", "halfCeil": "halfFloor", "halfFloor": "halfCeil"}
# Table 22: rounding mode -> unsigned rounding mode of a positive and of a negative number.
_UNSIGNED: Final = {
    "ceil": ("infinity", "zero"),
    "floor": ("zero", "infinity"),
    "expand": ("infinity", "infinity"),
    "trunc": ("zero", "zero"),
    "halfCeil": ("half-infinity", "half-zero"),
    "halfFloor": ("half-zero", "half-infinity"),
    "halfExpand": ("half-infinity", "half-infinity"),
    "halfTrunc": ("half-zero", "half-zero"),
    "halfEven": ("half-even", "half-even"),
}
# The unit whose rounding is counted inside of which length (4.5.12 RoundTime): half-even looks at the count.
_ENCLOSING: Final = {
    "day": NS_PER_DAY,
    "hour": NS_PER_DAY,
    "minute": NS_PER_HOUR,
    "second": NS_PER_MINUTE,
    "millisecond": NS_PER_SECOND,
    "microsecond": 1_000_000,
    "nanosecond": 1_000,
}


def larger_unit(one: str, two: str) -> str:
    """13.15 LargerOfTwoTemporalUnits."""
    return one if UNIT_ORDER[one] <= UNIT_ORDER[two] else two


def is_calendar_unit(unit: str) -> bool:
    """13.16 IsCalendarUnit."""
    return unit in ("year", "month", "week")


def is_date_unit(unit: str) -> bool:
    """13.17 TemporalUnitCategory is date."""
    return unit in DATE_UNITS


def negate_rounding_mode(mode: str) -> str:
    """13.9 NegateRoundingMode."""
    return _NEGATED.get(mode, mode)


def rounds_up(numerator: int, denominator: int, lower_is_odd: bool, mode: str, negative: bool) -> bool:
    """13.23 ApplyUnsignedRoundingMode: whether `numerator / denominator`, between 0 and 1, becomes 1.

    Args:
        numerator: how far the number's magnitude is above the lower candidate.
        denominator: the distance of the candidates, positive.
        lower_is_odd: whether the lower candidate is an odd multiple of the increment.
        mode: the rounding mode.
        negative: whether the number is negative.
    """
    if numerator == 0:
        return False
    unsigned = _UNSIGNED[mode][negative]
    if unsigned in ("zero", "infinity"):
        return unsigned == "infinity"
    twice = 2 * numerator
    if twice != denominator:
        return twice > denominator
    return unsigned == "half-infinity" or (unsigned == "half-even" and lower_is_odd)


def round_to_increment(number: int, increment: int, mode: str) -> int:
    """13.24 RoundNumberToIncrement, of an integer."""
    negative = number < 0
    count, rest = divmod(abs(number), increment)
    rounded = (count + rounds_up(rest, increment, count % 2 == 1, mode, negative)) * increment
    return -rounded if negative else rounded


def round_as_if_positive(number: int, increment: int, mode: str) -> int:
    """13.25 RoundNumberToIncrementAsIfPositive."""
    count, rest = divmod(number, increment)
    return (count + rounds_up(rest, increment, count % 2 == 1, mode, False)) * increment


def round_time(time: int, increment: int, unit: str, mode: str) -> int:
    """4.5.12 RoundTime: nanoseconds since midnight, which may reach the next day."""
    rest = time % _ENCLOSING[unit]
    return time - rest + round_to_increment(rest, NANOSECONDS[unit] * increment, mode)


def round_date_time(moment: ISODateTime, increment: int, unit: str, mode: str) -> ISODateTime:
    """5.5.11 RoundISODateTime."""
    days, time = divmod(round_time(moment.time, increment, unit, mode), NS_PER_DAY)
    return ISODateTime(add_days(moment.date, days), time)


def validate_increment(increment: int, dividend: int, inclusive: bool) -> None:
    """13.11 ValidateTemporalRoundingIncrement.

    Raises:
        ThrowCompletion: RangeError, `increment` does not divide `dividend` into equal parts.
    """
    maximum = dividend if inclusive else dividend - 1
    if increment > maximum or dividend % increment != 0:
        raise range_error(f"roundingIncrement must divide {dividend} and be at most {maximum}")
