"""Calling functions: entry points, results, and calls in tail position (manual 3.4.10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Any, Callable

from lockstep.reference.host.adapters import adapter
from lockstep.reference.lua.runtime.stack.errors import type_error
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import TAIL, Builtin, Function, LuaError, Results, Value

# How deep calls from within built-ins and operations nest (LUAI_MAXCCALLS, less what the reference implementation starts with).
MOST_CALLS = 198
# How many values the stack of a coroutine holds (LUAI_MAXSTACK).
MOST_VALUES = 1_000_000
C_STACK_OVERFLOW = "C stack overflow"
ERROR_IN_HANDLING = "error in error handling"
# What message handlers may nest beyond that, by whether the version has integers.
_SLACK = {True: 20, False: 25}

# Each of the three below counts in `lost` the activations that the calls it makes have replaced.


def first(result: list[Any]) -> Value:
    """The first value of a call's list of results, or nil; finishes a tail call."""
    lost = 0
    while result:
        if result[0] is not TAIL:
            return result[0]
        lost += 1
        value = result[1](*result[2])
        if type(value) is not list:
            return value
        result = value
    return None


def finish(result: Results) -> Results:
    """`result` with no tail call left to make."""
    lost = 0
    while type(result) is list and result and result[0] is TAIL:
        lost += 1
        result = result[1](*result[2])
    return result


def values(result: Results) -> list[Value]:
    """All values that a call gave, as a list that the caller must not change."""
    if type(result) is not list:
        return [result]
    lost = 0
    while result and result[0] is TAIL:
        lost += 1
        result = result[1](*result[2])
        if type(result) is not list:
            return [result]
    return result


class HookedBuiltin:
    """A built-in that is called with the events of hooks."""

    __slots__ = ("function", "state")

    def __init__(self, state: State, function: Builtin) -> None:
        self.state = state
        self.function = function


_BUILTIN_HOLDERS = (State, HookedBuiltin)


def is_builtin(target: Callable[..., Results]) -> bool:
    """Whether an entry point is a built-in's own, which is bound to its state."""
    return type(target) is MethodType and isinstance(target.__self__, _BUILTIN_HOLDERS)


def is_tail_call(result: Results) -> bool:
    """Whether a result is a call still to be made."""
    return type(result) is list and len(result) > 0 and result[0] is TAIL


def single(result: Results) -> Value:
    """The first value of what a call gave, or nil."""
    return first(result) if type(result) is list else result


def entry_any(function: Function) -> Callable[..., Results]:
    """The entry of a function for any number of arguments, made on first use."""
    try:
        return function.cn
    except AttributeError:
        target, takes = function.own_entry()
    function.cn = made = _spread(target, takes)
    return made


def _spread(target: Callable[..., Results], count: int) -> Callable[..., Results]:
    if count == 0:
        return lambda *_: target()
    padding = (None,) * count

    def spread(*arguments: Value) -> Results:
        if len(arguments) != count:
            arguments = (arguments + padding)[:count]
        return target(*arguments)

    return spread


def entry(state: State, function: Value, count: int, described: str | None = None) -> Callable[..., Results]:
    """The entry point of `function` for `count` arguments (-1: any number).

    Compiled code comes here when `function` has no such entry yet, or is no function.

    Raises:
        LuaError: it cannot be called.
    """
    if isinstance(function, Function):
        if count < 0 or count > 4:
            return entry_any(function)
        target, takes = function.own_entry()
        made = target if takes in (count, -1) else adapter(target, takes, count)
        setattr(function, f"c{count}", made)
        return made
    return called(state, function, described)


def called(state: State, value: Value, described: str | None) -> Callable[..., Results]:
    """What calling the non-function `value` calls: its `__call`, with `value` in front (`luaD_tryfuncTM`).

    Raises:
        LuaError: it cannot be called.
        RecursionError: its `__call` has a `__call`, and so on, until the values in front fill the stack.
    """
    leading = [value]
    handler = state.metamethod(value, "__call")
    # A loop, as in the reference implementation: a call for each would copy all values in front once for each of them.
    while not isinstance(handler, Function):
        if handler is None or not state.integers:
            type_error(state, leading[-1 if handler is None else 0], "call", described)
        if len(leading) >= MOST_VALUES:
            raise RecursionError
        leading.append(handler)
        handler = state.metamethod(handler, "__call")
    target = entry_any(handler)
    if len(leading) == 1:

        def with_value(*arguments: Value) -> Results:
            return target(value, *arguments)

        return with_value
    leading.reverse()

    def with_values(*arguments: Value) -> Results:
        return target(*leading, *arguments)

    return with_values


def call_metamethod(state: State, event: str, handler: Value, *arguments: Value) -> Value:
    """The first result of the metamethod that was found for `event`."""
    if isinstance(handler, Function):
        target = entry_any(handler)
    else:
        target = called(state, handler, f"metamethod '{event[2:]}'" if state.integers else None)
    coroutine = state.coroutine
    coroutine.calls += 1
    try:
        if coroutine.calls > MOST_CALLS:
            refuse_nesting(state)
        return single(target(*arguments))
    finally:
        # It may have yielded, and gone on where its coroutine is nested otherwise.
        coroutine.calls -= 1


def refuse_nesting(state: State) -> None:
    """Look at a call from within a built-in or an operation that lies too deep (`luaE_checkcstack`, 5.1: `luaD_call`).

    Only message handlers run beyond the limit, a little: the call that comes to it is the one that fails.

    Raises:
        LuaError: it is that call, or what lies beyond is used up too.
    """
    beyond = state.coroutine.calls - MOST_CALLS
    if beyond == 1:
        error = LuaError(where(0) + C_STACK_OVERFLOW)
        error.depth = state.coroutine.calls
        raise error
    if beyond > _SLACK[state.integers]:
        error = LuaError(ERROR_IN_HANDLING)
        error.handled = True
        raise error


@contextmanager
def nested(state: State) -> Iterator[None]:
    """What happens inside is one call from within a built-in, however often it calls what it was given.

    Raises:
        LuaError: such calls nest too deeply.
    """
    coroutine = state.coroutine
    coroutine.calls += 1
    try:
        if coroutine.calls > MOST_CALLS:
            refuse_nesting(state)
        yield
    finally:
        coroutine.calls -= 1


def call_value(state: State, function: Value, *arguments: Value) -> Results:
    """Call any value, from within a built-in or an operation; the result is one value or a list.

    Raises:
        LuaError: among others, where such calls nest too deeply: each is a call in C in the reference implementation.
    """
    coroutine = state.coroutine
    coroutine.calls += 1
    try:
        if coroutine.calls > MOST_CALLS:
            refuse_nesting(state)
        target = entry_any(function) if isinstance(function, Function) else called(state, function, None)
        return finish(target(*arguments))
    finally:
        coroutine.calls -= 1


__all__ = [
    "call_metamethod",
    "call_value",
    "called",
    "entry",
    "entry_any",
    "finish",
    "first",
    "is_builtin",
    "is_tail_call",
    "nested",
    "refuse_nesting",
    "single",
    "values",
]
