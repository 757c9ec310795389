"""What a language offers to the world: engines that run programs, and sessions that keep their state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from lockstep.reference.host.errors import ErrorReport
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.program import Program, Writer

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening

__all__ = ["Adviser", "Completion", "Engine", "Program", "Session", "Writer"]


@dataclass(frozen=True)
class Completion:
    """How a program ended.

    Attributes:
        error: None when it completed.
        value: prints its result, if it has one.
        unsupported: why it was not run.
        status: the exit status that the program asked for; None where it ended by itself.
        unhandled: an error that nobody waited for, when the program completed (a rejected promise): hosts report it.
        standard_error: what it wrote there, where it has a standard error of its own.
    """

    error: ErrorReport | None = None
    value: str | None = None
    unsupported: str | None = field(default=None)
    unhandled: ErrorReport | None = None
    status: int | None = None
    standard_error: str | None = None


class Session(Protocol):
    """A guest state that lives on between evaluations, for a REPL or an embedder."""

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run `program` in this state. `LimitExceeded` passes through; the state stays usable."""

    def close(self) -> None:
        """Release the state."""


class Engine(Protocol):
    """One backend of one language. It keeps compiled code between runs, and no guest state."""

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """Run `program` in a fresh state.

        Guest errors come back in the completion; `LimitExceeded` and `MemoryError` pass through.
        Any other host exception is a bug of the engine.
        """

    def session(self, budget: Budget, output: Writer) -> Session:
        """A fresh state to evaluate programs in."""

    def guest(self, opening: Opening) -> Guest:
        """A fresh state in the hands of an embedder."""

    def disassemble(self, program: Program) -> str:
        """The generated host source and the host's bytecode; for a tree-walker the AST."""


@runtime_checkable
class Adviser(Protocol):
    """An engine that knows what a mistake may come from."""

    def advice(self, program: Program, error: ErrorReport) -> str:
        """A line for the person whose `program` ended in `error`; "" where there is nothing to add."""
