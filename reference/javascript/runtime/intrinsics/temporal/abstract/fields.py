"""Temporal, property bags: what is read from them, in which order, and how it is converted (12.3.3, 13.19, 13.38)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import (
    Fields,
    canonicalize_calendar,
    date_from_fields,
    extra_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import Duration
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    ISODateTime,
    regulate_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    integer_if_integral,
    integer_with_truncation,
    positive_integer_with_truncation,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.parsing import (
    parse_calendar_string,
    parse_utc_offset,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    TimeZone,
    zone_from_string,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSCalendarObject,
    JSPlainTime,
    JSZonedDateTime,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_primitive, to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

DATE_FIELDS: Final = ("year", "month", "monthCode", "day")
TIME_FIELDS: Final = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
_TIME_ALPHABETICAL: Final = tuple(sorted(TIME_FIELDS))
_DURATION_FIELDS: Final = Duration._fields
_DURATION_ALPHABETICAL: Final = tuple(sorted(_DURATION_FIELDS))


def to_month_code(value: Value) -> str:
    """13.38 ToMonthCode.

    Raises:
        ThrowCompletion: TypeError, no string; RangeError, no month code.
    """
    code = to_primitive(value, "string")
    if code.__class__ is not str:
        raise type_error("monthCode must be a string")
    digits = code[1:3]
    well_formed = (
        len(code) in (3, 4)
        and code[0] == "M"
        and digits.isascii()
        and digits.isdigit()
        and code[3:] in ("", "L")
        and (digits != "00" or len(code) == 4)
    )
    if not well_formed:
        raise range_error(f"Invalid monthCode '{code}'")
    return code


def to_offset_string(value: Value) -> str:
    """13.39 ToOffsetString.

    Raises:
        ThrowCompletion: TypeError, no string; RangeError, no UTC offset.
    """
    offset = to_primitive(value, "string")
    if offset.__class__ is not str:
        raise type_error("offset must be a string")
    parse_utc_offset(offset)
    return offset


# Table 20: what converts a field; integers are the rest.
_CONVERSIONS: Final[dict[str, Any]] = {
    "day": positive_integer_with_truncation,
    "month": positive_integer_with_truncation,
    "monthCode": to_month_code,
    "offset": to_offset_string,
    "era": to_string,
}


def to_time_zone(realm: Realm, value: Value) -> TimeZone:
    """11.1.10 ToTemporalTimeZoneIdentifier.

    Raises:
        ThrowCompletion: TypeError, neither string nor ZonedDateTime; RangeError, there is no such zone.
    """
    if isinstance(value, JSZonedDateTime):
        return value.time_zone_
    if value.__class__ is not str:
        raise type_error("a time zone must be a string")
    return zone_from_string(realm, value)


def to_calendar(value: Value) -> str:
    """12.3.9 ToTemporalCalendarIdentifier.

    Raises:
        ThrowCompletion: TypeError, neither string nor Temporal object; RangeError, there is no such calendar.
    """
    if isinstance(value, JSCalendarObject):
        return value.calendar_
    if value.__class__ is not str:
        raise type_error("a calendar must be a string")
    return canonicalize_calendar(parse_calendar_string(value))


def calendar_of_item(item: JSObject) -> str:
    """12.3.10 GetTemporalCalendarIdentifierWithISODefault."""
    if isinstance(item, JSCalendarObject):
        return item.calendar_
    calendar = get(item, "calendar")
    return "iso8601" if calendar is undefined else to_calendar(calendar)


def prepare_fields(
    realm: Realm,
    calendar: str,
    item: Any,
    calendar_names: tuple[str, ...],
    other_names: tuple[str, ...] = (),
    required: tuple[str, ...] | None = (),
) -> Fields:
    """12.3.3 PrepareCalendarFields; `required` is None for a partial record.

    Raises:
        ThrowCompletion: TypeError, a required field is missing, or a partial record is empty.
    """
    fields: dict[str, Value] = {}
    names = (*calendar_names, *other_names, *extra_fields(calendar, calendar_names))
    any_present = False
    for name in sorted(names):
        value = get(item, name)
        if value is not undefined:
            any_present = True
            if name == "timeZone":
                fields[name] = to_time_zone(realm, value)
            else:
                fields[name] = _CONVERSIONS.get(name, integer_with_truncation)(value)
        elif required is not None:
            if name in required:
                raise type_error(f"{name} is required")
            if name in TIME_FIELDS:
                fields[name] = 0
    if required is None and not any_present:
        raise type_error("at least one field is required")
    return fields


def require_partial(value: Value) -> None:
    """13.19 IsPartialTemporalObject.

    Raises:
        ThrowCompletion: TypeError, it is none.
    """
    if not isinstance(value, JSObject) or isinstance(value, (JSCalendarObject, JSPlainTime)):
        raise type_error("an object with some of the fields is required")
    for name in ("calendar", "timeZone"):
        if get(value, name) is not undefined:
            raise type_error(f"{name} cannot be changed by with()")


def interpret_date_time_fields(calendar: str, fields: Fields, overflow: str) -> ISODateTime:
    """5.5.3 InterpretTemporalDateTimeFields."""
    date = date_from_fields(calendar, fields, overflow)
    return ISODateTime(date, regulate_time(tuple(fields[name] for name in TIME_FIELDS), overflow))


def time_record(item: Any) -> dict[str, int]:
    """4.5.9 ToTemporalTimeRecord: the fields that are there.

    Raises:
        ThrowCompletion: TypeError, there is none.
    """
    fields = {}
    for name in _TIME_ALPHABETICAL:
        value = get(item, name)
        if value is not undefined:
            fields[name] = integer_with_truncation(value)
    if not fields:
        raise type_error("at least one field of a time is required")
    return fields


def partial_duration(item: Value) -> dict[str, int]:
    """7.5.18 ToTemporalPartialDurationRecord.

    Raises:
        ThrowCompletion: TypeError, `item` is no object or has no field.
    """
    if not isinstance(item, JSObject):
        raise type_error("a duration must be an object or a string")
    fields = {}
    for name in _DURATION_ALPHABETICAL:
        value = get(item, name)
        if value is not undefined:
            fields[name] = integer_if_integral(value)
    if not fields:
        raise type_error("at least one field of a duration is required")
    return fields
