"""SQLite files of our own: opened with their tables, versioned, and errors that name the file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Seconds to wait for another run that writes at the same moment, and after how many to say so.
_PATIENCE = 30.0
_SILENCE = 1.0


class StoreError(Exception):
    """A database cannot be used; the message names the file and says what to do."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of the database at `path` into a `StoreError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}; move the file away to begin a new one") from error


def open_database(path: Path, version: int, tables: Sequence[str]) -> sqlite3.Connection:
    """The database at `path`, made with its `tables` if it is new; several runs may use it at once.

    Raises:
        StoreError: the file cannot be opened, is no database, or has the tables of another version.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            (found,) = connection.execute("pragma user_version").fetchone()
            if found == 0:
                with connection:
                    connection.execute("begin immediate")
                    (found,) = connection.execute("pragma user_version").fetchone()
                    if found == 0:
                        for table in tables:
                            connection.execute(table)
                        connection.execute(f"pragma user_version = {version:d}")
        except BaseException:
            connection.close()
            raise
    if found not in (0, version):
        connection.close()
        raise StoreError(
            f"{path}: written by another version of Lockstep ({found}, this one writes {version}); "
            "move the file away to begin a new one"
        )
    return connection


def begin(connection: sqlite3.Connection, path: Path, say: Callable[[str], None]) -> None:
    """Begin to write; while another run does, wait for it, and `say` so.

    Raises:
        StoreError: it does not come to an end.
    """
    connection.execute(f"pragma busy_timeout = {int(_SILENCE * 1000)}")
    until = time.monotonic() + _PATIENCE
    told = False
    while True:
        try:
            connection.execute("begin immediate")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > until:
                raise StoreError(f"{path}: another run has been writing it for {_PATIENCE:.0f} s") from error
            if not told:
                say(f"{path}: another run is writing it; waiting up to {_PATIENCE:.0f} s")
            told = True
        else:
            return
