"""ECMA-262 27.2: Promise objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_species,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin, native, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, is_constructor
from lockstep.reference.javascript.runtime.operations.iteration import DONE, IteratorRecord, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    create_data_property_or_throw,
    define_property_or_throw,
    get,
    get_v,
    invoke,
    species_constructor,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.realm import Realm

PENDING, FULFILLED, REJECTED = "pending", "fulfilled", "rejected"


class JSPromise(JSObject):
    """A promise.

    Attributes:
        state_: [[PromiseState]].
        result_: [[PromiseResult]].
        reactions_: [[PromiseFulfillReactions]] and [[PromiseRejectReactions]], pairwise.
        is_handled_: [[PromiseIsHandled]].
    """

    __slots__ = ("is_handled_", "reactions_", "result_", "state_")
    class_name_ = "Promise"
    state_: str
    result_: Value
    reactions_: list[tuple[PromiseReaction, PromiseReaction]]
    is_handled_: bool


class PromiseCapability:
    """27.2.1.1 PromiseCapability Record.

    Attributes:
        promise: [[Promise]].
        resolve, reject: [[Resolve]] and [[Reject]] as host functions of one value.
    """

    __slots__ = ("_functions", "promise", "reject", "resolve")

    def __init__(
        self,
        promise: Any,
        resolve: Callable[[Value], object],
        reject: Callable[[Value], object],
        functions: tuple[Any, Any] | None = None,
    ) -> None:
        self.promise = promise
        self.resolve = resolve
        self.reject = reject
        self._functions = functions

    def functions(self, realm: Realm) -> tuple[Any, Any]:
        """[[Resolve]] and [[Reject]] as function objects."""
        if self._functions is None:
            self._functions = _function_of(realm, self.resolve), _function_of(realm, self.reject)
        return self._functions


def _function_of(realm: Realm, host: Callable[[Value], object]) -> Any:
    def function(this: Value, value: Value = undefined, *rest: Value) -> Value:
        host(value)
        return undefined

    return native(realm, function, 1)


class PromiseReaction:
    """27.2.1.2 PromiseReaction Record; `handler` is a function object, a host function, or undefined."""

    __slots__ = ("capability", "handler", "kind")

    def __init__(self, capability: PromiseCapability | None, kind: str, handler: Any) -> None:
        self.capability = capability
        self.kind = kind
        self.handler = handler


def new_promise(realm: Realm, prototype: Any = None) -> JSPromise:
    """A pending promise."""
    promise = object_create(realm.promise_prototype if prototype is None else prototype, JSPromise)
    promise.state_ = PENDING
    promise.result_ = undefined
    promise.reactions_ = []
    promise.is_handled_ = False
    return promise  # type: ignore[no-any-return]


def create_resolving_functions(
    realm: Realm, promise: JSPromise
) -> tuple[Callable[[Value], None], Callable[[Value], None]]:
    """27.2.1.3 CreateResolvingFunctions, as host functions."""
    already = [False]

    def resolve(resolution: Value) -> None:
        # 27.2.1.3.2 Promise Resolve Functions
        if already[0]:
            return
        already[0] = True
        if resolution is promise:
            reject_promise(
                realm, promise, realm.make_error("TypeError", "Chaining cycle detected for promise")
            )
            return
        if not isinstance(resolution, JSObject):
            fulfill_promise(realm, promise, resolution)
            return
        try:
            then = get(resolution, "then")
        except Exception as error:  # any throw completion
            reject_promise(realm, promise, thrown_value(error, realm))
            return
        if not is_callable(then):
            fulfill_promise(realm, promise, resolution)
            return
        realm.agent.enqueue_job(lambda: _resolve_thenable(realm, promise, resolution, then))

    def reject(reason: Value) -> None:
        # 27.2.1.3.1 Promise Reject Functions
        if not already[0]:
            already[0] = True
            reject_promise(realm, promise, reason)

    return resolve, reject


def _resolve_thenable(realm: Realm, promise: JSPromise, thenable: Any, then: Any) -> None:
    """27.2.2.2 NewPromiseResolveThenableJob."""
    resolve, reject = create_resolving_functions(realm, promise)
    try:
        then.call_n(thenable, _function_of(realm, resolve), _function_of(realm, reject))
    except Exception as error:  # any throw completion
        reject(thrown_value(error, realm))


def fulfill_promise(realm: Realm, promise: JSPromise, value: Value) -> None:
    """27.2.1.4 FulfillPromise."""
    reactions = promise.reactions_
    promise.reactions_ = []
    promise.result_ = value
    promise.state_ = FULFILLED
    for reaction, _ in reactions:
        _enqueue_reaction(realm, reaction, value)


def reject_promise(realm: Realm, promise: JSPromise, reason: Value) -> None:
    """27.2.1.7 RejectPromise."""
    reactions = promise.reactions_
    promise.reactions_ = []
    promise.result_ = reason
    promise.state_ = REJECTED
    if not promise.is_handled_:
        # 27.2.1.9 HostPromiseRejectionTracker
        realm.agent.rejected[promise] = None
    for _, reaction in reactions:
        _enqueue_reaction(realm, reaction, reason)


def new_promise_capability(realm: Realm, constructor: Any) -> PromiseCapability:
    """27.2.1.5 NewPromiseCapability."""
    if constructor is realm.promise:
        # What %Promise% does with the executor cannot be observed.
        promise = new_promise(realm)
        resolve, reject = create_resolving_functions(realm, promise)
        return PromiseCapability(promise, resolve, reject)
    if not is_constructor(constructor):
        raise type_error("Promise capability needs a constructor")
    found: list[Value] = [undefined, undefined]

    def executor(this: Value, resolve: Value = undefined, reject: Value = undefined, *rest: Value) -> Value:
        if found[0] is not undefined or found[1] is not undefined:
            raise type_error("Promise executor has already been invoked")
        found[0], found[1] = resolve, reject
        return undefined

    made = construct(constructor, [native(realm, executor, 2)])
    for function in found:
        if not is_callable(function):
            raise type_error("Promise resolve or reject function is not callable")
    resolve_function, reject_function = found
    return PromiseCapability(
        made,
        lambda value: resolve_function.call_n(undefined, value),
        lambda value: reject_function.call_n(undefined, value),
        (resolve_function, reject_function),
    )


def _enqueue_reaction(realm: Realm, reaction: PromiseReaction, argument: Value) -> None:
    realm.agent.enqueue_job(lambda: _react(realm, reaction, argument))


def _react(realm: Realm, reaction: PromiseReaction, argument: Value) -> None:
    """27.2.2.1 NewPromiseReactionJob."""
    handler = reaction.handler
    capability = reaction.capability
    try:
        if handler is undefined:
            if reaction.kind == REJECTED:
                raise ThrowCompletion(argument)
            result = argument
        elif isinstance(handler, JSObject):
            result = handler.call_n(undefined, argument)  # type: ignore[attr-defined]
        else:
            result = handler(argument)
    except Exception as error:
        if capability is None:
            raise
        value = thrown_value(error, realm)
    else:
        if capability is not None:
            capability.resolve(result)
        return
    capability.reject(value)


def promise_resolve(realm: Realm, constructor: Any, value: Value) -> Any:
    """27.2.4.7.1 PromiseResolve."""
    if isinstance(value, JSPromise) and get(value, "constructor") is constructor:
        return value
    capability = new_promise_capability(realm, constructor)
    capability.resolve(value)
    return capability.promise


def perform_promise_then(
    realm: Realm,
    promise: JSPromise,
    on_fulfilled: Any,
    on_rejected: Any,
    capability: PromiseCapability | None = None,
) -> Value:
    """27.2.5.4.1 PerformPromiseThen; the handlers may be host functions of one value."""
    fulfill = PromiseReaction(capability, FULFILLED, _handler(on_fulfilled))
    reject = PromiseReaction(capability, REJECTED, _handler(on_rejected))
    if promise.state_ == PENDING:
        promise.reactions_.append((fulfill, reject))
    elif promise.state_ == FULFILLED:
        _enqueue_reaction(realm, fulfill, promise.result_)
    else:
        if not promise.is_handled_:
            # 27.2.1.9 HostPromiseRejectionTracker
            realm.agent.rejected.pop(promise, None)
        _enqueue_reaction(realm, reject, promise.result_)
    promise.is_handled_ = True
    return undefined if capability is None else capability.promise


def _handler(handler: Any) -> Any:
    if isinstance(handler, JSObject):
        return handler if is_callable(handler) else undefined
    return handler if callable(handler) else undefined


def await_then(
    realm: Realm,
    value: Value,
    on_fulfilled: Callable[[Value], object],
    on_rejected: Callable[[Value], object],
) -> None:
    """27.7.5.3 Await, steps 2 to 9: call one of the host functions when `value` is settled.

    Raises:
        ThrowCompletion: reading `constructor` of a promise threw.
    """
    promise = promise_resolve(realm, realm.promise, value)
    perform_promise_then(realm, promise, on_fulfilled, on_rejected)


# 27.2.3 The Promise Constructor


def construct_promise(realm: Realm, new_target: Any, executor: Value = undefined) -> Any:
    """27.2.3.1 Promise."""
    if new_target is undefined:
        raise type_error("Promise constructor cannot be invoked without 'new'")
    if not is_callable(executor):
        raise type_error("Promise resolver is not a function")
    promise = new_promise(realm, prototype_from_constructor(new_target, "promise_prototype"))
    resolve, reject = create_resolving_functions(realm, promise)
    try:
        executor.call_n(undefined, _function_of(realm, resolve), _function_of(realm, reject))
    except Exception as error:  # any throw completion
        reject(thrown_value(error, realm))
    return promise


# 27.2.4 Properties of the Promise Constructor

Combine = Callable[["Realm", IteratorRecord, Any, PromiseCapability, Any], Any]


def _combinator(combine: Combine) -> Callable[..., Any]:
    def combinator(realm: Realm, this: Value, iterable: Value = undefined) -> Any:
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


def promise_resolve_function(constructor: Any) -> Any:
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
) -> Any:
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
    realm: Realm, record: IteratorRecord, constructor: Any, capability: PromiseCapability, resolve: Any
) -> Any:
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
    realm: Realm, record: IteratorRecord, constructor: Any, capability: PromiseCapability, resolve: Any
) -> Any:
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
    realm: Realm, record: IteratorRecord, constructor: Any, capability: PromiseCapability, resolve: Any
) -> Any:
    """27.2.4.3.1 PerformPromiseAny."""
    remaining = Remaining()

    def aggregate() -> Any:
        error = realm.make_error("AggregateError", "All promises were rejected")
        del error.properties_["message"]
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
    realm: Realm, record: IteratorRecord, constructor: Any, capability: PromiseCapability, resolve: Any
) -> Any:
    """27.2.4.5.1 PerformPromiseRace."""
    for value in _each(record):
        promise = resolve.call_n(constructor, value)
        invoke(realm, promise, "then", *capability.functions(realm))
    return capability.promise


def reject(realm: Realm, this: Value, reason: Value = undefined) -> Any:
    """27.2.4.6 Promise.reject."""
    capability = new_promise_capability(realm, this)
    capability.reject(reason)
    return capability.promise


def resolve(realm: Realm, this: Value, value: Value = undefined) -> Any:
    """27.2.4.7 Promise.resolve."""
    if not isinstance(this, JSObject):
        raise type_error("Promise.resolve called on a value that is not an object")
    return promise_resolve(realm, this, value)


def try_(realm: Realm, this: Value, callback: Value = undefined, *arguments: Value) -> Any:
    """27.2.4.8 Promise.try."""
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


def with_resolvers(realm: Realm, this: Value) -> Any:
    """27.2.4.9 Promise.withResolvers."""
    capability = new_promise_capability(realm, this)
    result = realm.make_object()
    resolve_function, reject_function = capability.functions(realm)
    create_data_property_or_throw(result, "promise", capability.promise)
    create_data_property_or_throw(result, "resolve", resolve_function)
    create_data_property_or_throw(result, "reject", reject_function)
    return result


# 27.2.5 Properties of the Promise Prototype Object


def catch(realm: Realm, this: Value, on_rejected: Value = undefined) -> Any:
    """27.2.5.1 Promise.prototype.catch."""
    return invoke(realm, this, "then", undefined, on_rejected)


def finally_(realm: Realm, this: Value, on_finally: Value = undefined) -> Any:
    """27.2.5.3 Promise.prototype.finally."""
    if not isinstance(this, JSObject):
        raise type_error("Promise.prototype.finally called on a value that is not an object")
    constructor = species_constructor(this, realm.promise)
    if not is_callable(on_finally):
        return invoke(realm, this, "then", on_finally, on_finally)

    def then_finally(_this: Value, value: Value = undefined, *rest: Value) -> Any:
        promise = promise_resolve(realm, constructor, on_finally.call_n(undefined))
        return_value = native(realm, lambda _this, *ignored: value, 0)
        return get_v(realm, promise, "then").call_n(promise, return_value)

    def catch_finally(_this: Value, reason: Value = undefined, *rest: Value) -> Any:
        promise = promise_resolve(realm, constructor, on_finally.call_n(undefined))

        def thrower(_this: Value, *ignored: Value) -> Value:
            raise ThrowCompletion(reason)

        return get_v(realm, promise, "then").call_n(promise, native(realm, thrower, 0))

    return invoke(realm, this, "then", native(realm, then_finally, 1), native(realm, catch_finally, 1))


def then(realm: Realm, this: Value, on_fulfilled: Value = undefined, on_rejected: Value = undefined) -> Any:
    """27.2.5.4 Promise.prototype.then."""
    if not isinstance(this, JSPromise):
        raise type_error("Promise.prototype.then called on a value that is not a promise")
    constructor = species_constructor(this, realm.promise)
    capability = new_promise_capability(realm, constructor)
    return perform_promise_then(realm, this, on_fulfilled, on_rejected, capability)


_CONSTRUCTOR = builtin("Promise", construct_promise, 1, "builtin_constructor")
_STATIC = functions(
    ("all", _combinator(_perform_all), 1),
    ("allSettled", _combinator(_perform_all_settled), 1),
    ("any", _combinator(_perform_any), 1),
    ("race", _combinator(_perform_race), 1),
    ("reject", reject, 1),
    ("resolve", resolve, 1),
    ("try", try_, 1),
    ("withResolvers", with_resolvers, 0),
)
_METHODS = functions(("catch", catch, 1), ("finally", finally_, 1), ("then", then, 2))


def initialize(realm: Realm) -> None:
    """Make %Promise% and %Promise.prototype%."""
    prototype = prototype_object(realm)
    realm.promise_prototype = prototype
    realm.promise = constructor_function(realm, _CONSTRUCTOR, prototype)
    from lockstep.reference.javascript.runtime.intrinsics.control.promise_keyed import STATIC  # noqa: PLC0415  # it uses this

    define_functions(realm, realm.promise, _STATIC)
    define_functions(realm, realm.promise, STATIC)
    define_species(realm, realm.promise)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Promise")
