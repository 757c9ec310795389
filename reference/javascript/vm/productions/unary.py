"""ECMA-262 13.5: unary operators."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import this_value
from lockstep.reference.javascript.vm.generation.names import resolve
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import prepare_name, read_name, record_of
from lockstep.reference.javascript.vm.productions.bitwise import bitwise_not
from lockstep.reference.javascript.vm.productions.members import end_chain_if_nullish
from lockstep.reference.javascript.vm.productions.operators import condition


def _unary_expression(builder: Builder, node: js.Unary) -> Operand:
    operator = node.operator
    if operator == "!":
        return Operand(
            builder.result(builder.negation(condition(builder, node.argument))).expression, "boolean"
        )
    if operator == "delete":
        return _delete(builder, node, node.argument)
    if operator == "typeof":
        if isinstance(node.argument, js.IdentifierReference):
            operand = read_name(builder, node.argument.name, for_typeof=True)
        else:
            operand = builder.expression(node.argument)
        builder.at(node)
        return builder.result(builder.call("typeof_", operand.expression), "string")
    operand = builder.expression(node.argument)
    builder.at(node)
    if operator == "void":
        builder.drop(operand.expression)
        return Operand(builder.constant(None), "undefined")
    if operator == "-":
        return _negation(builder, operand)
    if operator == "+":
        if operand.kind == "number":
            return operand
        return builder.result(builder.call("to_number_", operand.expression), "number")
    return bitwise_not(builder, operand)


def _negation(builder: Builder, operand: Operand) -> Operand:
    value = operand.expression
    if operand.kind == "number":
        if isinstance(value, ast.Constant) and isinstance(value.value, float):
            return Operand(builder.constant(-value.value), "number")
        return builder.result(builder.minus(value), "number")
    return builder.result(builder.call("negate_", value))


# 13.5.1 delete


def _delete(builder: Builder, node: js.Node, target: js.Expression) -> Operand:
    """13.5.1.2; `node` stands where the operator does."""
    strict = builder.constant(builder.unit.strict)
    if isinstance(target, js.OptionalChain):
        value = builder.fresh("chain")
        builder.assign(value, builder.constant(True))
        with builder.collected() as emitted:
            operand = _delete(builder, node, target.expression)
            builder.assign(value, operand.expression)
            builder.emit(builder.placed(ast.Break()))
        builder.forever(emitted)
        return Operand(builder.name(value), "boolean")
    if isinstance(target, js.DotMember):
        base = builder.saved(builder.expression(target.base))
        if target.optional:
            end_chain_if_nullish(builder, base)
        builder.at(node)
        return builder.result(builder.call("delete_", base, builder.constant(target.name), strict), "boolean")
    if isinstance(target, js.ComputedMember):
        base = builder.saved(builder.expression(target.base))
        if target.optional:
            end_chain_if_nullish(builder, base)
        key = builder.expression(target.expression)
        builder.at(node)
        return builder.result(builder.call("delete_", base, key.expression, strict), "boolean")
    if isinstance(target, (js.SuperDot, js.SuperComputed)):
        builder.evaluate(this_value(builder).expression)
        if isinstance(target, js.SuperComputed):
            builder.effect(target.expression)
        builder.evaluate(builder.call("throw_delete_super_"))
        return Operand(builder.constant(True), "boolean")
    if isinstance(target, js.IdentifierReference):
        return _delete_name(builder, target.name)
    builder.effect(target)
    return Operand(builder.constant(True), "boolean")


def _delete_name(builder: Builder, name: str) -> Operand:
    found, rest = resolve(builder.scope, name)
    if found.variable is not None or found.is_script_constant:
        return Operand(builder.constant(False), "boolean")
    if found.environment is None:
        return builder.result(builder.call("delete_global_", builder.constant(name)), "boolean")
    if found.ends:
        return builder.result(
            builder.call("delete_name_", record_of(builder, found.environment), builder.constant(name))
        )
    _, _, holder = prepare_name(builder, name)
    deleted = builder.temporary()
    with builder.collected() as static:
        saved, builder.scope = builder.scope, rest
        builder.assign(deleted, _delete_name(builder, name).expression)
        builder.scope = saved
    with builder.collected() as dynamic:
        delete = builder.attribute(builder.name(holder), "delete_binding")
        builder.assign(deleted, builder.call(delete, builder.constant(name)))
    builder.if_(builder.comparison("is", builder.name(holder), builder.constant(None)), static, dynamic)
    return Operand(builder.name(deleted), "boolean")


EXPRESSIONS: Expressions = dict(
    [
        row(js.Unary, _unary_expression),
    ]
)
