"""A fresh state with its standard libraries."""

from __future__ import annotations

from reference.host.engine import Writer
from reference.host.limits import Budget
from reference.lua.profile import Profile
from reference.lua.runtime.library.basic import open_basic
from reference.lua.runtime.state import Backend, State


def new_state(profile: Profile, backend: Backend, budget: Budget, output: Writer) -> State:
    """A state with all libraries of its version open."""
    state = State(profile, backend, budget, output)
    open_basic(state)
    return state
