"""The generator form of a function: how it yields, calls, and asks for a host stack (`runtime/stack/coroutine.py`).

`$hosted` is None until the coroutine has a host stack of its own, then the names of the state. Before anything that might
yield below it, the form makes sure of that stack: `$hosted or ($hosted := (yield $host))`. Its first parameter, `$nesting`,
says how many more generators may delegate to each other.
"""

from __future__ import annotations

import ast

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.form import definition_name
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.productions.hosting import HOSTED, request

NESTING = "$nesting"
REST = "$rest"


def _is_unhosted(builder: FunctionBuilder) -> ast.expr:
    return builder.is_none(builder.name(HOSTED))


def _packed(builder: FunctionBuilder, arguments: list[ast.expr]) -> ast.expr:
    """Arguments as the values that a call gives."""
    if not arguments:
        return builder.name("$none")
    if len(arguments) == 1 and not isinstance(arguments[0], ast.Starred):
        return arguments[0]
    return builder.list_of(arguments)


def is_yield(builder: FunctionBuilder, target: ast.expr) -> ast.expr:
    """Whether an entry point is that of `coroutine.yield`."""
    return builder.compare(target, ast.Is(), builder.name("$yield_entry"))


def own_yield(builder: FunctionBuilder, arguments: list[ast.expr]) -> ast.expr:
    """Yield as `coroutine.yield` does."""
    return builder.placed(ast.Yield(_packed(builder, arguments)))


def ask_before_call(builder: FunctionBuilder) -> None:
    """Get a host stack."""
    with builder.collected() as ask:
        builder.evaluate(request(builder))
    builder.if_(_is_unhosted(builder), ask)


def _way(builder: FunctionBuilder, function: ast.expr, arguments: list[ast.expr]) -> str:
    """How to call `function`, in a temporary: see `way_to_call`; without a stack where it needs none."""
    way = builder.temporary()
    # What is no name may be evaluated only once.
    first = [one for one in arguments[:1] if isinstance(one, (ast.Name, ast.Constant))]
    with builder.collected() as unhosted:
        found = builder.call("$way_to_call", function, builder.name(NESTING), *first)
        builder.assign(way, found)
        with builder.collected() as ask:
            builder.evaluate(request(builder))
            builder.assign(way, builder.constant(None))
        builder.if_(builder.compare(builder.name(way), ast.Is(), builder.name("$host")), ask)
    builder.assign(way, builder.constant(None))
    is_quiet = builder.both(builder.is_type(function, "$Builtin"), builder.attribute(function, "is_quiet"))
    builder.if_(builder.both(_is_unhosted(builder), builder.negation(is_quiet)), unhosted)
    return way


def ask_before_builtin(builder: FunctionBuilder, function: ast.expr, arguments: list[ast.expr]) -> None:
    """Get a host stack if a built-in may yield."""
    _way(builder, function, arguments)


def known_generator_call(
    builder: FunctionBuilder,
    known: nodes.Function,
    target: ast.expr,
    arguments: list[ast.expr],
    result: str,
) -> None:
    """`result = target(arguments)`, where `target` is the host function of a function that is certain."""
    with builder.collected() as calls:
        ask_before_call(builder)
        builder.assign(result, builder.call(target, *arguments))
    if known not in builder.chunk.generators:
        builder.out.extend(calls)
        return
    with builder.collected() as delegates:
        nesting = builder.operation(builder.name(NESTING), ast.Sub(), builder.constant(1))
        inner = builder.call(builder.name(definition_name(known, "g")), nesting, *arguments)
        delegated = builder.placed(ast.YieldFrom(inner))
        builder.assign(result, delegated)
    builder.if_(builder.both(_is_unhosted(builder), builder.name(NESTING)), delegates, calls)


def generator_call(
    builder: FunctionBuilder, function: ast.expr, target: ast.expr, arguments: list[ast.expr], result: str
) -> None:
    """`result = target(arguments)`, where `target` is the entry point of `function`."""
    with builder.collected() as yields:
        builder.assign(result, own_yield(builder, arguments))
    with builder.collected() as calls:
        way = _way(builder, function, arguments)
        nesting = builder.operation(builder.name(NESTING), ast.Sub(), builder.constant(1))
        inner = builder.call(builder.name(way), nesting, *arguments)
        delegated = builder.placed(ast.YieldFrom(inner))
        called = builder.call(target, *arguments)
        builder.assign(result, builder.choice(builder.is_none(builder.name(way)), called, delegated))
    builder.if_(is_yield(builder, target), yields, calls)
