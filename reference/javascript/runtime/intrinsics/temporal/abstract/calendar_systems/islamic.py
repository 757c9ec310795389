"""The tabular Islamic calendars: eleven leap years in thirty."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.lunar_data import (
    UMALQURA,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Era,
)


class TabularIslamic(CalendarSystem):
    """A tabular calendar whose year 1 begins on the day number `first`."""

    mean_year = 3_543_667
    eras = (Era("ah", 1), Era("bh", 0, -1))

    def __init__(self, first: int) -> None:
        self.first = first

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        return self.first + 354 * (year - 1) + (3 + 11 * year) // 30

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        return 30 if month % 2 or (month == 12 and self.is_leap_year(year)) else 29

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return (14 + 11 * year) % 30 < 11


class UmmAlQura(TabularIslamic):
    """The calendar of Saudi Arabia: a table in the years 1300 to 1600, the civil calendar before and after.

    Both agree on the first days of 1300 and 1601.
    """

    _FIRST_YEAR: Final = 1300
    # 12 November 1882.
    _FIRST_DAY: Final = -31_826

    def __init__(self, first: int) -> None:
        super().__init__(first)
        self.table = tuple(int(word, 16) for word in UMALQURA.split())
        starts = [self._FIRST_DAY]
        for months in self.table:
            starts.append(starts[-1] + 12 * 29 + bin(months).count("1"))
        self.starts = tuple(starts)

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        index = year - self._FIRST_YEAR
        return self.starts[index] if 0 <= index < len(self.starts) else super().new_year(year)

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        index = year - self._FIRST_YEAR
        if 0 <= index < len(self.table):
            return 29 + (self.table[index] >> (month - 1) & 1)
        return super().days_in_month(year, month)

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return self.days_in_year(year) > 354


# 16 and 15 July 622 of the Julian calendar.
SYSTEMS: Final = {
    "islamic-civil": TabularIslamic(-492_148),
    "islamic-umalqura": UmmAlQura(-492_148),
    "islamic-tbla": TabularIslamic(-492_149),
}
