"""Sums in counting loops: additions wrap to 64 bits at the end of the loop, which gives the same (5.4).

Adding integers modulo 2^64 may be put right at any time as long as nothing else looks at the sum. So where a loop's
body does nothing with a local variable but `x = x + e` and `x = x - e`, with `e` certainly an
integer, the host int may grow past 64 bits until the loop ends. A float sum is not affected, and a string
becomes a number with the first addition.
"""

from __future__ import annotations

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.walking import variables_in
from lockstep.reference.lua.vm.functions import FunctionBuilder


def accumulators(builder: FunctionBuilder, loop: nodes.NumericFor) -> set[nodes.Variable]:
    """The variables whose sums in `loop` may be put right after it."""
    if not builder.profile.integers:
        return set()
    uses: dict[nodes.Variable, int] = {}
    sums: dict[nodes.Variable, int] = {}
    candidates: list[tuple[nodes.Variable, nodes.Node]] = []
    pending: list[object] = [loop.block]
    while pending:
        node = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend(node)
            continue
        if isinstance(node, nodes.Name):
            uses[node.variable] = uses.get(node.variable, 0) + 1
            continue
        if not isinstance(node, nodes.Node):
            continue
        if isinstance(node, nodes.Function):
            # What an inner function uses is captured, and no candidate.
            continue
        if isinstance(node, nodes.Assignment):
            found = _sum(node, builder.function)
            if found is not None:
                candidates.append(found)
        pending.extend(getattr(node, name, None) for name in node.__slots__ if name != "label")
    for variable, amount in candidates:
        if builder.kinds.is_integer(amount):
            sums[variable] = sums.get(variable, 0) + 2
    inside = set(variables_in(loop)) if sums else set()
    return {variable for variable, count in sums.items() if uses[variable] == count} - inside


def _sum(node: nodes.Assignment, function: nodes.Function) -> tuple[nodes.Variable, nodes.Node] | None:
    """The variable and the amount of `x = x + e`, `x = e + x` or `x = x - e`."""
    if len(node.targets) != 1 or len(node.expressions) != 1:
        return None
    target, source = node.targets[0], node.expressions[0]
    if not isinstance(target, nodes.Name) or not isinstance(source, nodes.Binary):
        return None
    variable = target.variable
    if variable.captured or variable.owner is not function or source.operator not in ("+", "-"):
        return None
    if isinstance(source.left, nodes.Name) and source.left.variable is variable:
        return variable, source.right
    right = source.right
    if source.operator == "+" and isinstance(right, nodes.Name) and right.variable is variable:
        return variable, source.left
    return None
