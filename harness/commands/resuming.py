"""`lockstep run --rerun missing RECORD`: a run that was interrupted goes on, and its record becomes whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Result, Verdict
from lockstep.harness.records.joining import selection_of
from lockstep.harness.records.record import RecordError, Run, read_run
from lockstep.harness.selection import Execution, Selection
from lockstep.harness.status.points import cases_before
from lockstep.reference.host.printable import printable_line

Key = tuple[str, str, str, str]

# A row that may have been waiting to be run again alone: what is run once more counts.
_UNDECIDED = frozenset({Verdict.CRASH, Verdict.TIMEOUT})


@dataclass(frozen=True)
class Resumed:
    """A run that did not come to its end, as its record has it."""

    path: Path
    run: Run

    @property
    def suites(self) -> tuple[str, ...]:
        """The suites that it was to run."""
        return tuple(self.run.header.revision)

    @property
    def engines(self) -> tuple[str, ...]:
        """The names of the engines that it was to run on."""
        return self.run.header.asked or tuple(self.run.engines)

    @property
    def selection(self) -> Selection:
        """The cases that it was to hold."""
        return selection_of(self.run.header.chosen)

    def split(self, executions: Sequence[Execution]) -> tuple[list[Result], list[Execution]]:
        """The results that stand, and what is still to be run."""
        planned = {key_of(one) for one in executions}
        results = self.run.results
        open_again = {key for key in planned if key in results and results[key].verdict in _UNDECIDED}
        if self.run.last is not None:
            # The run may have ended before all of its points were written.
            open_again.update(planned.intersection(_wholes(self.run.last)))
        kept = [result for key, result in results.items() if open_again.isdisjoint(_wholes(key))]
        left = [one for one in executions if key_of(one) not in results or key_of(one) in open_again]
        return kept, left

    def check_revisions(self, revisions: dict[str, str]) -> None:
        """See that the suites are those of the record.

        Raises:
            RecordError: one is of another revision.
        """
        for suite, revision in self.run.header.revision.items():
            if suite in revisions and revisions[suite] != revision:
                raise RecordError(
                    f"{self.path}: {suite} was {revision or 'without a revision'}, and is {revisions[suite]} now: run it anew"
                )

    def check_engines(self, engines: Sequence[EngineSpec]) -> None:
        """See that the engines are those of the record.

        Raises:
            RecordError: one has changed since.
        """
        hashes = {row.name: row.hash for row in self.run.header.engines}
        for engine in engines:
            known = hashes.get(printable_line(engine.name), engine.hash)
            if known != engine.hash:
                raise RecordError(
                    f"{self.path}: engine {engine.name} has changed since ({known}, now {engine.hash}): run it anew"
                )


def resumed_from(path: Path) -> Resumed:
    """The run in a record.

    Raises:
        RecordError: it is no record, or has nothing missing.
    """
    run = read_run(path)
    if run.complete:
        raise RecordError(f"{path}: the run came to its end: nothing is missing in it")
    return Resumed(path, run)


def _wholes(key: Key) -> Iterator[Key]:
    """The key, and those of which it may be a point."""
    suite, case, mode, engine = key
    yield key
    for name in cases_before(case):
        yield suite, name, mode, engine


def key_of(one: Execution) -> Key:
    """As `Result.key`."""
    return one.suite.name, printable_line(one.case.id), one.mode, printable_line(one.engine.name)
