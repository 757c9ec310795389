"""ECMA-262 13.2.5 and 15.4: object literals and methods."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import array_index, host_name
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row


def _object_literal(builder: Builder, node: js.ObjectLiteral) -> Operand:
    target = builder.result(builder.call("make_object_")).expression
    simple = True
    for item in node.properties:
        builder.at(item)
        if isinstance(item, js.SpreadElement):
            value = builder.value(item.argument)
            builder.evaluate(builder.call("copy_properties_", target, value))
            simple = False
        elif isinstance(item, js.MethodDefinition):
            define_method(builder, target, item, enumerable=True)
            simple = False
        else:
            simple = _property(builder, target, item, simple=simple) and simple
    return Operand(target)


def _property(builder: Builder, target: ast.expr, item: js.PropertyDefinition, *, simple: bool) -> bool:
    """One `key: value`; whether the object is still made of plain host attributes only."""
    key = item.key
    if isinstance(key, str):
        if item.is_proto:
            builder.evaluate(builder.call("set_literal_prototype_", target, builder.value(item.value)))
            return False
        operand = builder.named(item.value, key) if item.names_function else builder.expression(item.value)
        builder.at(item)
        if simple and array_index(key) < 0:
            # The object is new and has only plain properties, so the host's assignment defines; a
            # setter or read-only property of Object.prototype refuses it.
            value = builder.saved(operand)
            store = builder.placed(ast.Attribute(target, host_name(key), STORE))
            body = builder.placed(ast.Assign([store], value))
            with builder.collected() as emitted:
                builder.evaluate(builder.call("define_field_", target, builder.constant(key), value))
            builder.try_([body], ("attribute_error_",), emitted)
            return True
        builder.evaluate(builder.call("define_field_", target, builder.constant(key), operand.expression))
        return False
    name = element_key(builder, key)
    if item.names_function:
        value = builder.named(item.value, "", name).expression
    else:
        value = builder.value(item.value)
    builder.at(item)
    builder.evaluate(builder.call("define_field_", target, name, value))
    return False


def define_method(builder: Builder, target: ast.expr, item: js.MethodDefinition, *, enumerable: bool) -> None:
    """15.4.5 MethodDefinitionEvaluation, but for private methods."""
    key = element_key(builder, item.key)
    function = builder.closure(item.function, "")
    builder.at(item)
    builder.evaluate(
        builder.call(
            "define_method_",
            target,
            key,
            builder.constant(item.kind),
            function,
            builder.constant(enumerable),
        )
    )


def element_key(builder: Builder, key: js.PropertyName) -> ast.expr:
    """13.2.5.5: the property key of a literal or computed name."""
    if isinstance(key, str):
        return builder.constant(key)
    assert isinstance(key, js.ComputedPropertyName)
    value = builder.value(key.expression)
    return builder.result(builder.call("to_property_key_", value)).expression


EXPRESSIONS: Expressions = dict(
    [
        row(js.ObjectLiteral, _object_literal),
    ]
)
