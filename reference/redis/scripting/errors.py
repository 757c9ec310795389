"""From an uncaught Lua error to the text that the client gets, with the script's name and line."""

from __future__ import annotations

from types import TracebackType

from lockstep.reference.lua.runtime.formats.text import to_string
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine
from lockstep.reference.lua.runtime.stack.frames import Level, kind_of
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Table, Value

_COROUTINE_START = Coroutine._switch.__code__


def levels_of(trace: TracebackType | None) -> list[Level]:
    """The Lua functions that an error passed, innermost first; those inside a coroutine are not seen."""
    found: list[Level] = []
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_code is _COROUTINE_START:
            break
        kind = kind_of(frame)
        if kind is not None:
            found.append(Level(frame, kind, trace))
        trace = trace.tb_next
    found.reverse()
    return found


def place_of(trace: TracebackType | None) -> tuple[str, int] | None:
    """Source and line that Redis's error handler finds: the raising function, or its caller if that is built in."""
    found = levels_of(trace)
    if not found:
        return None
    level = found[0]
    if level.kind == "host":
        if len(found) < 2:
            return None
        level = found[1]
        if level.kind == "host":
            return "=[C]", -1
    return level.chunk_name, level.line


def error_message(state: State, value: Value) -> str:
    """The text of an error object: its `err`, or the object as a string after `ERR`."""
    if isinstance(value, Table):
        text = value.__dict__.get("err")
        if type(text) is str:
            return text
        if type(text) in (int, float):
            return str(to_string(state, text))
        return "ERR the error object is a table without a string 'err'"
    if value is None or type(value) in (str, int, float):
        return "ERR " + str(to_string(state, value))
    return f"ERR {to_string(state, value) if type_name(value) == 'boolean' else type_name(value)}"


def failure_text(state: State, error: BaseException, name: str) -> str:
    """The whole error text of a script called `name` (its SHA, or a function's name)."""
    place = place_of(error.__traceback__)
    text = error_message(state, error_value(error))
    error.__traceback__ = None
    if place is not None:
        text += f" script: {name}, on {place[0]}:{place[1]}."
    return text
