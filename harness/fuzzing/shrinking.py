"""Making a random program smaller by its tree: what is left is a program of the same grammar, and can be read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from lockstep.harness.fuzzing.grammar import Alternatives, Between, Grammar, Production
from lockstep.harness.fuzzing.tree import Node, below, lists_of, text_of

# So many of the nodes that could stand in a node's place are tried.
_HOISTED = 12


class Shrinking:
    """The shrinking of one program.

    Args:
        grammar: that it was written by.
        tree: changed in place; at any time it is the smallest program so far.
        keeps: whether a text still shows what was found.
    """

    def __init__(self, grammar: Grammar, tree: Node, keeps: Callable[[str], bool]) -> None:
        self._tree = tree
        self._keeps = keeps
        self._least = {kind: _least(productions) for kind, productions in grammar.kinds.items()}
        self._known: set[str] = set()

    def run(self) -> None:
        """Shrink until nothing more can go."""
        while self._shorten() | self._hoist() | self._replace():
            pass

    def _kept(self) -> bool:
        text = text_of(self._tree)
        if text in self._known:
            return False
        self._known.add(text)
        return self._keeps(text)

    def _shorten(self) -> bool:
        """Take items out of lists, many at a time first."""
        changed = False
        for items in list(lists_of(self._tree)):
            size = len(items.nodes)
            while size:
                start = 0
                while start < len(items.nodes):
                    taken = items.nodes[start : start + size]
                    if len(items.nodes) - len(taken) >= items.least:
                        del items.nodes[start : start + size]
                        if self._kept():
                            changed = True
                            continue
                        items.nodes[start:start] = taken
                    start += size
                size //= 2
        return changed

    def _hoist(self) -> bool:
        """Put a part of the same kind in a node's place."""
        changed = False
        for node in [self._tree, *below(self._tree)]:
            inner = islice((one for one in below(node) if one.kind == node.kind), _HOISTED)
            for one in list(inner):
                before = node.feature, node.pieces
                node.feature, node.pieces = one.feature, one.pieces
                if self._kept():
                    changed = True
                    break
                node.feature, node.pieces = before
        return changed

    def _replace(self) -> bool:
        """Put the plainest text of its kind in a node's place."""
        changed = False
        for node in list(below(self._tree)):
            least = self._least[node.kind]
            if least is None or node.pieces == [least[1]]:
                continue
            before = node.feature, node.pieces
            if len(text_of(node)) <= len(least[1]):
                continue
            node.feature, node.pieces = least[0], [least[1]]
            if self._kept():
                changed = True
            else:
                node.feature, node.pieces = before
        return changed


def _least(productions: tuple[Production, ...]) -> tuple[str, str] | None:
    """The feature and the text of the shortest production that holds nothing; None if each holds something."""
    found = [(one.feature, text) for one in productions if (text := _alone(one)) is not None]
    return min(found, key=lambda row: len(row[1]), default=None)


def _alone(production: Production) -> str | None:
    """The plainest text of a production; None if it needs anything around it or in it."""
    texts = []
    for part in production.parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Alternatives):
            texts.append(min(part.texts, key=len))
        elif isinstance(part, Between):
            texts.append(str(max(part.low, min(part.high, 0))))
        else:
            return None
    return None if production.needs else "".join(texts)
