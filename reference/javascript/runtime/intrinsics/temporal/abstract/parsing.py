"""Temporal, the grammar of ISO 8601 and RFC 9557 strings (13.27 to 13.34)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import Duration
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_HOUR,
    NS_PER_MINUTE,
    NS_PER_SECOND,
    is_valid_date,
    time_from_fields,
)


class ParsedDateTime(NamedTuple):
    """13.31 ISO Date-Time Parse Record, and 13.30 ISO String Time Zone Parse Record.

    Attributes:
        year: None where the string has no year.
        month: 1 to 12.
        day: 1 where the string has no day.
        time: nanoseconds since midnight; None for the start of the day.
        z: whether the string has the UTC designator.
        offset: the UTC offset, or None.
        time_zone: the time zone annotation, or None.
        calendar: the calendar annotation, or None.
    """

    year: int | None
    month: int
    day: int
    time: int | None
    z: bool
    offset: str | None
    time_zone: str | None
    calendar: str | None


_FRACTION: Final = r"[.,][0-9]{1,9}"
_YEAR: Final = r"(?:[0-9]{4}|[+-][0-9]{6})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_HOUR: Final = r"(?:[01][0-9]|2[0-3])"
_MINUTE: Final = r"[0-5][0-9]"
_SECOND: Final = r"(?:[0-5][0-9]|60)"
_SHORT_OFFSET: Final = rf"[+-]{_HOUR}(?::?{_MINUTE})?"
_LONG_OFFSET: Final = (
    rf"[+-]{_HOUR}(?::{_MINUTE}(?::{_MINUTE}(?:{_FRACTION})?)?|{_MINUTE}(?:{_MINUTE}(?:{_FRACTION})?)?)?"
)
_NAME: Final = r"[A-Za-z._][A-Za-z._0-9+-]*"
_IANA: Final = rf"{_NAME}(?:/{_NAME})*"
_VALUE: Final = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_ANNOTATION: Final = rf"\[(!?)([a-z_][a-z_0-9-]*)=({_VALUE})\]"
_ZONE: Final = rf"(?:\[!?(?P<zone>{_SHORT_OFFSET}|{_IANA})\])"
_ANNOTATIONS: Final = rf"(?P<annotations>(?:\[!?[a-z_][a-z_0-9-]*={_VALUE}\])*)"

_DATE: Final = (
    rf"(?P<year>{_YEAR})(?:-(?P<month>{_MONTH})-(?P<day>{_DAY})|(?P<month2>{_MONTH})(?P<day2>{_DAY}))"
)
_TIME: Final = (
    rf"(?P<hour>{_HOUR})(?::(?P<minute>{_MINUTE})(?::(?P<second>{_SECOND})(?P<fraction>{_FRACTION})?)?"
    rf"|(?P<minute2>{_MINUTE})(?:(?P<second2>{_SECOND})(?P<fraction2>{_FRACTION})?)?)?"
)
_OFFSET: Final = rf"(?P<offset>{_LONG_OFFSET})"
_ZULU_OFFSET: Final = rf"(?:(?P<z>[Zz])|{_OFFSET})"

# Each goal symbol with the alternatives that it is tried as.
_GOALS: Final = {
    "zoned": (rf"{_DATE}(?:[Tt ]{_TIME}{_ZULU_OFFSET}?)?{_ZONE}{_ANNOTATIONS}",),
    "date-time": (rf"{_DATE}(?:[Tt ]{_TIME}{_OFFSET}?)?{_ZONE}?{_ANNOTATIONS}",),
    "instant": (rf"{_DATE}[Tt ]{_TIME}{_ZULU_OFFSET}{_ZONE}?{_ANNOTATIONS}",),
    "time": (
        rf"[Tt]{_TIME}{_OFFSET}?{_ZONE}?{_ANNOTATIONS}",
        rf"(?P<bare>{_TIME}{_OFFSET}?){_ZONE}?{_ANNOTATIONS}",
        rf"{_DATE}[Tt ]{_TIME}{_OFFSET}?{_ZONE}?{_ANNOTATIONS}",
    ),
    "month-day": (
        rf"(?P<partial>(?:--)?)(?P<month>{_MONTH})-?(?P<day>{_DAY}){_ZONE}?{_ANNOTATIONS}",
        rf"{_DATE}(?:[Tt ]{_TIME}{_OFFSET}?)?{_ZONE}?{_ANNOTATIONS}",
    ),
    "year-month": (
        rf"(?P<partial>)(?P<year>{_YEAR})-?(?P<month>{_MONTH}){_ZONE}?{_ANNOTATIONS}",
        rf"{_DATE}(?:[Tt ]{_TIME}{_OFFSET}?)?{_ZONE}?{_ANNOTATIONS}",
    ),
}
# What a time without designator must not look like (13.27.3).
_LOOKS_LIKE_MONTH_DAY: Final = rf"(?:--)?({_MONTH})-?({_DAY})"
_LOOKS_LIKE_YEAR_MONTH: Final = rf"{_YEAR}-?{_MONTH}"

_DURATION: Final = (
    rf"(?P<sign>[+-])?P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    rf"(?P<time>T(?:(?P<hours>[0-9]+)(?P<part_h>{_FRACTION})?H)?(?:(?P<minutes>[0-9]+)(?P<part_m>{_FRACTION})?M)?"
    rf"(?:(?P<seconds>[0-9]+)(?P<part_s>{_FRACTION})?S)?)?"
)

ANY_DATE_TIME: Final = ("zoned", "date-time", "instant", "time", "month-day", "year-month")


def _matches(pattern: str, text: str, flags: int = 0) -> re.Match[str] | None:
    # The host keeps compiled patterns.
    return re.fullmatch(pattern, text, flags | re.ASCII)


def _is_month_day(month: str, day: str) -> bool:
    # 1972 is a leap year.
    return is_valid_date(1972, int(month), int(day))


def _parse_goal(text: str, pattern: str) -> ParsedDateTime | None:
    matched = _matches(pattern, text)
    if matched is None:
        return None
    part = matched.groupdict()
    year, month, day = part.get("year"), part.get("month"), part.get("day")
    if month is None:
        month, day = part.get("month2"), part.get("day2")
    # 13.27.3, the early errors.
    if year == "-000000":
        return None
    if day is not None:
        assert month is not None
        if not (
            _is_month_day(month, day) if year is None else is_valid_date(int(year), int(month), int(day))
        ):
            return None
    bare = part.get("bare")
    if bare is not None:
        like = _matches(_LOOKS_LIKE_MONTH_DAY, bare)
        if like is not None and _is_month_day(like[1], like[2]):
            return None
        if _matches(_LOOKS_LIKE_YEAR_MONTH, bare) is not None and not bare.startswith("-000000"):
            return None
    calendar = _calendar_of(part["annotations"] or "")
    if part.get("partial") is not None and calendar is not None and calendar.lower() != "iso8601":
        raise range_error("a string without a full date has no calendar but iso8601")
    return ParsedDateTime(
        None if year is None else int(year),
        1 if month is None else int(month),
        1 if day is None else int(day),
        _time_of(part),
        part.get("z") is not None,
        part.get("offset"),
        part.get("zone"),
        calendar,
    )


def _time_of(part: dict[str, str | None]) -> int | None:
    hour = part.get("hour")
    if hour is None:
        return None
    minute = part.get("minute") or part.get("minute2") or "0"
    second = part.get("second") or part.get("second2") or "0"
    fraction = part.get("fraction") or part.get("fraction2") or ""
    # A leap second is the one before it.
    return time_from_fields(
        int(hour), int(minute), min(int(second), 59), 0, 0, int(fraction[1:].ljust(9, "0"))
    )


def _calendar_of(annotations: str) -> str | None:
    """13.32 ParseISODateTime, step 4.a.ii: the calendar that is annotated, or None."""
    calendar = None
    was_critical = False
    for critical, key, value in re.findall(_ANNOTATION, annotations):
        if key == "u-ca":
            if calendar is None:
                calendar = value
                was_critical = bool(critical)
            elif critical or was_critical:
                raise range_error("several calendar annotations, one of them critical")
        elif critical:
            raise range_error(f"unknown critical annotation {key}")
    return calendar


def parse_date_time(text: str, *goals: str) -> ParsedDateTime:
    """13.32 ParseISODateTime.

    Raises:
        ThrowCompletion: RangeError, `text` is none of `goals`.
    """
    for goal in goals:
        for pattern in _GOALS[goal]:
            parsed = _parse_goal(text, pattern)
            if parsed is not None:
                return parsed
    raise range_error(f"Cannot parse '{text}' as ISO 8601 ({', '.join(goals)})")


def is_annotation_value(text: str) -> bool:
    """Whether `text` is an AnnotationValue."""
    return _matches(_VALUE, text) is not None


def parse_calendar_string(text: str) -> str:
    """13.33 ParseTemporalCalendarString: a calendar type, which need not exist."""
    for goal in ANY_DATE_TIME:
        for pattern in _GOALS[goal]:
            parsed = _parse_goal(text, pattern)
            if parsed is not None:
                return parsed.calendar or "iso8601"
    if not is_annotation_value(text):
        raise range_error(f"Invalid calendar '{text}'")
    return text


def is_offset_identifier(text: str) -> bool:
    """Whether `text` is a UTCOffset without seconds."""
    return _matches(_SHORT_OFFSET, text) is not None


def is_time_zone_identifier(text: str) -> bool:
    """Whether `text` is a TimeZoneIdentifier."""
    return is_offset_identifier(text) or _matches(_IANA, text) is not None


def parse_utc_offset(text: str) -> int:
    """ParseDateTimeUTCOffset: nanoseconds.

    Raises:
        ThrowCompletion: RangeError, `text` is no UTC offset.
    """
    matched = _matches(rf"([+-])({_HOUR})(.*)", text)
    if matched is None or _matches(_LONG_OFFSET, text) is None:
        raise range_error(f"Invalid UTC offset '{text}'")
    sign, hour, rest = matched.groups()
    rest, _, fraction = rest.replace(":", "").replace(",", ".").partition(".")
    total = int(hour) * NS_PER_HOUR
    if rest:
        total += int(rest[:2]) * NS_PER_MINUTE + int(rest[2:] or "0") * NS_PER_SECOND
    total += int(fraction.ljust(9, "0"))
    return -total if sign == "-" else total


def _integer(digits: str | None) -> int:
    """ToIntegerWithTruncation of decimal digits: as precise as a Number."""
    if not digits:
        return 0
    try:
        return int(float(digits))
    except OverflowError:
        raise range_error("a number must be finite") from None


def parse_duration(text: str) -> Duration:
    """13.34 ParseTemporalDurationString; the result need not be within the limits.

    Raises:
        ThrowCompletion: RangeError, `text` is no duration.
    """
    matched = _matches(_DURATION, text, re.IGNORECASE)
    if matched is None:
        raise range_error(f"Cannot parse '{text}' as a duration")
    part = matched.groupdict()
    of_time = [part["hours"], part["minutes"], part["seconds"]]
    of_date = [part["years"], part["months"], part["weeks"], part["days"]]
    # At least one component, and one after the time designator.
    if not any(of_time) and (part["time"] or not any(of_date)):
        raise range_error(f"Cannot parse '{text}' as a duration")
    # Only the smallest component has a fraction.
    if (part["part_h"] and (of_time[1] or of_time[2])) or (part["part_m"] and of_time[2]):
        raise range_error(f"Cannot parse '{text}' as a duration")
    hours, minutes, seconds = map(_integer, of_time)
    nanoseconds = 0
    for name, scale in (("part_h", 3600), ("part_m", 60), ("part_s", 1)):
        fraction = part[name]
        if fraction:
            nanoseconds = int(fraction[1:].ljust(9, "0")) * scale
    more_minutes, nanoseconds = divmod(nanoseconds, NS_PER_MINUTE)
    more_seconds, nanoseconds = divmod(nanoseconds, NS_PER_SECOND)
    rest, nanosecond = divmod(nanoseconds, 1000)
    millisecond, microsecond = divmod(rest, 1000)
    years, months, weeks, days = map(_integer, of_date)
    duration = Duration(
        years,
        months,
        weeks,
        days,
        hours,
        minutes + more_minutes,
        seconds + more_seconds,
        millisecond,
        microsecond,
        nanosecond,
    )
    return duration.negated() if part["sign"] == "-" else duration
