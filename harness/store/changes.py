"""How a run differs from what its status files say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lockstep.harness.model import Result, Verdict
from lockstep.harness.store.status import NOT_RUN, Status, verdict_of

# The order in which an execution that does not pass is worse than another.
_SEVERITY: dict[str, int] = {
    Verdict.SKIPPED: 0,
    Verdict.UNSUPPORTED: 0,
    Verdict.FAIL: 1,
    Verdict.ERROR: 2,
    Verdict.TIMEOUT: 3,
    Verdict.CRASH: 4,
}


@dataclass(frozen=True)
class Changes:
    """How a run differs from what its status files say.

    Attributes:
        regressions: executions that are known to pass and do not; also those that passed in a run since the status was
            written, and fail again.
        worse: executions that are known not to pass, and now end worse: where they failed, they crash or never end.
        improvements: executions that are known not to pass and do.
        new_failures: failures of which nothing is known.
        unrecorded: why nothing is known of an engine on a suite: (suite, engine) -> a sentence.
    """

    regressions: list[Result] = field(default_factory=list)
    worse: list[Result] = field(default_factory=list)
    improvements: list[Result] = field(default_factory=list)
    new_failures: list[Result] = field(default_factory=list)
    unrecorded: dict[tuple[str, str], str] = field(default_factory=dict)


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
        if result.verdict is Verdict.PASS:
            if known and known != NOT_RUN:
                changes.improvements.append(result)
        elif result.verdict is Verdict.SKIPPED:
            continue
        elif why or known == NOT_RUN:
            changes.new_failures.append(result)
        elif not known or passed_since(result):
            changes.regressions.append(result)
        elif _SEVERITY[result.verdict] > _SEVERITY.get(verdict_of(known), 0):
            changes.worse.append(result)
    return changes


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
