"""One Lua state: everything that a program can reach hangs off it."""

from __future__ import annotations

from mmap import mmap
from typing import Any, Callable, Protocol
from weakref import WeakSet, ref

from lockstep.reference.host.deep_stack import ArgumentSlots
from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.values import Function, LuaFunction, Table, Userdata, Value, own_layout

_RESERVE = 16 << 20


def _reserve() -> mmap | None:
    try:
        return mmap(-1, _RESERVE)
    except OSError:
        return None


class Backend(Protocol):
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


class State:
    """A Lua state.

    Args:
        profile: the version.
        backend: the evaluator that runs its functions.
        budget: its limits.
        output: where standard output goes.
        permissions: what it may touch of the machine; everything by default.
    """

    def __init__(
        self,
        profile: Profile,
        backend: Backend,
        budget: Budget,
        output: Writer,
        permissions: Permissions | None = None,
    ) -> None:
        self.profile = profile
        self.integers = profile.integers
        self.backend = backend
        self.budget = budget
        self.output = output
        self.globals = Table()
        self.registry = Table()
        self.loaded = Table()
        for table in (self.globals, self.registry, self.loaded):
            own_layout(table)
        self.string_meta: Table | None = None
        self.type_metas: dict[str, Table] = {}
        self.coroutine: Value = None
        self.main_thread: Value = None
        # What compiled code finds when it calls `coroutine.yield`.
        self.yield_entry: Value = None
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
        self.hook: Value = None
        self.warnings_on = False
        self.error_trace: list[Value] = []
        self.next_function: Value = None
        self.ipairs_step: Value = None
        self.file_meta: Table | None = None
        # The state's own built-ins that an evaluator may know, by name with their library.
        self.well_known: dict[str, Function] = {}
        self.default_files: dict[str, Value] = {}
        self.argument_slots = ArgumentSlots()
        self.open_files: WeakSet[Value] = WeakSet()
        self.permissions = permissions or Permissions()
        self.random: Value = None
        self.package: Value = None
        self.upvalue_ids: dict[int, tuple[Userdata, object]] = {}
        # Coroutines that have a stack of their own, and how many make it worth a look for those that are gone.
        self._fibers: list[ref[Any]] = []
        self._fibers_limit = 64
        # Those that nothing refers to any more, where the host cannot end them by itself.
        self.lost_stacks: list[Any] = []
        # Values that an embedding program holds.
        self.held: dict[int, Value] = {}
        # What makes the tables of constructors.
        self.new_table: Callable[[], Table] = Table
        # Names of compiled code, where the backend compiles.
        self.compiled_names: Any = None
        # Given back when the host has no memory left, so that the error can be handled; pages, which untouched take none
        # and no time.
        self.reserve: mmap | None = _reserve()
        self.weak_entries: list[ref[Any]] = []
        self.weak_limit = 64
        # Set by the modules that serve them, which import this one.
        self.finalisers: Any = None
        self.collector: Any = None
        self.recent: Any = None
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

    def know_suspended(self, coroutine: Any) -> None:
        """Remember a coroutine that gets a stack of its own, without keeping it alive."""
        self._fibers.append(ref(coroutine))
        if len(self._fibers) > self._fibers_limit:
            self.suspended()
            self._fibers_limit = max(64, 2 * len(self._fibers))

    def suspended(self) -> list[Any]:
        """The coroutines that are suspended on a stack of their own."""
        alive = [one for one in (reference() for reference in self._fibers) if one is not None]
        alive = [one for one in alive if one.fiber is not None and not one.fiber.dead]
        self._fibers = [ref(one) for one in alive]
        return [one for one in alive if one.status == "suspended"]

    def warn(self, text: str) -> None:
        """Emit a warning."""
        import sys  # noqa: PLC0415  # rarely needed

        sys.stderr.write(f"Lua warning: {text}\n")
