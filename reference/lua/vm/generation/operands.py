"""Evaluating several expressions so that none is changed by what is evaluated after it."""

from __future__ import annotations

import ast

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.functions import FunctionBuilder

CALLS = (nodes.Call, nodes.MethodCall)


def is_multiple(node: nodes.Node) -> bool:
    """Whether an expression may have any number of values."""
    return isinstance(node, (*CALLS, nodes.Vararg))


def is_simple(node: nodes.Node) -> bool:
    """Whether evaluating an expression emits nothing and nothing can change its value meanwhile."""
    if isinstance(node, nodes.Name):
        variable = node.variable
        return not (variable.captured and variable.assigned)
    return isinstance(node, (nodes.Nil, nodes.Boolean, nodes.Number, nodes.String))


def is_quiet(node: nodes.Node) -> bool:
    """Whether evaluating an expression calls nothing."""
    return isinstance(node, (nodes.Name, nodes.Nil, nodes.Boolean, nodes.Number, nodes.String, nodes.Vararg))


def kept(builder: FunctionBuilder, value: ast.expr) -> ast.expr:
    """A value in a temporary of its own."""
    return value if isinstance(value, ast.Name) and value.id.startswith("$") else builder.keep(value)


def settled(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """An expression's value as a host name or constant that stays what it is while others are evaluated."""
    value = builder.expression(node)
    if isinstance(value, ast.Constant):
        return value
    if isinstance(value, ast.Name) and (not isinstance(node, nodes.Name) or is_simple(node)):
        return value
    return builder.keep(value)


def operands(
    builder: FunctionBuilder, expressions: list[nodes.Node], *, once: bool = False
) -> list[ast.expr]:
    """One value each, unchanged by what is evaluated after it; as a name unless it is used `once`."""
    values = []
    for position, node in enumerate(expressions):
        value = builder.expression(node)
        moving = isinstance(node, nodes.Name) and not is_simple(node)
        if moving or isinstance(value, ast.BinOp):
            later = expressions[position + 1 :]
            if (isinstance(value, ast.BinOp) and not once) or not _stays(value, node, later):
                value = builder.keep(value)
        values.append(value)
    return values


def at_once(builder: FunctionBuilder, values: list[ast.expr]) -> list[ast.expr]:
    """Values that are used once and at once, in this order: what was put into a temporary just before stands itself there."""
    if builder.hooked or builder.chunk.releasing:
        return values
    found = list(values)
    for position in range(len(found) - 1, -1, -1):
        value = found[position]
        if isinstance(value, ast.Constant):
            continue
        last = builder.statements[-1] if builder.statements else None
        if not isinstance(value, ast.Name) or not isinstance(last, ast.Assign) or len(last.targets) != 1:
            break
        target = last.targets[0]
        if not isinstance(target, ast.Name) or target.id != value.id or not target.id.startswith("$"):
            break
        found[position] = last.value
        builder.statements.pop()
    return found


def _stays(value: ast.expr, node: nodes.Node, later: list[nodes.Node]) -> bool:
    """Whether nothing in `later` changes a value that is evaluated after it."""
    if all(map(is_quiet, later)):
        return True
    return isinstance(value, ast.BinOp) and not _moves(node)


def _moves(node: nodes.Node) -> bool:
    """Whether a call may change a variable in an arithmetic expression."""
    if isinstance(node, nodes.Binary):
        return _moves(node.left) or _moves(node.right)
    if isinstance(node, nodes.Unary):
        return _moves(node.operand)
    if isinstance(node, nodes.Parenthesised):
        return _moves(node.expression)
    return not is_simple(node)


def stable(builder: FunctionBuilder, expressions: list[nodes.Node], *, last: bool = True) -> list[ast.expr]:
    """The operands of an operator as host names or constants, so that they may be used twice.

    Without `last` the caller evaluates the last one itself.
    """
    values: list[ast.expr] = []
    for position, node in enumerate(expressions if last else expressions[:-1]):
        value = builder.expression(node)
        later = expressions[position + 1 :]
        moving = isinstance(node, nodes.Name) and not is_simple(node) and not all(map(is_quiet, later))
        if moving or not isinstance(value, (ast.Name, ast.Constant)):
            value = builder.keep(value)
        values.append(value)
    return values
