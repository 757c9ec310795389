"""Reading and writing fields, with metamethods (manual 2.4, `__index` and `__newindex`), and `#`."""

from __future__ import annotations

from math import isnan

from lockstep.reference.lua.runtime.operations.calls import call_metamethod, call_value, single
from lockstep.reference.lua.runtime.stack.errors import named_type, runtime_error, type_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    Function,
    InvalidKeyError,
    Table,
    Value,
    border,
    raw_get,
    raw_set,
    set_integer,
)

# MAXTAGLOOP: so many tables are looked into.
_MAX_CHAIN = 2000
_MAX_CHAIN_5_1 = 100


def index(state: State, subject: Value, key: Value, described: str | None = None) -> Value:
    """`subject[key]`.

    Args:
        state: the state.
        subject: the value that is indexed.
        key: the key.
        described: the variable that holds the subject, for the message.
    """
    for _ in range(_MAX_CHAIN if state.integers else _MAX_CHAIN_5_1):
        if isinstance(subject, Table):
            value = raw_get(subject, key)
            if value is not None:
                return value
            meta_table = subject.meta_table
            if meta_table is None:
                return None
            handler = meta_table.__dict__.get("__index")
            if handler is None:
                return None
        else:
            handler = state.metamethod(subject, "__index")
            if handler is None:
                index_error(state, subject, key, described)
        if isinstance(handler, Function):
            return single(call_value(state, handler, subject, key))
        subject = handler
        described = None
    if state.integers:
        runtime_error("'__index' chain too long; possible loop")
    return runtime_error("loop in gettable")


def index_error(state: State, subject: Value, key: Value, described: str | None) -> None:
    """Raise the error for indexing a value that has no fields."""
    del key
    type_error(state, subject, "index", described)


def _check_key(key: Value) -> None:
    """5.1 makes the new entry before it looks for `__newindex` (`luaV_settable`)."""
    if key is None:
        runtime_error("table index is nil")
    if type(key) is float and isnan(key):
        runtime_error("table index is NaN")


def set_index(state: State, subject: Value, key: Value, value: Value, described: str | None = None) -> None:
    """`subject[key] = value`."""
    for _ in range(_MAX_CHAIN if state.integers else _MAX_CHAIN_5_1):
        if isinstance(subject, Table):
            meta_table = subject.meta_table
            handler = None
            if meta_table is not None:
                handler = meta_table.__dict__.get("__newindex")
                if handler is not None and not state.integers:
                    _check_key(key)
                if handler is not None and raw_get(subject, key) is not None:
                    handler = None
            if handler is None:
                if type(key) is int:
                    set_integer(subject, key, value)
                    return
                try:
                    raw_set(subject, key, value)
                except InvalidKeyError as error:
                    runtime_error(f"table {error}")
                return
        else:
            handler = state.metamethod(subject, "__newindex")
            if handler is None:
                index_error(state, subject, key, described)
        if isinstance(handler, Function):
            call_value(state, handler, subject, key, value)
            return
        subject = handler
        described = None
    if state.integers:
        runtime_error("'__newindex' chain too long; possible loop")
    runtime_error("loop in settable")


def length(state: State, subject: Value, described: str | None = None) -> Value:
    """`#subject`."""
    if type(subject) is str:
        return len(subject)
    handler = None
    if not isinstance(subject, Table) or state.integers:
        handler = state.metamethod(subject, "__len")
    if handler is not None:
        return call_metamethod(state, "__len", handler, subject, subject)
    if isinstance(subject, Table):
        return border(subject)
    return type_error(state, subject, "get length of", described)


__all__ = ["index", "length", "named_type", "set_index"]
