"""What the site is made of: suites by language, and what runs saw of each engine on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Case, Result, Suite, Verdict
from lockstep.harness.reports.page.data import VERDICTS, place

PASS = b"0"[0]
NOT_RUN = b" "[0]
CELL = {verdict: str(number).encode()[0] for number, verdict in enumerate(VERDICTS)}
VERDICT_OF = {cell: verdict for verdict, cell in CELL.items()}
# Verdicts of which nobody can say that they are failures.
QUIET = frozenset({CELL[Verdict.UNSUPPORTED], CELL[Verdict.SKIPPED]})


@dataclass(frozen=True)
class Seen:
    """What one run saw of one suite on one engine, as it was read.

    Attributes:
        suite: the suite's name.
        revision: of the suite.
        engine: who ran it.
        started: when, in UTC; a day where no more is known.
        whole: whether it was to hold every case.
        results: by case and mode.
    """

    suite: str
    revision: str
    engine: EngineRow
    started: str
    whole: bool
    results: Mapping[tuple[str, str], Result]


@dataclass(frozen=True)
class Snapshot:
    """What one version of an engine does, laid out over the executions of a part.

    Attributes:
        engine: its name, version, host and hash.
        started: when it was seen last.
        revision: of the suite.
        cells: a digit for each execution, the number of its verdict; a blank where it did not run.
        results: of what ran, by the number of the execution.
        whole: whether it holds every execution.
    """

    engine: EngineRow
    started: str
    revision: str
    cells: bytes
    results: Mapping[int, Result]
    whole: bool

    @property
    def day(self) -> str:
        """The day on which it was seen last."""
        return self.started[:10]


@dataclass(frozen=True)
class Change:
    """An execution whose verdict is another than the last that was known of it.

    Attributes:
        row: the number of the execution.
        started: when it was first seen so.
        before, after: verdicts.
        reason: why it does not pass.
        revision: of the suite, where that changed too; else "".
    """

    row: int
    started: str
    before: str
    after: str
    reason: str = ""
    revision: str = ""

    @property
    def step(self) -> int:
        """1 where a pass was gained, -1 where one was lost, else 0."""
        return (self.after == Verdict.PASS) - (self.before == Verdict.PASS)


@dataclass(frozen=True)
class Point:
    """What a run counted: a point of a plot."""

    started: str
    passes: int
    total: int
    revision: str
    hash: str


@dataclass(frozen=True)
class EngineView:
    """One engine on a part.

    Attributes:
        name: what tables call it.
        snapshots: the oldest first.
        changes: likewise.
        points: what its runs counted, likewise.
    """

    name: str
    snapshots: Sequence[Snapshot]
    changes: Sequence[Change]
    points: Sequence[Point]

    @cached_property
    def current(self) -> Snapshot:
        """The newest that holds the whole suite; without one, the newest."""
        return next((one for one in reversed(self.snapshots) if one.whole), self.snapshots[-1])


@dataclass
class Folder:
    """A folder of a part; its cases, and those of all folders below it, stand together.

    Attributes:
        path: "" for the top.
        first, last: the cases, as a range of their numbers.
        own: how many of them stand directly in it; they come first.
        children: by name.
    """

    path: str
    first: int
    last: int
    own: int = 0
    children: dict[str, Folder] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    def walk(self) -> Iterator[Folder]:
        """This folder and all below it."""
        yield self
        for child in self.children.values():
            yield from child.walk()


@dataclass(frozen=True)
class Part:
    """The cases of a suite in one language, and every engine that ran any of them.

    Attributes:
        language: what they are written in.
        suite: the suite's name.
        revision: of the suite, as it is shown.
        modes: case -> its modes, in the order of folders.
        engines: the one that passes most first.
        files: the suite, where its files are at hand in that revision.
        cases: what the suite says of its cases, by name; those of points by the points' names too.
        points: of points of cases, their case.
    """

    language: str
    suite: str
    revision: str
    modes: Mapping[str, tuple[str, ...]]
    engines: Sequence[EngineView]
    files: Suite | None = None
    cases: Mapping[str, Case] = field(default_factory=dict)
    points: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        """The cases, in order."""
        return list(self.modes)

    @cached_property
    def executions(self) -> list[tuple[str, str]]:
        """Every case and mode, in order: what a number of an execution counts."""
        return executions_of(self.modes)

    @cached_property
    def starts(self) -> list[int]:
        """The first execution of each case, and one more at the end."""
        found = [0]
        for modes in self.modes.values():
            found.append(found[-1] + len(modes))
        return found

    @cached_property
    def case_numbers(self) -> list[int]:
        """The number of the case of each execution."""
        return [number for number, modes in enumerate(self.modes.values()) for _ in modes]

    @cached_property
    def top(self) -> Folder:
        """The tree of its folders."""
        return tree_of(self.names)

    @cached_property
    def folders(self) -> dict[str, Folder]:
        """Every folder by its path."""
        return {folder.path: folder for folder in self.top.walk()}

    @cached_property
    def features(self) -> dict[str, list[int]]:
        """The executions of each feature, by its name."""
        found: dict[str, list[int]] = {}
        for number, name in enumerate(self.names):
            case = self.cases.get(name)
            for feature in case.features if case is not None else ():
                found.setdefault(feature, []).extend(range(self.starts[number], self.starts[number + 1]))
        return dict(sorted(found.items()))

    @cached_property
    def idle(self) -> bytes:
        """1 for each execution that an engine which does nothing would pass, 0 for others, a blank where no run has measured it."""
        found = bytearray([NOT_RUN]) * len(self.executions)
        for engine in self.engines:
            for snapshot in engine.snapshots:
                for row, result in snapshot.results.items():
                    if result.vacuous:
                        found[row] = _IDLE
                    elif result.completion and found[row] == NOT_RUN:
                        found[row] = _BUSY
        return bytes(found)


_BUSY, _IDLE = b"01"


def executions_of(modes: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Every case and mode, in order."""
    return [(case, mode) for case, found in modes.items() for mode in found]


def in_order(modes: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Cases in the order of their folders, those directly in a folder before those below it."""
    return {case: tuple(sorted(modes[case])) for case in sorted(modes, key=place)}


def tree_of(names: Sequence[str]) -> Folder:
    """The folders of cases that are in order."""
    top = Folder("", 0, len(names))
    for number, name in enumerate(names):
        node = top
        for part in name.split("/")[:-1]:
            if part not in node.children:
                path = f"{node.path}/{part}" if node.path else part
                node.children[part] = Folder(path, number, number)
            node = node.children[part]
            node.last = number + 1
        node.own += 1
    return top
