"""Matching that looks at the limits: for patterns and texts for which the host's `re` may take too long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.regular_expressions.assembly import assemble
from lockstep.reference.clojure.runtime.regular_expressions.effort import effort_of
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.regular_expressions.backtracking import run

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.regular_expressions.nodes import Node


def budget_of(innermost: FrameType | None) -> Budget | None:
    """The budget of the guest whose code runs in one of the frames; None where steps are not counted.

    Patterns and their functions are shared between guests, which have nothing to do with each other but for the host's stack.
    """
    frame = innermost
    while frame is not None:
        budget = frame.f_globals.get("%budget")
        if budget is None and frame.f_code.co_varnames[:1] == ("self",):
            budget = getattr(getattr(frame.f_locals["self"], "environment", None), "budget", None)
        if isinstance(budget, Budget):
            return budget if budget.limits.metered else None
        frame = frame.f_back
    return None


class Spans:
    """A match, as the host's own matches are."""

    __slots__ = ("regs", "string")

    def __init__(self, string: str, regs: tuple[tuple[int, int], ...]) -> None:
        self.string = string
        self.regs = regs

    def span(self, group: int = 0) -> tuple[int, int]:
        """Where a group stands."""
        return self.regs[group]

    def start(self, group: int = 0) -> int:
        """Where it begins; -1 where it took no part."""
        return self.regs[group][0]

    def end(self, group: int = 0) -> int:
        """Where it ends; -1 where it took no part."""
        return self.regs[group][1]

    def group(self, group: int = 0) -> str | None:
        """Its text."""
        start, end = self.regs[group]
        return None if start < 0 else self.string[start:end]

    __getitem__ = group

    def groups(self) -> tuple[str | None, ...]:
        """The texts of all groups."""
        return tuple([self.group(number) for number in range(1, len(self.regs))])


class Interruptible:
    """One pattern: whether the host may match it with a text, and the program that is run where it may not.

    Args:
        node: the pattern.
        groups: the host's number of each group of the guest.
        count: the host's number of groups.
        written: how the host writes a node.
    """

    __slots__ = ("_count", "_effort", "_groups", "_node", "_programs", "_written")

    def __init__(
        self, node: Node, groups: Mapping[int, int], count: int, written: Callable[[Node], str]
    ) -> None:
        self._written = written
        self._node = node
        self._groups = dict(groups)
        self._count = count
        self._effort = effort_of(node, whole=False), effort_of(node, whole=True)
        self._programs: dict[tuple[int, bool], tuple[list[Any], int]] = {}

    def is_needed(self, text: str, *, whole: bool) -> bool:
        """Whether the host may take too long."""
        return not self._effort[whole].fits(text)

    def match(
        self,
        text: str,
        start: int,
        budget: Budget,
        *,
        whole: bool = False,
        search: bool = False,
        last: int = 0,
    ) -> Spans | None:
        """The match at `start`, or the first behind it.

        Args:
            text: the text.
            start: where to begin.
            budget: charged.
            whole: whether the match must end with the text.
            search: whether to look behind `start` too.
            last: where the last match ended.

        Raises:
            LimitExceeded: a limit is reached.
        """
        key = last, whole
        program = self._programs.get(key)
        if program is None:
            # Of the places where a last match ended one is enough.
            self._programs = {
                key: assemble(self._node, self._groups, self._count, self._written, last=last, whole=whole)
            }
            program = self._programs[key]
        code, size = program
        for position in range(start, len(text) + 1 if search else start + 1):
            slots = [-1] * size
            end = run(code, 0, text, position, slots, budget)
            if end >= 0:
                slots[0], slots[1] = position, end
                spans = slots[: 2 * (self._count + 1)]
                return Spans(text, tuple(zip(spans[::2], spans[1::2])))
            budget.step()
        return None
