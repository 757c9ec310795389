"""The worker pool: keeps engine processes busy, restarts those that die, gives each result as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from lockstep.harness.engines.process import EngineDiedError, EngineProcess
from lockstep.harness.engines.registry import EngineSpec
from lockstep.harness.model import Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

K = TypeVar("K")

# A process is replaced after so many cases, so that what it leaks or caches stays bounded.
_CASES_PER_PROCESS = 5000
# Share of the memory limit by which a guest that fills memory may let its process grow.
_SPACE_SHARE = 0.75
# Share of the memory limit that an idle process may hold before it is replaced.
_IDLE_SHARE = 0.5
_MEMORY_CHECK_EVERY = 50


@dataclass(frozen=True)
class Job(Generic[K]):
    """One program for one engine.

    `prepare` reads the program only when its turn comes; where it gives an outcome that is known, no engine is asked.
    """

    key: K
    engine: EngineSpec
    prepare: Callable[[], tuple[Program, Limits] | Outcome]


class Pool(Generic[K]):
    """Runs jobs on up to `size` engine processes at a time.

    Jobs are started in their order, so jobs of one engine that stand together share its processes.
    A job whose wall time ran out is run again alone at the end before its outcome counts.
    """

    def __init__(self, size: int, memory: int | None = None) -> None:
        self._size = max(1, size)
        self._memory = memory
        self._stopping = threading.Event()
        self._processes: set[EngineProcess] = set()
        self._lock = threading.Lock()

    def run(self, jobs: Sequence[Job[K]]) -> Iterator[tuple[Job[K], Outcome]]:
        """Each job with its outcome, in the order in which they finish.

        Closing the iterator early (or an interrupt) kills every engine process.
        """
        waiting: list[Job[K]] = []
        try:
            for job, outcome in self._batch(jobs, self._size):
                if outcome.wall and len(jobs) > 1 and self._size > 1:
                    waiting.append(job)
                else:
                    yield job, outcome
            yield from self._batch(waiting, 1)
        finally:
            self.close()

    def close(self) -> None:
        """Kill every engine process; jobs that have not started are dropped."""
        self._stopping.set()
        with self._lock:
            processes = list(self._processes)
        for process in processes:
            process.kill()

    def _batch(self, jobs: Sequence[Job[K]], size: int) -> Iterator[tuple[Job[K], Outcome]]:
        todo: queue.SimpleQueue[Job[K]] = queue.SimpleQueue()
        for job in jobs:
            todo.put(job)
        done: queue.SimpleQueue[tuple[Job[K], Outcome] | BaseException] = queue.SimpleQueue()
        threads = [
            threading.Thread(target=self._serve, args=(todo, done), daemon=True)
            for _ in range(min(size, len(jobs)))
        ]
        for thread in threads:
            thread.start()
        for _ in jobs:
            item = done.get()
            if isinstance(item, BaseException):
                raise item
            yield item
        for thread in threads:
            thread.join()

    def _serve(
        self,
        todo: queue.SimpleQueue[Job[K]],
        done: queue.SimpleQueue[tuple[Job[K], Outcome] | BaseException],
    ) -> None:
        lane = _Lane(self)
        try:
            while not self._stopping.is_set():
                try:
                    job = todo.get_nowait()
                except queue.Empty:
                    break
                done.put((job, lane.run(job)))
        except BaseException as error:  # noqa: BLE001  # it ends the run in the thread that asked for it
            if not self._stopping.is_set():
                done.put(error)
        finally:
            lane.stop()

    def _started(self, engine: EngineSpec) -> EngineProcess:
        process = engine.spawn(self._memory)
        with self._lock:
            self._processes.add(process)
        process.start()
        return process

    def _ended(self, process: EngineProcess) -> None:
        with self._lock:
            self._processes.discard(process)

    @property
    def memory(self) -> int | None:
        """MiB that a guest may hold."""
        return self._memory


class _Lane(Generic[K]):
    """One thread's place in the pool: the process at hand, replaced when the engine changes or dies."""

    def __init__(self, pool: Pool[K]) -> None:
        self._pool = pool
        self._engine: EngineSpec | None = None
        self._process: EngineProcess | None = None

    def run(self, job: Job[K]) -> Outcome:
        prepared = job.prepare()
        if isinstance(prepared, Outcome):
            return prepared
        program, limits = prepared
        if self._pool.memory is not None and limits.memory is None:
            limits = replace(limits, memory=self._pool.memory)
        if self._pool.memory is not None and limits.space is not None:
            limits = replace(limits, space=min(limits.space, int(self._pool.memory * _SPACE_SHARE)))
        try:
            process = self._process_for(job.engine)
        except EngineDiedError as error:
            self.stop()
            return error.outcome
        return process.run(program, limits)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._pool._ended(self._process)  # noqa: SLF001  # a lane is the pool's own
            self._process = None

    def _process_for(self, engine: EngineSpec) -> EngineProcess:
        process = self._process
        if process is not None and (process.closed or self._engine is not engine or self._worn(process)):
            self.stop()
            process = None
        if process is None:
            self._engine = engine
            process = self._process = self._pool._started(engine)  # noqa: SLF001  # likewise
        return process

    def _worn(self, process: EngineProcess) -> bool:
        if process.cases_run >= _CASES_PER_PROCESS:
            return True
        if self._pool.memory is None or process.cases_run % _MEMORY_CHECK_EVERY:
            return False
        return process.resident_memory() > self._pool.memory * _IDLE_SHARE
