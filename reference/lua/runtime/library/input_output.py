"""Input and output facilities (manual 6.8)."""

from __future__ import annotations

import os
from typing import Callable

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    argument_type_error,
    check_any,
    check_integer,
    check_string,
    optional_integer,
    optional_string,
)
from lockstep.reference.lua.runtime.formats.text import address
from lockstep.reference.lua.runtime.library.operating_system import exit_results, failure
from lockstep.reference.lua.runtime.library.registration import library, register, versions
from lockstep.reference.lua.runtime.operations.conversion import format_general
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.system.files import (
    LuaFile,
    close_file,
    close_files,
    open_file,
    open_pipe,
    read_characters,
    read_line,
    read_number,
    valid_mode,
)
from lockstep.reference.lua.runtime.system.streams import GuestOutput, Stream
from lockstep.reference.lua.runtime.values import NO_VALUES, TRUE, Builtin, Results, Table, Value

_MAX_FORMATS = 250


def _file(state: State, arguments: tuple[Value, ...], position: int = 1) -> LuaFile:
    """An argument that is an open file."""
    value = argument(arguments, position)
    if not isinstance(value, LuaFile):
        argument_type_error(state, arguments, position, "FILE*")
    if value.closed:
        runtime_error("attempt to use a closed file", 1)
    return value


def _default(state: State, which: str) -> LuaFile:
    value = state.default_files[which]
    assert isinstance(value, LuaFile)
    if value.closed:
        if state.integers:
            runtime_error(f"default {which} file is closed", 1)
        runtime_error(f"standard {which} file is closed", 1)
    return value


def _close(state: State, target: LuaFile) -> Results:
    if target.standard:
        return [None, "cannot close standard file"]
    try:
        code = close_file(target)
    except OSError as error:
        return failure(error)
    if target.process is not None and state.integers:
        return exit_results(state, code)
    return TRUE


def lua_close(state: State, *arguments: Value) -> Results:
    """`io.close(file)`."""
    if not arguments:
        return _close(state, _file(state, (state.default_files["output"],)))
    return _close(state, _file(state, arguments))


def lua_flush(state: State, *arguments: Value) -> Results:
    """`io.flush()`."""
    del arguments
    return _flush(_default(state, "output"))


def _flush(target: LuaFile) -> Results:
    try:
        target.stream.flush()
    except OSError as error:
        return failure(error)
    return TRUE


def _redirect(state: State, arguments: tuple[Value, ...], which: str, mode: str) -> Results:
    given = argument(arguments, 1)
    if given is not None:
        if type(given) in (str, int, float):
            name = check_string(state, arguments, 1)
            try:
                state.default_files[which] = open_file(state, name, mode)
            except OSError as error:
                if state.integers:
                    runtime_error(f"cannot open file '{name}' ({os.strerror(error.errno or 0)})", 1)
                argument_error(state, 1, f"{name}: {os.strerror(error.errno or 0)}")
        else:
            state.default_files[which] = _file(state, arguments)
    return state.default_files[which]


def lua_input(state: State, *arguments: Value) -> Results:
    """`io.input(file)`."""
    return _redirect(state, arguments, "input", "r")


def lua_output(state: State, *arguments: Value) -> Results:
    """`io.output(file)`."""
    return _redirect(state, arguments, "output", "w")


def lua_open(state: State, *arguments: Value) -> Results:
    """`io.open(filename, mode)`."""
    name = check_string(state, arguments, 1)
    mode = optional_string(state, arguments, 2, "r")
    if state.integers and not valid_mode(mode):
        argument_error(state, 2, "invalid mode")
    try:
        return open_file(state, name, mode)
    except OSError as error:
        return failure(error, name)


def lua_popen(state: State, *arguments: Value) -> Results:
    """`io.popen(prog, mode)`."""
    command = check_string(state, arguments, 1)
    mode = optional_string(state, arguments, 2, "r")
    if mode not in ("r", "w"):
        if state.integers:
            argument_error(state, 2, "invalid mode")
        return [None, f"{command}: Invalid argument", 22]
    try:
        return open_pipe(state, command, mode)
    except OSError as error:
        return failure(error, command)


def lua_tmpfile(state: State, *arguments: Value) -> Results:
    """`io.tmpfile()`."""
    del arguments
    try:
        state.permissions.check_files()
        import tempfile  # noqa: PLC0415  # rarely needed

        descriptor, name = tempfile.mkstemp(prefix="lua_")
        os.unlink(name)  # noqa: PTH108  # one call, and no object
    except OSError as error:
        return failure(error)
    return LuaFile(state, Stream(descriptor, readable=True, writable=True))


def lua_type(state: State, *arguments: Value) -> Results:
    """`io.type(obj)`."""
    value = check_any(state, arguments, 1)
    if not isinstance(value, LuaFile):
        return None
    return "closed file" if value.closed else "file"


def _read(state: State, target: LuaFile, arguments: tuple[Value, ...], first: int) -> list[Value]:
    """`file:read(...)`: the formats are `arguments[first:]`."""
    stream = target.stream
    try:
        if len(arguments) <= first:
            return [read_line(stream, keep_end=False)]
        results: list[Value] = []
        for position in range(first, len(arguments)):
            value = _read_one(state, stream, arguments, position)
            results.append(value)
            if value is None:
                break
        return results
    except OSError as error:
        return failure(error)


_READERS: dict[str, Callable[[State, Stream], Value]] = {
    "n": read_number,
    "l": lambda _, stream: read_line(stream, keep_end=False),
    "L": lambda _, stream: read_line(stream, keep_end=True),
    "a": lambda _, stream: stream.read_all().decode("latin-1"),
}


def _read_one(state: State, stream: Stream, arguments: tuple[Value, ...], position: int) -> Value:
    form = arguments[position]
    if type(form) in (int, float):
        return read_characters(stream, check_integer(state, arguments, position + 1))
    if state.integers:
        letter = check_string(state, arguments, position + 1).removeprefix("*")[:1]
    else:
        if type(form) is not str or not form.startswith("*"):
            argument_error(state, position + 1, "invalid option")
        letter = form[1:2]
    reader = _READERS.get(letter)
    if reader is None or (letter == "L" and not state.integers):
        argument_error(state, position + 1, "invalid format")
    return reader(state, stream)


def lua_read(state: State, *arguments: Value) -> Results:
    """`io.read(...)`."""
    return _read(state, _default(state, "input"), arguments, 0)


def _write(state: State, target: LuaFile, arguments: tuple[Value, ...], first: int) -> Results:
    stream = target.stream
    try:
        for position in range(first, len(arguments)):
            value = arguments[position]
            if type(value) is not str:
                value = _number_text(state, arguments, position)
            stream.write(value)
    except OSError as error:
        return failure(error)
    return target if state.integers else TRUE


def _number_text(state: State, arguments: tuple[Value, ...], position: int) -> str:
    """A number as `fprintf` writes it: an integral float has no `.0`."""
    value = arguments[position]
    if type(value) is float or (type(value) is int and not state.integers):
        return format_general(float(value))
    return check_string(state, arguments, position + 1)


def lua_write(state: State, *arguments: Value) -> Results:
    """`io.write(...)`."""
    return _write(state, _default(state, "output"), arguments, 0)


def _lines(state: State, target: LuaFile, formats: tuple[Value, ...], closes: bool) -> Results:
    if len(formats) > _MAX_FORMATS:
        argument_error(state, _MAX_FORMATS + 2, "too many arguments")
    # A format's position counts the file.
    passed = (target, *formats) if state.integers else (target,)

    def lua_next_line(*_: Value) -> Results:
        if target.closed:
            runtime_error("file is already closed", 1)
        results = _read(state, target, passed, 1)
        value = results[0]
        if value is None:
            if len(results) > 1:
                runtime_error(str(results[1]), 1)
            if closes:
                _close(state, target)
            return NO_VALUES
        return value if len(results) == 1 else results

    return Builtin(lua_next_line, "for iterator")


def lua_lines(state: State, *arguments: Value) -> Results:
    """`io.lines(filename, ...)`."""
    if argument(arguments, 1) is None:
        target = _file(state, (state.default_files["input"],))
        return _lines(state, target, arguments[1:], closes=False)
    name = check_string(state, arguments, 1)
    try:
        target = open_file(state, name, "r")
    except OSError as error:
        if state.integers:
            # `luaL_fileresult`'s message through `opencheckfile`
            runtime_error(f"cannot open file '{name}' ({os.strerror(error.errno or 0)})", 1)
        argument_error(state, 1, str(failure(error, name)[1]))
    iterator = _lines(state, target, arguments[1:], closes=True)
    return [iterator, None, None, target] if state.integers else iterator


# Methods of files


def lua_file_close(state: State, *arguments: Value) -> Results:
    """`file:close()`."""
    return _close(state, _file(state, arguments))


def lua_file_flush(state: State, *arguments: Value) -> Results:
    """`file:flush()`."""
    return _flush(_file(state, arguments))


def lua_file_lines(state: State, *arguments: Value) -> Results:
    """`file:lines(...)`."""
    return _lines(state, _file(state, arguments), arguments[1:], closes=False)


def lua_file_read(state: State, *arguments: Value) -> Results:
    """`file:read(...)`."""
    return _read(state, _file(state, arguments), arguments, 1)


def lua_file_write(state: State, *arguments: Value) -> Results:
    """`file:write(...)`."""
    return _write(state, _file(state, arguments), arguments, 1)


_WHENCE = {"set": os.SEEK_SET, "cur": os.SEEK_CUR, "end": os.SEEK_END}


def lua_file_seek(state: State, *arguments: Value) -> Results:
    """`file:seek(whence, offset)`."""
    target = _file(state, arguments)
    whence = optional_string(state, arguments, 2, "cur")
    offset = optional_integer(state, arguments, 3, 0)
    if whence not in _WHENCE:
        argument_error(state, 2, f"invalid option '{whence}'")
    try:
        return target.stream.seek(offset, _WHENCE[whence])
    except OSError as error:
        return failure(error)


def lua_file_setvbuf(state: State, *arguments: Value) -> Results:
    """`file:setvbuf(mode, size)`."""
    target = _file(state, arguments)
    mode = check_string(state, arguments, 2)
    if mode not in ("no", "full", "line"):
        argument_error(state, 2, f"invalid option '{mode}'")
    target.stream.set_buffering(mode, optional_integer(state, arguments, 3, 0))
    return TRUE


def lua_file_tostring(state: State, *arguments: Value) -> Results:
    """`__tostring` of files."""
    value = argument(arguments, 1)
    if not isinstance(value, LuaFile):
        argument_type_error(state, arguments, 1, "FILE*")
    return "file (closed)" if value.closed else f"file ({address(value)})"


def lua_file_release(state: State, *arguments: Value) -> Results:
    """`__gc` and `__close` of files."""
    value = argument(arguments, 1)
    if not isinstance(value, LuaFile):
        argument_type_error(state, arguments, 1, "FILE*")
    if not value.closed and not value.standard:
        try:
            close_file(value)
        except OSError as error:
            return failure(error)
    return NO_VALUES


FUNCTIONS = versions(
    ("close", lua_close, 1, "6.8", "5.0"),
    ("flush", lua_flush, 0, "6.8", "5.0"),
    ("input", lua_input, 1, "6.8", "5.0"),
    ("lines", lua_lines, 1, "6.8", "5.0"),
    ("open", lua_open, 2, "6.8", "5.0"),
    ("output", lua_output, 1, "6.8", "5.0"),
    ("popen", lua_popen, 2, "6.8", "5.1"),
    ("read", lua_read, 0, "6.8", "5.0"),
    ("tmpfile", lua_tmpfile, 0, "6.8", "5.0"),
    ("type", lua_type, 1, "6.8", "5.0"),
    ("write", lua_write, 0, "6.8", "5.0"),
)
METHODS = versions(
    ("close", lua_file_close, 0, "6.8", "5.0"),
    ("flush", lua_file_flush, 0, "6.8", "5.0"),
    ("lines", lua_file_lines, 0, "6.8", "5.0"),
    ("read", lua_file_read, 0, "6.8", "5.0"),
    ("seek", lua_file_seek, 2, "6.8", "5.0"),
    ("setvbuf", lua_file_setvbuf, 2, "6.8", "5.1"),
    ("write", lua_file_write, 0, "6.8", "5.0"),
)
METAMETHODS = versions(
    ("__close", lua_file_release, 1, "6.8", "5.4"),
    ("__gc", lua_file_release, 1, "-", "5.0", "5.3"),
    ("__gc", lua_file_release, 1, "6.8", "5.4"),
    ("__tostring", lua_file_tostring, 1, "-", "5.0"),
)


def open_io(state: State) -> None:
    """The library `io` and the metatable of files."""
    table = library(state, "io", FUNCTIONS.of(state))
    meta_table = Table()
    methods = register(state, meta_table if not state.integers else Table(), METHODS.of(state))
    fields = meta_table.__dict__
    fields["__index"] = methods
    register(state, meta_table, METAMETHODS.of(state))
    if state.integers:
        fields["__name"] = "FILE*"
    state.file_meta = meta_table
    state.registry.__dict__["FILE*"] = meta_table
    standard_input = LuaFile(state, Stream(0, readable=True, writable=False), standard=True)
    standard_output = LuaFile(state, GuestOutput(state.output), standard=True)
    standard_error = LuaFile(state, Stream(2, readable=False, writable=True, buffering="no"), standard=True)
    table.__dict__.update(stdin=standard_input, stdout=standard_output, stderr=standard_error)
    state.default_files = {"input": standard_input, "output": standard_output, "stdin": standard_input}
    state.at_exit.append(lambda: close_files(state))
