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
        return not is_moving(node)
    return isinstance(node, (nodes.Nil, nodes.Boolean, nodes.Number, nodes.String))


def is_register(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether an operand is a local variable of the function itself.

    The manual leaves the order of evaluation open (3.4); every version of the reference implementation looks at such an
    operand, which is in a register, when it performs the operation: after calls in the other operand, which may assign it.
    """
    node = bare(node)
    if not isinstance(node, nodes.Name):
        return False
    variable = node.variable
    return variable.owner is builder.function and variable.constant is None


def waits_for(builder: FunctionBuilder, left: nodes.Node, right: nodes.Node) -> bool:
    """Whether the right operand has to be evaluated before the left one is looked at."""
    return is_register(builder, left) and is_moving(left) and not is_quiet(right)


def bare(node: nodes.Node) -> nodes.Node:
    """An expression without parentheses around it; what gives several values keeps them."""
    while isinstance(node, nodes.Parenthesised) and not is_multiple(node.expression):
        node = node.expression
    return node


def is_moving(node: nodes.Node) -> bool:
    """Whether a call may change what an expression, a variable, stands for."""
    node = bare(node)
    return isinstance(node, nodes.Name) and node.variable.captured and node.variable.assigned


def is_quiet(node: nodes.Node) -> bool:
    """Whether evaluating an expression calls nothing."""
    return isinstance(node, (nodes.Name, nodes.Nil, nodes.Boolean, nodes.Number, nodes.String, nodes.Vararg))


def kept(builder: FunctionBuilder, value: ast.expr) -> ast.expr:
    """A value in a temporary of its own."""
    return value if isinstance(value, ast.Name) and value.id.startswith("$") else builder.keep(value)


def settled(builder: FunctionBuilder, node: nodes.Node, *, late: bool = False) -> ast.expr:
    """An expression's value as a host name or constant that stays what it is while others are evaluated.

    With `late` a register stands for what it holds when the operation is performed.
    """
    value = builder.expression(node)
    if isinstance(value, ast.Constant) or (late and is_register(builder, node)):
        return value
    if isinstance(value, ast.Name) and not is_moving(node):
        return value
    return builder.keep(value)


def operands(
    builder: FunctionBuilder, expressions: list[nodes.Node], *, once: bool = False, late: bool = False
) -> list[ast.expr]:
    """One value each, unchanged by what is evaluated after it; as a name unless it is used `once`.

    With `late` a register stands for what it holds when the operation is performed.
    """
    values = []
    for position, node in enumerate(expressions):
        value = builder.expression(node)
        moving = is_moving(node)
        if late and is_register(builder, node):
            values.append(value)
            continue
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
        last = builder.out[-1] if builder.out else None
        if not isinstance(value, ast.Name) or not isinstance(last, ast.Assign) or len(last.targets) != 1:
            break
        target = last.targets[0]
        if not isinstance(target, ast.Name) or target.id != value.id or not target.id.startswith("$"):
            break
        found[position] = last.value
        builder.out.pop()
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


def stable(
    builder: FunctionBuilder, expressions: list[nodes.Node], *, last: bool = True, late: bool = True
) -> list[ast.expr]:
    """The operands of an operator as host expressions that may be used twice.

    Without `last` the caller evaluates the last one itself. With `late` a register stands for what it holds when the operation
    is performed.
    """
    values: list[ast.expr] = []
    for position, node in enumerate(expressions if last else expressions[:-1]):
        value = builder.expression(node)
        if late and is_register(builder, node):
            values.append(value)
            continue
        later = expressions[position + 1 :]
        moving = is_moving(node) and not all(map(is_quiet, later))
        if moving or not isinstance(value, (ast.Name, ast.Constant)):
            value = builder.keep(value)
        values.append(value)
    return values
