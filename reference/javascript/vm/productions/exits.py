"""How control leaves: every jump (14.8 to 14.10) goes through the regions that it leaves, from the inside out.

A region is a host loop that a jump may leave, or code whose leaving runs other code first: the block of a `try`, and
the scope of `using` declarations. What leaving takes (the update of a loop before its next turn, the closing of an
iterator) is emitted where the region ends. It stands at the jump itself only where nothing protects the jump, so that
it runs after each `finally` that is left and no `catch` sees its errors.

A jump over host loops carries a number in `jump@` (`reference/host/generation/jumps.py`). So does a
`return` where an iterator is to be closed outside of a `try`; its value waits in `returned@`.
"""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Callable, Union

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import Unit
from lockstep.reference.javascript.vm.productions.classes import Classes

# A loop with more `continue` statements than this has its update once, at its head.
_REPEATED_UPDATES = 2


class Target(Loop):
    """A host loop that a jump may leave.

    Attributes:
        labels: the guest labels of the statement.
        takes_break: an unlabelled `break` means it.
        takes_continue: it is a guest loop.
        has_update: something happens between `continue` and the next turn.
        close: emits what leaving it early takes (closing an iterator); harmless when that was done.
        is_left: a jump leaves it early, so `close` stands behind it.
        continues: where a `continue` stands, for loops with an update: the list of statements and the placeholder.
        is_crossed: one of them stands in a protected region of the body.
    """

    def __init__(self, labels: tuple[str, ...], takes_break: bool, takes_continue: bool) -> None:
        super().__init__()
        self.labels = labels
        self.takes_break = takes_break
        self.takes_continue = takes_continue
        self.has_update = False
        self.close: Callable[[], None] | None = None
        self.is_left = False
        self.continues: list[tuple[list[ast.stmt], ast.stmt]] = []
        self.is_crossed = False


class Protected:
    """Code whose leaving runs other code first: a `finally`, a disposal; or whose errors a `catch` would see."""


Region = Union[Target, Protected]


class Exits(Classes):
    """The regions around the code that is compiled, and the jumps out of them."""

    labels: tuple[str, ...] = ()

    # Regions

    def open_target(self, *, takes_break: bool = True, takes_continue: bool = True) -> Target:
        """Enter a host loop."""
        target = Target(self.labels, takes_break, takes_continue)
        self.labels = ()
        self.unit.regions.append(target)
        if takes_continue:
            self.unit.loop_depth += 1
        return target

    def close_target(self, target: Target) -> None:
        """Behind the host loop: close what it iterates, and go on with jumps that pass through."""
        unit = self.unit
        unit.regions.pop()
        if target.takes_continue:
            unit.loop_depth -= 1
        if target.close is not None and target.is_left:
            target.close()
        self.pass_on(target)

    def protected(self, emit_body: Callable[[], None]) -> bool:
        """Emit the code of a protected region; whether a numbered jump may be under way where it is left."""
        unit = self.unit
        unit.regions.append(Protected())
        jumps = unit.jumps
        emit_body()
        unit.regions.pop()
        return unit.jumps > jumps

    def keep_jump(self) -> Callable[[], None]:
        """Begin a finalizer, in which other jumps may come and go; what is called at its end takes the jump up again."""
        kept = self.fresh("jump")
        self.assign(kept, self.tuple_of([self.name("jump@"), self.name("returned@")]))
        self.begin_jumps()

        def resume() -> None:
            for position, name in enumerate(("jump@", "returned@")):
                self.assign(name, self.subscript(self.name(kept), self.constant(position)))

        return resume

    def jump_head(self, unit: Unit) -> list[ast.stmt]:
        if not unit.jumps:
            return []
        return [
            self.placed(ast.Assign([self.target("jump@")], self.constant(0))),
            self.placed(ast.Assign([self.target("returned@")], self.constant(None))),
        ]

    # Jumps

    def innermost_loop(self) -> Loop:
        """The innermost region that is a host loop."""
        return next(region for region in reversed(self.unit.regions) if isinstance(region, Target))

    def number_of_jump(self, target: Loop | None, continues: bool) -> int:
        """The number of a jump in the present unit."""
        unit = self.unit
        unit.jumps += 1
        return unit.jump_numbers.setdefault((target, continues), len(unit.jump_numbers) + 1)

    def arrive(self, loop: Loop, continues: bool) -> None:
        """Leave the innermost loop, or go to its next round: by way of its update, where it has one."""
        assert isinstance(loop, Target)
        loop.is_left |= not continues
        if not (continues and loop.has_update):
            super().arrive(loop, continues)
            return
        loop.is_crossed |= isinstance(self.unit.regions[-1], Protected)
        held = ast.Pass()
        self.emit(held)
        loop.continues.append((self.out, held))

    def resume_return(self, number: int) -> None:
        """Behind a loop: go on with a return whose value waits."""
        self._return(self.name("returned@"), number)

    def break_statement(self, node: js.Break) -> None:
        self.jump(self._goal(lambda target: target.takes_break, node.label), continues=False)

    def continue_statement(self, node: js.Continue) -> None:
        goal = self._goal(lambda target: target.takes_continue, node.label, among_loops=True)
        self.jump(goal, continues=True)

    def _goal(
        self, takes: Callable[[Target], bool], label: str | None, *, among_loops: bool = False
    ) -> Target:
        for region in reversed(self.unit.regions):
            if not isinstance(region, Target) or (among_loops and not region.takes_continue):
                continue
            if takes(region) if label is None else label in region.labels:
                return region
        raise AssertionError(label)

    def return_statement(self, node: js.Return) -> None:
        operand = Operand(self.constant(None)) if node.argument is None else self.compile(node.argument)
        self.position(node)
        unit = self.unit
        value = operand.expression
        if unit.is_async and unit.is_generator and node.argument is not None:
            value = self.await_value(value).expression
        self._return(value)

    def _return(self, value: ast.expr, number: int = 0) -> None:
        """14.10.1: leave the function, closing what the loops around iterate; `number` of a return under way."""
        regions: list[Region] = self.unit.regions
        closing = [
            index
            for index, region in enumerate(regions)
            if isinstance(region, Target) and region.close is not None
        ]
        if closing and any(isinstance(region, Protected) for region in regions[closing[0] :]):
            if not number:
                self.assign("returned@", value)
            self.jump(None, False, number)
            return
        if closing:
            value = self.saved(Operand(value, stable=False))
            for index in reversed(closing):
                regions[index].close()  # type: ignore[union-attr,misc]
        self._leave_function(value)

    def _leave_function(self, value: ast.expr) -> None:
        if self.unit.derived:
            self.return_from_derived(value)
        else:
            self.emit(ast.Return(value))

    # Loops

    def turns(
        self,
        target: Target,
        emit_test: Callable[[], None],
        emit_body: Callable[[], None],
        emit_update: Callable[[], None] | None,
    ) -> None:
        """The host loop of a guest loop: test, body and update, and then the next turn."""
        scope = self.scope
        target.has_update = emit_update is not None
        with self.collected() as test:
            emit_test()
        with self.collected() as body:
            emit_body()
        self.scope = scope
        if emit_update is None:
            turn = [*test, *body]
        elif target.is_crossed or len(target.continues) > _REPEATED_UPDATES:
            turn = [*self._update_at_head(target, emit_update), *test, *body]
        else:
            for statements, held in target.continues:
                _replace(statements, held, [*self._emitted(emit_update), self.placed(ast.Continue())])
            turn = [*test, *body, *self._emitted(emit_update)]
        self.emit_loop(turn)
        self.close_target(target)

    def _emitted(self, emit: Callable[[], None]) -> list[ast.stmt]:
        with self.collected() as emitted:
            emit()
        return emitted

    def _update_at_head(self, target: Target, emit_update: Callable[[], None]) -> list[ast.stmt]:
        """The update before each turn but the first: a host `continue` is all that the guest's takes."""
        begun = self.fresh("begun")
        self.assign(begun, self.constant(False))
        for statements, held in target.continues:
            _replace(statements, held, [self.placed(ast.Continue())])
        first: list[ast.stmt] = [self.placed(ast.Assign([self.target(begun)], self.constant(True)))]
        return [self.placed(ast.If(self.name(begun), self._emitted(emit_update), first))]


def _replace(statements: list[ast.stmt], held: ast.stmt, by: list[ast.stmt]) -> None:
    index = next(index for index, one in enumerate(statements) if one is held)
    statements[index : index + 1] = by
