"""Tables of productions by the class of the node that they are for."""

from __future__ import annotations

from typing import Callable, TypeVar, cast

from lockstep.reference.javascript.syntax import ast as js

N = TypeVar("N", bound=js.Node)
B = TypeVar("B")
R = TypeVar("R")


def row(kind: type[N], production: Callable[[B, N], R]) -> tuple[type[js.Node], Callable[[B, js.Node], R]]:
    """A row of a table: `production` takes nodes of `kind`, and whoever looks a node's class up has one."""
    return kind, cast("Callable[[B, js.Node], R]", production)
