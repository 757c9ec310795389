"""How a run differs from what its status files say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from lockstep.harness.model import Result, Verdict
from lockstep.harness.status.points import case_of_point
from lockstep.harness.status.status import NOT_RUN, Status, verdict_of

# The order in which an execution that does not pass is worse than another.
SEVERITY: dict[str, int] = {
    Verdict.SKIPPED: 0,
    Verdict.UNSUPPORTED: 0,
    Verdict.FAIL: 1,
    Verdict.ERROR: 2,
    Verdict.TIMEOUT: 3,
    Verdict.CRASH: 4,
}


Key = tuple[str, str, str, str]
_FIXED_SINCE = "it passed in a run of this machine since the status was written"


@dataclass(frozen=True)
class Gone:
    """What the status file knows of `engine`, and the suite no longer holds; `what` is a case, or says how many."""

    suite: str
    engine: str
    what: str


@dataclass(frozen=True)
class Changes:
    """How a run differs from what its status files say.

    Attributes:
        regressions: executions that are known to pass and do not; also those that passed in a run since the status was
            written, and fail again.
        worse: executions that are known not to pass, and now end worse: where they failed, they crash or never end.
        improvements: executions that are known not to pass and do.
        new_failures: failures of which nothing is known.
        flaky: executions that ended in different ways in this run, and are not known to.
        known_flaky: executions that do not pass, and are known to end so now and then.
        missing: cases that are known, and that the suite no longer holds.
        unrecorded: why nothing is known of an engine on a suite: (suite, engine) -> a sentence.
        remarks: what is to be said beside an execution, by its key.
    """

    regressions: list[Result] = field(default_factory=list)
    worse: list[Result] = field(default_factory=list)
    improvements: list[Result] = field(default_factory=list)
    new_failures: list[Result] = field(default_factory=list)
    flaky: list[Result] = field(default_factory=list)
    known_flaky: list[Result] = field(default_factory=list)
    missing: list[Gone] = field(default_factory=list)
    unrecorded: dict[tuple[str, str], str] = field(default_factory=dict)
    remarks: dict[Key, str] = field(default_factory=dict)

    @property
    def unexpected(self) -> list[Result]:
        """The executions that do not end as they are known to."""
        return [*self.regressions, *self.worse, *self.new_failures, *self.improvements]


def compare_with_status(
    results: Iterable[Result],
    statuses: Mapping[str, Status],
    revisions: Mapping[str, str],
    passed_since: Callable[[Result], bool] = lambda _: False,
) -> Changes:
    """Compare `results` with the status of their suites.

    `passed_since` says whether an execution passed in a run after its status was written: who fixes a case and breaks it again
    before the fix is recorded has lost something, though the file never knew of it.
    """
    changes = Changes()
    for result in results:
        status = statuses[result.suite]
        why = _unrecorded(status, result.engine, revisions.get(result.suite, ""))
        if why:
            changes.unrecorded[result.suite, result.engine] = why
        known = status.knows(result.engine, result.case, result.mode)
        wavering = status.wavers(result.engine, result.case, result.mode)
        if result.wavers and not wavering:
            changes.flaky.append(result)
        if result.verdict is Verdict.PASS:
            if known and known != NOT_RUN and not wavering:
                changes.improvements.append(result)
        elif result.verdict is Verdict.SKIPPED:
            continue
        elif str(result.verdict) in wavering:
            changes.known_flaky.append(result)
        elif why or known == NOT_RUN or _is_new_point(status, result):
            changes.new_failures.append(result)
        elif not known:
            changes.regressions.append(result)
        elif passed_since(result):
            changes.regressions.append(result)
            changes.remarks[result.key] = _FIXED_SINCE
        elif SEVERITY[result.verdict] > SEVERITY.get(verdict_of(known), 0):
            changes.worse.append(result)
    return changes


def missing_cases(
    status: Status, results: Iterable[Result], cases: Collection[str], *, whole: bool
) -> list[Gone]:
    """What is known of the engines of `results`, and is none of the suite's `cases` any more.

    A status file names cases that do not pass only; of a whole run the number of executions tells whether others are gone.
    """
    by_engine: dict[str, set[str]] = {}
    ran: Counter[str] = Counter()
    for result in results:
        if result.suite == status.suite:
            by_engine.setdefault(result.engine, set()).add(result.case)
            ran[result.engine] += 1
    found: list[Gone] = []
    for engine, number in ran.items():
        known = status.known.get(engine, {})
        now = by_engine[engine]
        gone = [name for name in known if not name.endswith("**") and not _is_there(name, cases, now)]
        found += [Gone(status.suite, engine, name) for name in gone]
        recorded = int(status.counts.get(engine, {}).get("total", 0))
        if whole and not gone and number < recorded:
            found.append(
                Gone(status.suite, engine, f"{recorded - number} executions fewer than were recorded")
            )
    return found


def _is_new_point(status: Status, result: Result) -> bool:
    """Whether it is a point that its case did not have before: nothing is known of it."""
    points = status.points.get(result.engine, {})
    case = case_of_point(result.case, points)
    return bool(case) and result.case[len(case) + 1 :] not in points[case]


def _is_there(name: str, cases: Collection[str], ran: Collection[str]) -> bool:
    """Whether the suite still has it; a point of a case that did not run is not missed."""
    if name in cases or name in ran:
        return True
    case = case_of_point(name, cases)
    return bool(case) and case not in ran


def _unrecorded(status: Status, engine: str, revision: str) -> str:
    """Why the status says nothing of `engine` on the suite at `revision`; "" if it does."""
    if engine not in status.engines:
        return f"no expectations of {engine} are recorded for {status.suite}"
    known = status.revision_of(engine)
    if known != revision:
        return (
            f"the expectations of {engine} are those of {status.suite} {known or '(no revision)'}, "
            f"this is {revision or '(no revision)'}"
        )
    return ""
