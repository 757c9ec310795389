"""What a state of a version has: every function and value of its libraries."""

from __future__ import annotations

from lockstep.reference.host.inventory import BuiltIn, arity_of
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.lua.engine import LuaSession, create_engine
from lockstep.reference.lua.runtime.values import Builtin, Table, Value

# The manual's section of each library, by version; "" holds the basic functions.
_SECTIONS = {
    "5.1": {
        "": "5.1",
        "coroutine": "5.2",
        "package": "5.3",
        "string": "5.4",
        "table": "5.5",
        "math": "5.6",
        "io": "5.7",
        "os": "5.8",
        "debug": "5.9",
    },
    "5.4": {
        "": "6.1",
        "coroutine": "6.2",
        "package": "6.3",
        "string": "6.4",
        "utf8": "6.5",
        "table": "6.6",
        "math": "6.7",
        "io": "6.8",
        "os": "6.9",
        "debug": "6.10",
    },
}


def built_ins(profile: str) -> list[BuiltIn]:
    """Every built-in of a version, by its name from the globals."""
    session = create_engine("vm", profile).session(Budget(), Output())
    sections = _SECTIONS[profile]
    rows: list[BuiltIn] = []
    assert isinstance(session, LuaSession)
    globals_ = session.state.globals
    for name, value in globals_.__dict__.items():
        if isinstance(value, Table) and value is not globals_:
            section = sections.get(name, "")
            rows.append(BuiltIn(name, "library", section=section))
            rows += [_row(f"{name}.{inner}", one, section) for inner, one in value.__dict__.items()]
        else:
            rows.append(_row(name, value, sections[""]))
    session.close()
    return sorted(rows, key=lambda row: row.name)


def _row(name: str, value: Value, section: str) -> BuiltIn:
    if isinstance(value, Builtin):
        return BuiltIn(name, "function", arity_of(getattr(value.cn, "__func__", value.cn)), section)
    if isinstance(value, Table):
        return BuiltIn(name, "table", section=section)
    return BuiltIn(name, "constant", section=section)
