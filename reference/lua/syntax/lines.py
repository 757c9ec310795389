"""Lines of a function that have code."""

from __future__ import annotations

from typing import Any

from reference.lua.syntax import nodes


def active_lines(function: nodes.Function) -> list[int]:
    """The lines of `function`, without inner functions, at which a statement stands; its last line too."""
    found: set[int] = {function.last_line}
    pending: list[Any] = [function.block]
    while pending:
        node = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend(node)
            continue
        if not isinstance(node, nodes.Node) or isinstance(node, nodes.Name):
            continue
        if isinstance(node, nodes.Function):
            found.add(node.last_line)
            continue
        if not isinstance(node, nodes.Block):
            found.add(node.line)
        pending.extend(getattr(node, name, None) for name in node.__slots__ if name != "label")
    return sorted(found)
