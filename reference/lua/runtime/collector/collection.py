"""The collector as programs see it (manual 2.5 and 6.1, `collectgarbage`).

The host owns memory: reference counts free most garbage at once, its cyclic collector the rest. What is left to do here:
a full collection with finalisers and weak tables in Lua's order, the pace of `step`, keeping tables alive while the
collector is stopped, and the count of bytes.
"""

from __future__ import annotations

import gc
import time
from typing import Callable
from weakref import ref

from lockstep.reference.lua.runtime.collector.finalisation import Finalisers
from lockstep.reference.lua.runtime.collector.reachability import (
    bytes_of,
    coroutines_without_owner,
    reachable,
)
from lockstep.reference.lua.runtime.collector.weak_tables import WEAK_CLASSES, Recent, is_as_weak, weaken
from lockstep.reference.lua.runtime.stack.coroutine import end_lost
from lockstep.reference.lua.runtime.stack.depth import is_deeper
from lockstep.reference.lua.runtime.state import FinaliserQueue, State
from lockstep.reference.lua.runtime.values import Collectable, Owned, Table

# Work of one step of a KiB, in bytes, at a step multiplier of 100; and of 5.4's basic step (LUAI_GCSTEPSIZE times that).
_STEP_BYTES = 1024
_BASIC_STEP_BYTES = 8192 * 100
# What one `collectgarbage("count")` leaves behind until the next cycle, and how much of that starts one.
_CALL_BYTES = 64
_CYCLE_BYTES = 16 << 10
_TABLE_BYTES = 56
# So many tables are made between two looks at what is recent in weak tables.
_TABLES_OF_CYCLE = 10_000
# `count` looks at every value. So many looks in a row, each sooner after the one before than so many times as long as that took,
# are exact; then one is taken when so many times its length has passed.
_EXACT_IN_A_ROW = 100
_RAPID = 2
_PATIENCE = 8


class _Apart:
    """Holds what waits for its finaliser in a cycle of its own, so that the host takes it for garbage once more."""

    def __init__(self, waiting: list[tuple[int, Owned]], back: list[tuple[int, Owned]]) -> None:
        self.waiting = waiting
        self.back = back
        self.cycle = self

    def __del__(self) -> None:
        self.back.extend(self.waiting)


class Collector:
    """One state's collector.

    Attributes:
        mode: `incremental` or `generational`.
        pause: the pause parameter.
        multiplier: the step multiplier.
        kept: tables made while the collector is stopped; they stay until it is not.
    """

    def __init__(self, state: State) -> None:
        self._state = ref(state)
        self.mode = "incremental"
        self.pause = 200
        self.multiplier = 100 if state.integers else 200
        self.kept: list[Table] = []
        self._work = 0
        self._called = 0
        # What the last look at the program's values found, when, and how long it took.
        self._reached = 0
        self._looked = 0.0
        self._look_takes = 0.0
        self._in_a_row = 0

    @property
    def state(self) -> State:
        """The state."""
        state = self._state()
        assert state is not None
        return state

    @property
    def running(self) -> bool:
        """Whether the collector was not stopped."""
        return not self.state.finalisers.stopped

    def stop(self) -> None:
        """Stop: from now on no finaliser runs on its own, and no table goes."""
        state = self.state
        state.finalisers.stopped = True
        kept = self.kept

        def new_table() -> Table:
            table = Table()
            kept.append(table)
            return table

        self._make_tables(new_table)

    def restart(self) -> None:
        """Go on."""
        state = self.state
        finalisers = state.finalisers
        finalisers.stopped = False
        self._make_tables(Table)
        self.watch(bool(state.recent))
        self.kept.clear()
        if finalisers.waiting:
            finalisers.wake(0)

    def watch(self, wanted: bool) -> None:
        """Count the tables that are made, or do not any more: after many, what is recent in weak tables goes.

        A program that makes tables until an entry has gone, or a finaliser has run, has to come to its end.
        """
        if not self.running:
            return
        if not wanted:
            self._make_tables(Table)
            return
        recent = self.state.recent
        left = _TABLES_OF_CYCLE

        def new_table() -> Table:
            nonlocal left
            left -= 1
            if left <= 0:
                recent.clear()
            return Table()

        self._make_tables(new_table)

    def _make_tables(self, new_table: Callable[[], Table]) -> None:
        state = self.state
        state.new_table = new_table
        state.evaluator.set_table_maker(state)

    def collect(self) -> None:
        """A full cycle.

        Raises:
            LuaError: 5.1: a finaliser failed.
        """
        state = self.state
        self._work = 0
        self._called = 0
        self.kept.clear()
        if state.mentions_modes:
            follow_modes(state)
        state.recent.clear()
        gc.collect()
        if self._end_lost_coroutines():
            gc.collect()
        finalisers = state.finalisers
        if finalisers.waiting:
            _separate(state, finalisers)
        _purge(state)
        failure = finalisers.pending_error
        finalisers.pending_error = None
        finalisers.run(raising=not state.integers)
        if failure is not None:
            raise failure

    def step(self, size: int) -> bool:
        """Work of `size` KiB, or one basic step; whether that ended a cycle.

        A cycle takes as much work as there are bytes in use.
        """
        if self.mode == "generational":
            self.collect()
            return True
        if self._work <= 0:
            self._work = self.bytes_in_use()
        basic = _BASIC_STEP_BYTES if self.state.integers else _STEP_BYTES
        self._work -= (size * _STEP_BYTES if size > 0 else basic) * max(self.multiplier, 40) // 100
        if self._work > 0:
            return False
        self.collect()
        return True

    def count(self) -> int:
        """Bytes in use, as `collectgarbage("count")` tells them.

        Each call leaves a little behind until the next cycle, so that a program that waits for the number to fall gets its
        cycle.
        """
        if self.running and not self.state.finalisers.running:
            self._called += _CALL_BYTES
            if self._called > _CYCLE_BYTES:
                self.collect()
        return self.bytes_in_use()

    def bytes_in_use(self) -> int:
        """The size of all that the program can reach, in Lua's own sizes, and of what is kept.

        A program that asks again and again is now and then told what was reached a moment ago.
        """
        started = time.perf_counter()
        pause = started - self._looked
        self._in_a_row = self._in_a_row + 1 if pause < _RAPID * self._look_takes else 0
        if self._in_a_row < _EXACT_IN_A_ROW or pause > _PATIENCE * self._look_takes:
            self._reached = bytes_of(reachable(self.state).values())
            self._looked = time.perf_counter()
            self._look_takes = self._looked - started
        return self._called + _TABLE_BYTES * len(self.kept) + self._reached

    def _end_lost_coroutines(self) -> bool:
        lost = coroutines_without_owner(self.state)
        for coroutine in lost:
            coroutine.abandon()
        return bool(lost)


def follow_modes(state: State) -> None:
    """Make tables as weak as their metatables say, which may not have said so when they were set."""
    if all(_follows(value) for value in gc.get_objects() if value.__class__ in WEAK_CLASSES):
        return
    for value in list(reachable(state).values()):
        if value.__class__ in WEAK_CLASSES and not _follows(value):
            weaken(state, value, value.meta_table.__dict__.get("__mode"))


def _follows(table: Table) -> bool:
    return table.meta_table is None or is_as_weak(table, table.meta_table.__dict__.get("__mode"))


def _separate(state: State, finalisers: FinaliserQueue) -> None:
    """Clear weak references to what only objects reach that are to be finalised (manual 2.5.4), but for keys.

    The host clears all weak references to garbage. It is shown the queue as garbage, and gives it back.
    """
    back: list[tuple[int, Owned]] = []
    finalisers.running = True
    try:
        apart: _Apart | None = _Apart(finalisers.waiting, back)
        finalisers.waiting = []
        del apart
        gc.collect()
    finally:
        finalisers.running = False
    finalisers.waiting.extend(back)
    if any(True for reference in state.weak_entries if reference() is not None):
        for value in reachable(state, [value for _, value in back]).values():
            if isinstance(value, Collectable):
                _restore_keys(value)


def _restore_keys(value: object) -> None:
    attached = getattr(value, "attached", None)
    if attached is not None and attached.weak:
        for reference, _ in list(attached.weak.values()):
            entries = reference()
            if entries is not None:
                entries.restore_key(value)


def _purge(state: State) -> None:
    """Let weak tables forget what is gone, and keep the rest until the next collection."""
    alive = []
    for reference in state.weak_entries:
        entries = reference()
        if entries is not None:
            entries.purge()
            entries.hold()
            alive.append(reference)
    state.weak_entries = alive


def safe_point(state: State) -> None:
    """What waits to be done between two steps of Lua code."""
    finalisers = state.finalisers
    most = state.budget.limits.depth
    if most is not None and is_deeper(most):
        state.budget.end("depth")
    if state.budget.limits.stress is not None and not finalisers.running:
        state.collector.collect()
    elif state.safe_point_wanted and not finalisers.stopped:
        finalisers.run(raising=not state.integers)


def open_collector(state: State) -> None:
    """Give a state its collector."""
    state.finalisers = Finalisers(state)
    state.collector = Collector(state)
    state.recent = Recent(state.collector.watch)


def close_collector(state: State) -> None:
    """The state ends: all finalisers run, and no coroutine is left suspended."""
    state.collector.kept.clear()
    state.recent.clear()
    state.finalisers.close()
    for coroutine in state.suspended():
        coroutine.abandon()
    end_lost(state)
