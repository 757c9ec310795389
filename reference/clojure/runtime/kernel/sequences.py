"""Sequences: the lazy ones and the reductions, in chunks where the source has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import (
    EMPTY_LIST,
    ChunkSeq,
    Cons,
    LazySeq,
    PersistentList,
    iterate,
    list_of,
    seq,
)
from lockstep.reference.clojure.runtime.collections.ranges import Range
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.exceptions import throwable
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import MISSING, LazyRest, apply
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import (
    class_cast_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Tried
from lockstep.reference.clojure.runtime.values.literals import Reduced
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, boolean, truthy
from lockstep.reference.clojure.runtime.values.numbers import is_number, to_exact_integer

CHUNK = 32

CORE.define_all(
    {
        "seq": seq,
        "first": access.first,
        "next": access.following,
        "rest": access.rest,
        "second": access.second,
        "cons": access.cons,
        "ffirst": lambda c: access.first(access.first(c)),
        "nfirst": lambda c: access.following(access.first(c)),
        "fnext": access.second,
        "nnext": lambda c: access.following(access.following(c)),
        "list": lambda *items: list_of(items),
        "reduced": lambda value: Reduced(value),  # noqa: PLW0108  # the guest may pass one argument
        "reduced?": lambda x: boolean(x.__class__ is Reduced),
        "unreduced": lambda x: x.value if x.__class__ is Reduced else x,
        "ensure-reduced": lambda x: x if x.__class__ is Reduced else Reduced(x),
    }
)


@CORE.define("apply")
def core_apply(f: Function, a: Value, *more: Value) -> Value:
    """`apply`."""
    *leading, last = (a, *more)
    sequence = seq(last)
    if leading:
        sequence = ChunkSeq(leading, 0, sequence)
    return apply(f, sequence)


@CORE.define("list*")
def list_star(a: Value, *more: Value) -> ISeq | None:
    """`list*`."""
    *leading, last = (a, *more)
    if not leading:
        return seq(last)
    made = access.cons(leading.pop(), last)
    for value in reversed(leading):
        made = Cons(value, made)
    return made


def chunk_of(sequence: Tried) -> tuple[Sequence[Value], ISeq | None] | None:
    """The chunk that a sequence starts with, and what follows it; None if it has no chunks."""
    kind = sequence.__class__
    if kind is ChunkSeq:
        items, index, more = sequence.items, sequence.index, sequence.more
        if index == 0 and len(items) <= CHUNK:
            return items, more
        end = (index // CHUNK + 1) * CHUNK
        if end < len(items):
            return items[index:end], ChunkSeq(items, end, more)
        return items[index:], more
    if kind is Range:
        numbers = sequence.numbers
        size = CHUNK - sequence.taken % CHUNK
        if len(numbers) <= size:
            return list(numbers), None
        sequence.charge(size)
        return list(numbers[:size]), Range(numbers[size:], meter=sequence.meter)
    return None


def _nothing() -> None:
    """What a sequence is whose function has lost its collection."""


def _lost() -> Value:
    """What happens where the function that is gone would be called."""
    raise throwable("NullPointerException", None)


@KERNEL.define("lazy-seq-once")
def lazily(thunk: Function) -> LazySeq:
    """The lazy sequence of a function of clojure.core: empty once it has thrown."""
    return LazySeq(thunk, None, _nothing)


@KERNEL.define("map1")
def map_one(f: Function, collection: Value) -> LazySeq:
    """`map1`."""

    def step() -> Value:
        sequence = seq(collection)
        if sequence is None:
            return None
        parts = chunk_of(sequence)
        if parts is None:
            return Cons(f(sequence.first()), map_one(f, sequence.rest()))
        items, more = parts
        return ChunkSeq([f(item) for item in items], 0, None if more is None else map_one(f, more))

    return lazily(step)


@KERNEL.define("map-many")
def map_many(f: Function, collections: Value) -> LazySeq:
    """`map-many`."""

    def step(sequences: Sequence[Value]) -> Value:
        current: list[Tried] = [seq(one) for one in sequences]
        if any(one is None for one in current):
            return None
        rest = [one.rest() for one in current]
        return Cons(f(*[one.first() for one in current]), lazily(lambda: step(rest)))

    sources = list(iterate(collections))
    return lazily(lambda: step(sources))


@KERNEL.define("filter")
def keep_if(pred: Function, collection: Value) -> LazySeq:
    """`filter`."""

    def step() -> Value:
        sequence = seq(collection)
        while sequence is not None:
            parts = chunk_of(sequence)
            if parts is None:
                value = sequence.first()
                test = pred(value)
                if test is not None and test is not FALSE:
                    return Cons(value, keep_if(pred, sequence.rest()))
                sequence = sequence.next()
                continue
            items, more = parts
            kept = [item for item in items if (test := pred(item)) is not None and test is not FALSE]
            if kept:
                return ChunkSeq(kept, 0, None if more is None else keep_if(pred, more))
            sequence = None if more is None else more.seq()
        return None

    return lazily(step)


@KERNEL.define("remove")
def drop_if(pred: Function, collection: Value) -> LazySeq:
    """`remove`."""

    def opposite(value: Value) -> Value:
        test = pred(value)
        return TRUE if test is None or test is FALSE else FALSE

    return keep_if(opposite, collection)


@KERNEL.define("keep")
def keep_some(f: Function, collection: Value) -> LazySeq:
    """`keep`."""

    def step() -> Value:
        sequence = seq(collection)
        while sequence is not None:
            parts = chunk_of(sequence)
            if parts is None:
                value = f(sequence.first())
                if value is not None:
                    return Cons(value, keep_some(f, sequence.rest()))
                sequence = sequence.next()
                continue
            items, more = parts
            kept = [made for item in items if (made := f(item)) is not None]
            if kept:
                return ChunkSeq(kept, 0, None if more is None else keep_some(f, more))
            sequence = None if more is None else more.seq()
        return None

    return lazily(step)


@KERNEL.define("map-indexed")
def map_with_index(f: Function, collection: Value, start: int = 0) -> LazySeq:
    """`map-indexed`."""

    def step() -> Value:
        sequence = seq(collection)
        if sequence is None:
            return None
        parts = chunk_of(sequence)
        if parts is None:
            return Cons(f(start, sequence.first()), map_with_index(f, sequence.rest(), start + 1))
        items, more = parts
        made = [f(start + index, item) for index, item in enumerate(items)]
        return ChunkSeq(made, 0, None if more is None else map_with_index(f, more, start + len(items)))

    return lazily(step)


@CORE.define("concat")
def concat(*collections: Value) -> LazySeq:
    """`concat`."""
    if len(collections) == 3 and collections[-1].__class__ is LazyRest:
        return _concat_more(_concat_two(*collections[:2]), cast("LazyRest", collections[2]).sequence)
    if len(collections) > 2:
        return _concat_more(_concat_two(*collections[:2]), ChunkSeq(collections[2:]))
    if len(collections) == 2:
        return _concat_two(*collections)
    return LazySeq(lambda: seq(collections[0]) if collections else None)


CORE.functions["concat"].__dict__["fixed"] = 2  # `apply` may hand it an endless rest


def _concat_more(head: Value, rest: ISeq | None) -> LazySeq:
    """`head`, then the elements of the elements of `rest`, of which one is looked at ahead."""

    def step() -> Value:
        sequence = seq(head)
        if sequence is None:
            if rest is None:
                return None
            return _concat_more(rest.first(), rest.next())
        parts = chunk_of(sequence)
        if parts is not None:
            items, more = parts
            return ChunkSeq(items, 0, _concat_more(more, rest))
        return Cons(sequence.first(), _concat_more(sequence.rest(), rest))

    return LazySeq(step, None, lambda: None if rest is None else _concat_more(rest.first(), rest.next()))


def _concat_two(head: Value, tail: Value) -> LazySeq:
    # What is left once a sequence could not be looked at: what stands behind it.
    left = [tail]

    def step() -> Value:
        sequence = seq(head)
        if sequence is None:
            return seq(left.pop())
        if sequence.__class__ is ChunkSeq:
            more = sequence.more
            rest = LazySeq(lambda: seq(tail)) if more is None else _concat_two(more, tail)
            return ChunkSeq(sequence.items, sequence.index, rest)
        parts = chunk_of(sequence)
        if parts is not None:
            items, more = parts
            rest = LazySeq(lambda: seq(tail)) if more is None else _concat_two(more, tail)
            return ChunkSeq(items, 0, rest)
        return Cons(sequence.first(), _concat_two(sequence.rest(), tail))

    return LazySeq(step, None, lambda: seq(left.pop()) if left else None)


@KERNEL.define("concat-all")
def concat_all(collections: Value) -> LazySeq:
    """The elements of the elements of a sequence, lazily."""

    def step() -> Value:
        sequence = seq(collections)
        while sequence is not None:
            inner = seq(sequence.first())
            if inner is not None:
                return seq(_concat_two(inner, concat_all(sequence.rest())))
            sequence = sequence.next()
        return None

    return lazily(step)


@KERNEL.define("take")
def take(n: Value, collection: Value) -> LazySeq:
    """`take`."""
    size = whole(n)

    def step() -> Value:
        if size <= 0:
            return None
        sequence = seq(collection)
        if sequence is None:
            return None
        if sequence.__class__ is ChunkSeq:
            items = sequence.items[sequence.index : sequence.index + size]
            more = sequence.more
            left = size - len(items)
            return ChunkSeq(items, 0, None if more is None or left <= 0 else take(left, more))
        if sequence.__class__ is Range:
            return Range(sequence.numbers[:size], meter=sequence.meter)
        if size == 1:
            return PersistentList(sequence.first(), None, 1)
        return Cons(sequence.first(), take(size - 1, sequence.rest()))

    return lazily(step)


def whole(n: Value) -> int:
    """A number of elements: fractions count up, infinity is more than there can be."""
    if n.__class__ is int:
        return n
    if n.__class__ is float and n == float("inf"):
        return 1 << 62
    if not is_number(n):
        raise class_cast_fault(n, "java.lang.Number")
    exact = to_exact_integer(n)
    return exact + 1 if n > exact else exact


@KERNEL.define("drop")
def drop(n: Value, collection: Value) -> LazySeq:
    """`drop`."""
    size = whole(n)

    def step() -> Value:
        left = size
        sequence = seq(collection)
        while left > 0 and sequence is not None:
            if sequence.__class__ is ChunkSeq:
                available = len(sequence.items) - sequence.index
                if left < available:
                    return ChunkSeq(sequence.items, sequence.index + left, sequence.more)
                left -= available
                sequence = None if sequence.more is None else sequence.more.seq()
            elif sequence.__class__ is Range:
                numbers = sequence.numbers[left:]
                return Range(numbers, meter=sequence.meter) if numbers else None
            else:
                left -= 1
                sequence = sequence.next()
        return sequence

    return LazySeq(step, None, _lost)


@KERNEL.define("take-while")
def take_while(pred: Function, collection: Value) -> LazySeq:
    """`take-while`."""

    def step() -> Value:
        sequence = seq(collection)
        if sequence is None:
            return None
        value = sequence.first()
        test = pred(value)
        if test is None or test is FALSE:
            return None
        return Cons(value, take_while(pred, sequence.rest()))

    return lazily(step)


@KERNEL.define("drop-while")
def drop_while(pred: Function, collection: Value) -> LazySeq:
    """`drop-while`."""

    def step() -> Value:
        sequence = seq(collection)
        while sequence is not None:
            test = pred(sequence.first())
            if test is None or test is FALSE:
                return sequence
            sequence = sequence.next()
        return None

    return LazySeq(step, None, _lost)


@KERNEL.define("distinct")
def distinct(collection: Value) -> LazySeq:
    """`distinct`."""
    seen: set[Value] = set()

    def step(source: Value) -> Value:
        sequence = seq(source)
        while sequence is not None:
            value = sequence.first()
            key = key_of(value)
            if key not in seen:
                seen.add(key)
                rest = sequence.rest()
                return Cons(value, lazily(lambda rest=rest: step(rest)))
            sequence = sequence.next()
        return None

    def begin() -> Value:
        # core.clj takes the collection itself apart, `[f :as xs]`, so a set or a map is refused.
        access.nth(collection, 0, None)
        return step(collection)

    return lazily(begin)


@KERNEL.define("is-chunked")
def is_chunked(x: Value) -> Value:
    """`is-chunked`."""
    return boolean(x.__class__ in (ChunkSeq, Range))


@KERNEL.define("chunk-first")
def chunk_first(x: Value) -> Vector:
    """`chunk-first`."""
    parts = chunk_of(x)
    if parts is None:
        raise class_cast_fault(x, "clojure.lang.IChunkedSeq")
    return Vector(list(parts[0]))


@KERNEL.define("chunk-rest")
def chunk_rest(x: Value) -> Value:
    """`chunk-rest`."""
    parts = chunk_of(x)
    if parts is None:
        raise class_cast_fault(x, "clojure.lang.IChunkedSeq")
    return EMPTY_LIST if parts[1] is None else parts[1]


@KERNEL.define("chunk-cons")
def chunk_cons(items: Value, rest: ISeq | None) -> Value:
    """`chunk-cons`."""
    values = list(iterate(items))
    return ChunkSeq(values, 0, rest) if values else rest


def chunked(iterator: Iterator[Value]) -> LazySeq | None:
    """The sequence of a host iterator, 32 at a time and one looked at ahead (RT.chunkIteratorSeq); nil if it is empty."""
    first = next(iterator, MISSING)
    if first is MISSING:
        return None

    def step() -> Value:
        items = [first, *islice(iterator, CHUNK - 1)]
        return ChunkSeq(items, 0, chunked(iterator))

    return LazySeq(step)


def transformed(xform: Function, source: Iterator[Value]) -> Iterator[Value]:
    """What a transducer makes of the elements of a host iterator (clojure.lang.TransformerIterator)."""
    buffer: list[Value] = []

    def collect(*arguments: Value) -> Value:
        if len(arguments) == 2:
            buffer.append(arguments[1])
        return arguments[0] if arguments else None

    step_function = cast("Function", xform(collect))
    for value in source:
        over = step_function(None, value).__class__ is Reduced
        if over:
            step_function(None)
        while buffer:
            yield buffer.pop(0)
        if over:
            return
    step_function(None)
    yield from buffer


@KERNEL.define("transform")
def transform(xform: Function, collection: Value) -> Value:
    """The sequence of what a transducer makes of a collection; nil if that is nothing."""
    return chunked(transformed(xform, iter(iterate(collection))))


@KERNEL.define("transform-iterator")
def transform_iterator(xform: Function, collection: Value) -> Value:
    """A java.util.Iterator over what a transducer makes of a collection."""
    from lockstep.reference.clojure.runtime.java.collections import JavaIterator  # rarely needed

    return JavaIterator(transformed(xform, iter(iterate(collection))))


def iterated(iterator: Value) -> Iterator[Value]:
    """The elements of a java.util.Iterator."""
    has_next, following = (_method(iterator, name) for name in ("hasNext", "next"))
    while truthy(has_next()):
        yield following()


def _method(target: Value, name: str) -> Function:
    own = getattr(target, "java_methods", {}).get(name)
    if own is not None:
        return lambda: own(target)
    method: Function | None = getattr(target, "guest_" + name, None)
    if method is None:
        raise class_cast_fault(target, "java.util.Iterator")
    return method


@CORE.define("iterator-seq", "enumeration-seq")
def iterator_seq(iterator: Value) -> Value:
    """`iterator-seq`."""
    return chunked(iterated(iterator))
