"""What a guest may use: steps, wall time, memory, output, depth, and how it is stopped from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from reference.host.errors import LimitExceeded


@dataclass(frozen=True)
class Limits:
    """Limits of one run; `None` means unlimited.

    Attributes:
        steps: loop back-edges and function entries that guest code may take.
        seconds: wall time, the backstop behind steps.
        memory: MiB that guest values may hold, as far as sizes are known before they are allocated.
        output: characters that the guest may write.
    """

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    output: int | None = None

    @property
    def metered(self) -> bool:
        """Whether compiled code must count: a step limit, or a wall time that has to interrupt loops."""
        return self.steps is not None or self.seconds is not None


_UNLIMITED_STEPS = 1 << 62


class Budget:
    """What is left of a run's limits.

    Metered code takes a step at each function entry and loop back-edge, by hand where it must be fast:
    `budget.steps -= 1` and, when that is negative, `budget.exhausted()`. `cancel` makes the next step
    the last one, from any thread; what is used up stays used up, so a guest's `finally` ends too.
    """

    __slots__ = ("_granted", "limits", "memory", "reason", "steps")

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._granted = _UNLIMITED_STEPS if self.limits.steps is None else self.limits.steps
        self.steps = self._granted
        self.memory = None if self.limits.memory is None else self.limits.memory << 20
        self.reason = "steps"

    @property
    def used(self) -> int:
        """Steps taken so far, never more than were granted."""
        return min(self._granted, self._granted - self.steps)

    def step(self) -> None:
        """Take one step.

        Raises:
            LimitExceeded: no step is left, or the run was cancelled.
        """
        self.steps -= 1
        if self.steps < 0:
            self.exhausted()

    def exhausted(self) -> NoReturn:
        """End the guest: raise `LimitExceeded` with the reason at hand."""
        raise LimitExceeded(self.reason)

    def cancel(self, reason: str) -> None:
        """Make the next step raise `LimitExceeded(reason)`; safe from another thread, may be repeated."""
        self.reason = reason
        self.steps = -1

    def allocate(self, size: int) -> None:
        """Account for `size` bytes that are about to be allocated at once.

        Raises:
            LimitExceeded: they are more than the memory limit leaves.
        """
        if self.memory is not None and size > self.memory:
            raise LimitExceeded("memory")


class Output:
    """What the guest wrote, as text; bytes that are not UTF-8 stand in it as surrogate escapes."""

    __slots__ = ("_left", "_parts")

    def __init__(self, limit: int | None = None) -> None:
        self._left = limit
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        """Append `text`.

        Raises:
            LimitExceeded: the output limit is reached; what fits is kept.
        """
        if self._left is not None:
            if len(text) > self._left:
                self._parts.append(text[: self._left])
                self._left = 0
                raise LimitExceeded("output")
            self._left -= len(text)
        self._parts.append(text)

    def flush(self) -> None:
        """Nothing to do: the text is read at the end."""

    def text(self) -> str:
        """All that was written, with escaped bytes that form UTF-8 put together again."""
        joined = "".join(self._parts)
        if joined.isascii():
            return joined
        raw = joined.encode("utf-8", "surrogateescape" if _escapes_only(joined) else "surrogatepass")
        return raw.decode("utf-8", "surrogateescape")


def _escapes_only(text: str) -> bool:
    return not any(
        "\ud800" <= character <= "\udfff" and not "\udc80" <= character <= "\udcff" for character in text
    )
