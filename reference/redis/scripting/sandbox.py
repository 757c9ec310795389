"""The Lua state of scripts: what they see, and what they cannot change."""

from __future__ import annotations

from typing import Any

from lockstep.reference.lua.runtime.arguments import argument, check_any
from lockstep.reference.lua.runtime.collector.collection import open_collector
from lockstep.reference.lua.runtime.formats.text import to_string
from lockstep.reference.lua.runtime.library.basic import lua_load, lua_loadstring, open_basic
from lockstep.reference.lua.runtime.library.coroutines import open_coroutine
from lockstep.reference.lua.runtime.library.garbage import open_garbage
from lockstep.reference.lua.runtime.library.mathematics import open_math
from lockstep.reference.lua.runtime.library.registration import register
from lockstep.reference.lua.runtime.library.strings import open_string
from lockstep.reference.lua.runtime.library.tables import open_table
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.frames import levels
from lockstep.reference.lua.runtime.stack.protection import protected_call
from lockstep.reference.lua.runtime.state import Evaluator
from lockstep.reference.lua.runtime.values import (
    FALSE,
    LightUserdata,
    Results,
    Table,
    Value,
)
from lockstep.reference.lua.syntax.chunk_name import displayed
from lockstep.reference.redis.libraries import bit, cjson, cmsgpack, struct
from lockstep.reference.redis.scripting import library
from lockstep.reference.redis.scripting.budget import ScriptBudget
from lockstep.reference.redis.scripting.errors import error_message
from lockstep.reference.redis.scripting.read_only import assign, protect
from lockstep.reference.redis.scripting.script_state import Host, Run, ScriptState, string_table

LUA_LIBRARY = True
ABSENT = ("print", "dofile", "loadfile", "getfenv", "setfenv", "newproxy")


class Silent:
    """Takes what scripts cannot print."""

    def write(self, text: str) -> None:
        """Nothing."""

    def flush(self) -> None:
        """Nothing."""


def new_script_state(evaluator: Evaluator, budget: ScriptBudget, host: Host) -> ScriptState:
    """A state as Redis prepares it: libraries open, `redis` in place, everything read-only."""
    state = ScriptState(evaluator, budget, Silent(), host)
    open_collector(state)
    open_basic(state)
    open_garbage(state)
    open_coroutine(state)
    open_table(state)
    open_string(state)
    open_math(state)
    fields = state.globals.__dict__
    for name in ABSENT:
        fields.pop(name, None)
    register(state, state.globals, _REPLACED)
    null = NullUserdata()
    fields["cjson"], state.cjson = cjson.new_module(state, null)
    fields["cmsgpack"] = register(state, Table(), cmsgpack.FUNCTIONS)
    fields["cmsgpack"].__dict__.update(cmsgpack.CONSTANTS)
    fields["struct"] = register(state, Table(), struct.FUNCTIONS)
    fields["bit"] = register(state, Table(), bit.FUNCTIONS)
    redis = register(state, Table(), library.FUNCTIONS)
    for constants in (library.LOG_LEVELS, library.VERSIONS, library.REPLICATION):
        redis.__dict__.update(constants)
    fields["redis"] = redis
    fields["KEYS"] = fields["ARGV"] = Table()
    meta_table = register(state, Table(), {"__index": lua_nonexistent_global})
    state.globals.meta_table = meta_table
    if state.string_meta is not None:
        protect(state.string_meta)
    keys, arguments = fields.pop("KEYS"), fields.pop("ARGV")
    protect(state.globals)
    assign(state.globals, "KEYS", keys)
    assign(state.globals, "ARGV", arguments)
    return state


class NullUserdata(LightUserdata):
    """`cjson.null`, which prints as C prints a null pointer."""

    __slots__ = ()


def lua_nonexistent_global(state: ScriptState, *arguments: Value) -> Results:
    """`__index` of the globals."""
    runtime_error(f"Script attempted to access nonexistent global variable '{argument(arguments, 2)}'", 1)


def lua_pcall_replaced(state: ScriptState, *arguments: Value) -> Results:
    """`pcall(f, ...)`: of an error table only its `err` is seen."""
    if not arguments:
        return FALSE
    function = arguments[0]
    results = protected_call(state, function, arguments[1:], None)
    if results[0] is FALSE and isinstance(results[1], Table):
        text = results[1].__dict__.get("err")
        if type(text) in (str, int, float):
            return [FALSE, text]
    return results


def lua_loadstring_text(state: ScriptState, *arguments: Value) -> Results:
    """`loadstring(text, name)`, of text only."""
    source = argument(arguments, 1)
    if type(source) is str and source.startswith("\x1b"):
        return binary_refused(source, argument(arguments, 2))
    return lua_loadstring(state, *arguments)


def binary_refused(source: str, name: Value) -> Results:
    """What the parser says of a binary chunk that it takes for text."""
    # A name ends at the first zero byte, which follows the version in a binary chunk.
    shown = displayed(name if type(name) is str else source[:5])
    return [None, f"{shown}:1: unexpected symbol near 'char(27)'"]


def lua_tostring_null(state: ScriptState, *arguments: Value) -> Results:
    """`tostring(v)`; a null pointer shows as one."""
    value = check_any(state, arguments, 1)
    return "userdata: (nil)" if type(value) is NullUserdata else to_string(state, value)


def lua_error_handler(state: ScriptState, *arguments: Value) -> Results:
    """`__redis__err__handler(error)`: the error as a table with the place where it was raised."""
    error = argument(arguments, 1)
    if not isinstance(error, Table):
        text = error_message(state, error)
        error = Table()
        error.__dict__["err"] = text
    found = list(levels(1))[1:3]
    if found and found[0].kind == "host":
        found = found[1:]
    if found:
        host = found[0].kind == "host"
        error.__dict__["source"] = "=[C]" if host else found[0].chunk_name
        error.__dict__["line"] = found[0].line
    return error


_REPLACED: Any = {
    "pcall": lua_pcall_replaced,
    "loadstring": lua_loadstring_text,
    "load": lua_load,
    "tostring": lua_tostring_null,
    "__redis__err__handler": lua_error_handler,
}

__all__ = ["Host", "Run", "ScriptState", "new_script_state", "string_table"]
