"""How long the host's `re`, which nobody can interrupt, may take for a pattern and a text."""

from __future__ import annotations

import re

from lockstep.reference.clojure.runtime.regular_expressions.code_points import (
    Ranges,
    characters,
    host_class,
    intersection,
    union,
)
from lockstep.reference.clojure.runtime.regular_expressions.nodes import (
    Choice,
    Group,
    Literal,
    Node,
    OneOf,
    Repeat,
    Sequence,
)

# Steps of the host's: well below a second.
_MOST = 20_000_000
# A text so short ends soon even where time doubles with each character.
_SHORT = 16
# A repetition of so few rounds varies little.
_FEW = 8


class Effort:
    """What may be tried again and again when the rest of a pattern fails.

    Attributes:
        explodes: a repetition is in another one, so that time may double with each character.
        runs: for each repetition the class, as the host writes it, whose longest run bounds its rounds, or "" for any text.
        ways: of all choices and short repetitions together.
    """

    __slots__ = ("explodes", "runs", "ways")

    def __init__(self, node: Node, *, whole: bool) -> None:
        self.explodes = False
        self.runs: list[str] = []
        self.ways = 1
        self._add(node, inside=False, last=not whole)

    def fits(self, text: str) -> bool:
        """Whether the host surely ends soon."""
        size = len(text) + 1
        if self.explodes:
            return size <= _SHORT
        if self.ways * size ** (len(self.runs) + 1) <= _MOST:
            return True
        # What really stands in a row is short as a rule.
        steps = self.ways * size
        for written in self.runs:
            if steps > _MOST:
                break
            steps *= _longest_run(written, text) if written else size
        return steps <= _MOST

    def _add(self, node: Node, *, inside: bool, last: bool) -> None:
        """Take in a node; `last`: nothing behind it fails, so it is not tried again."""
        if isinstance(node, Sequence):
            for position, part in enumerate(node.parts):
                self._add(part, inside=inside, last=last and position == len(node.parts) - 1)
        elif isinstance(node, Group):
            self._add(node.body, inside=inside, last=last and node.kind in {"capture", "plain", "atomic"})
        elif isinstance(node, Choice):
            if inside and not _apart(node):
                self.explodes = True
            elif not last:
                self.ways *= len(node.branches)
            for branch in node.branches:
                self._add(branch, inside=inside, last=last)
        elif isinstance(node, Repeat):
            self._repeat(node, inside=inside, last=last)

    def _repeat(self, node: Repeat, *, inside: bool, last: bool) -> None:
        rounds = None if node.high is None else node.high - node.low + 1
        varies = rounds is None or rounds > 1
        if varies and inside:
            self.explodes = True
        elif varies and not last:
            if rounds is not None and rounds <= _FEW:
                self.ways *= rounds
            else:
                self.runs.append(host_class(node.body.ranges) if isinstance(node.body, OneOf) else "")
        self._add(node.body, inside=inside or node.high is None or node.high > 1, last=False)


def _longest_run(written: str, text: str) -> int:
    return 1 + max(map(len, re.findall(f"{written}+", text)), default=0)


def _apart(node: Choice) -> bool:
    """Whether the first character tells which branch it is."""
    seen: Ranges = ()
    for branch in node.branches:
        first = _first(branch)
        if first is None or intersection(seen, first):
            return False
        seen = union(seen, first)
    return True


def _first(node: Node) -> Ranges | None:
    """The characters that a node may begin with; None where that is not known."""
    if isinstance(node, Literal) and node.text and not node.case:
        return characters(node.text[0])
    if isinstance(node, OneOf):
        return node.ranges
    if isinstance(node, Sequence) and node.parts:
        return _first(node.parts[0])
    if isinstance(node, Group) and node.kind in {"capture", "plain", "atomic"}:
        return _first(node.body)
    if isinstance(node, Repeat) and node.low:
        return _first(node.body)
    return None
