"""ECMA-262 13.2.3 and 13.2.7: literals."""

from __future__ import annotations

from lockstep.reference.host.trees import declared
from lockstep.reference.javascript.syntax.ast.node import Expression


@declared
class NullLiteral(Expression):
    """13.2.3 `null`."""


@declared
class BooleanLiteral(Expression):
    """13.2.3 `true` or `false`."""

    value: bool


@declared
class NumericLiteral(Expression):
    """13.2.3 a Number."""

    value: float


@declared
class BigIntLiteral(Expression):
    """13.2.3 a BigInt; `value` is its mathematical value."""

    value: int


@declared
class StringLiteral(Expression):
    """13.2.3 a String; `value` holds UTF-16 code units."""

    value: str


@declared
class RegularExpressionLiteral(Expression):
    """13.2.7 a regular expression, already checked by the pattern parser.

    Attributes:
        pattern: BodyText as UTF-16 code units, as the guest sees it in `source`.
        flags: FlagText.
    """

    pattern: str
    flags: str
