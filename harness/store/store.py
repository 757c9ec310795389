"""The store: history, outcomes and records, in files of this machine or in the database of a team."""
# ruff: noqa: PLC0415  # SQLAlchemy takes 0.1 s to import: only who opens a store waits for it

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lockstep.harness.store.place import history_path, outcomes_path, store_place

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lockstep.harness.records.record import Run
    from lockstep.harness.store.database import Database
    from lockstep.harness.store.history import History
    from lockstep.harness.store.outcomes import Outcomes
    from lockstep.harness.store.records import Records


def open_store(place: str | Path | None = None, say: Callable[[str], None] = lambda _: None) -> Store:
    """Open a store; it opens its databases when they are first asked for something.

    Args:
        place: a path, `sqlite:///PATH` or `postgresql://...`; None for the one that `--store`, LOCKSTEP_STORE or lockstep.toml
            names, else the files on this machine: the history with its records, and the outcomes in the cache.
        say: is told while another run writes what this one waits for.

    Raises:
        StoreError: from whatever needs a database that cannot be used.
    """
    one = str(place) if place is not None else store_place()
    return Store(one or str(history_path()), one or str(outcomes_path()), say)


class Store:
    """A store; a context manager, which writes the outcomes that it was given last, and closes its databases.

    Attributes:
        place: where the history and the records are; with its password, if there is one.
    """

    def __init__(self, place: str, outcomes: str, say: Callable[[str], None]) -> None:
        self.place = place
        self._outcomes_place = outcomes
        self._say = say

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is not written, and close its databases."""
        opened = self.__dict__
        try:
            if "outcomes" in opened:
                self.outcomes.close()
        finally:
            for name in ("database", "_outcomes_database"):
                if name in opened:
                    opened[name].close()
            for name in ("database", "_outcomes_database", "outcomes", "history", "records"):
                opened.pop(name, None)

    @property
    def name(self) -> str:
        """What messages call it: its path, or its address without a password."""
        from lockstep.harness.store.place import shown

        return shown(self.place)

    @cached_property
    def database(self) -> Database:
        """The database of history and records.

        Raises:
            StoreError: it cannot be used.
        """
        from lockstep.harness.store.database import Database

        return Database(self.place, self._say)

    @cached_property
    def history(self) -> History:
        """What runs counted, and which verdicts they changed."""
        from lockstep.harness.store.history import History

        return History(self.database)

    @cached_property
    def records(self) -> Records:
        """The results of runs."""
        from lockstep.harness.store.records import Records

        return Records(self.database)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What engines observed."""
        from lockstep.harness.store.outcomes import Outcomes

        return Outcomes(self._outcomes_database)

    @cached_property
    def _outcomes_database(self) -> Database:
        from lockstep.harness.store.database import Database

        if self._outcomes_place == self.place:
            return self.database
        return Database(self._outcomes_place, self._say)

    def add(self, run: Run, *, workers: int | None = None, finished: str | None = None) -> int:
        """Add a run to the history, with its record, all or nothing; the number of both.

        Args:
            run: the run.
            workers: processes, or machines, on which it ran; None for as many as records were joined.
            finished: when it ended; None if its record says so, or it was interrupted.

        Raises:
            StoreError: it cannot be written.
        """
        from lockstep.harness.store.history import HistoryRun
        from lockstep.harness.store.records import PackedRecord

        header = run.header
        record = PackedRecord.of(run)
        history = HistoryRun(
            run.results.values(),
            header.revision,
            header.engines,
            header.started,
            finished or record.ended,
            whole=run.scope.whole,
            workers=workers if workers is not None else header.parts,
        )

        def work(connection: Connection) -> int:
            number = history.add(self.database, connection)
            record.add(connection, number)
            return number

        return self.database.write(work, history.names)
