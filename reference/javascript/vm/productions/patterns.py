"""ECMA-262 13.15.5 and 14.3.3: destructuring."""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.javascript.runtime.operations.conversion import canonical_numeric_index
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.productions.references import References


class Patterns(References):
    """Binding and assignment patterns."""

    def assign_pattern(self, node: Any, value: ast.expr, *, initialize: bool) -> None:
        """Destructure `value`, which may stand repeatedly; `initialize` for lexical declarations."""
        if node.__class__ is js.ObjectPattern:
            self._object_pattern(node, value, initialize)
        else:
            self._array_pattern(node, value, initialize)

    def assign_target(self, target: Any, value: ast.expr, *, initialize: bool) -> None:
        """Store into a name, reference or pattern."""
        if isinstance(target, js.Pattern):
            self.assign_pattern(target, self.saved(Operand(value, stable=False)), initialize=initialize)
        elif target.__class__ is js.BindingIdentifier:
            self.position(target)
            if initialize:
                self.initialize_name(target.name, value)
            else:
                self.write_name(target.name, value)
        else:
            saved = self.saved(Operand(value, stable=False))
            self.store_reference(self.reference(target), saved)

    def prepare_target(self, target: Any, *, initialize: bool) -> Any:
        """13.15.5.5, step 1: evaluate a target's reference before its value is fetched."""
        if isinstance(target, js.Pattern):
            return None
        if target.__class__ is js.BindingIdentifier:
            return None if initialize else ("name", target.name, self.prepare_name(target.name))
        return self.reference(target)

    def store_target(self, target: Any, prepared: Any, value: ast.expr, *, initialize: bool) -> None:
        """Store into what `prepare_target` prepared."""
        if prepared is not None:
            self.store_reference(prepared, value)
        else:
            self.assign_target(target, value, initialize=initialize)

    def element(self, element: js.PatternElement, prepared: Any, value: ast.expr, initialize: bool) -> None:
        """A target with its default."""
        if element.initializer is not None:
            identifier = self.fresh("value")
            self.assign(identifier, value)
            with self.collected() as emitted:
                if element.names_function:
                    operand = self.named(element.initializer, element.target.name)  # type: ignore[union-attr]
                else:
                    operand = self.compile(element.initializer)
                self.assign(identifier, operand.expression)
            self.if_(self.comparison("is", self.name(identifier), self.constant(None)), emitted)
            value = self.name(identifier)
        self.store_target(element.target, prepared, value, initialize=initialize)

    def _object_pattern(self, node: js.ObjectPattern, value: ast.expr, initialize: bool) -> None:
        self.position(node)
        self.evaluate(self.call("require_object_", value))
        seen: list[ast.expr] = []
        for item in node.properties:
            self.position(item)
            key: ast.expr
            computed = None
            if isinstance(item.key, str):
                key = self.constant(item.key)
            else:
                operand = self.compile(item.key.expression)
                computed = self.result(self.call("to_property_key_", operand.expression)).expression
                key = computed
            seen.append(key)
            prepared = self.prepare_target(item.element.target, initialize=initialize)
            if computed is None and canonical_numeric_index(item.key) is None:
                fetched = self.member(value, item.key)  # type: ignore[arg-type]
            else:
                # An index names an element or a String's character, never a host attribute.
                fetched = self.result(self.call("get_computed_", value, key))
            self.element(item.element, prepared, fetched.expression, initialize)
        if node.rest is not None:
            prepared = self.prepare_target(node.rest, initialize=initialize)
            rest = self.result(self.call("object_rest_", value, self.tuple_of(seen)))
            self.store_target(node.rest, prepared, rest.expression, initialize=initialize)

    def _array_pattern(self, node: js.ArrayPattern, value: ast.expr, initialize: bool) -> None:
        self.position(node)
        record = self.fresh("iterator")
        self.assign(record, self.call("get_iterator_", value))
        with self.collected() as body:
            for element in node.elements:
                if element is None:
                    self.evaluate(self.call("iterator_skip_", self.name(record)))
                    continue
                self.position(element)
                prepared = self.prepare_target(element.target, initialize=initialize)
                fetched = self.result(self.call("iterator_next_", self.name(record)))
                self.element(element, prepared, fetched.expression, initialize)
            if node.rest is not None:
                prepared = self.prepare_target(node.rest, initialize=initialize)
                rest = self.result(self.call("iterator_rest_", self.name(record)))
                self.store_target(node.rest, prepared, rest.expression, initialize=initialize)
        error = self.fresh("error")
        with self.collected() as emitted:
            self.evaluate(self.call("iterator_fail_", self.name(record), self.name(error)))
            self.emit(self.placed(ast.Raise()))
        self.try_(body, ("base_exception_",), emitted, bound=error)
        self.evaluate(self.call("iterator_end_", self.name(record)))
