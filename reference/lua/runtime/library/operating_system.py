"""Operating system facilities (manual 6.9)."""

from __future__ import annotations

import locale
import os
import time

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    check_integer,
    check_number,
    check_string,
    check_table,
    optional_string,
    truncated,
)
from lockstep.reference.lua.runtime.library.registration import library, versions
from lockstep.reference.lua.runtime.operations.conversion import to_float_or_int, to_integer
from lockstep.reference.lua.runtime.operations.indexing import index, set_index
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.exiting import ClosingExit, ProgramExit
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Results, Table, Value

_CONVERSIONS_5_4 = frozenset("aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%")
_EXTENDED = {"E": "cCxXyY", "O": "deHImMSuUVwWy"}
_LONGEST = (1 << 31) - 1
# What C calls the zone of `gmtime`.
_UNIVERSAL = {"%Z": "GMT", "%z": "+0000"}
# Years from here on are reckoned as years 2000 to 2399; a cycle of 400 years has 146097 days.
_FAR_YEAR = 100_000
_CYCLE = 146_097 * 86_400


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
    if not state.integers:
        # `lua_tointeger` takes any number.
        number = to_float_or_int(value, integers=False)
        integer = None if number is None else truncated(number)
    if integer is None:
        if value is not None and state.integers:
            runtime_error(f"field '{name}' is not an integer", 1)
        if default is None:
            runtime_error(f"field '{name}' missing in date table", 1)
        return default
    if not state.integers:
        # A C int.
        return (integer - offset + _LONGEST + 1) % (1 << 32) - _LONGEST - 1
    if not -_LONGEST - 1 <= integer - offset <= _LONGEST:
        runtime_error(f"field '{name}' is out-of-bound", 1)
    return integer - offset


# name, default, offset: the order in which each version reads them shows in its errors.
_FIELDS = (("year", None, 1900), ("month", None, 1), ("day", None, 0), ("hour", 12, 0), ("min", 0, 0), ("sec", 0, 0))  # fmt: skip


def lua_time(state: State, *arguments: Value) -> Results:
    """`os.time(table)`."""
    if argument(arguments, 1) is None:
        return int(time.time())
    table = check_table(state, arguments, 1)
    read: dict[str, int] = {}
    for name, default, offset in _FIELDS if state.integers else reversed(_FIELDS):
        read[name] = _field(state, table, name, default, offset)
    daylight = index(state, table, "isdst")
    flag = -1 if daylight is None else int(daylight is not FALSE)
    stamp = _make_time(read, flag)
    if stamp is None:
        if state.integers:
            runtime_error("time result cannot be represented in this installation", 1)
        return None
    if state.integers:
        moment = _moment(stamp, universal=False)
        assert moment is not None
        _set_fields(state, table, moment)
    return stamp


def _make_time(read: dict[str, int], daylight: int) -> int | None:
    """`mktime`; None where it has no result."""
    years, month = divmod(read["month"], 12)
    year = read["year"] + 1900 + years
    # The host's year is a smaller C int than Lua's: the calendar repeats, so another year stands for it.
    cycles = 0 if abs(year) < _FAR_YEAR else year // 400 - 5
    try:
        stamp = time.mktime(
            (
                year - 400 * cycles,
                month + 1,
                read["day"],
                read["hour"],
                read["min"],
                read["sec"],
                0,
                0,
                daylight,
            )
        )
    except (OverflowError, ValueError, OSError):
        return None
    result = int(stamp) + cycles * _CYCLE
    moment = _moment(result, universal=False)
    return None if result == -1 or moment is None else result


def _moment(stamp: int, *, universal: bool) -> tuple[int, ...] | None:
    """`gmtime` or `localtime` as the host's tuple; None where the year is no C int."""
    cycles = 0 if abs(stamp) < _FAR_YEAR * 31556952 else stamp // _CYCLE - 1
    broken = (time.gmtime if universal else time.localtime)(stamp - cycles * _CYCLE)
    year = broken.tm_year + 400 * cycles
    if not -_LONGEST - 1 <= year - 1900 <= _LONGEST:
        return None
    return (year, *broken[1:])


def _set_fields(state: State, table: Table, moment: tuple[int, ...]) -> None:
    year, month, day, hour, minute, second, weekday, yearday, daylight = moment
    fields = {
        "year": year,
        "month": month,
        "day": day,
        "hour": hour,
        "min": minute,
        "sec": second,
        "yday": yearday,
        "wday": (weekday + 1) % 7 + 1,
    }
    for name, value in fields.items():
        set_index(state, table, name, value)
    if daylight >= 0:
        set_index(state, table, "isdst", TRUE if daylight else FALSE)


# What a long format takes while it is filled, roughly.
_LONG_TEMPLATE = 1 << 14
_BYTES_FOR_A_CHARACTER = 48


def lua_date(state: State, *arguments: Value) -> Results:
    """`os.date(format, time)`."""
    template = optional_string(state, arguments, 1, "%c")
    stamp = int(time.time()) if argument(arguments, 2) is None else check_integer(state, arguments, 2)
    universal = template.startswith("!")
    if universal:
        template = template[1:]
    moment = _moment(stamp, universal=universal)
    if moment is None:
        if not state.integers:
            return None
        runtime_error("date result cannot be represented in this installation", 1)
    if template.partition("\0")[0] == "*t":
        table = Table()
        _set_fields(state, table, moment)
        return table
    if len(template) > _LONG_TEMPLATE:
        state.budget.allocate(_BYTES_FOR_A_CHARACTER * len(template))
    parts = []
    position = 0
    while True:
        percent = template.find("%", position)
        if percent < 0 or (percent + 1 == len(template) and not state.integers):
            parts.append(template[position:])
            return "".join(parts)
        parts.append(template[position:percent])
        conversion = _conversion(state, template, percent)
        position = percent + len(conversion)
        zone = _UNIVERSAL.get(conversion) if universal else None
        if zone is not None:
            parts.append(zone)
            continue
        try:
            parts.append(time.strftime(conversion, time.struct_time(moment)))
        except (OverflowError, ValueError):
            runtime_error("date result cannot be represented in this installation", 1)


def _conversion(state: State, template: str, percent: int) -> str:
    """The conversion specifier at `percent`, which 5.4 checks."""
    letter = template[percent + 1 : percent + 2]
    if not state.integers or (letter and letter in _CONVERSIONS_5_4):
        return "%" + letter
    extended = template[percent + 2 : percent + 3]
    if extended and extended in _EXTENDED.get(letter, ""):
        return "%" + letter + extended
    rest = template[percent:].partition("\0")[0]
    return argument_error(state, 1, f"invalid conversion specifier '{rest}'")


def lua_difftime(state: State, *arguments: Value) -> Results:
    """`os.difftime(t2, t1)`."""
    if state.integers:
        return float(check_integer(state, arguments, 1) - check_integer(state, arguments, 2))
    second = 0 if argument(arguments, 2) is None else check_number(state, arguments, 2)
    return check_number(state, arguments, 1) - second


def lua_getenv(state: State, *arguments: Value) -> Results:
    """`os.getenv(varname)`."""
    return state.permissions.variable(check_string(state, arguments, 1).partition("\0")[0])


def lua_remove(state: State, *arguments: Value) -> Results:
    """`os.remove(filename)`."""
    name = check_string(state, arguments, 1)
    try:
        state.permissions.check_files()
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
    new_name = check_string(state, arguments, 2)
    try:
        state.permissions.check_files()
        os.replace(name.encode("latin-1"), new_name.encode("latin-1"))  # noqa: PTH105  # names of bytes
        return TRUE
    except OSError as error:
        return failure(error, None if state.integers else name)


def lua_tmpname(state: State, *arguments: Value) -> Results:
    """`os.tmpname()`."""
    del arguments
    try:
        state.permissions.check_files()
        import tempfile  # noqa: PLC0415  # rarely needed

        handle, name = tempfile.mkstemp(prefix="lua_")
    except OSError:
        runtime_error("unable to generate a unique filename", 1)
    os.close(handle)
    return name


def lua_execute(state: State, *arguments: Value) -> Results:
    """`os.execute(command)`."""
    if argument(arguments, 1) is None:
        there = state.permissions.processes
        if state.integers:
            return TRUE if there else FALSE
        return int(there)
    command = check_string(state, arguments, 1)
    try:
        state.permissions.check_processes()
        state.output.flush()
        import subprocess  # noqa: PLC0415  # rarely needed

        done = subprocess.run(  # noqa: S602  # the guest asks for the shell
            command.partition("\0")[0].encode("latin-1"), shell=True, check=False
        )
    except OSError as error:
        return failure(error) if state.integers else -1
    return exit_results(state, done.returncode)


def exit_results(state: State, code: int) -> Results:
    """How a command ended: success, `exit` or `signal`, and the number; 5.1 gives the status."""
    if not state.integers:
        return code << 8 if code >= 0 else -code
    if code < 0:
        # The shell replaced itself by the command.
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
    close = argument(arguments, 2)
    closes = state.integers and close is not None and close is not FALSE
    raise (ClosingExit if closes else ProgramExit)(status)


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


FUNCTIONS = versions(
    ("clock", lua_clock, 0, "6.9", "5.0"),
    ("date", lua_date, 2, "6.9", "5.0"),
    ("difftime", lua_difftime, 2, "6.9", "5.0"),
    ("execute", lua_execute, 1, "6.9", "5.0"),
    ("exit", lua_exit, 1, "5.8", "5.0", "5.1"),
    ("exit", lua_exit, 2, "6.9", "5.2"),
    ("getenv", lua_getenv, 1, "6.9", "5.0"),
    ("remove", lua_remove, 1, "6.9", "5.0"),
    ("rename", lua_rename, 2, "6.9", "5.0"),
    ("setlocale", lua_setlocale, 2, "6.9", "5.0"),
    ("time", lua_time, 1, "6.9", "5.0"),
    ("tmpname", lua_tmpname, 0, "6.9", "5.0"),
)


def open_os(state: State) -> None:
    """The library `os`."""
    library(state, "os", FUNCTIONS.of(state))
