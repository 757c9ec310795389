"""Where engines differ: on one program, on the cases of a suite, or between two recorded runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lockstep.harness.causes import cause_of
from lockstep.harness.engines.lane import Job
from lockstep.harness.engines.pool import Pool
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import FAILURES, Outcome, Result, Verdict
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable_line

if TYPE_CHECKING:  # one program on many engines needs neither
    from lockstep.harness.execution import Observation
    from lockstep.harness.records.record import Run

_LONGEST = 1000


@dataclass(frozen=True)
class Difference:
    """One execution that two sides see in two ways; `left` and `right` say the first differing thing."""

    suite: str
    case: str
    mode: str
    left: str
    right: str
    cause: str


def compare_program(
    engines: Sequence[EngineSpec], program: Program, limits: Limits
) -> list[tuple[str, Outcome]]:
    """Run one program on every engine, in the order of `engines`."""
    jobs = [Job(number, engine, lambda: (program, limits)) for number, engine in enumerate(engines)]
    pool: Pool[int] = Pool(2, limits.memory)
    found: dict[int, Outcome] = {}
    with closing(pool.run(jobs)) as finished:
        for one in finished:
            found[one.job.key] = one.outcome  # what comes last counts
    return [(engine.name, found[number]) for number, engine in enumerate(engines)]


def differing_part(
    left: Outcome, right: Outcome, *, messages: bool, volatile: re.Pattern[str] | None = None
) -> tuple[str, str, str] | None:
    """The first observable in which two outcomes differ, as (cause, left, right); None if in none.

    With `messages`, the errors' messages and locations count too: engines of one family word them alike. What `volatile`
    matches in the output does not count.
    """
    if left.completion != right.completion:
        return "completion", describe(left), describe(right)
    if left.completion == "threw":
        for cause in ("phase", "error", "kind") if messages else ("phase", "error"):
            first, second = getattr(left, cause), getattr(right, cause)
            if first != second:
                return cause, describe(left), describe(right)
        if messages and left.message != right.message:
            return "message", _shown(left.message), _shown(right.message)
        if messages and left.location != right.location:
            return "location", str(left.location), str(right.location)
    if (left.unhandled is None) != (right.unhandled is None):
        return "unhandled", describe(left.unhandled or left), describe(right.unhandled or right)
    if left.unhandled is not None and right.unhandled is not None:
        part = differing_part(left.unhandled, right.unhandled, messages=messages)
        if part is not None:
            return "unhandled", part[1], part[2]
    before, after = left.output, right.output
    if volatile is not None and before != after:
        before, after = volatile.sub("~", before), volatile.sub("~", after)
    if before != after:
        for number, (first, second) in enumerate(
            zip([*before.splitlines(), "<end>"], [*after.splitlines(), "<end>"], strict=False), 1
        ):
            if first != second:
                return "output", f"line {number}: {_shown(first)}", f"line {number}: {_shown(second)}"
        return "output", repr(before[-40:]), repr(after[-40:])
    return None


def _shown(text: str) -> str:
    return printable_line(text, _LONGEST)


def differences(
    observations: Iterable[Observation], left: EngineSpec, right: EngineSpec
) -> Iterator[Difference]:
    """Every case and mode whose verdict or outcome differs between two engines."""
    waiting: dict[tuple[str, str, str], Observation] = {}
    messages = left.ours and right.ours
    for one in observations:
        if not one.final:
            continue
        key = (one.execution.suite.name, one.execution.case.id, one.execution.mode)
        other = waiting.pop(key, None)
        if other is None:
            waiting[key] = one
            continue
        first, second = (one, other) if one.execution.engine.name == left.name else (other, one)
        volatile = getattr(one.execution.suite, "volatile", None)
        part = differing_part(first.outcome, second.outcome, messages=messages, volatile=volatile)
        if first.judgement.verdict is not second.judgement.verdict:
            yield Difference(*key, _verdict(first), _verdict(second), "verdict")
        elif part is not None:
            cause, before, after = part
            yield Difference(*key, before, after, cause)


def _verdict(one: Observation) -> str:
    return f"{one.judgement.verdict} {one.judgement.reason}".strip()


@dataclass(frozen=True)
class RunComparison:
    """Two recorded runs beside each other.

    Attributes:
        shared: executions that both hold.
        differences: those of them on which the verdicts differ.
        otherwise: those that pass on neither, with the same verdict, in another way.
        only_left, only_right: executions that the other run lacks.
    """

    shared: int
    differences: list[Difference]
    otherwise: list[Difference]
    only_left: list[Result]
    only_right: list[Result]


def compare_runs(left: Run, right: Run) -> RunComparison:
    """Two recorded runs, engine by engine; where each holds one engine, these are compared, whatever their names."""
    single = len(left.engines) == 1 and len(right.engines) == 1
    before = _by_key(left.results.values(), with_engine=not single)
    after = _by_key(right.results.values(), with_engine=not single)
    found, otherwise = [], []
    for key in before:
        if key not in after:
            continue
        first, second = before[key], after[key]
        place = (first.suite, first.case, first.mode)
        if first.verdict is not second.verdict:
            found.append(Difference(*place, _observed(first), _observed(second), "verdict"))
        elif first.verdict in FAILURES:
            cause = _other_way(first, second)
            if cause:
                otherwise.append(Difference(*place, _observed(first), _observed(second), cause))
    return RunComparison(
        shared=len(before.keys() & after.keys()),
        differences=found,
        otherwise=otherwise,
        only_left=[before[key] for key in before if key not in after],
        only_right=[after[key] for key in after if key not in before],
    )


def _other_way(first: Result, second: Result) -> str:
    """In what two failures differ, places and values aside; "" if in nothing."""
    for name in ("completion", "phase", "error"):
        left, right = getattr(first, name), getattr(second, name)
        # Records of older versions do not know the completion.
        if left != right and (name != "completion" or (left and right)):
            return name
    return "reason" if cause_of(first.reason) != cause_of(second.reason) else ""


def _observed(result: Result) -> str:
    """A verdict with what explains it: the reason, or of a pass what the engine was seen to do."""
    if result.reason or result.verdict is not Verdict.PASS:
        return f"{result.verdict} {result.reason}".strip()
    if result.completion == "threw":
        return f"{result.verdict} (threw {result.error}: {_shown(result.message)}, {result.phase})"
    if result.output:
        return f"{result.verdict} (printed {_shown(result.output)})"
    return f"{result.verdict} ({result.completion})" if result.completion else str(result.verdict)


def _by_key(results: Iterable[Result], *, with_engine: bool) -> Mapping[tuple[str, ...], Result]:
    return {(one.suite, one.case, one.mode, one.engine if with_engine else ""): one for one in results}
