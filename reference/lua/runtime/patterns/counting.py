"""A matcher that counts steps, and takes no path twice that has failed before."""

from __future__ import annotations

import re
from functools import lru_cache

from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.runtime.patterns.cost import class_text
from lockstep.reference.lua.runtime.patterns.matcher import Matcher

# Characters that are passed over at once for one step.
_AT_ONCE = 64
_MANY = 10


class CountingMatcher(Matcher):
    """A `Matcher` under a budget.

    Whether the rest of a pattern matches at a position depends on nothing else, but for references to captures: so what has
    failed is noted, and a search takes time in proportion to the subject's length times the pattern's.
    """

    __slots__ = ("_budget", "_failed")

    def __init__(self, subject: str, pattern: str, max_depth: int, budget: Budget) -> None:
        super().__init__(subject, pattern, max_depth)
        self._budget = budget
        # For each place in the pattern a byte for each position in the subject; None where references make it differ.
        self._failed: dict[int, bytearray] | None = None if re.search(r"%[0-9]", pattern) else {}

    def _failures(self, position: int) -> bytearray | None:
        if self._failed is None:
            return None
        known = self._failed.get(position)
        if known is None:
            size = len(self.subject) + 1
            self._budget.allocate(size)
            known = self._failed[position] = bytearray(size)
        return known

    def _match(self, at: int, position: int) -> int | None:
        self._budget.step()
        failed = self._failures(position)
        if failed is None:
            return super()._match(at, position)
        if failed[at]:
            return None
        found = super()._match(at, position)
        if found is None:
            failed[at] = 1
        return found

    def _run_end(self, at: int, members: frozenset[str]) -> int:
        run = _run(members).match(self.subject, at)
        end = len(self.subject) if run is None else run.end()
        self._budget.take((end - at) // _AT_ONCE)
        return end

    def _expand(self, at: int, members: frozenset[str], position: int) -> int | None:
        if self._fails_at(at, position):
            return None
        last = end = self._run_end(at, members)
        failed = self._failures(position)
        while end >= at:
            if failed is not None:
                # The last end where it is not known to fail.
                end = failed.rfind(0, at, end + 1)
                if end < 0:
                    break
            found = self._match(end, position)
            if found is not None:
                return found
            end -= 1
        self._fail_from(at, last, position)
        return None

    def _shortest(self, at: int, members: frozenset[str], position: int) -> int | None:
        if self._fails_at(at, position):
            return None
        last = self._run_end(at, members)
        failed = self._failures(position)
        end = at
        while end <= last:
            if failed is not None:
                end = failed.find(0, end, last + 1)
                if end < 0:
                    break
            found = self._match(end, position)
            if found is not None:
                return found
            end += 1
        self._fail_from(at, last, position)
        return None

    def _fails_at(self, at: int, position: int) -> bool:
        """Whether what follows a repetition is known to match at no end of it, when it begins at `at`."""
        failed = self._failures(-position)
        return failed is not None and failed[at] == 1

    def _fail_from(self, at: int, last: int, position: int) -> None:
        """Nothing that follows matches at any end of a run, nor of a part of it."""
        failed = self._failures(-position)
        if failed is not None:
            failed[at : last + 1] = b"\1" * (last + 1 - at)

    def _balanced(self, at: int, position: int) -> int | None:
        searched = self.searched
        after = super()._balanced(at, position)
        if self.searched > searched:
            self._budget.take(len(self.subject) // _AT_ONCE if self.searched < _MANY else 1)
        return after


@lru_cache(maxsize=256)
def _run(members: frozenset[str]) -> re.Pattern[str]:
    return re.compile(class_text(members) + "*" if members else "")
