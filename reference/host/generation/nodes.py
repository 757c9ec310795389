"""Nodes of host syntax, each at the position of the guest's syntax that it stands for."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, TypeVar, Union

LOAD = ast.Load()
STORE = ast.Store()
DELETE = ast.Del()

Positioned = Union[ast.expr, ast.stmt, ast.excepthandler, ast.arg, ast.keyword]
N = TypeVar("N", bound=Positioned)


class Nodes:
    """Makes nodes; each method gives a new one.

    Attributes:
        line: of the nodes that are made next.
        column: likewise.
    """

    def __init__(self, line: int = 1, column: int = 0) -> None:
        self.line = line
        self.column = column

    def placed(self, node: N) -> N:
        """`node`, at the current position."""
        node.lineno = self.line
        node.col_offset = self.column
        return node

    # Expressions

    def variable(self, identifier: str) -> ast.Name:
        """A host variable's value."""
        return self.placed(ast.Name(identifier, LOAD))

    def name(self, identifier: str) -> ast.expr:
        """A host variable's value, or what a language has in place of a name of its runtime's."""
        return self.variable(identifier)

    def target(self, identifier: str) -> ast.Name:
        """A host variable to store into."""
        return self.placed(ast.Name(identifier, STORE))

    def constant(self, value: Any) -> ast.Constant:
        """A host constant."""
        return self.placed(ast.Constant(value))

    def attribute(self, subject: ast.expr, name: str) -> ast.Attribute:
        """`subject.name`."""
        return self.placed(ast.Attribute(subject, name, LOAD))

    def subscript(self, subject: ast.expr, key: ast.expr) -> ast.Subscript:
        """`subject[key]`."""
        return self.placed(ast.Subscript(subject, key, LOAD))

    def call(self, function: ast.expr | str, *arguments: ast.expr) -> ast.expr:
        """`function(arguments)`; a function given by name is one of the runtime's."""
        callee = self.name(function) if isinstance(function, str) else function
        return self.placed(ast.Call(callee, list(arguments), []))

    def operation(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.BinOp:
        """`left operator right`."""
        return self.placed(ast.BinOp(left, operator, right))

    def prefixed(self, operator: ast.unaryop, operand: ast.expr) -> ast.UnaryOp:
        """`operator operand`."""
        return self.placed(ast.UnaryOp(operator, operand))

    def compare(self, left: ast.expr, *rest: ast.cmpop | ast.expr) -> ast.Compare:
        """`left op right`, or a chain: operators and operands in turn."""
        operators = [part for part in rest if isinstance(part, ast.cmpop)]
        operands = [part for part in rest if isinstance(part, ast.expr)]
        return self.placed(ast.Compare(left, operators, operands))

    def both(self, *conditions: ast.expr) -> ast.expr:
        """`a and b ...`."""
        if len(conditions) == 1:
            return conditions[0]
        return self.placed(ast.BoolOp(ast.And(), list(conditions)))

    def either(self, *conditions: ast.expr) -> ast.expr:
        """`a or b ...`."""
        if len(conditions) == 1:
            return conditions[0]
        return self.placed(ast.BoolOp(ast.Or(), list(conditions)))

    def negation(self, condition: ast.expr) -> ast.UnaryOp:
        """`not condition`."""
        return self.prefixed(ast.Not(), condition)

    def choice(self, condition: ast.expr, yes: ast.expr, no: ast.expr) -> ast.IfExp:
        """`yes if condition else no`."""
        return self.placed(ast.IfExp(condition, yes, no))

    def walrus(self, identifier: str, value: ast.expr) -> ast.NamedExpr:
        """`(identifier := value)`."""
        return self.placed(ast.NamedExpr(self.target(identifier), value))

    def list_of(self, items: Sequence[ast.expr]) -> ast.List:
        """A list display."""
        return self.placed(ast.List(list(items), LOAD))

    def tuple_of(self, items: Sequence[ast.expr]) -> ast.Tuple:
        """A tuple display."""
        return self.placed(ast.Tuple(list(items), LOAD))

    def starred(self, item: ast.expr) -> ast.Starred:
        """`*item`."""
        return self.placed(ast.Starred(item, LOAD))

    def is_none(self, value: ast.expr) -> ast.expr:
        """`value is None`."""
        return self.compare(value, ast.Is(), self.constant(None))

    def is_some(self, value: ast.expr) -> ast.expr:
        """`value is not None`."""
        return self.compare(value, ast.IsNot(), self.constant(None))

    # Statements

    def assigning(self, identifier: str, value: ast.expr) -> ast.Assign:
        """`identifier = value`."""
        return self.placed(ast.Assign([self.target(identifier)], value))

    def assigning_all(self, identifiers: Sequence[str], value: ast.expr) -> ast.Assign:
        """`a = b = value`."""
        targets: list[ast.expr] = [self.target(one) for one in identifiers]
        return self.placed(ast.Assign(targets, value))

    def unpacking(self, identifiers: Sequence[str], value: ast.expr) -> ast.Assign:
        """`a, b = value`."""
        targets: list[ast.expr] = [self.target(one) for one in identifiers]
        target = ast.Tuple(targets, STORE, lineno=self.line, col_offset=self.column)
        return self.placed(ast.Assign([target], value))

    def evaluating(self, value: ast.expr) -> ast.Expr:
        """An expression as a statement."""
        return self.placed(ast.Expr(value))

    def returning(self, value: ast.expr | None) -> ast.Return:
        """`return value`."""
        return self.placed(ast.Return(value))

    def branching(self, test: ast.expr, yes: list[ast.stmt], no: list[ast.stmt] | None = None) -> ast.If:
        """`if test: yes else: no`; an empty `yes` does nothing."""
        body = yes or [self.placed(ast.Pass())]
        return self.placed(ast.If(test, body, no or []))

    def looping(self, body: list[ast.stmt]) -> ast.While:
        """`while True: body`."""
        return self.placed(ast.While(self.constant(True), body, []))

    def step(self, budget: ast.expr) -> list[ast.stmt]:
        """Take a step of a budget, by hand: `budget.steps -= 1`, and what follows where none is left."""
        count = self.placed(ast.Attribute(budget, "steps", STORE))
        return [self.placed(ast.AugAssign(count, ast.Sub(), self.constant(1))), self.stop(budget)]

    def stop(self, budget: ast.expr) -> ast.stmt:
        """End the guest here if its steps are used up."""
        exhausted = self.call(self.attribute(budget, "exhausted"))
        test = self.compare(self.attribute(budget, "steps"), ast.Lt(), self.constant(0))
        return self.branching(test, [self.evaluating(exhausted)])

    def defining(
        self,
        name: str,
        parameters: Sequence[str],
        body: list[ast.stmt],
        *,
        defaults: Sequence[ast.expr] = (),
        rest: str | None = None,
        keywords: Sequence[str] = (),
    ) -> ast.FunctionDef:
        """`def name(parameters=defaults, *rest, keywords=None): body`; the last parameters have the defaults."""
        signature = ast.arguments(
            [],
            [self.placed(ast.arg(one)) for one in parameters],
            None if rest is None else self.placed(ast.arg(rest)),
            [self.placed(ast.arg(one)) for one in keywords],
            [self.constant(None) for _ in keywords],
            None,
            list(defaults),
        )
        definition = ast.FunctionDef(name, signature, body or [self.placed(ast.Pass())], [], None)
        definition.__dict__["type_params"] = []  # of newer hosts
        return self.placed(definition)


class SpanNodes(Nodes):
    """Makes nodes that end where another one does, too: for guests that show what they were doing."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        self.end_line: int | None = getattr(node, "end_lineno", None)
        self.end_column: int | None = getattr(node, "end_col_offset", None)

    def placed(self, node: N) -> N:
        """`node`, at the place of the other one."""
        super().placed(node)
        node.end_lineno = self.end_line
        node.end_col_offset = self.end_column
        return node


def at_place_of(node: Positioned) -> Nodes:
    """Makes nodes that begin where `node` does."""
    return Nodes(node.lineno, node.col_offset)
