"""Functions as host functions, and how a host function becomes a function object."""

from __future__ import annotations

import ast

from lockstep.reference.host.deep_stack import MANY_ARGUMENTS
from lockstep.reference.host.generation.closures import made_in_factory
from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.host.generation.nesting import move_inner_blocks, needs_moving
from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.form import definition_name, is_boxed
from lockstep.reference.lua.vm.functions import FUNCTION_CLASSES, Chunk, FunctionBuilder
from lockstep.reference.lua.vm.productions.blocks import block
from lockstep.reference.lua.vm.productions.hosting import HOSTED
from lockstep.reference.lua.vm.productions.yields import NESTING, REST


def function_definition(
    outer: FunctionBuilder | None, node: nodes.Function, chunk: Chunk | None = None
) -> tuple[ast.FunctionDef, str]:
    """The host function for a guest function, and its host name."""
    definition, _ = _definition(outer, node, chunk, generating=False)
    return definition, definition.name


def _definition(
    outer: FunctionBuilder | None, node: nodes.Function, chunk: Chunk | None, *, generating: bool
) -> tuple[ast.FunctionDef, int]:
    """A host function for a guest function, and how deep its blocks nest."""
    if chunk is None:
        assert outer is not None
        chunk = outer.chunk
    builder = FunctionBuilder(chunk, node, outer, generating=generating)
    builder.line = node.line or 1
    builder.column = node.offset
    host_name = definition_name(node, "g" if generating else "f")
    parameters = []
    for variable in node.parameters:
        name = chunk.host_name(variable)
        parameters.append(name)
        if is_boxed(variable):
            builder.assign(name, builder.list_of([builder.name(name)]))
    if node in chunk.kinds.loops:
        _repeated(builder, node)
    else:
        _body(builder, node)
    if chunk.environment is not None:
        # Never reached: it makes the environment one of the closure's cells.
        builder.evaluate(builder.name(chunk.environment))
    for variable in sorted(builder.called, key=lambda one: str(one.host)):
        # Nor are these: the debug library and other forms of the chunk find the variables.
        if variable.owner is not node:
            builder.evaluate(builder.read(variable))
    body = builder.out
    builder.out = []
    if builder.jumps:
        builder.begin_jumps()
    names = sorted(builder.nonlocals)
    head: list[ast.stmt] = [builder.placed(ast.Nonlocal(names))] if names else []
    builder.at(node)
    rest = "$varargs" if node.is_vararg else None
    defaults: list[ast.expr] = []
    if node.is_vararg or generating:
        defaults = [builder.constant(None) for _ in parameters]
    if generating:
        # Any number of arguments will do.
        parameters.insert(0, NESTING)
        rest = rest or REST
        builder.assign(HOSTED, builder.constant(None))
    body = [*head, *builder.out, *body]
    definition = builder.defining(host_name, parameters, body, defaults=defaults, rest=rest)
    if needs_moving(builder.deepest) and not generating:
        move_inner_blocks(definition)
    return definition, builder.deepest


def _count_many(builder: FunctionBuilder) -> None:
    count = builder.call("len", builder.name("$varargs"))
    with builder.collected() as many:
        builder.evaluate(builder.call("$count_many", count))
    builder.if_(builder.compare(count, ast.GtE(), builder.constant(MANY_ARGUMENTS)), many)


def _body(builder: FunctionBuilder, node: nodes.Function) -> None:
    builder.count_step()
    if node.is_vararg:
        _count_many(builder)
    if node.uses_argument_table is not None:
        table: ast.expr = builder.call("$argument_table", builder.name("$varargs"))
        builder.declare(node.uses_argument_table, builder.constant(None) if node.uses_vararg else table)
    if builder.hooked:
        _hooked_body(builder, node)
        return
    block(builder, node.block)
    builder.line = node.last_line or builder.line
    if not builder.out or not isinstance(builder.out[-1], ast.Return):
        builder.return_(builder.name("$none"))


def _hooked_body(builder: FunctionBuilder, node: nodes.Function) -> None:
    """The body, left by a jump where variables are closed before the event of its return."""
    builder.enter()
    builder.returns = returns = Loop()
    with builder.loop(returns) as body:
        block(builder, node.block)
        builder.at(node.end)
        builder.leave(builder.name("$none"), node.end)
    if builder.returns_used:
        builder.emit(builder.placed(ast.While(builder.constant(True), body, [])))
        builder.returned(node.end)
    else:
        builder.out.extend(body)


def _repeated(builder: FunctionBuilder, node: nodes.Function) -> None:
    """The body as a loop, for calls of the function to itself in tail position."""
    builder.whole = Loop()
    with builder.loop(builder.whole) as body:
        _body(builder, node)
    builder.while_(builder.whole, builder.constant(True), body)


def function_value(builder: FunctionBuilder, node: nodes.Function, result: Result | None) -> ast.expr:
    """A function expression: a new function object."""
    builder.point(node, node.last_line)
    builder.at(node)
    carried = sorted({
        builder.chunk.host_name(variable)
        for variable in node.upvalues
        if variable.in_loop and variable.captured and variable.constant is None
        and (is_boxed(variable) or not variable.assigned)
    })  # fmt: skip
    if not carried and not builder.chunk.releasing:
        builder.chunk.direct.add(node)
    definition, deepest = _definition(builder, node, None, generating=False)
    forms = [definition]
    hosts: list[ast.expr]
    # A block in a function of its own could not yield.
    if node in builder.chunk.yielding and not needs_moving(deepest):
        if node in builder.chunk.direct:
            builder.chunk.generators.add(node)
        forms.append(_definition(builder, node, None, generating=True)[0])
    builder.at(node)
    if carried:
        factory, made_now = made_in_factory(builder, builder.temporary(), carried, forms)
        builder.emit(factory)
        hosts = [made_now]
        if len(forms) > 1:
            both = builder.keep(made_now)
            hosts = [builder.subscript(both, builder.constant(number)) for number in range(len(forms))]
    else:
        for one in forms:
            builder.emit(one)
        hosts = [builder.name(one.name) for one in forms]
    made = builder.into(result, *hosts)
    count = len(node.parameters)
    kind, place = "$VarargFunction", "cn"
    if not node.is_vararg:
        kind, place = (
            (FUNCTION_CLASSES[count], f"c{count}")
            if count < len(FUNCTION_CLASSES)
            else ("$FunctionN", "whole")
        )
    builder.assign(made, builder.call(kind))
    if kind == "$FunctionN":
        builder.store(builder.attribute(builder.name(made), "count"), builder.constant(count))
    builder.store(builder.attribute(builder.name(made), place), hosts[0])
    if len(hosts) > 1:
        builder.store(builder.attribute(builder.name(made), "generator_form"), hosts[1])
    if builder.chunk.releasing and not carried:
        for one in forms:
            builder.assign(one.name, builder.constant(None))
    return builder.name(made)
