"""What the debug library sees: the stack as Lua has it, functions, their upvalues and locals."""

from __future__ import annotations

import gc
from types import FrameType, TracebackType
from typing import Protocol

from reference.lua.runtime.frames import Level, kind_of, levels
from reference.lua.runtime.naming import call_site, global_function_name, global_name
from reference.lua.runtime.protection import handled
from reference.lua.runtime.state import State
from reference.lua.runtime.values import Builtin, Function, LuaFunction, Value
from reference.lua.syntax import nodes
from reference.lua.syntax.chunk_name import displayed


class Inspector(Protocol):
    """What an evaluator tells about its functions and activations."""

    def function_node(self, state: State, function: LuaFunction) -> nodes.Function | None:
        """The syntax of a function."""

    def chunk_of(self, function: LuaFunction) -> str:
        """The name of its chunk."""

    def level_node(self, state: State, level: Level) -> nodes.Function | None:
        """The syntax of the function that runs at a level."""

    def level_function(self, state: State, level: Level) -> Value:
        """The function object that runs at a level, or None."""

    def read_upvalue(self, state: State, function: LuaFunction, variable: nodes.Variable) -> Value:
        """An upvalue's value."""

    def write_upvalue(
        self, state: State, function: LuaFunction, variable: nodes.Variable, value: Value
    ) -> None:
        """Set an upvalue."""

    def upvalue_cell(self, state: State, function: LuaFunction, variable: nodes.Variable) -> object:
        """What identifies an upvalue."""

    def join_upvalue(
        self,
        state: State,
        function: LuaFunction,
        variable: nodes.Variable,
        other: LuaFunction,
        other_variable: nodes.Variable,
    ) -> None:
        """Let one upvalue refer to another's variable."""

    def locals_of(self, state: State, level: Level) -> list[tuple[nodes.Variable, Value]]:
        """The active local variables of a level."""

    def set_local(self, state: State, level: Level, variable: nodes.Variable, value: Value) -> bool:
        """Assign to a local variable of a level; whether that was possible."""

    def varargs_of(self, level: Level) -> tuple[Value, ...]:
        """The extra arguments of a level."""


def stack(state: State, skip: int = 1) -> list[Level]:
    """The Lua call stack, innermost first; under a message handler with the levels that the error ended."""
    result: list[Level] = []
    frame: FrameType | None = None
    for level in levels(skip + 1):
        frame = level.frame
        result.append(level)
    del frame
    if not state.error_trace:
        return result
    return _with_error(state, result)


def _with_error(state: State, live: list[Level]) -> list[Level]:
    trace: TracebackType | None = state.error_trace[-1]
    ended: list[Level] = []
    while trace is not None:
        kind = kind_of(trace.tb_frame)
        if kind is not None:
            ended.append(Level(trace.tb_frame, kind, trace.tb_lineno if kind == "compiled" else None))
        trace = trace.tb_next
    ended.reverse()
    for position, level in enumerate(live):
        outer = level.frame.f_back
        while outer is not None and kind_of(outer) is None:
            if outer.f_code is handled.__code__:
                rest = live[position + 1 :]
                return [*live[: position + 1], *ended, *rest]
            outer = outer.f_back
    return live


def fiber_stack(fiber: object) -> list[Level]:
    """The stack of a suspended coroutine, innermost first."""
    frame: FrameType | None = getattr(fiber, "gr_frame", None)
    result = []
    while frame is not None:
        kind = kind_of(frame)
        if kind is not None:
            result.append(Level(frame, kind))
        frame = frame.f_back
    return result


def builtin_at(frame: FrameType) -> Builtin | None:
    """The built-in whose host function runs in a frame."""
    for function in gc.get_referrers(frame.f_code):
        for holder in gc.get_referrers(function):
            if getattr(holder, "__func__", None) is function:
                for owner in gc.get_referrers(holder):
                    if isinstance(owner, Builtin):
                        return owner
            elif isinstance(holder, Builtin):
                return holder
    return None


def name_of(state: State, stacked: list[Level], position: int) -> tuple[str, str]:
    """Kind and name of the function at a level, by the code that called it."""
    if position + 1 < len(stacked):
        named = call_site(state, stacked[position + 1])
        if named is not None:
            return named
    return "", ""


def described_function(state: State, stacked: list[Level], position: int) -> str:
    """How a traceback names the function at a level (`pushfuncname`)."""
    level = stacked[position]
    kind, name = name_of(state, stacked, position)
    if state.integers:
        known = None
        if level.kind == "host":
            known = global_name(state, level.frame)
        else:
            function = state.backend.level_function(state, level)  # type: ignore[attr-defined]
            if isinstance(function, Function):
                known = global_function_name(state, function)
        if known is not None:
            return f"function '{known}'"
        if kind:
            return f"{kind} '{name}'"
    elif kind:
        return f"function '{name}'"
    if level.kind == "host":
        return "?"
    node = state.backend.level_node(state, level)  # type: ignore[attr-defined]
    if node is not None and node.parent is None:
        return "main chunk"
    line = node.line if node is not None else level.line
    return f"function <{displayed(level.chunk_name)}:{line}>"


def traceback_text(state: State, stacked: list[Level], first: int) -> str:
    """`stack traceback:` and a line for each level, the middle left out where there are many."""
    lines = ["stack traceback:"]
    count = len(stacked)
    shown = list(range(first, count))
    limit = (10, 11) if state.integers else (12, 10)
    skipped: tuple[int, int] | None = None
    if len(shown) > sum(limit):
        skipped = (first + limit[0], count - limit[1])
    for position in shown:
        if skipped is not None and skipped[0] <= position < skipped[1]:
            if position == skipped[0]:
                gap = skipped[1] - skipped[0]
                lines.append(f"\n\t...\t(skipping {gap} levels)" if state.integers else "\n\t...")
            continue
        level = stacked[position]
        where = "[C]: in " if level.kind == "host" else f"{displayed(level.chunk_name)}:{level.line}: in "
        lines.append(f"\n\t{where}{described_function(state, stacked, position)}")
    lines.append("\n\t[C]: in ?")
    return "".join(lines)
