"""`new` and super() for generated code: what it does not do itself, and the `this` of derived constructors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.objects.construction import remember_instances, start_entry
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.classes import construct_super, derived_result
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.values import ABSENT, Value


def construct(function: Value, arguments: list[Value], text: str) -> Value:
    """13.3.5.1.1 EvaluateNew, from step 5 on; the next `new` may make the instance itself."""
    if not is_constructor(function):
        raise type_error(f"{text} is not a constructor")
    made = function.construct_n(arguments, function)
    if isinstance(function, JSFunction) and start_entry(function, len(arguments)) is not None:
        remember_instances(function)
    return made


def constructed(this: JSObject, result: Value) -> JSObject:
    """10.2.2, steps 8 to 13, of a constructor that ran on `this` and returned `result`, or it and its `this`."""
    if result.__class__ is tuple:
        value, bound = result
        return derived_value(value, bound)
    return result if isinstance(result, JSObject) else this


def super_in_place(parent: Value, this: Any, arguments: Sequence[Value]) -> JSObject:
    """13.3.7.1 SuperCall, steps 5 and 6, of a constructor that runs on `this`, an instance of what was constructed."""
    enter = start_entry(parent, len(arguments))
    if enter is None:
        return construct_super(parent, list(arguments), this.new_target_)
    result = enter(this, *arguments)
    return this if result is None else constructed(this, result)


class LateThis:
    """`this` of a derived constructor that is returning through a `finally`, which may still call super()."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[], Value]) -> None:
        self.read = read

    def value(self) -> Value:
        """`this` once the body is left, or ABSENT."""
        try:
            return self.read()
        except NameError:
            return ABSENT


def derived_value(result: Value, bound: Value) -> JSObject:
    """10.2.2, steps 10 to 13, of a derived constructor that returned `result` and `this`."""
    return derived_result(result, bound.value() if isinstance(bound, LateThis) else bound)


class ThisBinding:
    """`this` of a derived constructor, shared with the code of a direct eval, which may call super()."""

    __slots__ = ("_write", "read")

    def __init__(self, read: Callable[[], Value], write: Callable[[Value], None]) -> None:
        self.read = read
        self._write = write

    def bind(self, value: Value) -> None:
        """9.1.1.3.1 BindThisValue.

        Raises:
            ThrowCompletion: it is bound already.
        """
        try:
            self.read()
        except NameError:
            self._write(value)
        else:
            raise reference_error("Super constructor may only be called once")
