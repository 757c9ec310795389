"""Temporal, ISO Date Records, Time Records and ISO Date-Time Records (3.5, 4.5, 5.5, 12.3).

A Time Record is the number of nanoseconds since midnight, an exact time the number of nanoseconds since the epoch;
both are host ints.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.numbers.date_time import (
    civil_from_days,
    days_from_civil,
)

NS_PER_DAY: Final = 86_400_000_000_000
NS_PER_HOUR: Final = 3_600_000_000_000
NS_PER_MINUTE: Final = 60_000_000_000
NS_PER_SECOND: Final = 1_000_000_000
NS_MAX_INSTANT: Final = 10**8 * NS_PER_DAY
"""8.1: the last exact time; the first is its negative."""

MIDNIGHT: Final = 0
NOON: Final = 12 * NS_PER_HOUR

_MONTH_DAYS: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A year whose days cannot be counted any more within the limits.
_LARGEST_YEAR: Final = 1_000_000


class ISODate(NamedTuple):
    """3.5.1 ISO Date Record: a date of the proleptic Gregorian calendar; month and day from 1."""

    year: int
    month: int
    day: int


class ISODateTime(NamedTuple):
    """5.5.1 ISO Date-Time Record; `time` is in nanoseconds since midnight."""

    date: ISODate
    time: int


class TimeFields(NamedTuple):
    """4.5.1 Time Record, taken apart."""

    hour: int
    minute: int
    second: int
    millisecond: int
    microsecond: int
    nanosecond: int


class YearWeek(NamedTuple):
    """12.1 Year-Week Record."""

    week: int
    year: int


def sign_of(number: int) -> int:
    """-1, 0 or 1."""
    return (number > 0) - (number < 0)


def is_leap_year(year: int) -> bool:
    """13.3 MathematicalInLeapYear, of a year."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """12.3.16 ISODaysInMonth."""
    return 29 if month == 2 and is_leap_year(year) else _MONTH_DAYS[month]


def epoch_days(date: ISODate) -> int:
    """13.1 ISODateToEpochDays of a valid date."""
    return days_from_civil(date.year, date.month - 1, date.day)


def date_from_epoch_days(days: int) -> ISODate:
    """The date of a day number."""
    year, month, day = civil_from_days(days)
    return ISODate(year, month + 1, day)


def add_days(date: ISODate, days: int) -> ISODate:
    """3.5.10 BalanceISODate, with `days` added to the day.

    Raises:
        ThrowCompletion: RangeError, so many days are beyond any date.
    """
    if abs(days) > 10**12:
        raise range_error("date out of range")
    return date_from_epoch_days(epoch_days(date) + days)


def balance_year_month(year: int, month: int) -> tuple[int, int]:
    """9.5.4 BalanceISOYearMonth."""
    carry, month = divmod(month - 1, 12)
    return year + carry, month + 1


def is_valid_date(year: int, month: int, day: int) -> bool:
    """3.5.7 IsValidISODate."""
    return 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def regulate_date(year: int, month: int, day: int, overflow: str) -> ISODate:
    """3.5.6 RegulateISODate.

    Raises:
        ThrowCompletion: RangeError, the date does not exist and `overflow` is "reject".
    """
    if overflow == "constrain":
        month = min(max(month, 1), 12)
        return ISODate(year, month, min(max(day, 1), days_in_month(year, month)))
    if not is_valid_date(year, month, day):
        raise range_error("date out of range")
    return ISODate(year, month, day)


def epoch_nanoseconds(moment: ISODateTime) -> int:
    """13.4 GetUTCEpochNanoseconds."""
    return epoch_days(moment.date) * NS_PER_DAY + moment.time


def date_time_from_epoch(nanoseconds: int) -> ISODateTime:
    """The date and time of an exact time, in UTC."""
    days, time = divmod(nanoseconds, NS_PER_DAY)
    return ISODateTime(date_from_epoch_days(days), time)


def is_valid_epoch_nanoseconds(nanoseconds: int) -> bool:
    """8.5.1 IsValidEpochNanoseconds."""
    return -NS_MAX_INSTANT <= nanoseconds <= NS_MAX_INSTANT


def date_time_within_limits(moment: ISODateTime) -> bool:
    """5.5.4 ISODateTimeWithinLimits."""
    if abs(moment.date.year) > _LARGEST_YEAR:
        return False
    return -NS_MAX_INSTANT - NS_PER_DAY < epoch_nanoseconds(moment) < NS_MAX_INSTANT + NS_PER_DAY


def date_within_limits(date: ISODate) -> bool:
    """3.5.11 ISODateWithinLimits."""
    return date_time_within_limits(ISODateTime(date, NOON))


def year_month_within_limits(date: ISODate) -> bool:
    """9.5.3 ISOYearMonthWithinLimits."""
    return (-271821, 4) <= (date.year, date.month) <= (275760, 9)


def check_days_range(date: ISODate) -> None:
    """13.5 CheckISODaysRange.

    Raises:
        ThrowCompletion: RangeError, the date is more than 10^8 days from the epoch.
    """
    if abs(date.year) > _LARGEST_YEAR or abs(epoch_days(date)) > 10**8:
        raise range_error("date out of range")


def time_from_fields(
    hour: int, minute: int, second: int, millisecond: int, microsecond: int, nanosecond: int
) -> int:
    """Nanoseconds since midnight; the fields may overflow (4.5.10 BalanceTime)."""
    seconds = (hour * 60 + minute) * 60 + second
    return ((seconds * 1000 + millisecond) * 1000 + microsecond) * 1000 + nanosecond


def time_fields(time: int) -> TimeFields:
    """The fields of nanoseconds since midnight."""
    rest, nanosecond = divmod(time, 1000)
    rest, microsecond = divmod(rest, 1000)
    rest, millisecond = divmod(rest, 1000)
    rest, second = divmod(rest, 60)
    hour, minute = divmod(rest, 60)
    return TimeFields(hour, minute, second, millisecond, microsecond, nanosecond)


def regulate_time(fields: tuple[int, ...], overflow: str) -> int:
    """4.5.8 RegulateTime, of hour to nanosecond.

    Raises:
        ThrowCompletion: RangeError, a field is out of range and `overflow` is "reject".
    """
    limits = (23, 59, 59, 999, 999, 999)
    if overflow == "constrain":
        fields = tuple(min(max(field, 0), limit) for field, limit in zip(fields, limits))
    elif not all(0 <= field <= limit for field, limit in zip(fields, limits)):
        raise range_error("time out of range")
    return time_from_fields(*fields)


def day_of_week(date: ISODate) -> int:
    """12.3.19 ISODayOfWeek: Monday is 1, Sunday 7."""
    return (epoch_days(date) + 3) % 7 + 1


def day_of_year(date: ISODate) -> int:
    """12.3.18 ISODayOfYear, from 1."""
    return epoch_days(date) - epoch_days(ISODate(date.year, 1, 1)) + 1


def days_in_year(year: int) -> int:
    """13.3 MathematicalDaysInYear."""
    return 366 if is_leap_year(year) else 365


def week_of_year(date: ISODate) -> YearWeek:
    """12.3.17 ISOWeekOfYear: a week belongs to the year that its Thursday is in."""
    thursday = add_days(date, 4 - day_of_week(date))
    return YearWeek((day_of_year(thursday) - 1) // 7 + 1, thursday.year)
