"""Walking a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.lua.syntax import nodes

_COMPOUND = (nodes.Do, nodes.While, nodes.Repeat, nodes.If, nodes.NumericFor, nodes.GenericFor)
_BLOCKS = ("block", "clauses", "otherwise")


def functions_of(chunk: nodes.Function) -> Iterator[nodes.Function]:
    """A chunk and every function in it."""
    yield chunk
    for node, _ in functions_and_calls(chunk):
        if isinstance(node, nodes.Function):
            yield node


def variables_in(statement: nodes.Node) -> list[nodes.Variable]:
    """The variables of the blocks inside a statement, inner functions left out."""
    found: list[nodes.Variable] = []
    pending: list[object] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend(node)
        elif isinstance(node, nodes.Block):
            for one in node.statements:
                if isinstance(one, nodes.Local):
                    found.extend(one.variables)
                elif isinstance(one, nodes.LocalFunction):
                    found.append(one.variable)
            pending.extend(node.statements)
        elif isinstance(node, _COMPOUND):
            if isinstance(node, nodes.NumericFor):
                found.append(node.variable)
            elif isinstance(node, nodes.GenericFor):
                found.extend(node.variables)
            pending.extend(getattr(node, name) for name in _BLOCKS if hasattr(node, name))
    return found


def functions_and_calls(chunk: nodes.Function) -> Iterator[tuple[nodes.Node, nodes.Function]]:
    """Every function and call of a chunk, with the function that it stands in."""
    pending: list[tuple[object, nodes.Function]] = [(chunk, chunk)]
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
