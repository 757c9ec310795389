"""Tables of evaluation functions by the class of the node that they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable, TypeVar, cast

from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.syntax.ast import Node
from lockstep.reference.javascript.treewalk.context import Completion, ExecutionContext
from lockstep.reference.javascript.treewalk.reference_record import Reference

N = TypeVar("N", bound=Node)
R = TypeVar("R")

Expressions = Mapping[type[Node], Callable[[Node, ExecutionContext], Value]]
References = Mapping[type[Node], Callable[[Node, ExecutionContext], Reference]]
Statements = Mapping[type[Node], Callable[[Node, ExecutionContext], Completion]]


def row(
    kind: type[N], evaluate: Callable[[N, ExecutionContext], R]
) -> tuple[type[Node], Callable[[Node, ExecutionContext], R]]:
    """A row of a table: `evaluate` takes nodes of `kind`, and whoever looks a node's class up has one."""
    return kind, cast("Callable[[Node, ExecutionContext], R]", evaluate)
