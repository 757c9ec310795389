"""How a program ends before its end."""

from __future__ import annotations

from lockstep.reference.host.errors import LimitExceeded


class ExitRequest(LimitExceeded):
    """`process.exit`, or an error that nobody caught: no guest code runs any more, not even a `finally`.

    Attributes:
        status: the exit status.
    """

    def __init__(self, status: int) -> None:
        super().__init__("exit")
        self.status = status
