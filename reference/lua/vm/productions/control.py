"""Loops and conditions."""

from __future__ import annotations

import ast
from typing import Callable

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.lines import is_tested, jumps_back
from lockstep.reference.lua.syntax.walking import variables_in
from lockstep.reference.lua.vm.accumulation import accumulators
from lockstep.reference.lua.vm.form import is_boxed
from lockstep.reference.lua.vm.functions import Forms, FunctionBuilder
from lockstep.reference.lua.vm.productions.blocks import (
    CLOSING_DEPTH,
    SCOPES,
    block,
    break_,
    closing_around,
    goto,
    label,
    statements_of,
)
from lockstep.reference.lua.vm.productions.calls import adjusted, call_statement, return_
from lockstep.reference.lua.vm.productions.expressions import compared, condition
from lockstep.reference.lua.vm.productions.operands import is_simple, kept, operands
from lockstep.reference.lua.vm.productions.operators import comparisons
from lockstep.reference.lua.vm.traced import LINE


def _do(builder: FunctionBuilder, node: nodes.Do) -> None:
    block(builder, node.block)


def _guest_loop(
    builder: FunctionBuilder, fill: Callable[[Loop], None], body_node: nodes.Block
) -> tuple[Loop, list[ast.stmt]]:
    locals_of = variables_in(nodes.Do(body_node)) if builder.chunk.releasing else []
    loop = Loop()
    builder.loop_of.append(loop)
    since = builder.temporaries
    with builder.loop(loop) as body:
        fill(loop)
    builder.loop_of.pop()
    # What the round before has left behind.
    with builder.collected() as released:
        builder.release(since, locals_of)
    if builder.chunk.releasing:
        body[:0] = released
    return loop, body


def _while(builder: FunctionBuilder, node: nodes.While) -> None:
    def fill(loop: Loop) -> None:
        test = node.condition
        if builder.hooked:
            passes = _tested(builder, test, node, node.block.before)
            with builder.collected() as leaving:
                builder.jump(loop, continues=False)
            builder.if_(builder.negation(passes), leaving)
        elif not (isinstance(test, nodes.Boolean) and test.value):
            _leave_if(builder, test, lambda: builder.jump(loop, continues=False), negated=True)
        builder.at(node)
        builder.count_step()
        block(builder, node.block, loop)
        if jumps_back(node, integers=builder.profile.integers):
            builder.point(node, node.block.last_line)
        builder.jump_back()

    loop, body = _guest_loop(builder, fill, node.block)
    builder.at(node)
    builder.while_(loop, builder.constant(True), body)


def _tested(builder: FunctionBuilder, test: nodes.Node, node: nodes.Node, line: int) -> ast.expr:
    """A condition in the hooked form, with the instruction that tests its outcome."""
    value = builder.keep(condition(builder, test))
    if is_tested(test):
        builder.point(node, line)
    return value


def _repeat(builder: FunctionBuilder, node: nodes.Repeat) -> None:
    def fill(loop: Loop) -> None:
        builder.count_step()
        until = _Until(node.condition, loop)
        statements_of(builder, [*node.block.statements, until])

    loop, body = _guest_loop(builder, fill, node.block)
    builder.at(node)
    builder.while_(loop, builder.constant(True), body)


class _Until(nodes.Node):
    """The condition of a `repeat`, as the last statement of its block."""

    __slots__ = ("condition", "loop")

    def __init__(self, test: nodes.Node, loop: Loop) -> None:
        self.condition = test
        self.loop = loop
        self.line = test.line
        self.offset = test.offset


def _until(builder: FunctionBuilder, node: _Until) -> None:
    test = node.condition
    if builder.hooked:
        passes = builder.keep(condition(builder, test))
        with builder.collected() as leaving:
            builder.jump(node.loop, continues=False)
        builder.if_(passes, leaving)
        builder.jump_back()
    elif not (isinstance(test, nodes.Boolean) and not test.value):
        _leave_if(builder, test, lambda: builder.jump(node.loop, continues=False))
    builder.at(node)
    with builder.collected() as again:
        builder.jump(node.loop, continues=True)
    builder.out.extend(again)


def _if(builder: FunctionBuilder, node: nodes.If) -> None:
    simple = len(node.clauses) == 1 and node.otherwise is None and not builder.hooked
    if simple and _quick_exit(builder, *node.clauses[0]):
        return
    _clauses(builder, node, 0)


def _quick_exit(builder: FunctionBuilder, test: nodes.Node, body: nodes.Block) -> bool:
    """`if a < b then return c end` in one `try`, where leaving cannot raise what the test may."""
    if len(body.statements) != 1:
        return False
    only = body.statements[0]
    if isinstance(only, nodes.Return):
        leaves = len(only.expressions) == 1 and is_simple(only.expressions[0])
    else:
        leaves = isinstance(only, nodes.Break)
    if not leaves:
        return False
    _leave_if(builder, test, lambda: statements_of(builder, body.statements))
    return True


def _is_order(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Binary) and node.operator in ("<", "<=", ">", ">=")


def _leave_if(
    builder: FunctionBuilder, test: nodes.Node, leave: Callable[[], None], *, negated: bool = False
) -> None:
    """`if test: leave` (`if not test: leave`), where leaving raises nothing, and may stand there more than once."""
    if isinstance(test, nodes.Logical) and test.operator == ("and" if negated else "or"):
        _leave_if(builder, test.left, leave, negated=negated)
        _leave_if(builder, test.right, leave, negated=negated)
        return
    if _is_order(test):
        assert isinstance(test, nodes.Binary)
        left, right = compared(builder, test)
        builder.at(test)
        fast, slow = comparisons(builder, test, left, right)
    else:
        fast, slow = condition(builder, test), None
    builder.at(test)
    with builder.collected() as leaving:
        leave()
    builder.at(test)
    if slow is None:
        builder.if_(builder.negation(fast) if negated else fast, leaving)
        return
    with builder.collected() as attempt:
        builder.if_(builder.negation(fast) if negated else fast, leaving)
    with builder.collected() as again:
        builder.if_(builder.negation(slow) if negated else slow, leaving)
    builder.try_(attempt, ("TypeError",), again)


def _clauses(builder: FunctionBuilder, node: nodes.If, position: int) -> None:
    test_node, body_node = node.clauses[position]
    since = builder.temporaries
    if builder.hooked:
        test = _tested(builder, test_node, node, body_node.before)
    else:
        test = condition(builder, test_node)
    with builder.collected() as body:
        builder.release(since)
        block(builder, body_node)
        if position + 1 < len(node.clauses) or node.otherwise is not None:
            builder.point(node, body_node.last_line)
    otherwise: list[ast.stmt] = []
    if position + 1 < len(node.clauses):
        with builder.collected() as otherwise:
            _clauses(builder, node, position + 1)
    elif node.otherwise is not None:
        with builder.collected() as otherwise:
            block(builder, node.otherwise)
    builder.at(test_node)
    builder.if_(test, body, otherwise)


def _numeric_for(builder: FunctionBuilder, node: nodes.NumericFor) -> None:
    items, bounds = _counted(builder, node)
    variable = node.variable
    host = builder.chunk.host_name(variable)
    direct = not is_boxed(variable)
    counter = host if direct and not variable.assigned else builder.temporary()
    # Where `debug.getlocal` may ask, the hidden variables have host variables of their own.
    hidden = [] if builder.kinds.trusting else node.control
    if hidden:
        items = builder.keep(items)
        control = builder.keep(builder.call("$loop_control", *bounds, items))
        for number, one in enumerate(hidden):
            builder.declare(one, builder.subscript(control, builder.constant(number)))
    deferred = set() if builder.hooked else accumulators(builder, node) - builder.deferred
    builder.deferred |= deferred
    builder.point(node)
    if builder.hooked and not builder.profile.integers:
        # 5.1 begins with a jump to the end.
        builder.point(node)
        builder.jump_back()

    def fill(loop: Loop) -> None:
        builder.count_step()
        if hidden:
            builder.declare(hidden[0], builder.name(counter))
        if counter != host:
            builder.declare(variable, builder.name(counter))
        block(builder, node.block, loop)
        builder.point(node)
        builder.jump_back()

    loop, body = _guest_loop(builder, fill, node.block)
    builder.at(node)
    exhausted: list[ast.stmt] = []
    if builder.hooked:
        with builder.collected() as exhausted:
            builder.assign(LINE, builder.constant(node.line))
    builder.emit(builder.placed(ast.For(builder.target(counter), items, body, exhausted)))
    builder.deferred -= deferred
    for accumulator in sorted(deferred, key=lambda one: str(one.host)):
        name = builder.chunk.host_name(accumulator)
        builder.assign(name, builder.call("$fix", builder.name(name)))
    builder.pass_on(loop)
    for one in hidden:
        builder.declare(one, builder.constant(None))


# 5.1 counts in doubles, where a large step loses the start's last bits.
_SMALL_STEP = 1 << 30


def _counted(builder: FunctionBuilder, node: nodes.NumericFor) -> tuple[ast.expr, list[ast.expr]]:
    """What a numeric loop counts through: a host range where its bounds are integers; and its three bounds."""
    bounds = [node.start, node.stop] if node.step is None else [node.start, node.stop, node.step]
    values = [
        value if isinstance(value, (ast.Name, ast.Constant)) else builder.keep(value)
        for value in operands(builder, bounds)
    ]
    for _ in range(3):
        builder.point(node)
    builder.at(node)
    start, stop = values[0], values[1]
    step = values[2] if node.step is not None else builder.constant(1)
    return _values_of_loop(builder, node, start, stop, step), [start, stop, step]


def _values_of_loop(
    builder: FunctionBuilder, node: nodes.NumericFor, start: ast.expr, stop: ast.expr, step: ast.expr
) -> ast.expr:
    bounds = [node.start, node.stop] if node.step is None else [node.start, node.stop, node.step]
    general = builder.call("$loop_values", start, stop, step)
    kinds = builder.kinds
    lowest, highest = (1, 1) if node.step is None else kinds.interval(node.step)
    is_signed = node.step is None or (kinds.is_integer(node.step) and (lowest > 0 or highest < 0))
    if not is_signed or max(abs(lowest), abs(highest)) > (
        _SMALL_STEP if not builder.profile.integers else 1 << 63
    ):
        return general
    ints = [
        builder.is_type(value, "int")
        for value, bound in ((start, node.start), (stop, node.stop))
        if not kinds.is_integer(bound)
    ]
    if any(kinds.is_float(bound) for bound in bounds):
        return general
    if not builder.profile.integers:
        ints.extend(_starts_exactly(builder, node, start, highest if lowest > 0 else lowest))
    if isinstance(stop, ast.Constant) and type(stop.value) is int:
        beyond: ast.expr = builder.constant(stop.value + (1 if lowest > 0 else -1))
    else:
        beyond = builder.operation(stop, ast.Add() if lowest > 0 else ast.Sub(), builder.constant(1))
    is_one = isinstance(step, ast.Constant) and step.value == 1
    bounded = builder.call("range", start, beyond, *([] if is_one else [step]))
    return builder.choice(builder.both(*ints), bounded, general) if ints else bounded


def _starts_exactly(
    builder: FunctionBuilder, node: nodes.NumericFor, start: ast.expr, step: int
) -> list[ast.expr]:
    """The test, where one is needed, that 5.1's first value, `(start - step) + step`, is the start."""
    bound = (builder.profile.lowest if step > 0 else builder.profile.highest) + step
    low, high = builder.kinds.interval(node.start)
    if low >= bound if step > 0 else high <= bound:
        return []
    return [builder.compare(start, ast.GtE() if step > 0 else ast.LtE(), builder.constant(bound))]


def _generic_for(builder: FunctionBuilder, node: nodes.GenericFor) -> None:
    has_closing = builder.profile.integers
    values = adjusted(builder, node.expressions, 4 if has_closing else 3)
    values = [value if isinstance(value, ast.Constant) else kept(builder, value) for value in values]
    builder.at(node)
    # Where `debug.getlocal` may ask, the hidden variables have host variables of their own.
    hidden = [] if builder.kinds.trusting else node.control
    for variable, value in zip(hidden, values):
        builder.declare(variable, value)
    count = len(node.variables)
    closing = values[3] if has_closing else None
    if not (closing is None or isinstance(closing, ast.Constant)):
        builder.point(node)
        with builder.collected() as check:
            builder.evaluate(builder.call("$check_closable", closing, builder.constant("(for state)")))
        builder.if_(builder.is_some(closing), check)
    builder.point(node)
    items = builder.call("$iterate", *values[:3], builder.constant(count))
    targets: list[str] = []
    declared: list[tuple[nodes.Variable, str]] = []
    for variable in node.variables:
        if is_boxed(variable):
            name = builder.temporary()
            declared.append((variable, name))
        else:
            name = builder.chunk.host_name(variable)
        targets.append(name)
    target: ast.expr = builder.target(targets[0])
    if count > 1:
        target = builder.placed(ast.Tuple([builder.target(name) for name in targets], ast.Store()))

    def fill(loop: Loop) -> None:
        builder.count_step()
        builder.jump_back()
        if hidden:
            builder.declare(hidden[2], builder.name(targets[0]))
        for variable, name in declared:
            builder.declare(variable, builder.name(name))
        block(builder, node.block, loop)
        builder.point(node)

    with builder.nested(0 if closing is None or isinstance(closing, ast.Constant) else CLOSING_DEPTH):
        loop, body = _guest_loop(builder, fill, node.block)
    builder.at(node)
    if closing is None or isinstance(closing, ast.Constant):
        builder.for_(loop, target, items, body)
    else:
        assert isinstance(closing, ast.Name)
        with builder.collected() as whole:
            builder.emit(builder.placed(ast.For(target, items, body, [])))
            builder.pass_on(loop)
        closing_around(builder, whole, closing.id)
    for variable in hidden:
        builder.declare(variable, builder.constant(None))


STATEMENTS: Forms = {
    nodes.CallStatement: call_statement,
    nodes.Do: _do,
    nodes.While: _while,
    nodes.Repeat: _repeat,
    nodes.If: _if,
    nodes.NumericFor: _numeric_for,
    nodes.GenericFor: _generic_for,
    nodes.Return: return_,
    nodes.Break: break_,
    nodes.Label: label,
    nodes.Goto: goto,
    _Until: _until,
    **SCOPES,
}
