"""ECMA-262 clause 13: expressions, except references to members, calls, functions and classes."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any, Callable, cast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import resolve
from lockstep.reference.javascript.vm.generation.variables import Variables

_COMPARISON_HELPERS = {
    "<": "less_than_",
    ">": "greater_than_",
    "<=": "less_equal_",
    ">=": "greater_equal_",
}
_ARITHMETIC_HELPERS = {"+": "add_", "-": "subtract_", "*": "multiply_", "/": "divide_"}
_HELPERS = {
    "**": "exponentiate_",
    "&": "bitwise_and_",
    "|": "bitwise_or_",
    "^": "bitwise_xor_",
    "<<": "left_shift_",
    ">>": "right_shift_",
    ">>>": "unsigned_right_shift_",
}
_SIMPLE = (
    js.NumericLiteral,
    js.StringLiteral,
    js.BooleanLiteral,
    js.NullLiteral,
    js.ThisExpression,
    js.FunctionExpression,
)


class Expressions(Variables):
    """Values, operators, and control flow inside expressions."""

    expression_methods: dict[type[Any], Callable[..., Operand]]

    def compile(self, node: Any) -> Operand:
        """Emit the evaluation of `node`."""
        self.line = node.line
        self.column = node.column
        return self.expression_methods[node.__class__](self, node)

    def value(self, node: Any) -> ast.expr:
        """Emit the evaluation of `node`; the expression is used at once."""
        return self.compile(node).expression

    def effect(self, node: Any) -> None:
        """Evaluate for the effects only."""
        if node.__class__ is js.Update:
            self.update_expression(node, wanted=False)
        else:
            operand = self.compile(node)
            if not isinstance(operand.expression, (ast.Name, ast.Constant)):
                self.evaluate(operand.expression)

    def is_simple(self, node: Any) -> bool:
        """Whether evaluating `node` can neither change anything nor fail."""
        if isinstance(node, js.IdentifierReference):
            return self.compile_is_pure(node.name)
        return isinstance(node, _SIMPLE)

    def compile_is_pure(self, name: str) -> bool:
        """Whether reading `name` emits nothing."""
        found, _ = resolve(self.scope, name)
        variable = found.variable
        if variable is None or variable.boxed:
            return False
        return variable.ready and (variable.unit is self.unit or not variable.has_dead_zone)

    def kept(self, operand: Operand, *following: Any) -> ast.expr:
        """The operand, still the same after `following` nodes are evaluated."""
        if operand.stable or all(self.is_simple(node) for node in following):
            return operand.expression
        return self.saved(operand)

    def position(self, node: Any) -> None:
        """Stand at `node` again, after its parts have been compiled."""
        self.line = node.line
        self.column = node.column

    # 13.2 primary expressions

    def number(self, node: js.NumericLiteral) -> Operand:
        return Operand(self.constant(node.value), "number")

    def string(self, node: js.StringLiteral) -> Operand:
        return Operand(self.constant(node.value), "string")

    def boolean(self, node: js.BooleanLiteral) -> Operand:
        return Operand(self.constant(node.value), "boolean")

    def null(self, node: js.NullLiteral) -> Operand:
        return Operand(self.name("null_"), "null")

    def bigint(self, node: js.BigIntLiteral) -> Operand:
        return self.result(self.call("bigint_", self.constant(node.value)))

    def identifier(self, node: js.IdentifierReference) -> Operand:
        return self.read_name(node.name)

    def regular_expression(self, node: js.RegularExpressionLiteral) -> Operand:
        return self.result(
            self.call("regular_expression_", self.constant(node.pattern), self.constant(node.flags))
        )

    def template(self, node: js.TemplateLiteral) -> Operand:
        parts: list[ast.expr] = []
        for text, part in zip(node.cooked, [*node.expressions, None]):
            if text:
                parts.append(self.constant(text))
            if part is not None:
                operand = self.compile(part)
                self.position(part)
                if operand.kind == "string":
                    parts.append(self.saved(operand))
                else:
                    parts.append(self.result(self.call("to_string_", operand.expression)).expression)
        if not parts:
            return Operand(self.constant(""), "string")
        if len(parts) == 1:
            return Operand(parts[0], "string")
        joined = parts[0]
        for part_expression in parts[1:]:
            joined = self.binary("+", joined, part_expression)
        return self.result(joined, "string")

    def array(self, node: js.ArrayLiteral) -> Operand:
        items: list[ast.expr] = []
        spread = False
        for element in node.elements:
            if element is None:
                items.append(self.name("hole_"))
            elif element.__class__ is js.SpreadElement:
                operand = self.compile(element.argument)
                self.position(element)
                values = self.result(self.call("spread_", operand.expression))
                items.append(self.starred(values.expression))
                spread = True
            else:
                items.append(self.saved(self.compile(element)))
        self.position(node)
        if spread and node.elements[-1] is None:
            pass
        return self.result(self.call("make_array_", self.list_of(items)))

    def sequence(self, node: js.Sequence) -> Operand:
        for part in node.expressions[:-1]:
            self.effect(part)
        return self.compile(node.expressions[-1])

    # 13.5 unary operators

    def unary(self, node: js.Unary) -> Operand:
        operator = node.operator
        if operator == "!":
            return Operand(self.result(self.negation(self.condition(node.argument))).expression, "boolean")
        if operator == "delete":
            return self.delete(node)
        if operator == "typeof":
            if node.argument.__class__ is js.IdentifierReference:
                operand = self.read_name(node.argument.name, for_typeof=True)
            else:
                operand = self.compile(node.argument)
            self.position(node)
            return self.result(self.call("typeof_", operand.expression), "string")
        operand = self.compile(node.argument)
        self.position(node)
        if operator == "void":
            if not isinstance(operand.expression, (ast.Name, ast.Constant)):
                self.evaluate(operand.expression)
            return Operand(self.constant(None), "undefined")
        if operator == "-":
            return self._negate(operand)
        if operator == "+":
            if operand.kind == "number":
                return operand
            return self.result(self.call("to_number_", operand.expression), "number")
        return self.result(self.call("bitwise_not_", operand.expression))

    def _negate(self, operand: Operand) -> Operand:
        if isinstance(operand.expression, ast.Constant) and operand.kind == "number":
            return Operand(self.constant(-cast("float", operand.expression.value)), "number")
        if operand.kind == "number":
            return self.result(self.minus(operand.expression), "number")
        return self.result(self.call("negate_", operand.expression))

    # 13.6 to 13.12 binary operators

    def binary_expression(self, node: js.Binary) -> Operand:
        operator = node.operator
        if operator in ("===", "!==", "==", "!="):
            return self._equality(node)
        left = self.compile(node.left)
        first = self.kept(left, node.right)
        right = self.compile(node.right)
        self.position(node)
        return self.operate(operator, Operand(first, left.kind), right)

    def operate(self, operator: str, left: Operand, right: Operand) -> Operand:
        """A binary operator on two values."""
        x, y = left.expression, right.expression
        if operator in _COMPARISON_HELPERS:
            fast = self.comparison(operator, x, y)
            if left.kind == right.kind and left.kind in ("number", "string"):
                return self.result(fast, "boolean")
            x, y = self._twice(left), self._twice(right)
            identifier = self.temporary()
            slow = self.call(_COMPARISON_HELPERS[operator], x, y)
            self.guarded(identifier, self.comparison(operator, x, y), ("type_error_",), slow)
            return Operand(self.name(identifier), "boolean")
        if operator in _ARITHMETIC_HELPERS:
            return self._arithmetic(operator, left, right)
        if operator == "%":
            x, y = self._twice(left), self._twice(right)
            identifier = self.temporary()
            self.guarded(
                identifier, self.call("fmod_", x, y), ("operate_errors_",), self.call("remainder_", x, y)
            )
            kind = "number" if "number" in (left.kind, right.kind) else ""
            return Operand(self.name(identifier), kind)
        if operator in _HELPERS:
            kind = "number" if "number" in (left.kind, right.kind) else ""
            return self.result(self.call(_HELPERS[operator], x, y), kind)
        helper = {"in": "has_in_", "instanceof": "instance_of_"}[operator]
        return self.result(self.call(helper, x, y), "boolean")

    def _twice(self, operand: Operand) -> ast.expr:
        """The operand as an expression that may stand twice, right here."""
        if isinstance(operand.expression, (ast.Name, ast.Constant)):
            return operand.expression
        return self.saved(operand)

    def _arithmetic(self, operator: str, left: Operand, right: Operand) -> Operand:
        kinds = (left.kind, right.kind)
        if operator == "+" and kinds == ("string", "string"):
            return self.result(self.binary("+", left.expression, right.expression), "string")
        if kinds == ("number", "number") and operator != "/":
            return self.result(self.binary(operator, left.expression, right.expression), "number")
        x, y = self._twice(left), self._twice(right)
        identifier = self.temporary()
        helper = self.call(_ARITHMETIC_HELPERS[operator], x, y)
        errors = "operate_errors_" if operator == "/" else "type_error_"
        self.guarded(identifier, self.binary(operator, x, y), (errors,), helper)
        result = self.name(identifier)
        # Two Booleans (and a String times a Boolean) make a host value that is not the guest's.
        safe = ("number", "string") if operator == "+" else ("number",)
        if left.kind not in safe and right.kind not in safe and operator != "/":
            with self.collected() as emitted:
                self.assign(identifier, helper)
                if operator == "+":
                    test = self.comparison("is", self.attribute(result, "__class__"), self.name("int_"))
                else:
                    test = self.comparison("is not", self.attribute(result, "__class__"), self.name("float_"))
            self.if_(test, emitted)
        kind = ""
        if operator == "+" and "string" in kinds:
            kind = "string"
        elif operator == "/" and kinds == ("number", "number"):
            kind = "number"
        elif operator != "+" and "number" in kinds:
            # The other operand was a Number too, or became one: a BigInt raises.
            kind = "number"
        return Operand(result, kind)

    def _equality(self, node: js.Binary) -> Operand:
        operator = node.operator
        left = self.compile(node.left)
        first = self.kept(left, node.right)
        right = self.compile(node.right)
        self.position(node)
        if operator in ("===", "!=="):
            test = self.strict_test(Operand(first, left.kind), right)
        else:
            test = self._loose_test(Operand(first, left.kind), right)
        if operator[0] == "!":
            test = self.negation(test)
        return self.result(test, "boolean")

    def strict_test(self, left: Operand, right: Operand) -> ast.expr:
        """7.2.15 IsStrictlyEqual as a host condition."""
        for one, other in ((left, right), (right, left)):
            if one.kind in ("undefined", "null"):
                return self.comparison("is", other.expression, one.expression)
            if one.kind == "boolean" and isinstance(one.expression, ast.Constant):
                return self.comparison("is", other.expression, one.expression)
        if left.kind == right.kind and left.kind in ("number", "string", "boolean"):
            return self.comparison("==", left.expression, right.expression)
        if "string" in (left.kind, right.kind):
            return self.comparison("==", left.expression, right.expression)
        for operand in (left, right):
            node = operand.expression
            if isinstance(node, ast.Constant) and operand.kind == "number" and node.value not in (0, 1):
                return self.comparison("==", left.expression, right.expression)
        x, y = self._twice(left), self._twice(right)
        same = self.comparison("is", self.attribute(x, "__class__"), self.attribute(y, "__class__"))
        return self.both(self.comparison("==", x, y), same)

    def _loose_test(self, left: Operand, right: Operand) -> ast.expr:
        if left.kind == right.kind and left.kind in ("number", "string", "boolean"):
            return self.comparison("==", left.expression, right.expression)
        for one, other in ((left, right), (right, left)):
            if one.kind in ("undefined", "null"):
                value = self._twice(other)
                return self.either(
                    self.comparison("is", value, self.constant(None)),
                    self.comparison("is", value, self.name("null_")),
                    self.comparison("is", self.attribute(value, "__class__"), self.name("html_dda_class_")),
                )
        return self.call("loosely_equal_", left.expression, right.expression)

    # Conditions

    def condition(self, node: Any) -> ast.expr:
        """ToBoolean of the value, as a host condition to be used at once."""
        self.position(node)
        if node.__class__ is js.Binary:
            operator = node.operator
            if operator in ("===", "!==", "==", "!="):
                left = self.compile(node.left)
                first = self.kept(left, node.right)
                right = self.compile(node.right)
                self.position(node)
                pair = Operand(first, left.kind), right
                test = self.strict_test(*pair) if len(operator) == 3 else self._loose_test(*pair)
                return self.negation(test) if operator[0] == "!" else test
        elif node.__class__ is js.Unary and node.operator == "!":
            return self.negation(self.condition(node.argument))
        return self.truth(self.compile(node))

    def truth(self, operand: Operand) -> ast.expr:
        """7.1.2 ToBoolean as a host condition."""
        if operand.kind in ("boolean", "string"):
            return operand.expression
        if operand.kind in ("undefined", "null"):
            return self.constant(False)
        value = self._twice(operand)
        # NaN is the only value that the host takes for true and the guest does not.
        return self.both(value, self.comparison("==", value, value))

    # 13.13 and 13.14

    def logical(self, node: js.Logical) -> Operand:
        identifier = self.temporary()
        left = self.compile(node.left)
        self.assign(identifier, left.expression)
        self._short_circuit(node.operator, identifier, left.kind, lambda: self.compile(node.right))
        return Operand(self.name(identifier))

    def _short_circuit(
        self, operator: str, identifier: str, kind: str, compute: Callable[[], Operand]
    ) -> None:
        value = self.name(identifier)
        if operator == "??":
            test = self.either(
                self.comparison("is", value, self.constant(None)),
                self.comparison("is", value, self.name("null_")),
            )
        else:
            test = self.truth(Operand(value, kind))
            if operator == "||":
                test = self.negation(test)
        with self.collected() as emitted:
            self.assign(identifier, compute().expression)
        self.if_(test, emitted)

    def conditional_expression(self, node: js.Conditional) -> Operand:
        test = self.condition(node.test)
        identifier = self.temporary()
        kinds = []
        branches = []
        for branch in (node.consequent, node.alternate):
            with self.collected() as emitted:
                operand = self.compile(branch)
                kinds.append(operand.kind)
                self.assign(identifier, operand.expression)
            branches.append(emitted)
        self.if_(test, branches[0], branches[1])
        return Operand(self.name(identifier), kinds[0] if kinds[0] == kinds[1] else "")

    # 13.15 assignment

    def assignment(self, node: js.Assignment) -> Operand:
        target = node.target
        if isinstance(target, js.Pattern):
            value = self.saved(self.compile(node.value))
            self.assign_pattern(target, value, initialize=False)
            return Operand(value)
        reference = self.reference(target)
        name = getattr(target, "name", "")
        operand = self.named(node.value, name) if node.names_function else self.compile(node.value)
        value = self.saved(operand)
        self.position(node)
        self.store_reference(reference, value)
        return Operand(value, operand.kind)

    def compound_assignment(self, node: js.CompoundAssignment) -> Operand:
        reference = self.reference(node.target, twice=True)
        old = self.load_reference(reference)
        left = Operand(self.kept(old, node.value), old.kind)
        right = self.compile(node.value)
        self.position(node)
        operand = self.operate(node.operator, left, right)
        self.store_reference(reference, operand.expression)
        return operand

    def logical_assignment(self, node: js.LogicalAssignment) -> Operand:
        reference = self.reference(node.target, twice=True)
        identifier = self.temporary()
        old = self.load_reference(reference)
        self.assign(identifier, old.expression)

        def compute() -> Operand:
            if node.names_function:
                operand = self.named(node.value, node.target.name)  # type: ignore[attr-defined]
            else:
                operand = self.compile(node.value)
            value = self.saved(operand)
            self.position(node)
            self.store_reference(reference, value)
            return Operand(value)

        self._short_circuit(node.operator, identifier, "", compute)
        return Operand(self.name(identifier))

    def update_expression(self, node: js.Update, *, wanted: bool = True) -> Operand:
        """13.4 `++` and `--`."""
        reference = self.reference(node.argument, twice=True)
        old = self.load_reference(reference)
        self.position(node)
        operator = "+" if node.operator == "++" else "-"
        step = self.constant(1.0)
        if old.kind == "number":
            before = self.saved(Operand(old.expression, "number", stable=False)) if wanted else old.expression
            after = self.result(self.binary(operator, before, step), "number")
            self.store_reference(reference, after.expression)
            return after if node.prefix or not wanted else Operand(before, "number")
        value = self._twice(old)
        if not wanted or node.prefix:
            identifier = self.temporary()
            helper = "increment_" if operator == "+" else "decrement_"
            self.guarded(
                identifier, self.binary(operator, value, step), ("type_error_",), self.call(helper, value)
            )
            self.store_reference(reference, self.name(identifier))
            return Operand(self.name(identifier))
        before_value = self.result(self.call("to_numeric_", value))
        helper = "increment_" if operator == "+" else "decrement_"
        after = self.result(self.call(helper, before_value.expression))
        self.store_reference(reference, after.expression)
        return before_value

    # 15.5 and 15.8: yield and await

    def yield_expression(self, node: js.Yield) -> Operand:
        unit = self.unit
        while unit.transparent and unit.parent is not None and unit.kind == "class":
            unit.has_yield = True
            unit = unit.parent
        unit.has_yield = True
        argument = Operand(self.constant(None)) if node.argument is None else self.compile(node.argument)
        self.position(node)
        if unit.is_async:
            value = argument.expression
            if node.delegate:
                return self.result(self._yield_from(self.call("delegate_async_", value)))
            return self.result(self._yield_from(self.call("yield_async_", value)))
        if node.delegate:
            return self.result(self._yield_from(self.call("delegate_", argument.expression)))
        return self.result(self._yield(self.call("iterator_result_", argument.expression)))

    def await_expression(self, node: js.Await) -> Operand:
        argument = self.compile(node.argument)
        self.position(node)
        return self.await_value(argument.expression)

    def await_value(self, value: ast.expr) -> Operand:
        """27.7.5.3 Await."""
        unit = self.unit
        while unit.kind == "class" and unit.parent is not None:
            unit.has_yield = True
            unit = unit.parent
        unit.has_yield = True
        return self.result(self._yield(value))

    def _yield(self, value: ast.expr) -> ast.expr:
        return self.placed(ast.Yield(value))

    def _yield_from(self, value: ast.expr) -> ast.expr:
        return self.placed(ast.YieldFrom(value))

    # Provided by the other parts of the compiler.

    def reference(self, node: Any, *, twice: bool = False) -> Any:
        """Evaluate the parts of a reference."""
        raise NotImplementedError

    def load_reference(self, reference: Any) -> Operand:
        """GetValue."""
        raise NotImplementedError

    def store_reference(self, reference: Any, value: ast.expr) -> None:
        """PutValue."""
        raise NotImplementedError

    def named(self, node: Any, name: str) -> Operand:
        """NamedEvaluation."""
        raise NotImplementedError

    def assign_pattern(self, node: Any, value: ast.expr, *, initialize: bool) -> None:
        """Destructuring."""
        raise NotImplementedError

    def delete(self, node: js.Unary) -> Operand:
        """13.5.1 delete."""
        raise NotImplementedError
