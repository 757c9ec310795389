"""Calendars with the months of the Gregorian one and other years or eras."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract import iso_date
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Day,
    Era,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import ISODate


class Gregorian(CalendarSystem):
    """The Gregorian calendar, with `shift` added to its years."""

    def __init__(self, shift: int, *eras: Era) -> None:
        self.shift = shift
        self.eras = eras

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        return iso_date.epoch_days(ISODate(year - self.shift, 1, 1))

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        return iso_date.days_in_month(year - self.shift, month)

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return iso_date.is_leap_year(year - self.shift)

    def day_of(self, date: ISODate) -> Day:
        """See CalendarSystem."""
        return Day(date.year + self.shift, date.month, date.day)


class Japanese(Gregorian):
    """The Gregorian calendar with regnal eras, which begin within years."""

    # The first day of each era from Meiji on; before 1873 another calendar was in use.
    _STARTS: Final = (
        ISODate(2019, 5, 1),
        ISODate(1989, 1, 8),
        ISODate(1926, 12, 25),
        ISODate(1912, 7, 30),
        ISODate(1873, 1, 1),
    )

    def era_of(self, date: ISODate, year: int) -> Era | None:
        """See CalendarSystem."""
        for era, start in zip(self.eras, self._STARTS):
            if date >= start:
                return era
        return self.eras[-2 if year >= 1 else -1]


_COMMON: Final = Era("ce", 1, 1, ("ad",))
_BEFORE_COMMON: Final = Era("bce", 0, -1, ("bc",))
SYSTEMS: Final = {
    "gregory": Gregorian(0, _COMMON, _BEFORE_COMMON),
    "buddhist": Gregorian(543, Era("be", 1)),
    "roc": Gregorian(-1911, Era("roc", 1, 1, ("minguo",)), Era("broc", 0, -1, ("before-roc", "minguo-qian"))),
    "japanese": Japanese(
        0,
        Era("reiwa", 2019),
        Era("heisei", 1989),
        Era("showa", 1926),
        Era("taisho", 1912),
        Era("meiji", 1868),
        _COMMON,
        _BEFORE_COMMON,
    ),
}
