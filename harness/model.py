"""The vocabulary of the harness: cases, programs to run, outcomes that engines observe, verdicts."""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from lockstep.harness.messages import ErrorRow, OutcomeMessage, ReadyMessage
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable_line


class Verdict(enum.StrEnum):
    """What the judge says of one execution; only `PASS` is a pass."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASH = "crash"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"


# A skipped or unsupported case is no failure, and no pass either.
FAILURES = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.TIMEOUT, Verdict.CRASH})


class Case(msgspec.Struct, frozen=True, gc=False):
    """One case of a suite; there may be a million of them.

    Attributes:
        suite: the suite's name.
        id: the case's stable name, a path with `/` between its parts.
        language: the language that an engine must speak to run it.
        modes: the ways in which it runs; `""` for the only one.
        features: names under which its result is also counted.
        flags: how it wants to be run, in its suite's own words (Test262: `async`, `module`, `onlyStrict`).
        skip: why it cannot run here, whatever the engine; "" if it can.
    """

    suite: str
    id: str
    language: str
    modes: tuple[str, ...] = ("",)
    features: tuple[str, ...] = ()
    skip: str = ""
    flags: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The case's folder: its id without the last part."""
        return self.id.rpartition("/")[0]


@dataclass(frozen=True)
class Identity:
    """Who an engine says it is when it starts (`ready` in docs/protocol.md).

    Attributes:
        language: the language that it speaks.
        implementation: its name and version, such as `PUC Lua 5.4.6`.
        host: what it runs on, with its version.
        fingerprint: any text that changes when the engine changes; "" if it gives none.
    """

    language: str = ""
    implementation: str = ""
    host: str = ""
    fingerprint: str = ""

    @classmethod
    def from_message(cls, ready: dict[str, object]) -> Identity:
        """The identity in a `ready` message.

        Raises:
            msgspec.ValidationError: the message does not have the protocol's form.
        """
        said = msgspec.convert({"language": "", **ready}, ReadyMessage)
        names = (said.language, said.implementation, said.host, said.fingerprint)
        return cls(*(printable_line(name or "", _LONGEST_NAME) for name in names))

    @property
    def versioned(self) -> bool:
        """Whether it tells a version, so that another version of the engine would look different."""
        return bool(self.fingerprint) or any(_HAS_DIGIT(word) for word in self.implementation.split()[1:])


_LONGEST_NAME = 200
_HAS_DIGIT = re.compile(r"\d").search


@dataclass(frozen=True)
class Location:
    """A place in guest source, as an engine reported it.

    Attributes:
        file: as the engine names it.
        line: from 1.
        column: from 1; 0 where it is not known.
    """

    file: str
    line: int
    column: int = 0


@dataclass(frozen=True)
class Outcome:
    """What an engine observed: how the program ended and what it wrote.

    Attributes:
        completion: `completed`, `threw`, `timeout`, `oom`, `unsupported`, or, when no answer came,
            `crash` (the process died) or `garbage` (it answered something else); `unreadable` where there was no program.
        phase: where it threw: `parse`, `analysis`, `macroexpand` or `eval`.
        kind: the error's kind on the second axis.
        error: the guest's name of the error.
        message: the error's message, or what is known of a crash.
        location: where it threw; None where the engine does not say.
        output: what the program wrote.
        steps: that it took; None if they are not counted.
        ms: milliseconds of the run, without start-up.
        wall: a timeout of wall time, which depends on the machine's load.
        value: its result as the language prints it, where it has one.
        traceback: lines, innermost first.
        unhandled: an error that nobody waited for (a rejected promise), as the outcome of a throw.
        exit_status: how its process exited, where each program has one of its own.
        standard_error: what it wrote there, likewise.
    """

    completion: str
    phase: str = ""
    kind: str = ""
    error: str = ""
    message: str = ""
    location: Location | None = None
    output: str = ""
    steps: int | None = None
    ms: float = 0.0
    wall: bool = False
    value: str | None = None
    traceback: tuple[str, ...] = ()
    unhandled: Outcome | None = None
    exit_status: int | None = None
    standard_error: str = ""

    @classmethod
    def from_message(cls, message: dict[str, object]) -> Outcome:
        """The outcome in a protocol message.

        Raises:
            msgspec.ValidationError: the message does not have the protocol's form.
        """
        said = msgspec.convert({"type": "outcome", "id": 0, **message}, OutcomeMessage)
        return cls(
            completion=said.completion,
            output=said.output or "",
            steps=said.steps,
            ms=_finite(said.ms),
            wall=said.reason == "time",
            value=said.value,
            unhandled=None if said.unhandled is None else cls("threw", **_error_fields(said.unhandled)),
            exit_status=said.exit_status,
            standard_error=said.standard_error or "",
            **_error_fields(said),
        )


def _error_fields(said: OutcomeMessage | ErrorRow) -> dict[str, Any]:
    """The fields of an outcome that a message of an error gives."""
    place = said.location
    return {
        "phase": said.phase or "",
        "kind": said.kind or "",
        "error": said.error or "",
        "message": said.message or "",
        "location": None if place is None else Location(place.file, place.line, place.column or 0),
        "traceback": said.traceback or (),
    }


def _finite(number: float | None) -> float:
    """A number of milliseconds; 0.0 where there is none."""
    return number if number is not None and math.isfinite(number) and number >= 0 else 0.0


@dataclass(frozen=True)
class Point:
    """A part of a case that has a verdict of its own; `name` follows the case's id and a `#`."""

    name: str
    judgement: Judgement


class Expected(Protocol):
    """What a case must do to pass; it checks itself, and is never sent to an engine.

    It may have a method `points`, which finds in an outcome the parts that are cases of their own.
    """

    @property
    def ends(self) -> str:
        """How the program should end, as outcomes say it: `timeout` where running out of steps is no accident."""

    def check(self, outcome: Outcome) -> Judgement:
        """The verdict on an outcome that is an answer: no crash, nothing unsupported, no time-out that nobody wants."""


@dataclass(frozen=True)
class Task:
    """What a suite hands out for one case and mode: the program, its limits, and what to expect."""

    program: Program
    expectation: Expected
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reason: the first thing that differs from what was expected."""

    verdict: Verdict
    reason: str = ""


class Result(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a run, and of its record: what became of one case in one mode on one engine.

    Attributes:
        suite, case, mode, engine: what was run where.
        verdict: what the judge says.
        reason: the first thing that is not as it must be.
        steps: as the engine counted them.
        ms: milliseconds that it took.
        completion, phase, kind, error, message, location: how the program ended, as the engine observed it.
        output: the head of what it printed.
        digest: of all that it printed; "" where that is nothing.
        vacuous: an engine that does nothing would pass too.
        first: how it ended at first, where it ended in another way when it was run again alone.
        tries: how often it ended how, where it was run more than once: verdict -> times.
    """

    suite: str
    case: str
    mode: str
    engine: str
    verdict: Verdict
    reason: str = ""
    phase: str = ""
    error: str = ""
    steps: int | None = None
    ms: float = msgspec.field(default_factory=float)  # written always
    vacuous: bool = False
    first: str = ""
    completion: str = ""
    kind: str = ""
    message: str = ""
    location: Location | None = None
    output: str = ""
    digest: str = ""
    tries: dict[str, int] = {}

    @property
    def wavers(self) -> bool:
        """Whether it ended in different ways."""
        return len(self.tries) > 1

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies the execution over runs: suite, case, mode, engine."""
        return (self.suite, self.case, self.mode, self.engine)


class CaseError(Exception):
    """A case is broken: its file cannot be used; the message says why, in one line."""


class MissingError(Exception):
    """A suite or an engine is not there; the message says how to get it."""


class UnknownNameError(MissingError):
    """No engine or suite has this name, on any machine."""


class Suite(Protocol):
    """A set of cases, and the programs that they are.

    `cases` raises `MissingError` when the suite's files are not there, `task` a `CaseError` when one of them is broken. A suite may
    have these attributes too: `volatile`, a compiled expression for what its programs print that differs from run to run (times,
    addresses, random numbers); `oracles`, names of engines that run with it where they are installed, since what it states is
    checked against them; `bundled`, true where it ships inside Lockstep; `notes`, sentences about its files; `sources`, names of the
    public sources that it reads; `places`, the files and folders of a project that it reads.
    """

    @property
    def name(self) -> str:
        """The suite's name."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that its cases are written in."""

    @property
    def revision(self) -> str:
        """The revision of the suite's files."""

    def cases(self) -> list[Case]:
        """Every case, in a stable order."""

    def task(self, case: Case, mode: str) -> Task:
        """The program of `case` in `mode`, with what to expect."""

    def source_path(self, case: Case) -> Path | None:
        """The file of the case, if it has one."""
