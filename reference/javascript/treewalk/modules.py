"""ECMA-262 16.2: evaluation of module items, and the body of a module."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.modules import SourceTextModule
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import EMPTY, Completion, ExecutionContext
from lockstep.reference.javascript.treewalk.coroutines import Coroutine
from lockstep.reference.javascript.treewalk.functions import instantiate_function_object
from lockstep.reference.javascript.treewalk.resources import with_disposal
from lockstep.reference.javascript.treewalk.statements.blocks import statement_list
from lockstep.reference.javascript.treewalk.tables import Statements, row


# 16.2.1.7.3.1
def initialize_module(context: ExecutionContext, module: SourceTextModule) -> Coroutine:
    """InitializeEnvironment, steps 19 to 24: the functions of the module; its body, ready to run."""
    node: ast.Module = module.node
    for declaration in node.scope.functions:
        name = declaration.function.name
        function = instantiate_function_object(declaration, context)
        context.environment.initialize_binding("*default*" if name is None else name.name, function)

    def body() -> Value:
        with_disposal(node.scope, context, lambda: statement_list(node.body, context))
        return undefined

    context.coroutine = Coroutine(body)
    return context.coroutine


# 16.2.2
def import_declaration(node: ast.ImportDeclaration, context: ExecutionContext) -> Completion:
    """ModuleItem : ImportDeclaration."""
    return EMPTY


# 16.2.3.7
def export_declaration(node: ast.ExportDeclaration, context: ExecutionContext) -> Completion:
    """ExportDeclaration of names, or of a declaration."""
    return EMPTY if node.declaration is None else context.execute(node.declaration)


def export_default(node: ast.ExportDefault, context: ExecutionContext) -> Completion:
    """ExportDeclaration : export default."""
    value = node.value
    if isinstance(value, (ast.FunctionDeclaration, ast.ClassDeclaration)):
        return context.execute(value)
    result = context.named_evaluation(value, "default") if node.names_function else context.evaluate(value)
    context.environment.initialize_binding("*default*", result)
    return EMPTY


STATEMENTS: Statements = dict(
    [
        row(ast.ImportDeclaration, import_declaration),
        row(ast.ExportDeclaration, export_declaration),
        row(ast.ExportDefault, export_default),
    ]
)
