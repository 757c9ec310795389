"""Temporal, what turns any value into one of its objects: ToTemporalDate and its like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import (
    canonicalize_calendar,
    date_from_fields,
    fields_of_date,
    month_day_from_fields,
    year_month_from_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import Duration
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    DATE_FIELDS,
    TIME_FIELDS,
    calendar_of_item,
    interpret_date_time_fields,
    partial_duration,
    prepare_fields,
    time_record,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    MIDNIGHT,
    ISODate,
    ISODateTime,
    check_days_range,
    date_time_from_epoch,
    date_within_limits,
    epoch_nanoseconds,
    is_valid_epoch_nanoseconds,
    regulate_time,
    year_month_within_limits,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    Options,
    disambiguation_option,
    offset_option,
    options_object,
    overflow_option,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.parsing import (
    ParsedDateTime,
    parse_date_time,
    parse_duration,
    parse_utc_offset,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    TimeZone,
    disambiguate,
    epoch_nanoseconds_for,
    local_date_time,
    matches_in_minutes,
    possible_epoch_nanoseconds,
    start_of_day,
    zone_from_string,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSInstant,
    JSPlainDate,
    JSPlainDateTime,
    JSPlainMonthDay,
    JSPlainTime,
    JSPlainYearMonth,
    JSZonedDateTime,
    create_temporal_date,
    create_temporal_date_time,
    create_temporal_duration,
    create_temporal_instant,
    create_temporal_month_day,
    create_temporal_time,
    create_temporal_year_month,
    create_temporal_zoned_date_time,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_primitive
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_ZONED_FIELDS: Final = (*TIME_FIELDS, "offset", "timeZone")


def _require_string(item: Value, what: str) -> str:
    if item.__class__ is not str:
        raise type_error(f"{what} must be an object or a string")
    return item


def _calendar_of(parsed: ParsedDateTime) -> str:
    return canonicalize_calendar(parsed.calendar or "iso8601")


def _iso_date(parsed: ParsedDateTime) -> ISODate:
    assert parsed.year is not None
    return ISODate(parsed.year, parsed.month, parsed.day)


def to_duration(item: Value) -> Duration:
    """7.5.12 ToTemporalDuration, as a record; it may be out of range where it comes from a string or an object.

    Raises:
        ThrowCompletion: TypeError, `item` is no duration; RangeError, a field is no integer.
    """
    if isinstance(item, JSDuration):
        return item.duration_
    if isinstance(item, JSObject):
        fields = partial_duration(item)
        return Duration(*(fields.get(name, 0) for name in Duration._fields))
    return parse_duration(_require_string(item, "a duration"))


def to_temporal_duration(realm: Realm, item: Value) -> JSDuration:
    """7.5.12 ToTemporalDuration."""
    return create_temporal_duration(realm, to_duration(item))


def to_temporal_instant(realm: Realm, item: Value) -> JSInstant:
    """8.5.3 ToTemporalInstant."""
    if isinstance(item, (JSInstant, JSZonedDateTime)):
        return create_temporal_instant(realm, item.epoch_nanoseconds_)
    if isinstance(item, JSObject):
        item = to_primitive(item, "string")
    parsed = parse_date_time(_require_string(item, "an instant"), "instant")
    offset = 0 if parsed.z else parse_utc_offset(parsed.offset or "")
    assert parsed.time is not None
    # BalanceISODateTime and CheckISODaysRange.
    return create_temporal_instant(realm, _exact(_iso_date(parsed), parsed.time, offset))


def _exact(date: ISODate, time: int, offset: int) -> int:
    """The exact time of a local date and time at an offset.

    Raises:
        ThrowCompletion: RangeError, it is out of range.
    """
    exact = epoch_nanoseconds(ISODateTime(date, time)) - offset
    check_days_range(date_time_from_epoch(exact).date)
    if not is_valid_epoch_nanoseconds(exact):
        raise range_error("instant out of range")
    return exact


def to_temporal_time(realm: Realm, item: Value, options: Value = undefined) -> JSPlainTime:
    """4.5.7 ToTemporalTime."""
    if isinstance(item, JSObject):
        if isinstance(item, (JSPlainTime, JSPlainDateTime, JSZonedDateTime)):
            overflow_option(options_object(options))
            return create_temporal_time(realm, _time_of(item))
        fields = time_record(item)
        overflow = overflow_option(options_object(options))
        time = regulate_time(tuple(fields.get(name, 0) for name in TIME_FIELDS), overflow)
        return create_temporal_time(realm, time)
    parsed = parse_date_time(_require_string(item, "a time"), "time")
    assert parsed.time is not None
    overflow_option(options_object(options))
    return create_temporal_time(realm, parsed.time)


def _time_of(item: Any) -> int:
    if isinstance(item, JSPlainTime):
        return item.time_
    if isinstance(item, JSPlainDateTime):
        return item.date_time_.time
    return local_date_time(item.time_zone_, item.epoch_nanoseconds_).time


def time_or_midnight(realm: Realm, item: Value) -> int:
    """4.5.6 ToTimeRecordOrMidnight."""
    return MIDNIGHT if item is undefined else to_temporal_time(realm, item).time_


def to_temporal_date(realm: Realm, item: Value, options: Value = undefined) -> JSPlainDate:
    """3.5.5 ToTemporalDate."""
    if isinstance(item, JSObject):
        if isinstance(item, (JSPlainDate, JSZonedDateTime, JSPlainDateTime)):
            overflow_option(options_object(options))
            return create_temporal_date(realm, _date_of(item), item.calendar_)
        calendar = calendar_of_item(item)
        fields = prepare_fields(realm, calendar, item, DATE_FIELDS)
        overflow = overflow_option(options_object(options))
        return create_temporal_date(realm, date_from_fields(calendar, fields, overflow), calendar)
    parsed = parse_date_time(_require_string(item, "a date"), "date-time")
    calendar = _calendar_of(parsed)
    overflow_option(options_object(options))
    return create_temporal_date(realm, _iso_date(parsed), calendar)


def _date_of(item: Any) -> ISODate:
    if isinstance(item, JSPlainDate):
        return item.date_
    if isinstance(item, JSPlainDateTime):
        return item.date_time_.date
    return local_date_time(item.time_zone_, item.epoch_nanoseconds_).date


def to_temporal_date_time(realm: Realm, item: Value, options: Value = undefined) -> JSPlainDateTime:
    """5.5.3 ToTemporalDateTime."""
    if isinstance(item, JSObject):
        if isinstance(item, (JSPlainDateTime, JSZonedDateTime, JSPlainDate)):
            overflow_option(options_object(options))
            if isinstance(item, JSPlainDateTime):
                moment = item.date_time_
            elif isinstance(item, JSPlainDate):
                moment = ISODateTime(item.date_, MIDNIGHT)
            else:
                moment = local_date_time(item.time_zone_, item.epoch_nanoseconds_)
            return create_temporal_date_time(realm, moment, item.calendar_)
        calendar = calendar_of_item(item)
        fields = prepare_fields(realm, calendar, item, DATE_FIELDS, TIME_FIELDS)
        overflow = overflow_option(options_object(options))
        moment = interpret_date_time_fields(calendar, fields, overflow)
        return create_temporal_date_time(realm, moment, calendar)
    parsed = parse_date_time(_require_string(item, "a date and time"), "date-time")
    calendar = _calendar_of(parsed)
    overflow_option(options_object(options))
    return create_temporal_date_time(realm, ISODateTime(_iso_date(parsed), parsed.time or 0), calendar)


def to_temporal_year_month(realm: Realm, item: Value, options: Value = undefined) -> JSPlainYearMonth:
    """9.5.2 ToTemporalYearMonth."""
    if isinstance(item, JSObject):
        if isinstance(item, JSPlainYearMonth):
            overflow_option(options_object(options))
            return create_temporal_year_month(realm, item.date_, item.calendar_)
        calendar = calendar_of_item(item)
        fields = prepare_fields(realm, calendar, item, ("year", "month", "monthCode"))
        overflow = overflow_option(options_object(options))
        return create_temporal_year_month(realm, year_month_from_fields(calendar, fields, overflow), calendar)
    parsed = parse_date_time(_require_string(item, "a month"), "year-month")
    calendar = _calendar_of(parsed)
    overflow_option(options_object(options))
    date = _iso_date(parsed)
    if not year_month_within_limits(date):
        raise range_error("year and month out of range")
    fields = fields_of_date(calendar, date, "year-month")
    return create_temporal_year_month(realm, year_month_from_fields(calendar, fields, "constrain"), calendar)


def to_temporal_month_day(realm: Realm, item: Value, options: Value = undefined) -> JSPlainMonthDay:
    """10.5.1 ToTemporalMonthDay."""
    if isinstance(item, JSObject):
        if isinstance(item, JSPlainMonthDay):
            overflow_option(options_object(options))
            return create_temporal_month_day(realm, item.date_, item.calendar_)
        calendar = calendar_of_item(item)
        fields = prepare_fields(realm, calendar, item, DATE_FIELDS)
        overflow = overflow_option(options_object(options))
        return create_temporal_month_day(realm, month_day_from_fields(calendar, fields, overflow), calendar)
    parsed = parse_date_time(_require_string(item, "a month and day"), "month-day")
    calendar = _calendar_of(parsed)
    overflow_option(options_object(options))
    if calendar == "iso8601":
        return create_temporal_month_day(realm, ISODate(1972, parsed.month, parsed.day), calendar)
    date = _iso_date(parsed)
    if not date_within_limits(date):
        raise range_error("date out of range")
    fields = fields_of_date(calendar, date, "month-day")
    return create_temporal_month_day(realm, month_day_from_fields(calendar, fields, "constrain"), calendar)


def interpret_offset(
    date: ISODate,
    time: int | None,
    offset_behaviour: str,
    offset: int,
    zone: TimeZone,
    disambiguation: str,
    option: str,
    match_minutes: bool,
) -> int:
    """6.5.1 InterpretISODateTimeOffset: the exact time of a local one; `time` is None for the start of the day.

    Raises:
        ThrowCompletion: RangeError, out of range, or the options reject it.
    """
    # Step 1.
    if time is None:
        return start_of_day(zone, date)
    moment = ISODateTime(date, time)
    # Step 3.
    if offset_behaviour == "wall" or (offset_behaviour == "option" and option == "ignore"):
        return epoch_nanoseconds_for(zone, moment, disambiguation)
    # Step 4.
    if offset_behaviour == "exact" or option == "use":
        return _exact(date, time, offset)
    # Steps 7 to 10.
    check_days_range(date)
    local = epoch_nanoseconds(moment)
    candidates = possible_epoch_nanoseconds(zone, moment)
    for candidate in candidates:
        if local - candidate == offset or (match_minutes and matches_in_minutes(local - candidate, offset)):
            return candidate
    # Steps 11 and 12.
    if option == "reject":
        raise range_error("the offset is not one of the time zone at that time")
    return disambiguate(candidates, zone, moment, disambiguation)


def _has_seconds(offset: str) -> bool:
    """Whether a UTC offset has a part smaller than minutes: then it matches exactly only."""
    return len(offset.replace(":", "")) > 5


def _offset_behaviour(parsed: ParsedDateTime) -> str:
    return "exact" if parsed.z else "wall" if parsed.offset is None else "option"


def to_temporal_zoned_date_time(realm: Realm, item: Value, options: Value = undefined) -> JSZonedDateTime:
    """6.5.2 ToTemporalZonedDateTime."""
    time: int | None
    offset_text: str | None
    if isinstance(item, JSObject):
        if isinstance(item, JSZonedDateTime):
            _zoned_options(options_object(options))
            return create_temporal_zoned_date_time(
                realm, item.epoch_nanoseconds_, item.time_zone_, item.calendar_
            )
        calendar = calendar_of_item(item)
        fields = prepare_fields(realm, calendar, item, DATE_FIELDS, _ZONED_FIELDS, ("timeZone",))
        zone = fields["timeZone"]
        offset_text = fields.get("offset")
        behaviour = "wall" if offset_text is None else "option"
        disambiguation, option, overflow = _zoned_options(options_object(options))
        date, time = interpret_date_time_fields(calendar, fields, overflow)
        match_minutes = False
    else:
        parsed = parse_date_time(_require_string(item, "a zoned date and time"), "zoned")
        assert parsed.time_zone is not None
        zone = zone_from_string(realm, parsed.time_zone)
        offset_text = parsed.offset
        behaviour = _offset_behaviour(parsed)
        calendar = _calendar_of(parsed)
        match_minutes = offset_text is not None and not _has_seconds(offset_text)
        disambiguation, option, _ = _zoned_options(options_object(options))
        date, time = _iso_date(parsed), parsed.time
    offset = parse_utc_offset(offset_text or "") if behaviour == "option" else 0
    exact = interpret_offset(date, time, behaviour, offset, zone, disambiguation, option, match_minutes)
    return create_temporal_zoned_date_time(realm, exact, zone, calendar)


def _zoned_options(options: Options) -> tuple[str, str, str]:
    return disambiguation_option(options), offset_option(options, "reject"), overflow_option(options)


class RelativeTo:
    """What GetTemporalRelativeToOption finds: one of `plain` and `zoned`, or neither."""

    __slots__ = ("plain", "zoned")

    def __init__(self, plain: JSPlainDate | None = None, zoned: JSZonedDateTime | None = None) -> None:
        self.plain = plain
        self.zoned = zoned


def relative_to_option(realm: Realm, options: Options) -> RelativeTo:
    """13.15 GetTemporalRelativeToOption."""
    value = undefined if options is None else get(options, "relativeTo")
    if value is undefined:
        return RelativeTo()
    match_minutes = False
    time: int | None
    zone: TimeZone | None
    if isinstance(value, JSObject):
        if isinstance(value, JSZonedDateTime):
            return RelativeTo(zoned=value)
        if isinstance(value, JSPlainDate):
            return RelativeTo(value)
        if isinstance(value, JSPlainDateTime):
            return RelativeTo(create_temporal_date(realm, value.date_time_.date, value.calendar_))
        calendar = calendar_of_item(value)
        fields = prepare_fields(realm, calendar, value, DATE_FIELDS, _ZONED_FIELDS)
        date, time = interpret_date_time_fields(calendar, fields, "constrain")
        zone = fields.get("timeZone")
        offset_text = fields.get("offset")
        behaviour = "wall" if offset_text is None else "option"
    else:
        parsed = parse_date_time(_require_string(value, "relativeTo"), "zoned", "date-time")
        offset_text = parsed.offset
        zone = None if parsed.time_zone is None else zone_from_string(realm, parsed.time_zone)
        behaviour = _offset_behaviour(parsed)
        match_minutes = offset_text is not None and not _has_seconds(offset_text)
        calendar = _calendar_of(parsed)
        date, time = _iso_date(parsed), parsed.time
    if zone is None:
        return RelativeTo(create_temporal_date(realm, date, calendar))
    offset = parse_utc_offset(offset_text or "") if behaviour == "option" else 0
    exact = interpret_offset(date, time, behaviour, offset, zone, "compatible", "reject", match_minutes)
    return RelativeTo(zoned=create_temporal_zoned_date_time(realm, exact, zone, calendar))
