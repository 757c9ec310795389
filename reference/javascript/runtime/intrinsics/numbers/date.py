"""ECMA-262 21.4: Date objects."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Callable, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.numbers.date_time import (
    MS_PER_DAY,
    MS_PER_MINUTE,
    Fields,
    date_string,
    iso_string,
    local_offset,
    local_time,
    make_date,
    make_day,
    make_full_year,
    make_time,
    parse_date,
    time_clip,
    time_string,
    time_zone_string,
    to_date_string,
    to_utc,
    utc_string,
)
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_number,
    to_object,
    to_primitive,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.number_text import NAN
from lockstep.reference.javascript.runtime.operations.objects import get, invoke
from lockstep.reference.javascript.runtime.symbols import TO_PRIMITIVE
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_INVALID: Final = "Invalid Date"


class JSDate(JSObject):
    """A Date; `value_` is [[DateValue]]."""

    __slots__ = ("value_",)
    class_name_ = "Date"
    value_: float


def current_time() -> float:
    """The time value of now (21.4.3.1)."""
    return float(time.time_ns() // 1000000)


def construct_date(realm: Realm, new_target: JSObject | None, *values: Value) -> Value:
    """21.4.2.1 Date."""
    # Step 1.
    if new_target is undefined:
        return to_date_string(current_time())
    if not values:
        # Step 3.
        date_value = now(realm, undefined)
    elif len(values) == 1:
        # Step 4.
        value = values[0]
        if isinstance(value, JSDate):
            date_value = value.value_
        else:
            primitive: Any = to_primitive(value)
            text = primitive.__class__ is str
            date_value = parse_date(primitive) if text else time_clip(to_number(primitive))
    else:
        # Step 5.
        date_value = time_clip(to_utc(_from_components(values)))
    # Steps 6 to 8.
    date = object_create(prototype_from_constructor(new_target, "date_prototype"), JSDate)
    date.value_ = date_value
    return date


def _from_components(values: tuple[Value, ...]) -> float:
    """21.4.2.1, steps 5.a to 5.j, and 21.4.3.4, steps 1 to 8."""
    defaults = (NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    given = [to_number(value) for value in values[:7]]
    year, month, day, hour, minute, second, millisecond = (*given, *defaults[len(given) :])
    return make_date(make_day(make_full_year(year), month, day), make_time(hour, minute, second, millisecond))


def now(realm: Realm, this: Value) -> float:
    """21.4.3.1 Date.now."""
    told = realm.agent.clock_was_read
    if told is not None:
        told()
    return current_time()


def parse(realm: Realm, this: Value, text: Value = undefined) -> float:
    """21.4.3.2 Date.parse."""
    return parse_date(to_string(text))


def utc(realm: Realm, this: Value, *values: Value) -> float:
    """21.4.3.4 Date.UTC."""
    return time_clip(_from_components(values))


def _date(this: Value) -> JSDate:
    if not isinstance(this, JSDate):
        raise type_error("this is not a Date object.")
    return this


def _getter(field: str, *, local: bool) -> Callable[..., float]:
    """21.4.4.2 to 21.4.4.19: the getters of one field."""

    def get_field(realm: Realm, this: Value) -> float:
        value = _date(this).value_
        if math.isnan(value):
            return NAN
        return float(getattr(Fields(local_time(value) if local else value), field))

    return get_field


def get_time(realm: Realm, this: Value) -> float:
    """21.4.4.10 Date.prototype.getTime and 21.4.4.44 valueOf."""
    return _date(this).value_


def value_of(realm: Realm, this: Value) -> float:
    """21.4.4.44 Date.prototype.valueOf."""
    return _date(this).value_


def get_timezone_offset(realm: Realm, this: Value) -> float:
    """21.4.4.11 Date.prototype.getTimezoneOffset."""
    value = _date(this).value_
    return NAN if math.isnan(value) else -local_offset(value) / MS_PER_MINUTE + 0.0


_DATE_FIELDS: Final = ("year", "month", "day")
_TIME_FIELDS: Final = ("hour", "minute", "second", "millisecond")


def _setter(field: str, count: int, *, local: bool) -> Callable[..., float]:
    """21.4.4.20 to 21.4.4.34: setters of `field` and optional ones after it, `count` in all."""
    of_date = field in _DATE_FIELDS
    fields = _DATE_FIELDS if of_date else _TIME_FIELDS
    first = fields.index(field)
    changes_year = field == "year"

    def set_field(realm: Realm, this: Value, *values: Value) -> float:
        # The time value is taken before the arguments are converted, which may run user code.
        date = _date(this)
        value = date.value_
        numbers = [to_number(argument) for argument in (values or (undefined,))[:count]]
        if math.isnan(value):
            if not changes_year:
                return NAN
            current = 0.0
        else:
            current = local_time(value) if local else value
        parts = Fields(current)
        wanted = [float(getattr(parts, name)) for name in fields]
        wanted[first : first + len(numbers)] = numbers
        if of_date:
            changed = make_date(make_day(*wanted), current % MS_PER_DAY)
        else:
            changed = make_date(float(current // MS_PER_DAY), make_time(*wanted))
        date.value_ = time_clip(to_utc(changed) if local else changed)
        return date.value_

    return set_field


def set_time(realm: Realm, this: Value, value: Value = undefined) -> float:
    """21.4.4.27 Date.prototype.setTime."""
    date = _date(this)
    number = to_number(value)
    date.value_ = time_clip(number)
    return date.value_


def set_year(realm: Realm, this: Value, year: Value = undefined) -> float:
    """B.2.3.2 Date.prototype.setYear."""
    date = _date(this)
    value = date.value_
    number = to_number(year)
    if math.isnan(number):
        date.value_ = NAN
        return NAN
    current = 0.0 if math.isnan(value) else local_time(value)
    parts = Fields(current)
    day = make_day(make_full_year(number), parts.month, parts.day)
    date.value_ = time_clip(to_utc(make_date(day, current % MS_PER_DAY)))
    return date.value_


def get_year(realm: Realm, this: Value) -> float:
    """B.2.3.1 Date.prototype.getYear."""
    value = _date(this).value_
    return NAN if math.isnan(value) else float(Fields(local_time(value)).year - 1900)


def to_date_string_method(realm: Realm, this: Value) -> str:
    """21.4.4.35 Date.prototype.toDateString."""
    value = _date(this).value_
    return _INVALID if math.isnan(value) else date_string(Fields(local_time(value)))


def to_iso_string(realm: Realm, this: Value) -> str:
    """21.4.4.36 Date.prototype.toISOString."""
    value = _date(this).value_
    if math.isnan(value):
        raise range_error("Invalid time value")
    return iso_string(value)


def to_json(realm: Realm, this: Value, key: Value = undefined) -> Value:
    """21.4.4.37 Date.prototype.toJSON."""
    target = to_object(realm, this)
    primitive = to_primitive(target, "number")
    if primitive.__class__ is float and not math.isfinite(primitive):
        return null
    return invoke(realm, target, "toISOString")


def to_string_method(realm: Realm, this: Value) -> str:
    """21.4.4.41 Date.prototype.toString, and 21.4.4.39 toLocaleString without ECMA-402."""
    return to_date_string(_date(this).value_)


def to_time_string(realm: Realm, this: Value) -> str:
    """21.4.4.42 Date.prototype.toTimeString."""
    value = _date(this).value_
    if math.isnan(value):
        return _INVALID
    return time_string(Fields(local_time(value))) + time_zone_string(value)


def to_utc_string(realm: Realm, this: Value) -> str:
    """21.4.4.43 Date.prototype.toUTCString."""
    value = _date(this).value_
    return _INVALID if math.isnan(value) else utc_string(value)


def date_to_primitive(realm: Realm, this: Value, hint: Value = undefined) -> Value:
    """21.4.4.45 Date.prototype [ %Symbol.toPrimitive% ]."""
    # Steps 1 and 2.
    if not isinstance(this, JSObject):
        raise type_error("Date.prototype[Symbol.toPrimitive] called on a value that is not an object")
    # Steps 3 to 5.
    if hint.__class__ is not str or hint not in ("string", "default", "number"):
        raise type_error("Invalid hint")
    # Step 6: 7.1.1.1 OrdinaryToPrimitive.
    for name in ("valueOf", "toString") if hint == "number" else ("toString", "valueOf"):
        method = get(this, name)
        if is_callable(method):
            result = method.call_n(this)
            if not isinstance(result, JSObject):
                return result
    raise type_error("Cannot convert object to primitive value")


def to_temporal_instant(realm: Realm, this: Value) -> JSObject:
    """Temporal 14.9.1 Date.prototype.toTemporalInstant."""
    from lockstep.reference.javascript.runtime.intrinsics.numbers.bigint import number_to_bigint  # noqa: PLC0415  # rarely needed
    from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import create_temporal_instant  # noqa: PLC0415  # rarely needed

    return create_temporal_instant(realm, number_to_bigint(_date(this).value_).integer * 10**6)


_CONSTRUCTOR = builtin("Date", construct_date, 7, "builtin_constructor", section="21.4.2.1", since="ES1")
_STATIC = functions(
    ("now", now, 0, "21.4.3.1", "ES5"),
    ("parse", parse, 1, "21.4.3.2", "ES1"),
    ("UTC", utc, 7, "21.4.3.4", "ES1"),
)
_METHODS = functions(
    ("getDate", _getter("day", local=True), 0, "21.4.4.2", "ES1"),
    ("getDay", _getter("weekday", local=True), 0, "21.4.4.3", "ES1"),
    ("getFullYear", _getter("year", local=True), 0, "21.4.4.4", "ES1"),
    ("getHours", _getter("hour", local=True), 0, "21.4.4.5", "ES1"),
    ("getMilliseconds", _getter("millisecond", local=True), 0, "21.4.4.6", "ES1"),
    ("getMinutes", _getter("minute", local=True), 0, "21.4.4.7", "ES1"),
    ("getMonth", _getter("month", local=True), 0, "21.4.4.8", "ES1"),
    ("getSeconds", _getter("second", local=True), 0, "21.4.4.9", "ES1"),
    ("getUTCDate", _getter("day", local=False), 0, "21.4.4.12", "ES1"),
    ("getUTCDay", _getter("weekday", local=False), 0, "21.4.4.13", "ES1"),
    ("getUTCFullYear", _getter("year", local=False), 0, "21.4.4.14", "ES1"),
    ("getUTCHours", _getter("hour", local=False), 0, "21.4.4.15", "ES1"),
    ("getUTCMilliseconds", _getter("millisecond", local=False), 0, "21.4.4.16", "ES1"),
    ("getUTCMinutes", _getter("minute", local=False), 0, "21.4.4.17", "ES1"),
    ("getUTCMonth", _getter("month", local=False), 0, "21.4.4.18", "ES1"),
    ("getUTCSeconds", _getter("second", local=False), 0, "21.4.4.19", "ES1"),
    ("getTime", get_time, 0, "21.4.4.10", "ES1"),
    ("getTimezoneOffset", get_timezone_offset, 0, "21.4.4.11", "ES1"),
    ("getYear", get_year, 0, "B.2.3.1", "ES1"),
    ("setDate", _setter("day", 1, local=True), 1, "21.4.4.20", "ES1"),
    ("setFullYear", _setter("year", 3, local=True), 3, "21.4.4.21", "ES1"),
    ("setHours", _setter("hour", 4, local=True), 4, "21.4.4.22", "ES1"),
    ("setMilliseconds", _setter("millisecond", 1, local=True), 1, "21.4.4.23", "ES1"),
    ("setMinutes", _setter("minute", 3, local=True), 3, "21.4.4.24", "ES1"),
    ("setMonth", _setter("month", 2, local=True), 2, "21.4.4.25", "ES1"),
    ("setSeconds", _setter("second", 2, local=True), 2, "21.4.4.26", "ES1"),
    ("setUTCDate", _setter("day", 1, local=False), 1, "21.4.4.28", "ES1"),
    ("setUTCFullYear", _setter("year", 3, local=False), 3, "21.4.4.29", "ES1"),
    ("setUTCHours", _setter("hour", 4, local=False), 4, "21.4.4.30", "ES1"),
    ("setUTCMilliseconds", _setter("millisecond", 1, local=False), 1, "21.4.4.31", "ES1"),
    ("setUTCMinutes", _setter("minute", 3, local=False), 3, "21.4.4.32", "ES1"),
    ("setUTCMonth", _setter("month", 2, local=False), 2, "21.4.4.33", "ES1"),
    ("setUTCSeconds", _setter("second", 2, local=False), 2, "21.4.4.34", "ES1"),
    ("setTime", set_time, 1, "21.4.4.27", "ES1"),
    ("setYear", set_year, 1, "B.2.3.2", "ES1"),
    ("toDateString", to_date_string_method, 0, "21.4.4.35", "ES3"),
    ("toISOString", to_iso_string, 0, "21.4.4.36", "ES5"),
    ("toJSON", to_json, 1, "21.4.4.37", "ES5"),
    ("toLocaleDateString", to_date_string_method, 0, "21.4.4.38", "ES3"),
    ("toLocaleString", to_string_method, 0, "21.4.4.39", "ES1"),
    ("toLocaleTimeString", to_time_string, 0, "21.4.4.40", "ES3"),
    ("toString", to_string_method, 0, "21.4.4.41", "ES1"),
    ("toTemporalInstant", to_temporal_instant, 0, "Temporal 14.9.1", "proposal-temporal"),
    ("toTimeString", to_time_string, 0, "21.4.4.42", "ES3"),
    ("toUTCString", to_utc_string, 0, "21.4.4.43", "ES1"),
    ("valueOf", value_of, 0, "21.4.4.44", "ES1"),
    (TO_PRIMITIVE, date_to_primitive, 1, "21.4.4.45", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %Date% and %Date.prototype%."""
    prototype = prototype_object(realm)
    realm.date_prototype = prototype
    realm.date = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.date, _STATIC)
    define_functions(realm, prototype, _METHODS)
    stored(prototype)[TO_PRIMITIVE].writable = False
    # B.2.3.3: the same function.
    stored(prototype)["toGMTString"] = hidden(stored(prototype)["toUTCString"].value)
