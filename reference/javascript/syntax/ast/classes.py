"""ECMA-262 15.4 and 15.7: methods and classes."""

from __future__ import annotations

from typing import Union

from lockstep.reference.host.trees import attached, child, declared
from lockstep.reference.javascript.syntax.ast.functions import FunctionScope, Method, Scope
from lockstep.reference.javascript.syntax.ast.node import Expression, Node, Source, Statement
from lockstep.reference.javascript.syntax.ast.patterns import BindingIdentifier
from lockstep.reference.javascript.syntax.ast.property_names import PropertyName


@declared
class MethodDefinition(Node):
    """15.4 a method, getter or setter in an object literal or a class body.

    Attributes:
        kind: `method`, `get` or `set`; async and generator stand in the function.
    """

    key: PropertyName = child()
    kind: str
    function: Method = child()
    is_static: bool


@declared
class FieldDefinition(Node):
    """15.7 a field of a class; its initializer runs as a method of its own.

    Attributes:
        scope: the function scope of the initializer, or None without one.
        names_function: the initializer is an anonymous function or class that takes the field's name.
    """

    key: PropertyName = child()
    initializer: Expression | None = child()
    is_static: bool
    scope: FunctionScope | None = attached()
    names_function: bool


@declared
class StaticBlock(Node):
    """15.7 `static { ... }`; the body runs as a method of its own."""

    body: list[Statement] = child()
    scope: FunctionScope = attached()


ClassElement = Union[MethodDefinition, FieldDefinition, StaticBlock]


@declared
class Class(Node):
    """15.7 a class, always strict code.

    Attributes:
        constructor: the explicit constructor, or None.
        elements: all other elements, in order.
        scope: the scope of the class body: the inner (immutable) binding of its name, if it has one.
        private_names: every `#name` declared in the body.
    """

    name: BindingIdentifier | None = child()
    heritage: Expression | None = child()
    constructor: Method | None = child()
    elements: list[ClassElement] = child()
    scope: Scope = attached()
    private_names: list[str]
    source: Source = attached()

    @property
    def source_text(self) -> str:
        """The exact source text as UTF-16 code units."""
        return self.source.text_between(self.start, self.end)


@declared
class ClassExpression(Expression):
    """15.7 a class as an expression."""

    definition: Class = child()


@declared
class ClassDeclaration(Statement):
    """15.7 a class as a declaration."""

    definition: Class = child()
