"""A cluster of Dask's: finds or starts it, carries calls to its workers, and comes back after a scheduler has gone."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Mapping
from typing import Any

from distributed import Client, wait
from distributed.client import FutureCancelledError

from lockstep.harness.cluster.addresses import Address, silence
from lockstep.harness.cluster.transport import ClusterError, Event, Present

_SERVING = "lockstep.harness.cluster.serving"
_CONNECT_SECONDS = 10.0
_RETRY_SECONDS = 0.5
_ANSWER_SECONDS = 10.0
# A worker that does not answer does not hold up the end of a run.
_CLOSE_SECONDS = 2.0


def _caller() -> Callable[..., Any]:
    """A function that travels by value, so that a scheduler, which unpickles it, need not have Lockstep."""

    def call(name: str, *arguments: Any) -> Any:
        from pkgutil import resolve_name  # noqa: PLC0415  # it runs elsewhere

        return resolve_name(name)(*arguments)

    return call


class DaskTransport:
    """A client of one scheduler.

    Args:
        address: of the cluster.
        contents: what parcels hold, by digest.

    Raises:
        ClusterError: nobody answers there.
    """

    def __init__(self, address: Address, contents: Mapping[str, Callable[[], bytes]]) -> None:
        silence()
        self._address = address
        self._contents = contents
        self._cluster = address.started()
        self._call = _caller()
        self._ticket = 0
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._futures: dict[int, Any] = {}
        self._scattered: dict[str, Any] = {}
        self._lost = False
        # Dask types only part of its client.
        self._client: Any = self._connected(time.monotonic() + address.patience)

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
            address: Present(str(worker.get("name") or address), max(1, int(worker.get("nthreads", 1))))
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
        try:
            return self._events.get(timeout=seconds) if seconds > 0 else self._events.get_nowait()
        except queue.Empty:
            return None

    def cancel(self, ticket: int) -> None:
        """Nobody waits for that any more."""
        future = self._futures.pop(ticket, None)
        if future is not None and self._client.status == "running":
            with contextlib.suppress(Exception):
                future.cancel()

    def close(self, run: str) -> None:
        """The run is over: its workers end their engines, and a cluster that was started for it ends."""
        if self._cluster is None and self._client.status == "running":
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
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=_ANSWER_SECONDS)

    def submit(self, address: str, function: str, *arguments: Any) -> int:
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
            self._events.put(Event(ticket, lost=True))
            return ticket
        self._futures[ticket] = future
        future.add_done_callback(lambda done: self._done(ticket, done))
        return ticket

    def _done(self, ticket: int, future: Any) -> None:
        """Called in a thread of Dask's when a future has come to its end."""
        if future.status == "finished":
            try:
                value = future.result(timeout=_ANSWER_SECONDS)
            except Exception:  # noqa: BLE001  # its worker went away with the answer
                self._events.put(Event(ticket, lost=True))
            else:
                self._events.put(Event(ticket, value if isinstance(value, bytes) else b""))
        elif future.status == "error":
            error = future.exception(timeout=_ANSWER_SECONDS)
            lost = isinstance(error, FutureCancelledError) or type(error).__name__ == "KilledWorker"
            self._events.put(Event(ticket, error=None if lost else error, lost=lost))
        else:
            self._events.put(Event(ticket, lost=True))
        self._futures.pop(ticket, None)

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
        while self.event(0.0) is not None:
            pass
        self._events.put(Event(None))
        self._client = self._connected(time.monotonic() + self._address.patience)

    def _connected(self, until: float) -> Any:
        client: Any = Client
        where = self._cluster if self._cluster is not None else self._address.scheduler
        while True:
            try:
                return client(where, timeout=_CONNECT_SECONDS, set_as_default=False, heartbeat_interval="2s")
            except (OSError, TimeoutError, ValueError) as error:
                if time.monotonic() > until or isinstance(error, ValueError):
                    raise ClusterError(f"no scheduler answers at {self._address}: {error}") from error
                time.sleep(_RETRY_SECONDS)
