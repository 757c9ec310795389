"""ECMA-262 27.2.4.1 to 27.2.4.5: Promise.all, allSettled, any and race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    PromiseCapability,
    new_promise_capability,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.iteration import DONE, IteratorRecord, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    define_property_or_throw,
    get,
    invoke,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


Combine = Callable[["Realm", IteratorRecord, Any, PromiseCapability, Any], Any]


def _combinator(combine: Combine) -> Callable[..., Value]:
    def combinator(realm: Realm, this: Value, iterable: Value = undefined) -> Value:
        capability = new_promise_capability(realm, this)
        record = None
        try:
            resolve = promise_resolve_function(this)
            record = get_iterator(realm, iterable)
            return combine(realm, record, this, capability, resolve)
        except Exception as error:  # any throw completion
            if record is not None and not record.done:
                record.close(error)
            capability.reject(thrown_value(error, realm))
            return capability.promise

    return combinator


def promise_resolve_function(constructor: Any) -> JSObject:
    """27.2.4.1.1 GetPromiseResolve."""
    resolve = get(constructor, "resolve")
    if not is_callable(resolve):
        raise type_error("Promise resolve is not a function")
    return resolve


def _each(record: IteratorRecord) -> Any:
    while True:
        value = record.step()
        if value is DONE:
            return
        yield value


class Remaining:
    """[[RemainingElements]], and the values gathered so far."""

    __slots__ = ("count", "values")

    def __init__(self) -> None:
        self.count = 1
        self.values: list[Value] = []

    def done(self) -> bool:
        """One fewer; whether none is left."""
        self.count -= 1
        return self.count == 0


def element_function(
    realm: Realm,
    remaining: Remaining,
    index: int,
    called: list[bool],
    make: Callable[[Value], Value],
    finish: Callable[[], object],
) -> JSObject:
    """27.2.4.1.3 and its relatives: the function that stores one element."""

    def element(this: Value, value: Value = undefined, *rest: Value) -> Value:
        if called[0]:
            return undefined
        called[0] = True
        remaining.values[index] = make(value)
        if remaining.done():
            finish()
        return undefined

    return native(realm, element, 1)


def _perform_all(
    realm: Realm,
    record: IteratorRecord,
    constructor: JSObject,
    capability: PromiseCapability,
    resolve: JSObject,
) -> Value:
    """27.2.4.1.2 PerformPromiseAll."""
    remaining = Remaining()

    def finish() -> None:
        capability.resolve(realm.make_array(remaining.values))

    for index, value in enumerate(_each(record)):
        remaining.values.append(undefined)
        promise = resolve.call_n(constructor, value)
        on_fulfilled = element_function(realm, remaining, index, [False], lambda found: found, finish)
        remaining.count += 1
        invoke(realm, promise, "then", on_fulfilled, capability.functions(realm)[1])
    if remaining.done():
        finish()
    return capability.promise


def settled_entry(realm: Realm, status: str, key: str) -> Callable[[Value], Value]:
    """27.2.4.2.2 and 27.2.4.2.3: makes the object that says how an element settled."""

    def make(value: Value) -> Value:
        result = realm.make_object()
        create_data_property_or_throw(result, "status", status)
        create_data_property_or_throw(result, key, value)
        return result

    return make


def _perform_all_settled(
    realm: Realm,
    record: IteratorRecord,
    constructor: JSObject,
    capability: PromiseCapability,
    resolve: JSObject,
) -> Value:
    """27.2.4.2.1 PerformPromiseAllSettled."""
    remaining = Remaining()

    def finish() -> None:
        capability.resolve(realm.make_array(remaining.values))

    for index, value in enumerate(_each(record)):
        remaining.values.append(undefined)
        promise = resolve.call_n(constructor, value)
        called = [False]
        on_fulfilled = element_function(
            realm, remaining, index, called, settled_entry(realm, "fulfilled", "value"), finish
        )
        on_rejected = element_function(
            realm, remaining, index, called, settled_entry(realm, "rejected", "reason"), finish
        )
        remaining.count += 1
        invoke(realm, promise, "then", on_fulfilled, on_rejected)
    if remaining.done():
        finish()
    return capability.promise


def _perform_any(
    realm: Realm,
    record: IteratorRecord,
    constructor: JSObject,
    capability: PromiseCapability,
    resolve: JSObject,
) -> Value:
    """27.2.4.3.1 PerformPromiseAny."""
    remaining = Remaining()

    def aggregate() -> JSObject:
        error = realm.make_error("AggregateError", "All promises were rejected")
        del stored(error)["message"]
        define_property_or_throw(error, "errors", hidden(realm.make_array(remaining.values)))
        return error

    def finish() -> None:
        capability.reject(aggregate())

    for index, value in enumerate(_each(record)):
        remaining.values.append(undefined)
        promise = resolve.call_n(constructor, value)
        on_rejected = element_function(realm, remaining, index, [False], lambda found: found, finish)
        remaining.count += 1
        invoke(realm, promise, "then", capability.functions(realm)[0], on_rejected)
    if remaining.done():
        raise ThrowCompletion(aggregate())
    return capability.promise


def _perform_race(
    realm: Realm,
    record: IteratorRecord,
    constructor: JSObject,
    capability: PromiseCapability,
    resolve: JSObject,
) -> Value:
    """27.2.4.5.1 PerformPromiseRace."""
    for value in _each(record):
        promise = resolve.call_n(constructor, value)
        invoke(realm, promise, "then", *capability.functions(realm))
    return capability.promise


COMBINATORS = functions(
    ("all", _combinator(_perform_all), 1, "27.5.4.1", "ES2015"),
    ("allSettled", _combinator(_perform_all_settled), 1, "27.5.4.2", "ES2020"),
    ("any", _combinator(_perform_any), 1, "27.5.4.3", "ES2021"),
    ("race", _combinator(_perform_race), 1, "27.5.4.5", "ES2015"),
)
