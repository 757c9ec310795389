"""Temporal, calendars (12): what every operation asks a calendar for, and the ISO 8601 calendar itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems import (
    ALIASES,
    CALENDARS,
    system_of,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO_DATE,
    DateDuration,
    create_date_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    ISODate,
    YearWeek,
    add_days,
    balance_year_month,
    date_within_limits,
    day_of_week,
    day_of_year,
    days_in_month,
    days_in_year,
    epoch_days,
    is_leap_year,
    regulate_date,
    sign_of,
    week_of_year,
    year_month_within_limits,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
        CalendarSystem,
    )
    from lockstep.reference.javascript.runtime.values import Value

Fields = dict[str, Any]
"""12.3.2 Calendar Fields Record, by property key; a key that is absent is unset."""

ISO: Final = "iso8601"
# The first leap year after the epoch.
_REFERENCE_YEAR: Final = 1972


class CalendarDate(NamedTuple):
    """12.3.1 Calendar Date Record."""

    era: str | None
    era_year: int | None
    year: int
    month: int
    month_code: str
    day: int
    day_of_week: int
    day_of_year: int
    week_of_year: YearWeek | None
    days_in_week: int
    days_in_month: int
    days_in_year: int
    months_in_year: int
    in_leap_year: bool


def canonicalize_calendar(identifier: str) -> str:
    """12.2.1 CanonicalizeCalendar.

    Raises:
        ThrowCompletion: RangeError, there is no such calendar.
    """
    lower = identifier.lower() if identifier.isascii() else identifier
    lower = ALIASES.get(lower, lower)
    if lower not in CALENDARS:
        raise range_error(f"Unknown calendar '{identifier}'")
    return lower


def calendar_date(calendar: str, date: ISODate) -> CalendarDate:
    """12.3.22 CalendarISOToDate."""
    if calendar != ISO:
        return _calendar_date_of_system(system_of(calendar), date)
    return CalendarDate(
        None,
        None,
        date.year,
        date.month,
        f"M{date.month:02}",
        date.day,
        day_of_week(date),
        day_of_year(date),
        week_of_year(date),
        7,
        days_in_month(date.year, date.month),
        days_in_year(date.year),
        12,
        is_leap_year(date.year),
    )


def _calendar_date_of_system(system: CalendarSystem, date: ISODate) -> CalendarDate:
    year, month, day = system.day_of(date)
    era = system.era_of(date, year)
    return CalendarDate(
        None if era is None else era.name,
        None if era is None else era.era_year(year),
        year,
        month,
        system.month_code(year, month),
        day,
        day_of_week(date),
        epoch_days(date) - system.new_year(year) + 1,
        None,
        7,
        system.days_in_month(year, month),
        system.days_in_year(year),
        system.months_in_year(year),
        system.is_leap_year(year),
    )


def date_add(calendar: str, date: ISODate, duration: DateDuration, overflow: str) -> ISODate:
    """12.3.7 CalendarDateAdd.

    Raises:
        ThrowCompletion: RangeError, the sum is out of range, or does not exist and `overflow` is "reject".
    """
    if calendar != ISO:
        result = system_of(calendar).date_add(date, duration, overflow)
    else:
        year, month = balance_year_month(date.year + duration.years, date.month + duration.months)
        intermediate = regulate_date(year, month, date.day, overflow)
        result = add_days(intermediate, duration.days + 7 * duration.weeks)
    if not date_within_limits(result):
        raise range_error("date out of range")
    return result


def date_until(calendar: str, one: ISODate, two: ISODate, largest_unit: str) -> DateDuration:
    """12.3.8 CalendarDateUntil."""
    if calendar != ISO:
        return system_of(calendar).date_until(one, two, largest_unit)
    sign = sign_of((two > one) - (two < one))
    if sign == 0:
        return ZERO_DATE
    months = 0
    if largest_unit in ("year", "month"):
        months = (two.year - one.year) * 12 + two.month - one.month
        # ISODateSurpasses: the last month is not full.
        if sign * (one.day - two.day) > 0:
            months -= sign
    year, month = balance_year_month(one.year, one.month + months)
    constrained = regulate_date(year, month, one.day, "constrain")
    days = abs(epoch_days(two) - epoch_days(constrained))
    years, months = divmod(abs(months), 12) if largest_unit == "year" else (0, abs(months))
    weeks, days = divmod(days, 7) if largest_unit == "week" else (0, days)
    return create_date_duration(years * sign, months * sign, weeks * sign, days * sign)


def extra_fields(calendar: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """12.3.23 CalendarExtraFields."""
    if calendar != ISO and "year" in names and system_of(calendar).eras:
        return ("era", "eraYear")
    return ()


def merge_fields(calendar: str, fields: Fields, additional: Fields) -> Fields:
    """12.3.6 CalendarMergeFields."""
    ignored = set(additional)
    if "month" in ignored or "monthCode" in ignored:
        ignored |= {"month", "monthCode"}
    if ignored & {"era", "eraYear", "year"}:
        ignored |= {"era", "eraYear", "year"}
    merged = {key: value for key, value in fields.items() if key not in ignored}
    return {**merged, **additional}


def fields_of_date(calendar: str, date: ISODate, kind: str) -> Fields:
    """13.40 ISODateToFields; `kind` is "date", "year-month" or "month-day"."""
    shown = calendar_date(calendar, date)
    fields: dict[str, Value] = {"monthCode": shown.month_code}
    if kind != "year-month":
        fields["day"] = shown.day
    if kind != "month-day":
        fields["year"] = shown.year
    return fields


def _resolve_fields(fields: Fields, kind: str) -> None:
    """12.3.25 CalendarResolveFields, for the ISO 8601 calendar."""
    if kind != "month-day" and "year" not in fields:
        raise type_error("year is required")
    if kind != "year-month" and "day" not in fields:
        raise type_error("day is required")
    code = fields.get("monthCode")
    if code is None:
        if "month" not in fields:
            raise type_error("month or monthCode is required")
        return
    if len(code) != 3 or not 1 <= int(code[1:]) <= 12:
        raise range_error(f"Invalid monthCode '{code}'")
    month = int(code[1:])
    if fields.get("month", month) != month:
        raise range_error("month and monthCode differ")
    fields["month"] = month


def date_from_fields(calendar: str, fields: Fields, overflow: str) -> ISODate:
    """12.3.11 CalendarDateFromFields.

    Raises:
        ThrowCompletion: TypeError, fields are missing; RangeError, there is no such date.
    """
    if calendar != ISO:
        system = system_of(calendar)
        system.resolve(fields, "date")
        date = system.iso_of(system.regulate(fields, overflow))
    else:
        _resolve_fields(fields, "date")
        date = regulate_date(fields["year"], fields["month"], fields["day"], overflow)
    if not date_within_limits(date):
        raise range_error("date out of range")
    return date


def year_month_from_fields(calendar: str, fields: Fields, overflow: str) -> ISODate:
    """12.3.12 CalendarYearMonthFromFields: the first day of the month."""
    if calendar != ISO:
        system = system_of(calendar)
        system.resolve(fields, "year-month")
        date = system.iso_of(system.regulate({**fields, "day": 1}, overflow))
    else:
        _resolve_fields(fields, "year-month")
        date = regulate_date(fields["year"], fields["month"], 1, overflow)
    if not year_month_within_limits(date):
        raise range_error("date out of range")
    return date


def month_day_from_fields(calendar: str, fields: Fields, overflow: str) -> ISODate:
    """12.3.13 CalendarMonthDayFromFields: the day in a reference year."""
    if calendar != ISO:
        system = system_of(calendar)
        system.resolve(fields, "month-day")
        return system.reference_date(fields, overflow)
    _resolve_fields(fields, "month-day")
    year = fields.get("year", _REFERENCE_YEAR)
    date = regulate_date(year, fields["month"], fields["day"], overflow)
    return ISODate(_REFERENCE_YEAR, date.month, date.day)
