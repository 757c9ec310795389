"""What the history of a store tells: what runs counted, and the verdicts that they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lockstep.harness.site.parts import Change, Point
from lockstep.harness.store.history import History, Move, Tally

# Runs that plots go back.
_RUNS = 400


@dataclass(frozen=True)
class Past:
    """The history of some suites, read whole; empty without a store.

    Attributes:
        tallies: by suite and engine, the oldest first.
        moves: by suite and engine, likewise.
    """

    tallies: Mapping[tuple[str, str], list[Tally]] = field(default_factory=dict)
    moves: Mapping[tuple[str, str], list[Move]] = field(default_factory=dict)

    def points(self, suite: str, engine: str) -> Iterator[Point]:
        """What the runs of a suite on an engine counted."""
        for one in self.tallies.get((suite, engine), ()):
            total = sum(one.counts.values())
            yield Point(one.started, one.counts.get("pass", 0), total, one.revision, one.hash)

    def changes(self, suite: str, engine: str, rows: Mapping[tuple[str, str], int]) -> Iterator[Change]:
        """The verdicts that changed, of executions that still are."""
        started = {one.run: one.started for one in self.tallies.get((suite, engine), ())}
        for move in self.moves.get((suite, engine), ()):
            row = rows.get((move.case, move.mode))
            if row is not None and move.run in started:
                yield Change(row, started[move.run], move.before, move.after)


def read_past(history: History) -> Past:
    """Everything that a history knows.

    Raises:
        StoreError: it cannot be read.
    """
    tallies: dict[tuple[str, str], list[Tally]] = {}
    for one in reversed(history.tallies(last=_RUNS)):
        tallies.setdefault((one.suite, one.engine), []).append(one)
    moves: dict[tuple[str, str], list[Move]] = {}
    first = min((one.run for same in tallies.values() for one in same), default=0)
    for suite in sorted({suite for suite, _ in tallies}):
        for move in history.moves(suite, first):
            moves.setdefault((suite, move.engine), []).append(move)
    return Past(tallies, moves)
