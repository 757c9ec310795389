"""Numbers: arithmetic, comparison, bits, casts, parsing."""
# ruff: noqa: D103  # each function is the one of clojure.core that its decorator names

from __future__ import annotations

import math
import random
import re
import struct
from typing import Any, Callable

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.values import numbers
from lockstep.reference.clojure.runtime.values.equality import (
    clojure_hash,
    compare,
    equiv,
    mix_collection_hash,
)
from lockstep.reference.clojure.runtime.values.faults import (
    argument_fault,
    arithmetic_fault,
    class_cast_fault,
    number_format_fault,
)
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Char, boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    Ratio,
    add,
    divide,
    is_number,
    multiply,
    promoted,
    require_number,
    subtract,
    to_decimal,
    to_double,
    to_exact_integer,
)

Value = Any


@CORE.define("+")
def plus(a: Value = 0, b: Value = MISSING, *more: Value) -> Value:
    if b is MISSING:
        return require_number(a)
    result = add(a, b)
    for value in more:
        result = add(result, value)
    return result


@CORE.define("-")
def minus(a: Value, b: Value = MISSING, *more: Value) -> Value:
    if b is MISSING:
        return numbers.negate(require_number(a))
    result = subtract(a, b)
    for value in more:
        result = subtract(result, value)
    return result


@CORE.define("*")
def times(a: Value = 1, b: Value = MISSING, *more: Value) -> Value:
    if b is MISSING:
        return require_number(a)
    result = multiply(a, b)
    for value in more:
        result = multiply(result, value)
    return result


@CORE.define("/")
def over(a: Value, b: Value = MISSING, *more: Value) -> Value:
    if b is MISSING:
        return divide(1, a)
    result = divide(a, b)
    for value in more:
        result = divide(result, value)
    return result


def _promoting(operate: Callable[[Value, Value], Value], unit: int) -> Callable[..., Value]:
    def call(*values: Value) -> Value:
        if not values:
            return unit
        result = require_number(values[0])
        for value in values[1:]:
            require_number(value)
            result = promoted(operate(result, value))
        return result

    return call


def _promoting_minus(a: Value, *more: Value) -> Value:
    require_number(a)
    if not more:
        return promoted(-a)
    for value in more:
        a = promoted(a - require_number(value))
    return a


CORE.define_all(
    {
        "+'": _promoting(lambda a, b: a + b, 0),
        "*'": _promoting(lambda a, b: a * b, 1),
        "-'": _promoting_minus,
        "inc": lambda x: add(require_number(x), 1),
        "dec": lambda x: subtract(require_number(x), 1),
        "inc'": lambda x: promoted(require_number(x) + 1),
        "dec'": lambda x: promoted(require_number(x) - 1),
        "quot": numbers.quotient,
        "rem": numbers.remainder,
        "mod": numbers.modulo,
    }
)


def _ordered(test: Callable[[Value, Value], bool]) -> Callable[..., Value]:
    def call(a: Value, *more: Value) -> Value:
        if not more:
            return TRUE
        for b in more:
            if not test(require_number(a), require_number(b)):
                return FALSE
            a = b
        return TRUE

    return call


@CORE.define("=")
def equal(a: Value, *more: Value) -> Value:
    for b in more:
        if not equiv(a, b):
            return FALSE
        a = b
    return TRUE


@CORE.define("max")
def maximum(a: Value, *more: Value) -> Value:
    for b in more:
        require_number(a)
        require_number(b)
        if _is_nan(a):
            return a
        if _is_nan(b) or not a > b:
            a = b
    return a


@CORE.define("min")
def minimum(a: Value, *more: Value) -> Value:
    for b in more:
        require_number(b)
        if _is_nan(a):
            return a
        if _is_nan(b) or not require_number(a) < b:
            a = b
    return a


def _is_nan(value: Value) -> bool:
    return value.__class__ is float and value != value  # noqa: PLR0124  # only NaN differs from itself


CORE.define_all(
    {
        "<": _ordered(lambda a, b: a < b),
        ">": _ordered(lambda a, b: a > b),
        "<=": _ordered(lambda a, b: a <= b),
        ">=": _ordered(lambda a, b: a >= b),
        "==": _ordered(numbers.number_equal),
        "not=": lambda a, *more: FALSE if equal(a, *more) is TRUE else TRUE,
        "compare": compare,
        "identical?": lambda a, b: boolean(
            a is b or (a.__class__ is b.__class__ and a.__class__ in (int, str, Char) and a == b)
        ),
        "zero?": lambda x: boolean(numbers.is_zero(x)),
        "pos?": lambda x: boolean(require_number(x) > 0),
        "neg?": lambda x: boolean(require_number(x) < 0),
        "number?": lambda x: boolean(is_number(x)),
        "integer?": lambda x: boolean(x.__class__ is int or x.__class__ is BigInt),
        "int?": lambda x: boolean(x.__class__ is int),
        "pos-int?": lambda x: boolean(x.__class__ is int and x > 0),
        "neg-int?": lambda x: boolean(x.__class__ is int and x < 0),
        "nat-int?": lambda x: boolean(x.__class__ is int and x >= 0),
        "float?": lambda x: boolean(x.__class__ is float),
        "double?": lambda x: boolean(x.__class__ is float),
        "ratio?": lambda x: boolean(x.__class__ is Ratio),
        "decimal?": lambda x: boolean(x.__class__ is BigDecimal),
        "rational?": lambda x: boolean(is_number(x) and x.__class__ is not float),
        "NaN?": lambda x: boolean(math.isnan(to_double(x))),
        "infinite?": lambda x: boolean(math.isinf(to_double(x))),
        "hash": clojure_hash,
        "mix-collection-hash": mix_collection_hash,
    }
)


def _parity(value: Value) -> int:
    if value.__class__ is int or value.__class__ is BigInt:
        return to_exact_integer(value) & 1
    raise argument_fault(f"Argument must be an integer: {'' if value is None else value}")


@CORE.define("even?")
def is_even(n: Value) -> Value:
    return FALSE if _parity(n) else TRUE


@CORE.define("odd?")
def is_odd(n: Value) -> Value:
    return TRUE if _parity(n) else FALSE


@CORE.define("abs")
def absolute(x: Value) -> Value:
    require_number(x)
    if x.__class__ is int:
        return x if x == LONG_MIN else abs(x)
    if x.__class__ is float:
        return abs(x)
    return -x if x < 0 else x


def _wrap(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _wrap32(value: int) -> int:
    value &= (1 << 32) - 1
    return value - (1 << 32) if value >> 31 else value


def _bits(value: Value) -> int:
    if value.__class__ is int:
        return value
    if value.__class__ is BigInt and LONG_MIN <= value.value <= LONG_MAX:
        return value.value
    if value is None:
        raise class_cast_fault(None, "java.lang.Number")
    raise argument_fault(f"bit operation not supported for: class {access.class_name_of(value)}")


def _folding(operate: Callable[[int, int], int]) -> Callable[..., Value]:
    def call(a: Value, b: Value, *more: Value) -> Value:
        result = operate(_bits(a), _bits(b))
        for value in more:
            result = operate(result, _bits(value))
        return result

    return call


CORE.define_all(
    {
        "bit-and": _folding(lambda a, b: a & b),
        "bit-or": _folding(lambda a, b: a | b),
        "bit-xor": _folding(lambda a, b: a ^ b),
        "bit-and-not": _folding(lambda a, b: a & ~b),
        "bit-not": lambda x: ~_bits(x),
        "bit-shift-left": lambda x, n: _wrap(_bits(x) << (_bits(n) & 63)),
        "bit-shift-right": lambda x, n: _bits(x) >> (_bits(n) & 63),
        "unsigned-bit-shift-right": lambda x, n: _wrap((_bits(x) & (1 << 64) - 1) >> (_bits(n) & 63)),
        "bit-test": lambda x, n: boolean(_bits(x) >> (_bits(n) & 63) & 1),
        "bit-set": lambda x, n: _wrap(_bits(x) | 1 << (_bits(n) & 63)),
        "bit-clear": lambda x, n: _wrap(_bits(x) & ~(1 << (_bits(n) & 63))),
        "bit-flip": lambda x, n: _wrap(_bits(x) ^ 1 << (_bits(n) & 63)),
    }
)


def _unchecked(operate: Callable[[Value, Value], Value], wrap: Callable[[int], int]) -> Callable[..., Value]:
    def call(a: Value, b: Value) -> Value:
        result = operate(require_number(a), require_number(b))
        return wrap(result) if result.__class__ is int else result

    return call


def _define_unchecked(suffix: str, wrap: Callable[[int], int]) -> None:
    plus_ = _unchecked(lambda a, b: a + b, wrap)
    minus_ = _unchecked(lambda a, b: a - b, wrap)
    CORE.define_all(
        {
            f"unchecked-add{suffix}": plus_,
            f"unchecked-subtract{suffix}": minus_,
            f"unchecked-multiply{suffix}": _unchecked(lambda a, b: a * b, wrap),
            f"unchecked-inc{suffix}": lambda x: plus_(x, 1),
            f"unchecked-dec{suffix}": lambda x: minus_(x, 1),
            f"unchecked-negate{suffix}": lambda x: minus_(0, x),
        }
    )


_define_unchecked("", _wrap)
_define_unchecked("-int", _wrap32)
CORE.define_all({"unchecked-divide-int": numbers.quotient, "unchecked-remainder-int": numbers.remainder})


def _code(value: Value) -> Value:
    return ord(value.value) if value.__class__ is Char else value


def _cast(name: str, low: int, high: int) -> Callable[[Value], Value]:
    def call(x: Value) -> Value:
        x = _code(x)
        require_number(x)
        if x.__class__ is float:
            if math.isnan(x):
                if name == "long":
                    return 0
                raise argument_fault(f"Value out of range for {name}: NaN")
            if not low <= x <= high:
                raise argument_fault(f"Value out of range for {name}: {x}")
        result = to_exact_integer(x)
        if not low <= result <= high:
            raise argument_fault(f"Value out of range for {name}: {result}")
        return result

    return call


def _unchecked_cast(bits: int) -> Callable[[Value], Value]:
    def call(x: Value) -> Value:
        x = _code(x)
        if x.__class__ is float:
            if math.isnan(x):
                return 0
            x = max(min(x, float(LONG_MAX)), float(LONG_MIN))
        result = to_exact_integer(require_number(x)) & (1 << bits) - 1
        return result - (1 << bits) if result >> (bits - 1) else result

    return call


def _to_float(x: Value) -> float:
    number = to_double(x)
    if math.isfinite(number) and abs(number) > 3.4028234663852886e38:
        raise argument_fault(f"Value out of range for float: {number}")
    return struct.unpack("f", struct.pack("f", number))[0]  # type: ignore[no-any-return]


@CORE.define("char")
def to_char(x: Value) -> Char:
    if x.__class__ is Char:
        return x
    code = to_exact_integer(x)
    if not 0 <= code <= 0xFFFF:
        raise argument_fault(f"Value out of range for char: {code}")
    return Char(chr(code))


@CORE.define("bigint")
def to_bigint(x: Value) -> BigInt:
    if x.__class__ is BigInt:
        return x
    if x.__class__ is str:
        try:
            return BigInt(int(x))
        except ValueError:
            raise number_format_fault(f'For input string: "{x}"') from None
    return BigInt(to_exact_integer(to_decimal(x) if x.__class__ is float else x))


@CORE.define("bigdec")
def to_bigdec(x: Value) -> BigDecimal:
    return BigDecimal.parse(x) if x.__class__ is str else to_decimal(x)


@CORE.define("rationalize")
def rationalize(x: Value) -> Value:
    if x.__class__ is not float and x.__class__ is not BigDecimal:
        return require_number(x)
    decimal = to_decimal(x)
    if decimal.scale <= 0:
        return BigInt(decimal.unscaled * 10**-decimal.scale)
    return divide(BigInt(decimal.unscaled), BigInt(10**decimal.scale))


def _part(name: str) -> Callable[[Value], Value]:
    def call(x: Value) -> Value:
        if x.__class__ is not Ratio:
            raise class_cast_fault(x, "clojure.lang.Ratio")
        return BigInt(getattr(x, name))

    return call


CORE.define_all(
    {
        "long": _cast("long", LONG_MIN, LONG_MAX),
        "int": _cast("int", -(1 << 31), (1 << 31) - 1),
        "short": _cast("short", -32768, 32767),
        "byte": _cast("byte", -128, 127),
        "double": lambda x: to_double(require_number(x)),
        "float": _to_float,
        "num": require_number,
        "biginteger": to_bigint,
        "boolean": lambda x: boolean(x is not None and x is not FALSE),
        "numerator": _part("numerator"),
        "denominator": _part("denominator"),
        "unchecked-long": _unchecked_cast(64),
        "unchecked-int": _unchecked_cast(32),
        "unchecked-short": _unchecked_cast(16),
        "unchecked-byte": _unchecked_cast(8),
        "unchecked-char": lambda x: Char(chr(to_exact_integer(_code(x)) & 0xFFFF)),
        "unchecked-double": to_double,
        "unchecked-float": to_double,
    }
)


def _text(value: Value) -> str:
    if value.__class__ is not str:
        raise argument_fault(
            f"Expected string, got {'nil' if value is None else access.class_name_of(value)}"
        )
    return str(value)


@CORE.define("parse-long")
def parse_long(s: Value) -> Value:
    if not re.fullmatch(r"[-+]?[0-9]+", _text(s)):
        return None
    value = int(s)
    return value if LONG_MIN <= value <= LONG_MAX else None


_DOUBLE = re.compile(r"\s*[-+]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[fFdD]?)\s*")


@CORE.define("parse-double")
def parse_double(s: Value) -> Value:
    if not _DOUBLE.fullmatch(_text(s)):
        return None
    return float(s.strip().rstrip("fFdD") if "N" not in s and "I" not in s else s)


@CORE.define("parse-boolean")
def parse_boolean(s: Value) -> Value:
    text = _text(s)
    return TRUE if text == "true" else FALSE if text == "false" else None


CORE.define_all(
    {
        "rand": lambda n=1: random.random() * to_double(n),  # noqa: S311  # the guest's `rand` is no secret
        "rand-int": lambda n: int(random.random() * to_double(n)),  # noqa: S311
    }
)


@KERNEL.define("with-precision")
def with_precision(value: Value, digits: int, mode: str) -> Value:
    """A BigDecimal rounded to a number of digits."""
    if value.__class__ is not BigDecimal:
        return value
    text = str(abs(value.unscaled))
    drop = len(text) - digits
    if digits <= 0 or drop <= 0:
        return value
    whole, rest = divmod(abs(value.unscaled), 10**drop)
    half = 5 * 10 ** (drop - 1)
    negative = value.unscaled < 0
    if mode == "UNNECESSARY" and rest:
        raise arithmetic_fault("Rounding necessary")
    up = {
        "UP": rest > 0,
        "CEILING": rest > 0 and not negative,
        "FLOOR": rest > 0 and negative,
        "HALF_UP": rest >= half,
        "HALF_DOWN": rest > half,
        "HALF_EVEN": rest > half or (rest == half and whole % 2 == 1),
    }.get(mode, False)
    whole += up
    return BigDecimal(-whole if negative else whole, value.scale - drop)


@KERNEL.define("divide-decimal")
def divide_decimal(a: Value, b: Value, digits: int, mode: str) -> Value:
    """A quotient of two exact numbers rounded to a number of digits."""
    from fractions import Fraction  # noqa: PLC0415  # rarely needed

    one, two = to_decimal(a), to_decimal(b)
    if two.unscaled == 0:
        raise arithmetic_fault("Division by zero")
    fraction = Fraction(one.unscaled, two.unscaled) * Fraction(10) ** (two.scale - one.scale)
    scale = digits + 30
    exact = fraction * 10**scale
    unscaled = abs(exact.numerator) // exact.denominator
    sticky = unscaled * exact.denominator != abs(exact.numerator)
    unscaled = unscaled * 10 + (1 if sticky else 0)
    result = with_precision(BigDecimal(-unscaled if fraction < 0 else unscaled, scale + 1), digits, mode)
    preferred = one.scale - two.scale
    unscaled, scale = result.unscaled, result.scale
    while scale > preferred and unscaled % 10 == 0 and unscaled:
        unscaled //= 10
        scale -= 1
    return BigDecimal(unscaled, scale)
