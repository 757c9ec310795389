"""What stripping changes in a text: ranges that become blanks, and characters that keep the rest apart."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lockstep.reference.javascript.syntax.lexer import LINE_TERMINATORS, WHITE_SPACE

_VISIBLE = re.compile(f"[^{WHITE_SPACE}{LINE_TERMINATORS}]")


class EditsMark(NamedTuple):
    """How much was recorded at some moment."""

    ranges: int
    characters: int
    refusals: int
    decorators: int


class Edits:
    """What was recorded so far.

    Attributes:
        ranges: offsets of what vanishes.
        characters: offsets, with the character that stands there afterwards.
        refusals: offsets of constructs that cannot be erased, with the message.
        decorators: offsets of decorators, which stay.
    """

    __slots__ = ("characters", "decorators", "ranges", "refusals")

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []
        self.characters: list[tuple[int, str]] = []
        self.refusals: list[tuple[int, str]] = []
        self.decorators: list[int] = []

    def mark(self) -> EditsMark:
        """The moment, for `undo`."""
        return EditsMark(len(self.ranges), len(self.characters), len(self.refusals), len(self.decorators))

    def undo(self, mark: EditsMark) -> None:
        """Forget what was recorded since `mark`."""
        del self.ranges[mark.ranges :]
        del self.characters[mark.characters :]
        del self.refusals[mark.refusals :]
        del self.decorators[mark.decorators :]

    def forget_from(self, start: int) -> None:
        """Forget what was recorded for the text from `start` on, which is what was recorded last."""
        recorded: tuple[list[tuple[int, Any]], ...] = (self.ranges, self.characters, self.refusals)
        for each in recorded:
            while each and each[-1][0] >= start:
                each.pop()
        while self.decorators and self.decorators[-1] >= start:
            self.decorators.pop()

    def blank(self, start: int, end: int) -> None:
        """A range vanishes."""
        self.ranges.append((start, end))

    def put(self, at: int, character: str) -> None:
        """A character stands at an offset, whatever vanishes there."""
        self.characters.append((at, character))

    def apply(self, text: str) -> str:
        """The text with all changes."""
        parts: list[str] = []
        done = 0
        for start, end in sorted(self.ranges):
            if end <= done:
                continue
            begin = max(start, done)
            parts.append(text[done:begin])
            parts.append(_blanked(text[begin:end]))
            done = end
        parts.append(text[done:])
        result = "".join(parts)
        if not self.characters:
            return result
        characters = list(result)
        for at, character in self.characters:
            characters[at] = character
        return "".join(characters)


def _blanked(text: str) -> str:
    return _VISIBLE.sub(" " if text.isascii() else _blank_of, text)


def _blank_of(match: re.Match[str]) -> str:
    """A blank that takes as many bytes of UTF-8 as what stood there, where there is one."""
    character = match[0]
    return " " if character < "\x80" else "\xa0" if character < "\u0800" else "\u2002"
