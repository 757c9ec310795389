"""ECMA-262 27.3 and 27.5: GeneratorFunction and Generator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import ReturnSignal, ThrowCompletion, type_error
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
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.operations.suspension import Execution

START, YIELD, EXECUTING, COMPLETED = "suspended-start", "suspended-yield", "executing", "completed"


class JSGenerator(JSObject):
    """A generator.

    Attributes:
        state_: [[GeneratorState]].
        execution_: [[GeneratorContext]], driven like a host generator; None once completed.
    """

    __slots__ = ("execution_", "state_")
    class_name_ = "Generator"
    state_: str
    execution_: Any


def generator_start(function: JSFunction, execution: Execution) -> JSGenerator:
    """15.5.2 EvaluateGeneratorBody and 27.5.3.1 GeneratorStart: the generator object of a call."""
    generator = object_create(prototype_from_constructor(function, "generator_prototype"), JSGenerator)
    generator.state_ = START
    generator.execution_ = execution
    return generator


def generator_validate(generator: Value) -> JSGenerator:
    """27.5.3.2 GeneratorValidate."""
    if not isinstance(generator, JSGenerator):
        raise type_error("next method called on a value that is not a generator")
    if generator.state_ == EXECUTING:
        raise type_error("Generator is already running")
    return generator


def generator_resume(realm: Realm, this: Value, value: Value) -> Value:
    """27.5.3.3 GeneratorResume."""
    generator = generator_validate(this)
    state = generator.state_
    if state == COMPLETED:
        return create_iter_result(realm, undefined, True)
    generator.state_ = EXECUTING
    try:
        result = generator.execution_.send(undefined if state == START else value)
    except StopIteration as stop:
        _complete(generator)
        return create_iter_result(realm, stop.value, True)
    except ReturnSignal as signal:
        # A return that had stopped at a yield inside `finally`.
        _complete(generator)
        return create_iter_result(realm, signal.value, True)
    except BaseException:
        _complete(generator)
        raise
    generator.state_ = YIELD
    return result


def _complete(generator: JSGenerator) -> None:
    generator.state_ = COMPLETED
    generator.execution_ = None


def generator_resume_abrupt(realm: Realm, this: Value, completion: ThrowCompletion | ReturnSignal) -> Value:
    """27.5.3.4 GeneratorResumeAbrupt."""
    generator = generator_validate(this)
    if generator.state_ == START:
        _complete(generator)
    if generator.state_ == COMPLETED:
        if isinstance(completion, ReturnSignal):
            return create_iter_result(realm, completion.value, True)
        raise completion
    generator.state_ = EXECUTING
    try:
        result = generator.execution_.throw(completion)
    except StopIteration as stop:
        _complete(generator)
        return create_iter_result(realm, stop.value, True)
    except ReturnSignal as signal:
        _complete(generator)
        return create_iter_result(realm, signal.value, True)
    except BaseException:
        _complete(generator)
        raise
    generator.state_ = YIELD
    return result


def construct_generator_function(realm: Realm, new_target: JSObject | None, *arguments: Value) -> Value:
    """27.6.1.1 GeneratorFunction."""
    return create_dynamic_function(realm, realm.generator_function, new_target, "generator", arguments)


def next_(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.8.1.2 %GeneratorPrototype%.next."""
    return generator_resume(realm, this, value)


def return_(realm: Realm, this: Value, value: Value = undefined) -> Value:
    """27.8.1.3 %GeneratorPrototype%.return."""
    return generator_resume_abrupt(realm, this, ReturnSignal(value))


def throw(realm: Realm, this: Value, exception: Value = undefined) -> Value:
    """27.8.1.4 %GeneratorPrototype%.throw."""
    return generator_resume_abrupt(realm, this, ThrowCompletion(exception))


_CONSTRUCTOR = builtin(
    "GeneratorFunction",
    construct_generator_function,
    1,
    "builtin_constructor",
    section="27.6.1.1",
    since="ES2015",
)
_METHODS = functions(
    ("next", next_, 1, "27.8.1.2", "ES2015"),
    ("return", return_, 1, "27.8.1.3", "ES2015"),
    ("throw", throw, 1, "27.8.1.4", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %GeneratorFunction%, %GeneratorFunction.prototype% and %GeneratorPrototype%."""
    function_prototype = prototype_object(realm, realm.function_prototype)
    prototype = prototype_object(realm, realm.iterator_prototype)
    realm.generator_function_prototype = function_prototype
    realm.generator_prototype = prototype
    realm.generator_function = constructor_function(realm, _CONSTRUCTOR, function_prototype, realm.function)
    stored(function_prototype)["constructor"].writable = False
    stored(function_prototype)["prototype"] = Property(prototype, False, False, True)
    define_tag(function_prototype, "GeneratorFunction")
    stored(prototype)["constructor"] = Property(function_prototype, False, False, True)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "Generator")
