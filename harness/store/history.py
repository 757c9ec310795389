"""The history of runs on this machine: what each counted, and each execution whose verdict it changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Result, Verdict
from lockstep.harness.store.database import begin, explained, open_database

_VERSION = 1
# A verdict stands once, with the run that first gave it; what a later run says again takes no room.
_TABLES = (
    """create table runs (
        id integer primary key, started text not null, finished text, selection text not null,
        workers integer not null)""",
    """create table tallies (
        run integer not null references runs, suite text not null, revision text not null, engine text not null,
        hash text not null, seconds real not null, counts text not null,
        primary key (run, suite, engine)) without rowid""",
    """create table executions (
        id integer primary key, suite text not null, case_id text not null, mode text not null,
        engine text not null, verdict text not null,
        unique (suite, case_id, mode, engine))""",
    """create table changes (
        run integer not null references runs, execution integer not null references executions,
        before text not null, verdict text not null, reason text not null,
        primary key (run, execution)) without rowid""",
)

# The time of an execution, where it is long; older versions of Lockstep know nothing of it, and keep it.
_SLOW = (
    "create table if not exists slow (execution integer primary key references executions, ms real not null)"
)
_SLOW_MS = 100.0

_COLUMNS = (
    "run", "started", "finished", "selection", "suite", "revision", "engine", "hash", "seconds", "counts",
)  # fmt: skip


def history_path() -> Path:
    """The file of the history: `LOCKSTEP_HISTORY`, or one in the folder where the user's programs keep their data."""
    named = os.environ.get("LOCKSTEP_HISTORY")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or str(Path("~/.local/share").expanduser())
    return Path(base) / "lockstep" / "history.sqlite"


@dataclass(frozen=True)
class Tally:
    """What one run counted for one suite on one engine; `finished` is None where it was interrupted."""

    run: int
    started: str
    finished: str | None
    selection: str
    suite: str
    revision: str
    engine: str
    hash: str
    seconds: float
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """A verdict that a run gave and the runs before it had not; `before` is "" where there was none."""

    run: int
    started: str
    before: str
    result: Result

    @property
    def lost(self) -> bool:
        """Whether what passed does not any more."""
        return self.before == Verdict.PASS and self.result.verdict is not Verdict.PASS


@dataclass(frozen=True)
class Move:
    """A verdict that a run changed, of an execution that had another before."""

    run: int
    case: str
    mode: str
    engine: str
    before: str
    after: str


class History:
    """The history kept in a file; a context manager.

    Raises:
        StoreError: the file cannot be read or written.
    """

    def __init__(self, path: Path, say: Callable[[str], None] = lambda _: None) -> None:
        self._path = path
        self._say = say
        self._connection = open_database(path, _VERSION, (*_TABLES, _SLOW))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add(
        self,
        results: Sequence[Result],
        revisions: Mapping[str, str],
        engines: Iterable[EngineRow],
        *,
        started: str,
        whole: bool,
        finished: str | None,
        workers: int,
    ) -> int:
        """Add a run, all or nothing; the number it gets. `finished` is when it ended, None if it was interrupted."""
        hashes = {engine.name: engine.hash for engine in engines}
        with explained(self._path), self._connection as connection:
            begin(connection, self._path, self._say)
            connection.execute(_SLOW)
            (number,) = connection.execute(
                "insert into runs (started, finished, selection, workers) values (?, ?, ?, ?) returning id",
                (started, finished, "whole" if whole else "partial", workers),
            ).fetchone()
            connection.executemany(
                "insert into tallies values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (number, suite, revisions[suite], engine, hashes[engine], seconds, json.dumps(counts))
                    for (suite, engine), (seconds, counts) in _tallied(results).items()
                ],
            )
            for result in results:
                self._note(number, result)
            connection.executemany(
                "insert or replace into slow select id, ? from executions "
                "where suite = ? and case_id = ? and mode = ? and engine = ?",
                [(result.ms, *result.key) for result in results if result.ms >= _SLOW_MS],
            )
        return int(number)

    def holds(self, results: Sequence[Result], started: str) -> int | None:
        """The number of a run that began then and counted the same; None if there is none."""
        counted = {pair: counts for pair, (_, counts) in _tallied(results).items()}
        with explained(self._path):
            rows = self._connection.execute(
                "select run, suite, engine, counts from tallies join runs on runs.id = run where started = ?",
                (started,),
            ).fetchall()
        runs: dict[int, dict[tuple[str, str], dict[str, int]]] = {}
        for run, suite, engine, counts in rows:
            runs.setdefault(run, {})[suite, engine] = json.loads(counts)
        return next((run for run, tallies in runs.items() if tallies == counted), None)

    def _note(self, run: int, result: Result) -> None:
        known = self._connection.execute(
            "select id, verdict from executions where suite = ? and case_id = ? and mode = ? and engine = ?",
            result.key,
        ).fetchone()
        if known is None:
            (execution,) = self._connection.execute(
                "insert into executions (suite, case_id, mode, engine, verdict) values (?, ?, ?, ?, ?) returning id",
                (*result.key, str(result.verdict)),
            ).fetchone()
            before = ""
            if result.verdict is Verdict.PASS:
                return  # a first pass is no news
        else:
            execution, before = known
            if before == result.verdict:
                return
            self._connection.execute(
                "update executions set verdict = ? where id = ?", (str(result.verdict), execution)
            )
        self._connection.execute(
            "insert or replace into changes values (?, ?, ?, ?, ?)",
            (run, execution, before, str(result.verdict), result.reason),
        )

    def passed_since(self, moment: str) -> Callable[[Result], bool]:
        """Whether an execution passed last, in a history with a run of its suite and engine begun after `moment` (UTC).

        Raises:
            StoreError: when it is asked, and the file cannot be read.
        """
        later: dict[tuple[str, str], bool] = {}

        def passed(result: Result) -> bool:
            pair = (result.suite, result.engine)
            with explained(self._path):
                if pair not in later:
                    row = self._connection.execute(
                        "select 1 from tallies join runs on runs.id = run where suite = ? and engine = ? and started > ?",
                        (*pair, moment),
                    ).fetchone()
                    later[pair] = row is not None
                if not later[pair]:
                    return False
                row = self._connection.execute(
                    "select verdict from executions where suite = ? and case_id = ? and mode = ? and engine = ?",
                    result.key,
                ).fetchone()
            return row is not None and row[0] == Verdict.PASS

        return passed

    def verdicts(self, suite: str, engine: str) -> dict[tuple[str, str], str]:
        """The last verdict of each execution of a suite on an engine, by case and mode."""
        with explained(self._path):
            rows = self._connection.execute(
                "select case_id, mode, verdict from executions where suite = ? and engine = ?",
                (suite, engine),
            ).fetchall()
        return {(case, mode): verdict for case, mode, verdict in rows}

    def last_changed(self, suite: str, engine: str) -> set[tuple[str, str]]:
        """The executions, by case and mode, whose verdicts the last run of a suite on an engine changed."""
        with explained(self._path):
            rows = self._connection.execute(
                "select case_id, mode from changes join executions on executions.id = execution "
                "where suite = :suite and engine = :engine and run = "
                "(select max(run) from tallies where suite = :suite and engine = :engine)",
                {"suite": suite, "engine": engine},
            ).fetchall()
        return set(rows)

    def slow(self) -> dict[tuple[str, str, str, str], float]:
        """The milliseconds of executions that take long: suite, case, mode, engine."""
        with explained(self._path):
            names = self._connection.execute("select 1 from sqlite_master where name = 'slow'").fetchall()
            rows = names and self._connection.execute(
                "select suite, case_id, mode, engine, ms from slow join executions on id = execution"
            )
            return {(suite, case, mode, engine): ms for suite, case, mode, engine, ms in rows}

    def tallies(self, suite: str | None = None, engine: str | None = None, last: int = 20) -> list[Tally]:
        """What the last runs counted, the newest run first; of one suite, of one engine."""
        with explained(self._path):
            rows = self._connection.execute(
                f"select {', '.join(_COLUMNS)} "  # noqa: S608  # names of ours
                "from tallies join runs on runs.id = run "
                "where suite = coalesce(:suite, suite) and engine = coalesce(:engine, engine) "
                "and run in (select distinct run from tallies where suite = coalesce(:suite, suite) "
                "and engine = coalesce(:engine, engine) order by run desc limit :last) "
                "order by run desc, suite, engine",
                {"suite": suite, "engine": engine, "last": last},
            ).fetchall()
        return [
            Tally(**{**dict(zip(_COLUMNS, row, strict=True)), "counts": json.loads(row[-1])}) for row in rows
        ]

    def moves(self, suite: str, first: int) -> list[Move]:
        """The verdicts of a suite that changed in run `first` or later, the oldest change first."""
        with explained(self._path):
            rows = self._connection.execute(
                "select changes.run, case_id, mode, engine, before, changes.verdict "
                "from changes join executions on executions.id = execution "
                "where changes.run >= ? and suite = ? and before <> '' order by changes.run, execution",
                (first, suite),
            ).fetchall()
        return [Move(*row) for row in rows]

    def has_run(self, run: int) -> bool:
        """Whether it has a run of that number."""
        with explained(self._path):
            return bool(self._connection.execute("select 1 from runs where id = ?", (run,)).fetchone())

    def has_case(self, case: str, engine: str | None = None) -> bool:
        """Whether a case has ever run, or has on `engine`."""
        with explained(self._path):
            row = self._connection.execute(
                "select 1 from executions where case_id = ? and engine = coalesce(?, engine)", (case, engine)
            ).fetchone()
        return row is not None

    def changes(self, run: int) -> list[Change]:
        """The verdicts that a run changed."""
        return self._changes("changes.run = ?", (run,))

    def changes_of(self, case: str, engine: str | None = None) -> list[Change]:
        """How the verdicts of a case changed, the oldest change first."""
        return self._changes("case_id = ? and engine = coalesce(?, engine)", (case, engine))

    def _changes(self, condition: str, values: tuple[Any, ...]) -> list[Change]:
        with explained(self._path):
            rows = self._connection.execute(
                "select changes.run, started, before, suite, case_id, mode, engine, changes.verdict, reason "  # noqa: S608  # conditions of ours
                "from changes join runs on runs.id = changes.run join executions on executions.id = execution "
                f"where {condition} order by changes.run, suite, case_id, mode, engine",
                values,
            ).fetchall()
        return [
            Change(run, started, before, Result(suite, name, mode, engine, Verdict(verdict), reason))
            for run, started, before, suite, name, mode, engine, verdict, reason in rows
        ]


def _tallied(results: Iterable[Result]) -> dict[tuple[str, str], tuple[float, dict[str, int]]]:
    """Seconds of engine time and how many of each verdict, by suite and engine."""
    found: dict[tuple[str, str], tuple[float, dict[str, int]]] = {}
    for result in results:
        seconds, counts = found.get((result.suite, result.engine), (0.0, {}))
        verdict = str(result.verdict)
        counts[verdict] = counts.get(verdict, 0) + 1
        found[result.suite, result.engine] = (seconds + result.ms / 1000, counts)
    return found
