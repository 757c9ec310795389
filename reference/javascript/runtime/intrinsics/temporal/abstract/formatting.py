"""Temporal, the strings of dates, times, offsets and durations (3.5.12, 5.5.6, 7.5.42, 11.1, 13.20, 13.21)."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    Duration,
    default_largest_unit,
    duration_sign,
    time_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_MINUTE,
    NS_PER_SECOND,
    ISODate,
    ISODateTime,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import round_to_increment


def fractional_seconds(nanoseconds: int, precision: str | int) -> str:
    """13.20 FormatFractionalSeconds."""
    digits = f"{nanoseconds:09}"
    if precision == "auto":
        digits = digits.rstrip("0")
    else:
        assert isinstance(precision, int)
        digits = digits[:precision]
    return "." + digits if digits else ""


def time_string(time: int, precision: str | int) -> str:
    """13.21 FormatTimeString, of nanoseconds since midnight."""
    seconds, nanoseconds = divmod(time, NS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    if precision == "minute":
        return f"{hour:02}:{minute:02}"
    return f"{hour:02}:{minute:02}:{second:02}{fractional_seconds(nanoseconds, precision)}"


def year_string(year: int) -> str:
    """3.5.9 PadISOYear."""
    if 0 <= year <= 9999:
        return f"{year:04}"
    return f"{'-' if year < 0 else '+'}{abs(year):06}"


def calendar_annotation(calendar: str, show: str) -> str:
    """12.3.14 FormatCalendarAnnotation."""
    if show == "never" or (show == "auto" and calendar == "iso8601"):
        return ""
    return f"[{'!' if show == 'critical' else ''}u-ca={calendar}]"


def date_string(date: ISODate) -> str:
    """A date of the ISO 8601 calendar."""
    return f"{year_string(date.year)}-{date.month:02}-{date.day:02}"


def date_time_string(moment: ISODateTime, calendar: str, precision: str | int, show_calendar: str) -> str:
    """5.5.6 ISODateTimeToString."""
    annotation = calendar_annotation(calendar, show_calendar)
    return f"{date_string(moment.date)}T{time_string(moment.time, precision)}{annotation}"


def year_month_string(date: ISODate, calendar: str, show_calendar: str) -> str:
    """9.5.7 TemporalYearMonthToString."""
    text = f"{year_string(date.year)}-{date.month:02}"
    if show_calendar in ("always", "critical") or calendar != "iso8601":
        text += f"-{date.day:02}"
    return text + calendar_annotation(calendar, show_calendar)


def month_day_string(date: ISODate, calendar: str, show_calendar: str) -> str:
    """10.5.3 TemporalMonthDayToString."""
    text = f"{date.month:02}-{date.day:02}"
    if show_calendar in ("always", "critical") or calendar != "iso8601":
        text = f"{year_string(date.year)}-{text}"
    return text + calendar_annotation(calendar, show_calendar)


def offset_string(nanoseconds: int) -> str:
    """11.1.8 FormatUTCOffsetNanoseconds."""
    sign = "-" if nanoseconds < 0 else "+"
    time = abs(nanoseconds)
    return sign + time_string(time, "auto" if time % NS_PER_MINUTE else "minute")


def rounded_offset_string(nanoseconds: int) -> str:
    """11.1.9 FormatDateTimeUTCOffsetRounded."""
    return offset_string(round_to_increment(nanoseconds, NS_PER_MINUTE, "halfExpand"))


def duration_string(duration: Duration, precision: str | int) -> str:
    """7.5.42 TemporalDurationToString."""
    magnitude = [abs(part) for part in duration]
    date_part = "".join(f"{count}{letter}" for count, letter in zip(magnitude[:4], "YMWD") if count)
    time_part = "".join(f"{count}{letter}" for count, letter in zip(magnitude[4:6], "HM") if count)
    seconds = abs(time_duration(0, 0, *duration[6:]))
    zero_minutes_and_higher = default_largest_unit(duration) in (
        "second",
        "millisecond",
        "microsecond",
        "nanosecond",
    )
    if seconds or zero_minutes_and_higher or precision != "auto":
        whole, rest = divmod(seconds, NS_PER_SECOND)
        time_part += f"{whole}{fractional_seconds(rest, precision)}S"
    sign = "-" if duration_sign(duration) < 0 else ""
    return f"{sign}P{date_part}" + (f"T{time_part}" if time_part else "")
