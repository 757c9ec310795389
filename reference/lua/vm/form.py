"""How a chunk is compiled, and what its code and those who look into it must agree on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lockstep.reference.lua.syntax import nodes

# What a chunk mentions that may look into its own functions.
INSPECTS = re.compile(r"\bdebug\b")
# The host function of a chunk's code, which makes the main function's.
CHUNK_FUNCTION = "$chunk"
# Temporaries of compiled code that hold an operand, for `debug.getlocal`.
OPERAND = "$operand"
# The parameter of the chunk's host function that holds the names which are of one state.
STATE_PARAMETER = "$state_names"
STATE_NAMES = frozenset((
    "$state", "$State", "$budget", "$new_table",
    "$index", "$set_index", "$length", "$arithmetic", "$bitwise", "$negate",
    "$bitwise_not", "$concatenate_all", "$equal", "$less_than", "$less_equal", "$entry",
    "$hooked_entry", "$at_point", "$on_call", "$on_return", "$loop_values", "$loop_control", "$iterate",
    "$check_closable", "$close_value", "$close_on_error", "$count_many",
    "$calm", "$calm_text", "$calm_iterator", "$way_to_call", "$yield_entry",
))  # fmt: skip


def well_known_name(name: str) -> str:
    """The attribute of `$state_names` that holds a well-known built-in, such as `string.sub`."""
    return f"of_{name.replace('.', '_')}"


@dataclass(frozen=True)
class Form:
    """How a chunk is compiled.

    Attributes:
        metered: steps are counted.
        hooked: `debug.sethook` works in it.
        releasing: what a statement leaves in host variables is let go, as in chunks that mention the collector.
        boxed: all captured variables live in boxes, as in chunks that mention `upvaluejoin`.
    """

    metered: bool = False
    hooked: bool = False
    releasing: bool = False
    boxed: bool = False


def is_boxed(variable: nodes.Variable) -> bool:
    """Whether a variable lives in a list of one element: each round of a loop captures its own."""
    return variable.captured and variable.in_loop and variable.assigned


def definition_name(node: nodes.Function, form: str = "f") -> str:
    """The name of the host function for a guest function; `g` is the form of its generator."""
    name = node.name.replace(":", ".").rpartition(".")[2]
    return f"{name or 'anonymous'}${node.number}{form}"
