"""8.7: annotations."""

from __future__ import annotations

import ast

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.treewalk.expressions import evaluate, items
from lockstep.reference.python.treewalk.program import Frame


def annotation(frame: Frame, node: ast.expr) -> Value:
    """8.7: the value of an annotation, or its text under `from __future__ import annotations`."""
    if "annotations" in frame.program.features:
        return ast.unparse(node)
    if isinstance(node, ast.Starred):
        return items(frame, node, [node])[0]
    return evaluate(frame, node)
