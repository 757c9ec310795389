"""Rich comparison, identity, membership and truth (Language Reference 6.10, 4.1)."""

from __future__ import annotations

from typing import Any

from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.slots import COMPARISONS
from lockstep.reference.python.runtime.type_info import name_of, slot_of


def compare(symbol: str, left: Value, right: Value) -> Value:
    """`left symbol right` for `<`, `<=`, `==`, `!=`, `>`, `>=`; the result is any value.

    Raises:
        TypeError: an order is asked for that neither operand has.
    """
    swapped = COMPARISONS[symbol][1]
    ours = slot_of(left, "tp_richcompare")
    theirs = slot_of(right, "tp_richcompare")
    reversed_first = False
    if type(left) is not type(right) and is_a(right, type(left)) and theirs is not None:
        reversed_first = True
        result = theirs(right, left, swapped)
        if result is not NotImplemented:
            return result
    if ours is not None:
        result = ours(left, right, symbol)
        if result is not NotImplemented:
            return result
    if not reversed_first and theirs is not None:
        result = theirs(right, left, swapped)
        if result is not NotImplemented:
            return result
    if symbol == "==":
        return left is right
    if symbol == "!=":
        return left is not right
    raise TypeError(f"'{symbol}' not supported between instances of '{name_of(left)}' and '{name_of(right)}'")


def truth(value: Value) -> bool:
    """The truth of `value`: `__bool__`, then `__len__`, else true (4.1)."""
    if value is True or value is False:
        return bool(value)
    slot = slot_of(value, "nb_bool")
    if slot is not None:
        return bool(slot(value))
    slot = slot_of(value, "mp_length") or slot_of(value, "sq_length")
    return slot is None or slot(value) != 0


def contains(container: Any, value: Value) -> bool:
    """`value in container` (6.10.2): `__contains__`, then iteration.

    Raises:
        TypeError: the container is none.
    """
    slot = slot_of(container, "sq_contains")
    if slot is not None:
        return bool(slot(container, value))
    if slot_of(container, "tp_iter") is None and slot_of(container, "sq_item") is None:
        raise TypeError(f"argument of type '{name_of(container)}' is not iterable")
    try:
        iterator = iter(container)
    except TypeError:
        failed = True
    else:
        failed = False
    if failed:
        raise TypeError(f"argument of type '{name_of(container)}' is not iterable")
    for element in iterator:
        if element is value or truth(compare("==", element, value)):
            break
    else:
        return False
    return True
