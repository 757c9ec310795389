"""Hooks (manual 6.10, `debug.sethook`)."""

from __future__ import annotations

from reference.lua.runtime.state import State
from reference.lua.runtime.values import Function, Results


def set_hook(state: State, hook: Function | None, mask: str, count: int) -> None:
    """Set or remove the hook."""
    kept = "".join(letter for letter in "crl" if letter in mask)
    state.hook = None if hook is None or not (kept or count > 0) else (hook, kept, max(count, 0))


def current_hook(state: State) -> Results:
    """Hook function, mask and count."""
    if state.hook is None:
        return [None, "", 0] if not state.integers else [None]
    return list(state.hook)
