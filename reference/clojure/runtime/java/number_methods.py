"""Methods of Java's classes of numbers."""

from __future__ import annotations

import math
from typing import Callable

from lockstep.reference.clojure.runtime.arity import of_three, of_two
from lockstep.reference.clojure.runtime.values import Value, decimals
from lockstep.reference.clojure.runtime.values.equality import compare
from lockstep.reference.clojure.runtime.values.faults import arithmetic_fault
from lockstep.reference.clojure.runtime.values.names import boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInteger,
    divide_decimal,
    is_nan,
    to_double,
    to_exact_integer,
    truncated,
    wrapped,
)

Method = Callable[..., Value]

_RADIX = "0123456789abcdefghijklmnopqrstuvwxyz"


def in_radix(value: int, radix: int) -> str:
    """The digits of an integer, as Long.toString writes them."""
    if radix == 10:
        return str(value)
    digits = ""
    left = abs(value)
    while left:
        left, digit = divmod(left, radix)
        digits = _RADIX[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


def _cut(bits: int) -> Method:
    def call(x: Value) -> int:
        if is_nan(x):
            return 0
        if x.__class__ is float:
            limit = 1 << max(bits, 32) - 1
            x = -limit if x <= -limit else limit - 1 if x >= limit else math.trunc(x)
        value = to_exact_integer(x) & (1 << bits) - 1
        return value - (1 << bits) if value >> bits - 1 else value

    return call


NUMBER: dict[str, Method] = {
    "intValue": _cut(32),
    "longValue": _cut(64),
    "shortValue": _cut(16),
    "byteValue": _cut(8),
    "doubleValue": to_double,
    "floatValue": to_double,
    "compareTo": compare,
    "toBigInteger": lambda x: BigInteger(to_exact_integer(x)),
    "bitLength": lambda x: to_exact_integer(x).bit_length(),
}


def _compare_doubles(left: float, right: Value) -> int:
    """Double.compareTo: NaN is the greatest, and -0.0 is less than 0.0."""
    if right.__class__ is not float:
        return compare(left, right)
    one, two = ((math.isnan(x), 0.0 if math.isnan(x) else x, math.copysign(1.0, x)) for x in (left, right))
    if one[0] or two[0]:
        return one[0] - two[0]
    return (one > two) - (one < two)


DOUBLE: dict[str, Method] = {
    **NUMBER,
    "compareTo": _compare_doubles,
    "isNaN": lambda x: boolean(math.isnan(x)),
    "isInfinite": lambda x: boolean(math.isinf(x)),
}


def _integer(value: Value) -> int:
    return to_exact_integer(value)


def _on_integers(operate: Callable[..., int]) -> Method:
    return lambda *values: BigInteger(operate(*[_integer(value) for value in values]))


def _nonzero(value: int) -> int:
    if value == 0:
        raise arithmetic_fault("BigInteger divide by zero")
    return value


def _mod(a: int, b: int) -> int:
    if b <= 0:
        raise arithmetic_fault("BigInteger: modulus not positive")
    return a % b


def _inverse(a: int, b: int) -> int:
    try:
        return pow(a, -1, b)
    except ValueError:
        raise arithmetic_fault("BigInteger not invertible.") from None


def is_probable_prime(value: int) -> bool:
    """Miller and Rabin's test with the first primes, which decides below 3.3e24."""
    if value < 2:
        return False
    primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if value in primes:
        return True
    if any(value % prime == 0 for prime in primes):
        return False
    odd, twos = value - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(value, witness, odd, twos) for witness in primes)


def _passes(value: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, value)
    if power in (1, value - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % value
        if power == value - 1:
            return True
    return False


def _next_prime(value: int) -> int:
    value += 1
    while not is_probable_prime(value):
        value += 1
    return value


BIG_INTEGER: dict[str, Method] = {
    **NUMBER,
    "add": _on_integers(lambda a, b: a + b),
    "subtract": _on_integers(lambda a, b: a - b),
    "multiply": _on_integers(lambda a, b: a * b),
    "divide": _on_integers(lambda a, b: truncated(a, _nonzero(b))),
    "remainder": _on_integers(lambda a, b: a - b * truncated(a, _nonzero(b))),
    "mod": _on_integers(_mod),
    "modPow": _on_integers(of_three(pow)),
    "modInverse": _on_integers(_inverse),
    "pow": _on_integers(lambda a, b: a**b),
    "gcd": _on_integers(math.gcd),
    "abs": _on_integers(abs),
    "negate": _on_integers(lambda a: -a),
    "shiftLeft": _on_integers(lambda a, b: a << b if b >= 0 else a >> -b),
    "shiftRight": _on_integers(lambda a, b: a >> b if b >= 0 else a << -b),
    "and": _on_integers(lambda a, b: a & b),
    "or": _on_integers(lambda a, b: a | b),
    "xor": _on_integers(lambda a, b: a ^ b),
    "not": _on_integers(lambda a: ~a),
    "andNot": _on_integers(lambda a, b: a & ~b),
    "max": _on_integers(max),
    "min": _on_integers(min),
    "sqrt": _on_integers(math.isqrt),
    "setBit": _on_integers(lambda a, b: a | 1 << b),
    "clearBit": _on_integers(lambda a, b: a & ~(1 << b)),
    "flipBit": _on_integers(lambda a, b: a ^ 1 << b),
    "nextProbablePrime": _on_integers(_next_prime),
    "testBit": lambda a, n: boolean(_integer(a) >> n & 1),
    "bitCount": lambda a: bin(_integer(a) if _integer(a) >= 0 else ~_integer(a)).count("1"),
    "bitLength": lambda a: (_integer(a) if _integer(a) >= 0 else ~_integer(a)).bit_length(),
    "getLowestSetBit": lambda a: (_integer(a) & -_integer(a)).bit_length() - 1,
    "isProbablePrime": lambda a, *_: boolean(is_probable_prime(abs(_integer(a)))),
    "signum": lambda a: (_integer(a) > 0) - (_integer(a) < 0),
    "toString": lambda a, radix=10: in_radix(_integer(a), radix),
    "longValueExact": lambda a: _exact_long(_integer(a)),
}


def _exact_long(value: int) -> int:
    if wrapped(value) != value:
        raise arithmetic_fault("BigInteger out of long range")
    return value


def _on_decimals(operator: str) -> Method:
    return lambda a, b, *_: BigDecimal(*decimals.combined(operator, a.pair, b.pair))


def _power(a: BigDecimal, n: int) -> BigDecimal:
    return BigDecimal(a.unscaled**n, a.scale * n)


def _with_scale(a: BigDecimal, scale: int, *mode: Value) -> BigDecimal:
    """BigDecimal.setScale."""
    if scale >= a.scale:
        return BigDecimal(a.unscaled * 10 ** (scale - a.scale), scale)
    name = str(getattr(mode[0], "name", "UNNECESSARY")) if mode else "UNNECESSARY"
    # A digit in front keeps the precision positive.
    lead = 10 ** (len(str(abs(a.unscaled))) + a.scale - scale + 1)
    sign = -1 if a.unscaled < 0 else 1
    context = decimals.MathContext(len(str(lead)) - (a.scale - scale), name)
    unscaled, _ = decimals.to_precision((sign * (abs(a.unscaled) + lead), a.scale), context)
    return BigDecimal(unscaled - sign * lead // 10 ** (a.scale - scale), scale)


BIG_DECIMAL: dict[str, Method] = {
    **NUMBER,
    "add": _on_decimals("+"),
    "subtract": _on_decimals("-"),
    "multiply": _on_decimals("*"),
    "divide": of_two(divide_decimal),
    "divideToIntegralValue": lambda a, b: BigDecimal(*decimals.integral_quotient(a.pair, b.pair)),
    "remainder": lambda a, b: BigDecimal(*decimals.integral_remainder(a.pair, b.pair)),
    "abs": lambda a: BigDecimal(abs(a.unscaled), a.scale),
    "negate": lambda a: BigDecimal(-a.unscaled, a.scale),
    "pow": _power,
    "max": of_two(max),
    "min": of_two(min),
    "signum": lambda a: (a.unscaled > 0) - (a.unscaled < 0),
    "scale": lambda a: a.scale,
    "precision": lambda a: len(str(abs(a.unscaled))),
    "unscaledValue": lambda a: BigInteger(a.unscaled),
    "stripTrailingZeros": lambda a: a.stripped(),
    "setScale": _with_scale,
    "movePointLeft": lambda a, n: BigDecimal(a.unscaled, max(a.scale + n, 0)),
    "movePointRight": lambda a, n: _with_scale(BigDecimal(a.unscaled, a.scale - n), max(a.scale - n, 0)),
    "toPlainString": lambda a: _with_scale(a, max(a.scale, 0)).text(),
}
