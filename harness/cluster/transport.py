"""What the dispatcher needs of a cluster: who is there, calls to a worker, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class ClusterError(Exception):
    """A cluster cannot be had, or is there no more; the message says what to do."""


@dataclass(frozen=True)
class Event:
    """What became of a call.

    Attributes:
        ticket: of the call; None where the scheduler is gone, and with it every call that was not answered.
        value: the answer.
        error: why there is none: what the worker raised; None where there is one.
        lost: the worker was lost, or the scheduler, so nobody knows.
    """

    ticket: int | None
    value: bytes = b""
    error: BaseException | None = None
    lost: bool = False


@dataclass(frozen=True)
class Present:
    """A worker that is there: its name for people, and how many batches it runs at a time."""

    name: str
    slots: int


class Transport(Protocol):
    """A cluster as a dispatcher sees it; it is used by one thread."""

    def workers(self) -> Mapping[str, Present]:
        """The workers that are there now, by address; raises `ClusterError` when the scheduler stays away."""

    def prepare(self, address: str, run: str, version: str, order: bytes) -> int:
        """Hand over an order; the ticket of the call, whose answer is a `Readiness`."""

    def deliver(self, address: str, parcel: bytes, digest: str) -> int:
        """Bring the content of a parcel; the ticket."""

    def introduce(self, address: str, run: str, engine: int) -> int:
        """Ask who an engine is; the ticket of the call, whose answer is an `Introduction`."""

    def send(self, address: str, run: str, batch: bytes) -> int:
        """Have a batch run; the ticket of the call, whose answer is an `Answer`."""

    def event(self, seconds: float) -> Event | None:
        """The next event; None if there is none within so many seconds."""

    def cancel(self, ticket: int) -> None:
        """Nobody waits for that any more."""

    def close(self, run: str) -> None:
        """The run is over: its workers end their engines, and a cluster that was started for it ends."""


def in_words(error: BaseException) -> str:
    """What went wrong, in a line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return (
        str(error) if type(error).__module__.startswith("lockstep.") else f"{type(error).__name__}: {error}"
    )
