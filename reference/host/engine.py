"""What a language offers to the world: engines that run programs, and sessions that keep their state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from lockstep.reference.host.errors import ErrorReport
from lockstep.reference.host.limits import Budget

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening


class Writer(Protocol):
    """Where guest output goes; a text stream or an `Output`."""

    def write(self, text: str, /) -> object:
        """Write `text`; bytes that are not UTF-8 stand in it as surrogate escapes."""

    def flush(self) -> object:
        """Hand on what is buffered."""


@dataclass(frozen=True)
class Program:
    """One guest program.

    Attributes:
        source: the text. A language whose source is bytes (Lua) gets them decoded as UTF-8 with
            surrogate escapes.
        name: the file name that locations and tracebacks show.
        mode: what the language distinguishes: JavaScript `script`, `strict`, `module`, `raw`; else "".
        includes: (name, source) pairs that run first, in order, in the same global state.
        path: the real file, if there is one: relative imports are found beside it.
        roots: folders in which the language finds libraries (`require`, `import`).
        arguments: the program's command-line arguments.
        folder: the working folder that the program finds; None for the engine's own.
    """

    source: str
    name: str = "<program>"
    mode: str = ""
    includes: tuple[tuple[str, str], ...] = ()
    path: str | None = None
    roots: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: str | None = None


@dataclass(frozen=True)
class Completion:
    """How a program ended.

    Attributes:
        error: None when it completed.
        value: prints its result, if it has one.
        unsupported: why it was not run.
        unhandled: an error that nobody waited for, when the program completed (a rejected promise): hosts report it.
    """

    error: ErrorReport | None = None
    value: str | None = None
    unsupported: str | None = field(default=None)
    unhandled: ErrorReport | None = None


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
