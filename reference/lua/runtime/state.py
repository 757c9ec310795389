"""One Lua state: everything that a program can reach hangs off it."""

from __future__ import annotations

from typing import Callable, Protocol
from weakref import WeakSet, ref

from reference.host.engine import Writer
from reference.host.limits import Budget
from reference.lua.profile import Profile
from reference.lua.runtime.conversion import type_name
from reference.lua.runtime.permissions import Permissions
from reference.lua.runtime.values import Function, LuaFunction, Table, Userdata, Value


class Backend(Protocol):
    """What an evaluator offers to the runtime."""

    def load(self, state: State, source: str, chunk_name: str, environment: Value) -> LuaFunction:
        """The main function of a chunk. Raises GuestSyntaxError."""


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
        self.string_meta: Table | None = None
        self.type_metas: dict[str, Table] = {}
        self.coroutine: Value = None
        self.main_thread: Value = None
        self.resumes = 0
        self.finalizers: list[Table] = []
        self.finalizing = False
        self.roots: tuple[str, ...] = ()
        self.at_exit: list[Callable[[], None]] = []
        # Code is loaded in the form in which hooks work.
        self.hookable = False
        # The running coroutine's hook, unless it is running right now.
        self.hook: Value = None
        self.warnings_on = False
        self.error_trace: list[Value] = []
        self.next_function: Value = None
        self.ipairs_step: Value = None
        self.file_meta: Table | None = None
        self.default_files: dict[str, Value] = {}
        self.open_files: WeakSet[Value] = WeakSet()
        self.permissions = permissions or Permissions()
        self.random: Value = None
        self.package: Value = None
        self.upvalue_ids: dict[int, tuple[Userdata, object]] = {}
        self.weak_references: list[ref[Table]] = []
        self.finalizer_order: dict[int, int] = {}
        self.collector_running = True
        self.collector_settings: dict[str, int] = {"setpause": 200, "setstepmul": 100}
        self.collector_mode = "incremental"
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

    def reset_after_run(self) -> None:
        """Forget what a run that was ended from outside left behind."""
        self.coroutine = self.main_thread
        self.resumes = 0
        self.finalizing = False
        if self.error_trace:
            self.error_trace.clear()

    def finalizers_of(self, table: Table) -> None:
        """Let the host put `table` into this state's queue of finalisers when it is garbage."""
        meta_table = table.meta_table
        if meta_table is not None:
            meta_table.finalizers = self.finalizers

    def warn(self, text: str) -> None:
        """Emit a warning."""
        import sys  # noqa: PLC0415  # rarely needed

        sys.stderr.write(f"Lua warning: {text}\n")
