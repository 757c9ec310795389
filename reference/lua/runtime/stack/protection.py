"""Protected calls: where Lua errors stop (manual 2.3)."""

# ruff: noqa: PERF203  # each round must be protected by itself
from __future__ import annotations

from types import TracebackType

from lockstep.reference.lua.runtime.operations.calls import (
    C_STACK_OVERFLOW,
    ERROR_IN_HANDLING,
    MOST_CALLS,
    call_value,
    finish,
    values,
)
from lockstep.reference.lua.runtime.stack.frames import Level, kind_of, where
from lockstep.reference.lua.runtime.stack.hooks import hooked_entry
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Function, LuaError, Value
from lockstep.reference.lua.syntax.chunk_name import displayed


def error_value(error: BaseException) -> Value:
    """The Lua error object for a host exception that ends Lua code."""
    if isinstance(error, LuaError):
        return error.value
    if isinstance(error, RecursionError):
        return overflow_message(error)
    if isinstance(error, MemoryError):
        return "not enough memory"
    raise error


def overflow_message(error: BaseException) -> str:
    """The message for recursion without end, with the position where the stack ended."""
    innermost: TracebackType | None = None
    trace = error.__traceback__
    while trace is not None:
        if kind_of(trace.tb_frame) in ("compiled", "walked"):
            innermost = trace
        trace = trace.tb_next
    if innermost is None:
        return "stack overflow"
    level = Level(innermost.tb_frame, kind_of(innermost.tb_frame) or "", innermost)
    return f"{displayed(level.chunk_name)}:{level.line}: stack overflow"


def protected_call(
    state: State, function: Value, arguments: tuple[Value, ...], handler: Value
) -> list[Value]:
    """Call `function`; [true, results...] or [false, error object].

    A message handler runs after the stack was unwound, but before variables are closed; until it returns,
    `state.error_trace` holds the frames of the error, which tracebacks show.
    """
    protections = state.coroutine.protections
    depth = len(protections)
    protections.append(handler)
    try:
        if state.hook is not None:
            return [TRUE, *values(finish(hooked_entry(state, function)(*arguments)))]
        return [TRUE, *values(call_value(state, function, *arguments))]
    except (LuaError, RecursionError, MemoryError) as error:
        del protections[depth + 1 :]
        value = error_value(handle(state, error, 1))
        error.__traceback__ = None
        return [FALSE, value]
    finally:
        del protections[depth:]


def end_at_limit(state: State, error: BaseException) -> None:
    """End the run where the host's own bounds were reached before the run's limits could be looked at.

    Raises:
        LimitExceeded: the host's stack or memory ended in a run whose depth or memory is limited.
    """
    budget = state.budget
    if isinstance(error, RecursionError) and budget.limits.depth is not None:
        budget.end("depth")
    if isinstance(error, MemoryError):
        state.release_reserve()
        if budget.memory is not None and budget.limits.space is None:
            budget.end("memory")


def handle(state: State, error: BaseException, unwound: int = 0) -> BaseException:
    """Let the message handler of the innermost protected call see an error, once; what goes on unwinding.

    `unwound` calls in C, at least, were left on the way here: the handler runs inside them.
    """
    end_at_limit(state, error)
    coroutine = state.coroutine
    if coroutine.handles_overflow and isinstance(error, RecursionError):
        return LuaError(ERROR_IN_HANDLING).with_traceback(error.__traceback__)
    protections = coroutine.protections
    handler = protections[-1] if protections and not isinstance(error, MemoryError) else None
    if handler is None or (isinstance(error, LuaError) and error.handled):
        return error
    state.error_trace.append(error.__traceback__)
    outer = coroutine.handles_overflow
    coroutine.handles_overflow = isinstance(error, RecursionError)
    try:
        value = handled(
            state,
            handler,
            error_value(error),
            max(state.coroutine.calls + unwound, getattr(error, "depth", 0)),
        )
    finally:
        coroutine.handles_overflow = outer
        state.error_trace.pop()
    made = error if isinstance(error, LuaError) else LuaError(value).with_traceback(error.__traceback__)
    made.value = value
    made.handled = True
    return made


def handled(state: State, handler: Value, value: Value, depth: int) -> Value:
    """What the message handler makes of an error that was raised `depth` calls deep (`luaG_errormsg`).

    An error in the handler goes to it again, one call deeper each time.
    """
    coroutine = state.coroutine
    calls = coroutine.calls
    coroutine.calls = depth
    # `luaD_callnoyield`: what would go on after it has been unwound.
    outer, coroutine.handles = coroutine.handles, True
    try:
        # 5.1: `luaG_errormsg` looks at the handler first.
        while state.integers or isinstance(handler, Function):
            try:
                return (values(call_value(state, handler, value)) or [None])[0]
            except LuaError as error:
                error.__traceback__ = None
                if error.handled:
                    break  # no handler is called any more
                value = C_STACK_OVERFLOW if coroutine.calls == MOST_CALLS else error.value
                coroutine.calls += 1
            except (RecursionError, MemoryError) as error:
                error.__traceback__ = None
                break
    finally:
        coroutine.handles = outer
        coroutine.calls = calls
    return ERROR_IN_HANDLING


__all__ = ["error_value", "handle", "protected_call", "where"]
