"""How much a store holds: rows and bytes, table by table."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from lockstep.harness.store.database import Database
from lockstep.harness.store.migrations import version_of
from lockstep.harness.store.tables import METADATA, SCHEMA


@dataclass(frozen=True)
class Size:
    """Of a table: its rows, the bytes of these and of its indices; None where the database does not say."""

    rows: int
    table: int | None
    indices: int | None


@dataclass(frozen=True)
class Measured:
    """Of a database: its name, what it is, the version of its tables, all of its bytes, and its tables."""

    name: str
    kind: str
    version: int
    size: int
    tables: dict[str, Size]


def measure(database: Database) -> Measured:
    """Count and measure a database.

    Raises:
        StoreError: it cannot be read.
    """
    with database.read() as connection:
        is_file = database.dialect == "sqlite"
        bytes_of = _file_bytes(connection) if is_file else _server_bytes(connection)
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        tables = {}
        for table in METADATA.sorted_tables:
            rows = connection.scalar(sa.select(sa.func.count()).select_from(table))
            tables[table.name] = Size(rows or 0, *bytes_of.get(table.name, (None, None)))
        if is_file:
            pages = connection.exec_driver_sql("pragma page_count").scalar_one()
            size = pages * connection.exec_driver_sql("pragma page_size").scalar_one()
        else:
            size = sum((one.table or 0) + (one.indices or 0) for one in tables.values())
        return Measured(
            database.name,
            f"{'SQLite' if is_file else 'PostgreSQL'} {version}",
            version_of(connection),
            size,
            tables,
        )


def _file_bytes(connection: sa.Connection) -> dict[str, tuple[int, int]]:
    """Table -> bytes and bytes of its indices, where this SQLite was built to say it."""
    try:
        rows = connection.exec_driver_sql(
            "select m.tbl_name, m.type, sum(s.pgsize) from dbstat s join sqlite_master m on m.name = s.name "
            "group by m.tbl_name, m.type"
        ).all()
    except sa.exc.DatabaseError:
        return {}
    found: dict[str, tuple[int, int]] = {}
    for table, kind, size in rows:
        own, indices = found.get(table, (0, 0))
        found[table] = (own + size, indices) if kind == "table" else (own, indices + size)
    return found


def _server_bytes(connection: sa.Connection) -> dict[str, tuple[int, int]]:
    """Table -> bytes with what stands outside its rows, and bytes of its indices."""
    rows = connection.exec_driver_sql(
        "select relname, pg_table_size(c.oid), pg_indexes_size(c.oid) from pg_class c "
        "join pg_namespace n on n.oid = relnamespace where relkind = 'r' and nspname = %(schema)s",
        {"schema": SCHEMA},
    ).all()
    return {name: (table, indices) for name, table, indices in rows}
