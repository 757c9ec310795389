"""Blocks: statements in sequence, labels and `goto`, and variables that are closed when their block ends."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.walking import variables_in
from lockstep.reference.lua.vm.form import is_boxed
from lockstep.reference.lua.vm.functions import Forms, FunctionBuilder
from lockstep.reference.lua.vm.productions.floats import float_line, generate_float_line

_LEAVING = (nodes.Return, nodes.Break, nodes.Goto)
# Blocks of the host around what a variable to be closed is in scope of.
CLOSING_DEPTH = 3
_CLOSING = ("$LuaError", "RecursionError", "MemoryError", "$CoroutineClosed")


def block(builder: FunctionBuilder, node: nodes.Block, loop: Loop | None = None) -> None:
    """The statements of a block; `loop` is the host loop whose body it is."""
    statements_of(builder, node.statements, loop)


def statements_of(builder: FunctionBuilder, statements: list[nodes.Node], loop: Loop | None = None) -> None:
    """A list of statements, with its labels."""
    statements = _with_scopes(statements)
    labels = [
        position for position, one in enumerate(statements) if isinstance(one, nodes.Label) and one.used
    ]
    if not labels:
        _sequence(builder, statements)
        return
    void = all(isinstance(one, nodes.Label) for one in statements[labels[0] :])
    if loop is not None and void and not builder.hooked:
        # `goto continue`
        for position in labels:
            builder.regions[statements[position]] = (loop, True, None, 0)
        _sequence(builder, statements[: labels[0]])
        return
    _region(builder, statements, labels)


class _Scope(nodes.Node):
    """A variable to be closed with the statements in its scope, among which there are labels, as one statement."""

    __slots__ = ("declaration", "statements")

    def __init__(self, declaration: nodes.Local, statements: list[nodes.Node]) -> None:
        self.declaration = declaration
        self.statements = statements
        self.line = declaration.line
        self.offset = declaration.offset


def _scope(builder: FunctionBuilder, node: _Scope) -> None:
    variable = _closing_variable(node.declaration)
    assert variable is not None
    _sequence(builder, [node.declaration], scoped=True)
    with builder.nested(CLOSING_DEPTH), builder.collected() as body:
        statements_of(builder, node.statements)
    _close_after(builder, variable, body)


SCOPES: Forms = {_Scope: _scope}


def _with_scopes(statements: list[nodes.Node]) -> list[nodes.Node]:
    """`statements`, where what a variable to be closed is in scope of is one if a label stands in it.

    A jump to that label does not leave the scope. Labels at the end of a block stand outside (manual 3.3.4): what is declared
    before them is closed on the way.
    """
    end = len(statements)
    while end and isinstance(statements[end - 1], nodes.Label):
        end -= 1
    for position, statement in enumerate(statements[:end]):
        if _closing_variable(statement) is not None:
            rest = statements[position + 1 : end]
            if not any(isinstance(one, nodes.Label) and one.used for one in rest):
                return statements
            assert isinstance(statement, nodes.Local)
            return [*statements[:position], _Scope(statement, rest), *statements[end:]]
    return statements


def _closing_variable(statement: nodes.Node) -> nodes.Variable | None:
    """The variable that a declaration has closed, if it has one."""
    if not isinstance(statement, nodes.Local):
        return None
    return next((variable for variable in statement.variables if variable.attribute == "close"), None)


def _region(builder: FunctionBuilder, statements: list[nodes.Node], labels: list[int]) -> None:
    """A block with labels: a host loop whose rounds begin at one of them."""
    region = Loop()
    state = builder.temporary()
    builder.assign(state, builder.constant(0))
    for number, position in enumerate(labels, 1):
        builder.regions[statements[position]] = (region, True, state, number)
    bounds = [0, *labels, len(statements)]
    with builder.loop(region) as body:
        for number in range(len(labels) + 1):
            with builder.collected() as segment:
                _sequence(builder, statements[bounds[number] : bounds[number + 1]])
            test = builder.compare(builder.name(state), ast.LtE(), builder.constant(number))
            builder.if_(test, segment)
        builder.jump(region, continues=False)
    builder.while_(region, builder.constant(True), body)


def _sequence(builder: FunctionBuilder, statements: list[nodes.Node], *, scoped: bool = False) -> None:
    """Statements without labels; with `scoped` the caller generates the scope of a variable that the last one has closed."""
    behind = 0
    for position, statement in enumerate(statements):
        if position < behind:
            continue
        builder.at(statement)
        count = float_line(builder, statements, position)
        if count:
            generate_float_line(builder, statements[position : position + count])
            behind = position + count
            continue
        since = builder.temporaries
        builder.statement(statement)
        if isinstance(statement, _LEAVING):
            pass
        elif builder.chunk.releasing:
            builder.at(statement)
            builder.release(since, variables_in(statement))
        elif builder.hooked:
            builder.forget(since)
        variable = _closing_variable(statement)
        if variable is not None:
            builder.point(statement)
            builder.at(statement)
            value = builder.read(variable)
            builder.evaluate(builder.call("$check_closable", value, builder.constant(variable.name)))
            rest = statements[position + 1 :]
            if not scoped:
                with builder.nested(CLOSING_DEPTH), builder.collected() as body:
                    _sequence(builder, rest)
                _close_after(builder, variable, body)
            return


def _close_after(builder: FunctionBuilder, variable: nodes.Variable, body: list[ast.stmt]) -> None:
    """`body`, after which a variable is closed."""
    closing_around(builder, body, builder.chunk.host_name(variable), is_boxed(variable))


def closing_around(builder: FunctionBuilder, body: list[ast.stmt], name: str, boxed: bool = False) -> None:
    """`body`, after which the value of the host variable `name` is closed however control leaves it."""

    def value() -> ast.expr:
        held: ast.expr = builder.name(name)
        return builder.subscript(held, builder.constant(0)) if boxed else held

    failed = builder.temporary()
    caught = builder.temporary()
    builder.assign(failed, builder.constant(None))
    with builder.collected() as on_error:
        builder.assign(failed, builder.constant(1))
        builder.raise_(builder.call("$close_on_error", value(), builder.name(caught)))
    with builder.collected() as on_limit:
        builder.assign(failed, builder.constant(1))
        builder.raise_(None)
    with builder.collected() as close:
        builder.evaluate(builder.call("$close_value", value(), builder.constant(None)))
    with builder.collected() as finally_:
        builder.if_(builder.both(builder.is_none(builder.name(failed)), builder.is_some(value())), close)
    closing = builder.tuple_of([builder.name(kind) for kind in _CLOSING])
    handlers = [
        builder.placed(ast.ExceptHandler(closing, caught, on_error)),
        builder.placed(ast.ExceptHandler(builder.name("BaseException"), None, on_limit)),
    ]
    builder.emit(builder.placed(ast.Try(body, handlers, [], finally_)))


def label(builder: FunctionBuilder, node: nodes.Node) -> None:
    """A label: what leads to it knows where it is."""
    del builder, node


def goto(builder: FunctionBuilder, node: nodes.Goto) -> None:
    """`goto`."""
    assert node.label is not None
    builder.point(node)
    if node.label.offset < node.offset:
        builder.jump_back()
    loop, continues, state, number = builder.regions[node.label]
    if state is not None:
        builder.count_step()
        builder.assign(state, builder.constant(number))
    builder.jump(loop, continues)


def break_(builder: FunctionBuilder, node: nodes.Break) -> None:
    """`break`."""
    if not node.silent:
        builder.point(node)
    builder.jump(builder.loop_of[-1], continues=False)
