"""`next`: the order of a table's keys, stable while fields are cleared (manual 6.1)."""

from __future__ import annotations

from math import isnan
from weakref import ReferenceType, ref

from lockstep.reference.lua.runtime.operations.conversion import integer_of_float
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.values import Collectable, Table, Value


class Traversal:
    """The keys outside the array part as they were when a traversal reached them; a weak table's are held weakly."""

    __slots__ = ("keys", "position", "positions", "weak")

    def __init__(self, keys: list[Value], weak: bool = False) -> None:
        self.weak = weak
        self.keys = [ref(key) if isinstance(key, Collectable) else key for key in keys] if weak else keys
        self.position = -1
        self.positions: dict[Value, int] | None = None

    def find(self, key: Value) -> int:
        """The position of `key`, or -1; the key given last is found at once."""
        if self.weak and isinstance(key, Collectable):
            key = ref(key)
        at = self.position
        if 0 <= at < len(self.keys) and self.keys[at] is key:
            return at
        if self.positions is None:
            self.positions = {known: number for number, known in enumerate(self.keys)}
        return self.positions.get(key, -1)


def snapshot(table: Table) -> list[Value]:
    """The keys outside the array part, in order."""
    keys: list[Value] = list(table.__dict__)
    keys.extend(table.hash_part)
    return keys


def next_entry(table: Table, key: Value) -> list[Value] | None:
    """`next(table, key)` as [key, value]; None at the end.

    Raises:
        LuaError: the key was not in the table.
    """
    array = table.array_part
    size = len(array)
    if type(key) is float:
        key = key if isnan(key) or integer_of_float(key) is None else integer_of_float(key)
    at = 0
    if key is not None:
        at = -1
        if type(key) is int and key > 0:
            at = key if key < size else -1
    if at >= 0:
        for position in range(at + 1, size):
            value = array[position]
            if value is not None:
                table.traversal = position
                return [position, value]
        return _following(table, _begin(table), -1)
    traversal: Traversal | int | None = getattr(table, "traversal", None)
    if isinstance(traversal, Traversal):
        found = traversal.find(key)
        if found >= 0:
            return _following(table, traversal, found)
    fresh = _begin(table)
    found = fresh.find(key)
    if found >= 0:
        return _following(table, fresh, found)
    if type(key) is int and key == traversal:
        # A key that was in the array part until the traversal cleared what followed it.
        return _following(table, fresh, -1)
    return runtime_error("invalid key to 'next'", 0)


def _begin(table: Table) -> Traversal:
    traversal = Traversal(snapshot(table), type(table.hash_part) is not dict)
    table.traversal = traversal
    return traversal


def _following(table: Table, traversal: Traversal, position: int) -> list[Value] | None:
    strings = table.__dict__
    others = table.hash_part
    keys = traversal.keys
    for number in range(position + 1, len(keys)):
        key = keys[number]
        if type(key) is ReferenceType:
            key = key()
        value = strings.get(key) if type(key) is str else others.get(key)
        if value is None and type(key) is int and 0 < key < len(table.array_part):
            value = table.array_part[key]
        if value is not None:
            traversal.position = number
            return [key, value]
    table.traversal = None
    return None
