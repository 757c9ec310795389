"""`range`, `repeat`, `iterate` and `cycle`: sequences that are a rule."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.clojure.runtime.collections.interface import Seq
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata, Meter
from lockstep.reference.clojure.runtime.values.numbers import Number, add

# So many numbers are passed without a look at the budget; of more, so many for a step.
_UNMETERED = 4096
_PER_STEP = 8


class Range(Seq):
    """Longs from `start` by `step` up to `end` (excluded), which is never empty."""

    __slots__ = ("meter", "numbers", "taken")

    def __init__(
        self, numbers: range, metadata: Metadata = None, taken: int = 0, meter: Meter | None = None
    ) -> None:
        self.numbers = numbers
        # Takes a step, where steps are counted.
        self.meter = meter
        self.taken = taken  # since a chunk began
        self.metadata = metadata

    def first(self) -> Value:
        """The start."""
        return self.numbers[0]

    def next(self) -> ISeq | None:
        """The range after the start."""
        if self.meter is not None and not self.taken % _PER_STEP:
            self.meter()
        rest = self.numbers[1:]
        return Range(rest, None, self.taken + 1, self.meter) if rest else None

    def count(self) -> int:
        """Computed."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[Value]:
        if self.meter is None or len(self.numbers) <= _UNMETERED:
            return iter(self.numbers)
        return self._metered()

    def _metered(self) -> Iterator[Value]:
        numbers, meter = self.numbers, self.meter
        assert meter is not None
        for start in range(0, len(numbers), _PER_STEP):
            meter()
            yield from numbers[start : start + _PER_STEP]

    def charge(self, count: int) -> None:
        """Take the steps for so many numbers that are passed at once."""
        if self.meter is not None:
            for _ in range(0, count, _PER_STEP):
                self.meter()

    def nth(self, index: int) -> Value:
        """The number at `index`; IndexError past the end."""
        return self.numbers[index]


_UNREALISED: object = object()


class Iterate(Seq):
    """`seed`, `(function seed)` and so on: `next` makes a node, `first` computes it (clojure.lang.Iterate)."""

    __slots__ = ("following", "function", "meter", "previous", "seed")

    def __init__(self, function: Function, previous: Value, seed: Value, meter: Meter | None = None) -> None:
        self.function = function
        self.previous = previous
        self.seed = seed
        self.meter = meter
        self.following: Iterate | None = None
        self.metadata = None

    def first(self) -> Value:
        """The seed, computed now if need be."""
        if self.seed is _UNREALISED:
            if self.meter is not None:
                self.meter()
            self.seed = self.function(self.previous)
        return self.seed

    def next(self) -> Iterate:
        """The sequence from the next value on, which is not computed yet."""
        following = self.following
        if following is None:
            following = self.following = Iterate(self.function, self.first(), _UNREALISED, self.meter)
        return following

    def realized(self) -> bool:
        """Whether the seed was computed."""
        return self.seed is not _UNREALISED

    def __iter__(self) -> Iterator[Value]:
        node = self
        while True:
            yield node.first()
            node = node.next()


class Counting(Seq):
    """Numbers from `start` by `step` without end."""

    __slots__ = ("meter", "start", "step")

    def __init__(self, start: Number, step: Number = 1, meter: Meter | None = None) -> None:
        self.start = start
        self.step = step
        self.meter = meter
        self.metadata = None

    def first(self) -> Value:
        """The start."""
        return self.start

    def next(self) -> ISeq | None:
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

    def __init__(self, value: Value, times: int | None = None, meter: Meter | None = None) -> None:
        self.value = value
        self.times = times
        self.meter = meter
        self.metadata = None

    def first(self) -> Value:
        """The value."""
        return self.value

    def next(self) -> ISeq | None:
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
    """The elements of `source` over and over: `next` makes a node, `first` looks at it (clojure.lang.Cycle)."""

    __slots__ = ("current", "meter", "previous", "source")

    def __init__(
        self, source: ISeq, previous: ISeq | None, current: ISeq | None, meter: Meter | None = None
    ) -> None:
        self.source = source
        self.previous = previous
        self.current = current
        self.meter = meter
        self.metadata = None

    def _current(self) -> ISeq:
        if self.current is None:
            assert self.previous is not None  # else there is a current one
            self.current = self.previous.next() or self.source
        return self.current

    def first(self) -> Value:
        """The first element."""
        return self._current().first()

    def next(self) -> ISeq | None:
        """The sequence one element further, which is not looked at yet."""
        if self.meter is not None:
            self.meter()
        return Cycle(self.source, self._current(), None, self.meter)

    def realized(self) -> bool:
        """Whether it was looked at."""
        return self.current is not None
