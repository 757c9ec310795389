"""Whether generated host code writes a wanted variable only after the last look at its operands.

`marked_results` gives every variable that `Builder.into` hands out a name of its own: the value then reaches the variable by a
copy. Between the first write under the new name and the copy nothing may look at the variable: in the code as it is generated
otherwise, it would see the new value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lockstep.reference.host.generation.building import Builder
from lockstep.reference.host.generation.results import reads

State = frozenset[str]
_NOTHING: State = frozenset()


@contextmanager
def marked_results() -> Iterator[dict[str, str]]:
    """While it lasts, what is wanted in a variable gets a name of its own; yields the variables by those names."""
    variables: dict[str, str] = {}
    into = Builder.into

    def marking(self: Builder, result: Any, *operands: ast.expr) -> str:
        held = into(self, result, *operands)
        if result is None or not result.holds(self.variable(held)):
            return held
        mark = f"{held} wanted {len(variables)}"
        variables[mark] = held
        return mark

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Builder, "into", marking)
        yield variables


def looks_too_late(tree: ast.Module, variables: dict[str, str]) -> list[str]:
    """The statements that look at a variable after it was written for a result that is not done, as host source."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            walker = _Walker(variables)
            walker.block(node.body, _NOTHING)
            found.extend(walker.found)
    return found


class _Walker:
    """Follows control through one function; a state is the set of names that were written and are not copied yet."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.found: list[str] = []
        self.broken: State = _NOTHING
        # Where the statements before may have raised.
        self.raised: State = _NOTHING

    def block(self, body: list[ast.stmt], state: State) -> State:
        for node in body:
            state = self.statement(node, state)
        return state

    def statement(self, node: ast.stmt, state: State) -> State:
        self.raised |= state
        if isinstance(node, ast.FunctionDef):
            return state
        if isinstance(node, ast.If):
            self.look(node.test, state, node)
            return self.block(node.body, state) | self.block(node.orelse, state)
        if isinstance(node, (ast.While, ast.For)):
            return self.loop(node, state)
        if isinstance(node, ast.Try):
            return self.attempt(node, state)
        self.look(node, state, node)
        if isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            self.broken |= state
            return _NOTHING
        written = {
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
        }
        marks = {name for name in written if name in self.variables}
        return frozenset(one for one in state if self.variables[one] not in written) | marks

    def loop(self, node: ast.While | ast.For, state: State) -> State:
        outer, self.broken = self.broken, _NOTHING
        self.look(node.test if isinstance(node, ast.While) else node.iter, state, node)
        for _ in range(2):
            state |= self.block(node.body, state)
        state |= self.broken
        self.broken = outer
        return self.block(node.orelse, state)

    def attempt(self, node: ast.Try, state: State) -> State:
        outer, self.raised = self.raised, _NOTHING
        result = self.block(node.body, state)
        failed = self.raised
        self.raised = outer
        result = self.block(node.orelse, result)
        for handler in node.handlers:
            result |= self.block(handler.body, failed)
        self.block(node.finalbody, result | failed)
        return self.block(node.finalbody, result)

    def look(self, part: ast.AST, state: State, statement: ast.stmt) -> None:
        """Note a statement that looks at a variable whose new value is not done."""
        pending = {self.variables[one] for one in state}
        for name in ast.walk(part):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load) and name.id in pending:
                self.found.append(ast.unparse(statement))
                return


def guards_that_read_their_result(tree: ast.Module) -> list[str]:
    """The guarded operations (`try: v = fast except ...: v = slow`) of which one side looks at `v`, as host source.

    Where a language has none, no result of an operation stands in a variable that the operation looks at.
    """
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Try):
            continue
        fast = _assigned(node.body[-1])
        slow = [_assigned(handler.body[-1]) for handler in node.handlers]
        sides = [
            one[1] for one in (fast, *slow) if one is not None and fast is not None and one[0] == fast[0]
        ]
        if fast is not None and len(sides) > 1 and any(reads(side, fast[0]) for side in sides):
            found.append(ast.unparse(node))
    return found


def loop_variables_written_early(tree: ast.AST) -> list[str]:
    """The writes of a loop's variables that are not all at once, directly before the next round; as host source."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            blocks = list(_blocks_of_round(node.body))
            last = [block[-2] for block in blocks if len(block) > 1 and isinstance(block[-1], ast.Continue)]
            variables = {name for one in last for name in written_variables(one)}
            rounds = {id(one) for one in last}
            found.extend(
                ast.unparse(one)
                for block in blocks
                for one in block
                if id(one) not in rounds
                and isinstance(one, ast.Assign)
                and written_variables(one) & variables
            )
    return found


def _blocks_of_round(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The statement lists of one round of a loop, those of inner loops and functions left out."""
    yield body
    for node in body:
        if isinstance(node, ast.If):
            yield from _blocks_of_round(node.body)
            yield from _blocks_of_round(node.orelse)
        elif isinstance(node, ast.Try):
            for block in (node.body, node.orelse, node.finalbody, *(one.body for one in node.handlers)):
                yield from _blocks_of_round(block)


def written_variables(node: ast.AST) -> set[str]:
    """The names that host code assigns to."""
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _assigned(node: ast.stmt) -> tuple[str, ast.expr] | None:
    """The variable and the value of an assignment."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return None
