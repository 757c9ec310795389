"""Between numbers and strings (manual 3.4.3), and the names of types."""

from __future__ import annotations

from math import copysign, isnan

from lockstep.reference.lua.runtime.values import Function, LuaBoolean, Table, Value
from lockstep.reference.lua.syntax.numerals import to_number, wrap

# The names of the types that most values have; functions and what the collector gives other classes are left out.
TYPE_NAMES = {
    type(None): "nil",
    LuaBoolean: "boolean",
    int: "number",
    float: "number",
    str: "string",
    Table: "table",
}


def type_name(value: Value) -> str:
    """`type(value)`."""
    name = TYPE_NAMES.get(type(value))
    if name is not None:
        return name
    if isinstance(value, Function):
        return "function"
    if isinstance(value, Table):
        return "table"
    return "thread" if type(value).__name__ == "Coroutine" else "userdata"


def is_nan(value: Value) -> bool:
    """Whether a value is the number that differs from itself."""
    return type(value) is float and isnan(value)


def format_general(number: float) -> str:
    """`%.14g`."""
    if isnan(number):
        # The sign bit of a NaN shows, and the host keeps it.
        return "-nan" if str_sign(number) else "nan"
    return f"{number:.14g}"


def str_sign(number: float) -> bool:
    """Whether the sign bit is set, in a NaN too."""
    return copysign(1.0, number) < 0


def number_text(number: float, integers: bool) -> str:
    """A number as `tostring` writes it."""
    if integers:
        if type(number) is int:
            return str(number)
        text = format_general(number)
        if text.lstrip("-").isdigit():
            return text + ".0"
        return text
    if type(number) is int and -100000000000000 < number < 100000000000000:
        return str(number)
    return format_general(float(number))


def integer_of_float(number: float) -> int | None:
    """The 64-bit integer equal to `number`, if there is one."""
    if -9223372036854775808.0 <= number < 9223372036854775808.0:
        integer = int(number)
        if integer == number:
            return integer
    return None


def to_integer(value: Value, integers: bool) -> int | None:
    """The integer that `value` converts to (manual 3.4.3); None if it converts to none."""
    if type(value) is int:
        return value
    if type(value) is float:
        return integer_of_float(value)
    if type(value) is str:
        number = to_number(value, integers)
        return integer_of_float(number) if isinstance(number, float) else number
    return None


def to_float_or_int(value: Value, integers: bool) -> int | float | None:
    """`value` as an operand of arithmetic: a number, or a string that spells one; else None."""
    if type(value) is int or type(value) is float:
        return value
    if type(value) is str:
        return to_number(value, integers)
    return None


__all__ = [
    "TYPE_NAMES",
    "format_general",
    "integer_of_float",
    "number_text",
    "to_float_or_int",
    "to_integer",
    "to_number",
    "type_name",
    "wrap",
]
