"""`seq`, `first`, `get`, `nth`, `conj` and the like over everything that Clojure lets them work on."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.clojure.runtime.collections.class_names import class_name_of
from lockstep.reference.clojure.runtime.collections.interface import (
    EMPTY_LIST,
    ArraySeq,
    Cons,
    LazySeq,
    PersistentList,
    Seq,
    Sequential,
    iterate,
    nth_of_iterator,
    seq,
)
from lockstep.reference.clojure.runtime.collections.maps import Map
from lockstep.reference.clojure.runtime.collections.ranges import Range
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import (
    argument_fault,
    arithmetic_fault,
    class_cast_fault,
    index_fault,
    unsupported_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import ISeq, Tried
from lockstep.reference.clojure.runtime.values.names import Char
from lockstep.reference.clojure.runtime.values.numbers import is_nan, is_number, to_exact_integer

_MISSING: object = object()
_INTS = 1 << 31


class Array:
    """A Java array: a host list of fixed length with the name of its component class."""

    __slots__ = ("component", "items")

    def __init__(self, component: str, items: list[Value]) -> None:
        self.component = component
        self.items = items

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    def seq(self) -> ISeq | None:
        """A sequence of the elements as they are now."""
        return ArraySeq(list(self.items)) if self.items else None


def first(value: Value) -> Value:
    """`first`."""
    if value.__class__ is Vector:
        return value.array()[0] if value.size else None
    sequence = value if isinstance(value, Seq) else seq(value)
    return None if sequence is None else sequence.first()


def following(value: Value) -> ISeq | None:
    """`next`."""
    sequence = value if isinstance(value, Seq) else seq(value)
    return None if sequence is None else sequence.next()


def rest(value: Value) -> ISeq:
    """`rest`."""
    sequence = value if isinstance(value, Seq) else seq(value)
    return EMPTY_LIST if sequence is None else sequence.rest()


def second(value: Value) -> Value:
    """`second`."""
    return first(following(value))


def cons(head: Value, tail: Value) -> Seq:
    """`cons`."""
    if tail is None:
        return PersistentList(head, None, 1)
    if isinstance(tail, (Seq, LazySeq)):
        return Cons(head, tail)
    return Cons(head, seq(tail))


def count(value: Tried) -> int:
    """`count`.

    Raises:
        UnsupportedOperationException: it has no count.
    """
    if value is None:
        return 0
    if value.__class__ is str:
        return len(value)
    if value.__class__ is Array:
        return len(value.items)
    try:
        method = value.count
    except AttributeError:
        if hasattr(value, "seq"):
            return sum(1 for _ in iterate(value))
        raise unsupported_fault(f"count not supported on this type: {simple_class_name(value)}") from None
    return int(method())


def simple_class_name(value: Value) -> str:
    """The class name without its package."""
    return class_name_of(value).rpartition(".")[2]


def get(collection: Value, key: Value, default: Value = _MISSING) -> Value:
    """`get`: the value under `key`, the default if there is none or nothing to look into.

    Whether a default was given decides which method of a guest's ILookup is called (RT.get).
    """
    if collection.__class__ is Map:
        if key.__class__ is float:
            key = key_of(key)
        table = collection.table
        if table is None:
            table = collection.settled()
        return table.get(key) if default is _MISSING else table.get(key, default)
    lookup = getattr(collection, "lookup", None)
    if lookup is not None:
        return lookup(key) if default is _MISSING else lookup(key, default)
    if default is _MISSING:
        default = None
    if collection.__class__ is str:
        if is_number(key) and 0 <= (index := to_exact_integer(key)) < len(collection):
            return Char(collection[index])
    elif collection.__class__ is Array and is_number(key):
        index = to_exact_integer(key)
        if 0 <= index < len(collection.items):
            return collection.items[index]
    return default


def nth(collection: Value, index: Value, default: Value = _MISSING) -> Value:
    """`nth`.

    Raises:
        IndexOutOfBoundsException: past the end without a default.
        UnsupportedOperationException: the collection has no order.
    """
    if index.__class__ is not int:
        index = _index(index)
    if not -_INTS <= index < _INTS:
        raise arithmetic_fault("integer overflow")
    if isinstance(collection, Vector):
        if 0 <= index < collection.size:
            return collection.array()[index]
    elif collection is None:
        return None if default is _MISSING else default
    elif collection.__class__ is str:
        if 0 <= index < len(collection):
            return Char(collection[index])
    elif collection.__class__ is Array:
        if 0 <= index < len(collection.items):
            return collection.items[index]
    elif isinstance(collection, Range):
        if 0 <= index < len(collection.numbers):
            return collection.numbers[index]
    elif isinstance(collection, Sequential):
        return nth_of_iterator(iter(collection), index, default, _MISSING)
    elif hasattr(collection, "nth"):
        if default is _MISSING:
            return collection.nth(index)
        if hasattr(collection, "java_methods"):
            return collection.nth(index, default)
        if 0 <= index < count(collection):
            return collection.nth(index)
    else:
        raise unsupported_fault(f"nth not supported on this type: {simple_class_name(collection)}")
    if default is _MISSING:
        text = collection if collection.__class__ is str else None
        raise index_fault(None if text is None else f"Index {index} out of bounds for length {len(text)}")
    return default


def _index(index: Value) -> int:
    """An index as RT.intCast makes it of a number: NaN is 0."""
    if not is_number(index):
        raise class_cast_fault(index, "java.lang.Number")
    return 0 if is_nan(index) else to_exact_integer(index)


def contains(collection: Value, key: Value) -> bool:
    """`contains?`.

    Raises:
        IllegalArgumentException: the collection has no keys.
    """
    if collection is None:
        return False
    method = getattr(collection, "contains", None)
    if method is not None:
        return bool(method(key))
    if (collection.__class__ is str or collection.__class__ is Array) and is_number(key):
        return bool(0 <= to_exact_integer(key) < _length(collection))
    raise argument_fault(f"contains? not supported on type: {class_name_of(collection)}")


def _length(collection: str | Array) -> int:
    return len(collection) if isinstance(collection, str) else len(collection.items)


def conj(collection: Tried, value: Value) -> Value:
    """`conj` of one element."""
    if collection is None:
        return PersistentList(value, None, 1)
    try:
        method = collection.conj
    except AttributeError:
        raise class_cast_fault(collection, "clojure.lang.IPersistentCollection") from None
    return method(value)


def assoc(collection: Tried, key: Value, value: Value) -> Value:
    """`assoc` of one key."""
    try:
        method = collection.assoc_key
    except AttributeError:
        if collection is None:
            return Map({key_of(key): value})
        raise class_cast_fault(collection, "clojure.lang.Associative") from None
    return method(key, value)


def dissoc(collection: Tried, key: Value) -> Value:
    """`dissoc` of one key."""
    if collection is None:
        return None
    try:
        method = collection.dissoc
    except AttributeError:
        raise class_cast_fault(collection, "clojure.lang.IPersistentMap") from None
    return method(key)


def is_seqable(value: Value) -> bool:
    """Seqable?"""
    return value is None or value.__class__ is str or hasattr(value, "seq")
