"""Loaded by Dask in workers that a process of ours started: interrupts of a terminal are for that to act on; engines get theirs.

The process was started with them blocked, which would be handed on to its engines; a handler that does nothing is not.
"""

from __future__ import annotations

import signal
from types import FrameType


def dask_setup(worker: object) -> None:
    """Take note of interrupts, and do nothing; called in the main thread, before the threads that run cases are there."""
    del worker
    signal.signal(signal.SIGINT, _nothing)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _nothing(number: int, frame: FrameType | None) -> None:
    """Who has started this process acts on it."""
