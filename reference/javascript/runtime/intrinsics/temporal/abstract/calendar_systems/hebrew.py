"""The Hebrew calendar: lunar months after the mean conjunction, seven leap months in nineteen years."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Era,
)

# The day from which conjunctions are counted: 7 October 3761 BCE of the Julian calendar.
_FIRST: Final = -2_092_590
# Conjunctions are counted in parts of a day.
_PARTS: Final = 25_920
_MONTH_LENGTHS: Final = (30, 29, 30, 29, 30, 29, 30, 29, 30, 29, 30, 29)
_LONG_YEAR: Final = 355
_SHORT_YEAR: Final = 353


def _elapsed(year: int) -> int:
    """Days from the epoch to the conjunction of a year's first month, put off as the weekday demands."""
    months = (235 * year - 234) // 19
    days = 29 * months + (12_084 + 13_753 * months) // _PARTS
    return days + ((3 * (days + 1)) % 7 < 3)


class Hebrew(CalendarSystem):
    """Years from the creation; the leap month Adar I comes before Adar."""

    eras = (Era("am", 1),)
    leap_codes = ("M05L",)
    mean_year = 3_652_468
    months_in_19_years = 235

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        before, here, after = _elapsed(year - 1), _elapsed(year), _elapsed(year + 1)
        # No year has 356 or 382 days.
        correction = 2 if after - here == 356 else 1 if here - before == 382 else 0
        return _FIRST + here + correction

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return (7 * year + 1) % 19 < 7

    def months_in_year(self, year: int) -> int:
        """See CalendarSystem."""
        return 13 if self.is_leap_year(year) else 12

    def months_before(self, year: int) -> int:
        """See CalendarSystem."""
        return (235 * year - 234) // 19

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        leap = self.is_leap_year(year)
        if leap and month >= 6:
            if month == 6:
                return 30
            month -= 1
        if month in (2, 3):
            length = self.days_in_year(year) - (30 if leap else 0)
            if month == 2:
                return 30 if length == _LONG_YEAR else 29
            return 29 if length == _SHORT_YEAR else 30
        return _MONTH_LENGTHS[month - 1]

    def month_code(self, year: int, month: int) -> str:
        """See CalendarSystem."""
        if self.is_leap_year(year) and month >= 6:
            return "M05L" if month == 6 else f"M{month - 1:02}"
        return f"M{month:02}"

    def month_of_code(self, year: int, code: str) -> int | None:
        """See CalendarSystem."""
        leap = self.is_leap_year(year)
        if code == "M05L":
            return 6 if leap else None
        month = int(code[1:])
        return month + (leap and month >= 6)

    def constrained_month(self, year: int, code: str) -> int:
        """See CalendarSystem: Adar is in the place of Adar I."""
        return 6


SYSTEMS: Final = {"hebrew": Hebrew()}
