"""ECMA-262 21.3: the Math object."""

from __future__ import annotations

import math
import random as host_random
import struct
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.ordinary import stored
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import (
    MAX_SAFE_INTEGER,
    require_object_coercible,
    to_number,
    uint32,
)
from lockstep.reference.javascript.runtime.operations.iteration import DONE, get_iterator
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY, NAN
from lockstep.reference.javascript.runtime.operations.operators import number_exponentiate
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_INTEGRAL_FROM: Final = 4503599627370496.0
"""From this magnitude on every Number is integral."""

_SCALE: Final = 1 << 1074
"""Every finite Number times this is an integer."""


def _domain(host: Callable[[float], float], at_overflow: Callable[[float], float]) -> Callable[..., float]:
    """A function of one Number: NaN outside the host function's domain, `at_overflow` beyond its range."""

    def function(realm: Realm, this: Value, x: Value = undefined) -> float:
        number = to_number(x)
        try:
            return host(number)
        except ValueError:
            return NAN
        except OverflowError:
            return at_overflow(number)

    return function


def _to_infinity(_number: float) -> float:
    return INFINITY


def _signed_infinity(number: float) -> float:
    return math.copysign(INFINITY, number)


def math_abs(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.1 Math.abs."""
    return abs(to_number(x))


def _atanh(number: float) -> float:
    """21.3.2.7, steps 4 and 5: the poles."""
    return math.copysign(INFINITY, number) if abs(number) == 1 else math.atanh(number)


def atan2(realm: Realm, this: Value, y: Value = undefined, x: Value = undefined) -> float:
    """21.3.2.8 Math.atan2."""
    ordinate = to_number(y)
    return math.atan2(ordinate, to_number(x))


_LEAST_NORMAL: Final = 2.0**-1022
# A polynomial that takes the first guess to 23 bits.
_CUBE_ROOT: Final = (
    1.87595182427177009643,
    -1.88497979543377169875,
    1.621429720105354466140,
    -0.758397934778766047437,
    0.145996192886612446982,
)


def cube_root(number: float) -> float:
    """21.3.2.9, by FreeBSD's algorithm as engines use it: within 0.667 units in the last place on every host."""
    if number == 0 or not math.isfinite(number):
        return number
    scaled, unscaled = (number * 2.0**54, 2.0**-18) if abs(number) < _LEAST_NORMAL else (number, 1.0)
    (bits,) = struct.unpack("<q", struct.pack("<d", abs(scaled)))
    # The exponent divided by three, and the best constant for the mantissa: 5 bits are right.
    (root,) = struct.unpack("<d", struct.pack("<q", ((bits >> 32) // 3 + 715094163) << 32))
    magnitude = abs(scaled)
    r = (root * root) * (root / magnitude)
    p0, p1, p2, p3, p4 = _CUBE_ROOT
    root *= (p0 + r * (p1 + r * p2)) + ((r * r) * r) * (p3 + r * p4)
    # Rounded to 23 bits, so that its square is exact; one Newton step takes those to 53.
    (bits,) = struct.unpack("<q", struct.pack("<d", root))
    (root,) = struct.unpack("<d", struct.pack("<q", (bits + 0x80000000) & ~0x3FFFFFFF))
    quotient = magnitude / (root * root)
    root += root * ((quotient - root) / ((root + root) + quotient))
    return math.copysign(root * unscaled, number)


def ceil(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.10 Math.ceil."""
    number = to_number(x)
    if -_INTEGRAL_FROM < number < _INTEGRAL_FROM:
        return math.copysign(float(math.ceil(number)), number)
    return number


def clz32(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.11 Math.clz32."""
    return float(32 - uint32(to_number(x)).bit_length())


def floor(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.16 Math.floor."""
    number = to_number(x)
    if -_INTEGRAL_FROM < number < _INTEGRAL_FROM:
        return math.copysign(float(math.floor(number)), number)
    return number


def round_to(number: float, code: str) -> float:
    """The Number nearest to `number` among those of an interchange format, as a struct code."""
    try:
        return float(struct.unpack(code, struct.pack(code, number))[0])
    except OverflowError:
        return math.copysign(INFINITY, number)


def fround(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.17 Math.fround."""
    return round_to(to_number(x), "<f")


def f16round(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.18 Math.f16round."""
    return round_to(to_number(x), "<e")


def hypot(realm: Realm, this: Value, *values: Value) -> float:
    """21.3.2.19 Math.hypot."""
    # Steps 1 and 2: every argument is coerced before any is looked at.
    coerced = [to_number(value) for value in values]
    return math.hypot(*coerced)


def imul(realm: Realm, this: Value, x: Value = undefined, y: Value = undefined) -> float:
    """21.3.2.20 Math.imul."""
    left = uint32(to_number(x))
    product = left * uint32(to_number(y)) & 0xFFFFFFFF
    return float(product - 0x100000000 if product & 0x80000000 else product)


def _logarithm(host: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """A logarithm that is -Infinity at its pole."""
    return lambda number: -INFINITY if number == pole else host(number)


def maximum(realm: Realm, this: Value, *values: Value) -> float:
    """21.3.2.25 Math.max."""
    # Steps 1 and 2.
    coerced = [to_number(value) for value in values]
    highest = -INFINITY
    for number in coerced:
        if math.isnan(number):  # step 4.a
            return NAN
        # Step 4.b: +0 is larger than -0.
        if number > highest or (number == 0 == highest and math.copysign(1.0, highest) < 0):
            highest = number
    return highest


def minimum(realm: Realm, this: Value, *values: Value) -> float:
    """21.3.2.26 Math.min."""
    # Steps 1 and 2.
    coerced = [to_number(value) for value in values]
    lowest = INFINITY
    for number in coerced:
        if math.isnan(number):  # step 4.a
            return NAN
        # Step 4.b: -0 is smaller than +0.
        if number < lowest or (number == 0 == lowest and math.copysign(1.0, number) < 0):
            lowest = number
    return lowest


def power(realm: Realm, this: Value, base: Value = undefined, exponent: Value = undefined) -> float:
    """21.3.2.27 Math.pow."""
    number = to_number(base)
    return number_exponentiate(number, to_number(exponent))


def random(realm: Realm, this: Value) -> float:
    """21.3.2.28 Math.random."""
    agent = realm.agent
    if agent.random_state is None:
        agent.random_state = host_random.Random()  # noqa: S311  # not for secrets, by specification
    return agent.random_state.random()


def math_round(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.29 Math.round."""
    number = to_number(x)
    # Step 2.
    if not -_INTEGRAL_FROM < number < _INTEGRAL_FROM:
        return number
    # Steps 3 to 5: ties go up, and what rounds to zero keeps its sign.
    lower = math.floor(number)
    return math.copysign(float(lower + 1 if number - lower >= 0.5 else lower), number)


def sign(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.30 Math.sign."""
    number = to_number(x)
    if math.isnan(number) or number == 0:
        return number
    return 1.0 if number > 0 else -1.0


def sum_precise(realm: Realm, this: Value, items: Value = undefined) -> float:
    """21.3.2.34 Math.sumPrecise."""
    # Steps 1 to 5.
    require_object_coercible(items)
    record = get_iterator(realm, items)
    numbers: list[float] = []
    # Steps 6 and 7: the state is what the list's sum will be.
    count = 0.0
    while True:
        value = record.step()
        if value is DONE:
            break
        try:
            # Step 7.b.i.
            if count >= MAX_SAFE_INTEGER:
                raise range_error("Math.sumPrecise: too many values")
            # Step 7.b.ii.
            if value.__class__ is not float:
                raise type_error("Math.sumPrecise: value is not a number")
        except Exception as error:
            record.close(error)
            raise
        numbers.append(value)
        count += 1
    return exact_sum(numbers)


def exact_sum(numbers: list[float]) -> float:
    """21.3.2.34, steps 8 to 12: the sum of mathematical values, rounded once; -0 of nothing but -0."""
    if all(number == 0 and math.copysign(1.0, number) < 0 for number in numbers):
        return -0.0
    try:
        return math.fsum(numbers)
    except ValueError:
        # Infinities of both signs.
        return NAN
    except OverflowError:
        # An intermediate sum is out of the host's range.
        total = 0
        for number in numbers:
            numerator, denominator = number.as_integer_ratio()
            total += numerator * (_SCALE // denominator)
        try:
            return total / _SCALE
        except OverflowError:
            return INFINITY if total > 0 else -INFINITY


def trunc(realm: Realm, this: Value, x: Value = undefined) -> float:
    """21.3.2.37 Math.trunc."""
    number = to_number(x)
    if -_INTEGRAL_FROM < number < _INTEGRAL_FROM:
        return math.copysign(float(math.trunc(number)), number)
    return number


_CONSTANTS: Final = (
    ("E", math.e),  # 21.3.1.1
    ("LN10", 2.302585092994046),  # 21.3.1.2
    ("LN2", 0.6931471805599453),  # 21.3.1.3
    ("LOG10E", 0.4342944819032518),  # 21.3.1.4
    ("LOG2E", 1.4426950408889634),  # 21.3.1.5
    ("PI", math.pi),  # 21.3.1.6
    ("SQRT1_2", 0.7071067811865476),  # 21.3.1.7
    ("SQRT2", 1.4142135623730951),  # 21.3.1.8
)
_FUNCTIONS = functions(
    ("abs", math_abs, 1, "21.3.2.1", "ES1"),
    ("acos", _domain(math.acos, _to_infinity), 1, "21.3.2.2", "ES1"),  # 21.3.2.2
    ("acosh", _domain(math.acosh, _to_infinity), 1, "21.3.2.3", "ES2015"),  # 21.3.2.3
    ("asin", _domain(math.asin, _to_infinity), 1, "21.3.2.4", "ES1"),  # 21.3.2.4
    ("asinh", _domain(math.asinh, _signed_infinity), 1, "21.3.2.5", "ES2015"),  # 21.3.2.5
    ("atan", _domain(math.atan, _to_infinity), 1, "21.3.2.6", "ES1"),  # 21.3.2.6
    ("atanh", _domain(_atanh, _signed_infinity), 1, "21.3.2.7", "ES2015"),  # 21.3.2.7
    ("atan2", atan2, 2, "21.3.2.8", "ES1"),
    ("cbrt", _domain(cube_root, _signed_infinity), 1, "21.3.2.9", "ES2015"),  # 21.3.2.9
    ("ceil", ceil, 1, "21.3.2.10", "ES1"),
    ("clz32", clz32, 1, "21.3.2.11", "ES2015"),
    ("cos", _domain(math.cos, _to_infinity), 1, "21.3.2.12", "ES1"),  # 21.3.2.12
    ("cosh", _domain(math.cosh, _to_infinity), 1, "21.3.2.13", "ES2015"),  # 21.3.2.13
    ("exp", _domain(math.exp, _to_infinity), 1, "21.3.2.14", "ES1"),  # 21.3.2.14
    ("expm1", _domain(math.expm1, _to_infinity), 1, "21.3.2.15", "ES2015"),  # 21.3.2.15
    ("floor", floor, 1, "21.3.2.16", "ES1"),
    ("fround", fround, 1, "21.3.2.17", "ES2015"),
    ("f16round", f16round, 1, "21.3.2.18", "ES2025"),
    ("hypot", hypot, 2, "21.3.2.19", "ES2015"),
    ("imul", imul, 2, "21.3.2.20", "ES2015"),
    ("log", _domain(_logarithm(math.log, 0.0), _to_infinity), 1, "21.3.2.21", "ES1"),  # 21.3.2.21
    ("log1p", _domain(_logarithm(math.log1p, -1.0), _to_infinity), 1, "21.3.2.22", "ES2015"),  # 21.3.2.22
    ("log10", _domain(_logarithm(math.log10, 0.0), _to_infinity), 1, "21.3.2.23", "ES2015"),  # 21.3.2.23
    ("log2", _domain(_logarithm(math.log2, 0.0), _to_infinity), 1, "21.3.2.24", "ES2015"),  # 21.3.2.24
    ("max", maximum, 2, "21.3.2.25", "ES1"),
    ("min", minimum, 2, "21.3.2.26", "ES1"),
    ("pow", power, 2, "21.3.2.27", "ES1"),
    ("random", random, 0, "21.3.2.28", "ES1"),
    ("round", math_round, 1, "21.3.2.29", "ES1"),
    ("sign", sign, 1, "21.3.2.30", "ES2015"),
    ("sin", _domain(math.sin, _to_infinity), 1, "21.3.2.31", "ES1"),  # 21.3.2.31
    ("sinh", _domain(math.sinh, _signed_infinity), 1, "21.3.2.32", "ES2015"),  # 21.3.2.32
    ("sqrt", _domain(math.sqrt, _to_infinity), 1, "21.3.2.33", "ES1"),  # 21.3.2.33
    ("sumPrecise", sum_precise, 1, "21.3.2.34", "proposal-math-sum"),
    ("tan", _domain(math.tan, _to_infinity), 1, "21.3.2.35", "ES1"),  # 21.3.2.35
    ("tanh", _domain(math.tanh, _to_infinity), 1, "21.3.2.36", "ES2015"),  # 21.3.2.36
    ("trunc", trunc, 1, "21.3.2.37", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %Math%."""
    target = prototype_object(realm)
    realm.math = target
    for name, value in _CONSTANTS:
        stored(target)[name] = Property(value, False, False, False)
    define_functions(realm, target, _FUNCTIONS)
    define_tag(target, "Math")
