"""Closures over what one round of a loop holds.

The host has one cell for a variable however often a loop goes round, the guest a variable for each round. So a closure that a
loop makes is made by a factory, a host function whose parameters are the variables of the round: its cells are theirs. Where the guest can
assign such a variable, the variable holds a box (a host list of length one) that the code around and the closure share.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from lockstep.reference.host.generation.nodes import Nodes


def made_in_factory(
    nodes: Nodes, factory: str, held: Sequence[str], definitions: Sequence[ast.FunctionDef]
) -> tuple[ast.FunctionDef, ast.expr]:
    """A factory of host functions, and its call with what this round holds.

    Args:
        nodes: makes the nodes, at its position.
        factory: the name of the factory.
        held: the host variables that the functions keep as they are now.
        definitions: of the functions; they may refer to each other.

    Returns:
        the factory's definition, which has to stand before the call; and the call, whose value is the function, or a tuple of
        several.
    """
    names = [nodes.name(definition.name) for definition in definitions]
    made = names[0] if len(names) == 1 else nodes.tuple_of(names)
    definition = nodes.defining(factory, held, [*definitions, nodes.returning(made)])
    return definition, nodes.call(factory, *map(nodes.name, held))
