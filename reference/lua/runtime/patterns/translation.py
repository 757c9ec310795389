"""Patterns as host regular expressions, where the host matches exactly as the manual says.

Lua's repetition applies to single characters and backtracks as the host's does, so only `%b`, malformed patterns and
very long ones stay with the matcher.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reference.lua.runtime.patterns.classes import ANY, PatternError, read_set, read_single
from reference.lua.runtime.patterns.matcher import MAX_DEPTH, POSITION, Match, Matcher

_LONGEST = 120
_SUFFIXES = {"*": "*", "+": "+", "?": "?", "-": "*?"}
_MAX_CAPTURES = 32


class Regular:
    """A translated pattern.

    Attributes:
        expression: the host's.
        positions: which captures are positions.
        is_direct: it has no such captures and matches no empty string, so the host's own searching and replacing
            go through a subject as the manual says.
    """

    __slots__ = ("expression", "is_direct", "positions")

    def __init__(self, expression: re.Pattern[str], positions: tuple[bool, ...], *, least: int) -> None:
        self.expression = expression
        self.positions = positions
        self.is_direct = least > 0 and not any(positions)

    def result(self, subject: str, found: re.Match[str]) -> Match:
        """The match in Lua's terms."""
        captures = []
        for number, is_position in enumerate(self.positions, 1):
            start, end = found.span(number)
            captures.append((start, POSITION if is_position else end - start))
        return Match(subject, found.start(), found.end(), captures)


def _class_text(members: frozenset[str]) -> str:
    if members == ANY:
        return "[\\x00-\\xff]"
    if not members:
        return "(?!)"
    codes = sorted(map(ord, members))
    parts = []
    start = previous = codes[0]
    for code in [*codes[1:], 1000]:
        if code != previous + 1:
            parts.append(f"\\x{start:02x}" if start == previous else f"\\x{start:02x}-\\x{previous:02x}")
            start = code
        previous = code
    if len(members) == 1:
        return parts[0]
    return "[" + "".join(parts) + "]"


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
    parts: list[str] = []
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
                continue
            if "0" <= letter <= "9":
                number = int(letter)
                if number not in closed or positions[number - 1]:
                    return None
                parts.append(f"(?:\\{number})")
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
        parts.append(_class_text(members) + suffix)
    if open_groups or len(positions) > _MAX_CAPTURES:
        return None
    return Regular(re.compile("".join(parts)), tuple(positions), least=least)


def direct(pattern: str) -> re.Pattern[str] | None:
    """The host's expression for a pattern without anchor that the host may apply by itself."""
    if pattern.startswith("^"):
        return None
    regular = translate(pattern)
    return regular.expression if regular is not None and regular.is_direct else None


def _frontier(members: frozenset[str]) -> str:
    inside = _class_text(members)
    before = f"(?<!{inside})"
    if "\0" in members:
        # Beyond either end of the subject stands a zero byte.
        return f"(?<!{inside})(?!\\A)(?:(?={inside})|\\Z)"
    return f"{before}(?={inside})"


class Searcher:
    """Finds matches of one pattern in one subject. Raises PatternError as the matcher does."""

    __slots__ = ("anchored", "matcher", "pattern", "regular", "subject")

    def __init__(self, subject: str, pattern: str, anchors: bool = True, max_depth: int = MAX_DEPTH) -> None:
        self.subject = subject
        self.anchored = anchors and pattern.startswith("^")
        self.pattern = pattern[1:] if self.anchored else pattern
        self.regular = translate(self.pattern)
        self.matcher = Matcher(subject, self.pattern, max_depth) if self.regular is None else None

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
