"""ECMA-262 15.5.5, 27.5.3.7, 27.6.3.8 and 27.7.5.3: yield, yield* and await."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.javascript.runtime.completions import ReturnSignal
from lockstep.reference.javascript.runtime.operations.suspension import Suspending, awaited_yield
from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.treewalk.context import ExecutionContext


def await_value(value: Value, context: ExecutionContext) -> Value:
    """27.7.5.3 Await ( value )."""
    assert context.coroutine is not None
    return context.coroutine.suspend(value)


def run_suspending(operation: Suspending, context: ExecutionContext) -> Value:
    """The result of an operation of the runtime that suspends the code around it."""
    assert context.coroutine is not None
    resume: Callable[[Any], Value] = operation.send
    argument: Value = None
    while True:
        try:
            handed = resume(argument)
        except StopIteration as stop:
            return stop.value
        try:
            resume, argument = operation.send, context.coroutine.suspend(handed)
        except (Exception, ReturnSignal) as error:  # any completion is the operation's to see
            resume, argument = operation.throw, error


def yield_value(value: Value, context: ExecutionContext) -> Value:
    """27.5.3.7 Yield ( value )."""
    if context.is_async_generator:
        # 2. Return ? AsyncGeneratorYield(? Await(value)).
        return run_suspending(awaited_yield(value), context)
    # 3. Otherwise, return ? GeneratorYield(CreateIteratorResultObject(value, false)); the generator makes the object.
    assert context.coroutine is not None
    return context.coroutine.suspend(value)
