"""Several records as one: the shards of a run, and runs of several engines or suites on several machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from lockstep.harness.messages import EngineRow, RecordHeader, SelectionRow
from lockstep.harness.model import Case, Result
from lockstep.harness.records.reading import read_record
from lockstep.harness.records.record import RecordError, Run
from lockstep.harness.selection import Selection
from lockstep.reference.host.printable import printable_line

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Part:
    """A record with the name of its file."""

    path: Path
    run: Run


@dataclass(frozen=True)
class Joined:
    """Records that were put together.

    Attributes:
        run: all that they hold; where two hold the same execution, the last one counts.
        twice: how many executions stand in more than one.
        gaps: why it is not whole, a sentence each.
        selections: what they were to hold together: suites, engines, which cases.
    """

    run: Run
    twice: int
    gaps: tuple[str, ...]
    selections: tuple[tuple[tuple[str, ...], tuple[str, ...], SelectionRow], ...]


def read_parts(paths: Iterable[Path]) -> list[Part]:
    """The records in files.

    Raises:
        RecordError: one is none.
    """
    return [Part(path, read_record(path)) for path in paths]


def joined(parts: Sequence[Part], *, alike: bool) -> Joined:
    """One run of several, all of which speak of the same revisions and engines.

    Args:
        parts: the records, at least one.
        alike: they are parts of one run: the same suites, engines and selection in each.

    Raises:
        RecordError: they do not belong together; the message names two of them and what differs.
    """
    first = parts[0]
    for part in parts[1:]:
        _agree(first, part, alike=alike)
    revisions: dict[str, tuple[Path, str]] = {}
    engines: dict[str, tuple[Path, EngineRow]] = {}
    for part in parts:
        for suite, revision in part.run.header.revision.items():
            path, before = revisions.setdefault(suite, (part.path, revision))
            if before != revision:
                raise _refused(path, part.path, f"{suite} is {before} in one, {revision} in the other")
        for row in part.run.header.engines:
            path, known = engines.setdefault(row.name, (part.path, row))
            if known.hash != row.hash:
                raise _refused(
                    path, part.path, f"{row.name} is {_said(known)} in one, {_said(row)} in the other"
                )
    results: dict[Key, Result] = {}
    twice = 0
    for part in parts:
        twice += len(results.keys() & part.run.results.keys())
        results |= part.run.results
    gaps = _gaps(parts)
    header = _header(
        parts, {name: one for name, (_, one) in revisions.items()}, [row for _, row in engines.values()]
    )
    planned = max(header.planned or 0, len(results) + 1) if gaps else len(results)
    run = Run(msgspec.structs.replace(header, planned=planned), results, complete=not gaps)
    run.finished = max(part.run.finished for part in parts)
    selections = {
        (tuple(part.run.header.revision), _asked(part.run.header), _unsharded(part.run.header)): None
        for part in parts
    }
    return Joined(run, twice, tuple(gaps), tuple(selections))


def _agree(first: Part, other: Part, *, alike: bool) -> None:
    """Refuse what cannot be parts of one run."""
    if not alike:
        return
    left, right = first.run.header, other.run.header
    if left.revision.keys() != right.revision.keys():
        raise _refused(first.path, other.path, f"one is of {left.suite}, the other of {right.suite}")
    if set(_asked(left)) != set(_asked(right)):
        raise _refused(
            first.path,
            other.path,
            f"one is of {', '.join(_asked(left)) or 'no engine'}, the other of {', '.join(_asked(right)) or 'no engine'}",
        )
    if _unsharded(left) != _unsharded(right):
        raise _refused(
            first.path,
            other.path,
            f"one holds {_chosen(left) or 'all cases'}, the other {_chosen(right) or 'all cases'}",
        )


def _refused(first: Path, second: Path, why: str) -> RecordError:
    return RecordError(f"{first} and {second} do not belong together: {why}")


def _said(row: EngineRow) -> str:
    return f"{row.version or 'of no version'} ({row.hash or 'no hash'})"


def _asked(header: RecordHeader) -> tuple[str, ...]:
    return header.asked or tuple(row.name for row in header.engines)


def _unsharded(header: RecordHeader) -> SelectionRow:
    return msgspec.structs.replace(header.chosen, shard=None)


def _chosen(header: RecordHeader) -> str:
    return str(selection_of(_unsharded(header)))


def selection_of(row: SelectionRow) -> Selection:
    """The selection that a header names."""
    return Selection(row.filter, row.feature, row.shard, row.sample, row.exclude, row.flags, row.rerun)


def _gaps(parts: Sequence[Part]) -> list[str]:
    """What is lacking: records that were cut, and shards of which there is no record."""
    found = [
        f"{part.path}: {part.run.scope.done:,} of {part.run.scope.planned:,} executions, it did not come to its end"
        for part in parts
        if not part.run.complete
    ]
    groups: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for part in parts:
        header = part.run.header
        group = (tuple(sorted(header.revision)), tuple(sorted(_asked(header))), _unsharded(header))
        groups.setdefault(group, []).append(header.chosen.shard or (1, 1))
    for shards in groups.values():
        of = Counter(number for _, number in shards)
        # One size that is all there is enough, whatever stands beside it.
        lacking = min((_lacking(shards, number) for number in of), key=len)
        found += [f"no record holds shard {one}" for one in lacking]
    return found


def _lacking(shards: Sequence[tuple[int, int]], number: int) -> list[str]:
    have = {one for one, size in shards if size == number}
    return [f"{one}/{number}" for one in range(1, number + 1) if one not in have]


def _header(
    parts: Sequence[Part], revisions: Mapping[str, str], engines: Sequence[EngineRow]
) -> RecordHeader:
    """The header of all parts together, with the shards left out of what was chosen."""
    headers = [part.run.header for part in parts]
    chosen = dict.fromkeys(_unsharded(header) for header in headers)
    options = "; ".join(str(selection_of(row)) for row in chosen if row != SelectionRow())
    planned = [header.planned for header in headers]
    return RecordHeader(
        lockstep=headers[0].lockstep,
        suite=",".join(revisions),
        revision=dict(revisions),
        engines=tuple(engines),
        started=min(header.started for header in headers),
        selection="partial" if options else "whole",
        options=printable_line(options),
        chosen=next(iter(chosen)) if len(chosen) == 1 else SelectionRow(),
        planned=None if None in planned else sum(number or 0 for number in planned),
        asked=tuple(dict.fromkeys(name for header in headers for name in _asked(header))),
        parts=sum(header.parts for header in headers),
    )


def not_run(found: Joined, cases: Mapping[str, Sequence[Case]]) -> list[Key] | None:
    """The executions that the run should hold and does not; None where `cases` does not tell.

    `cases` has those of each suite. An engine must run all of a suite, in its language, of which it has run something.
    """
    run = found.run
    languages = {row.name: row.language for row in run.header.engines}
    pairs = {(suite, engine) for suite, _, _, engine in run.results}
    expected: dict[Key, None] = {}
    for suites, engines, chosen in found.selections:
        if chosen.rerun or not set(suites) <= cases.keys():
            return None
        selection = selection_of(chosen)
        for suite in suites:
            for case in cases[suite]:
                if selection.admits(case):
                    name = printable_line(case.id)
                    for engine in engines:
                        if languages.get(engine) == case.language and (suite, engine) in pairs:
                            expected.update(((suite, name, mode, engine), None) for mode in case.modes)
    return [key for key in expected if key not in run.results]


def as_planned(run: Run, lacking: int) -> Run:
    """The run, of which so many executions are known to lack."""
    header = msgspec.structs.replace(run.header, planned=len(run.results) + lacking)
    return replace(run, header=header, complete=run.complete and not lacking)
