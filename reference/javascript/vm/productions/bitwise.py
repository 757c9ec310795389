"""ECMA-262 13.9, 13.12 and 13.5.6: shifts and bitwise operators, on host ints.

The host computes in two's complement of any width, so cutting the result to 32 bits is enough but for right shifts, which
want their operand cut before. The host's `__trunc__`, which Numbers and Booleans have and no other value, does
what 7.1.6 ToInt32 begins with; where it is missing or refuses, NaN and the infinities, the runtime's operator takes over.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from lockstep.reference.javascript.runtime.operations.conversion import int32
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import repeatable

HELPERS = {
    "&": "bitwise_and_",
    "|": "bitwise_or_",
    "^": "bitwise_xor_",
    "<<": "left_shift_",
    ">>": "right_shift_",
    ">>>": "unsigned_right_shift_",
}
"""The runtime's functions."""

_HOST_OPERATORS: dict[str, ast.operator] = {
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
    "<<": ast.LShift(),
    ">>": ast.RShift(),
    ">>>": ast.RShift(),
}
_AND, _XOR, _MINUS, _INVERT = ast.BitAnd(), ast.BitXor(), ast.Sub(), ast.Invert()
_SIGN, _MASK = 0x80000000, 0xFFFFFFFF


class _Integer(NamedTuple):
    """A host int for an operand.

    Attributes:
        expression: its value, with the operand's low 32 bits.
        is_int32: whether it lies in the range of an int32.
        is_certain: whether evaluating it cannot fail.
    """

    expression: ast.expr
    is_int32: bool
    is_certain: bool


def bitwise(builder: Builder, operator: str, left: Operand, right: Operand) -> Operand:
    """13.15.3 with one of the operators of `HELPERS`."""
    x, y = _repeatable(builder, left), _repeatable(builder, right)
    fast, is_int32 = _fast(builder, operator, _integer(builder, left, x), _integer(builder, right, y))
    certain = _integer(builder, left, x).is_certain and _integer(builder, right, y).is_certain
    slow = builder.call(HELPERS[operator], x, y)
    return _finished(
        builder, fast, slow, is_int32=is_int32, is_number="number" in (left.kind, right.kind), certain=certain
    )


def bitwise_not(builder: Builder, operand: Operand) -> Operand:
    """13.5.6 `~`."""
    value = _repeatable(builder, operand)
    integer = _integer(builder, operand, value)
    inverted: ast.expr = builder.prefixed(_INVERT, integer.expression)
    fast = inverted if integer.is_int32 else _cut(builder, inverted)
    slow = builder.call("bitwise_not_", value)
    return _finished(
        builder, fast, slow, is_int32=True, is_number=operand.kind == "number", certain=integer.is_certain
    )


def _repeatable(builder: Builder, operand: Operand) -> ast.expr:
    """What the slow path is called with."""
    return operand.expression if operand.integer is not None else repeatable(builder, operand)


def _integer(builder: Builder, operand: Operand, value: ast.expr) -> _Integer:
    if operand.integer is not None:
        return _Integer(operand.integer, True, True)
    if isinstance(value, ast.Constant) and isinstance(value.value, float):
        return _Integer(builder.constant(int32(value.value)), True, True)
    return _Integer(builder.call(builder.attribute(value, "__trunc__")), False, False)


def _fast(builder: Builder, operator: str, left: _Integer, right: _Integer) -> tuple[ast.expr, bool]:
    """The operation on host ints, and whether the result is an int32."""
    x, y = left.expression, right.expression
    if operator in "&|^":
        result: ast.expr = builder.operation(x, _HOST_OPERATORS[operator], y)
        mask = [one for one in (x, y) if isinstance(one, ast.Constant)]
        if operator == "|" and mask and mask[0].value == 0:
            result = y if mask[0] is x else x
        narrow = left.is_int32 and right.is_int32
        if operator == "&" and mask and isinstance(mask[0].value, int):
            narrow |= mask[0].value >= 0
        return (result if narrow else _cut(builder, result)), True
    if isinstance(y, ast.Constant) and isinstance(y.value, int):
        count: ast.expr = builder.constant(y.value & 31)
    else:
        count = builder.operation(y, _AND, builder.constant(31))
    if operator == "<<":
        return _cut(builder, builder.operation(x, _HOST_OPERATORS[operator], count)), True
    if operator == ">>":
        x = x if left.is_int32 else _cut(builder, x)
    else:
        x = builder.operation(x, _AND, builder.constant(_MASK))
    shifted = builder.operation(x, _HOST_OPERATORS[operator], count)
    return shifted, operator == ">>" or (isinstance(count, ast.Constant) and count.value != 0)


def _cut(builder: Builder, value: ast.expr) -> ast.expr:
    """The int32 with the low 32 bits of a host int."""
    low = builder.operation(value, _AND, builder.constant(_MASK))
    flipped = builder.operation(low, _XOR, builder.constant(_SIGN))
    return builder.operation(flipped, _MINUS, builder.constant(_SIGN))


def _finished(
    builder: Builder, fast: ast.expr, slow: ast.expr, *, is_int32: bool, is_number: bool, certain: bool
) -> Operand:
    """The value of an operation in a temporary: a host int where it is certain to be a Number."""
    identifier = builder.temporary()
    result = builder.name(identifier)
    if not is_number and not certain:
        builder.guarded(identifier, _number(builder, fast), ("integer_errors_",), slow)
        return Operand(result)
    if certain:
        builder.assign(identifier, fast)
    else:
        truncated = builder.call(builder.attribute(slow, "__trunc__"))
        builder.guarded(identifier, fast, ("integer_errors_",), truncated)
    return Operand(_number(builder, result), "number", integer=result if is_int32 else None)


def _number(builder: Builder, integer: ast.expr) -> ast.expr:
    """The Number of a host int."""
    return builder.binary("+", integer, builder.constant(0.0))
