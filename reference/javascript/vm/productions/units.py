"""Host functions: a builder for each, and how it is put together and made an object in the code around."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.closures import made_in_factory
from lockstep.reference.host.trees import walk
from lockstep.reference.javascript.runtime.objects.function import START_NAMES
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.compilation import Row
from lockstep.reference.javascript.vm.generation.enclosing import GIVEN_INSTANCE
from lockstep.reference.javascript.vm.generation.names import Unit, Variable

CELLS = "cells@"
"""The host variable of a unit's cells, for the functions in it that wait for their first call."""
_MANY_CELLS = 100
# What cannot wait (functions with a direct `eval` in them, among parameters or in fields of classes) nests so deep: see `deferral.py`.
_DEEPEST = 500


def enter_unit(builder: Builder, name: str, kind: str, *, transparent: bool = False) -> Builder:
    """The builder of a new host function inside; `definition_of` puts together what it was given.

    Raises:
        RecursionError: it stands in too many others.
    """
    unit = Unit(builder.unit, name, kind, transparent=transparent)
    if unit.depth > _DEEPEST:
        raise RecursionError
    given = unit.given
    given.this = builder.fresh("this")
    given.callee = "callee_"
    given.new_target = "new_target"
    return Builder(builder.compilation, builder.productions, unit, builder.scope, builder)


def enter_function(builder: Builder, node: js.Function, name: str) -> Builder:
    """The builder of the host function of `node`."""
    kind = node.kind
    inner = enter_unit(builder, name, kind, transparent=kind == "arrow")
    unit = inner.unit
    unit.extent = node.end - node.start
    unit.strict = node.strict
    unit.shown = _label(builder, node, name)
    unit.is_async = node.is_async
    unit.is_generator = node.is_generator
    unit.derived = kind == "derived"
    unit.in_place = unit.derived and runs_in_place(node)
    private = builder.unit.private
    if private is not None:
        # What its calls tell; the unit may be compiled later.
        unit.numeric, unit.counters = private.inside.get(node.start, (unit.numeric, unit.counters))
    return inner


def runs_in_place(node: js.Function) -> bool:
    """Whether a derived constructor can run on an instance that is given: its one super() is a statement, run once, that nothing comes around.

    Then the instance may be made before it: what `prototype` of a class is never changes, and `this` is bound there and nowhere else.
    """
    called = [
        statement.expression
        for statement in node.body
        if isinstance(statement, js.ExpressionStatement) and isinstance(statement.expression, js.SuperCall)
    ]
    if len(called) != 1 or node.scope.contains_direct_eval or len(called[0].arguments) >= len(START_NAMES):
        return False
    if any(isinstance(argument, js.SpreadElement) for argument in called[0].arguments):
        return False
    found = [one for one in walk(node) if isinstance(one, (js.SuperCall, js.NewTarget))]
    return len(found) == 1


def _label(builder: Builder, node: js.Function, name: str) -> str:
    """What stack traces call the function; a class around that has no name of its own may have got one."""
    label = node.source.labels.get(node.start, name)
    owner = builder.unit.name if builder.unit.kind == "class" else ""
    if label[:1] == ".":
        return owner + label if owner and owner != "class" else label[1:]
    return label + owner if label == "new " and owner != "class" else label


def definition_of(builder: Builder, inner: Builder) -> tuple[ast.FunctionDef, str]:
    """The host function that `inner` has the code of, and its name, at the position of the code around."""
    unit = inner.unit
    given, names, signature = unit.given, unit.names, unit.signature
    parameters = signature.parameters
    this = given.this if not unit.derived else GIVEN_INSTANCE
    takes_this = unit.kind != "class"
    keyword_only = []
    if given.uses_callee:
        keyword_only.append("callee_")
    if given.uses_new_target or unit.derived:
        keyword_only.append("new_target")
    head: list[ast.stmt] = []
    if names.nonlocals:
        head.append(builder.placed(ast.Nonlocal(sorted(names.nonlocals))))
    if names.globals:
        head.append(builder.placed(ast.Global(sorted(names.globals))))
    head.extend(head_of(builder, inner))
    if (unit.is_async or unit.is_generator) and not unit.has_yield:
        yielding = builder.evaluating(builder.placed(ast.Yield(None)))
        head.append(builder.branching(builder.constant(False), [yielding]))
    if unit.derived:
        bind = builder.assigning(given.this, builder.constant(None))
        head.append(builder.branching(builder.constant(False), [bind]))
    host = builder.fresh(unit.shown or "anonymous")
    definition = builder.defining(
        host,
        [this, *parameters] if takes_this else parameters,
        head + inner.out,
        defaults=[builder.constant(None) for _ in parameters] if takes_this else [],
        rest=signature.rest,
        keywords=keyword_only,
    )
    return definition, host


def head_of(builder: Builder, inner: Builder) -> list[ast.stmt]:
    """The statements with which the host function of `inner` begins: for jumps, and for functions that wait."""
    head: list[ast.stmt] = []
    if inner.jumps:
        head.append(builder.assigning("jump@", builder.constant(0)))
        head.append(builder.assigning("returned@", builder.constant(None)))
    head.extend(_cells_head(builder, inner.unit.names.cells))
    return head


def _cells_head(builder: Builder, names: set[str]) -> list[ast.stmt]:
    """A host function that has all cells that functions in a unit need which wait.

    One for all: the host's compiler takes time for each function that grows with what is bound around it.
    """
    if not names:
        return []
    function = builder.thunk(builder.tuple_of(list(map(builder.name, sorted(names)))))
    head: list[ast.stmt] = [builder.assigning(CELLS, builder.call("cells_", function))]
    if len(names) > _MANY_CELLS:
        # A branch: for each cell the host moves the rest of the first straight run of code.
        head.insert(0, builder.placed(ast.If(builder.name("templates@"), [builder.placed(ast.Pass())], [])))
    return head


def defined(builder: Builder, inner: Builder) -> ast.expr:
    """Define the host function of `inner`; over boxes by a factory, so that it keeps the present ones."""
    definition, host = definition_of(builder, inner)
    boxes = boxes_of(builder, inner)
    if not boxes:
        builder.emit(definition)
        return builder.name(host)
    held = [box.host for box in boxes]
    factory, made = made_in_factory(builder, builder.fresh("factory"), held, [definition])
    builder.emit(factory)
    return made


def boxes_of(builder: Builder, inner: Builder) -> list[Variable]:
    """The boxes of the unit around that the code of `inner` refers to."""
    return [box for box in inner.unit.names.free_boxes.values() if box.unit is builder.unit]


def closure_of(builder: Builder, inner: Builder, template: Row) -> ast.expr:
    """Emit the definition of `inner` and the making of its function object."""
    made_from = add_template(builder, template)
    function = defined(builder, inner)
    return builder.result(builder.call("make_function_", made_from, function)).expression


def add_template(builder: Builder, template: Row) -> ast.expr:
    """The template of a function, from a new row of the program's."""
    templates = builder.compilation.templates
    templates.append(template)
    return builder.subscript(builder.name("templates@"), builder.constant(len(templates) - 1))
