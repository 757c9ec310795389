"""22.2.2.2 compiled patterns: the matcher that [[RegExpMatcher]] holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lockstep.reference.host.regular_expressions.backtracking import run
from lockstep.reference.javascript.runtime.regular_expressions.assembly import assemble
from lockstep.reference.javascript.runtime.regular_expressions.effort import effort_of
from lockstep.reference.javascript.runtime.regular_expressions.host_translation import (
    class_source,
    first_characters,
    translate,
)
from lockstep.reference.javascript.runtime.regular_expressions.lowering import Lowering
from lockstep.reference.javascript.runtime.regular_expressions.nodes import Node
from lockstep.reference.javascript.syntax.regexp.parser import parse_pattern
from lockstep.reference.javascript.syntax.utf16 import to_code_points

if TYPE_CHECKING:
    from lockstep.reference.host.limits import Budget
    from lockstep.reference.host.regular_expressions.effort import Effort

Spans = tuple[tuple[int, int], ...]
"""(start, end) of the match and of each group, in code units; (-1, -1) for a group that took no part."""

_KEPT_PATTERNS = 500
_SHORT_TEXT = 64


class CompiledPattern:
    """One pattern under its flags; it holds no guest state but the last text it looked at.

    Attributes:
        capture_count: the number of groups.
        group_names: the groups of each name, in the pattern's order.
        host: the host's pattern, once it is made and if it means the same.
    """

    __slots__ = (
        "_code",
        "_effort",
        "_finder",
        "_interruptible",
        "_judged",
        "_last",
        "_node",
        "_slots",
        "_uses",
        "capture_count",
        "group_names",
        "host",
        "unicode_mode",
    )

    def __init__(self, source: str, flags: str, *, interruptible: bool = False) -> None:
        """Compile.

        Args:
            source: the pattern, in code units.
            flags: the flags.
            interruptible: whether matching must charge the budget where the host may take long.

        Raises:
            GuestSyntaxError: the pattern or the flags are not valid.
        """
        pattern = parse_pattern(source, flags)
        self.capture_count = pattern.capture_count
        self.group_names = pattern.group_names
        self.unicode_mode = "u" in flags or "v" in flags
        self._last: tuple[str, str, list[int]] | None = None
        self._finder: re.Pattern[str] | None = None
        self._code: list[object] | None = None
        self._slots = 0
        self._node: Node | None = Lowering(pattern).lower()
        self._interruptible = interruptible
        # What the host's matching may cost, where that is to be asked; the last text, and whether the host may match it.
        self._effort: Effort | None = None
        self._judged: tuple[str, bool] = ("", True)
        self._uses = 0
        self.host: re.Pattern[str] | None = None

    def _translate(self) -> None:
        """Look for the host's pattern: it costs more to make than a program, and is worth it on the second use."""
        node = self._node
        assert node is not None
        self.host = translate(node)
        if self.host is not None:
            effort = effort_of(node) if self._interruptible else None
            if effort is None or effort.is_always_small():
                self._node = None
            else:
                self._effort = effort
            return
        self._node = None
        self._assemble_search(node)

    def _assemble_search(self, node: Node) -> None:
        self._assemble(node)
        members, empty = first_characters(node)
        if not empty:
            self._finder = re.compile(class_source(members), re.DOTALL)

    def _host_may_match(self, effort: Effort, text: str) -> bool:
        """Whether the host ends soon; if not, there is a program to run instead."""
        if self._judged[0] is not text:
            self._judged = text, effort.fits(text)
        if self._judged[1]:
            return True
        node = self._node
        if node is not None:
            self._node = None
            self._assemble_search(node)
        return False

    def _assemble(self, node: Node) -> None:
        if self._code is None:
            self._code, self._slots = assemble(node, self.capture_count)

    def match(self, text: str, index: int, sticky: bool, budget: Budget) -> Spans | None:
        """22.2.7.2 RegExpBuiltinExec, steps 10 to 13: the first match at `index` or, if not sticky, behind it.

        Args:
            text: code units.
            index: from 0 to the length of the text.
            sticky: whether it must match at `index`.
            budget: charged for long searches.
        """
        if self.unicode_mode and not text.isascii():
            return self._match_code_points(text, index, sticky, budget)
        return self._match(text, index, sticky, budget)

    def _match_code_points(self, text: str, index: int, sticky: bool, budget: Budget) -> Spans | None:
        last = self._last
        if last is None or last[0] is not text:
            points = to_code_points(text)
            starts: list[int] = []
            if len(points) != len(text):
                position = 0
                for character in points:
                    starts.append(position)
                    position += 2 if character > "\uffff" else 1
                starts.append(position)
            last = self._last = (text, points, starts)
        _, points, starts = last
        if not starts:
            return self._match(text, index, sticky, budget)
        spans = self._match(points, bisect_right(starts, index) - 1, sticky, budget)
        if spans is None:
            return None
        # 22.2.7.5 GetStringIndex
        return tuple([(-1, -1) if first < 0 else (starts[first], starts[end]) for first, end in spans])

    def _match(self, text: str, index: int, sticky: bool, budget: Budget) -> Spans | None:
        if self._node is not None and self.host is None:
            self._uses += 1
            if self._uses > 1 or len(text) > _SHORT_TEXT:
                self._translate()
            else:
                self._assemble(self._node)
        host = self.host
        effort = self._effort
        if host is not None and (
            effort is None or len(text) <= effort.soon or self._host_may_match(effort, text)
        ):
            found = host.match(text, index) if sticky else host.search(text, index)
            return None if found is None else found.regs
        code, finder = self._code, self._finder
        assert code is not None
        count = 2 * (self.capture_count + 1)
        while index <= len(text):
            if finder is not None and not sticky:
                candidate = finder.search(text, index)
                if candidate is None:
                    return None
                index = candidate.start()
            slots = [-1] * self._slots
            end = run(code, 0, text, index, slots, budget)
            if end >= 0:
                slots[0], slots[1] = index, end
                return tuple(zip(slots[0:count:2], slots[1:count:2]))
            if sticky:
                return None
            index += 1
            budget.steps -= 1
            if budget.steps < 0:
                budget.exhausted()
        return None


class PatternCache:
    """The patterns that an agent has compiled, by source and flags."""

    def __init__(self, *, interruptible: bool) -> None:
        self.interruptible = interruptible
        self._patterns: dict[tuple[str, str], CompiledPattern] = {}

    def get(self, source: str, flags: str) -> CompiledPattern:
        """The compiled pattern.

        Raises:
            GuestSyntaxError: the pattern or the flags are not valid.
        """
        key = (source, flags)
        found = self._patterns.get(key)
        if found is None:
            found = CompiledPattern(source, flags, interruptible=self.interruptible)
            if len(self._patterns) >= _KEPT_PATTERNS:
                self._patterns.clear()
            self._patterns[key] = found
        return found
