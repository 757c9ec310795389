"""ECMA-262 14.4 to 14.6 and 14.8 to 14.16: the statements besides declarations and loops."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.completions import (
    ReturnSignal,
    ThrowCompletion,
    run_deeper,
    thrown_value,
)
from lockstep.reference.javascript.runtime.environments import (
    DeclarativeEnvironment,
    ObjectEnvironment,
    SimpleCatchEnvironment,
)
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_object
from lockstep.reference.javascript.runtime.operations.operators import strictly_equal
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.classes import class_definition_evaluation
from lockstep.reference.javascript.treewalk.context import (
    EMPTY,
    Abrupt,
    Completion,
    ExecutionContext,
    update_empty,
)
from lockstep.reference.javascript.treewalk.generators import await_value
from lockstep.reference.javascript.treewalk.patterns import binding_initialization
from lockstep.reference.javascript.treewalk.statements.blocks import block_declaration_instantiation
from lockstep.reference.javascript.treewalk.statements.iteration import LOOPS
from lockstep.reference.javascript.treewalk.tables import Statements, row


# 14.4.1 and 14.16.1
def empty(node: ast.EmptyStatement | ast.Debugger, context: ExecutionContext) -> Completion:
    """EmptyStatement, DebuggerStatement."""
    return EMPTY


# 14.5.1
def expression_statement(node: ast.ExpressionStatement, context: ExecutionContext) -> Completion:
    """ExpressionStatement : Expression ;."""
    return context.evaluate(node.expression)


# 14.6.2
def if_statement(node: ast.If, context: ExecutionContext) -> Completion:
    """IfStatement."""
    if to_boolean(context.evaluate(node.test)):
        completion = context.execute(node.consequent)
    elif node.alternate is not None:
        completion = context.execute(node.alternate)
    else:
        return undefined
    return update_empty(completion, undefined)


# 14.8.2
def continue_statement(node: ast.Continue, context: ExecutionContext) -> Completion:
    """ContinueStatement."""
    return Abrupt("continue", EMPTY, node.label)


# 14.9.2
def break_statement(node: ast.Break, context: ExecutionContext) -> Completion:
    """BreakStatement."""
    return Abrupt("break", EMPTY, node.label)


# 14.10.1
def return_statement(node: ast.Return, context: ExecutionContext) -> Completion:
    """ReturnStatement."""
    if node.argument is None:
        return Abrupt("return", undefined)
    value = context.evaluate(node.argument)
    if context.is_async_generator:
        # 3. If GetGeneratorKind() is async, set exprValue to ? Await(exprValue).
        value = await_value(value, context)
    return Abrupt("return", value)


# 14.11.2
def with_statement(node: ast.With, context: ExecutionContext) -> Completion:
    """WithStatement : with ( Expression ) Statement."""
    target = to_object(context.realm, context.evaluate(node.expression))
    outer = context.environment
    context.environment = ObjectEnvironment(target, True, outer)
    try:
        completion = context.execute(node.body)
    finally:
        context.environment = outer
    return update_empty(completion, undefined)


# 14.12.4
def switch(node: ast.Switch, context: ExecutionContext) -> Completion:
    """SwitchStatement : switch ( Expression ) CaseBlock."""
    value = context.evaluate(node.discriminant)
    outer = context.environment
    if node.scope is not None:
        environment = DeclarativeEnvironment(outer)
        block_declaration_instantiation(node.scope, environment, context)
        context.environment = environment
    try:
        completion = case_block_evaluation(node.cases, value, context)
    finally:
        context.environment = outer
    return breakable(completion)


def breakable(completion: Completion) -> Completion:
    """14.13.4 LabelledEvaluation of BreakableStatement: a break without label ends here."""
    if isinstance(completion, Abrupt) and completion.kind == "break" and completion.target is None:
        return undefined if completion.value is EMPTY else completion.value
    return completion


# 14.12.2
def case_block_evaluation(cases: list[ast.SwitchCase], value: Value, context: ExecutionContext) -> Completion:
    """CaseBlockEvaluation."""
    start = None
    for index, clause in enumerate(cases):
        # 14.12.3 CaseClauseIsSelected, over the clauses before and then those behind default
        if clause.test is not None and strictly_equal(value, context.evaluate(clause.test)):
            start = index
            break
    if start is None:
        start = next((index for index, clause in enumerate(cases) if clause.test is None), len(cases))
    result: Completion = undefined
    for clause in cases[start:]:
        for statement in clause.body:
            completion = context.execute(statement)
            if isinstance(completion, Abrupt):
                return update_empty(completion, result)
            if completion is not EMPTY:
                result = completion
    return result


# 14.13.3 and 14.13.4
def labelled(node: ast.Labelled, context: ExecutionContext, labels: tuple[str, ...] = ()) -> Completion:
    """LabelledStatement : LabelIdentifier : LabelledItem."""
    labels = (*labels, node.label)
    body = node.body
    if isinstance(body, ast.Labelled):
        completion = labelled(body, context, labels)
    elif body.__class__ in LOOPS:
        completion = LOOPS[body.__class__](body, context, labels)
    else:
        completion = context.execute(body)
    # LabelledItem: 4. If stmtResult is a break completion and stmtResult.[[Target]] is label, ...
    if isinstance(completion, Abrupt) and completion.kind == "break" and completion.target == node.label:
        return completion.value
    return completion


# 14.14.1
def throw_statement(node: ast.Throw, context: ExecutionContext) -> Completion:
    """ThrowStatement : throw Expression ;."""
    raise ThrowCompletion(context.evaluate(node.argument))


# 14.15.3
def try_statement(node: ast.Try, context: ExecutionContext) -> Completion:
    """TryStatement."""
    environment = context.environment
    raised: BaseException | None = None
    completion: Completion = EMPTY
    try:
        completion = context.execute(node.block)
    except (Exception, ReturnSignal) as error:  # any throw completion, or a generator's return
        raised = error
    if node.handler is not None and isinstance(raised, Exception):
        context.environment = environment
        frames = getattr(raised, "frames", None)
        try:
            value = thrown_value(raised, context.realm)
            raised = None
            if isinstance(value, JSError) and getattr(value, "stack_", None) is None:
                value.stack_ = frames
            completion = catch_clause_evaluation(node.handler, value, context)
        except (Exception, ReturnSignal) as error:  # as above
            raised = error
    if node.finalizer is not None:
        context.environment = environment
        run_deeper(context.realm, raised)
        final = context.execute(node.finalizer)
        if isinstance(final, Abrupt):
            # 3. If F is an abrupt completion, it replaces C.
            return update_empty(final, undefined)
    if raised is not None:
        raise raised
    return update_empty(completion, undefined)


# 14.15.2
def catch_clause_evaluation(node: ast.CatchClause, value: Value, context: ExecutionContext) -> Completion:
    """CatchClauseEvaluation."""
    if node.scope is None:
        if node.parameter is not None:
            # A pattern without names.
            binding_initialization(node.parameter, value, context.environment, context, ".catch")
        return context.execute(node.body)
    assert node.parameter is not None
    outer = context.environment
    is_simple = isinstance(node.parameter, ast.BindingIdentifier)
    environment = SimpleCatchEnvironment(outer) if is_simple else DeclarativeEnvironment(outer)
    for name in node.scope.bindings:
        environment.create_mutable_binding(name, False)
    context.environment = environment
    try:
        binding_initialization(node.parameter, value, environment, context, ".catch")
        return context.execute(node.body)
    finally:
        context.environment = outer


# 15.7.15
def class_declaration(node: ast.ClassDeclaration, context: ExecutionContext) -> Completion:
    """ClassDeclaration, with BindingClassDeclarationEvaluation."""
    definition = node.definition
    if definition.name is None:
        value = class_definition_evaluation(definition, None, "default", context)
        context.environment.initialize_binding("*default*", value)
        return EMPTY
    name = definition.name.name
    value = class_definition_evaluation(definition, name, name, context)
    context.environment.initialize_binding(name, value)
    return EMPTY


STATEMENTS: Statements = dict(
    [
        row(ast.EmptyStatement, empty),
        row(ast.Debugger, empty),
        row(ast.ExpressionStatement, expression_statement),
        row(ast.If, if_statement),
        row(ast.Continue, continue_statement),
        row(ast.Break, break_statement),
        row(ast.Return, return_statement),
        row(ast.With, with_statement),
        row(ast.Switch, switch),
        row(ast.Labelled, labelled),
        row(ast.Throw, throw_statement),
        row(ast.Try, try_statement),
        row(ast.ClassDeclaration, class_declaration),
    ]
)
