"""ECMA-262 clause 13: expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from lockstep.reference.javascript.syntax.ast.literals import Expression
from lockstep.reference.javascript.syntax.ast.node import Node, Positioned
from lockstep.reference.javascript.syntax.ast.patterns import Pattern

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast.functions import Class, Function, Method


class IdentifierReference(Expression):
    """13.1 IdentifierReference.

    Attributes:
        name: the StringValue.
    """

    __slots__ = ("name",)

    def __init__(self, first: Positioned, end: int, name: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name


class ThisExpression(Expression):
    """13.2.1 `this`."""

    __slots__ = ()


class TemplateLiteral(Expression):
    """13.2.8 a template; there is one more string than there are substitutions.

    Attributes:
        cooked: the TV of each part; None where an escape is not valid (tagged templates only).
        raw: the TRV of each part.
    """

    __slots__ = ("cooked", "expressions", "raw")

    def __init__(
        self,
        first: Positioned,
        end: int,
        cooked: list[str | None],
        raw: list[str],
        expressions: list[Expression],
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.cooked = cooked
        self.raw = raw
        self.expressions = expressions


class TaggedTemplate(Expression):
    """13.3.11 a tagged template; the template object is cached per node and realm."""

    __slots__ = ("tag", "template")

    def __init__(self, first: Positioned, end: int, tag: Expression, template: TemplateLiteral) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.tag = tag
        self.template = template


class SpreadElement(Expression):
    """`...argument` in an array literal, an argument list or an object literal."""

    __slots__ = ("argument",)

    def __init__(self, first: Positioned, end: int, argument: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.argument = argument


class ArrayLiteral(Expression):
    """13.2.4 an array; None is an elision."""

    __slots__ = ("elements",)

    def __init__(self, first: Positioned, end: int, elements: list[Expression | None]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.elements = elements


class ComputedPropertyName(Node):
    """13.2.5 `[expression]` as a property name."""

    __slots__ = ("expression",)

    def __init__(self, first: Positioned, end: int, expression: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expression = expression


class PrivateName(Node):
    """12.7 PrivateIdentifier; `name` begins with `#`."""

    __slots__ = ("name",)

    def __init__(self, first: Positioned, end: int, name: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name


PropertyName = Union[str, ComputedPropertyName, PrivateName]
"""A literal name (numbers already as strings), a computed one, or the private name of a class element."""


class PropertyDefinition(Node):
    """13.2.5 `key: value` and the shorthand `key`.

    Attributes:
        key: literal or computed name.
        is_proto: whether this is `__proto__: value`, which sets the prototype (13.2.5.5).
        names_function: the value is an anonymous function or class that takes the key as its name.
    """

    __slots__ = ("is_proto", "key", "names_function", "shorthand", "value")

    def __init__(
        self,
        first: Positioned,
        end: int,
        key: str | ComputedPropertyName,
        value: Expression,
        shorthand: bool,
        is_proto: bool,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.key = key
        self.value = value
        self.shorthand = shorthand
        self.is_proto = is_proto
        self.names_function = names_function


class MethodDefinition(Node):
    """15.4 a method, getter or setter in an object literal or a class body.

    Attributes:
        kind: `method`, `get` or `set`; async and generator stand in the function.
    """

    __slots__ = ("function", "is_static", "key", "kind")

    def __init__(
        self, first: Positioned, end: int, key: PropertyName, kind: str, function: Method, is_static: bool
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.key = key
        self.kind = kind
        self.function = function
        self.is_static = is_static


class ObjectLiteral(Expression):
    """13.2.5 an object."""

    __slots__ = ("properties",)

    def __init__(
        self,
        first: Positioned,
        end: int,
        properties: list[PropertyDefinition | MethodDefinition | SpreadElement],
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.properties = properties


class FunctionExpression(Expression):
    """15.2, 15.5, 15.6, 15.8, 15.3, 15.9: a function or arrow function as an expression."""

    __slots__ = ("function",)

    def __init__(self, first: Positioned, end: int, function: Function) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.function = function


class ClassExpression(Expression):
    """15.7 a class as an expression."""

    __slots__ = ("definition",)

    def __init__(self, first: Positioned, end: int, definition: Class) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.definition = definition


class DotMember(Expression):
    """13.3.2 `base.name`; `optional` is true for `base?.name`."""

    __slots__ = ("base", "name", "optional")

    def __init__(self, first: Positioned, end: int, base: Expression, name: str, optional: bool) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.base = base
        self.name = name
        self.optional = optional


class ComputedMember(Expression):
    """13.3.2 `base[expression]`; `optional` is true for `base?.[expression]`."""

    __slots__ = ("base", "expression", "optional")

    def __init__(
        self, first: Positioned, end: int, base: Expression, expression: Expression, optional: bool
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.base = base
        self.expression = expression
        self.optional = optional


class PrivateMember(Expression):
    """13.3.2 `base.#name`; `name` begins with `#`."""

    __slots__ = ("base", "name", "optional")

    def __init__(self, first: Positioned, end: int, base: Expression, name: str, optional: bool) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.base = base
        self.name = name
        self.optional = optional


class SuperDot(Expression):
    """13.3.7 `super.name`."""

    __slots__ = ("name",)

    def __init__(self, first: Positioned, end: int, name: str) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name


class SuperComputed(Expression):
    """13.3.7 `super[expression]`."""

    __slots__ = ("expression",)

    def __init__(self, first: Positioned, end: int, expression: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expression = expression


class OptionalChain(Expression):
    """13.3.9 the whole of `a?.b.c`; a link with `optional` that meets null or undefined ends it."""

    __slots__ = ("expression",)

    def __init__(self, first: Positioned, end: int, expression: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expression = expression


class Call(Expression):
    """13.3.6 a call.

    Attributes:
        optional: `callee?.(arguments)`.
        is_direct_eval: the callee is the plain name `eval`, so it may be a direct eval (13.3.6.1, step 6).
    """

    __slots__ = ("arguments", "callee", "is_direct_eval", "optional")

    def __init__(
        self,
        first: Positioned,
        end: int,
        callee: Expression,
        arguments: list[Expression],
        optional: bool,
        is_direct_eval: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.callee = callee
        self.arguments = arguments
        self.optional = optional
        self.is_direct_eval = is_direct_eval


class SuperCall(Expression):
    """13.3.7 `super(arguments)`."""

    __slots__ = ("arguments",)

    def __init__(self, first: Positioned, end: int, arguments: list[Expression]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.arguments = arguments


class New(Expression):
    """13.3.5 `new callee(arguments)`."""

    __slots__ = ("arguments", "callee")

    def __init__(self, first: Positioned, end: int, callee: Expression, arguments: list[Expression]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.callee = callee
        self.arguments = arguments


class ImportCall(Expression):
    """13.3.10 `import(specifier, options)`; `phase` is `evaluation`, `source` or `defer`."""

    __slots__ = ("options", "phase", "specifier")

    def __init__(
        self, first: Positioned, end: int, specifier: Expression, options: Expression | None, phase: str
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.specifier = specifier
        self.options = options
        self.phase = phase


class ImportMeta(Expression):
    """13.3.12 `import.meta`."""

    __slots__ = ()


class NewTarget(Expression):
    """13.3.12 `new.target`."""

    __slots__ = ()


class Update(Expression):
    """13.4 `++` and `--`."""

    __slots__ = ("argument", "operator", "prefix")

    def __init__(
        self, first: Positioned, end: int, operator: str, prefix: bool, argument: Expression
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.prefix = prefix
        self.argument = argument


class Unary(Expression):
    """13.5 `delete void typeof + - ~ !`."""

    __slots__ = ("argument", "operator")

    def __init__(self, first: Positioned, end: int, operator: str, argument: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.argument = argument


class Await(Expression):
    """15.8 `await argument`."""

    __slots__ = ("argument",)

    def __init__(self, first: Positioned, end: int, argument: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.argument = argument


class Yield(Expression):
    """15.5 `yield argument` and `yield* argument`."""

    __slots__ = ("argument", "delegate")

    def __init__(self, first: Positioned, end: int, argument: Expression | None, delegate: bool) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.argument = argument
        self.delegate = delegate


class Binary(Expression):
    """13.6 to 13.12: arithmetic, shift, relational, equality and bitwise operators."""

    __slots__ = ("left", "operator", "right")

    def __init__(
        self, first: Positioned, end: int, operator: str, left: Expression, right: Expression
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.left = left
        self.right = right


class PrivateIn(Expression):
    """13.10 `#name in right`."""

    __slots__ = ("name", "right")

    def __init__(self, first: Positioned, end: int, name: str, right: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.name = name
        self.right = right


class Logical(Expression):
    """13.13 `&&`, `||` and `??`."""

    __slots__ = ("left", "operator", "right")

    def __init__(
        self, first: Positioned, end: int, operator: str, left: Expression, right: Expression
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.left = left
        self.right = right


class Conditional(Expression):
    """13.14 `test ? consequent : alternate`."""

    __slots__ = ("alternate", "consequent", "test")

    def __init__(
        self, first: Positioned, end: int, test: Expression, consequent: Expression, alternate: Expression
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.test = test
        self.consequent = consequent
        self.alternate = alternate


class Assignment(Expression):
    """13.15 `target = value`.

    Attributes:
        target: a reference or an assignment pattern.
        names_function: the value is an anonymous function or class that takes the target's name (step 1.c).
    """

    __slots__ = ("names_function", "target", "value")

    def __init__(
        self,
        first: Positioned,
        end: int,
        target: Expression | Pattern,
        value: Expression,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.target = target
        self.value = value
        self.names_function = names_function


class CompoundAssignment(Expression):
    """13.15 `target operator= value`; `operator` is without the `=`."""

    __slots__ = ("operator", "target", "value")

    def __init__(
        self, first: Positioned, end: int, operator: str, target: Expression, value: Expression
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.target = target
        self.value = value


class LogicalAssignment(Expression):
    """13.15 `&&=`, `||=` and `??=`; `operator` is without the `=`."""

    __slots__ = ("names_function", "operator", "target", "value")

    def __init__(
        self,
        first: Positioned,
        end: int,
        operator: str,
        target: Expression,
        value: Expression,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.operator = operator
        self.target = target
        self.value = value
        self.names_function = names_function


class Sequence(Expression):
    """13.16 the comma operator."""

    __slots__ = ("expressions",)

    def __init__(self, first: Positioned, end: int, expressions: list[Expression]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expressions = expressions
