"""How the rows of a library become functions in a Lua table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Callable, NamedTuple, Union

from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Builtin, Results, Table, own_layout

Functions = dict[str, Callable[..., Results]]
RowFields = Union[
    tuple[str, Callable[..., Results], int, str, str], tuple[str, Callable[..., Results], int, str, str, str]
]
# Built-ins whose common case an evaluator may do in place, as long as they are the state's own.
WELL_KNOWN = (
    "math.abs", "math.ceil", "math.cos", "math.floor", "math.max", "math.min", "math.sin", "math.sqrt",
    "select", "setmetatable", "string.byte", "string.char", "string.len", "string.lower", "string.rep", "string.reverse", "string.sub",
    "string.upper", "table.insert", "table.remove", "tonumber", "tostring", "type",
)  # fmt: skip


class Row(NamedTuple):
    """One function of a library, as `host.inventory` has it.

    Attributes:
        name: in its table.
        function: of the host; it takes the state first.
        arity: arguments that the manual names, the optional ones included.
        section: the chapter, by its number in the manual of 5.4 (of 5.1, if no later one has it); `-` if none describes it.
        since: the first version whose manual describes it.
        until: the last version that has it; "" if it is still there.
    """

    name: str
    function: Callable[..., Results]
    arity: int
    section: str
    since: str
    until: str = ""

    def is_in(self, version: str) -> bool:
        """Whether a version has it."""
        return self.since <= version and (not self.until or version <= self.until)


class Rows(NamedTuple):
    """The functions of a library in all versions.

    Attributes:
        rows: one for each; several where versions differ.
        by_version: the functions of each version, by name.
    """

    rows: tuple[Row, ...]
    by_version: Mapping[str, Functions]

    def of(self, state: State) -> Functions:
        """Those of the state's version."""
        return self.by_version[state.profile.name]


def rows(*entries: RowFields) -> tuple[Row, ...]:
    """Rows of (name, function, arity, section, since[, until])."""
    return tuple(Row(*entry) for entry in entries)


def functions_of(found: Iterable[Row]) -> Functions:
    """The functions of rows by name."""
    return {row.name: row.function for row in found}


def versions(*entries: RowFields) -> Rows:
    """A library from rows of (name, function, arity, section, since[, until]); the library of a version is made of them."""
    made = rows(*entries)
    return Rows(made, {name: functions_of(row for row in made if row.is_in(name)) for name in PROFILES})


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
