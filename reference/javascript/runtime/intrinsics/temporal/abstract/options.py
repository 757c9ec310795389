"""Temporal, what options objects say (13.7 to 13.14, 13.41)."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.units import (
    DATE_UNITS,
    MAXIMUM_INCREMENT,
    ROUNDING_MODES,
    TIME_UNITS,
    UNITS,
    larger_unit,
    negate_rounding_mode,
    validate_increment,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import to_number, to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, null, undefined

UNIT_GROUPS: Final = {"date": DATE_UNITS, "time": TIME_UNITS, "datetime": UNITS}
_UNIT_NAMES: Final = {name: unit for unit in UNITS for name in (unit, unit + "s")}

Options = Any
"""An options object, or None for one without properties."""


class DifferenceSettings(NamedTuple):
    """What GetDifferenceSettings finds."""

    smallest_unit: str
    largest_unit: str
    rounding_mode: str
    increment: int


class SecondsPrecision(NamedTuple):
    """13.13: `precision` is "minute", "auto" or a number of digits."""

    precision: str | int
    unit: str
    increment: int


def options_object(options: Value) -> Options:
    """GetOptionsObject; None for undefined.

    Raises:
        ThrowCompletion: TypeError, `options` is neither undefined nor an object.
    """
    if options is undefined or isinstance(options, JSObject):
        return options
    raise type_error("options must be an object or undefined")


def options_or_shorthand(options: Value, key: str) -> Options:
    """An options object, or one whose only property `key` is the string given in its place.

    Raises:
        ThrowCompletion: TypeError, `options` is neither a string nor an object.
    """
    if options is undefined:
        raise type_error(f"options with '{key}' are required")
    if options.__class__ is str:
        made = slow_object(JSObject, null)
        stored(made)[key] = plain(options)
        return made
    return options_object(options)


def string_option(options: Options, key: str, allowed: tuple[str, ...], default: str) -> str:
    """GetOption for strings.

    Raises:
        ThrowCompletion: RangeError, the value is not one of `allowed`.
    """
    value = undefined if options is None else get(options, key)
    if value is undefined:
        return default
    text = to_string(value)
    if text not in allowed:
        raise range_error(f"Invalid value {text} for option {key}")
    return text


def overflow_option(options: Options) -> str:
    """13.7 GetTemporalOverflowOption."""
    return string_option(options, "overflow", ("constrain", "reject"), "constrain")


def disambiguation_option(options: Options) -> str:
    """13.8 GetTemporalDisambiguationOption."""
    return string_option(
        options, "disambiguation", ("compatible", "earlier", "later", "reject"), "compatible"
    )


def offset_option(options: Options, fallback: str) -> str:
    """13.10 GetTemporalOffsetOption."""
    return string_option(options, "offset", ("prefer", "use", "ignore", "reject"), fallback)


def show_calendar_option(options: Options) -> str:
    """GetTemporalShowCalendarNameOption."""
    return string_option(options, "calendarName", ("auto", "always", "never", "critical"), "auto")


def show_time_zone_option(options: Options) -> str:
    """GetTemporalShowTimeZoneNameOption."""
    return string_option(options, "timeZoneName", ("auto", "never", "critical"), "auto")


def show_offset_option(options: Options) -> str:
    """GetTemporalShowOffsetOption."""
    return string_option(options, "offset", ("auto", "never"), "auto")


def direction_option(options: Options) -> str:
    """GetDirectionOption."""
    direction = string_option(options, "direction", ("next", "previous"), "")
    if not direction:
        raise range_error("option direction is required")
    return direction


def rounding_mode_option(options: Options, fallback: str) -> str:
    """GetRoundingModeOption."""
    return string_option(options, "roundingMode", ROUNDING_MODES, fallback)


def rounding_increment_option(options: Options) -> int:
    """GetRoundingIncrementOption."""
    value = undefined if options is None else get(options, "roundingIncrement")
    if value is undefined:
        return 1
    increment = integer_with_truncation(value)
    if not 1 <= increment <= 10**9:
        raise range_error("roundingIncrement must be between 1 and 1e9")
    return increment


def integer_with_truncation(value: Value) -> int:
    """13.36 ToIntegerWithTruncation."""
    number = to_number(value)
    if not math.isfinite(number):
        raise range_error("a number must be finite")
    return int(number)


def positive_integer_with_truncation(value: Value) -> int:
    """13.35 ToPositiveIntegerWithTruncation."""
    integer = integer_with_truncation(value)
    if integer <= 0:
        raise range_error("a number must be positive")
    return integer


def integer_if_integral(value: Value) -> int:
    """13.37 ToIntegerIfIntegral."""
    number = to_number(value)
    if not number.is_integer():
        raise range_error("a number must be an integer")
    return int(number)


def unit_option(options: Options, key: str, *, required: bool = False) -> str | None:
    """13.14 GetTemporalUnitValuedOption: a unit, "auto", or None for unset."""
    value = undefined if options is None else get(options, key)
    if value is undefined:
        if required:
            raise range_error(f"option {key} is required")
        return None
    text = to_string(value)
    if text == "auto":
        return text
    unit = _UNIT_NAMES.get(text)
    if unit is None:
        raise range_error(f"Invalid value {text} for option {key}")
    return unit


def validate_unit(unit: str | None, group: str, *extra: str) -> None:
    """13.15 ValidateTemporalUnitValue.

    Raises:
        ThrowCompletion: RangeError, `unit` is neither of `group` nor one of `extra`.
    """
    if unit is not None and unit not in UNIT_GROUPS[group] and unit not in extra:
        raise range_error(f"{unit} is not a unit that is allowed here")


def fractional_digits_option(options: Options) -> str | int:
    """13.12 GetTemporalFractionalSecondDigitsOption: "auto", or 0 to 9."""
    value = undefined if options is None else get(options, "fractionalSecondDigits")
    if value is undefined:
        return "auto"
    if value.__class__ is not float:
        if to_string(value) != "auto":
            raise range_error("fractionalSecondDigits must be a number or 'auto'")
        return "auto"
    if not math.isfinite(value) or not 0 <= math.floor(value) <= 9:
        raise range_error("fractionalSecondDigits must be between 0 and 9")
    return math.floor(value)


_UNIT_PRECISION: Final = {
    "minute": SecondsPrecision("minute", "minute", 1),
    "second": SecondsPrecision(0, "second", 1),
    "millisecond": SecondsPrecision(3, "millisecond", 1),
    "microsecond": SecondsPrecision(6, "microsecond", 1),
    "nanosecond": SecondsPrecision(9, "nanosecond", 1),
}


def seconds_precision(smallest_unit: str | None, digits: str | int) -> SecondsPrecision:
    """13.13 ToSecondsStringPrecisionRecord."""
    if smallest_unit is not None:
        return _UNIT_PRECISION[smallest_unit]
    if digits.__class__ is not int:
        return SecondsPrecision("auto", "nanosecond", 1)
    assert isinstance(digits, int)
    if digits == 0:
        return SecondsPrecision(0, "second", 1)
    unit = "millisecond" if digits <= 3 else "microsecond" if digits <= 6 else "nanosecond"
    return SecondsPrecision(digits, unit, 10 ** (-digits % 3))


def difference_settings(
    operation: str,
    options: Options,
    group: str,
    disallowed: tuple[str, ...],
    fallback_smallest: str,
    default_largest: str,
) -> DifferenceSettings:
    """13.41 GetDifferenceSettings."""
    # Steps 1 to 5 read in alphabetical order, and validate what each value may be.
    largest = unit_option(options, "largestUnit")
    increment = rounding_increment_option(options)
    mode = rounding_mode_option(options, "trunc")
    smallest = unit_option(options, "smallestUnit")
    validate_unit(largest, group, "auto")
    if largest in disallowed:
        raise range_error(f"{largest} is not a unit that is allowed here")
    if operation == "since":
        mode = negate_rounding_mode(mode)
    validate_unit(smallest, group)
    smallest = smallest or fallback_smallest
    if smallest in disallowed:
        raise range_error(f"{smallest} is not a unit that is allowed here")
    if largest is None or largest == "auto":
        largest = larger_unit(default_largest, smallest)
    if larger_unit(largest, smallest) != largest:
        raise range_error("smallestUnit must be smaller than largestUnit")
    maximum = MAXIMUM_INCREMENT.get(smallest)
    if maximum is not None:
        validate_increment(increment, maximum, False)
    return DifferenceSettings(smallest, largest, mode, increment)
