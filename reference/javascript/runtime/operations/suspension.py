"""Operations that suspend the code around them (7.4.13, 15.5.5, 27.6.3.8), as host generators.

A host generator here hands out what is to be awaited, a `YieldMarker` for a value that an async generator yields, or what is
`Delegated` by a sync one; it is resumed with a value, or by an exception for another
completion, and returns its result. The VM's code delegates to it, the tree-walker drives it over its coroutine.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol

from lockstep.reference.javascript.runtime.completions import ReturnSignal, thrown_value, type_error
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    get_async_iterator,
    get_iterator,
)
from lockstep.reference.javascript.runtime.operations.objects import call, get, get_method
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

Suspending = Generator[Value, Value, Value]


class Execution(Protocol):
    """A body that can be suspended: a host generator, or what a backend drives like one."""

    def send(self, value: Value, /) -> Value:
        """Go on with a value, to what the body hands out next."""

    def throw(self, error: BaseException, /) -> Value:
        """Go on with an abrupt completion."""


class Delegated:
    """What a sync generator's body hands out for a `yield*`: the inner result, which goes on as it is."""

    __slots__ = ("result",)

    def __init__(self, result: JSObject) -> None:
        self.result = result


class YieldMarker:
    """What an async generator's body hands out for a `yield`: the awaited value."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def awaited_yield(value: Value) -> Suspending:
    """27.5.3.7 Yield ( value ) in an async generator.

    Raises:
        ThrowCompletion, ReturnSignal: the completion with which the generator was resumed.
    """
    # 2. If generatorKind is async, return ? AsyncGeneratorYield(? Await(value)).
    value = yield value
    return (yield from async_generator_yield(value))


def async_generator_yield(value: Value) -> Suspending:
    """27.6.3.8 AsyncGeneratorYield ( value ), with 27.6.3.7 AsyncGeneratorUnwrapYieldResumption.

    Raises:
        ThrowCompletion, ReturnSignal: the completion with which the generator was resumed.
    """
    try:
        return (yield YieldMarker(value))  # the value of the yield expression
    except ReturnSignal as signal:
        returned = signal.value
    # 27.6.3.7, steps 2 to 4: a return completion's value is awaited; a rejection is a throw completion.
    awaited = yield returned
    raise ReturnSignal(awaited)


def yield_delegate(realm: Realm, value: Value, *, is_async: bool) -> Suspending:
    """15.5.5 YieldExpression : yield * AssignmentExpression, from step 4 on.

    Raises:
        ThrowCompletion, ReturnSignal: what the inner iterator made of the completion that it was handed.
    """
    # 4. Let iteratorRecord be ? GetIterator(value, generatorKind).
    record = get_async_iterator(realm, value) if is_async else get_iterator(realm, value)
    iterator = record.iterator
    # 6. Let received be NormalCompletion(undefined).
    received: Value = undefined
    raised: BaseException | None = None
    while True:
        returning = isinstance(raised, ReturnSignal)
        if raised is None:
            # 7.a.i. Let innerResult be ? Call(iteratorRecord.[[NextMethod]], iterator, « received.[[Value]] »).
            inner = call(record.next_method, iterator, received)
        elif isinstance(raised, ReturnSignal):
            # 7.c.ii. Let return be ? GetMethod(iterator, "return").
            method = get_method(iterator, "return")
            if method is undefined:
                # 7.c.iii. Set value to ? Await(value), if async; return ReturnCompletion(value).
                if is_async:
                    raise ReturnSignal((yield raised.value))
                raise raised
            inner = method.call_n(iterator, raised.value)
        else:
            thrown = thrown_value(raised, realm)
            # 7.b.i. Let throw be ? GetMethod(iterator, "throw").
            method = get_method(iterator, "throw")
            if method is undefined:
                # 7.b.iii. The iterator cannot throw: close it, and complain.
                if is_async:
                    yield from async_iterator_close(record)
                else:
                    record.close()
                raise type_error("The iterator does not provide a 'throw' method")
            inner = method.call_n(iterator, thrown)
        # 7.a.ii, 7.b.ii.2, 7.c.v. If generatorKind is async, set innerResult to ? Await(innerResult).
        if is_async:
            inner = yield inner
        if not isinstance(inner, JSObject):
            raise type_error(f"Iterator result {describe(inner)} is not an object")
        if to_boolean(get(inner, "done")):
            if returning:
                # 7.c.viii. Return ReturnCompletion(? IteratorValue(innerReturnResult)).
                raise ReturnSignal(get(inner, "value"))
            return get(inner, "value")  # the value of the yield* expression
        # 7.a.vi. Set received to Completion(AsyncGeneratorYield(? IteratorValue(innerResult))), or GeneratorYield.
        handed = get(inner, "value") if is_async else Delegated(inner)
        raised = None
        try:
            received = (yield from async_generator_yield(handed)) if is_async else (yield handed)
        except (Exception, ReturnSignal) as error:  # any completion is handed to the inner iterator
            raised = error


def async_iterator_close(
    record: IteratorRecord, error: BaseException | None = None
) -> Generator[Value, Value, None]:
    """7.4.13 AsyncIteratorClose: for a normal completion, or before `error` is raised again.

    Raises:
        ThrowCompletion: closing failed, and the completion is no throw.
    """
    if isinstance(error, MemoryError) or not isinstance(error, (Exception, ReturnSignal, type(None))):
        return
    throwing = isinstance(error, Exception)
    try:
        # 3. Let innerResult be Completion(GetMethod(iterator, "return")).
        method = get_method(record.iterator, "return")
        if method is undefined:
            return
        # 4.c. and d. Call it, and await what it gives.
        result = yield method.call_n(record.iterator)
    except MemoryError:
        raise
    except Exception:
        # 5. If completion is a throw completion, return ? completion.
        if throwing:
            return
        # 6. If innerResult is a throw completion, return ? innerResult.
        raise
    # 7. If innerResult.[[Value]] is not an Object, throw a TypeError exception.
    if not throwing and not isinstance(result, JSObject):
        raise type_error(f"Iterator result {describe(result)} is not an object")


def awaited_step(record: IteratorRecord, result: Value) -> Value:
    """14.7.5.7, steps 6.c to 6.f: the value of a result that `for await` has awaited, or DONE."""
    if not isinstance(result, JSObject):
        raise type_error(f"Iterator result {describe(result)} is not an object")
    if to_boolean(get(result, "done")):
        record.done = True
        return DONE
    return get(result, "value")
