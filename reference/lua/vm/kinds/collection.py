"""One walk through a chunk: what its variables, fields and functions are given."""

from __future__ import annotations

from typing import Any

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.kinds.bits import CALLS, CHILDREN, FLOAT, INTEGER, ORDER, last_name

_NOTHING = nodes.Nil()


class Collection:
    """What the walk finds.

    Attributes:
        declared: the variables of the chunk.
        given: what may become a variable's value, in expressions; None for an unknown one.
        weak: kinds that only the look of the code speaks for.
        stored: what fields of a name are given.
        returned: the `return` statements of a function.
        functions: variables that hold one function for all their life.
        uses: how often a variable is used.
        calls: the calls of a variable.
        arguments: the arguments of calls, by the last name of what they call.
        named: functions by their last names.
    """

    def __init__(self, chunk: nodes.Function) -> None:
        self.declared: dict[nodes.Variable, None] = {}
        self.given: dict[nodes.Variable, list[nodes.Node | None]] = {}
        self.weak: dict[nodes.Variable, int] = {}
        self.stored: list[tuple[str, nodes.Node]] = []
        self.returned: dict[nodes.Function, list[nodes.Return]] = {}
        self.functions: dict[nodes.Variable, nodes.Function] = {}
        self.uses: dict[nodes.Variable, int] = {}
        self.calls: dict[nodes.Variable, list[nodes.Call]] = {}
        self.arguments: list[tuple[str, list[nodes.Node]]] = []
        self.named: dict[str, list[nodes.Function]] = {}
        self._collect(chunk)

    def _collect(self, chunk: nodes.Function) -> None:
        pending: list[tuple[Any, nodes.Function]] = [(chunk, chunk)]
        while pending:
            node, function = pending.pop()
            if isinstance(node, (list, tuple)):
                pending.extend((one, function) for one in node)
                continue
            if node is None:
                continue
            kind = node.__class__
            if kind is nodes.Name:
                self.uses[node.variable] = self.uses.get(node.variable, 0) + 1
                continue
            note = _NOTES.get(kind)
            if note is not None:
                note(self, node, function)
            if kind is nodes.Function:
                function = node
            pending.extend((getattr(node, name), function) for name in CHILDREN.get(kind, ()))

    def give(self, variable: nodes.Variable, value: nodes.Node | None) -> None:
        """Note that `value` may become a variable's; None for an unknown one."""
        self.given.setdefault(variable, []).append(value)

    def _give_all(self, variables: list[nodes.Variable], values: list[nodes.Node]) -> None:
        missing = None if values and isinstance(values[-1], (*CALLS, nodes.Vararg)) else _NOTHING
        for position, variable in enumerate(variables):
            self.give(variable, values[position] if position < len(values) else missing)

    def _note_local(self, node: nodes.Local, _: nodes.Function) -> None:
        for variable in node.variables:
            self._declared(variable)
        self._give_all(node.variables, node.expressions)
        if len(node.variables) == len(node.expressions) == 1 and isinstance(
            node.expressions[0], nodes.Function
        ):
            self._name_function(node.variables[0], node.expressions[0])

    def _declared(self, variable: nodes.Variable) -> None:
        self.declared[variable] = None

    def _note_local_function(self, node: nodes.LocalFunction, _: nodes.Function) -> None:
        self._declared(node.variable)
        self.give(node.variable, node.function)
        self._name_function(node.variable, node.function)

    def _name_function(self, variable: nodes.Variable, function: nodes.Function) -> None:
        if not variable.assigned:
            self.functions[variable] = function

    def _note_assignment(self, node: nodes.Assignment, _: nodes.Function) -> None:
        for position, target in enumerate(node.targets):
            value = node.expressions[position] if position < len(node.expressions) else None
            if isinstance(target, nodes.Name):
                self.give(target.variable, value)
            elif (
                isinstance(target, nodes.Index) and isinstance(target.key, nodes.String) and value is not None
            ):
                self.stored.append((target.key.value, value))

    def _note_function(self, node: nodes.Function, _: nodes.Function) -> None:
        for parameter in node.parameters:
            self._declared(parameter)
        name = node.name.replace(":", ".").rpartition(".")[2]
        if name:
            self.named.setdefault(name, []).append(node)

    def _note_numeric_for(self, node: nodes.NumericFor, _: nodes.Function) -> None:
        self._declared(node.variable)
        self.give(node.variable, node)

    def _note_generic_for(self, node: nodes.GenericFor, _: nodes.Function) -> None:
        for variable in node.variables:
            self._declared(variable)
            self.give(variable, None)
        call = node.expressions[0]
        if isinstance(call, nodes.Call) and last_name(call) == "ipairs":
            self.weak[node.variables[0]] = INTEGER

    def _note_return(self, node: nodes.Return, function: nodes.Function) -> None:
        self.returned.setdefault(function, []).append(node)

    def _note_call(self, node: nodes.Call, _: nodes.Function) -> None:
        if isinstance(node.function, nodes.Name):
            self.calls.setdefault(node.function.variable, []).append(node)
        name = last_name(node)
        if name is not None:
            self.arguments.append((name, node.arguments))

    def _note_method_call(self, node: nodes.MethodCall, _: nodes.Function) -> None:
        self.arguments.append((node.name, [node.object, *node.arguments]))

    def _note_constructor(self, node: nodes.Constructor, _: nodes.Function) -> None:
        for key, value in node.fields:
            if isinstance(key, nodes.String):
                self.stored.append((key.value, value))

    def _note_binary(self, node: nodes.Binary, _: nodes.Function) -> None:
        if node.operator in ("==", "~=", ".."):
            return
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, nodes.Name) and isinstance(other, nodes.Number):
                kind = INTEGER if type(other.value) is int else FLOAT
                if node.operator not in ORDER or kind == INTEGER:
                    self.weak[one.variable] = self.weak.get(one.variable, 0) | kind


_NOTES: dict[type[nodes.Node], Any] = {
    nodes.Local: Collection._note_local,
    nodes.LocalFunction: Collection._note_local_function,
    nodes.Assignment: Collection._note_assignment,
    nodes.Function: Collection._note_function,
    nodes.NumericFor: Collection._note_numeric_for,
    nodes.GenericFor: Collection._note_generic_for,
    nodes.Return: Collection._note_return,
    nodes.Call: Collection._note_call,
    nodes.MethodCall: Collection._note_method_call,
    nodes.Constructor: Collection._note_constructor,
    nodes.Binary: Collection._note_binary,
}
