"""What a function is called, as far as its caller's code or the loaded libraries tell (`lauxlib.c`, `ldebug.c`)."""

from __future__ import annotations

from types import FrameType

from reference.lua.runtime.frames import Level, levels
from reference.lua.runtime.state import State
from reference.lua.runtime.values import Builtin, Function, Table


def call_site(state: State, level: Level) -> tuple[str, str] | None:
    """How the call that `level` is making names its function: (`global`, `print`), or None."""
    if level.kind == "compiled":
        found: tuple[str, str] | None = state.backend.call_site(state, level.frame)  # type: ignore[attr-defined]
        return found
    if level.kind == "walked":
        walked: tuple[str, str] | None = level.activation.call_site()
        return walked
    return None


def called_name(state: State) -> tuple[str, str]:
    """Kind and name of the built-in that is running, for `bad argument` messages."""
    stack = levels(2)
    running = next(stack, None)
    caller = next(stack, None)
    if caller is not None:
        named = call_site(state, caller)
        if named is not None:
            return named
    if running is None:
        return "", "?"
    return "", global_name(state, running.frame) or "?"


def global_name(state: State, frame: FrameType) -> str | None:
    """The name under which the loaded libraries hold the built-in that runs in `frame` (5.4)."""
    if not state.integers:
        return None
    for library, table in sorted(state.loaded.__dict__.items(), key=lambda item: item[0] != "_G"):
        if not isinstance(table, Table):
            continue
        for name, function in table.__dict__.items():
            if isinstance(function, Builtin):
                host = getattr(function.cn, "__func__", None)
                if host is not None and host.__code__ is frame.f_code:
                    return name if library == "_G" else f"{library}.{name}"
    return None


def global_function_name(state: State, function: Function) -> str | None:
    """The name under which the loaded libraries hold `function`."""
    for library, table in sorted(state.loaded.__dict__.items(), key=lambda item: item[0] != "_G"):
        if not isinstance(table, Table):
            continue
        for name, value in table.__dict__.items():
            if value is function:
                return name if library == "_G" else f"{library}.{name}"
    return None
