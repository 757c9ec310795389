"""What the store takes at scale: rows a second, bytes a row, and the time of each question that a page asks.

    python bench/store/measure.py RECORD... --store postgresql://USER@HOST/EMPTY [--rows N] [--writers N] [--only PART] [--update-status]

RECORD is a real one of a suite that is at hand (LOCKSTEP_SUITES), best of engines that are good and bad at it:

    lockstep run test262 --engine javascript:vm,mujs,node --sample 15 --fail-on never --output RECORD

Its results are dealt out over all executions of the suite, as those of as many engines as there are to be: the names and their number are
the suite's, verdicts, reasons, steps and times the record's. Each run repeats the one before with other times and a share of changed
verdicts. The database must be empty, and on this machine, so that the processor time of the server can be read beside that of the
writers: wall time says little on a machine that does other things too.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil

from lockstep.harness.messages import EngineRow, RecordHeader
from lockstep.harness.model import Outcome, Result, Verdict
from lockstep.harness.store.database import Database
from lockstep.harness.store.measure import measure
from lockstep.harness.records.record import Run, read_run
from lockstep.harness.status.status import status_folder
from lockstep.harness.store.store import open_store
from lockstep.harness.status.yaml_file import dump_yaml, load_yaml
from lockstep.harness.suites import open_suite

# Of the executions of a run, those whose verdict is another than the day before: about fifty of Test262.
CHURN = 0.0005
PARTS = ("first", "one", "many", "sizes", "queries", "year", "outcomes", "plain", "file")
# Runs of ten engines with 10^9 results of Test262 together.
YEAR = 11_018


class Source:
    """Runs of a suite as large as it is, made of what a real record holds."""

    def __init__(self, records: list[Path], engines: int) -> None:
        runs = [read_run(record) for record in records]
        self.suite, self.revision = next(iter(runs[0].header.revision.items()))
        self.names = [(case.id, mode) for case in open_suite(self.suite).cases() for mode in case.modes]
        kinds: dict[str, list[Result]] = {}
        for result in (one for run in runs for one in run.results.values()):
            kinds.setdefault(result.engine, []).append(result)
        self._kinds = list(kinds.values())
        self.engines = [f"engine-{number}" for number in range(engines)]

    def run(self, number: int, turn: int) -> Run:
        """What engine `number` does at its run `turn`."""
        engine = self.engines[number]
        samples = self._kinds[number % len(self._kinds)]
        deal, chance = random.Random(number), random.Random(f"{number} {turn}")
        results = {}
        for case, mode in self.names:
            one = samples[deal.randrange(len(samples))]
            verdict, reason = one.verdict, one.reason
            # Changed on some day, and back on another.
            if deal.random() < CHURN * 20 and chance.random() < 0.05:
                verdict = Verdict.FAIL if verdict is Verdict.PASS else Verdict.PASS
                reason = "" if verdict is Verdict.PASS else "threw Test262Error: it was otherwise yesterday"
            result = msgspec.structs.replace(
                one, suite=self.suite, case=case, mode=mode, engine=engine, verdict=verdict, reason=reason,
                ms=round(one.ms * chance.uniform(0.8, 1.3), 3),
            )
            results[result.key] = result
        header = RecordHeader(
            1, self.suite, {self.suite: self.revision},
            (EngineRow(engine, "javascript", f"{engine} 1.{turn}", "bench", f"{number:04}{turn:08}"),),
            f"2026-01-01T00:{turn // 60 % 60:02}:{turn % 60:02}+00:00", "whole", planned=len(results),
        )
        return Run(header, results, complete=True, finished=header.started)


class Clock:
    """Wall time, and processor time of the server and of this process."""

    def __init__(self, url: str) -> None:
        database = Database(url)
        with database.read() as connection:
            backend = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        self._server = psutil.Process(backend).parent()
        database.close()
        self.start()

    def start(self) -> None:
        self._before = (time.monotonic(), self._server_seconds(), time.process_time())

    def read(self) -> tuple[float, float, float]:
        """Seconds since the start: wall, of the server, of this process."""
        now = (time.monotonic(), self._server_seconds(), time.process_time())
        wall, server, own = (after - before for after, before in zip(now, self._before, strict=True))
        return wall, server, own

    def _server_seconds(self) -> float:
        total = 0.0
        for process in (self._server, *self._server.children()):
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            total += times.user + times.system
            if process == self._server:
                total += times.children_user + times.children_system
        return total


def rates(rows: int, wall: float, server: float, writers: float) -> dict[str, object]:
    return {
        "rows": rows,
        "rows a second": round(rows / wall),
        "server microseconds a row": round(server / rows * 1e6, 2),
        "writer microseconds a row": round(writers / rows * 1e6, 2),
    }


def write_runs(url: str, source: Source, clock: Clock, turns: list[tuple[int, int]]) -> dict[str, object]:
    """One writer, one run after the other; making them does not count."""
    total = [0.0, 0.0, 0.0]
    rows = 0
    with open_store(url) as store:
        for number, turn in turns:
            run = source.run(number, turn)
            clock.start()
            store.add(run)
            total = [before + more for before, more in zip(total, clock.read(), strict=True)]
            rows += len(run.results)
    return rates(rows, *total)


def _writer(url: str, records: list[Path], engines: int, turns: list[tuple[int, int]], ready: Any, found: Any) -> None:
    source = Source(records, engines)
    runs = [source.run(number, turn) for number, turn in turns]
    with open_store(url) as store:
        store.history.tallies(last=1)
        ready.wait()
        before, longest = time.process_time(), 0.0
        for run in runs:
            started = time.monotonic()
            store.add(run)
            longest = max(longest, time.monotonic() - started)
        found.put((sum(len(run.results) for run in runs), time.process_time() - before, longest))


def write_together(url: str, records: list[Path], engines: int, clock: Clock, turns: list[list[tuple[int, int]]]) -> dict[str, object]:
    """Several writers at once, which have their runs ready."""
    context = multiprocessing.get_context("spawn")
    ready, found = context.Barrier(len(turns) + 1), context.Queue()
    processes = [context.Process(target=_writer, args=(url, records, engines, mine, ready, found)) for mine in turns]
    for process in processes:
        process.start()
    ready.wait()
    clock.start()
    results = [found.get() for _ in processes]
    wall, server, _ = clock.read()
    for process in processes:
        process.join()
    rows = sum(number for number, _, _ in results)
    longest = max(seconds for _, _, seconds in results)
    return {**rates(rows, wall, server, sum(own for _, own, _ in results)), "longest run seconds": round(longest, 2)}


def sizes(url: str) -> dict[str, object]:
    """Bytes a row of each table, with and without indices, and of a record a result."""
    database = Database(url)
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")
        found = measure(database)
        with database.read() as connection:
            results = connection.exec_driver_sql(
                "select sum(n::bigint) from lockstep.tallies, lateral (select sum(value::bigint) n from json_each_text(counts::json)) c"
            ).scalar_one()
            packed = connection.exec_driver_sql("select sum(size) from lockstep.record_parts").scalar_one()
    finally:
        database.close()
    rows: dict[str, object] = {"results": int(results), "bytes": found.size, "bytes a result": round(found.size / int(results), 2)}
    rows["packed bytes a result"] = round(int(packed) / int(results), 2)
    for name, one in found.tables.items():
        if one.rows:
            rows[name] = {
                "rows": one.rows,
                "bytes a row": round((one.table or 0) / one.rows, 1),
                "bytes of indices a row": round((one.indices or 0) / one.rows, 1),
            }
    return rows


def queries(url: str, source: Source, newest: int | None = None) -> dict[str, object]:
    """Milliseconds of what pages and commands ask, the middle of seven, after one that does not count."""
    suite, engine = source.suite, source.engines[0]
    case = source.names[len(source.names) // 2][0]
    with open_store(url) as store:
        history, records = store.history, store.records
        last = newest or records.latest(suite, engine).number
        runs = history.tallies(suite, last=20 * len(source.engines))
        first = min(one.run for one in runs)
        asked: dict[str, Callable[[], Any]] = {
            "matrix, newest counts of each engine": records.latest_of_each,
            "plot, last 200 runs of the suite": lambda: history.tallies(suite, last=200),
            "engine page, changes of its last runs": lambda: history.changes_since(suite, engine, first),
            "engine page, its newest record": lambda: records.read(last, suite, engine),
            "engine page, its last verdicts": lambda: history.verdicts(suite, engine),
            "test page, last verdicts": lambda: history.verdicts_of(case, suite),
            "test page, all changes": lambda: history.changes_of(case),
            "changes since twenty runs of each engine": lambda: history.moves(suite, first),
            "list of records, all": records.runs,
            "lockstep history, last 20 runs": lambda: history.tallies(last=20),
            "start of a run, what takes long": lambda: history.slow([suite], [engine]),
        }
        rows: dict[str, object] = {}
        for name, ask in asked.items():
            ask()
            times = []
            for _ in range(7):
                started = time.perf_counter()
                found = ask()
                times.append(time.perf_counter() - started)
            rows[name] = {"ms": round(statistics.median(times) * 1e3, 2), "rows": len(getattr(found, "results", found))}
    return rows


def year(url: str, source: Source) -> dict[str, object]:
    """The same questions where history and lists of records are as long as 10^9 results make them; the records are empty, but for those that were written."""
    size, engines = len(source.names), len(source.engines)
    counts, changes = json.dumps({"pass": size - 500, "fail": 500}), round(size * CHURN * 2)
    database = Database(url)
    try:
        with database.engine.begin() as connection:
            run = connection.exec_driver_sql
            first = run("select max(id) + 1 from lockstep.runs").scalar_one()
            engine = f"'engine-' || (g %% {engines})"
            of = {"suite": source.suite, "counts": counts}
            series = f"from generate_series({first}, {YEAR}) g"
            run(f"insert into lockstep.runs select g, '2026-06-01T00:00:00+00:00', '2026-06-01T00:30:00+00:00', 'whole', 8 {series}")
            run(f"insert into lockstep.tallies select g, %(suite)s, 'r', {engine}, 'h' || g, 600, %(counts)s {series}", of)
            run(f"insert into lockstep.records select g, '{{}}', true, '2026-06-01T00:30:00+00:00' {series}")
            run(
                f"insert into lockstep.record_parts select g, %(suite)s, {engine}, 'r', 'javascript', 'engine 1.0', 'h' || g, true, "
                f"%(counts)s, 0, 'none', '' {series}", of,
            )
            run(
                "insert into lockstep.changes select g, e.low + (g::bigint * 97 + k * 1009) %% e.n, 'pass', 'fail', "
                f"'threw Test262Error: expected a value that it was not, on that day' {series}, generate_series(1, {changes}) k, "
                "(select engine, min(id) low, count(*) n from lockstep.executions group by engine) e "
                f"where e.engine = {engine} on conflict do nothing"
            )
            run("select setval('lockstep.runs_id_seq', (select max(id) from lockstep.runs))")
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")
        found = measure(database)
    finally:
        database.close()
    names = ("runs", "tallies", "changes", "record_parts")
    rows: dict[str, object] = {f"{name} rows": found.tables[name].rows for name in names}
    rows |= {f"{name} bytes": (found.tables[name].table or 0) + (found.tables[name].indices or 0) for name in names}
    with open_store(url) as store:
        # Of the newest that are more than names.
        whole = max(one.number for one in store.records.runs(source.suite, source.engines[0]) if one.size)
    return {**rows, **queries(url, source, whole)}


def outcomes(url: str, clock: Clock, number: int = 100_000) -> dict[str, object]:
    """Microseconds to keep and to find an outcome."""
    outcome = Outcome("completed", output="x" * 40, steps=1000, ms=2.5)
    keys = [f"{random.Random(one).getrandbits(256):064x}" for one in range(number)]
    rows: dict[str, object] = {}
    with open_store(url) as store:
        clock.start()
        for key in keys:
            store.outcomes.keep(key, outcome)
    rows["keep"] = rates(number, *clock.read())
    with open_store(url) as store:
        store.outcomes.find(keys[0])
        clock.start()
        for key in keys:
            store.outcomes.find(key)
        rows["find"] = rates(number, *clock.read())
    database = Database(url)
    try:
        size = measure(database).tables["outcomes"]
        rows["bytes a row"] = round(((size.table or 0) + (size.indices or 0)) / size.rows, 1)
    finally:
        database.close()
    return rows


def file(source: Source) -> dict[str, object]:
    """The same in a file of SQLite: processor time of this process."""
    rows: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with open_store(path) as store:
            for turn, name in enumerate(("first run", "second run", "third run")):
                run = source.run(0, turn)
                started = time.process_time()
                store.add(run)
                rows[f"{name}, microseconds a row"] = round((time.process_time() - started) / len(run.results) * 1e6, 2)
        rows["bytes after three runs"] = path.stat().st_size
        outcome = Outcome("completed", output="x" * 40, steps=1000, ms=2.5)
        keys = [f"{number:064}" for number in range(100_000)]
        with open_store(path) as store:
            started = time.process_time()
            for key in keys:
                store.outcomes.keep(key, outcome)
        rows["keep microseconds"] = round((time.process_time() - started) / len(keys) * 1e6, 1)
        with open_store(path) as store:
            started = time.process_time()
            for key in keys:
                store.outcomes.find(key)
            rows["find microseconds"] = round((time.process_time() - started) / len(keys) * 1e6, 1)
    return rows


def plain(url: str, clock: Clock, rows: int, source: Source) -> dict[str, object]:
    """A row for each result, as small as it can be made, in partitions of a month: what the store does not do."""
    import psycopg

    size = len(source.names)
    address = url.replace("postgresql+psycopg", "postgresql")
    found: dict[str, object] = {}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create schema if not exists plain")
        connection.execute(
            "create table plain.results (run int not null, execution int not null, verdict smallint not null, steps int, ms real, "
            "reason int) partition by range (run)"
        )
        runs = rows // size
        for start in range(0, runs, 30):
            connection.execute(f"create table plain.results_{start} partition of plain.results for values from ({start}) to ({start + 30})")
        chance = random.Random(1)
        clock.start()
        for run in range(runs):
            with connection.cursor().copy("copy plain.results from stdin") as stream:
                for execution in range(size):
                    stream.write_row((run, execution, 0, 1000 + execution % 77, round(chance.uniform(0.5, 4), 3), None))
        found |= rates(runs * size, *clock.read())
        clock.start()
        connection.execute("alter table plain.results add primary key (run, execution)")
        connection.execute("create index on plain.results (execution, run)")
        found["indices, server microseconds a row"] = round(clock.read()[1] / (runs * size) * 1e6, 2)
        (table, indices) = connection.execute(
            "select sum(pg_table_size(inhrelid)), sum(pg_indexes_size(inhrelid)) from pg_inherits where inhparent = 'plain.results'::regclass"
        ).fetchone()
        found["bytes a row"] = round(float(table) / (runs * size), 1)
        found["bytes of indices a row"] = round(float(indices) / (runs * size), 1)
        connection.execute("drop schema plain cascade")
    return found


def shown(rows: dict[str, object], depth: int = 0) -> Iterator[str]:
    for name, value in rows.items():
        if isinstance(value, dict):
            yield f"{'  ' * depth}{name}:"
            yield from shown(value, depth + 1)
        else:
            yield f"{'  ' * depth}{name}: {value:,}" if isinstance(value, int | float) else f"{'  ' * depth}{name}: {value}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, nargs="+", metavar="RECORD")
    parser.add_argument("--store", required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--engines", type=int, default=10)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--only", choices=PARTS, action="append", default=[])
    parser.add_argument("--json", type=Path, help="also write the figures to a file")
    parser.add_argument("--update-status", action="store_true", help="write them to status/bench.yaml, as `store`")
    options = parser.parse_args()
    source = Source(options.records, options.engines)
    clock = Clock(options.store)
    size, engines = len(source.names), options.engines
    turns = max(3, round(options.rows / size / engines))
    alone = max(1, (turns - 1) // 2)
    # Each engine is one writer's.
    together = [
        [(number, turn) for turn in range(1 + alone, turns) for number in range(engines) if number % options.writers == writer]
        for writer in range(options.writers)
    ]
    parts: dict[str, Callable[[], dict[str, object]]] = {
        "first": lambda: write_runs(options.store, source, clock, [(number, 0) for number in range(engines)]),
        "one": lambda: write_runs(
            options.store, source, clock, [(number, turn) for turn in range(1, 1 + alone) for number in range(engines)]
        ),
        "many": lambda: write_together(options.store, options.records, engines, clock, together),
        "sizes": lambda: sizes(options.store),
        "queries": lambda: queries(options.store, source),
        "year": lambda: year(options.store, source),
        "outcomes": lambda: outcomes(options.store, clock),
        "plain": lambda: plain(options.store, clock, options.rows, source),
        "file": lambda: file(source),
    }
    rows: dict[str, object] = {"measured": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "executions": size}
    for name, part in parts.items():
        if options.only and name not in options.only:
            continue
        measured = rows[name] = part()
        measured["load"] = round(os.getloadavg()[0], 1)
        print("\n".join(shown({name: measured})), flush=True)
        if options.json is not None:
            options.json.write_text(json.dumps(rows, indent=1))
    if options.update_status:
        path = status_folder() / "bench.yaml"
        content = load_yaml(path)
        content["store"] = {**content.get("store", {}), **rows}
        head = "".join(line + "\n" for line in path.read_text().splitlines() if line.startswith("#"))
        dump_yaml(path, content, head)


if __name__ == "__main__":
    sys.exit(main())
