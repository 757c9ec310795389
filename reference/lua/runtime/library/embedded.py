"""Functions of an embedding program as built-ins."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Builtin, LuaError, Results, Value


def embedded_function(
    state: State,
    name: str,
    function: Callable[..., object],
    convert: tuple[Callable[[Value], object], Callable[[object], Results]],
    error_value_of: Callable[[Exception], tuple[Value, bool]],
) -> Builtin:
    """A built-in that calls a host function.

    Args:
        state: the state it belongs to.
        name: what messages call it.
        function: the host function.
        convert: how arguments come to the host, and how results go back.
        error_value_of: the Lua error for what the function raised, and whether the position belongs in front.
    """
    to_host, to_results = convert

    def lua_embedded(_: State, *arguments: Value) -> Results:
        try:
            return to_results(function(*[to_host(argument) for argument in arguments]))
        except (LuaError, RecursionError):
            raise
        except Exception as error:  # whatever it is, Lua code sees it as an error of its own
            value, positioned = error_value_of(error)
        if positioned:
            runtime_error(str(value), 1)
        raise LuaError(value)

    return Builtin(lua_embedded, name, state)
