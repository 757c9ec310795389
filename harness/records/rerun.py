"""Which executions are run again: what failed, what changed, what never ran, what does not pass in a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lockstep.harness.model import Verdict
from lockstep.harness.records.reading import is_record, read_record
from lockstep.harness.records.record import RecordError
from lockstep.harness.selection import Execution
from lockstep.harness.status.points import cases_before
from lockstep.harness.status.status import NOT_RUN, Status, verdict_of
from lockstep.harness.store.store import open_store
from lockstep.reference.host.printable import printable_line

# What `--rerun` takes beside the name of a record.
RERUN = ("failed", "changed", "missing")
_NOT_FAILED = frozenset({"", Verdict.PASS, Verdict.SKIPPED})

Wanted = Callable[[Execution], bool]


def rerun_condition(what: str, statuses: Mapping[str, Status]) -> Wanted:
    """The condition on an execution that `--rerun` names; what was last known of it stands in the history, else in status.

    Raises:
        RecordError: `what` is the name of no record.
        StoreError: the history cannot be read.
    """
    if what not in RERUN:
        if not is_record(Path(what)):
            raise RecordError(f"--rerun takes {', '.join(RERUN)} or a record, and there is no file {what}")
        failed = {
            key
            for key, result in read_record(Path(what)).results.items()
            if result.verdict not in _NOT_FAILED
        }
        # A point is run again with its case.
        failed |= {
            (suite, whole, mode, engine)
            for suite, case, mode, engine in failed
            for whole in cases_before(case)
        }
        return lambda one: _key(one) in failed
    known = _Known(statuses)
    if what == "failed":
        return lambda one: known.verdict(one) not in _NOT_FAILED
    if what == "missing":
        return lambda one: not known.verdict(one)
    return known.changed


class _Known:
    """What earlier runs left, read for each pair of suite and engine when it is first asked for."""

    def __init__(self, statuses: Mapping[str, Status]) -> None:
        self._statuses = statuses
        self._verdicts: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        self._changes: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def verdict(self, one: Execution) -> str:
        """The last verdict; "" if it never ran, as far as anybody knows."""
        suite, case, mode, engine = _key(one)
        if (suite, engine) not in self._verdicts:
            with open_store() as store:
                self._verdicts[suite, engine] = _with_points(store.history.verdicts(suite, engine))
        found = self._verdicts[suite, engine].get((case, mode))
        if found is not None:
            return found
        status = self._statuses[suite]
        known = status.knows(engine, case, mode)
        for point in status.points.get(engine, {}).get(case, ()):
            known = known or status.knows(engine, f"{case}#{point}", mode)
        return "" if engine not in status.engines or known == NOT_RUN else verdict_of(known)

    def changed(self, one: Execution) -> bool:
        """Whether the last run of its suite and engine changed its verdict."""
        suite, case, mode, engine = _key(one)
        if (suite, engine) not in self._changes:
            with open_store() as store:
                self._changes[suite, engine] = store.history.last_changed(suite, engine)
        return (case, mode) in self._changes[suite, engine]


def _with_points(verdicts: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Verdicts by case and mode, in which a case of which a point failed has that verdict."""
    found = dict(verdicts)
    for (case, mode), verdict in verdicts.items():
        if verdict not in _NOT_FAILED:
            for whole in cases_before(case):
                if found.get((whole, mode)) == Verdict.PASS:
                    found[whole, mode] = verdict
    return found


def _key(one: Execution) -> tuple[str, str, str, str]:
    """As `Result.key`."""
    return one.suite.name, printable_line(one.case.id), one.mode, printable_line(one.engine.name)
