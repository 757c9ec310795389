"""To-be-closed variables (manual 3.3.8)."""

from __future__ import annotations

from lockstep.reference.lua.runtime.operations.calls import call_value, finish
from lockstep.reference.lua.runtime.stack.errors import named_type, runtime_error
from lockstep.reference.lua.runtime.stack.protection import error_value, handle
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, Function, LuaError, Value


class CoroutineClosed(BaseException):  # no error: it unwinds a coroutine that is closed
    """Unwinds a suspended coroutine when it is closed; `failure` is the last error of a `__close`."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: LuaError | None = None


def check_closable(state: State, value: Value, name: str) -> None:
    """Require a value that a to-be-closed variable may hold."""
    if value is None or value is FALSE:
        return
    if state.metamethod(value, "__close") is None:
        runtime_error(f"variable '{name}' got a non-closable value")


def close_value(state: State, value: Value, error: Value) -> None:
    """Call the `__close` of a variable's value with the error in flight, or nil."""
    if value is None or value is FALSE:
        return
    handler = state.metamethod(value, "__close")
    if not isinstance(handler, Function) and state.metamethod(handler, "__call") is None:
        # The metamethod went away after the variable was declared.
        runtime_error(f"attempt to call a {named_type(state, handler)} value (metamethod 'close')")
    finish(call_value(state, handler, value, error))


def close_on_error(state: State, value: Value, failure: BaseException) -> BaseException:
    """Close a variable while `failure` unwinds; returns what goes on unwinding.

    An error that nothing in its coroutine catches leaves the variables to `coroutine.close`.
    """
    if value is None or value is FALSE:
        return failure
    if isinstance(failure, CoroutineClosed):
        failure.failure = close_in_turn(state, value, failure.failure)
        return failure
    coroutine = state.coroutine
    if not coroutine.protections and not coroutine.main:
        coroutine.pending.append(value)
        return failure
    failure = handle(state, failure)
    try:
        close_value(state, value, error_value(failure))
    except (LuaError, RecursionError, MemoryError) as replaced:
        return replaced
    return failure


def close_in_turn(state: State, value: Value, failure: LuaError | None) -> LuaError | None:
    """Close one variable of a coroutine that is closed, after `failure`; the error that is left."""
    try:
        close_value(state, value, None if failure is None else failure.value)
    except (LuaError, RecursionError, MemoryError) as replaced:
        return LuaError(error_value(replaced))
    return failure
