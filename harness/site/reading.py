"""What the site is made from: records, status files and the history, read as what each saw of an engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Case, Result, Suite, Verdict
from lockstep.harness.records.record import Run, read_run
from lockstep.harness.site.parts import Point, Seen
from lockstep.harness.status.status import Status, read_status_file, verdict_of
from lockstep.harness.status.yaml_file import YamlError, load_yaml
from lockstep.reference.host.printable import printable, printable_line

# Files of a status folder that speak of no suite.
_NO_SUITES = frozenset({"bench.yaml", "divergences.yaml", "vars.yaml"})


def seen_in_records(paths: Iterable[Path]) -> Iterator[Seen]:
    """What recorded runs saw.

    Raises:
        RecordError: one of them cannot be read.
    """
    for path in paths:
        yield from seen_in_run(read_run(path))


def seen_in_run(run: Run) -> Iterator[Seen]:
    """What one run saw: by suite and engine."""
    engines = {shown.name: shown for shown in map(_shown_engine, run.header.engines)}
    found: dict[tuple[str, str], dict[tuple[str, str], Result]] = {}
    for result in map(_shown, run.results.values()):
        found.setdefault((result.suite, result.engine), {})[result.case, result.mode] = result
    for (suite, engine), results in found.items():
        yield Seen(
            suite,
            run.header.revision.get(suite, ""),
            engines.get(engine, EngineRow(engine)),
            run.header.started,
            run.scope.whole,
            results,
        )


# What guests wrote, and what has to stay on one line.
_TEXTS = ("reason", "message", "output")
_LINES = ("suite", "case", "mode", "engine", "phase", "error", "kind", "first")


def _shown(result: Result) -> Result:
    """A result whose texts can be shown: a record may come from anywhere."""
    if result.case.isprintable() and not (result.reason or result.error or result.output):
        return result
    texts = {name: printable(getattr(result, name)) for name in _TEXTS}
    lines = {name: printable_line(getattr(result, name)) for name in _LINES}
    return msgspec.structs.replace(result, **texts, **lines)


def _shown_engine(engine: EngineRow) -> EngineRow:
    return EngineRow(
        *(
            printable_line(text)
            for text in (engine.name, engine.language, engine.version, engine.host, engine.hash)
        )
    )


def statuses_in(folder: Path) -> list[Status]:
    """The status files of a folder, in the order of their names.

    Raises:
        YamlError: one of them has another form, or the folder cannot be read.
    """
    if not folder.is_dir():
        raise YamlError(f"{folder}: there is no such folder of status files")
    found = []
    for path in sorted(folder.glob("*.yaml")):
        content = None if path.name in _NO_SUITES else load_yaml(path)
        if isinstance(content, dict) and content.get("suite"):
            found.append(read_status_file(path, str(content["suite"])))
    return found


def seen_in_status(status: Status, suite: Suite, said: Callable[[str], None]) -> Iterator[Seen]:
    """What a status file says of every execution of its suite.

    A file holds what does not pass, and how many do: it says something of the files that are here only if both come out the same.
    """
    cases = suite.cases()
    of_others: list[str] = []
    for engine, entries in status.engines.items():
        row = engine_of(engine, entries)
        results = {}
        if status.revision_of(engine) == suite.revision:
            results = _results(status, engine, _spoken(cases, row.language))
        recorded = {name: number for name, number in status.counts.get(engine, {}).items() if name != "total"}
        if Counter(str(result.verdict) for result in results.values()) == Counter(recorded):
            yield Seen(status.suite, suite.revision, row, str(entries.get("updated", "")), True, results)
        else:
            of_others.append(engine)
    if of_others:
        updated = ", ".join(sorted({str(status.engines[engine].get("updated", "")) for engine in of_others}))
        said(
            f"{status.suite}: the status of {updated} counts other tests than the suite has here, so of {', '.join(of_others)} "
            "only how many passed is shown"
        )


def engine_of(name: str, entries: Mapping[str, str]) -> EngineRow:
    """Who an engine of a status file is."""
    language, version, host, digest = (
        printable_line(str(entries.get(key, ""))) for key in ("language", "version", "host", "hash")
    )
    return EngineRow(printable_line(name), language or _ours(name), version, host, digest)


def _ours(name: str) -> str:
    """The language in the name of an engine of ours, which older status files do not tell apart."""
    return name.partition(":")[0] if name.endswith((":vm", ":treewalk")) else ""


def _spoken(cases: Iterable[Case], language: str) -> list[Case]:
    return [case for case in cases if not language or case.language == language]


def _results(status: Status, engine: str, cases: Iterable[Case]) -> dict[tuple[str, str], Result]:
    found: dict[tuple[str, str], Result] = {}
    points = status.points.get(engine, {})
    for case in cases:
        name = printable_line(case.id)
        parts = [f"{name}#{point}" for point in points.get(name, ())]
        for one in parts or (name,):
            for mode in case.modes:
                found[one, mode] = _result(status, engine, one, mode)
    return found


def _result(status: Status, engine: str, case: str, mode: str) -> Result:
    entry = status.knows(engine, case, mode)
    _, _, reason = entry.partition(": ")
    return Result(status.suite, case, mode, engine, Verdict(verdict_of(entry)), printable(reason))


def points_of_status(status: Status) -> dict[str, Point]:
    """What a status file counts for each engine: a point of its plot."""
    found = {}
    for engine, counts in status.counts.items():
        entries = status.engines.get(engine, {})
        total = counts.get("total", sum(counts.values()))
        found[engine] = Point(
            str(entries.get("updated", "")),
            counts.get("pass", 0),
            total,
            status.revision_of(engine) if engine in status.engines else status.revision,
            str(entries.get("hash", "")),
        )
    return found
