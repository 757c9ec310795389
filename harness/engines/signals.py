"""Signals that a process ignores are ignored by all that it starts: engines get the system's own actions instead.

`nohup` and shells that start something in the background have it ignore signals; an engine that ignores an interrupt is
another engine than the one at a terminal, and its programs may try signals on themselves.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

# What `nohup` and shells let a process ignore.
_OFTEN_IGNORED = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)


def stay_deaf() -> None:
    """Go on ignoring what this process ignores, but by handlers that do nothing: these are not handed on.

    Only the main thread of a process can do it.
    """
    for number in _ignored():
        signal.signal(number, _nothing)


def defaults_in_child() -> Callable[[], None] | None:
    """What a child must do before its program starts; None, which costs nothing, where no such signal is ignored."""
    return _restore if _ignored() else None


def _ignored() -> list[signal.Signals]:
    return [number for number in _OFTEN_IGNORED if signal.getsignal(number) is signal.SIG_IGN]


def _restore() -> None:
    for number in _ignored():
        signal.signal(number, signal.SIG_DFL)


def _nothing(number: int, frame: FrameType | None) -> None:
    """The signal is ignored."""
