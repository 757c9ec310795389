"""The database of a store, SQLite or PostgreSQL: opened with its tables, written in whole transactions, errors that name it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from lockstep.harness.extras import how_to_install
from lockstep.harness.store.migrations import VERSION, Step, migrate, version_of
from lockstep.harness.store.place import StoreError, shown, sqlite_path
from lockstep.harness.store.tables import SCHEMA

T = TypeVar("T")

# Seconds to wait for other runs that write at the same moment, and after how many to say so.
_PATIENCE = {"sqlite": 30.0, "postgresql": 300.0}
_SILENCE = 1.0
# Failures of a transaction that may go well the next time: serialisation, deadlock, a row that another run made first.
_PASSING = frozenset({"40001", "40P01", "23505"})
_TRIES = 5
_MANY = 200
_CONNECTING: Mapping[str, object] = {
    "connect_timeout": 10,
    "application_name": "lockstep",
    # A server that is gone is noticed within about a minute.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
# What a database says, and what to do about it; the first that fits.
_ADVICE = (
    ("disk is full", "nothing of this was added; make room on the disk"),
    ("No space left", "nothing of this was added; make room on the disk"),
    ("disk I/O error", "nothing of this was added; is the disk full or broken?"),
    ("read-only transaction", "it may only be read"),
    ("readonly database", "it may only be read"),
    ("permission denied", "the user needs that right"),
    ("is not a database", "move the file away to begin a new one"),
    ("malformed", "move the file away to begin a new one"),
    ("no password supplied", "a password file (~/.pgpass) or PGPASSWORD gives one"),
    ("password authentication failed", ""),
    ("connection failed", "is it the right address?"),
    ("resolve host", "is it the right address?"),
    ("database is locked", "another uses it; try again"),
    ("no equivalent in encoding", "the database has to be made with the encoding UTF8"),
    ("does not exist", "it has to be made first (createdb, createuser)"),
)


class Database:
    """A database that is open: made with its tables if it is new, brought to this version if it is SQLite and older.

    Attributes:
        name: what messages call it: its path, or its address without a password.
        engine: of SQLAlchemy.

    Raises:
        StoreError: it cannot be opened, is no database, or has the tables of another version.
    """

    def __init__(
        self, place: str | Path, say: Callable[[str], None] = lambda _: None, *, migrating: bool = False
    ) -> None:
        path = sqlite_path(str(place))
        self.name = shown(str(place)) if path is None else str(path)
        self._say = say
        self._is_file = path is not None
        self._driver_error: type[Exception] = sqlite3.Error
        with self.explained():
            self.engine = self._server(str(place)) if path is None else self._file(path)
            try:
                self._prepare(migrating=migrating)
            except BaseException:
                self.close()
                raise

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection to read with.

        Raises:
            StoreError: it cannot be reached or read.
        """
        with self.explained(), self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[sa.Connection], T], names: Iterable[str] = ()) -> T:
        """Do `work` in one transaction, again where another run came between; what it returned.

        Nobody else who names one of `names` writes at the same time. While another does, this waits for it, and says so.

        Raises:
            StoreError: it cannot be written, or the other run does not come to an end.
        """
        keys = sorted({_lock_key(name) for name in names})
        with self.explained():
            for attempt in range(1, _TRIES + 1):
                try:
                    with (
                        self.engine.connect().execution_options(writes=True) as connection,
                        connection.begin(),
                    ):
                        self._lock(connection, keys)
                        return work(connection)
                except (DBAPIError, self._driver_error) as error:
                    if _state(error) not in _PASSING or attempt == _TRIES:
                        raise
                    time.sleep(0.05 * 2**attempt)
        raise AssertionError

    def migrate(self, steps: Mapping[int, Step] | None = None, version: int = VERSION) -> int:
        """Bring it to this version of Lockstep; the version that it had."""

        def work(connection: sa.Connection) -> int:
            found = version_of(connection)
            if found < version:
                migrate(connection, steps, version)
            return found

        return self.write(work, ("migrate",))

    def vacuum(self) -> None:
        """Give the room of what was deleted back to the disk; SQLite's file has it until then."""
        with self.explained():
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("vacuum")
            finally:
                connection.close()

    def insert(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]
    ) -> None:
        """Insert new rows, all with the same columns; many by PostgreSQL's COPY, which takes a fifth of the time."""
        if len(rows) < _MANY or self.dialect == "sqlite":
            if rows:
                connection.execute(sa.insert(table), rows)
            return
        names = list(rows[0])
        driver: Any = connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"copy {SCHEMA}.{table.name} ({', '.join(names)}) from stdin") as stream,
        ):
            for row in rows:
                stream.write_row([row[name] for name in names])

    def upsert(self, table: sa.Table, *keys: str) -> Any:
        """A statement that inserts rows, in place of those with the same `keys`."""
        # Both have the clause, each in a class of its own.
        insert: Any = (sqlite.insert if self.dialect == "sqlite" else postgresql.insert)(table)
        others = {
            column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys
        }
        return insert.on_conflict_do_update(index_elements=list(keys), set_=others)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the database, its driver and the system say into a `StoreError`."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.name}: {self._problem(error)}") from None
        except self._driver_error as error:
            raise StoreError(f"{self.name}: {self._problem(error)}") from None
        except ModuleNotFoundError as error:
            raise StoreError(f"{self.name}: needs {error.name}: {how_to_install('store')}") from None

    def _problem(self, error: Exception) -> str:
        """One line of what went wrong, and what to do; no statement and no address."""
        origin = getattr(error, "orig", None) or error
        lines = [line.strip() for line in str(origin).splitlines() if line.strip()]
        said = lines[0] if lines else type(origin).__name__
        for word in ("FATAL:", "ERROR:"):
            said = said.rpartition(word)[2].strip()
        other = "move the file away to begin a new one" if self._is_file else ""
        advice = next((advice for words, advice in _ADVICE if words in said), other)
        return f"{said}; {advice}" if advice else said

    def _file(self, path: Path) -> sa.Engine:
        if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            # Beside such a file SQLite cannot make its own; without a log there is nothing else to read.
            still = {} if Path(f"{path}-wal").exists() else {"immutable": "1"}
            url = sa.URL.create(
                "sqlite",
                database=f"file:{quote(str(path.absolute()))}",
                query={"mode": "ro", "uri": "true", **still},
            )
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            url = sa.URL.create("sqlite", database=str(path))
        engine = sa.create_engine(
            url, connect_args={"timeout": _PATIENCE["sqlite"], "check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", self._begin)
        return engine

    def _server(self, place: str) -> sa.Engine:
        try:
            url = sa.make_url(place)
        except (SQLAlchemyError, ValueError):
            raise StoreError(f"{self.name}: no address: postgresql://USER@HOST:PORT/NAME is one") from None
        if "@" in (url.host or ""):
            raise StoreError(f"{self.name}: an @ in a password is written %40, a : %3A, a / %2F")
        import psycopg  # not everyone has it

        self._driver_error = psycopg.Error
        settings = {name: value for name, value in _CONNECTING.items() if name not in url.query}
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=settings,
            pool_size=2,
            pool_pre_ping=True,
            hide_parameters=True,
            execution_options={"schema_translate_map": {None: SCHEMA}},
        )

    def _prepare(self, *, migrating: bool) -> None:
        with self.engine.connect() as connection:
            found = version_of(connection)
        # What a team shares is brought to a new version when somebody says so: others may not have that version yet.
        if found == 0 or (found < VERSION and (self._is_file or migrating)):
            self.migrate()
        elif found < VERSION:
            raise StoreError(
                f"{self.name}: its tables are of version {found}, this Lockstep writes {VERSION}: "
                "`lockstep store migrate` brings it there, and older ones cannot use it then"
            )
        elif found > VERSION:
            raise StoreError(
                f"{self.name}: written by a newer version of Lockstep ({found}, this one writes {VERSION}): update Lockstep"
            )

    def _begin(self, connection: sa.Connection) -> None:
        """Begin a transaction of SQLite; one that writes waits for another that does, and says so."""
        if not connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("begin")
            return
        connection.exec_driver_sql(f"pragma busy_timeout = {int(_SILENCE * 1000)}")
        patience = _PATIENCE["sqlite"]
        until = time.monotonic() + patience
        told = False
        while True:
            try:
                connection.exec_driver_sql("begin immediate")
            except DBAPIError as error:
                if "locked" not in str(error.orig):
                    raise
                if time.monotonic() > until:
                    raise self._busy(patience) from None
                if not told:
                    self._tell(patience)
                told = True
            else:
                return

    def _lock(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Hold what others hold who write the same; in one order, so that no two wait for each other."""
        if self.dialect == "sqlite":
            return  # one at a time writes the file
        patience = _PATIENCE["postgresql"]
        told = False
        for key in keys:
            until = time.monotonic() + _SILENCE
            while not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(key))):
                if time.monotonic() < until:
                    time.sleep(0.02)
                    continue
                if not told:
                    self._tell(patience)
                told = True
                connection.exec_driver_sql(f"set local lock_timeout = '{int(patience)}s'")
                try:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
                except DBAPIError as error:
                    if _state(error) == "55P03":
                        raise self._busy(patience) from None
                    raise
                break

    def _tell(self, patience: float) -> None:
        self._say(f"{self.name}: another run is writing it; waiting up to {patience:.0f} s")

    def _busy(self, patience: float) -> StoreError:
        return StoreError(f"{self.name}: another run has been writing it for {patience:.0f} s")


class Lookup:
    """One statement on a connection of its own, made once and run by the driver itself: where microseconds count."""

    def __init__(self, database: Database, statement: sa.Select[object]) -> None:
        self._database = database
        compiled: Any = statement.compile(
            dialect=database.engine.dialect,
            schema_translate_map=database.engine.get_execution_options().get("schema_translate_map"),
            render_schema_translate=database.dialect == "postgresql",
        )
        self._text = str(compiled)
        self._names: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        with database.explained():
            self._raw = database.engine.raw_connection()
            driver: Any = self._raw.driver_connection
            if database.dialect == "postgresql":
                driver.autocommit = True
            self._execute = driver.execute

    def first(self, **values: object) -> Any:
        """The first row, as the driver gives it; None where there is none.

        Raises:
            StoreError: the database is gone.
        """
        given = values if self._names is None else [values[name] for name in self._names]
        with self._database.explained():
            return self._execute(self._text, given).fetchone()

    def close(self) -> None:
        """End its connection."""
        with self._database.explained():
            if self._raw.is_valid:
                self._raw.invalidate()


def _state(error: Exception) -> str | None:
    """The five characters by which PostgreSQL names an error."""
    state: str | None = getattr(getattr(error, "orig", error), "sqlstate", None)
    return state


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions are begun by us: the driver would begin them without saying that they write.
    connection.isolation_level = None
    connection.execute("pragma synchronous = normal")
    try:
        connection.execute("pragma journal_mode = wal")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise


def _lock_key(name: str) -> int:
    """A number of 64 bits, as PostgreSQL's advisory locks have it."""
    digest = hashlib.sha256(f"lockstep {name}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
