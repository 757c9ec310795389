"""Which operations are instructions of the reference implementation, and on which lines they stand.

Line and count hooks, and the active lines of a function, follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.lua.syntax import nodes

_MOVED = (nodes.Nil, nodes.Boolean, nodes.Number, nodes.String, nodes.Name, nodes.Vararg)
_CONSTANTS = (nodes.Number, nodes.String, nodes.Function, nodes.Constructor)
_RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
_OPERATIONS = (nodes.Index, nodes.Call, nodes.MethodCall, nodes.Binary, nodes.Unary, nodes.Constructor)


def is_moved(expressions: list[nodes.Node]) -> bool:
    """Whether putting a list's last value into a local variable takes an instruction besides computing it."""
    if not expressions:
        return True
    last = expressions[-1]
    while isinstance(last, nodes.Logical):
        last = last.right
    return isinstance(last, _MOVED)


def is_stored(node: nodes.Assignment, variable: nodes.Variable, function: nodes.Function) -> bool:
    """Whether assigning to a local variable or upvalue takes an instruction of its own."""
    return variable.owner is not function or len(node.targets) > 1 or is_moved(node.expressions)


def is_tested(condition: nodes.Node) -> bool:
    """Whether the outcome of a condition is tested by an instruction of its own (`luaK_goiftrue`)."""
    if isinstance(condition, nodes.Logical):
        return is_tested(condition.right)
    if isinstance(condition, nodes.Unary) and condition.operator == "not":
        return is_tested(condition.operand)
    if isinstance(condition, nodes.Binary):
        return condition.operator not in _RELATIONAL
    if isinstance(condition, nodes.Boolean):
        return not condition.value
    return not isinstance(condition, _CONSTANTS)


def jumps_back(node: nodes.While, *, integers: bool) -> bool:
    """Whether the end of a loop's body is an instruction; 5.1 jumps at once where the last statement jumps there."""
    last = node.block.statements[-1] if node.block.statements else None
    return integers or not isinstance(last, (nodes.If, nodes.While, nodes.NumericFor, nodes.GenericFor))


def has_items(node: nodes.Constructor) -> bool:
    """Whether a constructor has positional fields, which are stored at its end."""
    return any(key is None for key, _ in node.fields)


def active_lines(function: nodes.Function) -> list[int]:
    """The lines of `function`, without inner functions, that have instructions."""
    if function.stripped:
        return []
    found: set[int] = {function.last_line}
    pending: list[object] = [function.block]
    while pending:
        node = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend(node)
            continue
        if not isinstance(node, nodes.Node) or isinstance(node, nodes.Name):
            continue
        if isinstance(node, nodes.Function):
            found.add(node.last_line)
            continue
        found.update(_lines_of(node, function))
        if isinstance(node, nodes.Assignment):
            pending.append(node.expressions)
            for target in node.targets:
                if isinstance(target, nodes.Index):
                    pending.extend((target.object, target.key))
            continue
        pending.extend(getattr(node, name, None) for name in node.__slots__ if name != "label")
    return sorted(found)


def _lines_of(node: nodes.Node, function: nodes.Function) -> Iterator[int]:
    if isinstance(node, nodes.Constructor):
        yield node.line
        if has_items(node):
            yield node.ends
    elif isinstance(node, nodes.Binary) and node.operator == "..":
        yield node.line
        yield from (operand.line for operand in (node.left, node.right) if is_moved([operand]))
    elif isinstance(node, (*_OPERATIONS, nodes.Goto)) or (isinstance(node, nodes.Break) and not node.silent):
        yield node.line
    elif isinstance(node, nodes.Logical):
        if is_tested(node.left):
            yield node.line
    elif isinstance(node, nodes.Local):
        if is_moved(node.expressions) and not node.silent:
            yield node.ends
    elif isinstance(node, nodes.Assignment):
        if any(
            not isinstance(target, nodes.Name) or is_stored(node, target.variable, function)
            for target in node.targets
        ):
            yield node.ends
    elif isinstance(node, nodes.Return):
        yield node.ends
    elif isinstance(node, nodes.While):
        if is_tested(node.condition):
            yield node.block.before
        yield node.block.last_line
    elif isinstance(node, (nodes.NumericFor, nodes.GenericFor)):
        yield node.line
    elif isinstance(node, nodes.If):
        last = len(node.clauses) - 1 if node.otherwise is None else len(node.clauses)
        for position, (condition, block) in enumerate(node.clauses):
            if is_tested(condition):
                yield block.before
            if position < last:
                yield block.last_line
