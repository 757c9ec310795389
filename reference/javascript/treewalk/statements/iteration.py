"""ECMA-262 14.7: iteration statements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Callable, TypeVar, cast

from lockstep.reference.javascript.runtime.environments import DeclarativeEnvironment
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.enumeration import for_in_keys
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    get_async_iterator,
    get_iterator,
)
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.operations.suspension import async_iterator_close, awaited_step
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.treewalk.context import (
    EMPTY,
    Abrupt,
    Completion,
    ExecutionContext,
    update_empty,
)
from lockstep.reference.javascript.treewalk.generators import await_value, run_suspending
from lockstep.reference.javascript.treewalk.patterns import binding_initialization, destructuring_assignment
from lockstep.reference.javascript.treewalk.references import put_value, resolve
from lockstep.reference.javascript.treewalk.resources import HINTS, add_resource, with_disposal
from lockstep.reference.javascript.treewalk.statements.blocks import initializer_value
from lockstep.reference.javascript.treewalk.tables import Statements, row


# 14.7.1.1
def loop_continues(completion: Completion, labels: tuple[str, ...]) -> bool:
    """LoopContinues ( completion, labelSet )."""
    if not isinstance(completion, Abrupt):
        return True
    if completion.kind != "continue":
        return False
    return completion.target is None or completion.target in labels


def finished(completion: Completion, value: Value) -> Completion:
    """UpdateEmpty(stmtResult, V), and 14.13.4: a break without label ends the loop."""
    completion = update_empty(completion, value)
    if isinstance(completion, Abrupt) and completion.kind == "break" and completion.target is None:
        return completion.value
    return completion


def value_of(completion: Completion, value: Value) -> Value:
    """The loop's V after a turn: stmtResult.[[Value]], unless that is empty."""
    result = completion.value if isinstance(completion, Abrupt) else completion
    return value if result is EMPTY else result


# 14.7.2.2
def do_while(node: ast.DoWhile, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """DoWhileLoopEvaluation."""
    value: Value = undefined
    while True:
        context.step()
        completion = context.execute(node.body)
        if not loop_continues(completion, labels):
            return finished(completion, value)
        value = value_of(completion, value)
        if not to_boolean(context.evaluate(node.test)):
            return value


# 14.7.3.2
def while_statement(node: ast.While, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """WhileLoopEvaluation."""
    value: Value = undefined
    while True:
        if not to_boolean(context.evaluate(node.test)):
            return value
        context.step()
        completion = context.execute(node.body)
        if not loop_continues(completion, labels):
            return finished(completion, value)
        value = value_of(completion, value)


# 14.7.4.2
def for_statement(node: ast.For, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """ForLoopEvaluation."""
    initializer = node.initializer
    if isinstance(initializer, ast.LexicalDeclaration):
        # 1. to 8.
        outer = context.environment
        environment = DeclarativeEnvironment(outer)
        per_iteration: list[str] = []
        bindings = {} if node.scope is None else node.scope.bindings
        for name, binding in bindings.items():
            if binding.is_const:
                environment.create_immutable_binding(name, True)
            else:
                environment.create_mutable_binding(name, False)
                per_iteration.append(name)
        context.environment = environment
        try:

            def run() -> Completion:
                context.execute(initializer)
                return for_body_evaluation(node, per_iteration, labels, context)

            return with_disposal(node.scope, context, run)
        finally:
            context.environment = outer
    if isinstance(initializer, ast.VariableStatement):
        context.execute(initializer)
    elif initializer is not None:
        context.evaluate(initializer)
    return for_body_evaluation(node, [], labels, context)


# 14.7.4.3
def for_body_evaluation(
    node: ast.For, per_iteration: list[str], labels: tuple[str, ...], context: ExecutionContext
) -> Completion:
    """ForBodyEvaluation."""
    value: Value = undefined
    create_per_iteration_environment(per_iteration, context)
    while True:
        if node.test is not None and not to_boolean(context.evaluate(node.test)):
            return value
        context.step()
        completion = context.execute(node.body)
        if not loop_continues(completion, labels):
            return finished(completion, value)
        value = value_of(completion, value)
        create_per_iteration_environment(per_iteration, context)
        if node.update is not None:
            context.evaluate(node.update)


# 14.7.4.4
def create_per_iteration_environment(names: list[str], context: ExecutionContext) -> None:
    """CreatePerIterationEnvironment ( perIterationBindings )."""
    if not names:
        return
    last = context.environment
    environment = DeclarativeEnvironment(last.outer)
    for name in names:
        environment.create_mutable_binding(name, False)
        environment.initialize_binding(name, last.get_binding_value(name, True))
    context.environment = environment


# 14.7.5.5
def for_in(node: ast.ForIn, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """ForInOfLoopEvaluation of for-in."""
    if isinstance(node.left, ast.VariableStatement) and node.left.declarations[0].initializer is not None:
        # B.3.5
        declarator = node.left.declarations[0]
        assert isinstance(declarator.target, ast.BindingIdentifier)
        reference = resolve(declarator.target.name, context)
        put_value(reference, initializer_value(declarator, context), context)
    value = head_evaluation(node, context)
    result: Value = undefined
    outer = context.environment
    # 14.7.5.6 ForIn/OfHeadEvaluation, step 6: nothing to visit in undefined and null.
    for key in for_in_keys(context.realm, value):
        context.step()
        context.environment = outer
        try:
            bind_iteration(node, key, context)
            completion = context.execute(node.body)
        finally:
            context.environment = outer
        if not loop_continues(completion, labels):
            return finished(completion, result)
        result = value_of(completion, result)
    return result


# 14.7.5.6
def head_evaluation(node: ast.ForIn | ast.ForOf, context: ExecutionContext) -> Value:
    """ForIn/OfHeadEvaluation, steps 1 to 5: the names of the loop are in their dead zone."""
    if node.scope is None:
        return context.evaluate(node.right)
    outer = context.environment
    environment = DeclarativeEnvironment(outer)
    for name in node.scope.bindings:
        environment.create_mutable_binding(name, False)
    context.environment = environment
    try:
        return context.evaluate(node.right)
    finally:
        context.environment = outer


def for_of(node: ast.ForOf, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """ForInOfLoopEvaluation of for-of and for-await-of."""
    value = head_evaluation(node, context)
    realm = context.realm
    # 14.7.5.6, step 7.
    record = (
        get_async_iterator(realm, value)
        if node.is_await
        else get_iterator(realm, value, partial(callee_name, node.right))
    )
    return for_of_body_evaluation(node, record, labels, context)


# 14.7.5.7
def for_of_body_evaluation(
    node: ast.ForOf, record: IteratorRecord, labels: tuple[str, ...], context: ExecutionContext
) -> Completion:
    """ForIn/OfBodyEvaluation of an iterator."""
    outer = context.environment
    result: Value = undefined
    while True:
        # 6.a. to f.
        if node.is_await:
            value = awaited_step(record, await_value(call(record.next_method, record.iterator), context))
        else:
            value = record.step()
        if value is DONE:
            return result
        context.step()
        # 6.g. to l.
        try:
            completion = with_disposal(node.scope, context, partial(iteration, node, value, context))
        except BaseException as error:
            context.environment = outer
            if node.is_await:
                run_suspending(async_iterator_close(record, error), context)
            else:
                record.close(error)
            raise
        context.environment = outer
        if not loop_continues(completion, labels):
            # 6.m.
            completion = update_empty(completion, result)
            if node.is_await:
                run_suspending(async_iterator_close(record), context)
            else:
                record.close()
            return finished(completion, result)
        result = value_of(completion, result)


def iteration(node: ast.ForIn | ast.ForOf, value: Value, context: ExecutionContext) -> Completion:
    """14.7.5.7, steps 6.g to 6.k: one turn."""
    bind_iteration(node, value, context)
    return context.execute(node.body)


def bind_iteration(node: ast.ForIn | ast.ForOf, value: Value, context: ExecutionContext) -> None:
    """14.7.5.7, steps 6.g to 6.j: store the value, for a lexical declaration into a fresh environment."""
    left: Any = node.left
    if isinstance(left, ast.LexicalDeclaration):
        # lhsKind is lexical-binding
        environment = DeclarativeEnvironment(context.environment)
        target = left.declarations[0].target
        # 14.7.5.4 ForDeclarationBindingInstantiation
        bindings = {} if node.scope is None else node.scope.bindings
        for name, binding in bindings.items():
            if binding.is_const:
                environment.create_immutable_binding(name, True)
            else:
                environment.create_mutable_binding(name, False)
        context.environment = environment
        if left.kind in HINTS:
            add_resource(left.kind, value, context)
        binding_initialization(target, value, environment, context, ".for")
    elif isinstance(left, ast.VariableStatement):
        # lhsKind is var-binding
        binding_initialization(left.declarations[0].target, value, None, context, ".for")
    elif isinstance(left, ast.Pattern):
        destructuring_assignment(left, value, context, ".for")
    else:
        put_value(context.reference(left), value, context)


N = TypeVar("N", bound=ast.Node)


def _loop(
    kind: type[N], evaluate: Callable[[N, ExecutionContext, tuple[str, ...]], Completion]
) -> tuple[type[ast.Node], Callable[[ast.Node, ExecutionContext, tuple[str, ...]], Completion]]:
    """A row of the loops, which are evaluated with their labels (14.7.1.2)."""
    return kind, cast("Callable[[ast.Node, ExecutionContext, tuple[str, ...]], Completion]", evaluate)


LOOPS: Mapping[type[ast.Node], Callable[[ast.Node, ExecutionContext, tuple[str, ...]], Completion]] = dict(
    [
        _loop(ast.DoWhile, do_while),
        _loop(ast.While, while_statement),
        _loop(ast.For, for_statement),
        _loop(ast.ForIn, for_in),
        _loop(ast.ForOf, for_of),
    ]
)
STATEMENTS: Statements = dict(
    [
        row(ast.DoWhile, do_while),
        row(ast.While, while_statement),
        row(ast.For, for_statement),
        row(ast.ForIn, for_in),
        row(ast.ForOf, for_of),
    ]
)
