"""ECMA-262 21.1: Number objects."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.primitive_object import JSNumberObject, primitive_object
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.operations.conversion import (
    MAX_SAFE_INTEGER,
    to_integer_or_infinity,
    to_numeric,
)
from lockstep.reference.javascript.runtime.operations.number_text import (
    INFINITY,
    NAN,
    decimal_digits,
    number_to_radix_string,
    number_to_string,
)
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_EXACT = Context(prec=1200)
_CONSTANTS = (
    ("EPSILON", 2.0**-52),
    ("MAX_SAFE_INTEGER", MAX_SAFE_INTEGER),
    ("MAX_VALUE", 1.7976931348623157e308),
    ("MIN_SAFE_INTEGER", -MAX_SAFE_INTEGER),
    ("MIN_VALUE", 5e-324),
    ("NaN", NAN),
    ("NEGATIVE_INFINITY", -INFINITY),
    ("POSITIVE_INFINITY", INFINITY),
)


def construct_number(realm: Realm, new_target: JSObject | None, *value: Value) -> Value:
    """21.1.1.1 Number."""
    number = 0.0
    if value:
        numeric = to_numeric(value[0])
        if isinstance(numeric, BigInt):
            try:
                number = float(numeric.integer)
            except OverflowError:
                number = INFINITY if numeric.integer > 0 else -INFINITY
        else:
            number = numeric
    if new_target is undefined:
        return number
    return primitive_object(
        JSNumberObject, prototype_from_constructor(new_target, "number_prototype"), number
    )


def is_finite(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """21.1.2.2 Number.isFinite."""
    return value.__class__ is float and math.isfinite(value)


def is_integer(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """21.1.2.3 Number.isInteger."""
    return value.__class__ is float and value.is_integer()


def is_nan(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """21.1.2.4 Number.isNaN."""
    return value.__class__ is float and math.isnan(value)


def is_safe_integer(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """21.1.2.5 Number.isSafeInteger."""
    return value.__class__ is float and value.is_integer() and abs(value) <= MAX_SAFE_INTEGER


def _this_number(this: Value, name: str) -> float:
    """21.1.3.7.1 ThisNumberValue."""
    if this.__class__ is float:
        return this
    if this.__class__ is int:
        return float(this)
    if isinstance(this, JSNumberObject):
        return this.data_
    raise type_error(f"Number.prototype.{name} requires that 'this' be a Number")


def _digits(value: Value, low: int, high: int, what: str) -> int:
    digits = to_integer_or_infinity(value)
    if not low <= digits <= high:
        raise range_error(f"{what} must be between {low} and {high}")
    return int(digits)


def to_exponential(realm: Realm, this: Value, fraction_digits: Value = undefined) -> str:
    """21.1.3.2 Number.prototype.toExponential."""
    number = _this_number(this, "toExponential")
    wanted = to_integer_or_infinity(fraction_digits)
    if not math.isfinite(number):
        return number_to_string(number)
    if not 0 <= wanted <= 100:
        raise range_error("toExponential() argument must be between 0 and 100")
    sign = "-" if number < 0 else ""
    number = abs(number)
    if fraction_digits is undefined:
        digits, exponent = decimal_digits(number) if number else ("0", 1)
        power = exponent - 1
    else:
        digits, power = _rounded(number, int(wanted) + 1)
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"


def _rounded(number: float, precision: int) -> tuple[str, int]:
    """`precision` digits and the exponent of the first; ties go up, as the larger n is to be picked."""
    if number == 0:
        return "0" * precision, 0
    exact = Decimal(number)
    power = exact.adjusted()
    unit = Decimal(1).scaleb(power - precision + 1, _EXACT)
    scaled = exact.quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)
    power = scaled.adjusted()
    digits = "".join(map(str, scaled.as_tuple().digits))
    return digits[:precision].ljust(precision, "0"), power


def to_fixed(realm: Realm, this: Value, fraction_digits: Value = undefined) -> str:
    """21.1.3.3 Number.prototype.toFixed."""
    number = _this_number(this, "toFixed")
    digits = _digits(fraction_digits, 0, 100, "toFixed() digits argument")
    if not math.isfinite(number) or abs(number) >= 1e21:
        return number_to_string(number)
    unit = Decimal(1).scaleb(-digits, _EXACT)
    rounded = Decimal(abs(number)).quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)
    return ("-" if number < 0 else "") + format(rounded, "f")


def to_precision(realm: Realm, this: Value, precision: Value = undefined) -> str:
    """21.1.3.5 Number.prototype.toPrecision."""
    number = _this_number(this, "toPrecision")
    if precision is undefined:
        return number_to_string(number)
    wanted = to_integer_or_infinity(precision)
    if not math.isfinite(number):
        return number_to_string(number)
    count = _digits(wanted, 1, 100, "toPrecision() argument")
    sign = "-" if number < 0 else ""
    digits, power = _rounded(abs(number), count)
    if power < -6 or power >= count:
        mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
        return f"{sign}{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"
    if power == count - 1:
        return sign + digits
    if power >= 0:
        return f"{sign}{digits[: power + 1]}.{digits[power + 1 :]}"
    return f"{sign}0.{'0' * (-power - 1)}{digits}"


def to_locale_string(realm: Realm, this: Value) -> str:
    """21.1.3.4 Number.prototype.toLocaleString."""
    return number_to_string(_this_number(this, "toLocaleString"))


def to_string(realm: Realm, this: Value, radix: Value = undefined) -> str:
    """21.1.3.6 Number.prototype.toString."""
    number = _this_number(this, "toString")
    base = 10.0 if radix is undefined else to_integer_or_infinity(radix)
    if not 2 <= base <= 36:
        raise range_error("toString() radix argument must be between 2 and 36")
    if base == 10:
        return number_to_string(number)
    return number_to_radix_string(number, int(base))


def value_of(realm: Realm, this: Value) -> float:
    """21.1.3.7 Number.prototype.valueOf."""
    return _this_number(this, "valueOf")


_CONSTRUCTOR = builtin("Number", construct_number, 1, "builtin_constructor", section="21.1.1.1", since="ES1")
_STATIC = functions(
    ("isFinite", is_finite, 1, "21.1.2.2", "ES2015"),
    ("isInteger", is_integer, 1, "21.1.2.3", "ES2015"),
    ("isNaN", is_nan, 1, "21.1.2.4", "ES2015"),
    ("isSafeInteger", is_safe_integer, 1, "21.1.2.5", "ES2015"),
)
_METHODS = functions(
    ("toExponential", to_exponential, 1, "21.1.3.2", "ES3"),
    ("toFixed", to_fixed, 1, "21.1.3.3", "ES3"),
    ("toLocaleString", to_locale_string, 0, "21.1.3.4", "ES3"),
    ("toPrecision", to_precision, 1, "21.1.3.5", "ES3"),
    ("toString", to_string, 1, "21.1.3.6", "ES1"),
    ("valueOf", value_of, 0, "21.1.3.7", "ES1"),
)


def initialize(realm: Realm) -> None:
    """Make %Number% and %Number.prototype%."""
    prototype = prototype_object(realm, kind=JSNumberObject)
    prototype.data_ = 0.0
    realm.number_prototype = prototype
    realm.number = constructor_function(realm, _CONSTRUCTOR, prototype)
    for name, value in _CONSTANTS:
        stored(realm.number)[name] = Property(value, False, False, False)
    define_functions(realm, realm.number, _STATIC)
    stored(realm.number)["parseFloat"] = hidden(realm.parse_float)
    stored(realm.number)["parseInt"] = hidden(realm.parse_int)
    define_functions(realm, prototype, _METHODS)
