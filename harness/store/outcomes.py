"""Outcomes of earlier runs, to be used again where the same engine would get the same program and limits.

Kept is what an engine observed, not what the judge said of it: a case is judged anew each time.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import asdict

import msgspec
import sqlalchemy as sa

from lockstep.harness.model import Outcome
from lockstep.harness.store.database import Database, Lookup
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.tables import OUTCOMES

# How a program ends by its own doing. Crashes and what the machine's load or memory decides are tried again.
_REPEATABLE = frozenset({"completed", "threw", "unsupported", "timeout"})
_FIND = sa.select(OUTCOMES.c.outcome).where(OUTCOMES.c.key == sa.bindparam("key"))
# Written together, so that a run does not wait for the disk after each case.
_BATCH = 500


class Outcomes:
    """The outcomes kept in a database; `close` writes what they were given last.

    Attributes:
        used: how many outcomes were found.
        problem: why the database became unusable while the run went on; "" if it did not.

    Raises:
        StoreError: it cannot be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lookup = Lookup(database, _FIND)
        self._upsert = database.upsert(OUTCOMES, "key")
        self._encoder = msgspec.json.Encoder()
        self._today = dt.datetime.now(dt.UTC).date().isoformat()
        self._new: dict[str, str] = {}
        self._lock = threading.Lock()
        self.used = 0
        self.problem = ""

    def close(self) -> None:
        """Write what is not written yet, and end the connection."""
        self._write()
        try:
            self._lookup.close()
        except StoreError as error:
            self.problem = self.problem or str(error)

    def find(self, key: str) -> Outcome | None:
        """The outcome under `key`, as the engine gave it; None where there is none, or the database has become unusable."""
        if self.problem:
            return None
        try:
            with self._lock:
                row = self._lookup.first(key=key)
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
        text = self._encoded(outcome)
        with self._lock:
            self._new[key] = text
        if len(self._new) >= _BATCH:
            self._write()

    def _encoded(self, outcome: Outcome) -> str:
        try:
            return self._encoder.encode(outcome).decode()
        except UnicodeEncodeError:  # half a surrogate pair, which only JSON's escapes can hold
            return json.dumps(asdict(outcome))

    def _write(self) -> None:
        with self._lock:
            # In one order, so that no two runs wait for each other's rows.
            rows = [
                {"key": key, "outcome": text, "kept": self._today} for key, text in sorted(self._new.items())
            ]
            self._new.clear()
            if not rows or self.problem:
                return
            try:
                self._database.write(lambda connection: connection.execute(self._upsert, rows))
            except StoreError as error:
                self.problem = str(error)
