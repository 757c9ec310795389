"""Persistent vectors over one host list that versions share.

A vector owns the first `size` elements of `items`. `conj` on the newest version appends to the shared list
(an older version does not see beyond its size); any other version copies its part first. `assoc` moves the
list to the new version and leaves the old one a note of what was there (Baker's trick), so a linear history of
updates costs constant time each, and a copy cuts the history after as many notes as there are elements, so an
old version holds no more than twice its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.reference.clojure.runtime.collections.interface import ChunkSeq, Sequential, chunk, elements_seq
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import compare, equiv
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    class_cast_fault,
    index_fault,
    state_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import ISeq, Metadata
from lockstep.reference.clojure.runtime.values.numbers import is_integer, to_exact_integer

_INTS = 1 << 31
_COPIED = 32  # up to this size a copy is cheaper than a note


def vector_index(key: Value) -> int | None:
    """A key as an index: the low 32 bits of an integer (Number.intValue), None for anything else."""
    if key.__class__ is int:
        index: int = key
    elif is_integer(key):
        index = to_exact_integer(key)
    else:
        return None
    if -_INTS <= index < _INTS:
        return index
    index &= 0xFFFFFFFF
    return index - (1 << 32) if index & 0x80000000 else index


class Vector(Sequential):
    """A persistent vector.

    Attributes:
        items: the host list; None while a newer version holds it.
        size: how many elements of it are ours.
        edits: updates since the list was copied; -1 where the list may be shared by appending.
        note: (index, value, newer version) while `items` is None.
    """

    __slots__ = ("_host_hash", "edits", "items", "note", "size")

    def __init__(self, items: list[Value], metadata: Metadata = None) -> None:
        self.items: list[Value] | None = items
        self.size = len(items)
        self.metadata = metadata
        self.edits = -1
        self.note: tuple[int, Value, Vector] | None = None

    def array(self) -> list[Value]:
        """The host list; only the first `size` elements are ours, and it must not be changed."""
        items = self.items
        return self._settle() if items is None else items

    def _settle(self) -> list[Value]:
        """Copy the list from the version that holds it, and undo what happened since."""
        notes = []
        version = self
        while version.items is None:
            note = version.note
            assert note is not None  # of the two there is one
            notes.append(note)
            version = note[2]
        items = version.items[: version.size]
        for index, value, _ in reversed(notes):
            items[index] = value
        del items[self.size :]
        self.items = items
        self.edits = -1
        self.note = None
        return items

    def elements(self) -> list[Value]:
        """A host list of exactly the elements; it must not be changed."""
        items = self.array()
        if self.edits >= 0:
            return items[:]
        return items if len(items) == self.size else items[: self.size]

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Value]:
        return iter(self.elements())

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Vector):
            if self.size != other.size:
                return False
            mine, theirs = self.array(), other.array()
            return all(equiv(mine[i], theirs[i]) for i in range(self.size))
        return Sequential.__eq__(self, other)

    __hash__ = Sequential.__hash__

    def compare_to(self, other: Value) -> int:
        """Shorter first, then element by element (APersistentVector.compareTo)."""
        if not isinstance(other, Vector):
            raise class_cast_fault(other, "clojure.lang.IPersistentVector")
        if self.size != other.size:
            return -1 if self.size < other.size else 1
        for mine, theirs in zip(self, other):
            order = compare(mine, theirs)
            if order:
                return order
        return 0

    def seq(self) -> ISeq | None:
        """A sequence of the elements."""
        return chunk(self.elements()) if self.size else None

    def count(self) -> int:
        """Its length."""
        return self.size

    def conj(self, value: Value) -> Vector:
        """The vector with `value` at the end."""
        items = self.array()
        size = self.size
        result = Vector.__new__(Vector)
        result.metadata = self.metadata
        result.note = None
        result.size = size + 1
        if self.edits >= 0:
            self.items = None
            self.note = (size, value, result)  # past our end, so it is cut off again
            items.append(value)
            result.items = items
            result.edits = self.edits
            return result
        if len(items) != size or size < 8 or (size & (size - 1)) == 0:
            # The copy at powers of two bounds what an old version can hold of newer ones.
            items = items[:size]
        items.append(value)
        result.items = items
        result.edits = -1
        return result

    def assoc(self, key: Value, value: Value) -> Vector:
        """The vector with `value` at index `key`, which may be its length.

        Raises:
            IllegalArgumentException: the key is no integer.
            IndexOutOfBoundsException: it is out of range.
        """
        key = vector_index(key)
        if key is None:
            raise argument_fault("Key must be integer")
        size = self.size
        if not 0 <= key < size:
            if key == size:
                return self.conj(value)
            raise index_fault()
        items = self.array()
        result = Vector.__new__(Vector)
        result.metadata = self.metadata
        result.size = size
        result.note = None
        if size <= _COPIED:
            items = items[:size]
            items[key] = value
            result.items = items
            result.edits = -1
            return result
        if self.edits < 0 or self.edits >= size:
            items = items[:size]
            items[key] = value
            result.items = items
            result.edits = 0
            return result
        self.items = None
        self.note = (key, items[key], result)
        items[key] = value
        result.items = items
        result.edits = self.edits + 1
        return result

    def assoc_key(self, key: Value, value: Value) -> Vector:
        """`assoc` as maps have it."""
        return self.assoc(key, value)

    def pop(self) -> Vector:
        """The vector without its last element.

        Raises:
            IllegalStateException: it is empty.
        """
        if not self.size:
            raise state_fault("Can't pop empty vector")
        if self.edits >= 0:
            return Vector(self.array()[: self.size - 1], self.metadata)
        result = Vector.__new__(Vector)
        result.items = self.array()
        result.size = self.size - 1
        result.metadata = self.metadata
        result.edits = -1
        result.note = None
        return result

    def peek(self) -> Value:
        """The last element, nil if empty."""
        return self.array()[self.size - 1] if self.size else None

    def nth(self, index: int) -> Value:
        """The element at `index`.

        Raises:
            IndexOutOfBoundsException: there is none.
        """
        if 0 <= index < self.size:
            return self.array()[index]
        raise index_fault()

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element at index `key`, `default` if there is none."""
        key = vector_index(key)
        return self.array()[key] if key is not None and 0 <= key < self.size else default

    def contains(self, key: Value) -> bool:
        """Whether `key` is an index."""
        index = vector_index(key)
        return index is not None and 0 <= index < self.size

    def __call__(self, index: Value) -> Value:
        """Call it, as guests do."""
        index = vector_index(index)
        if index is None:
            raise argument_fault("Key must be integer")
        return self.nth(index)

    def empty(self) -> Vector | None:
        """An empty vector with the same metadata."""
        return Vector([], self.metadata)

    def rseq(self) -> ISeq | None:
        """The elements in reverse."""
        return elements_seq(self.elements()[::-1]) if self.size else None

    def subvec(self, start: int, end: int) -> Vector:
        """The elements from `start` up to `end`."""
        if not 0 <= start <= end <= self.size:
            raise index_fault()
        return SubVector(self.array()[start:end]) if start != end else Vector([])

    def with_meta(self, metadata: Metadata) -> Vector:
        """The same elements with other metadata."""
        result = self.__class__.__new__(self.__class__)
        result.items = self.elements()
        result.size = self.size
        result.metadata = metadata
        result.edits = -1
        result.note = None
        return result


class SubVector(Vector):
    """What `subvec` makes (APersistentVector.SubVector): no chunks, no transient."""

    __slots__ = ()

    def seq(self) -> ISeq | None:
        """A sequence of the elements."""
        return elements_seq(self.elements())

    def _kept(self, made: Vector) -> Vector:
        made.__class__ = SubVector
        return made

    def conj(self, value: Value) -> Vector:
        """The vector with `value` at the end."""
        return self._kept(super().conj(value))

    def assoc(self, key: Value, value: Value) -> Vector:
        """The vector with `value` at index `key`."""
        return self._kept(super().assoc(key, value))

    def pop(self) -> Vector:
        """The vector without its last element."""
        return self._kept(super().pop()) if self.size > 1 else Vector([])


class MapEntry(Vector):
    """A key and its value; otherwise a vector of two."""

    __slots__ = ()

    def __init__(self, key: Value, value: Value) -> None:
        self.items = [key, value]
        self.size = 2
        self.metadata = None
        self.edits = -1
        self.note = None

    def key(self) -> Value:
        """The key."""
        return self.array()[0]

    def value(self) -> Value:
        """The value."""
        return self.array()[1]

    def empty(self) -> None:
        """nil, as for every map entry."""
        return

    def with_meta(self, metadata: Metadata) -> Vector:
        """A plain vector with metadata."""
        return Vector(self.elements(), metadata)


EMPTY_VECTOR = Vector([])


def vector_of(*items: Value) -> Vector:
    """`vector`."""
    return Vector(list(items))


class TransientVector:
    """A vector that may be changed in place until it is made persistent."""

    __slots__ = ("items", "live", "metadata")

    def __init__(self, items: list[Value]) -> None:
        self.items = items
        self.live = True
        self.metadata = None

    def check(self) -> list[Value]:
        """The list while it may be used.

        Raises:
            IllegalAccessError: `persistent!` was called.
        """
        if not self.live:
            raise transient_used()
        return self.items

    def add(self, value: Value) -> TransientVector:
        """`conj!`."""
        self.check().append(value)
        return self

    def put(self, key: Value, value: Value) -> TransientVector:
        """`assoc!`."""
        items = self.check()
        if key.__class__ is not int:
            raise argument_fault("Key must be integer")
        if 0 <= key < len(items):
            items[key] = value
        elif key == len(items):
            items.append(value)
        else:
            raise index_fault()
        return self

    def shrink(self) -> TransientVector:
        """`pop!`."""
        if not self.check():
            raise state_fault("Can't pop empty vector")
        self.items.pop()
        return self

    def persistent(self) -> Vector:
        """`persistent!`."""
        items = self.check()
        self.live = False
        return Vector(items)

    def count(self) -> int:
        """Its length."""
        return len(self.check())

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The element at `key`."""
        items = self.check()
        return items[key] if key.__class__ is int and 0 <= key < len(items) else default

    def contains(self, key: Value) -> bool:
        """Whether `key` is an index."""
        return key.__class__ is int and 0 <= key < len(self.check())

    def nth(self, index: int) -> Value:
        """The element at `index`."""
        items = self.check()
        if 0 <= index < len(items):
            return items[index]
        raise index_fault()

    def __call__(self, index: int) -> Value:
        """Call it, as guests do."""
        return self.nth(index)


def transient_used() -> Exception:
    """The fault of a transient that is used after `persistent!`."""
    return Fault("IllegalAccessError", "Transient used after persistent! call")


def vector_seq(items: Sequence[Value], index: int) -> ISeq | None:
    """A sequence over `items[index:]`."""
    return ChunkSeq(items, index) if index < len(items) else None
