"""The numeric `for` loop (manual 3.3.5): its values are known before it starts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NoReturn

from lockstep.reference.lua.runtime.operations.conversion import to_float_or_int
from lockstep.reference.lua.runtime.stack.errors import named_type, runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Value
from lockstep.reference.lua.syntax.numerals import plain

_LOWEST = -(1 << 63)
_HIGHEST = (1 << 63) - 1
_EXACT = 1 << 53


def loop_values(state: State, start: Value, stop: Value, step: Value) -> Iterable[Value]:
    """The values that the loop variable takes.

    Raises:
        LuaError: a bound is no number, or the step is zero.
    """
    if not state.integers:
        return _old_loop_values(start, stop, step)
    start, stop, step = _converted(start), _converted(stop), _converted(step)
    if type(start) is int and type(step) is int:
        if not step:
            runtime_error("'for' step is zero")
        if type(stop) is not int:
            stop = _integer_limit(state, stop, step)
            if stop is None:
                return ()
        return range(start, stop + 1 if step > 0 else stop - 1, step)
    numbers = []
    for value, what in ((stop, "limit"), (step, "step"), (start, "initial")):
        if not isinstance(value, (int, float)):
            _bound_error(state, what, value)
        numbers.append(float(value))
    last, by, first = numbers
    if not by:
        runtime_error("'for' step is zero")
    return _float_values(first, last, by)


def _number(value: Value, integers: bool) -> float:
    """A bound of a loop that runs, so that it is a number."""
    number = to_float_or_int(value, integers)
    assert number is not None
    return number


def loop_control(
    state: State, start: Value, stop: Value, step: Value, taken: Iterable[Value]
) -> tuple[Value, Value, Value]:
    """The hidden variables of a loop that takes the values `taken`, for `control_value`."""
    if state.integers:
        if isinstance(taken, range):
            # What is left of it is how many rounds are.
            return taken.start, taken, taken.step
        if taken == ():
            return None, None, None
        first, last, by = (float(_number(value, integers=True)) for value in (start, stop, step))
        return first, last, by
    first, last, by = (plain(_number(value, integers=False)) for value in (start, stop, step))
    return first, last, by


def control_value(held: Value, index: Value) -> Value:
    """What the debug library shows of a hidden variable, where `index` is the loop's first one."""
    if type(held) is range and type(index) is int:
        return len(range(index, held.stop, held.step)) - 1
    return held


def _converted(value: Value) -> Value:
    """A bound that is a string as the float that it spells, if it spells one."""
    if type(value) is not str:
        return value
    number = to_float_or_int(value, integers=True)
    return value if number is None else float(number)


def _bound_error(state: State, what: str, value: Value) -> NoReturn:
    shown = "initial value" if what == "initial" else what
    runtime_error(f"bad 'for' {shown} (number expected, got {named_type(state, value)})")


def _integer_limit(state: State, stop: Value, step: int) -> int | None:
    """A limit that is no integer, clipped to the integers; None where the loop does not run (`forlimit`)."""
    if type(stop) is not float:
        _bound_error(state, "limit", stop)
    if math.isnan(stop):
        # It is not above zero, so it counts as below all integers.
        return None if step > 0 else _LOWEST
    if stop >= 9223372036854775808.0:
        return None if step < 0 else _HIGHEST
    if stop < -9223372036854775808.0:
        return None if step > 0 else _LOWEST
    clipped: int = math.ceil(stop) if step < 0 else math.floor(stop)
    return clipped


def _float_values(start: float, stop: float, step: float) -> Iterator[float]:
    # `forprep` asks whether the limit is passed, `floatforloop` whether it is not: NaN is neither.
    if (stop < start) if step > 0 else (start < stop):
        return
    while True:
        yield start
        start += step
        if not ((start <= stop) if step > 0 else (stop <= start)):
            return


def _old_loop_values(start: Value, stop: Value, step: Value) -> Iterable[Value]:
    """The same in 5.1, where every number is a double and strings are converted."""
    numbers = []
    for value, what in ((start, "initial value"), (stop, "limit"), (step, "step")):
        number = to_float_or_int(value, integers=False)
        if number is None:
            runtime_error(f"'for' {what} must be a number")
        numbers.append(plain(number) if type(number) is float else number)
    first, last, by = numbers
    if type(first) is int and type(by) is int and by and abs(first - by) <= _EXACT:
        if type(last) is float and math.isfinite(last):
            last = math.ceil(last) if by < 0 else math.floor(last)
        # Beyond the exact integers adding the step rounds, and the loop may take a turn more.
        if type(last) is int and abs(last) + abs(by) <= _EXACT:
            return range(first, last + 1 if by > 0 else last - 1, by)
    # `OP_FORPREP` takes the step off once, and `OP_FORLOOP` adds it again before each round.
    return _old_float_values((float(first) - by) + by, float(last), float(by))


def _old_float_values(start: float, stop: float, step: float) -> Iterator[int | float]:
    while (start <= stop) if step > 0 else (stop <= start):
        yield plain(start)
        start += step
