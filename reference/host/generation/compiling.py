"""From a tree of host syntax to host code."""

from __future__ import annotations

import ast
import warnings
from types import CodeType

from lockstep.reference.host.generation.nesting import move_deep_blocks


def compile_tree(tree: ast.Module, file: str, *, optimize: int = -1) -> CodeType:
    """The code of a module; blocks that nest deeper than the host allows are moved first, in `tree` itself.

    Args:
        tree: what was generated.
        file: what tracebacks call the place where the code comes from.
        optimize: as for `compile`.

    Raises:
        RecursionError, MemoryError: the host's compiler has no room for so deep a tree.
    """
    with warnings.catch_warnings():
        # The host warns of comparisons and calls of literals that guest code may well make.
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            return compile(tree, file, "exec", dont_inherit=True, optimize=optimize)
        except SyntaxError:
            # Asking the host costs nothing; measuring every function would.
            if not move_deep_blocks(tree):
                raise
        return compile(tree, file, "exec", dont_inherit=True, optimize=optimize)
