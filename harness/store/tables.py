"""The tables of the store, once for SQLite and PostgreSQL.

A verdict stands once, with the run that first gave it; what a later run says again takes no room. Whole results stand in records, which
are compressed by suite and engine.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

# In PostgreSQL all of them stand in this schema, beside whatever else a team keeps there.
SCHEMA = "lockstep"
METADATA = MetaData()

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("started", Text, nullable=False),
    Column("finished", Text),
    Column("selection", Text, nullable=False),
    Column("workers", Integer, nullable=False),
    Index("runs_started", "started"),
)

TALLIES = Table(
    "tallies",
    METADATA,
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("suite", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("counts", Text, nullable=False),
    PrimaryKeyConstraint("run", "suite", "engine"),
    Index("tallies_pair", "suite", "engine", "run"),
    sqlite_with_rowid=False,
)

# The last verdict of each execution.
EXECUTIONS = Table(
    "executions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("suite", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    UniqueConstraint("suite", "case_id", "mode", "engine"),
    Index("executions_pair", "suite", "engine"),
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("execution", Integer, ForeignKey("executions.id"), nullable=False),
    Column("before", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("run", "execution"),
    Index("changes_execution", "execution"),
    sqlite_with_rowid=False,
)

# The time of an execution, where it is long.
SLOW = Table(
    "slow",
    METADATA,
    Column("execution", Integer, ForeignKey("executions.id"), primary_key=True, autoincrement=False),
    Column("ms", Double, nullable=False),
)

# What engines observed, to be used again; `kept` is the day.
OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("kept", Text, nullable=False, server_default=""),
    Index("outcomes_kept", "kept"),
    sqlite_with_rowid=False,
)

# The header and end of a record, by the number of its run.
RECORDS = Table(
    "records",
    METADATA,
    Column("run", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("header", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("finished", Text, nullable=False),
)

# The results of a record on one suite and engine; `form` says how `body` is packed.
PARTS = Table(
    "record_parts",
    METADATA,
    Column("run", Integer, ForeignKey("records.run"), nullable=False),
    Column("suite", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("counts", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("form", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("run", "suite", "engine"),
    Index("record_parts_pair", "suite", "engine", "run"),
)
