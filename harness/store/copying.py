"""All of one store into another: from the files of a machine to the database of a team, and back."""

from __future__ import annotations

import sqlalchemy as sa

from lockstep.harness.store.database import Database
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.tables import METADATA, PARTS, SCHEMA

# Rows that are held at a time; a part of a record may have a MiB.
_BATCH = 2000
_BATCH_OF_PARTS = 16


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy every table that has something, all or nothing; table -> rows. Numbers stay what they are.

    Raises:
        StoreError: the target has something in one of these tables, or one of the two cannot be used.
    """

    def work(connection: sa.Connection) -> dict[str, int]:
        copied = {}
        with source.read() as reading:
            for table in METADATA.sorted_tables:
                if reading.execute(sa.select(table).limit(1)).first() is None:
                    continue
                if connection.execute(sa.select(table).limit(1)).first() is not None:
                    raise StoreError(
                        f"{target.name}: has {table.name} already; a store is copied into an empty one"
                    )
                copied[table.name] = _copy_table(table, reading, target, connection)
        if target.dialect == "postgresql":
            _number_on(connection)
        return copied

    return target.write(work, ("copy",))


def _copy_table(table: sa.Table, source: sa.Connection, database: Database, target: sa.Connection) -> int:
    size = _BATCH_OF_PARTS if table is PARTS else _BATCH
    rows = source.execution_options(yield_per=size).execute(sa.select(table).order_by(*table.primary_key))
    number = 0
    for batch in rows.mappings().partitions():
        database.insert(target, table, [dict(row) for row in batch])
        number += len(batch)
    return number


def _number_on(connection: sa.Connection) -> None:
    """Let the numbers that PostgreSQL gives go on behind those that were copied."""
    for table in METADATA.sorted_tables:
        (key, *others) = table.primary_key
        if key.name == "id" and not others:
            sequence = sa.func.pg_get_serial_sequence(f"{SCHEMA}.{table.name}", key.name)
            highest = sa.select(sa.func.max(key)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1))))
