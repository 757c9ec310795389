"""What a worker of a cluster does for a run: it opens the suites, keeps the engines running, and runs batches."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from lockstep.harness.cluster.content import ContentStore
from lockstep.harness.cluster.packing import placed
from lockstep.harness.cluster.travelling import (
    Answer,
    Batch,
    BatchCase,
    EngineOrder,
    Introduction,
    Order,
    Readiness,
    Row,
    id_text,
)
from lockstep.harness.engines.lane import Processes, UnusableEngineError
from lockstep.harness.engines.registry import resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, execute
from lockstep.harness.model import Case, MissingError, Suite
from lockstep.harness.project.file import NAME, Project
from lockstep.harness.selection import Execution
from lockstep.harness.suites import open_suite
from lockstep.reference.host.printable import printable_line


class Workplace:
    """One run on one worker. Several threads may run batches in it at once.

    Args:
        order: the run.
        store: the content that is here.
        opening: held while a suite is opened, by all workplaces of a process.

    Attributes:
        used: when it was last asked for anything, by the monotonic clock.
    """

    def __init__(self, order: Order, store: ContentStore, opening: threading.Lock) -> None:
        self.order = order
        self.used = time.monotonic()
        self._store = store
        self._opening = opening
        self._lock = threading.Lock()
        self._processes = Processes(order.memory, order.start_seconds)
        self._cases: dict[str, tuple[Suite, dict[str, Case]]] = {}
        self._engines: dict[int, EngineSpec] = {}

    def readiness(self) -> Readiness:
        """What is still missing here."""
        missing = [parcel.digest for parcel in self.order.parcels if not self._store.holds(parcel)]
        return Readiness(tuple(missing))

    def introduced(self, engine: int) -> Introduction:
        """Who an engine says it is here."""
        try:
            spec = self._engine(engine)
        except (MissingError, UnusableEngineError) as error:
            return Introduction(problem=_named(self.order.engines[engine], error))
        assert spec.identity is not None
        return Introduction(**asdict(spec.identity))

    def run(self, batch: Batch) -> Answer:
        """Run a batch.

        Raises:
            MissingError: its suite is not here.
            OSError: this machine has no room to work in.
        """
        self.used = started = time.monotonic()
        suite, cases = self._suite(batch.suite)
        problems: list[str] = []
        try:
            engine = self._engine(batch.engine)
        except (MissingError, UnusableEngineError) as error:
            return Answer(problem=_named(self.order.engines[batch.engine], error))
        executions = [Execution(suite, _case(cases, one), one.mode, engine) for one in batch.cases]
        wanted = {id(one): case for one, case in zip(executions, batch.cases, strict=True)}
        how = Execute(
            override=self.order.override,
            retry=lambda one: wanted[id(one)].retry,
            on_problem=problems.append,
            fresh=batch.fresh,
            kept=self._processes,
        )
        rows: list[Row] = []
        for one in execute(executions, how):
            # A part follows the execution that it is a part of.
            position = rows[-1].position if one.part else wanted[id(one.execution)].position
            rows.append(Row(position, one.result, one.final, one.part, one.outcome if batch.keep else None))
        self.used = time.monotonic()
        return Answer(tuple(rows), time.monotonic() - started, "; ".join(problems))

    def close(self) -> None:
        """End its engines."""
        self._processes.kill()

    def _suite(self, name: str) -> tuple[Suite, Mapping[str, Case]]:
        with self._opening:
            if name not in self._cases:
                archives = [parcel for parcel in self.order.parcels if parcel.kind == "suite"]
                if archives:
                    # Where this process looks for public suites; a worker that serves two runs opens each under this lock.
                    os.environ["LOCKSTEP_SUITES"] = str(self._store.together(archives))
                suite = open_suite(name, self._project())
                self._cases[name] = suite, {case.id: case for case in suite.cases()}
            return self._cases[name]

    def _project(self) -> Project:
        if self.order.project is None:
            return Project()
        parcel = next((one for one in self.order.parcels if one.kind == "project"), None)
        folder = self._store.unpacked(parcel) if parcel is not None else Path.cwd()
        return Project(folder.resolve() / NAME, self.order.project)

    def _engine(self, number: int) -> EngineSpec:
        """An engine that has been started here and is the one of the run.

        Raises:
            MissingError: it is not here, does not start, or is another one here.
        """
        with self._lock:
            if number not in self._engines:
                self._engines[number] = self._started(self.order.engines[number])
            return self._engines[number]

    def _started(self, order: EngineOrder) -> EngineSpec:
        expected = order.spec.identity
        spec = resolve(_name(order), order.host) if order.named else placed(order, self._store)
        process = spec.spawn(self.order.memory)
        spec = spec.identified(process, self.order.start_seconds)
        if expected is not None and spec.identity != expected:
            process.kill()
            raise MissingError(
                f"engine {spec.name} is another one here: {spec.identity}, and in this run {expected}"
            )
        self._processes.adopt(spec.name, process)
        return spec


def _case(cases: Mapping[str, Case], asked: BatchCase) -> Case:
    """The case that is asked for.

    Raises:
        MissingError: the suite of a package, which does not travel, is another one here.
    """
    name = id_text(asked.case)
    if name not in cases:
        raise MissingError(f"its suite has no case {printable_line(name)}")
    return cases[name]


def _name(order: EngineOrder) -> str:
    """The name of an engine without its host."""
    return order.spec.name.partition("@")[0] if order.host else order.spec.name


def _named(order: EngineOrder, error: Exception) -> str:
    """What is wrong with an engine, in a sentence that has its name."""
    return str(error) if order.spec.name in str(error) else f"engine {order.spec.name}: {error}"
