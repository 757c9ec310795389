"""What a guest may use: steps, wall time, memory, depth, output, and how it is stopped from outside."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Callable, NoReturn, TypeVar

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.memory import ResidentMemory

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """Limits of one run; `None` means unlimited.

    Attributes:
        steps: loop back-edges and function entries that guest code may take.
        seconds: wall time, the backstop behind steps.
        memory: MiB that guest values may hold: large ones are refused before they are allocated, the sum
            of all is looked at now and then.
        output: characters that the guest may write.
        depth: nested calls of guest functions, where the language counts them; looked at now and then, so that it
            may be passed by an eighth.
        space: MiB of address space that the process may grow by, after which the host refuses memory and the guest gets its
            own error, which it may catch; kept by the worker.
        stress: collect garbage at every so many safe points (function entries and loop back-edges).
    """

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    output: int | None = None
    depth: int | None = None
    space: int | None = None
    stress: int | None = None

    @property
    def metered(self) -> bool:
        """Whether compiled code must count: something has to look in, or to interrupt loops."""
        return (
            self.steps is not None
            or self.seconds is not None
            or self.memory is not None
            or self.depth is not None
            or self.stress is not None
        )


_UNLIMITED_STEPS = 1 << 62
# Steps between two looks at the memory in use; a look takes as long as some twenty steps.
_STEPS_BETWEEN_LOOKS = 1 << 12
# Elements that a built-in passes between two looks at what is left.
_LARGEST_PORTION = 4096
# A step of guest code takes 1 us on a VM and some 10 in a tree-walker, an element of a built-in's loop 0.15 to 2: eight are one step.
_STEP_OF_ELEMENTS = 3
# What the host itself moves or compares takes a few nanoseconds an element: 1,024 are one step.
_STEP_OF_BULK = 10
# What the process may grow by for reasons of its own.
_HOST_BYTES = 2 << 20


class Budget:
    """What is left of a run's limits.

    Metered code takes a step at each function entry and loop back-edge, by hand where it must be fast:
    `budget.steps -= 1` and, when that is negative, `budget.exhausted()`. Steps are granted in portions where
    something is to be done now and then (memory to be looked at, garbage to be collected). `cancel` makes the
    next step the last one, from any thread; what is used up stays used up, so a guest's `finally` ends too.

    Attributes:
        steps: what is left of the portion in hand.
        memory: the memory limit in bytes, or None.
        reason: what the limit is called that ends the run.
        at_safe_point: called for every portion that was used up, where a language wants that.
    """

    __slots__ = (
        "_cancelled",
        "_granted",
        "_left",
        "_memory",
        "_portion",
        "_resident",
        "_unseen",
        "at_safe_point",
        "limits",
        "memory",
        "reason",
        "steps",
    )

    def __init__(self, limits: Limits | None = None) -> None:
        self.at_safe_point: Callable[[], None] | None = None
        self._memory: ResidentMemory | None = None
        self.restart(limits or Limits())

    def restart(self, limits: Limits) -> None:
        """Begin a new run under `limits`; whoever holds this budget goes on with it."""
        self.limits = limits
        self.reason = "steps"
        self._cancelled = False
        self._granted = _UNLIMITED_STEPS if limits.steps is None else limits.steps
        self._portion = self._granted
        self.memory = None if limits.memory is None else limits.memory << 20
        # Bytes that were allocated in large pieces since the last look.
        self._unseen = 0
        self._resident = 0
        if self.memory is not None:
            self._memory = self._memory or ResidentMemory()
            self._resident = self._memory.bytes() + _HOST_BYTES
            self._portion = _STEPS_BETWEEN_LOOKS
        if limits.depth is not None:
            self._portion = min(self._portion, max(16, limits.depth >> 3))
        if limits.stress is not None:
            self._portion = min(self._portion, max(1, limits.stress))
        self.steps = min(self._portion, self._granted)
        # Steps granted but not yet in hand.
        self._left = self._granted - self.steps

    @property
    def used(self) -> int:
        """Steps taken so far, never more than were granted."""
        return min(self._granted, self._granted - self._left - self.steps)

    def step(self) -> None:
        """Take one step.

        Raises:
            LimitExceeded: no step is left, or the run was cancelled.
        """
        self.steps -= 1
        if self.steps < 0:
            self.exhausted()

    def take(self, steps: int) -> None:
        """Take so many steps, for one operation that takes as long as they do.

        Raises:
            LimitExceeded: fewer are left, or the run was cancelled.
        """
        self.steps -= steps
        while self.steps < 0:
            self.exhausted()

    def elements(self, count: int) -> None:
        """Take the steps for `count` elements that a built-in passes one by one.

        Raises:
            LimitExceeded: fewer steps are left, or the run was cancelled.
        """
        self.take(count >> _STEP_OF_ELEMENTS)

    def each(self, indices: Sequence[T]) -> Iterable[T]:
        """`indices`, or other elements that nothing changes meanwhile, for a loop of a built-in: a step is taken for every eight, some thousands at a time as they pass.

        Raises:
            LimitExceeded: fewer steps are left, or the run was cancelled.
        """
        if len(indices) <= _LARGEST_PORTION:
            self.elements(len(indices))
            return indices
        return self._portions(indices)

    def _portions(self, indices: Sequence[T]) -> Iterator[T]:
        for start in range(0, len(indices), _LARGEST_PORTION):
            portion = indices[start : start + _LARGEST_PORTION]
            self.elements(len(portion))
            yield from portion

    def bulk(self, size: int) -> None:
        """Take the steps for one operation of the host's over `size` elements or characters: it is quick, but does not stop.

        Raises:
            LimitExceeded: fewer steps are left, or the run was cancelled.
        """
        if size > _LARGEST_PORTION:
            self.take(size >> _STEP_OF_BULK)

    def exhausted(self) -> None:
        """The portion in hand is used up, with the step just taken: go on with the next one.

        Raises:
            LimitExceeded: nothing is left, or the run was cancelled.
        """
        if self._cancelled or self._left <= 0:
            raise LimitExceeded(self.reason)
        portion = min(self._portion, self._left)
        self._left -= portion
        self.steps += portion
        if self.memory is not None:
            self._look(0)
        if self.at_safe_point is not None:
            self.at_safe_point()

    def interrupt(self, steps: int) -> None:
        """Come to a safe point after `steps` more steps, if that is sooner than otherwise."""
        if steps < self.steps:
            self._left += self.steps - steps
            self.steps = steps

    def cancel(self, reason: str) -> None:
        """Make the next step raise `LimitExceeded(reason)`; safe from another thread, may be repeated."""
        self.reason = reason
        self._cancelled = True
        self.steps = -1

    def end(self, reason: str) -> NoReturn:
        """End the guest now, and at every step that it may still try to take."""
        self.cancel(reason)
        raise LimitExceeded(reason)

    def allocate(self, size: int) -> None:
        """Account for `size` bytes that are about to be allocated at once.

        Raises:
            LimitExceeded: they are more than the memory limit leaves.
        """
        if self.memory is None:
            return
        self._unseen += size
        if self._unseen > self.memory >> 3:
            self._look(size)

    def _look(self, size: int) -> None:
        """Compare what the process holds more than at the start, and `size`, with the memory limit."""
        memory = self.memory
        held = self._memory
        assert memory is not None
        assert held is not None
        self._unseen = 0
        if size <= memory:
            if max(0, held.bytes() - self._resident) + size <= memory:
                return
            gc.collect()
            if max(0, held.bytes() - self._resident) + size <= memory:
                return
        self.end("memory")


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
        pieces = _OTHER_SURROGATES.split(joined)
        pieces[::2] = [
            piece.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
            for piece in pieces[::2]
        ]
        return "".join(pieces)


# Lone surrogates that stand for themselves, and for no byte.
_OTHER_SURROGATES = re.compile("([\ud800-\udc7f\udd00-\udfff]+)")
