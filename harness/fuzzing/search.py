"""Searching with random programs: run each on every engine, keep those on which one differs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from lockstep.harness.causes import cause_of
from lockstep.harness.comparison import differing_part
from lockstep.harness.engines.lane import Job, Processes
from lockstep.harness.engines.pool import Pool
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.fuzzing.grammar import Grammar
from lockstep.harness.fuzzing.writing import write_program
from lockstep.harness.model import Outcome
from lockstep.harness.pair import ADDRESSES
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

# Programs that are on their way at a time.
_BATCH = 20
# What a limit of ours, and no rule of the language, decides.
_UNDECIDED = frozenset({"timeout", "oom", "skipped"})
_LABEL = re.compile(r"^line \d+: '?([\w+ .-]+):")


@dataclass(frozen=True)
class Cause:
    """What differing programs have in common.

    Attributes:
        engine: that differs.
        part: in what: `completion`, `error`, `output`, ...
        detail: the label of the first line that differs, or how the two end.
    """

    engine: str
    part: str
    detail: str

    def __str__(self) -> str:
        return f"{self.part}: {self.detail}"


@dataclass(frozen=True)
class Finding:
    """A program on which an engine differs; `wanted` and `seen` are what should have been and what was, there."""

    number: int
    program: Program
    engine: EngineSpec
    cause: Cause
    wanted: str
    seen: str


@dataclass
class Tally:
    """What a search has seen.

    Attributes:
        programs: that have run.
        undecided: those that a limit ended, or on which engines disagree that others are held against.
        refused: those that do not parse there.
        findings: where engines differ.
    """

    programs: int = 0
    undecided: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Hunt:
    """What is searched.

    Attributes:
        grammar: of the programs.
        against: what the others are held against: a program counts where all of these agree.
        engines: that are searched.
        seed: of the programs.
        limits: of each program on each engine.
        weights: of features, in place of 10.
        mode: in which programs run.
        workers: engine processes at a time.
        on_problem: gets a line for each engine that is given up.
    """

    grammar: Grammar
    against: Sequence[EngineSpec]
    engines: Sequence[EngineSpec]
    seed: int
    limits: Limits
    weights: Mapping[str, int] = field(default_factory=dict)
    mode: str = ""
    workers: int = 2
    on_problem: Callable[[str], None] = lambda _: None

    def program(self, number: int) -> Program:
        """The program of a number."""
        source = write_program(self.grammar, self.seed, number, self.weights)
        return Program(source, f"{self.seed}-{number}", mode=self.mode)


def search(hunt: Hunt, tally: Tally, programs: int | None, seconds: float) -> Generator[Sequence[Finding]]:
    """Findings, batch by batch, until so many programs have run or so much time has gone; `tally` is kept up to date.

    A batch that has begun is finished, unless the iterator is closed before.
    """
    processes = Processes(hunt.limits.memory, 60.0)
    until = time.monotonic() + seconds
    first = 0
    try:
        while time.monotonic() < until and (programs is None or first < programs):
            count = _BATCH if programs is None else min(_BATCH, programs - first)
            yield list(_batch(hunt, range(first, first + count), processes, tally))
            first += count
    finally:
        processes.kill()


def _batch(hunt: Hunt, numbers: range, processes: Processes, tally: Tally) -> Iterator[Finding]:
    written = {number: hunt.program(number) for number in numbers}
    outcomes = _outcomes(hunt, written, processes)
    for number, program in written.items():
        base, *others = [outcomes.get((number, engine.name)) for engine in hunt.against]
        if base is None:
            continue
        tally.programs += 1
        tally.refused += base.completion == "threw" and base.phase == "parse"
        if base.completion in _UNDECIDED or any(
            other is None or differing_part(base, other, messages=False) for other in others
        ):
            tally.undecided += 1
            continue
        for engine in hunt.engines:
            outcome = outcomes.get((number, engine.name))
            difference = None if outcome is None else compared(hunt.against[0], base, engine, outcome)
            if difference is not None:
                finding = Finding(number, program, engine, *difference)
                tally.findings.append(finding)
                yield finding


def _outcomes(
    hunt: Hunt, written: Mapping[int, Program], processes: Processes
) -> Mapping[tuple[int, str], Outcome]:
    # Engine by engine: a lane keeps its process.
    jobs = [
        Job((number, engine.name), engine, partial(_task, program, hunt.limits))
        for engine in (*hunt.against, *hunt.engines)
        for number, program in written.items()
    ]
    pool: Pool[tuple[int, str]] = Pool(
        hunt.workers, hunt.limits.memory, on_problem=hunt.on_problem, kept=processes
    )
    with closing(pool.run(jobs)) as finished:
        return {one.job.key: one.outcome for one in finished}


def _task(program: Program, limits: Limits) -> tuple[Program, Limits]:
    return program, limits


def compared(
    base: EngineSpec, right: Outcome, engine: EngineSpec, outcome: Outcome
) -> tuple[Cause, str, str] | None:
    """In what an outcome differs from the right one, and both of them there; None if in nothing."""
    part = differing_part(right, outcome, messages=engine.ours and base.ours, volatile=ADDRESSES)
    if part is None:
        return None
    name, wanted, seen = part
    return Cause(engine.name, name, _detail(name, wanted, seen)), wanted, seen


def _detail(part: str, left: str, right: str) -> str:
    if part != "output":
        return f"{cause_of(left)} | {cause_of(right)}"
    label = _LABEL.match(left) or _LABEL.match(right)
    return label[1] if label is not None else cause_of(left)
