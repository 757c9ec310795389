"""Arithmetic, comparison and concatenation: the host's operation first, the runtime's where the host refuses.

Host ints stand for integers, so a result beyond 64 bits (5.4) or 53 bits (5.1) is put right. The test compares
with small numbers first, because the host compares those without a call.
"""

from __future__ import annotations

import ast
from typing import Any

from reference.lua.syntax import nodes
from reference.lua.syntax.describe import describe
from reference.lua.vm.functions import FunctionBuilder

_SMALL_LOWEST = -(1 << 30) + 1
_SMALL_HIGHEST = (1 << 30) - 1
_HOST_OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "%": ast.Mod(),
    "//": ast.FloorDiv(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "~": ast.BitXor(),
}
_COMPARISONS: dict[str, tuple[ast.cmpop, str, bool]] = {
    "<": (ast.Lt(), "$less_than", False),
    "<=": (ast.LtE(), "$less_equal", False),
    ">": (ast.Gt(), "$less_than", True),
    ">=": (ast.GtE(), "$less_equal", True),
}


def described(builder: FunctionBuilder, left: nodes.Node, right: nodes.Node) -> list[ast.expr]:
    """What messages call the operands, as one more argument; none where they have no names."""
    names = describe(left, builder.function), describe(right, builder.function)
    return [builder.constant(names)] if names != (None, None) else []


def is_integer(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether an expression is known to be a host int: an integer literal or a loop's counter."""
    if isinstance(node, nodes.Number):
        return type(node.value) is int
    return isinstance(node, nodes.Name) and node.variable in builder.integers


def is_number(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether an expression is known to be a number."""
    return isinstance(node, nodes.Number) or is_integer(builder, node)


def arithmetic(
    builder: FunctionBuilder,
    node: nodes.Binary,
    left: ast.expr,
    right: ast.expr,
    result: str | None = None,
    *,
    raw_right: bool = False,
) -> ast.expr:
    """`left operator right` in a temporary; `raw_right` may be a call's list of results."""
    builder.at(node)
    result = result or builder.temporary()
    operator = node.operator
    names = described(builder, node.left, node.right)
    if operator in ("&", "|", "~", "<<", ">>"):
        slow = builder.call("$bitwise", builder.constant(operator), left, right, *names)
        if operator in ("<<", ">>"):
            return _shift(builder, node, left, right, result, slow)
        builder.guarded(
            result, builder.operation(left, _HOST_OPERATORS[operator], right), ("TypeError",), slow
        )
        return builder.name(result)
    exact = builder.call("$single", right) if raw_right else right
    slow = builder.call("$arithmetic", builder.constant(operator), left, exact, *names)
    if operator == "^":
        fast: ast.expr = builder.call("$power", left, right)
        builder.guarded(result, fast, ("TypeError", "ValueError", "OverflowError"), slow)
        return builder.name(result)
    if operator == "/":
        _division(builder, node, left, right, result, slow)
        return builder.name(result)
    with builder.collected() as body:
        if operator in ("%", "*"):
            # The host formats and repeats strings with these; unary plus takes numbers only.
            if not is_number(builder, node.left):
                left = builder.unary(ast.UAdd(), left)
            if operator == "*" and not is_number(builder, node.right):
                right = builder.unary(ast.UAdd(), right)
        builder.assign(result, builder.operation(left, _HOST_OPERATORS[operator], right))
        _check(builder, node, result, slow)
    with builder.collected() as handler:
        builder.assign(result, slow)
    kinds = ["TypeError", "ZeroDivisionError"] if operator in ("%", "//") else ["TypeError"]
    if is_number(builder, node.left) and is_number(builder, node.right) and len(kinds) == 1:
        for statement in body:
            builder.emit(statement)
    else:
        if operator in ("%", "//"):
            kinds.append("OverflowError")
        builder.try_(body, kinds, handler)
    return builder.name(result)


def _check(builder: FunctionBuilder, node: nodes.Binary, result: str, slow: ast.expr) -> None:
    """Put a result right that is no Lua value of the version, or raise TypeError for a string."""
    operator = node.operator
    value = builder.name(result)
    with builder.collected() as correct:
        builder.assign(result, slow)
    if operator == "%":
        if builder.profile.integers:
            # The host's zero has the divisor's sign, Lua's the dividend's.
            test = builder.both(builder.negation(value), builder.is_type(value, "float"))
        else:
            test = builder.compare(builder.call("type", value), ast.IsNot(), builder.name("int"))
        builder.if_(test, correct)
        return
    if operator == "//":
        test = builder.either(
            builder.compare(builder.call("type", value), ast.IsNot(), builder.name("int")),
            builder.compare(value, ast.Gt(), builder.constant(builder.profile.highest)),
        )
        builder.if_(test, correct)
        return
    lowest, highest = builder.profile.lowest, builder.profile.highest
    side = _one_sided(builder, node)
    with builder.collected() as fix:
        builder.assign(result, builder.call("$fix", value))
    with builder.collected() as second:
        if side > 0:
            builder.if_(builder.compare(value, ast.Gt(), builder.constant(highest)), fix)
        elif side < 0:
            builder.if_(builder.compare(value, ast.Lt(), builder.constant(lowest)), fix)
        else:
            inside = builder.compare(
                builder.constant(lowest), ast.LtE(), value, ast.LtE(), builder.constant(highest)
            )
            builder.if_(builder.negation(inside), fix)
    if side > 0:
        first: ast.expr = builder.compare(value, ast.Gt(), builder.constant(_SMALL_HIGHEST))
    elif side < 0:
        first = builder.compare(value, ast.Lt(), builder.constant(_SMALL_LOWEST))
    else:
        inside = builder.compare(
            builder.constant(_SMALL_LOWEST), ast.LtE(), value, ast.LtE(), builder.constant(_SMALL_HIGHEST)
        )
        first = builder.negation(inside)
    builder.if_(first, second)
    if operator == "*" and not builder.profile.integers:
        # An int has no minus zero.
        builder.if_(builder.negation(value), correct)


def _one_sided(builder: FunctionBuilder, node: nodes.Binary) -> int:
    """1 where only the upper bound can be passed, -1 for the lower, 0 for both (or a string to refuse)."""
    for literal, other_side in ((node.right, 1), (node.left, 0)):
        if not isinstance(literal, nodes.Number) or type(literal.value) is not int:
            continue
        positive = literal.value >= 0
        if node.operator == "+":
            return 1 if positive else -1
        if node.operator == "-" and other_side:
            return -1 if positive else 1
    return 0


def _division(
    builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr, result: str, slow: ast.expr
) -> None:
    # Both operands become floats first; the host would divide two ints exactly.
    if isinstance(node.left, nodes.Number):
        left = builder.constant(float(node.left.value))
    elif isinstance(node.right, nodes.Number):
        right = builder.constant(float(node.right.value))
    else:
        left = builder.operation(left, ast.Mult(), builder.constant(1.0))
    fast = builder.operation(left, ast.Div(), right)
    builder.guarded(result, fast, ("TypeError", "ZeroDivisionError"), slow)


def _shift(
    builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr, result: str, slow: ast.expr
) -> ast.expr:
    count: Any = node.right.value if isinstance(node.right, nodes.Number) else None
    if type(count) is not int or not 0 <= count < 64:
        builder.assign(result, slow)
        return builder.name(result)
    mask = builder.constant((1 << 64) - 1)
    with builder.collected() as body:
        if node.operator == "<<":
            shifted = builder.operation(left, ast.LShift(), right)
            builder.assign(result, shifted)
            value = builder.name(result)
            inside = builder.compare(
                builder.constant(builder.profile.lowest), ast.LtE(), value, ast.LtE(),
                builder.constant(builder.profile.highest),
            )  # fmt: skip
            with builder.collected() as fix:
                builder.assign(result, builder.call("$fix", value))
            builder.if_(builder.negation(inside), fix)
        elif count == 0:
            builder.assign(result, builder.operation(left, ast.BitOr(), builder.constant(0)))
        else:
            masked = builder.operation(left, ast.BitAnd(), mask)
            builder.assign(result, builder.operation(masked, ast.RShift(), right))
    with builder.collected() as handler:
        builder.assign(result, slow)
    builder.try_(body, ("TypeError",), handler)
    return builder.name(result)


def comparisons(
    builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr
) -> tuple[ast.expr, ast.expr]:
    """An order operator as the host's and as the runtime's."""
    operator, slow_name, swapped = _COMPARISONS[node.operator]
    operands = (right, left) if swapped else (left, right)
    return builder.compare(left, operator, right), builder.call(slow_name, *operands)


def comparison(builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
    """A relational operator as a host truth value."""
    builder.at(node)
    if node.operator in ("==", "~="):
        return _equality(builder, node, left, right)
    operator, slow_name, swapped = _COMPARISONS[node.operator]
    fast = builder.compare(left, operator, right)
    if is_number(builder, node.left) and is_number(builder, node.right):
        return fast
    result = builder.temporary()
    operands = (right, left) if swapped else (left, right)
    builder.guarded(result, fast, ("TypeError",), builder.call(slow_name, *operands))
    return builder.name(result)


_SIMPLE = (nodes.Number, nodes.String, nodes.Boolean, nodes.Nil, nodes.Function)


def _equality(builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
    negated = node.operator == "~="
    for side in (node.left, node.right):
        if isinstance(side, (nodes.Nil, nodes.Boolean)):
            return builder.compare(left, ast.IsNot() if negated else ast.Is(), right)
    if isinstance(node.left, _SIMPLE) or isinstance(node.right, _SIMPLE):
        return builder.compare(left, ast.NotEq() if negated else ast.Eq(), right)
    result = builder.temporary()
    builder.assign(result, builder.compare(left, ast.Eq(), right))
    with builder.collected() as slow:
        builder.assign(result, builder.call("$equal", left, right))
    test = builder.both(builder.negation(builder.name(result)), builder.is_type(left, "$Table"))
    if builder.profile.integers:
        # A table that has a finaliser is of a subclass, as userdata are of their own.
        test = builder.both(
            builder.negation(builder.name(result)),
            builder.compare(builder.call("type", left), ast.NotIn(), builder.name("$plain_types")),
        )
    builder.if_(test, slow)
    value: ast.expr = builder.name(result)
    return builder.negation(value) if negated else value


def concatenation(
    builder: FunctionBuilder, node: nodes.Node, parts: list[tuple[nodes.Node, ast.expr]]
) -> ast.expr:
    """`a .. b .. c`, which associates to the right."""
    builder.at(node)
    result = builder.temporary()
    names = tuple(describe(part, builder.function) for part, _ in parts)
    slow = builder.call(
        "$concatenate_all", builder.tuple_of([value for _, value in parts]), builder.constant(names)
    )
    if builder.chunk.metered:
        builder.assign(result, slow)
        return builder.name(result)
    pieces: list[ast.expr] = []
    for part, value in parts:
        if isinstance(part, nodes.String):
            pieces.append(value)
        elif is_integer(builder, part) and builder.profile.integers:
            pieces.append(builder.call("str", value))
        else:
            text = builder.is_type(value, "str")
            pieces.append(builder.choice(text, value, builder.call("$piece", value)))
    fast = pieces[0]
    if len(pieces) <= 3:
        for piece in pieces[1:]:
            fast = builder.operation(fast, ast.Add(), piece)
    else:
        fast = builder.call(builder.attribute(builder.constant(""), "join"), builder.tuple_of(pieces))
    builder.guarded(result, fast, ("TypeError",), slow)
    return builder.name(result)
