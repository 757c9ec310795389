"""The records of runs, whole: a row for a run, and its results compressed by suite and engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from lockstep.harness.messages import EngineRow, RecordHeader
from lockstep.harness.model import Result
from lockstep.harness.records.record import Run, now
from lockstep.harness.store.database import Database
from lockstep.harness.store.history import add_run
from lockstep.harness.store.packing import FORM, packed, unpacked
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.tables import PARTS, RECORDS, RUNS


@dataclass(frozen=True)
class StoredRun:
    """What a stored record holds of a suite on an engine.

    Attributes:
        number: of the run, in the history too.
        started, finished: when, in UTC; None where it was interrupted.
        suite, revision: what was run.
        engine, language, version, hash: on what.
        whole: all cases of the suite, to the end.
        counts: verdict -> executions.
        size: of the record of these, in bytes, as it is stored.
    """

    number: int
    started: str
    finished: str | None
    suite: str
    revision: str
    engine: str
    language: str
    version: str
    hash: str
    whole: bool
    counts: Mapping[str, int]
    size: int

    @property
    def total(self) -> int:
        """How many executions."""
        return sum(self.counts.values())


class Records:
    """The records in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: Run) -> int:
        """Store a record; the number that it gets.

        Raises:
            StoreError: it cannot be written.
        """
        record = PackedRecord.of(run)
        row = {
            "started": run.header.started,
            "finished": record.ended,
            "selection": "whole" if run.scope.whole else "partial",
            "workers": run.header.parts,
        }

        def work(connection: sa.Connection) -> int:
            number = add_run(connection, row)
            record.add(connection, number)
            return number

        return self._database.write(work)

    def runs(
        self, suite: str | None = None, engine: str | None = None, last: int | None = None
    ) -> list[StoredRun]:
        """What is stored, the newest run first: of one suite, of one engine, the last so many."""
        wanted = _wanted(suite, engine)
        query = _STORED.where(*wanted)
        if last is not None:
            newest = sa.select(PARTS.c.run).where(*wanted).distinct().order_by(PARTS.c.run.desc()).limit(last)
            query = query.where(PARTS.c.run.in_(newest))
        return self._stored(query)

    def latest(self, suite: str, engine: str, *, whole: bool = True) -> StoredRun | None:
        """The newest that is stored of a suite on an engine; of those that hold all of it, if it is to be `whole`."""
        query = _STORED.where(*_wanted(suite, engine), *([PARTS.c.whole] if whole else [])).limit(1)
        return next(iter(self._stored(query)), None)

    def latest_of_each(self, *, whole: bool = True) -> list[StoredRun]:
        """The newest that is stored of each suite on each engine, by suite and engine."""
        condition = [PARTS.c.whole] if whole else []
        newest = (
            sa.select(*PARTS.c["suite", "engine"], sa.func.max(PARTS.c.run).label("run"))
            .where(*condition)
            .group_by(PARTS.c.suite, PARTS.c.engine)
            .subquery()
        )
        query = _STORED.join(
            newest,
            sa.and_(
                *(PARTS.c[name] == newest.c[name] for name in ("suite", "engine", "run")),
            ),
        )
        return sorted(self._stored(query), key=lambda one: (one.suite, one.engine))

    def read(self, number: int, suite: str | None = None, engine: str | None = None) -> Run:
        """The record of a run; only its part of one suite, of one engine.

        Raises:
            StoreError: there is no such record, or a newer Lockstep packed it.
        """
        query = sa.select(PARTS).where(PARTS.c.run == number, *_wanted(suite, engine))
        with self._database.read() as connection:
            row = connection.execute(sa.select(RECORDS).where(RECORDS.c.run == number)).first()
            parts = connection.execute(query.order_by(PARTS.c.suite, PARTS.c.engine)).all()
        if row is None or (not parts and (suite is not None or engine is not None)):
            of = " on ".join(filter(None, (suite, engine)))
            raise StoreError(f"{self._database.name}: it holds no record {number}{f' of {of}' if of else ''}")
        run = Run(msgspec.json.decode(row.header, type=RecordHeader), complete=row.complete)
        run.finished = row.finished
        for part in parts:
            run.results |= {result.key: result for result in self._results(part)}
        if suite is not None or engine is not None:
            run.header = _narrowed(run, suite, engine)
        return run

    def _results(self, part: sa.Row[object]) -> list[Result]:
        if part.form != FORM:
            raise StoreError(
                f"{self._database.name}: record {part.run} is packed as {part.form}, by a newer version of Lockstep: update it"
            )
        try:
            return unpacked(part.body, part.suite, part.engine)
        except ValueError as error:
            raise StoreError(
                f"{self._database.name}: record {part.run} of {part.suite} on {part.engine} is damaged: {error}"
            ) from error

    def _stored(self, query: sa.Select[object]) -> list[StoredRun]:
        with self._database.read() as connection:
            return [
                StoredRun(
                    number=row.run,
                    started=row.started,
                    finished=row.finished or None,
                    suite=row.suite,
                    revision=row.revision,
                    engine=row.engine,
                    language=row.language,
                    version=row.version,
                    hash=row.hash,
                    whole=row.whole,
                    counts=json.loads(row.counts),
                    size=row.size,
                )
                for row in connection.execute(query)
            ]


_STORED = (
    sa.select(
        *(column for column in PARTS.columns if column.name not in ("form", "body")),
        RUNS.c.started,
        RECORDS.c.finished,
    )
    .join_from(PARTS, RECORDS)
    .join(RUNS, RUNS.c.id == RECORDS.c.run)
    .order_by(PARTS.c.run.desc(), PARTS.c.suite, PARTS.c.engine)
)


def _wanted(suite: str | None, engine: str | None) -> list[sa.ColumnElement[bool]]:
    return [
        *([PARTS.c.suite == suite] if suite is not None else []),
        *([PARTS.c.engine == engine] if engine is not None else []),
    ]


def _narrowed(run: Run, suite: str | None, engine: str | None) -> RecordHeader:
    """The header of a run of which only a part was read."""
    header = run.header
    revision = {name: one for name, one in header.revision.items() if suite in (None, name)}
    asked = tuple(name for name in header.asked if engine in (None, name))
    planned = header.planned
    if planned is not None:
        # Of a run that lacks something nobody knows which part does.
        planned = len(run.results) + (0 if run.complete else 1)
    return msgspec.structs.replace(
        header,
        suite=",".join(revision),
        revision=revision,
        engines=tuple(row for row in header.engines if engine in (None, row.name)),
        asked=asked,
        planned=planned,
    )


@dataclass(frozen=True)
class PackedRecord:
    """A record that is ready to be stored: what takes time is done before anything is locked."""

    header: str
    complete: bool
    ended: str | None
    parts: list[dict[str, Any]]

    @classmethod
    def of(cls, run: Run) -> PackedRecord:
        """Pack a run."""
        ended = (run.finished or now()) if run.complete else None
        engines = {row.name: row for row in run.header.engines}
        groups: dict[tuple[str, str], list[Result]] = {}
        for result in run.results.values():
            groups.setdefault((result.suite, result.engine), []).append(result)
        whole = run.scope.whole
        parts = []
        for (suite, engine), results in sorted(groups.items()):
            row = engines.get(engine, EngineRow(engine))
            body = packed(results)
            parts.append(
                {
                    "suite": suite,
                    "engine": engine,
                    "revision": run.header.revision.get(suite, ""),
                    "language": row.language,
                    "version": row.version,
                    "hash": row.hash,
                    "whole": whole,
                    "counts": json.dumps(Counter(str(result.verdict) for result in results)),
                    "size": len(body),
                    "form": FORM,
                    "body": body,
                }
            )
        return cls(msgspec.json.encode(run.header).decode(), run.complete, ended, parts)

    def add(self, connection: sa.Connection, number: int) -> None:
        """Store it as the record of a run that has a row."""
        connection.execute(
            sa.insert(RECORDS),
            {
                "run": number,
                "header": self.header,
                "complete": self.complete,
                "finished": self.ended or "",
            },
        )
        if self.parts:
            connection.execute(sa.insert(PARTS), [{"run": number, **part} for part in self.parts])
