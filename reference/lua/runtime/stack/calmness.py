"""What a host generator may do without a host stack: that in which nothing can yield (`runtime/stack/coroutine.py`)."""

from __future__ import annotations

from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import ABSENT, HOST, Builtin, LuaBoolean, Table, Value

_CALM = frozenset((int, float, type(None), LuaBoolean))
_CALM_TEXT = _CALM | {str}


def calm(state: State, *operands: Value) -> object:
    """The names of compiled code if no operand has a metamethod; None if one may have."""
    if state.type_metas:
        return None
    for operand in operands:
        if type(operand) is Table:
            if operand.meta_table is not None:
                return None
        elif type(operand) not in _CALM:
            return None
    return state.compiled_names


def calm_text(state: State, *operands: Value) -> object:
    """The same for what does not ask a string's metatable."""
    if state.type_metas:
        return None
    for operand in operands:
        if type(operand) is Table:
            if operand.meta_table is not None:
                return None
        elif type(operand) not in _CALM_TEXT:
            return None
    return state.compiled_names


def calm_iterator(state: State, iterator: Value, invariant: Value) -> object:
    """The same for the calls of an iterator."""
    if not isinstance(iterator, Builtin) or not iterator.is_quiet:
        return None
    # The step of `ipairs` reads fields.
    return None if isinstance(invariant, Table) and invariant.meta_table is not None else state.compiled_names


def way_to_call(state: State, function: Value, nesting: int, first: Value = ABSENT) -> object:
    """How a generator calls `function`; `first` is the first argument, `nesting` how many may still delegate.

    None: as always, for nothing in it can yield. A host generator function: by delegating to it. `HOST`: from a host
    stack of its coroutine.
    """
    if isinstance(function, Builtin):
        if function.is_quiet:
            return None
        if function.name == "yield":
            return HOST
        # In 5.1 nothing goes on after a yield below it.
        stays = not state.integers or (
            function.name == "pairs" and type(first) is Table and first.meta_table is None
        )
        return None if stays else HOST
    if nesting <= 0 or state.hookable:
        return HOST
    return getattr(function, "generator_form", HOST)
