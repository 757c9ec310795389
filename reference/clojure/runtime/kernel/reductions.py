"""Reductions and other functions that go through a sequence at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Callable, cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.interface import (
    EMPTY_LIST,
    ArraySeq,
    ChunkSeq,
    Cons,
    LazySeq,
    PersistentList,
    Sequential,
    chunk,
    elements_seq,
    iterate,
    list_of,
    seq,
)
from lockstep.reference.clojure.runtime.collections.maps import Map, MapInterface, SetInterface
from lockstep.reference.clojure.runtime.collections.ranges import Range
from lockstep.reference.clojure.runtime.collections.sorted import SortedMap, SortedSet, sort_key
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import ARRAY_CODES, OBJECT, class_name_of, class_of
from lockstep.reference.clojure.runtime.kernel.collections import component_of
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.kernel.sequences import iterated, map_many, whole
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.state.protocols import Protocol
from lockstep.reference.clojure.runtime.state.types import TypeInstance
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import compare, key_of
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    class_cast_fault,
    index_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Tried
from lockstep.reference.clojure.runtime.values.literals import Reduced
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, boolean
from lockstep.reference.clojure.runtime.values.numbers import chance, is_nan, to_exact_integer

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Function = Callable[..., Value]


_PLAIN = frozenset(
    {type(None), str, Array, Vector, Map, ChunkSeq, ArraySeq, PersistentList, LazySeq, Range, Cons, int}
)


class Reductions:
    """`reduce` and `reduce-kv` of one environment, which a type may implement by a protocol."""

    def __init__(self, environment: Environment) -> None:
        self.cells = environment.cells

    def extension(self, collection: Value, protocol: str, method: str) -> Function | None:
        """What a type of the guest's own, or `extend`, says of a method of clojure.core.protocols."""
        own: Function | None = getattr(collection, "java_methods", {}).get(method)
        if own is not None:
            return own
        found = self.cells.get(f"clojure.core.protocols/{protocol}")
        if not isinstance(found, Protocol):
            return None
        kind = class_of(collection)
        methods = found.implementations.get(kind)
        return None if methods is None or kind is OBJECT else methods.get(method)

    def reduce(self, f: Function, a: Value, b: Value = MISSING) -> Value:
        """`reduce`."""
        source = a if b is MISSING else b
        if source.__class__ not in _PLAIN:
            arguments = (f,) if b is MISSING else (f, a)
            own = getattr(source, "guest_reduce", None)
            if (
                own is not None
                and 1 + len(arguments) in cast("TypeInstance", source).method_arities["reduce"]
            ):
                return own(*arguments)
            extended = self.extension(source, "CollReduce", "coll-reduce")
            if extended is not None:
                return extended(source, *arguments)
        return reduce(f, a, b)

    def reduce_kv(self, f: Function, init: Value, collection: Value) -> Value:
        """`reduce-kv`."""
        if collection.__class__ not in _PLAIN:
            own = getattr(collection, "java_methods", {}).get("kvreduce")
            if own is not None:
                return own(collection, f, init)
            extended = self.extension(collection, "IKVReduce", "kv-reduce")
            if extended is not None:
                return extended(collection, f, init)
        return reduce_kv(f, init, collection)


def reduce(f: Function, a: Value, b: Value = MISSING) -> Value:
    """`reduce` over the elements one by one."""
    if b is MISSING:
        iterator = _elements(a)
        result = next(iterator, MISSING)
        if result is MISSING:
            return f()
    else:
        result = a
        iterator = _elements(b)
    for value in iterator:
        result = f(result, value)
        if result.__class__ is Reduced:
            return result.value
    return result


def _elements(source: Value) -> Iterator[Value]:
    """The elements of a collection: by `.iterator` where a type of the guest's own has one."""
    own = getattr(source, "java_methods", {}).get("iterator")
    if own is not None:
        return iterated(own(source))
    return iter(iterate(source))


def reduce_kv(f: Function, init: Value, collection: Value) -> Value:
    """`reduce-kv` over vectors, maps and sequences of entries."""
    result = init
    if collection is None:
        return result
    if isinstance(collection, Vector):
        pairs: Any = enumerate(list(collection))
    elif isinstance(collection, MapInterface):
        pairs = [entry.array() for entry in collection.entries()]
    else:
        pairs = []
        for entry in iterate(collection):
            if not isinstance(entry, MapEntry):
                raise class_cast_fault(entry, "java.util.Map$Entry")
            pairs.append(entry.array())
    for key, value in pairs:
        result = f(result, key, value)
        if result.__class__ is Reduced:
            return result.value
    return result


@CORE.installer
def install(environment: Environment) -> dict[str, Value]:
    """What depends on the protocols of the environment."""
    reductions = Reductions(environment)
    return {"reduce": reductions.reduce, "reduce-kv": reductions.reduce_kv}


@CORE.define("nth")
def nth(collection: Value, index: Value, default: Value = MISSING) -> Value:
    """`nth`."""
    if default is MISSING:
        return access.nth(collection, index)
    return access.nth(collection, index, default)


@CORE.define("nthrest")
def nthrest(collection: Value, n: Value) -> Value:
    """`nthrest`."""
    result = collection
    for _ in range(max(whole(n), 0)):
        sequence = seq(result)
        if sequence is None:
            break
        result = sequence.rest()
    return result


@CORE.define("nthnext")
def nthnext(collection: Value, n: Value) -> Value:
    """`nthnext`."""
    sequence = seq(collection)
    for _ in range(max(whole(n), 0)):
        if sequence is None:
            break
        sequence = sequence.next()
    return sequence


@CORE.define("last")
def last(collection: Value) -> Value:
    """`last`."""
    if isinstance(collection, Vector):
        return collection.peek()
    found = None
    for value in iterate(collection):
        found = value
    return found


@CORE.define("butlast")
def butlast(collection: Value) -> Value:
    """`butlast`."""
    return chunk(list(iterate(collection))[:-1])


@CORE.define("reverse")
def reverse(collection: Value) -> Value:
    """`reverse`."""
    return list_of(list(iterate(collection))[::-1])


@CORE.define("count")
def count(collection: Value) -> int:
    """`count`."""
    return access.count(collection)


@CORE.define("bounded-count")
def bounded_count(n: int, collection: Value) -> int:
    """`bounded-count`."""
    if isinstance(collection, (Vector, MapInterface, SetInterface, PersistentList, Range)):
        return access.count(collection)
    sequence, found = seq(collection), 0
    while sequence is not None and found < n:
        sequence = sequence.next()
        found += 1
    return found


@CORE.define("vec")
def vec(collection: Value) -> Vector:
    """`vec`."""
    if collection.__class__ is Vector:
        return collection.with_meta(None) if collection.metadata is not None else collection
    if not access.is_seqable(collection) and not hasattr(collection, "__iter__"):
        shown = class_name_of(collection)
        raise Fault("RuntimeException", f"Unable to convert: class {shown} to Object[]")
    return Vector(list(iterate(collection)))


@CORE.define("mapv")
def mapv(f: Function, collection: Value, *more: Value) -> Vector:
    """`mapv`."""
    if more:
        return Vector(list(iterate(map_many(f, ChunkSeq([collection, *more])))))
    return Vector([f(item) for item in iterate(collection)])


@CORE.define("filterv")
def filterv(pred: Function, collection: Value) -> Vector:
    """`filterv`."""
    return Vector(
        [item for item in iterate(collection) if (test := pred(item)) is not None and test is not FALSE]
    )


@CORE.define("into-array")
def into_array(a: Value, b: Value = MISSING) -> Array:
    """`into-array`."""
    items = list(iterate(a if b is MISSING else b))
    component = a if b is not MISSING else class_of(items[0]) if items else None
    name = getattr(component, "name", "object")
    return Array(name if name in ARRAY_CODES else component_of(component), items)


@CORE.define("doall")
def doall(a: Value, b: Value = MISSING) -> Value:
    """`doall`."""
    if b is not MISSING:
        sequence = seq(b)
        for _ in range(cast("int", a)):
            if sequence is None:
                break
            sequence = sequence.next()
        return b
    for _ in iterate(a):
        pass
    return a


@CORE.define("dorun")
def dorun(a: Value, b: Value = MISSING) -> None:
    """`dorun`."""
    if b is not MISSING:
        doall(a, b)
        return
    for _ in iterate(a):
        pass


@CORE.define("every?")
def every(pred: Function, collection: Value) -> Value:
    """`every?`."""
    for item in iterate(collection):
        test = pred(item)
        if test is None or test is FALSE:
            return FALSE
    return TRUE


@CORE.define("some")
def some(pred: Function, collection: Value) -> Value:
    """`some`."""
    for item in iterate(collection):
        test = pred(item)
        if test is not None and test is not FALSE:
            return test
    return None


@CORE.define("sort")
def sort(a: Tried, b: Value = MISSING) -> Value:
    """`sort`."""
    if b is MISSING:
        items = list(iterate(a))
        _sort(items, compare)
    else:
        items = list(iterate(b))
        _sort(items, sort_key(a))
    source = a if b is MISSING else b
    if source.__class__ is Array:
        source.items[:] = items
    return _ordered_seq(items, source)


def _ordered_seq(items: list[Value], source: Value) -> Value:
    """The result of `sort`: with the metadata of what was sorted."""
    metadata = getattr(source, "metadata", None)
    return ArraySeq(items, 0, None, metadata) if items else EMPTY_LIST


def _sort(items: list[Value], ordering: Callable[[Value, Value], int]) -> None:
    if ordering is compare and items:
        kinds = {item.__class__ for item in items}
        if kinds == {int} or (kinds == {str} and all(text.isascii() for text in cast("list[str]", items))):
            items.sort()
            return
    items.sort(key=cmp_to_key(ordering))


@CORE.define("sort-by")
def sort_by(key: Function, a: Tried, b: Value = MISSING) -> Value:
    """`sort-by`."""
    items = list(iterate(a if b is MISSING else b))
    ordering = compare if b is MISSING else sort_key(a)
    pairs: list[tuple[Any, Value]] = [(key(item), item) for item in items]
    if ordering is compare and {one.__class__ for one, _ in pairs} == {int}:
        pairs.sort(key=lambda pair: pair[0])
    else:

        def by_key(one: tuple[Value, Value], other: tuple[Value, Value]) -> int:
            return ordering(one[0], other[0])

        pairs.sort(key=cmp_to_key(by_key))
    return _ordered_seq([item for _, item in pairs], a if b is MISSING else b)


@CORE.define("shuffle")
def shuffle(collection: Value) -> Vector:
    """`shuffle`."""
    if (not isinstance(collection, (Sequential, Array)) and not hasattr(collection, "conj")) or isinstance(
        collection, MapInterface
    ):
        raise class_cast_fault(collection, "java.util.Collection")
    items = list(iterate(collection))
    random.shuffle(items)
    return Vector(items)


@CORE.define("rand-nth")
def rand_nth(collection: Value) -> Value:
    """`rand-nth`."""
    if collection is None:
        return None
    return access.nth(collection, int(chance() * access.count(collection)))


@CORE.define("group-by")
def group_by(f: Function, collection: Value) -> Map:
    """`group-by`."""
    table: dict[Value, list[Value]] = {}
    for item in iterate(collection):
        table.setdefault(key_of(f(item)), []).append(item)
    return Map({key: Vector(items) for key, items in table.items()})


@CORE.define("frequencies")
def frequencies(collection: Value) -> Map:
    """`frequencies`."""
    table: dict[Value, Any] = {}
    for item in iterate(collection):
        key = key_of(item)
        table[key] = table.get(key, 0) + 1
    return Map(table)


@CORE.define("distinct?")
def is_distinct(x: Value, *more: Value) -> Value:
    """`distinct?`."""
    values = [x, *more]
    return boolean(len({key_of(value) for value in values}) == len(values))


@CORE.define("zipmap")
def zipmap(keys: Value, values: Value) -> Map:
    """`zipmap`."""
    table: dict[Value, Value] = {}
    ones, others = seq(keys), seq(values)
    while ones is not None and others is not None:
        table[key_of(ones.first())] = others.first()
        ones, others = ones.next(), others.next()
    return Map(table)


@CORE.define("rseq")
def rseq(collection: Value) -> Value:
    """`rseq`."""
    if not hasattr(collection, "rseq"):
        raise class_cast_fault(collection, "clojure.lang.Reversible")
    return collection.rseq()


@CORE.define("subvec")
def subvec(v: Value, start: Value, end: Value = MISSING) -> Vector:
    """`subvec`."""
    if v is None:
        raise index_fault()
    if not isinstance(v, Vector):
        raise class_cast_fault(v, "clojure.lang.IPersistentVector")
    return v.subvec(_position(start), v.size if end is MISSING else _position(end))


def _position(value: Value) -> int:
    """A number cast as `int` does: NaN is 0."""
    return 0 if is_nan(value) else to_exact_integer(value)


@KERNEL.define("sorted-seq")
def sorted_seq(collection: Value, ascending: Value) -> Value:
    """Sorted.seq: all entries in one of the two directions."""
    items = list(iterate(collection))
    return elements_seq(items if ascending is TRUE else items[::-1])


@KERNEL.define("sorted-seq-from")
def sorted_seq_from(collection: Value, key: Value, ascending: Value) -> Value:
    """Sorted.seqFrom: the entries from a key on."""
    source = _sorted(collection)
    ordering = _ordering(source)
    sign = 1 if ascending is TRUE else -1
    items = [one for one in source if sign * ordering(source.entry_key(one), key) >= 0]
    return elements_seq(items[::sign])


@KERNEL.define("sorted-compare")
def sorted_compare(collection: Value, entry: Value, key: Value) -> int:
    """How the key of an entry compares with another one."""
    source = _sorted(collection)
    return _ordering(source)(source.entry_key(entry), key)


def _sorted(collection: Value) -> SortedMap | SortedSet:
    if not isinstance(collection, (SortedMap, SortedSet)):
        raise class_cast_fault(collection, "clojure.lang.Sorted")
    return collection


def _ordering(source: SortedMap | SortedSet) -> Callable[[Value, Value], int]:
    return compare if source.comparator is None else sort_key(source.comparator)
