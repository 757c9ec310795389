"""What the functions of one chunk were compiled from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

from lockstep.reference.lua.syntax import nodes

NO_NAME = "(no name)"
NO_SOURCE = "=?"
Outer = Union[str, tuple[str, tuple[Any, ...]]]


@dataclass(frozen=True)
class ChunkSource:
    """The text of a chunk, or of one function that `string.dump` wrote.

    Attributes:
        text: the source, one character a byte; a dumped function begins with `function`.
        chunk_name: as given to `load`.
        outer: for a dumped function the names of the variables around it that it uses; for a compile-time
            constant the name and its literal.
        first_line: the line on which the text begins.
        stripped: names of variables and lines are not known.
    """

    text: str
    chunk_name: str
    outer: tuple[Outer, ...] | None = None
    first_line: int = 1
    stripped: bool = False


def literal_of(node: nodes.Node) -> tuple[object, ...]:
    """A compile-time constant as plain data."""
    if isinstance(node, nodes.Boolean):
        return "boolean", node.value
    if isinstance(node, nodes.Number):
        return "number", node.value if type(node.value) is int else float(node.value).hex()
    return ("string", node.value) if isinstance(node, nodes.String) else ("nil",)


def node_of(literal: tuple[Any, ...]) -> nodes.Node:
    """A compile-time constant's node."""
    kind = literal[0]
    node: nodes.Node
    if kind == "boolean":
        node = nodes.Boolean(literal[1])
    elif kind == "number":
        value = literal[1]
        node = nodes.Number(float.fromhex(value) if isinstance(value, str) else value)
    elif kind == "string":
        node = nodes.String(literal[1])
    else:
        node = nodes.Nil()
    node.line = node.offset = 0
    return node
