"""ECMA-262 27.3 and 27.5: GeneratorFunction and Generator objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

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
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.functions import create_dynamic_function
from lockstep.reference.javascript.runtime.operations.iteration import DONE, create_iter_result
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.operations.suspension import Delegated
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.operations.suspension import Execution

START, YIELD, EXECUTING, COMPLETED = "suspended-start", "suspended-yield", "executing", "completed"


class JSGenerator(JSObject):
    """A generator.

    Attributes:
        state_: [[GeneratorState]].
        execution_: [[GeneratorContext]], driven like a host generator; None once completed. It hands out the values that are
            yielded, and what is `Delegated`.
        realm_: the realm of the generator's function.
    """

    __slots__ = ("execution_", "realm_", "state_")
    class_name_ = "Generator"
    state_: str
    execution_: Any
    realm_: Realm

    def advance_(self, realm: Realm) -> Value:
        """See JSObject."""
        generator_validate(self)
        state = self.state_
        if state == COMPLETED:
            return DONE
        handed = _go_on(self, self.execution_.send, undefined)
        if handed.__class__ is Delegated:
            result = handed.result
            return DONE if to_boolean(get(result, "done")) else get(result, "value")
        return DONE if handed.__class__ is _Returned else handed


class _Returned:
    """What a generator's body has returned."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def generator_start(function: JSFunction, execution: Execution) -> JSGenerator:
    """15.5.2 EvaluateGeneratorBody and 27.5.3.1 GeneratorStart: the generator object of a call."""
    generator = object_create(prototype_from_constructor(function, "generator_prototype"), JSGenerator)
    generator.state_ = START
    generator.execution_ = execution
    generator.realm_ = function.realm_
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
    sent = undefined if state == START else value
    return _result(realm, generator, _go_on(generator, generator.execution_.send, sent))


def _go_on(generator: JSGenerator, resume: Callable[[Any], Value], argument: Value) -> Value:
    """Let the body go on: what it hands out next, or what it has `_Returned`."""
    generator.state_ = EXECUTING
    try:
        handed = resume(argument)
    except StopIteration as stop:
        _complete(generator)
        return _Returned(stop.value)
    except ReturnSignal as signal:
        # A return that had stopped at a yield inside `finally`.
        _complete(generator)
        return _Returned(signal.value)
    except BaseException:
        _complete(generator)
        raise
    generator.state_ = YIELD
    return handed


def _result(realm: Realm, generator: JSGenerator, handed: Value) -> Value:
    if handed.__class__ is Delegated:
        return handed.result
    if handed.__class__ is _Returned:
        return create_iter_result(realm, handed.value, True)
    return create_iter_result(generator.realm_, handed, False)


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
    return _result(realm, generator, _go_on(generator, generator.execution_.throw, completion))


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
JSGenerator.direct_next_ = dict(_METHODS)["next"]


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
