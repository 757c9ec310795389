"""What every collection offers: `seq`, `count`, `conj`, `empty`, metadata, equality by content."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence

from lockstep.reference.clojure.runtime.collections.class_names import class_name_of
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import Probe, equiv, hash_ordered, key_of
from lockstep.reference.clojure.runtime.values.faults import argument_fault, index_fault, state_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata, Tried
from lockstep.reference.clojure.runtime.values.names import Char


class Collection:
    """A persistent collection; `metadata` is nil or a map."""

    __slots__ = ("metadata",)

    metadata: Metadata

    def seq(self) -> ISeq | None:
        """A sequence of the elements, or nil if there are none."""
        raise NotImplementedError

    def count(self) -> int:
        """How many elements there are."""
        raise NotImplementedError

    def conj(self, value: Value) -> Value:
        """The collection with `value` where adding is cheap."""
        raise NotImplementedError

    def empty(self) -> Value:
        """An empty collection of the same kind."""
        raise NotImplementedError

    def with_meta(self, metadata: Metadata) -> Value:
        """The same collection with other metadata."""
        other = copy.copy(self)
        other.metadata = metadata
        return other

    def __iter__(self) -> Iterator[Value]:
        """A host iterator over the elements."""
        raise NotImplementedError


class Sequential(Collection):
    """Collections that equal each other by order and content (clojure.lang.Sequential)."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other.__class__ is Probe:
            return other == self
        theirs = iter(other) if isinstance(other, Sequential) else sequential_elements(other)
        if theirs is None:
            return False
        mine = iter(self)
        for value in mine:
            try:
                opposite = next(theirs)
            except StopIteration:
                return False
            if value is not opposite and not equiv(value, opposite):
                return False
        return next(theirs, _END) is _END

    def __hash__(self) -> int:
        return hash(tuple([key_of(value) for value in self]))

    def clojure_hash(self) -> int:
        """The number that `hash` gives."""
        return hash_ordered(self)


_END = object()


class Seq(Sequential):
    """A sequence: `first`, `next` (nil at the end), `rest` (never nil)."""

    __slots__ = ()

    def first(self) -> Value:
        """The first element."""
        raise NotImplementedError

    def next(self) -> ISeq | None:
        """The sequence after the first element, or nil."""
        raise NotImplementedError

    def rest(self) -> ISeq:
        """The sequence after the first element, possibly empty."""
        following = self.next()
        return EMPTY_LIST if following is None else following

    def seq(self) -> ISeq | None:
        """The sequence itself."""
        return self

    def count(self) -> int:
        """Counted element by element."""
        return sum(1 for _ in self)

    def conj(self, value: Value) -> Value:
        """The sequence with `value` in front."""
        return Cons(value, self)

    def empty(self) -> Value:
        """The empty list."""
        return EMPTY_LIST

    def __iter__(self) -> Iterator[Value]:
        return iterate_seq(self)


def iterate_seq(sequence: ISeq | None) -> Iterator[Value]:
    """The elements of a sequence (or nil), holding no more of it than needed."""
    node: Tried = sequence
    while node is not None:
        kind = node.__class__
        if kind is ChunkSeq or kind is ArraySeq:
            items, index, node = node.items, node.index, node.more
            if index:
                for position in range(index, len(items)):
                    yield items[position]
            else:
                yield from items
            if node is not None:
                node = node.seq()
        elif kind is LazySeq:
            node = node.seq()
        elif kind is Cons:
            yield node.head
            node = node.tail
            if node is not None:
                node = node.seq()
        else:
            yield node.first()
            node = node.next()


class Cons(Seq):
    """An element in front of any seqable."""

    __slots__ = ("head", "tail")

    def __init__(self, head: Value, tail: ISeq | None, metadata: Metadata = None) -> None:
        self.head = head
        self.tail = tail
        self.metadata = metadata

    def first(self) -> Value:
        """The head."""
        return self.head

    def next(self) -> ISeq | None:
        """The tail as a sequence."""
        return None if self.tail is None else self.tail.seq()

    def rest(self) -> ISeq:
        """The tail as it is."""
        return EMPTY_LIST if self.tail is None else self.tail


class PersistentList(Seq):
    """A linked list that knows its length; `size` 0 is the empty list."""

    __slots__ = ("head", "size", "tail")

    def __init__(
        self, head: Value, tail: PersistentList | None, size: int, metadata: Metadata = None
    ) -> None:
        self.head = head
        self.tail = tail
        self.size = size
        self.metadata = metadata

    def first(self) -> Value:
        """The head, nil if empty."""
        return self.head

    def next(self) -> ISeq | None:
        """The tail, nil if it is empty."""
        return self.tail if self.size > 1 else None

    def rest(self) -> ISeq:
        """The tail."""
        return EMPTY_LIST if self.tail is None else self.tail

    def seq(self) -> ISeq | None:
        """The list, nil if it is empty."""
        return self if self.size else None

    def count(self) -> int:
        """Its length."""
        return self.size

    def conj(self, value: Value) -> Value:
        """The list with `value` in front."""
        return PersistentList(value, self if self.size else None, self.size + 1, self.metadata)

    def empty(self) -> Value:
        """An empty list with the same metadata."""
        return EMPTY_LIST if self.metadata is None else PersistentList(None, None, 0, self.metadata)

    def peek(self) -> Value:
        """The head, nil if empty."""
        return self.head

    def pop(self) -> Value:
        """The list without its head.

        Raises:
            IllegalStateException: it is empty.
        """
        if not self.size:
            raise state_fault("Can't pop empty list")
        return self.tail if self.size > 1 else EMPTY_LIST

    def __iter__(self) -> Iterator[Value]:
        node: PersistentList | None = self if self.size else None
        while node is not None:
            yield node.head
            node = node.tail


EMPTY_LIST = PersistentList(None, None, 0)


def list_of(items: Sequence[Value], metadata: Metadata = None) -> PersistentList:
    """The list of the elements of a host sequence."""
    result: PersistentList | None = None
    for size, item in enumerate(reversed(items), 1):
        result = PersistentList(item, result, size)
    if result is None:
        return EMPTY_LIST if metadata is None else PersistentList(None, None, 0, metadata)
    result.metadata = metadata
    return result


class ChunkSeq(Seq):
    """Elements `items[index:]` of a host sequence that nobody changes any more, then the seqable `more`."""

    __slots__ = ("index", "items", "more")

    def __init__(
        self, items: Sequence[Value], index: int = 0, more: ISeq | None = None, metadata: Metadata = None
    ) -> None:
        self.items = items
        self.index = index
        self.more = more
        self.metadata = metadata

    def first(self) -> Value:
        """The element at the index."""
        return self.items[self.index]

    def next(self) -> ISeq | None:
        """The sequence one element further."""
        index = self.index + 1
        if index < len(self.items):
            return ChunkSeq(self.items, index, self.more)
        return None if self.more is None else self.more.seq()

    def rest(self) -> ISeq:
        """Like `next`, without realising what follows the chunk."""
        index = self.index + 1
        if index < len(self.items):
            return ChunkSeq(self.items, index, self.more)
        return EMPTY_LIST if self.more is None else self.more

    def count(self) -> int:
        """Counted by host lengths where nothing follows."""
        if self.more is None:
            return len(self.items) - self.index
        return sum(1 for _ in self)


class ArraySeq(ChunkSeq):
    """Elements of a host sequence that are seen one by one: what goes over them realises no chunk."""

    __slots__ = ()

    def next(self) -> ISeq | None:
        """The sequence one element further."""
        index = self.index + 1
        if index < len(self.items):
            return ArraySeq(self.items, index, self.more)
        return None if self.more is None else self.more.seq()

    def rest(self) -> ISeq:
        """Like `next`, without realising what follows."""
        index = self.index + 1
        if index < len(self.items):
            return ArraySeq(self.items, index, self.more)
        return EMPTY_LIST if self.more is None else self.more


def elements_seq(items: Sequence[Value]) -> ArraySeq | None:
    """A sequence over a host sequence without chunks, nil if it is empty."""
    return ArraySeq(items) if items else None


def chunk(items: Sequence[Value]) -> ChunkSeq | None:
    """A sequence over a host sequence, nil if it is empty."""
    return ChunkSeq(items) if items else None


class LazySeq(Sequential):
    """A sequence made by `thunk` when it is first asked for; what it made is kept (clojure.lang.LazySeq).

    Args:
        thunk: gives the sequence, or a lazy one.
        metadata: of the sequence.
        afterwards: what gives the sequence once `thunk` has thrown; None for `thunk` again. The functions of clojure.core have lost
            their collection by then, so most are empty (`^:once`).
    """

    __slots__ = ("afterwards", "made", "pending", "thunk")

    def __init__(
        self, thunk: Function, metadata: Metadata = None, afterwards: Function | None = None
    ) -> None:
        self.thunk: Function | None = thunk
        self.afterwards = afterwards
        self.pending: Value = None
        self.made: ISeq | None = None
        self.metadata = metadata

    def value(self) -> Value:
        """What the thunk gives, called now if it was not; no sequence is made of that yet (`sval`)."""
        thunk = self.thunk
        if thunk is None:
            return self.made if self.pending is None else self.pending
        try:
            made = thunk()
        except BaseException:
            self.thunk = self.afterwards or thunk
            raise
        self.thunk = None
        self.pending = made
        return made

    def seq(self) -> ISeq | None:
        """The sequence, made now if need be; chains of lazy sequences are followed without recursion."""
        if self.thunk is None and self.pending is None:
            return self.made
        made = self.value()
        # It is empty if no sequence can be made of the value, and whoever asks once more is not told.
        self.pending = None
        while made.__class__ is LazySeq:
            made = made.value()
        self.made = None if made is None else seq(made)
        return self.made

    def first(self) -> Value:
        """The first element, nil if there is none."""
        sequence = self.seq()
        return None if sequence is None else sequence.first()

    def next(self) -> ISeq | None:
        """The sequence after the first element, or nil."""
        sequence = self.seq()
        return None if sequence is None else sequence.next()

    def rest(self) -> ISeq:
        """The sequence after the first element, possibly empty."""
        sequence = self.seq()
        return EMPTY_LIST if sequence is None else sequence.rest()

    def count(self) -> int:
        """Counted element by element."""
        return sum(1 for _ in self)

    def conj(self, value: Value) -> Value:
        """The sequence with `value` in front."""
        return Cons(value, self)

    def empty(self) -> Value:
        """The empty list."""
        return EMPTY_LIST

    def with_meta(self, metadata: Metadata) -> Value:
        """A sequence over the same elements."""
        return LazySeq(self.seq, metadata)

    def __iter__(self) -> Iterator[Value]:
        return iterate_seq(self.seq())


def nth_of_iterator(iterator: Iterator[Value], index: int, default: Value, missing: object) -> Value:
    """The element number `index`, `default` (unless it is `missing`) past the end.

    Raises:
        IndexOutOfBoundsException: past the end without a default.
    """
    if index >= 0:
        for value in iterator:
            if index == 0:
                return value
            index -= 1
    if default is missing:
        raise index_fault()
    return default


def chars_of(text: str) -> list[Value]:
    """The characters of a string."""
    return [Char(unit) for unit in text]


def seq(value: Tried) -> ISeq | None:
    """`seq`: a sequence, or nil for nothing.

    Raises:
        IllegalArgumentException: `value` is not seqable.
    """
    if value is None:
        return None
    if value.__class__ is str:
        return ArraySeq(chars_of(value)) if value else None
    try:
        method: Callable[[], ISeq | None] = value.seq
    except AttributeError:
        raise argument_fault(_no_seq(value)) from None
    return method()


def _no_seq(value: Value) -> str:
    return "Don't know how to create ISeq from: " + class_name_of(value)


def iterate(value: Tried) -> Iterable[Value]:
    """The elements of any seqable, for host loops."""
    if value is None:
        return ()
    if value.__class__ is str:
        return chars_of(value)
    if value.__class__ is LazySeq:
        return iterate_seq(value.seq())
    try:
        made: Iterable[Value] = iter(value)
        return made
    except TypeError:
        pass
    return iterate_seq(seq(value))


def implements(value: Value, name: str) -> bool:
    """Whether an object of a guest's type, or of Java's, is one of an interface."""
    found = getattr(value, "java_class", None)
    return found is not None and bool(found.implements(name))


def sequential_elements(value: Value) -> Iterator[Value] | None:
    """The elements of what is a Sequential or a List to the JVM; None for anything else (ASeq.equiv)."""
    if not (implements(value, "clojure.lang.Sequential") or implements(value, "java.util.List")):
        return None
    return iter(iterate(seq(value)))
