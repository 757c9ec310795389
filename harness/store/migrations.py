"""The versions of the store, and how an older one becomes the next; each step is a transaction that nobody else writes beside.

A list of our own and not Alembic's: that takes 0.1 s to import and a folder of scripts, for what is one function a version here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from lockstep.harness.store.tables import METADATA, PARTS, SCHEMA

# Of the tables in tables.py. A new one needs a step below, written in its own statements: tables.py goes on.
VERSION = 2
_VERSIONS = sa.Table("version", sa.MetaData(), sa.Column("number", sa.Integer, nullable=False))

Step = Callable[[Connection], None]


def version_of(connection: Connection) -> int:
    """The version of the tables that are there; 0 where there are none."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("pragma user_version").scalar_one())
    if not sa.inspect(connection).has_table("version", schema=SCHEMA):
        return 0
    return int(connection.execute(sa.select(_VERSIONS.c.number)).scalar_one())


def migrate(connection: Connection, steps: Mapping[int, Step] | None = None, version: int = VERSION) -> None:
    """Make the tables, or bring them to `version`, inside a transaction that alone writes."""
    found = version_of(connection)
    if found == 0:
        _create(connection)
    for number in range(max(found, VERSION if found == 0 else 0) + 1, version + 1):
        (steps or _STEPS)[number](connection)
    if found != version:
        _note(connection, version)


def _create(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Who may not make schemas may have been given one.
        if SCHEMA not in sa.inspect(connection).get_schema_names():
            connection.execute(sa.schema.CreateSchema(SCHEMA))
        _VERSIONS.create(connection)
        connection.execute(sa.insert(_VERSIONS), {"number": VERSION})
    METADATA.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        # It is compressed already: PostgreSQL need not try.
        connection.exec_driver_sql(
            f"alter table {SCHEMA}.{PARTS.name} alter column body set storage external"
        )


def _note(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"pragma user_version = {version:d}")
    else:
        connection.execute(sa.update(_VERSIONS), {"number": version})


def _second(connection: Connection) -> None:
    """Version 1 was SQLite only: the history in one file, outcomes in another. Now either may hold all."""
    names = sa.inspect(connection).get_table_names()
    if "outcomes" in names:
        connection.exec_driver_sql("alter table outcomes add column kept text not null default ''")
        connection.exec_driver_sql("update outcomes set kept = date('now')")
    METADATA.create_all(connection)
    for table in METADATA.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


_STEPS: Mapping[int, Step] = {2: _second}
