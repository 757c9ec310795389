"""Lua 5.4 and 5.1: one implementation, with a version profile that names their differences.

A host program that embeds Lua starts here:

    from lockstep.reference.lua import Lua

    with Lua(version="5.4") as lua:
        lua.register("greet", lambda name: "hello " + name)
        print(lua.run("return greet(...)", "world"))
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_EMBEDDING = (
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
)
_ELSEWHERE = {
    "Limits": "lockstep.reference.host.limits",
    "Permissions": "lockstep.reference.lua.runtime.system.permissions",
}
__all__ = ["Limits", "Permissions", *_EMBEDDING]  # noqa: PLE0604  # names, all of them


def __getattr__(name: str) -> Any:
    """The embedding API, imported when it is first asked for: an engine alone starts faster."""
    if name in _EMBEDDING:
        from lockstep.reference.lua import embedding  # see above

        return getattr(embedding, name)
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
