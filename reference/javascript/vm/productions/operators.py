"""ECMA-262 13.6 to 13.14 and 7.1.2: binary operators, and conditions."""

from __future__ import annotations

import ast
from typing import Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import kept_over, repeatable
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.productions import bitwise
from lockstep.reference.javascript.vm.productions.members import counter_of, measure

_EQUALITY = frozenset(("===", "!==", "==", "!="))
_COMPARISON_HELPERS = {
    "<": "less_than_",
    ">": "greater_than_",
    "<=": "less_equal_",
    ">=": "greater_equal_",
}
_ARITHMETIC_HELPERS = {"+": "add_", "-": "subtract_", "*": "multiply_", "/": "divide_"}


# 13.6 to 13.12 binary operators


def _binary_expression(builder: Builder, node: js.Binary) -> Operand:
    operator = node.operator
    if operator in _EQUALITY:
        return builder.result(_equality(builder, node), "boolean")
    if operator in _COMPARISON_HELPERS:
        compared = _against_length(builder, node)
        if compared is not None:
            return compared
    return operate(builder, operator, *_operands(builder, node))


def _against_length(builder: Builder, node: js.Binary) -> Operand | None:
    """7.2.13 IsLessThan of a loop counter and a length: of host ints, for Strings and fast arrays; None for other operands."""
    member, counter = node.right, counter_of(builder, node.left)
    if counter is None or not isinstance(member, js.DotMember) or member.name != "length" or member.optional:
        return None
    left = builder.expression(node.left)
    kept = kept_over(builder, left, node.right)
    number = builder.result(builder.name(counter)).expression
    base = repeatable(builder, builder.expression(member.base))
    builder.at(member)
    identifier = builder.temporary()

    def compare(size: ast.expr) -> None:
        builder.assign(identifier, builder.comparison(node.operator, number, size))

    with builder.collected() as otherwise:
        length = builder.result(builder.call("get_length_", base))
        builder.at(node)
        builder.assign(
            identifier, operate(builder, node.operator, Operand(kept, left.kind), length).expression
        )
    measure(builder, base, compare, otherwise)
    return Operand(builder.name(identifier), "boolean")


def _operands(builder: Builder, node: js.Binary) -> tuple[Operand, Operand]:
    """Evaluate both, from left to right."""
    left = builder.expression(node.left)
    first = kept_over(builder, left, node.right)
    right = builder.expression(node.right)
    builder.at(node)
    return (left if first is left.expression else Operand(first, left.kind)), right


def _compare_alike(left: Operand, right: Operand) -> bool:
    """Whether 7.2.13 IsLessThan is the host's comparison."""
    return left.kind == right.kind and left.kind in ("number", "string")


def operate(builder: Builder, operator: str, left: Operand, right: Operand) -> Operand:
    """A binary operator on two values."""
    x, y = left.expression, right.expression
    if operator in _COMPARISON_HELPERS:
        fast = builder.comparison(operator, x, y)
        if _compare_alike(left, right):
            return builder.result(fast, "boolean")
        x, y = repeatable(builder, left), repeatable(builder, right)
        identifier = builder.temporary()
        slow = builder.call(_COMPARISON_HELPERS[operator], x, y)
        builder.guarded(identifier, builder.comparison(operator, x, y), ("type_error_",), slow)
        return Operand(builder.name(identifier), "boolean")
    if operator in _ARITHMETIC_HELPERS:
        return _arithmetic(builder, operator, left, right)
    if operator == "%":
        x, y = repeatable(builder, left), repeatable(builder, right)
        identifier = builder.temporary()
        builder.guarded(
            identifier, builder.call("fmod_", x, y), ("operate_errors_",), builder.call("remainder_", x, y)
        )
        kind = "number" if "number" in (left.kind, right.kind) else ""
        return Operand(builder.name(identifier), kind)
    if operator in bitwise.HELPERS:
        return bitwise.bitwise(builder, operator, left, right)
    if operator == "**":
        kind = "number" if "number" in (left.kind, right.kind) else ""
        return builder.result(builder.call("exponentiate_", x, y), kind)
    helper = {"in": "has_in_", "instanceof": "instance_of_"}[operator]
    return builder.result(builder.call(helper, x, y), "boolean")


def _arithmetic(builder: Builder, operator: str, left: Operand, right: Operand) -> Operand:
    kinds = (left.kind, right.kind)
    if operator == "+" and kinds == ("string", "string"):
        return builder.result(builder.binary("+", left.expression, right.expression), "string")
    if kinds == ("number", "number") and operator != "/":
        return builder.result(builder.binary(operator, left.expression, right.expression), "number")
    x, y = repeatable(builder, left), repeatable(builder, right)
    if operator == "+" and "string" in kinds:
        return _joined(builder, x, y, kinds)
    identifier = builder.temporary()
    helper = builder.call(_ARITHMETIC_HELPERS[operator], x, y)
    errors = "operate_errors_" if operator == "/" else "type_error_"
    builder.guarded(identifier, builder.binary(operator, x, y), (errors,), helper)
    result = builder.name(identifier)
    # Two Booleans (and a String times a Boolean) make a host value that is not the guest's.
    safe = ("number", "string") if operator == "+" else ("number",)
    if left.kind not in safe and right.kind not in safe and operator != "/":
        with builder.collected() as emitted:
            builder.assign(identifier, helper)
            if operator == "+":
                test = builder.comparison("is", builder.attribute(result, "__class__"), builder.name("int_"))
            else:
                test = builder.comparison(
                    "is not", builder.attribute(result, "__class__"), builder.name("float_")
                )
        builder.if_(test, emitted)
    kind = ""
    if operator == "/" and kinds == ("number", "number"):
        kind = "number"
    elif operator != "+" and "number" in kinds:
        # The other operand was a Number too, or became one: a BigInt raises.
        kind = "number"
    return Operand(result, kind)


def _joined(builder: Builder, x: ast.expr, y: ast.expr, kinds: tuple[str, str]) -> Operand:
    """`x + y`, one of them a String: the other is one too, or becomes one."""
    if "number" in kinds:
        x, y = (
            builder.call("number_text_", one) if kind == "number" else one for one, kind in zip((x, y), kinds)
        )
        return builder.result(builder.binary("+", x, y), "string")
    identifier = builder.temporary()
    other = y if kinds[0] == "string" else x
    is_string = builder.comparison("is", builder.attribute(other, "__class__"), builder.name("str_"))
    builder.if_(
        is_string,
        [builder.assigning(identifier, builder.binary("+", x, y))],
        [builder.assigning(identifier, builder.call("add_", x, y))],
    )
    return Operand(builder.name(identifier), "string")


def _equality(builder: Builder, node: js.Binary) -> ast.expr:
    """13.11 as a host condition to be used at once."""
    operator = node.operator
    left = builder.expression(node.left)
    first = kept_over(builder, left, node.right)
    right = builder.expression(node.right)
    builder.at(node)
    pair = Operand(first, left.kind), right
    test = strict_test(builder, *pair) if operator in ("===", "!==") else _loose_test(builder, *pair)
    return builder.negation(test) if operator[0] == "!" else test


def strict_test(builder: Builder, left: Operand, right: Operand) -> ast.expr:
    """7.2.15 IsStrictlyEqual as a host condition."""
    for one, other in ((left, right), (right, left)):
        if one.kind in ("undefined", "null"):
            return builder.comparison("is", other.expression, one.expression)
        if one.kind == "boolean" and isinstance(one.expression, ast.Constant):
            return builder.comparison("is", other.expression, one.expression)
    if left.kind == right.kind and left.kind in ("number", "string", "boolean"):
        return builder.comparison("==", left.expression, right.expression)
    if "string" in (left.kind, right.kind):
        return builder.comparison("==", left.expression, right.expression)
    for operand in (left, right):
        node = operand.expression
        if isinstance(node, ast.Constant) and operand.kind == "number" and node.value not in (0, 1):
            return builder.comparison("==", left.expression, right.expression)
    x, y = repeatable(builder, left), repeatable(builder, right)
    same = builder.comparison("is", builder.attribute(x, "__class__"), builder.attribute(y, "__class__"))
    return builder.both(builder.comparison("==", x, y), same)


def _loose_test(builder: Builder, left: Operand, right: Operand) -> ast.expr:
    if left.kind == right.kind and left.kind in ("number", "string", "boolean"):
        return builder.comparison("==", left.expression, right.expression)
    for one, other in ((left, right), (right, left)):
        if one.kind in ("undefined", "null"):
            value = repeatable(builder, other)
            return builder.either(
                builder.comparison("is", value, builder.constant(None)),
                builder.comparison("is", value, builder.name("null_")),
                builder.comparison(
                    "is", builder.attribute(value, "__class__"), builder.name("html_dda_class_")
                ),
            )
    return builder.call("loosely_equal_", left.expression, right.expression)


# Conditions


def condition(builder: Builder, node: js.Node) -> ast.expr:
    """ToBoolean of the value, as a host condition to be used at once."""
    builder.at(node)
    if isinstance(node, js.Binary) and node.operator in _EQUALITY:
        return _equality(builder, node)
    if isinstance(node, js.Unary) and node.operator == "!":
        return builder.negation(condition(builder, node.argument))
    if isinstance(node, js.Binary) and node.operator in _COMPARISON_HELPERS:
        compared = _against_length(builder, node)
        if compared is not None:
            return compared.expression
        left, right = _operands(builder, node)
        if _compare_alike(left, right):
            # The host fuses a comparison with the jump that looks at it.
            return builder.comparison(node.operator, left.expression, right.expression)
        return operate(builder, node.operator, left, right).expression
    return truth(builder, builder.expression(node))


def truth(builder: Builder, operand: Operand) -> ast.expr:
    """7.1.2 ToBoolean as a host condition."""
    if operand.kind in ("boolean", "string"):
        return operand.expression
    if operand.kind in ("undefined", "null"):
        return builder.constant(False)
    value = repeatable(builder, operand)
    # NaN is the only value that the host takes for true and the guest does not.
    return builder.both(value, builder.comparison("==", value, value))


# 13.13 and 13.14


def _logical_expression(builder: Builder, node: js.Logical) -> Operand:
    identifier = builder.temporary()
    left = builder.expression(node.left)
    builder.assign(identifier, left.expression)
    short_circuit(builder, node.operator, identifier, left.kind, lambda: builder.expression(node.right))
    return Operand(builder.name(identifier))


def short_circuit(
    builder: Builder, operator: str, identifier: str, kind: str, compute: Callable[[], Operand]
) -> None:
    """Put into a host variable, which holds the left value, that of the right operand where the operator asks for it."""
    value = builder.name(identifier)
    if operator == "??":
        test = builder.is_nullish(value)
    else:
        test = truth(builder, Operand(value, kind))
        if operator == "||":
            test = builder.negation(test)
    with builder.collected() as emitted:
        builder.assign(identifier, compute().expression)
    builder.if_(test, emitted)


def _conditional_expression(builder: Builder, node: js.Conditional) -> Operand:
    test = condition(builder, node.test)
    identifier = builder.temporary()
    kinds = []
    branches = []
    for branch in (node.consequent, node.alternate):
        with builder.collected() as emitted:
            operand = builder.expression(branch)
            kinds.append(operand.kind)
            builder.assign(identifier, operand.expression)
        branches.append(emitted)
    builder.if_(test, branches[0], branches[1])
    return Operand(builder.name(identifier), kinds[0] if kinds[0] == kinds[1] else "")


EXPRESSIONS: Expressions = dict(
    [
        row(js.Binary, _binary_expression),
        row(js.Logical, _logical_expression),
        row(js.Conditional, _conditional_expression),
    ]
)
