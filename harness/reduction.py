"""The smallest program that still shows a difference between two engines: delta debugging, by Lithium."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from lithium.strategies import Minimize, MinimizeBalancedPairs, Strategy
from lithium.testcases import Testcase, TestcaseChar, TestcaseLine, TestcaseSymbol

from lockstep.harness.comparison import differing_part
from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

# Coarse pieces first: whole lines and blocks, then parts of lines, then characters.
_PASSES: tuple[tuple[type[Testcase], type[Strategy]], ...] = (
    (TestcaseLine, Minimize),
    (TestcaseLine, MinimizeBalancedPairs),
    (TestcaseSymbol, Minimize),
    (TestcaseSymbol, MinimizeBalancedPairs),
    (TestcaseChar, Minimize),
)
# Addresses differ from process to process; they are no difference between engines.
_ADDRESSES = re.compile(r"0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class Signature:
    """What a reduced program must keep: in which way two engines differ, and how each of them ends."""

    cause: str
    left: tuple[str, str, str]
    right: tuple[str, str, str]


@dataclass(frozen=True)
class Comparison:
    """One program on two engines; `signature` is None where they agree."""

    left: Outcome
    right: Outcome
    signature: Signature | None


def _ending(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.completion, outcome.phase, outcome.error


class Pair:
    """Two engines, each in a process that is kept from program to program; a context manager."""

    def __init__(self, left: EngineSpec, right: EngineSpec, limits: Limits) -> None:
        self._engines = (left, right)
        self._limits = limits
        self._processes: dict[str, RunningEngine] = {}
        self._messages = left.ours and right.ours
        self.runs = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.kill()

    def compare(self, program: Program) -> Comparison:
        """Run `program` on both engines."""
        self.runs += 1
        left, right = (self._outcome(engine, program) for engine in self._engines)
        part = differing_part(left, right, messages=self._messages, volatile=_ADDRESSES)
        signature = None if part is None else Signature(part[0], _ending(left), _ending(right))
        return Comparison(left, right, signature)

    def _outcome(self, engine: EngineSpec, program: Program) -> Outcome:
        process = self._processes.get(engine.name)
        try:
            if process is None or process.closed:
                process = self._processes[engine.name] = engine.spawn(self._limits.memory)
                process.start()
            return process.observe(program, self._limits)
        except EngineDiedError as error:
            return error.outcome


class Reduction:
    """The reduction of one program.

    Args:
        program: a program on which two engines differ.
        keeps: whether a program still shows that difference.
        report: told the size in characters each time the program got smaller.

    Attributes:
        best: the smallest program so far; it is there too when the work is interrupted.
    """

    def __init__(
        self,
        program: Program,
        keeps: Callable[[Program], bool],
        report: Callable[[int], object] = lambda _: None,
    ) -> None:
        self.best = program
        self._keeps = keeps
        self._report = report
        self._known: dict[str, bool] = {}

    def run(self) -> Program:
        """Reduce until no pass makes the program smaller; the smallest program."""
        while True:
            before = self.best.source
            for split, strategy in _PASSES:
                self._pass(split(), strategy())
            if self.best.source == before:
                return self.best

    def _pass(self, testcase: Testcase, strategy: Strategy) -> None:
        if isinstance(testcase, TestcaseChar):
            # Characters, where Lithium would take bytes.
            testcase.parts = [_encoded(character) for character in self.best.source]
            testcase.reducible = [True] * len(testcase.parts)
        else:
            testcase.split_parts(_encoded(self.best.source))
        if not testcase:
            return
        attempts = strategy.reduce(testcase)
        for attempt in attempts:
            source = _decoded(b"".join(attempt.parts))
            kept = self._kept(source)
            attempts.feedback(kept)
            if kept and len(source) < len(self.best.source):
                self.best = replace(self.best, source=source)
                self._report(len(source))

    def _kept(self, source: str) -> bool:
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = self._keeps(replace(self.best, source=source))
        return known


def _encoded(source: str) -> bytes:
    return source.encode("utf-8", "surrogateescape")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
