"""ECMA-262 13.2: primary expressions."""

from __future__ import annotations

from functools import partial

from lockstep.reference.javascript.runtime.environments import DeclarativeEnvironment, this_environment
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.classes import define_method
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.iteration import array_spread
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    copy_data_properties,
    create_data_property_or_throw,
)
from lockstep.reference.javascript.runtime.values import HOLE, BigInt, Value, null
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.treewalk.classes import class_definition_evaluation
from lockstep.reference.javascript.treewalk.context import ExecutionContext, FunctionName
from lockstep.reference.javascript.treewalk.functions import make_method, ordinary_function
from lockstep.reference.javascript.treewalk.property_names import property_name, text_of_name
from lockstep.reference.javascript.treewalk.reference_record import Reference
from lockstep.reference.javascript.treewalk.references import get_value, resolve
from lockstep.reference.javascript.treewalk.tables import Expressions, References, row


# 13.1.3 Runtime Semantics: Evaluation of IdentifierReference
def identifier_reference(node: ast.IdentifierReference, context: ExecutionContext) -> Reference:
    """IdentifierReference : Identifier."""
    # 1. Return ? ResolveBinding(StringValue of Identifier).
    return resolve(node.name, context)


def identifier_value(node: ast.IdentifierReference, context: ExecutionContext) -> Value:
    """GetValue of an IdentifierReference."""
    return get_value(resolve(node.name, context), context)


# 13.2.1.1
def this_expression(node: ast.ThisExpression, context: ExecutionContext) -> Value:
    """PrimaryExpression : this."""
    # 1. Return ? ResolveThisBinding().
    return this_environment(context.environment).get_this_binding()


# 13.2.3.1
def null_literal(node: ast.NullLiteral, context: ExecutionContext) -> Value:
    """Literal : NullLiteral."""
    return null


def value_literal(
    node: ast.BooleanLiteral | ast.NumericLiteral | ast.StringLiteral, context: ExecutionContext
) -> Value:
    """Literal : BooleanLiteral, NumericLiteral, StringLiteral."""
    return node.value


def bigint_literal(node: ast.BigIntLiteral, context: ExecutionContext) -> Value:
    """Literal : NumericLiteral with a BigInt value."""
    return BigInt(node.value)


# 13.2.4.2
def array_literal(node: ast.ArrayLiteral, context: ExecutionContext) -> Value:
    """ArrayLiteral, with 13.2.4.1 ArrayAccumulation."""
    elements: list[Value] = []
    for element in node.elements:
        if element is None:
            elements.append(HOLE)
        elif isinstance(element, ast.SpreadElement):
            elements.extend(
                array_spread(
                    context.realm, context.evaluate(element.argument), partial(callee_name, element.argument)
                )
            )
        else:
            elements.append(context.evaluate(element))
    return context.realm.make_array(elements)


# 13.2.5.4
def object_literal(node: ast.ObjectLiteral, context: ExecutionContext) -> Value:
    """ObjectLiteral."""
    target = context.realm.make_object()
    for definition in node.properties:
        property_definition_evaluation(definition, target, context)
    return target


# 13.2.5.5
def property_definition_evaluation(
    node: ast.PropertyDefinition | ast.MethodDefinition | ast.SpreadElement,
    target: JSObject,
    context: ExecutionContext,
) -> None:
    """PropertyDefinitionEvaluation."""
    if isinstance(node, ast.SpreadElement):
        # PropertyDefinition : ... AssignmentExpression
        copy_data_properties(context.realm, target, context.evaluate(node.argument))
    elif isinstance(node, ast.MethodDefinition):
        key = property_name(node.key, context)
        function = make_method(node.function, context)
        define_method(target, key, node.kind, function, enumerable=True)
    elif node.is_proto:
        # 7.a. isProtoSetter
        value = context.evaluate(node.value)
        if isinstance(value, JSObject) or value is null:
            target.set_prototype_of(value)
    else:
        key = property_name(node.key, context)
        if node.names_function:
            value = context.named_evaluation(node.value, key)
        else:
            value = context.evaluate(node.value)
        create_data_property_or_throw(target, key, value)


# 8.4.5 NamedEvaluation; the name is a property key or a Private Name.
def named_evaluation(node: ast.Node, name: FunctionName, context: ExecutionContext) -> Value:
    """NamedEvaluation of an anonymous function or class."""
    if isinstance(node, ast.ClassExpression):
        return class_definition_evaluation(node.definition, None, text_of_name(name), context)
    assert isinstance(node, ast.FunctionExpression)
    return ordinary_function(node.function, context, text_of_name(name))


# 15.2.6 and its relatives
def function_expression(node: ast.FunctionExpression, context: ExecutionContext) -> Value:
    """FunctionExpression, GeneratorExpression, async forms, ArrowFunction."""
    function = node.function
    if function.name_scope is None:
        return ordinary_function(function, context, "")
    # 15.2.5 InstantiateOrdinaryFunctionExpression with a name.
    assert function.name is not None
    name = function.name.name
    # 3. Let funcEnv be NewDeclarativeEnvironment(outerEnv).
    outer = context.environment
    environment = DeclarativeEnvironment(outer)
    # 4. Perform ! funcEnv.CreateImmutableBinding(name, false).
    environment.create_immutable_binding(name, False)
    context.environment = environment
    closure = ordinary_function(function, context, name)
    context.environment = outer
    # 11. Perform ! funcEnv.InitializeBinding(name, closure).
    environment.initialize_binding(name, closure)
    return closure


def class_expression(node: ast.ClassExpression, context: ExecutionContext) -> Value:
    """15.7.16 ClassExpression."""
    name = node.definition.name
    if name is None:
        return class_definition_evaluation(node.definition, None, "", context)
    return class_definition_evaluation(node.definition, name.name, name.name, context)


# 13.2.7.3
def regular_expression_literal(node: ast.RegularExpressionLiteral, context: ExecutionContext) -> Value:
    """PrimaryExpression : RegularExpressionLiteral."""
    # 3. Return ! RegExpCreate(pattern, flags).
    return construct(context.realm.regexp, [node.pattern, node.flags])


# 13.2.8.6
def template_literal(node: ast.TemplateLiteral, context: ExecutionContext) -> Value:
    """TemplateLiteral."""
    parts = [node.cooked[0]]
    for expression, cooked in zip(node.expressions, node.cooked[1:]):
        parts.append(to_string(context.evaluate(expression)))
        parts.append(cooked)
    return "".join(part for part in parts if part is not None)


EXPRESSIONS: Expressions = dict(
    [
        row(ast.IdentifierReference, identifier_value),
        row(ast.ThisExpression, this_expression),
        row(ast.NullLiteral, null_literal),
        row(ast.BooleanLiteral, value_literal),
        row(ast.NumericLiteral, value_literal),
        row(ast.StringLiteral, value_literal),
        row(ast.BigIntLiteral, bigint_literal),
        row(ast.ArrayLiteral, array_literal),
        row(ast.ObjectLiteral, object_literal),
        row(ast.FunctionExpression, function_expression),
        row(ast.ClassExpression, class_expression),
        row(ast.RegularExpressionLiteral, regular_expression_literal),
        row(ast.TemplateLiteral, template_literal),
    ]
)
REFERENCES: References = dict(
    [
        row(ast.IdentifierReference, identifier_reference),
    ]
)
