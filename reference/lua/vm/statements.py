"""Statements as host statements."""

from __future__ import annotations

import ast
from typing import Any, Callable

from reference.lua.syntax import nodes
from reference.lua.syntax.describe import describe
from reference.lua.vm.accumulation import accumulators
from reference.lua.vm.builder import Loop
from reference.lua.vm.expressions import (
    all_values,
    argument_list,
    condition,
    expression,
    is_multiple,
    is_simple,
    prepared_call,
    raw_call,
    stable,
    write_field,
)
from reference.lua.vm.functions import Chunk, FunctionBuilder, is_boxed
from reference.lua.vm.operators import comparisons

_CALLS = (nodes.Call, nodes.MethodCall)
_CLOSING = ("$LuaError", "RecursionError", "MemoryError", "$CoroutineClosed")


# Functions


def function_definition(
    outer: FunctionBuilder | None, node: nodes.Function, chunk: Chunk | None = None
) -> tuple[ast.FunctionDef, str]:
    """The host function for a guest function, and its host name."""
    if chunk is None:
        assert outer is not None
        chunk = outer.chunk
    builder = FunctionBuilder(chunk, node, outer)
    builder.line = node.line or 1
    builder.offset = node.offset
    host_name = _definition_name(node)
    parameters = []
    for variable in node.parameters:
        name = chunk.host_name(variable)
        parameters.append(ast.arg(name, None, lineno=builder.line, col_offset=builder.offset))
        if is_boxed(variable):
            builder.assign(name, builder.list_of([builder.name(name)]))
    builder.step()
    if node.uses_argument_table is not None:
        table: ast.expr = builder.call("$argument_table", builder.name("$varargs"))
        builder.declare(node.uses_argument_table, builder.constant(None) if node.uses_vararg else table)
    block(builder, node.block)
    builder.line = node.last_line or builder.line
    if not builder.statements or not isinstance(builder.statements[-1], ast.Return):
        builder.return_(builder.name("$none"))
    if chunk.environment is not None:
        # Never reached: it makes the environment one of the closure's cells.
        builder.evaluate(builder.name(chunk.environment))
    body = builder.statements
    builder.statements = []
    if builder.jumps:
        builder.assign("$jump", builder.constant(0))
    names = sorted(builder.nonlocals)
    head: list[ast.stmt] = (
        [ast.Nonlocal(names, lineno=builder.line, col_offset=builder.offset)] if names else []
    )
    position: dict[str, Any] = {"lineno": node.line or 1, "col_offset": node.offset}
    vararg = ast.arg("$varargs", None, **position) if node.is_vararg else None
    defaults: list[ast.expr] = []
    if node.is_vararg:
        defaults = [ast.Constant(None, **position) for _ in parameters]
    arguments = ast.arguments([], parameters, vararg, [], [], None, defaults)
    body = [*head, *builder.statements, *body]
    return ast.FunctionDef(host_name, arguments, body, [], None, **position), host_name


def _definition_name(node: nodes.Function) -> str:
    name = node.name.replace(":", ".").rpartition(".")[2]
    return f"{name or 'anonymous'}${node.number}f"


# Blocks, labels and goto


def block(builder: FunctionBuilder, node: nodes.Block, loop: Loop | None = None) -> None:
    """The statements of a block; `loop` is the host loop whose body it is."""
    statements_of(builder, node.statements, loop)


def statements_of(builder: FunctionBuilder, statements: list[nodes.Node], loop: Loop | None = None) -> None:
    """A list of statements, with its labels."""
    labels = [
        position for position, one in enumerate(statements) if isinstance(one, nodes.Label) and one.used
    ]
    if not labels:
        _sequence(builder, statements)
        return
    last = labels[-1]
    void = all(isinstance(one, nodes.Label) for one in statements[labels[0] :])
    if loop is not None and void:
        # `goto continue`
        for position in labels:
            builder.regions[statements[position]] = (loop, True, None, 0)  # type: ignore[index]
        _sequence(builder, statements[: labels[0]])
        return
    del last
    _region(builder, statements, labels)


def _region(builder: FunctionBuilder, statements: list[nodes.Node], labels: list[int]) -> None:
    """A block with labels: a host loop whose rounds begin at one of them."""
    region = Loop()
    state = builder.temporary()
    builder.assign(state, builder.constant(0))
    for number, position in enumerate(labels, 1):
        builder.regions[statements[position]] = (region, True, state, number)  # type: ignore[index]
    bounds = [0, *labels, len(statements)]
    with builder.loop(region) as body:
        for number in range(len(labels) + 1):
            with builder.collected() as segment:
                _sequence(builder, statements[bounds[number] : bounds[number + 1]])
            test = builder.compare(builder.name(state), ast.LtE(), builder.constant(number))
            builder.if_(test, segment)
        builder.jump(region, continues=False)
    builder.while_(region, builder.constant(True), body)


def _sequence(builder: FunctionBuilder, statements: list[nodes.Node]) -> None:
    for position, statement in enumerate(statements):
        builder.at(statement)
        if isinstance(statement, nodes.Local) and any(v.attribute == "close" for v in statement.variables):
            _local(builder, statement)
            _closed(builder, statement, statements[position + 1 :])
            return
        _FORMS[statement.__class__](builder, statement)


def _closed(builder: FunctionBuilder, node: nodes.Local, rest: list[nodes.Node]) -> None:
    """The rest of a block after a to-be-closed variable."""
    variable = next(v for v in node.variables if v.attribute == "close")
    builder.at(node)
    value = builder.read(variable)
    builder.evaluate(builder.call("$check_closable", value, builder.constant(variable.name)))
    with builder.collected() as body:
        _sequence(builder, rest)
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
        builder.if_(builder.is_none(builder.name(failed)), close)
    position: dict[str, Any] = {"lineno": builder.line, "col_offset": builder.offset}
    handlers = [
        ast.ExceptHandler(
            builder.tuple_of([builder.name(kind) for kind in _CLOSING]), caught, on_error, **position
        ),
        ast.ExceptHandler(builder.name("BaseException"), None, on_limit, **position),
    ]
    builder.emit(ast.Try(body, handlers, [], finally_, **position))


def _label(builder: FunctionBuilder, node: nodes.Node) -> None:
    del builder, node


def _goto(builder: FunctionBuilder, node: nodes.Goto) -> None:
    assert node.label is not None
    loop, continues, state, number = builder.regions[node.label]
    if state is not None:
        builder.step()
        builder.assign(state, builder.constant(number))
    builder.jump(loop, continues)


def _break(builder: FunctionBuilder, node: nodes.Break) -> None:
    del node
    builder.jump(builder.loop_of[-1], continues=False)


# Variables


def _local(builder: FunctionBuilder, node: nodes.Local) -> None:
    variables, expressions = node.variables, node.expressions
    count = len(variables)
    if len(expressions) == count == 1:
        variable = variables[0]
        if variable.constant is not None:
            return
        plain = not variable.captured
        host = builder.chunk.host_name(variable) if plain else None
        value = expression(builder, expressions[0], host)
        builder.at(node)
        if not (plain and isinstance(value, ast.Name) and value.id == host):
            builder.declare(variable, value)
        return
    values = adjusted(builder, expressions, count)
    builder.at(node)
    for variable, value in zip(variables, values):
        builder.declare(variable, value)


def adjusted(builder: FunctionBuilder, expressions: list[nodes.Node], count: int) -> list[ast.expr]:
    """The values of an expression list, adjusted to `count` of them, none changed by assigning the others."""
    values: list[ast.expr] = []
    if not expressions:
        return [builder.constant(None)] * count
    fixed = expressions[:-1] if is_multiple(expressions[-1]) and len(expressions) <= count else expressions
    for position, node in enumerate(fixed):
        value = expression(builder, node)
        if position < count:
            later = expressions[position + 1 :]
            if (
                not isinstance(value, ast.Constant)
                and not (isinstance(value, ast.Name) and value.id.startswith("$"))
                and (later or not isinstance(value, ast.Name))
            ):
                value = builder.keep(value)
            values.append(value)
    if len(fixed) < len(expressions):
        last = expressions[-1]
        missing = count - len(values)
        if missing == 1:
            values.append(_kept(builder, expression(builder, last)))
        else:
            several = all_values(builder, last)
            rest = builder.keep(builder.call("$adjust", several, builder.constant(missing)))
            names = [builder.temporary() for _ in range(missing)]
            target = ast.Tuple([builder.target(name) for name in names], ast.Store(),
                               lineno=builder.line, col_offset=builder.offset)  # fmt: skip
            builder.emit(ast.Assign([target], rest, lineno=builder.line, col_offset=builder.offset))
            values.extend(builder.name(name) for name in names)
    while len(values) < count:
        values.append(builder.constant(None))
    return values


def _kept(builder: FunctionBuilder, value: ast.expr) -> ast.expr:
    return value if isinstance(value, ast.Name) and value.id.startswith("$") else builder.keep(value)


def _local_function(builder: FunctionBuilder, node: nodes.LocalFunction) -> None:
    variable = node.variable
    if (
        variable.captured
        and variable.in_loop
        and not variable.assigned
        and variable in node.function.upvalues
    ):
        # It is used before its closure exists, so it needs a box where each round has its own.
        variable.assigned = True
    if variable.captured and is_boxed(variable):
        builder.declare(variable, builder.constant(None))
        value = expression(builder, node.function)
        builder.write(variable, value)
        return
    value = expression(builder, node.function)
    builder.declare(variable, value)


def _assignment(builder: FunctionBuilder, node: nodes.Assignment) -> None:
    if len(node.targets) == len(node.expressions) == 1:
        _single_assignment(builder, node, node.targets[0], node.expressions[0])
        return
    prepared: list[tuple[nodes.Node, ast.expr | None, ast.expr | None]] = []
    for target in node.targets:
        if isinstance(target, nodes.Index):
            holder = builder.keep(expression(builder, target.object))
            name = expression(builder, target.key)
            prepared.append((target, holder, name if isinstance(name, ast.Constant) else builder.keep(name)))
        else:
            prepared.append((target, None, None))
    values = adjusted(builder, node.expressions, len(prepared))
    values = [value if isinstance(value, ast.Constant) else _kept(builder, value) for value in values]
    for (target, subject, key), value in zip(reversed(prepared), reversed(values)):
        builder.at(target)
        if isinstance(target, nodes.Name):
            builder.write(target.variable, value)
        else:
            assert isinstance(target, nodes.Index)
            assert subject is not None
            assert key is not None
            write_field(
                builder, subject, key, target.key, value, None, describe(target.object, builder.function)
            )


def _single_assignment(
    builder: FunctionBuilder, node: nodes.Assignment, target: nodes.Node, source: nodes.Node
) -> None:
    if isinstance(target, nodes.Name):
        variable = target.variable
        if variable in builder.deferred and isinstance(source, nodes.Binary):
            _accumulate(builder, variable, source)
            return
        plain = not variable.captured
        host = builder.chunk.host_name(variable) if plain else None
        # A form that evaluates its operands before it stores may store into the variable itself.
        direct = isinstance(source, (nodes.Binary, nodes.Call, nodes.Index)) and plain
        if isinstance(source, nodes.Binary) and direct:
            direct = not _mentions(source, variable)
        value = expression(builder, source, host if direct else None)
        builder.at(node)
        if not (direct and isinstance(value, ast.Name) and value.id == host):
            builder.write(variable, value)
        return
    assert isinstance(target, nodes.Index)
    subject = expression(builder, target.object)
    if not isinstance(subject, ast.Name) or (
        isinstance(target.object, nodes.Name) and not is_simple(target.object)
    ):
        subject = builder.keep(subject)
    key = expression(builder, target.key)
    if not isinstance(key, ast.Constant) and not (
        isinstance(key, ast.Name) and (not isinstance(target.key, nodes.Name) or is_simple(target.key))
    ):
        key = builder.keep(key)
    value = expression(builder, source)
    if not isinstance(value, (ast.Name, ast.Constant)):
        value = builder.keep(value)
    builder.at(target)
    write_field(builder, subject, key, target.key, value, source, describe(target.object, builder.function))


def _accumulate(builder: FunctionBuilder, variable: nodes.Variable, source: nodes.Binary) -> None:
    """`x = x + e` in a loop after which `x` is put right, see `accumulation`."""
    host = builder.chunk.host_name(variable)
    left, right = stable(builder, [source.left, source.right])
    builder.at(source)
    operator: ast.operator = ast.Add() if source.operator == "+" else ast.Sub()
    names = describe(source.left, builder.function), describe(source.right, builder.function)
    slow = builder.call(
        "$arithmetic", builder.constant(source.operator), left, right, builder.constant(names)
    )
    builder.guarded(host, builder.operation(left, operator, right), ("TypeError",), slow)


def _mentions(node: nodes.Node, variable: nodes.Variable) -> bool:
    """Whether an operator's slow path would read `variable` after the fast one stored into it."""
    if isinstance(node, nodes.Name):
        return node.variable is variable
    if isinstance(node, (nodes.Binary, nodes.Logical)):
        return _mentions(node.left, variable) or _mentions(node.right, variable)
    return False


def _call_statement(builder: FunctionBuilder, node: nodes.CallStatement) -> None:
    result = raw_call(builder, node.call)
    with builder.collected() as several:
        builder.evaluate(builder.call("$first", result))
    builder.if_(builder.is_type(result, "list"), several)


# Control


def _do(builder: FunctionBuilder, node: nodes.Do) -> None:
    block(builder, node.block)


def _guest_loop(builder: FunctionBuilder, fill: Callable[[Loop], None]) -> tuple[Loop, list[ast.stmt]]:
    loop = Loop()
    builder.loop_of.append(loop)
    with builder.loop(loop) as body:
        fill(loop)
    builder.loop_of.pop()
    return loop, body


def _while(builder: FunctionBuilder, node: nodes.While) -> None:
    def fill(loop: Loop) -> None:
        test = condition(builder, node.condition)
        builder.at(node)
        if not (isinstance(test, ast.Constant) and test.value is True):
            with builder.collected() as leave:
                builder.jump(loop, continues=False)
            builder.if_(builder.negation(test), leave)
        builder.step()
        block(builder, node.block, loop)

    loop, body = _guest_loop(builder, fill)
    builder.at(node)
    builder.while_(loop, builder.constant(True), body)


def _repeat(builder: FunctionBuilder, node: nodes.Repeat) -> None:
    def fill(loop: Loop) -> None:
        builder.step()
        until = _Until(node.condition, loop)
        statements_of(builder, [*node.block.statements, until])

    loop, body = _guest_loop(builder, fill)
    builder.at(node)
    builder.while_(loop, builder.constant(True), body)


class _Until(nodes.Node):
    """The condition of a `repeat`, as the last statement of its block."""

    __slots__ = ("condition", "loop")

    def __init__(self, test: nodes.Node, loop: Loop) -> None:
        self.condition = test
        self.loop = loop
        self.line = test.line
        self.offset = test.offset


def _until(builder: FunctionBuilder, node: _Until) -> None:
    test = condition(builder, node.condition)
    builder.at(node)
    with builder.collected() as leave:
        builder.jump(node.loop, continues=False)
    builder.if_(test, leave)
    with builder.collected() as again:
        builder.jump(node.loop, continues=True)
    builder.statements.extend(again)


def _if(builder: FunctionBuilder, node: nodes.If) -> None:
    if len(node.clauses) == 1 and node.otherwise is None and _quick_exit(builder, *node.clauses[0]):
        return
    _clauses(builder, node, 0)


def _quick_exit(builder: FunctionBuilder, test: nodes.Node, body: nodes.Block) -> bool:
    """`if a < b then return c end` in one `try`, where leaving cannot raise what the test may."""
    if not (isinstance(test, nodes.Binary) and test.operator in ("<", "<=", ">", ">=")):
        return False
    if len(body.statements) != 1:
        return False
    only = body.statements[0]
    if isinstance(only, nodes.Return):
        leaves = len(only.expressions) == 1 and is_simple(only.expressions[0])
    else:
        leaves = isinstance(only, nodes.Break)
    if not leaves:
        return False
    left, right = stable(builder, [test.left, test.right])
    builder.at(test)
    fast, slow = comparisons(builder, test, left, right)
    with builder.collected() as leaving:
        statements_of(builder, body.statements)
    builder.at(test)
    with builder.collected() as attempt:
        builder.if_(fast, leaving)
    with builder.collected() as again:
        builder.if_(slow, leaving)
    builder.try_(attempt, ("TypeError",), again)
    return True


def _clauses(builder: FunctionBuilder, node: nodes.If, position: int) -> None:
    test_node, body_node = node.clauses[position]
    test = condition(builder, test_node)
    with builder.collected() as body:
        block(builder, body_node)
    otherwise: list[ast.stmt] = []
    if position + 1 < len(node.clauses):
        with builder.collected() as otherwise:
            _clauses(builder, node, position + 1)
    elif node.otherwise is not None:
        with builder.collected() as otherwise:
            block(builder, node.otherwise)
    builder.at(test_node)
    builder.if_(test, body, otherwise)


def _numeric_for(builder: FunctionBuilder, node: nodes.NumericFor) -> None:
    start_node = node.start
    step_node = node.step
    bounds = [node.start, node.stop] if step_node is None else [node.start, node.stop, step_node]
    values = [expression(builder, one) for one in bounds]
    values = [
        value if isinstance(value, (ast.Name, ast.Constant)) else builder.keep(value) for value in values
    ]
    builder.at(node)
    start, stop = values[0], values[1]
    step = values[2] if step_node is not None else builder.constant(1)
    items: ast.expr = builder.call("$loop_values", start, stop, step)
    step_value = step.value if isinstance(step, ast.Constant) else None
    counts = (
        isinstance(start_node, nodes.Number) and type(start_node.value) is int and type(step_value) is int
    )
    if counts and step_value:
        assert isinstance(step_value, int)
        beyond = builder.operation(stop, ast.Add() if step_value > 0 else ast.Sub(), builder.constant(1))
        bounded = builder.call("range", start, beyond, *([] if step_value == 1 else [step]))
        items = builder.choice(builder.is_type(stop, "int"), bounded, items)
    variable = node.variable
    # 5.1 counts in doubles, but what it counts to is an int here as far as ints go.
    known = counts and not variable.assigned
    host = builder.chunk.host_name(variable)
    direct = not is_boxed(variable)
    counter = host if direct else builder.temporary()
    if variable.assigned and direct:
        counter = builder.temporary()
    if known:
        builder.integers.add(variable)
    deferred = accumulators(builder, node) - builder.deferred
    builder.deferred |= deferred

    def fill(loop: Loop) -> None:
        builder.step()
        if counter != host:
            builder.declare(variable, builder.name(counter))
        block(builder, node.block, loop)

    loop, body = _guest_loop(builder, fill)
    builder.at(node)
    builder.emit(
        ast.For(builder.target(counter), items, body, [], lineno=builder.line, col_offset=builder.offset)
    )
    builder.deferred -= deferred
    for accumulator in sorted(deferred, key=lambda one: str(one.host)):
        name = builder.chunk.host_name(accumulator)
        builder.assign(name, builder.call("$fix", builder.name(name)))
    builder.pass_on(loop)


def _generic_for(builder: FunctionBuilder, node: nodes.GenericFor) -> None:
    has_closing = builder.profile.integers
    values = adjusted(builder, node.expressions, 4 if has_closing else 3)
    values = [value if isinstance(value, ast.Constant) else _kept(builder, value) for value in values]
    builder.at(node)
    count = len(node.variables)
    items = builder.call("$iterate", *values[:3], builder.constant(count))
    targets: list[str] = []
    declared: list[tuple[nodes.Variable, str]] = []
    for variable in node.variables:
        if is_boxed(variable):
            name = builder.temporary()
            declared.append((variable, name))
        else:
            name = builder.chunk.host_name(variable)
        targets.append(name)
    target: ast.expr = builder.target(targets[0])
    if count > 1:
        target = ast.Tuple([builder.target(name) for name in targets], ast.Store(),
                           lineno=builder.line, col_offset=builder.offset)  # fmt: skip

    def fill(loop: Loop) -> None:
        builder.step()
        for variable, name in declared:
            builder.declare(variable, builder.name(name))
        block(builder, node.block, loop)

    loop, body = _guest_loop(builder, fill)
    builder.at(node)
    closing = values[3] if has_closing else None
    if closing is None or isinstance(closing, ast.Constant):
        builder.for_(loop, target, items, body)
        return
    assert isinstance(closing, ast.Name)
    builder.evaluate(builder.call("$check_closable", closing, builder.constant("(for state)")))
    with builder.collected() as whole:
        builder.emit(ast.For(target, items, body, [], lineno=builder.line, col_offset=builder.offset))
        builder.pass_on(loop)
    closing_around(builder, whole, closing.id)


def _return(builder: FunctionBuilder, node: nodes.Return) -> None:
    expressions = node.expressions
    if not expressions:
        builder.return_(builder.name("$none"))
        return
    if len(expressions) == 1:
        only = expressions[0]
        if isinstance(only, _CALLS):
            if node.closes:
                builder.return_(builder.call("$finish", raw_call(builder, only)))
            else:
                _tail_call(builder, only)
            return
        if not isinstance(only, nodes.Vararg):
            builder.return_(expression(builder, only))
            return
    values, _ = argument_list(builder, expressions)
    builder.at(node)
    builder.return_(builder.list_of(values))


def _tail_call(builder: FunctionBuilder, node: nodes.Node) -> None:
    """`return f(x)`: the caller makes the call, so that the stack does not grow."""
    target, arguments = prepared_call(builder, node)
    builder.at(node)
    entry = builder.keep(target)
    # A built-in runs at once, while its caller is still there to be named in its errors.
    with builder.collected() as at_once:
        builder.return_(builder.call(entry, *arguments))
    builder.if_(builder.call("$is_builtin", entry), at_once)
    builder.return_(builder.list_of([builder.name("$tail"), entry, builder.tuple_of(arguments)]))


_FORMS: dict[type[nodes.Node], Callable[..., None]] = {
    nodes.Local: _local,
    nodes.LocalFunction: _local_function,
    nodes.Assignment: _assignment,
    nodes.CallStatement: _call_statement,
    nodes.Do: _do,
    nodes.While: _while,
    nodes.Repeat: _repeat,
    nodes.If: _if,
    nodes.NumericFor: _numeric_for,
    nodes.GenericFor: _generic_for,
    nodes.Return: _return,
    nodes.Break: _break,
    nodes.Label: _label,
    nodes.Goto: _goto,
    _Until: _until,
}
