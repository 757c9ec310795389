"""The Coptic and Ethiopic calendars: twelve months of 30 days and one of 5 or 6."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Era,
)


class Alexandrian(CalendarSystem):
    """A calendar whose year 1 begins on the day number `first`; `shift` is added to its years."""

    months = 13
    months_in_19_years = 13 * 19
    mean_year = 3_652_500

    def __init__(self, first: int, shift: int, *eras: Era) -> None:
        self.first = first
        self.shift = shift
        self.eras = eras

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        year -= self.shift
        return self.first + 365 * (year - 1) + year // 4

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        return 30 if month < 13 else 5 + self.is_leap_year(year)

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return (year - self.shift) % 4 == 3


# 29 August 284 and 29 August 8 of the Julian calendar.
_COPTIC: Final = -615_558
_ETHIOPIC: Final = -716_367
SYSTEMS: Final = {
    "coptic": Alexandrian(_COPTIC, 0, Era("am", 1)),
    "ethiopic": Alexandrian(_ETHIOPIC, 0, Era("am", 1), Era("aa", -5499, 1, ("mundi",))),
    "ethioaa": Alexandrian(_ETHIOPIC, 5500, Era("aa", 1, 1, ("mundi",))),
}
