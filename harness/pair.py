"""Two engines, side by side, each in a process that is kept from program to program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from lockstep.harness.comparison import differing_part
from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

# Addresses differ from process to process; they are no difference between engines.
ADDRESSES = re.compile(r"0[xX][0-9a-fA-F]+")


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
        left, right = self.outcomes(program)
        part = differing_part(left, right, messages=self._messages, volatile=ADDRESSES)
        signature = None if part is None else Signature(part[0], _ending(left), _ending(right))
        return Comparison(left, right, signature)

    def outcomes(self, program: Program) -> tuple[Outcome, Outcome]:
        """What both do."""
        left, right = (self._outcome(engine, program) for engine in self._engines)
        return left, right

    def _outcome(self, engine: EngineSpec, program: Program) -> Outcome:
        process = self._processes.get(engine.name)
        try:
            if process is None or process.closed:
                process = self._processes[engine.name] = engine.spawn(self._limits.memory)
                process.start()
            return process.observe(program, self._limits)
        except EngineDiedError as error:
            return error.outcome
