"""The host expression that a guest expression became, and what is known of its value."""

from __future__ import annotations

import ast


class Operand:
    """A host expression for a guest value.

    Attributes:
        expression: free of side effects and cheap; may be evaluated once.
        kind: `number`, `string`, `boolean`, or "" where it may be anything.
        stable: no later code can change what the expression means.
        integer: a host int in the range of an int32 that has the same value, likewise; or None.
    """

    __slots__ = ("expression", "integer", "kind", "stable")

    def __init__(
        self, expression: ast.expr, kind: str = "", stable: bool = True, *, integer: ast.expr | None = None
    ) -> None:
        self.integer = integer
        self.expression = expression
        self.kind = kind
        self.stable = stable
