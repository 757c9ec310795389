"""Running a program on a backend and on CPython itself."""

from __future__ import annotations

import subprocess
import sys

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.languages import create_engine

BACKENDS = ("treewalk", "vm")

# What this host can say of the guest's Python 3.11.
IS_ORACLE = sys.implementation.name == "cpython" and sys.version_info[:2] == (3, 11)


def outcome(
    backend: str, *programs: str, limits: Limits | None = None, printed: list[str] | None = None
) -> tuple[Completion, str]:
    """How the last of `programs` ended, and what it wrote; each runs in a guest of its own, on one engine.

    What is written goes to `printed` too, so that it is there where a limit ends the run.
    """

    def body() -> tuple[Completion, str]:
        engine = create_engine(f"python:{backend}")
        for program in programs:
            output = Output()
            try:
                completion = engine.run(Program(program, name="program.py"), Budget(limits), output)
            finally:
                if printed is not None:
                    printed.append(output.text())
        return completion, output.text()

    return run_deep(body)


def printed(backend: str, *programs: str, limits: Limits | None = None) -> str:
    """What the last of `programs` wrote; it must have completed."""
    completion, text = outcome(backend, *programs, limits=limits)
    assert completion.error is None, f"{text}\n{completion.error}"
    return text


def printed_by_cpython(program: str) -> str:
    """What CPython writes for `program`."""
    run = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout
