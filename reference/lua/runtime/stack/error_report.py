"""An uncaught Lua error as the report that every language gives: phase, kind, location, traceback."""

from __future__ import annotations

import re
from types import TracebackType

from lockstep.reference.host.errors import ErrorReport, Location
from lockstep.reference.lua.runtime.formats.text import host_text, to_string
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.stack.frames import Level, levels_of_trace
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaError, Value
from lockstep.reference.lua.syntax.chunk_name import displayed

# An error in a message handler is given to the handler again (`luaG_errormsg`), until the C stack ends (LUAI_MAXCCALLS).
_HANDLERS = 200
# What a message of the interpreter's own says about the error's kind; the first that matches counts.
_KINDS = (
    (re.compile(r"stack overflow|too many|nesting|chain too long"), "value_error"),
    (re.compile(r"not enough memory"), "out_of_memory"),
    (re.compile(r"attempt to divide by zero|attempt to perform 'n%"), "arithmetic_error"),
    (re.compile(r"attempt to (call|index|compare|perform|concatenate|get length|add|sub|mul|div|mod|pow|idiv|unm)\b"), "type_error"),
    (re.compile(r"\(\w+ expected, got |\(value expected\)|table index is"), "type_error"),
    (re.compile(r"malformed number|number has no integer representation"), "number_error"),
    (re.compile(r"out of (range|bounds|limits)"), "index_error"),
    (re.compile(r"malformed pattern|invalid (capture|pattern|option|use of '%')|missing '"), "string_error"),
    (re.compile(r"bad argument #"), "value_error"),
    (re.compile(r"No such file or directory|cannot open"), "io_error"),
    (re.compile(r"' near |syntax error|expected near"), "syntax_error"),
)  # fmt: skip


def kind_of_message(message: str) -> str:
    """The error kind that a message tells of; an error of the program's own is a `value_error`."""
    for pattern, kind in _KINDS:
        if pattern.search(message):
            return kind
    return "value_error"


def message_of(state: State, value: Value) -> str:
    """The message that the stand-alone interpreter shows for an error object; for one that its `__tostring` throws, that one's."""
    shown = value
    for _ in range(_HANDLERS):
        if type(shown) not in (str, int, float) and state.metamethod(shown, "__tostring") is None:
            return f"(error object is a {type_name(shown)} value)"
        try:
            return host_text(str(to_string(state, shown)))
        except LuaError as error:
            shown = error_value(error)
    return "C stack overflow"


def report_of(state: State, error: BaseException) -> ErrorReport:
    """The report of an error that nothing caught."""
    value = error_value(error)
    message = message_of(state, value)
    location, trace = traceback_of(error.__traceback__)
    kind = kind_of_message(message) if type(value) is str else "value_error"
    return ErrorReport("eval", kind, "", message, location, trace)


def traceback_of(trace: TracebackType | None) -> tuple[Location | None, tuple[str, ...]]:
    """Where an exception was raised, and the Lua call chain, innermost first."""
    found = [level for level in levels_of_trace(trace) if level.kind != "host"]
    if not found:
        return None, ()
    location = Location(host_text(displayed(found[0].chunk_name)), found[0].line)
    shown: list[Level | None] = [*found] if len(found) <= 22 else [*found[:10], None, *found[-11:]]
    return location, tuple("  ..." if level is None else _shown(level) for level in shown)


def _shown(level: Level) -> str:
    return f"  at {host_text(displayed(level.chunk_name))}:{level.line}" if level.line else "  ..."
