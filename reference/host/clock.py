"""Wall time: the backstop behind steps."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from lockstep.reference.host.limits import Budget

if TYPE_CHECKING:
    import queue

# How often a cancelled guest is told again: the flag may be lost in a read-modify-write on some hosts.
_CANCEL_AGAIN_SECONDS = 0.02


class Clock:
    """Cancels the budget in hand when its wall time is over, from a thread of its own."""

    def __init__(self) -> None:
        import queue  # noqa: PLC0415  # only where wall time is limited

        self._armed: queue.SimpleQueue[tuple[Budget, float, threading.Event]] = queue.SimpleQueue()
        self._done = threading.Event()
        # A budget is not cancelled once its run is over: the next run may have it already.
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True, name="clock").start()

    def arm(self, budget: Budget, seconds: float) -> None:
        """Cancel `budget` after `seconds`, unless disarmed before."""
        self._done = threading.Event()
        self._armed.put((budget, seconds, self._done))

    def disarm(self) -> None:
        """The run is over."""
        with self._lock:
            self._done.set()

    def _watch(self) -> None:
        while True:
            budget, seconds, done = self._armed.get()
            while not done.wait(seconds):
                with self._lock:
                    if done.is_set():
                        break
                    budget.cancel("time")
                seconds = _CANCEL_AGAIN_SECONDS
