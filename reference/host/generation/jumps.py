"""Jumps that leave several host loops: the host has no labels.

Such a jump puts its number into a variable and leaves the innermost loop; behind each loop that it leaves stands what takes it
further, up to the loop that it means.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from lockstep.reference.host.generation.building import Builder


class Loop:
    """A host loop that is being generated; `exits` are jumps that pass through it to an outer one."""

    __slots__ = ("exits",)

    def __init__(self) -> None:
        self.exits: dict[int, tuple[Loop, bool]] = {}


class JumpBuilder(Builder):
    """A builder with loops.

    Attributes:
        loops: those around the code that is built, from the outside in.
        jumps: how many jumps carry a number; where there are any, the function begins with `begin_jumps`.
        depth: how many of the host's blocks stand around the code that is built.
        deepest: at most, up to now.
    """

    # The host variable with the number of a jump that is under way, 0 for none.
    jump_variable = "$jump"

    def __init__(self) -> None:
        super().__init__()
        self.loops: list[Loop] = []
        self.jumps = 0
        self.depth = 0
        self.deepest = 0

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
        self.emit(self.placed(ast.While(test, body, [])))
        self.pass_on(loop)

    def for_(self, loop: Loop, target: ast.expr, items: ast.expr, body: list[ast.stmt]) -> None:
        """`for target in items: body`, and the jumps that leave it for an outer loop."""
        self.emit(self.placed(ast.For(target, items, body, [])))
        self.pass_on(loop)

    def jump(self, target: Loop, continues: bool) -> None:
        """Leave `target` (or go to its next round), however many host loops lie between."""
        if self.loops[-1] is target:
            self._leave(continues)
            return
        self.jumps += 1
        self.assign(self.jump_variable, self.constant(self.jumps))
        self._pass(self.jumps, target, continues)

    def pass_on(self, loop: Loop) -> None:
        """After a host loop: continue the jumps that it was left by."""
        for number, (target, continues) in loop.exits.items():
            with self.collected() as body:
                if self.loops[-1] is target:
                    self.begin_jumps()
                    self._leave(continues)
                else:
                    self._pass(number, target, continues)
            self.if_(self.compare(self.name(self.jump_variable), ast.Eq(), self.constant(number)), body)

    def begin_jumps(self) -> None:
        """No jump is under way."""
        self.assign(self.jump_variable, self.constant(0))

    def _pass(self, number: int, target: Loop, continues: bool) -> None:
        """Leave the innermost loop, on the way to another."""
        self.loops[-1].exits[number] = (target, continues)
        self._leave(continues=False)

    def _leave(self, continues: bool) -> None:
        self.emit(self.placed(ast.Continue() if continues else ast.Break()))
