"""Checking the arguments of built-ins (`lauxlib.c`): each function names the argument and what it got."""

from __future__ import annotations

from typing import NoReturn

from lockstep.reference.lua.runtime.operations.conversion import (
    integer_of_float,
    number_text,
    to_float_or_int,
    type_name,
)
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.naming import called_name
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Function, LightUserdata, Table, Value

# 5.1: LUAI_MAXCSTACK, which a call's arguments share with its results.
MAX_STACK_5_1 = 8000


def argument_error(state: State, position: int, message: str) -> NoReturn:
    """Raise `bad argument #POSITION to 'FUNCTION' (MESSAGE)`; positions count from 1."""
    what, name = called_name(state)
    if what == "method":
        position -= 1
        if position == 0:
            runtime_error(f"calling '{name}' on bad self ({message})", 1)
    runtime_error(f"bad argument #{position} to '{name}' ({message})", 1)


def argument_type_error(state: State, arguments: tuple[Value, ...], position: int, expected: str) -> NoReturn:
    """Raise the error for an argument of another type."""
    if position > len(arguments):
        got = "no value"
    else:
        value = arguments[position - 1]
        got = type_name(value)
        if state.integers:
            if isinstance(value, LightUserdata):
                got = "light userdata"
            name = state.metamethod(value, "__name")
            if type(name) is str:
                got = name
    argument_error(state, position, f"{expected} expected, got {got}")


def check_any(state: State, arguments: tuple[Value, ...], position: int) -> Value:
    """Any value, but a value."""
    if position > len(arguments):
        argument_error(state, position, "value expected")
    return arguments[position - 1]


def check_table(state: State, arguments: tuple[Value, ...], position: int) -> Table:
    """A table."""
    if position <= len(arguments):
        value = arguments[position - 1]
        if isinstance(value, Table):
            return value
    argument_type_error(state, arguments, position, "table")


def check_function(state: State, arguments: tuple[Value, ...], position: int) -> Function:
    """A function."""
    if position <= len(arguments):
        value = arguments[position - 1]
        if isinstance(value, Function):
            return value
    argument_type_error(state, arguments, position, "function")


def check_string(state: State, arguments: tuple[Value, ...], position: int) -> str:
    """A string, or a number as a string."""
    if position <= len(arguments):
        value = arguments[position - 1]
        if type(value) is str:
            return value
        if isinstance(value, (int, float)):
            return number_text(value, state.integers)
    argument_type_error(state, arguments, position, "string")


def optional_string(state: State, arguments: tuple[Value, ...], position: int, default: str) -> str:
    """A string, or `default` where the argument is nil or not given."""
    if position > len(arguments) or arguments[position - 1] is None:
        return default
    return check_string(state, arguments, position)


def check_number(state: State, arguments: tuple[Value, ...], position: int) -> int | float:
    """A number, or a string that spells one."""
    if position <= len(arguments):
        number = to_float_or_int(arguments[position - 1], state.integers)
        if number is not None:
            return number
    argument_type_error(state, arguments, position, "number")


def check_integer(state: State, arguments: tuple[Value, ...], position: int) -> int:
    """An integer, or what converts to one; 5.1 truncates."""
    if position <= len(arguments):
        value = arguments[position - 1]
        if type(value) is int:
            return value
        number = to_float_or_int(value, state.integers)
        if type(number) is int:
            return number
        if type(number) is float:
            if not state.integers:
                return truncated(number)
            integer = integer_of_float(number)
            if integer is not None:
                return integer
            argument_error(state, position, "number has no integer representation")
    argument_type_error(state, arguments, position, "number")


def check_int(state: State, arguments: tuple[Value, ...], position: int) -> int:
    """An integer that the reference implementation of 5.1 keeps in C's `int`, where it wraps around; 5.4 has none such."""
    return _as_int(check_integer(state, arguments, position), state.integers)


def _as_int(value: int, integers: bool) -> int:
    return value if integers else (value + (1 << 31)) % (1 << 32) - (1 << 31)


def optional_int(state: State, arguments: tuple[Value, ...], position: int, default: int) -> int:
    """`check_int`, or `default` where the argument is nil or not given."""
    if position > len(arguments) or arguments[position - 1] is None:
        return default
    return check_int(state, arguments, position)


def truncated(number: float) -> int:
    """5.1's conversion of a double to a C integer; out of range it gives the lowest one."""
    if -9223372036854775808.0 <= number < 9223372036854775808.0:
        return int(number)
    return -(1 << 63)


def optional_integer(state: State, arguments: tuple[Value, ...], position: int, default: int) -> int:
    """An integer, or `default` where the argument is nil or not given."""
    if position > len(arguments) or arguments[position - 1] is None:
        return default
    return check_integer(state, arguments, position)


def optional_number(state: State, arguments: tuple[Value, ...], position: int, default: float) -> int | float:
    """A number, or `default` where the argument is nil or not given."""
    if position > len(arguments) or arguments[position - 1] is None:
        return default
    return check_number(state, arguments, position)


def argument(arguments: tuple[Value, ...], position: int) -> Value:
    """An argument, nil where it is not given."""
    return arguments[position - 1] if position <= len(arguments) else None


def boolean(value: object) -> Value:
    """The Lua boolean of a host truth value."""
    return TRUE if value else FALSE
