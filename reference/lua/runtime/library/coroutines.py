"""Coroutine manipulation (manual 6.2)."""

from __future__ import annotations

from lockstep.reference.lua.runtime.arguments import (
    argument_error,
    argument_type_error,
    boolean,
    check_function,
)
from lockstep.reference.lua.runtime.library.registration import library, versions
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine, Wrapped, give_up, is_yieldable
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, LuaError, LuaFunction, Results, Value


def _coroutine(state: State, arguments: tuple[Value, ...]) -> Coroutine:
    if arguments and isinstance(arguments[0], Coroutine):
        return arguments[0]
    if not state.integers:
        argument_error(state, 1, "coroutine expected")
    return argument_type_error(state, arguments, 1, "thread")


def _body(state: State, arguments: tuple[Value, ...]) -> Value:
    """The function that a coroutine is to run; 5.1 takes none of the host's."""
    if not state.integers and not (arguments and isinstance(arguments[0], LuaFunction)):
        argument_error(state, 1, "Lua function expected")
    return check_function(state, arguments, 1)


def lua_create(state: State, *arguments: Value) -> Results:
    """`coroutine.create(f)`."""
    return Coroutine(state, _body(state, arguments))


def lua_resume(state: State, *arguments: Value) -> Results:
    """`coroutine.resume(co, ...)`."""
    thread = _coroutine(state, arguments)
    try:
        result = thread.resume(arguments[1] if len(arguments) == 2 else list(arguments[1:]))
        return [TRUE, *result] if type(result) is list else [TRUE, result]
    except (LuaError, RecursionError, MemoryError) as error:
        return [FALSE, error_value(error)]


def lua_yield(state: State, *arguments: Value) -> Results:
    """`coroutine.yield(...)`."""
    return give_up(state, arguments[0] if len(arguments) == 1 else list(arguments))


def lua_status(state: State, *arguments: Value) -> Results:
    """`coroutine.status(co)`."""
    return _coroutine(state, arguments).status


def lua_wrap(state: State, *arguments: Value) -> Results:
    """`coroutine.wrap(f)`."""
    thread = Coroutine(state, _body(state, arguments))

    def lua_wrapped(state: State, *passed: Value) -> Results:
        try:
            if thread.raised is not None:
                # A loop has resumed it and leaves the rest to this.
                failure, thread.raised = thread.raised, None
                raise failure
            return thread.resume(passed[0] if len(passed) == 1 else list(passed))
        except (LuaError, RecursionError, MemoryError) as error:
            value = error_value(error)
            if state.integers and thread.failure is not None:
                try:
                    thread.close()
                except LuaError as closing:
                    value = closing.value
            if type(value) is str:
                value = where(1) + value
            raise LuaError(value) from None

    return Wrapped(lua_wrapped, state, thread)


def lua_running(state: State, *arguments: Value) -> Results:
    """`coroutine.running()`."""
    del arguments
    running = state.coroutine
    if not state.integers:
        return None if running.main else running
    return [running, boolean(running.main)]


def lua_isyieldable(state: State, *arguments: Value) -> Results:
    """`coroutine.isyieldable(co)` (5.4)."""
    thread = _coroutine(state, arguments) if arguments else state.coroutine
    if thread is state.coroutine:
        return boolean(is_yieldable(state))
    return boolean(not thread.main)


def lua_close(state: State, *arguments: Value) -> Results:
    """`coroutine.close(co)` (5.4)."""
    thread = _coroutine(state, arguments)
    if thread.status in ("suspended", "dead"):
        try:
            thread.close()
        except LuaError as error:
            return [FALSE, error.value]
        return TRUE
    return runtime_error(f"cannot close a {thread.status} coroutine", 1)


FUNCTIONS = versions(
    ("close", lua_close, 1, "6.2", "5.4"),
    ("create", lua_create, 1, "6.2", "5.0"),
    ("isyieldable", lua_isyieldable, 1, "6.2", "5.3"),
    ("resume", lua_resume, 1, "6.2", "5.0"),
    ("running", lua_running, 0, "6.2", "5.1"),
    ("status", lua_status, 1, "6.2", "5.0"),
    ("wrap", lua_wrap, 1, "6.2", "5.0"),
    ("yield", lua_yield, 0, "6.2", "5.0"),
)


def open_coroutine(state: State) -> None:
    """The library `coroutine`, and the main thread."""
    state.main_thread = state.coroutine = Coroutine(state, None, main=True)
    table = library(state, "coroutine", FUNCTIONS.of(state))
    state.yield_entry = table.__dict__["yield"].cn
