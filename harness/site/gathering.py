"""Puts together what was read: the parts of the site, each with its engines and what became of them over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import CaseError, MissingError, Result, Suite
from lockstep.harness.records.record import Run
from lockstep.harness.site.changes import changes_between, joined_changes
from lockstep.harness.site.parts import (
    CELL,
    NOT_RUN,
    PASS,
    Change,
    EngineView,
    Part,
    Point,
    Seen,
    Snapshot,
    executions_of,
    in_order,
)
from lockstep.harness.site.past import Past
from lockstep.harness.site.reading import points_of_status, seen_in_run, seen_in_status, statuses_in
from lockstep.harness.status.points import case_of_point
from lockstep.harness.suites import open_suite
from lockstep.reference.host.printable import printable_line


@dataclass(frozen=True)
class Inputs:
    """What a site is made from.

    Attributes:
        runs: recorded runs.
        statuses: folders of status files.
        past: what the history of a store knows.
        opener: finds a suite's files; it raises MissingError where they are not here.
        said: takes a sentence on what had to be left out.
    """

    runs: Sequence[Run] = ()
    statuses: Sequence[Path] = ()
    past: Past = field(default_factory=Past)
    opener: Callable[[str], Suite] = open_suite
    said: Callable[[str], None] = lambda _: None


Points = dict[tuple[str, str], list[Point]]


def gather(inputs: Inputs) -> list[Part]:
    """The parts, by language and suite.

    Raises:
        YamlError: a status file has another form.
    """
    files = _Files(inputs.opener)
    seen: list[Seen] = [one for run in inputs.runs for one in seen_in_run(run)]
    points: Points = {}
    for folder in inputs.statuses:
        for status in statuses_in(folder):
            for engine, point in points_of_status(status).items():
                points.setdefault((status.suite, engine), []).append(point)
            suite = files.suite(status.suite)
            if suite is None:
                inputs.said(f"{status.suite}: its files are not here, so nothing of its status can be shown")
            else:
                seen += seen_in_status(status, suite, inputs.said)
    found: dict[tuple[str, str], list[Seen]] = {}
    for one in _with_language(seen, files):
        found.setdefault((one.engine.language, one.suite), []).append(one)
    return [
        _part(
            language, suite, sorted(same, key=attrgetter("started")), files.suite(suite), points, inputs.past
        )
        for (language, suite), same in sorted(found.items())
    ]


class _Files:
    """The suites that are here, each opened once."""

    def __init__(self, opener: Callable[[str], Suite]) -> None:
        self._opener = opener
        self._found: dict[str, Suite | None] = {}

    def suite(self, name: str) -> Suite | None:
        if name not in self._found:
            try:
                suite = self._opener(name)
                suite.cases()
            except (MissingError, CaseError, OSError):
                self._found[name] = None
            else:
                self._found[name] = suite
        return self._found[name]


def _with_language(seen: Sequence[Seen], files: _Files) -> Iterable[Seen]:
    """What was seen, each engine with a language: what another run says of it, else the suite's own."""
    known = {one.engine.name: one.engine.language for one in seen if one.engine.language}
    for one in seen:
        if one.engine.language:
            yield one
            continue
        suite = files.suite(one.suite)
        own = suite.languages[0] if suite is not None and suite.languages else one.suite
        language = known.get(one.engine.name, own)
        yield replace(
            one,
            engine=EngineRow(one.engine.name, language, one.engine.version, one.engine.host, one.engine.hash),
        )


def _part(
    language: str, name: str, seen: Sequence[Seen], suite: Suite | None, points: Points, past: Past
) -> Part:
    """A part from what was seen of it, the oldest first."""
    revision = seen[-1].revision
    files = suite if suite is not None and suite.revision == revision else None
    listed = {} if files is None else {
        printable_line(case.id): case for case in files.cases() if case.language == language
    }  # fmt: skip
    modes: dict[str, dict[str, None]] = {case: dict.fromkeys(found.modes) for case, found in listed.items()}
    of_points: dict[str, str] = {}
    for one in seen:
        if one.revision != revision:
            continue
        for case, mode in one.results:
            if case not in listed and listed and case not in of_points:
                of_points[case] = case_of_point(case, listed)
            if not listed or case in listed or of_points[case]:
                modes.setdefault(case, {})[mode] = None
    for case in {case for case in of_points.values() if case}:
        modes.pop(case, None)  # its points stand for it
    ordered = in_order(modes)
    rows = {one: row for row, one in enumerate(executions_of(ordered))}
    views = [
        _view(
            engine,
            [one for one in seen if one.engine.name == engine],
            rows,
            points.get((name, engine), ()),
            past,
            name,
        )
        for engine in sorted({one.engine.name for one in seen})
    ]
    views.sort(key=lambda view: (-_share(view.current), view.name))
    of_points = {point: case for point, case in of_points.items() if case}
    cases = {**listed, **{point: listed[case] for point, case in of_points.items()}}
    return Part(language, name, revision, ordered, views, files, cases, of_points)


def _share(snapshot: Snapshot) -> float:
    ran = len(snapshot.cells) - snapshot.cells.count(NOT_RUN)
    return snapshot.cells.count(PASS) / ran if ran else 0.0


def _view(
    engine: str,
    seen: Sequence[Seen],
    rows: dict[tuple[str, str], int],
    counted: Iterable[Point],
    past: Past,
    suite: str,
) -> EngineView:
    snapshots = [_snapshot(same, rows) for same in _versions(seen)]
    told = past.changes(suite, engine, rows)
    changes: list[Change] = joined_changes(changes_between(snapshots), told)
    points = {(point.started[:10], point.hash, point.total): point for point in counted}
    for one in snapshots:
        ran = len(one.cells) - one.cells.count(NOT_RUN)
        point = Point(one.started, one.cells.count(PASS), ran, one.revision, one.engine.hash)
        points[one.day, one.engine.hash, ran] = point
    known = {(point.started[:16], point.total) for point in points.values()}
    everything = [
        *points.values(),
        *(point for point in past.points(suite, engine) if (point.started[:16], point.total) not in known),
    ]
    return EngineView(engine, snapshots, changes, sorted(everything, key=attrgetter("started")))


def _versions(seen: Sequence[Seen]) -> list[list[Seen]]:
    """Runs of the same version of an engine on the same revision of the suite are one; the oldest first."""
    found: dict[tuple[str, str, int], list[Seen]] = {}
    for number, one in enumerate(seen):
        # Without a hash nobody knows whether it is the same.
        key = (one.engine.hash, one.revision, 0 if one.engine.hash else number)
        found.setdefault(key, []).append(one)
    return sorted(found.values(), key=lambda same: same[-1].started)


def _snapshot(seen: Sequence[Seen], rows: dict[tuple[str, str], int]) -> Snapshot:
    """What runs of one version saw: the last verdict of each execution, from the run that tells most of it."""
    cells = bytearray([NOT_RUN]) * len(rows)
    results: dict[int, Result] = {}
    for one in seen:
        for key, result in one.results.items():
            row = rows.get(key)
            if row is None:
                continue
            before = results.get(row)
            if before is None or before.verdict is not result.verdict or _tells(result) >= _tells(before):
                results[row] = result
                cells[row] = CELL[result.verdict]
    last = seen[-1]
    full = len(results) == len(rows) and any(one.whole for one in seen)
    engine = max((one.engine for one in seen), key=lambda row: bool(row.version))
    return Snapshot(engine, last.started, last.revision, bytes(cells), results, full)


def _tells(result: Result) -> bool:
    """Whether it says how the program ended, as records do and status files do not."""
    return bool(result.completion or result.ms)
