"""The store of history, outcomes and records: the same over SQLite and over a real PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from lockstep.harness.model import Outcome, Result, Verdict
from lockstep.harness.records.record import read_run
from lockstep.harness.store.copying import copy
from lockstep.harness.store.database import Database
from lockstep.harness.store.measure import measure
from lockstep.harness.store.migrations import VERSION
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.retention import Pruned, prune
from lockstep.harness.store.store import Store, open_store
from lockstep.harness.store.tables import OUTCOMES
from tests.harness.black_box import fake, lockstep, run
from tests.harness.postgres import PASSWORD, Server
from tests.harness.stored import day, run_of

PASS, FAIL, CRASH, TIMEOUT = Verdict.PASS, Verdict.FAIL, Verdict.CRASH, Verdict.TIMEOUT
ONE, TWO = ("s", "one"), ("s", "two")


def filled(store: Store) -> Store:
    """Four runs: two engines, then one that gets worse and better, one of another suite that is cut off."""
    for number, verdicts in enumerate(
        (
            {ONE: [PASS, FAIL, PASS], TWO: [PASS, PASS, CRASH]},
            {ONE: [FAIL, FAIL, PASS]},
            {ONE: [PASS, TIMEOUT, PASS, PASS]},
        ),
        1,
    ):
        assert store.add(run_of(verdicts, day(number)), workers=number) == number
    assert store.add(run_of({("t", "one"): [FAIL]}, day(4), complete=False)) == 4
    return store


def test_what_runs_counted_and_changed(place: str) -> None:
    with open_store(place) as store:
        history = filled(store).history
        tallies = history.tallies("s", "one", last=2)
        assert [(one.run, one.counts, one.hash, one.selection) for one in tallies] == [
            (3, {"pass": 3, "timeout": 1}, "aaaa", "whole"),
            (2, {"fail": 2, "pass": 1}, "aaaa", "whole"),
        ]
        assert [(one.run, one.suite, one.engine) for one in history.tallies(last=2)] == [
            (4, "t", "one"), (3, "s", "one"),
        ]  # fmt: skip
        assert tallies[0].seconds == pytest.approx((2.5 * 4 + 6) / 1000)
        assert history.tallies("t")[0].finished is None
        assert [(one.result.case, one.before, str(one.result.verdict)) for one in history.changes(1)] == [
            ("a/1", "", "fail"), ("a/2", "", "crash"),
        ]  # fmt: skip
        assert [
            (one.run, one.before, str(one.result.verdict)) for one in history.changes_of("a/0", "one")
        ] == [
            (2, "pass", "fail"), (3, "fail", "pass"), (4, "", "fail"),
        ]  # fmt: skip
        assert history.changes(2)[0].lost
        assert history.changes(2)[0].result.reason == "fail of 0 — Δ\\ud800"
        assert [one.result.case for one in history.changes_since("s", "one", 3)] == ["a/0", "a/1"]
        assert [(one.run, one.case, one.before, one.after) for one in history.moves("s", 3)] == [
            (3, "a/0", "fail", "pass"), (3, "a/1", "fail", "timeout"),
        ]  # fmt: skip
        assert history.last_changed("s", "one") == {("a/0", ""), ("a/1", "")}
        assert history.verdicts("s", "one") == {
            ("a/0", ""): "pass", ("a/1", ""): "timeout", ("a/2", ""): "pass", ("a/3", ""): "pass",
        }  # fmt: skip
        assert history.verdicts_of("a/1", "s") == {("s", "", "one"): "timeout", ("s", "", "two"): "pass"}
        assert history.has_run(4)
        assert not history.has_run(5)
        assert history.has_case("a/3", "one")
        assert not history.has_case("a/3", "two")
        passed = history.passed_since(day(2))
        assert passed(Result("s", "a/0", "", "one", FAIL))
        assert not passed(Result("s", "a/1", "", "one", FAIL))
        assert not passed(Result("s", "a/0", "", "two", FAIL)), "it has not run since"
        many = [passed(Result("s", f"a/{number % 5}", "", "one", FAIL)) for number in range(50)]
        assert many == [True, False, True, True, False] * 10


def test_a_run_is_known_again(place: str) -> None:
    with open_store(place) as store:
        filled(store)
        known = run_of({ONE: [FAIL, FAIL, PASS]}, day(2))
        assert store.history.holds(known.results.values(), day(2)) == 2
        assert store.history.holds(known.results.values(), day(3)) is None
        other = run_of({ONE: [PASS, FAIL, PASS]}, day(2))
        assert store.history.holds(other.results.values(), day(2)) is None


def test_executions_that_take_long_are_known(place: str) -> None:
    with open_store(place) as store:
        store.add(run_of({ONE: [PASS, FAIL]}, day(1), ms=99.5))
        assert store.history.slow() == {("s", "a/1", "", "one"): 100.5}
        store.add(run_of({TWO: [PASS], ("t", "one"): [PASS]}, day(1), ms=200.0))
        assert store.history.slow(["s"], ["one"]) == {("s", "a/1", "", "one"): 100.5}
        assert len(store.history.slow()) == 3
        store.add(run_of({ONE: [PASS, FAIL]}, day(2), ms=300.0))
        assert store.history.slow(["s"], ["one"]) == {
            ("s", "a/0", "", "one"): 300.0, ("s", "a/1", "", "one"): 301.0,
        }  # fmt: skip


@pytest.mark.parametrize("number", [100, 3000])
def test_few_and_many_executions_go_the_same_way(place: str, number: int) -> None:
    """Of few only these are looked up; many go by another road into PostgreSQL."""
    with open_store(place) as store:
        store.add(run_of({ONE: [PASS, FAIL] * (number // 2), TWO: [PASS] * number}, day(1)))
        store.add(run_of({ONE: [FAIL, PASS] * (number // 2)}, day(2)))
        assert len(store.history.changes(1)) == number // 2
        found = store.history.changes(2)
        assert {(one.before, str(one.result.verdict)) for one in found} == {
            ("pass", "fail"),
            ("fail", "pass"),
        }
        assert len(found) == number
        assert list(store.history.verdicts("s", "one").values()).count("pass") == number // 2
        assert set(store.history.verdicts("s", "two").values()) == {"pass"}


def test_a_record_is_read_as_it_was(place: str) -> None:
    with open_store(place) as store:
        whole = run_of({ONE: [PASS, FAIL], TWO: [CRASH], ("t", "one"): [PASS]}, day(1))
        cut = run_of({ONE: [FAIL]}, day(2), complete=False)
        alone = run_of({ONE: [PASS]}, day(3), options="--filter x")
        numbers = [store.add(whole), store.add(cut), store.records.add(alone)]
        for number, one in zip(numbers, (whole, cut, alone), strict=True):
            found = store.records.read(number)
            assert (found.header, found.complete, found.finished) == (one.header, one.complete, one.finished)
            assert found.results == one.results
            assert str(found.scope) == str(one.scope)
        part = store.records.read(1, "s", "one")
        assert {key[::3] for key in part.results} == {ONE}
        assert (part.engines, part.header.revision, part.scope.whole) == (["one"], {"s": "r1"}, True)
        assert not store.records.read(2, "s", "one").scope.whole


def test_what_is_stored_is_listed(place: str) -> None:
    with open_store(place) as store:
        records = filled(store).records
        assert [(one.number, one.suite, one.engine, one.whole) for one in records.runs()] == [
            (4, "t", "one", False), (3, "s", "one", True), (2, "s", "one", True), (1, "s", "one", True), (1, "s", "two", True),
        ]  # fmt: skip
        assert [one.number for one in records.runs("s", "one", last=2)] == [3, 2]
        latest = records.latest("s", "two")
        assert latest is not None
        assert (latest.number, latest.version, latest.hash, latest.language, latest.revision) == (
            1, "two 2.0", "bbbb", "javascript", "r1",
        )  # fmt: skip
        assert latest.counts == {"pass": 2, "crash": 1}
        assert (latest.total, latest.started, latest.finished) == (3, day(1), "2020-01-01T01:00:00+00:00")
        assert records.latest("t", "one") is None
        assert records.latest("t", "one", whole=False) is not None
        assert [(one.suite, one.engine, one.number) for one in records.latest_of_each()] == [
            ("s", "one", 3), ("s", "two", 1),
        ]  # fmt: skip
        for number, suite in ((9, None), (1, "t")):
            with pytest.raises(StoreError, match=f"holds no record {number}"):
                records.read(number, suite)


def test_outcomes_are_found_again(place: str) -> None:
    odd = Outcome("threw", error="E", message="half \ud800 a pair\0", output="Δ" * 3, steps=7, ms=2.0)
    with open_store(place) as store:
        store.outcomes.keep("a" * 64, odd)
        store.outcomes.keep("b" * 64, Outcome("crash"))
        store.outcomes.keep("c" * 64, Outcome("timeout", wall=True))
        assert store.outcomes.find("a" * 64) is None, "it is written at the end"
    with open_store(place) as store:
        assert store.outcomes.find("a" * 64) == odd
        assert [store.outcomes.find(key * 64) for key in "bc"] == [None, None]
        for number in range(1200):
            store.outcomes.keep(f"{number:064}", Outcome("completed", output=str(number)))
        store.outcomes.keep("a" * 64, Outcome("completed"))
        found = store.outcomes.find(f"{7:064}")
        assert found is not None, "they are written now and then"
        assert found.output == "7"
        assert store.outcomes.used == 2
    with open_store(place) as store:
        assert store.outcomes.find("a" * 64) == Outcome("completed")


def test_what_is_old_is_taken_out_and_history_stays(place: str) -> None:
    with open_store(place) as store:
        filled(store)
        store.records.add(run_of({ONE: [PASS]}, day(5), complete=False))
        store.outcomes.keep("a" * 64, Outcome("completed"))
        before = [store.history.changes(run) for run in range(1, 5)], store.history.tallies()
    database = Database(place)
    try:
        assert prune(database, keep=3, dry_run=True).records == 1
        assert prune(database, keep=4, days=1).records == 0
        found = prune(database, keep=1)
        assert (found.records, found.outcomes) == (2, 0), "the newest whole one stays beside the newest"
        assert found.size > 0
        assert prune(database, days=1) == Pruned()
        with database.engine.begin() as connection:
            connection.execute(sa.update(OUTCOMES), {"kept": "2020-01-01"})
        assert prune(database, days=1).outcomes == 1
    finally:
        database.close()
    with open_store(place) as store:
        assert [one.number for one in store.records.runs()] == [5, 4, 3, 1]
        assert [one.engine for one in store.records.runs(suite="s") if one.number == 1] == ["two"]
        assert ([store.history.changes(run) for run in range(1, 5)], store.history.tallies()) == before
        assert not store.records.read(1).scope.whole, "half of it is gone, and it says so"


def test_a_store_is_copied_into_another_and_goes_on(place: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.sqlite")
    with open_store(other) as store:
        filled(store)
        store.outcomes.keep("a" * 64, Outcome("completed"))
    source, target = Database(other), Database(place)
    try:
        assert copy(source, target)["runs"] == 4
        with pytest.raises(StoreError, match="already; a store is copied"):
            copy(source, target)
        sizes = measure(source), measure(target)
        assert [one.rows for one in sizes[0].tables.values()] == [
            one.rows for one in sizes[1].tables.values()
        ]
        assert sizes[1].version == VERSION
        assert sizes[1].size > 0
    finally:
        source.close()
        target.close()
    with open_store(other) as first, open_store(place) as second:
        assert first.history.tallies() == second.history.tallies()
        assert first.history.changes_of("a/0") == second.history.changes_of("a/0")
        assert first.records.read(1).results == second.records.read(1).results
        assert second.outcomes.find("a" * 64) == Outcome("completed")
        assert second.add(run_of({ONE: [FAIL, FAIL, FAIL, FAIL, FAIL]}, day(9))) == 5
        assert len(second.history.changes(5)) == 5


def test_commands_on_a_store(environment: dict[str, str], tmp_path: Path, place: str) -> None:
    """One that is named by the command line, the environment, or the project file."""
    record = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("always-pass"), "--store", place, "--output", str(record))
    assert not Path(environment["LOCKSTEP_HISTORY"]).exists()
    team = {**environment, "LOCKSTEP_STORE": place}
    run(team, "--engine", f"better=protocol:{fake('always-throw').removeprefix('cmd:')}", "--reuse")
    lines = lockstep(team, "history", "test262").stdout.splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["store:2", "store:1"]
    (tmp_path / "lockstep.toml").write_text(f'[lockstep]\nstore = "{place}"\n')
    configured = ("--config", str(tmp_path / "lockstep.toml"))
    assert lockstep(environment, *configured, "history", "test262").stdout.splitlines() == lines
    # A record of the store is as good as a file.
    name = json.loads(record.read_text().splitlines()[0])["engines"][0]["name"]
    for stored in ("store:1", f"store:test262@{name}"):
        assert " 0 differ" in lockstep(team, "diff", stored, str(record)).stdout
    assert "wrote" in lockstep(team, "merge", "store:1", "--output", str(tmp_path / "again.jsonl")).stdout
    assert read_run(tmp_path / "again.jsonl").results == read_run(record).results
    lockstep(team, "report", "store:2", "--summary", str(tmp_path / "summary.md"))
    assert "always" in lockstep(team, "gate", "store:1", "--fail-on", "never").stdout
    failing = read_run(record).results.values()
    output = tmp_path / "failing.jsonl"
    run(team, "--engine", fake("always-pass"), "--rerun", "store:1", "--output", str(output))
    assert {one.case for one in read_run(output).results.values()} == {
        one.case for one in failing if one.verdict is not PASS
    }
    assert "as run 1" in lockstep(team, "store", "add", str(record)).stderr
    assert "holds no record 77" in lockstep(team, "report", "store:77", code=2).stderr
    assert "holds no record of lua on x" in lockstep(team, "report", "store:lua@x", code=2).stderr
    assert "names a record" in lockstep(team, "report", "store:lua", code=2).stderr
    info = lockstep(team, "store", "info")
    assert f"version {VERSION}" in info.stdout
    rows = json.loads(lockstep(team, "store", "info", "--json").stdout)[0]["tables"]
    assert (rows["runs"]["rows"], rows["record_parts"]["rows"]) == (3, 3)
    assert rows["outcomes"]["rows"] > 0
    run(team, "--engine", fake("always-pass"))
    assert "would take out 2 records" in lockstep(team, "store", "prune", "--keep", "1", "--dry-run").stdout
    lockstep(team, "store", "prune", code=2)
    assert f"version {VERSION}" in lockstep(team, "store", "migrate").stdout
    lockstep(team, "store", "copy", place, str(tmp_path / "copy.sqlite"))
    assert (
        lockstep(team, "history", "--store", str(tmp_path / "copy.sqlite")).stdout
        == lockstep(team, "history").stdout
    )
    assert PASSWORD not in info.stdout + record.read_text()
    if place.startswith("postgresql"):
        assert ":***@127.0.0.1" in info.stdout
    assert "it names nothing" in lockstep(environment, "history", "--store", " ", code=2).stderr


def test_the_history_of_version_1_is_brought_on(tmp_path: Path) -> None:
    """The tables as the versions before this one wrote them; an old history may lack `slow`."""
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as old:
        old.executescript(
            """
            create table runs (id integer primary key, started text not null, finished text, selection text not null,
                workers integer not null);
            create table tallies (run integer not null references runs, suite text not null, revision text not null,
                engine text not null, hash text not null, seconds real not null, counts text not null,
                primary key (run, suite, engine)) without rowid;
            create table executions (id integer primary key, suite text not null, case_id text not null,
                mode text not null, engine text not null, verdict text not null,
                unique (suite, case_id, mode, engine));
            create table changes (run integer not null references runs, execution integer not null references executions,
                before text not null, verdict text not null, reason text not null,
                primary key (run, execution)) without rowid;
            insert into runs values (1, '2020-01-01T00:00:00+00:00', null, 'partial', 2);
            insert into tallies values (1, 's', 'r0', 'one', 'h', 1.5, '{"pass": 1, "fail": 1}');
            insert into executions values (1, 's', 'a/0', '', 'one', 'pass'), (2, 's', 'a/1', '', 'one', 'fail');
            insert into changes values (1, 2, '', 'fail', 'why');
            pragma user_version = 1;
            """
        )
    with sqlite3.connect(tmp_path / "outcomes.sqlite") as old:
        old.executescript(
            """
            create table outcomes (key text primary key, outcome text not null) without rowid;
            insert into outcomes values ('k', '{"completion": "completed", "output": "1"}');
            pragma user_version = 1;
            """
        )
    with open_store(path) as store:
        (tally,) = store.history.tallies()
        assert (tally.revision, tally.finished, tally.seconds, tally.counts) == (
            "r0",
            None,
            1.5,
            {"pass": 1, "fail": 1},
        )
        assert store.history.changes(1)[0].result.reason == "why"
        assert store.history.slow() == {}
        assert store.records.runs() == []
        assert store.add(run_of({ONE: [FAIL, FAIL]}, day(2), ms=200.0)) == 2
        assert [one.result.case for one in store.history.changes(2)] == ["a/0"]
        assert len(store.history.slow()) == 2
        assert store.records.read(2).results
    with sqlite3.connect(path) as now:
        assert now.execute("pragma user_version").fetchone() == (VERSION,)
        indices = {name for (name,) in now.execute("select name from sqlite_master where type = 'index'")}
        assert {"executions_pair", "changes_execution"} <= indices
    with open_store(tmp_path / "outcomes.sqlite") as store:
        found = store.outcomes.find("k")
        assert found is not None
        assert found.output == "1"
    database = Database(tmp_path / "outcomes.sqlite")
    try:
        assert prune(database, days=1).outcomes == 0, "nobody knows how old it is: it is new"
    finally:
        database.close()


def test_names_of_a_team_stand_apart(postgresql: Server) -> None:
    """Another program's tables in the same database are left alone."""
    url = postgresql.new()
    name = url.rpartition("/")[2]
    postgresql.execute("create table runs (mine text)", name)
    with open_store(url) as store:
        filled(store)
    tables = postgresql.execute(
        "select schemaname || '.' || tablename from pg_tables where tablename = 'runs'", name
    )
    assert set(tables.split()) == {"public.runs", "lockstep.runs"}
