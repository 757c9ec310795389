"""What the pool needs of a running engine, whether it speaks the protocol or is a plain command."""

from __future__ import annotations

from typing import Any, Protocol

from lockstep.harness.engines.process import START_SECONDS, Answer
from lockstep.harness.model import Identity, Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


class RunningEngine(Protocol):
    """An engine that has been started; it is asked one thing at a time."""

    cases_run: int

    def start(self, seconds: float = START_SECONDS) -> Identity:
        """Who it says it is; raises `EngineDiedError` if it does not answer."""

    def inventory(self) -> dict[str, Any]:
        """What it says it defines; empty where it cannot say."""

    def run(self, program: Program, limits: Limits) -> Answer:
        """What became of `program`, and what the engine still did of the program before."""

    def observe(self, program: Program, limits: Limits) -> Outcome:
        """`run`, for who asks one thing at a time."""

    def afterthought(self, seconds: float = 0.0) -> Outcome | None:
        """What it did since its last answer, if it ended badly or said more."""

    @property
    def closed(self) -> bool:
        """Whether it has ended."""

    def resident_memory(self) -> int:
        """MiB of memory that it, and all that it started, hold now."""

    def kill(self) -> None:
        """End it and everything that it started, at once."""

    def stop(self) -> None:
        """Ask it to end, and make sure that it does."""
