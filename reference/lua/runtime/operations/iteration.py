"""The generic `for` loop (manual 3.3.5) as a host iterator, with `next` and the step of `ipairs` done in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lockstep.reference.lua.runtime.operations.calls import (
    MOST_CALLS,
    entry,
    first,
    nested,
    refuse_nesting,
    values,
)
from lockstep.reference.lua.runtime.operations.indexing import index
from lockstep.reference.lua.runtime.operations.traversal import snapshot
from lockstep.reference.lua.runtime.patterns.iteration import MatchIterator
from lockstep.reference.lua.runtime.stack.coroutine import Wrapped
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaError, Table, Value


def iterate(state: State, iterator: Value, invariant: Value, control: Value, count: int) -> Iterator[Value]:
    """What each round gives to `count` variables: the value itself for one, else a sequence."""
    if isinstance(invariant, Table):
        if iterator is state.next_function and control is None:
            return _keys(invariant) if count == 1 else _pairs(invariant, count)
        if iterator is state.ipairs_step and control == 0 and count <= 2:
            return _positions(state, invariant, count)
    if type(iterator) is MatchIterator:
        return iterator.rounds(count)
    if type(iterator) is Wrapped:
        if count == 1:
            return _resumed(state, iterator, invariant, control)
        return _resumed_several(state, iterator, invariant, control, count)
    if count == 1:
        return _single(state, iterator, invariant, control)
    return _several(state, iterator, invariant, control, count)


def _pairs(table: Table, count: int) -> Iterator[Any]:
    padding = (None,) * (count - 2)
    position = 1
    while position < len(table.array_part):
        value = table.array_part[position]
        if value is not None:
            yield (position, value, *padding) if padding else (position, value)
        position += 1
    for key in snapshot(table):
        if type(key) is str:
            value = table.__dict__.get(key)
        else:
            value = table.hash_part.get(key)
            if value is None and type(key) is int and 0 < key < len(table.array_part):
                value = table.array_part[key]
        if value is not None:
            yield (key, value, *padding) if padding else (key, value)


def _keys(table: Table) -> Iterator[Value]:
    for pair in _pairs(table, 2):
        yield pair[0]


def _positions(state: State, table: Table, count: int) -> Iterator[Value]:
    position = 1
    while True:
        array = table.array_part
        value = array[position] if position < len(array) else None
        if value is None:
            value = index(state, table, position) if table.meta_table is not None and state.integers else None
            if value is None:
                value = table.hash_part.get(position)
                if value is None:
                    return
        yield position if count == 1 else (position, value)
        position += 1


def _single(state: State, iterator: Value, invariant: Value, control: Value) -> Iterator[Value]:
    described = "for iterator 'for iterator'" if state.integers else None
    target = entry(state, iterator, 2, described)
    coroutine = state.coroutine
    while True:
        coroutine.calls += 1
        try:
            if coroutine.calls > MOST_CALLS:
                refuse_nesting(state)
            result = target(invariant, control)
            if type(result) is list:
                result = first(result)
        finally:
            coroutine.calls -= 1
        if result is None:
            return
        control = result
        yield result


def _several(
    state: State, iterator: Value, invariant: Value, control: Value, count: int
) -> Iterator[list[Value]]:
    described = "for iterator 'for iterator'" if state.integers else None
    target = entry(state, iterator, 2, described)
    padding = [None] * count
    coroutine = state.coroutine
    while True:
        coroutine.calls += 1
        try:
            if coroutine.calls > MOST_CALLS:
                refuse_nesting(state)
            results = values(target(invariant, control))
        finally:
            coroutine.calls -= 1
        size = len(results)
        control = results[0] if size else None
        if control is None:
            return
        if size != count:
            results = [*results, *padding][:count]
        yield results


def _resumed(state: State, wrapped: Wrapped, invariant: Value, control: Value) -> Iterator[Value]:
    """The function that `coroutine.wrap` gave as iterator; what it raises is raised by that function itself."""
    thread = wrapped.thread
    waiting = state.coroutine
    while True:
        waiting.calls += 1
        try:
            if waiting.calls > MOST_CALLS:
                refuse_nesting(state)
            try:
                result = thread.resume([invariant, control])
            except (LuaError, RecursionError, MemoryError) as error:
                thread.raised = error
                result = wrapped.c2(invariant, control)
        finally:
            waiting.calls -= 1
        if type(result) is list:
            result = result[0] if result else None
        if result is None:
            return
        control = result
        yield result


def _resumed_several(
    state: State, wrapped: Wrapped, invariant: Value, control: Value, count: int
) -> Iterator[list[Value]]:
    thread = wrapped.thread
    waiting = state.coroutine
    padding = [None] * count
    while True:
        waiting.calls += 1
        try:
            if waiting.calls > MOST_CALLS:
                refuse_nesting(state)
            try:
                result = thread.resume([invariant, control])
            except (LuaError, RecursionError, MemoryError) as error:
                thread.raised = error
                result = wrapped.c2(invariant, control)
        finally:
            waiting.calls -= 1
        results = result if type(result) is list else [result]
        size = len(results)
        control = results[0] if size else None
        if control is None:
            return
        if size != count:
            results = [*results, *padding][:count]
        yield results


def call_iterator(state: State, iterator: Value, invariant: Value, control: Value) -> list[Value]:
    """One call of the iterator function: what it gave."""
    target = entry(state, iterator, 2, "for iterator 'for iterator'" if state.integers else None)
    with nested(state):
        return values(target(invariant, control))
