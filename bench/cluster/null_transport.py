"""A Dask cluster whose workers answer every batch at once: what is left is the cost of the run and of the scheduler."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lockstep.harness.cluster.addresses import Address
from lockstep.harness.cluster.dask_transport import DaskTransport
from lockstep.harness.cluster.transport import Event, Present
from lockstep.harness.cluster.travelling import Answer, Batch, Readiness, Row, id_text
from lockstep.harness.model import Result, Verdict


def ready() -> bytes:
    """A worker that needs nothing."""
    return msgspec.msgpack.encode(Readiness())


def answer(batch: bytes) -> bytes:
    """Every case of the batch passes."""
    asked = msgspec.msgpack.decode(batch, type=Batch)
    rows = tuple(
        Row(one.position, Result(asked.suite, id_text(one.case), one.mode, "null", Verdict.PASS, ms=0.1, completion="completed"))
        for one in asked.cases
    )
    return msgspec.msgpack.encode(Answer(rows, 1.0))


class NullTransport:
    """It waits until so many workers are there before it tells of any."""

    def __init__(self, address: Address, count: int) -> None:
        self._inner = DaskTransport(address, {})
        self._count = count

    def workers(self) -> Mapping[str, Present]:
        """The workers, once all are there."""
        found = self._inner.workers()
        return found if len(found) >= self._count else {}

    def prepare(self, address: str, run: str, version: str, order: bytes) -> int:
        """It is ready."""
        del run, version, order
        return self._inner.submit(address, "null_transport:ready")

    def deliver(self, address: str, parcel: bytes, digest: str) -> int:
        """Nothing has to be delivered."""
        raise AssertionError((address, parcel, digest))

    def introduce(self, address: str, run: str, engine: int) -> int:
        """Nobody asks."""
        raise AssertionError((address, run, engine))

    def send(self, address: str, run: str, batch: bytes) -> int:
        """Have it answered."""
        del run
        return self._inner.submit(address, "null_transport:answer", batch)

    def event(self, seconds: float) -> Event | None:
        """The next event."""
        return self._inner.event(seconds)

    def cancel(self, ticket: int) -> None:
        """Nobody waits for that any more."""
        self._inner.cancel(ticket)

    def close(self, run: str) -> None:
        """The end."""
        self._inner.close(run)
