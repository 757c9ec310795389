"""Where engines differ: on one program, on the cases of a suite, or between two recorded runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from lockstep.harness.engines.pool import Job, Pool
from lockstep.harness.engines.registry import EngineSpec
from lockstep.harness.execution import Observation
from lockstep.harness.judge import describe
from lockstep.harness.model import Outcome, Result
from lockstep.harness.store.record import Run
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


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
    with closing(pool.run(jobs)) as finished:  # type: ignore[type-var]  # a generator
        for job, outcome in finished:
            found[job.key] = outcome
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
            return "message", left.message, right.message
        if messages and left.location != right.location:
            return "location", str(left.location), str(right.location)
    before, after = left.output, right.output
    if volatile is not None and before != after:
        before, after = volatile.sub("~", before), volatile.sub("~", after)
    if before != after:
        for number, (first, second) in enumerate(
            zip([*before.splitlines(), "<end>"], [*after.splitlines(), "<end>"], strict=False), 1
        ):
            if first != second:
                return "output", f"line {number}: {first}", f"line {number}: {second}"
        return "output", repr(before[-40:]), repr(after[-40:])
    return None


def differences(
    observations: Iterable[Observation], left: EngineSpec, right: EngineSpec
) -> Iterator[Difference]:
    """Every case and mode whose verdict or outcome differs between two engines."""
    waiting: dict[tuple[str, str, str], Observation] = {}
    messages = left.ours and right.ours
    for one in observations:
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


def run_differences(left: Run, right: Run) -> list[Difference]:
    """Every case and mode on which two recorded runs disagree, engine by engine.

    Where each run holds one engine, these are compared with each other, whatever their names.
    Cases that only one run holds are left out.
    """
    single = len(left.engines) == 1 and len(right.engines) == 1
    before = _by_key(left.results.values(), with_engine=not single)
    after = _by_key(right.results.values(), with_engine=not single)
    found = []
    for key, first in before.items():
        second = after.get(key)
        if second is not None and first.verdict is not second.verdict:
            found.append(
                Difference(
                    first.suite,
                    first.case,
                    first.mode,
                    f"{first.engine} {first.verdict} {first.reason}".strip(),
                    f"{second.engine} {second.verdict} {second.reason}".strip(),
                    "verdict",
                )
            )
    return found


def _by_key(results: Iterable[Result], *, with_engine: bool) -> Mapping[tuple[str, ...], Result]:
    return {(one.suite, one.case, one.mode, one.engine if with_engine else ""): one for one in results}
