"""Statements (manual 3.3): one function for each form.

A statement gives None where control goes on after it, else what leaves the block: `BREAK`, the `Label` that a
goto looks for, or a `Returned`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable

from lockstep.reference.lua.runtime.collector.collection import safe_point
from lockstep.reference.lua.runtime.operations.calls import is_builtin
from lockstep.reference.lua.runtime.operations.comparison import truth
from lockstep.reference.lua.runtime.operations.indexing import set_index
from lockstep.reference.lua.runtime.operations.iteration import call_iterator
from lockstep.reference.lua.runtime.operations.loops import loop_control, loop_values
from lockstep.reference.lua.runtime.stack.closing import (
    CoroutineClosed,
    check_closable,
    close_on_error,
    close_value,
)
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import TAIL, LuaError, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.syntax.lines import is_moved, is_stored, is_tested, jumps_back
from lockstep.reference.lua.syntax.order import has_late_object, is_written_late
from lockstep.reference.lua.treewalk.activation import Activation, Cell
from lockstep.reference.lua.treewalk.dispatch import form
from lockstep.reference.lua.treewalk.expressions import (
    evaluate,
    evaluate_list,
    is_register,
    perform_call,
    prepare_call,
)


class Returned:
    """What a `return` gives: one value, a list, or a tail call."""

    __slots__ = ("result",)

    def __init__(self, result: object) -> None:
        self.result = result


BREAK = Returned(None)
_AGAIN = Returned(None)
Signal = Any
Execution = Callable[[State, nodes.Node, Activation], Signal]


def execute_block(state: State, block: nodes.Block, activation: Activation) -> Signal:
    """3.3.1 Blocks: their variables end with them."""
    cells = activation.cells
    outside = len(cells)
    signal = _execute_from(state, block.statements, 0, activation)
    if signal is None or signal.__class__ is not Returned or signal in (BREAK, _AGAIN):
        while len(cells) > outside:
            cells.popitem()
    return signal


def execute_body(state: State, block: nodes.Block, activation: Activation) -> Signal:
    """A function's block: its variables are still there when the function returns."""
    return _execute_from(state, block.statements, 0, activation)


def _execute_from(
    state: State, statements: list[nodes.Node], position: int, activation: Activation
) -> Signal:
    count = len(statements)
    begin = position
    while position < count:
        statement = statements[position]
        position += 1
        if isinstance(statement, nodes.Local) and any(v.attribute == "close" for v in statement.variables):
            signal = _with_closed(state, statement, statements, position, activation)
            if _stands_from(signal, statements, begin):
                position = statements.index(signal)
                if state.budget.limits.metered:
                    state.budget.step()
                continue
            return signal
        signal = _FORMS[statement.__class__](state, statement, activation)
        if state.safe_point_wanted and not state.budget.limits.metered:
            safe_point(state)
        if signal is not None:
            # 3.3.4: goto jumps to any visible label
            if _stands_from(signal, statements, begin):
                if state.budget.limits.metered:
                    state.budget.step()
                position = statements.index(signal)
                continue
            return signal
    return None


def _stands_from(signal: Signal, statements: list[nodes.Node], begin: int) -> bool:
    """Whether a goto leads to a label in `statements` from `begin` on: before that stands what it closes on its way."""
    return isinstance(signal, nodes.Label) and signal in statements and statements.index(signal) >= begin


def _with_closed(
    state: State, node: nodes.Local, statements: list[nodes.Node], position: int, activation: Activation
) -> Signal:
    """3.3.8: the rest of the block, after which the variable is closed however control leaves it."""
    _local(state, node, activation)
    variable = next(v for v in node.variables if v.attribute == "close")
    value = activation.cells[variable].value
    activation.at(state, node)
    check_closable(state, value, variable.name)
    try:
        signal = _execute_from(state, statements, position, activation)
    except (LuaError, RecursionError, MemoryError, CoroutineClosed) as failure:
        raised = close_on_error(state, value, failure)
        if raised is failure:
            raise
        raise raised from None
    close_value(state, value, None)
    return signal


def _local(state: State, node: nodes.Local, activation: Activation) -> Signal:
    # 3.3.7 Local Declarations
    given = evaluate_list(state, node.expressions, activation)
    count = len(given)
    if state.hook is not None and is_moved(node.expressions) and not node.silent:
        activation.at(state, node, node.ends)
    for position, variable in enumerate(node.variables):
        activation.cells[variable] = Cell(given[position] if position < count else None)


def _local_function(state: State, node: nodes.LocalFunction, activation: Activation) -> Signal:
    # 3.4.11: local function f () end is local f; f = function () end
    cell = activation.cells[node.variable] = Cell(None)
    cell.value = evaluate(state, node.function, activation)


def _assignment(state: State, node: nodes.Assignment, activation: Activation) -> Signal:
    # 3.3.3: evaluates all its expressions first, and then performs the assignments
    places: list[tuple[Operand, Operand]] = []
    for number, target in enumerate(node.targets, 1):
        if isinstance(target, nodes.Index):
            assigned = {one.variable for one in node.targets[number:] if isinstance(one, nodes.Name)}
            places.append(_place(state, target, assigned, activation))
        else:
            places.append((_nothing, _nothing))
    given = evaluate_list(state, node.expressions, activation)
    given.extend([None] * (len(places) - len(given)))
    for position in range(len(places) - 1, -1, -1):
        target = node.targets[position]
        if isinstance(target, nodes.Name):
            if state.hook is not None and is_stored(node, target.variable, activation.function):
                activation.at(state, node, node.ends)
            activation.cells[target.variable].value = given[position]
        else:
            assert isinstance(target, nodes.Index)
            activation.at(state, target, node.ends)
            described = describe(target.object, activation.function)
            subject, key = places[position]
            set_index(state, subject(), key(), given[position], described)


Operand = Callable[[], Value]


def _nothing() -> Value:
    return None


def _place(
    state: State, target: nodes.Index, assigned: set[nodes.Variable], activation: Activation
) -> tuple[Operand, Operand]:
    """The table and the key of a target."""
    function, integers = activation.function, state.integers
    if has_late_object(target, function, integers=integers):
        key = _operand(state, target.key, assigned, activation)
        if is_written_late(target, function, integers=integers) and not _conflicts(target.object, assigned):
            return lambda: evaluate(state, target.object, activation), key
        return _operand(state, target.object, assigned, activation), key
    subject = _operand(state, target.object, assigned, activation)
    return subject, _operand(state, target.key, assigned, activation)


def _conflicts(node: nodes.Node, assigned: set[nodes.Variable]) -> bool:
    """Whether a part of a target is a variable that is one of the later targets."""
    while isinstance(node, nodes.Parenthesised):
        node = node.expression
    return isinstance(node, nodes.Name) and node.variable in assigned


def _operand(
    state: State, node: nodes.Node, assigned: set[nodes.Variable], activation: Activation
) -> Operand:
    """What a target is made of, as it will be when the assignment is performed.

    A register that no later target assigns is looked at then, as the reference implementation does.
    """
    if is_register(node, activation) and not _conflicts(node, assigned):
        return lambda: evaluate(state, node, activation)
    value = evaluate(state, node, activation)
    return lambda: value


def _call_statement(state: State, node: nodes.CallStatement, activation: Activation) -> Signal:
    # 3.3.6: all returned values are thrown away
    perform_call(state, node.call, activation)


def _do(state: State, node: nodes.Do, activation: Activation) -> Signal:
    return execute_block(state, node.block, activation)


def _step(state: State) -> None:
    if state.budget.limits.metered:
        state.budget.step()


def _while(state: State, node: nodes.While, activation: Activation) -> Signal:
    # 3.3.4 Control Structures
    while True:
        passes = truth(evaluate(state, node.condition, activation))
        if state.hook is not None and is_tested(node.condition):
            activation.at(state, node, node.block.before)
        if not passes:
            return None
        _step(state)
        signal = execute_block(state, node.block, activation)
        if signal is not None:
            return None if signal is BREAK else signal
        if state.hook is not None and jumps_back(node, integers=state.integers):
            activation.at(state, node, node.block.last_line)
        activation.jump_back()


def _repeat(state: State, node: nodes.Repeat, activation: Activation) -> Signal:
    # 3.3.4: the condition can refer to local variables declared inside the block
    test = _Until(node.condition)
    statements = [*node.block.statements, test]
    while True:
        _step(state)
        outside = len(activation.cells)
        signal = _execute_from(state, statements, 0, activation)
        while len(activation.cells) > outside:
            activation.cells.popitem()
        if signal is test:
            return None
        if signal is not None and signal is not _AGAIN:
            return None if signal is BREAK else signal


class _Until(nodes.Node):
    """The condition of a `repeat`, as the last statement of its block."""

    __slots__ = ("condition",)

    def __init__(self, condition: nodes.Node) -> None:
        self.condition = condition
        self.line = condition.line
        self.offset = condition.offset


def _until(state: State, node: _Until, activation: Activation) -> Signal:
    if truth(evaluate(state, node.condition, activation)):
        return node
    activation.jump_back()
    return _AGAIN


def _if(state: State, node: nodes.If, activation: Activation) -> Signal:
    last = len(node.clauses) - 1 if node.otherwise is None else len(node.clauses)
    for position, (condition, block) in enumerate(node.clauses):
        passes = truth(evaluate(state, condition, activation))
        if state.hook is not None and is_tested(condition):
            activation.at(state, node, block.before)
        if passes:
            signal = execute_block(state, block, activation)
            if signal is None and position < last:
                activation.at(state, node, block.last_line)
            return signal
    if node.otherwise is not None:
        return execute_block(state, node.otherwise, activation)
    return None


def _numeric_for(state: State, node: nodes.NumericFor, activation: Activation) -> Signal:
    signal = _numeric_loop(state, node, activation)
    for variable in (node.variable, *node.control):
        activation.cells.pop(variable, None)
    return signal


def _numeric_loop(state: State, node: nodes.NumericFor, activation: Activation) -> Signal:
    # 3.3.5: the three control expressions are evaluated once, before the loop starts
    bounds: list[Value] = []
    for bound in (node.start, node.stop, node.step):
        bounds.append(1 if bound is None else evaluate(state, bound, activation))
        activation.at(state, node)
    activation.at(state, node)
    taken: Iterable[Value] = loop_values(state, bounds[0], bounds[1], bounds[2])
    control = loop_control(state, bounds[0], bounds[1], bounds[2], taken)
    for variable, held in zip(node.control, control):
        activation.cells[variable] = Cell(held)
    index = activation.cells[node.control[0]]
    again = not state.integers
    if again:
        activation.at(state, node)
    for value in taken:
        _step(state)
        if again:
            activation.jump_back()
        again = True
        index.value = value
        activation.cells[node.variable] = Cell(value)
        signal = execute_block(state, node.block, activation)
        if signal is not None:
            return None if signal is BREAK else signal
        activation.at(state, node)
    return None


def _generic_for(state: State, node: nodes.GenericFor, activation: Activation) -> Signal:
    # 3.3.5: iterator function, state, initial control value, closing value
    given = evaluate_list(state, node.expressions, activation)
    given = [*given[:4], None, None, None, None][:4]
    iterator, invariant, control, closing = given
    for variable, value in zip(node.control, given):
        activation.cells[variable] = Cell(value)
    del given
    if not state.integers or closing is None:
        return _generic_loop(state, node, activation, iterator, invariant, control)
    activation.at(state, node)
    check_closable(state, closing, "(for state)")
    try:
        signal = _generic_loop(state, node, activation, iterator, invariant, control)
    except (LuaError, RecursionError, MemoryError, CoroutineClosed) as failure:
        raised = close_on_error(state, closing, failure)
        if raised is failure:
            raise
        raise raised from None
    close_value(state, closing, None)
    return signal


def _generic_loop(
    state: State,
    node: nodes.GenericFor,
    activation: Activation,
    iterator: Value,
    invariant: Value,
    control: Value,
) -> Signal:
    count = len(node.variables)
    padding = [None] * count
    while True:
        activation.at(state, node)
        results = call_iterator(state, iterator, invariant, control)
        if len(results) < count:
            results = [*results, *padding]
        control = activation.cells[node.control[2]].value = results[0]
        if control is None:
            for variable in (*node.variables, *node.control):
                activation.cells.pop(variable, None)
            return None
        _step(state)
        activation.jump_back()
        for position, variable in enumerate(node.variables):
            activation.cells[variable] = Cell(results[position])
        del results
        signal = execute_block(state, node.block, activation)
        if signal is not None:
            return None if signal is BREAK else signal


def _return(state: State, node: nodes.Return, activation: Activation) -> Signal:
    expressions = node.expressions
    if len(expressions) == 1:
        only = expressions[0]
        if isinstance(only, (nodes.Call, nodes.MethodCall)):
            if not node.closes:
                # 3.4.10: a tail call releases the activation of the calling function
                target, arguments = prepare_call(state, only, activation)
                if is_builtin(target):
                    # A built-in runs at once, while its caller is still there to be named in its errors.
                    return Returned(target(*arguments))
                return Returned([TAIL, target, arguments])
        elif not isinstance(only, nodes.Vararg):
            value = evaluate(state, only, activation)
            activation.at(state, node, node.ends)
            return Returned(value)
    given = evaluate_list(state, expressions, activation)
    activation.at(state, node, node.ends)
    return Returned(given)


def _break(state: State, node: nodes.Break, activation: Activation) -> Signal:
    if not node.silent:
        activation.at(state, node)
    return BREAK


def _label(state: State, node: nodes.Label, activation: Activation) -> Signal:
    del state, node, activation


def _goto(state: State, node: nodes.Goto, activation: Activation) -> Signal:
    activation.at(state, node)
    if node.label is not None and node.label.offset < node.offset:
        activation.jump_back()
    return node.label


_FORMS: dict[type[nodes.Node], Execution] = dict(
    [
        form(nodes.Local, _local),
        form(nodes.LocalFunction, _local_function),
        form(nodes.Assignment, _assignment),
        form(nodes.CallStatement, _call_statement),
        form(nodes.Do, _do),
        form(nodes.While, _while),
        form(nodes.Repeat, _repeat),
        form(nodes.If, _if),
        form(nodes.NumericFor, _numeric_for),
        form(nodes.GenericFor, _generic_for),
        form(nodes.Return, _return),
        form(nodes.Break, _break),
        form(nodes.Label, _label),
        form(nodes.Goto, _goto),
        form(_Until, _until),
    ]
)
