"""ECMA-262 13.2, 13.3.12 and 13.16: literals, names, and what the function around gives."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import this_value
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import read_name


def _number_literal(builder: Builder, node: js.NumericLiteral) -> Operand:
    return Operand(builder.constant(node.value), "number")


def _string_literal(builder: Builder, node: js.StringLiteral) -> Operand:
    return Operand(builder.constant(node.value), "string")


def _boolean_literal(builder: Builder, node: js.BooleanLiteral) -> Operand:
    return Operand(builder.constant(node.value), "boolean")


def _null_literal(builder: Builder, node: js.NullLiteral) -> Operand:
    return Operand(builder.name("null_"), "null")


def _bigint_literal(builder: Builder, node: js.BigIntLiteral) -> Operand:
    return builder.result(builder.call("bigint_", builder.constant(node.value)))


def _identifier_reference(builder: Builder, node: js.IdentifierReference) -> Operand:
    return read_name(builder, node.name)


def _regular_expression_literal(builder: Builder, node: js.RegularExpressionLiteral) -> Operand:
    return builder.result(
        builder.call("regular_expression_", builder.constant(node.pattern), builder.constant(node.flags))
    )


def _template_literal(builder: Builder, node: js.TemplateLiteral) -> Operand:
    parts: list[ast.expr] = []
    for text, part in zip(node.cooked, [*node.expressions, None]):
        if text:
            parts.append(builder.constant(text))
        if part is not None:
            operand = builder.expression(part)
            builder.at(part)
            if operand.kind == "string":
                parts.append(builder.saved(operand))
            else:
                parts.append(builder.result(builder.call("to_string_", operand.expression)).expression)
    if not parts:
        return Operand(builder.constant(""), "string")
    if len(parts) == 1:
        return Operand(parts[0], "string")
    joined = parts[0]
    for part_expression in parts[1:]:
        joined = builder.binary("+", joined, part_expression)
    return builder.result(joined, "string")


def _array_literal(builder: Builder, node: js.ArrayLiteral) -> Operand:
    items: list[ast.expr] = []
    for element in node.elements:
        if element is None:
            items.append(builder.name("hole_"))
        elif isinstance(element, js.SpreadElement):
            operand = builder.expression(element.argument)
            builder.at(element)
            values = builder.result(
                builder.call("spread_", operand.expression, builder.constant(callee_name(element.argument)))
            )
            items.append(builder.starred(values.expression))
        else:
            items.append(builder.saved(builder.expression(element)))
    builder.at(node)
    return builder.result(builder.call("make_array_", builder.list_of(items)))


def _sequence_expression(builder: Builder, node: js.Sequence) -> Operand:
    for part in node.expressions[:-1]:
        builder.effect(part)
    return builder.expression(node.expressions[-1])


def _this_expression(builder: Builder, node: js.ThisExpression) -> Operand:
    return this_value(builder)


def _new_target(builder: Builder, node: js.NewTarget) -> Operand:
    owner = builder.unit.owner
    owner.given.uses_new_target = True
    return Operand(builder.name(owner.given.new_target))


def _import_meta(builder: Builder, node: js.ImportMeta) -> Operand:
    return builder.result(builder.call("import_meta_", builder.name("module@")))


EXPRESSIONS: Expressions = dict(
    [
        row(js.NumericLiteral, _number_literal),
        row(js.StringLiteral, _string_literal),
        row(js.BooleanLiteral, _boolean_literal),
        row(js.NullLiteral, _null_literal),
        row(js.BigIntLiteral, _bigint_literal),
        row(js.RegularExpressionLiteral, _regular_expression_literal),
        row(js.IdentifierReference, _identifier_reference),
        row(js.ThisExpression, _this_expression),
        row(js.TemplateLiteral, _template_literal),
        row(js.ArrayLiteral, _array_literal),
        row(js.ImportMeta, _import_meta),
        row(js.NewTarget, _new_target),
        row(js.Sequence, _sequence_expression),
    ]
)
