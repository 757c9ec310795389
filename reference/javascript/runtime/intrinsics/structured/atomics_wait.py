"""ECMA-262 25.4.1 and 25.4.3.14: waiter lists; Atomics.wait, waitAsync and notify."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import PromiseCapability
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.structured.atomics_access import (
    validate_atomic_access,
    validate_integer_typed_array,
)
from lockstep.reference.javascript.runtime.objects.array_buffer import SharedBlock, Waiter
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    to_bigint,
    to_int32,
    to_integer_or_infinity,
    to_number,
)
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY
from lockstep.reference.javascript.runtime.operations.objects import create_data_property_or_throw
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm


class AsyncWaiter(Waiter):
    """25.4.1.2 Waiter Record of `waitAsync`.

    Attributes:
        deadline: when it has waited long enough, by the host's monotonic clock.
    """

    __slots__ = ("_capability", "_realm", "_waiters", "deadline")

    def __init__(
        self, realm: Realm, capability: PromiseCapability, waiters: list[Waiter], deadline: float
    ) -> None:
        super().__init__()
        self._realm = realm
        self._capability = capability
        self._waiters = waiters
        self.deadline = deadline

    def notify(self) -> None:
        """25.4.3.12 NotifyWaiter: its agent is told in a job."""
        self.notified = True
        self._settle("ok")

    def expire(self) -> None:
        """25.4.3.13 EnqueueAtomicsWaitAsyncTimeoutJob."""
        self._waiters.remove(self)
        self._settle("timed-out")

    def _settle(self, result: str) -> None:
        # 25.4.3.11 EnqueueResolveInAgentJob
        agent = self._realm.agent
        agent.async_waiters.remove(self)
        agent.enqueue_job(lambda: self._capability.resolve(result))


def _wait_arguments(
    array: Value, index: Value, value: Value, timeout: Value
) -> tuple[JSTypedArray, int, Value, float]:
    """25.4.3.14 DoWait, steps 1 to 9: the view, the element, the value it should have, and milliseconds."""
    # Steps 1 and 2.
    target = validate_integer_typed_array(array, waitable=True)
    if target.buffer_.shared_ is None:
        raise type_error("Atomics.wait: the typed array must be shared")
    # Steps 3 to 5.
    access = validate_atomic_access(target, index)
    wanted: Value
    if target.kind_.is_bigint:
        wanted = target.kind_.to_value(target.kind_.to_raw(to_bigint(value)))
    else:
        wanted = to_int32(value)
    # Steps 6 to 9.
    duration = to_number(timeout)
    if math.isnan(duration):
        duration = INFINITY
    return target, access, wanted, max(duration, 0.0)


def _waiters(target: JSTypedArray, access: int) -> list[Waiter]:
    """25.4.3.5 GetWaiterList."""
    block: SharedBlock | None = target.buffer_.shared_
    assert block is not None
    return block.waiters.setdefault(target.offset_ + access * target.kind_.size, [])


def wait(
    realm: Realm,
    this: Value,
    array: Value = undefined,
    index: Value = undefined,
    value: Value = undefined,
    timeout: Value = undefined,
) -> str:
    """25.4.15 Atomics.wait."""
    target, access, wanted, duration = _wait_arguments(array, index, value, timeout)
    # 25.4.3.14, step 10.
    agent = realm.agent
    if not agent.can_block:
        raise type_error("Atomics.wait cannot be called in this agent")
    # Steps 17 to 34.
    if target.elements_[access] != wanted:
        return "not-equal"
    waiter = Waiter()
    waiters = _waiters(target, access)
    waiters.append(waiter)
    try:
        woken = agent.cluster().block(lambda: waiter.notified, time.monotonic() + duration / 1000)
    finally:
        if waiter in waiters:
            waiters.remove(waiter)
    return "ok" if woken else "timed-out"


def wait_async(
    realm: Realm,
    this: Value,
    array: Value = undefined,
    index: Value = undefined,
    value: Value = undefined,
    timeout: Value = undefined,
) -> Value:
    """25.4.16 Atomics.waitAsync."""
    from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (  # noqa: PLC0415  # made when it is needed
        new_promise_capability,
    )

    target, access, wanted, duration = _wait_arguments(array, index, value, timeout)
    # 25.4.3.14, steps 17 to 34.
    result = realm.make_object()
    create_data_property_or_throw(result, "async", False)
    if target.elements_[access] != wanted:
        create_data_property_or_throw(result, "value", "not-equal")
        return result
    if duration == 0:
        create_data_property_or_throw(result, "value", "timed-out")
        return result
    capability = new_promise_capability(realm, realm.promise)
    waiters = _waiters(target, access)
    waiter = AsyncWaiter(realm, capability, waiters, time.monotonic() + duration / 1000)
    waiters.append(waiter)
    realm.agent.async_waiters.append(waiter)
    create_data_property_or_throw(result, "async", True)
    create_data_property_or_throw(result, "value", capability.promise)
    return result


def notify(
    realm: Realm, this: Value, array: Value = undefined, index: Value = undefined, count: Value = undefined
) -> float:
    """25.4.10 Atomics.notify."""
    # Steps 1 to 3.
    target = validate_integer_typed_array(array, waitable=True)
    access = validate_atomic_access(target, index)
    limit = INFINITY if count is undefined else max(to_integer_or_infinity(count), 0.0)
    # Steps 4 to 7.
    if target.buffer_.shared_ is None:
        return 0.0
    # Steps 8 to 11.
    waiters = _waiters(target, access)
    woken = 0
    while waiters and woken < limit:
        waiters.pop(0).notify()
        woken += 1
    realm.agent.give_way()
    return float(woken)


FUNCTIONS = functions(
    ("notify", notify, 3, "25.4.10", "ES2017"),
    ("wait", wait, 4, "25.4.15", "ES2017"),
    ("waitAsync", wait_async, 4, "25.4.16", "ES2024"),
)
