"""Runs a program with its host, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.host.program import Hosting
from lockstep.reference.javascript.engine import create_engine

BACKENDS = ("vm", "treewalk")


@dataclass(frozen=True)
class Ran:
    """What a program wrote, and its exit status."""

    out: str
    err: str
    status: int | None


def run_file(path: Path, backend: str = "vm", *, words: tuple[str, ...] = (), **hosting: object) -> Ran:
    """Run a file as `lockstep exec` does."""
    return _ran(
        Program(path.read_text("utf-8"), str(path), path=str(path), arguments=words), backend, **hosting
    )


def run(code: str, backend: str = "vm", mode: str = "", **hosting: object) -> Ran:
    """Run a text as `lockstep exec -e` does."""
    return _ran(Program(code, "-e", mode=mode), backend, **hosting)


def _ran(program: Program, backend: str, **hosting: object) -> Ran:
    output, errors = Output(), Output()
    given = Hosting(errors, **hosting)  # type: ignore[arg-type]
    hosted = Program(
        program.source,
        program.name,
        program.mode,
        path=program.path,
        arguments=program.arguments,
        host=given,
    )
    completion = create_engine(backend, "").run(hosted, Budget(Limits(seconds=None)), output)
    return Ran(output.text(), errors.text(), completion.status)
