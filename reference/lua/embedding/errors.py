"""What an embedder of Lua may have to catch: what every embedder has, and what `os.exit` and host functions need."""

from __future__ import annotations

from lockstep.reference.host.embedding.errors import (
    BusyError,
    GuestError,
    LimitExceeded,
    StaleHandleError,
)
from lockstep.reference.host.errors import Interruption

__all__ = ["BusyError", "ExitRequested", "GuestError", "HandleError", "LimitError", "Throw"]

HandleError = StaleHandleError


class LimitError(LimitExceeded):
    """A limit ended the run; the state stays usable.

    Attributes:
        reason: `steps`, `time`, `memory`, `depth`, `output` or `cancelled`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("seconds" if reason == "time" else reason)
        self.args = ("cancelled" if reason == "cancelled" else f"{reason} limit reached",)
        self.reason = reason


class ExitRequested(Interruption):
    """The program called `os.exit`.

    Attributes:
        status: the exit status.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"exit {status}")
        self.status = status


class Throw(Interruption):
    """Raised by a host function: becomes the Lua error `value`, as `error(value, 0)` would raise it."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value
