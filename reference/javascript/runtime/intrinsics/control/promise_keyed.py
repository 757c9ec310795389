"""Await Dictionary: Promise.allKeyed and Promise.allSettledKeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_combinators import (
    Remaining,
    element_function,
    promise_resolve_function,
    settled_entry,
)
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    PromiseCapability,
    new_promise_capability,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    get,
    invoke,
)
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _combinator(*, settled: bool) -> Callable[..., Value]:
    def combinator(realm: Realm, this: Value, promises: Value = undefined) -> Value:
        """Promise.allKeyed ( promises ), Promise.allSettledKeyed ( promises )."""
        capability = new_promise_capability(realm, this)
        try:
            resolve = promise_resolve_function(this)
            if not isinstance(promises, JSObject):
                raise type_error(f"{describe(promises)} is not an object")
            _perform_promise_all_keyed(realm, settled, promises, this, capability, resolve)
        except Exception as error:  # any throw completion
            capability.reject(thrown_value(error, realm))
        return capability.promise

    return combinator


def _perform_promise_all_keyed(
    realm: Realm,
    settled: bool,
    promises: JSObject,
    constructor: Value,
    capability: PromiseCapability,
    resolve: JSObject,
) -> None:
    """PerformPromiseAllKeyed."""
    remaining = Remaining()
    keys: list[PropertyKey] = []

    def finish() -> None:
        # CreateKeyedPromiseCombinatorResultObject ( keys, values )
        result = object_create(null)
        for key, value in zip(keys, remaining.values):
            create_data_property_or_throw(result, key, value)
        capability.resolve(result)

    for key in promises.own_property_keys():
        descriptor = promises.get_own_property(key)
        if descriptor is None or not descriptor.enumerable:
            continue
        value = get(promises, key)
        index = len(keys)
        keys.append(key)
        remaining.values.append(undefined)
        promise = resolve.call_n(constructor, value)
        called = [False]
        if settled:
            on_fulfilled = element_function(
                realm, remaining, index, called, settled_entry(realm, "fulfilled", "value"), finish
            )
            on_rejected = element_function(
                realm, remaining, index, called, settled_entry(realm, "rejected", "reason"), finish
            )
        else:
            on_fulfilled = element_function(realm, remaining, index, called, lambda found: found, finish)
            on_rejected = capability.functions(realm)[1]
        remaining.count += 1
        invoke(realm, promise, "then", on_fulfilled, on_rejected)
    if remaining.done():
        finish()


KEYED = functions(
    ("allKeyed", _combinator(settled=False), 1, "sec-promise.allkeyed", "proposal-await-dictionary"),
    (
        "allSettledKeyed",
        _combinator(settled=True),
        1,
        "sec-promise.allsettledkeyed",
        "proposal-await-dictionary",
    ),
)
