"""Rows of the evaluator's tables: the function of each class of nodes."""

from __future__ import annotations

from typing import Callable, TypeVar, cast

from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.syntax.nodes import Node
from lockstep.reference.lua.treewalk.activation import Activation

Form = TypeVar("Form", bound=Node)
Result = TypeVar("Result")


def form(
    kind: type[Form], function: Callable[[State, Form, Activation], Result]
) -> tuple[type[Node], Callable[[State, Node, Activation], Result]]:
    """A row: the function for nodes of this class, which is called with no others."""
    return kind, cast("Callable[[State, Node, Activation], Result]", function)
