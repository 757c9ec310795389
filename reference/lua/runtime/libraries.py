"""A fresh state with its standard libraries."""

from __future__ import annotations

from functools import partial

from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.collector.collection import open_collector, safe_point
from lockstep.reference.lua.runtime.library.basic import open_basic
from lockstep.reference.lua.runtime.library.coroutines import open_coroutine
from lockstep.reference.lua.runtime.library.debugging import open_debug
from lockstep.reference.lua.runtime.library.garbage import open_garbage
from lockstep.reference.lua.runtime.library.input_output import open_io
from lockstep.reference.lua.runtime.library.mathematics import open_math
from lockstep.reference.lua.runtime.library.operating_system import open_os
from lockstep.reference.lua.runtime.library.packages import open_package
from lockstep.reference.lua.runtime.library.registration import note_well_known
from lockstep.reference.lua.runtime.library.strings import open_string
from lockstep.reference.lua.runtime.library.tables import open_table
from lockstep.reference.lua.runtime.library.unicode import open_utf8
from lockstep.reference.lua.runtime.state import Evaluator, State
from lockstep.reference.lua.runtime.system.permissions import Permissions


def new_state(
    profile: Profile,
    evaluator: Evaluator,
    budget: Budget,
    output: Writer,
    permissions: Permissions | None = None,
) -> State:
    """A state with all libraries of its version open."""
    state = State(profile, evaluator, budget, output, permissions)
    open_collector(state)
    open_basic(state)
    open_garbage(state)
    open_package(state)
    open_coroutine(state)
    open_table(state)
    open_io(state)
    open_os(state)
    open_string(state)
    open_math(state)
    if profile.integers:
        open_utf8(state)
    open_debug(state)
    note_well_known(state)
    use_budget(state, budget)
    return state


def use_budget(state: State, budget: Budget) -> None:
    """Run `state` under `budget` from now on."""
    state.budget = budget
    budget.at_safe_point = partial(safe_point, state)
