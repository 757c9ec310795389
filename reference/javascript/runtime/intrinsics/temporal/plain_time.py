"""Temporal 4: Temporal.PlainTime."""

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
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO_DATE,
    InternalDuration,
    from_internal,
    round_time_duration,
    to_internal,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import (
    TIME_FIELDS,
    require_partial,
    time_record,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import time_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    regulate_time,
    sign_of,
    time_fields,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    difference_settings,
    fractional_digits_option,
    integer_with_truncation,
    options_object,
    options_or_shorthand,
    overflow_option,
    rounding_increment_option,
    rounding_mode_option,
    seconds_precision,
    unit_option,
    validate_unit,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    MAXIMUM_INCREMENT,
    round_time,
    validate_increment,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    to_temporal_duration,
    to_temporal_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.field_getters import time_getters
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSPlainTime,
    create_temporal_duration,
    create_temporal_time,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def _time(this: Value) -> int:
    return require(this, JSPlainTime).time_


def construct_plain_time(realm: Realm, new_target: JSObject | None, *values: Value) -> JSPlainTime:
    """4.1.1 Temporal.PlainTime."""
    require_new(new_target, "PlainTime")
    given = [0 if value is undefined else integer_with_truncation(value) for value in values[:6]]
    time = regulate_time((*given, *(0,) * (6 - len(given))), "reject")
    return create_temporal_time(realm, time, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainTime:
    """4.2.2 Temporal.PlainTime.from."""
    return to_temporal_time(realm, item, options)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """4.2.3 Temporal.PlainTime.compare."""
    first = to_temporal_time(realm, one)
    second = to_temporal_time(realm, two)
    return float(sign_of(first.time_ - second.time_))


def _add(realm: Realm, this: Value, item: Value, sign: int) -> JSPlainTime:
    """4.5.16 AddDurationToTime."""
    time = _time(this)
    duration = to_temporal_duration(realm, item).duration_
    return create_temporal_time(realm, (time + sign * to_internal(duration).time) % NS_PER_DAY)


def add(realm: Realm, this: Value, duration: Value = undefined) -> JSPlainTime:
    """4.3.9 Temporal.PlainTime.prototype.add."""
    return _add(realm, this, duration, 1)


def subtract(realm: Realm, this: Value, duration: Value = undefined) -> JSPlainTime:
    """4.3.10 Temporal.PlainTime.prototype.subtract."""
    return _add(realm, this, duration, -1)


def with_(realm: Realm, this: Value, item: Value = undefined, options: Value = undefined) -> JSPlainTime:
    """4.3.11 Temporal.PlainTime.prototype.with."""
    time = _time(this)
    require_partial(item)
    fields = {**time_fields(time)._asdict(), **time_record(item)}
    overflow = overflow_option(options_object(options))
    return create_temporal_time(realm, regulate_time(tuple(fields[name] for name in TIME_FIELDS), overflow))


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """4.5.15 DifferenceTemporalPlainTime."""
    time = _time(this)
    target = to_temporal_time(realm, other).time_
    settings = difference_settings(operation, options_object(options), "time", (), "nanosecond", "hour")
    rounded = round_time_duration(
        target - time, settings.increment, settings.smallest_unit, settings.rounding_mode
    )
    result = from_internal(InternalDuration(ZERO_DATE, rounded), settings.largest_unit)
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """4.3.12 Temporal.PlainTime.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """4.3.13 Temporal.PlainTime.prototype.since."""
    return _difference(realm, "since", this, other, options)


def round_(realm: Realm, this: Value, round_to: Value = undefined) -> JSPlainTime:
    """4.3.14 Temporal.PlainTime.prototype.round."""
    time = _time(this)
    options = options_or_shorthand(round_to, "smallestUnit")
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "halfExpand")
    unit = unit_option(options, "smallestUnit", required=True)
    validate_unit(unit, "time")
    assert unit is not None
    validate_increment(increment, MAXIMUM_INCREMENT[unit], False)
    return create_temporal_time(realm, round_time(time, increment, unit, mode) % NS_PER_DAY)


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """4.3.15 Temporal.PlainTime.prototype.equals."""
    time = _time(this)
    return time == to_temporal_time(realm, other).time_


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """4.3.16 Temporal.PlainTime.prototype.toString."""
    time = _time(this)
    resolved = options_object(options)
    digits = fractional_digits_option(resolved)
    mode = rounding_mode_option(resolved, "trunc")
    smallest = unit_option(resolved, "smallestUnit")
    validate_unit(smallest, "time")
    if smallest == "hour":
        raise range_error("smallestUnit cannot be hour")
    precision = seconds_precision(smallest, digits)
    rounded = round_time(time, precision.increment, precision.unit, mode) % NS_PER_DAY
    return time_string(rounded, precision.precision)


def to_locale_string(realm: Realm, this: Value) -> str:
    """4.3.17 Temporal.PlainTime.prototype.toLocaleString, without ECMA-402."""
    return time_string(_time(this), "auto")


def to_json(realm: Realm, this: Value) -> str:
    """4.3.18 Temporal.PlainTime.prototype.toJSON."""
    return time_string(_time(this), "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """4.3.19 Temporal.PlainTime.prototype.valueOf."""
    raise type_error("use Temporal.PlainTime.compare() to compare times")


_CONSTRUCTOR: Final = builtin(
    "PlainTime",
    construct_plain_time,
    0,
    "builtin_constructor",
    section="Temporal 4.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 4.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 4.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("add", add, 1, "Temporal 4.3.9", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 4.3.10", "proposal-temporal"),
    ("with", with_, 1, "Temporal 4.3.11", "proposal-temporal"),
    ("until", until, 1, "Temporal 4.3.12", "proposal-temporal"),
    ("since", since, 1, "Temporal 4.3.13", "proposal-temporal"),
    ("round", round_, 1, "Temporal 4.3.14", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 4.3.15", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 4.3.16", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 4.3.17", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 4.3.18", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 4.3.19", "proposal-temporal"),
)
_GETTERS: Final = time_getters(JSPlainTime, lambda target: target.time_, "Temporal 4.3", 3)


def initialize(realm: Realm) -> None:
    """Make %Temporal.PlainTime% and its prototype."""
    prototype = realm.temporal_plain_time_prototype = prototype_object(realm)
    realm.temporal_plain_time = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_plain_time, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.PlainTime")
