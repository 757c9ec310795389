"""Calls of clojure.core that compile to host operations.

Each is the shared runtime function with a guard in front: the host's result is taken where it provably is the
guest's. Everything else calls the runtime function of that name.
"""

from __future__ import annotations

import ast
from typing import Callable, Protocol

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.runtime.values.names import Boolean, Keyword
from lockstep.reference.clojure.runtime.values.numbers import LONG_MAX, LONG_MIN
from lockstep.reference.clojure.vm.builder import Builder
from lockstep.reference.clojure.vm.inference import DOUBLE, LONG, Types

Node = nodes.Node


class Operands(Protocol):
    """What the compiler of a function makes of operands."""

    builder: Builder
    types: Types

    def temporary(self) -> str:
        """A fresh host local."""

    def held(self, value: ast.expr) -> tuple[ast.expr, str]:
        """The first use of `value`, and the name for the later ones."""
        ...

    def expression(self, node: Node) -> ast.expr:
        """An expression for the value of `node`."""
        ...

    def expressions(self, parts: list[Node]) -> list[ast.expr]:
        """Expressions for `parts`, evaluated in order."""
        ...

    def test(self, node: Node) -> ast.expr:
        """A host condition that holds where `node` is logically true."""
        ...


Compile = Callable[[Operands, "list[Node]"], "ast.expr | None"]


def checked(compiler: Operands, result: ast.expr, function: str, arguments: list[Node]) -> ast.expr:
    """`result` if it is in the range of a long, else what `overflow` says about it."""
    if compiler.types.needs_no_check(function, arguments):
        return result
    builder = compiler.builder
    name = compiler.temporary()
    inside = builder.placed(
        ast.Compare(
            builder.constant(LONG_MIN),
            [ast.LtE(), ast.LtE()],
            [builder.walrus(name, result), builder.constant(LONG_MAX)],
        )
    )
    return builder.choice(inside, builder.name(name), builder.runtime("overflow", builder.name(name)))


def _sum(operator: Callable[[], ast.operator], function: str) -> Compile:
    def compile_call(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 2:
            return None
        left, right = compiler.expressions(arguments)
        return checked(compiler, compiler.builder.operation(left, operator(), right), function, arguments)

    return compile_call


def _product(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    """`*`: the host would repeat a string, so an operand that may be one is asked first."""
    if len(arguments) != 2:
        return None
    builder = compiler.builder
    left, right = arguments
    if (
        isinstance(left, nodes.LocalRef)
        and isinstance(right, nodes.LocalRef)
        and left.binding is right.binding
    ):
        # The host does not multiply two strings.
        factors = compiler.expressions(arguments)
        return checked(compiler, builder.operation(factors[0], ast.Mult(), factors[1]), "*", arguments)
    tests: list[ast.expr] = []
    plain: list[ast.expr] = []
    for argument, value in zip(arguments, compiler.expressions(arguments)):
        sure = compiler.types.is_numeric(argument)
        if isinstance(value, ast.Constant) and sure:
            plain.append(value)
            continue
        first, name = compiler.held(value)
        plain.append(builder.name(name))
        if not sure:
            tests.append(builder.compare(builder.runtime("type", first), ast.IsNot(), builder.name("%str")))
        elif not isinstance(first, ast.Name):
            tests.append(builder.compare(first, ast.IsNot(), builder.constant(None)))
    result = builder.operation(plain[0], ast.Mult(), plain[1])
    if not tests:
        return checked(compiler, result, "*", arguments)
    # Both operands are evaluated before either is looked at.
    test = tests[0] if len(tests) == 1 else builder.operation(tests[0], ast.BitAnd(), tests[1])
    return checked(compiler, builder.choice(test, result, builder.runtime("product", *plain)), "*", arguments)


def _step(operator: Callable[[], ast.operator], function: str) -> Compile:
    def compile_call(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 1:
            return None
        value = compiler.expression(arguments[0])
        stepped = compiler.builder.operation(value, operator(), compiler.builder.constant(1))
        return checked(compiler, stepped, function, arguments)

    return compile_call


def _twice(compiler: Operands, value: ast.expr) -> tuple[ast.expr, ast.expr]:
    """The first and the second use of a value."""
    if isinstance(value, ast.Constant):
        return value, compiler.builder.constant(value.value)
    first, name = compiler.held(value)
    return first, compiler.builder.name(name)


def _subtract(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    if len(arguments) == 1:
        value = compiler.expression(arguments[0])
        return checked(compiler, compiler.builder.placed(ast.UnaryOp(ast.USub(), value)), "-", arguments)
    if len(arguments) != 2:
        return None
    left, right = compiler.expressions(arguments)
    subtrahend = arguments[1]
    if (
        isinstance(subtrahend, nodes.Const) and subtrahend.value.__class__ is int and subtrahend.value
    ) or all(map(compiler.types.is_long, arguments)):
        return checked(compiler, compiler.builder.operation(left, ast.Sub(), right), "-", arguments)
    # Numbers.minus adds the negation: -0.0 less 0 is 0.0. Only where the difference is zero can one tell.
    builder = compiler.builder
    left, minuend = _twice(compiler, left)
    right, subtracted = _twice(compiler, right)
    name = compiler.temporary()
    inside = builder.placed(
        ast.Compare(
            builder.constant(LONG_MIN),
            [ast.LtE(), ast.LtE()],
            [builder.walrus(name, builder.operation(left, ast.Sub(), right)), builder.constant(LONG_MAX)],
        )
    )
    return builder.choice(
        builder.both(inside, builder.name(name)),
        builder.name(name),
        builder.runtime("subtract", minuend, subtracted),
    )


def _is_int(compiler: Operands, value: ast.expr) -> ast.expr:
    builder = compiler.builder
    return builder.compare(builder.runtime("type", value), ast.Is(), builder.name("%int"))


def _modulo(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    """`(mod n constant)`: the host's remainder has the divisor's sign too."""
    if len(arguments) != 2:
        return None
    divisor = arguments[1]
    if not isinstance(divisor, nodes.Const) or divisor.value.__class__ is not int or divisor.value <= 0:
        return None
    builder = compiler.builder
    constant = builder.constant(divisor.value)
    if compiler.types.is_long(arguments[0]):
        return builder.operation(compiler.expression(arguments[0]), ast.Mod(), constant)
    first, name = compiler.held(compiler.expression(arguments[0]))
    return builder.choice(
        _is_int(compiler, first),
        builder.operation(builder.name(name), ast.Mod(), constant),
        builder.runtime("modulo", builder.name(name), constant),
    )


def _truncating(operator: Callable[[], ast.operator], function: str) -> Compile:
    def compile_call(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 2:
            return None
        divisor = arguments[1]
        builder = compiler.builder
        if not isinstance(divisor, nodes.Const) or divisor.value.__class__ is not int or divisor.value <= 0:
            return builder.runtime(function, *compiler.expressions(arguments))
        constant = builder.constant(divisor.value)
        if compiler.types.is_natural(arguments[0]):
            return builder.operation(compiler.expression(arguments[0]), operator(), constant)
        first, name = compiler.held(compiler.expression(arguments[0]))
        zero = builder.constant(0)
        return builder.choice(
            builder.compare(first, ast.GtE(), zero)
            if compiler.types.is_long(arguments[0])
            else builder.both(_is_int(compiler, first), builder.compare(builder.name(name), ast.GtE(), zero)),
            builder.operation(builder.name(name), operator(), constant),
            builder.runtime(function, builder.name(name), constant),
        )

    return compile_call


def _runtime(function: str, *counts: int) -> Compile:
    def compile_call(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) not in counts:
            return None
        return compiler.builder.runtime(function, *compiler.expressions(arguments))

    return compile_call


def _get(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    key = arguments[1] if len(arguments) == 2 else None
    if isinstance(key, nodes.Const) and key.value.__class__ is Keyword:
        return lookup(compiler, arguments[0], key)
    return _runtime("get", 2, 3)(compiler, arguments)


def lookup(compiler: Operands, target: Node, key: Node) -> ast.expr:
    """`(:key target)`: the dict of a plain map that nobody has superseded, else the shared lookup."""
    builder = compiler.builder
    first, name = compiler.held(compiler.expression(target))
    table = compiler.temporary()
    constant = compiler.expression(key)
    plain = builder.both(
        builder.compare(builder.runtime("type", first), ast.Is(), builder.name("%Map")),
        builder.compare(
            builder.walrus(table, builder.attribute(builder.name(name), "table")),
            ast.IsNot(),
            builder.constant(None),
        ),
    )
    return builder.choice(
        plain,
        builder.call(builder.attribute(builder.name(table), "get"), constant),
        builder.runtime("lookup", builder.name(name), constant),
    )


def _cast(kind: str, known: int, function: str) -> Compile:
    """`(double x)`, `(long x)`: the value itself where it has that type already."""

    def compile_call(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 1:
            return None
        builder = compiler.builder
        if compiler.types.kind(arguments[0]) == known:
            return compiler.expression(arguments[0])
        first, name = compiler.held(compiler.expression(arguments[0]))
        is_kind = builder.compare(builder.runtime("type", first), ast.Is(), builder.name(kind))
        return builder.choice(is_kind, builder.name(name), builder.runtime(function, builder.name(name)))

    return compile_call


CALLS: dict[str, Compile] = {
    "+": _sum(ast.Add, "+"),
    "-": _subtract,
    "*": _product,
    "subtract-primitives": _sum(ast.Sub, "subtract-primitives"),
    "remainder-longs": _truncating(ast.Mod, "remainder_longs"),
    "quotient-longs": _truncating(ast.FloorDiv, "quotient_longs"),
    "inc": _step(ast.Add, "inc"),
    "dec": _step(ast.Sub, "dec"),
    "mod": _modulo,
    "rem": _truncating(ast.Mod, "remainder"),
    "quot": _truncating(ast.FloorDiv, "quotient"),
    "/": _runtime("divide", 2),
    "double": _cast("%float", DOUBLE, "double_cast"),
    "long": _cast("%int", LONG, "long_cast"),
    "get": _get,
    "nth": _runtime("nth", 2, 3),
    "conj": _runtime("conj", 2),
    "assoc": _runtime("assoc", 3),
    "first": _runtime("first", 1),
    "rest": _runtime("rest", 1),
    "next": _runtime("next", 1),
    "seq": _runtime("seq", 1),
    "cons": _runtime("cons", 2),
    "count": _runtime("count", 1),
}


# What is inlined behind a look at its var, with the numbers of arguments: the JVM calls these through the var.
GUARDED: dict[str, tuple[int, ...]] = {
    "not": (1,),
    "some?": (1,),
    "true?": (1,),
    "false?": (1,),
    "mod": (2,),
    "conj": (2,),
    "assoc": (3,),
}
NAMESPACES = frozenset({"clojure.core", "lockstep.kernel"})


def _comparison(operator: Callable[[], ast.cmpop]) -> Compile:
    def compile_test(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 2:
            return None
        builder = compiler.builder
        values = compiler.expressions(arguments)
        if not any(map(compiler.types.is_numeric, arguments)):
            # One operand that is surely no string is enough: the host refuses to mix. The second, since both are evaluated
            # before either is looked at.
            values[0], first = compiler.held(values[0])
            guarded, second = compiler.held(values[1])
            guard = builder.compare(builder.runtime("type", guarded), ast.IsNot(), builder.name("%str"))
            checked = builder.runtime("second_number", builder.name(first), builder.name(second))
            values[1] = builder.choice(guard, builder.name(second), checked)
        return builder.compare(values[0], operator(), values[1])

    return compile_test


def _equal(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    if len(arguments) != 2:
        return None
    builder = compiler.builder
    if all(map(compiler.types.is_long, arguments)):
        left, right = compiler.expressions(arguments)
        return builder.compare(left, ast.Eq(), right)
    for one, other in ((0, 1), (1, 0)):
        constant = arguments[one]
        if not isinstance(constant, nodes.Const):
            continue
        value = constant.value
        if value is None or value.__class__ is Keyword or value.__class__ is Boolean:
            opposite = compiler.expression(arguments[other])
            if isinstance(opposite, ast.Constant):
                return builder.constant(value is None and opposite.value is None)
            if value is None or one == 0:
                return builder.compare(opposite, ast.Is(), compiler.expression(constant))
            # What stands on the left may have an `equals` of its own.
            first, name = compiler.held(opposite)
            kind = builder.name("%Keyword" if value.__class__ is Keyword else "%Boolean")
            expected = compiler.expression(constant)
            return builder.choice(
                builder.compare(builder.runtime("type", first), ast.Is(), kind),
                builder.compare(builder.name(name), ast.Is(), expected),
                builder.runtime("equiv", builder.name(name), expected),
            )
        if value.__class__ is str:
            return builder.compare(compiler.expression(arguments[other]), ast.Eq(), builder.constant(value))
        if value.__class__ is int:
            # 1.0 equals 1 on the host only.
            name = compiler.temporary()
            same = builder.compare(
                builder.walrus(name, compiler.expression(arguments[other])), ast.Eq(), builder.constant(value)
            )
            kind = builder.compare(
                builder.runtime("type", builder.name(name)), ast.IsNot(), builder.name("%float")
            )
            return builder.both(same, kind)
    return builder.runtime("equiv", *compiler.expressions(arguments))


def _is(constant: str | None, *, negated: bool = False) -> Compile:
    def compile_test(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 1:
            return None
        builder = compiler.builder
        other = builder.constant(None) if constant is None else builder.name(constant)
        value = compiler.expression(arguments[0])
        if isinstance(value, ast.Constant):
            return builder.constant((constant is None and value.value is None) != negated)
        return builder.compare(value, ast.IsNot() if negated else ast.Is(), other)

    return compile_test


def _not(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    if len(arguments) != 1:
        return None
    return compiler.builder.negation(compiler.test(arguments[0]))


def _sign(operator: Callable[[], ast.cmpop]) -> Compile:
    def compile_test(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
        if len(arguments) != 1:
            return None
        builder = compiler.builder
        value = compiler.expression(arguments[0])
        if not compiler.types.is_numeric(arguments[0]):
            name = compiler.temporary()
            kind = builder.compare(
                builder.runtime("type", builder.walrus(name, value)), ast.Is(), builder.name("%int")
            )
            value = builder.choice(
                kind, builder.name(name), builder.runtime("require_number", builder.name(name))
            )
        return builder.compare(value, operator(), builder.constant(0))

    return compile_test


def _zero(compiler: Operands, arguments: list[Node]) -> ast.expr | None:
    if len(arguments) != 1:
        return None
    builder = compiler.builder
    if compiler.types.is_long(arguments[0]) or compiler.types.is_double(arguments[0]):
        return builder.compare(compiler.expression(arguments[0]), ast.Eq(), builder.constant(0))
    first, name = compiler.held(compiler.expression(arguments[0]))
    kind = builder.compare(builder.runtime("type", first), ast.Is(), builder.name("%int"))
    same = builder.compare(builder.name(name), ast.Eq(), builder.constant(0))
    return builder.choice(kind, same, builder.runtime("is_zero", builder.name(name)))


TESTS: dict[str, Compile] = {
    "<": _comparison(ast.Lt),
    ">": _comparison(ast.Gt),
    "<=": _comparison(ast.LtE),
    ">=": _comparison(ast.GtE),
    "=": _equal,
    "not": _not,
    "nil?": _is(None),
    "some?": _is(None, negated=True),
    "true?": _is("%true"),
    "false?": _is("%false"),
    "zero?": _zero,
    "pos?": _sign(ast.Gt),
    "neg?": _sign(ast.Lt),
}
GUARDED_TESTS = frozenset(GUARDED) & frozenset(TESTS)
