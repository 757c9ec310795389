"""ECMA-262 25.4: the Atomics object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.structured import atomics_wait
from lockstep.reference.javascript.runtime.intrinsics.structured.atomics_access import (
    revalidate,
    validate_atomic_access,
    validate_integer_typed_array,
)
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_bigint, to_integer_or_infinity
from lockstep.reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _converted(target: JSTypedArray, value: Value) -> Value:
    return to_bigint(value) if target.kind_.is_bigint else to_integer_or_infinity(value)


def _modify(target: JSTypedArray, index: int, change: Callable[[Any], Value]) -> Value:
    """25.1.3.18 GetModifySetValueInBuffer: the element before `change`."""
    # No agent is interrupted inside a built-in function.
    before = target.elements_[index]
    target.elements_[index] = change(before)
    return before


def _read_modify_write(combine: Callable[[int, int], int]) -> Callable[..., Value]:
    """25.4.3.17 AtomicReadModifyWrite of host integers."""

    def operate(
        realm: Realm,
        this: Value,
        array: Value = undefined,
        index: Value = undefined,
        value: Value = undefined,
    ) -> Value:
        # Steps 1 to 4.
        realm.agent.give_way()
        target = validate_integer_typed_array(array, write=True)
        access = validate_atomic_access(target, index)
        converted = _converted(target, value)
        revalidate(target, access)
        # Steps 5 to 9.
        if converted.__class__ is BigInt:
            operand = converted.integer
            return _modify(target, access, lambda old: BigInt(combine(old.integer, operand)))
        operand = target.kind_.to_raw(converted)
        return _modify(target, access, lambda old: float(combine(int(old), operand)))

    return operate


def compare_exchange(
    realm: Realm,
    this: Value,
    array: Value = undefined,
    index: Value = undefined,
    expected: Value = undefined,
    replacement: Value = undefined,
) -> Value:
    """25.4.6 Atomics.compareExchange."""
    # Steps 1 to 8.
    realm.agent.give_way()
    target = validate_integer_typed_array(array, write=True)
    access = validate_atomic_access(target, index)
    wanted = _converted(target, expected)
    new = _converted(target, replacement)
    revalidate(target, access)
    # Steps 9 to 16: the bytes are compared, so the expected value is brought into the range of the elements.
    kind = target.kind_
    raw = kind.to_value(kind.to_raw(wanted))
    return _modify(target, access, lambda old: new if old == raw else old)


def is_lock_free(realm: Realm, this: Value, size: Value = undefined) -> bool:
    """25.4.8 Atomics.isLockFree."""
    return to_integer_or_infinity(size) in (1.0, 2.0, 4.0, 8.0)


def load(realm: Realm, this: Value, array: Value = undefined, index: Value = undefined) -> Value:
    """25.4.9 Atomics.load."""
    realm.agent.give_way()
    target = validate_integer_typed_array(array)
    access = validate_atomic_access(target, index)
    revalidate(target, access)
    return target.elements_[access]


def store(
    realm: Realm, this: Value, array: Value = undefined, index: Value = undefined, value: Value = undefined
) -> Value:
    """25.4.13 Atomics.store."""
    realm.agent.give_way()
    target = validate_integer_typed_array(array, write=True)
    access = validate_atomic_access(target, index)
    # Step 3: a Number keeps no sign of zero.
    converted = _converted(target, value)
    if converted.__class__ is float:
        converted += 0.0
    revalidate(target, access)
    _modify(target, access, lambda _old: converted)
    return converted


def pause(realm: Realm, this: Value, iterations: Value = undefined) -> None:
    """25.4.12 Atomics.pause."""
    if iterations is not undefined and (iterations.__class__ is not float or not iterations.is_integer()):
        raise type_error("Atomics.pause: the argument must be an integral Number")
    realm.agent.give_way()


_FUNCTIONS = functions(
    ("add", _read_modify_write(lambda old, operand: old + operand), 3, "25.4.4", "ES2017"),  # 25.4.4
    ("and", _read_modify_write(lambda old, operand: old & operand), 3, "25.4.5", "ES2017"),  # 25.4.5
    ("compareExchange", compare_exchange, 4, "25.4.6", "ES2017"),
    ("exchange", _read_modify_write(lambda _old, operand: operand), 3, "25.4.7", "ES2017"),  # 25.4.7
    ("isLockFree", is_lock_free, 1, "25.4.8", "ES2017"),
    ("load", load, 2, "25.4.9", "ES2017"),
    ("or", _read_modify_write(lambda old, operand: old | operand), 3, "25.4.11", "ES2017"),  # 25.4.10
    ("pause", pause, 0, "25.4.12", "proposal-atomics-microwait"),
    ("store", store, 3, "25.4.13", "ES2017"),
    ("sub", _read_modify_write(lambda old, operand: old - operand), 3, "25.4.14", "ES2017"),  # 25.4.13
    ("xor", _read_modify_write(lambda old, operand: old ^ operand), 3, "25.4.17", "ES2017"),  # 25.4.16
)


def initialize(realm: Realm) -> None:
    """Make %Atomics%."""
    target = prototype_object(realm)
    realm.atomics = target
    define_functions(realm, target, _FUNCTIONS)
    define_functions(realm, target, atomics_wait.FUNCTIONS)
    define_tag(target, "Atomics")
