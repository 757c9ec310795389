"""The least solution of what is known of variables and of what functions give: kinds as bits, and intervals of integers.

A language gives, for each variable or function, what comes there, and says of each such source its kind and its interval, given what is
known of the others. What is known grows from nothing until nothing changes. Intervals that keep growing are widened, and what changes too long is
unknown, so the number of rounds has a bound; then intervals are narrowed again, which sound ones may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Callable, Generic, TypeVar

from lockstep.reference.host.types.intervals import Interval, Known, joined, met, widened

# Rounds until intervals are made larger than needed, and until what still changes is taken for unknown.
_EXACT_ROUNDS, _ROUNDS = 3, 24
_NARROWING_ROUNDS = 2

K = TypeVar("K")
S = TypeVar("S")


class Solution(Generic[K, S]):
    """What is known of each subject (a variable, a function), from what comes there.

    Args:
        kind_of: the kind of a source; 0 while nothing is known to come of it.
        interval_of: where a source that is an integer lies; None while nothing is known to come of it.
        integer: the kind of integers, which have intervals.
        unknown: the bit of what is not known; a source that is None is of this kind.
        full: the interval of all integers.
        begin_round: called before what is known changes.

    Attributes:
        kinds: of each subject; 0 while nothing is known to come there.
        intervals: of the subjects whose kind is `integer`.
    """

    def __init__(
        self,
        kind_of: Callable[[S], int],
        interval_of: Callable[[S], Known],
        *,
        integer: int,
        unknown: int,
        full: Interval,
        begin_round: Callable[[], None],
    ) -> None:
        self._kind_of = kind_of
        self._interval_of = interval_of
        self._integer = integer
        self._unknown = unknown
        self._full = full
        self._begin_round = begin_round
        self.kinds: dict[K, int] = {}
        self.intervals: dict[K, Known] = {}

    def solve(self, sources: Mapping[K, Sequence[S | None]], only: int) -> None:
        """Raise what is known until nothing changes.

        Args:
            sources: what comes to each subject.
            only: the kinds that subjects may have; what is of another is not known.
        """
        for number in range(_ROUNDS + 1):
            self._begin_round()
            changed = False
            for subject, values in sources.items():
                changed = self._raise(subject, values, number, only) or changed
            if not changed:
                break
        for _ in range(_NARROWING_ROUNDS):
            self._begin_round()
            for subject, before in self.intervals.items():
                self.intervals[subject] = self._narrower(before, sources[subject])
        self._begin_round()

    def _raise(self, subject: K, values: Sequence[S | None], number: int, only: int) -> bool:
        """Take what comes to a subject into account; whether that changes what is known of it."""
        before = self.kinds.get(subject, 0)
        if before & self._unknown:
            return False
        after = before
        for value in values:
            after |= self._unknown if value is None or number == _ROUNDS else self._kind_of(value)
        if after & ~only:
            after |= self._unknown
        self.kinds[subject] = after
        changed = after != before
        if after == self._integer:
            known = self.intervals.get(subject)
            wider = self._wider(known, values, number)
            if wider != known:
                self.intervals[subject] = wider
                changed = True
        return changed

    def _wider(self, before: Known, values: Iterable[S | None], number: int) -> Known:
        after = before
        for value in values:
            after = joined(after, None if value is None else self._interval_of(value))
        if number >= _ROUNDS // 2:
            return after if after == before else self._full
        return after if number < _EXACT_ROUNDS else widened(before, after, self._full)

    def _narrower(self, before: Known, values: Iterable[S | None]) -> Known:
        after: Known = None
        for value in values:
            after = joined(after, self._full if value is None else self._interval_of(value))
        return before if after is None or before is None else met(before, after)
