"""`seq`, `first`, `get`, `nth`, `conj` and the like over everything that Clojure lets them work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Callable

from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import (
    argument_fault,
    arithmetic_fault,
    class_cast_fault,
    index_fault,
    unsupported_fault,
)
from lockstep.reference.clojure.runtime.values.names import Char
from lockstep.reference.clojure.runtime.values.numbers import is_nan, is_number, to_exact_integer

Value = Any
_MISSING: Any = object()
_INTS = 1 << 31


class Array:
    """A Java array: a host list of fixed length with the name of its component class."""

    __slots__ = ("component", "items")

    def __init__(self, component: str, items: list[Value]) -> None:
        self.component = component
        self.items = items

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    def seq(self) -> Value:
        """A sequence of the elements as they are now."""
        return ArraySeq(list(self.items)) if self.items else None


_chars: Callable[[str], list[Value]] = lambda text: [Char(unit) for unit in text]  # noqa: E731


def seq(value: Value) -> Value:
    """`seq`: a sequence, or nil for nothing.

    Raises:
        IllegalArgumentException: `value` is not seqable.
    """
    if value is None:
        return None
    if value.__class__ is str:
        return ArraySeq(_chars(value)) if value else None
    try:
        method = value.seq
    except AttributeError:
        raise argument_fault(_no_seq(value)) from None
    return method()


def _no_seq(value: Value) -> str:
    return "Don't know how to create ISeq from: " + class_name_of(value)


class_names: dict[type, str] = {
    int: "java.lang.Long",
    float: "java.lang.Double",
    str: "java.lang.String",
}


def class_name_of(value: Value) -> str:
    """The full Java class name, as far as the host class tells it."""
    if value is None:
        return "null"
    known: str | None = class_names.get(value.__class__)
    if known is not None:
        return known
    return JAVA_NAMES.get(value.__class__.__name__, str(value.__class__.__name__))


JAVA_NAMES = {
    "Boolean": "java.lang.Boolean",
    "Keyword": "clojure.lang.Keyword",
    "Symbol": "clojure.lang.Symbol",
    "Char": "java.lang.Character",
    "BigInt": "clojure.lang.BigInt",
    "Ratio": "clojure.lang.Ratio",
    "BigDecimal": "java.math.BigDecimal",
    "Vector": "clojure.lang.PersistentVector",
    "MapEntry": "clojure.lang.MapEntry",
    "Map": "clojure.lang.PersistentArrayMap",
    "Set": "clojure.lang.PersistentHashSet",
    "SortedMap": "clojure.lang.PersistentTreeMap",
    "SortedSet": "clojure.lang.PersistentTreeSet",
    "PersistentList": "clojure.lang.PersistentList",
    "Cons": "clojure.lang.Cons",
    "LazySeq": "clojure.lang.LazySeq",
    "Range": "clojure.lang.LongRange",
    "Atom": "clojure.lang.Atom",
    "Var": "clojure.lang.Var",
    "function": "clojure.lang.AFunction",
}


def iterate(value: Value) -> Iterable[Value]:
    """The elements of any seqable, for host loops."""
    if value is None:
        return ()
    if value.__class__ is str:
        return _chars(value)
    if value.__class__ is LazySeq:
        return iterate_seq(value.seq())
    try:
        made: Iterable[Value] = iter(value)
        return made
    except TypeError:
        pass
    return iterate_seq(seq(value))


def first(value: Value) -> Value:
    """`first`."""
    kind = value.__class__
    if kind is Vector:
        return value.array()[0] if value.size else None
    sequence = value if isinstance(value, Seq) else seq(value)
    return None if sequence is None else sequence.first()


def following(value: Value) -> Value:
    """`next`."""
    sequence = value if isinstance(value, Seq) else seq(value)
    return None if sequence is None else sequence.next()


def rest(value: Value) -> Value:
    """`rest`."""
    sequence = value if isinstance(value, Seq) else seq(value)
    return EMPTY_LIST if sequence is None else sequence.rest()


def second(value: Value) -> Value:
    """`second`."""
    return first(following(value))


def cons(head: Value, tail: Value) -> Value:
    """`cons`."""
    if tail is None:
        return PersistentList(head, None, 1)
    if isinstance(tail, (Seq, LazySeq)):
        return Cons(head, tail)
    return Cons(head, seq(tail))


def count(value: Value) -> int:
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
    if collection.__class__ is str or collection.__class__ is Array:
        if not is_number(key):
            return default
        index = to_exact_integer(key)
        items: Any = getattr(collection, "items", collection)
        if 0 <= index < len(items):
            return Char(items[index]) if collection.__class__ is str else items[index]
    return default


def nth(collection: Value, index: Value, default: Value = _MISSING) -> Value:
    """`nth`.

    Raises:
        IndexOutOfBoundsException: past the end without a default.
        UnsupportedOperationException: the collection has no order.
    """
    kind = collection.__class__
    if index.__class__ is not int:
        index = _index(index)
    if not -_INTS <= index < _INTS:
        raise arithmetic_fault("integer overflow")
    if kind is Vector or kind is MapEntry or kind is SubVector:
        if 0 <= index < collection.size:
            return collection.array()[index]
    elif collection is None:
        return None if default is _MISSING else default
    elif kind is str or kind is Array:
        items = collection if kind is str else collection.items
        if 0 <= index < len(items):
            return Char(items[index]) if kind is str else items[index]
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
        if 0 <= index < collection.count():
            return collection.nth(index)
    else:
        raise unsupported_fault(f"nth not supported on this type: {simple_class_name(collection)}")
    if default is _MISSING:
        raise index_fault(f"Index {index} out of bounds for length {len(items)}" if kind is str else None)
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


def _length(collection: Value) -> int:
    return len(collection.items if collection.__class__ is Array else collection)


def conj(collection: Value, value: Value) -> Value:
    """`conj` of one element."""
    if collection is None:
        return PersistentList(value, None, 1)
    try:
        method = collection.conj
    except AttributeError:
        raise class_cast_fault(collection, "clojure.lang.IPersistentCollection") from None
    return method(value)


def assoc(collection: Value, key: Value, value: Value) -> Value:
    """`assoc` of one key."""
    try:
        method = collection.assoc_key
    except AttributeError:
        if collection is None:
            return Map({key_of(key): value})
        raise class_cast_fault(collection, "clojure.lang.Associative") from None
    return method(key, value)


def dissoc(collection: Value, key: Value) -> Value:
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


from lockstep.reference.clojure.runtime.collections.interface import (  # noqa: E402  # mutual: they seq what they hold
    EMPTY_LIST,
    ArraySeq,
    Cons,
    LazySeq,
    PersistentList,
    Seq,
    Sequential,
    iterate_seq,
    nth_of_iterator,
)
from lockstep.reference.clojure.runtime.collections.maps import Map  # noqa: E402
from lockstep.reference.clojure.runtime.collections.ranges import Range  # noqa: E402
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, SubVector, Vector  # noqa: E402
