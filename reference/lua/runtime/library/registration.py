"""Putting host functions into Lua tables."""

from __future__ import annotations

from typing import Callable

from reference.lua.runtime.state import State
from reference.lua.runtime.values import Builtin, Results, Table, own_layout

Functions = dict[str, Callable[..., Results]]


def register(state: State, table: Table, functions: Functions) -> Table:
    """Set each host function, bound to the state, as a field of `table`."""
    fields = own_layout(table)
    for name, function in functions.items():
        fields[name] = Builtin(function, name, state)
    return table


def library(state: State, name: str, functions: Functions) -> Table:
    """A library as a global table, known to `package.loaded`."""
    table = register(state, Table(), functions)
    state.globals.__dict__[name] = table
    state.loaded.__dict__[name] = table
    return table
