"""Making host AST nodes that stand where the guest node stands, and putting them in order."""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.host.generation.jumps import JumpBuilder
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit

_OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
}
_COMPARISONS: dict[str, ast.cmpop] = {
    "<": ast.Lt(),
    ">": ast.Gt(),
    "<=": ast.LtE(),
    ">=": ast.GtE(),
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
}
_MINUS = ast.USub()


class Operand:
    """A host expression for a guest value.

    Attributes:
        expression: free of side effects and cheap; may be evaluated once.
        kind: `number`, `string`, `boolean`, or "" where it may be anything.
        stable: no later code can change what the expression means.
    """

    __slots__ = ("expression", "kind", "stable")

    def __init__(self, expression: ast.expr, kind: str = "", stable: bool = True) -> None:
        self.expression = expression
        self.kind = kind
        self.stable = stable


class Builder(JumpBuilder):
    """The position, the current unit and scope, and makers of nodes; a helper in the realm's globals is called by its name."""

    jump_variable = "jump@"

    def __init__(self, filename: str, metered: bool) -> None:
        super().__init__()
        self.filename = filename
        self.metered = metered
        self.unit: Unit = Unit(None, "program_", transparent=False)
        self.scope: StaticScope | None = None
        self.out = self.unit.body
        self.numbers = 0

    # Nodes.

    def at(self, node: Any) -> None:
        """Let following nodes stand where `node` stands."""
        self.line = node.line
        self.column = node.column

    def binary(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host arithmetic operation."""
        return self.placed(ast.BinOp(left, _OPERATORS[operator], right))

    def comparison(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host comparison."""
        return self.placed(ast.Compare(left, [_COMPARISONS[operator]], [right]))

    def minus(self, value: ast.expr) -> ast.expr:
        """Host unary minus."""
        return self.placed(ast.UnaryOp(_MINUS, value))

    # Statements.

    def emit(self, statement: ast.stmt) -> None:
        """Append a statement, at the current position."""
        super().emit(self.placed(statement))

    # Host variables.

    def temporary(self) -> str:
        """A host variable for the rest of the statement."""
        self.unit.temporaries += 1
        return f"@{self.unit.temporaries}"

    def fresh(self, name: str) -> str:
        """A host variable that no other use of the name shares."""
        self.numbers += 1
        return f"{host_name(name)}@{self.numbers}"

    def saved(self, operand: Operand) -> ast.expr:
        """The operand's value in a form that may be used repeatedly and later."""
        node = operand.expression
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and operand.stable):
            return node
        identifier = self.temporary()
        self.assign(identifier, node)
        return self.name(identifier)

    def result(self, expression: ast.expr, kind: str = "") -> Operand:
        """Evaluate now into a temporary."""
        identifier = self.temporary()
        self.assign(identifier, expression)
        return Operand(self.name(identifier), kind)

    def meter(self) -> None:
        """Take a step, in metered code."""
        if self.metered:
            self.out.extend(self.step(self.name("budget_")))
