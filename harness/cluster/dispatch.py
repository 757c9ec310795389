"""Who gets which batch: workers come and go, are slow, lack an engine or run another Lockstep; every case counts once."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from lockstep.harness.cluster.backlog import Backlog, Task
from lockstep.harness.cluster.packing import Shipment
from lockstep.harness.cluster.transport import ClusterError, Event, Present, Transport, in_words
from lockstep.harness.cluster.travelling import (
    Answer,
    Batch,
    BatchCase,
    Introduction,
    Readiness,
    Row,
    id_bytes,
)
from lockstep.harness.cluster.version import running_version

# Batches take so long at most; with more workers longer, so that their number stays what one scheduler can bear.
_BATCH_SECONDS = 1.0
_SECONDS_A_WORKER = 0.005
_SHORTEST_BATCH = 0.1
_AHEAD_SECONDS = 3.0
# Towards the end batches get shorter: this part of what is left, a slot.
_SHARE = 3
# A case whose worker went away so often is given up: nobody says that its engine failed.
_LOSSES = 5
_TRIES = 5
# So long a killed worker of a cluster that was started for the run may be away before those that cannot be used are all.
_ALONE_SECONDS = 5.0
_REFRESH_SECONDS = 0.5
# A batch that takes so many times as long as it should is run by an idle worker too; who answers first counts.
_SLOW = 3.0
_SLOW_SECONDS = 5.0


@dataclass
class _Worker:
    """A worker, as far as this run knows it."""

    address: str
    present: Present
    state: Literal["new", "preparing", "ready", "refused"] = "new"
    running: set[int] = field(default_factory=set)
    awaited: int = 0
    tries: int = 0
    trouble: str = ""
    refused: set[int] = field(default_factory=set)


@dataclass
class _Call:
    """A call that has not been answered."""

    kind: Literal["prepare", "deliver", "batch", "introduce"]
    worker: str
    tasks: tuple[Task, ...] = ()
    began: float = 0.0
    expected: float = 0.0
    twin: bool = False


class Dispatcher:
    """Has tasks run by the workers of a cluster, for one run.

    Args:
        transport: the cluster.
        shipment: the order, and the content of its parcels.
        say: gets a line for each thing that the user should know.
        patience: seconds to wait for a first worker, and for one to come back when all have gone.
        alone: no other workers will come than those that were started with the cluster.
        clock: seconds, from any beginning.
    """

    def __init__(
        self,
        transport: Transport,
        shipment: Shipment,
        say: Callable[[str], None],
        patience: float = 60.0,
        *,
        alone: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._transport = transport
        self._shipment = shipment
        self._order = pickle.dumps(shipment.order)
        self._parcels = {parcel.digest: parcel for parcel in shipment.order.parcels}
        self._say = say
        self._patience = patience
        self._alone = alone
        self._workers: dict[str, _Worker] = {}
        self._calls: dict[int, _Call] = {}
        self._refreshed = -_REFRESH_SECONDS
        self._last_work = self._clock()
        self._said: set[str] = set()
        self._problems: dict[int, str] = {}
        self._introductions: dict[str, Introduction] = {}

    @property
    def slots(self) -> int:
        """How many batches the workers that are ready run at a time."""
        return sum(one.present.slots for one in self._workers.values() if one.state == "ready")

    def run(
        self,
        tasks: Sequence[Task],
        *,
        fresh: bool = False,
        keep: bool = False,
        on_problem: Callable[[str], None] = lambda _: None,
    ) -> Iterator[Row]:
        """What becomes of each task, as it comes; `fresh` ones run each in a process of its own and nothing beside them.

        What no worker can run, or has been lost with its worker again and again, is told to `on_problem` and missing.

        Raises:
            ClusterError: there is no worker, or the scheduler stays away.
        """
        work = _Work(Backlog(tasks), {task.position for task in tasks}, fresh, keep, on_problem)
        self._last_work = self._clock()
        try:
            while work.open:
                self._refresh(work)
                self._hand_out(work)
                self._give_up(work)
                event = self._transport.event(_REFRESH_SECONDS)
                while event is not None:
                    yield from self._taken(event, work)
                    event = self._transport.event(0.0)
        finally:
            for ticket, call in list(self._calls.items()):
                if call.kind == "batch":
                    self._forgotten(ticket)
                    self._transport.cancel(ticket)

    def introduced(self, engine: int) -> Introduction:
        """Who an engine is, as the first worker says that has it; what is wrong with it where none has.

        Raises:
            ClusterError: there is no worker.
        """
        nothing = _Work(Backlog(()), set(), fresh=False, keep=False, on_problem=self._say)
        self._last_work = self._clock()
        self._introductions = {}
        asked: dict[str, int] = {}
        until: float | None = None
        while until is None or self._clock() < until:
            self._refresh(nothing)
            self._give_up(nothing, waiting=True)
            for address in [one.address for one in self._workers.values() if one.state == "ready"]:
                if address not in self._introductions and asked.get(address) not in self._calls:
                    ticket = self._transport.introduce(address, self._shipment.order.run, engine)
                    self._calls[ticket] = _Call("introduce", address)
                    asked[address] = ticket
                    until = until or self._clock() + self._patience + self._shipment.order.start_seconds
            event = self._transport.event(_REFRESH_SECONDS)
            for _ in () if event is None else self._taken(event, nothing):
                pass
            found = [one for one in self._introductions.values() if not one.problem]
            if found:
                return found[0]
            usable = [address for address, one in self._workers.items() if one.state != "refused"]
            if usable and all(address in self._introductions for address in usable):
                break
        return next(
            iter(self._introductions.values()), Introduction(problem="no worker says who its engine is")
        )

    def close(self) -> None:
        """The run is over."""
        self._transport.close(self._shipment.order.run)

    def _refresh(self, work: _Work) -> None:
        """Look who is there."""
        if self._clock() - self._refreshed < _REFRESH_SECONDS:
            return
        self._refreshed = self._clock()
        there = self._transport.workers()
        for address in [one for one in self._workers if one not in there]:
            gone = self._workers.pop(address)
            for ticket in [number for number, call in self._calls.items() if call.worker == address]:
                work.lost(self._forgotten(ticket).tasks)
                self._transport.cancel(ticket)
            if gone.state == "ready":
                self._tell(f"worker {gone.present.name} has gone; what it had is run by others", once=False)
        for address, present in there.items():
            worker = self._workers.setdefault(address, _Worker(address, present))
            if worker.state == "new":
                self._prepare(worker)

    def _prepare(self, worker: _Worker) -> None:
        worker.tries += 1
        if worker.tries > _TRIES:
            self._refuse(worker, f"it cannot be made ready: {worker.trouble or 'its answers are lost'}")
            return
        worker.state = "preparing"
        ticket = self._transport.prepare(
            worker.address, self._shipment.order.run, running_version(), self._order
        )
        self._calls[ticket] = _Call("prepare", worker.address)

    def _hand_out(self, work: _Work) -> None:
        """Give each worker that has room something to do."""
        ready = [one for one in self._workers.values() if one.state == "ready"]
        ready.sort(key=lambda one: len(one.running) / one.present.slots)
        slots = sum(one.present.slots for one in ready) or 1
        longest = max(_BATCH_SECONDS, _SECONDS_A_WORKER * slots)
        for spare in (0, 1):  # one batch a slot for everybody, before anybody gets one more to go on with
            if spare and work.backlog.seconds < _AHEAD_SECONDS * slots:
                break  # towards the end what waits at one worker is what another one lacks
            for worker in ready:
                while work.backlog and len(worker.running) < worker.present.slots + spare:
                    if work.fresh and any(call.kind == "batch" for call in self._calls.values()):
                        return
                    share = work.backlog.seconds / (_SHARE * slots)
                    seconds = max(_SHORTEST_BATCH, min(longest, share))
                    tasks = work.backlog.take(seconds, worker.refused, *([1] if work.fresh else []))
                    if not tasks:
                        break
                    self._send(worker, tasks, work)
        if not work.backlog and not work.fresh:
            self._double(ready, work)

    def _send(self, worker: _Worker, tasks: tuple[Task, ...], work: _Work, *, twin: bool = False) -> None:
        batch = Batch(
            self._shipment.order.run,
            tasks[0].suite,
            tasks[0].engine,
            tuple(BatchCase(one.position, id_bytes(one.case), one.mode, one.retry) for one in tasks),
            work.fresh,
            work.keep,
        )
        expected = sum(map(work.backlog.expected, tasks))
        ticket = self._transport.send(worker.address, batch.run, msgspec.msgpack.encode(batch))
        self._calls[ticket] = _Call("batch", worker.address, tasks, self._clock(), expected, twin)
        worker.running.add(ticket)

    def _double(self, ready: Sequence[_Worker], work: _Work) -> None:
        """Let idle workers run what takes too long elsewhere."""
        now = self._clock()
        idle = [one for one in ready if not one.running]
        slow = [
            call
            for call in self._calls.values()
            if call.kind == "batch"
            and not call.twin
            and now - call.began > max(_SLOW_SECONDS, _SLOW * call.expected)
        ]
        for call, worker in zip(sorted(slow, key=lambda one: one.began), idle, strict=False):
            tasks = tuple(task for task in call.tasks if task.position in work.open)
            if tasks and tasks[0].engine not in worker.refused:
                call.twin = True
                self._send(worker, tasks, work, twin=True)

    def _give_up(self, work: _Work, *, waiting: bool = False) -> None:
        """Drop what no worker can run.

        Raises:
            ClusterError: no worker can be used, and none came for a while.
        """
        usable = [one for one in self._workers.values() if one.state != "refused"]
        if usable:
            self._last_work = self._clock()
            ready = [one for one in usable if one.state == "ready"]
            if len(ready) == len(usable):
                for engine in work.backlog.engines():
                    if all(engine in one.refused for one in ready):
                        dropped = work.backlog.drop(engine)
                        work.open.difference_update(task.position for task in dropped)
                        if dropped and engine not in work.dropped:
                            work.dropped.add(engine)
                            work.on_problem(f"no worker can run it: {self._problems[engine]}")
            return
        if not work.open and not waiting:
            return
        if self._alone and self._workers and self._clock() - self._last_work > _ALONE_SECONDS:
            raise ClusterError("none of its workers can be used")
        if self._clock() - self._last_work > self._patience:
            raise ClusterError(
                f"no worker {'can be used' if self._workers else 'came'} for {self._patience:g} s: start some with "
                "`lockstep serve worker SCHEDULER`"
            )

    def _taken(self, event: Event, work: _Work) -> Iterator[Row]:
        """What an event brings."""
        if event.ticket is None:
            self._scheduler_lost(work)
            return
        if event.ticket not in self._calls:
            return
        call = self._forgotten(event.ticket)
        worker = self._workers.get(call.worker)
        if worker is None:
            return
        if call.kind == "batch":
            yield from self._answered(event, call, worker, work)
        elif call.kind == "introduce":
            self._introduced(event, worker)
        elif event.error is not None or event.lost:
            self._unprepared(event, worker)
        elif call.kind == "prepare":
            self._readied(msgspec.msgpack.decode(event.value, type=Readiness), worker)
        else:
            worker.awaited -= 1
            if worker.awaited == 0 and worker.state == "preparing":
                worker.state = "ready"

    def _scheduler_lost(self, work: _Work) -> None:
        """All calls are void; the transport looks for the scheduler when it is asked who is there."""
        self._tell("the scheduler is gone; waiting for it to come back", once=False)
        for ticket in list(self._calls):
            work.lost(self._forgotten(ticket).tasks, halved=False)
        self._workers.clear()
        self._refreshed = -_REFRESH_SECONDS

    def _readied(self, readiness: Readiness, worker: _Worker) -> None:
        if readiness.refusal:
            self._refuse(worker, readiness.refusal)
        elif readiness.missing:
            worker.awaited = len(readiness.missing)
            for digest in readiness.missing:
                ticket = self._transport.deliver(
                    worker.address, msgspec.msgpack.encode(self._parcels[digest]), digest
                )
                self._calls[ticket] = _Call("deliver", worker.address)
        else:
            worker.state = "ready"

    def _introduced(self, event: Event, worker: _Worker) -> None:
        if event.error is not None:
            self._introductions[worker.address] = Introduction(
                problem=f"worker {worker.present.name}: {in_words(event.error)}"
            )
        elif not event.lost:
            self._introductions[worker.address] = msgspec.msgpack.decode(event.value, type=Introduction)

    def _unprepared(self, event: Event, worker: _Worker) -> None:
        """Preparing a worker did not work: it cannot, or it may work now."""
        if isinstance(event.error, ImportError):
            self._refuse(worker, f"it has not got Lockstep, or not all of it: {event.error}")
        elif isinstance(event.error, OSError):
            self._refuse(worker, in_words(event.error))
        elif worker.state == "preparing":
            worker.state = "new"
            worker.trouble = "" if event.error is None else in_words(event.error)

    def _refuse(self, worker: _Worker, why: str) -> None:
        worker.state = "refused"
        self._tell(f"worker {worker.present.name} is not used: {why}")

    def _answered(self, event: Event, call: _Call, worker: _Worker, work: _Work) -> Iterator[Row]:
        if event.lost:
            work.lost(call.tasks)
            return
        if event.error is not None:
            work.backlog.put_back(work.undone(call.tasks), halved=False)
            self._refuse(worker, in_words(event.error))
            return
        answer = msgspec.msgpack.decode(event.value, type=Answer)
        if answer.unknown or answer.trouble:
            work.backlog.put_back(work.undone(call.tasks), halved=False)
            if answer.trouble:
                self._refuse(worker, answer.trouble)
            else:  # it is new under an old address
                worker.state = "new"
            return
        work.backlog.learn(call.tasks[0].engine, len({row.position for row in answer.rows}), answer.seconds)
        yield from work.accepted(answer.rows)
        if answer.problem:
            engine = call.tasks[0].engine
            worker.refused.add(engine)
            self._problems[engine] = answer.problem
            self._tell(f"worker {worker.present.name}: {answer.problem}; other workers run its part")
            work.backlog.put_back(work.undone(call.tasks), halved=False)
        else:
            for task in work.undone(call.tasks):
                work.lose(task)

    def _forgotten(self, ticket: int) -> _Call:
        """The call of a ticket, for which nobody waits any more."""
        call = self._calls.pop(ticket)
        worker = self._workers.get(call.worker)
        if worker is not None:
            worker.running.discard(ticket)
        return call

    def _tell(self, line: str, *, once: bool = True) -> None:
        if not once or line not in self._said:
            self._said.add(line)
            self._say(line)


@dataclass
class _Work:
    """What one call of `run` still has to do: `open` holds the places of what has no last word yet."""

    backlog: Backlog
    open: set[int]
    fresh: bool
    keep: bool
    on_problem: Callable[[str], None]
    losses: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

    def undone(self, tasks: Sequence[Task]) -> list[Task]:
        """Those that have no last word yet."""
        return [task for task in tasks if task.position in self.open]

    def accepted(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The rows of executions that had no last word before: a batch that ran twice counts once."""
        new = {row.position for row in rows if row.position in self.open}
        for row in rows:
            if row.position in new:
                if row.final and not row.part:
                    self.open.discard(row.position)
                yield row

    def lost(self, tasks: Sequence[Task], *, halved: bool = True) -> None:
        """A worker has gone with these."""
        left = []
        for task in self.undone(tasks):
            if halved and len(tasks) == 1:
                self.losses[task.position] = self.losses.get(task.position, 0) + 1
                if self.losses[task.position] >= _LOSSES:
                    self.lose(task)
                    continue
            left.append(task)
        self.backlog.put_back(left, halved=halved)

    def lose(self, task: Task) -> None:
        """Nobody can tell what became of a task."""
        self.open.discard(task.position)
        self.on_problem(
            f"{task.suite} {task.case}: its worker went away each time, so it has no result (`--rerun missing RECORD` runs it)"
        )
