"""ECMA-262 27.2.1 and 27.2.2: what promises are made of: capabilities, reactions, their abstract operations and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, is_constructor
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    get,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

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
        promise: JSObject,
        resolve: Callable[[Value], object],
        reject: Callable[[Value], object],
        functions: tuple[JSObject, JSObject] | None = None,
    ) -> None:
        self.promise = promise
        self.resolve = resolve
        self.reject = reject
        self._functions = functions

    def functions(self, realm: Realm) -> tuple[JSObject, JSObject]:
        """[[Resolve]] and [[Reject]] as function objects."""
        if self._functions is None:
            self._functions = function_of(realm, self.resolve), function_of(realm, self.reject)
        return self._functions


def function_of(realm: Realm, host: Callable[[Value], object]) -> JSObject:
    """The function object of a resolving function."""

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


def new_promise(realm: Realm, prototype: JSObject | None = None) -> JSPromise:
    """A pending promise."""
    promise = object_create(realm.promise_prototype if prototype is None else prototype, JSPromise)
    promise.state_ = PENDING
    promise.result_ = undefined
    promise.reactions_ = []
    promise.is_handled_ = False
    return promise


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


def _resolve_thenable(realm: Realm, promise: JSPromise, thenable: JSObject, then: JSObject) -> None:
    """27.2.2.2 NewPromiseResolveThenableJob."""
    resolve, reject = create_resolving_functions(realm, promise)
    try:
        then.call_n(thenable, function_of(realm, resolve), function_of(realm, reject))
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


def new_promise_capability(realm: Realm, constructor: Value) -> PromiseCapability:
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
    resolve_function: Any
    reject_function: Any
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
            result = handler.call_n(undefined, argument)
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


def promise_resolve(realm: Realm, constructor: JSObject, value: Value) -> Any:
    """27.2.4.7.1 PromiseResolve."""
    if isinstance(value, JSPromise) and get(value, "constructor") is constructor:
        return value
    capability = new_promise_capability(realm, constructor)
    capability.resolve(value)
    return capability.promise


def perform_promise_then(
    realm: Realm,
    promise: JSPromise,
    on_fulfilled: Value,
    on_rejected: Value,
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


def _handler(handler: Value) -> Value:
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
    if not isinstance(value, JSObject):
        # The promise that is resolved with it is seen by nobody.
        realm.agent.enqueue_job(lambda: on_fulfilled(value))
        return
    promise = promise_resolve(realm, realm.promise, value)
    perform_promise_then(realm, promise, on_fulfilled, on_rejected)
