"""Finalisers (manual 2.5.3; 5.1 manual 2.10.1): marking, finding what is garbage, and calling `__gc`.

An object is marked when it gets a metatable with `__gc` (5.1: userdata, always). Its class then has a `__del__`, which
puts it into a queue, alive again. The queue is worked off at safe points: where steps are counted at one of the next
steps, else between two statements of the Lua code that let the object go, by `collectgarbage`, and when the state
closes. Never while the collector is stopped, nor inside another finaliser.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any
from weakref import ref

from lockstep.reference.lua.runtime.collector.weak_tables import (
    FINALIZED_CLASSES,
    FinalizedTable,
    FinalizedUserdata,
    FinalizedWeakTable,
    WeakTable,
    attached_to,
    own_fields,
    set_own_fields,
    weaken,
)
from lockstep.reference.lua.runtime.operations.calls import call_value
from lockstep.reference.lua.runtime.stack.exiting import ProgramExit
from lockstep.reference.lua.runtime.stack.frames import kind_of
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaError, Owned, Table, Userdata

# Steps until waiting finalisers run: they run together, as after a cycle of the collector.
_STEPS_BEFORE = 100
_STEPS_BEFORE_REMARKED = 2000
_CLOSING_ROUNDS = 10
# References to an object from the host that calls its `__del__`, from that, and from what that calls.
_HELD_BY_THE_HOST = 4


def _references(value: object) -> int:
    """References to an object, as the host counts them; many where it does not."""
    counted = getattr(sys, "getrefcount", None)
    return 1 << 30 if counted is None else int(counted(value))


def _references_of_nothing() -> int:
    """`_references` of an object that only its caller's caller holds."""

    def called(value: object) -> int:
        return _references(value)

    made = object()
    return called(made)


class Mark:
    """One object's mark; `order` grows with each mark of a state."""

    __slots__ = ("finalisers", "order")

    def __init__(self, finalisers: Finalisers, order: int) -> None:
        self.finalisers = finalisers
        self.order = order

    def found(self, value: Owned) -> None:
        """The host found `value` to be garbage."""
        self.finalisers.found(self, value)


class Finalisers:
    """The marked objects of one state.

    Attributes:
        waiting: what is garbage and not yet finalised, with its mark's order.
        running: whether a finaliser runs.
        stopped: whether automatic finalisation is off, as `collectgarbage("stop")` wants it.
    """

    def __init__(self, state: State) -> None:
        self._state = ref(state)
        self._thread = threading.get_ident()
        self._order = 0
        self._alone = _references_of_nothing()
        self._marked: dict[int, Any] = {}
        self.waiting: list[tuple[int, Owned]] = []
        self.running = False
        self.stopped = False
        self.closing = False
        # 5.1: an error of a finaliser that ran where it could not be raised.
        self.pending_error: LuaError | None = None

    def __len__(self) -> int:
        return len(self._marked) + len(self.waiting)

    def mark(self, value: Owned) -> None:
        """Mark an object, whose class is one that tells when it is garbage."""
        if self.closing:
            return
        attached = attached_to(value)
        if attached.mark is None:
            self._order += 1
            attached.mark = Mark(self, self._order)
            self._marked[self._order] = ref(value)

    def found(self, mark: Mark, value: Owned) -> None:
        """Queue an object that is garbage; called by the host wherever it finds it."""
        if self._marked.pop(mark.order, None) is None:
            return
        self.waiting.append((mark.order, value))
        if not (self.running or self.stopped or self.closing):
            self.wake(_STEPS_BEFORE)

    def wake(self, steps: int) -> None:
        """Have the queue worked off soon."""
        state = self._state()
        if state is None:
            return
        budget = state.budget
        state.safe_point_wanted = True
        if budget.limits.metered:
            budget.interrupt(steps)
        elif threading.get_ident() == self._thread and _between_statements():
            self._alone += _HELD_BY_THE_HOST
            try:
                self.run(raising=False)
            finally:
                self._alone -= _HELD_BY_THE_HOST

    def run(self, *, raising: bool) -> None:
        """Call the finalisers of what waits, last marked first.

        Args:
            raising: 5.1: let an error reach the running program.

        Raises:
            LuaError: 5.1: a finaliser failed; those after it stay in the queue.
        """
        state = self._state()
        if state is None:
            return
        state.safe_point_wanted = False
        if self.running or not self.waiting:
            return
        # Finalisers run at the end of a collection, and that has taken what weak tables alone hold.
        state.recent.clear()
        newest = self._order
        self.running = True
        try:
            while True:
                batch = [one for one in self.waiting if one[0] <= newest]
                if not batch:
                    break
                self.waiting = [one for one in self.waiting if one[0] > newest]
                batch.sort(key=lambda one: one[0])
                _clear_weak_values(state, batch)
                self._run_batch(state, batch, raising)
        finally:
            self.running = False
        if self.waiting and not (self.stopped or self.closing):
            # What was marked again waits for the next cycle.
            self._wake_later(state)

    def _wake_later(self, state: State) -> None:
        if state.budget.limits.metered:
            state.safe_point_wanted = True
            state.budget.interrupt(_STEPS_BEFORE_REMARKED)

    def _run_batch(self, state: State, batch: list[tuple[int, Owned]], raising: bool) -> None:
        while batch:
            value = batch.pop()[1]
            value.attached.mark = None
            try:
                _finalize(state, value)
            except ProgramExit:
                # Those left run when the state closes.
                self.waiting.extend(batch)
                raise
            except (LuaError, RecursionError, MemoryError) as error:
                message = error_value(error)
                error.__traceback__ = None
                if state.integers:
                    shown = message if type(message) is str else "error object is not a string"
                    if state.warnings_on:
                        state.warn(f"error in __gc ({shown})")
                else:
                    failure = LuaError(message)
                    if raising:
                        self.waiting.extend(batch)
                        raise failure from None
                    self.pending_error = failure
            mark = value.attached.mark
            if mark is not None and not self.closing:
                value = self._renewed(state, value, mark)
            del value

    def _renewed(self, state: State, value: Owned, mark: Mark) -> Owned:
        """An object that was marked again.

        The host calls `__del__` once for each object; so where nothing else holds it another object takes its place.
        """
        if not isinstance(value, Table) or _references(value) > self._alone:
            return value
        kind: Any = value.__class__
        made: Table = kind.__new__(kind)
        set_own_fields(made, own_fields(value))
        made.array_part = value.array_part
        made.hash_part = value.hash_part
        made.meta_table = value.meta_table
        attached_to(made).mark = mark
        value.attached.mark = None
        self._marked[mark.order] = ref(made)
        return made

    def close(self) -> None:
        """The state ends: finalise all marked objects, in the reverse order of their marks."""
        state = self._state()
        if state is None:
            return
        self.closing = True
        for _ in range(1 if state.integers else _CLOSING_ROUNDS):
            for order, reference in list(self._marked.items()):
                value = reference()
                if value is not None:
                    self.waiting.append((order, value))
                del value
            self._marked.clear()
            if not self.waiting:
                break
            self.run(raising=False)
        self.waiting.clear()


def _between_statements() -> bool:
    """Whether the host frame that let the object go is one of Lua code, and not one of the runtime."""
    frame: FrameType | None = sys._getframe(1)
    own = __file__
    while frame is not None and (frame.f_code.co_filename == own or frame.f_code.co_name == "__del__"):
        frame = frame.f_back
    return frame is not None and kind_of(frame) == "compiled"


def _clear_weak_values(state: State, batch: list[tuple[int, Owned]]) -> None:
    """Manual 2.5.4: what is to be finalised is removed from weak values before, from weak keys after."""
    values = {id(value) for _, value in batch}
    for reference in state.weak_entries:
        entries = reference()
        if entries is not None:
            entries.drop_values(values)


def _finalize(state: State, value: Owned) -> None:
    meta_table = value.meta_table
    handler = None if meta_table is None else meta_table.__dict__.get("__gc")
    if handler is not None:
        call_value(state, handler, value)


def set_metatable(state: State, value: Table, meta_table: Table | None) -> None:
    """Give a table a metatable: `__mode` makes it weak, `__gc` (5.4) marks it for finalisation."""
    value.meta_table = meta_table
    if meta_table is None:
        if type(value.hash_part) is not dict:
            weaken(state, value, None)
        return
    fields = meta_table.__dict__
    if "__mode" in fields or type(value.hash_part) is not dict:
        weaken(state, value, fields.get("__mode"))
    if "__gc" in fields and state.integers:
        kind = type(value)
        if kind not in FINALIZED_CLASSES:
            value.__class__ = FinalizedWeakTable if kind is WeakTable else FinalizedTable
        state.finalisers.mark(value)


def set_userdata_metatable(state: State, value: Userdata, meta_table: Table | None) -> None:
    """Give userdata a metatable, and mark it for finalisation (5.1: whether it has `__gc` counts later)."""
    value.meta_table = meta_table
    if meta_table is None or type(value) not in (Userdata, FinalizedUserdata):
        return
    if not state.integers or "__gc" in meta_table.__dict__:
        value.__class__ = FinalizedUserdata
        state.finalisers.mark(value)
