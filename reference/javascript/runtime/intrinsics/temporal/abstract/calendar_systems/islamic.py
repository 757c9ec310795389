"""The tabular Islamic calendars: eleven leap years in thirty."""

from __future__ import annotations

from typing import Final

from reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
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


# 16 and 15 July 622 of the Julian calendar.
SYSTEMS: Final = {
    "islamic-civil": TabularIslamic(-492_148),
    "islamic-tbla": TabularIslamic(-492_149),
}
