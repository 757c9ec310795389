"""Numbers: arithmetic, comparison, bits, casts, parsing."""

from __future__ import annotations

import math
import re
import struct
from typing import Callable, cast

from lockstep.reference.clojure.runtime.java.classes import class_name_of
from lockstep.reference.clojure.runtime.java.objects import java_hash
from lockstep.reference.clojure.runtime.java.parsing import parse_double as java_double
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.values import Value, numbers
from lockstep.reference.clojure.runtime.values.decimals import MathContext, math_context
from lockstep.reference.clojure.runtime.values.equality import (
    clojure_hash,
    compare,
    equiv,
    hash_combine,
    mix_collection_hash,
)
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    class_cast_fault,
    number_format_fault,
)
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Char, boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    BigInteger,
    Number,
    Ratio,
    add,
    chance,
    divide,
    double_text,
    is_number,
    multiply,
    promoted,
    require_number,
    second_number,
    subtract,
    to_decimal,
    to_double,
    to_exact_integer,
    wrapped,
)

_ABSENT = cast("Number", MISSING)


def _cast(value: Value) -> Value:
    """What one argument of a sum is asked for: a number or nil (`cast`)."""
    if value is None or is_number(value):
        return value
    raise Fault("ClassCastException", f"Cannot cast {class_name_of(value)} to java.lang.Number")


def _folding_number(operate: Callable[[Number, Number], Number], unit: int) -> Callable[..., Value]:
    def call(a: Number = unit, b: Number = _ABSENT, *more: Number) -> Value:
        if b is _ABSENT:
            return _cast(a)
        result = operate(a, b)
        for value in more:
            result = operate(result, value)
        return result

    return call


@CORE.define("-")
def minus(a: Number, b: Number = _ABSENT, *more: Number) -> Value:
    """`-`."""
    if b is _ABSENT:
        return numbers.negate(require_number(a))
    result = subtract(a, b)
    for value in more:
        result = subtract(result, value)
    return result


@CORE.define("/")
def over(a: Number, b: Number = _ABSENT, *more: Number) -> Value:
    """`/`."""
    if b is _ABSENT:
        return divide(1, a)
    result = divide(a, b)
    for value in more:
        result = divide(result, value)
    return result


def _promoting_sum(a: Number, b: Number) -> Number:
    b = second_number(a, b)
    return promoted(a + b)


def _promoting_product(a: Number, b: Number) -> Number:
    b = second_number(a, b)
    return promoted(a * b)


def _promoting_minus(a: Number, *more: Value) -> Number:
    if not more:
        return promoted(-require_number(a))
    for value in more:
        # Numbers.minusP negates the second first.
        negated = promoted(-require_number(value))
        a = promoted(require_number(a) + negated)
    return a


CORE.define_all(
    {
        "+": _folding_number(add, 0),
        "*": _folding_number(multiply, 1),
        "+'": _folding_number(_promoting_sum, 0),
        "*'": _folding_number(_promoting_product, 1),
        "-'": _promoting_minus,
        "inc": lambda x: add(require_number(x), 1),
        "dec": lambda x: add(require_number(x), -1),
        "inc'": lambda x: promoted(require_number(x) + 1),
        "dec'": lambda x: promoted(require_number(x) - 1),
        "quot": numbers.quotient,
        "rem": numbers.remainder,
        "mod": numbers.modulo,
    }
)


def _ordered(
    test: Callable[[Number, Number], bool], checked: Callable[[Number, Number], Number] = second_number
) -> Callable[..., Value]:
    def call(a: Number, *more: Number) -> Value:
        if not more:
            return TRUE
        for b in more:
            if not test(a, checked(a, b)):
                return FALSE
            a = b
        return TRUE

    return call


@CORE.define("=")
def equal(a: Value, *more: Value) -> Value:
    """`=`."""
    for b in more:
        if not equiv(a, b):
            return FALSE
        a = b
    return TRUE


@CORE.define("max")
def maximum(a: Number, *more: Value) -> Number:
    """`max`."""
    for b in more:
        a = _chosen(a, b, lambda one, other: one > other)
    return a


@CORE.define("min")
def minimum(a: Number, *more: Value) -> Number:
    """`min`."""
    for b in more:
        a = _chosen(a, b, lambda one, other: one < other)
    return a


def _chosen(a: Number, b: Value, test: Callable[[Number, Number], bool]) -> Number:
    other = second_number(a, b)
    if numbers.is_nan(a):
        return a
    return other if numbers.is_nan(other) or not test(a, other) else a


CORE.define_all(
    {
        "<": _ordered(lambda a, b: a < b),
        ">": _ordered(lambda a, b: a > b),
        "<=": _ordered(lambda a, b: a <= b),
        ">=": _ordered(lambda a, b: a >= b),
        "==": _ordered(numbers.number_equal, numbers.cast_second),
        "not=": lambda a, *more: FALSE if equal(a, *more) is TRUE else TRUE,
        "compare": compare,
        "identical?": lambda a, b: boolean(
            a is b or (a.__class__ is b.__class__ and a.__class__ in (int, str, Char) and a == b)
        ),
        "zero?": lambda x: boolean(numbers.is_zero(x)),
        "pos?": lambda x: boolean(require_number(x) > 0),
        "neg?": lambda x: boolean(require_number(x) < 0),
        "number?": lambda x: boolean(is_number(x)),
        "integer?": lambda x: boolean(numbers.is_integer(x)),
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
        "hash-combine": lambda x, y: hash_combine(to_exact_integer(x), java_hash(y)),
        "mix-collection-hash": mix_collection_hash,
    }
)


def _parity(value: Value) -> int:
    if value.__class__ is int:
        return value & 1
    if numbers.is_integer(value):
        return to_exact_integer(value) & 1
    shown = "" if value is None else double_text(value) if value.__class__ is float else value
    raise argument_fault(f"Argument must be an integer: {shown}")


@CORE.define("even?")
def is_even(n: Value) -> Value:
    """`even?`."""
    return FALSE if _parity(n) else TRUE


@CORE.define("odd?")
def is_odd(n: Value) -> Value:
    """`odd?`."""
    return TRUE if _parity(n) else FALSE


@CORE.define("abs")
def absolute(x: Number) -> Number:
    """`abs`."""
    require_number(x)
    if x.__class__ is int:
        return x if x == LONG_MIN else abs(x)
    if x.__class__ is float:
        return abs(x)
    return -x if x < 0 else x


def _wrap32(value: int) -> int:
    value &= (1 << 32) - 1
    return value - (1 << 32) if value >> 31 else value


def _bits(value: Value) -> int:
    if value.__class__ is int:
        return value
    if value is None:
        raise class_cast_fault(None, "java.lang.Number")
    raise argument_fault(f"bit operation not supported for: class {class_name_of(value)}")


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
        "bit-shift-left": lambda x, n: wrapped(_bits(x) << (_bits(n) & 63)),
        "bit-shift-right": lambda x, n: _bits(x) >> (_bits(n) & 63),
        "unsigned-bit-shift-right": lambda x, n: wrapped((_bits(x) & (1 << 64) - 1) >> (_bits(n) & 63)),
        "bit-test": lambda x, n: boolean(_bits(x) >> (_bits(n) & 63) & 1),
        "bit-set": lambda x, n: wrapped(_bits(x) | 1 << (_bits(n) & 63)),
        "bit-clear": lambda x, n: wrapped(_bits(x) & ~(1 << (_bits(n) & 63))),
        "bit-flip": lambda x, n: wrapped(_bits(x) ^ 1 << (_bits(n) & 63)),
    }
)


def _unchecked(
    operate: Callable[[Number, Number], Number], wrap: Callable[[int], int]
) -> Callable[..., Value]:
    def call(a: Number, b: Value) -> Value:
        result = operate(a, second_number(a, b))
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


_define_unchecked("", wrapped)
_define_unchecked("-int", _wrap32)
CORE.define_all({"unchecked-divide-int": numbers.quotient, "unchecked-remainder-int": numbers.remainder})


def _code(value: Value) -> Value:
    return ord(value.value) if value.__class__ is Char else value


def _checked_cast(name: str, low: int, high: int) -> Callable[[Value], int]:
    # RT.intCast takes what is no number for a character.
    expected = "java.lang.Character" if name == "int" else "java.lang.Number"

    def call(x: Value) -> int:
        x = _code(x)
        if not is_number(x):
            raise class_cast_fault(x, expected)
        if numbers.is_nan(x):
            return 0
        if x.__class__ is float:
            if not float(low) <= x <= float(high):
                raise argument_fault(f"Value out of range for {name}: {double_text(x)}")
            return min(math.trunc(x), high)
        result = to_exact_integer(x)
        if not low <= result <= high:
            raise argument_fault(f"Value out of range for {name}: {result}")
        return result

    return call


def _unchecked_cast(bits: int) -> Callable[[Value], int]:
    def call(x: Value) -> int:
        """Integers are cut; a double saturates as an int or a long first (JLS 5.1.3)."""
        x = require_number(_code(x))
        if numbers.is_nan(x):
            return 0
        if x.__class__ is float:
            limit = 1 << max(bits, 32) - 1
            x = -limit if x <= -limit else limit - 1 if x >= limit else math.trunc(x)
        result = to_exact_integer(x) & (1 << bits) - 1
        return result - (1 << bits) if result >> (bits - 1) else result

    return call


_unchecked_int = _unchecked_cast(32)


def _to_float(x: Value) -> float:
    number = to_double(x)
    if math.isfinite(number) and abs(number) > 3.4028234663852886e38:
        raise argument_fault(f"Value out of range for float: {double_text(number)}")
    nearest: float = struct.unpack("f", struct.pack("f", number))[0]
    return nearest


@CORE.define("char")
def to_char(x: Value) -> Char:
    """`char`."""
    if x.__class__ is Char:
        return x
    return Char(chr(_to_code(x)))


_to_code = _checked_cast("char", 0, 0xFFFF)


@CORE.define("bigint")
def to_bigint(x: Value) -> BigInt:
    """`bigint`."""
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
    """`bigdec`."""
    return BigDecimal.parse(x) if x.__class__ is str else to_decimal(x)


@CORE.define("rationalize")
def rationalize(x: Value) -> Value:
    """`rationalize`."""
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
        return BigInteger(getattr(x, name))

    return call


long_cast = _checked_cast("long", LONG_MIN, LONG_MAX)


def double_cast(x: Value) -> float:
    """`double` (RT.doubleCast)."""
    return to_double(require_number(x))


CORE.define_all(
    {
        "long": long_cast,
        "int": _checked_cast("int", -(1 << 31), (1 << 31) - 1),
        "short": _checked_cast("short", -32768, 32767),
        "byte": _checked_cast("byte", -128, 127),
        "double": double_cast,
        "float": _to_float,
        "num": require_number,
        "biginteger": lambda x: x if x.__class__ is BigInteger else BigInteger(to_bigint(x).value),
        "boolean": lambda x: boolean(x is not None and x is not FALSE),
        "numerator": _part("numerator"),
        "denominator": _part("denominator"),
        "unchecked-long": _unchecked_cast(64),
        "unchecked-int": _unchecked_cast(32),
        "unchecked-short": _unchecked_cast(16),
        "unchecked-byte": _unchecked_cast(8),
        "unchecked-char": lambda x: Char(chr(_unchecked_int(x) & 0xFFFF)),
        "unchecked-double": to_double,
        "unchecked-float": to_double,
    }
)


def _text(value: Value) -> str:
    if value.__class__ is not str:
        raise argument_fault(f"Expected string, got {'nil' if value is None else class_name_of(value)}")
    return str(value)


@CORE.define("parse-long")
def parse_long(s: Value) -> Value:
    """`parse-long`."""
    text = _text(s)
    if not re.fullmatch(r"[-+]?\d+", text):
        return None
    value = int(text)
    return value if LONG_MIN <= value <= LONG_MAX else None


@CORE.define("parse-double")
def parse_double(s: Value) -> Value:
    """`parse-double`."""
    text = _text(s)
    try:
        return java_double(text)
    except Fault:
        return None


@CORE.define("parse-boolean")
def parse_boolean(s: Value) -> Value:
    """`parse-boolean`."""
    text = _text(s)
    return TRUE if text == "true" else FALSE if text == "false" else None


CORE.define_all(
    {
        "rand": lambda n=1: chance() * to_double(n),
        "rand-int": lambda n: int(chance() * to_double(n)),
    }
)


KERNEL.define_all(
    {
        "divide-doubles": numbers.divide_doubles,
        "equal-doubles": lambda a, b: boolean(a == b),
        "subtract-primitives": numbers.subtract_primitives,
        "quotient-longs": numbers.quotient_longs,
        "remainder-longs": numbers.remainder_longs,
    }
)


@KERNEL.define("with-math-context")
def with_math_context(digits: Value, mode: str, thunk: Callable[[], Value]) -> Value:
    """The value of `thunk`, in whose extent decimals are rounded."""
    token = math_context.set(MathContext(to_exact_integer(digits), mode))
    try:
        return thunk()
    finally:
        math_context.reset(token)
