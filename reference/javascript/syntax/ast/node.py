"""The base of every AST node, and the source text that nodes point into."""

from __future__ import annotations

from bisect import bisect_right
from typing import ClassVar, Protocol

from lockstep.reference.host.errors import Location
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
    """

    __slots__ = ("_line_starts", "name", "text")

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
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


_NO_CHILDREN = frozenset({"start", "end", "line", "column", "scope", "source", "name_scope"})


class Node:
    """A node of the syntax tree.

    Attributes:
        start: offset of its first code point in `Source.text`.
        end: offset behind its last code point.
        line: line of `start`, from 1.
        column: column of `start`, from 0.
        child_slots: the attributes of its class that may hold nodes, or lists of them.
    """

    __slots__ = ("column", "end", "line", "start")
    child_slots: ClassVar[tuple[str, ...]] = ()

    start: int
    end: int
    line: int
    column: int

    def __init__(self, first: Positioned, end: int) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end

    def __init_subclass__(cls) -> None:
        """Every attribute but those that say where the node stands or what it means."""
        cls.child_slots = tuple(
            name
            for kind in cls.__mro__
            for name in kind.__dict__.get("__slots__", ())
            if name not in _NO_CHILDREN
        )

    def __repr__(self) -> str:
        names = [
            name for kind in type(self).__mro__ if kind is not Node for name in getattr(kind, "__slots__", ())
        ]
        fields = ", ".join(f"{name}={getattr(self, name, None)!r}" for name in names)
        return f"{type(self).__name__}({fields})"
