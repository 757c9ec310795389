"""ECMA-262 clause 15: functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from lockstep.reference.javascript.syntax.ast.expressions import MethodDefinition, PropertyName
from lockstep.reference.javascript.syntax.ast.literals import Expression
from lockstep.reference.javascript.syntax.ast.node import Node, Positioned, Source
from lockstep.reference.javascript.syntax.ast.patterns import BindingIdentifier, PatternElement, Target
from lockstep.reference.javascript.syntax.scope import FunctionScope, Scope

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast.statements import Statement


class Function(Node):
    """Any function: declaration, expression or arrow function; `Method` for the rest.

    Attributes:
        kind: `normal`, `arrow`, `method`, `get`, `set`, `constructor` or `derived` (constructor of a class
            with heritage).
        name: the BindingIdentifier, or None.
        parameters: without the rest parameter.
        rest: the target of `...rest`.
        body: the statements; of a concise arrow body one Return.
        strict: whether the code is strict.
        scope: what scope analysis found, see `FunctionScope`.
        name_scope: the scope of a named function expression's own name (an immutable binding), else None.
        source: of the whole program, see `source_text`.
    """

    __slots__ = (
        "body",
        "is_async",
        "is_generator",
        "kind",
        "name",
        "name_scope",
        "parameters",
        "rest",
        "scope",
        "source",
        "strict",
    )

    def __init__(
        self,
        first: Positioned,
        end: int,
        kind: str,
        is_async: bool,
        is_generator: bool,
        name: BindingIdentifier | None,
        parameters: list[PatternElement],
        rest: Target | None,
        body: list[Statement],
        strict: bool,
        scope: FunctionScope,
        name_scope: Scope | None,
        source: Source,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.kind = kind
        self.is_async = is_async
        self.is_generator = is_generator
        self.name = name
        self.parameters = parameters
        self.rest = rest
        self.body = body
        self.strict = strict
        self.scope = scope
        self.name_scope = name_scope
        self.source = source

    @property
    def source_text(self) -> str:
        """The exact source text as UTF-16 code units, for Function.prototype.toString."""
        return self.source.text_between(self.start, self.end)

    @property
    def expected_argument_count(self) -> int:
        """15.1.5 ExpectedArgumentCount: parameters before the first with an initializer."""
        count = 0
        for parameter in self.parameters:
            if parameter.initializer is not None:
                break
            count += 1
        return count


class Method(Function):
    """15.4 the function of a MethodDefinition or of a class constructor; it has a home object."""

    __slots__ = ()


class FieldDefinition(Node):
    """15.7 a field of a class; its initializer runs as a method of its own.

    Attributes:
        scope: the function scope of the initializer, or None without one.
        names_function: the initializer is an anonymous function or class that takes the field's name.
    """

    __slots__ = ("initializer", "is_static", "key", "names_function", "scope")

    def __init__(
        self,
        first: Positioned,
        end: int,
        key: PropertyName,
        initializer: Expression | None,
        is_static: bool,
        scope: FunctionScope | None,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.key = key
        self.initializer = initializer
        self.is_static = is_static
        self.scope = scope
        self.names_function = names_function


class StaticBlock(Node):
    """15.7 `static { ... }`; the body runs as a method of its own."""

    __slots__ = ("body", "scope")

    def __init__(self, first: Positioned, end: int, body: list[Statement], scope: FunctionScope) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.body = body
        self.scope = scope


ClassElement = Union[MethodDefinition, FieldDefinition, StaticBlock]


class Class(Node):
    """15.7 a class, always strict code.

    Attributes:
        constructor: the explicit constructor, or None.
        elements: all other elements, in order.
        scope: the scope of the class body: the inner (immutable) binding of its name, if it has one.
        private_names: every `#name` declared in the body.
    """

    __slots__ = ("constructor", "elements", "heritage", "name", "private_names", "scope", "source")

    def __init__(
        self,
        first: Positioned,
        end: int,
        name: BindingIdentifier | None,
        heritage: Expression | None,
        constructor: Method | None,
        elements: list[ClassElement],
        scope: Scope,
        private_names: list[str],
        source: Source,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name
        self.heritage = heritage
        self.constructor = constructor
        self.elements = elements
        self.scope = scope
        self.private_names = private_names
        self.source = source

    @property
    def source_text(self) -> str:
        """The exact source text as UTF-16 code units."""
        return self.source.text_between(self.start, self.end)
