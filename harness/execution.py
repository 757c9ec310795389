"""Runs a plan: every execution on the pool, every outcome judged, every result handed on as it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from lockstep.harness.engines.lane import Job, Processes
from lockstep.harness.engines.pool import Finished, Pool
from lockstep.harness.engines.process import LEAST_START_SECONDS, START_SECONDS
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.expectation import Expectation
from lockstep.harness.judge import judge
from lockstep.harness.model import CaseError, Expected, Judgement, Location, Outcome, Point, Result, Verdict
from lockstep.harness.portable import portable, portable_text
from lockstep.harness.selection import Execution
from lockstep.harness.store.outcome_key import outcome_key
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable, printable_line

if TYPE_CHECKING:
    from lockstep.harness.store.outcomes import Outcomes


@dataclass(frozen=True)
class Override:
    """Limits from the command line, in place of the suite's own."""

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    stress: int | None = None
    output: int | None = None

    def over(self, limits: Limits) -> Limits:
        """`limits` with what was given on the command line."""
        given: dict[str, Any] = {
            "steps": self.steps,
            "seconds": self.seconds,
            "memory": self.memory,
            "stress": self.stress,
            "output": self.output,
        }
        return replace(limits, **{name: value for name, value in given.items() if value is not None})


@dataclass(frozen=True)
class Observation:
    """One execution with what the engine did and what the judge says.

    Attributes:
        vacuous: an engine that does nothing would pass too.
        final: False for what is run again alone before it counts.
        first: how it ended at first, where it ended in another way when it was run again alone.
        tries: how often it ended how, where that says something of the program rather than of the machine's load.
        part: it is a part of an execution that was planned, and follows that.
    """

    execution: Execution
    outcome: Outcome
    judgement: Judgement
    vacuous: bool = False
    final: bool = True
    first: str = ""
    tries: Mapping[str, int] = field(default_factory=dict)
    part: bool = False

    @cached_property
    def result(self) -> Result:
        """The line for the record, in text that every file can hold."""
        outcome = self.outcome
        return Result(
            suite=self.execution.suite.name,
            case=printable_line(self.execution.case.id),
            mode=self.execution.mode,
            engine=printable_line(self.execution.engine.name),
            verdict=self.judgement.verdict,
            reason=printable(self.judgement.reason, _LONGEST_REASON),
            phase=printable_line(outcome.phase, _LONGEST_NAME),
            error=printable_line(outcome.error, _LONGEST_NAME),
            steps=outcome.steps,
            ms=outcome.ms,
            vacuous=self.vacuous,
            first=printable_line(self.first, _LONGEST_NAME),
            completion=printable_line(outcome.completion, _LONGEST_NAME),
            kind=printable_line(outcome.kind, _LONGEST_NAME),
            message=printable(outcome.message, _LONGEST_TEXT),
            location=_printable_location(outcome.location),
            output=printable(outcome.output, _LONGEST_TEXT),
            digest=_digest(outcome.output),
            tries=dict(self.tries),
        )


class Observed(Protocol):
    """What a run wants to know of an execution, wherever it was run; `Observation` has more."""

    @property
    def result(self) -> Result:
        """The line for the record."""

    @property
    def final(self) -> bool:
        """False for what is run again alone before it counts."""

    @property
    def part(self) -> bool:
        """It is a part of an execution that was planned, and follows that."""


_DEFAULT_MEMORY_MIB = 2048
_LONGEST_NAME = 200
_LONGEST_REASON = 2000
_LONGEST_TEXT = 400
# An engine that does nothing: it answers that the program has ended, and printed nothing.
_NOTHING = Outcome("completed")
_NO_LIMITS = Limits()


@dataclass(frozen=True)
class Execute:
    """How executions are run.

    Attributes:
        workers: engine processes at a time.
        override: limits in place of the suites' own.
        outcomes: where outcomes of earlier runs are found and new ones are kept; None to run everything.
        reusable: whether outcomes of an engine may be found there.
        retry: whether an execution that met the end of its engine, or ran out of wall time, is run again alone.
        on_problem: gets one line for what ends a part of the run.
        processes: engines that have been started already, by name.
        fresh: each execution gets a process of its own.
        kept: engine processes that outlive the executions.
    """

    workers: int = 1
    override: Override = field(default_factory=Override)
    outcomes: Outcomes | None = None
    reusable: Callable[[EngineSpec], bool] = lambda _: True
    retry: Callable[[Execution], bool] = lambda _: True
    on_problem: Callable[[str], None] = lambda _: None
    processes: Mapping[str, RunningEngine] = field(default_factory=dict)
    fresh: bool = False
    kept: Processes | None = None

    @property
    def memory(self) -> int:
        """MiB that a guest may hold."""
        return self.override.memory or _DEFAULT_MEMORY_MIB

    @property
    def start_seconds(self) -> float:
        """How long an engine may take to start: as long as a case, but never less than a host needs."""
        seconds = self.override.seconds
        return START_SECONDS if seconds is None else min(START_SECONDS, max(LEAST_START_SECONDS, seconds))


@dataclass(frozen=True)
class _Prepared:
    """What stays on this side of the protocol: what the case must do, and the key of its outcome."""

    expectation: Expected
    program: Program
    vacuous: bool
    key: str = ""


def execute(executions: Sequence[Execution], how: Execute) -> Generator[Observation]:
    """Run every execution and yield it judged, in the order in which they finish; what is run again comes twice.

    What is in `outcomes` is not run again, and what is run is put there. Closing the iterator ends all engine processes.
    """
    prepared: dict[int, _Prepared] = {}
    jobs: list[Job[int]] = []
    for number, one in enumerate(executions):
        if not one.runs:
            yield skipped(one)
            continue
        jobs.append(Job(number, one.engine, _preparer(one, number, prepared, how), how.retry(one)))
    pool: Pool[int] = Pool(
        how.workers, how.memory, how.start_seconds, how.on_problem, fresh=how.fresh, kept=how.kept
    )
    for name, process in how.processes.items():
        pool.adopt(name, process)
    with closing(pool.run(jobs)) as done:
        for finished in done:
            number = finished.job.key
            ready = prepared.pop(number, None) if finished.final else prepared.get(number)
            yield _observed(executions[number], finished, ready, how)
            if ready is not None and finished.final:
                yield from _points(executions[number], finished.outcome, ready)


def skipped(one: Execution) -> Observation:
    """The observation of an execution that no engine is asked for."""
    return Observation(one, Outcome("skipped"), Judgement(Verdict.SKIPPED, one.case.skip))


def reused(one: Execution, how: Execute) -> list[Observation] | str:
    """What an earlier run observed, with its parts; else the key under which an outcome is kept, "" where none is.

    A case that cannot be read has its observation, too.
    """
    prepared: dict[int, _Prepared] = {}
    job = Job(0, one.engine, _preparer(one, 0, prepared, how))
    outcome = job.prepare()
    if not isinstance(outcome, Outcome):
        return prepared[0].key
    ready = prepared.get(0)
    found = _observed(one, Finished(job, outcome), ready, how)
    return [found, *(() if ready is None else _points(one, outcome, ready))]


def _observed(
    one: Execution, finished: Finished[int], prepared: _Prepared | None, how: Execute
) -> Observation:
    outcome = finished.outcome
    if outcome.completion == "unreadable":
        return Observation(one, outcome, Judgement(Verdict.ERROR, outcome.message))
    if prepared is None:  # its process did something after its answer: that decides, whatever was expected
        return Observation(one, outcome, judge(Expectation(), outcome))
    outcome = portable(outcome, prepared.program)
    judged = judge(prepared.expectation, outcome)
    # A checker is given the program's path, and may speak of it.
    verdict = Judgement(judged.verdict, portable_text(judged.reason, prepared.program))
    first = ""
    tries: dict[str, int] = {}
    if finished.first is not None:
        before = judge(prepared.expectation, portable(finished.first, prepared.program))
        if before.verdict is not verdict.verdict:
            first = f"{before.verdict}: {before.reason}"
            if not finished.first.wall:
                tries = {str(before.verdict): 1, str(verdict.verdict): 1}
    if how.outcomes is not None and prepared.key and finished.final:
        how.outcomes.keep(prepared.key, outcome)
    return Observation(one, outcome, verdict, prepared.vacuous, finished.final, first, tries)


def _points(one: Execution, outcome: Outcome, prepared: _Prepared) -> Iterator[Observation]:
    """The parts of a case that are cases of their own, where its expectation finds any."""
    found: Callable[[Outcome], Sequence[Point]] | None = getattr(prepared.expectation, "points", None)
    # What the program took and printed is told of the whole.
    part = replace(outcome, output="", steps=None, ms=0.0, standard_error="")
    for point in found(outcome) if found is not None else ():
        case = msgspec.structs.replace(one.case, id=f"{one.case.id}#{point.name}")
        yield Observation(replace(one, case=case), part, point.judgement, part=True)


def _digest(output: str) -> str:
    """Sixteen digits that tell one output from another."""
    return hashlib.sha256(output.encode("utf-8", "surrogatepass")).hexdigest()[:16] if output else ""


def _printable_location(location: Location | None) -> Location | None:
    if location is None:
        return None
    return replace(location, file=printable_line(location.file, _LONGEST_NAME))


def _preparer(
    one: Execution, number: int, prepared: dict[int, _Prepared], how: Execute
) -> Callable[[], tuple[Program, Limits] | Outcome]:
    """Reads the case when its turn comes, and keeps what it must do on this side of the protocol."""

    def prepare() -> tuple[Program, Limits] | Outcome:
        try:
            task = one.suite.task(one.case, one.mode)
        except CaseError as error:
            return Outcome("unreadable", message=str(error))
        except Exception as error:  # noqa: BLE001  # a file that has gone costs one case
            return Outcome("unreadable", message=f"the case cannot be read: {_words(error)}")
        limits = how.override.over(_of_engine(one.engine, task.limits))
        vacuous = judge(task.expectation, _NOTHING).verdict is Verdict.PASS
        # A program with a working folder writes files there: it is run each time.
        if how.outcomes is None or task.program.folder is not None or not how.reusable(one.engine):
            prepared[number] = _Prepared(task.expectation, task.program, vacuous)
            return task.program, limits
        key = outcome_key(one.engine, task.program, limits)
        known = how.outcomes.find(key)
        prepared[number] = _Prepared(
            task.expectation, task.program, vacuous, "" if known is not None else key
        )
        return (task.program, limits) if known is None else known

    return prepare


def _of_engine(engine: EngineSpec, limits: Limits) -> Limits:
    """`limits`, where the engine has none of its own."""
    if engine.limits == _NO_LIMITS:
        return limits
    return replace(
        limits, **{name: value for name, value in asdict(engine.limits).items() if value is not None}
    )


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{type(error).__name__}: {error}"
