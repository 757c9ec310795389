"""Arithmetic, bitwise operations and concatenation (manual 3.4.1 to 3.4.3, 3.4.6), with metamethods."""

from __future__ import annotations

import math
from typing import Callable, NoReturn

from lockstep.reference.lua.runtime.operations.calls import call_metamethod
from lockstep.reference.lua.runtime.operations.conversion import (
    integer_of_float,
    number_text,
    to_float_or_int,
    type_name,
)
from lockstep.reference.lua.runtime.stack.errors import runtime_error, type_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaError, Value
from lockstep.reference.lua.syntax.numerals import plain, wrap

_INFINITY = math.inf
# What is said of integers that are divided by zero.
_DIVISIONS = {"%": "attempt to perform 'n%0'", "//": "attempt to divide by zero"}
_NEGATIVE_NAN = -math.nan


def divide(left: float, right: float) -> float:
    """`left / right` as IEEE 754 has it."""
    if right:
        return left / right
    if not left or math.isnan(left):
        return _NEGATIVE_NAN
    return math.copysign(_INFINITY, left) * math.copysign(1.0, right)


def power(left: float, right: float) -> float:
    """`left ^ right` as C's `pow`."""
    try:
        return math.pow(left, right)
    except OverflowError:
        odd = right == int(right) and int(right) % 2 == 1
        return -_INFINITY if left < 0 and odd else _INFINITY
    except ValueError:
        if left == 0:
            odd = math.isfinite(right) and right == int(right) and int(right) % 2 == 1
            return math.copysign(_INFINITY, left) if odd else _INFINITY
        return _NEGATIVE_NAN


def floor_divide(left: float, right: float) -> float:
    """`left // right` of floats: the floor of the quotient."""
    quotient = divide(left, right)
    if math.isfinite(quotient):
        # The floor of minus zero is minus zero.
        return float(math.floor(quotient)) if quotient else quotient
    return quotient


def float_modulo(left: float, right: float) -> float:
    """`left % right` of floats in 5.4: the remainder has the divisor's sign."""
    if not right or left in (_INFINITY, -_INFINITY):
        return math.nan if math.isnan(right) or math.isnan(left) else _NEGATIVE_NAN
    remainder = math.fmod(left, right)
    if (right < 0) if remainder > 0 else (remainder < 0 and right != remainder and right > 0):
        remainder += right
    return remainder


def old_modulo(left: float, right: float) -> float:
    """`left % right` in 5.1: `a - floor(a/b)*b`."""
    quotient = divide(left, right)
    if math.isfinite(quotient) and quotient:
        quotient = float(math.floor(quotient))
    if math.isinf(quotient) and math.isinf(left):
        return _NEGATIVE_NAN
    product = quotient * right
    return _NEGATIVE_NAN if math.isnan(product) else left - product


def integer_modulo(left: int, right: int) -> int:
    """`left % right` of integers."""
    if not right:
        runtime_error(_DIVISIONS["%"], 0)
    return left % right


def integer_floor_divide(left: int, right: int) -> int:
    """`left // right` of integers."""
    if not right:
        runtime_error(_DIVISIONS["//"], 0)
    return wrap(left // right)


_INTEGER: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: wrap(a + b),
    "-": lambda a, b: wrap(a - b),
    "*": lambda a, b: wrap(a * b),
    "%": integer_modulo,
    "//": integer_floor_divide,
}
_FLOAT: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divide,
    "^": power,
    "%": float_modulo,
    "//": floor_divide,
}
EVENTS = {
    "+": "__add",
    "-": "__sub",
    "*": "__mul",
    "/": "__div",
    "%": "__mod",
    "^": "__pow",
    "//": "__idiv",
    "&": "__band",
    "|": "__bor",
    "~": "__bxor",
    "<<": "__shl",
    ">>": "__shr",
    "unary -": "__unm",
    "unary ~": "__bnot",
}
_STRING_VERBS = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "^": "pow", "//": "idiv", "unary -": "unm",
}  # fmt: skip


def shift_left(value: int, count: int) -> int:
    """`value << count`: logical, to the right where `count` is negative."""
    if count <= -64 or count >= 64:
        return 0
    if count >= 0:
        return wrap(value << count)
    return wrap((value & 0xFFFFFFFFFFFFFFFF) >> -count)


_BITWISE: dict[str, Callable[[int, int], int]] = {
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "~": lambda a, b: a ^ b,
    "<<": shift_left,
    ">>": lambda a, b: shift_left(a, -b),
}


def compute(state: State, operator: str, left: float, right: float) -> int | float:
    """An arithmetic operator on two numbers."""
    if state.integers:
        if type(left) is int and type(right) is int:
            operation = _INTEGER.get(operator)
            if operation is not None:
                return operation(left, right)
        return _FLOAT[operator](float(left), float(right))
    if operator == "%":
        return plain(old_modulo(float(left), float(right)))
    return plain(_FLOAT[operator](float(left), float(right)))


def arithmetic(
    state: State,
    operator: str,
    left: Value,
    right: Value,
    described: tuple[str | None, str | None] | None = None,
) -> Value:
    """`left operator right`, for `+ - * / % ^ //`.

    Args:
        state: the state.
        operator: the operator's token.
        left: an operand.
        right: an operand.
        described: the variables that hold the operands, for the message.
    """
    integers = state.integers
    first = to_float_or_int(left, integers)
    if first is not None:
        second = to_float_or_int(right, integers)
        if second is not None:
            if second == 0 and operator in _DIVISIONS and str in (type(left), type(right)):
                _refuse_zero(operator, first, second, integers)
            return compute(state, operator, first, second)
    event = EVENTS[operator]
    handler = state.metamethod(left, event)
    if handler is None or (integers and type(left) is str):
        handler = state.metamethod(right, event)
        if integers and type(right) is str:
            handler = None
    if handler is None:
        arithmetic_error(state, operator, left, right, described)
    return call_metamethod(state, event, handler, left, right)


def _refuse_zero(operator: str, left: float, right: float, integers: bool) -> None:
    """Raise the error for integers of which one is spelled by a string, and the second is zero.

    In 5.4 the metamethod of strings, a built-in, computes with them: its errors have no position.
    """
    if integers and type(left) is int and type(right) is int:
        raise LuaError(_DIVISIONS[operator])


def arithmetic_error(
    state: State,
    operator: str,
    left: Value,
    right: Value,
    described: tuple[str | None, str | None] | None,
) -> NoReturn:
    """Raise the error for operands that are no numbers."""
    left_name, right_name = described or (None, None)
    if state.integers and str in (type(left), type(right)) and state.string_meta is not None:
        # The string library's metamethods word this error (`trymt`).
        verb = _STRING_VERBS[operator]
        runtime_error(f"attempt to {verb} a '{type_name(left)}' with a '{type_name(right)}'")
    wrong, name = left, left_name
    if (type(left) in (int, float)) if state.integers else (to_float_or_int(left, False) is not None):
        wrong, name = right, right_name
    type_error(state, wrong, "perform arithmetic on", name)


def negate(state: State, operand: Value, described: str | None = None) -> Value:
    """`-operand`."""
    number = to_float_or_int(operand, state.integers)
    if number is not None:
        if type(number) is int:
            if not state.integers and not number:
                return -0.0
            return wrap(-number)
        return -number
    handler = state.metamethod(operand, "__unm")
    if handler is None or (state.integers and type(operand) is str):
        arithmetic_error(state, "unary -", operand, operand, (described, described))
    return call_metamethod(state, "__unm", handler, operand, operand)


def _bits(value: Value) -> int | None:
    if type(value) is int:
        return value
    if type(value) is float:
        return integer_of_float(value)
    return None


def bitwise(
    state: State,
    operator: str,
    left: Value,
    right: Value,
    described: tuple[str | None, str | None] | None = None,
) -> Value:
    """`left operator right`, for `& | ~ << >>`."""
    first, second = _bits(left), _bits(right)
    if first is not None and second is not None:
        return _BITWISE[operator](first, second)
    event = EVENTS[operator]
    handler = state.metamethod(left, event)
    if handler is None:
        handler = state.metamethod(right, event)
    if handler is None:
        bitwise_error(state, left, right, described)
    return call_metamethod(state, event, handler, left, right)


def bitwise_error(
    state: State, left: Value, right: Value, described: tuple[str | None, str | None] | None
) -> NoReturn:
    """Raise the error for operands that are no integers."""
    left_name, right_name = described or (None, None)
    if type(left) in (int, float) and type(right) in (int, float):
        wrong = left_name if _bits(left) is None else right_name
        suffix = f" ({wrong})" if wrong and not wrong.startswith("constant") else ""
        runtime_error(f"number{suffix} has no integer representation")
    wrong_value, name = (left, left_name) if type(left) not in (int, float) else (right, right_name)
    type_error(state, wrong_value, "perform bitwise operation on", name)


def bitwise_not(state: State, operand: Value, described: str | None = None) -> Value:
    """`~operand`."""
    bits = _bits(operand)
    if bits is not None:
        return ~bits
    handler = state.metamethod(operand, "__bnot")
    if handler is None:
        bitwise_error(state, operand, operand, (described, described))
    return call_metamethod(state, "__bnot", handler, operand, operand)


def concatenate(
    state: State, left: Value, right: Value, described: tuple[str | None, str | None] | None = None
) -> Value:
    """`left .. right`."""
    if isinstance(left, (str, int, float)) and isinstance(right, (str, int, float)):
        first = left if isinstance(left, str) else number_text(left, state.integers)
        second = right if isinstance(right, str) else number_text(right, state.integers)
        if state.budget.memory is not None:
            state.budget.allocate(len(first) + len(second))
        return first + second
    handler = state.metamethod(left, "__concat")
    if handler is None:
        handler = state.metamethod(right, "__concat")
    if handler is None:
        left_name, right_name = described or (None, None)
        if isinstance(left, (str, int, float)):
            type_error(state, right, "concatenate", right_name)
        type_error(state, left, "concatenate", left_name)
    return call_metamethod(state, "__concat", handler, left, right)
