"""Protected calls: where Lua errors stop (manual 2.3)."""

# ruff: noqa: PERF203  # each round must be protected by itself
from __future__ import annotations

from types import TracebackType

from reference.lua.runtime.calls import call_value, values
from reference.lua.runtime.frames import where
from reference.lua.runtime.state import State
from reference.lua.runtime.values import FALSE, TRUE, LuaError, Results, Value


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
    from reference.lua.runtime.frames import Level, kind_of  # noqa: PLC0415
    from reference.lua.syntax.chunk_name import displayed  # noqa: PLC0415

    position = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        kind = kind_of(trace.tb_frame)
        if kind in ("compiled", "walked"):
            level = Level(trace.tb_frame, kind, trace.tb_lineno if kind == "compiled" else None)
            position = f"{displayed(level.chunk_name)}:{level.line}: "
        trace = trace.tb_next
    return position + "stack overflow"


def protected_call(state: State, function: Value, arguments: tuple[Value, ...], handler: Value) -> Results:
    """Call `function`; [true, results...] or [false, error object].

    A message handler runs after the stack was unwound; until it returns, `state.error_trace` holds the frames of
    the error, which tracebacks show.
    """
    try:
        return [TRUE, *values(call_value(state, function, *arguments))]
    except (LuaError, RecursionError, MemoryError) as error:
        value = error_value(error)
        if handler is None:
            error.__traceback__ = None
            return [FALSE, value]
        state.error_trace.append(error.__traceback__)
        try:
            return [FALSE, *handled(state, handler, value)]
        finally:
            state.error_trace.pop()
            error.__traceback__ = None


def handled(state: State, handler: Value, value: Value) -> list[Value]:
    """What the message handler makes of an error; an error in it goes to it again, a while."""
    for _ in range(10):
        try:
            return values(call_value(state, handler, value))[:1] or [None]
        except (LuaError, RecursionError) as error:
            value = error_value(error)
            error.__traceback__ = None
            if not state.integers:
                break
    return ["error in error handling"]


__all__ = ["error_value", "protected_call", "where"]
