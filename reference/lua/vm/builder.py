"""Building host syntax: nodes with guest positions, statement lists, temporaries, and jumps between host loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lockstep.reference.lua.vm.form import STATE_NAMES, STATE_PARAMETER

LOAD = ast.Load()
STORE = ast.Store()


class Loop:
    """A host loop that is being generated; `exits` are jumps that pass through it to an outer one."""

    __slots__ = ("exits",)

    def __init__(self) -> None:
        self.exits: dict[int, tuple[Loop, bool]] = {}


class Collected:
    """Statements that a builder emits inside a `with`, apart from those around it."""

    __slots__ = ("builder", "outer")

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __enter__(self) -> list[ast.stmt]:
        builder = self.builder
        self.outer = builder.statements
        builder.statements = []
        return builder.statements

    def __exit__(self, *_: object) -> None:
        builder = self.builder
        if not builder.statements:
            builder.emit(ast.Pass(lineno=builder.line, col_offset=builder.offset))
        builder.statements = self.outer


class Builder:
    """Generates the body of one host function.

    Expressions are given as host expressions without effects; whatever can fail, call or take time goes
    through a temporary, in the order in which the guest's operations happen.
    """

    def __init__(self) -> None:
        self.statements: list[ast.stmt] = []
        self.line = 1
        self.offset = 0
        self.temporaries = 0
        self.loops: list[Loop] = []
        self.jumps = 0
        # How deep host blocks nest here, and at the deepest place.
        self.depth = 0
        self.deepest = 0

    # Expressions

    def name(self, identifier: str) -> ast.Name:
        """A variable's value, or a name of the runtime's."""
        if identifier in STATE_NAMES:
            holder = ast.Name(STATE_PARAMETER, LOAD, lineno=self.line, col_offset=self.offset)
            return self.attribute(holder, identifier[1:])  # type: ignore[return-value]
        return ast.Name(identifier, LOAD, lineno=self.line, col_offset=self.offset)

    def target(self, identifier: str) -> ast.Name:
        """A variable as a target."""
        return ast.Name(identifier, STORE, lineno=self.line, col_offset=self.offset)

    def constant(self, value: Any) -> ast.Constant:
        """A constant."""
        return ast.Constant(value, lineno=self.line, col_offset=self.offset)

    def attribute(self, subject: ast.expr, name: str) -> ast.Attribute:
        """`subject.name`."""
        return ast.Attribute(subject, name, LOAD, lineno=self.line, col_offset=self.offset)

    def subscript(self, subject: ast.expr, key: ast.expr) -> ast.Subscript:
        """`subject[key]`."""
        return ast.Subscript(subject, key, LOAD, lineno=self.line, col_offset=self.offset)

    def call(self, function: ast.expr | str, *arguments: ast.expr) -> ast.Call:
        """`function(arguments)`; a function given by name is one of the runtime's."""
        if isinstance(function, str):
            function = self.name(function)
        return ast.Call(function, list(arguments), [], lineno=self.line, col_offset=self.offset)

    def operation(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.BinOp:
        """`left operator right`."""
        return ast.BinOp(left, operator, right, lineno=self.line, col_offset=self.offset)

    def unary(self, operator: ast.unaryop, operand: ast.expr) -> ast.UnaryOp:
        """`operator operand`."""
        return ast.UnaryOp(operator, operand, lineno=self.line, col_offset=self.offset)

    def compare(self, left: ast.expr, *rest: ast.cmpop | ast.expr) -> ast.Compare:
        """`left op right`, or a chain: operators and operands in turn."""
        operators = [part for part in rest if isinstance(part, ast.cmpop)]
        operands = [part for part in rest if isinstance(part, ast.expr)]
        return ast.Compare(left, operators, operands, lineno=self.line, col_offset=self.offset)

    def both(self, *conditions: ast.expr) -> ast.expr:
        """`a and b ...`."""
        if len(conditions) == 1:
            return conditions[0]
        return ast.BoolOp(ast.And(), list(conditions), lineno=self.line, col_offset=self.offset)

    def either(self, *conditions: ast.expr) -> ast.expr:
        """`a or b ...`."""
        if len(conditions) == 1:
            return conditions[0]
        return ast.BoolOp(ast.Or(), list(conditions), lineno=self.line, col_offset=self.offset)

    def negation(self, condition: ast.expr) -> ast.expr:
        """`not condition`."""
        return self.unary(ast.Not(), condition)

    def choice(self, condition: ast.expr, yes: ast.expr, no: ast.expr) -> ast.IfExp:
        """`yes if condition else no`."""
        return ast.IfExp(condition, yes, no, lineno=self.line, col_offset=self.offset)

    def list_of(self, items: Sequence[ast.expr]) -> ast.List:
        """A list display."""
        return ast.List(list(items), LOAD, lineno=self.line, col_offset=self.offset)

    def tuple_of(self, items: Sequence[ast.expr]) -> ast.Tuple:
        """A tuple display."""
        return ast.Tuple(list(items), LOAD, lineno=self.line, col_offset=self.offset)

    def starred(self, item: ast.expr) -> ast.Starred:
        """`*item`."""
        return ast.Starred(item, LOAD, lineno=self.line, col_offset=self.offset)

    def is_type(self, value: ast.expr, name: str) -> ast.expr:
        """`value.__class__ is name`: no guest value has another class than its type."""
        return self.compare(self.class_of(value), ast.Is(), self.name(name))

    def class_of(self, value: ast.expr) -> ast.expr:
        """`value.__class__`, which the host finds faster than it calls `type`."""
        return self.attribute(value, "__class__")

    def is_none(self, value: ast.expr) -> ast.expr:
        """`value is None`."""
        return self.compare(value, ast.Is(), self.constant(None))

    def is_some(self, value: ast.expr) -> ast.expr:
        """`value is not None`."""
        return self.compare(value, ast.IsNot(), self.constant(None))

    # Statements

    def emit(self, statement: ast.stmt) -> None:
        """Append a statement."""
        self.statements.append(statement)

    def assign(self, identifier: str, value: ast.expr) -> None:
        """`identifier = value`."""
        self.emit(ast.Assign([self.target(identifier)], value, lineno=self.line, col_offset=self.offset))

    def unpack(self, identifiers: Sequence[str], value: ast.expr) -> None:
        """`a, b, ... = value`."""
        targets: list[ast.expr] = [self.target(one) for one in identifiers]
        target = ast.Tuple(targets, STORE, lineno=self.line, col_offset=self.offset)
        self.emit(ast.Assign([target], value, lineno=self.line, col_offset=self.offset))

    def store(self, target: ast.expr, value: ast.expr) -> None:
        """`target = value` for an attribute or subscript."""
        target.ctx = STORE  # type: ignore[attr-defined]
        self.emit(ast.Assign([target], value, lineno=self.line, col_offset=self.offset))

    def evaluate(self, value: ast.expr) -> None:
        """An expression as a statement."""
        self.emit(ast.Expr(value, lineno=self.line, col_offset=self.offset))

    def return_(self, value: ast.expr) -> None:
        """`return value`."""
        self.emit(ast.Return(value, lineno=self.line, col_offset=self.offset))

    def raise_(self, value: ast.expr | None) -> None:
        """`raise value from None`."""
        cause = None if value is None else self.constant(None)
        self.emit(ast.Raise(value, cause, lineno=self.line, col_offset=self.offset))

    def temporary(self) -> str:
        """A host variable of the generator's own."""
        self.temporaries += 1
        return self.temporary_name(self.temporaries)

    @staticmethod
    def temporary_name(number: int) -> str:
        """The host name of a temporary."""
        return f"${number}"

    def keep(self, value: ast.expr) -> ast.Name:
        """A temporary that holds `value`."""
        identifier = self.temporary()
        self.assign(identifier, value)
        return self.name(identifier)

    def collected(self) -> Collected:
        """Collect what is emitted inside into a list of its own, never empty at the end."""
        return Collected(self)

    def if_(self, test: ast.expr, yes: list[ast.stmt], no: list[ast.stmt] | None = None) -> None:
        """`if test: yes else: no`."""
        self.emit(ast.If(test, yes, no or [], lineno=self.line, col_offset=self.offset))

    def try_(
        self,
        body: list[ast.stmt],
        exceptions: Sequence[str],
        handler: list[ast.stmt],
        otherwise: list[ast.stmt] | None = None,
    ) -> None:
        """`try: body except exceptions: handler else: otherwise`."""
        kinds = [self.name(kind) for kind in exceptions]
        kind: ast.expr = kinds[0] if len(kinds) == 1 else self.tuple_of(kinds)
        clause = ast.ExceptHandler(kind, None, handler, lineno=self.line, col_offset=self.offset)
        self.emit(ast.Try(body, [clause], otherwise or [], [], lineno=self.line, col_offset=self.offset))

    def guarded(
        self,
        result: str,
        fast: ast.expr,
        exceptions: Sequence[str],
        slow: ast.expr,
        otherwise: list[ast.stmt] | None = None,
    ) -> None:
        """`try: result = fast except exceptions: result = slow else: otherwise`."""
        with self.collected() as body:
            self.assign(result, fast)
        with self.collected() as handler:
            self.assign(result, slow)
        self.try_(body, exceptions, handler, otherwise)

    # Loops and jumps

    @contextmanager
    def loop(self, loop: Loop) -> Iterator[list[ast.stmt]]:
        """Collect a loop's body; jumps inside know that they are in it."""
        self.loops.append(loop)
        try:
            with self.nested(1), self.collected() as body:
                yield body
        finally:
            self.loops.pop()

    @contextmanager
    def nested(self, blocks: int) -> Iterator[None]:
        """Count blocks of the host around what is generated inside."""
        self.depth += blocks
        self.deepest = max(self.deepest, self.depth)
        try:
            yield
        finally:
            self.depth -= blocks

    def while_(self, loop: Loop, test: ast.expr, body: list[ast.stmt]) -> None:
        """`while test: body`, and the jumps that leave it for an outer loop."""
        self.emit(ast.While(test, body, [], lineno=self.line, col_offset=self.offset))
        self.pass_on(loop)

    def while_last(self, loop: Loop, test: ast.expr, body: list[ast.stmt]) -> None:
        """A loop around which there is no other, so that nothing jumps beyond it."""
        del loop
        self.emit(ast.While(test, body, [], lineno=self.line, col_offset=self.offset))

    def for_(self, loop: Loop, target: ast.expr, items: ast.expr, body: list[ast.stmt]) -> None:
        """`for target in items: body`, and the jumps that leave it for an outer loop."""
        self.emit(ast.For(target, items, body, [], lineno=self.line, col_offset=self.offset))
        self.pass_on(loop)

    def jump(self, target: Loop, continues: bool) -> None:
        """Leave `target` (or go to its next round), however many host loops lie between."""
        if self.loops[-1] is target:
            self._leave(continues)
            return
        self.jumps += 1
        number = self.jumps
        self.assign("$jump", self.constant(number))
        self.loops[-1].exits[number] = (target, continues)
        self._leave(continues=False)

    def _leave(self, continues: bool) -> None:
        kind = ast.Continue if continues else ast.Break
        self.emit(kind(lineno=self.line, col_offset=self.offset))

    def pass_on(self, loop: Loop) -> None:
        """After a host loop: continue the jumps that it was left by."""
        for number, (target, continues) in loop.exits.items():
            with self.collected() as body:
                if self.loops[-1] is target:
                    self.assign("$jump", self.constant(0))
                    self._leave(continues)
                else:
                    self.loops[-1].exits[number] = (target, continues)
                    self._leave(continues=False)
            self.if_(self.compare(self.name("$jump"), ast.Eq(), self.constant(number)), body)
