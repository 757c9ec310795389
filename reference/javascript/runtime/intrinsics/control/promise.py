"""ECMA-262 27.2: Promise objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_combinators import (
    COMBINATORS,
)
from lockstep.reference.javascript.runtime.intrinsics.control.promise_keyed import KEYED
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    JSPromise,
    create_resolving_functions,
    function_of,
    new_promise,
    new_promise_capability,
    perform_promise_then,
    promise_resolve,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    prototype_object,
    species,
)
from lockstep.reference.javascript.runtime.objects.description import describe, incompatible
from lockstep.reference.javascript.runtime.objects.function import builtin, native, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    invoke,
    species_constructor,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


# 27.2.3 The Promise Constructor


def construct_promise(realm: Realm, new_target: JSObject | None, executor: Value = undefined) -> JSObject:
    """27.5.3.1 Promise."""
    if new_target is undefined:
        raise type_error("Promise constructor cannot be invoked without 'new'")
    if not is_callable(executor):
        raise type_error(f"Promise resolver {describe(executor)} is not a function")
    promise = new_promise(realm, prototype_from_constructor(new_target, "promise_prototype"))
    resolve, reject = create_resolving_functions(realm, promise)
    try:
        executor.call_n(undefined, function_of(realm, resolve), function_of(realm, reject))
    except Exception as error:  # any throw completion
        reject(thrown_value(error, realm))
    return promise


# 27.2.4 Properties of the Promise Constructor


def reject(realm: Realm, this: Value, reason: Value = undefined) -> Value:
    """27.5.4.6 Promise.reject."""
    capability = new_promise_capability(realm, this)
    capability.reject(reason)
    return capability.promise


def resolve(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.5.4.7 Promise.resolve."""
    if not isinstance(this, JSObject):
        raise type_error("Promise.resolve called on a value that is not an object")
    return promise_resolve(realm, this, value)


def try_(realm: Realm, this: Value, callback: Value = undefined, *arguments: Value) -> Value:
    """27.5.4.8 Promise.try."""
    if not isinstance(this, JSObject):
        raise type_error("Promise.try called on a value that is not an object")
    capability = new_promise_capability(realm, this)
    try:
        if not is_callable(callback):
            raise type_error("Promise.try needs a function")
        result = callback.call_n(undefined, *arguments)
    except Exception as error:  # any throw completion
        capability.reject(thrown_value(error, realm))
    else:
        capability.resolve(result)
    return capability.promise


def with_resolvers(realm: Realm, this: Value) -> JSObject:
    """27.5.4.9 Promise.withResolvers."""
    capability = new_promise_capability(realm, this)
    result = realm.make_object()
    resolve_function, reject_function = capability.functions(realm)
    create_data_property_or_throw(result, "promise", capability.promise)
    create_data_property_or_throw(result, "resolve", resolve_function)
    create_data_property_or_throw(result, "reject", reject_function)
    return result


# 27.2.5 Properties of the Promise Prototype Object


def catch(realm: Realm, this: Value, on_rejected: Value = undefined) -> Value:
    """27.5.5.1 Promise.prototype.catch."""
    return invoke(realm, this, "then", undefined, on_rejected)


def finally_(realm: Realm, this: Value, on_finally: Value = undefined) -> Value:
    """27.5.5.3 Promise.prototype.finally."""
    if not isinstance(this, JSObject):
        raise type_error("Promise.prototype.finally called on a value that is not an object")
    constructor = species_constructor(this, realm.promise)
    if not is_callable(on_finally):
        return invoke(realm, this, "then", on_finally, on_finally)

    def then_finally(_this: Value, value: Value = undefined, *rest: Value) -> Value:
        promise = promise_resolve(realm, constructor, on_finally.call_n(undefined))
        return_value = native(realm, lambda _this, *ignored: value, 0)
        return invoke(realm, promise, "then", return_value)

    def catch_finally(_this: Value, reason: Value = undefined, *rest: Value) -> Value:
        promise = promise_resolve(realm, constructor, on_finally.call_n(undefined))

        def thrower(_this: Value, *ignored: Value) -> Value:
            raise ThrowCompletion(reason)

        return invoke(realm, promise, "then", native(realm, thrower, 0))

    return invoke(realm, this, "then", native(realm, then_finally, 1), native(realm, catch_finally, 1))


def then(realm: Realm, this: Value, on_fulfilled: Value = undefined, on_rejected: Value = undefined) -> Value:
    """27.5.5.4 Promise.prototype.then."""
    if not isinstance(this, JSPromise):
        raise incompatible("Promise.prototype.then", this)
    constructor = species_constructor(this, realm.promise)
    capability = new_promise_capability(realm, constructor)
    return perform_promise_then(realm, this, on_fulfilled, on_rejected, capability)


_CONSTRUCTOR = builtin(
    "Promise", construct_promise, 1, "builtin_constructor", section="27.5.3.1", since="ES2015"
)
_STATIC = functions(
    ("reject", reject, 1, "27.5.4.6", "ES2015"),
    ("resolve", resolve, 1, "27.5.4.7", "ES2015"),
    ("try", try_, 1, "27.5.4.8", "ES2025"),
    ("withResolvers", with_resolvers, 0, "27.5.4.9", "ES2024"),
)
_METHODS = functions(
    ("catch", catch, 1, "27.5.5.1", "ES2015"),
    ("finally", finally_, 1, "27.5.5.3", "ES2018"),
    ("then", then, 2, "27.5.5.4", "ES2015"),
)
_SPECIES = species("27.5.4.10", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %Promise% and %Promise.prototype%."""
    prototype = prototype_object(realm)
    realm.promise_prototype = prototype
    realm.promise = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.promise, COMBINATORS)
    define_functions(realm, realm.promise, _STATIC)
    define_functions(realm, realm.promise, KEYED)
    define_getters(realm, realm.promise, _SPECIES)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Promise")
