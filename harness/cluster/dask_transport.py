"""A cluster of Dask's: finds or starts it, carries calls to its workers, and comes back after a scheduler has gone."""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from distributed import Client, wait
from distributed.client import FutureCancelledError

from lockstep.harness.cluster.addresses import Address, ended, silence
from lockstep.harness.cluster.transport import ClusterError, Event, Present

_SERVING = "lockstep.harness.cluster.serving"
_CONNECT_SECONDS = 10.0
_FIRST_SECONDS = 3.0
_RETRY_SECONDS = 0.5
_ANSWER_SECONDS = 10.0
_LAST_ANSWER_SECONDS = 1.0
_FETCHED_TOGETHER = 200
# A worker that does not answer does not hold up the end of a run.
_CLOSE_SECONDS = 2.0


def _caller() -> Callable[..., object]:
    """A function that travels by value, so that a scheduler, which unpickles it, need not have Lockstep."""

    def call(name: str, *arguments: object) -> object:
        from pkgutil import resolve_name  # noqa: PLC0415  # it runs elsewhere

        return resolve_name(name)(*arguments)

    return call


class DaskTransport:
    """A client of one scheduler.

    Args:
        address: of the cluster.
        contents: what parcels hold, by digest.
        say: gets a line for what takes long.

    Raises:
        ClusterError: nobody answers there.
    """

    def __init__(
        self,
        address: Address,
        contents: Mapping[str, Callable[[], bytes]],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        silence()
        self._say = say
        self._address = address
        self._contents = contents
        self._cluster = address.started()
        self._call = _caller()
        self._ticket = 0
        self._ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._events: deque[Event] = deque()
        self._futures: dict[int, Any] = {}
        self._scattered: dict[str, Any] = {}
        # Dask types only part of its client.
        self._client: Any = None
        try:
            self._client = self._connected(time.monotonic() + address.patience)
        except BaseException:
            if self._cluster is not None:
                ended(self._cluster)
            raise

    def workers(self) -> Mapping[str, Present]:
        """The workers that are there now, by address.

        Raises:
            ClusterError: the scheduler has gone, and did not come back in time.
        """
        if self._client.status != "running":
            self._reconnect()
        try:
            known = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=_ANSWER_SECONDS
            )
        except Exception:  # noqa: BLE001  # whatever a broken connection raises: who is there is asked again
            self._reconnect()
            return {}
        return {
            address: Present(str(worker.get("name", address)), max(1, int(worker.get("nthreads", 1))))
            for address, worker in known["workers"].items()
        }

    def prepare(self, address: str, run: str, version: str, order: bytes) -> int:
        """Hand over an order."""
        return self.submit(address, "prepare", run, version, order)

    def deliver(self, address: str, parcel: bytes, digest: str) -> int:
        """Bring the content of a parcel; it goes into the cluster once, and from worker to worker there."""
        scattered = self._scattered.get(digest)
        if scattered is None or scattered.status in ("lost", "cancelled", "error"):
            scattered = self._client.scatter(self._contents[digest](), hash=False)
            self._scattered[digest] = scattered
        return self.submit(address, "receive", parcel, scattered)

    def introduce(self, address: str, run: str, engine: int) -> int:
        """Ask who an engine is."""
        return self.submit(address, "introduce", run, engine)

    def send(self, address: str, run: str, batch: bytes) -> int:
        """Have a batch run."""
        return self.submit(address, "run_batch", run, batch)

    def event(self, seconds: float) -> Event | None:
        """The next event; None if there is none within so many seconds."""
        if not self._events:
            try:
                first = self._ended.get(timeout=seconds) if seconds > 0 else self._ended.get_nowait()
            except queue.Empty:
                return None
            self._fetch([first, *self._waiting()])
        return self._events.popleft() if self._events else None

    def cancel(self, ticket: int) -> None:
        """Nobody waits for that any more."""
        future = self._futures.pop(ticket, None)
        if future is not None and self._client.status == "running":
            with contextlib.suppress(Exception):
                future.cancel()

    def close(self, run: str) -> None:
        """The run is over: its workers end their engines, and a cluster that was started for it ends."""
        if self._client.status == "running":
            with contextlib.suppress(Exception):
                closing = [
                    self._client.submit(self._call, f"{_SERVING}:close", run, workers=[address], pure=False)
                    for address in self.workers()
                ]
                waiting: Any = wait
                waiting(closing, timeout=_CLOSE_SECONDS)
        with contextlib.suppress(Exception):
            self._client.close(timeout=_ANSWER_SECONDS)
        if self._cluster is not None:
            ended(self._cluster)

    def submit(self, address: str, function: str, *arguments: object) -> int:
        """Have a function called in a worker: one of `serving`, or `MODULE:FUNCTION`; the ticket."""
        name = function if ":" in function else f"{_SERVING}:{function}"
        self._ticket += 1
        ticket = self._ticket
        try:
            future = self._client.submit(
                self._call,
                name,
                *arguments,
                workers=[address],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )
        except Exception:  # noqa: BLE001  # the connection broke under it
            self._events.append(Event(ticket, lost=True))
            return ticket
        self._futures[ticket] = future
        future.add_done_callback(lambda _: self._ended.put(ticket))
        return ticket

    def _waiting(self) -> Iterator[int]:
        """More tickets of calls that have ended, as many as are fetched together."""
        for _ in range(_FETCHED_TOGETHER):
            try:
                yield self._ended.get_nowait()
            except queue.Empty:
                return

    def _fetch(self, tickets: Sequence[int]) -> None:
        """Turn calls that have ended into events; answers come from their workers together, since each fetch is a journey."""
        futures = {ticket: self._futures.pop(ticket) for ticket in tickets if ticket in self._futures}
        finished = {ticket: future for ticket, future in futures.items() if future.status == "finished"}
        values: dict[int, Any] = {}
        try:
            values = dict(zip(finished, self._gathered(list(finished.values())), strict=True))
        except Exception:  # noqa: BLE001  # a worker went away with its answer: the others are asked one by one
            for ticket, future in finished.items():
                with contextlib.suppress(Exception):
                    values[ticket] = future.result(timeout=_LAST_ANSWER_SECONDS)
        for ticket, future in futures.items():
            if ticket in values:
                self._events.append(Event(ticket, values[ticket]))
            elif future.status == "error":
                self._events.append(_failed(ticket, future))
            else:
                self._events.append(Event(ticket, lost=True))

    def _gathered(self, futures: list[object]) -> list[object]:
        """The values of futures; a worker that does not answer does not hold up the run."""

        async def gather() -> object:
            return await self._client.gather(futures, asynchronous=True)

        return list(self._client.sync(gather, callback_timeout=_ANSWER_SECONDS)) if futures else []

    def _reconnect(self) -> None:
        """Find the scheduler again; all that it was asked before is void.

        Raises:
            ClusterError: it does not come back in time.
        """
        if self._cluster is not None and self._address.local:
            raise ClusterError("the scheduler of the local cluster has gone")
        with contextlib.suppress(Exception):
            self._client.close(timeout=1.0)
        self._futures.clear()
        self._scattered.clear()
        self._events.clear()
        self._events.append(Event(None))
        self._client = self._connected(time.monotonic() + self._address.patience)

    def _connected(self, until: float) -> object:
        client: Any = Client
        where = self._cluster if self._cluster is not None else self._address.scheduler
        patient = False
        while True:
            seconds = max(1.0, min(_CONNECT_SECONDS, until - time.monotonic()))
            try:
                return client(
                    where,
                    timeout=seconds if patient else min(seconds, _FIRST_SECONDS),
                    set_as_default=False,
                    heartbeat_interval="2s",
                )
            except (OSError, TimeoutError, ValueError) as error:
                if time.monotonic() > until or isinstance(error, ValueError):
                    raise ClusterError(f"no scheduler answers at {self._address}: {error}") from error
                if not patient:
                    self._say(
                        f"waiting for a scheduler at {self._address} ({self._address.patience:g} s at most)"
                    )
                    patient = True
                time.sleep(_RETRY_SECONDS)


def _failed(ticket: int, future: Any) -> Event:
    """The event of a call that raised."""
    error = future.exception(timeout=_ANSWER_SECONDS)
    lost = isinstance(error, FutureCancelledError) or type(error).__name__ == "KilledWorker"
    return Event(ticket, error=None if lost else error, lost=lost)
