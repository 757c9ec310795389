"""What every calendar can do, from a few functions of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO_DATE,
    DateDuration,
    create_date_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    ISODate,
    check_days_range,
    date_from_epoch_days,
    epoch_days,
    sign_of,
)

_LAST_REFERENCE: Final = ISODate(1972, 12, 31)
# Within so many years every day of every month has occurred.
_REFERENCE_YEARS: Final = 40
# Beyond any year within the limits, in any calendar.
_LARGEST_YEAR: Final = 400_000


class Day(NamedTuple):
    """A date of a calendar; month and day from 1, month as ordinal in its year."""

    year: int
    month: int
    day: int


class Era(NamedTuple):
    """An era.

    Attributes:
        name: its canonical name.
        first: the year in which its year 1 is.
        direction: 1 where its years count up, -1 where they count down.
        aliases: other names.
    """

    name: str
    first: int
    direction: int = 1
    aliases: tuple[str, ...] = ()

    def year(self, era_year: int) -> int:
        """The year of the calendar that a year of the era is."""
        return self.first + self.direction * (era_year - 1)

    def era_year(self, year: int) -> int:
        """The year of the era that a year of the calendar is."""
        return (year - self.first) * self.direction + 1


class CalendarSystem:
    """A calendar: the arithmetic of 12.3, over five functions that each calendar has of its own.

    Attributes:
        eras: the latest first; the first one whose start is not after a date is the date's.
        leap_codes: the codes of leap months.
        months: the number of months without leap months.
        months_in_19_years: the number of months in so many years, to find one by.
    """

    eras: tuple[Era, ...] = ()
    leap_codes: tuple[str, ...] = ()
    months = 12
    months_in_19_years = 12 * 19
    # The mean year, in days times 10,000.
    mean_year = 3_652_425

    def new_year(self, year: int) -> int:
        """The day number of the first day of a year, from the epoch."""
        raise NotImplementedError

    def days_in_month(self, year: int, month: int) -> int:
        """The length of a month."""
        raise NotImplementedError

    def is_leap_year(self, year: int) -> bool:
        """Whether a year is longer than others."""
        raise NotImplementedError

    def months_in_year(self, year: int) -> int:
        """The number of months."""
        return self.months

    def months_before(self, year: int) -> int:
        """Months from some fixed year to the start of a year."""
        return year * self.months

    # Months.

    def month_code(self, year: int, month: int) -> str:
        """The month code of an ordinal month."""
        return f"M{month:02}"

    def month_of_code(self, year: int, code: str) -> int | None:
        """The ordinal month of a month code, None where the year does not have it."""
        return int(code[1:]) if len(code) == 3 else None

    def constrained_month(self, year: int, code: str) -> int:
        """The month in the place of one that the year does not have."""
        return min(int(code[1:3]), self.months_in_year(year))

    def is_valid_code(self, code: str) -> bool:
        """IsValidMonthCodeForCalendar."""
        return code in self.leap_codes if len(code) > 3 else 1 <= int(code[1:]) <= self.months

    # Days.

    def month_start(self, year: int, month: int) -> int:
        """The day number of the first day of a month."""
        return self.new_year(year) + sum(self.days_in_month(year, before) for before in range(1, month))

    def day_number(self, day: Day) -> int:
        """The day number of a date."""
        return self.month_start(day.year, day.month) + day.day - 1

    def days_in_year(self, year: int) -> int:
        """The length of a year."""
        return self.new_year(year + 1) - self.new_year(year)

    def day_of(self, date: ISODate) -> Day:
        """The calendar's date of an ISO date."""
        return self._day_near(date, (epoch_days(date) - self.new_year(1)) * 10_000 // self.mean_year + 1)

    def _day_near(self, date: ISODate, year: int) -> Day:
        """The calendar's date of an ISO date, whose year is near `year`."""
        number = epoch_days(date)
        while self.new_year(year) > number:
            year -= 1
        while self.new_year(year + 1) <= number:
            year += 1
        rest = number - self.new_year(year)
        month = 1
        while rest >= self.days_in_month(year, month):
            rest -= self.days_in_month(year, month)
            month += 1
        return Day(year, month, rest + 1)

    def iso_of(self, day: Day) -> ISODate:
        """The ISO date of the calendar's date."""
        return date_from_epoch_days(self.day_number(day))

    # Eras.

    def era_of(self, date: ISODate, year: int) -> Era | None:
        """The era of a date."""
        for era in self.eras:
            if (era.direction < 0 and year <= era.first) or (era.direction > 0 and year >= era.first):
                return era
        return self.eras[-1] if self.eras else None

    def era_named(self, name: str) -> Era:
        """CanonicalizeEraInCalendar.

        Raises:
            ThrowCompletion: RangeError, there is no such era.
        """
        for era in self.eras:
            if name == era.name or name in era.aliases:
                return era
        raise range_error(f"Unknown era '{name}'")

    # Fields.

    def resolve(self, fields: dict[str, Any], kind: str) -> None:
        """12.3.25 CalendarResolveFields.

        Raises:
            ThrowCompletion: TypeError, fields are missing; RangeError, they contradict each other.
        """
        has_era = "era" in fields, "eraYear" in fields
        needs_year = kind != "month-day" or "monthCode" not in fields or "month" in fields
        if needs_year and "year" not in fields and not (self.eras and all(has_era)):
            raise type_error("year, or era and eraYear, are required")
        if self.eras and any(has_era) and not all(has_era):
            raise type_error("era and eraYear belong together")
        if kind != "year-month" and "day" not in fields:
            raise type_error("day is required")
        if "month" not in fields and "monthCode" not in fields:
            raise type_error("month or monthCode is required")
        if self.eras and all(has_era):
            of_era = self.era_named(fields["era"]).year(fields["eraYear"])
            if fields.get("year", of_era) != of_era:
                raise range_error("year differs from era and eraYear")
            fields["year"] = of_era
        year: int | None = fields.get("year")
        if year is not None and abs(year) > _LARGEST_YEAR:
            raise range_error("date out of range")
        code = fields.get("monthCode")
        if code is None:
            return
        if not self.is_valid_code(code):
            raise range_error(f"Invalid monthCode '{code}'")
        if year is not None and "month" in fields:
            month = self.month_of_code(year, code) or self.constrained_month(year, code)
            if fields["month"] != month:
                raise range_error("month and monthCode differ")

    def regulate(self, fields: dict[str, Any], overflow: str) -> Day:
        """12.3.20 CalendarDateToISO, as a date of the calendar.

        Raises:
            ThrowCompletion: RangeError, there is no such date and `overflow` is "reject".
        """
        year = fields["year"]
        if "monthCode" in fields:
            month = self._month(year, fields["monthCode"], overflow)
        else:
            month = min(fields["month"], self.months_in_year(year))
            if month != fields["month"] and overflow == "reject":
                raise range_error("month out of range")
        day = min(fields["day"], self.days_in_month(year, month))
        if day != fields["day"] and overflow == "reject":
            raise range_error("day out of range")
        return Day(year, month, day)

    def _month(self, year: int, code: str, overflow: str) -> int:
        """ConstrainMonthCode, as an ordinal month."""
        month = self.month_of_code(year, code)
        if month is None:
            if overflow == "reject":
                raise range_error(f"the year does not have a month {code}")
            return self.constrained_month(year, code)
        return month

    def reference_date(self, fields: dict[str, Any], overflow: str) -> ISODate:
        """12.3.21 CalendarMonthDayToISOReferenceDate: the last one up to the end of 1972.

        Raises:
            ThrowCompletion: RangeError, there is no such day and `overflow` is "reject".
        """
        if "year" in fields:
            regulated = self.regulate(fields, overflow)
            check_days_range(self.iso_of(regulated))
            code, wanted = self.month_code(regulated.year, regulated.month), regulated.day
        else:
            code, wanted = fields["monthCode"], fields["day"]
        code = self.reference_code(code, wanted, overflow)
        last = self.day_of(_LAST_REFERENCE).year
        years = [
            (year, month)
            for year in self.reference_years(last)
            for month in [self.month_of_code(year, code)]
            if month is not None
        ]
        day = min(wanted, max(self.days_in_month(year, month) for year, month in years))
        if day != wanted and overflow == "reject":
            raise range_error("day out of range")
        dates = [
            self.iso_of(Day(year, month, day))
            for year, month in years
            if day <= self.days_in_month(year, month)
        ]
        return next((date for date in dates if date <= _LAST_REFERENCE), dates[0])

    def reference_years(self, last: int) -> Iterable[int]:
        """The years in which a reference date is looked for; `last` is that of 31 December 1972."""
        return range(last, last - _REFERENCE_YEARS, -1)

    def reference_code(self, code: str, day: int, overflow: str) -> str:
        """The month code to look for, where a day of a month may never occur."""
        return code

    # Arithmetic.

    def _at_month(self, index: int) -> tuple[int, int]:
        """The year and ordinal month of a number of months, as `months_before` counts them."""
        year = index * 19 // self.months_in_19_years
        while self.months_before(year) > index:
            year -= 1
        while self.months_before(year + 1) <= index:
            year += 1
        return year, index - self.months_before(year) + 1

    def date_add(self, date: ISODate, duration: DateDuration, overflow: str) -> ISODate:
        """NonISODateAdd.

        Raises:
            ThrowCompletion: RangeError, out of range, or it does not exist and `overflow` is "reject".
        """
        one = self.day_of(date)
        year = one.year + duration.years
        if abs(year) > _LARGEST_YEAR or abs(duration.months) > 14 * _LARGEST_YEAR:
            raise range_error("date out of range")
        month = one.month
        if duration.years:
            month = self._month(year, self.month_code(one.year, one.month), overflow)
        if duration.months:
            year, month = self._at_month(self.months_before(year) + month - 1 + duration.months)
        day = min(one.day, self.days_in_month(year, month))
        if day != one.day and overflow == "reject":
            raise range_error("day out of range")
        days = duration.days + 7 * duration.weeks
        if abs(days) > 10**9:
            raise range_error("date out of range")
        return date_from_epoch_days(self.day_number(Day(year, month, day)) + days)

    def date_until(self, one: ISODate, two: ISODate, largest_unit: str) -> DateDuration:
        """NonISODateUntil."""
        sign = (two > one) - (two < one)
        if sign == 0:
            return ZERO_DATE
        start, end = self.day_of(one), self.day_of(two)
        years = months = 0
        year, month = start.year, start.month
        if largest_unit == "year":
            years = end.year - start.year
            while years and self._year_surpasses(sign, start, end, years):
                years -= sign
            year += years
            month = self._month(year, self.month_code(start.year, start.month), "constrain")
        if largest_unit in ("year", "month"):
            index = self.months_before(year) + month
            months = self.months_before(end.year) + end.month - index
            if sign_of(start.day - end.day) == sign:
                months -= sign
            year, month = self._at_month(index - 1 + months)
        constrained = Day(year, month, min(start.day, self.days_in_month(year, month)))
        days = abs(epoch_days(two) - self.day_number(constrained))
        weeks, days = divmod(days, 7) if largest_unit == "week" else (0, days)
        return create_date_duration(years, months, weeks * sign, days * sign)

    def _year_surpasses(self, sign: int, start: Day, end: Day, years: int) -> bool:
        """NonISODateSurpasses, after a number of years."""
        code = self.month_code(start.year, start.month)
        there = (end.year, self.month_code(end.year, end.month), end.day)
        here = (start.year + years, code, start.day)
        if here > there if sign > 0 else here < there:
            return True
        constrained = Day(here[0], self._month(here[0], code, "constrain"), start.day)
        return constrained > end if sign > 0 else constrained < end
