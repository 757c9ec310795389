"""Operations whose result can be large at once, with the size asked for before it is allocated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.dispatch.operators import binary, inplace

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interpreter import Interpreter

Value = Any

_SEQUENCES = (str, bytes, bytearray, list, tuple)
_REFERENCE = 8


def product_size(left: Value, right: Value) -> int:
    """Bytes that `left * right` takes at least."""
    if isinstance(left, int) and isinstance(right, int):
        return (left.bit_length() + right.bit_length()) >> 3
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, _SEQUENCES) and isinstance(count, int):
            width = _REFERENCE if isinstance(sequence, (list, tuple)) else 1
            return len(sequence) * max(int(count), 0) * width
    return 0


def power_size(left: Value, right: Value) -> int:
    """Bytes that `left ** right` takes at least."""
    if isinstance(left, int) and isinstance(right, int) and right > 0 and abs(left) > 1:
        return (left.bit_length() - 1) * right >> 3
    return 0


def shift_size(left: Value, right: Value) -> int:
    """Bytes that `left << right` takes at least."""
    if isinstance(left, int) and isinstance(right, int) and left and right > 0:
        return (left.bit_length() + right) >> 3
    return 0


SIZES: dict[str, Callable[[Value, Value], int]] = {"*": product_size, "**": power_size, "<<": shift_size}
_HELPERS = {"multiply": "*", "power": "**", "shift": "<<"}


def sized_operators(interpreter: Interpreter) -> dict[str, Callable[[Value, Value], Value]]:
    """The sized operators of compiled code, under the names that it calls them by."""
    helpers: dict[str, Callable[[Value, Value], Value]] = {}

    def make(symbol: str, operate: Callable[[str, Value, Value], Value]) -> Callable[[Value, Value], Value]:
        size = SIZES[symbol]

        def operator(left: Value, right: Value) -> Value:
            interpreter.budget.allocate(size(left, right))
            return operate(symbol, left, right)

        return operator

    for name, symbol in _HELPERS.items():
        helpers[name] = make(symbol, binary)
        helpers[f"{name}_inplace"] = make(symbol, inplace)
    return helpers
