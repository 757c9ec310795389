"""Temporal, durations (7.5): records, limits, balancing and sums. A time duration is a host int of nanoseconds."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import NS_PER_DAY, sign_of
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    NANOSECONDS,
    UNITS,
    is_calendar_unit,
    is_date_unit,
    larger_unit,
    round_to_increment,
)

MAX_TIME_DURATION: Final = 2**53 * 10**9 - 1
_SAFE: Final = 2**53
# More than any valid field has.
_LARGEST_BITS: Final = 128


class Duration(NamedTuple):
    """The fields of a Temporal.Duration, each an integer that a Number can hold."""

    years: int
    months: int
    weeks: int
    days: int
    hours: int
    minutes: int
    seconds: int
    milliseconds: int
    microseconds: int
    nanoseconds: int

    def negated(self) -> Duration:
        """7.5.20 CreateNegatedTemporalDuration."""
        return Duration(*(-part for part in self))


class DateDuration(NamedTuple):
    """7.5.1 Date Duration Record."""

    years: int
    months: int
    weeks: int
    days: int


class InternalDuration(NamedTuple):
    """7.5.3 Internal Duration Record."""

    date: DateDuration
    time: int


ZERO: Final = Duration(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
ZERO_DATE: Final = DateDuration(0, 0, 0, 0)


def _as_number(integer: int) -> int:
    """The integer of the Number nearest to `integer`."""
    return integer if -_SAFE <= integer <= _SAFE else int(float(integer))


def duration_sign(duration: tuple[int, ...]) -> int:
    """7.5.13 DurationSign and 7.5.14 DateDurationSign."""
    for part in duration:
        if part:
            return 1 if part > 0 else -1
    return 0


def internal_sign(duration: InternalDuration) -> int:
    """7.5.15 InternalDurationSign."""
    return duration_sign(duration.date) or sign_of(duration.time)


def is_valid_duration(*parts: int) -> bool:
    """7.5.16 IsValidDuration."""
    if any(part.bit_length() > _LARGEST_BITS for part in parts):
        return False
    if min(parts) < 0 < max(parts):
        return False
    if max(map(abs, parts[:3])) >= 2**32:
        return False
    days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds = parts[3:]
    total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 10**9
    total += _as_number(milliseconds) * 10**6 + _as_number(microseconds) * 10**3 + _as_number(nanoseconds)
    return abs(total) <= MAX_TIME_DURATION


def create_duration(*parts: int) -> Duration:
    """7.5.19 CreateTemporalDuration, as a record.

    Raises:
        ThrowCompletion: RangeError, the duration is not valid.
    """
    if not is_valid_duration(*parts):
        raise range_error("duration out of range")
    return Duration(*map(_as_number, parts))


def create_date_duration(years: int, months: int, weeks: int, days: int) -> DateDuration:
    """7.5.9 CreateDateDurationRecord.

    Raises:
        ThrowCompletion: RangeError, the duration is not valid.
    """
    if not is_valid_duration(years, months, weeks, days, 0, 0, 0, 0, 0, 0):
        raise range_error("duration out of range")
    return DateDuration(years, months, weeks, days)


def adjust_date_duration(
    duration: DateDuration, days: int, weeks: int | None = None, months: int | None = None
) -> DateDuration:
    """7.5.10 AdjustDateDurationRecord."""
    return create_date_duration(
        duration.years,
        duration.months if months is None else months,
        duration.weeks if weeks is None else weeks,
        days,
    )


def combine(date: DateDuration, time: int) -> InternalDuration:
    """7.5.11 CombineDateAndTimeDuration.

    Raises:
        ThrowCompletion: RangeError, the signs differ.
    """
    if duration_sign(date) * sign_of(time) < 0:
        raise range_error("signs of date and time differ")
    return InternalDuration(date, time)


def time_duration(
    hours: int, minutes: int, seconds: int, milliseconds: int, microseconds: int, nanoseconds: int
) -> int:
    """7.5.21 TimeDurationFromComponents."""
    total = (hours * 60 + minutes) * 60 + seconds
    return ((total * 1000 + milliseconds) * 1000 + microseconds) * 1000 + nanoseconds


def checked_time(nanoseconds: int) -> int:
    """7.5.22 AddTimeDuration and its like, after the sum.

    Raises:
        ThrowCompletion: RangeError, a time duration cannot be that long.
    """
    if abs(nanoseconds) > MAX_TIME_DURATION:
        raise range_error("duration out of range")
    return nanoseconds


def to_internal(duration: Duration) -> InternalDuration:
    """7.5.5 ToInternalDurationRecord."""
    return InternalDuration(DateDuration(*duration[:4]), time_duration(*duration[4:]))


def to_internal_with_24_hour_days(duration: Duration) -> InternalDuration:
    """7.5.6 ToInternalDurationRecordWith24HourDays."""
    time = checked_time(time_duration(*duration[4:]) + duration.days * NS_PER_DAY)
    return InternalDuration(DateDuration(*duration[:3], 0), time)


def to_date_duration_without_time(duration: Duration) -> DateDuration:
    """7.5.7 ToDateDurationRecordWithoutTime."""
    internal = to_internal_with_24_hour_days(duration)
    days = abs(internal.time) // NS_PER_DAY * sign_of(internal.time)
    return create_date_duration(*internal.date[:3], days)


def from_internal(internal: InternalDuration, largest_unit: str) -> Duration:
    """7.5.8 TemporalDurationFromInternal, as a record.

    Raises:
        ThrowCompletion: RangeError, the balanced duration is not valid.
    """
    rest = abs(internal.time)
    sign = sign_of(internal.time)
    parts = []
    reached = is_date_unit(largest_unit)
    for unit in UNITS[3:]:
        reached = reached or unit == largest_unit
        count = 0
        if reached:
            count, rest = divmod(rest, NANOSECONDS[unit])
        parts.append(count * sign)
    return create_duration(*internal.date[:3], internal.date.days + parts[0], *parts[1:])


def default_largest_unit(duration: Duration) -> str:
    """7.5.17 DefaultTemporalLargestUnit."""
    for unit, part in zip(UNITS, duration):
        if part:
            return unit
    return "nanosecond"


def round_time_duration(time: int, increment: int, unit: str, mode: str) -> int:
    """7.5.31 RoundTimeDuration.

    Raises:
        ThrowCompletion: RangeError, the rounded duration is too long.
    """
    return checked_time(round_to_increment(time, NANOSECONDS[unit] * increment, mode))


def total_time_duration(time: int, unit: str) -> Fraction:
    """7.5.32 TotalTimeDuration."""
    return Fraction(time, NANOSECONDS[unit])


def add_durations(one: Duration, two: Duration) -> Duration:
    """7.5.43 AddDurations, from step 3 on.

    Raises:
        ThrowCompletion: RangeError, there are calendar units, or the sum is out of range.
    """
    largest = larger_unit(default_largest_unit(one), default_largest_unit(two))
    if is_calendar_unit(largest):
        raise range_error("durations with years, months or weeks need a starting point to be added")
    total = to_internal_with_24_hour_days(one).time + to_internal_with_24_hour_days(two).time
    return from_internal(InternalDuration(ZERO_DATE, checked_time(total)), largest)
