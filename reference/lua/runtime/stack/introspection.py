"""What the debug library sees: the stack as Lua has it, functions, their upvalues and locals."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from types import FrameType
from typing import cast

from lockstep.reference.lua.runtime.stack.coroutine import Coroutine
from lockstep.reference.lua.runtime.stack.frames import (
    FINALIZER,
    Level,
    WithLostCalls,
    kind_of,
    levels,
    levels_from,
    levels_of_trace,
)
from lockstep.reference.lua.runtime.stack.naming import call_site, loaded_builtin, loaded_name
from lockstep.reference.lua.runtime.stack.protection import handled
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Builtin, Value
from lockstep.reference.lua.syntax.chunk_name import displayed

# How many levels a traceback shows before and after the gap.
_FIRST_LEVELS = 10
_LAST_LEVELS = 11
_FIRST_LEVELS_5_1 = 12
_LAST_LEVELS_5_1 = 10


def stack(state: State, skip: int = 1) -> Sequence[Level]:
    """The Lua call stack, innermost first; under a message handler with the levels that the error ended."""
    result = list(levels(skip + 1))
    if state.error_trace:
        result = _with_error(state, result)
    return result if state.integers else WithLostCalls(result)


def _with_error(state: State, live: list[Level]) -> list[Level]:
    ended = levels_of_trace(state.error_trace[-1])
    for position, level in enumerate(live):
        outer = level.frame.f_back
        while outer is not None and kind_of(outer) is None:
            if outer.f_code is handled.__code__:
                frames = {one.frame for one in ended}
                rest = [one for one in live[position + 1 :] if one.frame not in frames]
                return [*live[: position + 1], *ended, *rest]
            outer = outer.f_back
    return live


class _YieldFrame:
    """Stands for the frame of `coroutine.yield`, where a generator yields by itself."""

    f_back = None
    f_lineno = -1
    f_lasti = -1

    def __init__(self, state: State) -> None:
        self.f_code = state.yield_entry.__func__.__code__
        self.f_globals = state.yield_entry.__func__.__globals__
        self.f_locals: dict[str, Value] = {"state": state}


def suspended_stack(state: State, thread: Coroutine) -> Sequence[Level]:
    """The stack of a suspended coroutine, innermost first."""
    fiber = thread.fiber
    # On the host stack of a generator that yields itself there is no level.
    result = [] if fiber is None else list(levels_from(fiber.gr_frame))
    generators = [] if result else thread.suspended_generators()
    if generators:
        result = [Level(cast("FrameType", _YieldFrame(state)), "host")]
        result.extend(Level(generator.gi_frame, "compiled") for generator in reversed(generators))
    return result if state.integers else WithLostCalls(result)


def builtin_at(state: State, frame: FrameType) -> Builtin | None:
    """The built-in whose host function runs in a frame."""
    found = loaded_builtin(state, frame) or _builtin_of_host(state, frame)
    if found is None and hasattr(gc, "unfreeze"):
        # What was loaded before the program is not searched while it is frozen.
        gc.unfreeze()
        found = _builtin_of_host(state, frame)
    return found


def _builtin_of_host(state: State, frame: FrameType) -> Builtin | None:
    """The built-in that the host's collector finds to hold the function that runs in a frame."""
    own = frame.f_locals.get(frame.f_code.co_varnames[0]) if frame.f_code.co_varnames else None
    for function in gc.get_referrers(frame.f_code):
        for holder in gc.get_referrers(function):
            if getattr(holder, "__func__", None) is function:
                if isinstance(own, State) and holder.__self__ is not state:
                    continue  # of another state
                for owner in gc.get_referrers(holder):
                    if isinstance(owner, Builtin):
                        return owner
            elif isinstance(holder, Builtin):
                return holder
    return None


def name_of(state: State, stacked: Sequence[Level], position: int) -> tuple[str, str]:
    """Kind and name of the function at a level, by the code that called it (`funcnamefromcall`)."""
    level = stacked[position]
    called_as = level.called_as
    if called_as is not None and called_as[0] == "hook":
        return called_as if state.integers else ("", "")
    if called_as == FINALIZER:
        return called_as
    if level.is_tail_call or level.kind == "tail" or position + 1 >= len(stacked):
        return "", ""
    caller = stacked[position + 1]
    if caller.kind not in ("compiled", "walked"):
        return "", ""
    if called_as is not None:
        if state.integers:
            return called_as
        return ("local", "(for generator)") if called_as[0] == "for iterator" else ("", "")
    return call_site(state, caller) or ("", "")


def described_function(state: State, stacked: Sequence[Level], position: int) -> str:
    """How a traceback names the function at a level (`pushfuncname`)."""
    level = stacked[position]
    kind, name = name_of(state, stacked, position)
    if state.integers:
        known = loaded_name(state, level.frame)
        if known is not None:
            return f" in function '{known}'"
        if kind:
            return f" in {kind} '{name}'"
    elif kind:
        return f" in function '{name}'"
    if level.kind in ("host", "tail"):
        return " in ?" if state.integers else " ?"
    node = state.evaluator.level_node(state, level)
    if node is not None and node.parent is None:
        return " in main chunk"
    line = node.line if node is not None else level.line
    return f" in function <{displayed(level.chunk_name)}:{line}>"


def traceback_text(state: State, stacked: Sequence[Level], first: int, *, main: bool) -> str:
    """`stack traceback:` and a line for each level, the middle left out where there are many (`luaL_traceback`).

    Under the main thread's levels stands the host that called them.
    """
    lines = ["stack traceback:"]
    count = len(stacked) + main
    skipped = range(0)
    if state.integers:
        if count - first > _FIRST_LEVELS + _LAST_LEVELS + 1:
            skipped = range(first + _FIRST_LEVELS, count - _LAST_LEVELS)
    elif count > _FIRST_LEVELS_5_1 + _LAST_LEVELS_5_1 + 1:
        skipped = range(_FIRST_LEVELS_5_1, count - _LAST_LEVELS_5_1)
    for position in range(max(first, 0), count):
        if position in skipped:
            if position == skipped[0]:
                gap = f"\t(skipping {len(skipped) - 1} levels)" if state.integers else ""
                lines.append(f"\n\t...{gap}")
            continue
        if position == len(stacked):
            lines.append("\n\t[C]: in ?" if state.integers else "\n\t[C]: ?")
            continue
        level = stacked[position]
        if level.kind == "host":
            where = "[C]:"
        elif level.kind == "tail":
            where = "(tail call):"
        else:
            line = level.line
            where = (
                f"{displayed(level.chunk_name)}:{line}:" if line > 0 else f"{displayed(level.chunk_name)}:"
            )
        lines.append(f"\n\t{where}{described_function(state, stacked, position)}")
        if level.is_tail_call and state.integers:
            lines.append("\n\t(...tail calls...)")
    return "".join(lines)
