"""What of a store may go: old records and outcomes. What runs counted and which verdicts they changed stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lockstep.harness.store.database import Database
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.tables import OUTCOMES, PARTS, RECORDS, RUNS, TALLIES

# Rows that one statement deletes.
_BATCH = 500


@dataclass(frozen=True)
class Pruned:
    """What was taken out of a store, or would be.

    Attributes:
        records: results of a suite on an engine.
        size: bytes of these.
        outcomes: kept outcomes.
    """

    records: int = 0
    size: int = 0
    outcomes: int = 0


def prune(
    database: Database, keep: int | None = None, days: int | None = None, *, dry_run: bool = False
) -> Pruned:
    """Take out old records and outcomes. The newest record of a suite on an engine, and the newest that is whole, stays.

    Args:
        database: of the store.
        keep: records beyond the last so many of a suite on an engine go.
        days: records and outcomes that are older go; with `keep` too, only records that are beyond that as well.
        dry_run: only count them.

    Raises:
        StoreError: the store cannot be written.
    """

    def work(connection: sa.Connection) -> Pruned:
        parts = _old_parts(connection, keep, days)
        old = [] if days is None else [OUTCOMES.c.kept < _before(days).date().isoformat()]
        outcomes = (
            connection.scalar(sa.select(sa.func.count()).select_from(OUTCOMES).where(*old)) if old else 0
        )
        if not dry_run:
            _take_out(connection, parts)
            if old:
                connection.execute(sa.delete(OUTCOMES).where(*old))
        return Pruned(len(parts), sum(part.size for part in parts), outcomes or 0)

    if dry_run:
        with database.read() as connection:
            return work(connection)
    found = database.write(work, ("prune",))
    if database.dialect == "sqlite" and (found.records or found.outcomes):
        with suppress(StoreError):  # while another uses the file its room stays in it, and is used again
            database.vacuum()
    return found


def _before(days: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


def _old_parts(connection: sa.Connection, keep: int | None, days: int | None) -> list[Any]:
    """The records of a suite on an engine that may go, with their run, suite, engine, size."""
    query = (
        sa.select(PARTS.c.run, PARTS.c.suite, PARTS.c.engine, PARTS.c.size, PARTS.c.whole, RUNS.c.started)
        .join_from(PARTS, RUNS, PARTS.c.run == RUNS.c.id)
        .order_by(PARTS.c.suite, PARTS.c.engine, PARTS.c.run.desc())
    )
    limit = "" if days is None else _before(days).isoformat(timespec="seconds")
    found = []
    place = 0
    pair: tuple[str, str] | None = None
    has_whole = False
    for part in connection.execute(query):
        if pair != (part.suite, part.engine):
            pair = (part.suite, part.engine)
            place, has_whole = 0, False
        place += 1
        is_first_whole = part.whole and not has_whole
        has_whole = has_whole or part.whole
        beyond = keep is None or place > keep
        old = days is None or part.started < limit
        if place > 1 and not is_first_whole and beyond and old:
            found.append(part)
    return found


def _take_out(connection: sa.Connection, parts: Sequence[Any]) -> None:
    chosen = sa.delete(PARTS).where(
        *(PARTS.c[name] == sa.bindparam(f"of_{name}") for name in ("run", "suite", "engine"))
    )
    rows = [{"of_run": part.run, "of_suite": part.suite, "of_engine": part.engine} for part in parts]
    for start in range(0, len(rows), _BATCH):
        connection.execute(chosen, rows[start : start + _BATCH])
    emptied = sorted({part.run for part in parts})
    for start in range(0, len(emptied), _BATCH):
        runs = emptied[start : start + _BATCH]
        connection.execute(
            sa.delete(RECORDS).where(RECORDS.c.run.in_(runs), RECORDS.c.run.not_in(sa.select(PARTS.c.run)))
        )
        connection.execute(
            sa.delete(RUNS).where(
                RUNS.c.id.in_(runs),
                RUNS.c.id.not_in(sa.select(RECORDS.c.run)),
                RUNS.c.id.not_in(sa.select(TALLIES.c.run)),
            )
        )
