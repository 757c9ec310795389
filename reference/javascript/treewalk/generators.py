"""ECMA-262 15.5.5, 27.5.3.7, 27.6.3.8 and 27.7.5.3: yield, yield* and await."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.completions import (
    ReturnSignal,
    ThrowCompletion,
    thrown_value,
    type_error,
)
from lockstep.reference.javascript.runtime.intrinsics.control.async_generator import YieldMarker
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.iteration import (
    IteratorRecord,
    create_iter_result,
    get_async_iterator,
    get_iterator,
)
from lockstep.reference.javascript.runtime.operations.objects import call, get, get_method
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.treewalk.context import ExecutionContext


def await_value(value: Value, context: ExecutionContext) -> Value:
    """27.7.5.3 Await ( value )."""
    assert context.coroutine is not None
    return context.coroutine.suspend(value)


def yield_value(value: Value, context: ExecutionContext) -> Value:
    """27.5.3.7 Yield ( value )."""
    if context.is_async_generator:
        # 2. Return ? AsyncGeneratorYield(? Await(value)).
        return async_generator_yield(await_value(value, context), context)
    # 3. Otherwise, return ? GeneratorYield(CreateIteratorResultObject(value, false)).
    assert context.coroutine is not None
    return context.coroutine.suspend(create_iter_result(context.realm, value, False))


def async_generator_yield(value: Value, context: ExecutionContext) -> Value:
    """27.6.3.8 AsyncGeneratorYield ( value ), with AsyncGeneratorUnwrapYieldResumption."""
    assert context.coroutine is not None
    try:
        return context.coroutine.suspend(YieldMarker(value))
    except ReturnSignal as signal:
        returned = signal.value
    # 27.6.3.7, step 2: a return completion's value is awaited.
    raise ReturnSignal(await_value(returned, context))


# 15.5.5, YieldExpression : yield * AssignmentExpression
def yield_delegate(value: Value, context: ExecutionContext) -> Value:
    """YieldExpression : yield * AssignmentExpression, from step 4 on."""
    is_async = context.is_async_generator
    realm = context.realm
    record = get_async_iterator(realm, value) if is_async else get_iterator(realm, value)
    iterator = record.iterator
    # 6. Let received be NormalCompletion(undefined).
    received: Value = undefined
    raised: BaseException | None = None
    while True:
        if raised is None:
            # 7.a.
            inner = call(record.next_method, iterator, received) if is_async else record.next(received)
            if is_async:
                inner = await_value(inner, context)
            _check_result(inner)
        elif not isinstance(raised, ReturnSignal):
            inner = _delegate_throw(raised, record, context)
        else:
            # 7.c.
            method = get_method(iterator, "return")
            if method is undefined:
                if is_async:
                    raise ReturnSignal(await_value(raised.value, context))
                raise raised
            inner = method.call_n(iterator, raised.value)
            if is_async:
                inner = await_value(inner, context)
            _check_result(inner)
            if to_boolean(get(inner, "done")):
                raise ReturnSignal(get(inner, "value"))
            received, raised = _resume(inner, context)
            continue
        if to_boolean(get(inner, "done")):
            return get(inner, "value")
        received, raised = _resume(inner, context)


def _delegate_throw(raised: BaseException, record: IteratorRecord, context: ExecutionContext) -> Any:
    """Step 7.b: hand a throw completion on to the inner iterator."""
    iterator = record.iterator
    if not isinstance(raised, Exception):
        raise raised
    thrown = thrown_value(raised, context.realm)
    method = get_method(iterator, "throw")
    if method is not undefined:
        inner = method.call_n(iterator, thrown)
        if context.is_async_generator:
            inner = await_value(inner, context)
        _check_result(inner)
        return inner
    # 7.b.iii: the inner iterator cannot throw: close it, and complain.
    if context.is_async_generator:
        async_iterator_close(record, None, context)
    else:
        record.close()
    raise type_error("The iterator does not provide a 'throw' method")


def _check_result(result: Value) -> None:
    if not isinstance(result, JSObject):
        raise type_error("Iterator result is not an object")


def _resume(inner: Any, context: ExecutionContext) -> tuple[Value, BaseException | None]:
    """Hand out an inner result; what comes back, as a value or an exception."""
    assert context.coroutine is not None
    handed = YieldMarker(get(inner, "value")) if context.is_async_generator else inner
    try:
        return context.coroutine.suspend(handed), None
    except (Exception, ReturnSignal) as error:  # any completion is handed to the inner iterator
        return undefined, error


def async_iterator_close(
    record: IteratorRecord, error: BaseException | None, context: ExecutionContext
) -> None:
    """7.4.13 AsyncIteratorClose: for a normal completion, or before `error` is raised again."""
    if error is not None and not isinstance(error, (Exception, ReturnSignal)):
        return
    throwing = isinstance(error, Exception)
    try:
        method = get_method(record.iterator, "return")
        if method is undefined:
            return
        result = await_value(method.call_n(record.iterator), context)
    except ThrowCompletion:
        if throwing:
            return
        raise
    if not throwing:
        _check_result(result)
