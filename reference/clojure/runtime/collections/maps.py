"""Persistent maps over one host dict that versions share.

The newest version owns the dict (`table`); an older one has `table` None and a note of what was there
(Baker's trick). Up to `_COPIED` entries a plain copy is cheaper. As in `vector.py`, a copy cuts the history once
there are as many notes as entries. The dict keeps insertion order, as array maps do in Clojure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lockstep.reference.clojure.runtime.collections.foreign import is_equal_map, set_elements
from lockstep.reference.clojure.runtime.collections.interface import (
    Collection,
    Seq,
    elements_seq,
    iterate_seq,
    seq,
)
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector, transient_used
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import (
    DoubleKey,
    Probe,
    equiv,
    hash_unordered,
    held_key,
    key_of,
)
from lockstep.reference.clojure.runtime.values.faults import argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import ISeq, Metadata

Table = dict[Value, Value]

_COPIED = 24
_ABSENT: Any = object()


class MapInterface(Collection):
    """What hash maps, sorted maps and records share (clojure.lang.IPersistentMap)."""

    __slots__ = ()

    def entries(self) -> list[MapEntry]:
        """The entries as a host list."""
        raise NotImplementedError

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        raise NotImplementedError

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        raise NotImplementedError

    def assoc_key(self, key: Value, value: Value) -> MapInterface:
        """The map with `value` under `key`."""
        raise NotImplementedError

    def dissoc(self, key: Value) -> MapInterface:
        """The map without `key`."""
        raise NotImplementedError

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        raise NotImplementedError

    def conj(self, value: Value) -> MapInterface:
        """The map with an entry, a vector of two, or all entries of a map.

        Raises:
            IllegalArgumentException: a vector is not of length 2.
            ClassCastException: it is none of these.
        """
        if value is None:
            return self
        if isinstance(value, Vector):
            if value.size != 2:
                raise argument_fault("Vector arg to map conj must be a pair")
            items = value.array()
            return self.assoc_key(items[0], items[1])
        result: MapInterface = self
        if isinstance(value, MapInterface):
            for entry in value.entries():
                result = result.assoc_key(*entry.array())
            return result
        for pair in iterate_seq(seq(value)):
            if not isinstance(pair, MapEntry):
                raise class_cast_fault(pair, "java.util.Map$Entry")
            result = result.assoc_key(*pair.array())
        return result

    def seq(self) -> ISeq | None:
        """A sequence of the entries."""
        return MapSeq(self) if self.count() else None

    def __iter__(self) -> Iterator[Value]:
        return iter(self.entries())

    def __len__(self) -> int:
        return self.count()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, MapInterface):
            return other == self if other.__class__ is Probe else is_equal_map(self, other)
        return not getattr(other, "is_record", False) and map_equal(self, other)

    def __hash__(self) -> int:
        total = 0
        for entry in self.entries():
            key, value = entry.array()
            total ^= hash((key_of(key), key_of(value)))
        return total

    def clojure_hash(self) -> int:
        """The number that `hash` gives."""
        return hash_unordered(self.entries())

    def __call__(self, key: Value, default: Value = None) -> Value:
        """Call it, as guests do."""
        return self.lookup(key, default)


def map_equal(left: MapInterface, right: MapInterface) -> bool:
    """Whether two maps have the same entries."""
    if left.count() != right.count():
        return False
    for entry in left.entries():
        key, value = entry.array()
        other = right.lookup(key, _ABSENT)
        if other is _ABSENT or (value is not other and not equiv(value, other)):
            return False
    return True


class MapSeq(Seq):
    """The entries of a map, made when the second one is asked for."""

    __slots__ = ("made", "source")

    def __init__(self, source: MapInterface) -> None:
        self.source = source
        self.made: ISeq | None = None
        self.metadata = None

    def _sequence(self) -> ISeq:
        if self.made is None:
            self.made = elements_seq(self.source.entries())
            assert self.made is not None  # made of a map that has an entry
        return self.made

    def first(self) -> Value:
        """The first entry."""
        if self.made is None and isinstance(self.source, Map):
            return self.source.first_entry()
        return self._sequence().first()

    def next(self) -> ISeq | None:
        """The other entries."""
        return self._sequence().next()

    def count(self) -> int:
        """How many entries there are."""
        return self.source.count()

    def __iter__(self) -> Iterator[Value]:
        return iter(self.source.entries())


class Map(MapInterface):
    """A persistent hash map.

    Attributes:
        table: host dict from `key_of(key)` to value; None while a newer version holds it.
        edits: updates since the dict was copied.
        note: (key, value or absent, newer version) while `table` is None.
    """

    __slots__ = ("edits", "hashed", "note", "table")

    def __init__(self, table: Table, metadata: Metadata = None) -> None:
        self.table: Table | None = table
        self.metadata = metadata
        self.edits = 0
        self.note: tuple[Value, Value, Map] | None = None

    def __hash__(self) -> int:
        # Kept: what is made of maps in maps would take the square of its depth.
        try:
            return self.hashed
        except AttributeError:
            self.hashed: int = super().__hash__()
        return self.hashed

    def settled(self) -> dict[Value, Value]:
        """The host dict; it must not be changed."""
        table: dict[Value, Value] | None = self.table
        return self._settle() if table is None else table

    def _settle(self) -> dict[Value, Value]:
        notes = []
        version = self
        while version.table is None:
            note = version.note
            assert note is not None  # of the two there is one
            notes.append(note)
            version = note[2]
        table = dict(version.table)
        for key, value, _ in reversed(notes):
            if value is _ABSENT:
                del table[key]
            else:
                table[key] = value
        self.table = table
        self.edits = 0
        self.note = None
        return table

    def count(self) -> int:
        """How many entries there are."""
        return len(self.settled())

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        if key.__class__ is float:
            key = DoubleKey(key)
        return self.settled().get(key, default)

    __call__ = lookup

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return key_of(key) in self.settled()

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        table = self.settled()
        value = table.get(key_of(key), _ABSENT)
        return None if value is _ABSENT else MapEntry(held_key(table, key), value)

    def first_entry(self) -> MapEntry:
        """The first entry of a map that is not empty."""
        table = self.settled()
        key = next(iter(table))
        return MapEntry(key.value if key.__class__ is DoubleKey else key, table[key])

    def entries(self) -> list[MapEntry]:
        """The entries."""
        return [
            MapEntry(key.value if key.__class__ is DoubleKey else key, value)
            for key, value in self.settled().items()
        ]

    def keys(self) -> list[Value]:
        """The keys."""
        return [key.value if key.__class__ is DoubleKey else key for key in self.settled()]

    def values(self) -> list[Value]:
        """The values."""
        return list(self.settled().values())

    def assoc_key(self, key: Value, value: Value) -> Map:
        """The map with `value` under `key`; itself if that is there already."""
        if key.__class__ is float:
            key = DoubleKey(key)
        table = self.table
        if table is None:
            table = self._settle()
        result = Map.__new__(Map)
        result.metadata = self.metadata
        result.note = None
        size = len(table)
        if size <= _COPIED:
            table = table.copy()
            table[key] = value
            result.table = table
            result.edits = 0
            return result
        previous = table.get(key, _ABSENT)
        if previous is value:
            return self
        if self.edits >= size:
            table = table.copy()
            result.edits = 0
        else:
            result.edits = self.edits + 1
            self.table = None
            self.note = (key, previous, result)
        table[key] = value
        result.table = table
        return result

    def dissoc(self, key: Value) -> Map:
        """The map without `key`."""
        key = key_of(key)
        table = self.settled()
        previous = table.get(key, _ABSENT)
        if previous is _ABSENT:
            return self
        result = Map.__new__(Map)
        result.metadata = self.metadata
        result.note = None
        size = len(table)
        if size <= _COPIED or self.edits >= size:
            table = table.copy()
            result.edits = 0
        else:
            result.edits = self.edits + 1
            self.table = None
            self.note = (key, previous, result)
        del table[key]
        result.table = table
        return result

    def empty(self) -> Map:
        """An empty map with the same metadata."""
        return Map({}, self.metadata)

    def with_meta(self, metadata: Metadata) -> Map:
        """The same entries with other metadata."""
        return Map(dict(self.settled()), metadata)


EMPTY_MAP = Map({})


def map_of(*items: Value) -> Map:
    """The map of alternating keys and values; a later key wins."""
    table: dict[Value, Value] = {}
    for index in range(0, len(items) - 1, 2):
        table[key_of(items[index])] = items[index + 1]
    return Map(table)


def map_of_pairs(pairs: Iterable[tuple[Value, Value]]) -> Map:
    """The map of (key, value) pairs."""
    return Map({key_of(key): value for key, value in pairs})


class TransientMap:
    """A map that may be changed in place until it is made persistent."""

    __slots__ = ("live", "metadata", "table")

    def __init__(self, table: dict[Value, Value]) -> None:
        self.table: Any = None  # what keyword access would find; it goes by `lookup`
        self.metadata = None
        self.live: dict[Value, Value] | None = table

    def check(self) -> dict[Value, Value]:
        """The dict while it may be used.

        Raises:
            IllegalAccessError: `persistent!` was called.
        """
        if self.live is None:
            raise transient_used()
        return self.live

    def put(self, key: Value, value: Value) -> TransientMap:
        """`assoc!`."""
        self.check()[key_of(key)] = value
        return self

    def take(self, key: Value) -> TransientMap:
        """`dissoc!`."""
        self.check().pop(key_of(key), None)
        return self

    def add(self, value: Value) -> TransientMap:
        """`conj!`."""
        table = self.check()
        if value is None:
            return self
        if isinstance(value, Vector):
            if value.size != 2:
                raise argument_fault("Vector arg to map conj must be a pair")
            items = value.array()
            table[key_of(items[0])] = items[1]
            return self
        for entry in iterate_seq(seq(value)):
            if not isinstance(entry, MapEntry):
                raise class_cast_fault(entry, "java.util.Map$Entry")
            table[key_of(entry.key())] = entry.value()
        return self

    def persistent(self) -> Map:
        """`persistent!`."""
        table = self.check()
        self.live = None
        return Map(table)

    def count(self) -> int:
        """How many entries there are."""
        return len(self.check())

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        return self.check().get(key_of(key), default)

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        value = self.check().get(key_of(key), _ABSENT)
        return None if value is _ABSENT else MapEntry(key, value)

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return key_of(key) in self.check()

    def __call__(self, key: Value, default: Value = None) -> Value:
        """Call it, as guests do."""
        return self.lookup(key, default)


class SetInterface(Collection):
    """What hash sets and sorted sets share (clojure.lang.IPersistentSet)."""

    __slots__ = ()

    def contains(self, key: Value) -> bool:
        """Whether `key` is in the set."""
        raise NotImplementedError

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element equal to `key`."""
        raise NotImplementedError

    def disj(self, key: Value) -> object:
        """The set without `key`."""
        raise NotImplementedError

    def elements(self) -> list[Value]:
        """The elements as a host list."""
        raise NotImplementedError

    def seq(self) -> ISeq | None:
        """A sequence of the elements."""
        return elements_seq(self.elements())

    def __iter__(self) -> Iterator[Value]:
        return iter(self.elements())

    def __len__(self) -> int:
        return self.count()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, SetInterface):
            if other.__class__ is Probe:
                return other == self
            found = set_elements(other)
            return found is not None and len(found) == self.count() and all(map(self.contains, found))
        if self.count() != other.count():
            return False
        return all(other.contains(element) for element in self.elements())

    def __hash__(self) -> int:
        total = 0
        for element in self.elements():
            total ^= hash(key_of(element)) * 31
        return total

    def clojure_hash(self) -> int:
        """The number that `hash` gives."""
        return hash_unordered(self.elements())

    def __call__(self, key: Value) -> Value:
        """Call it, as guests do."""
        return self.lookup(key)


class Set(SetInterface):
    """A persistent hash set: a map from each element to itself."""

    __slots__ = ("hashed", "map")

    def __init__(self, source: Map, metadata: Metadata = None) -> None:
        self.map = source
        self.metadata = metadata

    def __hash__(self) -> int:
        # Kept, as a map's.
        try:
            return self.hashed
        except AttributeError:
            self.hashed: int = super().__hash__()
        return self.hashed

    def count(self) -> int:
        """How many elements there are."""
        return self.map.count()

    def contains(self, key: Value) -> bool:
        """Whether `key` is in the set."""
        return self.map.contains(key)

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element equal to `key`."""
        return self.map.lookup(key, default)

    def __call__(self, key: Value) -> Value:
        """Call it, as guests do."""
        return self.map.lookup(key)

    def conj(self, value: Value) -> Set:
        """The set with `value`."""
        return self if self.map.contains(value) else Set(self.map.assoc_key(value, value), self.metadata)

    def disj(self, key: Value) -> Set:
        """The set without `key`."""
        return Set(self.map.dissoc(key), self.metadata) if self.map.contains(key) else self

    def elements(self) -> list[Value]:
        """The elements."""
        return self.map.values()

    def empty(self) -> Set:
        """An empty set with the same metadata."""
        return Set(EMPTY_MAP, self.metadata)


EMPTY_SET = Set(EMPTY_MAP)


def set_of(items: Iterable[Value]) -> Set:
    """The set of the elements of a host sequence; of equal ones the first."""
    table: dict[Value, Value] = {}
    for item in items:
        table.setdefault(key_of(item), item)
    return Set(Map(table))


class TransientSet:
    """A set that may be changed in place until it is made persistent."""

    __slots__ = ("live", "metadata")

    def __init__(self, table: dict[Value, Value]) -> None:
        self.live: dict[Value, Value] | None = table
        self.metadata = None

    def check(self) -> dict[Value, Value]:
        """The dict while it may be used."""
        if self.live is None:
            raise transient_used()
        return self.live

    def add(self, value: Value) -> TransientSet:
        """`conj!`."""
        self.check().setdefault(key_of(value), value)
        return self

    def take(self, value: Value) -> TransientSet:
        """`disj!`."""
        self.check().pop(key_of(value), None)
        return self

    def persistent(self) -> Set:
        """`persistent!`."""
        table = self.check()
        self.live = None
        return Set(Map(table))

    def count(self) -> int:
        """How many elements there are."""
        return len(self.check())

    def contains(self, key: Value) -> bool:
        """Whether `key` is in the set."""
        return key_of(key) in self.check()

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element equal to `key`."""
        return self.check().get(key_of(key), default)

    def __call__(self, key: Value, default: Value = None) -> Value:
        """Call it, as guests do."""
        return self.lookup(key, default)


def hash_of_entries(value: MapInterface) -> int:
    """`hash` of a record: its entries, whatever its type."""
    return hash_unordered(value.entries())
