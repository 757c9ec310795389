"""Making host AST nodes that stand where the guest node stands, and putting them in order."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit

LOAD = ast.Load()
STORE = ast.Store()
DELETE = ast.Del()
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
_AND = ast.And()
_OR = ast.Or()
_NOT = ast.Not()
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


class Builder:
    """The position, the current unit and scope, and makers of nodes."""

    def __init__(self, filename: str, metered: bool) -> None:
        self.filename = filename
        self.metered = metered
        self.line = 1
        self.column = 0
        self.unit: Unit = Unit(None, "program_", transparent=False)
        self.scope: StaticScope | None = None
        self.out: list[ast.stmt] = self.unit.body
        self.numbers = 0

    # Nodes.

    def at(self, node: Any) -> None:
        """Let following nodes stand where `node` stands."""
        self.line = node.line
        self.column = node.column

    def placed(self, node: Any) -> Any:
        """`node`, at the current position."""
        node.lineno = self.line
        node.col_offset = self.column
        return node

    def name(self, identifier: str) -> ast.expr:
        """Read a host variable."""
        node = ast.Name(identifier, LOAD)
        node.lineno = self.line
        node.col_offset = self.column
        return node

    def target(self, identifier: str) -> ast.expr:
        """A host variable to store into."""
        node = ast.Name(identifier, STORE)
        node.lineno = self.line
        node.col_offset = self.column
        return node

    def constant(self, value: Any) -> ast.expr:
        """A host constant."""
        node = ast.Constant(value)
        node.lineno = self.line
        node.col_offset = self.column
        return node

    def attribute(self, base: ast.expr, name: str) -> ast.expr:
        """`base.name`."""
        return self.placed(ast.Attribute(base, name, LOAD))  # type: ignore[no-any-return]

    def subscript(self, base: ast.expr, index: ast.expr) -> ast.expr:
        """`base[index]`."""
        return self.placed(ast.Subscript(base, index, LOAD))  # type: ignore[no-any-return]

    def call(self, function: str | ast.expr, *arguments: ast.expr) -> ast.expr:
        """A host call; a str names one of the helpers in the realm's globals."""
        callee = self.name(function) if isinstance(function, str) else function
        return self.placed(ast.Call(callee, list(arguments), []))  # type: ignore[no-any-return]

    def binary(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host arithmetic operation."""
        return self.placed(ast.BinOp(left, _OPERATORS[operator], right))  # type: ignore[no-any-return]

    def compare(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host comparison."""
        return self.placed(ast.Compare(left, [_COMPARISONS[operator]], [right]))  # type: ignore[no-any-return]

    def both(self, *values: ast.expr) -> ast.expr:
        """Host `and`."""
        return self.placed(ast.BoolOp(_AND, list(values)))  # type: ignore[no-any-return]

    def either(self, *values: ast.expr) -> ast.expr:
        """Host `or`."""
        return self.placed(ast.BoolOp(_OR, list(values)))  # type: ignore[no-any-return]

    def negation(self, value: ast.expr) -> ast.expr:
        """Host `not`."""
        return self.placed(ast.UnaryOp(_NOT, value))  # type: ignore[no-any-return]

    def minus(self, value: ast.expr) -> ast.expr:
        """Host unary minus."""
        return self.placed(ast.UnaryOp(_MINUS, value))  # type: ignore[no-any-return]

    def conditional(self, test: ast.expr, then: ast.expr, other: ast.expr) -> ast.expr:
        """Host conditional expression."""
        return self.placed(ast.IfExp(test, then, other))  # type: ignore[no-any-return]

    def tuple_of(self, items: Sequence[ast.expr]) -> ast.expr:
        """A host tuple."""
        return self.placed(ast.Tuple(list(items), LOAD))  # type: ignore[no-any-return]

    def list_of(self, items: Sequence[ast.expr]) -> ast.expr:
        """A host list."""
        return self.placed(ast.List(list(items), LOAD))  # type: ignore[no-any-return]

    def starred(self, value: ast.expr) -> ast.expr:
        """`*value` in a host call."""
        return self.placed(ast.Starred(value, LOAD))  # type: ignore[no-any-return]

    # Statements.

    def emit(self, node: ast.stmt) -> None:
        """Append a statement."""
        node.lineno = self.line
        node.col_offset = self.column
        self.out.append(node)

    def assign(self, identifier: str, value: ast.expr) -> None:
        """`identifier = value`."""
        self.emit(ast.Assign([self.target(identifier)], value))

    def do(self, expression: ast.expr) -> None:
        """An expression statement."""
        self.emit(ast.Expr(expression))

    def block(self) -> list[ast.stmt]:
        """Begin a nested statement list: returns the current one, to hand to `end_block`."""
        outer = self.out
        self.out = []
        return outer

    def end_block(self, outer: list[ast.stmt]) -> list[ast.stmt]:
        """End the nested list and return it, never empty."""
        inner = self.out
        self.out = outer
        if not inner:
            inner.append(self.placed(ast.Pass()))
        return inner

    def when(self, test: ast.expr, then: list[ast.stmt], other: list[ast.stmt] | None = None) -> None:
        """`if test: then else: other`."""
        self.emit(ast.If(test, then, other or []))

    def attempt(
        self, body: list[ast.stmt], errors: str, handler: list[ast.stmt], bind: str | None = None
    ) -> None:
        """`try: body except errors as bind: handler`."""
        clause = self.placed(ast.ExceptHandler(self.name(errors), bind, handler))
        self.emit(ast.Try(body, [clause], [], []))

    def try_assign(self, identifier: str, fast: ast.expr, errors: str, slow: ast.expr) -> None:
        """`try: identifier = fast except errors: identifier = slow`: operate first, check after."""
        body = self.placed(ast.Assign([self.target(identifier)], fast))
        handler = self.placed(ast.Assign([self.target(identifier)], slow))
        self.attempt([body], errors, [handler])

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
            steps = self.attribute(self.name("budget_"), "steps")
            store = self.placed(ast.Attribute(self.name("budget_"), "steps", STORE))
            self.emit(ast.AugAssign(store, ast.Sub(), self.constant(1)))
            outer = self.block()
            self.do(self.call(self.attribute(self.name("budget_"), "exhausted")))
            self.when(self.compare("<", steps, self.constant(0)), self.end_block(outer))
