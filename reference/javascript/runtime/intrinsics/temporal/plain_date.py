"""Temporal 3: Temporal.PlainDate."""

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
    canonicalize_calendar,
    date_add,
    date_from_fields,
    date_until,
    fields_of_date,
    merge_fields,
    month_day_from_fields,
    year_month_from_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO,
    InternalDuration,
    from_internal,
    to_date_duration_without_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    DATE_FIELDS,
    prepare_fields,
    require_partial,
    to_calendar,
    to_time_zone,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import (
    calendar_annotation,
    date_string,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    MIDNIGHT,
    ISODate,
    ISODateTime,
    date_time_within_limits,
    epoch_nanoseconds,
    is_valid_date,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    difference_settings,
    integer_with_truncation,
    options_object,
    overflow_option,
    show_calendar_option,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    Rounding,
    Start,
    round_relative,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    epoch_nanoseconds_for,
    start_of_day,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    time_or_midnight,
    to_temporal_date,
    to_temporal_duration,
    to_temporal_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import DATE_GETTERS, date_getters
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSPlainDate,
    JSPlainDateTime,
    JSPlainMonthDay,
    JSPlainYearMonth,
    JSZonedDateTime,
    create_temporal_date,
    create_temporal_date_time,
    create_temporal_duration,
    create_temporal_month_day,
    create_temporal_year_month,
    create_temporal_zoned_date_time,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def calendar_argument(calendar: Value) -> str:
    """What constructors do with their calendar.

    Raises:
        ThrowCompletion: TypeError, no string; RangeError, there is no such calendar.
    """
    if calendar is undefined:
        return "iso8601"
    if calendar.__class__ is not str:
        raise type_error("a calendar must be a string")
    return canonicalize_calendar(calendar)


def construct_plain_date(
    realm: Realm,
    new_target: JSObject | None,
    year: Value = undefined,
    month: Value = undefined,
    day: Value = undefined,
    calendar: Value = undefined,
) -> JSPlainDate:
    """3.1.1 Temporal.PlainDate."""
    require_new(new_target, "PlainDate")
    date = ISODate(*map(integer_with_truncation, (year, month, day)))
    identifier = calendar_argument(calendar)
    if not is_valid_date(*date):
        raise range_error("date out of range")
    return create_temporal_date(realm, date, identifier, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainDate:
    """3.2.2 Temporal.PlainDate.from."""
    return to_temporal_date(realm, item, options)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """3.2.3 Temporal.PlainDate.compare."""
    first = to_temporal_date(realm, one).date_
    second = to_temporal_date(realm, two).date_
    return float((first > second) - (first < second))


def _this(this: Value) -> JSPlainDate:
    return require(this, JSPlainDate)


def to_plain_year_month(realm: Realm, this: Value) -> JSPlainYearMonth:
    """3.3.19 Temporal.PlainDate.prototype.toPlainYearMonth."""
    target = _this(this)
    fields = fields_of_date(target.calendar_, target.date_, "date")
    date = year_month_from_fields(target.calendar_, fields, "constrain")
    return create_temporal_year_month(realm, date, target.calendar_)


def to_plain_month_day(realm: Realm, this: Value) -> JSPlainMonthDay:
    """3.3.20 Temporal.PlainDate.prototype.toPlainMonthDay."""
    target = _this(this)
    fields = fields_of_date(target.calendar_, target.date_, "month-day")
    date = month_day_from_fields(target.calendar_, fields, "constrain")
    return create_temporal_month_day(realm, date, target.calendar_)


def _add(realm: Realm, this: Value, item: Value, options: Value, sign: int) -> JSPlainDate:
    """3.5.14 AddDurationToDate."""
    target = _this(this)
    duration = to_temporal_duration(realm, item).duration_
    if sign < 0:
        duration = duration.negated()
    date_duration = to_date_duration_without_time(duration)
    overflow = overflow_option(options_object(options))
    date = date_add(target.calendar_, target.date_, date_duration, overflow)
    return create_temporal_date(realm, date, target.calendar_)


def add(realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined) -> JSPlainDate:
    """3.3.21 Temporal.PlainDate.prototype.add."""
    return _add(realm, this, duration, options, 1)


def subtract(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSPlainDate:
    """3.3.22 Temporal.PlainDate.prototype.subtract."""
    return _add(realm, this, duration, options, -1)


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainDate:
    """3.3.23 Temporal.PlainDate.prototype.with."""
    target = _this(this)
    calendar = target.calendar_
    require_partial(item)
    fields = fields_of_date(calendar, target.date_, "date")
    partial = prepare_fields(realm, calendar, item, DATE_FIELDS, (), None)
    fields = merge_fields(calendar, fields, partial)
    overflow = overflow_option(options_object(options))
    return create_temporal_date(realm, date_from_fields(calendar, fields, overflow), calendar)


def with_calendar(realm: Realm, this: Value, calendar: Value = undefined) -> JSPlainDate:
    """3.3.24 Temporal.PlainDate.prototype.withCalendar."""
    target = _this(this)
    return create_temporal_date(realm, target.date_, to_calendar(calendar))


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """3.5.13 DifferenceTemporalPlainDate."""
    target = _this(this)
    end = to_temporal_date(realm, other)
    calendar = target.calendar_
    if calendar != end.calendar_:
        raise range_error("the calendars differ")
    settings = difference_settings(operation, options_object(options), "date", (), "day", "day")
    if target.date_ == end.date_:
        return create_temporal_duration(realm, ZERO)
    duration = InternalDuration(date_until(calendar, target.date_, end.date_, settings.largest_unit), 0)
    if settings.smallest_unit != "day" or settings.increment != 1:
        moment = ISODateTime(target.date_, MIDNIGHT)
        start = Start(moment, None, calendar, epoch_nanoseconds(moment))
        rounding = Rounding(
            settings.largest_unit, settings.increment, settings.smallest_unit, settings.rounding_mode
        )
        destination = epoch_nanoseconds(ISODateTime(end.date_, MIDNIGHT))
        duration = round_relative(duration, destination, start, rounding)
    result = from_internal(duration, "day")
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """3.3.25 Temporal.PlainDate.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """3.3.26 Temporal.PlainDate.prototype.since."""
    return _difference(realm, "since", this, other, options)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """3.3.27 Temporal.PlainDate.prototype.equals."""
    target = _this(this)
    end = to_temporal_date(realm, other)
    return target.date_ == end.date_ and target.calendar_ == end.calendar_


def to_plain_date_time(realm: Realm, this: Value, time: Value = undefined) -> JSPlainDateTime:
    """3.3.28 Temporal.PlainDate.prototype.toPlainDateTime."""
    target = _this(this)
    moment = ISODateTime(target.date_, time_or_midnight(realm, time))
    return create_temporal_date_time(realm, moment, target.calendar_)


def to_zoned_date_time(realm: Realm, this: Value, item: Value = undefined) -> JSZonedDateTime:
    """3.3.29 Temporal.PlainDate.prototype.toZonedDateTime."""
    target = _this(this)
    # Steps 3 and 4.
    time: Value = undefined
    if isinstance(item, JSObject):
        zone_like = get(item, "timeZone")
        if zone_like is undefined:
            zone = to_time_zone(realm, item)
        else:
            zone = to_time_zone(realm, zone_like)
            time = get(item, "plainTime")
    else:
        zone = to_time_zone(realm, item)
    # Steps 5 and 6.
    if time is undefined:
        exact = start_of_day(zone, target.date_)
    else:
        moment = ISODateTime(target.date_, to_temporal_time(realm, time).time_)
        if not date_time_within_limits(moment):
            raise range_error("date and time out of range")
        exact = epoch_nanoseconds_for(zone, moment, "compatible")
    return create_temporal_zoned_date_time(realm, exact, zone, target.calendar_)


def _text(target: JSPlainDate, show_calendar: str) -> str:
    """3.5.12 TemporalDateToString."""
    return date_string(target.date_) + calendar_annotation(target.calendar_, show_calendar)


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """3.3.30 Temporal.PlainDate.prototype.toString."""
    return _text(_this(this), show_calendar_option(options_object(options)))


def to_locale_string(realm: Realm, this: Value) -> str:
    """3.3.31 Temporal.PlainDate.prototype.toLocaleString, without ECMA-402."""
    return _text(_this(this), "auto")


def to_json(realm: Realm, this: Value) -> str:
    """3.3.32 Temporal.PlainDate.prototype.toJSON."""
    return _text(_this(this), "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """3.3.33 Temporal.PlainDate.prototype.valueOf."""
    raise type_error("use Temporal.PlainDate.compare() to compare dates")


_CONSTRUCTOR: Final = builtin(
    "PlainDate",
    construct_plain_date,
    3,
    "builtin_constructor",
    section="Temporal 3.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 3.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 3.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("toPlainYearMonth", to_plain_year_month, 0, "Temporal 3.3.19", "proposal-temporal"),
    ("toPlainMonthDay", to_plain_month_day, 0, "Temporal 3.3.20", "proposal-temporal"),
    ("add", add, 1, "Temporal 3.3.21", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 3.3.22", "proposal-temporal"),
    ("with", with_, 1, "Temporal 3.3.23", "proposal-temporal"),
    ("withCalendar", with_calendar, 1, "Temporal 3.3.24", "proposal-temporal"),
    ("until", until, 1, "Temporal 3.3.25", "proposal-temporal"),
    ("since", since, 1, "Temporal 3.3.26", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 3.3.27", "proposal-temporal"),
    ("toPlainDateTime", to_plain_date_time, 0, "Temporal 3.3.28", "proposal-temporal"),
    ("toZonedDateTime", to_zoned_date_time, 1, "Temporal 3.3.29", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 3.3.30", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 3.3.31", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 3.3.32", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 3.3.33", "proposal-temporal"),
)
_GETTERS: Final = date_getters(
    JSPlainDate, DATE_GETTERS, lambda target: target.date_, "Temporal 3.3", *range(3, 19)
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.PlainDate% and its prototype."""
    prototype = realm.temporal_plain_date_prototype = prototype_object(realm)
    realm.temporal_plain_date = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_plain_date, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.PlainDate")
