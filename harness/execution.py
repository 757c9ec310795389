"""Runs a plan: every execution on the pool, every outcome judged, every result handed on as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import PurePath

from lockstep.harness.engines.pool import Job, Pool
from lockstep.harness.judge import judge
from lockstep.harness.model import Expectation, Judgement, Outcome, Result, Verdict
from lockstep.harness.selection import Execution
from lockstep.harness.store.outcomes import Outcomes, outcome_key
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


@dataclass(frozen=True)
class Override:
    """Limits from the command line, in place of the suite's own."""

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    stress: int | None = None

    def over(self, limits: Limits) -> Limits:
        """`limits` with what was given on the command line."""
        given = {
            "steps": self.steps,
            "seconds": self.seconds,
            "memory": self.memory,
            "stress": self.stress,
        }
        return replace(limits, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # names and types of Limits


@dataclass(frozen=True)
class Observation:
    """One execution with what the engine did and what the judge says."""

    execution: Execution
    outcome: Outcome
    judgement: Judgement

    @property
    def result(self) -> Result:
        """The line for the record."""
        outcome = self.outcome
        return Result(
            suite=self.execution.suite.name,
            case=self.execution.case.id,
            mode=self.execution.mode,
            engine=self.execution.engine.name,
            verdict=self.judgement.verdict,
            reason=self.judgement.reason,
            phase=outcome.phase,
            error=outcome.error,
            steps=outcome.steps,
            ms=outcome.ms,
        )


_DEFAULT_MEMORY_MIB = 2048


@dataclass(frozen=True)
class _Prepared:
    """What stays on this side of the protocol: what the case must do, and the key of its outcome."""

    expectation: Expectation
    program: Program
    key: str = ""


def execute(
    executions: Sequence[Execution], workers: int, override: Override, outcomes: Outcomes | None = None
) -> Iterator[Observation]:
    """Run every execution and yield it judged, in the order in which they finish.

    What is in `outcomes` is not run again, and what is run is put there. Closing the iterator ends all engine processes.
    """
    expectations: dict[int, _Prepared] = {}
    jobs: list[Job[int]] = []
    for number, one in enumerate(executions):
        if not one.runs:
            yield Observation(one, Outcome("skipped"), Judgement(Verdict.SKIPPED, one.case.skip))
            continue
        jobs.append(Job(number, one.engine, _preparer(one, number, override, expectations, outcomes)))
    if not jobs:
        return
    pool: Pool[int] = Pool(workers, override.memory or _DEFAULT_MEMORY_MIB)
    with closing(pool.run(jobs)) as finished:  # type: ignore[type-var]  # a generator
        for job, outcome in finished:
            one = executions[job.key]
            prepared = expectations.pop(job.key, None)
            if prepared is None:
                verdict = Judgement(Verdict.ERROR, outcome.message)
            else:
                verdict = _without_paths(judge(prepared.expectation, outcome), prepared.program)
                if outcomes is not None and prepared.key:
                    outcomes.keep(prepared.key, outcome)
            yield Observation(one, outcome, verdict)


def _without_paths(judgement: Judgement, program: Program) -> Judgement:
    """The judgement with the machine's own folders taken out of its reason."""
    if program.path is None or not judgement.reason:
        return judgement
    path, name = PurePath(program.path), PurePath(program.name)
    reason = judgement.reason.replace(str(path), str(name)).replace(f"{path.parent}/", f"{name.parent}/")
    return Judgement(judgement.verdict, reason)


def _preparer(
    one: Execution,
    number: int,
    override: Override,
    expectations: dict[int, _Prepared],
    outcomes: Outcomes | None,
) -> Callable[[], tuple[Program, Limits] | Outcome]:
    """Reads the case when its turn comes, and keeps what it must do on this side of the protocol."""

    def prepare() -> tuple[Program, Limits] | Outcome:
        task = one.suite.task(one.case, one.mode)
        limits = override.over(task.limits)
        # A program with a working folder writes files there: it is run each time.
        if outcomes is None or task.program.folder is not None:
            expectations[number] = _Prepared(task.expectation, task.program)
            return task.program, limits
        key = outcome_key(one.engine, task.program, limits)
        known = outcomes.find(key)
        expectations[number] = _Prepared(task.expectation, task.program, "" if known is not None else key)
        return (task.program, limits) if known is None else known

    return prepare
