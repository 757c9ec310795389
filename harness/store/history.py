"""The history of runs: what each counted, and each execution whose verdict it changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Result, Verdict
from lockstep.harness.store.database import Database
from lockstep.harness.store.tables import CHANGES, EXECUTIONS, RUNS, SLOW, TALLIES

# The time of an execution is kept where it is at least this long.
_SLOW_MS = 100.0
# Of a run of few executions only these are looked up, so many at a time; of others all of the suite and engine.
_FEW = 500
# So many verdicts are asked for one by one, then all of the suite and engine.
_SINGLY = 20

Verdicts = dict[tuple[str, str], str]
Groups = dict[tuple[str, str], dict[tuple[str, str], Result]]


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
    """The history in a database: what runs counted, and which verdicts they changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        results: Iterable[Result],
        revisions: Mapping[str, str],
        engines: Iterable[EngineRow],
        *,
        started: str,
        whole: bool,
        finished: str | None,
        workers: int,
    ) -> int:
        """Add a run, all or nothing; the number it gets. `finished` is when it ended, None if it was interrupted.

        Raises:
            StoreError: it cannot be written.
        """
        run = HistoryRun(results, revisions, engines, started, finished, whole=whole, workers=workers)
        return self._database.write(lambda connection: run.add(self._database, connection), run.names)

    def holds(self, results: Iterable[Result], started: str) -> int | None:
        """The number of a run that began then and counted the same; None if there is none."""
        counted = {pair: _counted(group.values()) for pair, group in _grouped(results).items()}
        query = (
            sa.select(*TALLIES.c["run", "suite", "engine", "counts"])
            .join(RUNS)
            .where(RUNS.c.started == started)
        )
        runs: dict[int, dict[tuple[str, str], dict[str, int]]] = {}
        with self._database.read() as connection:
            for run, suite, engine, counts in connection.execute(query):
                runs.setdefault(run, {})[suite, engine] = json.loads(counts)
        return next((run for run, tallies in runs.items() if tallies == counted), None)

    def passed_since(self, moment: str) -> Callable[[Result], bool]:
        """Whether an execution passed last, in a history with a run of its suite and engine begun after `moment` (UTC).

        Raises:
            StoreError: when it is asked, and the store cannot be read.
        """
        known: dict[tuple[str, str], Verdicts] = {}
        asked: Counter[tuple[str, str]] = Counter()

        def passed(result: Result) -> bool:
            pair = (result.suite, result.engine)
            asked[pair] += 1
            if asked[pair] == 1 and not self._ran_since(*pair, moment):
                known[pair] = {}
            if pair not in known and asked[pair] <= _SINGLY:
                return self._verdict(result) == Verdict.PASS
            if pair not in known:
                known[pair] = self.verdicts(*pair)
            return known[pair].get((result.case, result.mode)) == Verdict.PASS

        return passed

    def _verdict(self, result: Result) -> str | None:
        """The last verdict of its execution."""
        same = (column == value for column, value in zip(_KEY, result.key, strict=True))
        with self._database.read() as connection:
            return connection.scalar(sa.select(EXECUTIONS.c.verdict).where(*same))

    def _ran_since(self, suite: str, engine: str, moment: str) -> bool:
        query = (
            sa.select(TALLIES.c.run)
            .join(RUNS)
            .where(TALLIES.c.suite == suite, TALLIES.c.engine == engine, RUNS.c.started > moment)
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def verdicts(self, suite: str, engine: str) -> Verdicts:
        """The last verdict of each execution of a suite on an engine, by case and mode."""
        query = sa.select(*EXECUTIONS.c["case_id", "mode", "verdict"]).where(*_of(suite, engine))
        with self._database.read() as connection:
            return {(case, mode): verdict for case, mode, verdict in connection.execute(query).all()}

    def verdicts_of(self, case: str, suite: str | None = None) -> dict[tuple[str, str, str], str]:
        """The last verdict of each execution of a case, by suite, mode and engine."""
        query = sa.select(*EXECUTIONS.c["suite", "mode", "engine", "verdict"]).where(
            *_of_case(case, None), *([EXECUTIONS.c.suite == suite] if suite is not None else [])
        )
        with self._database.read() as connection:
            return {
                (suite, mode, engine): verdict for suite, mode, engine, verdict in connection.execute(query)
            }

    def last_changed(self, suite: str, engine: str) -> set[tuple[str, str]]:
        """The executions, by case and mode, whose verdicts the last run of a suite on an engine changed."""
        last = (
            sa.select(sa.func.max(TALLIES.c.run))
            .where(TALLIES.c.suite == suite, TALLIES.c.engine == engine)
            .scalar_subquery()
        )
        query = (
            sa.select(EXECUTIONS.c.case_id, EXECUTIONS.c.mode)
            .join(CHANGES)
            .where(*_of(suite, engine), CHANGES.c.run == last)
        )
        with self._database.read() as connection:
            return {(row.case_id, row.mode) for row in connection.execute(query)}

    def slow(
        self, suites: Iterable[str] = (), engines: Iterable[str] = ()
    ) -> dict[tuple[str, str, str, str], float]:
        """The milliseconds of executions that take long: suite, case, mode, engine; only of these suites and engines, if any."""
        query = sa.select(*_KEY, SLOW.c.ms).join_from(EXECUTIONS, SLOW)
        for column, names in ((EXECUTIONS.c.suite, sorted(suites)), (EXECUTIONS.c.engine, sorted(engines))):
            if names:
                query = query.where(column.in_(names))
        with self._database.read() as connection:
            return {
                (row.suite, row.case_id, row.mode, row.engine): row.ms for row in connection.execute(query)
            }

    def tallies(self, suite: str | None = None, engine: str | None = None, last: int = 20) -> list[Tally]:
        """What the last runs counted, the newest run first; of one suite, of one engine."""
        wanted = [
            *([TALLIES.c.suite == suite] if suite is not None else []),
            *([TALLIES.c.engine == engine] if engine is not None else []),
        ]
        newest = sa.select(TALLIES.c.run).where(*wanted).distinct().order_by(TALLIES.c.run.desc()).limit(last)
        query = (
            sa.select(*RUNS.c["id", "started", "finished", "selection"], *TALLIES.columns)
            .join_from(TALLIES, RUNS)
            .where(*wanted, TALLIES.c.run.in_(newest))
            .order_by(TALLIES.c.run.desc(), TALLIES.c.suite, TALLIES.c.engine)
        )
        with self._database.read() as connection:
            return [
                Tally(
                    run=row.run,
                    started=row.started,
                    finished=row.finished,
                    selection=row.selection,
                    suite=row.suite,
                    revision=row.revision,
                    engine=row.engine,
                    hash=row.hash,
                    seconds=row.seconds,
                    counts=json.loads(row.counts),
                )
                for row in connection.execute(query)
            ]

    def moves(self, suite: str, first: int) -> list[Move]:
        """The verdicts of a suite that changed in run `first` or later, the oldest change first."""
        query = (
            sa.select(
                CHANGES.c.run, *EXECUTIONS.c["case_id", "mode", "engine"], *CHANGES.c["before", "verdict"]
            )
            .join_from(CHANGES, EXECUTIONS)
            .where(CHANGES.c.run >= first, EXECUTIONS.c.suite == suite, CHANGES.c.before != "")
            .order_by(CHANGES.c.run, CHANGES.c.execution)
        )
        with self._database.read() as connection:
            return [Move(*row) for row in connection.execute(query)]

    def has_run(self, run: int) -> bool:
        """Whether it has a run of that number."""
        with self._database.read() as connection:
            return connection.execute(sa.select(RUNS.c.id).where(RUNS.c.id == run)).first() is not None

    def has_case(self, case: str, engine: str | None = None) -> bool:
        """Whether a case has ever run, or has on `engine`."""
        query = sa.select(EXECUTIONS.c.id).where(*_of_case(case, engine)).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def changes(self, run: int) -> list[Change]:
        """The verdicts that a run changed."""
        return self._changes(CHANGES.c.run == run)

    def changes_of(self, case: str, engine: str | None = None) -> list[Change]:
        """How the verdicts of a case changed, the oldest change first."""
        return self._changes(*_of_case(case, engine))

    def changes_since(self, suite: str, engine: str, first: int) -> list[Change]:
        """The verdicts of a suite on an engine that run `first` and later ones changed, the oldest change first."""
        return self._changes(*_of(suite, engine), CHANGES.c.run >= first)

    def _changes(self, *conditions: sa.ColumnElement[bool]) -> list[Change]:
        query = (
            sa.select(CHANGES.c.run, RUNS.c.started, CHANGES.c.before, *_KEY, *CHANGES.c["verdict", "reason"])
            .join_from(CHANGES, RUNS)
            .join(EXECUTIONS)
            .where(*conditions)
            .order_by(CHANGES.c.run, *EXECUTIONS.c["suite", "case_id", "mode", "engine"])
        )
        with self._database.read() as connection:
            return [
                Change(run, started, before, Result(suite, name, mode, engine, Verdict(verdict), reason))
                for run, started, before, suite, name, mode, engine, verdict, reason in connection.execute(
                    query
                )
            ]


_KEY = EXECUTIONS.c["suite", "case_id", "mode", "engine"]


def _of(suite: str, engine: str) -> tuple[sa.ColumnElement[bool], ...]:
    return EXECUTIONS.c.suite == suite, EXECUTIONS.c.engine == engine


def _of_case(case: str, engine: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        # The key begins with the suite.
        EXECUTIONS.c.suite.in_(sa.select(TALLIES.c.suite).distinct()),
        EXECUTIONS.c.case_id == case,
        *([EXECUTIONS.c.engine == engine] if engine is not None else []),
    )


class HistoryRun:
    """A run that is to be added to the history, from what `History.add` takes."""

    def __init__(
        self,
        results: Iterable[Result],
        revisions: Mapping[str, str],
        engines: Iterable[EngineRow],
        started: str,
        finished: str | None,
        *,
        whole: bool,
        workers: int,
    ) -> None:
        hashes = {engine.name: engine.hash for engine in engines}
        self._row = {
            "started": started,
            "finished": finished,
            "selection": "whole" if whole else "partial",
            "workers": workers,
        }
        self._groups = sorted(_grouped(results).items())
        self._tallies = [
            {
                "suite": suite,
                "revision": revisions.get(suite, ""),
                "engine": engine,
                "hash": hashes.get(engine, ""),
                "seconds": sum(result.ms for result in group.values()) / 1000,
                "counts": json.dumps(_counted(group.values())),
            }
            for (suite, engine), group in self._groups
        ]

    @property
    def names(self) -> list[str]:
        """What nobody else writes meanwhile: its suites on its engines."""
        return [pair_name(*pair) for pair, _ in self._groups]

    def add(self, database: Database, connection: sa.Connection) -> int:
        """Add it inside a transaction that holds `names`; the number that it gets."""
        number = add_run(connection, self._row)
        database.insert(connection, TALLIES, [{"run": number, **tally} for tally in self._tallies])
        for pair, group in self._groups:
            _note(database, connection, number, *pair, group)
        return number


def add_run(connection: sa.Connection, row: Mapping[str, object]) -> int:
    """Add the row of a run; its number."""
    return int(connection.execute(sa.insert(RUNS).returning(RUNS.c.id), row).scalar_one())


def pair_name(suite: str, engine: str) -> str:
    """What is locked while the executions of a suite on an engine are written."""
    return f"{suite}\n{engine}"


def _note(
    database: Database,
    connection: sa.Connection,
    run: int,
    suite: str,
    engine: str,
    results: Mapping[tuple[str, str], Result],
) -> None:
    """Lay the results of a suite on an engine, by case and mode, over what is known of them."""
    ids: dict[tuple[str, str], int] = {}
    changed: list[tuple[tuple[str, str], str]] = []
    known = _known(connection, suite, engine, results)
    seen = 0
    for case, mode, number, verdict in known:
        result = results.get((case, mode))
        if result is not None:
            seen += 1
            if verdict != result.verdict or result.ms >= _SLOW_MS:
                ids[case, mode] = number
                if verdict != result.verdict:
                    changed.append(((case, mode), verdict))
    if seen < len(results):
        before = {(case, mode) for case, mode, _, _ in known}
        fresh = sorted(key for key in results if key not in before)
        ids |= _added(database, connection, suite, engine, {key: results[key] for key in fresh})
        # A first pass is no news.
        changed += [(key, "") for key in fresh if results[key].verdict is not Verdict.PASS]
    changed.sort()
    moved = [{"number": ids[key], "now": str(results[key].verdict)} for key, before in changed if before]
    if moved:
        connection.execute(
            sa.update(EXECUTIONS)
            .where(EXECUTIONS.c.id == sa.bindparam("number"))
            .values(verdict=sa.bindparam("now")),
            moved,
        )
    database.insert(
        connection,
        CHANGES,
        [
            {
                "run": run,
                "execution": ids[key],
                "before": before,
                "verdict": str(results[key].verdict),
                "reason": results[key].reason,
            }
            for key, before in changed
        ],
    )
    slow = [
        {"execution": ids[key], "ms": result.ms}
        for key, result in sorted(results.items())
        if result.ms >= _SLOW_MS
    ]
    if slow:
        connection.execute(database.upsert(SLOW, "execution"), slow)


def _added(
    database: Database,
    connection: sa.Connection,
    suite: str,
    engine: str,
    fresh: Mapping[tuple[str, str], Result],
) -> dict[tuple[str, str], int]:
    """Add executions of which nothing is known; the numbers of those of which more is noted than the verdict."""
    newest = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(EXECUTIONS.c.id), 0)))
    rows = [
        {"suite": suite, "case_id": case, "mode": mode, "engine": engine, "verdict": str(result.verdict)}
        for (case, mode), result in fresh.items()
    ]
    database.insert(connection, EXECUTIONS, rows)
    if not any(one.verdict is not Verdict.PASS or one.ms >= _SLOW_MS for one in fresh.values()):
        return {}
    made = sa.select(*EXECUTIONS.c["case_id", "mode", "id"]).where(
        *_of(suite, engine), EXECUTIONS.c.id > newest
    )
    return {(case, mode): number for case, mode, number in connection.execute(made).all()}


def _known(
    connection: sa.Connection, suite: str, engine: str, keys: Collection[tuple[str, str]]
) -> Sequence[Any]:
    """Case, mode, number and last verdict of the executions of a suite on an engine, at least of those in `keys`."""
    query = sa.select(*EXECUTIONS.c["case_id", "mode", "id", "verdict"]).where(*_of(suite, engine))
    if len(keys) <= _FEW:
        query = query.where(EXECUTIONS.c.case_id.in_(sorted({case for case, _ in keys})))
    return connection.execute(query).all()


def _grouped(results: Iterable[Result]) -> Groups:
    """Results by suite and engine, and there by case and mode; the last counts where one stands twice."""
    groups: Groups = {}
    pair: tuple[str, str] | None = None
    for result in results:
        if pair is None or pair[0] != result.suite or pair[1] != result.engine:
            pair = (result.suite, result.engine)
            group = groups.setdefault(pair, {})
        group[result.case, result.mode] = result
    return groups


def _counted(results: Iterable[Result]) -> dict[str, int]:
    """How many of each verdict."""
    return {str(verdict): number for verdict, number in Counter(one.verdict for one in results).items()}
