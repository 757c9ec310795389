"""Garbage collection as programs see it (manual 2.5): weak tables, finalisers, `collectgarbage`."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import Any

from reference.lua.runtime.calls import call_value
from reference.lua.runtime.protection import error_value
from reference.lua.runtime.state import State
from reference.lua.runtime.values import Function, LuaError, Table, Userdata, Value, raw_get


def used_kilobytes() -> float:
    """Memory in use, in KiB: what the host has allocated, as it counts it."""
    allocated = getattr(sys, "getallocatedblocks", None)
    if allocated is not None:
        return float(allocated() * 64) / 1024
    return 1024.0


def _is_collectable(value: Value) -> bool:
    return isinstance(value, (Table, Function, Userdata)) or type(value).__name__ == "Coroutine"


def collect(state: State) -> None:
    """A full collection: weak entries of what is not otherwise reachable go, finalisers run."""
    held = [_Weakened(table) for table in _weak_tables(state)]
    gc.collect()
    for one in held:
        one.restore()
    run_finalizers(state)


def _weak_tables(state: State) -> list[Table]:
    alive = []
    seen: set[int] = set()
    for reference in state.weak_references:
        table = reference()
        if table is not None and table.meta_table is not None and id(table) not in seen:
            seen.add(id(table))
            mode = raw_get(table.meta_table, "__mode")
            if type(mode) is str and ("k" in mode or "v" in mode):
                alive.append(table)
    state.weak_references = [weakref.ref(table) for table in alive]
    return alive


class _Weakened:
    """The entries of a weak table while the host collects: held weakly where the mode says so."""

    def __init__(self, table: Table) -> None:
        self.table = table
        assert table.meta_table is not None
        mode = str(raw_get(table.meta_table, "__mode"))
        self.weak_keys = "k" in mode
        self.weak_values = "v" in mode
        self.entries: list[tuple[Any, Any]] = []
        self.array: list[Any] = []
        self.ephemerons: weakref.WeakKeyDictionary[Any, Value] = weakref.WeakKeyDictionary()
        if self.weak_values:
            self.array = [self._hold(value, weak=True) for value in table.array_part]
            table.array_part = [None]
        for store in (table.__dict__, table.hash_part):
            for key, value in list(store.items()):
                weak_key = self.weak_keys and _is_collectable(key)
                weak_value = self.weak_values and _is_collectable(value)
                if not (weak_key or weak_value):
                    del key, value
                    continue
                del store[key]
                if weak_key and not weak_value:
                    # An ephemeron: the key's own life keeps the value, as far as the host can say.
                    self.entries.append((weakref.ref(key), _Ephemeron(self.ephemerons, key, value)))
                else:
                    self.entries.append((self._hold(key, weak_key), self._hold(value, weak_value)))
                del key, value

    @staticmethod
    def _hold(value: Value, weak: bool) -> Any:
        return weakref.ref(value) if weak and _is_collectable(value) else (value,)

    def restore(self) -> None:
        """Put back what is still alive."""
        table = self.table
        if self.weak_values:
            values = [self._value(held) for held in self.array]
            while len(values) > 1 and values[-1] is None:
                values.pop()
            table.array_part = values
        for held_key, held_value in self.entries:
            key = self._value(held_key)
            value = held_value.value(key) if isinstance(held_value, _Ephemeron) else self._value(held_value)
            if key is None or value is None:
                continue
            (table.__dict__ if type(key) is str else table.hash_part)[key] = value
        self.entries = []

    @staticmethod
    def _value(held: Any) -> Value:
        return held[0] if isinstance(held, tuple) else held()


class _Ephemeron:
    """A value that lives as long as its key: the key's attribute while the host collects."""

    __slots__ = ("held",)

    def __init__(self, held: weakref.WeakKeyDictionary[Any, Value], key: Any, value: Value) -> None:
        self.held = held
        held[key] = value

    def value(self, key: Any) -> Value:
        """The value, if the key is still there."""
        return None if key is None else self.held.pop(key, None)


def run_finalizers(state: State) -> None:
    """Call `__gc` for what the host found to be garbage, last marked first."""
    if state.finalizing:
        return
    state.finalizing = True
    try:
        while state.finalizers:
            waiting = sorted(state.finalizers, key=lambda one: -state.finalizer_order.get(id(one), 0))
            state.finalizers.clear()
            for table in waiting:
                _finalize(state, table)
    finally:
        state.finalizing = False


def _finalize(state: State, table: Table) -> None:
    meta_table = table.meta_table
    handler = None if meta_table is None else raw_get(meta_table, "__gc")
    if not isinstance(handler, Function):
        return
    try:
        call_value(state, handler, table)
    except (LuaError, RecursionError) as error:
        error_value(error)
        if state.warnings_on:
            state.warn("error in __gc")
