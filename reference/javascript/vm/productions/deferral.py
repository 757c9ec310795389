"""Functions that are compiled when they are first called: what stands for them until then, and their code then.

The parser has found every early error. The unit around makes the function's object with the cells of what the function may
refer to (`cells@ = lambda: (a, b)` has them as its closure), so the code, when it comes, finds them; what it refers to
is known from the scope analysis alone. A box is handed over as it is, and gets a cell of its own.
"""

from __future__ import annotations

import ast
from types import CodeType
from typing import Any, Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit, Variable, resolve
from lockstep.reference.javascript.vm.productions.functions import Functions

Successor = Callable[..., Any]
_CELLS = "cells@"
# In a unit of so many characters every function waits: for each that does not, the host's compiler copies what is bound.
_LONG_UNIT = 4_000
_MANY_CELLS = 100


class DeferredFunction:
    """A function as it stands in the static scopes around it.

    Attributes:
        node: its syntax tree.
        unit: the unit that it will be, as entered; never compiled into, see `Unit.afresh`.
        scope: the scope around it.
        numbers: how many host variables were named by then: all that it can see.
    """

    __slots__ = ("node", "numbers", "scope", "unit")

    def __init__(self, node: js.Function, unit: Unit, scope: StaticScope | None, numbers: int) -> None:
        self.node = node
        self.unit = unit
        self.scope = scope
        self.numbers = numbers


class Deferral(Functions):
    """Functions that wait for their first call."""

    deferred: dict[int, DeferredFunction]
    # Makes a compiler of the same kind with nothing in it; one that does not compile only lowers. None: nothing waits.
    successor: Successor | None = None

    def closure(self, node: js.Function, name: str) -> ast.expr:
        """Make the function object of `node`; emit its code, or what stands for it."""
        if not self._may_wait(node):
            return super().closure(node, name)
        unit = self.begin_unit(node, name)
        captured = self._captured(node)
        self.unit, self.scope, self.out, self.line, self.column = unit.saved_state  # type: ignore[attr-defined]
        # The code around is done when this function's turn comes.
        unit.saved_state = (unit.parent, self.scope, [], self.line, self.column)  # type: ignore[attr-defined]
        scope = node.scope
        simple = scope.has_simple_parameters
        takes_any = not simple or (scope.uses_arguments and node.kind != "arrow")
        if node.kind != "arrow":
            is_mapped = simple and scope.uses_arguments and not node.strict
            is_named = node.name_scope is not None and node.name is not None
            unit.uses_callee = scope.uses_super or is_mapped or is_named
            unit.uses_new_target = scope.uses_new_target
        index = len(self.templates)
        self.deferred[index] = DeferredFunction(node, unit, self.scope, self.numbers)
        self.templates.append(
            (
                name,
                node.expected_argument_count,
                node.kind,
                -1 if takes_any else len(node.parameters),
                node.strict,
                node.is_async,
                node.is_generator,
                unit.uses_new_target or node.kind == "derived",
                node.start,
                node.end,
                unit.uses_callee,
                node.is_generator and not simple,
                tuple(sorted(captured)),
            )
        )
        entry = self.subscript(self.name("templates@"), self.constant(index))
        boxes = [box.host for box in unit.free_boxes.values() if box.unit is self.unit]
        self.unit.cells.update(captured.difference(boxes))
        made = self.call(
            "make_deferred_", entry, self.name(_CELLS), self.constant(tuple(boxes)), *map(self.name, boxes)
        )
        return self.result(made).expression

    def _may_wait(self, node: js.Function) -> bool:
        if not self.deferred_from:
            return False
        if node.end - node.start < self.deferred_from and self.unit.extent < _LONG_UNIT:
            return False
        scope = node.scope
        parameters = scope.parameter_scope
        return not scope.contains_direct_eval and not (
            parameters is not None and parameters.contains_direct_eval
        )

    def cells_head(self, unit: Unit) -> list[ast.stmt]:
        """What a unit begins with where functions in it wait: a host function that has all their cells.

        One for all: the host's compiler takes time for each function that grows with what is bound around it.
        """
        if not unit.cells:
            return []
        cells = self.tuple_of(list(map(self.name, sorted(unit.cells))))
        function = self.placed(ast.Lambda(_arguments([]), cells))
        made = self.call("cells_", function)
        head: list[ast.stmt] = [self.placed(ast.Assign([self.target(_CELLS)], made))]
        if len(unit.cells) > _MANY_CELLS:
            # A branch: for each cell the host moves the rest of the first straight run of code.
            head.insert(0, self.placed(ast.If(self.name("templates@"), [self.placed(ast.Pass())], [])))
        return head

    def _captured(self, node: js.Function) -> set[str]:
        """The host variables of the units around that the code of the unit just entered may refer to."""
        found = {"templates@"}
        scope = node.scope
        own = node.name.name if node.name_scope is not None and node.name is not None else ""
        for name in scope.free_names:
            if name != own and name[0] != "%":
                variable = self._captured_variable(name)
                if variable is not None:
                    found.add(variable.host)
        around = self.scope
        while around is not None:
            if around.environment:
                self.environment(around)
                found.add(around.environment)
            found.update(around.private_hosts)
            around = around.parent
        if node.kind == "arrow":
            found.update(self._captured_from_owner(scope))
        unit: Unit | None = self.unit
        while unit is not None:
            if unit.kind == "module":
                found.add("module@")
            unit = unit.parent
        return found

    def _captured_from_owner(self, scope: Any) -> list[str]:
        """What an arrow function takes from the function around it."""
        owner = self.owner()
        found = []
        if scope.uses_this or scope.uses_super:
            found.append(owner.this_name)
        if scope.uses_super:
            owner.uses_callee = True
            found.append(owner.callee_name)
        if scope.uses_new_target:
            owner.uses_new_target = True
            found.append(owner.new_target_name)
        return found

    def _captured_variable(self, name: str) -> Variable | None:
        scope = self.scope
        while True:
            found, rest = resolve(scope, name)
            variable = found.variable
            if variable is not None:
                self.use(variable)
                binding = variable.binding
                assigned = variable.has_dead_zone and binding is not None and binding.assigned
                if assigned or not variable.ready:
                    variable.early = True
                return variable
            if found.environment is None or rest is None:
                return None
            scope = rest

    def deferred_code(self, function: DeferredFunction, captured: tuple[str, ...]) -> CodeType:
        """The code of a function whose turn has come; `captured` names the cells that it is made with.

        Raises:
            GuestSyntaxError: the code is nested too deeply for the host.
        """
        unit = function.unit.afresh()
        self.unit, self.scope, self.out = unit, function.scope, unit.body
        self.numbers = function.numbers
        body = self.function_body(function.node, unit)
        unit.nonlocals.update(captured)
        definition, _ = self.leave_unit(unit, body)
        around = self.defining("captured@", captured, [definition])
        code = self.host_code(ast.Module([around], []), function.node)
        return inner_code(inner_code(code))

    def host_code(self, tree: ast.Module, node: Any) -> CodeType:
        """The host's code for a generated module."""
        raise NotImplementedError


def inner_code(code: CodeType) -> CodeType:
    """The code of the only function defined in `code`."""
    return next(constant for constant in code.co_consts if isinstance(constant, CodeType))


def _arguments(arguments: list[ast.arg]) -> ast.arguments:
    return ast.arguments([], arguments, None, [], [], None, [])
