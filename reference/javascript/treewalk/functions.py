"""ECMA-262 10.2 and 15.1 to 15.9: function objects of ECMAScript code, and what calling them does."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.environments import (
    DeclarativeEnvironment,
    EnvironmentRecord,
    FunctionEnvironment,
)
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_function_start
from lockstep.reference.javascript.runtime.intrinsics.control.async_generator import async_generator_start
from lockstep.reference.javascript.runtime.intrinsics.control.generator import generator_start
from lockstep.reference.javascript.runtime.objects.arguments import (
    create_mapped_arguments,
    create_unmapped_arguments,
    parameter_map,
    rest_array,
)
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    create_function,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.classes import derived_result
from lockstep.reference.javascript.runtime.operations.functions import sloppy_this
from lockstep.reference.javascript.runtime.values import ABSENT, UNINITIALIZED, Value, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import (
    Abrupt,
    ExecutionContext,
    PrivateEnvironment,
    Productions,
)
from lockstep.reference.javascript.treewalk.coroutines import Coroutine
from lockstep.reference.javascript.treewalk.patterns import (
    binding_initialization,
    initialized,
    target_reference,
)
from lockstep.reference.javascript.treewalk.resources import with_disposal


class Closure:
    """What a function object of ECMAScript code holds besides the runtime's fields (10.2, Table 28).

    Attributes:
        node: [[FormalParameters]] and [[ECMAScriptCode]].
        environment: [[Environment]].
        private_environment: [[PrivateEnvironment]].
        script_or_module: [[ScriptOrModule]].
        function: the function object itself.
    """

    __slots__ = (
        "environment",
        "function",
        "node",
        "private_environment",
        "productions",
        "realm",
        "script_or_module",
    )

    def __init__(self, node: ast.Function, context: ExecutionContext) -> None:
        self.node = node
        self.realm = context.realm
        self.productions: Productions = context.productions
        self.environment = context.environment
        self.private_environment: PrivateEnvironment | None = context.private_environment
        self.script_or_module = context.script_or_module
        self.function: JSFunction

    def __call__(self, this: Value, *arguments: Value, new_target: Value = undefined) -> Value:
        """Run the function's code."""
        return call(self, this, arguments, new_target)


def ordinary_function(
    node: ast.Function, context: ExecutionContext, name: str, prototype: JSObject | None = None
) -> JSFunction:
    """10.2.3 OrdinaryFunctionCreate over the running context, with SetFunctionName."""
    template = FunctionTemplate(
        name,
        node.expected_argument_count,
        node.kind,
        strict=node.strict,
        is_async=node.is_async,
        is_generator=node.is_generator,
        wants_new_target=node.kind in ("normal", "constructor", "derived"),
        source_text=lambda: node.source_text,
    )
    closure = Closure(node, context)
    closure.function = create_function(context.realm, template, closure, prototype)
    return closure.function


def make_method(node: ast.Method, context: ExecutionContext, prototype: JSObject | None = None) -> JSFunction:
    """15.4.4 DefineMethod; the home object and the name are set where it is defined."""
    return ordinary_function(node, context, "", prototype)


# 10.2.1
def call(closure: Closure, this: Value, arguments: Sequence[Value], new_target: Value) -> Value:
    """[[Call]], and the part of [[Construct]] that runs code."""
    node = closure.node
    realm_ = closure.realm
    # 10.2.1.1 PrepareForOrdinaryCall
    is_arrow = node.kind == "arrow"
    environment = FunctionEnvironment(closure.function, new_target, is_arrow, closure.environment)
    context = ExecutionContext(
        closure.productions,
        realm_,
        environment,
        node.source,
        strict=node.strict,
        private_environment=closure.private_environment,
        function=closure.function,
        script_or_module=closure.script_or_module,
        name=closure.function.name_,
    )
    context.step()
    # 10.2.1.2 OrdinaryCallBindThis
    if not is_arrow and node.kind != "derived":
        environment.bind_this_value(this if node.strict else sloppy_this(realm_, this))
    try:
        result = ordinary_call_evaluate_body(node, context, arguments)
    except ThrowCompletion as error:
        # Thrown by no statement: in a parameter or by the call itself.
        context.record_location(error, node)
        raise
    if node.kind == "derived":
        # 10.2.2, steps 10 to 13.
        this = environment.this_value
        return derived_result(result, ABSENT if this is UNINITIALIZED else this)
    return result


# 10.2.1.3 and 10.2.1.4
def ordinary_call_evaluate_body(
    node: ast.Function, context: ExecutionContext, arguments: Sequence[Value]
) -> Value:
    """OrdinaryCallEvaluateBody: EvaluateBody of each kind of function."""
    if node.is_async:
        coroutine: Coroutine
        if node.is_generator:
            # 15.6.2 EvaluateAsyncGeneratorBody
            function_declaration_instantiation(node, context, arguments)
            coroutine = context.coroutine = Coroutine(lambda: function_statements(node, context))
            context.is_async_generator = True
            assert context.function is not None
            return async_generator_start(context.function, coroutine)

        # 15.8.4 EvaluateAsyncFunctionBody: an error in the parameters rejects the promise, too.
        def body() -> Value:
            function_declaration_instantiation(node, context, arguments)
            return function_statements(node, context)

        coroutine = context.coroutine = Coroutine(body)
        return async_function_start(context.realm, coroutine)
    # 15.2.3 EvaluateFunctionBody, 15.5.2 EvaluateGeneratorBody
    function_declaration_instantiation(node, context, arguments)
    if node.is_generator:
        coroutine = context.coroutine = Coroutine(lambda: function_statements(node, context))
        assert context.function is not None
        return generator_start(context.function, coroutine)
    return function_statements(node, context)


def function_statements(node: ast.Function, context: ExecutionContext) -> Value:
    """FunctionStatementList: the value of its return completion, or undefined."""
    return with_disposal(node.scope, context, lambda: _statements(node, context))


def _statements(node: ast.Function, context: ExecutionContext) -> Value:
    for statement in node.body:
        completion = context.execute(statement)
        if isinstance(completion, Abrupt):
            return completion.value
    return undefined


# 10.2.11
def function_declaration_instantiation(
    node: ast.Function, context: ExecutionContext, arguments: Sequence[Value]
) -> None:
    """FunctionDeclarationInstantiation."""
    scope = node.scope
    strict = node.strict
    has_parameter_expressions = scope.has_parameter_expressions
    has_duplicates = len(set(scope.parameter_names)) != len(scope.parameter_names)
    environment: EnvironmentRecord = context.environment
    if not strict and has_parameter_expressions:
        # 20. A separate environment, so that a sloppy direct eval in the parameters declares outside of it.
        environment = DeclarativeEnvironment(context.environment)
        context.environment = environment
    # 21.
    for name in scope.parameter_names:
        if not environment.has_binding(name):
            environment.create_mutable_binding(name, False)
            if has_duplicates:
                environment.initialize_binding(name, undefined)
    # 22. (15. to 18. are scope.uses_arguments.)
    needs_arguments = node.kind != "arrow" and scope.uses_arguments
    if needs_arguments:
        if strict or not scope.has_simple_parameters:
            target: Value = create_unmapped_arguments(context.realm, arguments)
        else:
            mapped = parameter_map(scope.parameter_names, arguments, environment)
            target = create_mapped_arguments(context.realm, arguments, context.function, mapped)
        if strict:
            environment.create_immutable_binding("arguments", False)
        else:
            environment.create_mutable_binding("arguments", False)
        environment.initialize_binding("arguments", target)
    # 24. to 26.
    bind_parameters(node, arguments, None if has_duplicates else environment, context)
    # 27. and 28.
    variables: EnvironmentRecord
    if not has_parameter_expressions:
        variables = environment
        for name in (*scope.var_names, *scope.annex_b_names):
            if not environment.has_binding(name):
                environment.create_mutable_binding(name, False)
                environment.initialize_binding(name, undefined)
    else:
        variables = DeclarativeEnvironment(environment)
        context.variable_environment = variables
        for name in (*scope.var_names, *scope.annex_b_names):
            variables.create_mutable_binding(name, False)
            value = undefined
            is_function = any(each.bound_name == name for each in scope.functions)
            if not is_function and environment.has_binding(name):
                # 28.f.iii: same named parameters and variables start with the same value.
                value = environment.get_binding_value(name, False)
            variables.initialize_binding(name, value)
    # 30. and 31.
    lexical: EnvironmentRecord = variables if strict else DeclarativeEnvironment(variables)
    # 32.
    context.environment = lexical
    # 34. and 35.
    for name in scope.lexical_names:
        if scope.bindings[name].is_const:
            lexical.create_immutable_binding(name, True)
        else:
            lexical.create_mutable_binding(name, False)
    # 36.
    for declaration in scope.functions:
        function = instantiate_function_object(declaration, context)
        assert declaration.function.name is not None
        variables.set_mutable_binding(declaration.function.name.name, function, False)


# 15.1 and 15.2: the parameters, over a list iterator
def bind_parameters(
    node: ast.Function,
    arguments: Sequence[Value],
    environment: EnvironmentRecord | None,
    context: ExecutionContext,
) -> None:
    """8.6.3 IteratorBindingInitialization of the parameters with the arguments."""
    count = len(arguments)
    for index, parameter in enumerate(node.parameters):
        value = arguments[index] if index < count else undefined
        reference = target_reference(parameter.target, environment, context)
        value = initialized(parameter, value, reference, context)
        binding_initialization(parameter.target, value, environment, context)
    if node.rest is not None:
        rest = rest_array(context.realm, arguments, len(node.parameters))
        binding_initialization(node.rest, rest, environment, context)


# 15.2.4, 15.5.3, 15.6.3, 15.8.2
def instantiate_function_object(
    declaration: ast.FunctionDeclaration, context: ExecutionContext
) -> JSFunction:
    """InstantiateFunctionObject of a declaration, in the running context's environment."""
    function = declaration.function
    name = "default" if function.name is None else function.name.name
    return ordinary_function(function, context, name)
