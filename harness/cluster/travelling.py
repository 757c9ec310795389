"""What travels between a run and the workers of its cluster: the order of the run, batches of cases, and answers.

An order travels pickled, once a worker, after both sides have found that they run the same Lockstep; batches and answers
are MessagePack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Override
from lockstep.harness.model import Outcome, Result
from lockstep.harness.project.tables import ProjectTable


class Parcel(msgspec.Struct, frozen=True):
    """Content that a worker needs: it is known by its digest, fetched once, and verified.

    Attributes:
        kind: an archive of a suite, the folders of a project, or the program of an engine.
        name: of the file: of the archive, or of the program.
        digest: SHA-256 of the content, in hexadecimal digits.
        size: in bytes.
    """

    kind: Kind
    name: str
    digest: str
    size: int


Kind = Literal["suite", "project", "engine"]


@dataclass(frozen=True)
class EngineOrder:
    """An engine, as a worker finds it.

    Attributes:
        spec: the engine; its command is taken as it is unless `named`.
        named: the worker finds the command by the engine's name, since it is part of Lockstep.
        host: the Python that one of our engines runs under.
        uploads: words of the command that are files, which travel with the run: word -> parcel.
    """

    spec: EngineSpec
    named: bool
    host: str | None = None
    uploads: tuple[tuple[str, Parcel], ...] = ()


@dataclass(frozen=True)
class Order:
    """All that a worker has to know of a run before its first batch.

    Attributes:
        run: a name that no other run has.
        suites: their names.
        engines: what runs them.
        project: the tables of the project file; None where there is none.
        parcels: what has to be there.
        override: limits in place of the suites' own.
        memory: MiB that a guest may hold.
        start_seconds: how long an engine may take to start.
    """

    run: str
    suites: tuple[str, ...]
    engines: tuple[EngineOrder, ...]
    project: ProjectTable | None
    parcels: tuple[Parcel, ...]
    override: Override
    memory: int
    start_seconds: float


def id_bytes(case: str) -> bytes:
    """The id of a case as it travels."""
    return case.encode("utf-8", "surrogatepass")


def id_text(case: bytes) -> str:
    """The id that `id_bytes` was given."""
    return case.decode("utf-8", "surrogatepass")


class BatchCase(msgspec.Struct, frozen=True, array_like=True):
    """A case of a batch: its place in the run, its id, its mode, and whether it may be run again alone.

    The id is that of a file, whose name may be no text: it travels as bytes (`id_bytes`, `id_text`).
    """

    position: int
    case: bytes
    mode: str
    retry: bool = True


class Batch(msgspec.Struct, frozen=True):
    """Cases of one suite for one engine.

    Attributes:
        run: the run that it is of.
        suite: the suite's name.
        engine: the place of the engine in the order.
        cases: what to run, in this order.
        fresh: each in a process of its own.
        keep: outcomes are wanted, beside the results.
    """

    run: str
    suite: str
    engine: int
    cases: tuple[BatchCase, ...]
    fresh: bool = False
    keep: bool = False


class Row(msgspec.Struct, frozen=True):
    """One observation of a worker.

    Attributes:
        position: of the execution in the run.
        result: the line for the record.
        final, part: as in `execution.Observation`.
        outcome: what the engine did, where it was asked for.
    """

    position: int
    result: Result
    final: bool = True
    part: bool = False
    outcome: Outcome | None = None


class Answer(msgspec.Struct, frozen=True):
    """What became of a batch.

    Attributes:
        rows: in the order in which they were observed; what the engine did not get to is missing.
        seconds: that it took.
        problem: why the engine cannot be had on this worker; "" if it can.
        trouble: why the worker can run nothing at all; "" if it can.
        unknown: it has not got the order.
    """

    rows: tuple[Row, ...] = ()
    seconds: float = 0.0
    problem: str = ""
    trouble: str = ""
    unknown: bool = False


class Readiness(msgspec.Struct, frozen=True):
    """The answer of a worker to an order.

    Attributes:
        missing: digests of the parcels that it has not got.
        refusal: why it cannot take part; "" if it can.
    """

    missing: tuple[str, ...] = ()
    refusal: str = ""


class Introduction(msgspec.Struct, frozen=True):
    """Who an engine says it is on a worker, with the hash of its files there; or why it cannot be had."""

    language: str = ""
    implementation: str = ""
    host: str = ""
    fingerprint: str = ""
    problem: str = ""
