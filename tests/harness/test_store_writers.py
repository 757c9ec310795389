"""Many who write one store at once: nothing is lost, nothing doubled, nobody waits for ever."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lockstep.harness.commands.store import copy_store
from lockstep.harness.model import Outcome, Verdict
from lockstep.harness.store.database import Database
from lockstep.harness.store.history import pair_name
from lockstep.harness.store.migrations import VERSION, migrate, version_of
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import open_store
from lockstep.harness.store.tables import RUNS
from tests.harness.postgres import Server
from tests.harness.stored import day, run_of

_WRITERS = 8
_ROUNDS = 4
_CASES = 700
_PAIRS = (("s", "one"), ("s", "two"), ("t", "one"))


def at_once(work: Callable[[int], None]) -> None:
    """Do it in as many processes."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=work, args=(number,)) for number in range(_WRITERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.kill()
    assert codes == [0] * _WRITERS


def write(place: str, number: int) -> None:
    """A writer: runs that change each other's verdicts, and outcomes under the same keys in another order."""
    with open_store(place) as store:
        for turn in range(_ROUNDS):
            verdict = (Verdict.PASS, Verdict.FAIL)[(number + turn) % 2]
            pairs = _PAIRS[:: -1 if number % 2 else 1]
            store.add(run_of(dict.fromkeys(pairs, [verdict] * _CASES), day(number + 1)), workers=number)
            keys = range(600) if number % 2 else range(599, -1, -1)
            for key in keys:
                store.outcomes.keep(f"{key:064}", Outcome("completed", output=f"{number}"))
        store.outcomes.close()
        assert not store.outcomes.problem


def test_eight_processes_write_the_same(place: str) -> None:
    at_once(partial(write, place))
    with open_store(place) as store:
        runs = store.history.tallies(last=1000)
        assert Counter(one.run for one in runs) == dict.fromkeys(
            range(1, _WRITERS * _ROUNDS + 1), len(_PAIRS)
        )
        assert len(store.records.runs()) == len(runs)
        for suite, engine in _PAIRS:
            found = store.history.verdicts(suite, engine)
            assert len(found) == _CASES
            # Each run changed all or nothing, and each change begins where the one before it ended.
            last = {
                (change.result.case): str(change.result.verdict)
                for change in store.history.changes_since(suite, engine, 0)
            }
            assert {case: verdict for (case, _), verdict in found.items() if case in last} == last
        before: dict[tuple[str, str, str, str], str] = {}
        for run in sorted({one.run for one in runs}):
            for change in store.history.changes(run):
                assert change.before in ("", before.get(change.result.key, change.before))
                before[change.result.key] = str(change.result.verdict)
        assert store.outcomes.find(f"{599:064}") is not None


def open_it(place: str, number: int) -> None:
    """An opener of a store that nobody has opened yet."""
    with open_store(place) as store:
        assert store.add(run_of({("s", f"engine{number}"): [Verdict.PASS]}, day(1))) > 0


def test_eight_processes_make_the_tables(place: str) -> None:
    at_once(partial(open_it, place))
    with open_store(place) as store:
        assert len(store.history.tallies()) == _WRITERS


def hold_and_hang(place: str, written: Any) -> None:
    """A writer that is killed while it writes."""

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.insert(RUNS), {"started": day(1), "selection": "whole", "workers": 1})
        written.set()
        time.sleep(60)

    Database(place).write(work, [pair_name("s", "one")])


def test_a_writer_that_is_killed_leaves_nothing_and_holds_nobody_up(place: str) -> None:
    with open_store(place) as store:
        store.add(run_of({("s", "one"): [Verdict.PASS]}, day(1)))
    context = multiprocessing.get_context("spawn")
    written = context.Event()
    process = context.Process(target=hold_and_hang, args=(place, written))
    process.start()
    assert written.wait(60)
    process.kill()
    process.join()
    with open_store(place) as store:
        store.add(run_of({("s", "one"): [Verdict.FAIL]}, day(2)))
        assert [one.started for one in store.history.tallies()] == [day(2), day(1)]
        with store.database.read() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(RUNS)) == 2


def _third(connection: sa.Connection) -> None:
    connection.execute(
        sa.schema.CreateTable(sa.Table("third", sa.MetaData(), sa.Column("number", sa.Integer)))
    )
    time.sleep(0.3)


def bring_on(place: str, opened: Any, _: int) -> None:
    """A Lockstep of the next version, which opened the store before any of them."""
    database = Database(place)
    opened.wait(60)
    database.migrate({VERSION + 1: _third}, VERSION + 1)
    database.close()


def test_a_store_is_brought_to_a_new_version_once(place: str) -> None:
    """By whoever comes first; the others find it done."""
    with open_store(place) as store:
        store.add(run_of({("s", "one"): [Verdict.FAIL]}, day(1)))
    opened = multiprocessing.get_context("spawn").Barrier(_WRITERS)
    at_once(partial(bring_on, place, opened))
    with pytest.raises(
        StoreError, match=rf"newer version of Lockstep \({VERSION + 1}, this one writes {VERSION}\)"
    ):
        open_store(place).history.tallies()


def test_a_team_brings_its_store_on_when_it_says_so(postgresql: Server) -> None:
    """Who opens a file brings it on; what others use too waits for `lockstep store migrate`."""
    url = postgresql.new()
    with open_store(url):
        Database(url).close()
    postgresql.execute("update lockstep.version set number = 1", url.rpartition("/")[2])
    with pytest.raises(StoreError, match="`lockstep store migrate` brings it there"):
        Database(url)


def test_a_step_that_fails_leaves_the_version_before(place: str) -> None:
    def fails(connection: sa.Connection) -> None:
        _third(connection)
        connection.exec_driver_sql("select no_such_column from nowhere")

    database = Database(place)
    try:
        with pytest.raises(StoreError, match="nowhere"):
            database.migrate({VERSION + 1: fails}, VERSION + 1)
        with database.read() as connection:
            assert version_of(connection) == VERSION
            assert "third" not in sa.inspect(connection).get_table_names()
        with database.engine.begin() as connection:
            migrate(connection, {}, VERSION)
    finally:
        database.close()


def test_another_who_writes_is_waited_for_and_said(postgresql: Server) -> None:
    url = postgresql.new()
    said: list[str] = []
    with open_store(url) as holder, open_store(url, said.append) as store:
        begun = threading.Event()

        def hold(_: sa.Connection) -> None:
            begun.set()
            time.sleep(2.5)

        names = [pair_name("s", "one")]
        thread = threading.Thread(target=holder.database.write, args=(hold, names))
        assert store.history.tallies() == []
        thread.start()
        begun.wait(10)
        store.add(run_of({("s", "two"): [Verdict.PASS]}, day(1)))
        assert said == [], "it writes something else"
        assert store.history.tallies(), "who reads does not wait"
        store.add(run_of({("s", "one"): [Verdict.PASS]}, day(1)))
        thread.join()
    (line,) = said
    assert "another run is writing it; waiting up to 300 s" in line


def test_a_transaction_that_another_came_between_is_done_again(place: str) -> None:
    """As PostgreSQL tells a serialisation failure or a deadlock."""
    database = Database(place)
    tries = []

    class PassingError(Exception):
        sqlstate = "40001"

    def work(connection: sa.Connection) -> int:
        tries.append(connection.execute(sa.text("select 1")).scalar_one())
        if len(tries) < 3:
            raise sa.exc.DBAPIError("statement", {}, PassingError("could not serialize access"))
        return 7

    try:
        assert database.write(work) == 7
        assert len(tries) == 3
    finally:
        database.close()


def test_a_copy_of_many_rows(postgresql: Server, tmp_path: Path) -> None:
    """More than are held at a time, by the quick road."""
    with open_store(tmp_path / "one.sqlite") as store:
        store.add(run_of({("s", "one"): [Verdict.FAIL, Verdict.PASS] * 3000}, day(1)))
    url = postgresql.new()
    assert copy_store(str(tmp_path / "one.sqlite"), url) == 0
    with open_store(url) as store:
        assert len(store.history.changes(1)) == 3000
        assert len(store.records.read(1).results) == 6000
