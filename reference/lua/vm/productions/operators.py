"""Arithmetic, comparison and concatenation: the host's operation first, the runtime's where the host refuses.

Host ints stand for integers, so a result beyond 64 bits (5.4) or 53 bits (5.1) is put right. The test compares
with small numbers first, because the host compares those without a call; it asks for floats first where a float is likely, because
comparing them with an int takes the host long; and there is none where the result is certainly a float.
"""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.kinds import COMPARED, EXACT_MODULO, INTEGER, STRING

# Strings longer than this are told to the budget, before they are made if they have more parts than that.
_LARGE = 1 << 15
_FEW_PARTS = 3
_SMALL_LOWEST = -(1 << 30) + 1
_SMALL_HIGHEST = (1 << 30) - 1
_RING = frozenset("+-*")
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


def is_total(builder: FunctionBuilder, node: nodes.Binary) -> bool:
    """Whether the host's operation needs no other to stand in for it: its operands are used once."""
    kinds = builder.kinds
    return node.operator in _RING and kinds.is_number(node.left) and kinds.is_number(node.right)


def stores_safely(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether an operator has computed when it stores: a variable among its operands may be where it does."""
    if not isinstance(node, nodes.Binary) or node.operator not in _RING:
        return False
    left, right = builder.kinds.is_number(node.left), builder.kinds.is_number(node.right)
    if node.operator == "*":
        return left and right and builder.profile.integers
    return left or right


def arithmetic(
    builder: FunctionBuilder,
    node: nodes.Binary,
    left: ast.expr,
    right: ast.expr,
    result: Result | None = None,
    *,
    raw_right: bool = False,
) -> ast.expr:
    """`left operator right`, in a temporary unless it just is; `raw_right` may be a call's list of results."""
    builder.point(node)
    builder.at(node)
    operator = node.operator
    kinds = builder.kinds
    certain = kinds.is_number(node.left) and kinds.is_number(node.right)
    if result is None and is_total(builder, node) and not builder.hooked and not _may_pass(builder, node):
        return builder.operation(left, _HOST_OPERATORS[operator], right)
    # The host refuses what is no number before it stores, and then nothing looks at the operands again.
    early = stores_safely(builder, node)
    held = builder.into(result) if early else builder.into(result, left, right)
    names = described(builder, node.left, node.right)
    exact = builder.call("$single", right) if raw_right else right
    if operator in ("&", "|", "~", "<<", ">>"):
        slow = builder.call("$bitwise", builder.constant(operator), left, exact, *names)
        if operator in ("<<", ">>"):
            return _shift(builder, node, left, right, held, slow)
        builder.guarded(held, builder.operation(left, _HOST_OPERATORS[operator], right), ("TypeError",), slow)
        return builder.name(held)
    slow = builder.call("$arithmetic", builder.constant(operator), left, exact, *names)
    if operator == "^":
        fast: ast.expr = builder.call("$power", left, right)
        builder.guarded(held, fast, ("TypeError", "ValueError", "OverflowError"), slow)
        return builder.name(held)
    if operator == "/":
        _division(builder, node, left, right, held, slow)
        return builder.name(held)
    with builder.collected() as body:
        if operator in ("%", "*"):
            # The host formats and repeats strings with these; unary plus takes numbers only.
            if not kinds.is_number(node.left) and not (operator == "*" and kinds.is_float(node.right)):
                left = builder.prefixed(ast.UAdd(), left)
            if operator == "*" and not kinds.is_number(node.right) and not kinds.is_float(node.left):
                right = builder.prefixed(ast.UAdd(), right)
        builder.assign(held, builder.operation(left, _HOST_OPERATORS[operator], right))
        stored = len(builder.out)
        _check(builder, node, held, left, slow)
    divides = operator in ("%", "//")
    if certain and (not divides or _never_zero(builder, node.right)):
        builder.out.extend(body)
        return builder.name(held)
    with builder.collected() as handler:
        builder.assign(held, slow)
    handled = ["TypeError", "ZeroDivisionError", "OverflowError"] if divides else ["TypeError"]
    if early:
        builder.try_(body[:stored], handled, handler, body[stored:])
    else:
        builder.try_(body, handled, handler)
    return builder.name(held)


def _never_zero(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether a divisor is an integer other than zero."""
    low, high = builder.kinds.interval(node)
    return builder.kinds.is_integer(node) and not low <= 0 <= high


def _may_pass(builder: FunctionBuilder, node: nodes.Binary) -> bool:
    """Whether the sum, difference or product of certain numbers may need a check."""
    if builder.kinds.is_float(node.left) or builder.kinds.is_float(node.right):
        return False
    if not builder.profile.integers:
        return not builder.kinds.is_integer(node)
    exact = builder.kinds.exact(node)
    return exact is None or exact[0] < builder.profile.lowest or exact[1] > builder.profile.highest


def _check(builder: FunctionBuilder, node: nodes.Binary, result: str, left: ast.expr, slow: ast.expr) -> None:
    """Put a result right that is no Lua value of the version, or raise TypeError for a string."""
    operator = node.operator
    value = builder.name(result)
    with builder.collected() as correct:
        builder.assign(result, slow)
    if operator == "%":
        _check_modulo(builder, node, value, left, correct)
    elif operator == "//":
        _check_quotient(builder, node, value, correct)
    elif not is_total(builder, node) or _may_pass(builder, node):
        if builder.kinds.is_float(node.left) or builder.kinds.is_float(node.right):
            return
        _check_bounds(builder, node, result)
        if operator == "*" and not builder.profile.integers:
            # An int has no minus zero.
            builder.if_(builder.negation(value), correct)


def _check_modulo(
    builder: FunctionBuilder, node: nodes.Binary, value: ast.expr, left: ast.expr, correct: list[ast.stmt]
) -> None:
    is_float: ast.expr = builder.is_type(value, "float")
    if not builder.profile.integers:
        if not builder.kinds.is_integer(node):
            exact = builder.compare(
                builder.constant(-EXACT_MODULO), ast.LtE(), left, ast.LtE(), builder.constant(EXACT_MODULO)
            )
            is_int = builder.is_type(value, "int")
            builder.if_(builder.negation(builder.both(is_int, exact)), correct)
        return
    if builder.kinds.is_integer(node.left) and builder.kinds.is_integer(node.right):
        return
    # The host's zero has the divisor's sign, Lua's the dividend's.
    builder.if_(builder.both(builder.negation(value), is_float), correct)


def _check_quotient(
    builder: FunctionBuilder, node: nodes.Binary, value: ast.expr, correct: list[ast.stmt]
) -> None:
    # Only the lowest integer divided by -1 has no integer as its quotient.
    if builder.kinds.is_integer(node.left) and builder.kinds.is_positive(node.right):
        return
    exact = builder.kinds.exact(node)
    if exact is not None and exact[1] <= builder.profile.highest and builder.profile.integers:
        return
    test = builder.either(
        builder.compare(builder.class_of(value), ast.IsNot(), builder.name("int")),
        builder.both(
            builder.compare(builder.constant(_SMALL_HIGHEST), ast.Lt(), value),
            builder.compare(builder.constant(builder.profile.highest), ast.Lt(), value),
        ),
    )
    builder.if_(test, correct)


def _check_bounds(builder: FunctionBuilder, node: nodes.Binary, result: str) -> None:
    side = _one_sided(builder, node)
    value = builder.name(result)
    with builder.collected() as fix:
        builder.assign(result, builder.call("$fix", value))
    with builder.collected() as second:
        builder.if_(_outside(builder, value, side, builder.profile.lowest, builder.profile.highest), fix)
    first = _outside(builder, value, side, _SMALL_LOWEST, _SMALL_HIGHEST)
    if not builder.kinds.is_integer(node) and builder.kinds.likely(node) != INTEGER:
        not_float = builder.compare(builder.class_of(value), ast.IsNot(), builder.name("float"))
        first = builder.both(not_float, first)
    builder.if_(first, second)


def _outside(builder: FunctionBuilder, value: ast.expr, side: int, lowest: int, highest: int) -> ast.expr:
    """Whether `value` is beyond the bounds that it can pass; raises TypeError for a string."""
    above = builder.compare(builder.constant(highest), ast.Lt(), value)
    below = builder.compare(builder.constant(lowest), ast.Gt(), value)
    if side > 0:
        return above
    if side < 0:
        return below
    return builder.either(above, below)


def _one_sided(builder: FunctionBuilder, node: nodes.Binary) -> int:
    """1 where only the upper bound can be passed, -1 for the lower, 0 for both (or a string to refuse)."""
    exact = builder.kinds.exact(node)
    if exact is not None and exact[0] >= builder.profile.lowest:
        return 1
    if exact is not None and exact[1] <= builder.profile.highest:
        return -1
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
    kinds = builder.kinds
    if isinstance(node.left, nodes.Number):
        left = builder.constant(float(node.left.value))
    elif isinstance(node.right, nodes.Number):
        right = builder.constant(float(node.right.value))
    elif not kinds.is_float(node.left) and not kinds.is_float(node.right):
        left = builder.operation(left, ast.Mult(), builder.constant(1.0))
    fast = builder.operation(left, ast.Div(), right)
    builder.guarded(result, fast, ("TypeError", "ZeroDivisionError"), slow)


def _shift(
    builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr, result: str, slow: ast.expr
) -> ast.expr:
    count: object = node.right.value if isinstance(node.right, nodes.Number) else None
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
) -> tuple[ast.expr, ast.expr | None]:
    """An order operator as the host's and as the runtime's; the latter None where the host never refuses."""
    operator, slow_name, swapped = _COMPARISONS[node.operator]
    fast = builder.compare(left, operator, right)
    kinds = builder.kinds
    if kinds.is_number(node.left) and kinds.is_number(node.right):
        return fast, None
    if kinds.kind(node.left) == STRING and kinds.kind(node.right) == STRING:
        return fast, None
    return fast, builder.call(slow_name, *((right, left) if swapped else (left, right)))


def comparison(builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
    """A relational operator as a host truth value, to be used before anything else is evaluated."""
    builder.point(node)
    builder.at(node)
    if node.operator in ("==", "~="):
        return _equality(builder, node, left, right)
    fast, slow = comparisons(builder, node, left, right)
    if slow is None:
        return fast
    result = builder.temporary()
    # The host compares and jumps in one step; storing what it compares takes longer.
    chosen = builder.choice(fast, builder.constant(True), builder.constant(False))
    builder.guarded(result, chosen, ("TypeError",), slow)
    return builder.name(result)


_SIMPLE = (nodes.Number, nodes.String, nodes.Boolean, nodes.Nil, nodes.Function)


def _equality(builder: FunctionBuilder, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
    negated = node.operator == "~="
    for side in (node.left, node.right):
        if isinstance(side, (nodes.Nil, nodes.Boolean)):
            return builder.compare(left, ast.IsNot() if negated else ast.Is(), right)
    kinds = builder.kinds
    for side in (node.left, node.right):
        if isinstance(side, _SIMPLE) or is_primitive(kinds.kind(side)):
            return builder.compare(left, ast.NotEq() if negated else ast.Eq(), right)
    if builder.profile.integers:
        # A table that has a finaliser is of a subclass, as userdata are of their own.
        other: ast.expr = builder.compare(builder.class_of(left), ast.NotIn(), builder.name("$plain_types"))
        if kinds.likely(node.left) == INTEGER or kinds.likely(node.right) == INTEGER:
            not_int = builder.compare(builder.class_of(left), ast.IsNot(), builder.name("int"))
            other = builder.both(not_int, other)
    else:
        other = builder.is_type(left, "$Table")
    slow = builder.both(other, builder.call("$equal", left, right))
    value = builder.either(builder.compare(left, ast.Eq(), right), slow)
    return builder.negation(value) if negated else value


def is_primitive(kind: int) -> bool:
    """Whether no value of a kind has a metamethod for equality."""
    return kind != 0 and not kind & COMPARED


def concatenation(
    builder: FunctionBuilder, node: nodes.Node, parts: list[tuple[nodes.Node, ast.expr]]
) -> ast.expr:
    """`a .. b .. c`, which associates to the right."""
    builder.point(node)
    builder.at(node)
    result = builder.temporary()
    names = tuple(describe(part, builder.function) for part, _ in parts)
    slow = builder.call(
        "$concatenate_all", builder.tuple_of([value for _, value in parts]), builder.constant(names)
    )
    if builder.chunk.metered and len(parts) > _FEW_PARTS:
        # The size of the whole is known before it is made.
        builder.assign(result, slow)
        return builder.name(result)
    pieces: list[ast.expr] = []
    for part, value in parts:
        if isinstance(part, nodes.String) or builder.kinds.kind(part) == STRING:
            pieces.append(value)
        elif builder.kinds.is_integer(part) and builder.profile.integers:
            pieces.append(builder.call("str", value))
        else:
            text = builder.is_type(value, "str")
            pieces.append(builder.choice(text, value, builder.call("$piece", value)))
    fast = pieces[0]
    # The host would fold constants into one that is the same object as an equal literal.
    if len(pieces) <= 3 and not all(isinstance(piece, ast.Constant) for piece in pieces):
        for piece in pieces[1:]:
            fast = builder.operation(fast, ast.Add(), piece)
    else:
        fast = builder.call(builder.attribute(builder.constant(""), "join"), builder.tuple_of(pieces))
    if not builder.chunk.metered:
        builder.guarded(result, fast, ("TypeError",), slow)
        return builder.name(result)
    size = builder.call("len", builder.name(result))
    with builder.collected() as body:
        builder.assign(result, fast)
        with builder.collected() as large:
            builder.evaluate(builder.call(builder.attribute(builder.name("$budget"), "allocate"), size))
        builder.if_(builder.compare(size, ast.Gt(), builder.constant(_LARGE)), large)
    with builder.collected() as handler:
        builder.assign(result, slow)
    builder.try_(body, ("TypeError",), handler)
    return builder.name(result)
