"""Calls: entry points, arguments, methods, results, and calls in tail position."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.runtime.values import HOST_NAMES, TABLE_NAMES
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.vm.form import definition_name
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.productions.intrinsics import in_place, may_be_in_place, settled_arguments
from lockstep.reference.lua.vm.productions.operands import (
    at_once,
    bare,
    is_multiple,
    is_quiet,
    is_simple,
    kept,
    operands,
    settled,
)
from lockstep.reference.lua.vm.productions.yields import (
    ask_before_builtin,
    ask_before_call,
    generator_call,
    is_yield,
    known_generator_call,
    own_yield,
)
from lockstep.reference.lua.vm.traced import RESULT

_MAX_ENTRIES = 4
# A list of three results may be a call still to be made.
_TAIL_CALL_SIZE = 3
_EXCHANGED = (2, 3)
# Methods that strings have; other subjects have them too, so only the order of the tests depends on it.
_STRING_METHODS = frozenset((
    "byte", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize", "rep", "reverse",
    "sub", "unpack", "upper",
))  # fmt: skip


def argument_list(builder: FunctionBuilder, expressions: list[nodes.Node]) -> tuple[list[ast.expr], bool]:
    """The values of an expression list as host arguments; whether their number is open."""
    if not expressions or not is_multiple(expressions[-1]) or builder.kinds.is_single(expressions[-1]):
        return operands(builder, expressions, once=True), False
    last = expressions[-1]
    values = operands(builder, expressions[:-1])
    if not isinstance(last, nodes.Vararg):
        values = [
            builder.keep(value) if isinstance(bare(node), nodes.Name) and not is_simple(bare(node)) else value
            for node, value in zip(expressions, values)
        ]
        # A tail call among the results is made before it is known whether the function can be called.
        return [*values, builder.starred(builder.keep(all_values(builder, last)))], True
    return [*values, builder.starred(all_values(builder, last))], True


def all_values(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """The values of a multiple expression as a host sequence."""
    if isinstance(node, nodes.Vararg):
        return builder.name("$varargs")
    return builder.call("$values", raw_call(builder, node))


def adjusted(builder: FunctionBuilder, expressions: list[nodes.Node], count: int) -> list[ast.expr]:
    """The values of an expression list, adjusted to `count` of them, none changed by assigning the others."""
    values: list[ast.expr] = []
    if not expressions:
        return [builder.constant(None)] * count
    last = expressions[-1]
    is_open = is_multiple(last) and len(expressions) <= count and not builder.kinds.is_single(last)
    fixed = expressions[:-1] if is_open else expressions
    for position, node in enumerate(fixed):
        value = builder.expression(node)
        if position < count:
            later = expressions[position + 1 :]
            if (
                not isinstance(value, ast.Constant)
                and not (isinstance(value, ast.Name) and value.id.startswith("$"))
                and (later or not isinstance(value, ast.Name))
            ):
                value = builder.keep(value)
            values.append(value)
    missing = count - len(values)
    if is_open and missing == 1:
        values.append(kept(builder, builder.expression(last)))
    elif is_open:
        names = [builder.temporary() for _ in range(missing)]
        _spread(builder, last, names)
        values.extend(builder.name(name) for name in names)
    while len(values) < count:
        values.append(builder.constant(None))
    return values


def _spread(builder: FunctionBuilder, node: nodes.Node, names: list[str]) -> None:
    """The values of a multiple expression in so many temporaries."""
    count = builder.constant(len(names))
    if isinstance(node, nodes.Vararg):
        builder.unpack(names, builder.call("$adjust", builder.name("$varargs"), count))
        return
    result = raw_call(builder, node)
    size = builder.call("len", result)
    as_many = [builder.is_type(result, "list"), builder.compare(size, ast.Eq(), count)]
    if len(names) == _TAIL_CALL_SIZE:
        first = builder.subscript(result, builder.constant(0))
        as_many.append(builder.compare(first, ast.IsNot(), builder.name("$tail")))
    with builder.collected() as at_once:
        builder.unpack(names, result)
    with builder.collected() as general:
        builder.unpack(names, builder.call("$adjust", builder.call("$values", result), count))
    builder.if_(builder.both(*as_many), at_once, general)


def raw_call(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """A call, with whatever it gives: one value, a list, or a tail call to finish."""
    return _call(builder, node, None, single=False)


def _call(builder: FunctionBuilder, node: nodes.Node, result: Result | None, *, single: bool) -> ast.expr:
    """A call as whatever it gives, or as a `single` value; a well-known function's common case is done in place."""
    quick = None
    known = known_function(builder, node)
    if known is not None:
        target, arguments = _known_call(builder, node, known)
    else:
        function, arguments, argument_nodes, name = _looked_up(builder, node)
        is_open = len(arguments) > 0 and isinstance(arguments[-1], ast.Starred)
        quick = in_place(builder, node, function, arguments, argument_nodes)
    held = builder.into(result)
    with builder.collected() as general:
        if known is None:
            target = entry_point(builder, function, arguments, is_open, name)
            _call_into(builder, function, target, arguments, held)
        else:
            _call_into(builder, known, target, arguments, held)
        if single and not builder.kinds.is_single(node):
            with builder.collected() as several:
                builder.assign(held, builder.call("$first", builder.name(held)))
            builder.if_(builder.is_type(builder.name(held), "list"), several)
    if quick is None:
        builder.out.extend(general)
        return builder.name(held)
    with builder.collected() as fast:
        if quick.is_value:
            builder.assign(held, quick.value)
        else:
            builder.evaluate(quick.value)
            builder.assign(held, builder.constant(None) if single else builder.name("$none"))
    builder.if_(quick.test, fast, general)
    return builder.name(held)


def _call_into(
    builder: FunctionBuilder,
    function: ast.expr | nodes.Function,
    target: ast.expr,
    arguments: list[ast.expr],
    result: str | None,
) -> None:
    """`result = target(arguments)`, if there is a result, where `target` is the entry point of `function`."""
    if builder.generating:
        result = result or builder.temporary()
        if isinstance(function, nodes.Function):
            known_generator_call(builder, function, target, arguments, result)
        else:
            generator_call(builder, function, target, arguments, result)
    elif result is None:
        builder.evaluate(builder.call(target, *arguments))
    else:
        builder.assign(result, builder.call(target, *arguments))


def prepared_call(
    builder: FunctionBuilder, node: nodes.Node
) -> tuple[ast.expr | nodes.Function, ast.expr, list[ast.expr]]:
    """The function that a call calls, its entry point, and its arguments."""
    known = known_function(builder, node)
    if known is not None:
        return known, *_known_call(builder, node, known)
    function, arguments, _, name = _looked_up(builder, node, reused=False)
    is_open = len(arguments) > 0 and isinstance(arguments[-1], ast.Starred)
    return function, entry_point(builder, function, arguments, is_open, name), arguments


def _known_call(
    builder: FunctionBuilder, node: nodes.Node, known: nodes.Function
) -> tuple[ast.expr, list[ast.expr]]:
    """The host function of the function that a call certainly calls, and its arguments."""
    assert isinstance(node, nodes.Call)
    assert isinstance(node.function, nodes.Name)
    builder.called.add(node.function.variable)
    arguments, _ = argument_list(builder, node.arguments)
    builder.at(node)
    return builder.name(definition_name(known)), at_once(builder, _fitted(builder, known, arguments))


def _looked_up(
    builder: FunctionBuilder, node: nodes.Node, *, reused: bool = True
) -> tuple[ast.expr, list[ast.expr], list[nodes.Node], str | None]:
    """The function that a call calls, its arguments with their nodes, and what messages call it.

    With `reused` the arguments are names and constants.
    """
    if isinstance(node, nodes.MethodCall):
        subject = settled(builder, node.object)
        if isinstance(subject, ast.Constant):
            subject = builder.keep(subject)
        builder.point(node)
        builder.at(node)
        function = _method(builder, node, subject)
        arguments, _ = argument_list(builder, node.arguments)
        arguments = [subject, *arguments]
        argument_nodes = [node.object, *node.arguments]
        name: str | None = f"method '{node.name}'"
    else:
        assert isinstance(node, nodes.Call)
        function = builder.expression(node.function)
        if isinstance(bare(node.function), nodes.Name):
            if not is_simple(bare(node.function)) and not all(map(is_quiet, node.arguments)):
                function = builder.keep(function)
        elif not isinstance(function, ast.Name):
            function = builder.keep(function)
        arguments, _ = argument_list(builder, node.arguments)
        argument_nodes = node.arguments
        name = describe(node.function, builder.function)
    builder.point(node)
    builder.at(node)
    if reused and may_be_in_place(builder, node):
        arguments = settled_arguments(builder, arguments, argument_nodes)
    return function, arguments, argument_nodes, name


def known_function(builder: FunctionBuilder, node: nodes.Node) -> nodes.Function | None:
    """The function that a call certainly calls, where its host function is in scope and takes the arguments."""
    known = builder.kinds.known(node)
    if known is None or known not in builder.chunk.direct or builder.hooked:
        return None
    assert isinstance(node, nodes.Call)
    last = node.arguments[-1] if node.arguments else None
    is_open = last is not None and is_multiple(last) and not builder.kinds.is_single(last)
    return None if is_open and not known.is_vararg else known


def _fitted(builder: FunctionBuilder, function: nodes.Function, arguments: list[ast.expr]) -> list[ast.expr]:
    """The arguments that a function's host function takes; those that are too many were evaluated."""
    if function.is_vararg:
        return arguments
    count = len(function.parameters)
    missing = count - len(arguments)
    return [*arguments[:count], *(builder.constant(None) for _ in range(missing))]


def entry_point(
    builder: FunctionBuilder, function: ast.expr, arguments: list[ast.expr], is_open: bool, name: str | None
) -> ast.expr:
    """A function's entry for so many arguments."""
    if builder.hooked:
        return builder.keep(builder.call("$hooked_entry", function, builder.constant(name)))
    count = -1 if is_open or len(arguments) > _MAX_ENTRIES else len(arguments)
    names = [builder.constant(name)] if name else []
    slow = builder.call("$entry", function, builder.constant(count), *names)
    result = builder.temporary()
    entry = "cn" if count < 0 else f"c{count}"
    builder.guarded(result, builder.attribute(function, entry), ("AttributeError",), slow)
    return builder.name(result)


def _method(builder: FunctionBuilder, node: nodes.MethodCall, subject: ast.expr) -> ast.expr:
    """`subject.name` where it is mostly found in the metatable's `__index`."""
    name = node.name
    subject_name = describe(node.object, builder.function)
    names = [builder.constant(subject_name)] if subject_name else []
    slow = builder.call("$index", subject, builder.constant(name), *names)
    result = builder.temporary()
    with builder.collected() as general:
        if name in TABLE_NAMES or name in HOST_NAMES:
            builder.assign(result, slow)
        else:
            own = builder.call("getattr", subject, builder.constant(name), builder.constant(None))
            builder.assign(result, own)
            meta_index = builder.attribute(builder.attribute(subject, "meta_table"), "__index")
            with builder.collected() as inherited:
                builder.guarded(result, builder.attribute(meta_index, name), ("AttributeError",), slow)
            builder.if_(builder.is_none(builder.name(result)), inherited)
    if name in _STRING_METHODS:
        with builder.collected() as of_string:
            _string_method(builder, name, slow, result)
        builder.if_(builder.is_type(subject, "str"), of_string, general)
    else:
        builder.out.extend(general)
    return builder.name(result)


def _string_method(builder: FunctionBuilder, name: str, slow: ast.expr, result: str) -> None:
    """A field of the table that is the `__index` of strings."""
    holder = builder.temporary()
    with builder.collected() as body:
        meta_table = builder.attribute(builder.name("$state"), "string_meta")
        builder.assign(holder, builder.attribute(meta_table, "__index"))
        table = builder.name(holder)
        is_table = builder.is_type(table, "$Table")
        builder.assign(result, builder.choice(is_table, builder.attribute(table, name), slow))
    with builder.collected() as handler:
        builder.assign(result, slow)
    builder.try_(body, ("AttributeError",), handler)


def call(builder: FunctionBuilder, node: nodes.Node, result: Result | None) -> ast.expr:
    """A call as one value."""
    return _call(builder, node, result, single=True)


def call_statement(builder: FunctionBuilder, node: nodes.CallStatement) -> None:
    """A call whose results are dropped; a tail call that it gives is made."""
    if builder.kinds.is_single(node.call) or builder.kinds.is_finished(node.call):
        _call_into(builder, *prepared_call(builder, node.call), None)
        return
    _call(builder, node.call, None, single=True)


def return_(builder: FunctionBuilder, node: nodes.Return) -> None:
    """`return`."""
    expressions = node.expressions
    if not expressions:
        builder.leave(builder.name("$none"), node, node.ends, closes=node.closes)
        return
    if len(expressions) == 1:
        only = expressions[0]
        if isinstance(only, (nodes.Call, nodes.MethodCall)):
            if node.closes:
                value: ast.expr = builder.call("$finish", raw_call(builder, only))
                builder.leave(value, node, node.ends, closes=True)
            elif builder.whole is not None and builder.kinds.repeats(only, builder.function):
                _next_round(builder, only)
            else:
                _tail_call(builder, only)
            return
        if not isinstance(only, nodes.Vararg):
            builder.leave(builder.expression(only), node, node.ends, closes=node.closes)
            return
    values, _ = argument_list(builder, expressions)
    builder.at(node)
    builder.leave(builder.list_of(values), node, node.ends, closes=node.closes)


def _tail_call(builder: FunctionBuilder, node: nodes.Node) -> None:
    """`return f(x)`: the caller makes the call, so that the stack does not grow."""
    known = known_function(builder, node)
    if known is not None:
        target, arguments = _known_call(builder, node, known)
        builder.at(node)
        if builder.generating:
            ask_before_call(builder)
        builder.return_(builder.list_of([builder.name("$tail"), target, builder.tuple_of(arguments)]))
        return
    function, arguments, argument_nodes, name = _looked_up(builder, node)
    quick = in_place(builder, node, function, arguments, argument_nodes)
    if quick is not None and quick.is_value:
        with builder.collected() as fast:
            builder.return_(quick.value)
        builder.if_(quick.test, fast)
    is_open = len(arguments) > 0 and isinstance(arguments[-1], ast.Starred)
    entry = builder.keep(entry_point(builder, function, arguments, is_open, name))
    builder.at(node)
    if builder.generating:
        with builder.collected() as yields:
            builder.return_(own_yield(builder, arguments))
        builder.if_(is_yield(builder, entry), yields)
    # A built-in runs at once, while its caller is still there to be named in its errors.
    with builder.collected() as at_once:
        if builder.hooked:
            builder.assign(RESULT, builder.call(entry, *arguments))
            builder.returned(node)
        else:
            if builder.generating:
                ask_before_builtin(builder, function, arguments)
            builder.return_(builder.call(entry, *arguments))
    holder = builder.attribute(entry, "__self__")
    is_builtin = builder.both(builder.is_type(entry, "$method"), builder.is_type(holder, "$State"))
    if builder.hooked:
        is_builtin = builder.call("$is_builtin", entry)
    builder.if_(is_builtin, at_once)
    if builder.generating:
        ask_before_call(builder)
    builder.return_(builder.list_of([builder.name("$tail"), entry, builder.tuple_of(arguments)]))


def _next_round(builder: FunctionBuilder, node: nodes.Node) -> None:
    """`return f(x)` in `f` itself, whose variables no function holds: the body again with other arguments."""
    assert isinstance(node, nodes.Call)
    assert builder.whole is not None
    names = [builder.chunk.host_name(parameter) for parameter in builder.function.parameters]
    if len(names) in _EXCHANGED and len(node.arguments) == len(names):
        # The host does this without a tuple.
        values = at_once(builder, operands(builder, node.arguments, once=True))
        builder.at(node)
        builder.unpack(names, builder.tuple_of(values))
    else:
        values = [
            value if isinstance(value, ast.Constant) else kept(builder, value)
            for value in operands(builder, node.arguments)
        ]
        builder.at(node)
        for position, name in enumerate(names):
            value = values[position] if position < len(values) else builder.constant(None)
            builder.assign(name, value)
    builder.jump(builder.whole, continues=True)
