"""Who gets which batch, on a cluster that is simulated: whatever happens, every execution counts once."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.harness.cluster.backlog import Backlog, Task
from lockstep.harness.cluster.dispatch import Dispatcher
from lockstep.harness.cluster.packing import Shipment
from lockstep.harness.cluster.transport import ClusterError, Event, Present
from lockstep.harness.cluster.travelling import Answer, Batch, Introduction, Order, Readiness, Row, id_text
from lockstep.harness.execution import Override
from lockstep.harness.model import Result, Verdict

CALM = random.Random(1)  # noqa: S311  # nothing goes wrong there, so nothing is drawn
ORDER = Order("run", ("s",), (), None, (), Override(), 100, 1.0)


class Simulated:
    """A cluster whose workers come, go, answer late, twice or wrongly, as a random generator says."""

    def __init__(self, chance: random.Random, trouble: float, without: Mapping[str, int]) -> None:
        self.chance = chance
        self.trouble = trouble
        self.without = without
        self.now = 0.0
        self.number = 0
        self.there = {f"w{number}": Present(f"w{number}", 1 + number % 2) for number in range(3)}
        self.pending: deque[tuple[str, Event]] = deque()
        self.ran: list[int] = []

    def clock(self) -> float:
        """Seconds of the simulation."""
        return self.now

    def workers(self) -> Mapping[str, Present]:
        """Who is there; somebody comes where nobody is."""
        if not self.there:
            self.come()
        return dict(self.there)

    def come(self) -> None:
        """One more worker."""
        self.number += 1
        self.there[f"new{self.number}"] = Present(f"new{self.number}", 1)

    def _ticket(self) -> int:
        self.number += 1
        return self.number

    def prepare(self, address: str, run: str, version: str, order: bytes) -> int:
        """It is ready at once."""
        del run, version, order
        ticket = self._ticket()
        self.pending.append((address, Event(ticket, msgspec.msgpack.encode(Readiness()))))
        return ticket

    def deliver(self, address: str, parcel: bytes, digest: str) -> int:
        """Nothing has to be delivered."""
        raise AssertionError((address, parcel, digest))

    def introduce(self, address: str, run: str, engine: int) -> int:
        """Who has not got the engine says so."""
        del run
        lacks = self.without.get(address) == engine
        said = Introduction(problem=f"not on {address}") if lacks else Introduction("l", f"made on {address}")
        ticket = self._ticket()
        self.pending.append((address, Event(ticket, msgspec.msgpack.encode(said))))
        return ticket

    def send(self, address: str, run: str, batch: bytes) -> int:
        """Run a batch at once; its answer waits."""
        del run
        ticket = self._ticket()
        asked = msgspec.msgpack.decode(batch, type=Batch)
        if self.without.get(address) == asked.engine:
            answer = Answer(problem=f"engine {asked.engine} is not on {address}")
        else:
            done = list(asked.cases)
            self.ran += [one.position for one in done]
            answer = Answer(
                tuple(
                    Row(
                        one.position,
                        Result("s", ascii(id_text(one.case)), one.mode, "e", Verdict.PASS),
                        final=final,
                    )
                    for one in done
                    for final in ((False, True) if one.position % 7 == 0 else (True,))
                ),
                0.5,
            )
        self.pending.append((address, Event(ticket, msgspec.msgpack.encode(answer))))
        return ticket

    def event(self, seconds: float) -> Event | None:
        """The next answer, or a mishap."""
        if seconds:
            self.now += 0.2
        roll = self.chance.random()
        if roll < self.trouble and self.there:
            kind = self.chance.randrange(4)
            gone = self.chance.choice(sorted(self.there))
            if kind == 0:  # killed; another one comes in its place
                del self.there[gone]
                self.pending = deque(one for one in self.pending if one[0] != gone)
                self.come()
            elif kind == 1:  # killed in the middle of its calls, and the client hears of it
                self.pending = deque(
                    (where, Event(one.ticket, lost=True) if where == gone else one)
                    for where, one in self.pending
                )
            elif kind == 2:  # the scheduler went away with all calls
                self.pending.clear()
                return Event(None)
            else:  # it takes its time
                self.pending.rotate(1)
                self.now += 20.0
                return None
        if not self.pending:
            return None
        address, event = self.pending.popleft()
        return event if address in self.there else None

    def cancel(self, ticket: int) -> None:
        """Its answer is thrown away."""
        self.pending = deque(one for one in self.pending if one[1].ticket != ticket)

    def close(self, run: str) -> None:
        """Nothing has to be closed."""
        del run


def tasks(count: int, engines: int = 2) -> list[Task]:
    return [Task(number, "s", number % engines, f"case{number} \udcff", "") for number in range(count)]


@given(st.randoms(use_true_random=False), st.integers(1, 60), st.sampled_from([0.0, 0.05, 0.2]))
@settings(max_examples=150, deadline=None)
def test_every_execution_counts_once(chance: random.Random, count: int, trouble: float) -> None:
    cluster = Simulated(chance, trouble, {"w1": 1})
    problems: list[str] = []
    dispatcher = Dispatcher(cluster, Shipment(ORDER, {}), lambda _: None, clock=cluster.clock)
    rows = list(dispatcher.run(tasks(count), on_problem=problems.append))
    last = [row.position for row in rows if row.final]
    assert len(last) == len(set(last))
    # What is missing is named, and only where workers went away.
    assert len(last) + len(problems) == count
    if not trouble:
        assert sorted(last) == list(range(count))
        assert sorted(cluster.ran) == list(range(count))


def test_an_engine_that_no_worker_has_is_told_once() -> None:
    cluster = Simulated(CALM, 0.0, {"w0": 1, "w1": 1, "w2": 1})
    problems: list[str] = []
    dispatcher = Dispatcher(cluster, Shipment(ORDER, {}), lambda _: None, clock=cluster.clock)
    rows = list(dispatcher.run(tasks(30), on_problem=problems.append))
    assert sorted(row.position for row in rows if row.final) == list(range(0, 30, 2))
    assert len(problems) == 1
    assert problems[0].startswith("no worker can run it: engine 1 is not on w")


@pytest.mark.parametrize("lacking", [("w0",), ("w0", "w1"), ("w0", "w1", "w2")])
def test_an_engine_that_some_workers_have_is_introduced_by_one_of_them(lacking: tuple[str, ...]) -> None:
    cluster = Simulated(CALM, 0.0, dict.fromkeys(lacking, 1))
    dispatcher = Dispatcher(cluster, Shipment(ORDER, {}), lambda _: None, clock=cluster.clock)
    said = dispatcher.introduced(1)
    assert said.problem == ("" if len(lacking) < 3 else "not on w0")
    assert said.problem or said.implementation.removeprefix("made on ") not in lacking
    # What came between is not lost: every worker takes part.
    rows = list(dispatcher.run(tasks(300, 1)))
    assert len([row for row in rows if row.final]) == 300
    assert dispatcher.slots == 4


def test_no_worker_is_an_error_after_a_while() -> None:
    cluster = Simulated(CALM, 0.0, {})
    cluster.there.clear()
    vars(cluster)["come"] = lambda: None
    dispatcher = Dispatcher(cluster, Shipment(ORDER, {}), lambda _: None, clock=cluster.clock)
    with pytest.raises(ClusterError, match="no worker came for 60 s"):
        list(dispatcher.run(tasks(3)))


def test_batches_take_as_long_as_is_wanted() -> None:
    slow = Task(0, "s", 0, "slow", "", seconds=3.0)
    backlog = Backlog([slow, *tasks(1000, 1)[1:]])
    assert backlog.take(1.0) == (slow,)
    assert len(backlog.take(1.001)) == 50  # at a guess of 20 ms
    backlog.learn(0, 100, 0.1)
    assert len(backlog.take(0.1001)) == 100
    backlog.put_back(tasks(4, 1), halved=True)
    assert [len(backlog.take(1.0)), len(backlog.take(1.0))] == [2, 2]
    assert backlog.take(1.0, refused={0}) == ()
    assert len(backlog.drop(0)) == 849
    assert not backlog
