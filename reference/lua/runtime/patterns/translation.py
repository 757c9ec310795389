"""Patterns as host regular expressions, where the host matches exactly as the manual says.

Lua's repetition applies to single characters and backtracks as the host's does, so only `%b`, malformed patterns and
very long ones stay with the matcher.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Callable, NamedTuple, Optional

from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.runtime.patterns.classes import PatternError, read_set, read_single
from lockstep.reference.lua.runtime.patterns.cost import (
    AFFORDABLE,
    AnySubject,
    Item,
    Subject,
    bound,
    class_text,
    safe_size,
)
from lockstep.reference.lua.runtime.patterns.matcher import MAX_DEPTH, POSITION, Match, Matcher

HostSearch = Callable[[str, int], Optional["re.Match[str]"]]
SPECIALS = frozenset("^$*+?.([%-")
_LONGEST = 120
_SUFFIXES = {"*": "*", "+": "+", "?": "?", "-": "*?"}
_MAX_CAPTURES = 32
# A look at a subject takes a step for so many characters (a power of two), and may allow so many times its length.
_SIZE_OF_STEP = 6
_TIMES_SIZE = 20


def _compiled(parts: Sequence[str | int], offset: int) -> re.Pattern[str]:
    """The expression of `parts`, where a number refers back to that group, counted from `offset`."""
    return re.compile("".join(one if isinstance(one, str) else f"(?:\\{one + offset})" for one in parts))


class Regular:
    """A translated pattern.

    Attributes:
        expression: the host's.
        positions: which captures are positions.
        is_direct: it has no such captures and matches no empty string, so the host's own searching and replacing
            go through a subject as the manual says.
        items: its items, for the time that it can take.
        safe_size: no subject of at most this length takes long.
    """

    __slots__ = (
        "_judged",
        "_parts",
        "_whole",
        "expression",
        "is_direct",
        "items",
        "positions",
        "safe_size",
    )

    def __init__(
        self,
        parts: Sequence[str | int],
        positions: tuple[bool, ...],
        items: tuple[Item, ...],
        *,
        least: int,
    ) -> None:
        self._parts = parts
        self._whole: re.Pattern[str] | None = None
        self.expression = _compiled(parts, 0)
        self.positions = positions
        self.is_direct = least > 0 and not any(positions)
        self.items = items
        self.safe_size = safe_size(items, anchored=False)
        # What was found out for the subject before, known by its length and hash.
        self._judged: tuple[int, int, bool] = (0, 0, True)

    @property
    def whole(self) -> re.Pattern[str]:
        """The expression with the whole match as its first group."""
        made = self._whole
        if made is None:
            made = self._whole = _compiled(["(", *self._parts, ")"], 1)
        return made

    def may_search(self, subject: str, budget: Budget, *, anchored: bool = False) -> bool:
        """Whether the host may look for matches in `subject`: it does not take long, or nothing counts."""
        return (
            len(subject) <= self.safe_size
            or not budget.limits.metered
            or self.is_affordable(subject, budget, anchored=anchored)
        )

    def is_affordable(self, subject: str, budget: Budget, *, anchored: bool = False) -> bool:
        """Whether the host may look for matches in `subject`, which is longer than the safe size, all at once."""
        size = len(subject)
        key = (size, hash(subject) ^ anchored)
        if self._judged[:2] == key:
            return self._judged[2]
        known: Subject = AnySubject(size)
        verdict = bound(self.items, known, anchored=anchored) <= AFFORDABLE
        if not verdict:
            budget.take(size >> _SIZE_OF_STEP)
            known = Subject(subject)
            verdict = bound(self.items, known, anchored=anchored) <= AFFORDABLE + size * _TIMES_SIZE
        self._judged = (*key, verdict)
        return verdict

    def result(self, subject: str, found: re.Match[str]) -> Match:
        """The match in Lua's terms."""
        captures = []
        for number, is_position in enumerate(self.positions, 1):
            start, end = found.span(number)
            captures.append((start, POSITION if is_position else end - start))
        return Match(subject, found.start(), found.end(), captures)


@lru_cache(maxsize=512)
def translate(pattern: str) -> Regular | None:
    """The host's expression for a pattern without its anchor; None where there is none."""
    if len(pattern) > _LONGEST:
        return None
    try:
        return _translate(pattern)
    except PatternError:
        return None


def _translate(pattern: str) -> Regular | None:
    parts: list[str | int] = []
    items: list[Item] = []
    positions: list[bool] = []
    open_groups: list[int] = []
    closed: set[int] = set()
    least = 0
    at = 0
    size = len(pattern)
    while at < size:
        character = pattern[at]
        if character == "(":
            is_position = pattern[at + 1 : at + 2] == ")"
            positions.append(is_position)
            if is_position:
                parts.append("()")
                at += 2
            else:
                parts.append("(")
                open_groups.append(len(positions))
                at += 1
            continue
        if character == ")":
            if not open_groups:
                return None
            closed.add(open_groups.pop())
            parts.append(")")
            at += 1
            continue
        if character == "$" and at + 1 == size:
            parts.append("\\Z")
            items.append(Item(None, "$"))
            break
        if character == "%" and at + 1 < size:
            letter = pattern[at + 1]
            if letter == "b":
                return None
            if letter == "f":
                if pattern[at + 2 : at + 3] != "[":
                    return None
                members, at = read_set(pattern, at + 2)
                parts.append(_frontier(members))
                items.append(Item(None if "\0" in members else members, "%f"))
                continue
            if "0" <= letter <= "9":
                number = int(letter)
                if number not in closed or positions[number - 1]:
                    return None
                parts.append(number)
                items.append(Item(None, "%1"))
                at += 2
                continue
        members, at = read_single(pattern, at)
        suffix = _SUFFIXES.get(pattern[at : at + 1], "")
        if suffix:
            at += 1
            if not members:
                return None
        if suffix in ("", "+"):
            least += 1
        parts.append(class_text(members) + suffix)
        items.append(Item(members, "-" if suffix == "*?" else suffix))
    if open_groups or len(positions) > _MAX_CAPTURES:
        return None
    return Regular(parts, tuple(positions), tuple(items), least=least)


def direct(pattern: str, subject: str, budget: Budget) -> Regular | None:
    """The translation of a pattern without anchor that the host may apply by itself, again and again."""
    if pattern.startswith("^"):
        return None
    regular = translate(pattern)
    if regular is None or not regular.is_direct or not regular.may_search(subject, budget):
        return None
    return regular


class FirstMatch(NamedTuple):
    """What finds the first match of a pattern from a place on.

    Attributes:
        search: the host's method, of subject and place.
        groups: the number of captures.
        regular: the translation.
        anchored: the match must begin at the place.
    """

    search: HostSearch
    groups: int
    regular: Regular
    anchored: bool


@lru_cache(maxsize=512)
def first_match(pattern: str) -> FirstMatch | None:
    """How the host finds the first match of a pattern; None where it does not."""
    anchored = pattern.startswith("^")
    regular = translate(pattern[1:] if anchored else pattern)
    if regular is None or any(regular.positions):
        return None
    expression = regular.expression
    return FirstMatch(
        expression.match if anchored else expression.search, expression.groups, regular, anchored
    )


@lru_cache(maxsize=512)
def is_literal(pattern: str) -> bool:
    """Whether a pattern stands for itself."""
    return not SPECIALS.intersection(pattern)


def _frontier(members: frozenset[str]) -> str:
    inside = class_text(members)
    before = f"(?<!{inside})"
    if "\0" in members:
        # Beyond either end of the subject stands a zero byte.
        return f"(?<!{inside})(?!\\A)(?:(?={inside})|\\Z)"
    return f"{before}(?={inside})"


class Searcher:
    """Finds matches of one pattern in one subject. Raises PatternError as the matcher does."""

    __slots__ = ("anchored", "matcher", "pattern", "regular", "subject")

    def __init__(
        self, subject: str, pattern: str, budget: Budget, anchors: bool = True, max_depth: int = MAX_DEPTH
    ) -> None:
        self.subject = subject
        self.anchored = anchors and pattern.startswith("^")
        self.pattern = pattern[1:] if self.anchored else pattern
        self.matcher: Matcher | None = None
        self.regular = regular = translate(self.pattern)
        metered = budget.limits.metered
        if regular is not None and not regular.may_search(subject, budget, anchored=self.anchored):
            self.regular = regular = None
        if regular is None:
            if metered:
                from lockstep.reference.lua.runtime.patterns.counting import CountingMatcher  # rare

                self.matcher = CountingMatcher(subject, self.pattern, max_depth, budget)
            else:
                self.matcher = Matcher(subject, self.pattern, max_depth)

    def at(self, start: int) -> Match | None:
        """The match that begins at `start`."""
        regular = self.regular
        if regular is None:
            assert self.matcher is not None
            return self.matcher.match_at(start, 0)
        found = regular.expression.match(self.subject, start)
        return None if found is None else regular.result(self.subject, found)

    def find(self, start: int) -> Match | None:
        """The first match from `start` on; only there if the pattern is anchored."""
        if self.anchored:
            return self.at(start)
        regular = self.regular
        if regular is not None:
            found = regular.expression.search(self.subject, start)
            return None if found is None else regular.result(self.subject, found)
        for position in range(start, len(self.subject) + 1):
            match = self.at(position)
            if match is not None:
                return match
        return None
