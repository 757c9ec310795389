"""Explicit resource management: AddDisposableResource and DisposeResources, for `using` and `await using`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import (
    ThrowCompletion,
    run_deeper,
    thrown_value,
    type_error,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.objects import construct, get_method
from lockstep.reference.javascript.runtime.symbols import ASYNC_DISPOSE, DISPOSE
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

SYNC = "sync-dispose"
ASYNC = "async-dispose"


class DisposableResource:
    """DisposableResource Record; `falls_back`: an async disposal that calls a sync method."""

    __slots__ = ("falls_back", "hint", "method", "value")

    def __init__(self, value: Value, hint: str, method: Any, *, falls_back: bool = False) -> None:
        self.value = value
        self.hint = hint
        self.method = method
        self.falls_back = falls_back


class DisposeCapability:
    """DisposeCapability Record: the resources of one environment, in the order they were added."""

    __slots__ = ("resources",)

    def __init__(self) -> None:
        self.resources: list[DisposableResource] = []


def add_disposable_resource(realm: Realm, capability: DisposeCapability, value: Value, hint: str) -> None:
    """AddDisposableResource ( disposeCapability, V, hint )."""
    if value is undefined or value is null:
        # 1.a. Only an async disposal of nothing is remembered: it still awaits.
        if hint == ASYNC:
            capability.resources.append(DisposableResource(undefined, hint, undefined))
        return
    if not isinstance(value, JSObject):
        raise type_error("A value that is not an object cannot be disposed")
    # GetDisposeMethod ( V, hint )
    method: Value = undefined
    falls_back = False
    if hint == ASYNC:
        method = get_method(value, ASYNC_DISPOSE, realm)
        falls_back = method is undefined
    if method is undefined:
        method = get_method(value, DISPOSE, realm)
    if method is undefined:
        raise type_error("The value has no dispose method")
    capability.resources.append(DisposableResource(value, hint, method, falls_back=falls_back))


def add_disposal(capability: DisposeCapability, hint: str, method: Value) -> None:
    """AddDisposableResource ( disposeCapability, undefined, hint, method )."""
    capability.resources.append(DisposableResource(undefined, hint, method))


def disposal(
    realm: Realm, capability: DisposeCapability, error: BaseException | None
) -> Generator[Value, Value, BaseException | None]:
    """DisposeResources ( disposeCapability, completion ) as a host generator: what it yields is awaited.

    Args:
        realm: the running realm.
        capability: what to dispose, the last one first.
        error: the completion, if it is a throw completion or a generator's return.

    Returns:
        The exception that the completion now is, if any.
    """
    run_deeper(realm, error)
    needs_await = has_awaited = False
    for resource in reversed(capability.resources):
        if resource.hint == SYNC and needs_await and not has_awaited:
            yield undefined
            needs_await = False
        if resource.method is undefined:
            needs_await = True
            continue
        try:
            yield from _dispose(resource)
        except Exception as failure:  # any throw completion
            error = _suppressed(realm, failure, error)
        has_awaited = has_awaited or resource.hint == ASYNC
    if needs_await and not has_awaited:
        yield undefined
    capability.resources = []
    return error  # the completion


def dispose_resources(
    realm: Realm,
    capability: DisposeCapability,
    error: BaseException | None,
    await_value: Callable[[Value], Value],
) -> BaseException | None:
    """`disposal`, with Await ( value ) as a host function."""
    steps: Any = disposal(realm, capability, error)
    resume: Callable[[], Value] = lambda: next(steps)  # noqa: E731
    while True:
        try:
            awaited = resume()
        except StopIteration as stop:
            failure: BaseException | None = stop.value
            return failure
        try:
            result = await_value(awaited)
        except Exception as failure:  # the await throws in the steps
            resume = _throwing(steps, failure)
        else:
            resume = _sending(steps, result)


def _sending(steps: Any, value: Value) -> Callable[[], Value]:
    return lambda: steps.send(value)


def _throwing(steps: Any, failure: Exception) -> Callable[[], Value]:
    return lambda: steps.throw(failure)


def _dispose(resource: DisposableResource) -> Iterator[Value]:
    if resource.falls_back:
        try:
            resource.method.call_n(resource.value)
        except Exception:
            # GetDisposeMethod, step 1.b.ii: the promise of the closure settles, and is awaited.
            yield undefined
            raise
        yield undefined
        return
    result = resource.method.call_n(resource.value)
    if resource.hint == ASYNC:
        yield result


def _suppressed(realm: Realm, failure: Exception, error: BaseException | None) -> BaseException:
    if not isinstance(error, Exception):
        return failure
    values = [thrown_value(failure, realm), thrown_value(error, realm)]
    return ThrowCompletion(construct(realm.suppressed_error, values))
