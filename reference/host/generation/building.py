"""Putting host statements in order: lists, temporaries, branches, and the host's operation first with the check after."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from lockstep.reference.host.generation.nodes import Nodes
from lockstep.reference.host.generation.results import Result


class Collected:
    """Statements that a builder emits inside a `with`, apart from those around it; never empty at the end."""

    __slots__ = ("builder", "outer")

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __enter__(self) -> list[ast.stmt]:
        builder = self.builder
        self.outer = builder.out
        builder.out = []
        return builder.out

    def __exit__(self, *_: object) -> None:
        builder = self.builder
        if not builder.out:
            builder.emit(builder.placed(ast.Pass()))
        builder.out = self.outer


class Builder(Nodes):
    """Emits the statements of one host function.

    Expressions are given as host expressions without effects; whatever can fail, call or take time goes through a
    temporary, in the order in which the guest's operations happen.

    Attributes:
        out: the list that is being filled.
        temporaries: how many there are.
    """

    # What no guest variable's host name begins with, whatever the language.
    temporary_prefix = "$"

    def __init__(self) -> None:
        super().__init__()
        self.out: list[ast.stmt] = []
        self.temporaries = 0

    def emit(self, statement: ast.stmt) -> None:
        """Append a statement."""
        self.out.append(statement)

    def assign(self, identifier: str, value: ast.expr) -> None:
        """`identifier = value`."""
        self.emit(self.assigning(identifier, value))

    def unpack(self, identifiers: Sequence[str], value: ast.expr) -> None:
        """`a, b, ... = value`."""
        self.emit(self.unpacking(identifiers, value))

    def store(self, place: ast.Attribute | ast.Subscript, value: ast.expr) -> None:
        """`place = value`."""
        place.ctx = ast.Store()
        self.emit(self.placed(ast.Assign([place], value)))

    def evaluate(self, value: ast.expr) -> None:
        """An expression as a statement."""
        self.emit(self.evaluating(value))

    def return_(self, value: ast.expr) -> None:
        """`return value`."""
        self.emit(self.returning(value))

    def raise_(self, value: ast.expr | None) -> None:
        """`raise value from None`."""
        self.emit(self.placed(ast.Raise(value, None if value is None else self.constant(None))))

    def temporary(self) -> str:
        """A host variable of the generator's own."""
        self.temporaries += 1
        return self.temporary_name(self.temporaries)

    def temporary_name(self, number: int) -> str:
        """The host name of a temporary."""
        return f"{self.temporary_prefix}{number}"

    def into(self, result: Result | None, *operands: ast.expr) -> str:
        """The variable for a value: the wanted one, or a temporary where one of `operands` reads it.

        Args:
            result: where the value is wanted, if anywhere.
            operands: what may be looked at after the variable was written for the first time.
        """
        free = None if result is None else result.free_of(operands)
        return self.temporary() if free is None else free

    def keep(self, value: ast.expr) -> ast.Name:
        """A temporary that holds `value`."""
        identifier = self.temporary()
        self.assign(identifier, value)
        return self.variable(identifier)

    def collected(self) -> Collected:
        """Collect what is emitted inside into a list of its own."""
        return Collected(self)

    def if_(self, test: ast.expr, yes: list[ast.stmt], no: list[ast.stmt] | None = None) -> None:
        """`if test: yes else: no`."""
        self.emit(self.branching(test, yes, no))

    def try_(
        self,
        body: list[ast.stmt],
        exceptions: Sequence[str],
        handler: list[ast.stmt],
        otherwise: list[ast.stmt] | None = None,
        *,
        bound: str | None = None,
    ) -> None:
        """`try: body except exceptions as bound: handler else: otherwise`."""
        kinds = [self.name(kind) for kind in exceptions]
        kind: ast.expr = kinds[0] if len(kinds) == 1 else self.tuple_of(kinds)
        clause = self.placed(ast.ExceptHandler(kind, bound, handler))
        self.emit(self.placed(ast.Try(body, [clause], otherwise or [], [])))

    def guarded(
        self,
        result: str,
        fast: ast.expr,
        exceptions: Sequence[str],
        slow: ast.expr,
        otherwise: list[ast.stmt] | None = None,
    ) -> None:
        """`try: result = fast except exceptions: result = slow else: otherwise`: operate first, check after."""
        self.try_([self.assigning(result, fast)], exceptions, [self.assigning(result, slow)], otherwise)
