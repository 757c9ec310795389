"""What a function is called, as far as its caller's code or the loaded libraries tell (`lauxlib.c`, `ldebug.c`)."""

from __future__ import annotations

from types import FrameType
from typing import Any

from lockstep.reference.lua.runtime.stack.frames import Level, levels
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Builtin, LuaFunction, Table


def call_site(state: State, level: Level) -> tuple[str, str] | None:
    """How the call that `level` is making names its function: (`global`, `print`), or None."""
    return state.evaluator.call_site(state, level) if level.kind in ("compiled", "walked") else None


def called_name(state: State) -> tuple[str, str]:
    """Kind and name of the built-in that is running, for `bad argument` messages (`luaL_argerror`)."""
    stack = levels(2)
    running = next(stack, None)
    caller = next(stack, None)
    if running is None:
        return "", "?"
    named = None
    if running.called_as is not None:
        named = running.called_as if state.integers and caller is not None and caller.kind != "host" else None
    elif caller is not None and not running.is_tail_call:
        named = call_site(state, caller)
    if named is not None:
        return named
    return "", (loaded_name(state, running.frame) or "?") if state.integers else "?"


def _is_of(host: Any, frame: FrameType) -> bool:
    """Whether `frame` runs the host function; functions made by one maker differ in what they close over."""
    code = frame.f_code
    if getattr(host, "__code__", None) is not code:
        return False
    closed = zip(code.co_freevars, host.__closure__ or ())
    return not code.co_freevars or all(
        frame.f_locals.get(name) is cell.cell_contents for name, cell in closed
    )


def loaded_name(state: State, frame: FrameType) -> str | None:
    """The name under which the loaded libraries hold the function that runs in `frame` (`pushglobalfuncname`)."""
    found = _loaded(state, frame)
    return None if found is None else found[0]


def loaded_builtin(state: State, frame: FrameType) -> Builtin | None:
    """The built-in that runs in `frame`, if the loaded libraries hold it."""
    found = _loaded(state, frame)
    return found[1] if found is not None and isinstance(found[1], Builtin) else None


def _loaded(state: State, frame: FrameType) -> tuple[str, Builtin | LuaFunction] | None:
    """The function that runs in `frame`, and its name, as the loaded libraries hold it."""
    for library, table in sorted(state.loaded.__dict__.items(), key=lambda item: item[0] != "_G"):
        if not isinstance(table, Table):
            continue
        for name, function in table.__dict__.items():
            if isinstance(function, Builtin):
                found = _is_of(getattr(function.cn, "__func__", function.cn), frame)
            else:
                found = isinstance(function, LuaFunction) and state.evaluator.runs_in(function, frame)
            if found:
                return name if library == "_G" else f"{library}.{name}", function
    return None
