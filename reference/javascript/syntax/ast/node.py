"""The base of every AST node, and the source text that nodes point into."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import InitVar
from typing import Protocol

from lockstep.reference.host.errors import Location
from lockstep.reference.host.trees import TreeNode, declared, from_origin, origin
from lockstep.reference.javascript.syntax.utf16 import to_utf16


class Positioned(Protocol):
    """Whatever a node can begin at: a token or another node."""

    start: int
    line: int
    column: int


class Source:
    """One source text; offsets count its code points.

    Attributes:
        text: the text in code points (surrogate pairs are joined).
        name: the file name that locations show.
        labels: what stack traces call functions, by where they begin: see `function_labels`.
    """

    __slots__ = ("_line_starts", "labels", "name", "text")

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.labels: dict[int, str] = {}
        self._line_starts: list[int] | None = None

    def text_between(self, start: int, end: int) -> str:
        """The text from `start` to `end` as UTF-16 code units."""
        return to_utf16(self.text[start:end])

    def location(self, offset: int) -> Location:
        """Line and column of `offset`, both from 1."""
        if self._line_starts is None:
            self._line_starts = line_starts(self.text)
        line = bisect_right(self._line_starts, offset)
        return Location(self.name, line, offset - self._line_starts[line - 1] + 1)


def line_starts(text: str) -> list[int]:
    """The offset of each line; lines end as in 12.3 Line Terminators."""
    starts = [0]
    position = 0
    for line in text.splitlines(keepends=True):
        position += len(line)
        # The host also splits at other controls, which JavaScript does not.
        if line[-1] in "\n\r\u2028\u2029":
            starts.append(position)
    return starts


@declared
class Node(TreeNode):
    """A node of the syntax tree.

    Attributes:
        first: what it begins at.
        start: offset of its first code point in `Source.text`.
        end: offset behind its last code point.
        line: line of `start`, from 1.
        column: column of `start`, from 0.
    """

    first: InitVar[Positioned] = origin()
    end: int
    start: int = from_origin()
    line: int = from_origin()
    column: int = from_origin()


@declared
class Expression(Node):
    """Any expression."""


@declared
class Statement(Node):
    """Any statement or declaration."""
