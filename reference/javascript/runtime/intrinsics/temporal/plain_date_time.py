"""Temporal 5: Temporal.PlainDateTime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import (
    date_add,
    fields_of_date,
    merge_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO,
    adjust_date_duration,
    from_internal,
    to_internal_with_24_hour_days,
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
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import date_time_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    ISODate,
    ISODateTime,
    date_time_within_limits,
    is_valid_date,
    regulate_time,
    time_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    difference_settings,
    disambiguation_option,
    fractional_digits_option,
    integer_with_truncation,
    options_object,
    options_or_shorthand,
    overflow_option,
    rounding_increment_option,
    rounding_mode_option,
    seconds_precision,
    show_calendar_option,
    unit_option,
    validate_unit,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    Rounding,
    plain_difference,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import epoch_nanoseconds_for
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    MAXIMUM_INCREMENT,
    round_date_time,
    validate_increment,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    time_or_midnight,
    to_temporal_date_time,
    to_temporal_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import (
    DATE_GETTERS,
    date_getters,
    time_getters,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSPlainDate,
    JSPlainDateTime,
    JSPlainTime,
    JSZonedDateTime,
    create_temporal_date,
    create_temporal_date_time,
    create_temporal_duration,
    create_temporal_time,
    create_temporal_zoned_date_time,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.plain_date import calendar_argument
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def construct_plain_date_time(
    realm: Realm,
    new_target: JSObject | None,
    year: Value = undefined,
    month: Value = undefined,
    day: Value = undefined,
    *rest: Value,
) -> JSPlainDateTime:
    """5.1.1 Temporal.PlainDateTime."""
    require_new(new_target, "PlainDateTime")
    date = ISODate(*map(integer_with_truncation, (year, month, day)))
    given = [0 if value is undefined else integer_with_truncation(value) for value in rest[:6]]
    calendar = calendar_argument(rest[6] if len(rest) > 6 else undefined)
    if not is_valid_date(*date):
        raise range_error("date out of range")
    time = regulate_time((*given, *(0,) * (6 - len(given))), "reject")
    return create_temporal_date_time(realm, ISODateTime(date, time), calendar, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainDateTime:
    """5.2.2 Temporal.PlainDateTime.from."""
    return to_temporal_date_time(realm, item, options)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """5.2.3 Temporal.PlainDateTime.compare."""
    first = to_temporal_date_time(realm, one).date_time_
    second = to_temporal_date_time(realm, two).date_time_
    return float((first > second) - (first < second))


def _this(this: Value) -> JSPlainDateTime:
    return require(this, JSPlainDateTime)


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainDateTime:
    """5.3.25 Temporal.PlainDateTime.prototype.with."""
    target = _this(this)
    calendar = target.calendar_
    require_partial(item)
    fields = fields_of_date(calendar, target.date_time_.date, "date")
    fields.update(time_fields(target.date_time_.time)._asdict())
    partial = prepare_fields(realm, calendar, item, DATE_FIELDS, TIME_FIELDS, None)
    fields = merge_fields(calendar, fields, partial)
    overflow = overflow_option(options_object(options))
    moment = interpret_date_time_fields(calendar, fields, overflow)
    return create_temporal_date_time(realm, moment, calendar)


def with_plain_time(realm: Realm, this: Value, time: Value = undefined) -> JSPlainDateTime:
    """5.3.26 Temporal.PlainDateTime.prototype.withPlainTime."""
    target = _this(this)
    moment = ISODateTime(target.date_time_.date, time_or_midnight(realm, time))
    return create_temporal_date_time(realm, moment, target.calendar_)


def with_calendar(realm: Realm, this: Value, calendar: Value = undefined) -> JSPlainDateTime:
    """5.3.27 Temporal.PlainDateTime.prototype.withCalendar."""
    target = _this(this)
    return create_temporal_date_time(realm, target.date_time_, to_calendar(calendar))


def _add(realm: Realm, this: Value, item: Value, options: Value, sign: int) -> JSPlainDateTime:
    """5.5.16 AddDurationToDateTime."""
    target = _this(this)
    duration = to_temporal_duration(realm, item).duration_
    if sign < 0:
        duration = duration.negated()
    overflow = overflow_option(options_object(options))
    internal = to_internal_with_24_hour_days(duration)
    days, time = divmod(target.date_time_.time + internal.time, NS_PER_DAY)
    date_duration = adjust_date_duration(internal.date, days)
    date = date_add(target.calendar_, target.date_time_.date, date_duration, overflow)
    return create_temporal_date_time(realm, ISODateTime(date, time), target.calendar_)


def add(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSPlainDateTime:
    """5.3.28 Temporal.PlainDateTime.prototype.add."""
    return _add(realm, this, duration, options, 1)


def subtract(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSPlainDateTime:
    """5.3.29 Temporal.PlainDateTime.prototype.subtract."""
    return _add(realm, this, duration, options, -1)


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """5.5.15 DifferenceTemporalPlainDateTime."""
    target = _this(this)
    end = to_temporal_date_time(realm, other)
    calendar = target.calendar_
    if calendar != end.calendar_:
        raise range_error("the calendars differ")
    settings = difference_settings(operation, options_object(options), "datetime", (), "nanosecond", "day")
    if target.date_time_ == end.date_time_:
        return create_temporal_duration(realm, ZERO)
    rounding = Rounding(
        settings.largest_unit, settings.increment, settings.smallest_unit, settings.rounding_mode
    )
    internal = plain_difference(target.date_time_, end.date_time_, calendar, rounding)
    result = from_internal(internal, settings.largest_unit)
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """5.3.30 Temporal.PlainDateTime.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """5.3.31 Temporal.PlainDateTime.prototype.since."""
    return _difference(realm, "since", this, other, options)


def round_(realm: Realm, this: Value, round_to: Value = undefined) -> JSPlainDateTime:
    """5.3.32 Temporal.PlainDateTime.prototype.round."""
    target = _this(this)
    options = options_or_shorthand(round_to, "smallestUnit")
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "halfExpand")
    unit = unit_option(options, "smallestUnit", required=True)
    validate_unit(unit, "time", "day")
    assert unit is not None
    validate_increment(increment, MAXIMUM_INCREMENT.get(unit, 1), unit == "day")
    moment = round_date_time(target.date_time_, increment, unit, mode)
    return create_temporal_date_time(realm, moment, target.calendar_)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """5.3.33 Temporal.PlainDateTime.prototype.equals."""
    target = _this(this)
    end = to_temporal_date_time(realm, other)
    return target.date_time_ == end.date_time_ and target.calendar_ == end.calendar_


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """5.3.34 Temporal.PlainDateTime.prototype.toString."""
    target = _this(this)
    resolved = options_object(options)
    show_calendar = show_calendar_option(resolved)
    digits = fractional_digits_option(resolved)
    mode = rounding_mode_option(resolved, "trunc")
    smallest = unit_option(resolved, "smallestUnit")
    validate_unit(smallest, "time")
    if smallest == "hour":
        raise range_error("smallestUnit cannot be hour")
    precision = seconds_precision(smallest, digits)
    moment = round_date_time(target.date_time_, precision.increment, precision.unit, mode)
    if not date_time_within_limits(moment):
        raise range_error("date and time out of range")
    return date_time_string(moment, target.calendar_, precision.precision, show_calendar)


def to_locale_string(realm: Realm, this: Value) -> str:
    """5.3.35 Temporal.PlainDateTime.prototype.toLocaleString, without ECMA-402."""
    target = _this(this)
    return date_time_string(target.date_time_, target.calendar_, "auto", "auto")


def to_json(realm: Realm, this: Value) -> str:
    """5.3.36 Temporal.PlainDateTime.prototype.toJSON."""
    target = _this(this)
    return date_time_string(target.date_time_, target.calendar_, "auto", "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """5.3.37 Temporal.PlainDateTime.prototype.valueOf."""
    raise type_error("use Temporal.PlainDateTime.compare() to compare dates and times")


def to_zoned_date_time(
    realm: Realm, this: Value, time_zone: Value = undefined, options: Value = undefined
) -> JSZonedDateTime:
    """5.3.38 Temporal.PlainDateTime.prototype.toZonedDateTime."""
    target = _this(this)
    zone = to_time_zone(realm, time_zone)
    disambiguation = disambiguation_option(options_object(options))
    exact = epoch_nanoseconds_for(zone, target.date_time_, disambiguation)
    return create_temporal_zoned_date_time(realm, exact, zone, target.calendar_)


def to_plain_date(realm: Realm, this: Value) -> JSPlainDate:
    """5.3.39 Temporal.PlainDateTime.prototype.toPlainDate."""
    target = _this(this)
    return create_temporal_date(realm, target.date_time_.date, target.calendar_)


def to_plain_time(realm: Realm, this: Value) -> JSPlainTime:
    """5.3.40 Temporal.PlainDateTime.prototype.toPlainTime."""
    return create_temporal_time(realm, _this(this).date_time_.time)


_CONSTRUCTOR: Final = builtin(
    "PlainDateTime",
    construct_plain_date_time,
    3,
    "builtin_constructor",
    section="Temporal 5.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 5.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 5.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("with", with_, 1, "Temporal 5.3.25", "proposal-temporal"),
    ("withPlainTime", with_plain_time, 0, "Temporal 5.3.26", "proposal-temporal"),
    ("withCalendar", with_calendar, 1, "Temporal 5.3.27", "proposal-temporal"),
    ("add", add, 1, "Temporal 5.3.28", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 5.3.29", "proposal-temporal"),
    ("until", until, 1, "Temporal 5.3.30", "proposal-temporal"),
    ("since", since, 1, "Temporal 5.3.31", "proposal-temporal"),
    ("round", round_, 1, "Temporal 5.3.32", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 5.3.33", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 5.3.34", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 5.3.35", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 5.3.36", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 5.3.37", "proposal-temporal"),
    ("toZonedDateTime", to_zoned_date_time, 1, "Temporal 5.3.38", "proposal-temporal"),
    ("toPlainDate", to_plain_date, 0, "Temporal 5.3.39", "proposal-temporal"),
    ("toPlainTime", to_plain_time, 0, "Temporal 5.3.40", "proposal-temporal"),
)
_GETTERS: Final = (
    *date_getters(
        JSPlainDateTime,
        DATE_GETTERS,
        lambda target: target.date_time_.date,
        "Temporal 5.3",
        *range(3, 10),
        *range(16, 25),
    ),
    *time_getters(JSPlainDateTime, lambda target: target.date_time_.time, "Temporal 5.3", 10),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.PlainDateTime% and its prototype."""
    prototype = realm.temporal_plain_date_time_prototype = prototype_object(realm)
    realm.temporal_plain_date_time = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_plain_date_time, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.PlainDateTime")
