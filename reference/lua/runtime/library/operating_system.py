"""Operating system facilities (manual 6.9)."""

from __future__ import annotations

import locale
import os
import subprocess
import tempfile
import time
from typing import NoReturn

from reference.lua.runtime.arguments import (
    argument,
    argument_error,
    check_integer,
    check_number,
    check_string,
    check_table,
    optional_string,
)
from reference.lua.runtime.conversion import to_integer, to_number
from reference.lua.runtime.errors import runtime_error
from reference.lua.runtime.exiting import ProgramExit
from reference.lua.runtime.indexing import index, set_index
from reference.lua.runtime.library.registration import Functions, library
from reference.lua.runtime.state import State
from reference.lua.runtime.values import FALSE, TRUE, Results, Table, Value

_CONVERSIONS_5_4 = frozenset("aAbBcdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%")
_EXTENDED = {"E": frozenset("cCxXyY"), "O": frozenset("deHImMSuUVwWy")}
_LONGEST = (1 << 31) - 1


def failure(error: OSError, name: str | None = None) -> list[Value]:
    """What a function gives for a failed system call: nil, message, error number."""
    message = os.strerror(error.errno) if error.errno else str(error)
    return [None, f"{name}: {message}" if name else message, error.errno or 0]


def lua_clock(state: State, *arguments: Value) -> Results:
    """`os.clock()`."""
    del state, arguments
    return time.process_time()


def _field(state: State, table: Table, name: str, default: int | None, offset: int = 0) -> int:
    value = index(state, table, name)
    integer = to_integer(value, state.integers)
    if integer is None:
        if value is not None:
            if not state.integers:
                number = to_number(value, False) if type(value) is str else value
                if type(number) is float:
                    return int(number) - offset
            runtime_error(f"field '{name}' is not an integer", 1)
        if default is None:
            runtime_error(f"field '{name}' missing in date table", 1)
        return default
    if not -_LONGEST - 1 <= integer - offset <= _LONGEST:
        runtime_error(f"field '{name}' is out-of-bound", 1)
    return integer - offset


def lua_time(state: State, *arguments: Value) -> Results:
    """`os.time(table)`."""
    if argument(arguments, 1) is None:
        return int(time.time())
    table = check_table(state, arguments, 1)
    year = _field(state, table, "year", None, 1900)
    month = _field(state, table, "month", None, 1)
    day = _field(state, table, "day", None)
    hour = _field(state, table, "hour", 12)
    minute = _field(state, table, "min", 0)
    second = _field(state, table, "sec", 0)
    daylight = index(state, table, "isdst")
    flag = -1 if daylight is None else int(daylight is not FALSE)
    # Normalise the month, which the host does not; the rest is counted from the first of it.
    year += month // 12
    month %= 12
    try:
        start = time.mktime((year + 1900, month + 1, 1, 0, 0, 0, 0, 0, flag))
        seconds = start + (day - 1) * 86400 + hour * 3600 + minute * 60 + second
        stamp = int(seconds)
        _normalised(state, table, stamp)
    except (OverflowError, ValueError, OSError):
        runtime_error(
            "time result cannot be represented in this installation" if state.integers else "time overflow", 1
        )
    return stamp


def _normalised(state: State, table: Table, stamp: int) -> None:
    if state.integers:
        _set_fields(state, table, time.localtime(stamp))


def _set_fields(state: State, table: Table, moment: time.struct_time) -> None:
    fields = {
        "year": moment.tm_year,
        "month": moment.tm_mon,
        "day": moment.tm_mday,
        "hour": moment.tm_hour,
        "min": moment.tm_min,
        "sec": moment.tm_sec,
        "yday": moment.tm_yday,
        "wday": (moment.tm_wday + 1) % 7 + 1,
    }
    for name, value in fields.items():
        set_index(state, table, name, value)
    if moment.tm_isdst >= 0:
        set_index(state, table, "isdst", TRUE if moment.tm_isdst else FALSE)


def lua_date(state: State, *arguments: Value) -> Results:
    """`os.date(format, time)`."""
    template = optional_string(state, arguments, 1, "%c")
    stamp = int(time.time()) if argument(arguments, 2) is None else check_integer(state, arguments, 2)
    universal = template.startswith("!")
    if universal:
        template = template[1:]
    try:
        moment = time.gmtime(stamp) if universal else time.localtime(stamp)
    except (OverflowError, ValueError, OSError):
        runtime_error("date result cannot be represented in this installation", 1)
    if template.startswith("*t"):
        table = Table()
        _set_fields(state, table, moment)
        return table
    parts = []
    position = 0
    while position < len(template):
        percent = template.find("%", position)
        if percent < 0:
            parts.append(template[position:])
            break
        parts.append(template[position:percent])
        position = percent + 2
        letter = template[percent + 1 : position]
        extended = _EXTENDED.get(letter)
        if extended is not None:
            letter = template[percent + 1 : position + 1]
            if len(letter) != 2 or letter[1] not in extended:
                _bad_conversion(state, "%" + letter)
            position += 1
        elif (state.integers and letter not in _CONVERSIONS_5_4) or not letter:
            _bad_conversion(state, "%" + letter)
        parts.append(time.strftime("%" + letter, moment))
    return "".join(parts)


def _bad_conversion(state: State, text: str) -> NoReturn:
    argument_error(state, 1, f"invalid conversion specifier '{text}'")


def lua_difftime(state: State, *arguments: Value) -> Results:
    """`os.difftime(t2, t1)`."""
    if state.integers:
        return float(check_integer(state, arguments, 1) - check_integer(state, arguments, 2))
    second = 0 if argument(arguments, 2) is None else check_number(state, arguments, 2)
    return check_number(state, arguments, 1) - second


def lua_getenv(state: State, *arguments: Value) -> Results:
    """`os.getenv(varname)`."""
    value = os.environb.get(check_string(state, arguments, 1).encode("latin-1"))
    return None if value is None else value.decode("latin-1")


def lua_remove(state: State, *arguments: Value) -> Results:
    """`os.remove(filename)`."""
    name = check_string(state, arguments, 1)
    try:
        try:
            os.remove(name.encode("latin-1"))  # noqa: PTH107  # a name of bytes
        except IsADirectoryError:
            os.rmdir(name.encode("latin-1"))  # noqa: PTH106  # a name of bytes
        return TRUE
    except OSError as error:
        return failure(error, name)


def lua_rename(state: State, *arguments: Value) -> Results:
    """`os.rename(oldname, newname)`."""
    name = check_string(state, arguments, 1)
    try:
        os.replace(name.encode("latin-1"), check_string(state, arguments, 2).encode("latin-1"))  # noqa: PTH105  # names of bytes
        return TRUE
    except OSError as error:
        return failure(error, name)


def lua_tmpname(state: State, *arguments: Value) -> Results:
    """`os.tmpname()`."""
    del state, arguments
    handle, name = tempfile.mkstemp(prefix="lua_")
    os.close(handle)
    return name


def lua_execute(state: State, *arguments: Value) -> Results:
    """`os.execute(command)`."""
    command = argument(arguments, 1)
    if command is None:
        return TRUE if state.integers else 1
    state.output.flush()
    done = subprocess.run(  # noqa: S602  # the guest asks for the shell
        check_string(state, arguments, 1).encode("latin-1"), shell=True, check=False
    )
    return exit_results(state, done.returncode)


def exit_results(state: State, code: int) -> Results:
    """How a command ended: success, `exit` or `signal`, and the number; 5.1 gives the status."""
    if not state.integers:
        return code << 8 if code >= 0 else -code
    if code < 0:
        return [None, "signal", -code]
    return [TRUE if code == 0 else None, "exit", code]


def lua_exit(state: State, *arguments: Value) -> Results:
    """`os.exit(code, close)`."""
    code = argument(arguments, 1)
    if code is None or code is TRUE:
        status = 0
    elif code is FALSE:
        status = 1
    else:
        status = check_integer(state, arguments, 1)
    raise ProgramExit(status)


_CATEGORIES = {
    "all": locale.LC_ALL,
    "collate": locale.LC_COLLATE,
    "ctype": locale.LC_CTYPE,
    "monetary": locale.LC_MONETARY,
    "numeric": locale.LC_NUMERIC,
    "time": locale.LC_TIME,
}


def lua_setlocale(state: State, *arguments: Value) -> Results:
    """`os.setlocale(locale, category)`: only the locale "C" is there."""
    category = optional_string(state, arguments, 2, "all")
    if category not in _CATEGORIES:
        argument_error(state, 2, f"invalid option '{category}'")
    name = optional_string(state, arguments, 1, "C")
    return "C" if name in ("", "C", "POSIX") else None


_FUNCTIONS: Functions = {
    "clock": lua_clock,
    "date": lua_date,
    "difftime": lua_difftime,
    "execute": lua_execute,
    "exit": lua_exit,
    "getenv": lua_getenv,
    "remove": lua_remove,
    "rename": lua_rename,
    "setlocale": lua_setlocale,
    "time": lua_time,
    "tmpname": lua_tmpname,
}


def open_os(state: State) -> None:
    """The library `os`."""
    library(state, "os", _FUNCTIONS)
