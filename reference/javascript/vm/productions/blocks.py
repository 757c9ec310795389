"""ECMA-262 14.2 and 14.3: blocks, declarations, and explicit resource management."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.ast import Scope
from lockstep.reference.javascript.syntax.callee_names import source_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Statements
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import named_for
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import (
    declare,
    declare_binding,
    initialize_name,
    open_environment,
    prepare_name,
    read_name,
    record_of,
    write_name,
)
from lockstep.reference.javascript.vm.productions.exits import protected
from lockstep.reference.javascript.vm.productions.hoisting import hoist
from lockstep.reference.javascript.vm.productions.patterns import assign_pattern


def enter_scope(builder: Builder, scope: Scope | None) -> tuple[StaticScope | None, int]:
    """Open a block scope: declare its names and initialize its functions."""
    outer = builder.scope
    if scope is None:
        return outer, -1
    static = StaticScope(outer, builder.unit)
    builder.scope = static
    if scope.contains_direct_eval:
        open_environment(builder, static, outer)
        for name, binding in scope.bindings.items():
            declare_binding(builder, static, name, binding, True)
    else:
        for name, binding in scope.bindings.items():
            boxed = binding.captured and builder.loop_depth > 0
            variable = declare(builder, static, name, binding, boxed=boxed)
            if boxed:
                initial = [] if binding.has_dead_zone else [builder.constant(None)]
                builder.assign(variable.host, builder.list_of(initial))
    mark = len(builder.out)
    for declaration in scope.functions:
        hoist(builder, declaration)
    return outer, mark


def leave_scope(builder: Builder, entered: tuple[StaticScope | None, int]) -> None:
    """Close a block scope; names that were read too early are unbound where the block begins."""
    outer, mark = entered
    scope = builder.scope
    builder.scope = outer
    if scope is None or mark < 0 or builder.loop_depth == 0:
        return
    doomed = [
        variable
        for variable in scope.variables.values()
        if variable.early and not variable.boxed and variable.unit is builder.unit
    ]
    if doomed:
        _unbind(builder, doomed, mark)


def _unbind(builder: Builder, variables: list[Variable], mark: int) -> None:
    with builder.collected() as inner:
        for variable in variables:
            builder.assign(variable.host, builder.constant(None))
            builder.emit(ast.Delete([builder.placed(ast.Name(variable.host, ast.Del()))]))
    builder.out[mark:mark] = inner


def _block_statement(builder: Builder, node: js.Block) -> None:
    entered = enter_scope(builder, node.scope)
    body_with_resources(builder, node.body, node.scope)
    leave_scope(builder, entered)


def body_with_resources(builder: Builder, nodes: Sequence[js.Statement], scope: Scope | None) -> None:
    """Statements whose scope may hold `using` declarations."""
    disposing_where(builder, scope, lambda: builder.statements(nodes))


def disposing_where(builder: Builder, scope: Scope | None, emit_body: Callable[[], None]) -> None:
    """Run a body, and dispose of what is declared with `using` in its scope, if anything is."""
    kinds = {binding.kind for binding in scope.bindings.values()} if scope is not None else set()
    if "using" in kinds or "await using" in kinds:
        disposing(builder, "await using" in kinds, emit_body)
    else:
        emit_body()


def disposing(builder: Builder, asynchronous: bool, emit_body: Callable[[], None]) -> None:
    """14.3.1 `using`: run a body, then DisposeResources on every way out."""
    capability = builder.fresh("resources")
    builder.assign(capability, builder.call("dispose_capability_"))
    outer_capability, builder.capability = builder.capability, capability
    failure = builder.fresh("failure")
    builder.assign(failure, builder.constant(None))

    def dispose() -> None:
        arguments = [builder.name(capability), builder.name(failure)]
        if asynchronous:
            builder.unit.has_yield = True
            builder.evaluate(builder.placed(ast.YieldFrom(builder.call("dispose_async_", *arguments))))
        else:
            builder.evaluate(builder.call("dispose_", *arguments))

    with builder.collected() as body:
        protected(builder, emit_body)
    error = builder.fresh("error")
    with builder.collected() as emitted:
        builder.assign(failure, builder.name(error))
        builder.emit(builder.placed(ast.Raise()))
    clause = builder.placed(ast.ExceptHandler(builder.name("base_exception_"), error, emitted))
    guarded = builder.placed(ast.Try(body, [clause], [], []))
    with builder.collected() as emitted:
        dispose()
    builder.emit(ast.Try([guarded], [], [], emitted))
    builder.capability = outer_capability


# 14.3 declarations


def _variable_statement(builder: Builder, node: js.VariableStatement) -> None:
    for declarator in node.declarations:
        if declarator.initializer is None:
            continue
        declare_with(builder, declarator, initialize=False)


def declare_with(builder: Builder, declarator: js.VariableDeclarator, *, initialize: bool) -> None:
    """14.3.1.2 and 14.3.2.1: a declarator; `var` without an initializer does nothing."""
    target = declarator.target
    builder.at(declarator)
    if isinstance(target, js.Pattern):
        assert declarator.initializer is not None
        value = builder.saved(builder.expression(declarator.initializer))
        source = source_name(target, declarator.initializer, declared=True)
        assign_pattern(builder, target, value, initialize=initialize, source=source)
        return
    prepared = None if initialize else prepare_name(builder, target.name)
    operand = _initial_value(builder, declarator)
    builder.at(declarator)
    if initialize:
        initialize_name(builder, target.name, operand.expression)
    else:
        write_name(builder, target.name, operand.expression, prepared)


def _initial_value(builder: Builder, declarator: js.VariableDeclarator) -> Operand:
    if declarator.initializer is None:
        return Operand(builder.constant(None))
    return named_for(
        builder, declarator.initializer, declarator.target, names_function=declarator.names_function
    )


def _lexical_declaration(builder: Builder, node: js.LexicalDeclaration) -> None:
    if node.kind in ("using", "await using"):
        for declarator in node.declarations:
            assert isinstance(declarator.target, js.BindingIdentifier)
            resource = add_resource(builder, _initial_value(builder, declarator).expression, node.kind)
            initialize_name(builder, declarator.target.name, resource)
        return
    for declarator in node.declarations:
        declare_with(builder, declarator, initialize=True)


def add_resource(builder: Builder, value: ast.expr, kind: str) -> ast.expr:
    """Add a resource to the capability of the scope."""
    asynchronous = builder.constant(kind == "await using")
    return builder.result(
        builder.call("use_", builder.name(builder.capability), value, asynchronous)
    ).expression


def _function_declaration(builder: Builder, node: js.FunctionDeclaration) -> None:
    if not node.annex_b:
        return
    name = node.bound_name
    value = builder.saved(read_name(builder, name))
    saved = builder.scope
    variables = builder.unit.variable_scope
    builder.scope = variables
    if variables is not None and variables.environment:
        builder.evaluate(
            builder.call("assign_variable_", record_of(builder, variables), builder.constant(name), value)
        )
    elif variables is None:
        builder.evaluate(builder.call("assign_annex_b_", builder.constant(name), value))
    else:
        write_name(builder, name, value)
    builder.scope = saved


STATEMENTS: Statements = dict(
    [
        row(js.Block, _block_statement),
        row(js.VariableStatement, _variable_statement),
        row(js.LexicalDeclaration, _lexical_declaration),
        row(js.FunctionDeclaration, _function_declaration),
    ]
)
