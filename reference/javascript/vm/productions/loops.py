"""ECMA-262 14.7: loops."""

from __future__ import annotations

import ast
from typing import Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.ast import Scope
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Statements
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import record_of
from lockstep.reference.javascript.vm.productions.blocks import (
    add_resource,
    declare_with,
    disposing,
    enter_scope,
    leave_scope,
)
from lockstep.reference.javascript.vm.productions.exits import close_target, open_target, turns
from lockstep.reference.javascript.vm.productions.operators import condition
from lockstep.reference.javascript.vm.productions.patterns import assign_target


def _break_unless(builder: Builder, test: ast.expr) -> None:
    with builder.collected() as emitted:
        builder.emit(ast.Break())
    builder.if_(builder.negation(test), emitted)


def _while_statement(builder: Builder, node: js.While) -> None:
    builder.complete(builder.constant(None))

    def test() -> None:
        _break_unless(builder, condition(builder, node.test))
        builder.meter()

    turns(builder, open_target(builder), test, lambda: builder.statement(node.body), None)


def _do_while_statement(builder: Builder, node: js.DoWhile) -> None:
    builder.complete(builder.constant(None))
    turns(
        builder,
        open_target(builder),
        builder.meter,
        lambda: builder.statement(node.body),
        lambda: _break_unless(builder, condition(builder, node.test)),
    )


def _for_statement(builder: Builder, node: js.For) -> None:
    _disposing_head(builder, node.initializer, lambda: _for_loop(builder, node))


def _disposing_head(builder: Builder, head: js.Node | None, emit: Callable[[], None]) -> None:
    """Emit what disposes of the resource that a loop's head declares, if it does."""
    if isinstance(head, js.LexicalDeclaration) and head.kind in ("using", "await using"):
        disposing(builder, head.kind == "await using", emit)
    else:
        emit()


def _for_loop(builder: Builder, node: js.For) -> None:
    builder.complete(builder.constant(None))
    labels, builder.labels = builder.labels, ()
    # The head's own variables live in the loop: closures get one box per iteration.
    builder.loop_depth += 1
    entered = enter_scope(builder, node.scope)
    builder.loop_depth -= 1
    if node.initializer is not None:
        if isinstance(node.initializer, js.Statement):
            builder.statement(node.initializer)
        else:
            builder.effect(node.initializer)
    builder.labels = labels
    target = open_target(builder)
    copies = _per_iteration(builder, node.scope)

    def test() -> None:
        if node.test is not None:
            _break_unless(builder, condition(builder, node.test))
        builder.meter()

    def update() -> None:
        copies()
        if node.update is not None:
            builder.effect(node.update)

    copies()
    turns(builder, target, test, lambda: builder.statement(node.body), update)
    leave_scope(builder, entered)


def _per_iteration(builder: Builder, scope: Scope | None) -> Callable[[], None]:
    """14.7.4.4 CreatePerIterationEnvironment."""
    static = builder.scope
    if scope is None or static is None:
        return lambda: None
    if static.environment:
        names = tuple(name for name, binding in scope.bindings.items() if not binding.is_const)

        def copy_record() -> None:
            if names:
                builder.assign(
                    static.environment,
                    builder.call("copy_environment_", record_of(builder, static), builder.constant(names)),
                )

        return copy_record
    boxed = [variable for variable in static.variables.values() if variable.boxed and not variable.is_const]

    def copy_boxes() -> None:
        for variable in boxed:
            value = builder.subscript(builder.name(variable.host), builder.constant(0))
            builder.assign(variable.host, builder.list_of([value]))

    return copy_boxes


def _head_value(builder: Builder, node: js.ForIn | js.ForOf) -> ast.expr:
    """14.7.5.6: the expression, with the head's names in their dead zone."""
    if node.scope is None:
        return builder.value(node.right)
    entered = enter_scope(builder, node.scope)
    value = builder.value(node.right)
    saved = builder.name(builder.stored("head", value))
    builder.scope = entered[0]
    return saved


def _bind_head(builder: Builder, left: js.LoopTarget, value: ast.expr) -> None:
    # V8 calls the variable that holds the value `.for`.
    if isinstance(left, js.LexicalDeclaration):
        if left.kind in ("using", "await using"):
            value = add_resource(builder, value, left.kind)
        assign_target(builder, left.declarations[0].target, value, initialize=True, source=".for")
    elif isinstance(left, js.VariableStatement):
        assign_target(builder, left.declarations[0].target, value, initialize=False, source=".for")
    else:
        assign_target(builder, left, value, initialize=False, source=".for")


def _for_in_statement(builder: Builder, node: js.ForIn) -> None:
    builder.complete(builder.constant(None))
    labels, builder.labels = builder.labels, ()
    if isinstance(node.left, js.VariableStatement) and node.left.declarations[0].initializer is not None:
        declare_with(builder, node.left.declarations[0], initialize=False)
    keys = builder.call("for_in_keys_", _head_value(builder, node))
    builder.labels = labels
    key = builder.fresh("key")
    target = open_target(builder)
    with builder.collected() as body:
        builder.meter()
        entered = enter_scope(builder, node.scope)
        _bind_head(builder, node.left, builder.name(key))
        builder.statement(node.body)
        leave_scope(builder, entered)
    builder.at(node)
    builder.emit(ast.For(builder.target(key), keys, body, []))
    close_target(builder, target)


def _for_of_statement(builder: Builder, node: js.ForOf) -> None:
    builder.complete(builder.constant(None))
    labels, builder.labels = builder.labels, ()
    values = _head_value(builder, node)
    builder.at(node)
    builder.labels = labels
    iterator = builder.fresh("iterator")
    helper = "for_await_" if node.is_await else "for_of_"
    builder.assign(
        iterator,
        builder.call(
            helper, values, *(() if node.is_await else (builder.constant(callee_name(node.right)),))
        ),
    )
    target = open_target(builder)

    def close() -> None:
        if node.is_await:
            builder.evaluate(
                builder.placed(ast.YieldFrom(builder.call("leave_async_", builder.name(iterator))))
            )
        else:
            builder.evaluate(builder.call("leave_", builder.name(iterator)))

    target.close = close
    item = builder.fresh("item")
    with builder.collected() as body:
        if node.is_await:
            builder.unit.has_yield = True
            step = builder.call(builder.attribute(builder.name(iterator), "begin"))
            raw = builder.placed(ast.Yield(step))
            checked = builder.call(builder.attribute(builder.name(iterator), "finish"), raw)
            builder.assign(item, checked)
            with builder.collected() as stopping:
                builder.emit(ast.Break())
            builder.if_(builder.comparison("is", builder.name(item), builder.name("done_")), stopping)
        with builder.collected() as guarded:
            builder.meter()
            entered = enter_scope(builder, node.scope)

            def run_body() -> None:
                _bind_head(builder, node.left, builder.name(item))
                builder.statement(node.body)

            _disposing_head(builder, node.left, run_body)
            leave_scope(builder, entered)
        error = builder.fresh("error")
        with builder.collected() as failing_body:
            if node.is_await:
                failing = builder.call("leave_async_", builder.name(iterator), builder.name(error))
                builder.evaluate(builder.placed(ast.YieldFrom(failing)))
            else:
                builder.evaluate(builder.call("fail_", builder.name(iterator), builder.name(error)))
            builder.emit(builder.placed(ast.Raise()))
        builder.try_(guarded, ("base_exception_",), failing_body, bound=error)
    builder.at(node)
    if node.is_await:
        builder.forever(body)
    else:
        builder.emit(ast.For(builder.target(item), builder.name(iterator), body, []))
    close_target(builder, target)


STATEMENTS: Statements = dict(
    [
        row(js.While, _while_statement),
        row(js.DoWhile, _do_while_statement),
        row(js.For, _for_statement),
        row(js.ForIn, _for_in_statement),
        row(js.ForOf, _for_of_statement),
    ]
)
