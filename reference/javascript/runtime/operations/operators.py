"""ECMA-262 13.5 to 13.12: what the operators do, for any operands."""

from __future__ import annotations

import math
from typing import Any, Callable, Final

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import (
    int32,
    to_boolean,
    to_number,
    to_numeric,
    to_primitive,
    to_property_key,
    to_string,
    uint32,
)
from lockstep.reference.javascript.runtime.operations.number_text import (
    INFINITY,
    NAN,
    string_to_bigint,
)
from lockstep.reference.javascript.runtime.operations.objects import instance_of
from lockstep.reference.javascript.runtime.values import BigInt, Symbol, Value, null, undefined

_LARGEST_BIGINT_BITS = 1 << 30


def add(left: Any, right: Any) -> Value:
    """13.15.3 ApplyStringOrNumericBinaryOperator with +."""
    left = to_primitive(left)
    right = to_primitive(right)
    if left.__class__ is str or right.__class__ is str:
        return to_string(left) + to_string(right)
    left, right = to_numeric(left), to_numeric(right)
    if left.__class__ is float and right.__class__ is float:
        return left + right
    _same_type(left, right)
    return BigInt(left.integer + right.integer)


def _same_type(left: Value, right: Value) -> None:
    if left.__class__ is not right.__class__:
        raise type_error("Cannot mix BigInt and other types, use explicit conversions")


def _numeric(
    number: Callable[[float, float], float], integer: Callable[[int, int], int]
) -> Callable[[Value, Value], Value]:
    def operate(left: Any, right: Any) -> Value:
        left, right = to_numeric(left), to_numeric(right)
        if left.__class__ is float and right.__class__ is float:
            return number(left, right)
        _same_type(left, right)
        return BigInt(integer(left.integer, right.integer))

    return operate


def number_divide(left: float, right: float) -> float:
    """6.1.6.1.5 Number::divide."""
    if right:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return NAN
    return math.copysign(INFINITY, left) * math.copysign(1.0, right)


def number_remainder(left: float, right: float) -> float:
    """6.1.6.1.6 Number::remainder."""
    if not right or left in (INFINITY, -INFINITY):
        return NAN
    return math.fmod(left, right)


def number_exponentiate(base: float, exponent: float) -> float:
    """6.1.6.1.3 Number::exponentiate."""
    if math.isnan(exponent) or (exponent in (INFINITY, -INFINITY) and abs(base) == 1):
        return NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -INFINITY if base < 0 and math.fmod(exponent, 2) in (1, -1) else INFINITY
    except ValueError:
        if base == 0:
            negative = math.copysign(1, base) < 0 and math.fmod(exponent, 2) in (1, -1)
            return -INFINITY if negative else INFINITY
        return NAN


def _checked(integer: int) -> int:
    if integer.bit_length() > _LARGEST_BIGINT_BITS:
        raise range_error("Maximum BigInt size exceeded")
    return integer


def _bigint_divide(left: int, right: int) -> int:
    if right == 0:
        raise range_error("Division by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _bigint_remainder(left: int, right: int) -> int:
    if right == 0:
        raise range_error("Division by zero")
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def _bigint_exponentiate(base: int, exponent: int) -> int:
    if exponent < 0:
        raise range_error("Exponent must be non-negative")
    if base not in (0, 1, -1) and base.bit_length() * exponent > _LARGEST_BIGINT_BITS:
        raise range_error("Maximum BigInt size exceeded")
    return int(base**exponent)


def _bigint_left_shift(left: int, right: int) -> int:
    if right < 0:
        return left >> -right
    if left and right > _LARGEST_BIGINT_BITS:
        raise range_error("Maximum BigInt size exceeded")
    return left << right


def _bigint_unsigned_right_shift(_left: int, _right: int) -> int:
    raise type_error("BigInts have no unsigned right shift, use >> instead")


subtract = _numeric(lambda x, y: x - y, lambda x, y: x - y)
multiply = _numeric(lambda x, y: x * y, lambda x, y: _checked(x * y))
divide = _numeric(number_divide, _bigint_divide)
remainder = _numeric(number_remainder, _bigint_remainder)
exponentiate = _numeric(number_exponentiate, _bigint_exponentiate)
bitwise_and = _numeric(lambda x, y: float(int32(x) & int32(y)), lambda x, y: x & y)
bitwise_or = _numeric(lambda x, y: float(int32(x) | int32(y)), lambda x, y: x | y)
bitwise_xor = _numeric(lambda x, y: float(int32(x) ^ int32(y)), lambda x, y: x ^ y)
left_shift = _numeric(
    lambda x, y: float(int32(float((int32(x) << (uint32(y) & 31)) & 0xFFFFFFFF))), _bigint_left_shift
)
right_shift = _numeric(
    lambda x, y: float(int32(x) >> (uint32(y) & 31)), lambda x, y: _bigint_left_shift(x, -y)
)
unsigned_right_shift = _numeric(
    lambda x, y: float(uint32(x) >> (uint32(y) & 31)), _bigint_unsigned_right_shift
)


def negate(value: Any) -> Value:
    """13.5.5 unary -."""
    value = to_numeric(value)
    return BigInt(-value.integer) if value.__class__ is BigInt else -value


def bitwise_not(value: Any) -> Value:
    """13.5.6 unary ~."""
    value = to_numeric(value)
    return BigInt(~value.integer) if value.__class__ is BigInt else float(~int32(value))


def increment(value: Any) -> Value:
    """13.4: the numeric value plus one; `value` is numeric already."""
    return value + 1.0 if value.__class__ is float else BigInt(value.integer + 1)


def decrement(value: Any) -> Value:
    """13.4: the numeric value minus one; `value` is numeric already."""
    return value - 1.0 if value.__class__ is float else BigInt(value.integer - 1)


def typeof(value: Any) -> str:
    """13.5.3 typeof."""
    kind = value.__class__
    if kind is str:
        return "string"
    if kind is float or kind is int:
        return "number"
    if value is undefined:
        return "undefined"
    if kind is bool:
        return "boolean"
    if kind is Symbol:
        return "symbol"
    if kind is BigInt:
        return "bigint"
    if value is null:
        return "object"
    if value.is_html_dda_:
        return "undefined"
    return "function" if value.is_callable_ else "object"


def strictly_equal(left: Value, right: Value) -> bool:
    """7.2.15 IsStrictlyEqual."""
    return left.__class__ is right.__class__ and bool(left == right)


def loosely_equal(left: Value, right: Value) -> bool:
    """7.2.14 IsLooselyEqual."""
    if left.__class__ is right.__class__:
        return bool(left == right)
    left_nothing = left is undefined or left is null
    right_nothing = right is undefined or right is null
    if left_nothing or right_nothing:
        if left_nothing and right_nothing:
            return True
        other = right if left_nothing else left
        return isinstance(other, JSObject) and other.is_html_dda_
    if isinstance(left, JSObject):
        if isinstance(right, JSObject):
            return left is right
        return loosely_equal(to_primitive(left), right)
    if isinstance(right, JSObject):
        return loosely_equal(left, to_primitive(right))
    return _primitives_equal(left, right)


def _primitives_equal(left: Value, right: Value) -> bool:
    if left.__class__ is bool:
        return loosely_equal(float(left), right)
    if right.__class__ is bool:
        return loosely_equal(left, float(right))
    if left.__class__ is Symbol or right.__class__ is Symbol:
        return False
    if left.__class__ is BigInt:
        if right.__class__ is str:
            integer = string_to_bigint(right)
            return integer is not None and integer == left.integer
        return bool(left.integer == right)
    if right.__class__ is BigInt:
        return _primitives_equal(right, left)
    return to_number(left) == to_number(right)


def same_value_zero(left: Value, right: Value) -> bool:
    """7.2.11 SameValueZero."""
    if left is right:
        return True
    if left.__class__ is not right.__class__:
        return False
    return bool(left == right) or (left.__class__ is float and left != left and right != right)  # noqa: PLR0124


def _compare(left: Value, right: Value, left_first: bool) -> Any:
    """7.2.13 IsLessThan, three-way: negative, zero, positive, or None where undefined."""
    if left_first:
        left = to_primitive(left, "number")
        right = to_primitive(right, "number")
    else:
        right = to_primitive(right, "number")
        left = to_primitive(left, "number")
    if left.__class__ is str and right.__class__ is str:
        return (left > right) - (left < right)
    if left.__class__ is BigInt and right.__class__ is str:
        right = string_to_bigint(right)
        if right is None:
            return None
        return (left.integer > right) - (left.integer < right)
    if left.__class__ is str and right.__class__ is BigInt:
        left = string_to_bigint(left)
        if left is None:
            return None
        return (left > right.integer) - (left < right.integer)
    left, right = to_numeric(left), to_numeric(right)
    x: Any = left.integer if left.__class__ is BigInt else left
    y: Any = right.integer if right.__class__ is BigInt else right
    if x != x or y != y:  # noqa: PLR0124  # NaN
        return None
    return (x > y) - (x < y)


def less_than(left: Value, right: Value) -> bool:
    """13.10.1 <."""
    order = _compare(left, right, left_first=True)
    return order is not None and order < 0


def greater_than(left: Value, right: Value) -> bool:
    """13.10.1 >."""
    order = _compare(left, right, left_first=True)
    return order is not None and order > 0


def less_equal(left: Value, right: Value) -> bool:
    """13.10.1 <=."""
    order = _compare(left, right, left_first=True)
    return order is not None and order <= 0


def greater_equal(left: Value, right: Value) -> bool:
    """13.10.1 >=."""
    order = _compare(left, right, left_first=True)
    return order is not None and order >= 0


def has_in(key: Value, target: Value) -> bool:
    """13.10.1 `key in target`."""
    if not isinstance(target, JSObject):
        raise type_error(f"Cannot use 'in' operator to search for '{describe(key)}' in {describe(target)}")
    return target.has_property(to_property_key(key))


def not_strictly_equal(left: Value, right: Value) -> bool:
    """13.11.1 !==."""
    return not strictly_equal(left, right)


def not_loosely_equal(left: Value, right: Value) -> bool:
    """13.11.1 !=."""
    return not loosely_equal(left, right)


def logical_not(value: Value) -> bool:
    """13.5.7 !."""
    return not to_boolean(value)


def _instance_of(left: Value, right: Value) -> bool:

    return instance_of(left, right)


BINARY: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
    "**": exponentiate,
    "&": bitwise_and,
    "|": bitwise_or,
    "^": bitwise_xor,
    "<<": left_shift,
    ">>": right_shift,
    ">>>": unsigned_right_shift,
    "<": less_than,
    ">": greater_than,
    "<=": less_equal,
    ">=": greater_equal,
    "==": loosely_equal,
    "!=": not_loosely_equal,
    "===": strictly_equal,
    "!==": not_strictly_equal,
    "in": has_in,
    "instanceof": _instance_of,
}
"""Every binary operator, for any operands."""

UNARY: Final[dict[str, Callable[[Value], Value]]] = {
    "+": to_number,
    "-": negate,
    "~": bitwise_not,
    "!": logical_not,
    "typeof": typeof,
    "void": lambda _value: undefined,
}
"""The unary operators on values (`delete` works on references)."""
