"""Host syntax nodes with guest positions."""

from __future__ import annotations

import ast
from typing import Any

LOAD = ast.Load()
STORE = ast.Store()


class Builder:
    """Makes nodes of the host's `ast`, each with the position that is current."""

    __slots__ = ("column", "line")

    def __init__(self) -> None:
        self.line = 1
        self.column = 0

    def at(self, node: Any) -> Any:
        """`node` with the current position."""
        node.lineno = node.end_lineno = self.line
        node.col_offset = node.end_col_offset = self.column
        return node

    def name(self, text: str) -> ast.expr:
        """A name that is read."""
        return self.at(ast.Name(text, LOAD))  # type: ignore[no-any-return]

    def constant(self, value: Any) -> ast.expr:
        """A host constant."""
        return self.at(ast.Constant(value))  # type: ignore[no-any-return]

    def assign(self, target: str, value: ast.expr) -> ast.stmt:
        """`target = value`."""
        return self.at(ast.Assign([self.at(ast.Name(target, STORE))], value))  # type: ignore[no-any-return]

    def assign_many(self, targets: list[str], values: list[ast.expr]) -> ast.stmt:
        """`a, b = x, y`."""
        names = self.at(ast.Tuple([self.at(ast.Name(target, STORE)) for target in targets], STORE))
        return self.at(ast.Assign([names], self.at(ast.Tuple(values, LOAD))))  # type: ignore[no-any-return]

    def walrus(self, target: str, value: ast.expr) -> ast.expr:
        """`(target := value)`."""
        return self.at(ast.NamedExpr(self.at(ast.Name(target, STORE)), value))  # type: ignore[no-any-return]

    def call(self, function: ast.expr, arguments: list[ast.expr]) -> ast.expr:
        """A call."""
        return self.at(ast.Call(function, arguments, []))  # type: ignore[no-any-return]

    def runtime(self, name: str, *arguments: ast.expr) -> ast.expr:
        """A call of a runtime function."""
        return self.call(self.name("%" + name), list(arguments))

    def attribute(self, value: ast.expr, name: str) -> ast.expr:
        """`value.name`."""
        return self.at(ast.Attribute(value, name, LOAD))  # type: ignore[no-any-return]

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        """A comparison."""
        return self.at(ast.Compare(left, [operator], [right]))  # type: ignore[no-any-return]

    def conditional(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        """`body if test else orelse`."""
        return self.at(ast.IfExp(test, body, orelse))  # type: ignore[no-any-return]

    def both(self, *values: ast.expr) -> ast.expr:
        """`a and b`."""
        return self.at(ast.BoolOp(ast.And(), list(values)))  # type: ignore[no-any-return]

    def negation(self, value: ast.expr) -> ast.expr:
        """`not value`."""
        return self.at(ast.UnaryOp(ast.Not(), value))  # type: ignore[no-any-return]

    def binary(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
        """A binary operation."""
        return self.at(ast.BinOp(left, operator, right))  # type: ignore[no-any-return]

    def array(self, items: list[ast.expr]) -> ast.expr:
        """A host list."""
        return self.at(ast.List(items, LOAD))  # type: ignore[no-any-return]

    def expression(self, value: ast.expr) -> ast.stmt:
        """An expression as a statement."""
        return self.at(ast.Expr(value))  # type: ignore[no-any-return]

    def give(self, value: ast.expr) -> ast.stmt:
        """`return value`."""
        return self.at(ast.Return(value))  # type: ignore[no-any-return]

    def when(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> ast.stmt:
        """`if`."""
        return self.at(ast.If(test, body or [self.at(ast.Pass())], orelse))  # type: ignore[no-any-return]

    def forever(self, body: list[ast.stmt]) -> ast.stmt:
        """`while True`."""
        return self.at(ast.While(self.constant(True), body, []))  # type: ignore[no-any-return]

    def function(
        self,
        name: str,
        parameters: list[str],
        defaults: list[ast.expr],
        rest: str | None,
        body: list[ast.stmt],
    ) -> ast.stmt:
        """`def`."""
        arguments = ast.arguments(
            posonlyargs=[],
            args=[self.at(ast.arg(parameter, None)) for parameter in parameters],
            vararg=self.at(ast.arg(rest, None)) if rest is not None else None,
            kwonlyargs=[],
            kw_defaults=[],
            kwarg=None,
            defaults=defaults,
        )
        return self.at(ast.FunctionDef(name, arguments, body, [], None))  # type: ignore[no-any-return]
