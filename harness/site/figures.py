"""Counts over ranges and choices of executions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lockstep.harness.causes import cause_of
from lockstep.harness.model import Result
from lockstep.harness.reports.page.data import VERDICTS
from lockstep.harness.reports.tables import percent
from lockstep.harness.site.parts import CELL, NOT_RUN, PASS, Change, EngineView, Folder, Part, Snapshot

_CELLS = tuple(CELL[verdict] for verdict in VERDICTS)


@dataclass(frozen=True)
class Counts:
    """How many of each verdict, in their order, and how many passes an engine that does nothing would have.

    Attributes:
        by: the numbers.
        idle, measured: of the executions that ran, how many pass whatever the engine does, of those of which that is known.
        gained, lost: by the last change of each execution, where it came with the newest snapshot.
    """

    by: tuple[int, ...]
    idle: int = 0
    measured: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def total(self) -> int:
        """What ran."""
        return sum(self.by)

    @property
    def passes(self) -> int:
        """What passes."""
        return self.by[0]

    @property
    def share(self) -> str:
        """The passes in per cent of what ran."""
        return percent(self.passes, self.total)

    @property
    def floor(self) -> float:
        """The share that an engine which does nothing would have; 0.0 where it has none, or too little is known."""
        known = self.measured and self.measured >= min(self.total, _ENOUGH)
        return self.idle / self.measured if known else 0.0

    @property
    def named(self) -> list[tuple[str, int]]:
        """The verdicts that occur, with their numbers."""
        return [(verdict, number) for verdict, number in zip(VERDICTS, self.by, strict=True) if number]

    @property
    def words(self) -> str:
        """The same as a sentence."""
        return ", ".join(f"{number:,} {verdict}" for verdict, number in self.named) or "nothing ran"


def count(cells: bytes, idle: bytes = b"", steps: Sequence[int] = ()) -> Counts:
    """The counts of a run of cells; `idle` and `steps` are the same stretch of what they tell."""
    by = tuple(cells.count(cell) for cell in _CELLS)
    ran = int.from_bytes(cells.translate(_RAN), "big")
    passing = (ran & int.from_bytes(idle.translate(_IS_IDLE), "big")).bit_count()
    measured = (ran & int.from_bytes(idle.translate(_RAN), "big")).bit_count()
    return Counts(by, passing, measured, sum(step > 0 for step in steps), sum(step < 0 for step in steps))


# Of fewer executions than all, so many tell a floor.
_ENOUGH = 50
# Blank -> 0, all else -> 1; and what an idle engine passes -> 1, all else -> 0.
_RAN = bytes(byte != NOT_RUN for byte in range(256))
_IS_IDLE = bytes(byte == ord("1") for byte in range(256))


class Counter:
    """Counts of one engine's present verdicts over a part: of folders and of features."""

    def __init__(self, part: Part, engine: EngineView) -> None:
        self.engine = engine
        self._part = part
        self._cells = engine.current.cells
        self._steps = steps_of(engine, len(self._cells))

    def folder(self, folder: Folder) -> Counts:
        """Of a folder and all below it."""
        return self.cases(folder.first, folder.last)

    def cases(self, first: int, last: int) -> Counts:
        """Of a range of cases."""
        start, end = self._part.starts[first], self._part.starts[last]
        steps = self._steps[start:end] if self._steps else ()
        return count(self._cells[start:end], self._part.idle[start:end], steps)

    def rows(self, rows: Iterable[int]) -> Counts:
        """Of some executions."""
        chosen = list(rows)
        cells = bytes(self._cells[row] for row in chosen)
        idle = bytes(self._part.idle[row] for row in chosen)
        return count(cells, idle, [self._steps[row] for row in chosen] if self._steps else ())


def steps_of(engine: EngineView, executions: int) -> list[int]:
    """What the newest day with changes changed, by execution; empty where nothing did."""
    latest = latest_changes(engine)
    if not latest:
        return []
    steps = [0] * executions
    for change in latest:
        steps[change.row] = change.step
    return steps


def latest_changes(engine: EngineView) -> list[Change]:
    """The changes that the present snapshot came with."""
    day = engine.current.day
    return [change for change in engine.changes if change.started[:10] == day]


@dataclass(frozen=True)
class CauseRow:
    """Executions that do not pass for one cause.

    Attributes:
        verdict: theirs.
        cause: the reason without places and values.
        number: how many there are.
        engines: how many on each engine, the most first.
        example: the case of the shortest name.
        folders: in how many folders.
    """

    verdict: str
    cause: str
    number: int
    engines: tuple[tuple[str, int], ...]
    example: str
    folders: int


class Causes:
    """The causes of a part's reasons, each worked out once."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._known: dict[str, str] = {}

    def cause(self, result: Result) -> str:
        """The cause of a result's reason, the test's own name left out of it."""
        reason = result.reason.replace(result.case, "PATH") if result.case in result.reason else result.reason
        if reason not in self._known:
            self._known[reason] = cause_of(reason)
        return self._known[reason]

    def rows(
        self, first: int, last: int, most: int, snapshots: Sequence[Snapshot]
    ) -> tuple[list[CauseRow], int]:
        """The commonest causes in a range of cases on some snapshots, and how many causes there are."""
        start, end = self._part.starts[first], self._part.starts[last]
        found: dict[tuple[str, str], list[Result]] = {}
        for one in snapshots:
            for row in failing(one.cells, start, end):
                result = one.results[row]
                found.setdefault((str(result.verdict), self.cause(result)), []).append(result)
        ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        return [_cause_row(verdict, cause, same) for (verdict, cause), same in ordered[:most]], len(ordered)


def _cause_row(verdict: str, cause: str, results: Sequence[Result]) -> CauseRow:
    engines: dict[str, int] = {}
    for result in results:
        engines[result.engine] = engines.get(result.engine, 0) + 1
    example = min((result.case for result in results), key=lambda case: (len(case), case))
    folders = {result.case.rpartition("/")[0] for result in results}
    by_number = sorted(engines.items(), key=lambda entry: (-entry[1], entry[0]))
    return CauseRow(verdict, cause, len(results), tuple(by_number), example, len(folders))


def failing(cells: bytes, start: int, end: int) -> list[int]:
    """The executions between two that ran and do not pass."""
    stretch = cells[start:end]
    if not stretch.strip(_FINE):
        return []
    return [start + place for place, cell in enumerate(stretch) if cell not in _FINE]


_FINE = bytes([PASS]) + b" "
