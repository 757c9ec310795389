"""The iterator of `gmatch` over what the host finds, which a loop may also go through by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter, methodcaller

from lockstep.reference.lua.runtime.values import NO_VALUES, Builtin, Results, Value

_ALL_GROUPS = methodcaller("groups")


class MatchIterator(Builtin):
    """A function that gives the captures of the next match with each call.

    Attributes:
        found: the matches that are left.
        groups: how many captures each has.
    """

    __slots__ = ("found", "groups")

    def __init__(self, expression: re.Pattern[str], text: str, start: int) -> None:
        self.found = found = expression.finditer(text, start)
        self.groups = groups = expression.groups

        def lua_gmatch_step(*_: Value) -> Results:
            for match in found:
                return match[groups] if groups < 2 else list(match.groups())
            return NO_VALUES

        super().__init__(lua_gmatch_step, "for iterator")

    def rounds(self, count: int) -> Iterator[Value]:
        """What each round of a loop gives to `count` variables: the value itself for one, else a sequence."""
        if count == 1:
            return map(itemgetter(1 if self.groups else 0), self.found)
        if count == self.groups:
            return map(_ALL_GROUPS, self.found)
        return self._padded(count)

    def _padded(self, count: int) -> Iterator[object]:
        padding = (None,) * count
        for match in self.found:
            yield ((match.groups() or (match[0],)) + padding)[:count]
