"""Temporal 10: Temporal.PlainMonthDay."""

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
    date_from_fields,
    fields_of_date,
    merge_fields,
    month_day_from_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    DATE_FIELDS,
    prepare_fields,
    require_partial,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import month_day_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import ISODate, is_valid_date
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    integer_with_truncation,
    options_object,
    overflow_option,
    show_calendar_option,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import to_temporal_month_day
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import (
    MONTH_DAY_GETTERS,
    date_getters,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSPlainDate,
    JSPlainMonthDay,
    create_temporal_date,
    create_temporal_month_day,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.plain_date import calendar_argument
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_plain_month_day(
    realm: Realm,
    new_target: JSObject | None,
    month: Value = undefined,
    day: Value = undefined,
    calendar: Value = undefined,
    reference_year: Value = undefined,
) -> JSPlainMonthDay:
    """10.1.1 Temporal.PlainMonthDay."""
    require_new(new_target, "PlainMonthDay")
    first, second = integer_with_truncation(month), integer_with_truncation(day)
    identifier = calendar_argument(calendar)
    year = 1972 if reference_year is undefined else integer_with_truncation(reference_year)
    if not is_valid_date(year, first, second):
        raise range_error("date out of range")
    return create_temporal_month_day(realm, ISODate(year, first, second), identifier, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainMonthDay:
    """10.2.2 Temporal.PlainMonthDay.from."""
    return to_temporal_month_day(realm, item, options)


def _this(this: Value) -> JSPlainMonthDay:
    return require(this, JSPlainMonthDay)


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainMonthDay:
    """10.3.6 Temporal.PlainMonthDay.prototype.with."""
    target = _this(this)
    calendar = target.calendar_
    require_partial(item)
    fields = fields_of_date(calendar, target.date_, "month-day")
    partial = prepare_fields(realm, calendar, item, DATE_FIELDS, (), None)
    fields = merge_fields(calendar, fields, partial)
    overflow = overflow_option(options_object(options))
    return create_temporal_month_day(realm, month_day_from_fields(calendar, fields, overflow), calendar)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """10.3.7 Temporal.PlainMonthDay.prototype.equals."""
    target = _this(this)
    end = to_temporal_month_day(realm, other)
    return target.date_ == end.date_ and target.calendar_ == end.calendar_


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """10.3.8 Temporal.PlainMonthDay.prototype.toString."""
    target = _this(this)
    return month_day_string(target.date_, target.calendar_, show_calendar_option(options_object(options)))


def to_locale_string(realm: Realm, this: Value) -> str:
    """10.3.9 Temporal.PlainMonthDay.prototype.toLocaleString, without ECMA-402."""
    target = _this(this)
    return month_day_string(target.date_, target.calendar_, "auto")


def to_json(realm: Realm, this: Value) -> str:
    """10.3.10 Temporal.PlainMonthDay.prototype.toJSON."""
    target = _this(this)
    return month_day_string(target.date_, target.calendar_, "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """10.3.11 Temporal.PlainMonthDay.prototype.valueOf."""
    raise type_error("use Temporal.PlainMonthDay.prototype.equals() to compare")


def to_plain_date(realm: Realm, this: Value, item: Value = undefined) -> JSPlainDate:
    """10.3.12 Temporal.PlainMonthDay.prototype.toPlainDate."""
    target = _this(this)
    calendar = target.calendar_
    if not isinstance(item, JSObject):
        raise type_error("an object with the year is required")
    fields = fields_of_date(calendar, target.date_, "month-day")
    year = prepare_fields(realm, calendar, item, ("year",))
    merged = merge_fields(calendar, fields, year)
    return create_temporal_date(realm, date_from_fields(calendar, merged, "constrain"), calendar)


_CONSTRUCTOR: Final = builtin(
    "PlainMonthDay",
    construct_plain_month_day,
    2,
    "builtin_constructor",
    section="Temporal 10.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(("from", from_, 1, "Temporal 10.2.2", "proposal-temporal"))
_METHODS: Final = functions(
    ("with", with_, 1, "Temporal 10.3.6", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 10.3.7", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 10.3.8", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 10.3.9", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 10.3.10", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 10.3.11", "proposal-temporal"),
    ("toPlainDate", to_plain_date, 1, "Temporal 10.3.12", "proposal-temporal"),
)
_GETTERS: Final = date_getters(
    JSPlainMonthDay, MONTH_DAY_GETTERS, lambda target: target.date_, "Temporal 10.3", 3, 4, 5
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.PlainMonthDay% and its prototype."""
    prototype = realm.temporal_plain_month_day_prototype = prototype_object(realm)
    realm.temporal_plain_month_day = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_plain_month_day, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.PlainMonthDay")
