"""A random program as a tree of the productions that it was written by: what is in it can be taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lockstep.harness.fuzzing.grammar import PLAIN

_LABELS = 3


@dataclass
class Node:
    """What one production has written.

    Attributes:
        kind: what it is one of.
        feature: of its production.
        pieces: text, nodes, lists of nodes, and `LABEL`, in order.
    """

    kind: str
    feature: str
    pieces: list[str | Node | Items | Labelled] = field(default_factory=list)


@dataclass
class Items:
    """Nodes with a separator between them; there must be `least` of them."""

    separator: str
    least: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Labelled:
    """Stands for the features of what is in its node."""


LABEL = Labelled()


def text_of(node: Node) -> str:
    """The program text of a node."""
    return _rendered(node)[0]


def below(node: Node) -> Iterator[Node]:
    """The nodes in a node, not itself, from the outside to the inside."""
    for piece in node.pieces:
        for one in _nodes(piece):
            yield one
            yield from below(one)


def lists_of(node: Node) -> Iterator[Items]:
    """The lists in a node, from the outside to the inside."""
    for one in (node, *below(node)):
        for piece in one.pieces:
            if isinstance(piece, Items):
                yield piece


def _nodes(piece: str | Node | Items | Labelled) -> list[Node]:
    if isinstance(piece, Node):
        return [piece]
    return piece.nodes if isinstance(piece, Items) else []


def _rendered(node: Node) -> tuple[str, list[str]]:
    """The text, and the features in it."""
    pieces: list[str] = []
    labels: list[int] = []
    features: list[str] = []
    for piece in node.pieces:
        if isinstance(piece, str):
            pieces.append(piece)
        elif isinstance(piece, Labelled):
            labels.append(len(pieces))
            pieces.append("")
        else:
            made = [_rendered(one) for one in _nodes(piece)]
            separator = piece.separator if isinstance(piece, Items) else ""
            pieces.append(_indented(separator.join(text for text, _ in made), pieces))
            features += [feature for _, inside in made for feature in inside]
    label = "+".join(list(dict.fromkeys(features))[:_LABELS]) or PLAIN
    for position in labels:
        pieces[position] = label
    if node.feature != PLAIN:
        features.insert(0, node.feature)
    return "".join(pieces), features


def _indented(text: str, before: list[str]) -> str:
    """`text`, its further lines as far in as the line that it begins on."""
    if "\n" not in text:
        return text
    line = "".join(before).rpartition("\n")[2]
    indent = line[: len(line) - len(line.lstrip(" "))]
    return text.replace("\n", "\n" + indent)
