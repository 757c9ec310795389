"""From a host function to a guest function object: the wrappers that its kind takes."""

from __future__ import annotations

import weakref
from bisect import bisect_left
from operator import itemgetter
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import FIRST_CALL
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_function_start
from lockstep.reference.javascript.runtime.intrinsics.control.async_generator import async_generator_start
from lockstep.reference.javascript.runtime.intrinsics.control.generator import generator_start
from lockstep.reference.javascript.runtime.objects.description import no_super_constructor
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    create_function,
)
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.vm.construction import derived_value, super_in_place

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
    from lockstep.reference.javascript.syntax.ast import Source
    from lockstep.reference.javascript.vm.generation.compilation import Row


# So many fields has the row of a function that is not deferred.
_PLAIN_ROW = 13


def is_deferred(row: Row) -> bool:
    """Whether a template's row is of a function that is compiled at its first call."""
    return len(row) > _PLAIN_ROW


class ClosureTemplate(FunctionTemplate):
    """A function template with what the VM knows besides.

    Attributes:
        wants_callee: the host function takes its function object as `callee_`.
        runs_in_place: of a derived constructor: it can run on an instance that is given (`construction`).
        primed: the host generator is to be started when it is made.
        code: of a deferred function: its code, once it was called.
        free: of a deferred function: the host variables around it that it may refer to.
        captured, places: of a deferred function: the names of the cells that it is made with, and where they are
            found; negative: among the boxes.
        pick: of a deferred function: takes its cells from those around, where it has no boxes.
        defaults: of a deferred function: what stands for arguments that are missing.
        stub: of a deferred function: what stands for the code, once it was made.
        compile: of a deferred function: makes the code, from those names.
    """

    __slots__ = (
        "captured",
        "code",
        "compile",
        "defaults",
        "free",
        "pick",
        "places",
        "primed",
        "runs_in_place",
        "stub",
        "wants_callee",
    )
    primed: bool
    runs_in_place: bool
    wants_callee: bool
    code: CodeType | None
    captured: tuple[str, ...] | None
    free: tuple[str, ...]
    places: list[int]
    pick: Callable[[tuple[CellType, ...]], tuple[CellType, ...]]
    defaults: tuple[None, ...]
    compile: Callable[[tuple[str, ...]], CodeType]
    stub: CodeType


def templates_of(rows: list[Row], source: Source) -> list[ClosureTemplate]:
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
        template.wants_callee, template.primed, template.runs_in_place = row[10:_PLAIN_ROW]
        template.code = template.captured = None
        template.free = row[_PLAIN_ROW] if is_deferred(row) else ()
        made.append(template)
    return made


def _text(source: Source, start: int, end: int) -> Callable[[], str]:
    return lambda: source.text_between(start, end)


def make_function(realm: Realm, template: ClosureTemplate, host: FunctionType) -> JSFunction:
    """The function object of a closure; a generated function that wants its own object finds it in `callee_`."""
    entry: Callable[..., Value] = host
    if template.is_generator or template.is_async or template.kind == "derived":
        holder: list[JSFunction] = []
        entry = _wrapped(realm, template, host, holder)
        function = create_function(realm, template, entry)
        holder.append(function)
        if template.runs_in_place:
            function.in_place_ = host
    else:
        function = create_function(realm, template, entry)
    if template.wants_callee:
        defaults = host.__kwdefaults__
        host.__kwdefaults__ = {**(defaults or {}), "callee_": function}
    return function


def _stub(*arguments: Value, first_call_: Callable[..., Value], **keywords: Value) -> Value:
    return first_call_(*arguments, **keywords)


_STUB = _stub.__code__.replace(co_filename=FIRST_CALL)


class FirstCall:
    """The first call of a deferred function: gives the host function its code, and goes on there.

    The function is held weakly: it holds this object itself.
    """

    __slots__ = ("function", "template")

    def __init__(self, template: ClosureTemplate, function: FunctionType) -> None:
        self.template = template
        self.function = weakref.ref(function)

    def __call__(self, *arguments: Value, **keywords: Value) -> Value:
        """Call the function that was called.

        Raises:
            GuestSyntaxError: its code is nested too deeply for the host.
        """
        template = self.template
        if template.code is None:
            assert template.captured is not None
            template.code = template.compile(template.captured)
        function = self.function()
        assert function is not None  # the caller holds it
        if function.__code__ is not template.code:
            function.__code__ = template.code
            function.__defaults__ = template.defaults
            assert function.__kwdefaults__ is not None
            del function.__kwdefaults__["first_call_"]
        return function(*arguments, **keywords)


class Cells:
    """The cells of one run of a unit that functions in it may refer to: the closure of a host function."""

    __slots__ = ("_function", "_names", "cells")

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self._names: tuple[str, ...] | None = None
        self.cells: tuple[CellType, ...] = function.__closure__ or ()

    def names(self) -> tuple[str, ...]:
        """The name of each; the host makes them anew for who asks."""
        if self._names is None:
            self._names = self._function.__code__.co_freevars
        return self._names


def make_deferred(
    realm: Realm, template: ClosureTemplate, cells: Cells, names: tuple[str, ...], *boxes: list[Value]
) -> JSFunction:
    """The function object of a function that is compiled at its first call.

    Args:
        realm: the realm.
        template: the function's template.
        cells: the cells around.
        names: the host variables of the boxes that the function may refer to.
        boxes: those boxes.
    """
    if template.captured is None:
        _capture(template, cells.names(), names)
    around = cells.cells
    if boxes:
        closure = tuple(
            [around[place] if place >= 0 else CellType(boxes[-place - 1]) for place in template.places]
        )
    else:
        closure = template.pick(around)
    code = template.code
    if code is not None:
        host = FunctionType(code, realm.host_globals, template.name, template.defaults, closure)
        if template.wants_new_target:
            host.__kwdefaults__ = {"new_target": None}
    else:
        host = FunctionType(template.stub, realm.host_globals, template.name, None, closure)
        host.__kwdefaults__ = {"new_target": None, "first_call_": FirstCall(template, host)}
    return make_function(realm, template, host)


def _capture(template: ClosureTemplate, around: tuple[str, ...], boxes: tuple[str, ...]) -> None:
    """Find out where the cells of a closure are: its code has them in the order of their names."""
    places = {}
    for name in template.free:
        # The host sorts the names; there may be thousands.
        place = bisect_left(around, name)
        if place < len(around) and around[place] == name:
            places[name] = place
        elif name in around:
            places[name] = around.index(name)
    places.update((name, -place - 1) for place, name in enumerate(boxes))
    template.captured = tuple(sorted(places))
    template.places = [places[name] for name in template.captured]
    assert template.code is None or template.code.co_freevars == template.captured
    template.stub = _STUB.replace(co_freevars=template.captured)
    template.defaults = (None,) * max(template.arity, 0)
    first, *others = template.places
    template.pick = itemgetter(first, *others) if others else lambda around: (around[first],)


def _wrapped(
    realm: Realm, template: ClosureTemplate, host: Callable[..., Any], holder: list[JSFunction]
) -> Callable[..., Value]:
    arity = template.arity
    if template.kind == "derived":

        def derived(this: Value, *arguments: Value, new_target: Value = undefined) -> Value:
            if 0 <= arity < len(arguments):
                arguments = arguments[:arity]
            result, bound = host(this, *arguments, new_target=new_target)
            return derived_value(result, bound)

        return derived
    if template.is_generator:
        start: Callable[..., Value] = async_generator_start if template.is_async else generator_start
        primed = template.primed

        def generator(this: Value, *arguments: Value) -> Value:
            if 0 <= arity < len(arguments):
                arguments = arguments[:arity]
            execution = host(this, *arguments)
            if primed:
                execution.send(None)
            return start(holder[0], execution)

        return generator

    def asynchronous(this: Value, *arguments: Value) -> Value:
        if 0 <= arity < len(arguments):
            arguments = arguments[:arity]
        return async_function_start(realm, host(this, *arguments))

    return asynchronous


def make_default_constructor(realm: Realm, template: ClosureTemplate) -> JSFunction:
    """15.7.14, step 14: the constructor of a class that has none."""
    holder: list[JSFunction] = []

    def base(this: Value, *arguments: Value) -> Value:
        return undefined

    def derived(this: Value, *arguments: Value, new_target: Value = undefined) -> Value:
        parent = holder[0].get_prototype_of()
        if not is_constructor(parent):
            raise no_super_constructor(parent, holder[0])
        result = parent.construct_n(list(arguments), new_target)
        fields = holder[0].fields_
        if fields is not None:
            fields(result)
        return result

    def in_place(this: JSObject, *arguments: Value) -> Value:
        constructor = holder[0]
        made = super_in_place(constructor.prototype_, this, arguments)
        if constructor.fields_ is not None:
            constructor.fields_(made)
        return undefined if made is this else (undefined, made)

    function = create_function(realm, template, derived if template.kind == "derived" else base)
    holder.append(function)
    if template.kind == "derived":
        function.in_place_ = in_place
    return function
