"""The calendars besides ISO 8601 (Intl era and monthCode): each is arithmetic between its dates and day numbers."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar_systems.system import (
        CalendarSystem,
    )

_MODULES: Final = {
    "buddhist": "gregorian",
    "chinese": "lunisolar",
    "coptic": "alexandrian",
    "dangi": "lunisolar",
    "ethioaa": "alexandrian",
    "ethiopic": "alexandrian",
    "gregory": "gregorian",
    "hebrew": "hebrew",
    "indian": "indian",
    "islamic-civil": "islamic",
    "islamic-tbla": "islamic",
    "islamic-umalqura": "islamic",
    "japanese": "gregorian",
    "persian": "persian",
    "roc": "gregorian",
}
CALENDARS: Final = ("iso8601", *_MODULES)
"""AvailableCalendars."""

ALIASES: Final = {"islamicc": "islamic-civil", "ethiopic-amete-alem": "ethioaa"}
"""CanonicalizeUValue, for calendars."""


def system_of(identifier: str) -> CalendarSystem:
    """The calendar of a canonical identifier other than `iso8601`."""
    module = importlib.import_module(f"{__name__}.{_MODULES[identifier]}")
    system: CalendarSystem = module.SYSTEMS[identifier]
    return system
