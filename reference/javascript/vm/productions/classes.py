"""ECMA-262 13.2.5 object literals and 15.7 classes."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import array_index, host_name
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.productions.deferral import Deferral


class Classes(Deferral):
    """Object literals, methods and classes."""

    # 13.2.5

    def object_literal(self, node: js.ObjectLiteral) -> Operand:
        target = self.result(self.call("make_object_")).expression
        simple = True
        for item in node.properties:
            self.position(item)
            if item.__class__ is js.SpreadElement:
                value = self.value(item.argument)
                self.evaluate(self.call("copy_properties_", target, value))
                simple = False
            elif item.__class__ is js.MethodDefinition:
                self._method(target, item, enumerable=True)
                simple = False
            else:
                simple = self._property(target, item, simple=simple) and simple
        return Operand(target)

    def _property(self, target: ast.expr, item: Any, *, simple: bool) -> bool:
        """One `key: value`; whether the object is still made of plain host attributes only."""
        key = item.key
        if isinstance(key, str):
            if item.is_proto:
                self.evaluate(self.call("set_literal_prototype_", target, self.value(item.value)))
                return False
            operand = self.named(item.value, key) if item.names_function else self.compile(item.value)
            self.position(item)
            if simple and array_index(key) < 0:
                # The object is new and has only plain properties, so the host's assignment defines; a
                # setter or read-only property of Object.prototype refuses it.
                value = self.saved(operand)
                store = self.placed(ast.Attribute(target, host_name(key), STORE))
                body = self.placed(ast.Assign([store], value))
                with self.collected() as emitted:
                    self.evaluate(self.call("define_field_", target, self.constant(key), value))
                self.try_([body], ("attribute_error_",), emitted)
                return True
            self.evaluate(self.call("define_field_", target, self.constant(key), operand.expression))
            return False
        name = self.value(key.expression)
        name = self.result(self.call("to_property_key_", name)).expression
        if item.names_function:
            value = self.named_at_run_time(item.value, name).expression
        else:
            value = self.value(item.value)
        self.position(item)
        self.evaluate(self.call("define_field_", target, name, value))
        return False

    def _method(self, target: ast.expr, item: js.MethodDefinition, *, enumerable: bool) -> None:
        key = self._element_key(item.key)
        function = self.closure(item.function, "")
        self.position(item)
        self.evaluate(
            self.call(
                "define_method_",
                target,
                key,
                self.constant(item.kind),
                function,
                self.constant(enumerable),
            )
        )

    def _element_key(self, key: Any) -> ast.expr:
        if isinstance(key, str):
            return self.constant(key)
        value = self.value(key.expression)
        return self.result(self.call("to_property_key_", value)).expression

    # 15.7

    def class_expression(self, node: js.ClassExpression) -> Operand:
        definition = node.definition
        return self.class_definition(definition, definition.name.name if definition.name else "")

    def class_definition(self, node: js.Class, name: str, key: ast.expr | None = None) -> Operand:
        """15.7.14 ClassDefinitionEvaluation, in a host function of its own, so that each evaluation has its cells."""
        dynamic = node.scope.contains_direct_eval
        if key is not None:
            key = self.saved(Operand(key))
            holder = self.fresh("key")
            self.assign(holder, key)
            key = self.name(holder)
        unit = self.begin_unit(node, name or "class", transparent=True)
        unit.kind = "class"
        unit.strict = True
        parent = unit.parent
        assert parent is not None
        unit.is_async = parent.is_async
        unit.extent = parent.extent
        scope = StaticScope(self.scope, unit)
        outer_scope = self.scope
        self.scope = scope
        if dynamic:
            self.open_environment(scope, outer_scope)
        for binding_name, binding in node.scope.bindings.items():
            self._declare_binding(scope, binding_name, binding, dynamic)
        for private in node.private_names:
            host = self.fresh(private)
            scope.variables[private] = Variable(host, unit, None)
            scope.private_hosts += (host,)
            self.assign(host, self.call("private_name_", self.constant(private)))
        function = self._class_body(node, name, key)
        self.emit(ast.Return(function))
        generator = unit.has_yield
        unit.is_async = unit.is_generator = False
        definition, host = self.leave_unit(unit, unit.body)
        boxes = [box for box in unit.free_boxes.values() if box.unit is self.unit]
        made = self.call(self._defined(definition, host, boxes))
        if generator:
            made = self.placed(ast.YieldFrom(made))
        return self.result(made)

    def _class_body(self, node: js.Class, name: str, key: ast.expr | None) -> ast.expr:
        self.position(node)
        derived = node.heritage is not None
        heritage: ast.expr = self.name("absent_")
        if node.heritage is not None:
            heritage = self.value(node.heritage)
        self.position(node)
        parents = self.fresh("parents")
        self.assign(parents, self.call("class_parents_", heritage))
        prototype = self.name(self._stored("prototype", self.call("class_prototype_", self.name(parents))))
        constructor = node.constructor
        if constructor is not None:
            made = self._constructor(constructor, name, node)
        else:
            made = self._default_constructor(node, name, derived)
        self.position(node)
        function = self.name(
            self._stored(
                "class",
                self.call("link_class_", made, prototype, self.name(parents)),
            )
        )
        if key is not None:
            self.evaluate(self.call("set_function_name_", function, key))
        methods = self.name(self._stored("methods", self.placed(ast.Dict([], []))))
        static_methods = self.name(self._stored("methods", self.placed(ast.Dict([], []))))
        fields: list[tuple[Any, ast.expr | None]] = []
        for element in node.elements:
            self.position(element)
            if element.__class__ is js.MethodDefinition:
                target = function if element.is_static else prototype
                if isinstance(element.key, js.PrivateName):
                    closure = self.closure(element.function, "")
                    self.evaluate(
                        self.call(
                            "private_method_",
                            static_methods if element.is_static else methods,
                            self.private_name(element.key.name),
                            self.constant(element.kind),
                            closure,
                            target,
                        )
                    )
                else:
                    self._method(target, element, enumerable=False)
            elif element.__class__ is js.FieldDefinition:
                field_key: ast.expr | None = None
                if isinstance(element.key, js.PrivateName):
                    field_key = self.private_name(element.key.name)
                elif isinstance(element.key, str):
                    field_key = self.constant(element.key)
                else:
                    field_key = self.name(self._stored("key", self._element_key(element.key)))
                fields.append((element, field_key))
            else:
                fields.append((element, None))
        self.position(node)
        if node.name is not None and node.name.name in node.scope.bindings:
            self.initialize_name(node.name.name, function)
        instance = [
            (field, k) for field, k in fields if isinstance(field, js.FieldDefinition) and not field.is_static
        ]
        static = [
            (field, k)
            for field, k in fields
            if not (isinstance(field, js.FieldDefinition) and not field.is_static)
        ]
        initializer: ast.expr = self.constant(None)
        if instance:
            initializer = self._initializers(node, instance, "fields")
        self.evaluate(self.call("set_fields_", function, prototype, methods, initializer))
        self.evaluate(self.call("add_private_methods_", function, static_methods))
        if static:
            run = self._initializers(node, static, "static")
            self.evaluate(self.call("run_static_", function, run))
        return function

    def _stored(self, name: str, value: ast.expr) -> str:
        host = self.fresh(name)
        self.assign(host, value)
        return host

    def _constructor(self, constructor: js.Method, name: str, node: js.Class) -> ast.expr:
        made = self.closure(constructor, name)
        # The source text of the function is the class's.
        template = list(self.templates[-1])
        template[8], template[9] = node.start, node.end
        self.templates[-1] = tuple(template)
        return made

    def _default_constructor(self, node: js.Class, name: str, derived: bool) -> ast.expr:
        index = len(self.templates)
        kind = "derived" if derived else "constructor"
        self.templates.append(
            (name, 0, kind, -1, True, False, False, derived, node.start, node.end, False, False)
        )
        entry = self.subscript(self.name("templates@"), self.constant(index))
        return self.result(self.call("make_default_constructor_", entry)).expression

    def _initializers(self, node: js.Class, fields: list[Any], name: str) -> ast.expr:
        """One method that runs field initializers and static blocks in order, with `this` as the target."""
        unit = self.begin_unit(node, name, transparent=False)
        unit.kind = "method"
        unit.strict = True
        unit.arity = 0  # type: ignore[attr-defined]
        unit.rejects_arguments = True
        this = self.name(unit.this_name)
        class_scope = self.scope
        for field, key in fields:
            self.position(field)
            self.unit.temporaries = 0
            scope = StaticScope(class_scope, unit)
            self.scope = scope
            inner = field.scope
            if inner is not None and inner.contains_direct_eval:
                self.open_environment(scope, class_scope)
            if field.__class__ is js.StaticBlock:
                self._static_block(field, scope)
                continue
            value: ast.expr = self.constant(None)
            if field.initializer is not None:
                if field.names_function and isinstance(field.key, str):
                    value = self.named(field.initializer, field.key).expression
                elif field.names_function and isinstance(field.key, js.PrivateName):
                    value = self.named(field.initializer, field.key.name).expression
                elif field.names_function:
                    value = self.named_at_run_time(field.initializer, key).expression
                else:
                    value = self.value(field.initializer)
            self.position(field)
            self.evaluate(self.call("class_field_", this, key, value))
        template = ("", 0, "method", 0, True, False, False, False, 0, 0, unit.uses_callee, False)
        return self.finish_unit(unit, unit.body, template)

    def _static_block(self, block: js.StaticBlock, scope: StaticScope) -> None:
        self._declare_body(block.scope, scope, scope, set(), False, block.scope.contains_direct_eval)
        saved = self.variable_scopes.get(id(self.unit))
        self.variable_scopes[id(self.unit)] = scope
        for declaration in block.scope.functions:
            self._hoist(declaration)
        self.body_with_resources(block.body, block.scope)
        if saved is not None:
            self.variable_scopes[id(self.unit)] = saved
