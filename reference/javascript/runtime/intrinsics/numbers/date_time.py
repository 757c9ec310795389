"""ECMA-262 21.4.1: time values, local time, and the texts of dates."""

from __future__ import annotations

import math
import re
import time
from typing import Final

from lockstep.reference.javascript.runtime.intrinsics.numbers.date_text import (
    MONTH_NUMBERS,
    MONTHS,
    parse_date_text,
)
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY, NAN

MS_PER_DAY: Final = 86400000
MS_PER_HOUR: Final = 3600000
MS_PER_MINUTE: Final = 60000
MS_PER_SECOND: Final = 1000
LARGEST_TIME: Final = 8.64e15

DAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")

# 21.4.1.32 Date Time String Format.
_ISO: Final = re.compile(
    r"(\d{4}|[+-]\d{6})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?\Z",
    re.ASCII,
)
# 21.4.4.41 toString and 21.4.4.43 toUTCString, whose years are what they say; other texts are `date_text.py`'s.
_TEXT: Final = re.compile(
    r"(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)"
    r"(?: (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d)|, (?P<day2>\d\d) (?P<month2>[A-Z][a-z]{2})) (?P<year>-?\d{4,6})"
    r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT(?P<offset>[+-]\d{4})?(?: \([^()]*\))?\Z",
    re.ASCII,
)


def days_from_civil(year: int, month: int, day: int) -> int:
    """21.4.1.3 to 21.4.1.6: the day number of a date of the proleptic Gregorian calendar; month from 0."""
    # Years that begin in March put the leap day last.
    year -= month < 2
    era_day = (month + 10) % 12 * 306 + 5
    return 365 * year + year // 4 - year // 100 + year // 400 + era_day // 10 + day - 1 - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """21.4.1.8, 21.4.1.11, 21.4.1.12: year, month from 0, and day of the month of a day number."""
    days += 719468
    era, of_era = divmod(days, 146097)
    of_cycle = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * of_cycle + of_cycle // 4 - of_cycle // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = (shifted + 2) % 12
    return era * 400 + of_cycle + (month < 2), month, day


class Fields:
    """A finite time value taken apart (21.4.1.3 to 21.4.1.17), month and weekday from 0."""

    __slots__ = ("day", "hour", "millisecond", "minute", "month", "second", "weekday", "year")

    def __init__(self, time_value: float) -> None:
        days, rest = divmod(int(time_value), MS_PER_DAY)
        self.year, self.month, self.day = civil_from_days(days)
        self.weekday = (days + 4) % 7
        self.hour, rest = divmod(rest, MS_PER_HOUR)
        self.minute, rest = divmod(rest, MS_PER_MINUTE)
        self.second, self.millisecond = divmod(rest, MS_PER_SECOND)


def make_time(hour: float, minute: float, second: float, millisecond: float) -> float:
    """21.4.1.27 MakeTime."""
    if not all(map(math.isfinite, (hour, minute, second, millisecond))):
        return NAN
    hours, minutes = float(math.trunc(hour)), float(math.trunc(minute))
    total = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE
    return total + float(math.trunc(second)) * MS_PER_SECOND + float(math.trunc(millisecond))


def make_day(year: float, month: float, date: float) -> float:
    """21.4.1.28 MakeDay."""
    if not all(map(math.isfinite, (year, month, date))):
        return NAN
    years, months = divmod(math.trunc(month), 12)
    whole = math.trunc(year) + years
    # Step 8: far beyond the range of time values there is no such day.
    if abs(whole) > 400000:
        return NAN
    return float(days_from_civil(whole, months, 1)) + float(math.trunc(date)) - 1.0


def make_date(day: float, time_in_day: float) -> float:
    """21.4.1.29 MakeDate."""
    if not math.isfinite(day) or not math.isfinite(time_in_day):
        return NAN
    value = day * MS_PER_DAY + time_in_day
    return value if math.isfinite(value) else NAN


def make_full_year(year: float) -> float:
    """21.4.1.30 MakeFullYear."""
    if math.isnan(year):
        return NAN
    truncated = year if year in (INFINITY, -INFINITY) else float(math.trunc(year))
    return 1900.0 + truncated if 0 <= truncated <= 99 else truncated


def time_clip(value: float) -> float:
    """21.4.1.31 TimeClip."""
    if not math.isfinite(value) or abs(value) > LARGEST_TIME:
        return NAN
    return float(math.trunc(value))


def _equivalent_year(year: int) -> int:
    """A year that hosts know, with the same first weekday and length."""
    if 1971 <= year <= 2036:
        return year
    return 2000 + (year - 2000) % 28 if year > 2036 else 1972 + (year - 1972) % 28


def local_offset(utc: float) -> int:
    """21.4.1.21: the host time zone's offset at a time value, in milliseconds."""
    days, rest = divmod(int(utc), MS_PER_DAY)
    year, month, day = civil_from_days(days)
    seconds = days_from_civil(_equivalent_year(year), month, day) * 86400 + rest // 1000
    return time.localtime(seconds).tm_gmtoff * 1000


def local_time(utc: float) -> float:
    """21.4.1.25 LocalTime."""
    return utc + local_offset(utc)


def to_utc(local: float) -> float:
    """21.4.1.26 UTC; a time that is skipped or repeated takes the offset before the change."""
    if not math.isfinite(local) or abs(local) > LARGEST_TIME + MS_PER_DAY:
        return NAN
    before = local_offset(local - MS_PER_DAY)
    after = local_offset(local + MS_PER_DAY)
    for offset in (before, after):
        if local_offset(local - offset) == offset:
            return local - offset
    return local - before


def time_zone_name(utc: float) -> str:
    """The host's name of the time zone at a time value; UTC has the name that CLDR gives it in English."""
    name = time.localtime(min(max(utc / 1000, 0), 2**31 - 1)).tm_zone
    return "Coordinated Universal Time" if name == "UTC" else name


def date_string(fields: Fields) -> str:
    """21.4.4.41.2 DateString."""
    sign = "-" if fields.year < 0 else ""
    return f"{DAYS[fields.weekday]} {MONTHS[fields.month]} {fields.day:02d} {sign}{abs(fields.year):04d}"


def time_string(fields: Fields) -> str:
    """21.4.4.41.1 TimeString."""
    return f"{fields.hour:02d}:{fields.minute:02d}:{fields.second:02d} GMT"


def time_zone_string(utc: float) -> str:
    """21.4.4.41.3 TimeZoneString."""
    offset = local_offset(utc) // MS_PER_MINUTE
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}{minutes:02d} ({time_zone_name(utc)})"


def to_date_string(utc: float) -> str:
    """21.4.4.41.4 ToDateString."""
    if math.isnan(utc):
        return "Invalid Date"
    fields = Fields(local_time(utc))
    return f"{date_string(fields)} {time_string(fields)}{time_zone_string(utc)}"


def utc_string(utc: float) -> str:
    """21.4.4.43, steps 4 to 10."""
    fields = Fields(utc)
    sign = "-" if fields.year < 0 else ""
    date = f"{DAYS[fields.weekday]}, {fields.day:02d} {MONTHS[fields.month]} {sign}{abs(fields.year):04d}"
    return f"{date} {time_string(fields)}"


def iso_string(utc: float) -> str:
    """21.4.1.32 Date Time String Format, in UTC."""
    fields = Fields(utc)
    year = fields.year
    shown = f"{year:04d}" if 0 <= year <= 9999 else f"{'-' if year < 0 else '+'}{abs(year):06d}"
    return (
        f"{shown}-{fields.month + 1:02d}-{fields.day:02d}T{fields.hour:02d}:{fields.minute:02d}"
        f":{fields.second:02d}.{fields.millisecond:03d}Z"
    )


def parse_date(text: str) -> float:
    """21.4.3.2 Date.parse, of the text."""
    match = _ISO.match(text)
    if match is not None:
        return _parse_iso(match)
    match = _TEXT.match(text)
    if match is not None:
        return _parse_text(match)
    parts = parse_date_text(text)
    if parts is None:
        return NAN
    day = make_day(parts.year, parts.month, parts.day)
    value = make_date(day, make_time(parts.hour, parts.minute, parts.second, parts.millisecond))
    if parts.offset is None:
        return time_clip(to_utc(value))
    return time_clip(value - parts.offset * MS_PER_MINUTE)


def _parse_iso(match: re.Match[str]) -> float:
    year_text, month_text, day_text, hour_text, minute_text, second_text, fraction, zone = match.groups()
    month, day = int(month_text or 1), int(day_text or 1)
    hour, minute, second = int(hour_text or 0), int(minute_text or 0), int(second_text or 0)
    millisecond = int(((fraction or "") + "000")[:3])
    year = int(year_text)
    if year_text == "-000000" or not 1 <= month <= 12 or not 1 <= day <= _days_in_month(year, month - 1):
        return NAN
    at_midnight = minute == second == millisecond == 0
    if hour > 24 or (hour == 24 and not at_midnight) or minute > 59 or second > 59:
        return NAN
    value = make_date(make_day(year, month - 1, day), make_time(hour, minute, second, millisecond))
    if zone is None:
        # A date alone is UTC, a date with a time is local.
        return time_clip(value if hour_text is None else to_utc(value))
    return time_clip(value - _zone_offset(zone))


def _days_in_month(year: int, month: int) -> int:
    following = (year, month + 1) if month < 11 else (year + 1, 0)
    return days_from_civil(*following, 1) - days_from_civil(year, month, 1)


def _zone_offset(zone: str | None) -> float:
    if zone is None or zone == "Z":
        return 0.0
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        return NAN
    return (-1 if zone[0] == "-" else 1) * (hours * 60 + minutes) * float(MS_PER_MINUTE)


def _parse_text(match: re.Match[str]) -> float:
    month = MONTH_NUMBERS.get((match["month"] or match["month2"]).lower())
    day = int(match["day"] or match["day2"])
    hour, minute, second = (int(match[name]) for name in ("hour", "minute", "second"))
    if month is None or not 1 <= day <= 31 or hour > 24 or minute > 59 or second > 59:
        return NAN
    value = make_date(make_day(int(match["year"]), month, day), make_time(hour, minute, second, 0.0))
    return time_clip(value - _zone_offset(match["offset"]))
