"""ECMA-262 27.4 and 27.6: AsyncGeneratorFunction and AsyncGenerator objects."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import (
    ReturnSignal,
    ThrowCompletion,
    thrown_value,
)
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    PromiseCapability,
    await_then,
    new_promise_capability,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import (
    JSFunction,
    builtin,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.functions import create_dynamic_function
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result
from lockstep.reference.javascript.runtime.operations.suspension import Execution, YieldMarker
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

START, YIELD, EXECUTING = "suspended-start", "suspended-yield", "executing"
DRAINING, COMPLETED = "draining-queue", "completed"


class JSAsyncGenerator(JSObject):
    """An async generator.

    Attributes:
        state_: [[AsyncGeneratorState]].
        execution_: [[AsyncGeneratorContext]], driven like a host generator.
        queue_: [[AsyncGeneratorQueue]]: requests of (kind, value, capability).
        realm_: the realm of the function.
    """

    __slots__ = ("execution_", "queue_", "realm_", "state_")
    class_name_ = "AsyncGenerator"
    state_: str
    execution_: Any
    queue_: deque[tuple[str, Value, PromiseCapability]]
    realm_: Realm


def async_generator_start(function: JSFunction, execution: Execution) -> JSAsyncGenerator:
    """15.6.2 EvaluateAsyncGeneratorBody and 27.6.3.2 AsyncGeneratorStart: the object of a call."""
    generator = object_create(
        prototype_from_constructor(function, "async_generator_prototype"), JSAsyncGenerator
    )
    generator.state_ = START
    generator.execution_ = execution
    generator.queue_ = deque()
    generator.realm_ = function.realm_
    return generator


def _complete_step(generator: JSAsyncGenerator, kind: str, value: Value, *, done: bool) -> None:
    """27.6.3.5 AsyncGeneratorCompleteStep."""
    capability = generator.queue_.popleft()[2]
    if kind == "throw":
        capability.reject(value)
    else:
        capability.resolve(create_iter_result(generator.realm_, value, done))


def _resume(generator: JSAsyncGenerator, kind: str, value: Value) -> None:
    """27.6.3.6 AsyncGeneratorResume, and what AsyncGeneratorStart's steps 4.d to 4.j do at the end."""
    execution = generator.execution_
    starting = generator.state_ == START
    generator.state_ = EXECUTING
    if kind == "throw":
        _run(generator, execution.throw, ThrowCompletion(value))
    elif kind == "return":
        _run(generator, execution.throw, ReturnSignal(value))
    else:
        _run(generator, execution.send, undefined if starting else value)


def _run(generator: JSAsyncGenerator, step: Callable[[Any], Value], argument: Any) -> None:
    """Run the body up to a yield without further request, an await, or its end."""
    realm = generator.realm_
    execution = generator.execution_
    while True:
        try:
            handed = step(argument)
        except StopIteration as stop:
            _finish(generator, "return", stop.value)
            return
        except ReturnSignal as signal:
            _finish(generator, "return", signal.value)
            return
        except Exception as error:  # any throw completion
            _finish(generator, "throw", thrown_value(error, realm))
            return
        if isinstance(handed, YieldMarker):
            # 27.6.3.8 AsyncGeneratorYield
            _complete_step(generator, "normal", handed.value, done=False)
            if not generator.queue_:
                generator.state_ = YIELD
                return
            kind, value, _ = generator.queue_[0]
            if kind == "normal":
                step, argument = execution.send, value
            else:
                step = execution.throw
                argument = ThrowCompletion(value) if kind == "throw" else ReturnSignal(value)
            continue
        try:
            await_then(
                realm,
                handed,
                lambda value: _run(generator, execution.send, value),
                lambda reason: _run(generator, execution.throw, ThrowCompletion(reason)),
            )
            return
        except Exception as error:  # the await itself throws in the body
            step, argument = execution.throw, ThrowCompletion(thrown_value(error, realm))


def _finish(generator: JSAsyncGenerator, kind: str, value: Value) -> None:
    generator.state_ = DRAINING
    generator.execution_ = None
    _complete_step(generator, kind, value, done=True)
    _drain_queue(generator)


def _await_return(generator: JSAsyncGenerator) -> None:
    """27.6.3.9 AsyncGeneratorAwaitReturn."""
    realm = generator.realm_
    value = generator.queue_[0][1]

    def settle(kind: str) -> Callable[[Value], None]:
        def settled(result: Value) -> None:
            _complete_step(generator, kind, result, done=True)
            _drain_queue(generator)

        return settled

    try:
        await_then(realm, value, settle("normal"), settle("throw"))
    except Exception as error:  # any throw completion
        settle("throw")(thrown_value(error, realm))


def _drain_queue(generator: JSAsyncGenerator) -> None:
    """27.6.3.10 AsyncGeneratorDrainQueue."""
    queue = generator.queue_
    while queue:
        kind, value, _ = queue[0]
        if kind == "return":
            _await_return(generator)
            return
        _complete_step(generator, kind, undefined if kind == "normal" else value, done=True)
    generator.state_ = COMPLETED


def _validated(realm: Realm, this: Value, capability: PromiseCapability) -> JSAsyncGenerator | None:
    """27.6.3.3 AsyncGeneratorValidate: the generator, or None after rejecting the promise."""
    if isinstance(this, JSAsyncGenerator):
        return this
    capability.reject(
        realm.make_error("TypeError", "next method called on a value that is no async generator")
    )
    return None


def construct_async_generator_function(realm: Realm, new_target: JSObject | None, *arguments: Value) -> Value:
    """27.7.1.1 AsyncGeneratorFunction."""
    return create_dynamic_function(
        realm, realm.async_generator_function, new_target, "asyncGenerator", arguments
    )


def next_(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.9.1.2 %AsyncGeneratorPrototype%.next."""
    capability = new_promise_capability(realm, realm.promise)
    generator = _validated(realm, this, capability)
    if generator is None:
        return capability.promise
    if generator.state_ == COMPLETED:
        capability.resolve(create_iter_result(realm, undefined, True))
        return capability.promise
    generator.queue_.append(("normal", value, capability))
    if generator.state_ in (START, YIELD):
        _resume(generator, "normal", value)
    return capability.promise


def return_(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.9.1.3 %AsyncGeneratorPrototype%.return."""
    capability = new_promise_capability(realm, realm.promise)
    generator = _validated(realm, this, capability)
    if generator is None:
        return capability.promise
    generator.queue_.append(("return", value, capability))
    if generator.state_ in (START, COMPLETED):
        generator.state_ = DRAINING
        _await_return(generator)
    elif generator.state_ == YIELD:
        _resume(generator, "return", value)
    return capability.promise


def throw(realm: Realm, this: Value, exception: Value = undefined) -> Value:
    """27.9.1.4 %AsyncGeneratorPrototype%.throw."""
    capability = new_promise_capability(realm, realm.promise)
    generator = _validated(realm, this, capability)
    if generator is None:
        return capability.promise
    if generator.state_ == START:
        generator.state_ = COMPLETED
        generator.execution_ = None
    if generator.state_ == COMPLETED:
        capability.reject(exception)
        return capability.promise
    generator.queue_.append(("throw", exception, capability))
    if generator.state_ == YIELD:
        _resume(generator, "throw", exception)
    return capability.promise


_CONSTRUCTOR = builtin(
    "AsyncGeneratorFunction",
    construct_async_generator_function,
    1,
    "builtin_constructor",
    section="27.7.1.1",
    since="ES2018",
)
_METHODS = functions(
    ("next", next_, 1, "27.9.1.2", "ES2018"),
    ("return", return_, 1, "27.9.1.3", "ES2018"),
    ("throw", throw, 1, "27.9.1.4", "ES2018"),
)


def initialize(realm: Realm) -> None:
    """Make %AsyncGeneratorFunction%, its prototype, and %AsyncGeneratorPrototype%."""
    function_prototype = prototype_object(realm, realm.function_prototype)
    prototype = prototype_object(realm, realm.async_iterator_prototype)
    realm.async_generator_function_prototype = function_prototype
    realm.async_generator_prototype = prototype
    realm.async_generator_function = constructor_function(
        realm, _CONSTRUCTOR, function_prototype, realm.function
    )
    stored(function_prototype)["constructor"].writable = False
    stored(function_prototype)["prototype"] = Property(prototype, False, False, True)
    define_tag(function_prototype, "AsyncGeneratorFunction")
    stored(prototype)["constructor"] = Property(function_prototype, False, False, True)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "AsyncGenerator")
