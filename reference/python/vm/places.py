"""Making nodes where a guest's node stands: calls of what the VM adds to the host."""

from __future__ import annotations

import ast
from typing import Union

from lockstep.reference.host.generation.constants import placeholder
from lockstep.reference.host.generation.nodes import SpanNodes

Literal = Union[str, int, bool, None, tuple[str, ...]]


class Place(SpanNodes):
    """Makes nodes at the place of one of the guest's."""

    def helper(self, name: str, *arguments: ast.expr) -> ast.expr:
        """A call of the VM's helper `name`."""
        return self.call(placeholder(self, name), *arguments)

    def literal(self, value: Literal) -> ast.expr:
        """A constant; tuples of strings are built."""
        if isinstance(value, tuple):
            return self.tuple_of([self.constant(item) for item in value])
        return self.constant(value)
