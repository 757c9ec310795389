"""`tostring` (manual 6.1), and text between the guest's bytes and the host's writers."""

from __future__ import annotations

from lockstep.reference.lua.runtime.operations.calls import call_value, single
from lockstep.reference.lua.runtime.operations.conversion import number_text, type_name
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaBoolean, Value

_SHORT_STRING = 40


def address(value: Value) -> str:
    """An address for a value that prints as one."""
    if type(value) is str and len(value) <= _SHORT_STRING:
        # Short strings are internalised: equal ones have one address.
        return f"0x{hash(value) & 0xFFFFFFFFFFFF:x}"
    return f"0x{id(value):x}"


def to_string(state: State, value: Value) -> Value:
    """`tostring(value)`; a string, but in 5.1 `__tostring` may give anything."""
    if type(value) is str:
        return value
    if type(value) is int or type(value) is float:
        return number_text(value, state.integers)
    handler = state.metamethod(value, "__tostring")
    if handler is not None:
        text = single(call_value(state, handler, value))
        if state.integers and type(text) is not str:
            if isinstance(text, (int, float)):
                return number_text(text, state.integers)
            runtime_error("'__tostring' must return a string", 1)
        return text
    if value is None:
        return "nil"
    if type(value) is LuaBoolean:
        return value.text
    name = state.metamethod(value, "__name") if state.integers else None
    shown = name if type(name) is str else type_name(value)
    return f"{shown}: {address(value)}"


def host_text(text: str) -> str:
    """Guest bytes as host text: UTF-8 decoded, other bytes as surrogate escapes."""
    if text.isascii():
        return text
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def guest_text(text: str) -> str:
    """Host text as guest bytes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
