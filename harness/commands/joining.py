"""`lockstep merge`, `gate`, `status --update` and `history --add`: what several machines recorded, as one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.commands.judging import (
    compared,
    exit_code,
    print_annotations,
    say,
    suites_at_hand,
)
from lockstep.harness.commands.updating import shown_path, update_statuses
from lockstep.harness.gate import DONE, MISSING, USAGE, Gate
from lockstep.harness.model import Suite
from lockstep.harness.project.file import Project
from lockstep.harness.records.joining import Joined, as_planned, joined, not_run, read_parts
from lockstep.harness.records.record import RecordError, Run, write_run
from lockstep.harness.reports.places import Places
from lockstep.harness.reports.tables import (
    changes_text,
    count_by_suite,
    counts_table,
    floors_by_suite,
    run_notes,
)
from lockstep.harness.status.changes import Changes
from lockstep.harness.status.status import own_status_folder, read_status
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import open_store

_LISTED = 20


@dataclass(frozen=True)
class Recorded:
    """A run of one or several records, with the suites that lie here, and what it lacks, in sentences."""

    run: Run
    suites: dict[str, Suite]
    gaps: tuple[str, ...]

    def changes(self, *, history: bool) -> Changes:
        """The run beside what is known.

        Raises:
            YamlError: a status file cannot be read.
        """
        revisions = self.run.header.revision
        return compared(
            list(self.run.results.values()),
            {name: read_status(name) for name in revisions},
            revisions,
            {name: suite.cases() for name, suite in self.suites.items()},
            whole=self.run.scope.whole,
            history=history,
        )


def recorded(paths: Sequence[Path], project: Project, *, alike: bool = False) -> Recorded:
    """What the records at `paths` hold together; where that is not whole it is said.

    Raises:
        RecordError: one is no record, or they do not belong together.
    """
    found = joined(read_parts(paths), alike=alike)
    suites = suites_at_hand(found.run, project)
    if found.twice:
        say(f"{found.twice:,} executions stand in more than one record; the last one counts")
    run, gaps = _checked(found, suites)
    for gap in gaps:
        say(gap)
    return Recorded(run, suites, gaps)


def _checked(found: Joined, suites: dict[str, Suite]) -> tuple[Run, tuple[str, ...]]:
    """The run, and what it lacks: the suites, where they lie here, tell that best."""
    ran = {row.name for row in found.run.header.engines}
    idle = [f"{engine} has run nothing" for engine in found.run.header.asked if engine not in ran]
    lacking = not_run(found, {name: suite.cases() for name, suite in suites.items()})
    if lacking is None:
        return found.run, found.gaps
    if not lacking:
        return as_planned(found.run, 0), (*idle, *(found.gaps if idle else ()))
    shown = [
        f"  {case}{f' [{mode}]' if mode else ''} on {engine}" for _, case, mode, engine in lacking[:_LISTED]
    ]
    more = [f"  ... and {len(lacking) - _LISTED:,} more"] if len(lacking) > _LISTED else []
    text = "\n".join([f"nobody ran {len(lacking):,} executions:", *shown, *more])
    return as_planned(found.run, len(lacking)), (*idle, *found.gaps, text)


def merge(paths: Sequence[Path], output: Path, project: Project) -> int:
    """Join the records of one run into one; 2 if they are of different runs, 3 if something of it lacks."""
    try:
        found = recorded(paths, project, alike=True)
        write_run(output, found.run)
    except RecordError as error:
        say(str(error))
        return USAGE
    _print_table(found.run)
    print(f"wrote {shown_path(output)}")
    return MISSING if found.gaps else DONE


def gate_records(
    paths: Sequence[Path], gate: Gate, project: Project, *, history: bool, annotate: bool = False
) -> int:
    """Judge recorded runs as `run` would have; 3 too if something of the run lacks."""
    try:
        found = recorded(paths, project)
        changes = found.changes(history=history)
    except RecordError as error:
        say(str(error))
        return USAGE
    except YamlError as error:
        say(str(error))
        return MISSING
    _print_table(found.run)
    text = changes_text(changes)
    if text:
        print("\n" + text)
    if annotate:
        print_annotations(changes, gate, Places(found.suites))
    results = list(found.run.results.values())
    return exit_code(gate, results, changes, trouble=bool(found.gaps), recorded=False)


def update_from_records(paths: Sequence[Path], project: Project) -> int:
    """Write what was recorded to the status files."""
    try:
        own_status_folder()
        found = recorded(paths, project)
        lacking = [name for name in found.run.header.revision if name not in found.suites]
        if lacking:
            name = lacking[0]
            say(
                f"{name} is not here in revision {found.run.header.revision[name]}: the status file names its cases, "
                f"so it is needed (`lockstep suites fetch {name}`)"
            )
            return MISSING
        results = list(found.run.results.values())
        header = found.run.header
        update_statuses(results, found.suites, header.revision, header.engines, project)
    except RecordError as error:
        say(str(error))
        return USAGE
    except YamlError as error:
        say(str(error))
        return MISSING
    return DONE


def add_to_history(paths: Sequence[Path], project: Project) -> int:
    """Add recorded runs to the store, as one run."""
    try:
        run = recorded(paths, project).run
    except RecordError as error:
        say(str(error))
        return USAGE
    try:
        with open_store(say=say) as store:
            known = store.history.holds(run.results.values(), run.header.started)
            if known is not None:
                say(f"it is in the history already, as run {known}")
                return DONE
            number = store.add(run, finished=run.finished or None)
    except StoreError as error:
        say(str(error))
        return MISSING
    print(f"run {number} of the history")
    return DONE


def _print_table(run: Run) -> None:
    results = list(run.results.values())
    print(counts_table(count_by_suite(results), floors_by_suite(results)))
    for note in run_notes(results, run.scope):
        print(note)
