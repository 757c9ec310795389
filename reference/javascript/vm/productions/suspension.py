"""ECMA-262 15.5 and 15.8: `yield` and `await`."""

from __future__ import annotations

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import await_value, delegated, yielded
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row


def _yield_expression(builder: Builder, node: js.Yield) -> Operand:
    unit = builder.unit
    while unit.transparent and unit.parent is not None and unit.kind == "class":
        unit.has_yield = True
        unit = unit.parent
    unit.has_yield = True
    argument = Operand(builder.constant(None)) if node.argument is None else builder.expression(node.argument)
    builder.at(node)
    if unit.is_async:
        value = argument.expression
        if node.delegate:
            return builder.result(delegated(builder, builder.call("delegate_async_", value)))
        return builder.result(delegated(builder, builder.call("yield_async_", value)))
    if node.delegate:
        return builder.result(delegated(builder, builder.call("delegate_", argument.expression)))
    return builder.result(yielded(builder, argument.expression))


def _await_expression(builder: Builder, node: js.Await) -> Operand:
    argument = builder.expression(node.argument)
    builder.at(node)
    return await_value(builder, argument.expression)


EXPRESSIONS: Expressions = dict(
    [
        row(js.Await, _await_expression),
        row(js.Yield, _yield_expression),
    ]
)
