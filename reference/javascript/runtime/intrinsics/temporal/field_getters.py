"""Temporal, the getters that PlainDate, PlainDateTime, PlainYearMonth, PlainMonthDay and ZonedDateTime share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Final, TypeVar

from lockstep.reference.javascript.runtime.intrinsics.definition import getters
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import (
    CalendarDate,
    calendar_date,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import ISODate, time_fields
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import JSCalendarObject, require
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.function import BuiltInTemplate
    from lockstep.reference.javascript.runtime.objects.ordinary import Kind


def _optional(number: int | None) -> Value:
    return undefined if number is None else float(number)


# Property -> what it shows of a CalendarDate.
_OF_DATE: Final[dict[str, Callable[[CalendarDate], Value]]] = {
    "era": lambda date: date.era,
    "eraYear": lambda date: _optional(date.era_year),
    "year": lambda date: float(date.year),
    "month": lambda date: float(date.month),
    "monthCode": lambda date: date.month_code,
    "day": lambda date: float(date.day),
    "dayOfWeek": lambda date: float(date.day_of_week),
    "dayOfYear": lambda date: float(date.day_of_year),
    "weekOfYear": lambda date: undefined if date.week_of_year is None else float(date.week_of_year.week),
    "yearOfWeek": lambda date: undefined if date.week_of_year is None else float(date.week_of_year.year),
    "daysInWeek": lambda date: float(date.days_in_week),
    "daysInMonth": lambda date: float(date.days_in_month),
    "daysInYear": lambda date: float(date.days_in_year),
    "monthsInYear": lambda date: float(date.months_in_year),
    "inLeapYear": lambda date: date.in_leap_year,
}
DATE_GETTERS: Final = tuple(_OF_DATE)
YEAR_MONTH_GETTERS: Final = (
    "era",
    "eraYear",
    "year",
    "month",
    "monthCode",
    "daysInYear",
    "daysInMonth",
    "monthsInYear",
    "inLeapYear",
)
MONTH_DAY_GETTERS: Final = ("monthCode", "day")
_PROPOSAL: Final = "proposal-temporal"

Dated = TypeVar("Dated", bound=JSCalendarObject)


def date_getters(
    kind: type[Dated],
    names: tuple[str, ...],
    date_of: Callable[[Dated], ISODate],
    section: str,
    *numbers: int,
) -> tuple[tuple[PropertyKey, BuiltInTemplate], ...]:
    """The table of `calendarId` and the getters `names`, for objects of `kind` whose date `date_of` finds.

    Args:
        kind: the class of the objects.
        names: the getters.
        date_of: finds the date of an object.
        section: the clause about the prototype.
        numbers: the last parts of the clauses of `calendarId` and the getters.
    """

    def getter(name: str) -> Callable[..., Value]:
        show = _OF_DATE[name]

        def get_field(realm: Realm, this: Value) -> Value:
            target = require(this, kind)
            return show(calendar_date(target.calendar_, date_of(target)))

        return get_field

    def get_calendar_id(realm: Realm, this: Value) -> str:
        calendar: str = require(this, kind).calendar_
        return calendar

    rows = (("calendarId", get_calendar_id), *((name, getter(name)) for name in names))
    return getters(
        *(
            (name, function, f"{section}.{number}", _PROPOSAL)
            for (name, function), number in zip(rows, numbers)
        )
    )


def time_getters(
    kind: type[Kind], time_of: Callable[[Kind], int], section: str, first: int
) -> tuple[tuple[PropertyKey, BuiltInTemplate], ...]:
    """The table of the getters `hour` to `nanosecond`, for objects of `kind` whose time `time_of` finds.

    Args:
        kind: the class of the objects.
        time_of: finds the time of an object.
        section: the clause about the prototype.
        first: the last part of the clause of `hour`; the others follow.
    """

    def getter(name: str) -> Callable[..., Value]:
        def get_field(realm: Realm, this: Value) -> float:
            return float(getattr(time_fields(time_of(require(this, kind))), name))

        return get_field

    names = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
    return getters(
        *((name, getter(name), f"{section}.{number}", _PROPOSAL) for number, name in enumerate(names, first))
    )
