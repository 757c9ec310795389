"""What guests need of the process that they run in, and how it gets its own settings back.

The host has one recursion limit and one set of collector thresholds for all threads. A thread that is deeper than a limit
which another thread sets is not stopped by an exception: CPython ends the process ("Cannot recover from stack overflow").
So the limit is lowered only while no other guest runs and no other thread is that deep.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lockstep.reference.host.collector import GUEST_THRESHOLDS
from lockstep.reference.host.deep_stack import RECURSION_LIMIT

# Levels that the host counts beside frames, and that it wants free to raise an exception.
_MARGIN = 100


class ProcessSettings:
    """Counts the runs in hand of all guests in the process; the settings are the embedder's own again after the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs = 0
        self._found_limit = self._made_limit = sys.getrecursionlimit()
        self._found_thresholds: tuple[int, int, int] | None = None

    def enter(self) -> None:
        """A guest's run begins: the host's frames may nest as deep as a guest's stack allows, garbage is looked for less often."""
        with self._lock:
            self._runs += 1
            limit = sys.getrecursionlimit()
            if self._runs == 1:
                if limit != self._made_limit:
                    self._found_limit = limit
                self._slow_collector()
            self._make(max(limit, RECURSION_LIMIT))

    def leave(self) -> None:
        """A guest's run has ended. What the embedder set himself meanwhile stays."""
        with self._lock:
            self._runs -= 1
            if self._runs:
                return
            if self._found_thresholds is not None and gc.get_threshold() == GUEST_THRESHOLDS:
                gc.set_threshold(*self._found_thresholds)
            self._found_thresholds = None
            if sys.getrecursionlimit() == self._made_limit:
                self._lower(self._found_limit)

    def bound(self, limit: int) -> int:
        """The only guest that runs wants this limit, lower or higher; with others, and below the embedder's own, it is as it was.

        Returns:
            The limit before, for `bound` to go back to.
        """
        with self._lock:
            before = sys.getrecursionlimit()
            if limit >= before:
                self._make(limit)
            elif self._runs <= 1:
                self._lower(max(limit, self._found_limit) if self._runs else limit)
            return before

    @contextmanager
    def at_least(self, limit: int) -> Iterator[None]:
        """For what is not to meet a guest's own limit."""
        before = self.bound(max(limit, sys.getrecursionlimit()))
        try:
            yield
        finally:
            self.bound(before)

    def _slow_collector(self) -> None:
        thresholds = gc.get_threshold()
        # Frames of a deep recursion would be looked through again and again.
        if hasattr(gc, "freeze") and 0 < thresholds[0] < GUEST_THRESHOLDS[0]:
            self._found_thresholds = thresholds
            gc.set_threshold(*GUEST_THRESHOLDS)

    def _lower(self, limit: int) -> None:
        if limit == sys.getrecursionlimit() or _another_is_deep(limit - _MARGIN):
            return
        try:
            self._make(limit)
        except RecursionError:
            # This thread is that deep itself; whoever is further out lowers it.
            return

    def _make(self, limit: int) -> None:
        sys.setrecursionlimit(limit)
        self._made_limit = limit


def _another_is_deep(limit: int) -> bool:
    own = threading.get_ident()
    return any(_is_deep(frame, limit) for thread, frame in sys._current_frames().items() if thread != own)


def _is_deep(innermost: FrameType, limit: int) -> bool:
    frame: FrameType | None = innermost
    while frame is not None and limit > 0:
        frame = frame.f_back
        limit -= 1
    return frame is not None


# The process has one recursion limit and one collector, whoever runs in it.
PROCESS = ProcessSettings()

# Host frames beyond the limit, for code that must run while an overflow unwinds.
_HEADROOM = 2_000


class Headroom:
    """Stack beyond the limit for the `finally` clauses that an overflow passes, until somebody has caught it.

    Attributes:
        overflow: what guests see of the last overflow.
    """

    __slots__ = ("_limit", "overflow")

    def __init__(self) -> None:
        self._limit = 0
        self.overflow: object = None

    def open(self) -> None:
        """Let code run a little deeper than the limit."""
        if not self._limit:
            self._limit = PROCESS.bound(sys.getrecursionlimit() + _HEADROOM)

    def close(self) -> None:
        """Go back to the limit."""
        if self._limit:
            PROCESS.bound(self._limit)
            # Still deeper than that: somebody further out catches it too.
            if sys.getrecursionlimit() <= self._limit:
                self._limit = 0
