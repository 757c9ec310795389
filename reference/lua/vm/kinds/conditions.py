"""What holds of a variable where it is used: conditions that were passed on the way there, and what it was given last.

A fact about a variable is an operator and the expression at its right side, as it was evaluated then: after `if n < 2 then return
end` each use of `n` holds the fact `>= 2`, after `x = e` the fact `= e`. Facts end where something else may have been
assigned: at assignments, around loops, at labels. Variables that other functions may assign have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lockstep.reference.lua.syntax import nodes

Fact = tuple[str, nodes.Node]
Facts = tuple[Fact, ...]
_Held = dict[nodes.Variable, Facts]

IS = "="
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "~=", "~=": "=="}
_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "~=": "~="}
_JUMPS = (nodes.Break, nodes.Goto, nodes.Return)
# More facts of one variable, or values that depend on so many others, are not worth their time.
_MOST_FACTS, _LONGEST_CHAIN = 6, 24


class Conditions:
    """The facts at each use of a variable in a chunk."""

    def __init__(self, chunk: nodes.Function) -> None:
        self.facts: dict[nodes.Name, Facts] = {}
        self._assigned: dict[nodes.Node, frozenset[nodes.Variable]] = {}
        self._lengths: dict[nodes.Node, int] = {}
        self._function(chunk, {})

    # Statements. Each method gives whether control may go on behind it; `held` is changed in place.

    def _function(self, node: nodes.Function, held: _Held) -> None:
        # A closure runs later: what it sees of variables that never change still holds.
        self._statements(
            node.block.statements, {one: facts for one, facts in held.items() if not one.assigned}
        )

    def _statements(self, statements: list[nodes.Node], held: _Held) -> bool:
        goes_on = True
        for statement in statements:
            form = _STATEMENTS.get(statement.__class__)
            if form is not None:
                goes_on = form(self, statement, held)
        return goes_on

    def _inner(self, block: nodes.Block, held: _Held) -> bool:
        return self._statements(block.statements, dict(held))

    def _local(self, node: nodes.Local, held: _Held) -> bool:
        self._values(node.expressions, held)
        self._give(node.variables, node.expressions, held)
        return True

    def _local_function(self, node: nodes.LocalFunction, held: _Held) -> bool:
        self._function(node.function, held)
        return True

    def _assignment(self, node: nodes.Assignment, held: _Held) -> bool:
        self._values(node.expressions, held)
        variables: list[nodes.Variable | None] = []
        for target in node.targets:
            if isinstance(target, nodes.Name):
                variables.append(target.variable)
            else:
                self._value(target, held)
                variables.append(None)
        self._give(variables, node.expressions, held)
        return True

    def _give(
        self, variables: Sequence[nodes.Variable | None], values: list[nodes.Node], held: _Held
    ) -> None:
        given: list[tuple[nodes.Variable, nodes.Node]] = []
        for position, variable in enumerate(variables):
            if variable is None:
                continue
            held.pop(variable, None)
            if position < len(values) and variable.assigned and not variable.captured:
                given.append((variable, values[position]))
        for variable, value in given:
            if self._length(value) < _LONGEST_CHAIN:
                held[variable] = ((IS, value),)

    def _call_statement(self, node: nodes.CallStatement, held: _Held) -> bool:
        self._value(node.call, held)
        return True

    def _do(self, node: nodes.Do, held: _Held) -> bool:
        goes_on = self._inner(node.block, held)
        self._forget(node, held)
        return goes_on

    def _while(self, node: nodes.While, held: _Held) -> bool:
        self._forget(node, held)
        inside, _ = self._condition(node.condition, held)
        self._inner(node.block, _with(held, inside))
        return True

    def _repeat(self, node: nodes.Repeat, held: _Held) -> bool:
        self._forget(node, held)
        body = dict(held)
        self._statements(node.block.statements, body)
        self._value(node.condition, body)
        return True

    def _if(self, node: nodes.If, held: _Held) -> bool:
        here = held
        goes_on: list[_Held] = []
        for condition, block in node.clauses:
            passed, failed = self._condition(condition, here)
            body = _with(here, passed)
            if self._statements(block.statements, body):
                goes_on.append(body)
            here = _with(here, failed)
        if node.otherwise is None or self._statements(node.otherwise.statements, here):
            goes_on.append(here)
        held.clear()
        if goes_on:
            # What holds behind it holds at the end of each branch.
            held.update(goes_on[0])
            for other in goes_on[1:]:
                for variable, facts in list(held.items()):
                    common = tuple(fact for fact in facts if fact in other.get(variable, ()))
                    if common != facts[: len(common)] or not common:
                        del held[variable]
                    else:
                        held[variable] = common
        return bool(goes_on)

    def _numeric_for(self, node: nodes.NumericFor, held: _Held) -> bool:
        for bound in (node.start, node.stop, node.step):
            if bound is not None:
                self._value(bound, held)
        self._forget(node, held)
        self._inner(node.block, held)
        return True

    def _generic_for(self, node: nodes.GenericFor, held: _Held) -> bool:
        self._values(node.expressions, held)
        self._forget(node, held)
        self._inner(node.block, held)
        return True

    def _return(self, node: nodes.Return, held: _Held) -> bool:
        self._values(node.expressions, held)
        return False

    def _jump(self, _: nodes.Node, __: _Held) -> bool:
        return False

    def _label(self, _: nodes.Label, held: _Held) -> bool:
        held.clear()
        return True

    # Assignments inside a statement

    def _forget(self, node: nodes.Node, held: _Held) -> None:
        for variable in self._assigned_in(node):
            held.pop(variable, None)

    def _assigned_in(self, node: nodes.Node) -> frozenset[nodes.Variable]:
        """The variables that a statement or the statements inside it assign."""
        if isinstance(node, nodes.Assignment):
            return frozenset(one.variable for one in node.targets if isinstance(one, nodes.Name))
        names = _BLOCKS.get(node.__class__)
        if names is None:
            return frozenset()
        known = self._assigned.get(node)
        if known is None:
            found: set[nodes.Variable] = set()
            for block in _blocks(node, names):
                for statement in block.statements:
                    found |= self._assigned_in(statement)
            known = self._assigned[node] = frozenset(found)
        return known

    # Expressions

    def _values(self, expressions: list[nodes.Node], held: _Held) -> None:
        for one in expressions:
            self._value(one, held)

    def _value(self, node: Any, held: _Held) -> None:
        kind = node.__class__
        if kind is nodes.Name:
            facts = held.get(node.variable)
            if facts is not None:
                self.facts[node] = facts
        elif kind is nodes.Binary:
            self._value(node.left, held)
            self._value(node.right, held)
        elif kind is nodes.Logical:
            passed, failed = self._condition(node.left, held)
            self._value(node.right, _with(held, passed if node.operator == "and" else failed))
        elif kind is nodes.Function:
            self._function(node, held)
        elif kind is nodes.Constructor:
            for key, value in node.fields:
                if key is not None:
                    self._value(key, held)
                self._value(value, held)
        else:
            for name in _OPERANDS.get(kind, ()):
                operand = getattr(node, name)
                if isinstance(operand, list):
                    self._values(operand, held)
                else:
                    self._value(operand, held)

    def _condition(self, node: nodes.Node, held: _Held) -> tuple[_Held, _Held]:
        """The facts that hold where a condition is passed, and where it is not."""
        if isinstance(node, nodes.Parenthesised):
            return self._condition(node.expression, held)
        if isinstance(node, nodes.Unary) and node.operator == "not":
            passed, failed = self._condition(node.operand, held)
            return failed, passed
        if isinstance(node, nodes.Logical):
            return self._both(node, held)
        self._value(node, held)
        passed, failed = {}, {}
        if isinstance(node, nodes.Binary) and node.operator in _OPPOSITE:
            for one, other, operator in (
                (node.left, node.right, node.operator),
                (node.right, node.left, _SWAPPED[node.operator]),
            ):
                if not isinstance(one, nodes.Name) or (one.variable.captured and one.variable.assigned):
                    continue
                before = held.get(one.variable, ())
                if len(before) < _MOST_FACTS and self._length(other) < _LONGEST_CHAIN:
                    passed[one.variable] = (*before, (operator, other))
                    failed[one.variable] = (*before, (_OPPOSITE[operator], other))
        return passed, failed

    def _both(self, node: nodes.Logical, held: _Held) -> tuple[_Held, _Held]:
        passed, failed = self._condition(node.left, held)
        if node.operator == "and":
            inside = _with(held, passed)
            more, _ = self._condition(node.right, inside)
            return {**passed, **more}, {}
        inside = _with(held, failed)
        _, more = self._condition(node.right, inside)
        return {}, {**failed, **more}

    def _length(self, node: Any) -> int:
        """How long the chain of values is that an expression depends on through facts."""
        kind = node.__class__
        if kind is nodes.Name:
            facts = self.facts.get(node, ())
            return 1 + max((self._chain(one) for _, one in facts), default=0)
        if kind is nodes.Binary or kind is nodes.Logical:
            return max(self._length(node.left), self._length(node.right))
        if kind is nodes.Unary:
            return self._length(node.operand)
        if kind is nodes.Parenthesised:
            return self._length(node.expression)
        return 0

    def _chain(self, node: nodes.Node) -> int:
        known = self._lengths.get(node)
        if known is None:
            known = self._lengths[node] = self._length(node)
        return known


def _with(held: _Held, more: _Held) -> _Held:
    return {**held, **more}


def _blocks(node: nodes.Node, names: tuple[str, ...]) -> list[nodes.Block]:
    found: list[nodes.Block] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, nodes.Block):
            found.append(value)
        elif value is not None:
            found.extend(block for _, block in value)
    return found


_BLOCKS: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.Do: ("block",),
    nodes.While: ("block",),
    nodes.Repeat: ("block",),
    nodes.NumericFor: ("block",),
    nodes.GenericFor: ("block",),
    nodes.If: ("clauses", "otherwise"),
}
_OPERANDS: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.Index: ("object", "key"),
    nodes.Call: ("function", "arguments"),
    nodes.MethodCall: ("object", "arguments"),
    nodes.Unary: ("operand",),
    nodes.Parenthesised: ("expression",),
}
_STATEMENTS: dict[type[nodes.Node], Any] = {
    nodes.Local: Conditions._local,
    nodes.LocalFunction: Conditions._local_function,
    nodes.Assignment: Conditions._assignment,
    nodes.CallStatement: Conditions._call_statement,
    nodes.Do: Conditions._do,
    nodes.While: Conditions._while,
    nodes.Repeat: Conditions._repeat,
    nodes.If: Conditions._if,
    nodes.NumericFor: Conditions._numeric_for,
    nodes.GenericFor: Conditions._generic_for,
    nodes.Return: Conditions._return,
    nodes.Label: Conditions._label,
    **dict.fromkeys((nodes.Break, nodes.Goto), Conditions._jump),
}
