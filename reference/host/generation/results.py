"""Where the value of an expression is wanted, and the rule of the house that its variable is written late.

A production that computes into a variable of its caller's writes it **only after the last look at its operands**: in
`t = t[k]` the fast path must leave `t` as it is for the slow one. So the variable of a `Result` cannot be had but by
`Builder.into`, which is told what will be looked at after the first write.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable


class Result:
    """A host variable in which a value is wanted."""

    __slots__ = ("_identifier",)

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier

    def free_of(self, operands: Iterable[ast.expr]) -> str | None:
        """The variable, where none of `operands` reads it."""
        return None if any(reads(one, self._identifier) for one in operands) else self._identifier

    def holds(self, value: ast.expr) -> bool:
        """Whether `value` stands in the variable already."""
        return isinstance(value, ast.Name) and value.id == self._identifier


def reads(value: ast.expr, identifier: str) -> bool:
    """Whether an expression looks at a host variable."""
    return any(isinstance(part, ast.Name) and part.id == identifier for part in ast.walk(value))
