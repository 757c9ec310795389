"""The Chinese and Korean calendars: from tables in the years 1900 to 2100, from mean motions of sun and moon beyond."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.lunar_data import (
    CHINESE,
    DANGI,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Day,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import ISODate

_FIRST_YEAR: Final = 1900
# 31 January 1900.
_FIRST_DAY: Final = -25_537
# In days: the mean month, a twelfth of the mean year, a mean new moon and a mean winter solstice (of 1999).
_MONTH: Final = Fraction(29_530_588_861, 10**9)
_TERM: Final = Fraction(36_524_219, 1_200_000)
_NEW_MOON: Final = Fraction(109_625_929, 10_000)
_SOLSTICE: Final = Fraction(109_453_554, 10_000)
_SOLSTICE_YEAR: Final = 1999
# So that the months of year 0 have small numbers.
_MONTHS_TO_YEAR_0: Final = 24_736


class _Year(NamedTuple):
    """A year: its first day, the lengths of its months, and the ordinal of its leap month, or 0."""

    first: int
    lengths: tuple[int, ...]
    leap: int


def _table(words: str) -> tuple[_Year, ...]:
    years = []
    first = _FIRST_DAY
    for word in words.split():
        number = int(word, 16)
        leap = number >> 13
        lengths = tuple(29 + (number >> month & 1) for month in range(13 if leap else 12))
        years.append(_Year(first, lengths, leap))
        first += sum(lengths)
    return tuple(years)


def _new_moon(count: int) -> int:
    """The day of a mean new moon, by its number."""
    return (_NEW_MOON + _MONTH * count).__floor__()


def _terms_before(day: int) -> int:
    """Mean solar terms that begin months, up to the start of a day."""
    return ((day - _SOLSTICE) / _TERM).__floor__()


def _solstice_month(year: int) -> int:
    """The number of the new moon whose month has the winter solstice of a Gregorian year."""
    solstice = (_SOLSTICE + 12 * _TERM * (year - _SOLSTICE_YEAR)).__floor__()
    count = ((solstice - _NEW_MOON) / _MONTH).__floor__()
    return count + 1 if _new_moon(count + 1) <= solstice else count


def _leap_position(year: int) -> int:
    """How many months after the solstice's the leap month is, of the months up to the solstice of `year`; 0 for none."""
    start = _solstice_month(year - 1)
    if _solstice_month(year) - start == 12:
        return 0
    for position in range(1, 13):
        # The first month without a solar term of its own.
        if _terms_before(_new_moon(start + position + 1)) == _terms_before(_new_moon(start + position)):
            return position
    return 12


def _mean_new_year(year: int) -> int:
    """The number of the new moon that begins a year."""
    return _solstice_month(year - 1) + 2 + (_leap_position(year) in (1, 2))


class Lunisolar(CalendarSystem):
    """A calendar whose leap months come after those that they are named after."""

    leap_codes = tuple(f"M{month:02}L" for month in range(1, 13))
    months_in_19_years = 235

    def __init__(self, words: str) -> None:
        self.table = _table(words)

    def _year(self, year: int) -> _Year:
        if 0 <= year - _FIRST_YEAR < len(self.table):
            return self.table[year - _FIRST_YEAR]
        start, end = _mean_new_year(year), _mean_new_year(year + 1)
        starts = [_new_moon(count) for count in range(start, end)]
        # Where the table begins and ends, a day may be missing.
        starts[0] = self.new_year(year)
        starts.append(self.new_year(year + 1))
        lengths = tuple(second - first for first, second in zip(starts, starts[1:]))
        leap = 0
        if end - start == 13:
            position = _leap_position(year)
            leap = position - 1 if position > 2 else 11 + _leap_position(year + 1)
        return _Year(starts[0], lengths, leap)

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        index = year - _FIRST_YEAR
        if 0 <= index < len(self.table):
            return self.table[index].first
        if index == len(self.table):
            return self.table[-1].first + sum(self.table[-1].lengths)
        return _new_moon(_mean_new_year(year))

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        return self._year(year).lengths[month - 1]

    def months_in_year(self, year: int) -> int:
        """See CalendarSystem."""
        return len(self._year(year).lengths)

    def months_before(self, year: int) -> int:
        """See CalendarSystem."""
        index = year - _FIRST_YEAR
        if 0 < index < len(self.table):
            return self.months_before(_FIRST_YEAR) + sum(len(each.lengths) for each in self.table[:index])
        return _mean_new_year(year) + _MONTHS_TO_YEAR_0

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return self._year(year).leap > 0

    def month_code(self, year: int, month: int) -> str:
        """See CalendarSystem."""
        leap = self._year(year).leap
        if leap and month >= leap:
            return f"M{month - 1:02}" + ("L" if month == leap else "")
        return f"M{month:02}"

    def month_of_code(self, year: int, code: str) -> int | None:
        """See CalendarSystem."""
        leap = self._year(year).leap
        month = int(code[1:3])
        if len(code) > 3:
            return leap if leap and month == leap - 1 else None
        return month + (0 < leap <= month)

    def constrained_month(self, year: int, code: str) -> int:
        """See CalendarSystem: the month after which the leap month is named."""
        return self.month_of_code(year, code[:3]) or 1

    def reference_years(self, last: int) -> Iterator[int]:
        """See CalendarSystem: all that the table knows."""
        yield from range(last, _FIRST_YEAR - 1, -1)
        yield from range(last + 1, _FIRST_YEAR + len(self.table))

    def reference_code(self, code: str, day: int, overflow: str) -> str:
        """See CalendarSystem: what never occurs in a leap month becomes a day of the month before it.

        Raises:
            ThrowCompletion: RangeError, that is so and `overflow` is "reject".
        """
        if len(code) == 3:
            return code
        wanted = min(day, 30)
        for year in self.reference_years(_FIRST_YEAR):
            month = self.month_of_code(year, code)
            if month is not None and wanted <= self.days_in_month(year, month):
                return code
        if overflow == "reject":
            raise range_error(f"the day does not occur in a month {code}")
        return code[:3]

    def day_of(self, date: ISODate) -> Day:
        """See CalendarSystem; the first guess is close."""
        return self._day_near(date, date.year)


SYSTEMS: Final = {"chinese": Lunisolar(CHINESE), "dangi": Lunisolar(DANGI)}
