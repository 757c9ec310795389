"""When generated code asks for a host stack: before what might yield below it (`yields.py`)."""

from __future__ import annotations

import ast

from lockstep.reference.lua.vm.traced import TracedBuilder as NodeBuilder

HOSTED = "$hosted"
# The runtime's functions that call no guest function, or none that may yield.
_NEVER_YIELD = frozenset((
    "$State", "$new_table", "$entry", "$hooked_entry", "$at_point", "$on_call", "$on_return",
    "$loop_values", "$loop_control", "$check_closable", "$calm", "$calm_text", "$calm_iterator", "$way_to_call",
))  # fmt: skip
# How to find out that one of the others calls no guest function this time: by which test of which arguments.
_CALM: dict[str, tuple[str, slice]] = {
    "$index": ("$calm", slice(0, 1)),
    "$set_index": ("$calm", slice(0, 1)),
    "$length": ("$calm_text", slice(0, 1)),
    "$arithmetic": ("$calm", slice(1, 3)),
    "$bitwise": ("$calm", slice(1, 3)),
    "$negate": ("$calm", slice(0, 1)),
    "$bitwise_not": ("$calm", slice(0, 1)),
    "$equal": ("$calm_text", slice(0, 2)),
    "$less_than": ("$calm_text", slice(0, 2)),
    "$less_equal": ("$calm_text", slice(0, 2)),
    "$iterate": ("$calm_iterator", slice(0, 2)),
}


def may_yield(name: str) -> bool:
    """Whether a function of the runtime, one of those of a state, may call what yields."""
    return name not in _NEVER_YIELD


def hosted_names(builder: NodeBuilder, name: str, arguments: tuple[ast.expr, ...]) -> ast.expr:
    """The names of the state, after the coroutine got a host stack if the call may need it."""
    alternatives: list[ast.expr] = [builder.name(HOSTED)]
    if name == "$concatenate_all" and isinstance(arguments[0], ast.Tuple):
        alternatives.append(builder.call("$calm_text", *arguments[0].elts))
    elif name in _CALM:
        test, which = _CALM[name]
        alternatives.append(builder.call(test, *arguments[which]))
    alternatives.append(request(builder))
    return builder.either(*alternatives)


def request(builder: NodeBuilder) -> ast.expr:
    """Get a host stack: the names of the state."""
    return builder.walrus(HOSTED, builder.placed(ast.Yield(builder.name("$host"))))
