"""Unary, binary and in-place operators (Language Reference 6.5 to 6.9, 7.2.1; CPython `abstract.c`)."""

from __future__ import annotations

from typing import Any, NoReturn

from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.slots import BINARY_OPERATORS, UNARY_OPERATORS
from lockstep.reference.python.runtime.type_info import info_of, is_guest_class, name_of, slot_of


def _binary_slots(left: Value, right: Value, slot: str) -> Value:
    """Try the operands' slots; a subclass on the right goes first (`binary_op1`)."""
    ours = slot_of(left, slot)
    theirs = None
    if type(left) is not type(right):
        theirs = slot_of(right, slot)
        if theirs is ours:
            theirs = None
    if ours is not None:
        if theirs is not None and is_a(right, type(left)):
            result = theirs(left, right)
            if result is not NotImplemented:
                return result
            theirs = None
        result = ours(left, right)
        if result is not NotImplemented:
            return result
    if theirs is not None:
        return theirs(left, right)
    return NotImplemented


def binary(symbol: str, left: Value, right: Value) -> Value:
    """`left symbol right`.

    Raises:
        TypeError: neither operand supports it.
    """
    result = _binary_slots(left, right, BINARY_OPERATORS[symbol][0])
    if result is not NotImplemented:
        return result
    if symbol == "+":
        concatenate = slot_of(left, "sq_concat")
        if concatenate is not None:
            return concatenate(left, right)
    elif symbol == "*":
        return _repeat(left, right, "*")
    return _unsupported(symbol, left, right)


def _repeat(left: Value, right: Value, symbol: str) -> Value:  # PyNumber_Multiply, sequence_repeat
    for sequence, count in ((left, right), (right, left)):
        repeat = slot_of(sequence, "sq_repeat")
        if repeat is not None:
            return _repeated(repeat, sequence, count)
    return _unsupported(symbol, left, right)


def _repeated(repeat: Any, sequence: Value, count: Value) -> Value:  # sequence_repeat
    if slot_of(count, "nb_index") is None:
        raise TypeError(f"can't multiply sequence by non-int of type '{name_of(count)}'")
    return repeat(sequence, count)


def _has_sequence_slots(value: Value) -> bool:
    """Whether the type of `value` has the slots of sequences at all, filled or not (`tp_as_sequence`)."""
    slots = info_of(type(value)).slots
    return is_guest_class(type(value)) or any(
        name in slots for name in ("sq_length", "sq_contains", "sq_item")
    )


def inplace(symbol: str, left: Value, right: Value) -> Value:
    """`left symbol= right`: the value to store."""
    slot, inplace_slot = BINARY_OPERATORS[symbol]
    ours = slot_of(left, inplace_slot)
    if ours is not None:
        result = ours(left, right)
        if result is not NotImplemented:
            return result
    result = _binary_slots(left, right, slot)
    if result is not NotImplemented:
        return result
    if symbol == "+":
        concatenate = slot_of(left, "sq_inplace_concat") or slot_of(left, "sq_concat")
        if concatenate is not None:
            return concatenate(left, right)
    elif symbol == "*":
        repeat = slot_of(left, "sq_inplace_repeat") or slot_of(left, "sq_repeat")
        if repeat is not None:
            return _repeated(repeat, left, right)
        if not _has_sequence_slots(left) and slot_of(right, "sq_repeat") is not None:
            return _repeat(left, right, "*=")
    return _unsupported(f"{symbol}=", left, right)


def _unsupported(symbol: str, left: Value, right: Value) -> NoReturn:
    shown = "** or pow()" if symbol == "**" else symbol
    raise TypeError(f"unsupported operand type(s) for {shown}: '{name_of(left)}' and '{name_of(right)}'")


def unary(symbol: str, operand: Value) -> Value:
    """`symbol operand` for `-`, `+` and `~`.

    Raises:
        TypeError: the operand does not support it.
    """
    slot = info_of(type(operand)).slots.get(UNARY_OPERATORS[symbol])
    if slot is None:
        raise TypeError(f"bad operand type for unary {symbol}: '{name_of(operand)}'")
    return slot(operand)
