"""ECMA-262 13.15.2 with `+`: what is appended to a variable, in a form that the host carries out in place.

`text = text + more` on a host variable that holds the only reference to a String takes the host linear time for a whole loop;
with the old value in a temporary it is copied at each turn.
"""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.inference import nodes_outside_functions
from lockstep.reference.javascript.vm.generation.names import Variable, resolve
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import is_simple, repeatable
from lockstep.reference.javascript.vm.productions.operators import operate

_ASSIGNING = (js.Assignment, js.CompoundAssignment, js.LogicalAssignment, js.Update)


def appended(builder: Builder, node: js.Node, target: js.Node, value: js.Expression) -> Operand | None:
    """Emit `target += value` that way; None, and nothing emitted, where it is not the same."""
    variable = _own_variable(builder, target)
    if variable is None or not (is_simple(builder, value) or _leaves_alone(value)):
        return None
    operand = builder.expression(value)
    more = repeatable(builder, operand)
    builder.at(node)
    held = builder.name(variable.host)
    strings = (
        [_is_string(builder, held)]
        if operand.kind == "string"
        else [_is_string(builder, one) for one in (held, more)]
    )
    with builder.collected() as in_place:
        builder.assign(variable.host, builder.binary("+", held, more))
    with builder.collected() as otherwise:
        added = operate(builder, "+", Operand(held, stable=False), Operand(more, operand.kind))
        builder.assign(variable.host, added.expression)
    if operand.kind == "number":
        builder.out.extend(otherwise)
    else:
        builder.if_(builder.both(*strings) if len(strings) > 1 else strings[0], in_place, otherwise)
    return Operand(held, "string" if operand.kind == "string" else "", stable=False)


def _is_string(builder: Builder, value: ast.expr) -> ast.expr:
    return builder.comparison("is", builder.attribute(value, "__class__"), builder.name("str_"))


def _own_variable(builder: Builder, target: js.Node) -> Variable | None:
    """The variable that the target names, where it is a host variable that no other function can reach."""
    if not isinstance(target, js.IdentifierReference):
        return None
    variable = resolve(builder.scope, target.name)[0].variable
    if variable is None or variable.boxed or variable.is_const or variable.kind or variable.counter:
        return None
    binding = variable.binding
    if binding is None or binding.captured or variable.unit is not builder.unit or not variable.ready:
        return None
    if binding.kind == "parameter" and not builder.unit.strict:
        # An arguments object may be mapped to it.
        return None
    return variable


def _leaves_alone(value: js.Expression) -> bool:
    """Whether evaluating `value` assigns to no variable of the function by itself."""
    return not any(isinstance(part, _ASSIGNING) for part in nodes_outside_functions(value))
