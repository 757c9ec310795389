"""What is likely of the values in a chunk: it decides nothing but which of two equivalent forms of host code comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.kinds.bits import FLOAT, INTEGER, PRIMITIVE, RELATIONAL, STRING, last_name
from lockstep.reference.lua.vm.kinds.collection import Collection

# What functions of these names mostly give.
_LIKELY_RESULTS = {
    **dict.fromkeys(("sqrt", "sin", "cos", "tan", "exp", "log", "atan", "atan2", "clock", "rad", "deg", "pow"), FLOAT),
    **dict.fromkeys(("floor", "ceil", "byte", "len", "tointeger", "select"), INTEGER),
    **dict.fromkeys(("sub", "format", "concat", "rep", "char", "upper", "lower", "tostring", "reverse"), STRING),
}  # fmt: skip
_ROUNDS = 3


class Likelihood:
    """What is likely of the values in a chunk, beside what `kind` says is certain."""

    def __init__(self, found: Collection, kind: Callable[[nodes.Node], int]) -> None:
        self._found = found
        self._kind = kind
        self._variables: dict[nodes.Variable, int] = {}
        self._fields: dict[str, int] = {}
        self._results: dict[str, int] = {}
        self._known: dict[nodes.Node, int] = {}
        self._solve()

    def likely(self, node: nodes.Node) -> int:
        """What an expression's value probably is; 0 where nothing speaks for anything."""
        kind = self._kind(node)
        if kind and not kind & ~PRIMITIVE:
            return kind
        if not isinstance(node, (nodes.Binary, nodes.Logical)):
            return self._likely(node)
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._likely(node)
        return known

    def _solve(self) -> None:
        found = self._found
        variables, results, fields = self._variables, self._results, self._fields
        for _ in range(_ROUNDS):
            self._known.clear()
            for variable, values in found.given.items():
                for value in values:
                    if value is not None:
                        variables[variable] = variables.get(variable, 0) | self.likely(value)
            for name, value in found.stored:
                fields[name] = fields.get(name, 0) | self.likely(value)
            # By name first: many functions may have the same one, and be called as often.
            passed: dict[str, list[int]] = {}
            for name, arguments in found.arguments:
                if name in found.named:
                    self._pass(passed.setdefault(name, []), arguments)
            for name, kinds in passed.items():
                for function in found.named[name]:
                    for parameter, kind in zip(function.parameters, kinds):
                        variables[parameter] = variables.get(parameter, 0) | kind
            for name, functions in found.named.items():
                for function in functions:
                    for one in found.returned.get(function, []):
                        if one.expressions:
                            results[name] = results.get(name, 0) | self.likely(one.expressions[0])
        self._known.clear()

    def _pass(self, kinds: list[int], arguments: Sequence[nodes.Node]) -> None:
        """Add the likely kinds of one call's arguments to what was found for each position."""
        for position, argument in enumerate(arguments):
            if position == len(kinds):
                kinds.append(0)
            kinds[position] |= self.likely(argument)

    def _likely(self, node: nodes.Node) -> int:
        if isinstance(node, nodes.Name):
            return self._variables.get(node.variable, 0) or self._found.weak.get(node.variable, 0)
        if isinstance(node, nodes.Parenthesised):
            return self.likely(node.expression)
        if isinstance(node, nodes.Index):
            return self._fields.get(node.key.value, 0) if isinstance(node.key, nodes.String) else 0
        if isinstance(node, nodes.Binary):
            return self._binary(node)
        if isinstance(node, nodes.Unary):
            if node.operator == "#":
                return INTEGER
            return self.likely(node.operand) if node.operator == "-" else 0
        if isinstance(node, nodes.Logical):
            return self.likely(node.left) | self.likely(node.right)
        if isinstance(node, nodes.MethodCall):
            return self._results.get(node.name, 0) or _LIKELY_RESULTS.get(node.name, 0)
        if isinstance(node, nodes.Call):
            name = last_name(node) or ""
            return self._results.get(name, 0) or _LIKELY_RESULTS.get(name, 0)
        return 0

    def _binary(self, node: nodes.Binary) -> int:
        if node.operator in RELATIONAL:
            return 0
        if node.operator == "..":
            return STRING
        if node.operator in ("/", "^"):
            return FLOAT
        both = self.likely(node.left) | self.likely(node.right)
        return FLOAT if both & FLOAT else both & INTEGER
