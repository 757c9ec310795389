"""What goes wrong with a store: one line that says it, no password, and nothing that was finished is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from lockstep.harness.model import Verdict
from lockstep.harness.records.record import read_run
from lockstep.harness.store.database import Database
from lockstep.harness.store.place import StoreError, shown, sqlite_path
from lockstep.harness.store.store import open_store
from lockstep.harness.store.tables import PARTS
from tests.harness.black_box import fake, lockstep, run
from tests.harness.postgres import PASSWORD, Server, server
from tests.harness.stored import day, run_of

ONE = ("s", "one")


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A PostgreSQL that this test may end."""
    with server() as one:
        yield one


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("postgresql://me:secret@host/team", "postgresql://me:***@host/team"),
        ("postgresql://me:se:c/r?e#t@host:5432/team", "postgresql://me:***@host:5432/team"),
        ("postgresql://me:sec@ret@host/team", "postgresql://me:***@host/team"),
        ("postgresql://:secret@host/team", "postgresql://:***@host/team"),
        ("postgresql:///team?user=me&password=secret&sslmode=require", "postgresql:///team?user=me&password=***&sslmode=require"),
        ("postgresql://host/team?sslpassword=secret", "postgresql://host/team?sslpassword=***"),
        ("postgresql://me@host/team", "postgresql://me@host/team"),
        ("/a/file:with@signs", "/a/file:with@signs"),
    ],
)  # fmt: skip
def test_no_password_is_shown(address: str, printed: str) -> None:
    assert shown(address) == printed


def test_addresses_that_are_none() -> None:
    assert sqlite_path("sqlite:///a/b.sqlite") == Path("a/b.sqlite")
    assert sqlite_path("sqlite:////a/b.sqlite") == Path("/a/b.sqlite")
    assert sqlite_path("store.sqlite") == Path("store.sqlite")
    assert sqlite_path("postgres://host/team") is None
    for address in ("sqlite://x", "sqlite:///", "mysql://me:secret@host/team"):
        with pytest.raises(StoreError) as caught:
            sqlite_path(address)
        assert "secret" not in str(caught.value)
    for address in ("postgresql://me:sec@ret@host/team", "postgresql://me:secret@host:port/team"):
        with pytest.raises(StoreError) as caught:
            Database(address)
        assert "ret@" not in str(caught.value)
        assert "secret" not in str(caught.value)


def test_a_server_that_does_not_let_us_in(environment: dict[str, str], postgresql: Server) -> None:
    gone = f"postgresql://tester:{PASSWORD}@127.0.0.1:1/team"
    for url, said in (
        (postgresql.url("postgres", "Wrong-word"), 'password authentication failed for user "tester"'),
        (postgresql.url("no_such"), 'database "no_such" does not exist; it has to be made first'),
        (gone, "Connection refused"),
    ):
        for command in (
            ("history",),
            ("store", "info"),
            ("store", "migrate"),
            ("store", "prune", "--keep", "1"),
        ):
            done = lockstep(environment, *command, "--store", url, code=3)
            assert said in done.stderr
            (line,) = done.stderr.splitlines()
            assert line.startswith("postgresql://tester:***@127.0.0.1")
            assert "Wrong-word" not in line
            assert PASSWORD not in line


def test_who_may_only_read_reads(environment: dict[str, str], postgresql: Server) -> None:
    url = postgresql.new()
    run(environment, "--engine", fake("always-pass"), "--store", url)
    name = url.rpartition("/")[2]
    for statement in (
        "create role reader login password 'r'",
        "grant usage on schema lockstep to reader",
        "grant select on all tables in schema lockstep to reader",
    ):
        postgresql.execute(statement, name)
    for reader, said in (
        (postgresql.url(name, "r", "reader"), "permission denied for table runs; the user needs that right"),
        (
            f"{url}?options=-c%20default_transaction_read_only%3Don",
            "read-only transaction; it may only be read",
        ),
    ):
        assert "store:1" in lockstep(environment, "history", "--store", reader).stdout
        assert "71.4 %" in lockstep(environment, "report", "store:1", "--store", reader).stdout
        done = run(environment, "--engine", fake("always-pass"), "--store", reader)
        assert "71.4 %" in done.stdout
        assert (
            f"not added to the history: {shown(reader)}: cannot execute" in done.stderr or said in done.stderr
        )
        kept = re.search(r"`lockstep store add (\S+)` adds it", done.stderr)
        assert kept is not None
        lockstep(environment, "store", "add", kept[1], "--store", url)
    assert len(lockstep(environment, "history", "--store", url).stdout.splitlines()) == 5


def test_a_server_that_goes_away_during_a_run(
    environment: dict[str, str], own_server: Server, tmp_path: Path
) -> None:
    url = own_server.new()
    record = tmp_path / "run.jsonl"
    words = [
        "run",
        "test262",
        "--engine",
        fake("hang-on-word"),
        "--timeout",
        "2",
        "-j",
        "1",
        "--fail-on",
        "never",
        "--reuse",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "lockstep.harness.cli", *words, "--output", str(record)],
        env={**environment, "LOCKSTEP_STORE": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while not (record.exists() and record.stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    own_server.stop()
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 3, "outcomes could not be kept"
    assert "57.1 %" in output
    assert "Traceback" not in errors
    assert PASSWORD not in output + errors
    assert "not added to the history: postgresql://tester:***@" in errors
    assert f"`lockstep store add {record}` adds it when the store can be used again" in errors
    assert len(read_run(record).results) == 7
    assert read_run(record).complete
    team = {**environment, "LOCKSTEP_STORE": url}
    assert "Connection refused" in lockstep(team, "store", "add", str(record), code=3).stderr
    own_server.start()
    assert "run 1" in lockstep(team, "store", "add", str(record)).stdout
    assert "as run 1" in lockstep(team, "store", "add", str(record)).stderr
    assert " 0 differ" in lockstep(team, "diff", "store:1", str(record)).stdout


def test_a_server_that_is_not_there_costs_no_run(environment: dict[str, str]) -> None:
    """Without a record of its own the run is kept as one beside the caches; so is one of the files on this machine."""
    for variable, place, said in (
        (
            "LOCKSTEP_STORE",
            f"postgresql://tester:{PASSWORD}@127.0.0.1:1/team",
            "the store cannot be used now",
        ),
        ("LOCKSTEP_HISTORY", "/dev/null/history.sqlite", "not added"),
    ):
        pytest.importorskip("psycopg")
        done = run({**environment, variable: place}, "--engine", fake("always-pass"))
        assert "71.4 %" in done.stdout
        assert said in done.stderr
        assert PASSWORD not in done.stderr
        kept = re.search(r"`lockstep store add (\S+)` adds it", done.stderr)
        assert kept is not None
        lockstep(environment, "store", "add", kept[1])
        Path(kept[1]).unlink()
    assert len(lockstep(environment, "history").stdout.splitlines()) == 4


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"^postgresql://me@host/team: needs psycopg: pip install"):
        Database("postgresql://me@host/team")


def test_a_full_disk_adds_all_of_a_run_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with open_store(path) as store:
        assert store.add(run_of({ONE: [Verdict.PASS]}, day(1))) == 1
        database = store.database
        pages = 0
        with database.read() as connection:
            pages = connection.exec_driver_sql("pragma page_count").scalar_one()

        @event.listens_for(database.engine, "checkout")
        def _(connection: Any, *_: object) -> None:
            connection.execute(f"pragma max_page_count = {pages + 2}")

        with pytest.raises(StoreError, match="disk is full; nothing of this was added"):
            store.add(run_of({ONE: [Verdict.FAIL] * 5000}, day(2)))
        assert store.history.verdicts(*ONE) == {("a/0", ""): "pass"}
        assert [one.run for one in store.history.tallies()] == [1]
        assert [one.number for one in store.records.runs()] == [1]


@pytest.mark.parametrize("still_open", [False, True])
def test_a_file_that_may_only_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, still_open: bool
) -> None:
    """Without the right to write it, which root has always; also while another writes it."""
    path = tmp_path / "a store?.sqlite"
    with open_store(path) as writer:
        writer.add(run_of({ONE: [Verdict.PASS]}, day(1)))
        if not still_open:
            writer.close()
        monkeypatch.setattr(os, "access", lambda *_: False)
        with open_store(path) as store:
            assert [one.number for one in store.records.runs()] == [1]
            with pytest.raises(StoreError, match="it may only be read"):
                store.add(run_of({ONE: [Verdict.FAIL]}, day(2)))


def test_records_that_are_damaged_or_of_tomorrow(place: str) -> None:
    with open_store(place) as store:
        store.add(run_of({ONE: [Verdict.PASS]}, day(1)))
        for values, said in (({"body": b"no"}, "is damaged"), ({"form": "tomorrow's"}, "by a newer version")):
            with store.database.engine.begin() as connection:
                connection.execute(sa.update(PARTS), values)
            with pytest.raises(StoreError, match=said):
                store.records.read(1)
        assert store.history.verdicts(*ONE), "the history does not need it"


def test_engines_do_not_get_the_address(environment: dict[str, str], tmp_path: Path) -> None:
    team = {**environment, "LOCKSTEP_STORE": str(tmp_path / "store.sqlite"), "LOCKSTEP_SEEN": "by all"}
    script = tmp_path / "show.sh"
    script.write_text('echo "$LOCKSTEP_SEEN, $LOCKSTEP_STORE."\n')
    done = lockstep(team, "exec", "javascript", "--engine", f"shown=sh {script} {{file}}", "-e", "1")
    assert "by all, ." in done.stdout
