"""ECMA-262 13.4 to 13.16: update, unary, binary, logical, conditional and assignment operators, comma."""

from __future__ import annotations

from functools import partial

from lockstep.reference.javascript.runtime.completions import reference_error
from lockstep.reference.javascript.runtime.objects.description import refused_deletion
from lockstep.reference.javascript.runtime.operations.conversion import (
    to_boolean,
    to_numeric,
    to_object,
    to_property_key,
)
from lockstep.reference.javascript.runtime.operations.objects import private_has
from lockstep.reference.javascript.runtime.operations.operators import BINARY, UNARY, decrement, increment
from lockstep.reference.javascript.runtime.operations.suspension import yield_delegate
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.callee_names import source_name
from lockstep.reference.javascript.treewalk.context import ExecutionContext
from lockstep.reference.javascript.treewalk.expressions.left_hand_side import ChainEnds
from lockstep.reference.javascript.treewalk.generators import await_value, run_suspending, yield_value
from lockstep.reference.javascript.treewalk.patterns import destructuring_assignment
from lockstep.reference.javascript.treewalk.reference_record import Reference
from lockstep.reference.javascript.treewalk.references import get_value, put_value
from lockstep.reference.javascript.treewalk.tables import Expressions, row


# 13.4
def update(node: ast.Update, context: ExecutionContext) -> Value:
    """UpdateExpression."""
    # 1. and 2. Let oldValue be ? ToNumeric(? GetValue(lhs)).
    reference = context.reference(node.argument)
    old = to_numeric(get_value(reference, context))
    new = increment(old) if node.operator == "++" else decrement(old)
    put_value(reference, new, context)
    return new if node.prefix else old


# 13.5.1.2
def delete(node: ast.Unary, context: ExecutionContext) -> Value:
    """UnaryExpression : delete UnaryExpression."""
    argument = node.argument
    if argument.__class__ not in context.productions.references or isinstance(argument, ast.Call):
        # 3. If ref is not a Reference Record, return true.
        context.evaluate(argument)
        return True
    if isinstance(argument, ast.OptionalChain) and isinstance(argument.expression, ast.Call):
        context.evaluate(argument)
        return True
    try:
        reference = context.reference(argument)
    except ChainEnds:
        return True
    kind = reference.kind
    if kind == "unresolvable":
        # 4.
        return True
    if kind == "environment":
        # 6.
        return bool(reference.base.delete_binding(reference.name))
    if kind == "super":
        # 5.b.
        raise reference_error("Unsupported reference to 'super'")
    # 5.c. to h.
    target = to_object(context.realm, reference.base)
    key = to_property_key(reference.name)
    done = target.delete_property(key)
    if not done and reference.strict:
        raise refused_deletion(target, key)
    return bool(done)


def unary(node: ast.Unary, context: ExecutionContext) -> Value:
    """13.5 UnaryExpression."""
    if node.operator == "delete":
        return delete(node, context)
    if node.operator == "typeof" and isinstance(node.argument, ast.IdentifierReference):
        # 13.5.3.1, step 2: an unresolvable reference is "undefined".
        reference = context.reference(node.argument)
        if reference.kind == "unresolvable":
            return "undefined"
        return UNARY["typeof"](get_value(reference, context))
    return UNARY[node.operator](context.evaluate(node.argument))


# 13.6 to 13.12
def binary(node: ast.Binary, context: ExecutionContext) -> Value:
    """13.15.4 EvaluateStringOrNumericBinaryExpression, and the relational and equality operators."""
    left = context.evaluate(node.left)
    right = context.evaluate(node.right)
    return BINARY[node.operator](left, right)


# 13.10.1
def private_in(node: ast.PrivateIn, context: ExecutionContext) -> Value:
    """RelationalExpression : PrivateIdentifier in ShiftExpression."""
    target = context.evaluate(node.right)
    assert context.private_environment is not None
    return private_has(target, context.private_environment.resolve(node.name))


def _decides(operator: str, value: Value) -> bool:
    """13.13.1: whether the left operand is the result."""
    if operator == "&&":
        return not to_boolean(value)
    if operator == "||":
        return to_boolean(value)
    return value is not undefined and value is not null


def logical(node: ast.Logical, context: ExecutionContext) -> Value:
    """13.13.1 LogicalANDExpression, LogicalORExpression, CoalesceExpression."""
    left = context.evaluate(node.left)
    return left if _decides(node.operator, left) else context.evaluate(node.right)


# 13.14.1
def conditional(node: ast.Conditional, context: ExecutionContext) -> Value:
    """ConditionalExpression."""
    return context.evaluate(node.consequent if to_boolean(context.evaluate(node.test)) else node.alternate)


# 13.15.2
def assignment(node: ast.Assignment, context: ExecutionContext) -> Value:
    """AssignmentExpression : LeftHandSideExpression = AssignmentExpression."""
    target = node.target
    if isinstance(target, ast.Pattern):
        # 3. to 5.
        value = context.evaluate(node.value)
        destructuring_assignment(
            target, value, context, partial(source_name, target, node.value, declared=False)
        )
        return value
    # 1.a. Let lref be ? Evaluation of LeftHandSideExpression.
    reference = context.reference(target)
    value = assigned_value(node, reference, context)
    # 1.e. Perform ? PutValue(lref, rval).
    put_value(reference, value, context)
    return value


def assigned_value(
    node: ast.Assignment | ast.LogicalAssignment, reference: Reference, context: ExecutionContext
) -> Value:
    """The value of the right side; an anonymous function is named after the reference (step 1.c)."""
    if node.names_function:
        return context.named_evaluation(node.value, reference.name)
    return context.evaluate(node.value)


def compound_assignment(node: ast.CompoundAssignment, context: ExecutionContext) -> Value:
    """AssignmentExpression : LeftHandSideExpression AssignmentOperator AssignmentExpression."""
    reference = context.reference(node.target)
    left = get_value(reference, context)
    right = context.evaluate(node.value)
    value = BINARY[node.operator](left, right)
    put_value(reference, value, context)
    return value


def logical_assignment(node: ast.LogicalAssignment, context: ExecutionContext) -> Value:
    """AssignmentExpression with &&=, ||= or ??=."""
    reference = context.reference(node.target)
    left = get_value(reference, context)
    if _decides(node.operator, left):
        return left
    value = assigned_value(node, reference, context)
    put_value(reference, value, context)
    return value


# 13.16.1
def sequence(node: ast.Sequence, context: ExecutionContext) -> Value:
    """Expression : Expression , AssignmentExpression."""
    value: Value = undefined
    for expression in node.expressions:
        value = context.evaluate(expression)
    return value


# 15.5.5
def yield_expression(node: ast.Yield, context: ExecutionContext) -> Value:
    """YieldExpression."""
    if node.delegate:
        assert node.argument is not None
        value = context.evaluate(node.argument)
        operation = yield_delegate(context.realm, value, is_async=context.is_async_generator)
        return run_suspending(operation, context)
    value = undefined if node.argument is None else context.evaluate(node.argument)
    return yield_value(value, context)


# 15.8.5
def await_expression(node: ast.Await, context: ExecutionContext) -> Value:
    """AwaitExpression : await UnaryExpression."""
    return await_value(context.evaluate(node.argument), context)


EXPRESSIONS: Expressions = dict(
    [
        row(ast.Update, update),
        row(ast.Unary, unary),
        row(ast.Binary, binary),
        row(ast.PrivateIn, private_in),
        row(ast.Logical, logical),
        row(ast.Conditional, conditional),
        row(ast.Assignment, assignment),
        row(ast.CompoundAssignment, compound_assignment),
        row(ast.LogicalAssignment, logical_assignment),
        row(ast.Sequence, sequence),
        row(ast.Yield, yield_expression),
        row(ast.Await, await_expression),
    ]
)
