"""ECMA-262 clause 13: expressions."""

from __future__ import annotations

from lockstep.reference.host.trees import child, declared
from lockstep.reference.javascript.syntax.ast.classes import MethodDefinition
from lockstep.reference.javascript.syntax.ast.node import Expression, Node
from lockstep.reference.javascript.syntax.ast.patterns import Pattern
from lockstep.reference.javascript.syntax.ast.property_names import ComputedPropertyName


@declared
class IdentifierReference(Expression):
    """13.1 IdentifierReference.

    Attributes:
        name: the StringValue.
    """

    name: str


@declared
class ThisExpression(Expression):
    """13.2.1 `this`."""


@declared
class TemplateLiteral(Expression):
    """13.2.8 a template; there is one more string than there are substitutions.

    Attributes:
        cooked: the TV of each part; None where an escape is not valid (tagged templates only).
        raw: the TRV of each part.
    """

    cooked: list[str | None]
    raw: list[str]
    expressions: list[Expression] = child()


@declared
class TaggedTemplate(Expression):
    """13.3.11 a tagged template; the template object is cached per node and realm."""

    tag: Expression = child()
    template: TemplateLiteral = child()


@declared
class SpreadElement(Expression):
    """`...argument` in an array literal, an argument list or an object literal."""

    argument: Expression = child()


@declared
class ArrayLiteral(Expression):
    """13.2.4 an array; None is an elision."""

    elements: list[Expression | None] = child()


@declared
class PropertyDefinition(Node):
    """13.2.5 `key: value` and the shorthand `key`.

    Attributes:
        key: literal or computed name.
        is_proto: whether this is `__proto__: value`, which sets the prototype (13.2.5.5).
        names_function: the value is an anonymous function or class that takes the key as its name.
    """

    key: str | ComputedPropertyName = child()
    value: Expression = child()
    shorthand: bool
    is_proto: bool
    names_function: bool


@declared
class ObjectLiteral(Expression):
    """13.2.5 an object."""

    properties: list[PropertyDefinition | MethodDefinition | SpreadElement] = child()


@declared
class DotMember(Expression):
    """13.3.2 `base.name`; `optional` is true for `base?.name`."""

    base: Expression = child()
    name: str
    optional: bool


@declared
class ComputedMember(Expression):
    """13.3.2 `base[expression]`; `optional` is true for `base?.[expression]`."""

    base: Expression = child()
    expression: Expression = child()
    optional: bool


@declared
class PrivateMember(Expression):
    """13.3.2 `base.#name`; `name` begins with `#`."""

    base: Expression = child()
    name: str
    optional: bool


@declared
class SuperDot(Expression):
    """13.3.7 `super.name`."""

    name: str


@declared
class SuperComputed(Expression):
    """13.3.7 `super[expression]`."""

    expression: Expression = child()


@declared
class OptionalChain(Expression):
    """13.3.9 the whole of `a?.b.c`; a link with `optional` that meets null or undefined ends it."""

    expression: Expression = child()


@declared
class Call(Expression):
    """13.3.6 a call.

    Attributes:
        optional: `callee?.(arguments)`.
        is_direct_eval: the callee is the plain name `eval`, so it may be a direct eval (13.3.6.1, step 6).
    """

    callee: Expression = child()
    arguments: list[Expression] = child()
    optional: bool
    is_direct_eval: bool


@declared
class SuperCall(Expression):
    """13.3.7 `super(arguments)`."""

    arguments: list[Expression] = child()


@declared
class New(Expression):
    """13.3.5 `new callee(arguments)`."""

    callee: Expression = child()
    arguments: list[Expression] = child()


@declared
class ImportCall(Expression):
    """13.3.10 `import(specifier, options)`; `phase` is `evaluation`, `source` or `defer`."""

    specifier: Expression = child()
    options: Expression | None = child()
    phase: str


@declared
class ImportMeta(Expression):
    """13.3.12 `import.meta`."""


@declared
class NewTarget(Expression):
    """13.3.12 `new.target`."""


@declared
class Update(Expression):
    """13.4 `++` and `--`."""

    operator: str
    prefix: bool
    argument: Expression = child()


@declared
class Unary(Expression):
    """13.5 `delete void typeof + - ~ !`."""

    operator: str
    argument: Expression = child()


@declared
class Await(Expression):
    """15.8 `await argument`."""

    argument: Expression = child()


@declared
class Yield(Expression):
    """15.5 `yield argument` and `yield* argument`."""

    argument: Expression | None = child()
    delegate: bool


@declared
class Binary(Expression):
    """13.6 to 13.12: arithmetic, shift, relational, equality and bitwise operators."""

    operator: str
    left: Expression = child()
    right: Expression = child()


@declared
class PrivateIn(Expression):
    """13.10 `#name in right`."""

    name: str
    right: Expression = child()


@declared
class Logical(Expression):
    """13.13 `&&`, `||` and `??`."""

    operator: str
    left: Expression = child()
    right: Expression = child()


@declared
class Conditional(Expression):
    """13.14 `test ? consequent : alternate`."""

    test: Expression = child()
    consequent: Expression = child()
    alternate: Expression = child()


@declared
class Assignment(Expression):
    """13.15 `target = value`.

    Attributes:
        target: a reference or an assignment pattern.
        names_function: the value is an anonymous function or class that takes the target's name (step 1.c).
    """

    target: Expression | Pattern = child()
    value: Expression = child()
    names_function: bool


@declared
class CompoundAssignment(Expression):
    """13.15 `target operator= value`; `operator` is without the `=`."""

    operator: str
    target: Expression = child()
    value: Expression = child()


@declared
class LogicalAssignment(Expression):
    """13.15 `&&=`, `||=` and `??=`; `operator` is without the `=`."""

    operator: str
    target: Expression = child()
    value: Expression = child()
    names_function: bool


@declared
class Sequence(Expression):
    """13.16 the comma operator."""

    expressions: list[Expression] = child()
