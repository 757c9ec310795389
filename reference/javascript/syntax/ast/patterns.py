"""ECMA-262 14.3.3 and 13.15.5: binding identifiers and patterns."""

from __future__ import annotations

from typing import Union

from lockstep.reference.host.trees import child, declared
from lockstep.reference.javascript.syntax.ast.node import Expression, Node
from lockstep.reference.javascript.syntax.ast.property_names import ComputedPropertyName


@declared
class BindingIdentifier(Node):
    """13.1 BindingIdentifier: a name that a declaration, parameter or pattern binds."""

    name: str


@declared
class Pattern(Node):
    """14.3.3 and 13.15.5: a binding pattern or an assignment pattern."""


@declared
class PatternElement(Node):
    """A target with its initializer.

    Attributes:
        target: BindingIdentifier or Pattern; in assignment patterns any reference expression or Pattern.
        names_function: the initializer is an anonymous function or class that takes the target's name.
    """

    target: Target = child()
    initializer: Expression | None = child()
    names_function: bool


@declared
class PatternProperty(Node):
    """`key: element` in an object pattern; `{a}` and `{a = 1}` are spelled out."""

    key: str | ComputedPropertyName = child()
    element: PatternElement = child()


@declared
class ObjectPattern(Pattern):
    """An object pattern; `rest` is the target of `...rest`."""

    properties: list[PatternProperty] = child()
    rest: Target | None = child()


@declared
class ArrayPattern(Pattern):
    """An array pattern; None is an elision; `rest` is the target of `...rest`."""

    elements: list[PatternElement | None] = child()
    rest: Target | None = child()


Target = Union[BindingIdentifier, Pattern, Expression]
"""What a pattern or loop head stores into."""
