"""ECMA-262 25.4.3: which elements atomic operations may touch."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    validate_typed_array,
    validate_writable,
)
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_index
from lockstep.reference.javascript.runtime.values import Value


def validate_integer_typed_array(
    value: Value, waitable: bool = False, *, write: bool = False
) -> JSTypedArray:
    """25.4.3.1 ValidateIntegerTypedArray."""
    target = (validate_writable if write else validate_typed_array)(value)
    kind = target.kind_
    if waitable:
        if kind.name not in ("Int32", "BigInt64"):
            raise type_error("Atomics: the typed array must be an Int32Array or BigInt64Array")
    elif not kind.is_integer or kind.name == "Uint8Clamped":
        raise type_error("Atomics: the typed array has no integer elements of whole range")
    return target


def validate_atomic_access(target: JSTypedArray, index: Value) -> int:
    """25.4.3.2 ValidateAtomicAccess; the element's index."""
    length = target.length_()
    access = to_index(index)
    if access >= length:
        raise range_error("Atomics: invalid index")
    return access


def revalidate(target: JSTypedArray, index: int) -> None:
    """25.4.3.4 RevalidateAtomicAccess."""
    validate_typed_array(target)
    if index >= target.length_():
        raise range_error("Atomics: invalid index")
