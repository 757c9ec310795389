"""ECMA-262 clause 14: statements and declarations."""

from __future__ import annotations

from typing import Union

from lockstep.reference.host.trees import attached, child, declared
from lockstep.reference.javascript.syntax.ast.functions import Scope
from lockstep.reference.javascript.syntax.ast.node import Expression, Node, Statement
from lockstep.reference.javascript.syntax.ast.patterns import BindingIdentifier, Pattern


@declared
class Block(Statement):
    """14.2 a block.

    Attributes:
        scope: its lexical declarations; None where it has none, so that no environment is needed.
    """

    body: list[Statement] = child()
    scope: Scope | None = attached()


@declared
class VariableDeclarator(Node):
    """`target = initializer` of any declaration list.

    Attributes:
        names_function: the initializer is an anonymous function or class that takes the target's name.
    """

    target: BindingIdentifier | Pattern = child()
    initializer: Expression | None = child()
    names_function: bool


@declared
class VariableStatement(Statement):
    """14.3.2 `var`."""

    declarations: list[VariableDeclarator] = child()


@declared
class LexicalDeclaration(Statement):
    """14.3.1 `let`, `const`, `using` or `await using`, as `kind` says."""

    kind: str
    declarations: list[VariableDeclarator] = child()


@declared
class EmptyStatement(Statement):
    """14.4 `;`."""


@declared
class ExpressionStatement(Statement):
    """14.5 an expression as a statement."""

    expression: Expression = child()


@declared
class If(Statement):
    """14.6 `if`; functions as branches (B.3.3) come wrapped in a Block."""

    test: Expression = child()
    consequent: Statement = child()
    alternate: Statement | None = child()


@declared
class DoWhile(Statement):
    """14.7.2 `do ... while`."""

    body: Statement = child()
    test: Expression = child()


@declared
class While(Statement):
    """14.7.3 `while`."""

    test: Expression = child()
    body: Statement = child()


@declared
class For(Statement):
    """14.7.4 the three-part `for`.

    Attributes:
        scope: the loop's lexical declarations, or None; 14.7.4.4 copies the non-constant ones for each
            iteration,
        (observable only for a binding that is captured).
    """

    initializer: Expression | VariableStatement | LexicalDeclaration | None = child()
    test: Expression | None = child()
    update: Expression | None = child()
    body: Statement = child()
    scope: Scope | None = attached()


@declared
class ForIn(Statement):
    """14.7.5 `for (... in ...)`.

    Attributes:
        left: a declaration with one declarator (`var` may carry an initializer, B.3.5), a reference or a
            pattern.
        scope: the lexical declarations made afresh for each iteration, or None; their names are also in
            their
        temporal dead zone while `right` is evaluated.
    """

    left: LoopTarget = child()
    right: Expression = child()
    body: Statement = child()
    scope: Scope | None = attached()


@declared
class ForOf(Statement):
    """14.7.5 `for (... of ...)` and `for await (... of ...)`; fields as in ForIn."""

    left: LoopTarget = child()
    right: Expression = child()
    body: Statement = child()
    scope: Scope | None = attached()
    is_await: bool


@declared
class Continue(Statement):
    """14.8 `continue`."""

    label: str | None


@declared
class Break(Statement):
    """14.9 `break`."""

    label: str | None


@declared
class Return(Statement):
    """14.10 `return`."""

    argument: Expression | None = child()


@declared
class With(Statement):
    """14.11 `with`."""

    expression: Expression = child()
    body: Statement = child()


@declared
class SwitchCase(Node):
    """14.12 one clause; `test` is None for `default`."""

    test: Expression | None = child()
    body: list[Statement] = child()


@declared
class Switch(Statement):
    """14.12 `switch`; `scope` holds the lexical declarations of the case block, or None."""

    discriminant: Expression = child()
    cases: list[SwitchCase] = child()
    scope: Scope | None = attached()


@declared
class Labelled(Statement):
    """14.13 `label: body`; several labels nest."""

    label: str
    body: Statement = child()


@declared
class Throw(Statement):
    """14.14 `throw`."""

    argument: Expression = child()


@declared
class CatchClause(Node):
    """14.15 `catch (parameter) body`.

    Attributes:
        scope: the names of the parameter, or None; the body is a Block with a scope of its own.
    """

    parameter: BindingIdentifier | Pattern | None = child()
    body: Block = child()
    scope: Scope | None = attached()


@declared
class Try(Statement):
    """14.15 `try`."""

    block: Block = child()
    handler: CatchClause | None = child()
    finalizer: Block | None = child()


@declared
class Debugger(Statement):
    """14.16 `debugger`."""


LoopTarget = Union[VariableStatement, LexicalDeclaration, Expression, Pattern]
"""What stands left of `in` or `of` in a loop head."""
