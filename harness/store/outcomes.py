"""Outcomes of earlier runs, to be used again where the same engine would get the same program and limits.

Kept is what an engine observed, not what the judge said of it: a case is judged anew each time.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Outcome
from lockstep.harness.store.database import StoreError, explained, open_database
from lockstep.reference.host.code_cache import cache_folder
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

_VERSION = 1
_TABLES = ("create table outcomes (key text primary key, outcome text not null) without rowid",)
# How a program ends by its own doing. Crashes and what the machine's load or memory decides are tried again.
_REPEATABLE = frozenset({"completed", "threw", "unsupported", "timeout"})
_FIND = "select outcome from outcomes where key = ?"
_KEEP = "insert or replace into outcomes values (?, ?)"
# Written together, so that a run does not wait for the disk after each case.
_BATCH = 500


def outcomes_path() -> Path:
    """The file of the kept outcomes, in the cache."""
    return cache_folder() / "outcomes.sqlite"


class Outcomes:
    """The outcomes kept in a file; a context manager, which writes what it was given.

    Attributes:
        used: how many outcomes were found.
        problem: why the file became unusable while the run went on; "" if it did not.

    Raises:
        StoreError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_database(path, _VERSION, _TABLES)
        self._new: dict[str, str] = {}
        self._lock = threading.Lock()
        self.used = 0
        self.problem = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._write()
        finally:
            self._connection.close()

    def find(self, key: str) -> Outcome | None:
        """The outcome under `key`, as the engine gave it; None where there is none, or the file has become unusable."""
        if self.problem:
            return None
        try:
            with self._lock, explained(self._path):
                row = self._connection.execute(_FIND, (key,)).fetchone()
        except StoreError as error:
            self.problem = str(error)
            return None
        if row is None:
            return None
        self.used += 1
        return Outcome.from_message(json.loads(row[0]))

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep `outcome` under `key` if the program would end so again."""
        if outcome.wall or outcome.completion not in _REPEATABLE:
            return
        with self._lock:
            self._new[key] = json.dumps(asdict(outcome))
        if len(self._new) >= _BATCH:
            self._write()

    def _write(self) -> None:
        try:
            with self._lock, explained(self._path), self._connection:
                self._connection.executemany(_KEEP, self._new.items())
        except StoreError as error:
            self.problem = str(error)
        self._new.clear()


def outcome_key(engine: EngineSpec, program: Program, limits: Limits) -> str:
    """What an outcome depends on: who the engine says it is, the program with the files around it, the limits."""
    parts = (
        engine.name,
        engine.hash,
        asdict(program),
        _files_around(program),
        asdict(limits),
    )
    text = json.dumps(parts, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files_around(program: Program) -> Sequence[str]:
    """A version of the files that a program may read: those beside it, and those below its roots."""
    beside = [] if program.path is None else [_folder_version(str(Path(program.path).parent), deep=False)]
    folders = [*program.roots, *([program.folder] if program.folder else [])]
    return beside + [_folder_version(folder, deep=True) for folder in folders]


@lru_cache(maxsize=4096)
def _folder_version(folder: str, *, deep: bool) -> str:
    """A version of a folder's files: their names, sizes and times, taken once in a run."""
    digest = hashlib.sha256()
    root = Path(folder)
    if root.is_dir():
        for path in sorted(root.rglob("*") if deep else root.iterdir()):
            if path.is_file():
                state = path.stat()
                line = f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n"
                digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
