"""The Indian national calendar: it follows the Gregorian leap years."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract import iso_date
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Era,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import ISODate

# The Gregorian year in which year 0 begins.
_SHIFT: Final = 78


class Indian(CalendarSystem):
    """Years of the Shaka era."""

    eras = (Era("shaka", 1),)

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        day = 21 if self.is_leap_year(year) else 22
        return iso_date.epoch_days(ISODate(year + _SHIFT, 3, day))

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        if month == 1:
            return 30 + self.is_leap_year(year)
        return 31 if month <= 6 else 30

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return iso_date.is_leap_year(year + _SHIFT)


SYSTEMS: Final = {"indian": Indian()}
