"""What a compiler made, for people: the generated source and the host's instructions."""

from __future__ import annotations

import ast
import dis
import io
from types import CodeType


def listing(tree: ast.AST | str, code: CodeType) -> str:
    """The generated source (of a tree, or as text) and the instructions of the code that it became."""
    instructions = io.StringIO()
    dis.dis(code, file=instructions)
    source = tree if isinstance(tree, str) else ast.unparse(tree)
    return f"{source}\n\n{instructions.getvalue()}"
