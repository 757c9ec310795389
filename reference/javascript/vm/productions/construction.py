"""ECMA-262 13.3.5 and 13.3.7.1: `new` and super(); where they can, they make the instance and run the constructor on it.

What that means says `runtime/objects/construction.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from lockstep.reference.javascript.runtime.objects.function import START_NAMES
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import GIVEN_INSTANCE, bind_this, callee_object
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.productions.calls import argument_list, argument_values


def _new_expression(builder: Builder, node: js.New) -> Operand:
    callee = builder.saved(builder.expression(node.callee))
    name = builder.constant(callee_name(node.callee))
    if _is_packed(node.arguments):
        packed = argument_list(builder, node.arguments)
        builder.at(node)
        return builder.result(builder.call("construct_", callee, packed, name))
    arguments = argument_values(builder, node.arguments)
    builder.at(node)
    made, start = builder.temporary(), builder.temporary()
    with builder.collected() as known:
        builder.assign(made, builder.attribute(callee, "instance_"))
        builder.assign(start, builder.attribute(callee, START_NAMES[len(arguments)]))
    with builder.collected() as unknown:
        builder.assign(made, builder.call("construct_", callee, builder.list_of(arguments), name))
    with builder.collected() as run:
        builder.assign(made, builder.call(builder.name(made)))
        _run(builder, made, start, arguments)
    builder.try_(known, ("attribute_error_",), unknown, run)
    return Operand(builder.name(made))


def _is_packed(arguments: Sequence[js.Expression]) -> bool:
    return len(arguments) >= len(START_NAMES) or any(isinstance(one, js.SpreadElement) for one in arguments)


def _run(builder: Builder, made: str, start: str, arguments: list[ast.expr]) -> None:
    """Run the constructor on the instance; what it returns may take the instance's place."""
    result = builder.temporary()
    builder.assign(result, builder.call(builder.name(start), builder.name(made), *arguments))
    with builder.collected() as other:
        builder.assign(made, builder.call("constructed_", builder.name(made), builder.name(result)))
    builder.if_(builder.is_some(builder.name(result)), other)


def _super_call(builder: Builder, node: js.SuperCall) -> Operand:
    """13.3.7.1 SuperCall."""
    owner = builder.unit.owner
    owner.given.uses_new_target = True
    # 10.1.1: functions are ordinary objects.
    parent = builder.result(builder.attribute(callee_object(builder), "prototype_")).expression
    if owner.in_place:
        made = _super_in_place(builder, node, parent)
        # Nothing has bound it.
        builder.assign(owner.given.this, made)
    else:
        packed = argument_list(builder, node.arguments)
        builder.at(node)
        target = builder.name(owner.given.new_target)
        made = builder.result(builder.call("construct_super_", parent, packed, target)).expression
        bind_this(builder, owner, made)
    fields = builder.result(builder.attribute(callee_object(builder), "fields_")).expression
    with builder.collected() as initialize:
        builder.evaluate(builder.call(fields, made))
    builder.if_(builder.is_some(fields), initialize)
    return Operand(made)


def _super_in_place(builder: Builder, node: js.SuperCall, parent: ast.expr) -> ast.expr:
    """Steps 5 and 6: on the instance that was given, if there is one and the parent can."""
    arguments = [builder.saved(builder.expression(argument)) for argument in node.arguments]
    builder.at(node)
    given = builder.name(GIVEN_INSTANCE)
    packed = builder.list_of(arguments)
    made, start = builder.temporary(), builder.temporary()
    target = builder.name(builder.unit.given.new_target)
    with builder.collected() as by_itself:
        builder.assign(made, builder.call("construct_super_", parent, packed, target))
    with builder.collected() as in_place:
        count = len(arguments)
        entry = builder.call("start_entry_", parent, builder.constant(count))
        builder.guarded(start, builder.attribute(parent, START_NAMES[count]), ("attribute_error_",), entry)
        with builder.collected() as after_all:
            of_instance = builder.attribute(given, "new_target_")
            builder.assign(made, builder.call("construct_super_", parent, packed, of_instance))
        with builder.collected() as run:
            builder.assign(made, given)
            _run(builder, made, start, arguments)
        builder.if_(builder.is_some(builder.name(start)), run, after_all)
    builder.if_(builder.is_some(given), in_place, by_itself)
    return builder.name(made)


EXPRESSIONS: Expressions = dict(
    [
        row(js.SuperCall, _super_call),
        row(js.New, _new_expression),
    ]
)
