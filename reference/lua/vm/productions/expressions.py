"""Expressions as host expressions: what can fail or call is emitted as statements, in the guest's order."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.syntax.lines import is_moved, is_tested
from lockstep.reference.lua.vm.functions import Forms, FunctionBuilder
from lockstep.reference.lua.vm.kinds import BOOLEAN, FALSY, INTEGER, NIL, OTHER, STRING
from lockstep.reference.lua.vm.productions import fields, operators
from lockstep.reference.lua.vm.productions.calls import call, raw_call
from lockstep.reference.lua.vm.productions.operands import (
    CALLS,
    at_once,
    is_quiet,
    is_register,
    operands,
    stable,
    waits_for,
)

_RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
_ARITHMETIC = frozenset(("+", "-", "*", "/", "//", "%"))


def _literal(builder: FunctionBuilder, node: nodes.Node, result: Result | None) -> ast.expr:
    del result
    return builder.literal(node)


def _vararg(builder: FunctionBuilder, node: nodes.Node, result: Result | None) -> ast.expr:
    del node, result
    varargs = builder.name("$varargs")
    first = builder.subscript(varargs, builder.constant(0))
    return builder.choice(varargs, first, builder.constant(None))


def _name(builder: FunctionBuilder, node: nodes.Name, result: Result | None) -> ast.expr:
    del result
    return builder.read(node.variable)


def _parenthesised(builder: FunctionBuilder, node: nodes.Parenthesised, result: Result | None) -> ast.expr:
    return builder.expression(node.expression, result)


# Operators


def _binary(builder: FunctionBuilder, node: nodes.Binary, result: Result | None) -> ast.expr:
    if node.operator in _RELATIONAL:
        return _chosen(builder, node, condition(builder, node), result, "$true", "$false")
    if node.operator == "..":
        parts = [node.left]
        last = node.right
        while isinstance(last, nodes.Binary) and last.operator == "..":
            parts.append(last.left)
            last = last.right
        parts.append(last)
        values = stable(builder, parts, late=False)
        for part in parts:
            if is_moved([part]):
                builder.point(part)
        return operators.concatenation(builder, node, list(zip(parts, values)))
    if fields.next_place(builder, node) is not None:
        return _next_place(builder, node, result)
    if (
        isinstance(node.right, CALLS)
        and node.operator in _ARITHMETIC
        and not builder.kinds.is_single(node.right)
    ):
        # The last operand may stay a list of results: the host refuses to compute with it.
        left = stable(builder, [node.left, node.right], last=False)[0]
        waits = not is_register(builder, node.left)
        if waits:
            left = builder.operand(left)
        right = raw_call(builder, node.right)
        value = operators.arithmetic(builder, node, left, right, result, raw_right=True)
        if waits:
            builder.drop(left)
        return value
    if operators.is_total(builder, node):
        left, right = operands(builder, [node.left, node.right], once=True, late=True)
        if builder.profile.integers and not waits_for(builder, node.left, node.right):
            left, right = at_once(builder, [left, right])
    else:
        left, right = stable(builder, [node.left, node.right])
    return operators.arithmetic(builder, node, left, right, result)


def _chosen(
    builder: FunctionBuilder, node: nodes.Node, test: ast.expr, result: Result | None, yes: str, no: str
) -> ast.expr:
    """A host truth value as a Lua boolean, at once: the test may call."""
    builder.at(node)
    held = builder.into(result)
    builder.assign(held, builder.choice(test, builder.name(yes), builder.name(no)))
    return builder.name(held)


def _next_place(builder: FunctionBuilder, node: nodes.Binary, result: Result | None) -> ast.expr:
    """`#t + 1`, the length of the list with its unused place 0."""
    assert isinstance(node.left, nodes.Unary)
    table = builder.expression(node.left.operand)
    builder.point(node.left)
    builder.point(node)
    builder.at(node)
    held = builder.into(result)
    name = describe(node.left.operand, builder.function)
    size = builder.call("$length", table, *([builder.constant(name)] if name else []))
    slow = builder.call("$arithmetic", builder.constant("+"), size, builder.constant(1))
    builder.assign(held, builder.choice(_is_plain(builder, table), _list_size(builder, table), slow))
    return builder.name(held)


def _size(builder: FunctionBuilder, node: nodes.Node, value: ast.expr, slow: ast.expr) -> ast.expr:
    """The length of a string or a table without metatable, the likely one first; else what is `slow`."""
    elements = builder.operation(_list_size(builder, value), ast.Sub(), builder.constant(1))
    forms = [
        (_is_plain(builder, value), elements),
        (builder.is_type(value, "str"), builder.call("len", value)),
    ]
    if builder.kinds.likely(node) == STRING:
        forms.reverse()
    for test, size in reversed(forms):
        slow = builder.choice(test, size, slow)
    return slow


def _is_plain(builder: FunctionBuilder, table: ast.expr) -> ast.expr:
    return builder.both(
        builder.is_type(table, "$Table"), builder.is_none(builder.attribute(table, "meta_table"))
    )


def _list_size(builder: FunctionBuilder, table: ast.expr) -> ast.expr:
    return builder.call("len", builder.attribute(table, "array_part"))


def _unary(builder: FunctionBuilder, node: nodes.Unary, result: Result | None) -> ast.expr:
    operand_node = node.operand
    if node.operator == "not":
        return _chosen(builder, node, condition(builder, operand_node), result, "$false", "$true")
    if node.operator == "-" and isinstance(operand_node, nodes.Number):
        return _negative_literal(builder, operand_node)
    value = stable(builder, [operand_node])[0]
    builder.point(node)
    builder.at(node)
    name = describe(operand_node, builder.function)
    names = [builder.constant(name)] if name else []
    if node.operator == "-":
        held = builder.into(result, value)
        _negation(builder, operand_node, value, builder.call("$negate", value, *names), held)
        return builder.name(held)
    held = builder.into(result)
    if node.operator == "#":
        builder.assign(held, _size(builder, operand_node, value, builder.call("$length", value, *names)))
    else:
        slow = builder.call("$bitwise_not", value, *names)
        builder.guarded(held, builder.prefixed(ast.Invert(), value), ("TypeError",), slow)
    return builder.name(held)


def _negative_literal(builder: FunctionBuilder, node: nodes.Number) -> ast.expr:
    number = node.value
    if number and type(number) in (int, float) and number != -(1 << 63):
        return builder.constant(-number)
    if type(number) is int and builder.profile.integers:
        # Zero, and the lowest integer, which is its own negation.
        return builder.constant(number)
    return builder.constant(-float(number))


def _negation(
    builder: FunctionBuilder, node: nodes.Node, value: ast.expr, slow: ast.expr, result: str
) -> None:
    negative = builder.name(result)
    with builder.collected() as body:
        builder.assign(result, builder.prefixed(ast.USub(), value))
        with builder.collected() as fix:
            builder.assign(result, slow)
        if not builder.profile.integers:
            builder.if_(builder.negation(negative), fix)
        elif not builder.kinds.is_float(node):
            # Only the lowest integer has no negation.
            bad = builder.both(
                builder.compare(builder.constant((1 << 30) - 1), ast.Lt(), negative),
                builder.compare(builder.constant(builder.profile.highest), ast.Lt(), negative),
            )
            if builder.kinds.likely(node) != INTEGER:
                not_float = builder.compare(builder.class_of(negative), ast.IsNot(), builder.name("float"))
                bad = builder.both(not_float, bad)
            builder.if_(bad, fix)
    with builder.collected() as handler:
        builder.assign(result, slow)
    builder.try_(body, ("TypeError",), handler)


def _logical(builder: FunctionBuilder, node: nodes.Logical, result: Result | None) -> ast.expr:
    left = _presence(builder, node.left)
    # The right operand is looked at when the left one stands in the variable.
    held = (
        builder.into(result, builder.expression(node.right)) if is_quiet(node.right) else builder.temporary()
    )
    builder.at(node)
    builder.assign(held, left)
    if is_tested(node.left):
        builder.point(node)
    with builder.collected() as rest:
        right = builder.expression(node.right)
        builder.at(node)
        builder.assign(held, right)
    test = truth(builder, node.left, builder.name(held), negated=node.operator == "or")
    builder.if_(test, rest)
    return builder.name(held)


def _presence(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """An expression's value where nil is as likely as any other."""
    if isinstance(node, nodes.Index):
        return fields.index(builder, node, None, tested=True)
    return builder.expression(node)


# Conditions


def truth(builder: FunctionBuilder, node: nodes.Node, value: ast.expr, negated: bool = False) -> ast.expr:
    """Whether the value of `node` (a host name) counts as true, or as false."""
    kind = builder.kinds.kind(node)
    if kind and not kind & FALSY:
        return builder.constant(not negated)
    if kind and not kind & (OTHER | BOOLEAN):
        return builder.is_none(value) if negated else builder.is_some(value)
    if kind and not kind & (OTHER | NIL):
        return builder.compare(value, ast.Is() if negated else ast.IsNot(), builder.name("$false"))
    if negated:
        return builder.either(
            builder.is_none(value), builder.compare(value, ast.Is(), builder.name("$false"))
        )
    return builder.both(builder.is_some(value), builder.compare(value, ast.IsNot(), builder.name("$false")))


def condition(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """An expression as a host truth value, to be used before anything else is evaluated."""
    if isinstance(node, nodes.Binary) and node.operator in _RELATIONAL:
        return _relation(builder, node)
    if isinstance(node, nodes.Unary) and node.operator == "not":
        return builder.negation(condition(builder, node.operand))
    if isinstance(node, nodes.Logical):
        return _logical_condition(builder, node)
    if isinstance(node, (nodes.Number, nodes.String, nodes.Constructor, nodes.Function)):
        if isinstance(node, (nodes.Constructor, nodes.Function)):
            builder.expression(node)
        return builder.constant(True)
    if isinstance(node, (nodes.Nil, nodes.Boolean)):
        return builder.constant(isinstance(node, nodes.Boolean) and node.value)
    value = _presence(builder, node)
    if not isinstance(value, ast.Name):
        value = builder.keep(value)
    builder.at(node)
    return truth(builder, node, value)


def _relation(builder: FunctionBuilder, node: nodes.Binary) -> ast.expr:
    if isinstance(node.right, nodes.Nil) and isinstance(node.left, nodes.Index):
        left: ast.expr = _presence(builder, node.left)
        return operators.comparison(builder, node, left, builder.constant(None))
    left, right = compared(builder, node)
    return operators.comparison(builder, node, left, right)


def compared(builder: FunctionBuilder, node: nodes.Binary) -> list[ast.expr]:
    """The operands of a relational operator."""
    if builder.kinds.is_number(node.left) and builder.kinds.is_number(node.right):
        values = operands(builder, [node.left, node.right], once=True, late=True)
        return values if waits_for(builder, node.left, node.right) else at_once(builder, values)
    return stable(builder, [node.left, node.right])


def _logical_condition(builder: FunctionBuilder, node: nodes.Logical) -> ast.expr:
    left = condition(builder, node.left)
    if builder.hooked:
        left = builder.keep(left)
        if is_tested(node.left):
            builder.point(node)
    with builder.collected() as rest:
        right = condition(builder, node.right)
        builder.at(node)
        if len(builder.out) == 0:
            quiet = True
        else:
            quiet = False
            result = builder.temporary()
            builder.assign(result, right)
    builder.at(node)
    if quiet:
        return (builder.both if node.operator == "and" else builder.either)(left, right)
    builder.assign(result, left)
    test: ast.expr = builder.name(result)
    builder.if_(test if node.operator == "and" else builder.negation(test), rest)
    return builder.name(result)


EXPRESSIONS: Forms = {
    nodes.Nil: _literal,
    nodes.Boolean: _literal,
    nodes.Number: _literal,
    nodes.String: _literal,
    nodes.Vararg: _vararg,
    nodes.Name: _name,
    nodes.Parenthesised: _parenthesised,
    nodes.Index: fields.index,
    nodes.Call: call,
    nodes.MethodCall: call,
    nodes.Binary: _binary,
    nodes.Unary: _unary,
    nodes.Logical: _logical,
    nodes.Constructor: fields.constructor,
}
