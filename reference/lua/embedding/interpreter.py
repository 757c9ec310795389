"""`Lua`: one state in the hands of a host program."""

from __future__ import annotations

import itertools
import sys
import threading
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from lockstep.reference.host.clock import Clock
from lockstep.reference.host.engine import Writer
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError, LimitExceeded, Location
from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.lua.embedding.errors import (
    BusyError,
    ExitRequested,
    GuestError,
    HandleError,
    LimitError,
    Throw,
)
from lockstep.reference.lua.embedding.handles import FunctionHandle, Handle, TableHandle, handle_for
from lockstep.reference.lua.engine import LuaEngine, close_state
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.runtime.formats.text import guest_text, host_text
from lockstep.reference.lua.runtime.library.basic import without_first_comment
from lockstep.reference.lua.runtime.library.embedded import embedded_function
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.operations.conversion import is_nan
from lockstep.reference.lua.runtime.operations.traversal import next_entry
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine
from lockstep.reference.lua.runtime.stack.error_report import report_of
from lockstep.reference.lua.runtime.stack.exiting import ProgramExit
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.values import (
    FALSE,
    TRUE,
    Function,
    LuaBoolean,
    LuaError,
    Results,
    Table,
    Value,
    raw_set,
)

if TYPE_CHECKING:
    from typing import Self

T = TypeVar("T")
_INTEGER_BOUND = 1 << 63
_NO_END = 1 << 62


class _CountedOutput:
    """A writer that stops at the output limit of the run."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.left: int | None = None

    def write(self, text: str) -> None:
        """Write `text`; what does not fit raises LimitExceeded."""
        if self.left is not None:
            if len(text) > self.left:
                self.writer.write(text[: self.left])
                self.left = 0
                raise LimitExceeded("output")
            self.left -= len(text)
        self.writer.write(text)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self.writer.flush()


class Lua:
    """A Lua state.

    Values cross the boundary like this: nil, booleans and numbers as the host's; strings as `str` (UTF-8, other
    bytes as surrogate escapes), or as `bytes` with `binary`; tables, functions, coroutines and
    userdata as handles. To Lua go also `str`, `bytes`, `list` and `tuple` (a table from 1), `dict` (a table), handles of
    this state, and host callables, whose exceptions become Lua errors.

    One thread at a time may use a state, always the same one once coroutines exist; `cancel` may come from any. Deep Lua
    recursion needs a deep host stack: `reference.host.deep_stack.run_deep` gives one.

    Args:
        version: `5.4` or `5.1`.
        backend: `vm` or `treewalk`.
        limits: what every run may use, unless it is given limits of its own.
        output: where `print` and `io.write` go; the host's standard output if None.
        binary: give strings to the host as `bytes`.
        metered: whether code counts steps. Without that it is faster, and cannot be cancelled or limited.
        engine: an engine of the same version and backend, whose compiled code is shared with its other states.
        permissions: what guest code may touch of the machine; everything if None.

    Raises:
        ValueError: there is no such version or backend, or there are limits without metering.
    """

    def __init__(
        self,
        version: str = "5.4",
        backend: str = "vm",
        *,
        limits: Limits | None = None,
        output: Writer | None = None,
        binary: bool = False,
        metered: bool = True,
        engine: LuaEngine | None = None,
        permissions: Permissions | None = None,
    ) -> None:
        if version not in PROFILES:
            raise ValueError(f"unknown version '{version}'; known: {', '.join(PROFILES)}")
        if backend not in ("vm", "treewalk"):
            raise ValueError(f"unknown backend '{backend}'; known: treewalk, vm")
        if not metered and limits is not None and limits.metered:
            raise ValueError("limits need metered code")
        self._limits = limits or Limits()
        self._metered = metered
        self._budget = Budget(self._limits)
        self._output = _CountedOutput(output if output is not None else sys.stdout)
        self._binary = binary
        self._held: dict[int, Value] = {}
        self._numbers = itertools.count(1)
        self._running = False
        self._thread = 0
        self._clock: Clock | None = None
        engine = engine or LuaEngine(backend, PROFILES[version])
        self._state: State | None = engine.open_state(
            self._budget, self._output, metered=metered, permissions=permissions
        )
        self._state.held = self._held

    # Life

    @property
    def state(self) -> State:
        """The runtime's own state.

        Raises:
            HandleError: it is closed.
        """
        if self._state is None:
            raise HandleError("this Lua state is closed")
        return self._state

    @property
    def closed(self) -> bool:
        """Whether the state was closed."""
        return self._state is None

    def close(self) -> None:
        """Run finalisers and free everything; handles of this state are dead from now on.

        Raises:
            BusyError: the state is running.
        """
        if self._running:
            raise BusyError("a running Lua state cannot be closed")
        if self._state is None:
            return
        state = self._state
        self._held.clear()
        self._budget.restart(self._limits)
        try:
            self.guarded(close_state, state)
        finally:
            self._state = None
            self._held.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Running

    def load(self, source: str | bytes, name: str = "chunk") -> FunctionHandle:
        """Compile a chunk; calling the handle runs it.

        Raises:
            GuestError: the source is no chunk.
        """
        return FunctionHandle(self, self._load(source, name))

    def _load(self, source: str | bytes, name: str) -> Function:
        state = self.state
        text = source.decode("latin-1") if isinstance(source, bytes) else guest_text(source)
        try:
            return state.evaluator.load(
                state, without_first_comment(text), "@" + guest_text(name), state.globals
            )
        except GuestSyntaxError as error:
            location = Location(host_text(error.location.file), error.location.line)
            report = ErrorReport("parse", "syntax_error", "", host_text(error.message), location)
        raise GuestError(report)

    def run(
        self, source: str | bytes, *arguments: object, name: str = "chunk", limits: Limits | None = None
    ) -> Any:
        """Compile a chunk and call it with `arguments`; results as `call` gives them.

        Raises:
            GuestError: the source is no chunk, or Lua raised an error.
            LimitError: a limit ended the run.
        """
        return self.guarded(self._run_chunk, source, name, arguments, limits=limits)

    def _run_chunk(self, source: str | bytes, name: str, arguments: tuple[object, ...]) -> Any:
        function = self._load(source, name)
        passed = [self.to_guest(argument) for argument in arguments]
        return self.results_to_host(call_value(self.state, function, *passed))

    def _called(self, target: Any, arguments: tuple[object, ...]) -> Any:
        passed = [self.to_guest(argument) for argument in arguments]
        return self.results_to_host(call_value(self.state, self.to_guest(target), *passed))

    def call(self, function: Any, *arguments: object, limits: Limits | None = None) -> Any:
        """Call a handle: None for no result, the value for one, a tuple for several.

        Args:
            function: a handle of a function or of what has `__call`.
            arguments: host values.
            limits: what this run may use, instead of the state's limits.

        Raises:
            GuestError: Lua raised an error.
            LimitError: a limit ended the run.
            HandleError: a handle is of no use any more, or of another state.
        """
        return self.guarded(self._called, function, arguments, limits=limits)

    def cancel(self) -> None:
        """End the run in hand, from any thread: it raises `LimitError('cancelled')`. Without one, do nothing."""
        if self._running:
            if not self._metered:
                raise ValueError("cancelling needs metered code")
            self._budget.cancel("cancelled")

    def guarded(self, action: Callable[..., T], *arguments: object, limits: Limits | None = None) -> T:
        """Do what may run Lua code, under limits; errors come out as the host's.

        The arguments are host values, since an exception's traceback keeps them. From inside a run (a host function that calls back) it goes on under that run's limits.
        """
        state = self.state
        if self._running:
            if self._thread != threading.get_ident():
                raise BusyError("another thread runs this Lua state")
            if limits is not None:
                raise BusyError("limits are set where a run begins")
            try:
                return action(*arguments)
            except (LuaError, RecursionError) as error:
                report = report_of(state, error)
            raise GuestError(report)
        limits = limits or self._limits
        if limits.metered and not self._metered:
            raise ValueError("limits need metered code")
        self._running = True
        self._thread = threading.get_ident()
        if self._metered and not limits.metered:
            # Nothing to count, but a run must be cancellable.
            limits = replace(limits, steps=_NO_END)
        self._budget.restart(limits)
        self._output.left = limits.output
        if limits.seconds is not None:
            self._clock = self._clock or Clock()
            self._clock.arm(self._budget, limits.seconds)
        failure: Exception
        try:
            return action(*arguments)
        except (LuaError, RecursionError, MemoryError) as error:
            failure = GuestError(report_of(state, error))
        except LimitExceeded as error:
            failure = LimitError(error.reason)
        except ProgramExit as error:
            failure = ExitRequested(error.status)
        finally:
            if limits.seconds is not None and self._clock is not None:
                self._clock.disarm()
            state.reset_after_run()
            self._running = False
        # Raised outside the handlers: the error must not hold the frames that it comes from.
        try:
            raise failure
        finally:
            del failure

    # Values

    @property
    def globals(self) -> TableHandle:
        """The table of globals."""
        return TableHandle(self, self.state.globals)

    def table(self, content: dict[Any, Any] | list[Any] | tuple[object, ...] = ()) -> TableHandle:
        """A new table."""
        return TableHandle(self, self.to_guest(content))

    def function(self, function: Callable[..., object], name: str | None = None) -> FunctionHandle:
        """A host function as a Lua function; see `register`."""
        return FunctionHandle(self, self._builtin(function, name))

    def register(self, name: str, function: Callable[..., object]) -> None:
        """Make a host function a global.

        It is called with host values; None gives no result, a tuple several, anything else one. `Throw` and other
        exceptions become Lua errors, which `pcall` catches; `BaseException`s that are no `Exception` end the run.
        """
        raw_set(self.state.globals, guest_text(name), self._builtin(function, name))

    def _builtin(self, function: Callable[..., object], name: str | None) -> Function:
        shown = name or str(getattr(function, "__name__", "?"))
        conversions = (self.to_host, self._results_to_guest)
        return embedded_function(self.state, guest_text(shown), function, conversions, self._error_of)

    def _error_of(self, error: Exception) -> tuple[Value, bool]:
        if isinstance(error, Throw):
            return self.to_guest(error.value), False
        if isinstance(error, GuestError):
            return guest_text(error.message), False
        return guest_text(f"{type(error).__name__}: {error}"), True

    def coroutine(self, function: FunctionHandle) -> Handle:
        """A new coroutine that runs `function`."""
        return handle_for(self, Coroutine(self.state, self.to_guest(function)))

    def to_guest(self, value: Any) -> Value:
        """A host value as a Lua value.

        Raises:
            TypeError: Lua has no such value.
            OverflowError: an integer beyond 64 bits.
            HandleError: a handle of another state, or one that was released.
        """
        kind = type(value)
        if kind is str:
            return guest_text(value)
        if kind is int:
            return self._integer(value)
        if value is None or kind is float:
            return value
        return self._other(value, {})

    def _integer(self, value: int) -> Value:
        if not self.state.integers:
            return value if abs(value) <= 1 << 53 else float(value)
        if not -_INTEGER_BOUND <= value < _INTEGER_BOUND:
            raise OverflowError("integer does not fit in 64 bits")
        return value

    def _other(self, value: object, seen: dict[int, Table]) -> Value:
        if isinstance(value, Handle):
            if value._lua is not self:
                raise HandleError("this handle belongs to another Lua state")
            return self.held(value._number)
        if isinstance(value, bool):
            return TRUE if value else FALSE
        if isinstance(value, bytes):
            return value.decode("latin-1")
        if isinstance(value, (list, tuple, dict)):
            return self._table(value, seen)
        if isinstance(value, (str, int, float)):
            base = str if isinstance(value, str) else int if isinstance(value, int) else float
            return self.to_guest(base(value))
        if callable(value):
            return self._builtin(value, None)
        raise TypeError(f"Lua has no value for {type(value).__name__}")

    def _table(self, value: Any, seen: dict[int, Table]) -> Table:
        table = seen.get(id(value))
        if table is not None:
            return table
        table = seen[id(value)] = Table()

        def one(item: Any) -> Value:
            return self._other(item, seen) if isinstance(item, (list, tuple, dict)) else self.to_guest(item)

        if isinstance(value, dict):
            for key, item in value.items():
                guest_key = one(key)
                if guest_key is None or is_nan(guest_key):
                    raise TypeError("nil and NaN are no keys of a Lua table")
                raw_set(table, guest_key, one(item))
        else:
            store_list(table, [None, *map(one, value)])
        return table

    def to_host(self, value: Value) -> Any:
        """A Lua value as a host value."""
        if type(value) is str:
            return value.encode("latin-1") if self._binary else host_text(value)
        if value is None or type(value) in (int, float):
            return value
        if type(value) is LuaBoolean:
            return value is TRUE
        return handle_for(self, value)

    def results_to_host(self, results: Results) -> Any:
        """What a call gave, for the host."""
        if type(results) is not list:
            return self.to_host(results)
        results = values(results)
        if len(results) < 2:
            return self.to_host(results[0]) if results else None
        return tuple([self.to_host(value) for value in results])

    def _results_to_guest(self, result: object) -> Results:
        if type(result) is tuple:
            return [self.to_guest(value) for value in result]
        return [] if result is None else self.to_guest(result)

    def deep_copy(self, table: Table) -> Any:
        """A table as host lists and dicts."""
        return self._copied(table, {})

    def _copied(self, value: Value, seen: dict[int, Any]) -> Any:
        if not isinstance(value, Table):
            return self.to_host(value)
        if id(value) in seen:
            return seen[id(value)]
        count = len(value.array_part) - 1
        is_list = count > 0 and not value.__dict__ and not value.hash_part
        made: Any = [] if is_list else {}
        seen[id(value)] = made
        entry = next_entry(value, None)
        while entry is not None:
            copied = self._copied(entry[1], seen)
            if is_list and isinstance(entry[0], int):
                made.extend([None] * (entry[0] - 1 - len(made)) + [copied])
            else:
                made[self._copied_key(entry[0])] = copied
            entry = next_entry(value, entry[0])
        return made

    def _copied_key(self, key: Value) -> Any:
        return self.to_host(key)

    # What handles stand for

    def hold(self, value: Value) -> int:
        """Keep a value for a handle; its number."""
        number = next(self._numbers)
        self._held[number] = value
        return number

    def held(self, number: int) -> Value:
        """The value of a handle.

        Raises:
            HandleError: the state is closed or the handle released.
        """
        try:
            return self._held[number]
        except KeyError:
            pass
        if self._state is None:
            raise HandleError("the Lua state of this handle is closed")
        raise HandleError("this handle was released")

    def held_table(self, number: int) -> Table:
        """The table of a handle; raises HandleError as `held` does."""
        value = self.held(number)
        assert isinstance(value, Table)
        return value

    def held_coroutine(self, number: int) -> Coroutine:
        """The coroutine of a handle; raises HandleError as `held` does."""
        value = self.held(number)
        assert isinstance(value, Coroutine)
        return value

    def let_go(self, number: int) -> None:
        """A handle is gone."""
        self._held.pop(number, None)
