"""Loaded by Dask in the workers of a local cluster: interrupts of the terminal are the run's, and reach engines as ever.

The process was started with them blocked, which would be handed on to its engines; a handler that does nothing is not.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any


def dask_setup(worker: Any) -> None:
    """Take note of interrupts, and do nothing; called in the main thread, before the threads that run cases are there."""
    del worker
    signal.signal(signal.SIGINT, _nothing)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _nothing(number: int, frame: FrameType | None) -> None:
    """It is the run that acts on it."""
