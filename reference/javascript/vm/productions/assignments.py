"""ECMA-262 13.4 and 13.15: assignments and updates."""

from __future__ import annotations

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.callee_names import source_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions, Statements
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import kept_over, named_for, repeatable
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.productions.appending import appended
from lockstep.reference.javascript.vm.productions.operators import operate, short_circuit
from lockstep.reference.javascript.vm.productions.patterns import assign_pattern
from lockstep.reference.javascript.vm.productions.references import reference_to


def _assignment(builder: Builder, node: js.Assignment) -> Operand:
    target = node.target
    if isinstance(target, js.Pattern):
        value = builder.saved(builder.expression(node.value))
        source = source_name(target, node.value, declared=False)
        assign_pattern(builder, target, value, initialize=False, source=source)
        return Operand(value)
    value_node = node.value
    if (
        isinstance(value_node, js.Binary)
        and value_node.operator == "+"
        and isinstance(target, js.IdentifierReference)
        and isinstance(value_node.left, js.IdentifierReference)
        and value_node.left.name == target.name
    ):
        added = appended(builder, node, target, value_node.right)
        if added is not None:
            return added
    reference = reference_to(builder, target)
    operand = named_for(builder, node.value, target, names_function=node.names_function)
    value = builder.saved(operand)
    builder.at(node)
    reference.store(builder, value)
    return Operand(value, operand.kind)


def _compound_assignment(builder: Builder, node: js.CompoundAssignment) -> Operand:
    if node.operator == "+":
        added = appended(builder, node, node.target, node.value)
        if added is not None:
            return added
    reference = reference_to(builder, node.target, twice=True)
    old = reference.load(builder)
    left = Operand(kept_over(builder, old, node.value), old.kind)
    right = builder.expression(node.value)
    builder.at(node)
    operand = operate(builder, node.operator, left, right)
    if operand.integer is not None:
        operand = Operand(builder.saved(operand), operand.kind, integer=operand.integer)
    reference.store(builder, operand.expression)
    return operand


def _logical_assignment(builder: Builder, node: js.LogicalAssignment) -> Operand:
    reference = reference_to(builder, node.target, twice=True)
    identifier = builder.temporary()
    old = reference.load(builder)
    builder.assign(identifier, old.expression)

    def compute() -> Operand:
        operand = named_for(builder, node.value, node.target, names_function=node.names_function)
        value = builder.saved(operand)
        builder.at(node)
        reference.store(builder, value)
        return Operand(value)

    short_circuit(builder, node.operator, identifier, "", compute)
    return Operand(builder.name(identifier))


def _update_expression(builder: Builder, node: js.Update) -> Operand:
    return _update(builder, node, wanted=True)


def _update_for_effect(builder: Builder, node: js.Update) -> None:
    _update(builder, node, wanted=False)


def _update(builder: Builder, node: js.Update, *, wanted: bool) -> Operand:
    """13.4 `++` and `--`."""
    reference = reference_to(builder, node.argument, twice=True)
    old = reference.load(builder)
    builder.at(node)
    operator = "+" if node.operator == "++" else "-"
    step = builder.constant(1.0)
    if old.kind == "number":
        if not wanted:
            reference.store(builder, builder.binary(operator, old.expression, step))
            return Operand(builder.constant(None), "undefined")
        before = builder.saved(Operand(old.expression, "number", stable=False))
        after = builder.result(builder.binary(operator, before, step), "number")
        reference.store(builder, after.expression)
        return after if node.prefix else Operand(before, "number")
    value = repeatable(builder, old)
    if not wanted or node.prefix:
        identifier = builder.temporary()
        helper = "increment_" if operator == "+" else "decrement_"
        builder.guarded(
            identifier, builder.binary(operator, value, step), ("type_error_",), builder.call(helper, value)
        )
        reference.store(builder, builder.name(identifier))
        return Operand(builder.name(identifier))
    before_value = builder.result(builder.call("to_numeric_", value))
    helper = "increment_" if operator == "+" else "decrement_"
    after = builder.result(builder.call(helper, before_value.expression))
    reference.store(builder, after.expression)
    return before_value


EXPRESSIONS: Expressions = dict(
    [
        row(js.Update, _update_expression),
        row(js.Assignment, _assignment),
        row(js.CompoundAssignment, _compound_assignment),
        row(js.LogicalAssignment, _logical_assignment),
    ]
)

EFFECTS: Statements = dict([row(js.Update, _update_for_effect)])
