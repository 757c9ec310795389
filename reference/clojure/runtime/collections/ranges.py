"""`range`, `repeat`, `iterate` and `cycle`: sequences that are a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Seq
from lockstep.reference.clojure.runtime.values.numbers import add

Value = Any


class Range(Seq):
    """Longs from `start` by `step` up to `end` (excluded), which is never empty."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: range, metadata: Value = None) -> None:
        self.numbers = numbers
        self.metadata = metadata

    def first(self) -> Value:
        """The start."""
        return self.numbers[0]

    def next(self) -> Value:
        """The range after the start."""
        rest = self.numbers[1:]
        return Range(rest) if rest else None

    def count(self) -> int:
        """Computed."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.numbers)

    def nth(self, index: int) -> Value:
        """The number at `index`; IndexError past the end."""
        return self.numbers[index]


class Iterate(Seq):
    """`seed`, `(function seed)` and so on; each is computed once."""

    __slots__ = ("following", "function", "meter", "seed")

    def __init__(self, function: Value, seed: Value, meter: Value = None) -> None:
        self.function = function
        self.seed = seed
        self.meter = meter
        self.following: Iterate | None = None
        self.metadata = None

    def first(self) -> Value:
        """The seed."""
        return self.seed

    def next(self) -> Value:
        """The sequence from the next value on."""
        following = self.following
        if following is None:
            if self.meter is not None:
                self.meter()
            following = self.following = Iterate(self.function, self.function(self.seed), self.meter)
        return following

    def rest(self) -> Value:
        """The sequence from the next value on, which is not computed yet."""
        return LazySeq(self.next)

    def __iter__(self) -> Iterator[Value]:
        node = self
        while True:
            yield node.seed
            node = node.next()


class Counting(Seq):
    """Numbers from `start` by `step` without end."""

    __slots__ = ("meter", "start", "step")

    def __init__(self, start: Value, step: Value = 1, meter: Value = None) -> None:
        self.start = start
        self.step = step
        self.meter = meter
        self.metadata = None

    def first(self) -> Value:
        """The start."""
        return self.start

    def next(self) -> Value:
        """The numbers after it."""
        if self.meter is not None:
            self.meter()
        return Counting(add(self.start, self.step), self.step, self.meter)

    def __iter__(self) -> Iterator[Value]:
        value, step, meter = self.start, self.step, self.meter
        while True:
            yield value
            value = add(value, step)
            if meter is not None:
                meter()


class Repeat(Seq):
    """`value` over and over; `times` is None or at least 1."""

    __slots__ = ("meter", "times", "value")

    def __init__(self, value: Value, times: int | None = None, meter: Value = None) -> None:
        self.value = value
        self.times = times
        self.meter = meter
        self.metadata = None

    def first(self) -> Value:
        """The value."""
        return self.value

    def next(self) -> Value:
        """One repetition less."""
        if self.times is None:
            if self.meter is not None:
                self.meter()
            return self
        return Repeat(self.value, self.times - 1) if self.times > 1 else None

    def __iter__(self) -> Iterator[Value]:
        value, meter = self.value, self.meter
        if self.times is not None:
            for _ in range(self.times):
                yield value
            return
        while True:
            yield value
            if meter is not None:
                meter()


class Cycle(Seq):
    """The elements of `source` over and over, from `current` on."""

    __slots__ = ("current", "meter", "source")

    def __init__(self, source: Value, current: Value, meter: Value = None) -> None:
        self.source = source
        self.current = current
        self.meter = meter
        self.metadata = None

    def first(self) -> Value:
        """The first element."""
        return self.current.first()

    def next(self) -> Value:
        """The sequence one element further."""
        if self.meter is not None:
            self.meter()
        return Cycle(self.source, self.current.next() or self.source, self.meter)

    def rest(self) -> Value:
        """The sequence one element further, not asked for yet."""
        return LazySeq(self.next)
