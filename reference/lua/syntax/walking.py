"""Walking a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reference.lua.syntax import nodes


def functions_of(chunk: nodes.Function) -> Iterator[nodes.Function]:
    """A chunk and every function in it."""
    yield chunk
    for node, _ in functions_and_calls(chunk):
        if isinstance(node, nodes.Function):
            yield node


def functions_and_calls(chunk: nodes.Function) -> Iterator[tuple[nodes.Node, nodes.Function]]:
    """Every function and call of a chunk, with the function that it stands in."""
    pending: list[tuple[Any, nodes.Function]] = [(chunk, chunk)]
    while pending:
        node, function = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend((one, function) for one in node)
            continue
        if not isinstance(node, nodes.Node) or isinstance(node, nodes.Name):
            continue
        if isinstance(node, nodes.Function):
            yield node, function
            pending.append((node.block, node))
            continue
        if isinstance(node, (nodes.Call, nodes.MethodCall)):
            yield node, function
        pending.extend((getattr(node, name, None), function) for name in node.__slots__ if name != "label")
