"""Function environments (5.1 manual 2.9)."""

from __future__ import annotations

from lockstep.reference.lua.runtime.arguments import argument, argument_error, check_integer, check_table
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.frames import WithLostCalls, levels
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Function, LuaFunction, Results, Value


def environment_of(state: State, value: Value) -> Value:
    """The environment of a function; that of the state for what is not written in Lua."""
    if isinstance(value, LuaFunction):
        environment = state.evaluator.environment(state, value)
        return state.globals if environment is None else environment
    return state.globals if isinstance(value, Function) else None


def _at_level(state: State, level: int) -> Value:
    for position, entry in enumerate(WithLostCalls(list(levels(3)))):
        if position == level:
            if entry.kind == "tail":
                runtime_error(f"no function environment for tail call at level {level}", 1)
            if entry.kind == "host":
                return None
            return state.evaluator.level_function(state, entry)
    return argument_error(state, 1, "invalid level")


def get_environment(state: State, arguments: tuple[Value, ...]) -> Results:
    """`getfenv(f)`."""
    which = argument(arguments, 1)
    if isinstance(which, Function):
        return environment_of(state, which)
    level = 1 if which is None else check_integer(state, arguments, 1)
    if level < 0:
        argument_error(state, 1, "level must be non-negative")
    if level == 0:
        return state.globals
    function = _at_level(state, level)
    return state.globals if function is None else environment_of(state, function)


def set_environment(state: State, arguments: tuple[Value, ...]) -> Results:
    """`setfenv(f, table)`."""
    table = check_table(state, arguments, 2)
    which = argument(arguments, 1)
    if isinstance(which, LuaFunction):
        state.evaluator.set_environment(state, which, table)
        return which
    if isinstance(which, Function):
        runtime_error("'setfenv' cannot change environment of given object", 1)
    level = check_integer(state, arguments, 1)
    if level == 0:
        state.globals = table
        return []
    if level < 0:
        argument_error(state, 1, "level must be non-negative")
    set_level_environment(state, level, table)
    return _at_level(state, level)


def set_level_environment(state: State, level: int, table: Value) -> None:
    """Set the environment of the function that runs at a level above the built-in that asks."""
    for position, entry in enumerate(WithLostCalls(list(levels(2)))):
        if position == level:
            if entry.kind == "tail":
                runtime_error(f"no function environment for tail call at level {level}", 1)
            if entry.kind == "host":
                runtime_error("'setfenv' cannot change environment of given object", 1)
            state.evaluator.set_level_environment(state, entry, table)
            return
    argument_error(state, 1, "invalid level")
