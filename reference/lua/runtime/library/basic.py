"""The basic functions (manual 6.1)."""

from __future__ import annotations

from errno import EISDIR
from os import strerror
from typing import NoReturn

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    argument_type_error,
    boolean,
    check_any,
    check_function,
    check_int,
    check_integer,
    check_string,
    check_table,
    optional_integer,
    optional_string,
)
from lockstep.reference.lua.runtime.collector.finalisation import set_metatable
from lockstep.reference.lua.runtime.formats.text import host_text, to_string
from lockstep.reference.lua.runtime.library.registration import register, versions
from lockstep.reference.lua.runtime.library.tables import unpack
from lockstep.reference.lua.runtime.operations.calls import call_value, single, values
from lockstep.reference.lua.runtime.operations.conversion import (
    number_text,
    to_float_or_int,
    to_number,
    type_name,
)
from lockstep.reference.lua.runtime.operations.environments import get_environment, set_environment
from lockstep.reference.lua.runtime.operations.indexing import index
from lockstep.reference.lua.runtime.operations.traversal import next_entry
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.stack.protection import protected_call
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    NO_VALUES,
    InvalidKeyError,
    LuaError,
    LuaFunction,
    Results,
    Table,
    Value,
    border,
    raw_get,
    raw_set,
)
from lockstep.reference.lua.syntax.numerals import wrap

# What compiling a long chunk takes, roughly.
_LONG_SOURCE = 1 << 14
_BYTES_FOR_A_CHARACTER = 64
_STEPS_FOR_A_CHARACTER = 16
_BASES = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPACES = " \t\n\v\f\r"
_LARGEST_UNSIGNED = (1 << 64) - 1


def lua_assert(state: State, *arguments: Value) -> Results:
    """`assert(v, message, ...)`."""
    value = check_any(state, arguments, 1)
    if value is None or value is FALSE:
        message = arguments[1] if len(arguments) > 1 else "assertion failed!"
        if not state.integers:
            text = optional_string(state, arguments, 2, "assertion failed!")
            message = text.partition("\0")[0]  # luaL_error formats a text of C
        raise LuaError(where(1) + message if type(message) is str else message)
    return value if len(arguments) == 1 else list(arguments)


def lua_error(state: State, *arguments: Value) -> NoReturn:
    """`error(message, level)`."""
    message = argument(arguments, 1)
    level = optional_integer(state, arguments, 2, 1)
    if level > 0:
        if type(message) is str:
            message = where(level, lost_calls=not state.integers) + message
        elif not state.integers and isinstance(message, (int, float)):
            message = where(level, lost_calls=True) + number_text(message, integers=False)
    raise LuaError(message)


def lua_getmetatable(state: State, *arguments: Value) -> Results:
    """`getmetatable(object)`."""
    meta_table = state.metatable(check_any(state, arguments, 1))
    if meta_table is None:
        return None
    protected = raw_get(meta_table, "__metatable")
    return meta_table if protected is None else protected


def lua_setmetatable(state: State, *arguments: Value) -> Results:
    """`setmetatable(table, metatable)`."""
    table = check_table(state, arguments, 1)
    meta_table = argument(arguments, 2)
    if len(arguments) < 2 or not (meta_table is None or isinstance(meta_table, Table)):
        if state.integers:
            argument_type_error(state, arguments, 2, "nil or table")
        argument_error(state, 2, "nil or table expected")
    if table.meta_table is not None and raw_get(table.meta_table, "__metatable") is not None:
        runtime_error("cannot change a protected metatable", 1)
    set_metatable(state, table, meta_table)
    return table


def lua_rawget(state: State, *arguments: Value) -> Results:
    """`rawget(table, index)`."""
    table = check_table(state, arguments, 1)
    return raw_get(table, check_any(state, arguments, 2))


def lua_rawset(state: State, *arguments: Value) -> Results:
    """`rawset(table, index, value)`."""
    table = check_table(state, arguments, 1)
    key = check_any(state, arguments, 2)
    value = check_any(state, arguments, 3)
    try:
        raw_set(table, key, value)
    except InvalidKeyError as error:
        runtime_error(f"table {error}", 1)
    return table


def lua_rawequal(state: State, *arguments: Value) -> Results:
    """`rawequal(v1, v2)`."""
    return boolean(check_any(state, arguments, 1) == check_any(state, arguments, 2))


def lua_rawlen(state: State, *arguments: Value) -> Results:
    """`rawlen(v)`."""
    value = argument(arguments, 1)
    if isinstance(value, Table):
        return border(value)
    if type(value) is str:
        return len(value)
    if state.integers:
        argument_type_error(state, arguments, 1, "table or string")
    return argument_error(state, 1, "table or string expected")


def lua_next(state: State, *arguments: Value) -> Results:
    """`next(table, index)`."""
    return next_entry(check_table(state, arguments, 1), argument(arguments, 2))


def lua_pairs(state: State, *arguments: Value) -> Results:
    """`pairs(t)`."""
    if state.integers:
        subject = check_any(state, arguments, 1)
        handler = state.metamethod(subject, "__pairs")
        if handler is not None:
            results = values(call_value(state, handler, subject))
            return [*results, None, None, None][:3]
    else:
        subject = check_table(state, arguments, 1)
    return [state.next_function, subject, None]


def lua_ipairs_step(state: State, *arguments: Value) -> Results:
    """The iterator of `ipairs`."""
    position = wrap(check_integer(state, arguments, 2) + 1)
    subject = argument(arguments, 1)
    if not state.integers:
        subject = check_table(state, arguments, 1)
        value = raw_get(subject, position)
    elif isinstance(subject, Table) and subject.meta_table is None:
        array = subject.array_part
        value = array[position] if 0 < position < len(array) else raw_get(subject, position)
    else:
        value = index(state, subject, position)
    if value is None:
        return None if state.integers else NO_VALUES
    return [position, value]


def lua_ipairs(state: State, *arguments: Value) -> Results:
    """`ipairs(t)`."""
    subject = check_any(state, arguments, 1) if state.integers else check_table(state, arguments, 1)
    return [state.ipairs_step, subject, 0]


def lua_select(state: State, *arguments: Value) -> Results:
    """`select(n, ...)`."""
    which = argument(arguments, 1)
    if which == "#":
        return len(arguments) - 1
    position = check_int(state, arguments, 1)
    if position < 0:
        position += len(arguments)
    if position < 1:
        argument_error(state, 1, "index out of range")
    return list(arguments[position:])


def lua_tonumber(state: State, *arguments: Value) -> Results:
    """`tonumber(e, base)`."""
    if len(arguments) < 2 or arguments[1] is None:
        value = check_any(state, arguments, 1)
        if type(value) in (int, float):
            return value
        return to_number(value, state.integers) if type(value) is str else None
    base = check_int(state, arguments, 2)
    if not state.integers:
        return _old_in_base(state, arguments, base)
    if type(arguments[0]) is not str:
        argument_type_error(state, arguments, 1, "string")
    if not 2 <= base <= 36:
        argument_error(state, 2, "base out of range")
    return _in_base(arguments[0].strip(_SPACES).lower(), base)


def _digits_value(digits: str, base: int) -> int | None:
    if not digits:
        return None
    total = 0
    for digit in digits:
        amount = _BASES.find(digit)
        if amount < 0 or amount >= base:
            return None
        total = total * base + amount
    return total


def _in_base(text: str, base: int) -> Value:
    total = _digits_value(text[1:] if text[:1] in ("-", "+") else text, base)
    return None if total is None else wrap(-total if text.startswith("-") else total)


def _old_in_base(state: State, arguments: tuple[Value, ...], base: int) -> Value:
    """5.1: C's `strtoul`, but base 10 takes any number."""
    if base == 10:
        return to_float_or_int(arguments[0], integers=False)
    text = check_string(state, arguments, 1)
    if not 2 <= base <= 36:
        argument_error(state, 2, "base out of range")
    text = text.partition("\0")[0].strip(_SPACES).lower()
    digits = text[1:] if text[:1] in ("-", "+") else text
    if base == 16 and len(digits) > 2:
        digits = digits.removeprefix("0x")
    total = _digits_value(digits, base)
    if total is None:
        return None
    if total > _LARGEST_UNSIGNED:
        total = _LARGEST_UNSIGNED
    elif text.startswith("-"):
        total = -total & _LARGEST_UNSIGNED
    return total if total <= 1 << 53 else float(total)


def lua_tostring(state: State, *arguments: Value) -> Results:
    """`tostring(v)`."""
    return to_string(state, check_any(state, arguments, 1))


def lua_type(state: State, *arguments: Value) -> Results:
    """`type(v)`."""
    return type_name(check_any(state, arguments, 1))


def lua_print(state: State, *arguments: Value) -> Results:
    """`print(...)`."""
    parts: list[str] = []
    for value in arguments:
        if state.integers:
            text = str(to_string(state, value))
        else:
            # 5.1 calls the global `tostring`.
            given = single(call_value(state, index(state, state.globals, "tostring"), value))
            if not isinstance(given, (str, int, float)):
                runtime_error("'tostring' must return a string to 'print'", 1)
            text = str(to_string(state, given)).partition("\0")[0]  # fputs writes a text of C
        parts.append(text)
    state.output.write(host_text("\t".join(parts) + "\n"))
    state.output.flush()
    return NO_VALUES


def lua_pcall(state: State, *arguments: Value) -> Results:
    """`pcall(f, ...)`."""
    function = check_any(state, arguments, 1)
    return protected_call(state, function, arguments[1:], None)


def lua_xpcall(state: State, *arguments: Value) -> Results:
    """`xpcall(f, handler, ...)`."""
    handler = check_function(state, arguments, 2) if state.integers else check_any(state, arguments, 2)
    if handler is None:
        # 5.1 takes anything for a handler; what cannot be called fails when it is.
        handler = FALSE
    passed = arguments[2:] if state.integers else ()
    return protected_call(state, arguments[0], passed, handler)


def load_text(state: State, source: str, name: str, mode: str, environment: Value) -> Results:
    """Compile `source`; [nil, message] where it fails."""
    if source.startswith("\x1b"):
        return load_binary(state, source, name, mode, environment)
    if "t" not in mode:
        return [None, f"attempt to load a text chunk (mode is '{mode}')"]
    if len(source) > _LONG_SOURCE:
        # To compile a character takes as long as some steps do.
        state.budget.take(_STEPS_FOR_A_CHARACTER * (len(source) - _LONG_SOURCE))
        state.budget.allocate(_BYTES_FOR_A_CHARACTER * len(source))
    try:
        if state.compile_apart is not None and len(source) > _LONG_SOURCE:

            def load_prepared() -> LuaFunction:
                state.evaluator.prepare(state, source, name)
                return state.evaluator.load(state, source, name, environment)

            return state.compile_apart(load_prepared)
        return state.evaluator.load(state, source, name, environment)
    except GuestSyntaxError as error:
        return [None, error.message]


def load_binary(state: State, source: str, name: str, mode: str, environment: Value) -> Results:
    """Load what `string.dump` made."""
    from lockstep.reference.lua.runtime.formats.chunk_format import BadChunkError, read_chunk  # rarely needed

    if "b" not in mode:
        return [None, f"attempt to load a binary chunk (mode is '{mode}')"]
    try:
        return read_chunk(state, source, environment)
    except BadChunkError as error:
        shown = name[1:] if name[:1] in ("=", "@") else name
        return [None, f"{shown}: {error}"]


# After so many pieces a text is looked at: a syntax error ends the reading.
_LOOKED_AT = frozenset((2, 4, 8, 16, 32))


def _early_failure(state: State, parts: list[str], name: str) -> str | None:
    """The syntax error that stands before the last piece, whatever follows."""
    from lockstep.reference.lua.syntax.parser import parse  # compiled code needs no parser

    message = None
    for count in (len(parts) - 1, len(parts)):
        text = "".join(parts[:count])
        if text.startswith("\x1b"):
            return None
        try:
            parse(text, name, state.profile)
        except GuestSyntaxError as error:
            if "<eof>" in error.message or message not in (None, error.message):
                return None
            message = error.message
        else:
            return None
    return message


def lua_load(state: State, *arguments: Value) -> Results:
    """`load(chunk, chunkname, mode, env)`."""
    chunk = argument(arguments, 1)
    mode = optional_string(state, arguments, 3, "bt") if state.integers else "bt"
    environment = arguments[3] if len(arguments) > 3 and state.integers else state.globals
    if type(chunk) in (str, int, float) and state.integers:
        chunk = check_string(state, arguments, 1)
        name = optional_string(state, arguments, 2, chunk)
        return load_text(state, chunk, name, mode, environment)
    reader = check_function(state, arguments, 1)
    name = optional_string(state, arguments, 2, "=(load)")
    parts: list[str] = []
    try:
        while True:
            piece = single(call_value(state, reader))
            if piece is None or piece == "":
                break
            if not isinstance(piece, (str, int, float)):
                return [None, "reader function must return a string"]
            parts.append(piece if isinstance(piece, str) else number_text(piece, state.integers))
            state.budget.step()
            if len(parts) in _LOOKED_AT:
                failure = _early_failure(state, parts, name)
                if failure is not None:
                    return [None, failure]
    except LuaError as error:
        return [None, error.value]
    return load_text(state, "".join(parts), name, mode, environment)


def lua_loadstring(state: State, *arguments: Value) -> Results:
    """`loadstring(string, chunkname)` (5.1)."""
    chunk = check_string(state, arguments, 1)
    return load_text(state, chunk, optional_string(state, arguments, 2, chunk), "bt", state.globals)


def read_source(name: str) -> str:
    """The text of a source file, one character a byte. Raises OSError."""
    with open(name.encode("latin-1"), "rb") as stream:  # noqa: PTH123  # a name of bytes
        return stream.read().decode("latin-1")


def without_first_comment(source: str) -> str:
    """`source` with a first line that starts with `#` emptied."""
    source = source.removeprefix("\xef\xbb\xbf")
    if source.startswith("#"):
        newline = source.find("\n")
        rest = "" if newline < 0 else source[newline:]
        return rest[1:] if rest.startswith("\n\x1b") else rest
    return source


def load_file(state: State, name: str | None, mode: str, environment: Value) -> Results:
    """Compile a file, or standard input where there is no name; [nil, message] where that fails."""
    try:
        if name is None:
            source = state.default_files["stdin"].stream.read_all().decode("latin-1")
        else:
            state.permissions.check_files()
            source = read_source(name)
    except OSError as error:
        verb = "read" if error.errno == EISDIR else "open"
        return [None, f"cannot {verb} {name or 'stdin'}: {strerror(error.errno or 0)}"]
    chunk_name = "=stdin" if name is None else "@" + name
    return load_text(state, without_first_comment(source), chunk_name, mode, environment)


def lua_loadfile(state: State, *arguments: Value) -> Results:
    """`loadfile(filename, mode, env)`."""
    name = None if argument(arguments, 1) is None else check_string(state, arguments, 1)
    mode = optional_string(state, arguments, 2, "bt") if state.integers else "bt"
    environment = arguments[2] if len(arguments) > 2 and state.integers else state.globals
    return load_file(state, name, mode, environment)


def lua_dofile(state: State, *arguments: Value) -> Results:
    """`dofile(filename)`."""
    name = None if argument(arguments, 1) is None else check_string(state, arguments, 1)
    loaded = load_file(state, name, "bt", state.globals)
    if type(loaded) is list:
        raise LuaError(loaded[1])
    return call_value(state, loaded)


def lua_warn(state: State, *arguments: Value) -> Results:
    """`warn(msg1, ...)` (5.4)."""
    check_string(state, arguments, 1)
    text = "".join(check_string(state, arguments, position + 1) for position in range(len(arguments)))
    if len(arguments) == 1 and text.startswith("@"):
        if text in ("@on", "@off"):
            state.warnings_on = text == "@on"
    elif state.warnings_on:
        state.warn(text)
    return NO_VALUES


def lua_unpack(state: State, *arguments: Value) -> Results:
    """`unpack(list, i, j)` (5.1)."""
    return unpack(state, arguments)


def lua_getfenv(state: State, *arguments: Value) -> Results:
    """`getfenv(f)` (5.1)."""
    return get_environment(state, arguments)


def lua_setfenv(state: State, *arguments: Value) -> Results:
    """`setfenv(f, table)` (5.1)."""
    return set_environment(state, arguments)


FUNCTIONS = versions(
    ("assert", lua_assert, 2, "6.1", "5.0"),
    ("dofile", lua_dofile, 1, "6.1", "5.0"),
    ("error", lua_error, 2, "6.1", "5.0"),
    ("getfenv", lua_getfenv, 1, "5.1", "5.0", "5.1"),
    ("getmetatable", lua_getmetatable, 1, "6.1", "5.0"),
    ("ipairs", lua_ipairs, 1, "6.1", "5.0"),
    ("load", lua_load, 2, "5.1", "5.1", "5.1"),
    ("load", lua_load, 4, "6.1", "5.2"),
    ("loadfile", lua_loadfile, 1, "5.1", "5.0", "5.1"),
    ("loadfile", lua_loadfile, 3, "6.1", "5.2"),
    ("loadstring", lua_loadstring, 2, "5.1", "5.0", "5.1"),
    ("next", lua_next, 2, "6.1", "5.0"),
    ("pairs", lua_pairs, 1, "6.1", "5.0"),
    ("pcall", lua_pcall, 1, "6.1", "5.0"),
    ("print", lua_print, 0, "6.1", "5.0"),
    ("rawequal", lua_rawequal, 2, "6.1", "5.0"),
    ("rawget", lua_rawget, 2, "6.1", "5.0"),
    ("rawlen", lua_rawlen, 1, "6.1", "5.2"),
    ("rawset", lua_rawset, 3, "6.1", "5.0"),
    ("select", lua_select, 1, "6.1", "5.1"),
    ("setfenv", lua_setfenv, 2, "5.1", "5.0", "5.1"),
    ("setmetatable", lua_setmetatable, 2, "6.1", "5.0"),
    ("tonumber", lua_tonumber, 2, "6.1", "5.0"),
    ("tostring", lua_tostring, 1, "6.1", "5.0"),
    ("type", lua_type, 1, "6.1", "5.0"),
    ("unpack", lua_unpack, 3, "5.1", "5.0", "5.1"),
    ("warn", lua_warn, 1, "6.1", "5.4"),
    ("xpcall", lua_xpcall, 2, "6.1", "5.0"),
)


def open_basic(state: State) -> None:
    """Put the basic functions into the globals."""
    register(state, state.globals, FUNCTIONS.of(state))
    fields = state.globals.__dict__
    fields["_G"] = state.globals
    fields["_VERSION"] = f"Lua {state.profile.name}"
    state.loaded.__dict__["_G"] = state.globals
    state.next_function = fields["next"]
    state.ipairs_step = register(state, Table(), {"ipairs_step": lua_ipairs_step}).__dict__["ipairs_step"]
