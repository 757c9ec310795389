"""Equality and order (manual 3.4.4).

Primitive equality is the host's `==`: it compares ints and floats exactly, and tables, functions and booleans by
identity.
"""

from __future__ import annotations

from lockstep.reference.lua.runtime.operations.calls import call_metamethod
from lockstep.reference.lua.runtime.stack.errors import comparison_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, Table, Userdata, Value


def truth(value: Value) -> bool:
    """Whether `value` counts as true: everything but nil and false."""
    return value is not None and value is not FALSE


def equal(state: State, left: Value, right: Value) -> bool:
    """`left == right`."""
    if left == right:
        return True
    if isinstance(left, Table):
        if not isinstance(right, Table):
            return False
    elif not (isinstance(left, Userdata) and isinstance(right, Userdata)):
        return False
    handler = state.metamethod(left, "__eq")
    if state.profile.equal_requires_same_metamethod:
        if handler is None or handler != state.metamethod(right, "__eq"):
            return False
    elif handler is None:
        handler = state.metamethod(right, "__eq")
        if handler is None:
            return False
    return truth(call_metamethod(state, "__eq", handler, left, right))


def _order(state: State, event: str, left: Value, right: Value) -> Value:
    """The handler of `event` for both operands, or None."""
    handler = state.metamethod(left, event)
    if state.profile.equal_requires_same_metamethod:
        if handler is None or handler != state.metamethod(right, event):
            return None
        return handler
    return handler if handler is not None else state.metamethod(right, event)


def less_than(state: State, left: Value, right: Value) -> bool:
    """`left < right`."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left < right
    if type(left) is str and type(right) is str:
        return left < right
    handler = _order(state, "__lt", left, right)
    if handler is None:
        comparison_error(state, left, right)
    return truth(call_metamethod(state, "__lt", handler, left, right))


def less_equal(state: State, left: Value, right: Value) -> bool:
    """`left <= right`."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left <= right
    if type(left) is str and type(right) is str:
        return left <= right
    handler = _order(state, "__le", left, right)
    if handler is not None:
        return truth(call_metamethod(state, "__le", handler, left, right))
    if state.profile.equal_requires_same_metamethod:
        # 5.1: a <= b is not (b < a) where there is no __le.
        handler = _order(state, "__lt", right, left)
        if handler is not None:
            return not truth(call_metamethod(state, "__lt", handler, right, left))
    return comparison_error(state, left, right)
