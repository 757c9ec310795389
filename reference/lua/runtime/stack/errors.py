"""Raising Lua errors with the position and the variable that they blame (`ldebug.c`)."""

from __future__ import annotations

from typing import NoReturn

from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaError, Table, Value


def runtime_error(message: str, level: int = 0) -> NoReturn:
    """Raise an error whose message starts with the position of the Lua function that is running."""
    raise LuaError(where(level) + message)


def named_type(state: State, value: Value) -> str:
    """The type of `value` for a message: its `__name` if it has one (5.4)."""
    if state.integers:
        name = state.metamethod(value, "__name")
        if type(name) is str:
            return name
        return type_name(value)
    return type_name(value)


def type_error(state: State, value: Value, operation: str, described: str | None) -> NoReturn:
    """Raise `attempt to OPERATION a TYPE value (VARIABLE)`, in the version's own order of words."""
    shown = named_type(state, value)
    if described and not described.startswith("?"):
        if state.integers:
            runtime_error(f"attempt to {operation} a {shown} value ({described})")
        described = described.replace("'integer index'", "'?'")
        if not described.startswith("constant"):
            runtime_error(f"attempt to {operation} {described} (a {shown} value)")
    runtime_error(f"attempt to {operation} a {shown} value")


def comparison_error(state: State, left: Value, right: Value) -> NoReturn:
    """Raise the error for two values that have no order."""
    first, second = named_type(state, left), named_type(state, right)
    if first == second:
        runtime_error(f"attempt to compare two {first} values")
    runtime_error(f"attempt to compare {first} with {second}")


def is_table(value: Value) -> bool:
    """Whether `value` is a table."""
    return isinstance(value, Table)
