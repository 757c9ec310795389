"""What generated code calls for async generators, `for await`, dynamic import and regular expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import ReturnSignal, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.async_generator import YieldMarker
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    get_async_iterator,
)
from lockstep.reference.javascript.runtime.operations.objects import call, get, get_method
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.realm import Realm


def yield_async(realm: Realm, value: Value) -> Any:
    """27.6.3.8 AsyncGeneratorYield: await the value, hand it out, and await what a return brings."""
    value = yield value
    try:
        return (yield YieldMarker(value))  # the value of the yield expression
    except ReturnSignal as signal:
        returned = signal.value
    awaited = yield returned
    raise ReturnSignal(awaited)


def delegate_async(realm: Realm, value: Value) -> Any:
    """15.5.5 `yield*` in an async generator."""
    record = get_async_iterator(realm, value)
    iterator = record.iterator
    received: Value = undefined
    mode = "next"
    while True:
        if mode == "next":
            result = call(record.next_method, iterator, received)
        elif mode == "throw":
            method = get_method(iterator, "throw")
            if method is undefined:
                yield from close_async(record)
                raise type_error("The iterator does not provide a 'throw' method")
            result = method.call_n(iterator, received)
        else:
            method = get_method(iterator, "return")
            if method is undefined:
                awaited = yield received
                raise ReturnSignal(awaited)
            result = method.call_n(iterator, received)
        result = yield result
        if not isinstance(result, JSObject):
            raise type_error("Iterator result is not an object")
        if to_boolean(get(result, "done")):
            final = get(result, "value")
            if mode == "return":
                raise ReturnSignal(final)
            return final  # the value of the yield* expression
        value = get(result, "value")
        try:
            received = yield YieldMarker(value)
            mode = "next"
        except ReturnSignal as signal:
            received, mode = signal.value, "return"
        except Exception as error:
            received, mode = thrown_value(error, realm), "throw"


def close_async(record: IteratorRecord) -> Iterator[Value]:
    """7.4.13 AsyncIteratorClose for a normal completion."""
    method = get_method(record.iterator, "return")
    if method is undefined:
        return
    result = yield method.call_n(record.iterator)
    if not isinstance(result, JSObject):
        raise type_error("Iterator result is not an object")


class _ForAwait:
    """The iteration of `for await`; the code around awaits what `begin` gives."""

    __slots__ = ("record",)

    def __init__(self, record: IteratorRecord) -> None:
        self.record = record

    def begin(self) -> Value:
        """Call `next`."""
        record = self.record
        return call(record.next_method, record.iterator)

    def finish(self, result: Value) -> Value:
        """The value of an awaited result, or DONE."""
        if not isinstance(result, JSObject):
            raise type_error("Iterator result is not an object")
        if to_boolean(get(result, "done")):
            self.record.done = True
            return DONE
        return get(result, "value")


def for_await(realm: Realm, value: Value) -> _ForAwait:
    """14.7.5.6 with iteratorKind async."""
    return _ForAwait(get_async_iterator(realm, value))


def leave_async(realm: Realm, iterator: _ForAwait) -> Iterator[Value]:
    """A jump leaves the loop, unless it has come to its end or was closed before."""
    if not iterator.record.done:
        iterator.record.done = True
        yield from close_async(iterator.record)


def fail_async(realm: Realm, iterator: _ForAwait, error: BaseException) -> Iterator[Value]:
    """7.4.13 AsyncIteratorClose when `error` leaves the loop."""
    if iterator.record.done:
        return
    iterator.record.done = True
    if isinstance(error, ReturnSignal):
        yield from close_async(iterator.record)
        return
    if not isinstance(error, Exception) or isinstance(error, MemoryError):
        return
    try:
        method = get_method(iterator.record.iterator, "return")
        if method is not undefined:
            yield method.call_n(iterator.record.iterator)
    except MemoryError:
        raise
    except Exception:  # 7.4.13, step 5: the original throw completion counts
        return


def regular_expression(realm: Realm, pattern: str, flags: str) -> Any:
    """13.2.7.3: a new RegExp object for each evaluation."""
    from lockstep.reference.javascript.runtime.intrinsics.text.regexp import regexp_create  # noqa: PLC0415

    return regexp_create(realm, pattern, flags)


def import_call(realm: Realm, referrer: str, specifier: Value, options: Value, phase: str) -> Any:
    """13.3.10.2 EvaluateImportCall."""
    from lockstep.reference.javascript.runtime.module_loading import import_dynamically  # noqa: PLC0415

    return import_dynamically(realm, referrer, specifier, options, phase)


def import_meta(realm: Realm, module: Any) -> Any:
    """13.3.12.1 import.meta."""
    from lockstep.reference.javascript.runtime.module_loading import import_meta_of  # noqa: PLC0415

    return import_meta_of(realm, module)


HELPERS: dict[str, Callable[..., Any]] = {
    "yield_async_": yield_async,
    "delegate_async_": delegate_async,
    "for_await_": for_await,
    "leave_async_": leave_async,
    "fail_async_": fail_async,
    "regular_expression_": regular_expression,
    "import_": import_call,
    "import_meta_": import_meta,
}
