"""Temporal 6: Temporal.ZonedDateTime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import (
    fields_of_date,
    merge_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO,
    from_internal,
    to_internal,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    DATE_FIELDS,
    TIME_FIELDS,
    interpret_date_time_fields,
    prepare_fields,
    require_partial,
    to_calendar,
    to_time_zone,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import (
    calendar_annotation,
    date_time_string,
    offset_string,
    rounded_offset_string,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_HOUR,
    ISODateTime,
    add_days,
    is_valid_epoch_nanoseconds,
    sign_of,
    time_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    difference_settings,
    direction_option,
    disambiguation_option,
    fractional_digits_option,
    offset_option,
    options_object,
    options_or_shorthand,
    overflow_option,
    rounding_increment_option,
    rounding_mode_option,
    seconds_precision,
    show_calendar_option,
    show_offset_option,
    show_time_zone_option,
    unit_option,
    validate_unit,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.parsing import parse_utc_offset
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    Rounding,
    add_zoned,
    instant_difference,
    zoned_difference,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    epoch_nanoseconds_for,
    local_date_time,
    start_of_day,
    zone_from_identifier,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    MAXIMUM_INCREMENT,
    NANOSECONDS,
    is_date_unit,
    round_as_if_positive,
    round_date_time,
    round_to_increment,
    validate_increment,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    interpret_offset,
    to_temporal_duration,
    to_temporal_time,
    to_temporal_zoned_date_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import (
    DATE_GETTERS,
    date_getters,
    time_getters,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSInstant,
    JSPlainDate,
    JSPlainDateTime,
    JSPlainTime,
    JSZonedDateTime,
    create_temporal_date,
    create_temporal_date_time,
    create_temporal_duration,
    create_temporal_instant,
    create_temporal_time,
    create_temporal_zoned_date_time,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.plain_date import calendar_argument
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.operations.conversion import to_bigint
from lockstep.reference.javascript.runtime.values import BigInt, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def construct_zoned_date_time(
    realm: Realm,
    new_target: JSObject | None,
    nanoseconds: Value = undefined,
    time_zone: Value = undefined,
    calendar: Value = undefined,
) -> JSZonedDateTime:
    """6.1.1 Temporal.ZonedDateTime."""
    require_new(new_target, "ZonedDateTime")
    exact = to_bigint(nanoseconds).integer
    if not is_valid_epoch_nanoseconds(exact):
        raise range_error("instant out of range")
    if time_zone.__class__ is not str:
        raise type_error("a time zone must be a string")
    zone = zone_from_identifier(realm, time_zone)
    return create_temporal_zoned_date_time(realm, exact, zone, calendar_argument(calendar), new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSZonedDateTime:
    """6.2.2 Temporal.ZonedDateTime.from."""
    return to_temporal_zoned_date_time(realm, item, options)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """6.2.3 Temporal.ZonedDateTime.compare."""
    first = to_temporal_zoned_date_time(realm, one)
    second = to_temporal_zoned_date_time(realm, two)
    return float(sign_of(first.epoch_nanoseconds_ - second.epoch_nanoseconds_))


def _this(this: Value) -> JSZonedDateTime:
    return require(this, JSZonedDateTime)


def _local(target: JSZonedDateTime) -> ISODateTime:
    return local_date_time(target.time_zone_, target.epoch_nanoseconds_)


def _offset(target: JSZonedDateTime) -> int:
    return target.time_zone_.offset_at(target.epoch_nanoseconds_)


def _same_zone(realm: Realm, target: JSZonedDateTime, exact: int) -> JSZonedDateTime:
    """Another exact time in the zone and calendar of `target`."""
    return create_temporal_zoned_date_time(realm, exact, target.time_zone_, target.calendar_)


def get_time_zone_id(realm: Realm, this: Value) -> str:
    """6.3.4 get Temporal.ZonedDateTime.prototype.timeZoneId."""
    return _this(this).time_zone_.identifier


def get_epoch_milliseconds(realm: Realm, this: Value) -> float:
    """6.3.17 get Temporal.ZonedDateTime.prototype.epochMilliseconds."""
    return float(_this(this).epoch_nanoseconds_ // 10**6)


def get_epoch_nanoseconds(realm: Realm, this: Value) -> BigInt:
    """6.3.18 get Temporal.ZonedDateTime.prototype.epochNanoseconds."""
    return BigInt(_this(this).epoch_nanoseconds_)


def get_hours_in_day(realm: Realm, this: Value) -> float:
    """6.3.23 get Temporal.ZonedDateTime.prototype.hoursInDay."""
    target = _this(this)
    today = _local(target).date
    length = start_of_day(target.time_zone_, add_days(today, 1)) - start_of_day(target.time_zone_, today)
    return length / NS_PER_HOUR


def get_offset_nanoseconds(realm: Realm, this: Value) -> float:
    """6.3.29 get Temporal.ZonedDateTime.prototype.offsetNanoseconds."""
    return float(_offset(_this(this)))


def get_offset(realm: Realm, this: Value) -> str:
    """6.3.30 get Temporal.ZonedDateTime.prototype.offset."""
    return offset_string(_offset(_this(this)))


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSZonedDateTime:
    """6.3.31 Temporal.ZonedDateTime.prototype.with."""
    target = _this(this)
    # Steps 3 to 18.
    require_partial(item)
    calendar = target.calendar_
    local = _local(target)
    fields = fields_of_date(calendar, local.date, "date")
    fields.update(time_fields(local.time)._asdict())
    fields["offset"] = offset_string(_offset(target))
    partial = prepare_fields(realm, calendar, item, DATE_FIELDS, (*TIME_FIELDS, "offset"), None)
    fields = merge_fields(calendar, fields, partial)
    # Steps 19 to 22.
    resolved = options_object(options)
    disambiguation = disambiguation_option(resolved)
    option = offset_option(resolved, "prefer")
    overflow = overflow_option(resolved)
    # Steps 23 to 26.
    date, time = interpret_date_time_fields(calendar, fields, overflow)
    offset = parse_utc_offset(fields["offset"])
    exact = interpret_offset(date, time, "option", offset, target.time_zone_, disambiguation, option, False)
    return _same_zone(realm, target, exact)


def with_plain_time(realm: Realm, this: Value, time: Value = undefined) -> JSZonedDateTime:
    """6.3.32 Temporal.ZonedDateTime.prototype.withPlainTime."""
    target = _this(this)
    date = _local(target).date
    if time is undefined:
        return _same_zone(realm, target, start_of_day(target.time_zone_, date))
    moment = ISODateTime(date, to_temporal_time(realm, time).time_)
    return _same_zone(realm, target, epoch_nanoseconds_for(target.time_zone_, moment, "compatible"))


def with_time_zone(realm: Realm, this: Value, time_zone: Value = undefined) -> JSZonedDateTime:
    """6.3.33 Temporal.ZonedDateTime.prototype.withTimeZone."""
    target = _this(this)
    zone = to_time_zone(realm, time_zone)
    return create_temporal_zoned_date_time(realm, target.epoch_nanoseconds_, zone, target.calendar_)


def with_calendar(realm: Realm, this: Value, calendar: Value = undefined) -> JSZonedDateTime:
    """6.3.34 Temporal.ZonedDateTime.prototype.withCalendar."""
    target = _this(this)
    return create_temporal_zoned_date_time(
        realm, target.epoch_nanoseconds_, target.time_zone_, to_calendar(calendar)
    )


def _add(realm: Realm, this: Value, item: Value, options: Value, sign: int) -> JSZonedDateTime:
    """6.5.10 AddDurationToZonedDateTime."""
    target = _this(this)
    duration = to_temporal_duration(realm, item).duration_
    if sign < 0:
        duration = duration.negated()
    overflow = overflow_option(options_object(options))
    exact = add_zoned(
        target.epoch_nanoseconds_, target.time_zone_, target.calendar_, to_internal(duration), overflow
    )
    return _same_zone(realm, target, exact)


def add(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSZonedDateTime:
    """6.3.35 Temporal.ZonedDateTime.prototype.add."""
    return _add(realm, this, duration, options, 1)


def subtract(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSZonedDateTime:
    """6.3.36 Temporal.ZonedDateTime.prototype.subtract."""
    return _add(realm, this, duration, options, -1)


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """6.5.9 DifferenceTemporalZonedDateTime."""
    target = _this(this)
    end = to_temporal_zoned_date_time(realm, other)
    if target.calendar_ != end.calendar_:
        raise range_error("the calendars differ")
    settings = difference_settings(operation, options_object(options), "datetime", (), "nanosecond", "hour")
    one, two = target.epoch_nanoseconds_, end.epoch_nanoseconds_
    largest = settings.largest_unit
    # Steps 5 and 6.
    if not is_date_unit(largest):
        internal = instant_difference(
            one, two, settings.increment, settings.smallest_unit, settings.rounding_mode
        )
        result = from_internal(internal, largest)
    # Steps 7 to 11: days have the same length in one zone only.
    elif target.time_zone_.primary != end.time_zone_.primary:
        raise range_error("the time zones differ")
    elif one == two:
        result = ZERO
    else:
        rounding = Rounding(largest, settings.increment, settings.smallest_unit, settings.rounding_mode)
        internal = zoned_difference(one, two, target.time_zone_, target.calendar_, rounding)
        result = from_internal(internal, "hour")
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """6.3.37 Temporal.ZonedDateTime.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """6.3.38 Temporal.ZonedDateTime.prototype.since."""
    return _difference(realm, "since", this, other, options)


def round_(realm: Realm, this: Value, round_to: Value = undefined) -> JSZonedDateTime:
    """6.3.39 Temporal.ZonedDateTime.prototype.round."""
    target = _this(this)
    options = options_or_shorthand(round_to, "smallestUnit")
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "halfExpand")
    unit = unit_option(options, "smallestUnit", required=True)
    validate_unit(unit, "time", "day")
    assert unit is not None
    validate_increment(increment, MAXIMUM_INCREMENT.get(unit, 1), unit == "day")
    # Steps 13 to 18.
    exact, zone = target.epoch_nanoseconds_, target.time_zone_
    if unit == "nanosecond" and increment == 1:
        return _same_zone(realm, target, exact)
    local = _local(target)
    if unit == "day":
        start = start_of_day(zone, local.date)
        end = start_of_day(zone, add_days(local.date, 1))
        rounded = start + round_to_increment(exact - start, end - start, mode)
    else:
        date, time = round_date_time(local, increment, unit, mode)
        rounded = interpret_offset(date, time, "option", _offset(target), zone, "compatible", "prefer", False)
    return _same_zone(realm, target, rounded)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """6.3.40 Temporal.ZonedDateTime.prototype.equals."""
    target = _this(this)
    end = to_temporal_zoned_date_time(realm, other)
    return (
        target.epoch_nanoseconds_ == end.epoch_nanoseconds_
        and target.time_zone_.primary == end.time_zone_.primary
        and target.calendar_ == end.calendar_
    )


def _text(
    target: JSZonedDateTime,
    exact: int,
    precision: str | int = "auto",
    show_calendar: str = "auto",
    show_zone: str = "auto",
    show_offset: str = "auto",
) -> str:
    """6.5.4 TemporalZonedDateTimeToString, of a rounded exact time."""
    zone = target.time_zone_
    text = date_time_string(local_date_time(zone, exact), "iso8601", precision, "never")
    if show_offset != "never":
        text += rounded_offset_string(zone.offset_at(exact))
    if show_zone != "never":
        text += f"[{'!' if show_zone == 'critical' else ''}{zone.identifier}]"
    return text + calendar_annotation(target.calendar_, show_calendar)


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """6.3.41 Temporal.ZonedDateTime.prototype.toString."""
    target = _this(this)
    resolved = options_object(options)
    show_calendar = show_calendar_option(resolved)
    digits = fractional_digits_option(resolved)
    show_offset = show_offset_option(resolved)
    mode = rounding_mode_option(resolved, "trunc")
    smallest = unit_option(resolved, "smallestUnit")
    show_zone = show_time_zone_option(resolved)
    validate_unit(smallest, "time")
    if smallest == "hour":
        raise range_error("smallestUnit cannot be hour")
    precision = seconds_precision(smallest, digits)
    exact = round_as_if_positive(
        target.epoch_nanoseconds_, precision.increment * NANOSECONDS[precision.unit], mode
    )
    return _text(target, exact, precision.precision, show_calendar, show_zone, show_offset)


def to_locale_string(realm: Realm, this: Value) -> str:
    """6.3.42 Temporal.ZonedDateTime.prototype.toLocaleString, without ECMA-402."""
    target = _this(this)
    return _text(target, target.epoch_nanoseconds_)


def to_json(realm: Realm, this: Value) -> str:
    """6.3.43 Temporal.ZonedDateTime.prototype.toJSON."""
    target = _this(this)
    return _text(target, target.epoch_nanoseconds_)


def value_of(realm: Realm, this: Value) -> Value:
    """6.3.44 Temporal.ZonedDateTime.prototype.valueOf."""
    raise type_error("use Temporal.ZonedDateTime.compare() to compare")


def start_of_day_method(realm: Realm, this: Value) -> JSZonedDateTime:
    """6.3.45 Temporal.ZonedDateTime.prototype.startOfDay."""
    target = _this(this)
    return _same_zone(realm, target, start_of_day(target.time_zone_, _local(target).date))


def get_time_zone_transition(realm: Realm, this: Value, direction: Value = undefined) -> Value:
    """6.3.46 Temporal.ZonedDateTime.prototype.getTimeZoneTransition."""
    target = _this(this)
    forward = direction_option(options_or_shorthand(direction, "direction")) == "next"
    found = target.time_zone_.transition(target.epoch_nanoseconds_, forward)
    return null if found is None else _same_zone(realm, target, found)


def to_instant(realm: Realm, this: Value) -> JSInstant:
    """6.3.47 Temporal.ZonedDateTime.prototype.toInstant."""
    return create_temporal_instant(realm, _this(this).epoch_nanoseconds_)


def to_plain_date(realm: Realm, this: Value) -> JSPlainDate:
    """6.3.48 Temporal.ZonedDateTime.prototype.toPlainDate."""
    target = _this(this)
    return create_temporal_date(realm, _local(target).date, target.calendar_)


def to_plain_time(realm: Realm, this: Value) -> JSPlainTime:
    """6.3.49 Temporal.ZonedDateTime.prototype.toPlainTime."""
    return create_temporal_time(realm, _local(_this(this)).time)


def to_plain_date_time(realm: Realm, this: Value) -> JSPlainDateTime:
    """6.3.50 Temporal.ZonedDateTime.prototype.toPlainDateTime."""
    target = _this(this)
    return create_temporal_date_time(realm, _local(target), target.calendar_)


_CONSTRUCTOR: Final = builtin(
    "ZonedDateTime",
    construct_zoned_date_time,
    2,
    "builtin_constructor",
    section="Temporal 6.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 6.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 6.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("with", with_, 1, "Temporal 6.3.31", "proposal-temporal"),
    ("withPlainTime", with_plain_time, 0, "Temporal 6.3.32", "proposal-temporal"),
    ("withTimeZone", with_time_zone, 1, "Temporal 6.3.33", "proposal-temporal"),
    ("withCalendar", with_calendar, 1, "Temporal 6.3.34", "proposal-temporal"),
    ("add", add, 1, "Temporal 6.3.35", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 6.3.36", "proposal-temporal"),
    ("until", until, 1, "Temporal 6.3.37", "proposal-temporal"),
    ("since", since, 1, "Temporal 6.3.38", "proposal-temporal"),
    ("round", round_, 1, "Temporal 6.3.39", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 6.3.40", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 6.3.41", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 6.3.42", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 6.3.43", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 6.3.44", "proposal-temporal"),
    ("startOfDay", start_of_day_method, 0, "Temporal 6.3.45", "proposal-temporal"),
    ("getTimeZoneTransition", get_time_zone_transition, 1, "Temporal 6.3.46", "proposal-temporal"),
    ("toInstant", to_instant, 0, "Temporal 6.3.47", "proposal-temporal"),
    ("toPlainDate", to_plain_date, 0, "Temporal 6.3.48", "proposal-temporal"),
    ("toPlainTime", to_plain_time, 0, "Temporal 6.3.49", "proposal-temporal"),
    ("toPlainDateTime", to_plain_date_time, 0, "Temporal 6.3.50", "proposal-temporal"),
)
_GETTERS: Final = (
    *date_getters(
        JSZonedDateTime,
        DATE_GETTERS,
        lambda target: _local(target).date,
        "Temporal 6.3",
        3,
        *range(5, 11),
        *range(19, 23),
        *range(24, 29),
    ),
    *time_getters(JSZonedDateTime, lambda target: _local(target).time, "Temporal 6.3", 11),
    *getters(
        ("timeZoneId", get_time_zone_id, "Temporal 6.3.4", "proposal-temporal"),
        ("epochMilliseconds", get_epoch_milliseconds, "Temporal 6.3.17", "proposal-temporal"),
        ("epochNanoseconds", get_epoch_nanoseconds, "Temporal 6.3.18", "proposal-temporal"),
        ("hoursInDay", get_hours_in_day, "Temporal 6.3.23", "proposal-temporal"),
        ("offsetNanoseconds", get_offset_nanoseconds, "Temporal 6.3.29", "proposal-temporal"),
        ("offset", get_offset, "Temporal 6.3.30", "proposal-temporal"),
    ),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.ZonedDateTime% and its prototype."""
    prototype = realm.temporal_zoned_date_time_prototype = prototype_object(realm)
    realm.temporal_zoned_date_time = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_zoned_date_time, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.ZonedDateTime")
