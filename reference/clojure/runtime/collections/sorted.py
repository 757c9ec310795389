"""Sorted maps and sets: host lists of keys in order, with the values in a parallel list.

Finding a place is a binary search with the guest's comparator; an update copies the two lists, which the host
does at memory speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections.interface import elements_seq
from lockstep.reference.clojure.runtime.collections.maps import MapInterface, SetInterface
from lockstep.reference.clojure.runtime.collections.vector import MapEntry
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import compare, compare_result, is_comparable
from lockstep.reference.clojure.runtime.values.faults import class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata

Comparator = Callable[[Value, Value], Value]


def _place(keys: list[Value], key: Value, comparator: Comparator | None) -> tuple[int, bool]:
    """Where `key` stands or would stand in `keys`, and whether it is there."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) >> 1
        if comparator is None:
            order = compare(key, keys[middle])
        else:
            result = comparator(key, keys[middle])
            order = (
                result if result.__class__ is int else compare_result(result, comparator, key, keys[middle])
            )
        if order == 0:
            return middle, True
        if order < 0:
            high = middle
        else:
            low = middle + 1
    if not keys and comparator is None:
        compare(key, key)
        if not is_comparable(key):
            raise class_cast_fault(key, "java.lang.Comparable")
    return low, False


class SortedMap(MapInterface):
    """A map in the order of its comparator (None: `compare`)."""

    __slots__ = ("comparator", "sorted_keys", "sorted_values", "table")

    def __init__(
        self,
        keys: list[Value],
        values: list[Value],
        comparator: Comparator | None = None,
        metadata: Metadata = None,
    ) -> None:
        self.sorted_keys = keys
        self.sorted_values = values
        self.comparator = None if comparator is None else comparing(comparator)
        self.metadata = metadata
        self.table = None

    def count(self) -> int:
        """How many entries there are."""
        return len(self.sorted_keys)

    def place(self, key: Value) -> tuple[int, bool]:
        """Where `key` stands, and whether it is there."""
        return _place(self.sorted_keys, key, self.comparator)

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        if not self.sorted_keys:
            return default
        index, found = self.place(key)
        return self.sorted_values[index] if found else default

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return bool(self.sorted_keys) and self.place(key)[1]

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        if not self.sorted_keys:
            return None
        index, found = self.place(key)
        return MapEntry(self.sorted_keys[index], self.sorted_values[index]) if found else None

    def entries(self) -> list[MapEntry]:
        """The entries in order."""
        return [MapEntry(key, value) for key, value in zip(self.sorted_keys, self.sorted_values)]

    def keys(self) -> list[Value]:
        """The keys in order."""
        return list(self.sorted_keys)

    def values(self) -> list[Value]:
        """The values in the order of their keys."""
        return list(self.sorted_values)

    def assoc_key(self, key: Value, value: Value) -> SortedMap:
        """The map with `value` under `key`."""
        index, found = self.place(key)
        keys, values = self.sorted_keys, self.sorted_values[:]
        if found:
            values[index] = value
        else:
            keys = keys[:]
            keys.insert(index, key)
            values.insert(index, value)
        return SortedMap(keys, values, self.comparator, self.metadata)

    def dissoc(self, key: Value) -> SortedMap:
        """The map without `key`."""
        index, found = self.place(key) if self.sorted_keys else (0, False)
        if not found:
            return self
        keys, values = self.sorted_keys[:], self.sorted_values[:]
        del keys[index]
        del values[index]
        return SortedMap(keys, values, self.comparator, self.metadata)

    def empty(self) -> SortedMap:
        """An empty map with the same comparator."""
        return SortedMap([], [], self.comparator, self.metadata)

    def rseq(self) -> ISeq | None:
        """The entries in reverse order."""
        return elements_seq(self.entries()[::-1])

    def entry_key(self, entry: Value) -> Value:
        """The key that an entry is sorted by."""
        return cast("MapEntry", entry).key()


class SortedSet(SetInterface):
    """A set in the order of its comparator."""

    __slots__ = ("map",)

    def __init__(self, source: SortedMap, metadata: Metadata = None) -> None:
        self.map = source
        self.metadata = metadata

    @property
    def comparator(self) -> Comparator | None:
        """The comparator, None for `compare`."""
        return self.map.comparator

    def count(self) -> int:
        """How many elements there are."""
        return self.map.count()

    def contains(self, key: Value) -> bool:
        """Whether `key` is in the set."""
        return self.map.contains(key)

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element equal to `key`."""
        return self.map.lookup(key, default)

    def conj(self, value: Value) -> SortedSet:
        """The set with `value`."""
        if self.map.contains(value):
            return self
        return SortedSet(self.map.assoc_key(value, value), self.metadata)

    def disj(self, key: Value) -> SortedSet:
        """The set without `key`."""
        return SortedSet(self.map.dissoc(key), self.metadata)

    def elements(self) -> list[Value]:
        """The elements in order."""
        return self.map.sorted_keys

    def empty(self) -> SortedSet:
        """An empty set with the same comparator."""
        return SortedSet(self.map.empty(), self.metadata)

    def rseq(self) -> ISeq | None:
        """The elements in reverse order."""
        return elements_seq(self.map.sorted_keys[::-1])

    def entry_key(self, entry: Value) -> Value:
        """The key that an element is sorted by."""
        return entry

    def __iter__(self) -> Iterator[Value]:
        return iter(self.map.sorted_keys)


def comparing(comparator: Function) -> Comparator:
    """A comparator as a function: an object of a guest's type is asked by its `compare`."""
    own = getattr(comparator, "java_methods", {}).get("compare")
    return comparator if own is None else lambda left, right: own(comparator, left, right)


def sort_key(comparator: Comparator) -> Callable[[Value, Value], int]:
    """A host comparison function for a guest comparator."""
    comparator = comparing(comparator)

    def ordered(left: Value, right: Value) -> int:
        result = comparator(left, right)
        if result.__class__ is int:
            return int(result)
        return compare_result(result, comparator, left, right)

    return ordered
