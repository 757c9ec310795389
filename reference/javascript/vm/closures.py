"""From a host function to a guest function object: the wrappers that its kind takes."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_function_start
from lockstep.reference.javascript.runtime.intrinsics.control.async_generator import async_generator_start
from lockstep.reference.javascript.runtime.intrinsics.control.generator import generator_start
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    create_function,
)
from lockstep.reference.javascript.runtime.operations.classes import derived_result
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.realm import Realm


class ClosureTemplate(FunctionTemplate):
    """A function template with what the VM knows besides."""

    __slots__ = ("primed", "wants_callee")
    primed: bool
    wants_callee: bool


def templates_of(rows: list[tuple[Any, ...]], source: Any) -> list[ClosureTemplate]:
    """The templates of a compiled program, from its rows."""
    made = []
    for row in rows:
        name, length, kind, arity, strict, is_async, is_generator, wants_new_target, start, end = row[:10]
        template = ClosureTemplate(
            name,
            length,
            kind,
            arity=arity,
            strict=strict,
            is_async=is_async,
            is_generator=is_generator,
            wants_new_target=wants_new_target,
            source_text=_text(source, start, end),
        )
        template.wants_callee, template.primed = row[10], row[11]
        made.append(template)
    return made


def _text(source: Any, start: int, end: int) -> Callable[[], str]:
    return lambda: source.text_between(start, end)


class LateThis:
    """`this` of a derived constructor that is returning through a `finally`, which may still call super()."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[], Value]) -> None:
        self.read = read

    def value(self) -> Any:
        """`this` once the body is left, or ABSENT."""
        try:
            return self.read()
        except NameError:
            return ABSENT


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


def make_function(realm: Realm, template: ClosureTemplate, host: FunctionType) -> JSFunction:
    """The function object of a closure; a generated function that wants its own object finds it in `callee_`."""
    entry: Callable[..., Value] = host
    if template.is_generator or template.is_async or template.kind == "derived":
        holder: list[Any] = []
        entry = _wrapped(realm, template, host, holder)
        function = create_function(realm, template, entry)
        holder.append(function)
    else:
        function = create_function(realm, template, entry)
    if template.wants_callee:
        defaults = host.__kwdefaults__
        host.__kwdefaults__ = {**(defaults or {}), "callee_": function}
    return function


def _wrapped(
    realm: Realm, template: ClosureTemplate, host: Callable[..., Any], holder: list[Any]
) -> Callable[..., Value]:
    arity = template.arity
    if template.kind == "derived":

        def derived(this: Value, *arguments: Value, new_target: Any = undefined) -> Any:
            if 0 <= arity < len(arguments):
                arguments = arguments[:arity]
            result, bound = host(this, *arguments, new_target=new_target)
            return derived_result(result, bound.value() if bound.__class__ is LateThis else bound)

        return derived
    if template.is_generator:
        start: Callable[..., Any] = async_generator_start if template.is_async else generator_start
        primed = template.primed

        def generator(this: Value, *arguments: Value) -> Any:
            if 0 <= arity < len(arguments):
                arguments = arguments[:arity]
            execution = host(this, *arguments)
            if primed:
                execution.send(None)
            return start(holder[0], execution)

        return generator

    def asynchronous(this: Value, *arguments: Value) -> Any:
        if 0 <= arity < len(arguments):
            arguments = arguments[:arity]
        return async_function_start(realm, host(this, *arguments))

    return asynchronous


def make_default_constructor(realm: Realm, template: ClosureTemplate) -> JSFunction:
    """15.7.14, step 14: the constructor of a class that has none."""
    holder: list[Any] = []

    def base(this: Value, *arguments: Value) -> Value:
        return undefined

    def derived(this: Value, *arguments: Value, new_target: Any = undefined) -> Any:
        parent = holder[0].get_prototype_of()
        if not is_constructor(parent):
            raise type_error("Super constructor is not a constructor")
        result = parent.construct_n(list(arguments), new_target)
        fields = holder[0].fields_
        if fields is not None:
            fields(result)
        return result

    function = create_function(realm, template, derived if template.kind == "derived" else base)
    holder.append(function)
    return function
