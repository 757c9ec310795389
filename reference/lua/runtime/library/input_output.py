"""Input and output facilities (manual 6.8)."""

# ruff: noqa: RET503  # functions end in one that never returns, which the rule cannot see across files
from __future__ import annotations

import io as host_io
import os
import sys
import tempfile
from typing import Any

from reference.lua.runtime.arguments import (
    argument,
    argument_error,
    argument_type_error,
    check_any,
    check_integer,
    check_string,
    optional_integer,
    optional_string,
)
from reference.lua.runtime.conversion import number_text
from reference.lua.runtime.errors import runtime_error
from reference.lua.runtime.files import LuaFile, open_file, open_pipe, valid_mode
from reference.lua.runtime.library.operating_system import exit_results, failure
from reference.lua.runtime.library.registration import Functions, library, register
from reference.lua.runtime.state import State
from reference.lua.runtime.text import address
from reference.lua.runtime.values import NO_VALUES, TRUE, Builtin, Results, Table, Value

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
    value: LuaFile = state.default_files[which]
    if value.closed:
        if state.integers:
            runtime_error(f"default {which} file is closed", 1)
        runtime_error(f"standard {which} file is closed", 1)
    return value


def _close(state: State, target: LuaFile) -> Results:
    if target.standard:
        return [None, "cannot close standard file"]
    try:
        code = target.close()
    except OSError as error:
        return failure(error)
    if target.process is not None and state.integers:
        return exit_results(state, code or 0)
    return TRUE


def lua_close(state: State, *arguments: Value) -> Results:
    """`io.close(file)`."""
    if not arguments:
        return _close(state, _default(state, "output"))
    return _close(state, _file(state, arguments))


def lua_flush(state: State, *arguments: Value) -> Results:
    """`io.flush()`."""
    del arguments
    return _flush(_default(state, "output"))


def _flush(target: LuaFile) -> Results:
    try:
        target.flush()
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
        elif isinstance(given, LuaFile):
            state.default_files[which] = given
        else:
            argument_type_error(state, arguments, 1, "FILE*")
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
    if not valid_mode(mode):
        if state.integers:
            argument_error(state, 2, "invalid mode")
        return [None, f"{name}: Invalid argument", 22]
    try:
        return open_file(state, name, mode)
    except OSError as error:
        return failure(error, name)
    except ValueError:
        return [None, f"{name}: No such file or directory", 2]


def lua_popen(state: State, *arguments: Value) -> Results:
    """`io.popen(prog, mode)`."""
    command = check_string(state, arguments, 1)
    mode = optional_string(state, arguments, 2, "r")
    if mode not in ("r", "w"):
        argument_error(state, 2, "invalid mode")
    try:
        return open_pipe(state, command, mode)
    except OSError as error:
        return failure(error, command)


def lua_tmpfile(state: State, *arguments: Value) -> Results:
    """`io.tmpfile()`."""
    del arguments
    stream: Any = tempfile.TemporaryFile()  # noqa: SIM115  # the guest closes it
    return LuaFile(state, stream)


def lua_type(state: State, *arguments: Value) -> Results:
    """`io.type(obj)`."""
    value = check_any(state, arguments, 1)
    if not isinstance(value, LuaFile):
        return None
    return "closed file" if value.closed else "file"


def _read(state: State, target: LuaFile, arguments: tuple[Value, ...], first: int) -> Results:
    """`file:read(...)`: the formats are `arguments[first:]`."""
    try:
        if len(arguments) <= first:
            return target.read_line(keep_end=False)
        results: list[Value] = []
        for position in range(first, len(arguments)):
            value = _read_one(state, target, arguments, position)
            results.append(value)
            if value is None:
                break
        return results
    except OSError as error:
        return failure(error)


def _read_one(state: State, target: LuaFile, arguments: tuple[Value, ...], position: int) -> Value:
    form = arguments[position]
    if type(form) in (int, float):
        return target.read_characters(check_integer(state, arguments, position + 1))
    text = check_string(state, arguments, position + 1)
    if not state.integers and not text.startswith("*"):
        argument_error(state, position + 1, "invalid option")
    letter = text.lstrip("*")[:1]
    if letter == "n":
        return target.read_number()
    if letter == "l":
        return target.read_line(keep_end=False)
    if letter == "L" and state.integers:
        return target.read_line(keep_end=True)
    if letter == "a":
        return target.read_all()
    argument_error(state, position + 1, "invalid format")


def lua_read(state: State, *arguments: Value) -> Results:
    """`io.read(...)`."""
    return _read(state, _default(state, "input"), arguments, 0)


def _write(state: State, target: LuaFile, arguments: tuple[Value, ...], first: int) -> Results:
    try:
        for position in range(first, len(arguments)):
            value = arguments[position]
            if type(value) is not str:
                if type(value) not in (int, float):
                    check_string(state, arguments, position + 1)
                value = number_text(value, state.integers)
            target.write(value)
    except OSError as error:
        return failure(error)
    except host_io.UnsupportedOperation:
        return [None, "Bad file descriptor", 9]
    return target if state.integers else TRUE


def lua_write(state: State, *arguments: Value) -> Results:
    """`io.write(...)`."""
    return _write(state, _default(state, "output"), arguments, 0)


def _lines(state: State, target: LuaFile, formats: tuple[Value, ...], closes: bool) -> Results:
    if len(formats) > _MAX_FORMATS:
        argument_error(state, _MAX_FORMATS + 2, "too many arguments")

    def lua_next_line(*_: Value) -> Results:
        if target.closed:
            runtime_error("file is already closed", 1)
        results = _read(state, target, formats, 0)
        value = results[0] if type(results) is list and results else results
        if value is None or (type(results) is list and not results):
            if type(results) is list and len(results) > 1 and type(results[1]) is str and len(results) == 3:
                runtime_error(results[1], 1)
            if closes:
                target.close()
            return None
        return results

    return Builtin(lua_next_line, "for iterator")


def lua_lines(state: State, *arguments: Value) -> Results:
    """`io.lines(filename, ...)`."""
    if argument(arguments, 1) is None:
        return _lines(state, _default(state, "input"), arguments[1:], closes=False)
    name = check_string(state, arguments, 1)
    try:
        target = open_file(state, name, "r")
    except OSError as error:
        message = str(failure(error, name)[1])
        if state.integers:
            runtime_error(message, 1)
        argument_error(state, 1, message)
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
    if target.stream is None:
        return [None, "Illegal seek", 29]
    try:
        return target.stream.seek(offset, _WHENCE[whence])
    except (OSError, ValueError) as error:
        return failure(error if isinstance(error, OSError) else OSError(22, "Invalid argument"))


def lua_file_setvbuf(state: State, *arguments: Value) -> Results:
    """`file:setvbuf(mode, size)`."""
    _file(state, arguments)
    mode = check_string(state, arguments, 2)
    if mode not in ("no", "full", "line"):
        argument_error(state, 2, f"invalid option '{mode}'")
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
        value.close()
    return NO_VALUES


_FUNCTIONS: Functions = {
    "close": lua_close,
    "flush": lua_flush,
    "input": lua_input,
    "lines": lua_lines,
    "open": lua_open,
    "output": lua_output,
    "popen": lua_popen,
    "read": lua_read,
    "tmpfile": lua_tmpfile,
    "type": lua_type,
    "write": lua_write,
}
_METHODS: Functions = {
    "close": lua_file_close,
    "flush": lua_file_flush,
    "lines": lua_file_lines,
    "read": lua_file_read,
    "seek": lua_file_seek,
    "setvbuf": lua_file_setvbuf,
    "write": lua_file_write,
}


def open_io(state: State) -> None:
    """The library `io` and the metatable of files."""
    table = library(state, "io", _FUNCTIONS)
    meta_table = Table()
    methods = register(state, meta_table if not state.integers else Table(), _METHODS)
    fields = meta_table.__dict__
    fields["__index"] = methods
    fields["__name"] = "FILE*"
    register(state, meta_table, {"__tostring": lua_file_tostring, "__gc": lua_file_release})
    if state.integers:
        register(state, meta_table, {"__close": lua_file_release})
    state.file_meta = meta_table
    state.registry.__dict__["FILE*"] = meta_table
    standard_input = LuaFile(state, getattr(sys.stdin, "buffer", None), standard=True)
    standard_output = LuaFile(state, None, standard=True)
    standard_error = LuaFile(state, getattr(sys.stderr, "buffer", None), standard=True)
    table.__dict__.update(stdin=standard_input, stdout=standard_output, stderr=standard_error)
    state.default_files = {"input": standard_input, "output": standard_output}
