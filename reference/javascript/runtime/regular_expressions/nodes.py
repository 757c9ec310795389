"""The small language between a pattern's syntax and its matcher: classes, case and modifiers are resolved in it."""

from __future__ import annotations

from typing import Callable


class Node:
    """What matches some text, in either direction.

    Attributes:
        shortest: the least number of characters it matches.
        longest: the greatest number, or None for no limit.
        captures: whether there is a capturing group in it.
    """

    __slots__ = ("captures", "longest", "shortest")

    shortest: int
    longest: int | None
    captures: bool


class Characters(Node):
    """One character out of a set."""

    __slots__ = ("members",)

    def __init__(self, members: tuple[int, ...]) -> None:
        self.members = members
        self.shortest = self.longest = 1
        self.captures = False


class Sequence(Node):
    """Parts one after another; the empty sequence matches the empty text."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts
        self.shortest = sum(part.shortest for part in parts)
        self.longest = _total([part.longest for part in parts], sum)
        self.captures = any(part.captures for part in parts)


class Alternatives(Node):
    """Parts tried in order."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts
        self.shortest = min(part.shortest for part in parts)
        self.longest = _total([part.longest for part in parts], max)
        self.captures = any(part.captures for part in parts)


class Capture(Node):
    """A capturing group by its number."""

    __slots__ = ("body", "number")

    def __init__(self, number: int, body: Node) -> None:
        self.number = number
        self.body = body
        self.shortest, self.longest, self.captures = body.shortest, body.longest, True


class Repeat(Node):
    """A quantified part; each repetition resets the captures from `first_capture` to before `last_capture`."""

    __slots__ = ("body", "first_capture", "greedy", "last_capture", "maximum", "minimum")

    def __init__(
        self,
        body: Node,
        minimum: int,
        maximum: int | None,
        greedy: bool,
        first_capture: int,
        last_capture: int,
    ) -> None:
        self.body = body
        self.minimum = minimum
        self.maximum = maximum
        self.greedy = greedy
        self.first_capture = first_capture
        self.last_capture = last_capture
        self.shortest = minimum * body.shortest
        self.longest = None if maximum is None or body.longest is None else maximum * body.longest
        if body.longest == 0:
            self.longest = 0
        self.captures = body.captures


class Look(Node):
    """Lookahead or lookbehind."""

    __slots__ = ("behind", "body", "negative")

    def __init__(self, body: Node, *, behind: bool, negative: bool) -> None:
        self.body = body
        self.behind = behind
        self.negative = negative
        self.shortest = self.longest = 0
        self.captures = body.captures


class Boundary(Node):
    """`^` (start), `$` (end), `b` or `B`; `multiline` for the first two, `word` the set for the others."""

    __slots__ = ("kind", "multiline", "word")

    def __init__(self, kind: str, *, multiline: bool = False, word: tuple[int, ...] = ()) -> None:
        self.kind = kind
        self.multiline = multiline
        self.word = word
        self.shortest = self.longest = 0
        self.captures = False


class Back(Node):
    """A reference to whichever of the groups took part; `canonicalize` under the flag `i`."""

    __slots__ = ("canonicalize", "numbers")

    def __init__(self, numbers: list[int], canonicalize: Callable[[str], str] | None) -> None:
        self.numbers = numbers
        self.canonicalize = canonicalize
        self.shortest = 0
        self.longest = None
        self.captures = False


def _total(values: list[int | None], combine: Callable[[list[int]], int]) -> int | None:
    known = [value for value in values if value is not None]
    return combine(known) if len(known) == len(values) else None
