"""Golden files from an engine: what they would hold, beside what they hold."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lockstep.harness.expectation import EARLY
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.project.file import Project
from lockstep.harness.suites.own.golden import golden_files, new_golden_file
from lockstep.harness.suites.own.suite import OwnSuite
from lockstep.reference.host.printable import printable

_ANSWERS = ("completed", "threw")
# What engines call it that tell no phase.
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_WITH_FILES = ("output", "oracle")


@dataclass(frozen=True)
class GoldenFile:
    """A file beside a program.

    Attributes:
        path: where it is, or goes.
        before: what it holds; None where it is not there yet.
        now: what the engine did.
    """

    path: Path
    before: bytes | None
    now: bytes

    @property
    def changed(self) -> bool:
        """Whether it is there, and would hold something else."""
        return self.before is not None and self.before != self.now

    def difference(self, engine: str) -> str:
        """A unified diff of what it holds and what it would hold."""
        before, now = (
            content.decode("utf-8", "surrogateescape").splitlines()
            for content in (self.before or b"", self.now)
        )
        name = self.path.name
        lines = difflib.unified_diff(before, now, name, f"{name} ({engine})", lineterm="")
        return "\n".join(printable(line) for line in lines)


def recording_suite(suite: object, name: str, project: Project) -> OwnSuite:
    """The suite with its programs, of which nothing is demanded.

    Raises:
        MissingError: it is no suite of one's own, or its expectations stand in no files.
    """
    if not isinstance(suite, OwnSuite):
        raise MissingError(
            f"suite {name} has no golden files: [suites.NAME] of lockstep.toml makes one that has"
        )
    if suite.table.expect not in _WITH_FILES:
        raise MissingError(
            f'suite {name} has expect = "{suite.table.expect}"; golden files belong to expect = "output"'
        )
    return OwnSuite(name, msgspec.structs.replace(suite.table, expect="completes"), project)


def is_refused(outcome: Outcome) -> bool:
    """Whether a program was refused before any of it ran: seldom what it was written for."""
    named = not outcome.phase and outcome.error in _SYNTAX
    return outcome.completion == "threw" and (named or outcome.phase in ("parse", EARLY))


def files_for(program: Path, outcome: Outcome) -> Iterator[GoldenFile]:
    """The files that say that `program` must do what it did.

    Its output; its exit status where that is not 0, or a file has one; its standard error where a file has that.

    Raises:
        ValueError: it gave no answer that could be demanded.
    """
    if outcome.completion not in _ANSWERS:
        raise ValueError(outcome.message or outcome.completion)
    there = golden_files(program)
    yield _file(there.get(".out") or new_golden_file(program, ".out"), outcome.output)
    status = outcome.exit_status
    if status is None:
        status = 0 if outcome.completion == "completed" else 1
    if status or ".exit" in there:
        yield _file(there.get(".exit") or new_golden_file(program, ".exit"), f"{status}\n")
    if ".err" in there and outcome.exit_status is not None:
        yield _file(there[".err"], outcome.standard_error)


def _file(path: Path, text: str) -> GoldenFile:
    before = path.read_bytes() if path.is_file() else None
    return GoldenFile(path, before, text.encode("utf-8", "surrogateescape"))
