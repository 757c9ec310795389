"""Moments as pages write them: in UTC, in the words of the page's own script."""

from __future__ import annotations

import datetime as dt


def day(text: str) -> str:
    """The day of a moment: `30 Nov 2026`; what is no moment, as it is."""
    found = _parsed(text)
    return text if found is None else f"{found.day} {found:%b %Y}"


def moment(text: str) -> str:
    """A moment to the minute, in UTC; of a day, the day."""
    found = _parsed(text)
    if found is None:
        return text
    return day(text) if len(text) <= len("2026-11-30") else f"{found.day} {found:%B %Y, %H:%M} UTC"


def hour(text: str) -> str:
    """The hour and minute of a moment; what is no moment, as it is."""
    found = _parsed(text)
    return text if found is None else f"{found:%H:%M}"


def _parsed(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(dt.UTC) if found.tzinfo is not None else found
