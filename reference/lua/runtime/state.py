"""One Lua state: everything that a program can reach hangs off it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from mmap import mmap
from types import FrameType, MethodType, TracebackType
from typing import Any, Callable, Protocol
from weakref import WeakSet, ref

from lockstep.reference.host.deep_stack import ArgumentSlots
from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.random_numbers import Xoshiro
from lockstep.reference.lua.runtime.stack.frames import Level
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.values import (
    Function,
    LuaError,
    LuaFunction,
    Owned,
    Table,
    Userdata,
    Value,
    own_layout,
)
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource

_RESERVE = 16 << 20


def _reserve() -> mmap | None:
    try:
        return mmap(-1, _RESERVE)
    except OSError:
        return None


class Evaluator(Protocol):
    """What an evaluator offers to the runtime."""

    def load(self, state: State, source: str, chunk_name: str, environment: Value) -> LuaFunction:
        """The main function of a chunk. Raises GuestSyntaxError."""

    def prepare(self, state: State, source: str, chunk_name: str) -> None:
        """Get ready to load a long text without keeping other threads of the host waiting."""

    def set_table_maker(self, state: State) -> None:
        """Let constructors make their tables with `state.new_table`."""

    def hook_loaded(self, state: State) -> None:
        """Let hooks work in what was loaded before one was set."""

    def forget_names(self) -> None:
        """Forget what was found out for messages, and can be found out again."""

    def forget_chunks(self, chunk_name: str) -> None:
        """Forget what is kept of every chunk of a name: no function of theirs is left."""

    def load_chunk(self, state: State, source: ChunkSource, environment: Value) -> LuaFunction:
        """A main function, or a dumped one with upvalues of its own; the first is the environment."""

    def source_of(self, state: State, function: LuaFunction) -> tuple[ChunkSource, nodes.Function] | None:
        """What a function was compiled from, and its syntax."""

    def chunk_of(self, function: LuaFunction) -> str:
        """The name of a function's chunk."""

    def function_node(self, state: State, function: LuaFunction) -> nodes.Function | None:
        """The syntax of a function."""

    def call_site(self, state: State, level: Level) -> tuple[str, str] | None:
        """Kind and name of the function that a level is calling."""

    def runs_in(self, function: LuaFunction, frame: FrameType) -> bool:
        """Whether a frame is an activation of `function`."""

    def level_node(self, state: State, level: Level) -> nodes.Function | None:
        """The syntax of the function that runs at a level."""

    def level_function(self, state: State, level: Level) -> Value:
        """The function object that runs at a level."""

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
        """Let an upvalue be that of another function."""

    def varargs_of(self, level: Level) -> Sequence[Value]:
        """The extra arguments of the function that runs at a level."""

    def set_vararg(self, level: Level, position: int, value: Value) -> bool:
        """Set an extra argument; whether there is one."""

    def locals_of(self, state: State, level: Level) -> list[tuple[nodes.Variable, Value]]:
        """The variables in scope at a level, with their values."""

    def set_local(self, state: State, level: Level, variable: nodes.Variable, value: Value) -> bool:
        """Set a variable at a level; whether that could be done."""

    def temporaries_of(self, level: Level) -> Sequence[tuple[Any, Value]]:
        """The values that a level holds in between, and what each is known by."""

    def set_temporary(self, level: Level, key: Any, value: Value) -> None:
        """Set such a value."""

    def environment(self, state: State, function: LuaFunction) -> Value:
        """5.1: a function's environment, or None where it uses none."""

    def set_environment(self, state: State, function: LuaFunction, environment: Value) -> None:
        """5.1: set a function's environment."""

    def set_level_environment(self, state: State, level: Level, environment: Value) -> None:
        """5.1: set the environment of the function that runs at a level."""


class Hook:
    """What `debug.sethook` set for one coroutine; `left` instructions are left until the next count event."""

    __slots__ = ("calls", "count", "function", "left", "lines", "mask", "returns")

    def __init__(self, function: Function, mask: str, count: int) -> None:
        self.function = function
        self.mask = mask
        self.count = self.left = count
        self.calls = "c" in mask
        self.returns = "r" in mask
        self.lines = "l" in mask


class Thread(Protocol):
    """What the runtime asks of the running coroutine (`stack/coroutine.py`, which says what each is)."""

    main: bool
    calls: int
    closing: bool
    fiber: Any
    globals: Table
    handles: bool
    handles_overflow: bool
    hook: Hook | None
    in_hook: bool
    pending: list[Value]
    protections: list[Value]


class Suspended(Protocol):
    """A coroutine that may be suspended on a stack of its own."""

    fiber: Any

    @property
    def status(self) -> str:
        """`suspended`, `running`, `normal` or `dead`."""

    def abandon(self) -> None:
        """Give its stack up."""


class FinaliserQueue(Protocol):
    """The finalisers of a state (`collector/finalisation.py`)."""

    running: bool
    stopped: bool
    pending_error: LuaError | None
    waiting: list[tuple[int, Owned]]

    def mark(self, value: Owned) -> None:
        """Mark a value for finalisation."""

    def wake(self, steps: int) -> None:
        """Let what waits be finalised soon."""

    def run(self, *, raising: bool) -> None:
        """Finalise what waits."""

    def close(self) -> None:
        """Finalise all that is marked."""


class CollectorControls(Protocol):
    """What a program may ask of the collector (`collector/collection.py`)."""

    mode: str
    pause: int
    multiplier: int
    kept: list[Table]

    @property
    def running(self) -> bool:
        """Whether it was not stopped."""

    def stop(self) -> None:
        """Stop it."""

    def restart(self) -> None:
        """Let it go on."""

    def collect(self) -> None:
        """A full cycle."""

    def step(self, size: int) -> bool:
        """A step; whether a cycle ended."""

    def count(self) -> int:
        """Bytes in use."""

    def watch(self, wanted: bool) -> None:
        """Count the tables that are made, or do not any more."""


class RecentlyUsed(Protocol):
    """What was read from weak tables not long ago (`collector/weak_tables.py`)."""

    def __bool__(self) -> bool:
        """Whether it holds anything."""

    def add(self, one: Value) -> None:
        """Hold one more."""

    def clear(self) -> None:
        """Hold none."""

    def look(self) -> None:
        """An entry was looked at."""


class OldRandom(Protocol):
    """What gives the random numbers of 5.1."""

    def next(self) -> int:
        """The next one."""

    def seed(self, seed: int) -> None:
        """Begin anew."""


class CompiledNames(Protocol):
    """The names of compiled code that are of one state."""

    budget: Budget

    def set_table_maker(self, state: State) -> None:
        """Let constructors make their tables with `state.new_table`."""


class StandardFile(Protocol):
    """A file of the state's own (`system/files.py`)."""

    closed: bool
    stream: Any


class State:
    """A Lua state.

    What has no value at first is set by the module that serves it, before any program runs.

    Args:
        profile: the version.
        evaluator: what that runs its functions.
        budget: its limits.
        output: where standard output goes.
        permissions: what it may touch of the machine; everything by default.
    """

    coroutine: Thread
    main_thread: Thread
    # What compiled code finds when it calls `coroutine.yield`.
    yield_entry: MethodType
    # The numbers of 5.4, and those of 5.1.
    random: Xoshiro
    old_random: OldRandom
    package: Table
    finalisers: FinaliserQueue
    collector: CollectorControls
    recent: RecentlyUsed

    def __init__(
        self,
        profile: Profile,
        evaluator: Evaluator,
        budget: Budget,
        output: Writer,
        permissions: Permissions | None = None,
    ) -> None:
        self.profile = profile
        self.integers = profile.integers
        self.evaluator = evaluator
        self.budget = budget
        self.output = output
        self.globals = Table()
        self.registry = Table()
        self.loaded = Table()
        for table in (self.globals, self.registry, self.loaded):
            own_layout(table)
        self.string_meta: Table | None = None
        self.type_metas: dict[str, Table] = {}
        # Set where Lua code is to stop for `safe_point` as soon as it can.
        self.safe_point_wanted = False
        self.roots: tuple[str, ...] = ()
        self.at_exit: list[Callable[[], None]] = []
        # Code is loaded in the form in which hooks work, or hooks were set.
        self.hookable = False
        # Code was loaded in another form.
        self.unhooked = False
        # A chunk was loaded that may change what metatables say of weakness.
        self.mentions_modes = False
        # The running coroutine's hook, unless it is running right now.
        self.hook: Hook | None = None
        self.warnings_on = False
        self.error_trace: list[TracebackType | None] = []
        self.next_function: Value = None
        self.ipairs_step: Value = None
        self.file_meta: Table | None = None
        # The state's own built-ins that an evaluator may know, by name with their library.
        self.well_known: dict[str, Function] = {}
        self.default_files: dict[str, StandardFile] = {}
        self.argument_slots = ArgumentSlots()
        self.open_files: WeakSet[StandardFile] = WeakSet()
        self.permissions = permissions or Permissions()
        self.upvalue_ids: dict[int, tuple[Userdata, object]] = {}
        # Coroutines that have a stack of their own, and how many make it worth a look for those that are gone.
        self._fibers: list[ref[Suspended]] = []
        self._fibers_limit = 64
        # Those that nothing refers to any more, where the host cannot end them by itself.
        self.lost_stacks: list[Any] = []
        # Values that an embedding program holds.
        self.held: dict[int, Value] = {}
        # What makes the tables of constructors.
        self.new_table: Callable[[], Table] = Table
        # Names of compiled code, where the backend compiles.
        self.compiled_names: CompiledNames | None = None
        # Given back when the host has no memory left, so that the error can be handled; pages, which untouched take none
        # and no time.
        self.reserve: mmap | None = _reserve()
        self.weak_entries: list[ref[Any]] = []
        self.weak_limit = 64
        # Compiles a long text, where an embedder has something else to do meanwhile.
        self.compile_apart: Callable[[Callable[[], LuaFunction]], LuaFunction] | None = None
        self.function_names: dict[int, tuple[Function, str]] | None = None

    def metatable(self, value: Value) -> Table | None:
        """The metatable of any value."""
        if isinstance(value, Table):
            return value.meta_table
        if type(value) is str:
            return self.string_meta
        if isinstance(value, Userdata):
            return value.meta_table
        if not self.type_metas:
            return None
        return self.type_metas.get(type_name(value))

    def metamethod(self, value: Value, event: str) -> Value:
        """The metamethod of `value` for `event` (manual 2.4), or None."""
        meta_table = self.metatable(value)
        if meta_table is None:
            return None
        return meta_table.__dict__.get(event)

    def release_reserve(self) -> None:
        """Give back the memory that is kept for the handling of an error of memory."""
        if self.reserve is not None:
            self.reserve.close()
            self.reserve = None

    def reset_after_run(self) -> None:
        """Forget what a run that was ended from outside left behind."""
        self.coroutine = self.main_thread
        if self.error_trace:
            self.error_trace.clear()

    def know_suspended(self, coroutine: Suspended) -> None:
        """Remember a coroutine that gets a stack of its own, without keeping it alive."""
        self._fibers.append(ref(coroutine))
        if len(self._fibers) > self._fibers_limit:
            self.suspended()
            self._fibers_limit = max(64, 2 * len(self._fibers))

    def suspended(self) -> list[Suspended]:
        """The coroutines that are suspended on a stack of their own."""
        alive = [one for one in (reference() for reference in self._fibers) if one is not None]
        alive = [one for one in alive if one.fiber is not None and not one.fiber.dead]
        self._fibers = [ref(one) for one in alive]
        return [one for one in alive if one.status == "suspended"]

    def warn(self, text: str) -> None:
        """Emit a warning."""
        sys.stderr.write(f"Lua warning: {text}\n")
