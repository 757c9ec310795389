"""Kinds as sets of bits, and how the nodes of a tree hang together."""

from __future__ import annotations

from lockstep.reference.lua.syntax import nodes

# OTHER is whatever is not known, and what has no bit of its own.
INTEGER, FLOAT, STRING, OTHER, TABLE, BOOLEAN, NIL, FUNCTION = 1, 2, 4, 8, 16, 32, 64, 128
NUMBER = INTEGER | FLOAT
PRIMITIVE = NUMBER | STRING
# Kinds whose values may be false, and those whose values may have a metamethod for equality.
FALSY = OTHER | BOOLEAN | NIL
COMPARED = OTHER | TABLE
# 5.1's `a - floor(a / b) * b` rounds nothing for dividends up to here.
EXACT_MODULO = 1 << 52

CALLS = (nodes.Call, nodes.MethodCall)
RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
ORDER = frozenset(("<", "<=", ">", ">="))
BITWISE = frozenset(("&", "|", "~", "<<", ">>"))
CHILDREN: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.Index: ("object", "key"),
    nodes.Call: ("function", "arguments"),
    nodes.MethodCall: ("object", "arguments"),
    nodes.Binary: ("left", "right"),
    nodes.Logical: ("left", "right"),
    nodes.Unary: ("operand",),
    nodes.Parenthesised: ("expression",),
    nodes.Constructor: ("fields",),
    nodes.Function: ("block",),
    nodes.Block: ("statements",),
    nodes.Local: ("expressions",),
    nodes.LocalFunction: ("function",),
    nodes.Assignment: ("targets", "expressions"),
    nodes.CallStatement: ("call",),
    nodes.Do: ("block",),
    nodes.While: ("condition", "block"),
    nodes.Repeat: ("block", "condition"),
    nodes.If: ("clauses", "otherwise"),
    nodes.NumericFor: ("start", "stop", "step", "block"),
    nodes.GenericFor: ("expressions", "block"),
    nodes.Return: ("expressions",),
}


def last_name(node: nodes.Call) -> str | None:
    """The name by which a call calls its function: a variable's, or the last field's."""
    function = node.function
    if isinstance(function, nodes.Name):
        return function.variable.name
    if isinstance(function, nodes.Index) and isinstance(function.key, nodes.String):
        return function.key.value
    return None
