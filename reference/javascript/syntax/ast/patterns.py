"""ECMA-262 14.3.3 and 13.15.5: binding identifiers and patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from lockstep.reference.javascript.syntax.ast.node import Node, Positioned

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast.expressions import ComputedPropertyName
    from lockstep.reference.javascript.syntax.ast.literals import Expression


class BindingIdentifier(Node):
    """13.1 BindingIdentifier: a name that a declaration, parameter or pattern binds."""

    __slots__ = ("name",)

    def __init__(self, first: Positioned, end: int, name: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name


class Pattern(Node):
    """14.3.3 and 13.15.5: a binding pattern or an assignment pattern."""

    __slots__ = ()


class PatternElement(Node):
    """A target with its initializer.

    Attributes:
        target: BindingIdentifier or Pattern; in assignment patterns any reference expression or Pattern.
        names_function: the initializer is an anonymous function or class that takes the target's name.
    """

    __slots__ = ("initializer", "names_function", "target")

    def __init__(
        self,
        first: Positioned,
        end: int,
        target: Target,
        initializer: Expression | None,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.target = target
        self.initializer = initializer
        self.names_function = names_function


class PatternProperty(Node):
    """`key: element` in an object pattern; `{a}` and `{a = 1}` are spelled out."""

    __slots__ = ("element", "key")

    def __init__(
        self, first: Positioned, end: int, key: str | ComputedPropertyName, element: PatternElement
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.key = key
        self.element = element


class ObjectPattern(Pattern):
    """An object pattern; `rest` is the target of `...rest`."""

    __slots__ = ("properties", "rest")

    def __init__(
        self, first: Positioned, end: int, properties: list[PatternProperty], rest: Target | None
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.properties = properties
        self.rest = rest


class ArrayPattern(Pattern):
    """An array pattern; None is an elision; `rest` is the target of `...rest`."""

    __slots__ = ("elements", "rest")

    def __init__(
        self, first: Positioned, end: int, elements: list[PatternElement | None], rest: Target | None
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.elements = elements
        self.rest = rest


Target = Union[BindingIdentifier, Pattern, "Expression"]
"""What a pattern or loop head stores into."""
