"""Operands while other operands are evaluated."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import resolve
from lockstep.reference.javascript.vm.generation.operand import Operand

_SIMPLE = (
    js.NumericLiteral,
    js.StringLiteral,
    js.BooleanLiteral,
    js.NullLiteral,
    js.ThisExpression,
    js.FunctionExpression,
)


def is_simple(builder: Builder, node: js.Node) -> bool:
    """Whether evaluating `node` can neither change anything nor fail."""
    if isinstance(node, js.IdentifierReference):
        return _is_pure(builder, node.name)
    return isinstance(node, _SIMPLE)


def _is_pure(builder: Builder, name: str) -> bool:
    """Whether reading `name` emits nothing."""
    found, _ = resolve(builder.scope, name)
    variable = found.variable
    if variable is None or variable.boxed:
        return False
    return variable.ready and (variable.unit is builder.unit or not variable.has_dead_zone)


def kept_over(builder: Builder, operand: Operand, *following: js.Node) -> ast.expr:
    """The operand, still the same after `following` nodes are evaluated."""
    if operand.stable or all(is_simple(builder, node) for node in following):
        return operand.expression
    return builder.saved(operand)


def named_for(builder: Builder, value: js.Expression, target: js.Node, *, names_function: bool) -> Operand:
    """8.4: the value for a target, whose name an anonymous function or class takes."""
    if names_function:
        assert isinstance(target, (js.IdentifierReference, js.BindingIdentifier))
        return builder.named(value, target.name)
    return builder.expression(value)


def repeatable(builder: Builder, operand: Operand) -> ast.expr:
    """The operand as an expression that may stand twice, right here."""
    if isinstance(operand.expression, (ast.Name, ast.Constant)):
        return operand.expression
    return builder.saved(operand)
