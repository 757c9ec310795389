"""What `run` and the commands on records share: a run beside what is known, and the exit code that follows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from lockstep.harness.gate import DONE, FAILED, MISSING, Gate
from lockstep.harness.model import Case, MissingError, Result, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.records.record import Run
from lockstep.harness.reports.annotations import annotation_lines
from lockstep.harness.reports.places import Places
from lockstep.harness.status.changes import Changes, compare_with_status, missing_cases
from lockstep.harness.status.status import Status, written
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import open_store
from lockstep.harness.suites import open_suite
from lockstep.reference.host.printable import printable_line


def say(message: str) -> None:
    """A line for the user, beside what is asked for."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def compared(
    results: Sequence[Result],
    statuses: Mapping[str, Status],
    revisions: Mapping[str, str],
    cases: Mapping[str, Sequence[Case]],
    *,
    whole: bool,
    history: bool,
) -> Changes:
    """A run beside what is recorded, and beside the runs of this machine since that was written.

    `cases` has those of each suite that is at hand; of a suite that is not, a whole run tells which cases there are.
    """
    changes = _beside_status(results, statuses, revisions, history=history)
    for suite, status in statuses.items():
        if not whole and not status.known:
            continue  # nothing that could be missed
        if suite in cases:
            names = {printable_line(case.id) for case in cases[suite]}
        elif whole:
            names = {result.case for result in results if result.suite == suite}
        else:
            continue
        gone = missing_cases(status, results, names, whole=whole)
        changes.missing.extend(one for one in gone if (suite, one.engine) not in changes.unrecorded)
    return changes


def _beside_status(
    results: Sequence[Result], statuses: Mapping[str, Status], revisions: Mapping[str, str], *, history: bool
) -> Changes:
    if history:
        try:
            with open_store() as store:
                since = {name: store.history.passed_since(written(name)) for name in revisions}
                return compare_with_status(
                    results, statuses, revisions, lambda result: since[result.suite](result)
                )
        except StoreError:
            pass  # told when the run is added to it
    return compare_with_status(results, statuses, revisions)


def exit_code(
    gate: Gate, results: Sequence[Result], changes: Changes, *, trouble: bool, recorded: bool
) -> int:
    """What the gate makes of a run, said and as an exit code.

    Args:
        gate: what makes it fail.
        results: what was run.
        changes: how that differs from what is known.
        trouble: something was missing or broken beside it.
        recorded: what was found is being recorded as what is expected.
    """
    failed = gate.failed(results, changes)
    if failed == ["vacuous"] and trouble:
        return MISSING
    if failed:
        say(f"failed on: {', '.join(failed)}")
        return FAILED
    if gate.compares and not recorded and changes.unrecorded:
        for sentence in changes.unrecorded.values():
            say(
                f"{sentence}: `lockstep run ... --update-status` records what it does now, "
                "`lockstep status --update RECORD...` what it did in a recorded run"
            )
        return MISSING
    return MISSING if trouble else DONE


def print_annotations(changes: Changes, gate: Gate, places: Places) -> None:
    """Print what CI shows beside the files of tests."""
    for line in annotation_lines(changes, gate, places):
        print(line)


def suites_at_hand(run: Run, project: Project) -> dict[str, Suite]:
    """The suites of a recorded run that lie here, in the run's revision."""
    found = {}
    for name, revision in run.header.revision.items():
        try:
            suite = open_suite(name, project)
            suite.cases()
            if suite.revision == revision:
                found[name] = suite
        except MissingError:
            continue
    return found
