"""ECMA-262 14.2 and 14.3: blocks, declarations, the variable statement; function and class declarations."""

from __future__ import annotations

from functools import partial

from lockstep.reference.javascript.runtime.environments import DeclarativeEnvironment, EnvironmentRecord
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.ast.functions import FunctionScope, Scope
from lockstep.reference.javascript.syntax.callee_names import source_name
from lockstep.reference.javascript.treewalk.context import (
    EMPTY,
    Abrupt,
    Completion,
    ExecutionContext,
    update_empty,
)
from lockstep.reference.javascript.treewalk.functions import instantiate_function_object
from lockstep.reference.javascript.treewalk.patterns import binding_initialization
from lockstep.reference.javascript.treewalk.references import (
    initialize_referenced_binding,
    put_value,
    resolve,
)
from lockstep.reference.javascript.treewalk.resources import HINTS, add_resource, with_disposal
from lockstep.reference.javascript.treewalk.tables import Statements, row


# 14.2.2
def block(node: ast.Block, context: ExecutionContext) -> Completion:
    """Block : { StatementList }."""
    if node.scope is None:
        return statement_list(node.body, context)
    # 1. to 3.
    outer = context.environment
    environment = DeclarativeEnvironment(outer)
    block_declaration_instantiation(node.scope, environment, context)
    # 4. to 6.
    context.environment = environment
    try:
        return with_disposal(node.scope, context, lambda: statement_list(node.body, context))
    finally:
        context.environment = outer


def statement_list(statements: list[ast.Statement], context: ExecutionContext) -> Completion:
    """StatementList : StatementList StatementListItem."""
    value: Completion = EMPTY
    for statement in statements:
        completion = context.execute(statement)
        if isinstance(completion, Abrupt):
            return update_empty(completion, value)
        if completion is not EMPTY:
            value = completion
    return value


# 14.2.3
def block_declaration_instantiation(
    scope: Scope, environment: EnvironmentRecord, context: ExecutionContext
) -> None:
    """BlockDeclarationInstantiation ( code, env ): bindings, and functions with `environment` as theirs."""
    outer = context.environment
    context.environment = environment
    instantiate_declarations(scope, environment, context, top_level=False)
    context.environment = outer


def instantiate_declarations(
    scope: Scope, environment: EnvironmentRecord, context: ExecutionContext, *, top_level: bool
) -> None:
    """Create the lexical bindings of a scope and initialize its functions.

    At the top level of a function or static block (`top_level`) functions are variables, which exist already.
    """
    for name, binding in scope.bindings.items():
        if binding.kind == "function":
            if not top_level:
                environment.create_mutable_binding(name, False)
                environment.initialize_binding(name, undefined)
        elif top_level and isinstance(scope, FunctionScope) and name not in scope.lexical_names:
            continue
        elif binding.is_const:
            environment.create_immutable_binding(name, True)
        else:
            environment.create_mutable_binding(name, False)
    for declaration in scope.functions:
        assert declaration.function.name is not None
        function = instantiate_function_object(declaration, context)
        environment.initialize_binding(declaration.function.name.name, function)


# 14.3.1.2
def lexical_declaration(node: ast.LexicalDeclaration, context: ExecutionContext) -> Completion:
    """LexicalDeclaration : LetOrConst BindingList ;."""
    for declarator in node.declarations:
        target = declarator.target
        if isinstance(target, ast.BindingIdentifier):
            # LexicalBinding : BindingIdentifier Initializer
            reference = resolve(target.name, context)
            value = initializer_value(declarator, context)
            if node.kind in HINTS:
                add_resource(node.kind, value, context)
            initialize_referenced_binding(reference, value)
        else:
            # LexicalBinding : BindingPattern Initializer
            value = initializer_value(declarator, context)
            naming = partial(source_name, target, declarator.initializer or declarator, declared=True)
            binding_initialization(target, value, context.environment, context, naming)
    return EMPTY


def initializer_value(declarator: ast.VariableDeclarator, context: ExecutionContext) -> Value:
    """The value of an Initializer, named after its binding; undefined without one."""
    if declarator.initializer is None:
        return undefined
    if declarator.names_function:
        assert isinstance(declarator.target, ast.BindingIdentifier)
        return context.named_evaluation(declarator.initializer, declarator.target.name)
    return context.evaluate(declarator.initializer)


# 14.3.2.1
def variable_statement(node: ast.VariableStatement, context: ExecutionContext) -> Completion:
    """VariableStatement : var VariableDeclarationList ;."""
    for declarator in node.declarations:
        if declarator.initializer is None:
            continue
        target = declarator.target
        if isinstance(target, ast.BindingIdentifier):
            # VariableDeclaration : BindingIdentifier Initializer
            reference = resolve(target.name, context)
            value = initializer_value(declarator, context)
            put_value(reference, value, context)
        else:
            # VariableDeclaration : BindingPattern Initializer
            value = initializer_value(declarator, context)
            naming = partial(source_name, target, declarator.initializer, declared=True)
            binding_initialization(target, value, None, context, naming)
    return EMPTY


# 15.2.6, and B.3.2.1, step 29.a.ii: what replaces it for a function that also is a variable
def function_declaration(node: ast.FunctionDeclaration, context: ExecutionContext) -> Completion:
    """FunctionDeclaration."""
    if not node.annex_b:
        return EMPTY
    assert node.function.name is not None
    name = node.function.name.name
    if context.hoisted is not None and name not in context.hoisted:
        return EMPTY
    # 1. to 4.
    value = resolve(name, context)
    function = value.base.get_binding_value(name, False)
    context.variable_environment.set_mutable_binding(name, function, False)
    return EMPTY


STATEMENTS: Statements = dict(
    [
        row(ast.Block, block),
        row(ast.LexicalDeclaration, lexical_declaration),
        row(ast.VariableStatement, variable_statement),
        row(ast.FunctionDeclaration, function_declaration),
    ]
)
