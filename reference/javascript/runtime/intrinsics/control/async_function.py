"""ECMA-262 27.7: AsyncFunction objects."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    await_then,
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_tag,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.operations.functions import create_dynamic_function
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.operations.suspension import Execution


def async_function_start(realm: Realm, execution: Execution) -> JSObject:
    """27.7.5.1 AsyncFunctionStart: run the body up to its first await; the promise of its result."""
    promise = new_promise(realm)
    resolve, reject = create_resolving_functions(realm, promise)
    async_block_start(realm, execution, resolve, reject)
    return promise


def async_block_start(
    realm: Realm, execution: Execution, resolve: Callable[[Value], object], reject: Callable[[Value], object]
) -> None:
    """27.7.5.2 AsyncBlockStart: drive `execution` to its end, through every await."""

    def resume(step: Callable[[Any], Value], argument: Value) -> None:
        while True:
            try:
                awaited = step(argument)
            except StopIteration as stop:
                resolve(stop.value)
                return
            except Exception as error:  # any throw completion
                reject(thrown_value(error, realm))
                return
            try:
                await_then(realm, awaited, on_fulfilled, on_rejected)
                return
            except Exception as error:  # the await itself throws in the body
                step, argument = execution.throw, ThrowCompletion(thrown_value(error, realm))

    def on_fulfilled(value: Value) -> None:
        resume(execution.send, value)

    def on_rejected(reason: Value) -> None:
        resume(execution.throw, ThrowCompletion(reason))

    resume(execution.send, undefined)


def _inner_code(name: str) -> CodeType:
    return next(
        one
        for one in async_block_start.__code__.co_consts
        if isinstance(one, CodeType) and one.co_name == name
    )


RESUME = _inner_code("resume")
"""The host code that drives an async function; its `resolve` is of the function's promise."""
FULFILLED = _inner_code("on_fulfilled")
"""The host code that resumes one when the promise that it awaits is fulfilled."""


def construct_async_function(realm: Realm, new_target: JSObject | None, *arguments: Value) -> Value:
    """27.10.1.1 AsyncFunction."""
    return create_dynamic_function(realm, realm.async_function, new_target, "async", arguments)


_CONSTRUCTOR = builtin(
    "AsyncFunction", construct_async_function, 1, "builtin_constructor", section="27.10.1.1", since="ES2017"
)


def initialize(realm: Realm) -> None:
    """Make %AsyncFunction% and its prototype."""
    prototype = prototype_object(realm, realm.function_prototype)
    realm.async_function_prototype = prototype
    realm.async_function = constructor_function(realm, _CONSTRUCTOR, prototype, realm.function)
    stored(prototype)["constructor"].writable = False
    define_tag(prototype, "AsyncFunction")
