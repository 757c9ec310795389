"""What generated code calls to iterate, to delegate, and to dispose of resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Callable, Union

from lockstep.reference.javascript.runtime.completions import ReturnSignal
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.operations.enumeration import for_in_keys
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    argument_spread,
    array_spread,
    get_iterator,
    iterate,
    iterates_plainly,
)
from lockstep.reference.javascript.runtime.operations.resources import (
    ASYNC,
    SYNC,
    DisposeCapability,
    add_disposable_resource,
    disposal,
    dispose_resources,
)
from lockstep.reference.javascript.runtime.operations.suspension import Suspending, yield_delegate
from lockstep.reference.javascript.runtime.values import HOLE, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class _ForOf:
    """The general iteration of `for-of`: the host's protocol over an iterator record."""

    __slots__ = ("record",)

    def __init__(self, record: IteratorRecord) -> None:
        self.record = record

    def __iter__(self) -> Iterator[Value]:
        step = self.record.step
        while True:
            value = step()
            if value is DONE:
                return
            yield value


_Iteration = Union[Iterator[Value], _ForOf]
"""Of a plain array, or by an iterator record."""


def _for_of(realm: Realm, value: Value, name: str = "") -> _Iteration:
    if iterates_plainly(realm, value):
        return iterate(realm, value)
    return _ForOf(get_iterator(realm, value, name))


def _first_elements(realm: Realm, value: Value, count: int) -> list[Value] | None:
    """The first `count` values of an iteration that reads the elements of a fast array, where nobody can tell; or None."""
    if not isinstance(value, JSArray) or not iterates_plainly(realm, value):
        return None
    found: list[Value] = value.elements_[:count]
    if HOLE in found:
        return None
    missing = count - len(found)
    if missing:
        found.extend([undefined] * missing)
    return found


def _leave(iterator: _Iteration) -> None:
    """A jump leaves the loop, unless it has come to its end or was closed before."""
    if isinstance(iterator, _ForOf) and not iterator.record.done:
        record = iterator.record
        record.done = True
        record.close()


def _fail(iterator: _Iteration, error: BaseException) -> None:
    if isinstance(iterator, _ForOf) and not iterator.record.done:
        iterator.record.done = True
        iterator.record.close(error)


def _iterator_next(record: IteratorRecord) -> Value:
    if record.done:
        return undefined
    step = record.step()
    return undefined if step is DONE else step


def _iterator_skip(record: IteratorRecord) -> None:
    """An elision: IteratorStep, which does not ask for the value."""
    if not record.done:
        record.is_done_after_step()


def _iterator_rest(realm: Realm, record: IteratorRecord) -> Value:
    values = []
    while not record.done:
        step = record.step()
        if step is not DONE:
            values.append(step)
    return realm.make_array(values)


def _iterator_fail(record: IteratorRecord, error: BaseException) -> None:
    if not record.done:
        record.done = True
        record.close(error)


def _iterator_end(record: IteratorRecord) -> None:
    if not record.done:
        record.done = True
        record.close()


def _delegate(realm: Realm, value: Value) -> Suspending:
    """15.5.5 `yield*` in a sync generator."""
    return yield_delegate(realm, value, is_async=False)


# Explicit resource management


def _use(realm: Realm, capability: DisposeCapability, value: Value, asynchronous: bool) -> Value:
    add_disposable_resource(realm, capability, value, ASYNC if asynchronous else SYNC)
    return value


def _dispose(realm: Realm, capability: DisposeCapability, error: BaseException | None) -> None:
    """Dispose, and raise what the completion has become unless it is `error` itself."""
    if error is not None and not isinstance(error, (Exception, ReturnSignal)):
        return
    result = dispose_resources(realm, capability, error, lambda value: value)
    if result is not None and result is not error:
        raise result


def _dispose_async(
    realm: Realm, capability: DisposeCapability, error: BaseException | None
) -> Iterator[Value]:
    """The same in async code: what it yields is awaited."""
    if error is not None and not isinstance(error, (Exception, ReturnSignal)):
        return
    result = yield from disposal(realm, capability, error)
    if result is not None and result is not error:
        raise result


PLAIN: dict[str, object] = {
    "leave_": _leave,
    "fail_": _fail,
    "iterator_next_": _iterator_next,
    "iterator_skip_": _iterator_skip,
    "iterator_fail_": _iterator_fail,
    "iterator_end_": _iterator_end,
    "dispose_capability_": DisposeCapability,
}
"""Helpers by name."""

WITH_REALM: dict[str, Callable[..., object]] = {
    "for_of_": _for_of,
    "for_in_keys_": for_in_keys,
    "first_elements_": _first_elements,
    "get_iterator_": get_iterator,
    "iterator_rest_": _iterator_rest,
    "delegate_": _delegate,
    "use_": _use,
    "dispose_": _dispose,
    "dispose_async_": _dispose_async,
    "spread_": array_spread,
    "argument_spread_": argument_spread,
}
"""Helpers that get the realm first, by name."""
