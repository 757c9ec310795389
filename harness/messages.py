"""Every message and row that Lockstep writes or reads, typed; `harness/schemas/` holds their JSON Schemas.

The worker protocol is described in docs/protocol.md, records in docs/record.md. The row of an execution is `model.Result`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

PROTOCOL_VERSION: Final = 1
RECORD_FORMAT: Final = 1


class Message(msgspec.Struct, frozen=True, tag_field="type"):
    """A message of the worker protocol; fields that a reader does not know say nothing to it."""


class StartMessage(Message, frozen=True, tag="start"):
    """The first request: who are you?

    Attributes:
        version: of the protocol.
    """

    version: int = PROTOCOL_VERSION


class ReadyMessage(Message, frozen=True, tag="ready"):
    """The answer to `start`.

    Attributes:
        version: of the protocol.
        language: what the engine speaks.
        engine: its name; for people.
        implementation: its name and version.
        host: what it runs on, with its version.
        fingerprint: any text that changes when the engine changes.
    """

    version: int
    language: str
    engine: str | None = None
    implementation: str | None = None
    host: str | None = None
    fingerprint: str | None = None


class LimitsRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Limits of one program; what is missing is unlimited (docs/protocol.md).

    Attributes:
        steps: function entries and loop turns.
        seconds: of wall time.
        memory: MiB that its values may hold.
        output: characters that it may write.
        depth: nested calls.
        space: MiB that the process's address space may grow by.
        stress: garbage is collected at every so many steps.
    """

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    output: int | None = None
    depth: int | None = None
    space: int | None = None
    stress: int | None = None


class RunMessage(Message, frozen=True, tag="run"):
    """A program to run in a fresh state.

    Attributes:
        id: the number that its outcome bears.
        source: its text.
        name: its file's name for people.
        mode: what the language distinguishes.
        includes: pairs of name and text, run before it.
        path: its real file.
        roots: folders of libraries.
        arguments: its own.
        folder: to run in.
        limits: steps, time, memory and so on.
    """

    id: int
    source: str
    name: str
    mode: str = ""
    includes: tuple[tuple[str, str], ...] = ()
    path: str | None = None
    roots: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: str | None = None
    limits: LimitsRow = LimitsRow()


class LocationRow(msgspec.Struct, frozen=True):
    """A place in guest source, counted from 1; column 0 where none is known.

    Attributes:
        file: as the engine names it.
        line: from 1.
        column: from 1; 0 where it is not known.
    """

    file: str
    line: int
    column: int | None = 0


class ErrorRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error of a guest.

    Attributes:
        phase: `parse`, `analysis`, `macroexpand` or `eval`.
        kind: one of the kinds in `reference/host/errors.py`; empty where the engine has no such axis.
        error: the guest's name of the error, such as `TypeError`.
        message: its message.
        location: where it was thrown.
        traceback: lines, innermost first.
        completion: `threw`; engines may leave it out.
    """

    phase: str | None = None
    kind: str | None = None
    error: str | None = None
    message: str | None = None
    location: LocationRow | None = None
    traceback: tuple[str, ...] | None = None
    completion: str | None = None


class OutcomeMessage(Message, frozen=True, tag="outcome", omit_defaults=True):
    """The answer to `run`: how the program ended, and what it wrote.

    Attributes:
        id: the number of the request.
        completion: how it ended.
        phase: of a throw: `parse`, `analysis` (JavaScript's modules: resolution), `macroexpand` or `eval`.
        kind: of a throw: one of the kinds in `reference/host/errors.py`; empty where the engine has no such axis.
        error: of a throw: the guest's name of the error, such as `TypeError`.
        message: the error's message, or why it timed out or is unsupported.
        location: where it threw.
        traceback: lines, innermost first.
        reason: of a timeout: `steps` (the same on every machine) or `time` (such a case is run again alone).
        unhandled: of a completion: an error that nobody waited for (a rejected promise without a handler).
        output: what the program wrote.
        value: its result as the language prints it, where it has one.
        steps: that it took; null if they are not counted.
        ms: milliseconds of the run, without start-up.
        exit_status: how the program's process exited, where each program has one of its own.
        standard_error: what it wrote there, likewise.
    """

    id: int
    completion: Literal["completed", "threw", "timeout", "oom", "unsupported"]
    phase: str | None = None
    kind: str | None = None
    error: str | None = None
    message: str | None = None
    location: LocationRow | None = None
    traceback: tuple[str, ...] | None = None
    reason: str | None = None
    unhandled: ErrorRow | None = None
    output: str | None = None
    value: str | None = None
    steps: int | None = None
    ms: float | None = None
    exit_status: int | None = None
    standard_error: str | None = None


class InventoryRequest(Message, frozen=True, tag="inventory"):
    """What does the language define?

    Attributes:
        id: the number that its answer bears.
    """

    id: int = 0


class InventoryMessage(Message, frozen=True, tag="inventory"):
    """The answer to `inventory`.

    Attributes:
        id: the number of the request.
        names: namespace -> name -> how it is defined; empty where the engine cannot say.
    """

    id: int = 0
    names: dict[str, dict[str, Any]] = {}


class StopMessage(Message, frozen=True, tag="stop"):
    """The last request; it has no answer."""


Request = StartMessage | RunMessage | InventoryRequest | StopMessage
Answer = ReadyMessage | OutcomeMessage | InventoryMessage


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is written without its empty fields; fields that a reader does not know say nothing to it."""


class EngineRow(Row, frozen=True):
    """Who took part in a run.

    Attributes:
        name: what tables call it.
        language: what it speaks.
        version: its implementation, as it says itself.
        host: what it runs on.
        hash: changes when the engine changes.
    """

    name: str
    language: str = ""
    version: str = ""
    host: str = ""
    hash: str = ""


class SelectionRow(Row, frozen=True):
    """Which cases a run was to hold; empty for all.

    Attributes:
        filter, exclude: globs over case ids.
        feature, flags: names that a case carries.
        shard: part K of N.
        sample: one case in so many.
        rerun: what of an earlier run was to be run again.
    """

    filter: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    feature: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    shard: tuple[int, int] | None = None
    sample: int = 1
    rerun: str = ""


class RecordHeader(Row, frozen=True):
    """The first line of a record.

    Attributes:
        lockstep: the form of the record.
        suite: the names of the suites, joined by commas.
        revision: suite -> revision.
        engines: those that have something to run.
        started: when the run began, in UTC.
        selection: whether some cases were left out; "" where a record does not say so, which is then of all.
        options: the options that say which; for people.
        chosen: the same, for programs.
        planned: executions that follow in a whole record; None where nobody knows.
        asked: every engine of the run, also those that have nothing to run in it.
        parts: how many records it was joined of.
    """

    lockstep: Literal[1]
    suite: str
    revision: dict[str, str]
    engines: tuple[EngineRow, ...]
    started: str
    selection: Literal["whole", "partial", ""] = ""
    options: str = ""
    chosen: SelectionRow = SelectionRow()
    planned: int | None = None
    asked: tuple[str, ...] = ()
    parts: int = 1


class RecordFooter(Row, frozen=True):
    """The last line of a record that is whole.

    Attributes:
        finished: when the run ended, in UTC.
        counts: engine -> verdict -> executions.
    """

    finished: str
    counts: dict[str, dict[str, int]] = {}


class GroupRow(Row, frozen=True):
    """What is done of a feature or folder.

    Attributes:
        status: how far it is.
        counts: engine -> passes/total.
        note: added by hand.
    """

    status: Literal["todo", "wip", "partial", "done", "skip"]
    counts: dict[str, str]
    note: str = ""


class StatusFile(Row, frozen=True):
    """A status file (docs/status.md).

    Attributes:
        lockstep: the form of the file.
        suite: the suite's name.
        revision: of the last run.
        note: added by hand.
        engines: engine -> who it was at its last run.
        counts: engine -> verdict, or `total` -> executions.
        features, folders: how far each is.
        known: engine -> case -> what it does instead of passing, or mode -> that.
        flaky: engine -> case -> mode -> verdict -> how often it ended so.
        floor: engine -> `passes` of an engine that does nothing, and in how many `executions`.
        points: engine -> case -> the names of its points, of suites whose cases have any.
    """

    lockstep: Literal[2]
    suite: str
    revision: str
    note: str = ""
    engines: dict[str, dict[str, str]] = {}
    counts: dict[str, dict[str, int]] = {}
    features: dict[str, GroupRow] = {}
    folders: dict[str, GroupRow] = {}
    known: dict[str, dict[str, str | dict[str, str]]] = {}
    flaky: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    floor: dict[str, dict[str, int]] = {}
    points: dict[str, dict[str, tuple[str, ...]]] = {}
