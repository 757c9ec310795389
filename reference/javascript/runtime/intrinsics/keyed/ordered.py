"""The storage of Map and Set: insertion order, SameValueZero keys, iteration that survives any change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from types import GeneratorType
from typing import Any

from lockstep.reference.javascript.runtime.values import Value

_NAN = object()
_DELETED = object()
# So many gaps are kept at least: closing them moves every entry.
_FEWEST_GAPS = 32


def canonical(key: Value) -> Value:
    """A host dictionary key that is equal exactly for SameValueZero keys (7.2.11)."""
    kind = key.__class__
    if kind is float:
        return _NAN if key != key else key  # noqa: PLR0124  # NaN
    return ("boolean", key) if kind is bool else key


class _Order:
    """What an iteration counts positions in: once gaps were closed, it goes on in the order that followed.

    Attributes:
        closed: the positions that are gone, ascending, once there is a following order.
        following: the order that took its place.
    """

    __slots__ = ("closed", "following")

    def __init__(self) -> None:
        self.closed: Sequence[int] = ()
        self.following: _Order | None = None


def _moved(position: int, order: _Order) -> tuple[int, _Order]:
    """A position, and what it counts in, after gaps were closed."""
    while order.following is not None:
        position -= bisect_left(order.closed, position)
        order = order.following
    return position, order


def remaining(iteration: GeneratorType[list[Any], None, None]) -> list[tuple[Value, Value]]:
    """Key and value of what an iteration over entries has not handed out yet; it is not moved."""
    if iteration.gi_frame is None:
        return []
    local = iteration.gi_frame.f_locals
    if "order" not in local:
        return list(local["self"].pairs())  # it has not begun
    start, _ = _moved(local["position"], local["order"])
    return [(entry[0], entry[1]) for entry in local["entries"][start:] if entry is not _DELETED]


class OrderedEntries:
    """Entries [key, value, position] in order; a deleted one leaves a gap that running iterations step over.

    Attributes:
        table: the entries by their canonical keys; the same dictionary always.
        entries: the entries and gaps by position.
    """

    __slots__ = ("_order", "entries", "table")

    def __init__(self) -> None:
        self.table: dict[Value, list[Any]] = {}
        self.entries: list[Any] = []
        self._order = _Order()

    def __len__(self) -> int:
        return len(self.table)

    def has(self, key: Value) -> bool:
        """Whether the key is present."""
        return canonical(key) in self.table

    def get(self, key: Value) -> Value:
        """The value, or undefined."""
        entry = self.table.get(canonical(key))
        return None if entry is None else entry[1]

    def set(self, key: Value, value: Value) -> None:
        """Add or replace; -0 becomes +0."""
        name = canonical(key)
        entry = self.table.get(name)
        if entry is not None:
            entry[1] = value
            return
        if key.__class__ is float and key == 0:
            name = key = 0.0
        self.table[name] = entry = [key, value, len(self.entries)]
        self.entries.append(entry)

    def delete(self, key: Value) -> bool:
        """Remove; whether it was present."""
        entry = self.table.pop(canonical(key), None)
        if entry is None:
            return False
        self.entries[entry[2]] = _DELETED
        gaps = len(self.entries) - len(self.table)
        if gaps > _FEWEST_GAPS and gaps > len(self.table):
            self._close_gaps()
        return True

    def clear(self) -> None:
        """Remove everything."""
        self.table.clear()
        self.entries[:] = [_DELETED] * len(self.entries)
        self._close_gaps()

    def _close_gaps(self) -> None:
        closed = [position for position, entry in enumerate(self.entries) if entry is _DELETED]
        self.entries[:] = [entry for entry in self.entries if entry is not _DELETED]
        for position, entry in enumerate(self.entries):
            entry[2] = position
        order, self._order = self._order, _Order()
        order.closed, order.following = closed, self._order

    def pairs(self) -> Iterator[tuple[Value, Value]]:
        """Key and value of each."""
        return ((key, value) for key, value, _ in self)

    def __iter__(self) -> Iterator[list[Any]]:
        position, order, entries = 0, self._order, self.entries
        while True:
            if order.following is not None:
                position, order = _moved(position, order)
            if position >= len(entries):
                return
            entry = entries[position]
            position += 1
            if entry is not _DELETED:
                yield entry
