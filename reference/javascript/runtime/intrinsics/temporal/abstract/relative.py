"""Temporal, durations relative to a date and time: rounding, totals and differences (5.5, 6.5, 7.5.33 to 7.5.41)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import date_add, date_until
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO_DATE,
    DateDuration,
    InternalDuration,
    adjust_date_duration,
    checked_time,
    combine,
    create_date_duration,
    duration_sign,
    internal_sign,
    round_time_duration,
    total_time_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    ISODateTime,
    add_days,
    date_time_within_limits,
    epoch_nanoseconds,
    is_valid_epoch_nanoseconds,
    sign_of,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    TimeZone,
    epoch_nanoseconds_for,
    local_date_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    NANOSECONDS,
    UNIT_ORDER,
    UNITS,
    is_calendar_unit,
    is_date_unit,
    larger_unit,
    round_to_increment,
    rounds_up,
)


class Rounding(NamedTuple):
    """To what a difference is rounded."""

    largest_unit: str
    increment: int
    smallest_unit: str
    mode: str

    @property
    def is_exact(self) -> bool:
        """Whether nothing is rounded."""
        return self.smallest_unit == "nanosecond" and self.increment == 1


class Start(NamedTuple):
    """Where a duration begins: a local date and time, its zone (None for plain ones) and calendar."""

    moment: ISODateTime
    zone: TimeZone | None
    calendar: str
    epoch: int

    def epoch_after(self, duration: DateDuration) -> int:
        """The exact time after a number of years, months, weeks and days."""
        date = date_add(self.calendar, self.moment.date, duration, "constrain")
        moment = ISODateTime(date, self.moment.time)
        if self.zone is None:
            return epoch_nanoseconds(moment)
        return epoch_nanoseconds_for(self.zone, moment, "compatible")


class Nudge(NamedTuple):
    """7.5.33 Duration Nudge Result Record."""

    duration: InternalDuration
    epoch: int
    expanded: bool


class _Window(NamedTuple):
    """What ComputeNudgeWindow finds: the multiples around a duration, and when they are reached."""

    first: int
    second: int
    start_epoch: int
    end_epoch: int
    start: DateDuration
    end: DateDuration


def _nudge_window(
    sign: int, duration: InternalDuration, start: Start, increment: int, unit: str, shifted: bool
) -> _Window:
    """7.5.34 ComputeNudgeWindow."""
    date = duration.date
    if unit == "year":
        first = round_to_increment(date.years, increment, "trunc") + increment * sign * shifted
        second = first + increment * sign
        one, two = create_date_duration(first, 0, 0, 0), create_date_duration(second, 0, 0, 0)
    elif unit == "month":
        first = round_to_increment(date.months, increment, "trunc") + increment * sign * shifted
        second = first + increment * sign
        one, two = adjust_date_duration(date, 0, 0, first), adjust_date_duration(date, 0, 0, second)
    elif unit == "week":
        weeks_start = date_add(
            start.calendar, start.moment.date, adjust_date_duration(date, 0, 0), "constrain"
        )
        weeks_end = add_days(weeks_start, date.days)
        until = date_until(start.calendar, weeks_start, weeks_end, "week")
        first = round_to_increment(date.weeks + until.weeks, increment, "trunc")
        second = first + increment * sign
        one, two = adjust_date_duration(date, 0, first), adjust_date_duration(date, 0, second)
    else:
        first = round_to_increment(date.days, increment, "trunc")
        second = first + increment * sign
        one, two = adjust_date_duration(date, first), adjust_date_duration(date, second)
    start_epoch = start.epoch if duration_sign(one) == 0 else start.epoch_after(one)
    return _Window(first, second, start_epoch, start.epoch_after(two), one, two)


def _nudge_to_calendar_unit(
    sign: int, duration: InternalDuration, target: int, start: Start, increment: int, unit: str, mode: str
) -> tuple[Nudge, Fraction]:
    """7.5.35 NudgeToCalendarUnit: the nudge, and the total of `unit`."""
    window = _nudge_window(sign, duration, start, increment, unit, False)
    expanded = False
    if not 0 <= sign * (target - window.start_epoch) <= sign * (window.end_epoch - window.start_epoch):
        window = _nudge_window(sign, duration, start, increment, unit, True)
        expanded = True
    done = sign * (target - window.start_epoch)
    whole = sign * (window.end_epoch - window.start_epoch)
    if whole <= 0 or not 0 <= done <= whole:
        raise range_error("the date is outside of what can be rounded")
    total = window.first + Fraction(done, whole) * increment * sign
    count = abs(window.first) // increment
    if done == whole or rounds_up(done, whole, count % 2 == 1, mode, sign < 0):
        return Nudge(InternalDuration(window.end, 0), window.end_epoch, True), total
    return Nudge(InternalDuration(window.start, 0), window.start_epoch, expanded), total


def _nudge_to_zoned_time(
    sign: int, duration: InternalDuration, start: Start, zone: TimeZone, increment: int, unit: str, mode: str
) -> Nudge:
    """7.5.36 NudgeToZonedTime."""
    begin = date_add(start.calendar, start.moment.date, duration.date, "constrain")
    time = start.moment.time
    start_epoch = epoch_nanoseconds_for(zone, ISODateTime(begin, time), "compatible")
    end_epoch = epoch_nanoseconds_for(zone, ISODateTime(add_days(begin, sign), time), "compatible")
    span = end_epoch - start_epoch
    rounded = round_time_duration(duration.time, increment, unit, mode)
    beyond = checked_time(rounded - span)
    if sign_of(beyond) != -sign:
        expanded = True
        rounded = round_time_duration(beyond, increment, unit, mode)
        nudged = rounded + end_epoch
    else:
        expanded = False
        nudged = rounded + start_epoch
    date = adjust_date_duration(duration.date, duration.date.days + (sign if expanded else 0))
    return Nudge(combine(date, rounded), nudged, expanded)


def _nudge_to_day_or_time(duration: InternalDuration, target: int, rounding: Rounding) -> Nudge:
    """7.5.37 NudgeToDayOrTime."""
    time = checked_time(duration.time + duration.date.days * NS_PER_DAY)
    rounded = round_time_duration(time, rounding.increment, rounding.smallest_unit, rounding.mode)
    whole_days = abs(time) // NS_PER_DAY * sign_of(time)
    rounded_days = abs(rounded) // NS_PER_DAY * sign_of(rounded)
    expanded = sign_of(rounded_days - whole_days) == sign_of(time)
    days, remainder = 0, rounded
    if is_date_unit(rounding.largest_unit):
        days, remainder = rounded_days, rounded - rounded_days * NS_PER_DAY
    date = adjust_date_duration(duration.date, days)
    return Nudge(combine(date, remainder), target + rounded - time, expanded)


def _bubble(
    sign: int, duration: InternalDuration, nudged: int, start: Start, largest_unit: str, smallest_unit: str
) -> InternalDuration:
    """7.5.38 BubbleRelativeDuration."""
    if smallest_unit == largest_unit:
        return duration
    for index in range(UNIT_ORDER[smallest_unit] - 1, UNIT_ORDER[largest_unit] - 1, -1):
        unit = UNITS[index]
        if unit == "week" and largest_unit != "week":
            continue
        date = duration.date
        if unit == "year":
            end = create_date_duration(date.years + sign, 0, 0, 0)
        elif unit == "month":
            end = adjust_date_duration(date, 0, 0, date.months + sign)
        else:
            end = adjust_date_duration(date, 0, date.weeks + sign)
        if sign_of(nudged - start.epoch_after(end)) == -sign:
            break
        duration = InternalDuration(end, 0)
    return duration


def round_relative(
    duration: InternalDuration, target: int, start: Start, rounding: Rounding
) -> InternalDuration:
    """7.5.39 RoundRelativeDuration.

    Raises:
        ThrowCompletion: RangeError, a date or the result is out of range.
    """
    unit, increment, mode = rounding.smallest_unit, rounding.increment, rounding.mode
    sign = -1 if internal_sign(duration) < 0 else 1
    if is_calendar_unit(unit) or (start.zone is not None and unit == "day"):
        nudge, _ = _nudge_to_calendar_unit(sign, duration, target, start, increment, unit, mode)
    elif start.zone is not None:
        nudge = _nudge_to_zoned_time(sign, duration, start, start.zone, increment, unit, mode)
    else:
        nudge = _nudge_to_day_or_time(duration, target, rounding)
    if nudge.expanded and unit != "week":
        smallest = larger_unit(unit, "day")
        return _bubble(sign, nudge.duration, nudge.epoch, start, rounding.largest_unit, smallest)
    return nudge.duration


def _total_relative(duration: InternalDuration, target: int, start: Start, unit: str) -> Fraction:
    """7.5.40 TotalRelativeDuration."""
    if is_calendar_unit(unit) or (start.zone is not None and unit == "day"):
        sign = -1 if internal_sign(duration) < 0 else 1
        return _nudge_to_calendar_unit(sign, duration, target, start, 1, unit, "trunc")[1]
    return total_time_duration(checked_time(duration.time + duration.date.days * NS_PER_DAY), unit)


def difference_date_time(
    one: ISODateTime, two: ISODateTime, calendar: str, largest_unit: str
) -> InternalDuration:
    """5.5.12 DifferenceISODateTime."""
    time = two.time - one.time
    date = two.date
    # The time goes the other way than the date: take a day from the date.
    if sign_of(time) == (one.date > date) - (one.date < date):
        date = add_days(date, sign_of(time))
        time -= sign_of(time) * NS_PER_DAY
    date_largest = larger_unit("day", largest_unit)
    difference = date_until(calendar, one.date, date, date_largest)
    if largest_unit != date_largest:
        time = checked_time(time + difference.days * NS_PER_DAY)
        difference = adjust_date_duration(difference, 0)
    return combine(difference, time)


def _check_limits(one: ISODateTime, two: ISODateTime) -> None:
    if not date_time_within_limits(one) or not date_time_within_limits(two):
        raise range_error("date and time out of range")


def plain_difference(
    one: ISODateTime, two: ISODateTime, calendar: str, rounding: Rounding
) -> InternalDuration:
    """5.5.13 DifferencePlainDateTimeWithRounding."""
    if one == two:
        return InternalDuration(ZERO_DATE, 0)
    _check_limits(one, two)
    difference = difference_date_time(one, two, calendar, rounding.largest_unit)
    if rounding.is_exact:
        return difference
    start = Start(one, None, calendar, epoch_nanoseconds(one))
    return round_relative(difference, epoch_nanoseconds(two), start, rounding)


def plain_total(one: ISODateTime, two: ISODateTime, calendar: str, unit: str) -> Fraction:
    """5.5.14 DifferencePlainDateTimeWithTotal."""
    if one == two:
        return Fraction(0)
    _check_limits(one, two)
    difference = difference_date_time(one, two, calendar, unit)
    if unit == "nanosecond":
        return Fraction(difference.time)
    start = Start(one, None, calendar, epoch_nanoseconds(one))
    return _total_relative(difference, epoch_nanoseconds(two), start, unit)


def add_instant(epoch: int, time: int) -> int:
    """8.5.5 AddInstant.

    Raises:
        ThrowCompletion: RangeError, the sum is out of range.
    """
    if not is_valid_epoch_nanoseconds(epoch + time):
        raise range_error("instant out of range")
    return epoch + time


def instant_difference(one: int, two: int, increment: int, unit: str, mode: str) -> InternalDuration:
    """8.5.6 DifferenceInstant."""
    return InternalDuration(ZERO_DATE, round_time_duration(two - one, increment, unit, mode))


def add_zoned(epoch: int, zone: TimeZone, calendar: str, duration: InternalDuration, overflow: str) -> int:
    """6.5.5 AddZonedDateTime.

    Raises:
        ThrowCompletion: RangeError, the sum is out of range, or does not exist and `overflow` is "reject".
    """
    if duration_sign(duration.date) == 0:
        return add_instant(epoch, duration.time)
    moment = local_date_time(zone, epoch)
    intermediate = ISODateTime(date_add(calendar, moment.date, duration.date, overflow), moment.time)
    if not date_time_within_limits(intermediate):
        raise range_error("date and time out of range")
    return add_instant(epoch_nanoseconds_for(zone, intermediate, "compatible"), duration.time)


def _zoned_difference(
    one: int, two: int, zone: TimeZone, calendar: str, largest_unit: str
) -> InternalDuration:
    """6.5.6 DifferenceZonedDateTime."""
    if one == two:
        return InternalDuration(ZERO_DATE, 0)
    start = local_date_time(zone, one)
    end = local_date_time(zone, two)
    sign = -1 if two < one else 1
    if start.date == end.date:
        # No whole day lies between them.
        return InternalDuration(ZERO_DATE, two - one)
    first = 1 if sign_of(end.time - start.time) == -sign else 0
    for correction in range(first, (2 if sign == 1 else 1) + 1):
        date = add_days(end.date, -correction * sign)
        intermediate = epoch_nanoseconds_for(zone, ISODateTime(date, start.time), "compatible")
        time = two - intermediate
        if sign != -sign_of(time):
            break
    else:
        raise range_error("the difference of the times is out of range")
    difference = date_until(calendar, start.date, date, larger_unit(largest_unit, "day"))
    return combine(difference, time)


def zoned_difference(
    one: int, two: int, zone: TimeZone, calendar: str, rounding: Rounding
) -> InternalDuration:
    """6.5.7 DifferenceZonedDateTimeWithRounding."""
    if not is_date_unit(rounding.largest_unit):
        return instant_difference(one, two, rounding.increment, rounding.smallest_unit, rounding.mode)
    difference = _zoned_difference(one, two, zone, calendar, rounding.largest_unit)
    if rounding.is_exact:
        return difference
    start = Start(local_date_time(zone, one), zone, calendar, one)
    return round_relative(difference, two, start, rounding)


def zoned_total(one: int, two: int, zone: TimeZone, calendar: str, unit: str) -> Fraction:
    """6.5.8 DifferenceZonedDateTimeWithTotal."""
    if unit in NANOSECONDS and unit != "day":
        return total_time_duration(two - one, unit)
    difference = _zoned_difference(one, two, zone, calendar, unit)
    start = Start(local_date_time(zone, one), zone, calendar, one)
    return _total_relative(difference, two, start, unit)
