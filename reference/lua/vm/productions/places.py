"""Which stores into lists mostly change an element that is there already, rather than append one.

Only the form of a store depends on it: an element is looked at first where it is likely there, the list's length where it may
be the next one. Looking at an element that is not there costs a host exception.
"""

from __future__ import annotations

from typing import Optional

from lockstep.reference.lua.syntax import nodes

# A list's variable, and a place in it: a variable (None: none) and what is added to it.
_Place = tuple[nodes.Variable, Optional[nodes.Variable], int]


class Places:
    """The places of lists that a function reads without asking whether they are there, and its loops of large steps."""

    def __init__(self, function: nodes.Function) -> None:
        self._read: set[_Place] = set()
        self._strides: set[nodes.Variable] = set()
        pending: list[object] = [function.block]
        while pending:
            node = pending.pop()
            if isinstance(node, (list, tuple)):
                pending.extend(node)
            elif isinstance(node, nodes.Node) and not isinstance(node, (nodes.Name, nodes.Function)):
                pending.extend(self._parts(node))

    def _parts(self, node: nodes.Node) -> list[object]:
        """The parts of a node to be looked at; elements that are tested are passed over."""
        if isinstance(node, nodes.Index):
            place = _place(node)
            if place is not None:
                self._read.add(place)
        elif isinstance(node, nodes.NumericFor):
            if node.step is not None and _integer(node.step) not in (1, -1):
                self._strides.add(node.variable)
        elif isinstance(node, nodes.Assignment):
            parts = [
                part for one in node.targets if isinstance(one, nodes.Index) for part in (one.object, one.key)
            ]
            return [*parts, node.expressions]
        elif isinstance(node, nodes.If):
            return [
                *(_inside(test) for test, _ in node.clauses),
                [body for _, body in node.clauses],
                node.otherwise,
            ]
        elif isinstance(node, (nodes.While, nodes.Repeat)):
            return [_inside(node.condition), node.block]
        elif isinstance(node, nodes.Logical):
            return [_inside(node.left), node.right]
        elif isinstance(node, nodes.Binary) and node.operator in ("==", "~="):
            return [_inside(node.left), _inside(node.right)]
        return [getattr(node, name, None) for name in node.__slots__ if name != "label"]

    def changes(self, target: nodes.Index) -> bool:
        """Whether a store is to a place that is read, or to one that large steps lead to."""
        place = _place(target)
        if place is None:
            return False
        holder, variable, offset = place
        if variable is not None and variable in self._strides:
            return True
        return any(
            one is holder
            and other is variable
            and (further == offset or (other is not None and further > offset))
            for one, other, further in self._read
        )


def _inside(test: nodes.Node) -> list[nodes.Node]:
    """The parts of a condition that is an element, else the condition."""
    if isinstance(test, nodes.Unary) and test.operator == "not":
        return _inside(test.operand)
    return [test.object, test.key] if isinstance(test, nodes.Index) else [test]


def _place(node: nodes.Index) -> _Place | None:
    if not isinstance(node.object, nodes.Name):
        return None
    key = node.key
    offset = 0
    amount = _integer(key.right) if isinstance(key, nodes.Binary) and key.operator in ("+", "-") else None
    if isinstance(key, nodes.Binary) and amount is not None:
        offset = amount if key.operator == "+" else -amount
        key = key.left
    if isinstance(key, nodes.Name) and key.variable.constant is None:
        return node.object.variable, key.variable, offset
    position = _integer(key)
    return None if position is None or offset else (node.object.variable, None, position)


def _integer(node: nodes.Node | None) -> int | None:
    """The value of an integer numeral; None for any other node."""
    return node.value if isinstance(node, nodes.Number) and type(node.value) is int else None
