# every form has one signature, and tracebacks read `frame` and `node`
"""Expressions (Language Reference 6): one function per form, dispatched on the node's class."""

from __future__ import annotations

import ast
from typing import Any, Callable

from lockstep.reference.python.runtime.builtins.consumers import is_consumer, passed_to, passing, searched
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.comparison import compare, contains, truth
from lockstep.reference.python.runtime.dispatch.containers import get_item, get_iterator, next_of
from lockstep.reference.python.runtime.dispatch.operators import binary, unary
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sizes import SIZES, ask
from lockstep.reference.python.runtime.type_info import MISSING
from lockstep.reference.python.runtime.unpacking import (
    extend,
    merge_keywords,
    positional,
    update,
    update_set,
)
from lockstep.reference.python.treewalk.levels import compared_levels, is_nested, levels_of, nesting
from lockstep.reference.python.treewalk.names import load_name, store_name
from lockstep.reference.python.treewalk.program import Frame
from lockstep.reference.python.treewalk.suspension import YIELD, delegate, get_awaitable

BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.BitOr: "|",
}
_UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_COMPARISONS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_CONVERSIONS: dict[int, Callable[[Value], str]] = {115: str, 114: repr, 97: ascii}


def evaluate(frame: Frame, node: ast.expr) -> Value:
    """The value of an expression."""
    return EXPRESSIONS[type(node)](frame, node)


# 6.2 Atoms


def constant(frame: Frame, node: ast.Constant) -> Value:
    """6.2.2 Literals."""
    return node.value


def name(frame: Frame, node: ast.Name) -> Value:
    """6.2.1 Identifiers."""
    return load_name(frame, node, node.id)


def items(frame: Frame, node: ast.expr | ast.ClassDef, elements: list[ast.expr]) -> list[Value]:
    """6.2.5, 6.15: the elements of a display, starred ones unpacked."""
    found: list[Value] = []
    for element in elements:
        if isinstance(element, ast.Starred):
            extend(found, passing(frame.walker.interpreter, evaluate(frame, element.value)))
        else:
            found.append(evaluate(frame, element))
    return found


def tuple_display(frame: Frame, node: ast.Tuple) -> Value:
    """6.2.3 Parenthesized forms, 6.15 Expression lists."""
    return tuple(items(frame, node, node.elts))


def list_display(frame: Frame, node: ast.List) -> Value:
    """6.2.5 List displays."""
    return items(frame, node, node.elts)


# CPython keeps no more values than this on its stack: a longer display is filled while it is evaluated.
_STACK_USE_GUIDELINE = 30


def set_display(frame: Frame, node: ast.Set) -> Value:
    """6.2.6 Set displays: what stands before the first starred element is evaluated before any of it is hashed."""
    elements = node.elts
    late = 0
    if len(elements) <= _STACK_USE_GUIDELINE:
        late = next(
            (place for place, element in enumerate(elements) if isinstance(element, ast.Starred)),
            len(elements),
        )
    found = set([evaluate(frame, element) for element in elements[:late]])  # noqa: C403  # all before the first
    for element in elements[late:]:
        if isinstance(element, ast.Starred):
            update_set(found, passing(frame.walker.interpreter, evaluate(frame, element.value)))
        else:
            found.add(evaluate(frame, element))
    return found


def dict_display(frame: Frame, node: ast.Dict) -> Value:
    """6.2.7 Dictionary displays: a group of items is evaluated before its keys are hashed (`compiler_dict`)."""
    found: dict[Any, Value] = {}
    group: list[tuple[ast.expr, ast.expr]] = []
    for key, item in zip(node.keys, node.values):
        if key is None:
            _subdisplay(frame, node, group, found)
            group = []
            update(found, evaluate(frame, item))
            continue
        group.append((key, item))
        if (len(group) - 1) * 2 > _STACK_USE_GUIDELINE:
            _subdisplay(frame, node, group, found)
            group = []
    _subdisplay(frame, node, group, found)
    return found


def _subdisplay(
    frame: Frame, node: ast.Dict, group: list[tuple[ast.expr, ast.expr]], found: dict[Value, Value]
) -> None:
    made: dict[Value, Value] = {}
    if len(group) * 2 > _STACK_USE_GUIDELINE:
        for key, item in group:
            index = evaluate(frame, key)
            made[index] = evaluate(frame, item)
    else:
        made.update([(evaluate(frame, key), evaluate(frame, item)) for key, item in group])
    found.update(made)


def joined(frame: Frame, node: ast.JoinedStr) -> Value:
    """2.4.3 Formatted string literals."""
    if len(node.values) == 1:
        return evaluate(frame, node.values[0])  # what `__format__` gave, a subclass of str too
    parts: list[Any] = [evaluate(frame, part) for part in node.values]
    return "".join(parts)


def formatted(frame: Frame, node: ast.FormattedValue) -> Value:
    """2.4.3 Replacement fields."""
    value = evaluate(frame, node.value)
    if node.conversion in _CONVERSIONS:
        value = _CONVERSIONS[node.conversion](value)
    if node.format_spec is None:
        return value if type(value) is str else format(value)
    specification: Any = evaluate(frame, node.format_spec)
    return format(value, specification)


# 6.2.9 Yield expressions, 6.4 Await expression


def yield_value(frame: Frame, node: ast.Yield) -> Value:
    """6.2.9 Yield expressions."""
    value = None if node.value is None else evaluate(frame, node.value)
    return frame.suspension.suspend(YIELD, value)


def yield_from(frame: Frame, node: ast.YieldFrom) -> Value:
    """6.2.9 `yield from`."""
    return delegate(frame, node, get_iterator(evaluate(frame, node.value)))


def await_value(frame: Frame, node: ast.Await) -> Value:
    """6.4 Await expression."""
    return delegate(frame, node, get_awaitable(evaluate(frame, node.value)))


# 6.3 Primaries


def attribute(frame: Frame, node: ast.Attribute) -> Value:
    """6.3.1 Attribute references."""
    return get_attribute(evaluate(frame, node.value), node.attr)


def subscript(frame: Frame, node: ast.Subscript) -> Value:
    """6.3.2 Subscriptions."""
    value = evaluate(frame, node.value)
    return get_item(value, evaluate(frame, node.slice))


def slicing(frame: Frame, node: ast.Slice) -> Value:
    """6.3.3 Slicings."""
    lower = None if node.lower is None else evaluate(frame, node.lower)
    upper = None if node.upper is None else evaluate(frame, node.upper)
    step = None if node.step is None else evaluate(frame, node.step)
    return slice(lower, upper, step)


def call_expression(frame: Frame, node: ast.Call) -> Value:
    """6.3.4 Calls: a lone `*iterable` is unpacked after the keyword arguments are there (`CALL_FUNCTION_EX`)."""
    function = evaluate(frame, node.func)
    lone = node.args[0] if len(node.args) == 1 else None
    iterable = (
        passing(frame.walker.interpreter, evaluate(frame, lone.value))
        if isinstance(lone, ast.Starred)
        else tuple(items(frame, node, node.args))
    )
    keywords = keyword_arguments(frame, node, function, node.keywords) if node.keywords else {}
    arguments = positional(function, iterable)
    if function is super and not arguments and not keywords:
        return _implicit_super(frame, node)
    if arguments and is_consumer(function):
        arguments = tuple(passed_to(frame.walker.interpreter, function, argument) for argument in arguments)
    levels = levels_of(function)
    if not levels:
        return call(function, arguments, keywords)
    if is_nested(function) and len(arguments) == 1:
        levels += levels[-1:] * nesting(arguments[0], frame.walker.limit)
    return at_levels(frame, levels, lambda: call(function, arguments, keywords))


def at_levels(frame: Frame, levels: tuple[str, ...], operate: Callable[[], Value]) -> Value:
    """Run `operate` so many levels of recursion deeper."""
    walker = frame.walker
    depth = walker.depth
    try:
        for where in levels:
            walker.recurse(where)
        walker.depth = depth + min(
            len(levels), 2
        )  # what lies deeper in an argument is counted when it is reached
        return operate()
    finally:
        walker.depth = depth


def keyword_arguments(
    frame: Frame, node: ast.Call | ast.ClassDef, function: Value, arguments: list[ast.keyword]
) -> dict[str, Value]:
    """6.3.4: named arguments in groups, and between them what `**` gives (`compiler_call_helper`)."""
    found: dict[str, Value] = {}
    group: dict[str, Value] = {}
    for argument in arguments:
        if argument.arg is not None:
            group[argument.arg] = evaluate(frame, argument.value)
            continue
        merge_keywords(function, found, group)
        group = {}
        merge_keywords(function, found, evaluate(frame, argument.value))
    merge_keywords(function, found, group)
    return found


def _implicit_super(frame: Frame, node: ast.Call) -> Value:
    """Library Reference, `super()` without arguments: the class cell and the first parameter."""
    code = frame.code
    if not code.co_argcount:
        raise RuntimeError("super(): no arguments")
    first = code.co_varnames[0]
    if first in frame.cells:
        try:
            instance = frame.cells[first].cell_contents
        except ValueError:
            instance = MISSING
    else:
        instance = frame.names.get(first, MISSING)
    if instance is MISSING:
        raise RuntimeError("super(): arg[0] deleted")
    cell = frame.cells.get("__class__")
    if cell is None:
        raise RuntimeError("super(): __class__ cell not found")
    try:
        cls = cell.cell_contents
    except ValueError:
        cls = MISSING
    if cls is MISSING:
        raise RuntimeError("super(): empty __class__ cell")
    return super(cls, instance)


# 6.5 to 6.9 Operators


def binary_operation(frame: Frame, node: ast.BinOp) -> Value:
    """6.5 to 6.9 Binary operations."""
    left = evaluate(frame, node.left)
    right = evaluate(frame, node.right)
    symbol = BINARY[type(node.op)]
    if symbol in SIZES:
        ask(frame.walker.budget, SIZES[symbol](left, right), left, right)
    return binary(symbol, left, right)


def unary_operation(frame: Frame, node: ast.UnaryOp) -> Value:
    """6.6 Unary operations, 6.11 `not`."""
    operand = evaluate(frame, node.operand)
    if isinstance(node.op, ast.Not):
        return not truth(operand)
    return unary(_UNARY[type(node.op)], operand)


def comparison(frame: Frame, node: ast.Compare) -> Value:
    """6.10 Comparisons: chained, each operand evaluated at most once."""
    left = evaluate(frame, node.left)
    result: Value = True
    last = len(node.ops) - 1
    for index, (operator, operand) in enumerate(zip(node.ops, node.comparators)):
        right = evaluate(frame, operand)
        result = _compared(frame, operator, left, right)
        if index != last and not truth(result):
            return result
        left = right
    return result


def _compared(frame: Frame, operator: ast.cmpop, left: Value, right: Value) -> Value:
    if isinstance(operator, ast.Is):
        return left is right
    if isinstance(operator, ast.IsNot):
        return left is not right
    if isinstance(operator, ast.In):
        return contains(searched(frame.walker.interpreter, right), left)
    if isinstance(operator, ast.NotIn):
        return not contains(searched(frame.walker.interpreter, right), left)
    symbol = _COMPARISONS[type(operator)]
    levels = compared_levels(symbol, left, right, frame.walker.limit)
    if not levels:
        return compare(symbol, left, right)
    return at_levels(frame, (" in comparison",) * levels, lambda: compare(symbol, left, right))


def boolean(frame: Frame, node: ast.BoolOp) -> Value:
    """6.11 Boolean operations."""
    return _decided(frame, node)[0]


def _decided(frame: Frame, node: ast.expr) -> tuple[Value, bool | None]:
    """The value of an operand, and its truth where evaluating it has asked for that already."""
    if not isinstance(node, ast.BoolOp):
        return evaluate(frame, node), None
    stops_at = isinstance(node.op, ast.Or)
    for operand in node.values[:-1]:
        value, known = _decided(frame, operand)
        if (truth(value) if known is None else known) is stops_at:
            return value, stops_at
    return _decided(frame, node.values[-1])


def all_true(frame: Frame, conditions: list[ast.expr]) -> bool:
    """Whether all hold; none is asked after one that does not."""
    for condition in conditions:
        if not test(frame, condition):
            break
    else:
        return True
    return False


def test(frame: Frame, node: ast.expr) -> bool:
    """The truth of a condition: of each operand it is asked once, and no value is made (`compiler_jump_if`)."""
    if isinstance(node, ast.BoolOp):
        stops_at = isinstance(node.op, ast.Or)
        for part in node.values:
            if test(frame, part) is stops_at:
                return stops_at
        return not stops_at
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not test(frame, node.operand)
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        left = evaluate(frame, node.left)
        for operator, operand in zip(node.ops, node.comparators):
            right = evaluate(frame, operand)
            if not truth(_compared(frame, operator, left, right)):
                return False
            left = right
        return True
    if isinstance(node, ast.IfExp):
        return test(frame, node.body if test(frame, node.test) else node.orelse)
    return truth(evaluate(frame, node))


def assignment_expression(frame: Frame, node: ast.NamedExpr) -> Value:
    """6.12 Assignment expressions."""
    value = evaluate(frame, node.value)
    store_name(frame, node, node.target.id, value)
    return value


def conditional(frame: Frame, node: ast.IfExp) -> Value:
    """6.13 Conditional expressions."""
    return evaluate(frame, node.body if test(frame, node.test) else node.orelse)


def iterate(value: Value) -> tuple[Value, Callable[[Value], Value]]:
    """The iterator of `value`, and what steps it."""
    iterator = get_iterator(value)
    return iterator, next_of(iterator)


EXPRESSIONS: dict[type, Callable[[Frame, Any], Value]] = {
    ast.Attribute: attribute,
    ast.Await: await_value,
    ast.BinOp: binary_operation,
    ast.BoolOp: boolean,
    ast.Call: call_expression,
    ast.Compare: comparison,
    ast.Constant: constant,
    ast.Dict: dict_display,
    ast.FormattedValue: formatted,
    ast.IfExp: conditional,
    ast.JoinedStr: joined,
    ast.List: list_display,
    ast.Name: name,
    ast.NamedExpr: assignment_expression,
    ast.Set: set_display,
    ast.Slice: slicing,
    ast.Subscript: subscript,
    ast.Tuple: tuple_display,
    ast.UnaryOp: unary_operation,
    ast.Yield: yield_value,
    ast.YieldFrom: yield_from,
}
