"""How control leaves: every jump (14.8 to 14.10) goes through the regions that it leaves, from the inside out.

A region is a host loop that a jump may leave, or code whose leaving runs other code first: the block of a `try`, and
the scope of `using` declarations. What leaving takes (the update of a loop before its next turn, the closing of an
iterator) is emitted where the region ends. It stands at the jump itself only where nothing protects the jump, so that
it runs after each `finally` that is left and no `catch` sees its errors.

A jump over host loops carries a number in `jump@` (`reference/host/generation/jumps.py`). So does a
`return` where an iterator is to be closed outside of a `try`; its value waits in `returned@`.
"""

from __future__ import annotations

import ast
from typing import Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Statements
from lockstep.reference.javascript.vm.generation.enclosing import await_value, return_from_derived
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.regions import Protected, Target
from lockstep.reference.javascript.vm.generation.tables import row

# A loop with more `continue` statements than this has its update once, at its head.
_REPEATED_UPDATES = 2


def open_target(builder: Builder, *, takes_break: bool = True, takes_continue: bool = True) -> Target:
    """Enter a host loop."""
    target = Target(builder.labels, takes_break, takes_continue)
    builder.labels = ()
    builder.regions.append(target)
    if takes_continue:
        builder.loop_depth += 1
    return target


def close_target(builder: Builder, target: Target) -> None:
    """Behind the host loop: close what it iterates, and go on with jumps that pass through."""
    builder.regions.pop()
    if target.takes_continue:
        builder.loop_depth -= 1
    if target.is_left:
        _close(target)
    builder.pass_on(target)


def protected(builder: Builder, emit_body: Callable[[], None]) -> bool:
    """Emit the code of a protected region; whether a numbered jump may be under way where it is left."""
    builder.regions.append(Protected())
    jumps = builder.jumps
    emit_body()
    builder.regions.pop()
    return builder.jumps > jumps


def keep_jump(builder: Builder) -> Callable[[], None]:
    """Begin a finalizer, in which other jumps may come and go; what is called at its end takes the jump up again."""
    kept = builder.fresh("jump")
    builder.assign(kept, builder.tuple_of([builder.name("jump@"), builder.name("returned@")]))
    builder.begin_jumps()

    def resume() -> None:
        for position, name in enumerate(("jump@", "returned@")):
            builder.assign(name, builder.subscript(builder.name(kept), builder.constant(position)))

    return resume


# Jumps


def _break_statement(builder: Builder, node: js.Break) -> None:
    builder.jump(_goal(builder, lambda target: target.takes_break, node.label), continues=False)


def _continue_statement(builder: Builder, node: js.Continue) -> None:
    goal = _goal(builder, lambda target: target.takes_continue, node.label, among_loops=True)
    builder.jump(goal, continues=True)


def _goal(
    builder: Builder, takes: Callable[[Target], bool], label: str | None, *, among_loops: bool = False
) -> Target:
    for region in reversed(builder.regions):
        if not isinstance(region, Target) or (among_loops and not region.takes_continue):
            continue
        if takes(region) if label is None else label in region.labels:
            return region
    raise AssertionError(label)


def _return_statement(builder: Builder, node: js.Return) -> None:
    operand = Operand(builder.constant(None)) if node.argument is None else builder.expression(node.argument)
    builder.at(node)
    unit = builder.unit
    value = operand.expression
    if unit.is_async and unit.is_generator and node.argument is not None:
        value = await_value(builder, value).expression
    leave_with(builder, value)


def leave_with(builder: Builder, value: ast.expr, number: int = 0) -> None:
    """14.10.1: leave the function, closing what the loops around iterate; `number` of a return under way."""
    closing = [
        region for region in builder.regions if isinstance(region, Target) and region.close is not None
    ]
    if closing:
        first = builder.regions.index(closing[0])
        if any(isinstance(region, Protected) for region in builder.regions[first:]):
            if not number:
                builder.assign("returned@", value)
            builder.jump(None, False, number)
            return
        value = builder.saved(Operand(value, stable=False))
        for target in reversed(closing):
            _close(target)
    _leave_function(builder, value)


def _close(target: Target) -> None:
    if target.close is not None:
        target.close()


def _leave_function(builder: Builder, value: ast.expr) -> None:
    if builder.unit.derived:
        return_from_derived(builder, value)
    else:
        builder.emit(ast.Return(value))


# Loops


def turns(
    builder: Builder,
    target: Target,
    emit_test: Callable[[], None],
    emit_body: Callable[[], None],
    emit_update: Callable[[], None] | None,
) -> None:
    """The host loop of a guest loop: test, body and update, and then the next turn."""
    scope = builder.scope
    target.has_update = emit_update is not None
    with builder.collected() as test:
        emit_test()
    with builder.collected() as body:
        emit_body()
    builder.scope = scope
    if emit_update is None:
        turn = [*test, *body]
    elif target.is_crossed or len(target.continues) > _REPEATED_UPDATES:
        turn = [*_update_at_head(builder, target, emit_update), *test, *body]
    else:
        for statements, held in target.continues:
            _replace(statements, held, [*_emitted(builder, emit_update), builder.placed(ast.Continue())])
        turn = [*test, *body, *_emitted(builder, emit_update)]
    builder.forever(turn)
    close_target(builder, target)


def _emitted(builder: Builder, emit: Callable[[], None]) -> list[ast.stmt]:
    with builder.collected() as emitted:
        emit()
    return emitted


def _update_at_head(builder: Builder, target: Target, emit_update: Callable[[], None]) -> list[ast.stmt]:
    """The update before each turn but the first: a host `continue` is all that the guest's takes."""
    begun = builder.fresh("begun")
    builder.assign(begun, builder.constant(False))
    for statements, held in target.continues:
        _replace(statements, held, [builder.placed(ast.Continue())])
    first: list[ast.stmt] = [builder.assigning(begun, builder.constant(True))]
    return [builder.branching(builder.name(begun), _emitted(builder, emit_update), first)]


def _replace(statements: list[ast.stmt], held: ast.stmt, by: list[ast.stmt]) -> None:
    index = next(index for index, one in enumerate(statements) if one is held)
    statements[index : index + 1] = by


STATEMENTS: Statements = dict(
    [
        row(js.Break, _break_statement),
        row(js.Continue, _continue_statement),
        row(js.Return, _return_statement),
    ]
)
