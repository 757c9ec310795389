"""What a cluster costs, in one run: an execution more than local lanes, two workers beside one, and what one scheduler bears.

    python bench/cluster/measure.py [--only overhead|workers|client|scheduler] [--update-status]

Needs the extra `cluster`; `overhead` and `workers` need the suite test262 (LOCKSTEP_SUITES) too.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from null_transport import NullTransport

from lockstep.harness.cluster.addresses import Address
from lockstep.harness.cluster.backlog import Task
from lockstep.harness.cluster.dispatch import Dispatcher
from lockstep.harness.cluster.packing import Shipment
from lockstep.harness.cluster.travelling import Order
from lockstep.harness.execution import Override
from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import dump_yaml, load_yaml

HERE = Path(__file__).parent
LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli"]
NULL = f"null=protocol:{sys.executable} {HERE.parent / 'harness' / 'null_engine.py'}"
ROUNDS = 3
CASES_A_BATCH = 100
SECONDS = 10.0


def run(engine: str, *more: str) -> tuple[float, int]:
    """Seconds and executions of a run of test262."""
    words = [*LOCKSTEP, "run", "test262", "--engine", engine, "--no-history", "--fail-on", "never", *more]
    started = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    numbers = re.search(r"^test262 .*? (\d+) +[\d.]+ %", done.stdout, re.MULTILINE)
    if numbers is None:
        sys.exit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return seconds, int(numbers[1])


def slope(engine: str, few: tuple[str, ...], many: tuple[str, ...], *where: str) -> float:
    """Milliseconds of an execution, without what a run costs once; the best of some rounds."""
    (base, least) = min(run(engine, *few, *where) for _ in range(ROUNDS))
    (whole, most) = min(run(engine, *many, *where) for _ in range(ROUNDS))
    return 1e3 * (whole - base) / (most - least)


def overhead() -> dict[str, object]:
    """Milliseconds of an execution of an engine that does nothing: one local lane, and one worker."""
    few, many = ("--sample", "400"), ("--sample", "8")
    here = slope(NULL, few, many, "-j", "1")
    there = slope(NULL, few, many, "--cluster", "local:1")
    return {
        "local lane, ms an execution": round(here, 3),
        "worker, ms an execution": round(there, 3),
        "more than a local lane, ms an execution": round(there - here, 3),
    }


def workers() -> dict[str, object]:
    """How much faster two workers are than one, with an engine that works; starts of clusters left out.

    A round runs all of them after each other, so that what else the machine does meets all alike; the best of some rounds.
    """
    few, many = (
        ("--filter", "language/expressions/a*", "--sample", "50"),
        ("--filter", "language/expressions/*", "--sample", "3"),
    )
    places = {"one": ("--cluster", "local:1"), "two": ("--cluster", "local:2"), "lanes": ("-j", "2")}
    rounds = [_round(places, {"few": few, "many": many}) for _ in range(ROUNDS)]
    one, two, lanes = (
        min(seconds[name, "many"] for seconds in rounds) - min(seconds[name, "few"] for seconds in rounds)
        for name in places
    )
    return {
        "two workers to one": round(one / two, 2),
        "two workers to two local lanes": round(lanes / two, 2),
    }


def _round(
    places: dict[str, tuple[str, ...]], parts: dict[str, tuple[str, ...]]
) -> dict[tuple[str, str], float]:
    return {
        (name, part): run("javascript:vm", *words, *where)[0]
        for part, words in parts.items()
        for name, where in places.items()
    }


def client() -> dict[str, object]:
    """What the run itself, which judges nothing then, takes of a processor for an execution, record and tables included."""
    with cluster() as (address, _), tempfile.TemporaryDirectory() as folder:
        worker = subprocess.Popen([*LOCKSTEP, "serve", "worker", address], stdout=subprocess.DEVNULL)
        try:
            more = ("--cluster", address, "--output", f"{folder}/run.jsonl")
            (base, least), (whole, most) = (busy_run("--sample", sample, *more) for sample in ("400", "4"))
        finally:
            worker.terminate()
    return {"run, processor ms an execution": round(1e3 * (whole - base) / (most - least), 3)}


def busy_run(*more: str) -> tuple[float, int]:
    """Seconds of a processor that a run took, and its executions; the best of some rounds."""
    found = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _, executions = run(NULL, *more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, executions))
    return min(found)


def scheduler() -> dict[str, object]:
    """Batches a second through one scheduler and one run, and what each takes of a processor, by number of workers."""
    rows: dict[str, object] = {}
    for count in (4, 32, 128):
        rows |= {f"{count} workers, {what}": value for what, value in _through(count).items()}
    return rows


def _through(count: int) -> dict[str, float]:
    order = Order("null", ("s",), (), None, (), Override(), 100, 60.0)
    with cluster() as (address, process):
        workers_of_many = subprocess.Popen([sys.executable, str(HERE / "null_workers.py"), address, str(count)])
        try:
            transport = NullTransport(Address("bench", scheduler=address), count)
            dispatcher = Dispatcher(transport, Shipment(order, {}), lambda line: print(line, file=sys.stderr))
            return _measured(dispatcher, process)
        finally:
            workers_of_many.kill()


@contextmanager
def cluster() -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler of its own: its address, and its process."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scheduler.json"
        words = ["-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
        server = subprocess.Popen(
            [sys.executable, *words, "--scheduler-file", str(place)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not place.is_file():
                time.sleep(0.05)
            address = re.search(r'"address": "(.*?)"', place.read_text())
            assert address is not None
            yield address[1], psutil.Process(server.pid)
        finally:
            server.kill()


def _measured(dispatcher: Dispatcher, process: psutil.Process) -> dict[str, float]:
    tasks = [Task(number, "s", 0, f"language/expressions/case-{number:06}.js", "strict", True, 0.01) for number in range(400_000)]
    own = psutil.Process()
    rows = 0
    began, before = 0.0, (0.0, 0.0)
    for _ in dispatcher.run(tasks):
        rows += 1
        if not began and rows >= CASES_A_BATCH:  # all are ready
            began, before, rows = time.monotonic(), (_busy(process), _busy(own)), 0
        if began and time.monotonic() - began > SECONDS:
            break
    seconds = time.monotonic() - began
    batches = rows / CASES_A_BATCH
    return {
        "batches a second": round(batches / seconds, 1),
        "scheduler, processor ms a batch": round(1e3 * (_busy(process) - before[0]) / batches, 2),
        "run, processor ms a batch": round(1e3 * (_busy(own) - before[1]) / batches, 2),
    }


def _busy(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


PARTS = {"overhead": overhead, "workers": workers, "client": client, "scheduler": scheduler}


def main() -> None:
    """Measure, print, and write to status/bench.yaml where that is wanted."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--only", choices=list(PARTS))
    options.add_argument("--update-status", action="store_true")
    given = options.parse_args()
    found = {name: part() for name, part in PARTS.items() if given.only in (None, name)}
    for name, rows in found.items():
        print(f"{name}:")
        for what, value in rows.items():
            print(f"  {what}: {value}")
    if given.update_status:
        path = status_folder() / "bench.yaml"
        content = load_yaml(path)
        content["cluster"] = {**content.get("cluster", {}), "measured": time.strftime("%Y-%m-%d"), **found}
        head = "".join(line for line in path.read_text().splitlines(keepends=True) if line.startswith("#"))
        dump_yaml(path, content, head)


if __name__ == "__main__":
    main()
