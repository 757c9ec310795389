"""The debug library (manual 6.10)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    argument_type_error,
    boolean,
    check_any,
    check_function,
    check_integer,
    check_string,
    check_table,
    optional_integer,
)
from lockstep.reference.lua.runtime.collector.finalisation import set_metatable, set_userdata_metatable
from lockstep.reference.lua.runtime.formats.text import host_text, to_string
from lockstep.reference.lua.runtime.library.basic import load_text
from lockstep.reference.lua.runtime.library.registration import library, versions
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.operations.environments import environment_of, set_environment
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine
from lockstep.reference.lua.runtime.stack.frames import Level, levels_of_trace
from lockstep.reference.lua.runtime.stack.hooks import current_hook, set_hook
from lockstep.reference.lua.runtime.stack.introspection import (
    builtin_at,
    name_of,
    stack,
    suspended_stack,
    traceback_text,
)
from lockstep.reference.lua.runtime.stack.protection import protected_call
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    NO_VALUES,
    TRUE,
    Builtin,
    Function,
    LightUserdata,
    LuaFunction,
    Results,
    Table,
    Userdata,
    Value,
    raw_set,
    set_integer,
)
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_name import displayed
from lockstep.reference.lua.syntax.chunk_source import NO_NAME
from lockstep.reference.lua.syntax.lines import active_lines


def _thread(arguments: tuple[Value, ...]) -> tuple[Coroutine | None, tuple[Value, ...]]:
    """The optional thread in front of the other arguments."""
    if arguments and isinstance(arguments[0], Coroutine):
        return arguments[0], arguments[1:]
    return None, arguments


def _stack_of(state: State, thread: Coroutine | None) -> Sequence[Level]:
    if thread is None or thread is state.coroutine:
        return stack(state, 2)
    if not thread.dead:
        return suspended_stack(state, thread)
    return levels_of_trace(thread.error_trace)


def lua_traceback(state: State, *arguments: Value) -> Results:
    """`debug.traceback(thread, message, level)`."""
    thread, rest = _thread(arguments)
    message = argument(rest, 1)
    if type(message) not in (str, int, float) and (
        message is not None or (not state.integers and len(rest) > 0)
    ):
        return message
    own = thread is None or thread is state.coroutine
    level = optional_integer(state, rest, 2, 1 if own else 0)
    text = traceback_text(state, _stack_of(state, thread), level, main=own and state.coroutine.main)
    if message is None:
        return text
    return f"{check_string(state, rest, 1)}\n{text}"


def upvalues_of(node: nodes.Function | None) -> list[nodes.Variable]:
    """The upvalues of a function that exist at run time, in order."""
    if node is None:
        return []
    return [variable for variable in node.upvalues if variable.constant is None and variable.name[0] != "("]


def lua_getinfo(state: State, *arguments: Value) -> Results:
    """`debug.getinfo(thread, f, what)`."""
    thread, rest = _thread(arguments)
    which = argument(rest, 1)
    options = "flnSrtu" if state.integers else "flnSu"
    if argument(rest, 2) is not None:
        options = check_string(state, rest, 2)
    if state.integers and options.startswith(">"):
        argument_error(state, 2 + (thread is not None), "invalid option '>'")
    allowed = "SlnrutLf" if state.integers else "SlnufL"
    if any(letter not in allowed for letter in options):
        argument_error(state, 2 + (thread is not None), "invalid option")
    inspector = state.evaluator
    level: Level | None = None
    stacked: Sequence[Level] = []
    position = 0
    function: Value = None
    if isinstance(which, Function):
        function = which
    else:
        position = check_integer(state, rest, 1)
        stacked = _stack_of(state, thread)
        if position < 0 or position >= len(stacked):
            if not isinstance(which, (int, float, str)):
                argument_error(state, 1, "function or level expected")
            return None
        level = stacked[position]
        if "f" in options or level.kind == "host":
            # A search through the host's heap, for what runs compiled.
            function = _function_at(state, level)
    node = None
    chunk = ""
    if level is not None and level.kind == "tail":
        chunk = "tail"
    elif level is not None and level.kind != "host":
        node, chunk = inspector.level_node(state, level), level.chunk_name
    elif isinstance(function, LuaFunction):
        node, chunk = inspector.function_node(state, function), inspector.chunk_of(function)
    fields: dict[str, Value] = {}
    if "S" in options:
        fields.update(_source_fields(node, chunk))
    if "l" in options:
        fields["currentline"] = level.line if level is not None else -1
    if "u" in options:
        fields["nups"] = len(upvalues_of(node)) if node is not None else len(_builtin_upvalues(function))
        if state.integers:
            fields["nparams"] = len(node.parameters) if node is not None else 0
            fields["isvararg"] = boolean(node is None or node.is_vararg)
    if "n" in options:
        kind, name = name_of(state, stacked, position) if level is not None else ("", "")
        fields["namewhat"] = kind
        if kind:
            fields["name"] = name
    if "t" in options:
        fields["istailcall"] = boolean(level is not None and level.is_tail_call)
    if "r" in options:
        fields["ftransfer"], fields["ntransfer"] = _transfer(state, stacked, position)
    if "L" in options and node is not None:
        lines = Table()
        for line in active_lines(node):
            set_integer(lines, line, TRUE)
        fields["activelines"] = lines
    if "f" in options:
        fields["func"] = function
    table = Table()
    table.__dict__.update({name: value for name, value in fields.items() if value is not None})
    return table


def _source_fields(node: nodes.Function | None, chunk: str) -> dict[str, Value]:
    if node is None and chunk == "tail":
        shown = "(tail call)"
        return {
            "source": f"={shown}",
            "short_src": shown,
            "what": "tail",
            "linedefined": -1,
            "lastlinedefined": -1,
        }
    if node is None:
        return {"source": "=[C]", "short_src": "[C]", "what": "C", "linedefined": -1, "lastlinedefined": -1}
    main = node.parent is None
    return {
        "source": chunk,
        "short_src": displayed(chunk),
        "what": "main" if main else "Lua",
        "linedefined": node.line,
        "lastlinedefined": 0 if main else node.last_line,
    }


def lua_getlocal(state: State, *arguments: Value) -> Results:
    """`debug.getlocal(thread, f, local)`."""
    thread, rest = _thread(arguments)
    number = check_integer(state, rest, 2)
    which = argument(rest, 1)
    inspector = state.evaluator
    if isinstance(which, Function) and state.integers:
        node = inspector.function_node(state, which) if isinstance(which, LuaFunction) else None
        if node is None or not 1 <= number <= len(node.parameters):
            return None
        return str(node.parameters[number - 1].name)
    level, event = _level(state, thread, rest)
    if number < 0:
        extra = () if level.kind == "host" else inspector.varargs_of(level)
        if state.integers and -number <= len(extra):
            return ["(vararg)", extra[-number - 1]]
        return None
    found = _slots(state, level, event)
    return list(found[number - 1][:2]) if 1 <= number <= len(found) else None


def _slots(state: State, level: Level, event: dict[str, Any] | None) -> list[tuple[str, Value, Any]]:
    """Name, value and what identifies it to the evaluator of each local variable and temporary of a level."""
    transferred = list(event["transferred"] or ()) if event is not None else []
    if level.kind == "host":
        name = "(C temporary)" if state.integers else "(*temporary)"
        if event is None or event["event"] == "call":
            held = list(level.frame.f_locals.get("arguments", ()))
        else:
            held = [*level.frame.f_locals.get("arguments", ()), *transferred]
        return [(name, value, None) for value in held]
    if level.kind == "tail":
        return []
    inspector = state.evaluator
    name = "(temporary)" if state.integers else "(*temporary)"
    node = inspector.level_node(state, level)
    hidden = node is not None and node.stripped
    result: list[tuple[str, Value, Any]] = [
        (name if hidden else variable.name, value, variable)
        for variable, value in inspector.locals_of(state, level)
    ]
    result.extend((name, value, key) for key, value in inspector.temporaries_of(level))
    if event is not None:
        result.extend((name, value, None) for value in transferred or [event["event"]])
    return result


def _transfer(state: State, stacked: Sequence[Level], position: int) -> tuple[int, int]:
    """Where the values that a call or return hands over stand among a level's slots, and how many there are."""
    event = _event_at(stacked, position)
    if event is None or event["event"] not in ("call", "tail call", "return"):
        return 0, 0
    level = stacked[position]
    if event["event"] != "return":
        node = None if level.kind == "host" else state.evaluator.level_node(state, level)
        return 1, len(event["transferred"]) if node is None else len(node.parameters)
    count = len(event["transferred"])
    return len(_slots(state, level, event)) - count + 1, count


def _event_at(stacked: Sequence[Level], position: int) -> dict[str, Any] | None:
    """What the hook is told that runs because of a level."""
    return stacked[position - 1].event if position > 0 else None


def _function_at(state: State, level: Level) -> Value:
    if level.kind == "tail":
        return None
    if level.kind != "host":
        return state.evaluator.level_function(state, level)
    called = level.frame.f_locals.get("called")
    return builtin_at(state, level.frame) if called is None else called.function


def _level(
    state: State, thread: Coroutine | None, rest: tuple[Value, ...]
) -> tuple[Level, dict[str, Value] | None]:
    """The level that the arguments name, and what the hook is told that runs because of it."""
    position = check_integer(state, rest, 1)
    stacked = stack(state, 2) if thread is None else _stack_of(state, thread)
    if not 0 <= position < len(stacked):
        argument_error(state, 1 + (thread is not None), "level out of range")
    return stacked[position], _event_at(stacked, position)


def lua_setlocal(state: State, *arguments: Value) -> Results:
    """`debug.setlocal(thread, level, local, value)`."""
    thread, rest = _thread(arguments)
    level, event = _level(state, thread, rest)
    number = check_integer(state, rest, 2)
    value = check_any(state, rest, 3)
    inspector = state.evaluator
    if number < 0:
        settable = state.integers and level.kind != "host"
        return "(vararg)" if settable and inspector.set_vararg(level, -number - 1, value) else None
    found = _slots(state, level, event)
    if not 1 <= number <= len(found):
        return None
    name, _, key = found[number - 1]
    if isinstance(key, nodes.Variable):
        inspector.set_local(state, level, key, value)
    elif key is not None:
        inspector.set_temporary(level, key, value)
    return name


def _upvalue(
    state: State, arguments: tuple[Value, ...], at: int = 1
) -> tuple[LuaFunction, nodes.Variable] | None:
    function = check_function(state, arguments, at)
    number = check_integer(state, arguments, at + 1)
    if not isinstance(function, LuaFunction):
        return None
    found = upvalues_of(state.evaluator.function_node(state, function))
    return (function, found[number - 1]) if 1 <= number <= len(found) else None


def lua_getupvalue(state: State, *arguments: Value) -> Results:
    """`debug.getupvalue(f, up)`."""
    found = _upvalue(state, arguments)
    if found is None:
        return _builtin_upvalue(arguments[0], check_integer(state, arguments, 2))
    return [_upvalue_name(state, *found), state.evaluator.read_upvalue(state, *found)]


def _upvalue_name(state: State, function: LuaFunction, variable: nodes.Variable) -> str:
    node = state.evaluator.function_node(state, function)
    return NO_NAME if node is not None and node.stripped else str(variable.name)


def _builtin_upvalue(function: Value, number: int) -> Results:
    """An upvalue of a built-in: they have no names."""
    held = _builtin_upvalues(function)
    return ["", held[number - 1]] if 1 <= number <= len(held) else NO_VALUES


def _builtin_upvalues(function: Value) -> list[Value]:
    """What a built-in that was made by another carries along."""
    if not isinstance(function, Builtin) or not isinstance(function.cn, FunctionType):
        return []
    cells = function.cn.__closure__ or ()
    return [
        cell.cell_contents if isinstance(cell.cell_contents, (str, int, float)) else None for cell in cells
    ]


def lua_setupvalue(state: State, *arguments: Value) -> Results:
    """`debug.setupvalue(f, up, value)`."""
    value = check_any(state, arguments, 3)
    found = _upvalue(state, arguments)
    if found is None:
        return NO_VALUES
    state.evaluator.write_upvalue(state, *found, value)
    return _upvalue_name(state, *found)


def lua_upvalueid(state: State, *arguments: Value) -> Results:
    """`debug.upvalueid(f, n)`."""
    found = _upvalue(state, arguments)
    if found is None:
        cell = _host_cell(state, arguments)
        if cell is None:
            return None
    else:
        cell = state.evaluator.upvalue_cell(state, *found)
    known = state.upvalue_ids.get(id(cell))
    if known is None:
        known = state.upvalue_ids[id(cell)] = (LightUserdata(), cell)
    return known[0]


def _host_cell(state: State, arguments: tuple[Value, ...]) -> object:
    """An upvalue of a built-in that is a closure."""
    function, number = arguments[0], check_integer(state, arguments, 2)
    cells = getattr(function.cn, "__closure__", None) if isinstance(function, Builtin) else None
    return cells[number - 1] if cells and 1 <= number <= len(cells) else None


def lua_upvaluejoin(state: State, *arguments: Value) -> Results:
    """`debug.upvaluejoin(f1, n1, f2, n2)`."""
    for at in (1, 3):
        function = check_function(state, arguments, at)
        check_integer(state, arguments, at + 1)
        if not isinstance(function, LuaFunction):
            argument_error(state, at, "Lua function expected")
    found = _upvalue(state, arguments, 1)
    if found is None:
        argument_error(state, 2, "invalid upvalue index")
    other = _upvalue(state, arguments, 3)
    if other is None:
        argument_error(state, 4, "invalid upvalue index")
    state.evaluator.join_upvalue(state, *found, *other)
    return NO_VALUES


def lua_getmetatable(state: State, *arguments: Value) -> Results:
    """`debug.getmetatable(value)`."""
    return state.metatable(check_any(state, arguments, 1))


def lua_setmetatable(state: State, *arguments: Value) -> Results:
    """`debug.setmetatable(value, table)`."""
    value = argument(arguments, 1)
    meta_table = argument(arguments, 2)
    if len(arguments) < 2 or not (meta_table is None or isinstance(meta_table, Table)):
        argument_type_error(state, arguments, 2, "nil or table")
    if isinstance(value, Table):
        set_metatable(state, value, meta_table)
    elif isinstance(value, Userdata):
        set_userdata_metatable(state, value, meta_table)
    elif type(value) is str:
        state.string_meta = meta_table
    elif meta_table is None:
        state.type_metas.pop(type_name(value), None)
    else:
        state.type_metas[type_name(value)] = meta_table
    return value if state.integers else TRUE


def lua_getregistry(state: State, *arguments: Value) -> Results:
    """`debug.getregistry()`."""
    del arguments
    return state.registry


def lua_getuservalue(state: State, *arguments: Value) -> Results:
    """`debug.getuservalue(u, n)` (5.4): no user data here has any."""
    if not isinstance(argument(arguments, 1), Userdata):
        return None
    del state
    return [None, FALSE]


def lua_setuservalue(state: State, *arguments: Value) -> Results:
    """`debug.setuservalue(udata, value, n)` (5.4)."""
    if not isinstance(argument(arguments, 1), Userdata) or isinstance(arguments[0], LightUserdata):
        argument_type_error(state, arguments, 1, "userdata")
    return None


def lua_sethook(state: State, *arguments: Value) -> Results:
    """`debug.sethook(thread, hook, mask, count)`."""
    thread, rest = _thread(arguments)
    coroutine = thread or state.coroutine
    if argument(rest, 1) is None:
        set_hook(state, coroutine, None, "", 0)
        return NO_VALUES
    mask = check_string(state, rest, 2)
    hook = check_function(state, rest, 1)
    set_hook(state, coroutine, hook, mask, optional_integer(state, rest, 3, 0))
    table = state.registry.__dict__.get(_HOOK_KEY)
    if isinstance(table, Table):
        raw_set(table, coroutine, hook)
    return NO_VALUES


def lua_gethook(state: State, *arguments: Value) -> Results:
    """`debug.gethook(thread)`."""
    thread, _ = _thread(arguments)
    return current_hook(state, thread or state.coroutine)


def lua_debug(state: State, *arguments: Value) -> Results:
    """`debug.debug()`: reads and runs lines until `cont`."""
    del arguments
    while True:
        _complain("lua_debug> ")
        state.output.flush()
        line = state.default_files["stdin"].stream.read_line().decode("latin-1")
        if not line or line == "cont\n":
            return NO_VALUES
        loaded = load_text(state, line, "=(debug command)", "t", state.globals)
        ended = [None, loaded[1]] if type(loaded) is list else protected_call(state, loaded, (), None)
        if ended[0] is not TRUE:
            _complain(host_text(str(to_string(state, ended[1]))) + "\n")


def _complain(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def lua_getfenv(state: State, *arguments: Value) -> Results:
    """`debug.getfenv(o)` (5.1)."""
    value = check_any(state, arguments, 1)
    if isinstance(value, Coroutine):
        return state.globals if value is state.coroutine else value.globals
    return environment_of(state, value)


def lua_setfenv(state: State, *arguments: Value) -> Results:
    """`debug.setfenv(object, table)` (5.1)."""
    value = check_any(state, arguments, 1)
    if isinstance(value, Coroutine) and value is not state.coroutine:
        value.globals = check_table(state, arguments, 2)
        return value
    return set_environment(state, arguments)


FUNCTIONS = versions(
    ("debug", lua_debug, 0, "6.10", "5.0"),
    ("getfenv", lua_getfenv, 1, "5.9", "5.1", "5.1"),
    ("gethook", lua_gethook, 1, "6.10", "5.0"),
    ("getinfo", lua_getinfo, 3, "6.10", "5.0"),
    ("getlocal", lua_getlocal, 3, "6.10", "5.0"),
    ("getmetatable", lua_getmetatable, 1, "6.10", "5.1"),
    ("getregistry", lua_getregistry, 0, "6.10", "5.1"),
    ("getupvalue", lua_getupvalue, 2, "6.10", "5.0"),
    ("getuservalue", lua_getuservalue, 2, "6.10", "5.2"),
    ("setfenv", lua_setfenv, 2, "5.9", "5.1", "5.1"),
    ("sethook", lua_sethook, 4, "6.10", "5.0"),
    ("setlocal", lua_setlocal, 4, "6.10", "5.0"),
    ("setmetatable", lua_setmetatable, 2, "6.10", "5.1"),
    ("setupvalue", lua_setupvalue, 3, "6.10", "5.0"),
    ("setuservalue", lua_setuservalue, 3, "6.10", "5.2"),
    ("traceback", lua_traceback, 3, "6.10", "5.0"),
    ("upvalueid", lua_upvalueid, 2, "6.10", "5.2"),
    ("upvaluejoin", lua_upvaluejoin, 4, "6.10", "5.2"),
)


_HOOK_KEY = "_HOOKKEY"


def open_debug(state: State) -> None:
    """The library `debug`."""
    if state.integers:
        # The hooks of all coroutines, as programs may look at them.
        table = state.registry.__dict__[_HOOK_KEY] = Table()
        weak = Table()
        weak.__dict__["__mode"] = "k"
        set_metatable(state, table, weak)
    library(state, "debug", FUNCTIONS.of(state))
