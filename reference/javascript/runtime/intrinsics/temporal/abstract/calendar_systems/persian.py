"""The Persian calendar: the 33-year cycle, corrected where the equinox says otherwise."""

from __future__ import annotations

from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
    CalendarSystem,
    Era,
)

# Leap years of the cycle that are none; the year after them is one.
_CORRECTIONS: Final = frozenset(
    int(year)
    for year in [
        "1502",
        "1601",
        "1634",
        "1667",
        "1700",
        "1733",
        "1766",
        "1799",
        "1832",
        "1865",
        "1898",
        "1931",
        "1964",
        "1997",
        "2030",
        "2059",
        "2063",
        "2096",
        "2129",
        "2158",
        "2162",
        "2191",
        "2195",
        "2224",
        "2228",
        "2257",
        "2261",
        "2290",
        "2294",
        "2323",
        "2327",
        "2356",
        "2360",
        "2389",
        "2393",
        "2422",
        "2426",
        "2455",
        "2459",
        "2488",
        "2492",
        "2521",
        "2525",
        "2554",
        "2558",
        "2587",
        "2591",
        "2620",
        "2624",
        "2653",
        "2657",
        "2686",
        "2690",
        "2719",
        "2723",
        "2748",
        "2752",
        "2756",
        "2781",
        "2785",
        "2789",
        "2818",
        "2822",
        "2847",
        "2851",
        "2855",
        "2880",
        "2884",
        "2888",
        "2913",
        "2917",
        "2921",
        "2946",
        "2950",
        "2954",
        "2979",
        "2983",
        "2987",
    ]
)
# The day before 19 March 622 of the Julian calendar.
_FIRST: Final = -492_268


class Persian(CalendarSystem):
    """Years of the Anno Persico era."""

    mean_year = 3_652_424
    eras = (Era("ap", 1),)

    def new_year(self, year: int) -> int:
        """See CalendarSystem."""
        return _FIRST + 365 * (year - 1) + (8 * year + 21) // 33 - (year - 1 in _CORRECTIONS)

    def days_in_month(self, year: int, month: int) -> int:
        """See CalendarSystem."""
        if month <= 6:
            return 31
        return 30 if month < 12 or self.is_leap_year(year) else 29

    def is_leap_year(self, year: int) -> bool:
        """See CalendarSystem."""
        return self.days_in_year(year) == 366


SYSTEMS: Final = {"persian": Persian()}
