"""To-be-closed variables (manual 3.3.8)."""

from __future__ import annotations

from reference.lua.runtime.calls import call_value, finish
from reference.lua.runtime.errors import runtime_error
from reference.lua.runtime.protection import error_value
from reference.lua.runtime.state import State
from reference.lua.runtime.values import FALSE, LuaError, Value


class CoroutineClosed(BaseException):  # no error: it unwinds a coroutine that is closed
    """Unwinds a suspended coroutine when it is closed."""


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
    finish(call_value(state, handler, value, error))


def close_on_error(state: State, value: Value, failure: BaseException) -> BaseException:
    """Close a variable while `failure` unwinds; returns what goes on unwinding."""
    error = None if isinstance(failure, CoroutineClosed) else error_value(failure)
    try:
        close_value(state, value, error)
    except (LuaError, RecursionError) as replaced:
        if isinstance(failure, CoroutineClosed):
            return LuaError(error_value(replaced))
        return replaced
    return failure
