"""ECMA-262 15.7: evaluation of class definitions."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.javascript.runtime.environments import DeclarativeEnvironment, FunctionEnvironment
from lockstep.reference.javascript.runtime.objects.description import no_super_constructor
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    create_function,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.classes import (
    class_parents,
    class_prototype,
    default_constructor_template,
    define_field,
    define_method,
    initialize_instance_elements,
    link_class,
    private_method,
)
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    private_add,
)
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    PrivateElement,
    PrivateName,
    PropertyKey,
    Value,
    undefined,
)
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import ExecutionContext, PrivateEnvironment
from lockstep.reference.javascript.treewalk.functions import make_method, ordinary_function
from lockstep.reference.javascript.treewalk.property_names import property_name
from lockstep.reference.javascript.treewalk.resources import with_disposal
from lockstep.reference.javascript.treewalk.statements.blocks import instantiate_declarations, statement_list

FIELD = "%field%"
"""The name of the functions that run field initializers, which no guest sees."""


class ClassFieldRecord:
    """6.2.11 ClassFieldDefinition Record; `initializer` is called with the receiver, or None."""

    __slots__ = ("initializer", "name")

    def __init__(self, name: PropertyKey | PrivateName, initializer: JSFunction | None) -> None:
        self.name = name
        self.initializer = initializer


# 15.7.14
def class_definition_evaluation(
    node: ast.Class, class_binding: str | None, class_name: str, context: ExecutionContext
) -> JSFunction:
    """ClassDefinitionEvaluation with classBinding (None for undefined) and className."""
    realm = context.realm
    # 1. to 3.
    environment = context.environment
    class_environment = DeclarativeEnvironment(environment)
    if class_binding is not None:
        class_environment.create_immutable_binding(class_binding, True)
    # 4. to 6.
    outer_private = context.private_environment
    class_private = PrivateEnvironment(outer_private)
    for identifier in node.private_names:
        class_private.names[identifier] = PrivateName(identifier)
    context.environment = class_environment
    strict = context.strict
    context.strict = True
    try:
        # 7. and 8.
        heritage: Value = ABSENT if node.heritage is None else context.evaluate(node.heritage)
        prototype_parent, constructor_parent = class_parents(realm, heritage)
        # 9.
        prototype = class_prototype(prototype_parent)
        # 11. to 17.
        context.private_environment = class_private
        function = _constructor(node, class_name, constructor_parent, context)
        link_class(function, prototype)
        # 18. to 25.
        methods: dict[PrivateName, PrivateElement] = {}
        static_methods: dict[PrivateName, PrivateElement] = {}
        fields: list[ClassFieldRecord] = []
        static_elements: list[ClassFieldRecord | JSFunction] = []
        for element in node.elements:
            if isinstance(element, ast.MethodDefinition):
                home = function if element.is_static else prototype
                collected = static_methods if element.is_static else methods
                _method(element, home, collected, context)
            elif isinstance(element, ast.FieldDefinition):
                if element.is_static:
                    static_elements.append(_field(element, function, context))
                else:
                    fields.append(_field(element, prototype, context))
            else:
                static_elements.append(_static_block(element, function, context))
        # 26.
        context.environment = environment
        # 27.
        if class_binding is not None:
            class_environment.initialize_binding(class_binding, function)
        # 28. and 29.
        if methods or fields:
            function.fields_ = lambda target: initialize_instance_elements(
                target, methods, lambda receiver: define_fields(receiver, fields)
            )
        # 30.
        for name, method in static_methods.items():
            private_add(function, name, method)
        # 31.
        for element_record in static_elements:
            if isinstance(element_record, ClassFieldRecord):
                define_fields(function, [element_record])
            else:
                element_record.call_n(function)
    finally:
        context.environment = environment
        context.private_environment = outer_private
        context.strict = strict
    return function


def _constructor(
    node: ast.Class, class_name: str, constructor_parent: JSObject, context: ExecutionContext
) -> JSFunction:
    """Steps 14 to 16: the constructor's function object."""
    if node.constructor is not None:
        function = ordinary_function(node.constructor, context, class_name, constructor_parent)
        function.template_.source_text = lambda: node.source_text
        return function
    derived = node.heritage is not None
    template = default_constructor_template(class_name, derived, lambda: node.source_text)
    holder: list[JSFunction] = []

    def default_constructor(this: Value, *arguments: Value, new_target: JSObject | None = undefined) -> Value:
        # 14.a.: the default constructor of a class; a base class has nothing to do here.
        if not derived:
            return undefined
        active = holder[0]
        parent = active.get_prototype_of()
        if not is_constructor(parent):
            raise no_super_constructor(parent, active)
        result = construct(parent, list(arguments), new_target)
        if active.fields_ is not None:
            active.fields_(result)
        return result

    holder.append(create_function(context.realm, template, default_constructor, constructor_parent))
    return holder[0]


# 15.4.5 MethodDefinitionEvaluation
def _method(
    node: ast.MethodDefinition,
    home: JSObject,
    private_methods: dict[PrivateName, PrivateElement],
    context: ExecutionContext,
) -> None:
    """A method or accessor of a class: defined on its home object, or collected if it is private."""
    if isinstance(node.key, ast.PrivateName):
        assert context.private_environment is not None
        name = context.private_environment.resolve(node.key.name)
        private_method(private_methods, name, node.kind, make_method(node.function, context), home)
        return
    key = property_name(node.key, context)
    define_method(home, key, node.kind, make_method(node.function, context), enumerable=False)


# 15.7.10
def _field(node: ast.FieldDefinition, home: JSObject, context: ExecutionContext) -> ClassFieldRecord:
    """ClassFieldDefinitionEvaluation."""
    # 1. Let name be ? Evaluation of ClassElementName.
    name: PropertyKey | PrivateName
    if isinstance(node.key, ast.PrivateName):
        assert context.private_environment is not None
        name = context.private_environment.resolve(node.key.name)
    else:
        name = property_name(node.key, context)
    initializer = node.initializer
    if initializer is None:
        return ClassFieldRecord(name, None)

    def evaluate(inner: ExecutionContext) -> Value:
        if node.names_function:
            return inner.named_evaluation(initializer, name)
        return inner.evaluate(initializer)

    return ClassFieldRecord(name, element_function(evaluate, home, context))


# 15.7.11
def _static_block(node: ast.StaticBlock, home: JSObject, context: ExecutionContext) -> JSFunction:
    """ClassStaticBlockDefinitionEvaluation, and 15.7.12 EvaluateClassStaticBlockBody."""

    def evaluate(inner: ExecutionContext) -> Value:
        # FunctionDeclarationInstantiation without parameters.
        environment = inner.environment
        for name in node.scope.var_names:
            environment.create_mutable_binding(name, False)
            environment.initialize_binding(name, undefined)
        instantiate_declarations(node.scope, environment, inner, top_level=True)
        return with_disposal(node.scope, inner, lambda: statement_list(node.body, inner))

    return element_function(evaluate, home, context)


def element_function(
    evaluate: Callable[[ExecutionContext], Value], home: JSObject, context: ExecutionContext
) -> JSFunction:
    """The method that runs a field initializer or static block (15.7.10, step 3.e)."""
    outer = context.environment
    private = context.private_environment
    realm = context.realm
    holder: list[JSFunction] = []

    def host(this: Value) -> Value:
        realm_ = realm
        function = holder[0]
        environment = FunctionEnvironment(function, undefined, False, outer)
        environment.bind_this_value(this)
        inner = ExecutionContext(
            context.productions,
            realm_,
            environment,
            context.source,
            strict=True,
            private_environment=private,
            function=function,
            script_or_module=context.script_or_module,
        )
        return evaluate(inner)

    holder.append(create_function(realm, FunctionTemplate(FIELD, 0, "method", arity=0), host))
    holder[0].home_object_ = home
    return holder[0]


def define_fields(receiver: JSObject, fields: list[ClassFieldRecord]) -> None:
    """7.3.34 InitializeInstanceElements, step 4: 7.3.33 DefineField of each."""
    for field in fields:
        value = undefined if field.initializer is None else field.initializer.call_n(receiver)
        define_field(receiver, field.name, value)
