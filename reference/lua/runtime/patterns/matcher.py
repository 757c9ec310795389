"""The matcher: backtracking over the pattern's text (manual 6.4.1)."""

from __future__ import annotations

import re

from lockstep.reference.lua.runtime.patterns.classes import PatternError, read_set, read_single

POSITION = -2
_OPEN = -1
_MAX_CAPTURES = 32
MAX_DEPTH = 200
# 5.1 has no limit but the machine's stack.
NO_MAX_DEPTH = 1 << 30
# Searches for balanced text from so many places go through the subject each on its own.
_FEW = 8


class Match:
    """A match: where it begins and ends, and its captures as (start, length or `POSITION`)."""

    __slots__ = ("captures", "end", "start", "subject")

    def __init__(self, subject: str, start: int, end: int, captures: list[tuple[int, int]]) -> None:
        self.subject = subject
        self.start = start
        self.end = end
        self.captures = captures

    def capture(self, number: int) -> str | int:
        """A capture, counted from 0: text, or a position. Raises PatternError."""
        start, length = self.captures[number]
        if length == POSITION:
            return start + 1
        if length == _OPEN:
            raise PatternError("unfinished capture")
        return self.subject[start : start + length]

    def values(self, whole: bool) -> list[str | int]:
        """All captures; the whole match where there are none and `whole` is asked for."""
        if not self.captures and whole:
            return [self.subject[self.start : self.end]]
        return [self.capture(number) for number in range(len(self.captures))]


class Matcher:
    """Matches one pattern, without its anchor, against one subject."""

    __slots__ = ("captures", "depth", "ends", "max_depth", "pattern", "searched", "subject")

    def __init__(self, subject: str, pattern: str, max_depth: int = MAX_DEPTH) -> None:
        self.subject = subject
        self.pattern = pattern
        self.captures: list[tuple[int, int]] = []
        self.depth = 0
        self.max_depth = max_depth
        # How often balanced text was looked for, and where all of it ends, once that was often.
        self.searched = 0
        self.ends: dict[tuple[str, str], dict[int, int]] = {}

    def match_at(self, start: int, first: int) -> Match | None:
        """The match that begins at `start`, of the pattern from its character `first` on. Raises PatternError."""
        self.captures = []
        self.depth = 0
        end = self._match(start, first)
        return None if end is None else Match(self.subject, start, end, list(self.captures))

    def _match(self, at: int, position: int) -> int | None:
        self.depth += 1
        if self.depth > self.max_depth:
            raise PatternError("pattern too complex")
        try:
            return self._match_from(at, position)
        finally:
            self.depth -= 1

    def _match_from(self, at: int, position: int) -> int | None:
        pattern, subject = self.pattern, self.subject
        size = len(pattern)
        while position < size:
            character = pattern[position]
            if character == "(":
                if pattern[position + 1 : position + 2] == ")":
                    return self._start_capture(at, position + 2, POSITION)
                return self._start_capture(at, position + 1, _OPEN)
            if character == ")":
                return self._end_capture(at, position + 1)
            if character == "$" and position + 1 == size:
                return at if at == len(subject) else None
            if character == "%" and position + 1 < size:
                letter = pattern[position + 1]
                if letter == "b":
                    after = self._balanced(at, position + 2)
                    if after is None:
                        return None
                    at, position = after, position + 4
                    continue
                if letter == "f":
                    position += 2
                    if pattern[position : position + 1] != "[":
                        raise PatternError("missing '[' after '%f' in pattern")
                    members, end = read_set(pattern, position)
                    previous = subject[at - 1] if at > 0 else "\0"
                    current = subject[at] if at < len(subject) else "\0"
                    if previous in members or current not in members:
                        return None
                    position = end
                    continue
                if letter.isdigit() and letter.isascii():
                    after = self._back_reference(at, letter)
                    if after is None:
                        return None
                    at, position = after, position + 2
                    continue
            members, end = read_single(pattern, position)
            suffix = pattern[end : end + 1]
            if suffix == "?":
                if at < len(subject) and subject[at] in members:
                    found = self._match(at + 1, end + 1)
                    if found is not None:
                        return found
                position = end + 1
                continue
            if suffix == "+":
                if not (at < len(subject) and subject[at] in members):
                    return None
                return self._expand(at + 1, members, end + 1)
            if suffix == "*":
                return self._expand(at, members, end + 1)
            if suffix == "-":
                return self._shortest(at, members, end + 1)
            if not (at < len(subject) and subject[at] in members):
                return None
            at += 1
            position = end
        return at

    def _expand(self, at: int, members: frozenset[str], position: int) -> int | None:
        subject = self.subject
        end = at
        while end < len(subject) and subject[end] in members:
            end += 1
        while end >= at:
            found = self._match(end, position)
            if found is not None:
                return found
            end -= 1
        return None

    def _shortest(self, at: int, members: frozenset[str], position: int) -> int | None:
        subject = self.subject
        while True:
            found = self._match(at, position)
            if found is not None:
                return found
            if not (at < len(subject) and subject[at] in members):
                return None
            at += 1

    def _start_capture(self, at: int, position: int, what: int) -> int | None:
        if len(self.captures) >= _MAX_CAPTURES:
            raise PatternError("too many captures")
        self.captures.append((at, what))
        found = self._match(at, position)
        if found is None:
            self.captures.pop()
        return found

    def _end_capture(self, at: int, position: int) -> int | None:
        for number in range(len(self.captures) - 1, -1, -1):
            start, length = self.captures[number]
            if length == _OPEN:
                break
        else:
            raise PatternError("invalid pattern capture")
        self.captures[number] = (start, at - start)
        found = self._match(at, position)
        if found is None:
            self.captures[number] = (start, _OPEN)
        return found

    def _balanced(self, at: int, position: int) -> int | None:
        if position + 1 >= len(self.pattern):
            raise PatternError("malformed pattern (missing arguments to '%b')")
        subject = self.subject
        opening, closing = self.pattern[position], self.pattern[position + 1]
        if at >= len(subject) or subject[at] != opening:
            return None
        self.searched += 1
        if self.searched > _FEW:
            return self._ends_of(opening, closing).get(at)
        nested = 1
        for index in range(at + 1, len(subject)):
            character = subject[index]
            if character == closing:
                nested -= 1
                if nested == 0:
                    return index + 1
            elif character == opening:
                nested += 1
        return None

    def _ends_of(self, opening: str, closing: str) -> dict[int, int]:
        """Where the balanced text ends that begins at each place where one does."""
        ends = self.ends.get((opening, closing))
        if ends is None:
            ends = self.ends[opening, closing] = {}
            begun: list[int] = []
            for found in re.finditer(f"[{re.escape(opening + closing)}]", self.subject):
                if found.group() == closing:
                    if begun:
                        ends[begun.pop()] = found.end()
                    if opening != closing:
                        continue
                begun.append(found.start())
        return ends

    def _back_reference(self, at: int, digit: str) -> int | None:
        number = int(digit) - 1
        if number < 0 or number >= len(self.captures) or self.captures[number][1] == _OPEN:
            raise PatternError(f"invalid capture index %{number + 1}")
        start, length = self.captures[number]
        if length < 0:
            return None  # a position capture has no text that could come again
        text = self.subject[start : start + length]
        return at + len(text) if self.subject.startswith(text, at) else None
