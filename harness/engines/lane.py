"""One thread's place in the pool: the engine process at hand, replaced when the engine changes or dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import MissingError, Outcome
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
# An engine that cannot be started so often, one time after the other, is given up.
_STARTS = 3
_SECONDS_BETWEEN_STARTS = 0.2


class UnusableEngineError(Exception):
    """An engine cannot be started any more, or is another one than it was; the message names it and says why."""


@dataclass(frozen=True)
class Job(Generic[K]):
    """One program for one engine.

    `prepare` reads the program only when its turn comes; where it gives an outcome that is known, no engine is asked.
    `retry` says whether a job that met the end of its engine is run again alone.
    """

    key: K
    engine: EngineSpec
    prepare: Callable[[], tuple[Program, Limits] | Outcome]
    retry: bool = True


@dataclass(frozen=True)
class Report(Generic[K]):
    """What became of a job; `before` is the job that the same process had run before it."""

    job: Job[K]
    outcome: Outcome
    before: Job[K] | None = None


class Processes:
    """The engine processes of a pool: every one that runs is known here, so that all can be ended.

    Those that nobody uses wait here for the next who asks for their engine.
    """

    def __init__(self, memory: int | None, start_seconds: float) -> None:
        self.memory = memory
        self._start_seconds = start_seconds
        self._running: set[RunningEngine] = set()
        self._spare: dict[str, list[RunningEngine]] = {}
        self._lock = threading.Lock()
        self._ended = False

    def adopt(self, engine: str, process: RunningEngine) -> None:
        """Keep a process of `engine` that has been started for the first who asks."""
        with self._lock:
            self._running.add(process)
            self._spare.setdefault(engine, []).append(process)

    def started(self, engine: EngineSpec) -> RunningEngine:
        """A process of `engine` that answers.

        Raises:
            UnusableEngineError: it cannot be started, or says that it is another engine than the one of this run.
        """
        while spare := self._waiting(engine.name):
            if not spare.closed:
                return spare
            spare.kill()
            self.forget(spare)
        for attempt in range(1, _STARTS + 1):
            try:
                process = engine.spawn(self.memory)
            except MissingError as error:
                raise UnusableEngineError(f"engine {engine.name}: {error}") from error
            with self._lock:
                self._running.add(process)
            if self._ended:
                process.kill()
            try:
                identity = process.start(self._start_seconds)
            except EngineDiedError as error:
                self.forget(process)
                if attempt == _STARTS or self._ended:
                    why = f"engine {engine.name} did not start, {_STARTS} times: {error}"
                    raise UnusableEngineError(why) from error
                time.sleep(_SECONDS_BETWEEN_STARTS)
                continue
            if engine.identity is not None and identity != engine.identity:
                self.forget(process)
                process.kill()
                raise UnusableEngineError(
                    f"engine {engine.name} has changed during the run: now it is {identity}"
                )
            return process
        raise AssertionError

    def _waiting(self, engine: str) -> RunningEngine | None:
        with self._lock:
            waiting = self._spare.get(engine)
            return waiting.pop() if waiting else None

    def forget(self, process: RunningEngine) -> None:
        """It has ended."""
        with self._lock:
            self._running.discard(process)

    def kill(self) -> None:
        """End all of them."""
        self._ended = True
        with self._lock:
            processes = list(self._running)
            self._running.clear()
            self._spare.clear()
        for process in processes:
            process.kill()


class Lane(Generic[K]):
    """Runs jobs one after the other, on the process at hand where it is of the right engine and in order."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._engine: EngineSpec | None = None
        self._process: RunningEngine | None = None
        self._before: Job[K] | None = None

    def run(self, job: Job[K]) -> Iterator[Report[K]]:
        """What becomes of `job`; and, before that, of the job before it, if its process did more than answer it.

        Raises:
            UnusableEngineError: its engine cannot be had.
        """
        prepared = job.prepare()
        if isinstance(prepared, Outcome):
            yield Report(job, prepared)
            return
        program, limits = prepared
        limits = self._bounded(limits)
        process, fresh = self._process_for(job.engine)
        if fresh is not None:
            yield fresh
        before = self._before
        self._before = job
        answer = process.run(program, limits)
        if answer.previous is not None and before is not None:
            yield Report(before, answer.previous)
            before = None
        if answer.outcome is None:
            # It had ended before the program was sent.
            process, _ = self._process_for(job.engine)
            answer = process.run(program, limits)
            self._before = job
        yield Report(job, answer.outcome or Outcome("crash", message="the engine ended"), before)

    def finish(self, seconds: float = 0.0) -> Iterator[Report[K]]:
        """What the process did after its last answer, if it did anything."""
        if self._process is not None and self._before is not None:
            late = self._process.afterthought(seconds)
            if late is not None:
                yield Report(self._before, late)

    def release(self) -> None:
        """Leave the process at hand to the next who asks for its engine."""
        if self._process is not None and self._engine is not None and not self._process.closed:
            self._processes.adopt(self._engine.name, self._process)
            self._process = self._before = None
        self.stop()

    def stop(self) -> None:
        """End the process at hand."""
        if self._process is not None:
            self._process.stop()
            self._processes.forget(self._process)
        self._process = self._before = None

    def _bounded(self, limits: Limits) -> Limits:
        memory = self._processes.memory
        if memory is not None and limits.memory is None:
            limits = replace(limits, memory=memory)
        if memory is not None and limits.space is not None:
            limits = replace(limits, space=min(limits.space, int(memory * _SPACE_SHARE)))
        return limits

    def _process_for(self, engine: EngineSpec) -> tuple[RunningEngine, Report[K] | None]:
        """A process of `engine`, and what the one at hand did after its last answer if it has to go."""
        process, late = self._process, None
        if process is not None and (process.closed or self._engine is not engine or self._worn(process)):
            late = next(iter(self.finish()), None)
            self.stop()
            process = None
        if process is None:
            self._engine = engine
            process = self._process = self._processes.started(engine)
        return process, late

    def _worn(self, process: RunningEngine) -> bool:
        if process.cases_run >= _CASES_PER_PROCESS:
            return True
        if self._processes.memory is None or process.cases_run % _MEMORY_CHECK_EVERY:
            return False
        return process.resident_memory() > self._processes.memory * _IDLE_SHARE
