"""Temporal 8: Temporal.Instant."""

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
from lockstep.reference.javascript.runtime.intrinsics.numbers.bigint import number_to_bigint
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    default_largest_unit,
    from_internal,
    to_internal_with_24_hour_days,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import to_time_zone
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import (
    date_time_string,
    rounded_offset_string,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    NS_PER_DAY,
    date_time_from_epoch,
    sign_of,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    difference_settings,
    fractional_digits_option,
    options_object,
    options_or_shorthand,
    rounding_increment_option,
    rounding_mode_option,
    seconds_precision,
    unit_option,
    validate_unit,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    add_instant,
    instant_difference,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone import (
    TimeZone,
    local_date_time,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    NANOSECONDS,
    is_date_unit,
    round_as_if_positive,
    validate_increment,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    to_temporal_duration,
    to_temporal_instant,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSInstant,
    JSZonedDateTime,
    create_temporal_duration,
    create_temporal_instant,
    create_temporal_zoned_date_time,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.operations.conversion import to_bigint, to_number
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def _epoch(this: Value) -> int:
    return require(this, JSInstant).epoch_nanoseconds_


def construct_instant(realm: Realm, new_target: JSObject | None, nanoseconds: Value = undefined) -> JSInstant:
    """8.1.1 Temporal.Instant."""
    require_new(new_target, "Instant")
    return create_temporal_instant(realm, to_bigint(nanoseconds).integer, new_target)


def from_(realm: Realm, this: Value, item: Value = undefined) -> JSInstant:
    """8.2.2 Temporal.Instant.from."""
    return to_temporal_instant(realm, item)


def from_epoch_milliseconds(realm: Realm, this: Value, milliseconds: Value = undefined) -> JSInstant:
    """8.2.3 Temporal.Instant.fromEpochMilliseconds."""
    integer = number_to_bigint(to_number(milliseconds)).integer
    return create_temporal_instant(realm, integer * 10**6)


def from_epoch_nanoseconds(realm: Realm, this: Value, nanoseconds: Value = undefined) -> JSInstant:
    """8.2.4 Temporal.Instant.fromEpochNanoseconds."""
    return create_temporal_instant(realm, to_bigint(nanoseconds).integer)


def compare(realm: Realm, this: Value, one: Value = undefined, two: Value = undefined) -> float:
    """8.2.5 Temporal.Instant.compare."""
    first = to_temporal_instant(realm, one)
    second = to_temporal_instant(realm, two)
    return float(sign_of(first.epoch_nanoseconds_ - second.epoch_nanoseconds_))


def get_epoch_milliseconds(realm: Realm, this: Value) -> float:
    """8.3.3 get Temporal.Instant.prototype.epochMilliseconds."""
    return float(_epoch(this) // 10**6)


def get_epoch_nanoseconds(realm: Realm, this: Value) -> BigInt:
    """8.3.4 get Temporal.Instant.prototype.epochNanoseconds."""
    return BigInt(_epoch(this))


def _add(realm: Realm, this: Value, item: Value, sign: int) -> JSInstant:
    """8.5.9 AddDurationToInstant."""
    epoch = _epoch(this)
    duration = to_temporal_duration(realm, item).duration_
    if is_date_unit(default_largest_unit(duration)):
        raise range_error("years, months, weeks and days cannot be added to an instant")
    time = to_internal_with_24_hour_days(duration).time
    return create_temporal_instant(realm, add_instant(epoch, sign * time))


def add(realm: Realm, this: Value, duration: Value = undefined) -> JSInstant:
    """8.3.5 Temporal.Instant.prototype.add."""
    return _add(realm, this, duration, 1)


def subtract(realm: Realm, this: Value, duration: Value = undefined) -> JSInstant:
    """8.3.6 Temporal.Instant.prototype.subtract."""
    return _add(realm, this, duration, -1)


def _difference(realm: Realm, operation: str, this: Value, other: Value, options: Value) -> JSDuration:
    """8.5.8 DifferenceTemporalInstant."""
    epoch = _epoch(this)
    target = to_temporal_instant(realm, other).epoch_nanoseconds_
    settings = difference_settings(operation, options_object(options), "time", (), "nanosecond", "second")
    internal = instant_difference(
        epoch, target, settings.increment, settings.smallest_unit, settings.rounding_mode
    )
    result = from_internal(internal, settings.largest_unit)
    return create_temporal_duration(realm, result.negated() if operation == "since" else result)


def until(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """8.3.7 Temporal.Instant.prototype.until."""
    return _difference(realm, "until", this, other, options)


def since(realm: Realm, this: Value, other: Value = undefined, options: Value = undefined) -> JSDuration:
    """8.3.8 Temporal.Instant.prototype.since."""
    return _difference(realm, "since", this, other, options)


def round_(realm: Realm, this: Value, round_to: Value = undefined) -> JSInstant:
    """8.3.9 Temporal.Instant.prototype.round."""
    epoch = _epoch(this)
    options = options_or_shorthand(round_to, "smallestUnit")
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "halfExpand")
    unit = unit_option(options, "smallestUnit", required=True)
    validate_unit(unit, "time")
    assert unit is not None
    # Steps 10 to 17: the increment divides a day.
    validate_increment(increment, NS_PER_DAY // NANOSECONDS[unit], True)
    return create_temporal_instant(realm, round_as_if_positive(epoch, increment * NANOSECONDS[unit], mode))


def equals(realm: Realm, this: Value, other: Value = undefined) -> bool:
    """8.3.10 Temporal.Instant.prototype.equals."""
    epoch = _epoch(this)
    return epoch == to_temporal_instant(realm, other).epoch_nanoseconds_


def instant_string(epoch: int, zone: TimeZone | None, precision: str | int) -> str:
    """8.5.7 TemporalInstantToString."""
    if zone is None:
        return date_time_string(date_time_from_epoch(epoch), "iso8601", precision, "never") + "Z"
    text = date_time_string(local_date_time(zone, epoch), "iso8601", precision, "never")
    return text + rounded_offset_string(zone.offset_at(epoch))


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """8.3.11 Temporal.Instant.prototype.toString."""
    epoch = _epoch(this)
    resolved = options_object(options)
    digits = fractional_digits_option(resolved)
    mode = rounding_mode_option(resolved, "trunc")
    smallest = unit_option(resolved, "smallestUnit")
    time_zone = undefined if resolved is None else resolved.get_value("timeZone", resolved)
    validate_unit(smallest, "time")
    if smallest == "hour":
        raise range_error("smallestUnit cannot be hour")
    zone = None if time_zone is undefined else to_time_zone(realm, time_zone)
    precision = seconds_precision(smallest, digits)
    rounded = round_as_if_positive(epoch, precision.increment * NANOSECONDS[precision.unit], mode)
    return instant_string(
        create_temporal_instant(realm, rounded).epoch_nanoseconds_, zone, precision.precision
    )


def to_locale_string(realm: Realm, this: Value) -> str:
    """8.3.12 Temporal.Instant.prototype.toLocaleString, without ECMA-402."""
    return instant_string(_epoch(this), None, "auto")


def to_json(realm: Realm, this: Value) -> str:
    """8.3.13 Temporal.Instant.prototype.toJSON."""
    return instant_string(_epoch(this), None, "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """8.3.14 Temporal.Instant.prototype.valueOf."""
    raise type_error("use Temporal.Instant.compare() to compare instants")


def to_zoned_date_time_iso(realm: Realm, this: Value, time_zone: Value = undefined) -> JSZonedDateTime:
    """8.3.15 Temporal.Instant.prototype.toZonedDateTimeISO."""
    epoch = _epoch(this)
    return create_temporal_zoned_date_time(realm, epoch, to_time_zone(realm, time_zone), "iso8601")


_CONSTRUCTOR: Final = builtin(
    "Instant",
    construct_instant,
    1,
    "builtin_constructor",
    section="Temporal 8.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 8.2.2", "proposal-temporal"),
    ("fromEpochMilliseconds", from_epoch_milliseconds, 1, "Temporal 8.2.3", "proposal-temporal"),
    ("fromEpochNanoseconds", from_epoch_nanoseconds, 1, "Temporal 8.2.4", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 8.2.5", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("add", add, 1, "Temporal 8.3.5", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 8.3.6", "proposal-temporal"),
    ("until", until, 1, "Temporal 8.3.7", "proposal-temporal"),
    ("since", since, 1, "Temporal 8.3.8", "proposal-temporal"),
    ("round", round_, 1, "Temporal 8.3.9", "proposal-temporal"),
    ("equals", equals, 1, "Temporal 8.3.10", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 8.3.11", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 8.3.12", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 8.3.13", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 8.3.14", "proposal-temporal"),
    ("toZonedDateTimeISO", to_zoned_date_time_iso, 1, "Temporal 8.3.15", "proposal-temporal"),
)
_GETTERS: Final = getters(
    ("epochMilliseconds", get_epoch_milliseconds, "Temporal 8.3.3", "proposal-temporal"),
    ("epochNanoseconds", get_epoch_nanoseconds, "Temporal 8.3.4", "proposal-temporal"),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.Instant% and its prototype."""
    prototype = realm.temporal_instant_prototype = prototype_object(realm)
    realm.temporal_instant = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_instant, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.Instant")
