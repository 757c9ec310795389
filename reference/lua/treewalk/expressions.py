"""Expressions (manual 3.4): one function for each form."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.lua.runtime.operations.arithmetic import (
    arithmetic,
    bitwise,
    bitwise_not,
    concatenate,
    negate,
)
from lockstep.reference.lua.runtime.operations.calls import finish, first, values
from lockstep.reference.lua.runtime.operations.comparison import equal, less_equal, less_than, truth
from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.operations.indexing import index, length, set_index
from lockstep.reference.lua.runtime.stack.hooks import hooked_entry
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Results, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.syntax.lines import has_items, is_moved, is_tested
from lockstep.reference.lua.syntax.order import has_late_object
from lockstep.reference.lua.treewalk.activation import Activation
from lockstep.reference.lua.treewalk.dispatch import form

Evaluation = Callable[[State, nodes.Node, Activation], Value]


def evaluate(state: State, node: nodes.Node, activation: Activation) -> Value:
    """The one value of an expression."""
    return _FORMS[node.__class__](state, node, activation)


def evaluate_all(state: State, node: nodes.Node, activation: Activation) -> list[Value]:
    """All values of an expression that stands last in a list (manual 3.4.12)."""
    if isinstance(node, (nodes.Call, nodes.MethodCall)):
        return values(perform_call(state, node, activation))
    if isinstance(node, nodes.Vararg):
        return list(activation.varargs)
    return [evaluate(state, node, activation)]


def evaluate_list(state: State, expressions: list[nodes.Node], activation: Activation) -> list[Value]:
    """The values of an expression list: one each, all of the last."""
    if not expressions:
        return []
    result = [evaluate(state, node, activation) for node in expressions[:-1]]
    result.extend(evaluate_all(state, expressions[-1], activation))
    return result


def _nil(state: State, node: nodes.Nil, activation: Activation) -> None:
    del state, node, activation


def _boolean(state: State, node: nodes.Boolean, activation: Activation) -> Value:
    del state, activation
    return TRUE if node.value else FALSE


def _literal(state: State, node: nodes.Number | nodes.String, activation: Activation) -> Value:
    del state, activation
    return node.value


def _vararg(state: State, node: nodes.Vararg, activation: Activation) -> Value:
    # 3.4.12: adjusted to one value
    del state, node
    return activation.varargs[0] if activation.varargs else None


def _name(state: State, node: nodes.Name, activation: Activation) -> Value:
    # 3.2 Variables
    del state
    return activation.cells[node.variable].value


def is_register(node: nodes.Node, activation: Activation) -> bool:
    """Whether an operand is a local variable of the function itself.

    The manual leaves the order of evaluation open (3.4); every version of the reference implementation looks at such an
    operand, which is in a register, when it performs the operation: after calls in the other operand, which may assign it.
    """
    while isinstance(node, nodes.Parenthesised):
        node = node.expression
    return isinstance(node, nodes.Name) and node.variable.owner is activation.function


def evaluate_pair(
    state: State, first: nodes.Node, second: nodes.Node, activation: Activation
) -> tuple[Value, Value]:
    """The two operands of an operation, in their order; a register as it is after both."""
    if is_register(first, activation):
        later = evaluate(state, second, activation)
        return evaluate(state, first, activation), later
    earlier = evaluate(state, first, activation)
    return earlier, evaluate(state, second, activation)


def _index(state: State, node: nodes.Index, activation: Activation) -> Value:
    # 3.2: t[i]; a global x is _ENV.x
    if has_late_object(node, activation.function, integers=state.integers):
        key = evaluate(state, node.key, activation)
        subject = evaluate(state, node.object, activation)
    else:
        subject, key = evaluate_pair(state, node.object, node.key, activation)
    activation.at(state, node)
    return index(state, subject, key, _described_subject(node, key, activation))


def _described_subject(node: nodes.Index, key: Value, activation: Activation) -> str | None:
    del key
    return describe(node.object, activation.function)


def _function(state: State, node: nodes.Function, activation: Activation) -> Value:
    # 3.4.11 Function Definitions
    activation.at(state, node, node.last_line)
    return activation.closure.interpreter.close(state, node, activation)


def _parenthesised(state: State, node: nodes.Parenthesised, activation: Activation) -> Value:
    return evaluate(state, node.expression, activation)


def _call(state: State, node: nodes.Call | nodes.MethodCall, activation: Activation) -> Value:
    result = perform_call(state, node, activation)
    return first(result) if type(result) is list else result


def prepare_call(
    state: State, node: nodes.Node, activation: Activation
) -> tuple[Callable[..., Results], list[Value]]:
    """What a call calls, and with which arguments (manual 3.4.10)."""
    if isinstance(node, nodes.MethodCall):
        # v:name(args) is v.name(v, args), with v evaluated only once
        subject = evaluate(state, node.object, activation)
        activation.at(state, node)
        function = index(state, subject, node.name, describe(node.object, activation.function))
        arguments = [subject, *evaluate_list(state, node.arguments, activation)]
        described = f"method '{node.name}'"
    else:
        assert isinstance(node, nodes.Call)
        function = evaluate(state, node.function, activation)
        arguments = evaluate_list(state, node.arguments, activation)
        described = describe(node.function, activation.function) or ""
    activation.at(state, node)
    return hooked_entry(state, function, described), arguments


def perform_call(state: State, node: nodes.Node, activation: Activation) -> Results:
    """The results of a call."""
    target, arguments = prepare_call(state, node, activation)
    return finish(target(*arguments))


def _logical(state: State, node: nodes.Logical, activation: Activation) -> Value:
    # 3.4.5: and, or evaluate their second operand only if necessary
    left = evaluate(state, node.left, activation)
    if state.hook is not None and is_tested(node.left):
        activation.at(state, node)
    if truth(left) == (node.operator == "or"):
        return left
    return evaluate(state, node.right, activation)


def _binary(state: State, node: nodes.Binary, activation: Activation) -> Value:
    joins = state.hook is not None and node.operator == ".."
    late = node.operator != ".." and is_register(node.left, activation)
    left = None if late else evaluate(state, node.left, activation)
    if joins and is_moved([node.left]):
        activation.at(state, node.left)
    if late:
        right = evaluate(state, node.right, activation)
        left = evaluate(state, node.left, activation)
    elif isinstance(node.right, (nodes.Call, nodes.MethodCall)):
        activation.temporaries.append(left)
        right = evaluate(state, node.right, activation)
        left = activation.temporaries.pop()
    else:
        right = evaluate(state, node.right, activation)
    if joins and is_moved([node.right]):
        activation.at(state, node.right)
    if joins and isinstance(node.right, nodes.Binary) and node.right.operator == "..":
        # One instruction with the one before.
        activation.node = node
    else:
        activation.at(state, node)
    operator = node.operator
    comparison = _COMPARISONS.get(operator)
    if comparison is not None:
        return TRUE if comparison(state, left, right) else FALSE
    function = activation.function
    described = (describe(node.left, function), describe(node.right, function))
    if operator == "..":
        return concatenate(state, left, right, described)
    if operator in _BITWISE:
        return bitwise(state, operator, left, right, described)
    return arithmetic(state, operator, left, right, described)


_BITWISE = frozenset(("&", "|", "~", "<<", ">>"))
_COMPARISONS: dict[str, Callable[[State, Value, Value], bool]] = {
    # 3.4.4: a > b is b < a, a >= b is b <= a, ~= is the negation of ==
    "==": equal,
    "~=": lambda state, left, right: not equal(state, left, right),
    "<": less_than,
    "<=": less_equal,
    ">": lambda state, left, right: less_than(state, right, left),
    ">=": lambda state, left, right: less_equal(state, right, left),
}


def _unary(state: State, node: nodes.Unary, activation: Activation) -> Value:
    operand = evaluate(state, node.operand, activation)
    activation.at(state, node)
    if node.operator == "not":
        return FALSE if truth(operand) else TRUE
    described = describe(node.operand, activation.function)
    if node.operator == "-":
        return negate(state, operand, described)
    if node.operator == "#":
        return length(state, operand, described)
    return bitwise_not(state, operand, described)


def _constructor(state: State, node: nodes.Constructor, activation: Activation) -> Value:
    # 3.4.9 Table Constructors: positional fields get the keys 1, 2, ...
    activation.at(state, node)
    table = state.new_table()
    items: list[Value] = [None]
    last = len(node.fields) - 1
    for number, (key_node, value_node) in enumerate(node.fields):
        if key_node is not None:
            key, value = evaluate_pair(state, key_node, value_node, activation)
            activation.at(state, node)
            set_index(state, table, key, value)
        elif number == last:
            items.extend(evaluate_all(state, value_node, activation))
        else:
            items.append(evaluate(state, value_node, activation))
    if has_items(node):
        activation.at(state, node, node.ends)
        store_list(table, items)
    return table


_FORMS: dict[type[nodes.Node], Evaluation] = dict(
    [
        form(nodes.Nil, _nil),
        form(nodes.Boolean, _boolean),
        form(nodes.Number, _literal),
        form(nodes.String, _literal),
        form(nodes.Vararg, _vararg),
        form(nodes.Name, _name),
        form(nodes.Index, _index),
        form(nodes.Function, _function),
        form(nodes.Parenthesised, _parenthesised),
        form(nodes.Call, _call),
        form(nodes.MethodCall, _call),
        form(nodes.Logical, _logical),
        form(nodes.Binary, _binary),
        form(nodes.Unary, _unary),
        form(nodes.Constructor, _constructor),
    ]
)
