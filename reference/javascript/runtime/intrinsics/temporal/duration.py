"""Temporal 7: Temporal.Duration."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Callable, Final

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
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.calendar import date_add
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.duration import (
    ZERO_DATE,
    DateDuration,
    Duration,
    InternalDuration,
    add_durations,
    adjust_date_duration,
    checked_time,
    combine,
    create_date_duration,
    default_largest_unit,
    duration_sign,
    from_internal,
    round_time_duration,
    time_duration,
    to_internal,
    to_internal_with_24_hour_days,
    total_time_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.fields import partial_duration
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.formatting import duration_string
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.iso_date import (
    MIDNIGHT,
    NS_PER_DAY,
    ISODateTime,
    epoch_days,
    sign_of,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.options import (
    fractional_digits_option,
    integer_if_integral,
    options_object,
    options_or_shorthand,
    rounding_increment_option,
    rounding_mode_option,
    seconds_precision,
    unit_option,
    validate_unit,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.relative import (
    Rounding,
    add_zoned,
    plain_difference,
    plain_total,
    zoned_difference,
    zoned_total,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    MAXIMUM_INCREMENT,
    is_calendar_unit,
    is_date_unit,
    larger_unit,
    round_to_increment,
    validate_increment,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.conversion import (
    relative_to_option,
    to_temporal_duration,
)
from lockstep.reference.javascript.runtime.intrinsics.temporal.objects import (
    JSDuration,
    JSPlainDate,
    JSZonedDateTime,
    create_temporal_duration,
    require,
    require_new,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def _duration(this: Value) -> Duration:
    return require(this, JSDuration).duration_


def construct_duration(realm: Realm, new_target: JSObject | None, *values: Value) -> JSDuration:
    """7.1.1 Temporal.Duration."""
    require_new(new_target, "Duration")
    parts = [0 if value is undefined else integer_if_integral(value) for value in values[:10]]
    return create_temporal_duration(realm, (*parts, *(0,) * (10 - len(parts))), new_target)


def from_(realm: Realm, this: Value, item: Value = undefined) -> JSDuration:
    """7.2.2 Temporal.Duration.from."""
    return to_temporal_duration(realm, item)


def compare(
    realm: Realm, this: Value, one: Value = undefined, two: Value = undefined, options: Value = undefined
) -> float:
    """7.2.3 Temporal.Duration.compare."""
    # Steps 1 to 4.
    first = to_temporal_duration(realm, one).duration_
    second = to_temporal_duration(realm, two).duration_
    relative = relative_to_option(realm, options_object(options))
    # Step 5.
    if first == second:
        return 0.0
    units = (default_largest_unit(first), default_largest_unit(second))
    # Step 12.
    zoned = relative.zoned
    if zoned is not None and any(map(is_date_unit, units)):
        one_after, two_after = (
            add_zoned(
                zoned.epoch_nanoseconds_, zoned.time_zone_, zoned.calendar_, to_internal(each), "constrain"
            )
            for each in (first, second)
        )
        return float(sign_of(one_after - two_after))
    # Steps 13 to 18.
    plain = relative.plain
    days = [first.days, second.days]
    if any(map(is_calendar_unit, units)):
        if plain is None:
            raise range_error("years, months and weeks need relativeTo to be compared")
        days = [_date_duration_days(to_internal(each).date, plain) for each in (first, second)]
    totals = [
        checked_time(time_duration(*each[4:]) + count * NS_PER_DAY)
        for each, count in zip((first, second), days)
    ]
    return float(sign_of(totals[0] - totals[1]))


def _date_duration_days(duration: DateDuration, plain: JSPlainDate) -> int:
    """7.5.30 DateDurationDays."""
    larger = adjust_date_duration(duration, 0)
    if duration_sign(larger) == 0:
        return duration.days
    later = date_add(plain.calendar_, plain.date_, larger, "constrain")
    return duration.days + epoch_days(later) - epoch_days(plain.date_)


def _getter(name: str) -> Callable[..., float]:
    def get_part(realm: Realm, this: Value) -> float:
        return float(getattr(_duration(this), name))

    return get_part


def get_sign(realm: Realm, this: Value) -> float:
    """7.3.13 get Temporal.Duration.prototype.sign."""
    return float(duration_sign(_duration(this)))


def get_blank(realm: Realm, this: Value) -> bool:
    """7.3.14 get Temporal.Duration.prototype.blank."""
    return duration_sign(_duration(this)) == 0


def with_(realm: Realm, this: Value, item: Value = undefined) -> JSDuration:
    """7.3.15 Temporal.Duration.prototype.with."""
    duration = _duration(this)
    return create_temporal_duration(realm, duration._replace(**partial_duration(item)))


def negated(realm: Realm, this: Value) -> JSDuration:
    """7.3.16 Temporal.Duration.prototype.negated."""
    return create_temporal_duration(realm, _duration(this).negated())


def absolute(realm: Realm, this: Value) -> JSDuration:
    """7.3.17 Temporal.Duration.prototype.abs."""
    return create_temporal_duration(realm, tuple(map(abs, _duration(this))))


def add(realm: Realm, this: Value, other: Value = undefined) -> JSDuration:
    """7.3.18 Temporal.Duration.prototype.add."""
    duration = _duration(this)
    return create_temporal_duration(
        realm, add_durations(duration, to_temporal_duration(realm, other).duration_)
    )


def subtract(realm: Realm, this: Value, other: Value = undefined) -> JSDuration:
    """7.3.19 Temporal.Duration.prototype.subtract."""
    duration = _duration(this)
    negative = to_temporal_duration(realm, other).duration_.negated()
    return create_temporal_duration(realm, add_durations(duration, negative))


def round_(realm: Realm, this: Value, round_to: Value = undefined) -> JSDuration:
    """7.3.20 Temporal.Duration.prototype.round."""
    duration = _duration(this)
    # Steps 3 to 13.
    options = options_or_shorthand(round_to, "smallestUnit")
    largest = unit_option(options, "largestUnit")
    relative = relative_to_option(realm, options)
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "halfExpand")
    smallest = unit_option(options, "smallestUnit")
    validate_unit(largest, "datetime", "auto")
    validate_unit(smallest, "datetime")
    # Steps 14 to 20.
    if smallest is None and largest is None:
        raise range_error("at least one of smallestUnit and largestUnit is required")
    smallest = smallest or "nanosecond"
    existing = default_largest_unit(duration)
    if largest is None or largest == "auto":
        largest = larger_unit(existing, smallest)
    if larger_unit(largest, smallest) != largest:
        raise range_error("smallestUnit must be smaller than largestUnit")
    # Steps 21 to 23.
    maximum = MAXIMUM_INCREMENT.get(smallest)
    if maximum is not None:
        validate_increment(increment, maximum, False)
    if increment > 1 and largest != smallest and is_date_unit(smallest):
        raise range_error("dates cannot be balanced and rounded to an increment at once")
    rounding = Rounding(largest, increment, smallest, mode)
    # Step 24.
    if relative.zoned is not None:
        rounded = _round_zoned(duration, relative.zoned, rounding)
        return create_temporal_duration(
            realm, from_internal(rounded, "hour" if is_date_unit(largest) else largest)
        )
    # Step 25.
    if relative.plain is not None:
        start, target = _plain_ends(duration, relative.plain)
        rounded = plain_difference(start, target, relative.plain.calendar_, rounding)
        return create_temporal_duration(realm, from_internal(rounded, largest))
    # Steps 26 to 31.
    if is_calendar_unit(existing) or is_calendar_unit(largest):
        raise range_error("years, months and weeks need relativeTo to be rounded")
    time = to_internal_with_24_hour_days(duration).time
    if smallest == "day":
        days = round_to_increment(time, NS_PER_DAY * increment, mode) // NS_PER_DAY
        rounded = combine(create_date_duration(0, 0, 0, days), 0)
    else:
        rounded = InternalDuration(ZERO_DATE, round_time_duration(time, increment, smallest, mode))
    return create_temporal_duration(realm, from_internal(rounded, largest))


def _round_zoned(duration: Duration, zoned: JSZonedDateTime, rounding: Rounding) -> InternalDuration:
    start = zoned.epoch_nanoseconds_
    zone, calendar = zoned.time_zone_, zoned.calendar_
    target = add_zoned(start, zone, calendar, to_internal(duration), "constrain")
    return zoned_difference(start, target, zone, calendar, rounding)


def _plain_ends(duration: Duration, plain: JSPlainDate) -> tuple[ISODateTime, ISODateTime]:
    """The start of a date, and what lies `duration` after it."""
    internal = to_internal_with_24_hour_days(duration)
    days, time = divmod(internal.time, NS_PER_DAY)
    date = date_add(plain.calendar_, plain.date_, adjust_date_duration(internal.date, days), "constrain")
    return ISODateTime(plain.date_, MIDNIGHT), ISODateTime(date, time)


def total(realm: Realm, this: Value, total_of: Value = undefined) -> float:
    """7.3.21 Temporal.Duration.prototype.total."""
    duration = _duration(this)
    # Steps 3 to 10.
    options = options_or_shorthand(total_of, "unit")
    relative = relative_to_option(realm, options)
    unit = unit_option(options, "unit", required=True)
    validate_unit(unit, "datetime")
    assert unit is not None
    # Step 11.
    if relative.zoned is not None:
        zoned = relative.zoned
        start, zone, calendar = zoned.epoch_nanoseconds_, zoned.time_zone_, zoned.calendar_
        target = add_zoned(start, zone, calendar, to_internal(duration), "constrain")
        return _number(zoned_total(start, target, zone, calendar, unit))
    # Step 12.
    if relative.plain is not None:
        one, two = _plain_ends(duration, relative.plain)
        return _number(plain_total(one, two, relative.plain.calendar_, unit))
    # Step 13.
    if is_calendar_unit(default_largest_unit(duration)) or is_calendar_unit(unit):
        raise range_error("years, months and weeks need relativeTo to be added up")
    return _number(total_time_duration(to_internal_with_24_hour_days(duration).time, unit))


def _number(value: Fraction) -> float:
    """The Number of a mathematical value; the host divides integers correctly rounded."""
    return value.numerator / value.denominator


def to_string(realm: Realm, this: Value, options: Value = undefined) -> str:
    """7.3.22 Temporal.Duration.prototype.toString."""
    duration = _duration(this)
    # Steps 3 to 9.
    resolved = options_object(options)
    digits = fractional_digits_option(resolved)
    mode = rounding_mode_option(resolved, "trunc")
    smallest = unit_option(resolved, "smallestUnit")
    validate_unit(smallest, "time")
    if smallest in ("hour", "minute"):
        raise range_error(f"smallestUnit cannot be {smallest}")
    precision = seconds_precision(smallest, digits)
    # Steps 10 to 16.
    if precision.unit != "nanosecond" or precision.increment != 1:
        largest = larger_unit(default_largest_unit(duration), "second")
        internal = to_internal(duration)
        time = round_time_duration(internal.time, precision.increment, precision.unit, mode)
        duration = from_internal(combine(internal.date, time), largest)
    return duration_string(duration, precision.precision)


def to_json(realm: Realm, this: Value) -> str:
    """7.3.23 Temporal.Duration.prototype.toJSON."""
    return duration_string(_duration(this), "auto")


def to_locale_string(realm: Realm, this: Value) -> str:
    """7.3.24 Temporal.Duration.prototype.toLocaleString, without ECMA-402."""
    return duration_string(_duration(this), "auto")


def value_of(realm: Realm, this: Value) -> Value:
    """7.3.25 Temporal.Duration.prototype.valueOf."""
    raise type_error("use Temporal.Duration.compare() to compare durations")


_CONSTRUCTOR: Final = builtin(
    "Duration",
    construct_duration,
    0,
    "builtin_constructor",
    section="Temporal 7.1.1",
    since="proposal-temporal",
)
_STATIC: Final = functions(
    ("from", from_, 1, "Temporal 7.2.2", "proposal-temporal"),
    ("compare", compare, 2, "Temporal 7.2.3", "proposal-temporal"),
)
_METHODS: Final = functions(
    ("with", with_, 1, "Temporal 7.3.15", "proposal-temporal"),
    ("negated", negated, 0, "Temporal 7.3.16", "proposal-temporal"),
    ("abs", absolute, 0, "Temporal 7.3.17", "proposal-temporal"),
    ("add", add, 1, "Temporal 7.3.18", "proposal-temporal"),
    ("subtract", subtract, 1, "Temporal 7.3.19", "proposal-temporal"),
    ("round", round_, 1, "Temporal 7.3.20", "proposal-temporal"),
    ("total", total, 1, "Temporal 7.3.21", "proposal-temporal"),
    ("toString", to_string, 0, "Temporal 7.3.22", "proposal-temporal"),
    ("toJSON", to_json, 0, "Temporal 7.3.23", "proposal-temporal"),
    ("toLocaleString", to_locale_string, 0, "Temporal 7.3.24", "proposal-temporal"),
    ("valueOf", value_of, 0, "Temporal 7.3.25", "proposal-temporal"),
)
_GETTERS: Final = getters(
    *(
        (name, _getter(name), f"Temporal 7.3.{number}", "proposal-temporal")
        for number, name in enumerate(Duration._fields, 3)
    ),
    ("sign", get_sign, "Temporal 7.3.13", "proposal-temporal"),
    ("blank", get_blank, "Temporal 7.3.14", "proposal-temporal"),
)


def initialize(realm: Realm) -> None:
    """Make %Temporal.Duration% and its prototype."""
    prototype = realm.temporal_duration_prototype = prototype_object(realm)
    realm.temporal_duration = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.temporal_duration, _STATIC)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Temporal.Duration")
