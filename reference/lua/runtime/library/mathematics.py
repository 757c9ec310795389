"""Mathematical functions (manual 6.7)."""

from __future__ import annotations

import math
import os
from typing import Callable

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    boolean,
    check_any,
    check_int,
    check_integer,
    check_number,
    optional_integer,
    optional_number,
)
from lockstep.reference.lua.runtime.library.registration import library, versions
from lockstep.reference.lua.runtime.operations.arithmetic import divide, power
from lockstep.reference.lua.runtime.operations.comparison import less_than
from lockstep.reference.lua.runtime.operations.conversion import integer_of_float, to_integer
from lockstep.reference.lua.runtime.random_numbers import LinearFeedback, Xoshiro
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import NO_VALUES, Results, Value
from lockstep.reference.lua.syntax.numerals import plain, wrap

_HIGHEST = (1 << 63) - 1
_LOWEST = -(1 << 63)
_RAND_MAX = 2147483647


def _float_function(function: Callable[[float], float], domain: float) -> Callable[..., Results]:
    """A function of one float; `domain` is what C gives outside the function's domain."""

    def lua_float_function(state: State, *arguments: Value) -> Results:
        value = float(check_number(state, arguments, 1))
        try:
            result = function(value)
        except ValueError:
            result = value if math.isnan(value) else domain
        except OverflowError:
            result = math.inf
        return result if state.integers else plain(result)

    return lua_float_function


def _rounded(value: float, integers: bool) -> int | float:
    """An integral float as an integer, if there is one."""
    if not integers:
        return plain(value)
    integer = integer_of_float(value)
    return value if integer is None else integer


def _integral(function: Callable[[float], int], value: float) -> float:
    """A float rounded by `function`, as C rounds: what becomes zero keeps its sign."""
    return math.copysign(float(function(value)), value) if math.isfinite(value) else value


def _number(state: State, arguments: tuple[Value, ...], position: int) -> int | float:
    """A number, or the one that a string spells; in 5.4 that is a float, as only integers themselves are computed as such."""
    number = check_number(state, arguments, position)
    return float(number) if state.integers and type(arguments[position - 1]) is str else number


def lua_abs(state: State, *arguments: Value) -> Results:
    """`math.abs(x)`."""
    value = _number(state, arguments, 1)
    if type(value) is int:
        return wrap(abs(value))
    return abs(value)


def lua_ceil(state: State, *arguments: Value) -> Results:
    """`math.ceil(x)`."""
    value = _number(state, arguments, 1)
    if type(value) is int:
        return value
    return _rounded(_integral(math.ceil, value), state.integers)


def lua_floor(state: State, *arguments: Value) -> Results:
    """`math.floor(x)`."""
    if len(arguments) == 1 and type(arguments[0]) is int:
        return arguments[0]
    value = _number(state, arguments, 1)
    if type(value) is int:
        return value
    return _rounded(_integral(math.floor, value), state.integers)


def lua_fmod(state: State, *arguments: Value) -> Results:
    """`math.fmod(x, y)`."""
    # The reference implementation's host looks at its second argument first.
    right = _number(state, arguments, 2)
    left = _number(state, arguments, 1)
    if state.integers and type(left) is int and type(right) is int:
        if right == 0:
            argument_error(state, 2, "zero")
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    try:
        result = math.fmod(float(left), float(right))
    except ValueError:
        result = -math.nan
    return result if state.integers else plain(result)


def lua_modf(state: State, *arguments: Value) -> Results:
    """`math.modf(x)`."""
    given = _number(state, arguments, 1)
    if state.integers and type(given) is int:
        return [given, 0.0]
    value = float(given)
    if math.isinf(value):
        return [value, 0.0 if state.integers else plain(math.copysign(0.0, value))]
    if math.isnan(value):
        return [value, value]
    whole = _integral(math.floor if value >= 0 else math.ceil, value)
    fraction = (0.0 if state.integers else math.copysign(0.0, value)) if whole == value else value - whole
    if state.integers:
        return [_rounded(whole, integers=True), fraction]
    return [plain(whole), plain(fraction)]


def lua_sqrt(state: State, *arguments: Value) -> Results:
    """`math.sqrt(x)`."""
    if len(arguments) == 1 and type(arguments[0]) is float and arguments[0] >= 0 and state.integers:
        return math.sqrt(arguments[0])
    value = float(check_number(state, arguments, 1))
    result = math.sqrt(value) if value >= 0 else (value if math.isnan(value) else -math.nan)
    return result if state.integers else plain(result)


def _log_of(value: float, function: Callable[[float], float]) -> float:
    if value > 0:
        return function(value)
    return -math.inf if value == 0 else math.nan if value < 0 else value


def lua_log(state: State, *arguments: Value) -> Results:
    """`math.log(x, base)`."""
    value = float(check_number(state, arguments, 1))
    if argument(arguments, 2) is None or not state.integers:
        result = _log_of(value, math.log)
    else:
        base = float(check_number(state, arguments, 2))
        if base == 2.0:
            result = _log_of(value, math.log2)
        elif base == 10.0:
            result = _log_of(value, math.log10)
        else:
            result = divide(_log_of(value, math.log), _log_of(base, math.log))
    return result if state.integers else plain(result)


def lua_atan(state: State, *arguments: Value) -> Results:
    """`math.atan(y, x)`."""
    value = float(check_number(state, arguments, 1))
    return math.atan2(value, float(optional_number(state, arguments, 2, 1)))


def lua_atan2(state: State, *arguments: Value) -> Results:
    """`math.atan2(y, x)` (5.1)."""
    x = check_number(state, arguments, 2)
    return plain(math.atan2(check_number(state, arguments, 1), x))


def lua_pow(state: State, *arguments: Value) -> Results:
    """`math.pow(x, y)` (5.1)."""
    exponent = float(check_number(state, arguments, 2))
    return plain(power(float(check_number(state, arguments, 1)), exponent))


def lua_ldexp(state: State, *arguments: Value) -> Results:
    """`math.ldexp(m, e)` (5.1)."""
    exponent = check_int(state, arguments, 2)
    mantissa = float(check_number(state, arguments, 1))
    try:
        return plain(math.ldexp(mantissa, exponent))
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def lua_frexp(state: State, *arguments: Value) -> Results:
    """`math.frexp(x)` (5.1)."""
    mantissa, exponent = math.frexp(float(check_number(state, arguments, 1)))
    return [plain(mantissa), exponent]


def lua_max(state: State, *arguments: Value) -> Results:
    """`math.max(x, ...)`."""
    if len(arguments) == 2 and type(arguments[0]) is int and type(arguments[1]) is int:
        return max(arguments[0], arguments[1])
    if not arguments and state.integers:
        argument_error(state, 1, "value expected")
    if state.integers:
        # Whatever can be compared.
        best = arguments[0]
        for value in arguments[1:]:
            if less_than(state, best, value):
                best = value
        return best
    best = check_number(state, arguments, 1)
    for position in range(2, len(arguments) + 1):
        value = check_number(state, arguments, position)
        best = max(best, value)
    return best


def lua_min(state: State, *arguments: Value) -> Results:
    """`math.min(x, ...)`."""
    if len(arguments) == 2 and type(arguments[0]) is int and type(arguments[1]) is int:
        return min(arguments[0], arguments[1])
    if not arguments and state.integers:
        argument_error(state, 1, "value expected")
    if state.integers:
        # Whatever can be compared.
        best = arguments[0]
        for value in arguments[1:]:
            if less_than(state, value, best):
                best = value
        return best
    best = check_number(state, arguments, 1)
    for position in range(2, len(arguments) + 1):
        value = check_number(state, arguments, position)
        best = min(best, value)
    return best


def lua_tointeger(state: State, *arguments: Value) -> Results:
    """`math.tointeger(x)` (5.4)."""
    return to_integer(check_any(state, arguments, 1), integers=True)


def lua_type(state: State, *arguments: Value) -> Results:
    """`math.type(x)` (5.4)."""
    kind = type(check_any(state, arguments, 1))
    return "integer" if kind is int else "float" if kind is float else None


def lua_ult(state: State, *arguments: Value) -> Results:
    """`math.ult(m, n)` (5.4)."""
    mask = (1 << 64) - 1
    left, right = check_integer(state, arguments, 1), check_integer(state, arguments, 2)
    return boolean((left & mask) < (right & mask))


def _random_interval(state: State, arguments: tuple[Value, ...]) -> tuple[int, int] | None:
    count = len(arguments)
    if count == 0:
        return None
    if count == 1:
        return 1, check_integer(state, arguments, 1)
    if count == 2:
        return check_integer(state, arguments, 1), check_integer(state, arguments, 2)
    return runtime_error("wrong number of arguments", 1)


def lua_random(state: State, *arguments: Value) -> Results:
    """`math.random(m, n)` (5.4)."""
    generator = state.random
    interval = _random_interval(state, arguments)
    if interval is None:
        return generator.fraction()
    low, high = interval
    if low == 1 and high == 0 and len(arguments) == 1:
        return wrap(generator.next())
    if low > high:
        argument_error(state, 1, "interval is empty")
    return wrap(generator.below(high - low) + low)


def lua_randomseed(state: State, *arguments: Value) -> Results:
    """`math.randomseed(x, y)` (5.4)."""
    generator = state.random
    if not arguments:
        seeds = [wrap(int.from_bytes(os.urandom(8), "little")) for _ in range(2)]
        generator.seed(*seeds)
        return list(seeds)
    first = check_integer(state, arguments, 1)
    second = optional_integer(state, arguments, 2, 0)
    generator.seed(first, second)
    return [first, second]


def _c_int(integer: int) -> int:
    """An integer as the `int` that 5.1 takes it for."""
    return (integer + (1 << 31)) % (1 << 32) - (1 << 31)


def lua_old_random(state: State, *arguments: Value) -> Results:
    """`math.random(m, n)` (5.1)."""
    fraction = (state.old_random.next() % _RAND_MAX) / _RAND_MAX
    interval = _random_interval(state, arguments)
    if interval is None:
        return plain(fraction)
    low, high = _c_int(interval[0]), _c_int(interval[1])
    if low > high:
        argument_error(state, len(arguments), "interval is empty")
    return plain(float(math.floor(fraction * (high - low + 1)) + low))


def lua_old_randomseed(state: State, *arguments: Value) -> Results:
    """`math.randomseed(x)` (5.1)."""
    state.old_random.seed(check_integer(state, arguments, 1))
    return NO_VALUES


FUNCTIONS = versions(
    ("abs", lua_abs, 1, "6.7", "5.0"),
    ("acos", _float_function(math.acos, math.nan), 1, "6.7", "5.0"),
    ("asin", _float_function(math.asin, math.nan), 1, "6.7", "5.0"),
    ("atan", _float_function(math.atan, math.nan), 1, "6.7", "5.0", "5.2"),
    ("atan", lua_atan, 2, "6.7", "5.3"),
    ("atan2", lua_atan2, 2, "6.7", "5.0", "5.2"),
    ("ceil", lua_ceil, 1, "6.7", "5.0"),
    ("cos", _float_function(math.cos, -math.nan), 1, "6.7", "5.0"),
    ("cosh", _float_function(math.cosh, math.nan), 1, "6.7", "5.1", "5.2"),
    ("deg", _float_function(lambda value: value * (180.0 / math.pi), math.nan), 1, "6.7", "5.0"),
    ("exp", _float_function(math.exp, math.nan), 1, "6.7", "5.0"),
    ("floor", lua_floor, 1, "6.7", "5.0"),
    ("fmod", lua_fmod, 2, "6.7", "5.1"),
    ("frexp", lua_frexp, 1, "6.7", "5.0", "5.2"),
    ("ldexp", lua_ldexp, 2, "6.7", "5.0", "5.2"),
    ("log", lua_log, 1, "5.6", "5.0", "5.1"),
    ("log", lua_log, 2, "6.7", "5.2"),
    ("log10", _float_function(lambda value: _log_of(value, math.log10), math.nan), 1, "5.6", "5.0", "5.1"),
    ("max", lua_max, 1, "6.7", "5.0"),
    ("min", lua_min, 1, "6.7", "5.0"),
    ("mod", lua_fmod, 2, "7.2", "5.0", "5.1"),
    ("modf", lua_modf, 1, "6.7", "5.1"),
    ("pow", lua_pow, 2, "6.7", "5.0", "5.2"),
    ("rad", _float_function(lambda value: value * (math.pi / 180.0), math.nan), 1, "6.7", "5.0"),
    ("random", lua_old_random, 2, "6.7", "5.0", "5.3"),
    ("random", lua_random, 2, "6.7", "5.4"),
    ("randomseed", lua_old_randomseed, 1, "6.7", "5.0", "5.3"),
    ("randomseed", lua_randomseed, 2, "6.7", "5.4"),
    ("sin", _float_function(math.sin, -math.nan), 1, "6.7", "5.0"),
    ("sinh", _float_function(math.sinh, math.nan), 1, "6.7", "5.1", "5.2"),
    ("sqrt", lua_sqrt, 1, "6.7", "5.0"),
    ("tan", _float_function(math.tan, -math.nan), 1, "6.7", "5.0"),
    ("tanh", _float_function(math.tanh, math.nan), 1, "6.7", "5.1", "5.2"),
    ("tointeger", lua_tointeger, 1, "6.7", "5.3"),
    ("type", lua_type, 1, "6.7", "5.3"),
    ("ult", lua_ult, 2, "6.7", "5.3"),
)


def open_math(state: State) -> None:
    """The library `math`."""
    table = library(state, "math", FUNCTIONS.of(state))
    fields = table.__dict__
    fields["pi"] = math.pi
    fields["huge"] = math.inf
    if state.integers:
        state.random = Xoshiro()
        fields["maxinteger"] = _HIGHEST
        fields["mininteger"] = _LOWEST
    else:
        fields["mod"] = fields["fmod"]
        state.old_random = LinearFeedback()
