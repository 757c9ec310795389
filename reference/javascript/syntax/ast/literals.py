"""ECMA-262 13.2.3 and 13.2.7: literals, and the base of all expressions."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast.node import Node, Positioned


class Expression(Node):
    """Any expression."""

    __slots__ = ()


class NullLiteral(Expression):
    """13.2.3 `null`."""

    __slots__ = ()


class BooleanLiteral(Expression):
    """13.2.3 `true` or `false`."""

    __slots__ = ("value",)

    def __init__(self, first: Positioned, end: int, value: bool) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.value = value


class NumericLiteral(Expression):
    """13.2.3 a Number."""

    __slots__ = ("value",)

    def __init__(self, first: Positioned, end: int, value: float) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.value = value


class BigIntLiteral(Expression):
    """13.2.3 a BigInt; `value` is its mathematical value."""

    __slots__ = ("value",)

    def __init__(self, first: Positioned, end: int, value: int) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.value = value


class StringLiteral(Expression):
    """13.2.3 a String; `value` holds UTF-16 code units."""

    __slots__ = ("value",)

    def __init__(self, first: Positioned, end: int, value: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.value = value


class RegularExpressionLiteral(Expression):
    """13.2.7 a regular expression, already checked by the pattern parser.

    Attributes:
        pattern: BodyText as UTF-16 code units, as the guest sees it in `source`.
        flags: FlagText.
    """

    __slots__ = ("flags", "pattern")

    def __init__(self, first: Positioned, end: int, pattern: str, flags: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.pattern = pattern
        self.flags = flags
