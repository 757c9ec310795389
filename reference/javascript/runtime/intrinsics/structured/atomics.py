"""ECMA-262 25.4: the Atomics object."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable

from reference.javascript.runtime.completions import range_error, type_error
from reference.javascript.runtime.intrinsics.definition import (
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    validate_typed_array,
    validate_writable,
)
from reference.javascript.runtime.objects.array_buffer import SharedBlock
from reference.javascript.runtime.objects.typed_array import JSTypedArray
from reference.javascript.runtime.operations.conversion import (
    to_bigint,
    to_index,
    to_integer_or_infinity,
    to_number,
)
from reference.javascript.runtime.operations.number_text import INFINITY
from reference.javascript.runtime.values import BigInt, Value, undefined

if TYPE_CHECKING:
    from reference.javascript.runtime.realm import Realm


class Waiter:
    """25.4.1.2 Waiter Record; `wake` is what an asynchronous waiter's agent is told."""

    __slots__ = ("notified", "wake")

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self.notified = False
        self.wake = wake


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


def _converted(target: JSTypedArray, value: Value) -> Value:
    return to_bigint(value) if target.kind_.is_bigint else to_integer_or_infinity(value)


def _revalidate(target: JSTypedArray, index: int) -> None:
    """25.4.3.4 RevalidateAtomicAccess."""
    validate_typed_array(target)
    if index >= target.length_():
        raise range_error("Atomics: invalid index")


def _modify(target: JSTypedArray, index: int, change: Callable[[Value], Value]) -> Value:
    """25.1.3.18 GetModifySetValueInBuffer: the element before `change`."""
    block = target.buffer_.shared_
    if block is None:
        before = target.elements_[index]
        target.elements_[index] = change(before)
        return before
    with block.condition:
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
        target = validate_integer_typed_array(array, write=True)
        access = validate_atomic_access(target, index)
        converted = _converted(target, value)
        _revalidate(target, access)
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
    target = validate_integer_typed_array(array, write=True)
    access = validate_atomic_access(target, index)
    wanted = _converted(target, expected)
    new = _converted(target, replacement)
    _revalidate(target, access)
    # Steps 9 to 16: the bytes are compared, so the expected value is brought into the range of the elements.
    kind = target.kind_
    raw = kind.to_value(kind.to_raw(wanted))
    return _modify(target, access, lambda old: new if old == raw else old)


def is_lock_free(realm: Realm, this: Value, size: Value = undefined) -> bool:
    """25.4.8 Atomics.isLockFree."""
    return to_integer_or_infinity(size) in (1.0, 2.0, 4.0, 8.0)


def load(realm: Realm, this: Value, array: Value = undefined, index: Value = undefined) -> Value:
    """25.4.9 Atomics.load."""
    target = validate_integer_typed_array(array)
    access = validate_atomic_access(target, index)
    _revalidate(target, access)
    return target.elements_[access]


def store(
    realm: Realm, this: Value, array: Value = undefined, index: Value = undefined, value: Value = undefined
) -> Value:
    """25.4.12 Atomics.store."""
    target = validate_integer_typed_array(array, write=True)
    access = validate_atomic_access(target, index)
    # Step 3: a Number keeps no sign of zero.
    converted = _converted(target, value)
    if converted.__class__ is float:
        converted += 0.0
    _revalidate(target, access)
    _modify(target, access, lambda _old: converted)
    return converted


def pause(realm: Realm, this: Value, iterations: Value = undefined) -> None:
    """25.4.11 Atomics.pause."""
    if iterations is not undefined and (iterations.__class__ is not float or not iterations.is_integer()):
        raise type_error("Atomics.pause: the argument must be an integral Number")
    time.sleep(0)


def _wait_arguments(
    array: Value, index: Value, value: Value, timeout: Value
) -> tuple[Any, int, Value, float]:
    """25.4.3.14 DoWait, steps 1 to 9."""
    # Steps 1 and 2.
    target = validate_integer_typed_array(array, waitable=True)
    if target.buffer_.shared_ is None:
        raise type_error("Atomics.wait: the typed array must be shared")
    # Steps 3 to 5.
    access = validate_atomic_access(target, index)
    if target.kind_.is_bigint:
        wanted: Value = target.kind_.to_value(target.kind_.to_raw(to_bigint(value)))
    else:
        wanted = target.kind_.to_value(target.kind_.to_raw(to_number(value)))
    # Steps 6 to 9.
    duration = to_number(timeout)
    if duration != duration:  # noqa: PLR0124  # NaN
        duration = INFINITY
    return target, access, wanted, max(duration, 0.0)


def _place(target: JSTypedArray, access: int) -> tuple[SharedBlock, int]:
    block = target.buffer_.shared_
    assert block is not None
    return block, target.offset_ + access * target.kind_.size


def wait(
    realm: Realm,
    this: Value,
    array: Value = undefined,
    index: Value = undefined,
    value: Value = undefined,
    timeout: Value = undefined,
) -> str:
    """25.4.13 Atomics.wait."""
    target, access, wanted, duration = _wait_arguments(array, index, value, timeout)
    # 25.4.3.14, step 10.
    if not realm.agent.can_block:
        raise type_error("Atomics.wait cannot be called in this agent")
    block, place = _place(target, access)
    waiter = Waiter()
    deadline = time.monotonic() + duration / 1000
    budget = realm.agent.budget
    # Steps 11 to 31.
    with block.condition:
        if target.elements_[access] != wanted:
            return "not-equal"
        waiters = block.waiters.setdefault(place, [])
        waiters.append(waiter)
        try:
            while not waiter.notified:
                left = deadline - time.monotonic()
                if left <= 0:
                    return "timed-out"
                # Short sleeps, so that the agent can be cancelled.
                block.condition.wait(min(left, 0.05))
                if budget.limits.metered:
                    budget.step()
        finally:
            if waiter in waiters:
                waiters.remove(waiter)
    return "ok"


def notify(
    realm: Realm, this: Value, array: Value = undefined, index: Value = undefined, count: Value = undefined
) -> float:
    """25.4.15 Atomics.notify."""
    # Steps 1 to 3.
    target = validate_integer_typed_array(array, waitable=True)
    access = validate_atomic_access(target, index)
    limit = INFINITY if count is undefined else max(to_integer_or_infinity(count), 0.0)
    # Steps 4 to 7.
    if target.buffer_.shared_ is None:
        return 0.0
    block, place = _place(target, access)
    # Steps 8 to 11.
    woken = 0
    with block.condition:
        waiters = block.waiters.get(place, [])
        while waiters and woken < limit:
            waiter = waiters.pop(0)
            waiter.notified = True
            woken += 1
            if waiter.wake is not None:
                waiter.wake()
        block.condition.notify_all()
    return float(woken)


_FUNCTIONS = functions(
    ("add", _read_modify_write(lambda old, operand: old + operand), 3),  # 25.4.4
    ("and", _read_modify_write(lambda old, operand: old & operand), 3),  # 25.4.5
    ("compareExchange", compare_exchange, 4),
    ("exchange", _read_modify_write(lambda _old, operand: operand), 3),  # 25.4.7
    ("isLockFree", is_lock_free, 1),
    ("load", load, 2),
    ("notify", notify, 3),
    ("or", _read_modify_write(lambda old, operand: old | operand), 3),  # 25.4.10
    ("pause", pause, 0),
    ("store", store, 3),
    ("sub", _read_modify_write(lambda old, operand: old - operand), 3),  # 25.4.13
    ("wait", wait, 4),
    ("xor", _read_modify_write(lambda old, operand: old ^ operand), 3),  # 25.4.16
)


def initialize(realm: Realm) -> None:
    """Make %Atomics%."""
    target = prototype_object(realm)
    realm.atomics = target
    define_functions(realm, target, _FUNCTIONS)
    define_tag(target, "Atomics")
