"""ECMA-262 clause 14: statements and declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from lockstep.reference.javascript.syntax.ast.literals import Expression
from lockstep.reference.javascript.syntax.ast.node import Node, Positioned
from lockstep.reference.javascript.syntax.ast.patterns import BindingIdentifier, Pattern
from lockstep.reference.javascript.syntax.scope import Scope

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast.functions import Class, Function


class Statement(Node):
    """Any statement or declaration."""

    __slots__ = ()


class Block(Statement):
    """14.2 a block.

    Attributes:
        scope: its lexical declarations; None where it has none, so that no environment is needed.
    """

    __slots__ = ("body", "scope")

    def __init__(self, first: Positioned, end: int, body: list[Statement], scope: Scope | None) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.body = body
        self.scope = scope


class VariableDeclarator(Node):
    """`target = initializer` of any declaration list.

    Attributes:
        names_function: the initializer is an anonymous function or class that takes the target's name.
    """

    __slots__ = ("initializer", "names_function", "target")

    def __init__(
        self,
        first: Positioned,
        end: int,
        target: BindingIdentifier | Pattern,
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


class VariableStatement(Statement):
    """14.3.2 `var`."""

    __slots__ = ("declarations",)

    def __init__(self, first: Positioned, end: int, declarations: list[VariableDeclarator]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.declarations = declarations


class LexicalDeclaration(Statement):
    """14.3.1 `let`, `const`, `using` or `await using`, as `kind` says."""

    __slots__ = ("declarations", "kind")

    def __init__(
        self, first: Positioned, end: int, kind: str, declarations: list[VariableDeclarator]
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.kind = kind
        self.declarations = declarations


class EmptyStatement(Statement):
    """14.4 `;`."""

    __slots__ = ()


class ExpressionStatement(Statement):
    """14.5 an expression as a statement."""

    __slots__ = ("expression",)

    def __init__(self, first: Positioned, end: int, expression: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expression = expression


class If(Statement):
    """14.6 `if`; functions as branches (B.3.3) come wrapped in a Block."""

    __slots__ = ("alternate", "consequent", "test")

    def __init__(
        self,
        first: Positioned,
        end: int,
        test: Expression,
        consequent: Statement,
        alternate: Statement | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.test = test
        self.consequent = consequent
        self.alternate = alternate


class DoWhile(Statement):
    """14.7.2 `do ... while`."""

    __slots__ = ("body", "test")

    def __init__(self, first: Positioned, end: int, body: Statement, test: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.body = body
        self.test = test


class While(Statement):
    """14.7.3 `while`."""

    __slots__ = ("body", "test")

    def __init__(self, first: Positioned, end: int, test: Expression, body: Statement) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.test = test
        self.body = body


class For(Statement):
    """14.7.4 the three-part `for`.

    Attributes:
        scope: the loop's lexical declarations, or None; 14.7.4.4 copies the non-constant ones for each
            iteration,
        (observable only for a binding that is captured).
    """

    __slots__ = ("body", "initializer", "scope", "test", "update")

    def __init__(
        self,
        first: Positioned,
        end: int,
        initializer: Expression | VariableStatement | LexicalDeclaration | None,
        test: Expression | None,
        update: Expression | None,
        body: Statement,
        scope: Scope | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.initializer = initializer
        self.test = test
        self.update = update
        self.body = body
        self.scope = scope


class ForIn(Statement):
    """14.7.5 `for (... in ...)`.

    Attributes:
        left: a declaration with one declarator (`var` may carry an initializer, B.3.5), a reference or a
            pattern.
        scope: the lexical declarations made afresh for each iteration, or None; their names are also in
            their
        temporal dead zone while `right` is evaluated.
    """

    __slots__ = ("body", "left", "right", "scope")

    def __init__(
        self,
        first: Positioned,
        end: int,
        left: LoopTarget,
        right: Expression,
        body: Statement,
        scope: Scope | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.left = left
        self.right = right
        self.body = body
        self.scope = scope


class ForOf(Statement):
    """14.7.5 `for (... of ...)` and `for await (... of ...)`; fields as in ForIn."""

    __slots__ = ("body", "is_await", "left", "right", "scope")

    def __init__(
        self,
        first: Positioned,
        end: int,
        left: LoopTarget,
        right: Expression,
        body: Statement,
        scope: Scope | None,
        is_await: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.left = left
        self.right = right
        self.body = body
        self.scope = scope
        self.is_await = is_await


class Continue(Statement):
    """14.8 `continue`."""

    __slots__ = ("label",)

    def __init__(self, first: Positioned, end: int, label: str | None) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.label = label


class Break(Statement):
    """14.9 `break`."""

    __slots__ = ("label",)

    def __init__(self, first: Positioned, end: int, label: str | None) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.label = label


class Return(Statement):
    """14.10 `return`."""

    __slots__ = ("argument",)

    def __init__(self, first: Positioned, end: int, argument: Expression | None) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.argument = argument


class With(Statement):
    """14.11 `with`."""

    __slots__ = ("body", "expression")

    def __init__(self, first: Positioned, end: int, expression: Expression, body: Statement) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.expression = expression
        self.body = body


class SwitchCase(Node):
    """14.12 one clause; `test` is None for `default`."""

    __slots__ = ("body", "test")

    def __init__(self, first: Positioned, end: int, test: Expression | None, body: list[Statement]) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.test = test
        self.body = body


class Switch(Statement):
    """14.12 `switch`; `scope` holds the lexical declarations of the case block, or None."""

    __slots__ = ("cases", "discriminant", "scope")

    def __init__(
        self,
        first: Positioned,
        end: int,
        discriminant: Expression,
        cases: list[SwitchCase],
        scope: Scope | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.discriminant = discriminant
        self.cases = cases
        self.scope = scope


class Labelled(Statement):
    """14.13 `label: body`; several labels nest."""

    __slots__ = ("body", "label")

    def __init__(self, first: Positioned, end: int, label: str, body: Statement) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.label = label
        self.body = body


class Throw(Statement):
    """14.14 `throw`."""

    __slots__ = ("argument",)

    def __init__(self, first: Positioned, end: int, argument: Expression) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.argument = argument


class CatchClause(Node):
    """14.15 `catch (parameter) body`.

    Attributes:
        scope: the names of the parameter, or None; the body is a Block with a scope of its own.
    """

    __slots__ = ("body", "parameter", "scope")

    def __init__(
        self,
        first: Positioned,
        end: int,
        parameter: BindingIdentifier | Pattern | None,
        body: Block,
        scope: Scope | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.parameter = parameter
        self.body = body
        self.scope = scope


class Try(Statement):
    """14.15 `try`."""

    __slots__ = ("block", "finalizer", "handler")

    def __init__(
        self, first: Positioned, end: int, block: Block, handler: CatchClause | None, finalizer: Block | None
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.block = block
        self.handler = handler
        self.finalizer = finalizer


class Debugger(Statement):
    """14.16 `debugger`."""

    __slots__ = ()


class FunctionDeclaration(Statement):
    """15.2, 15.5, 15.6, 15.8 a function as a declaration.

    Attributes:
        annex_b: B.3.2 applies: evaluating the declaration copies the block's binding to the variable of the
            same
        name (in scripts and eval code only if instantiation could make that variable).
    """

    __slots__ = ("annex_b", "function")

    def __init__(self, first: Positioned, end: int, function: Function, annex_b: bool) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.function = function
        self.annex_b = annex_b


class ClassDeclaration(Statement):
    """15.7 a class as a declaration."""

    __slots__ = ("definition",)

    def __init__(self, first: Positioned, end: int, definition: Class) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.definition = definition


LoopTarget = Union[VariableStatement, LexicalDeclaration, Expression, Pattern]
"""What stands left of `in` or `of` in a loop head."""
