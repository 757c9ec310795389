"""Functions that are compiled when they are first called: what stands for them until then, and their code then.

The parser has found every early error. The unit around makes the function's object with the cells of what the function may
refer to (`cells@ = lambda: (a, b)` has them as its closure), so the code, when it comes, finds them; what it refers to
is known from the scope analysis alone. A box is handed over as it is, and gets a cell of its own.
"""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.ast import FunctionScope
from lockstep.reference.javascript.vm.generation.builder import Builder, Productions
from lockstep.reference.javascript.vm.generation.compilation import Compilation, DeferredFunction
from lockstep.reference.javascript.vm.generation.names import Unit, Variable, resolve
from lockstep.reference.javascript.vm.generation.variables import record_of, use
from lockstep.reference.javascript.vm.productions.functions import compiled_closure, function_body
from lockstep.reference.javascript.vm.productions.units import (
    CELLS,
    add_template,
    boxes_of,
    definition_of,
    enter_function,
)

# In a unit of so many characters every function waits: for each that does not, the host's compiler copies what is bound.
_LONG_UNIT = 4_000
# And so does each that stands in so many others: it copies what is bound around for each function that it is in, so what is
# nested would take time and memory with the square of its depth.
_DEEP = 40


def closure(builder: Builder, node: js.Function, name: str) -> ast.expr:
    """Make the function object of `node`; emit its code, or what stands for it."""
    if not _may_wait(builder, node):
        return compiled_closure(builder, node, name)
    inner = enter_function(builder, node, name)
    captured = _captured(inner, node)
    unit = inner.unit
    # It is compiled by itself.
    unit.depth = 0
    scope = node.scope
    simple = scope.has_simple_parameters
    takes_any = not simple or (scope.uses_arguments and node.kind != "arrow")
    if node.kind != "arrow":
        is_mapped = simple and scope.uses_arguments and not node.strict
        is_named = node.name_scope is not None and node.name is not None
        unit.given.uses_callee = scope.uses_super or is_mapped or is_named
        unit.given.uses_new_target = scope.uses_new_target
    compilation = builder.compilation
    compilation.deferred[len(compilation.templates)] = DeferredFunction(
        node, unit, builder.scope, compilation.numbers, builder.line, builder.column
    )
    made_from = add_template(
        builder,
        (
            name,
            node.expected_argument_count,
            node.kind,
            -1 if takes_any else len(node.parameters),
            node.strict,
            node.is_async,
            node.is_generator,
            unit.given.uses_new_target or node.kind == "derived",
            node.start,
            node.end,
            unit.given.uses_callee,
            node.is_generator and not simple,
            unit.in_place,
            tuple(sorted(captured)),
        ),
    )
    # Found in the order of a set of names; code must not depend on that.
    boxes = sorted(box.host for box in boxes_of(builder, inner))
    builder.unit.names.cells.update(captured.difference(boxes))
    made = builder.call(
        "make_deferred_",
        made_from,
        builder.name(CELLS),
        builder.constant(tuple(boxes)),
        *map(builder.name, boxes),
    )
    return builder.result(made).expression


def _may_wait(builder: Builder, node: js.Function) -> bool:
    compilation, around = builder.compilation, builder.unit
    if not compilation.may_defer:
        return False
    shortest = compilation.deferred_from
    is_long = shortest and (node.end - node.start >= shortest or around.extent >= _LONG_UNIT)
    if not is_long and around.depth < _DEEP:
        return False
    scope = node.scope
    parameters = scope.parameter_scope
    return not scope.contains_direct_eval and not (parameters is not None and parameters.contains_direct_eval)


def _captured(builder: Builder, node: js.Function) -> set[str]:
    """The host variables of the units around that the code of the unit just entered may refer to."""
    found = {"templates@"}
    scope = node.scope
    own = node.name.name if node.name_scope is not None and node.name is not None else ""
    for name in scope.free_names:
        if name != own and name[0] != "%":
            variable = _captured_variable(builder, name)
            if variable is not None:
                found.add(variable.host)
    around = builder.scope
    while around is not None:
        if around.environment:
            record_of(builder, around)
            found.add(around.environment)
        found.update(around.private_hosts)
        around = around.parent
    if node.kind == "arrow":
        found.update(_captured_from_owner(builder, scope))
    unit: Unit | None = builder.unit
    while unit is not None:
        if unit.kind == "module":
            found.add("module@")
        unit = unit.parent
    return found


def _captured_from_owner(builder: Builder, scope: FunctionScope) -> list[str]:
    """What an arrow function takes from the function around it."""
    owner = builder.unit.owner
    found = []
    if scope.uses_this or scope.uses_super:
        found.append(owner.given.this)
    if scope.uses_super:
        owner.given.uses_callee = True
        found.append(owner.given.callee)
    if scope.uses_new_target:
        owner.given.uses_new_target = True
        found.append(owner.given.new_target)
    return found


def _captured_variable(builder: Builder, name: str) -> Variable | None:
    scope = builder.scope
    while True:
        found, rest = resolve(scope, name)
        variable = found.variable
        if variable is not None:
            use(builder, variable)
            binding = variable.binding
            assigned = variable.has_dead_zone and binding is not None and binding.assigned
            if assigned or not variable.ready:
                variable.early = True
            return variable
        if found.environment is None or rest is None:
            return None
        scope = rest


def deferred_tree(
    compilation: Compilation, productions: Productions, function: DeferredFunction, captured: tuple[str, ...]
) -> ast.Module:
    """The definition of a function whose turn has come, in one that has the cells which `captured` names."""
    compilation.numbers = function.numbers
    unit = function.unit.afresh()
    assert unit.parent is not None
    around = Builder(compilation, productions, unit.parent, function.scope)
    around.line, around.column = function.line, function.column
    inner = Builder(compilation, productions, unit, function.scope, around)
    function_body(inner, function.node)
    unit.names.nonlocals.update(captured)
    definition, _ = definition_of(around, inner)
    return ast.Module([around.defining("captured@", captured, [definition])], [])
