"""Every message and row that Lockstep writes or reads, typed; `harness/schemas/` holds their JSON Schemas.

The worker protocol is described in docs/protocol.md, records in docs/record.md. The row of an execution is `model.Result`.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

RECORD_FORMAT: Final = 1


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
