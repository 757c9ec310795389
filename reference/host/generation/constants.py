"""What compiled code needs of its engine: constants of its code objects, out of every guest's reach.

The host's compiler takes only plain constants, and code is cached on disk; so the compiler is given placeholders, which
no guest program can write (a frozenset within a frozenset), and `link` puts the objects of one guest in their places.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import CodeType
from typing import Any

from lockstep.reference.host.generation.nodes import Nodes

Value = Any


def placeholder(nodes: Nodes, name: str) -> ast.Constant:
    """The constant that stands for the helper `name`."""
    return nodes.constant(frozenset((frozenset((name,)),)))


def placeholder_name(value: Value) -> str | None:
    """The helper that a constant stands for; None where it stands for itself."""
    if type(value) is frozenset and len(value) == 1:
        (inner,) = value
        if type(inner) is frozenset:
            (name,) = inner
            return str(name)
    return None


def link(code: CodeType, helpers: Mapping[str, Value], mark: Value) -> CodeType:
    """`code` with a guest's helpers for its placeholders, here and in what is nested in it.

    The last constant becomes `mark`, by which code of a guest is told from the host's.
    """
    constants: list[Value] = []
    for value in code.co_consts:
        if type(value) is CodeType:
            constants.append(link(value, helpers, mark))
        elif type(value) is frozenset:
            name = placeholder_name(value)
            constants.append(value if name is None else helpers[name])
        else:
            constants.append(value)
    constants.append(mark)
    return code.replace(co_consts=tuple(constants))


class _Readable(ast.NodeTransformer):
    """Shows placeholders as names that start with a dot."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A placeholder becomes a name."""
        name = placeholder_name(node.value)
        return node if name is None else ast.copy_location(ast.Name(id=f".{name}", ctx=ast.Load()), node)


def readable(tree: ast.AST) -> str:
    """The source of a lowered tree, for people."""
    return ast.unparse(ast.fix_missing_locations(_Readable().visit(tree)))
