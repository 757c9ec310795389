"""How error messages name the expression that was called: the same in every evaluator."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast import (
    DotMember,
    IdentifierReference,
    Node,
    PrivateMember,
    SuperDot,
    ThisExpression,
)


def callee_name(node: Node) -> str:
    """The names and dots of `node`; anything else in it is "(intermediate value)"."""
    if isinstance(node, IdentifierReference):
        return node.name
    if isinstance(node, (DotMember, PrivateMember)):
        return f"{callee_name(node.base)}.{node.name}"
    if isinstance(node, ThisExpression):
        return "this"
    if isinstance(node, SuperDot):
        return f"super.{node.name}"
    return "(intermediate value)"
