"""How messages name what an expression's value came from (`ldebug.c`, `getobjname`)."""

from __future__ import annotations

from lockstep.reference.lua.syntax.nodes import (
    Boolean,
    Call,
    Function,
    Index,
    Logical,
    MethodCall,
    Name,
    Nil,
    Node,
    Number,
    Parenthesised,
    String,
)

# Larger integers are loaded before they index, and then have no name.
_SMALL_INDEX = 255


def describe(node: Node, function: Function) -> str | None:
    """`local 'x'`, `upvalue 'x'`, `global 'x'`, `field 'x'`, `constant 'x'`, or None."""
    node = _compiled(node)
    if isinstance(node, Name):
        variable = node.variable
        if variable.constant is not None:
            return f"constant '{variable.constant.value}'" if isinstance(variable.constant, String) else None
        if function.stripped:
            return None
        return f"{'local' if variable.owner is function else 'upvalue'} '{variable.name}'"
    if isinstance(node, Index):
        if isinstance(node.key, String):
            is_global = node.is_global and not function.stripped
            return f"{'global' if is_global else 'field'} '{node.key.value}'"
        if isinstance(node.key, Name) and isinstance(node.key.variable.constant, String):
            return f"field '{node.key.variable.constant.value}'"
        if (
            isinstance(node.key, Number)
            and type(node.key.value) is int
            and 0 <= node.key.value <= _SMALL_INDEX
        ):
            return "field 'integer index'"
        return "field '?'"
    if isinstance(node, String):
        return f"constant '{node.value}'"
    return None


def _compiled(node: Node) -> Node:
    """The expression that code is made for: no parentheses, and no constant that decides an `and` or `or`."""
    while True:
        if isinstance(node, Parenthesised):
            node = node.expression
        elif isinstance(node, Logical) and _passes(node.left, node.operator):
            node = node.right
        else:
            return node


def _passes(left: Node, operator: str) -> bool:
    """Whether a left operand is a constant after which the right one is the value (`luaK_goiftrue`, `luaK_goiffalse`)."""
    left = _compiled(left)
    if isinstance(left, Boolean):
        return left.value == (operator == "and")
    return isinstance(left, (Number, String) if operator == "and" else Nil)


def describe_call(node: Node, function: Function) -> tuple[str, str] | None:
    """Kind and name of the function that a call calls."""
    if isinstance(node, MethodCall):
        return "method", node.name
    if isinstance(node, Call):
        described = describe(node.function, function)
        if described is None or described.startswith("constant"):
            return None
        kind, _, name = described.partition(" ")
        return kind, name[1:-1]
    return None
