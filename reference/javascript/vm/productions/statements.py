"""ECMA-262 clause 14: the other statements, and module items."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Statements
from lockstep.reference.javascript.vm.generation.names import StaticScope
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import initialize_name, open_record, record_of
from lockstep.reference.javascript.vm.productions.blocks import disposing_where, enter_scope, leave_scope
from lockstep.reference.javascript.vm.productions.classes import class_declaration
from lockstep.reference.javascript.vm.productions.exits import close_target, keep_jump, open_target, protected
from lockstep.reference.javascript.vm.productions.operators import condition, strict_test
from lockstep.reference.javascript.vm.productions.patterns import assign_target


def _empty_statement(builder: Builder, node: js.Node) -> None:
    return


def _expression_statement(builder: Builder, node: js.ExpressionStatement) -> None:
    if builder.completion:
        builder.complete(builder.value(node.expression))
    else:
        builder.effect(node.expression)


def _if_statement(builder: Builder, node: js.If) -> None:
    test = condition(builder, node.test)
    builder.complete(builder.constant(None))
    with builder.collected() as then:
        builder.statement(node.consequent)
    other = None
    if node.alternate is not None:
        with builder.collected() as other:
            builder.statement(node.alternate)
    builder.at(node)
    builder.if_(test, then, other)


# 14.10 to 14.16


def _with_statement(builder: Builder, node: js.With) -> None:
    value = builder.value(node.expression)
    builder.complete(builder.constant(None))
    scope = StaticScope(builder.scope, builder.unit)
    outer_scope = builder.scope
    within = outer_scope
    while within is not None and not within.environment and not within.variables:
        within = within.parent
    if within is None:
        outer = builder.name("global_environment_")
    elif within.environment:
        outer = record_of(builder, within)
        scope.environment_ends = within.environment_ends
    else:
        outer = builder.name("null_")
        scope.environment_ends = True
    open_record(builder, scope, builder.call("with_environment_", value, outer))
    builder.scope = scope
    builder.statement(node.body)
    builder.scope = outer_scope


def _switch_statement(builder: Builder, node: js.Switch) -> None:
    value = builder.saved(Operand(builder.value(node.discriminant), stable=False))
    builder.complete(builder.constant(None))
    chosen = builder.fresh("case")
    subject = builder.fresh("subject")
    builder.assign(subject, value)
    target = open_target(builder, takes_continue=False)
    with builder.collected() as emitted:
        entered = enter_scope(builder, node.scope)
        builder.assign(chosen, builder.constant(-1))
        default = -1
        for position, case in enumerate(node.cases):
            if case.test is None:
                default = position
                continue
            with builder.collected() as trial:
                operand = builder.expression(case.test)
                builder.at(case)
                test = strict_test(builder, Operand(builder.name(subject)), operand)
                with builder.collected() as choosing:
                    builder.assign(chosen, builder.constant(position))
                builder.if_(test, choosing)
                untried = builder.comparison("<", builder.name(chosen), builder.constant(0))
            builder.if_(untried, trial)
        if node.scope is not None and builder.scope is not None:
            for variable in builder.scope.variables.values():
                variable.early = True
        with builder.collected() as otherwise:
            builder.assign(chosen, builder.constant(default if default >= 0 else len(node.cases)))
        builder.if_(builder.comparison("<", builder.name(chosen), builder.constant(0)), otherwise)
        disposing_where(builder, node.scope, lambda: _cases(builder, node, chosen))
        leave_scope(builder, entered)
        builder.emit(ast.Break())
    builder.forever(emitted)
    close_target(builder, target)


def _cases(builder: Builder, node: js.Switch, chosen: str) -> None:
    for position, case in enumerate(node.cases):
        if not case.body:
            continue
        with builder.collected() as body:
            builder.statements(case.body)
            if builder.scope is not None and node.scope is not None:
                for variable in builder.scope.variables.values():
                    # Another case may be entered without this declaration.
                    if variable.has_dead_zone:
                        variable.early = True
                        variable.ready = False
        builder.if_(builder.comparison("<=", builder.name(chosen), builder.constant(position)), body)


def _labelled_statement(builder: Builder, node: js.Labelled) -> None:
    body = node.body
    builder.labels = (*builder.labels, node.label)
    if isinstance(body, (js.While, js.DoWhile, js.For, js.ForIn, js.ForOf, js.Labelled)):
        builder.statement(body)
        builder.labels = ()
        return
    target = open_target(builder, takes_break=False, takes_continue=False)
    with builder.collected() as emitted:
        builder.statement(body)
        builder.emit(ast.Break())
    builder.forever(emitted)
    close_target(builder, target)


def _throw_statement(builder: Builder, node: js.Throw) -> None:
    value = builder.value(node.argument)
    builder.at(node)
    builder.emit(ast.Raise(builder.call("throw_", value), None))


def _try_statement(builder: Builder, node: js.Try) -> None:
    builder.complete(builder.constant(None))
    if node.finalizer is None:
        _try_catch(builder, node)
        return
    abrupt = builder.fresh("abrupt")
    builder.assign(abrupt, builder.constant(False))
    with builder.collected() as body:
        builder.finalizers += 1
        if node.handler is None:
            jumping = protected(builder, lambda: builder.statement(node.block))
        else:
            jumping = protected(builder, lambda: _try_catch(builder, node))
        builder.finalizers -= 1
    with builder.collected() as emitted:
        builder.evaluate(builder.call("passing_"))
        builder.emit(ast.Raise())
    passing = builder.placed(ast.ExceptHandler(builder.name("guest_exits_"), None, emitted))
    abruptly = []
    for errors in ("memory_error_", "base_exception_"):
        with builder.collected() as emitted:
            builder.assign(abrupt, builder.constant(True))
            builder.emit(ast.Raise())
        abruptly.append(builder.placed(ast.ExceptHandler(builder.name(errors), None, emitted)))
    guarded = builder.placed(ast.Try(body, [abruptly[0], passing, abruptly[1]], [], []))
    with builder.collected() as final:
        completion = builder.completion
        kept = builder.fresh("completion") if completion else ""
        if completion:
            # 14.15.3, steps 4 and 5: the value of the finalizer counts only where it ends abruptly.
            builder.assign(kept, builder.name(completion))
            builder.assign(completion, builder.constant(None))
        resume = keep_jump(builder) if jumping else None
        builder.statement(node.finalizer)
        if resume is not None:
            resume()
        if completion:
            builder.assign(completion, builder.name(kept))
    with builder.collected() as emitted:
        builder.if_(builder.negation(builder.name(abrupt)), final)
    builder.emit(ast.Try([guarded], [], [], emitted))


def _try_catch(builder: Builder, node: js.Try) -> None:
    with builder.collected() as body:
        jumping = protected(builder, lambda: builder.statement(node.block))
    clause = node.handler
    assert clause is not None
    error = builder.fresh("error")
    with builder.collected() as emitted:
        builder.at(clause)
        value = builder.fresh("caught")
        builder.assign(value, builder.call("caught_", builder.name(error)))
        if jumping:
            builder.begin_jumps()
        # 14.15.3: the value of the block is gone with it.
        builder.complete(builder.constant(None))
        entered = enter_scope(builder, clause.scope)
        if builder.scope is not None and builder.scope.environment and clause.scope is not None:
            parameter = clause.parameter
            if isinstance(parameter, js.BindingIdentifier):
                builder.evaluate(builder.call("mark_catch_", record_of(builder, builder.scope)))
        if clause.parameter is not None:
            assign_target(builder, clause.parameter, builder.name(value), initialize=True, source=".catch")
        builder.statement(clause.body)
        leave_scope(builder, entered)
    builder.try_(body, ("exception_",), emitted, bound=error)


# 16.2 module items


def _import_declaration(builder: Builder, node: js.Node) -> None:
    return


def _export_declaration(builder: Builder, node: js.ExportDeclaration) -> None:
    if node.declaration is not None:
        builder.statement(node.declaration)


def _export_default(builder: Builder, node: js.ExportDefault) -> None:
    value = node.value
    if isinstance(value, js.FunctionDeclaration):
        return
    if isinstance(value, js.ClassDeclaration):
        class_declaration(builder, value)
        return
    operand = builder.named(value, "default") if node.names_function else builder.expression(value)
    initialize_name(builder, "*default*", operand.expression)


STATEMENTS: Statements = dict(
    [
        row(js.EmptyStatement, _empty_statement),
        row(js.Debugger, _empty_statement),
        row(js.ExpressionStatement, _expression_statement),
        row(js.If, _if_statement),
        row(js.With, _with_statement),
        row(js.Switch, _switch_statement),
        row(js.Labelled, _labelled_statement),
        row(js.Throw, _throw_statement),
        row(js.Try, _try_statement),
        row(js.ImportDeclaration, _import_declaration),
        row(js.ExportDeclaration, _export_declaration),
        row(js.ExportDefault, _export_default),
    ]
)
