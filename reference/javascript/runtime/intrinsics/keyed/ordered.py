"""The storage of Map and Set: insertion order, SameValueZero keys, iteration that survives any change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lockstep.reference.javascript.runtime.values import BigInt, Value

_NAN = object()
_DELETED = object()


def canonical(key: Value) -> Value:
    """A host dictionary key that is equal exactly for SameValueZero keys (7.2.11)."""
    kind = key.__class__
    if kind is float:
        return _NAN if key != key else key  # noqa: PLR0124  # NaN
    if kind is bool:
        return ("boolean", key)
    if kind is BigInt:
        return key
    return key


class OrderedEntries:
    """Entries [key, value] in order; a deleted one leaves a gap that running iterations step over."""

    __slots__ = ("entries", "positions")

    def __init__(self) -> None:
        self.positions: dict[Value, int] = {}
        self.entries: list[Any] = []

    def __len__(self) -> int:
        return len(self.positions)

    def has(self, key: Value) -> bool:
        """Whether the key is present."""
        return canonical(key) in self.positions

    def get(self, key: Value) -> Value:
        """The value, or undefined."""
        position = self.positions.get(canonical(key))
        return None if position is None else self.entries[position][1]

    def set(self, key: Value, value: Value) -> None:
        """Add or replace; -0 becomes +0."""
        name = canonical(key)
        position = self.positions.get(name)
        if position is not None:
            self.entries[position][1] = value
            return
        if key.__class__ is float and key == 0:
            key = 0.0
        self.positions[name] = len(self.entries)
        self.entries.append([key, value])

    def delete(self, key: Value) -> bool:
        """Remove; whether it was present."""
        position = self.positions.pop(canonical(key), None)
        if position is None:
            return False
        self.entries[position] = _DELETED
        return True

    def clear(self) -> None:
        """Remove everything."""
        self.positions.clear()
        self.entries[:] = [_DELETED] * len(self.entries)

    def __iter__(self) -> Iterator[list[Value]]:
        index = 0
        while index < len(self.entries):
            entry = self.entries[index]
            index += 1
            if entry is not _DELETED:
                yield entry
