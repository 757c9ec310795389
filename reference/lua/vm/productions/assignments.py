"""Local variables and assignments."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.syntax.lines import is_moved, is_stored
from lockstep.reference.lua.syntax.order import has_late_object, is_written_late
from lockstep.reference.lua.vm.form import is_boxed
from lockstep.reference.lua.vm.functions import Forms, FunctionBuilder
from lockstep.reference.lua.vm.productions.calls import adjusted
from lockstep.reference.lua.vm.productions.fields import write_field
from lockstep.reference.lua.vm.productions.operands import bare, is_moving, kept, settled, stable


def _local(builder: FunctionBuilder, node: nodes.Local) -> None:
    variables, expressions = node.variables, node.expressions
    count = len(variables)
    if len(expressions) == count == 1 or _begins_in_turn(variables, expressions):
        for variable, source in zip(variables, expressions):
            _begin(builder, node, variable, source)
        return
    values = adjusted(builder, expressions, count)
    if is_moved(expressions) and not node.silent:
        builder.point(node, node.ends)
    builder.at(node)
    for variable, value in zip(variables, values):
        builder.declare(variable, value)


def _begins_in_turn(variables: list[nodes.Variable], expressions: list[nodes.Node]) -> bool:
    """Whether each variable may begin as soon as its expression is evaluated: nothing else can see it yet."""
    return len(variables) == len(expressions) and not any(variable.captured for variable in variables)


def _begin(builder: FunctionBuilder, node: nodes.Local, variable: nodes.Variable, source: nodes.Node) -> None:
    if variable.constant is not None:
        return
    plain = not variable.captured
    wanted = Result(builder.chunk.host_name(variable)) if plain else None
    value = builder.expression(source, wanted)
    if is_moved([source]):
        builder.point(node, node.ends)
    builder.at(node)
    if wanted is None or not wanted.holds(value):
        builder.declare(variable, value)


def _local_function(builder: FunctionBuilder, node: nodes.LocalFunction) -> None:
    variable = node.variable
    if (
        variable.captured
        and variable.in_loop
        and not variable.assigned
        and variable in node.function.upvalues
    ):
        # It is used before its closure exists, so it needs a box where each round has its own.
        variable.assigned = True
    if variable.captured and is_boxed(variable):
        builder.declare(variable, builder.constant(None))
        value = builder.expression(node.function)
        builder.write(variable, value)
        return
    value = builder.expression(node.function)
    builder.declare(variable, value)


def _assignment(builder: FunctionBuilder, node: nodes.Assignment) -> None:
    if len(node.targets) == len(node.expressions) == 1:
        _single_assignment(builder, node, node.targets[0], node.expressions[0])
        return
    prepared: list[tuple[nodes.Node, ast.expr | None, ast.expr | None]] = []
    for number, target in enumerate(node.targets, 1):
        if isinstance(target, nodes.Index):
            assigned = {one.variable for one in node.targets[number:] if isinstance(one, nodes.Name)}
            prepared.append((target, *_place(builder, target, assigned)))
        else:
            prepared.append((target, None, None))
    values = adjusted(builder, node.expressions, len(prepared))
    values = [value if isinstance(value, ast.Constant) else kept(builder, value) for value in values]
    for (target, subject, key), value in zip(reversed(prepared), reversed(values)):
        builder.at(target)
        builder.line = node.ends
        if isinstance(target, nodes.Name):
            if is_stored(node, target.variable, builder.function):
                builder.point(target, node.ends)
            builder.write(target.variable, value)
        else:
            assert isinstance(target, nodes.Index)
            assert subject is not None
            assert key is not None
            builder.point(target, node.ends)
            write_field(builder, subject, key, target.key, value, None, target)


def _place(
    builder: FunctionBuilder, target: nodes.Index, assigned: set[nodes.Variable]
) -> tuple[ast.expr, ast.expr]:
    """The table and the key of a target."""
    function, integers = builder.function, builder.profile.integers
    if has_late_object(target, function, integers=integers) and is_moving(target.object):
        key = _unmoved(builder, target.key, assigned)
        subject = builder.expression(target.object)
        conflicts = isinstance(target.object, nodes.Name) and target.object.variable in assigned
        if conflicts or not is_written_late(target, function, integers=integers):
            subject = builder.keep(subject)
        return subject, key
    subject = _unmoved(builder, target.object, assigned)
    return subject, _unmoved(builder, target.key, assigned)


def _unmoved(builder: FunctionBuilder, node: nodes.Node, assigned: set[nodes.Variable]) -> ast.expr:
    """An operand of a target, which later targets do not change; the expressions may, if it is a register."""
    value = settled(builder, node, late=True)
    node = bare(node)
    if isinstance(node, nodes.Name) and node.variable in assigned and not isinstance(value, ast.Constant):
        return builder.keep(value)
    return value


def _single_assignment(
    builder: FunctionBuilder, node: nodes.Assignment, target: nodes.Node, source: nodes.Node
) -> None:
    if isinstance(target, nodes.Name):
        variable = target.variable
        if variable in builder.deferred and isinstance(source, nodes.Binary):
            _accumulate(builder, variable, source)
            return
        plain = not variable.captured
        direct = isinstance(source, (nodes.Binary, nodes.Call, nodes.Index)) and plain
        wanted = Result(builder.chunk.host_name(variable)) if direct else None
        value = builder.expression(source, wanted)
        if is_stored(node, variable, builder.function):
            builder.point(node, node.ends)
        builder.at(node)
        if wanted is None or not wanted.holds(value):
            builder.write(variable, value)
        return
    assert isinstance(target, nodes.Index)
    subject, key = _place(builder, target, set())
    value = builder.expression(source)
    if not isinstance(value, (ast.Name, ast.Constant)):
        value = builder.keep(value)
    builder.point(target, node.ends)
    builder.at(target)
    builder.line = node.ends
    write_field(builder, subject, key, target.key, value, source, target)


def _accumulate(builder: FunctionBuilder, variable: nodes.Variable, source: nodes.Binary) -> None:
    """`x = x + e` in a loop after which `x` is put right, see `accumulation`."""
    host = builder.chunk.host_name(variable)
    left, right = stable(builder, [source.left, source.right])
    builder.at(source)
    operator: ast.operator = ast.Add() if source.operator == "+" else ast.Sub()
    names = describe(source.left, builder.function), describe(source.right, builder.function)
    slow = builder.call(
        "$arithmetic", builder.constant(source.operator), left, right, builder.constant(names)
    )
    builder.guarded(host, builder.operation(left, operator, right), ("TypeError",), slow)


ASSIGNMENTS: Forms = {
    nodes.Local: _local,
    nodes.LocalFunction: _local_function,
    nodes.Assignment: _assignment,
}
