"""Temporal 9: Temporal.PlainYearMonth."""

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
    date_from_fields,
    date_until,
    fields_of_date,
    merge_fields,
    year_month_from_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO,
    DateDuration,
    InternalDuration,
    adjust_date_duration,
    from_internal,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    prepare_fields,
    require_partial,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import year_month_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    MIDNIGHT,
    ISODate,
    ISODateTime,
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
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    to_temporal_duration,
    to_temporal_year_month,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import (
    YEAR_MONTH_GETTERS,
    date_getters,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSPlainDate,
    JSPlainYearMonth,
    create_temporal_date,
    create_temporal_duration,
    create_temporal_year_month,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.plain_date import calendar_argument
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_FIELDS: Final = ("year", "month", "monthCode")


def construct_plain_year_month(
    realm: Realm,
    new_target: JSObject | None,
    year: Value = undefined,
    month: Value = undefined,
    calendar: Value = undefined,
    reference_day: Value = undefined,
) -> JSPlainYearMonth:
    """9.1.1 Temporal.PlainYearMonth."""
    require_new(new_target, "PlainYearMonth")
    first, second = integer_with_truncation(year), integer_with_truncation(month)
    identifier = calendar_argument(calendar)
    day = 1 if reference_day is undefined else integer_with_truncation(reference_day)
    if not is_valid_date(first, second, day):
        raise range_error("date out of range")
    return create_temporal_year_month(realm, ISODate(first, second, day), identifier, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainYearMonth:
    """9.2.2 Temporal.PlainYearMonth.from."""
    return to_temporal_year_month(realm, item, options)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """9.2.3 Temporal.PlainYearMonth.compare."""
    first = to_temporal_year_month(realm, one).date_
    second = to_temporal_year_month(realm, two).date_
    return float((first > second) - (first < second))


def _this(this: Value) -> JSPlainYearMonth:
    return require(this, JSPlainYearMonth)


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainYearMonth:
    """9.3.13 Temporal.PlainYearMonth.prototype.with."""
    target = _this(this)
    calendar = target.calendar_
    require_partial(item)
    fields = fields_of_date(calendar, target.date_, "year-month")
    partial = prepare_fields(realm, calendar, item, _FIELDS, (), None)
    fields = merge_fields(calendar, fields, partial)
    overflow = overflow_option(options_object(options))
    return create_temporal_year_month(realm, year_month_from_fields(calendar, fields, overflow), calendar)


def _first_day(target: JSPlainYearMonth) -> ISODate:
    fields = fields_of_date(target.calendar_, target.date_, "year-month")
    fields["day"] = 1
    return date_from_fields(target.calendar_, fields, "constrain")


def _add(realm: Realm, this: Value, item: Value, options: Value, sign: int) -> JSPlainYearMonth:
    """9.5.9 AddDurationToYearMonth."""
    target = _this(this)
    duration = to_temporal_duration(realm, item).duration_
    if sign < 0:
        duration = duration.negated()
    overflow = overflow_option(options_object(options))
    if any(duration[2:]):
        raise range_error("only years and months can be added to a month")
    calendar = target.calendar_
    to_add = DateDuration(duration.years, duration.months, 0, 0)
    date = date_add(calendar, _first_day(target), to_add, overflow)
    fields = fields_of_date(calendar, date, "year-month")
    return create_temporal_year_month(realm, year_month_from_fields(calendar, fields, overflow), calendar)


def add(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSPlainYearMonth:
    """9.3.14 Temporal.PlainYearMonth.prototype.add."""
    return _add(realm, this, duration, options, 1)


def subtract(
    realm: Realm, this: Value, duration: Value = undefined, options: Value = undefined
) -> JSPlainYearMonth:
    """9.3.15 Temporal.PlainYearMonth.prototype.subtract."""
    return _add(realm, this, duration, options, -1)


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """9.5.8 DifferenceTemporalPlainYearMonth."""
    target = _this(this)
    end = to_temporal_year_month(realm, other)
    calendar = target.calendar_
    if calendar != end.calendar_:
        raise range_error("the calendars differ")
    settings = difference_settings(
        operation, options_object(options), "date", ("week", "day"), "month", "year"
    )
    if target.date_ == end.date_:
        return create_temporal_duration(realm, ZERO)
    one, two = _first_day(target), _first_day(end)
    until_end = date_until(calendar, one, two, settings.largest_unit)
    internal = InternalDuration(adjust_date_duration(until_end, 0, 0), 0)
    if settings.smallest_unit != "month" or settings.increment != 1:
        moment = ISODateTime(one, MIDNIGHT)
        start = Start(moment, None, calendar, epoch_nanoseconds(moment))
        rounding = Rounding(
            settings.largest_unit, settings.increment, settings.smallest_unit, settings.rounding_mode
        )
        destination = epoch_nanoseconds(ISODateTime(two, MIDNIGHT))
        internal = round_relative(internal, destination, start, rounding)
    result = from_internal(internal, "day")
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """9.3.16 Temporal.PlainYearMonth.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """9.3.17 Temporal.PlainYearMonth.prototype.since."""
    return _difference(realm, "since", this, other, options)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """9.3.18 Temporal.PlainYearMonth.prototype.equals."""
    target = _this(this)
    end = to_temporal_year_month(realm, other)
    return target.date_ == end.date_ and target.calendar_ == end.calendar_


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """9.3.19 Temporal.PlainYearMonth.prototype.toString."""
    target = _this(this)
    return year_month_string(target.date_, target.calendar_, show_calendar_option(options_object(options)))


def to_locale_string(realm: Realm, this: Value) -> str:
    """9.3.20 Temporal.PlainYearMonth.prototype.toLocaleString, without ECMA-402."""
    target = _this(this)
    return year_month_string(target.date_, target.calendar_, "auto")


def to_json(realm: Realm, this: Value) -> str:
    """9.3.21 Temporal.PlainYearMonth.prototype.toJSON."""
    target = _this(this)
    return year_month_string(target.date_, target.calendar_, "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """9.3.22 Temporal.PlainYearMonth.prototype.valueOf."""
    raise type_error("use Temporal.PlainYearMonth.compare() to compare months")


def to_plain_date(realm: Realm, this: Value, item: Value = undefined) -> JSPlainDate:
    """9.3.23 Temporal.PlainYearMonth.prototype.toPlainDate."""
    target = _this(this)
    calendar = target.calendar_
    if not isinstance(item, JSObject):
        raise type_error("an object with the day is required")
    fields = fields_of_date(calendar, target.date_, "year-month")
    day = prepare_fields(realm, calendar, item, ("day",))
    merged = merge_fields(calendar, fields, day)
    return create_temporal_date(realm, date_from_fields(calendar, merged, "constrain"), calendar)


_CONSTRUCTOR: Final = builtin(
    "PlainYearMonth",
    construct_plain_year_month,
    2,
    "builtin_constructor",
    section="Temporal 9.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 9.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 9.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("with", with_, 1, "Temporal 9.3.13", "proposal-temporal"),
    ("add", add, 1, "Temporal 9.3.14", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 9.3.15", "proposal-temporal"),
    ("until", until, 1, "Temporal 9.3.16", "proposal-temporal"),
    ("since", since, 1, "Temporal 9.3.17", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 9.3.18", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 9.3.19", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 9.3.20", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 9.3.21", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 9.3.22", "proposal-temporal"),
    ("toPlainDate", to_plain_date, 1, "Temporal 9.3.23", "proposal-temporal"),
)
_GETTERS: Final = date_getters(
    JSPlainYearMonth, YEAR_MONTH_GETTERS, lambda target: target.date_, "Temporal 9.3", *range(3, 13)
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.PlainYearMonth% and its prototype."""
    prototype = realm.temporal_plain_year_month_prototype = prototype_object(realm)
    realm.temporal_plain_year_month = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_plain_year_month, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.PlainYearMonth")
