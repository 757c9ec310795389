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
    """A host loop that is being generated.

    Attributes:
        exits: the numbers of jumps that pass through it to an outer loop, or out of the function (None), with whether they continue.
    """

    __slots__ = ("exits",)

    def __init__(self) -> None:
        self.exits: dict[int, tuple[Loop | None, bool]] = {}


class JumpBuilder(Builder):
    """A builder with loops.

    Attributes:
        loops: those around the code that is built, from the outside in.
        jumps: how many jumps carry a number; where there are any, the function begins with `begin_jumps`.
        jump_numbers: the number of each, by where it leads.
        depth: how many of the host's blocks stand around the code that is built.
        deepest: at most, up to now.
    """

    # The host variable with the number of a jump that is under way, 0 for none.
    jump_variable = "$jump"

    def __init__(self) -> None:
        super().__init__()
        self.loops: list[Loop] = []
        self.jumps = 0
        self.jump_numbers: dict[tuple[Loop | None, bool], int] = {}
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

    def jump(self, target: Loop | None, continues: bool, number: int = 0) -> None:
        """Leave `target` (or go to its next round), however many host loops lie between.

        Args:
            target: None for what leaves the function, which a language that has such jumps takes up in `resume_return`.
            continues: go on with the next round.
            number: of a jump that is under way.
        """
        innermost = self.innermost_loop()
        if innermost is target:
            if number:
                self.begin_jumps()
            self.arrive(innermost, continues)
            return
        if not number:
            number = self.number_of_jump(target, continues)
            self.assign(self.jump_variable, self.constant(number))
        innermost.exits[number] = (target, continues)
        self.arrive(innermost, continues=False)

    def pass_on(self, loop: Loop) -> None:
        """After a host loop: continue the jumps that it was left by."""
        for number, (target, continues) in loop.exits.items():
            with self.collected() as body:
                if target is None:
                    self.resume_return(number)
                else:
                    self.jump(target, continues, number)
            self.if_(self.compare(self.name(self.jump_variable), ast.Eq(), self.constant(number)), body)

    def begin_jumps(self) -> None:
        """No jump is under way."""
        self.assign(self.jump_variable, self.constant(0))

    # What a language may have otherwise.

    def innermost_loop(self) -> Loop:
        """The innermost host loop around the code that is built."""
        return self.loops[-1]

    def number_of_jump(self, target: Loop | None, continues: bool) -> int:
        """The number of a jump out of several loops."""
        self.jumps += 1
        return self.jump_numbers.setdefault((target, continues), len(self.jump_numbers) + 1)

    def arrive(self, loop: Loop, continues: bool) -> None:
        """Leave the innermost loop, or go to its next round."""
        self.emit(self.placed(ast.Continue() if continues else ast.Break()))

    def resume_return(self, number: int) -> None:
        """Behind a loop: go on with a jump out of the function."""
        raise NotImplementedError
