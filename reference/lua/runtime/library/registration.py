"""Putting host functions into Lua tables."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Builtin, Results, Table, own_layout

Functions = dict[str, Callable[..., Results]]
# Built-ins whose common case an evaluator may do in place, as long as they are the state's own.
WELL_KNOWN = (
    "math.abs", "math.ceil", "math.cos", "math.floor", "math.max", "math.min", "math.sin", "math.sqrt",
    "select", "setmetatable", "string.byte", "string.char", "string.len", "string.lower", "string.rep", "string.reverse", "string.sub",
    "string.upper", "table.insert", "table.remove", "tonumber", "tostring", "type",
)  # fmt: skip


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


def note_well_known(state: State) -> None:
    """Remember the built-ins of a state whose libraries are all open."""
    for name in WELL_KNOWN:
        holder, _, own = name.rpartition(".")
        table = state.globals.__dict__[holder] if holder else state.globals
        state.well_known[name] = table.__dict__[own]
