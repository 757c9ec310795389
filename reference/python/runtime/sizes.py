"""Operations whose result can be large at once, with the size asked for before it is allocated."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.kinds import Value, is_a

if TYPE_CHECKING:
    from lockstep.reference.host.limits import Budget
    from lockstep.reference.python.runtime.interfaces import Interpreter


_SEQUENCES = (str, bytes, bytearray, list, tuple)
_REFERENCE = 8

# A subclass of a built-in type may have methods of its own; its size is asked of the built-in type.
_exactly = int.__index__


def _sequence_type(value: Value) -> Any:
    return next((cls for cls in _SEQUENCES if is_a(value, cls)), None)


def product_size(left: Value, right: Value) -> int:
    """Bytes that `left * right` takes at least."""
    if is_a(left, int) and is_a(right, int):
        return (int.bit_length(left) + int.bit_length(right)) >> 3
    for sequence, count in ((left, right), (right, left)):
        cls = _sequence_type(sequence)
        if cls is not None and is_a(count, int):
            width = _REFERENCE if cls in (list, tuple) else 1
            return int(cls.__len__(sequence)) * max(_exactly(count), 0) * width
    return 0


def power_size(left: Value, right: Value) -> int:
    """Bytes that `left ** right` takes at least."""
    if is_a(left, int) and is_a(right, int):
        base, exponent = _exactly(left), _exactly(right)
        if exponent > 0 and abs(base) > 1:
            return (base.bit_length() - 1) * exponent >> 3
    return 0


def shift_size(left: Value, right: Value) -> int:
    """Bytes that `left << right` takes at least."""
    if is_a(left, int) and is_a(right, int):
        value, count = _exactly(left), _exactly(right)
        if value and count > 0:
            return (value.bit_length() + count) >> 3
    return 0


# Results that are smaller cost no more than other operations.
_LARGE = 1024
# What multiplying takes grows so with the size of the numbers (Karatsuba's algorithm).
_GROWTH = 1.585


def ask(budget: Budget, size: int, left: Value, right: Value) -> None:
    """Before an operation whose result has `size` bytes at least: take the memory, and the steps for its time.

    Raises:
        LimitExceeded: there are not so many.
    """
    if size < _LARGE:
        return
    budget.allocate(size)
    if is_a(left, int) and is_a(right, int):
        budget.take(int((size >> 10) ** _GROWTH))
    else:
        budget.bulk(size)


SIZES: dict[str, Callable[[Value, Value], int]] = {"*": product_size, "**": power_size, "<<": shift_size}
# Of compiled code: what it calls, the size that is asked for, the host's operation, which is the guest's.
_SIZED: dict[str, tuple[Callable[[Value, Value], int], Callable[[Value, Value], Value]]] = {
    "multiply": (product_size, operator.mul),
    "multiply_inplace": (product_size, operator.imul),
    "power": (power_size, operator.pow),
    "power_inplace": (power_size, operator.ipow),
    "shift": (shift_size, operator.lshift),
    "shift_inplace": (shift_size, operator.ilshift),
}


def sized_operators(interpreter: Interpreter) -> dict[str, Callable[[Value, Value], Value]]:
    """The sized operators of compiled code, under the names that it calls them by."""

    def make(
        size: Callable[[Value, Value], int], operate: Callable[[Value, Value], Value]
    ) -> Callable[[Value, Value], Value]:
        def sized(left: Value, right: Value) -> Value:
            ask(interpreter.budget, size(left, right), left, right)
            return operate(left, right)

        return sized

    return {name: make(size, operate) for name, (size, operate) in _SIZED.items()}
