"""What a program can reach: for the count of bytes in use, and for coroutines that nothing can resume any more.

A suspended coroutine's stack is a host stack, which the host's collector takes for a root. So a coroutine that only its own
stack refers to would live for ever; here its stack is followed only if the coroutine itself is reached.
"""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterable
from inspect import CO_OPTIMIZED
from types import (
    BuiltinFunctionType,
    CodeType,
    FrameType,
    FunctionType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any, Callable

import greenlet

from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.collector.weak_tables import Entries
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine, Wrapped
from lockstep.reference.lua.runtime.stack.frames import kind_of, starts_coroutine
from lockstep.reference.lua.runtime.state import State, Suspended
from lockstep.reference.lua.runtime.values import Attached, Builtin, Collectable, LuaBoolean, Table, Userdata
from lockstep.reference.lua.syntax.nodes import Node

# Not entered: they hold no Lua values, or what they hold is a root anyway.
_CLOSED = (
    int,
    float,
    bytes,
    type(None),
    LuaBoolean,
    ModuleType,
    type,
    CodeType,
    FrameType,
    TracebackType,
    BuiltinFunctionType,
    weakref.ReferenceType,
    greenlet.greenlet,
    State,
    Budget,
    Limits,
    Profile,
    Node,
)
_TOO_MANY = 3_000_000
_SHORT_STRING = 40
# From so many elements on numbers are left out of an array before it is copied.
_LONG = 1000
_PLAIN = frozenset((int, float, type(None), LuaBoolean))
_TABLE_BYTES = 56
_ELEMENT_BYTES = 16
_NODE_BYTES = 40
_STRING_BYTES = 25
_FUNCTION_BYTES = 40
_USERDATA_BYTES = 40
_COROUTINE_BYTES = 1000
_SIZES: dict[type, int] = {Builtin: 0, Wrapped: 0, Userdata: _USERDATA_BYTES, Coroutine: _COROUTINE_BYTES}


def reachable(state: State, start: Iterable[object] | None = None) -> dict[int, object]:
    """Every host object that Lua code can come to, by identity; strings and numbers only in tables and variables.

    Args:
        state: the state.
        start: where to begin; the state itself and all that runs if None.
    """
    pending: list[Any] = list(_roots(state)) if start is None else list(start)
    found: dict[int, object] = {}
    own: tuple[object, ...] = (state.evaluator, state.collector, state.finalisers, found, pending)
    closed = {id(one) for one in own}
    forms = dict(_FORMS)
    while pending:
        value = pending.pop()
        number = id(value)
        if number in found:
            continue
        kind = value.__class__
        try:
            form = forms[kind]
        except KeyError:
            form = forms[kind] = _form_of(kind)
        if form is None or number in closed:
            continue
        found[number] = value
        if form is not _nothing:
            pending.extend(form(value))
            if len(found) > _TOO_MANY:
                break
    return found


_Form = Callable[[Any], Iterable[Any]]


def _form_of(kind: type) -> _Form | None:
    """How to find what values of a class refer to; None for those that are left out."""
    for base in kind.__mro__:
        if base in _FORMS:
            form: _Form | None = _FORMS[base]
            return form
    return gc.get_referents


def _nothing(value: object) -> Iterable[object]:
    del value
    return ()


def _table(table: Table) -> list[object]:
    array: Iterable[object] = table.array_part
    if len(table.array_part) > _LONG:
        array = (value for value in table.array_part if value.__class__ not in _PLAIN)
    referents: list[object] = [table.meta_table, *array]
    for part in (table.__dict__, table.hash_part):
        if part.__class__ is dict:
            referents.extend(part)
            referents.extend(part.values())
        else:
            referents.append(part)
    if hasattr(table, "attached"):
        referents.append(table.attached)
    return referents


def _entries(entries: Entries) -> list[object]:
    return [*entries.strong_keys(), *entries.strong_values()]


def _attached(attached: Attached) -> list[object]:
    return [held for _, held in attached.weak.values()]


def _host_function(function: FunctionType) -> list[object]:
    return [*(function.__closure__ or ()), *(function.__defaults__ or ())]


def _method(method: MethodType) -> list[object]:
    return [method.__self__, method.__func__]


def _coroutine(coroutine: Coroutine) -> list[object]:
    return [coroutine.function, coroutine.globals, coroutine.failure, *coroutine.pending, *_stack(coroutine)]


_FORMS: dict[type, Any] = {
    **dict.fromkeys(_CLOSED),
    str: _nothing,
    Table: _table,
    Entries: _entries,
    Attached: _attached,
    FunctionType: _host_function,
    MethodType: _method,
    Coroutine: _coroutine,
}


def _stack(coroutine: Coroutine) -> list[Any]:
    """The variables of a suspended coroutine."""
    fiber = coroutine.fiber
    frame: FrameType | None = fiber.gr_frame if fiber is not None and not fiber.dead else None
    values: list[Any] = []
    for generator in coroutine.suspended_generators():
        values.extend(_variables(generator.gi_frame))
    while frame is not None:
        values.extend(_variables(frame))
        # Beyond a coroutine's start some hosts go on, round and round, with the frames of whoever resumed it.
        frame = None if starts_coroutine(frame) else frame.f_back
    return values


def _variables(frame: FrameType) -> list[Any]:
    """The values of a host frame's variables; the host must not keep its copy of them."""
    variables: Any = frame.f_locals
    values = list(variables.values())
    if type(variables) is dict and frame.f_code.co_flags & CO_OPTIMIZED:
        variables.clear()
    return values


def _roots(state: State) -> list[object]:
    roots: list[object] = [value for value in vars(state).values() if not isinstance(value, _CLOSED)]
    roots = [value for value in roots if value not in (state.evaluator, state.collector, state.finalisers)]
    roots.extend(value for _, value in state.finalisers.waiting)
    roots.append(state.string_meta)
    frame: FrameType | None = sys._getframe(1)
    own = __file__
    fiber: Any = greenlet.getcurrent()
    while fiber is not None:
        while frame is not None:
            code = frame.f_code
            if code.co_filename != own and (_is_part(frame) or kind_of(frame) is not None):
                roots.extend(_variables(frame))
            frame = frame.f_back
        fiber = fiber.parent
        frame = fiber.gr_frame if fiber is not None else None
    return roots


def _is_part(frame: FrameType) -> bool:
    """Whether a host frame belongs to this package, or was called by it."""
    module = frame.f_globals.get("__name__", "")
    return type(module) is str and module.startswith("lockstep.reference.")


def bytes_of(values: Iterable[object]) -> int:
    """The size of values by themselves, as the reference implementation would need them; equal short strings are one."""
    total = 0
    short: set[str] = set()
    for value in values:
        if value.__class__ is str:
            if len(value) <= _SHORT_STRING:
                if value in short:
                    continue
                short.add(value)
            total += _STRING_BYTES + len(value)
        elif isinstance(value, Table):
            nodes = len(value.hash_part) + len(value.__dict__)
            total += _TABLE_BYTES + _ELEMENT_BYTES * (len(value.array_part) - 1) + _NODE_BYTES * nodes
        elif isinstance(value, Collectable):
            total += _SIZES.get(value.__class__, _FUNCTION_BYTES)
    return total


def coroutines_without_owner(state: State) -> list[Suspended]:
    """The suspended coroutines that nothing can resume any more."""
    suspended = state.suspended()
    if not suspended:
        return []
    found = reachable(state)
    if len(found) > _TOO_MANY:
        return []
    return [coroutine for coroutine in suspended if id(coroutine) not in found]
