"""java.util's mutable collections, as far as portable code uses them. Hash maps and sets keep the order of insertion."""

# Java's names
from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import chunk
from lockstep.reference.clojure.runtime.collections.sorted import SortedMap, sort_key
from lockstep.reference.clojure.runtime.collections.vector import MapEntry
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.java.objects import java_equals, java_hash, list_hash, signed
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import compare, key_of, value_of
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    class_cast_fault,
    index_fault,
    unsupported_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Entry, Function
from lockstep.reference.clojure.runtime.values.names import TRUE, boolean, truthy

_ABSENT: object = object()


def no_such_element() -> Fault:
    """There is no element."""
    return Fault("NoSuchElementException", None)


class JavaIterator:
    """java.util.Iterator over a host iterator."""

    java_class = CLASSES["java.util.Iterator"]

    def __init__(self, source: Iterator[Value]) -> None:
        self.source = source
        self.ahead: Value = _ABSENT

    def guest_hasNext(self) -> Value:
        """Whether there is another element."""
        if self.ahead is _ABSENT:
            self.ahead = next(self.source, _ABSENT)
        return boolean(self.ahead is not _ABSENT)

    def guest_next(self) -> Value:
        """The next element.

        Raises:
            NoSuchElementException: there is none.
        """
        self.guest_hasNext()
        if self.ahead is _ABSENT:
            raise no_such_element()
        value, self.ahead = self.ahead, _ABSENT
        return value

    def guest_remove(self) -> None:
        """Nothing is removed here."""
        raise unsupported_fault("remove")


def iterator_of(collection: Value) -> JavaIterator:
    """`.iterator` of any collection."""
    return JavaIterator(iter(interface.iterate(collection)))


class JavaCollection:
    """What lists, sets and queues share (java.util.Collection)."""

    java_class: JavaClass

    def elements(self) -> list[Value]:
        """The elements as a host list."""
        raise NotImplementedError

    def guest_add(self, value: Value) -> Value:
        """Add an element; whether that changed anything."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Value]:
        return iter(list(self.elements()))

    def count(self) -> int:
        """How many elements there are."""
        return len(self.elements())

    def seq(self) -> Value:
        """A sequence of the elements as they are now."""
        return chunk(list(self.elements()))

    def guest_addAll(self, values: Value) -> Value:
        """Add several elements."""
        changed = [truthy(self.guest_add(value)) for value in list(interface.iterate(values))]
        return boolean(any(changed))

    def guest_contains(self, value: Value) -> Value:
        """Whether an element equals `value`."""
        return boolean(any(java_equals(one, value) for one in self.elements()))

    def guest_containsAll(self, values: Value) -> Value:
        """Whether all of them are there."""
        return boolean(all(truthy(self.guest_contains(value)) for value in interface.iterate(values)))

    def guest_iterator(self) -> JavaIterator:
        """An iterator."""
        return JavaIterator(iter(list(self.elements())))

    def guest_toArray(self, *_: Value) -> Value:
        """The elements as an array."""
        return access.Array("object", list(self.elements()))

    def guest_forEach(self, function: Callable[[Value], Value]) -> None:
        """Call a function with each element."""
        for value in self.elements():
            function(value)


class HostList(JavaCollection):
    """java.util.ArrayList, and with the methods of a deque LinkedList and ArrayDeque."""

    def __init__(self, items: list[Value], name: str = "java.util.ArrayList", *, fixed: bool = False) -> None:
        self.items = items
        self.java_class = CLASSES[name]
        self.fixed = fixed

    def elements(self) -> list[Value]:
        """The elements."""
        return self.items

    def nth(self, index: int) -> Value:
        """The element at `index`."""
        return self.items[self._place(index)]

    def _place(self, index: Value, end: int = 0) -> int:
        if index.__class__ is not int or not 0 <= index < len(self.items) + end:
            raise index_fault(f"Index {index} out of bounds for length {len(self.items)}")
        return index

    def _changeable(self) -> list[Value]:
        if self.fixed:
            raise unsupported_fault()
        return self.items

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HostList):
            return NotImplemented
        return len(self.items) == len(other.items) and all(map(java_equals, self.items, other.items))

    def __hash__(self) -> int:
        return list_hash(self.items)

    java_hash = clojure_hash = __hash__

    def guest_get(self, index: int) -> Value:
        """The element at `index`."""
        return self.nth(index)

    def guest_set(self, index: Value, value: Value) -> Value:
        """Replace an element; the old one."""
        place = self._place(index)
        old, self.items[place] = self.items[place], value
        return old

    def guest_add(self, *arguments: Value) -> Value:
        """Add an element at the end, or at an index."""
        items = self._changeable()
        if len(arguments) == 2:
            items.insert(self._place(arguments[0], 1), arguments[1])
            return None
        items.append(*arguments)
        return TRUE

    def guest_remove(self, *arguments: Value) -> Value:
        """Remove the element at an index, an element, or the first one."""
        items = self._changeable()
        if not arguments:
            return self.guest_removeFirst()
        if arguments[0].__class__ is int and self.java_class.name != "java.util.ArrayDeque":
            return items.pop(self._place(arguments[0]))
        for index, value in enumerate(items):
            if java_equals(arguments[0], value):
                del items[index]
                return TRUE
        return boolean(False)

    def guest_removeIf(self, test: Callable[[Value], Value]) -> Value:
        """Remove what passes a test."""
        before = len(self.items)
        self._changeable()[:] = [value for value in self.items if not truthy(test(value))]
        return boolean(len(self.items) != before)

    def guest_clear(self) -> None:
        """Remove every element."""
        self._changeable().clear()

    def guest_indexOf(self, value: Value) -> int:
        """Where an element stands first, or -1."""
        return next((i for i, one in enumerate(self.items) if java_equals(value, one)), -1)

    def guest_lastIndexOf(self, value: Value) -> int:
        """Where an element stands last, or -1."""
        return max((i for i, one in enumerate(self.items) if java_equals(value, one)), default=-1)

    def guest_subList(self, start: int, end: int) -> HostList:
        """A part of the list (a copy: changes do not show in the other)."""
        if not 0 <= start <= end <= len(self.items):
            raise index_fault(f"fromIndex: {start}, toIndex: {end}")
        return HostList(self.items[start:end])

    def guest_sort(self, comparator: Function | None) -> None:
        """Sort in place."""
        self.items.sort(key=cmp_to_key(compare if comparator is None else sort_key(comparator)))

    # As a deque.

    def _first(self) -> Value:
        if not self.items:
            raise no_such_element()
        return self.items[0]

    def _last(self) -> Value:
        if not self.items:
            raise no_such_element()
        return self.items[-1]

    def guest_addFirst(self, value: Value) -> None:
        """Add in front."""
        self.items.insert(0, value)

    guest_push = guest_addFirst

    def guest_addLast(self, value: Value) -> None:
        """Add at the end."""
        self.items.append(value)

    def guest_offer(self, value: Value) -> Value:
        """Add at the end."""
        self.items.append(value)
        return TRUE

    guest_offerLast = guest_offer

    def guest_offerFirst(self, value: Value) -> Value:
        """Add in front."""
        self.items.insert(0, value)
        return TRUE

    def guest_getFirst(self) -> Value:
        """The first element."""
        return self._first()

    guest_element = guest_getFirst

    def guest_getLast(self) -> Value:
        """The last element."""
        return self._last()

    def guest_removeFirst(self) -> Value:
        """Remove the first element."""
        self._first()
        return self.items.pop(0)

    guest_pop = guest_removeFirst

    def guest_removeLast(self) -> Value:
        """Remove the last element."""
        self._last()
        return self.items.pop()

    def guest_peek(self) -> Value:
        """The first element, or nil."""
        return self.items[0] if self.items else None

    guest_peekFirst = guest_peek

    def guest_peekLast(self) -> Value:
        """The last element, or nil."""
        return self.items[-1] if self.items else None

    def guest_poll(self) -> Value:
        """Remove the first element; nil if there is none."""
        return self.items.pop(0) if self.items else None

    guest_pollFirst = guest_poll

    def guest_pollLast(self) -> Value:
        """Remove the last element; nil if there is none."""
        return self.items.pop() if self.items else None


class HostMap:
    """java.util.HashMap, LinkedHashMap and, with keys in order, TreeMap."""

    def __init__(
        self,
        pairs: list[tuple[Value, Value]],
        name: str = "java.util.HashMap",
        comparator: Function | None = None,
    ) -> None:
        self.java_class = CLASSES[name]
        self.sorted = self.java_class.implements("java.util.SortedMap")
        self.comparator = comparator
        self.held: dict[Value, Value] = {}
        for key, value in pairs:
            self.guest_put(key, value)

    def pairs(self) -> list[tuple[Value, Value]]:
        """Keys and values."""
        found = [(value_of(key), value) for key, value in self.held.items()]
        if self.sorted:
            order = compare if self.comparator is None else sort_key(self.comparator)
            found.sort(key=lambda pair: cmp_to_key(order)(pair[0]))
        return found

    def entries(self) -> list[MapEntry]:
        """The entries."""
        return [MapEntry(key, value) for key, value in self.pairs()]

    def keys(self) -> list[Value]:
        """The keys."""
        return [key for key, _ in self.pairs()]

    def values(self) -> list[Value]:
        """The values."""
        return [value for _, value in self.pairs()]

    def __iter__(self) -> Iterator[Value]:
        return iter(self.entries())

    def count(self) -> int:
        """How many entries there are."""
        return len(self.held)

    def seq(self) -> Value:
        """A sequence of the entries."""
        return chunk(self.entries())

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        return self.held.get(key_of(key), default)

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return key_of(key) in self.held

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        return MapEntry(key, self.held[key_of(key)]) if self.contains(key) else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HostMap):
            return NotImplemented
        return len(self.held) == len(other.held) and all(
            key in other.held and java_equals(value, other.held[key]) for key, value in self.held.items()
        )

    def java_hash(self) -> int:
        """The number that `.hashCode` gives."""
        return signed(sum(java_hash(key) ^ java_hash(value) for key, value in self.pairs()))

    clojure_hash = java_hash

    def __hash__(self) -> int:
        return self.java_hash()

    def guest_get(self, key: Value) -> Value:
        """The value of `key`, or nil."""
        return self.lookup(key)

    def guest_put(self, key: Value, value: Value) -> Value:
        """Put a value; the old one."""
        old = self.held.get(key_of(key))
        self.held[key_of(key)] = value
        return old

    def guest_putAll(self, values: Value) -> None:
        """Put all entries of a map."""
        for entry in entries_of(values):
            self.guest_put(entry.key(), entry.value())

    def guest_putIfAbsent(self, key: Value, value: Value) -> Value:
        """Put a value unless there is one; the old one."""
        old = self.held.get(key_of(key))
        return self.guest_put(key, value) if old is None else old

    def guest_getOrDefault(self, key: Value, default: Value) -> Value:
        """The value of `key`, or the default."""
        return self.lookup(key, default)

    def guest_computeIfAbsent(self, key: Value, function: Callable[[Value], Value]) -> Value:
        """The value of `key`, made if need be."""
        if self.held.get(key_of(key)) is None:
            made = function(key)
            if made is None:
                return None
            self.guest_put(key, made)
        return self.held[key_of(key)]

    def guest_compute(self, key: Value, function: Callable[[Value, Value], Value]) -> Value:
        """Replace the value of `key` by what a function makes of it."""
        made = function(key, self.lookup(key))
        if made is None:
            self.guest_remove(key)
        else:
            self.guest_put(key, made)
        return made

    def guest_merge(self, key: Value, value: Value, function: Callable[[Value, Value], Value]) -> Value:
        """Put a value, combined with the old one."""
        old = self.lookup(key)
        return self.guest_compute(key, lambda _, __: value if old is None else function(old, value))

    def guest_remove(self, key: Value) -> Value:
        """Remove an entry; its value."""
        return self.held.pop(key_of(key), None)

    def guest_clear(self) -> None:
        """Remove every entry."""
        self.held.clear()

    def guest_containsKey(self, key: Value) -> Value:
        """Whether `key` is there."""
        return boolean(self.contains(key))

    def guest_containsValue(self, value: Value) -> Value:
        """Whether a value is there."""
        return boolean(any(java_equals(value, one) for one in self.held.values()))

    def guest_keySet(self) -> HostSet:
        """The keys."""
        return HostSet(self.keys(), "java.util.LinkedHashSet")

    def guest_values(self) -> HostList:
        """The values."""
        return HostList(self.values())

    def guest_entrySet(self) -> HostSet:
        """The entries."""
        return HostSet(list(self.entries()), "java.util.LinkedHashSet")

    def guest_iterator(self) -> JavaIterator:
        """An iterator over the entries."""
        return JavaIterator(iter(self.entries()))

    def guest_forEach(self, function: Callable[[Value, Value], Value]) -> None:
        """Call a function with each key and value."""
        for key, value in self.pairs():
            function(key, value)

    # As a sorted map.

    def _edge(self, *, last: bool) -> Value:
        keys = self.keys()
        if not keys:
            raise no_such_element()
        return keys[-1 if last else 0]

    def guest_firstKey(self) -> Value:
        """The first key."""
        return self._edge(last=False)

    def guest_lastKey(self) -> Value:
        """The last key."""
        return self._edge(last=True)

    def _near(self, key: Value, *, below: bool, same: bool) -> MapEntry | None:
        order = compare if self.comparator is None else sort_key(self.comparator)
        found = None
        for entry in self.entries():
            sign = order(entry.key(), key)
            if sign == 0 and same:
                return entry
            if sign < 0 and below:
                found = entry
            if sign > 0 and not below:
                return entry
        return found

    def guest_firstEntry(self) -> MapEntry | None:
        """The first entry, or nil."""
        return next(iter(self.entries()), None)

    def guest_lastEntry(self) -> MapEntry | None:
        """The last entry, or nil."""
        return next(reversed(self.entries()), None)

    def guest_pollFirstEntry(self) -> Value:
        """Remove the first entry."""
        found = self.guest_firstEntry()
        if found is not None:
            self.guest_remove(found.key())
        return found

    def guest_floorEntry(self, key: Value) -> Value:
        """The entry at `key` or below."""
        return self._near(key, below=True, same=True)

    def guest_ceilingEntry(self, key: Value) -> Value:
        """The entry at `key` or above."""
        return self._near(key, below=False, same=True)

    def guest_floorKey(self, key: Value) -> Value:
        """The key at `key` or below."""
        found = self._near(key, below=True, same=True)
        return None if found is None else found.key()

    def guest_ceilingKey(self, key: Value) -> Value:
        """The key at `key` or above."""
        found = self._near(key, below=False, same=True)
        return None if found is None else found.key()

    def guest_lowerKey(self, key: Value) -> Value:
        """The key below `key`."""
        found = self._near(key, below=True, same=False)
        return None if found is None else found.key()

    def guest_higherKey(self, key: Value) -> Value:
        """The key above `key`."""
        found = self._near(key, below=False, same=False)
        return None if found is None else found.key()

    def _part(self, keep: Callable[[int], bool], key: Value) -> HostMap:
        order = compare if self.comparator is None else sort_key(self.comparator)
        kept = [pair for pair in self.pairs() if keep(order(pair[0], key))]
        return HostMap(kept, self.java_class.name, self.comparator)

    def guest_headMap(self, key: Value, *inclusive: Value) -> HostMap:
        """The entries below `key`."""
        same = bool(inclusive) and truthy(inclusive[0])
        return self._part(lambda sign: sign < 0 or (same and sign == 0), key)

    def guest_tailMap(self, key: Value, *inclusive: Value) -> HostMap:
        """The entries from `key` on."""
        same = not inclusive or truthy(inclusive[0])
        return self._part(lambda sign: sign > 0 or (same and sign == 0), key)

    def guest_descendingMap(self) -> HostMap:
        """The entries in reverse."""
        return HostMap(self.pairs()[::-1], "java.util.LinkedHashMap")


class HostSet(JavaCollection):
    """java.util.HashSet, LinkedHashSet and TreeSet."""

    def __init__(
        self, items: list[Value], name: str = "java.util.HashSet", comparator: Function | None = None
    ) -> None:
        self.java_class = CLASSES[name]
        self.map = HostMap(
            [(item, TRUE) for item in items],
            "java.util.TreeMap" if self.java_class.implements("java.util.SortedSet") else "java.util.HashMap",
            comparator,
        )

    def elements(self) -> list[Value]:
        """The elements."""
        return self.map.keys()

    def contains(self, value: Value) -> bool:
        """Whether an element equals `value`."""
        return self.map.contains(value)

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element equal to `key`."""
        return key if self.map.contains(key) else default

    def __eq__(self, other: object) -> bool:
        return self.map == other.map if isinstance(other, HostSet) else NotImplemented

    def java_hash(self) -> int:
        """The number that `.hashCode` gives."""
        return signed(sum(java_hash(element) for element in self.elements()))

    clojure_hash = java_hash

    def __hash__(self) -> int:
        return self.java_hash()

    def guest_add(self, value: Value) -> Value:
        """Add an element; whether it is new."""
        new = not self.map.contains(value)
        if new:
            self.map.guest_put(value, TRUE)
        return boolean(new)

    def guest_contains(self, value: Value) -> Value:
        """Whether an element equals `value`."""
        return boolean(self.map.contains(value))

    def guest_remove(self, value: Value) -> Value:
        """Remove an element; whether it was there."""
        return boolean(self.map.guest_remove(value) is not None)

    def guest_clear(self) -> None:
        """Remove every element."""
        self.map.guest_clear()

    def guest_first(self) -> Value:
        """The first element."""
        return self.map.guest_firstKey()

    def guest_last(self) -> Value:
        """The last element."""
        return self.map.guest_lastKey()

    def guest_floor(self, value: Value) -> Value:
        """The element at `value` or below."""
        return self.map.guest_floorKey(value)

    def guest_ceiling(self, value: Value) -> Value:
        """The element at `value` or above."""
        return self.map.guest_ceilingKey(value)


def entries_of(values: Value) -> Iterator[Entry]:
    """The entries of any map.

    Raises:
        ClassCastException: what it holds is no entry.
    """
    for entry in interface.iterate(values):
        if not isinstance(entry, MapEntry):
            raise class_cast_fault(entry, "java.util.Map$Entry")
        yield entry


def pairs_of(values: Value) -> list[tuple[Value, Value]]:
    """Keys and values of any map; of a number, which is a capacity, none."""
    if values is None or values.__class__ is int:
        return []
    if not hasattr(values, "seq"):
        raise argument_fault("No matching ctor found")
    return [(entry.key(), entry.value()) for entry in entries_of(values)]


def items_of(values: Value) -> list[Value]:
    """The elements of any collection; of a number, which is a capacity, none."""
    return [] if values is None or values.__class__ is int else list(interface.iterate(values))


def sorted_map_comparator(values: Value) -> Function | None:
    """The comparator that the constructor of a TreeMap or TreeSet was given, or that its argument has."""
    if isinstance(values, SortedMap):
        return values.comparator
    return None if values is None or hasattr(values, "seq") else cast("Function", values)
