"""Lua inside a host program: states, values that cross the boundary, handles, limits; see docs/lua.md."""

from __future__ import annotations

from lockstep.reference.lua.embedding.errors import (
    BusyError,
    ExitRequested,
    GuestError,
    HandleError,
    LimitError,
    Throw,
)
from lockstep.reference.lua.embedding.handles import CoroutineHandle, FunctionHandle, Handle, TableHandle
from lockstep.reference.lua.embedding.interpreter import Lua

__all__ = [
    "BusyError",
    "CoroutineHandle",
    "ExitRequested",
    "FunctionHandle",
    "GuestError",
    "Handle",
    "HandleError",
    "LimitError",
    "Lua",
    "TableHandle",
    "Throw",
]
