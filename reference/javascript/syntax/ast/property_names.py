"""ECMA-262 13.2.5 and 12.7: the names of properties and class elements."""

from __future__ import annotations

from typing import Union

from lockstep.reference.host.trees import child, declared
from lockstep.reference.javascript.syntax.ast.node import Expression, Node


@declared
class ComputedPropertyName(Node):
    """13.2.5 `[expression]` as a property name."""

    expression: Expression = child()


@declared
class PrivateName(Node):
    """12.7 PrivateIdentifier; `name` begins with `#`."""

    name: str


PropertyName = Union[str, ComputedPropertyName, PrivateName]
"""A literal name (numbers already as strings), a computed one, or the private name of a class element."""
