"""ECMA-262 15.7: classes, and 8.4: the names of functions and classes."""

from __future__ import annotations

import ast
from typing import Optional, Union

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.operations.conversion import canonical_numeric_index
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions, Statements
from lockstep.reference.javascript.vm.generation.enclosing import private_name
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import (
    declare_binding,
    initialize_name,
    open_environment,
)
from lockstep.reference.javascript.vm.productions.blocks import body_with_resources
from lockstep.reference.javascript.vm.productions.functions import declare_body
from lockstep.reference.javascript.vm.productions.hoisting import hoist
from lockstep.reference.javascript.vm.productions.objects import define_method, element_key
from lockstep.reference.javascript.vm.productions.units import add_template, closure_of, defined, enter_unit

_Field = tuple[Union[js.FieldDefinition, js.StaticBlock], Optional[ast.expr]]
"""A field with its key, or a static block."""


def _class_expression(builder: Builder, node: js.ClassExpression) -> Operand:
    definition = node.definition
    return class_definition(builder, definition, definition.name.name if definition.name else "")


def named_value(builder: Builder, node: js.Node, name: str, key: ast.expr | None) -> Operand:
    """8.4 NamedEvaluation."""
    if isinstance(node, js.ClassExpression):
        return class_definition(builder, node.definition, name, key)
    assert isinstance(node, js.FunctionExpression)
    function = builder.closure(node.function, name)
    if key is not None:
        builder.evaluate(builder.call("set_function_name_", function, key))
    return Operand(function)


def class_definition(builder: Builder, node: js.Class, name: str, key: ast.expr | None = None) -> Operand:
    """15.7.14 ClassDefinitionEvaluation, in a host function of its own, so that each evaluation has its cells."""
    dynamic = node.scope.contains_direct_eval
    if key is not None:
        key = builder.name(builder.stored("key", builder.saved(Operand(key))))
    inner = enter_unit(builder, name or "class", "class", transparent=True)
    unit = inner.unit
    unit.shown = f"<class {unit.name}>"
    unit.strict = True
    # Whether it awaits is the function's around.
    unit.is_async = builder.unit.is_async
    unit.extent = builder.unit.extent
    scope = StaticScope(builder.scope, unit)
    inner.scope = scope
    if dynamic:
        open_environment(inner, scope, builder.scope)
    for binding_name, binding in node.scope.bindings.items():
        declare_binding(inner, scope, binding_name, binding, dynamic)
    for private in node.private_names:
        host = inner.stored(private, inner.call("private_name_", inner.constant(private)))
        scope.variables[private] = Variable(host, unit, None)
        scope.private_hosts += (host,)
    inner.return_(_class_body(inner, node, name, key))
    unit.is_async = False
    made = builder.call(defined(builder, inner))
    if unit.has_yield:
        made = builder.placed(ast.YieldFrom(made))
    return builder.result(made)


def _class_body(builder: Builder, node: js.Class, name: str, key: ast.expr | None) -> ast.expr:
    builder.at(node)
    heritage = builder.name("absent_") if node.heritage is None else builder.value(node.heritage)
    builder.at(node)
    parents = builder.name(builder.stored("parents", builder.call("class_parents_", heritage)))
    prototype = builder.name(builder.stored("prototype", builder.call("class_prototype_", parents)))
    made = _constructor(builder, node, name)
    builder.at(node)
    function = builder.name(builder.stored("class", builder.call("link_class_", made, prototype, parents)))
    if key is not None:
        builder.evaluate(builder.call("set_function_name_", function, key))
    methods = builder.name(builder.stored("methods", builder.placed(ast.Dict([], []))))
    static_methods = builder.name(builder.stored("methods", builder.placed(ast.Dict([], []))))
    fields: list[_Field] = []
    static: list[_Field] = []
    for element in node.elements:
        builder.at(element)
        if isinstance(element, js.StaticBlock):
            static.append((element, None))
        elif isinstance(element, js.FieldDefinition):
            (static if element.is_static else fields).append((element, _field_key(builder, element.key)))
        else:
            target, private = (function, static_methods) if element.is_static else (prototype, methods)
            _class_method(builder, element, target, private)
    builder.at(node)
    if node.name is not None and node.name.name in node.scope.bindings:
        initialize_name(builder, node.name.name, function)
    initializer = (
        _initializers(builder, node, fields, "<instance_members_initializer>")
        if fields
        else builder.constant(None)
    )
    builder.evaluate(builder.call("set_fields_", function, prototype, methods, initializer))
    builder.evaluate(builder.call("add_private_methods_", function, static_methods))
    if static:
        run = _initializers(builder, node, static, "<static_initializer>")
        builder.evaluate(builder.call("run_static_", function, run))
    return function


def _class_method(
    builder: Builder, element: js.MethodDefinition, target: ast.expr, private: ast.expr
) -> None:
    """A method of the class or its prototype; a private one goes to a table, from which instances have it."""
    if not isinstance(element.key, js.PrivateName):
        define_method(builder, target, element, enumerable=False)
        return
    function = builder.closure(element.function, "")
    kind = builder.constant(element.kind)
    name = private_name(builder, element.key.name)
    builder.evaluate(builder.call("private_method_", private, name, kind, function, target))


def _field_key(builder: Builder, key: js.PropertyName) -> ast.expr:
    if isinstance(key, js.PrivateName):
        return private_name(builder, key.name)
    made = element_key(builder, key)
    return made if isinstance(key, str) else builder.name(builder.stored("key", made))


def _constructor(builder: Builder, node: js.Class, name: str) -> ast.expr:
    """15.7.14, steps 14 and 15: the function object; its source text is the class's."""
    templates = builder.compilation.templates
    if node.constructor is not None:
        made = builder.closure(node.constructor, name)
        template = list(templates[-1])
        template[8], template[9] = node.start, node.end
        templates[-1] = tuple(template)
        return made
    derived = node.heritage is not None
    kind = "derived" if derived else "constructor"
    row = (name, 0, kind, -1, True, False, False, derived, node.start, node.end, False, False, derived)
    return builder.result(builder.call("make_default_constructor_", add_template(builder, row))).expression


def _initializers(builder: Builder, node: js.Class, fields: list[_Field], name: str) -> ast.expr:
    """One method that runs field initializers and static blocks in order, with `this` as the target."""
    inner = enter_unit(builder, name, "method")
    unit = inner.unit
    unit.extent = node.end - node.start
    unit.strict = True
    unit.signature.arity = 0
    unit.rejects_arguments = True
    this = inner.name(unit.given.this)
    for field, key in fields:
        inner.at(field)
        inner.temporaries = 0
        scope = StaticScope(builder.scope, unit)
        inner.scope = scope
        if field.scope is not None and field.scope.contains_direct_eval:
            open_environment(inner, scope, builder.scope)
        if isinstance(field, js.StaticBlock):
            _static_block(inner, field, scope)
        else:
            assert key is not None
            value = _initial_value(inner, field, key)
            inner.at(field)
            _define_field(inner, this, key, value, is_private=isinstance(field.key, js.PrivateName))
    template = ("", 0, "method", 0, True, False, False, False, 0, 0, unit.given.uses_callee, False, False)
    return closure_of(builder, inner, template)


def _define_field(
    builder: Builder, this: ast.expr, key: ast.expr, value: ast.expr, *, is_private: bool
) -> None:
    """7.3.33 DefineField, from step 4 on."""
    if is_private:
        builder.evaluate(builder.call("private_field_", this, key, value))
        return
    name = key.value if isinstance(key, ast.Constant) else None
    if not isinstance(name, str) or canonical_numeric_index(name) is not None:
        builder.evaluate(builder.call("class_field_", this, key, value))
        return
    # Where the host assigns, the object has plain properties only: the assignment defines one.
    value = builder.saved(Operand(value, stable=True))
    place = builder.placed(ast.Attribute(this, host_name(name), STORE))
    body = builder.placed(ast.Assign([place], value))
    with builder.collected() as emitted:
        builder.evaluate(builder.call("define_field_", this, key, value))
    builder.try_([body], ("attribute_error_",), emitted)


def _initial_value(builder: Builder, field: js.FieldDefinition, key: ast.expr) -> ast.expr:
    if field.initializer is None:
        return builder.constant(None)
    if not field.names_function:
        return builder.value(field.initializer)
    if isinstance(field.key, str):
        return builder.named(field.initializer, field.key).expression
    if isinstance(field.key, js.PrivateName):
        return builder.named(field.initializer, field.key.name).expression
    return builder.named(field.initializer, "", key).expression


def _static_block(builder: Builder, block: js.StaticBlock, scope: StaticScope) -> None:
    declare_body(builder, block.scope, scope, scope, set(), False, block.scope.contains_direct_eval)
    saved = builder.unit.variable_scope
    builder.unit.variable_scope = scope
    for declaration in block.scope.functions:
        hoist(builder, declaration)
    body_with_resources(builder, block.body, block.scope)
    if saved is not None:
        builder.unit.variable_scope = saved


def class_declaration(builder: Builder, node: js.ClassDeclaration) -> None:
    """15.7.15, and 16.2.3.7 for an anonymous class."""
    definition = node.definition
    name = definition.name.name if definition.name is not None else "default"
    operand = class_definition(builder, definition, name)
    bound = definition.name.name if definition.name is not None else "*default*"
    initialize_name(builder, bound, operand.expression)


EXPRESSIONS: Expressions = dict(
    [
        row(js.ClassExpression, _class_expression),
    ]
)


STATEMENTS: Statements = dict(
    [
        row(js.ClassDeclaration, class_declaration),
    ]
)
