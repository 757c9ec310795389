"""ECMA-262 13.3: left-hand-side expressions: members, calls, super, optional chains, templates, import."""

from __future__ import annotations

from functools import partial
from typing import Any

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.environments import FunctionEnvironment, this_environment
from lockstep.reference.javascript.runtime.module_loading import import_dynamically, import_meta_of
from lockstep.reference.javascript.runtime.operations.classes import construct_super
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, is_constructor
from lockstep.reference.javascript.runtime.operations.evaluation import perform_eval
from lockstep.reference.javascript.runtime.operations.iteration import argument_spread
from lockstep.reference.javascript.runtime.operations.objects import construct
from lockstep.reference.javascript.runtime.operations.templates import get_template_object
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.syntax.parse import EvalContext
from lockstep.reference.javascript.treewalk.context import ExecutionContext
from lockstep.reference.javascript.treewalk.reference_record import Reference
from lockstep.reference.javascript.treewalk.references import get_value
from lockstep.reference.javascript.treewalk.tables import Expressions, References, row


class ChainEnds(BaseException):
    """A link with `?.` met undefined or null."""


def _base_value(
    node: ast.DotMember | ast.ComputedMember | ast.PrivateMember, context: ExecutionContext
) -> Value:
    """The base of a member access; in an optional chain, null and undefined end the chain (13.3.9.1)."""
    value = context.evaluate(node.base)
    if node.optional and (value is undefined or value is null):
        raise ChainEnds
    return value


# 13.3.2.1
def dot_reference(node: ast.DotMember, context: ExecutionContext) -> Reference:
    """MemberExpression : MemberExpression . IdentifierName."""
    return Reference("property", _base_value(node, context), node.name, context.strict)


def computed_reference(node: ast.ComputedMember, context: ExecutionContext) -> Reference:
    """MemberExpression : MemberExpression [ Expression ]."""
    base = _base_value(node, context)
    # 13.3.3, step 3: ToPropertyKey is left to GetValue and PutValue.
    return Reference("property", base, context.evaluate(node.expression), context.strict)


def private_reference(node: ast.PrivateMember, context: ExecutionContext) -> Reference:
    """MemberExpression : MemberExpression . PrivateIdentifier."""
    base = _base_value(node, context)
    assert context.private_environment is not None
    # 6.2.5.9 MakePrivateReference
    return Reference("private", base, context.private_environment.resolve(node.name), True)


def reference_value(node: ast.Node, context: ExecutionContext) -> Value:
    """GetValue of any expression that evaluates to a Reference Record."""
    return get_value(context.reference(node), context)


# 13.3.5.1
def new(node: ast.New, context: ExecutionContext) -> Value:
    """NewExpression and MemberExpression : new MemberExpression Arguments."""
    constructor = context.evaluate(node.callee)
    arguments = argument_list_evaluation(node.arguments, context)
    # 13.3.5.1.1 EvaluateNew, step 5.
    if not is_constructor(constructor):
        raise type_error(f"{callee_name(node.callee)} is not a constructor")
    return construct(constructor, arguments)


# 13.3.6.1
def call(node: ast.Call, context: ExecutionContext) -> Value:
    """CallExpression."""
    function, this = callee(node.callee, context)
    if node.optional and (function is undefined or function is null):
        raise ChainEnds
    if node.is_direct_eval and function is context.realm.eval:
        # 6.a.
        arguments = argument_list_evaluation(node.arguments, context)
        if not arguments:
            return undefined
        return direct_eval(arguments[0], context)
    return evaluate_call(function, this, node.callee, node.arguments, context)


def callee(node: ast.Node, context: ExecutionContext) -> tuple[Value, Value]:
    """13.3.6.2 EvaluateCall, steps 1 and 2: the function and its this value."""
    if isinstance(node, ast.OptionalChain):
        try:
            return callee(node.expression, context)
        except ChainEnds:
            return undefined, undefined
    if node.__class__ not in context.productions.references or isinstance(node, ast.Call):
        return context.evaluate(node), undefined
    reference = context.reference(node)
    function = get_value(reference, context)
    if reference.kind == "super":
        return function, reference.this_value
    if reference.kind == "environment":
        return function, reference.base.with_base_object()
    return function, reference.base


def evaluate_call(
    function: Value, this: Value, node: ast.Node, arguments: list[ast.Expression], context: ExecutionContext
) -> Value:
    """13.3.6.2 EvaluateCall, from step 3 on."""
    values = argument_list_evaluation(arguments, context)
    if not is_callable(function):
        raise type_error(f"{callee_name(node)} is not a function")
    return function.call_n(this, *values)


def direct_eval(source: Value, context: ExecutionContext) -> Value:
    """19.2.1.1 PerformEval with direct true: what the surroundings allow (steps 4 to 11)."""
    environment = this_environment(context.environment)
    function: Any = getattr(environment, "function_object", None)
    kind = function.template_.kind if function is not None else ""
    allowed = EvalContext(
        strict=context.strict,
        in_function=function is not None,
        in_method=bool(environment.has_super_binding()),
        in_derived_constructor=kind == "derived",
        in_class_field_initializer=kind == "method" and function.template_.name == "%field%",
        private_names=frozenset()
        if context.private_environment is None
        else context.private_environment.all_names(),
    )
    return perform_eval(context.realm, source, context, context=allowed)


# 13.3.7.1
def super_dot(node: ast.SuperDot, context: ExecutionContext) -> Reference:
    """SuperProperty : super . IdentifierName."""
    environment = this_environment(context.environment)
    this = environment.get_this_binding()
    return make_super_reference(environment, node.name, this, context)


def super_computed(node: ast.SuperComputed, context: ExecutionContext) -> Reference:
    """SuperProperty : super [ Expression ]."""
    # 1. and 2.
    environment = this_environment(context.environment)
    this = environment.get_this_binding()
    # 3. and 4.
    name = context.evaluate(node.expression)
    return make_super_reference(environment, name, this, context)


def make_super_reference(
    environment: FunctionEnvironment, name: Value, this: Value, context: ExecutionContext
) -> Reference:
    """13.3.7.3 MakeSuperPropertyReference."""
    # 3. Let baseValue be env.GetSuperBase().
    base = environment.function_object.home_object_.get_prototype_of()
    return Reference("super", base, name, context.strict, this)


def super_call(node: ast.SuperCall, context: ExecutionContext) -> Value:
    """SuperCall : super Arguments."""
    # 1. Let newTarget be GetNewTarget().
    environment = this_environment(context.environment)
    new_target = environment.new_target
    # 3. Let func be GetSuperConstructor().
    active = environment.function_object
    parent = active.get_prototype_of()
    # 4. Let argList be ? ArgumentListEvaluation of Arguments.
    arguments = argument_list_evaluation(node.arguments, context)
    # 5., 6. and 8.
    result = construct_super(parent, arguments, new_target)
    environment.bind_this_value(result)
    # 11. Perform ? InitializeInstanceElements(result, F).
    if active.fields_ is not None:
        active.fields_(result)
    return result


# 13.3.8.1
def argument_list_evaluation(arguments: list[ast.Expression], context: ExecutionContext) -> list[Value]:
    """ArgumentListEvaluation."""
    values: list[Value] = []
    for argument in arguments:
        if isinstance(argument, ast.SpreadElement):
            values.extend(
                argument_spread(
                    context.realm,
                    context.evaluate(argument.argument),
                    partial(callee_name, argument.argument),
                )
            )
        else:
            values.append(context.evaluate(argument))
    return values


# 13.3.9.1
def optional_chain(node: ast.OptionalChain, context: ExecutionContext) -> Value:
    """OptionalExpression."""
    try:
        return context.evaluate(node.expression)
    except ChainEnds:
        return undefined


def optional_chain_reference(node: ast.OptionalChain, context: ExecutionContext) -> Reference:
    """OptionalExpression as the operand of delete: no reference where the chain ends."""
    return context.reference(node.expression)


# 13.3.10.1
def import_call(node: ast.ImportCall, context: ExecutionContext) -> Value:
    """ImportCall."""
    specifier = context.evaluate(node.specifier)
    options = undefined if node.options is None else context.evaluate(node.options)
    return import_dynamically(context.realm, referrer(context), specifier, options, node.phase)


def referrer(context: ExecutionContext) -> str:
    """9.4.1 GetActiveScriptOrModule, as the name that relative specifiers start from."""
    active = context.script_or_module
    if isinstance(active, ast.Script):
        return active.source.name
    return context.source.name if active is None else str(active.path)


# 13.3.11.1
def tagged_template(node: ast.TaggedTemplate, context: ExecutionContext) -> Value:
    """MemberExpression : MemberExpression TemplateLiteral."""
    function, this = callee(node.tag, context)
    template = node.template
    site = get_template_object(context.realm, template, template.cooked, template.raw)
    values = [context.evaluate(expression) for expression in template.expressions]
    if not is_callable(function):
        raise type_error(f"{callee_name(node.tag)} is not a function")
    return function.call_n(this, site, *values)


# 13.3.12.1
def new_target(node: ast.NewTarget, context: ExecutionContext) -> Value:
    """NewTarget : new . target."""
    # 9.4.5 GetNewTarget
    return this_environment(context.environment).new_target


def import_meta(node: ast.ImportMeta, context: ExecutionContext) -> Value:
    """ImportMeta : import . meta."""
    return import_meta_of(context.realm, context.script_or_module)


def call_reference(node: ast.Call, context: ExecutionContext) -> Reference:
    """A call as assignment target: evaluated, then an error (13.15.2, step 1.b)."""
    context.evaluate(node)
    raise reference_error("Invalid left-hand side in assignment")


EXPRESSIONS: Expressions = dict(
    [
        row(ast.DotMember, reference_value),
        row(ast.ComputedMember, reference_value),
        row(ast.PrivateMember, reference_value),
        row(ast.SuperDot, reference_value),
        row(ast.SuperComputed, reference_value),
        row(ast.New, new),
        row(ast.Call, call),
        row(ast.SuperCall, super_call),
        row(ast.OptionalChain, optional_chain),
        row(ast.ImportCall, import_call),
        row(ast.TaggedTemplate, tagged_template),
        row(ast.NewTarget, new_target),
        row(ast.ImportMeta, import_meta),
    ]
)
REFERENCES: References = dict(
    [
        row(ast.DotMember, dot_reference),
        row(ast.ComputedMember, computed_reference),
        row(ast.PrivateMember, private_reference),
        row(ast.SuperDot, super_dot),
        row(ast.SuperComputed, super_computed),
        row(ast.OptionalChain, optional_chain_reference),
        row(ast.Call, call_reference),
    ]
)
