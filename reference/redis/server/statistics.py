"""What the server counts."""

from __future__ import annotations

import time

from lockstep.reference.redis.wire.replies import Failure


class CommandCount:
    """Calls of one command, the time they took, and how many of them failed or were refused."""

    __slots__ = ("calls", "failed", "rejected", "seconds")

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        self.failed = 0
        self.rejected = 0


class Statistics:
    """Counters since the start, or since CONFIG RESETSTAT."""

    def __init__(self) -> None:
        self.started = time.time()
        self.reset()

    def reset(self) -> None:
        """Everything from zero."""
        self.connections = 0
        self.commands = 0
        self.errors: dict[str, int] = {}
        self.by_command: dict[str, CommandCount] = {}

    def count_error(self, failure: Failure) -> None:
        """One error reply."""
        code = failure.code.decode("latin-1")
        self.errors[code] = self.errors.get(code, 0) + 1

    def command(self, name: str) -> CommandCount:
        """The counters of a command."""
        found = self.by_command.get(name)
        if found is None:
            found = self.by_command[name] = CommandCount()
        return found
