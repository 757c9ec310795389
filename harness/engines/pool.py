"""The worker pool: keeps engine processes busy, restarts those that die, gives each result as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lockstep.harness.engines.lane import Job, Lane, Processes, Report, UnusableEngineError
from lockstep.harness.engines.process import START_SECONDS
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.model import Outcome

K = TypeVar("K")

# So many cases in a row that end alone as they ended before: the engine is so, and the rest need not be tried.
_RETRIES_IN_VAIN = 10
# After its answer a process may take so long to die of the case.
_AFTERTHOUGHT_SECONDS = 0.3
# What depends on the machine, or on the cases before it in the same process.
_UNDECIDED = frozenset({"crash", "garbage"})


@dataclass(frozen=True)
class Finished(Generic[K]):
    """A job with its outcome.

    Attributes:
        final: False for what will be run again alone, and counts only if the run ends before that.
        first: of a job that was run again alone and then ended in another way, its first outcome.
    """

    job: Job[K]
    outcome: Outcome
    final: bool = True
    first: Outcome | None = None


class Pool(Generic[K]):
    """Runs jobs on up to `size` engine processes at a time.

    Jobs are started in their order, so jobs of one engine that stand together share its processes. A job whose wall time ran
    out, or that met the end of its engine, is told at once and run again at the end, alone in a fresh process.
    An engine that cannot be started any more ends its part: its other jobs are dropped, and `on_problem` is told why.

    Args:
        size: engine processes at a time.
        memory: MiB that a guest may hold.
        start_seconds: how long an engine may take to start.
        on_problem: gets one line for each engine that is given up.
        fresh: each job gets a process of its own.
        kept: processes that outlive the pool: it takes its own from there, and leaves them there if it comes to its end.
    """

    def __init__(
        self,
        size: int,
        memory: int | None = None,
        start_seconds: float = START_SECONDS,
        on_problem: Callable[[str], None] = lambda _: None,
        *,
        fresh: bool = False,
        kept: Processes | None = None,
    ) -> None:
        self._size = max(1, size)
        self._fresh = fresh
        self._stopping = threading.Event()
        self._keeps = kept is not None
        self._complete = False
        self._processes = kept or Processes(memory, start_seconds)
        self._on_problem = on_problem
        self._given_up: set[str] = set()
        self._lock = threading.Lock()

    def adopt(self, engine: str, process: RunningEngine) -> None:
        """Use a process of `engine` that has been started already."""
        self._processes.adopt(engine, process)

    def run(self, jobs: Sequence[Job[K]]) -> Generator[Finished[K]]:
        """Each job with its outcome, in the order in which they finish; those to be run again twice.

        Closing the iterator early (or an interrupt) kills every engine process.
        """
        again: dict[int, Finished[K]] = {}
        suspects: dict[int, Job[K]] = {}
        try:
            for report in self._batch(jobs):
                finished = Finished(report.job, report.outcome)
                if report.job.retry and (report.outcome.wall or report.outcome.completion in _UNDECIDED):
                    finished = Finished(report.job, report.outcome, final=False)
                    again[id(report.job)] = finished
                    if report.before is not None:
                        suspects[id(report.job)] = report.before
                yield finished
            yield from self._alone(list(again.values()), suspects)
            self._complete = True
        finally:
            if not (self._keeps and self._complete):
                self.close()

    def close(self) -> None:
        """Kill every engine process; jobs that have not started are dropped."""
        self._stopping.set()
        self._processes.kill()

    def _batch(self, jobs: Sequence[Job[K]]) -> Iterator[Report[K]]:
        todo: queue.SimpleQueue[Job[K]] = queue.SimpleQueue()
        for job in jobs:
            todo.put(job)
        done: queue.SimpleQueue[Report[K] | BaseException | None] = queue.SimpleQueue()
        threads = [
            threading.Thread(target=self._serve, args=(todo, done), daemon=True)
            for _ in range(min(self._size, len(jobs)))
        ]
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            item = done.get()
            if isinstance(item, BaseException):
                raise item
            if item is None:
                running -= 1
            else:
                yield item
        for thread in threads:
            thread.join()

    def _serve(
        self,
        todo: queue.SimpleQueue[Job[K]],
        done: queue.SimpleQueue[Report[K] | BaseException | None],
    ) -> None:
        lane: Lane[K] = Lane(self._processes)
        try:
            while not self._stopping.is_set():
                try:
                    job = todo.get_nowait()
                except queue.Empty:
                    break
                if self._fresh:
                    for report in lane.finish(_AFTERTHOUGHT_SECONDS):
                        done.put(report)
                    lane.stop()
                for report in self._reports(lane, job):
                    done.put(report)
            for report in lane.finish():
                done.put(report)
        except BaseException as error:  # noqa: BLE001  # it ends the run in the thread that asked for it
            if not self._stopping.is_set():
                done.put(error)
        finally:
            if self._keeps:
                lane.release()
            else:
                lane.stop()
            done.put(None)

    def _reports(self, lane: Lane[K], job: Job[K]) -> Iterator[Report[K]]:
        """What running a job tells; nothing if its engine has been given up."""
        if job.engine.name in self._given_up:
            return
        try:
            yield from lane.run(job)
        except UnusableEngineError as error:
            lane.stop()
            with self._lock:
                if job.engine.name in self._given_up or self._stopping.is_set():
                    return
                self._given_up.add(job.engine.name)
            self._on_problem(str(error))

    def _alone(self, again: Sequence[Finished[K]], suspects: dict[int, Job[K]]) -> Generator[Finished[K]]:
        """Run jobs once more, each alone in a fresh process; what they do then counts.

        Where one gets an answer now, the job that its process ran before is looked at: it may have been its death.
        """
        lane: Lane[K] = Lane(self._processes)
        in_vain = 0
        try:
            for first in again:
                job = first.job
                if in_vain >= _RETRIES_IN_VAIN:
                    yield Finished(job, first.outcome)
                    continue
                linger = _AFTERTHOUGHT_SECONDS if first.outcome.completion in _UNDECIDED else 0.0
                outcome = self._once(lane, job, linger)
                if outcome is None:
                    yield Finished(job, first.outcome)
                    continue
                same = outcome.completion == first.outcome.completion
                in_vain = in_vain + 1 if same else 0
                yield Finished(job, outcome, first=None if same else first.outcome)
                suspect = suspects.get(id(job))
                if suspect is not None and outcome.completion not in _UNDECIDED:
                    outcome = self._once(lane, suspect, _AFTERTHOUGHT_SECONDS)
                    if outcome is not None and outcome.completion in _UNDECIDED:
                        yield Finished(suspect, outcome)
        finally:
            lane.stop()

    def _once(self, lane: Lane[K], job: Job[K], linger: float = 0.0) -> Outcome | None:
        """The last word on a job in a fresh process; None if its engine has been given up."""
        lane.stop()
        outcome = None
        for report in (*self._reports(lane, job), *lane.finish(linger)):
            outcome = report.outcome
        return outcome
