"""Compiled or parsed programs that an engine keeps between runs, bounded by the memory that they hold."""

from __future__ import annotations

from types import CodeType
from typing import Callable, TypeVar

from lockstep.reference.host.generation.memory_cache import MemoryCache

CAPACITY = 16 << 20
# What a syntax tree holds for each character of its source; and the least that anything takes.
_TREE_BYTES = 50
_LEAST_BYTES = 2_000
# A small object of the host. (It is not asked: PyPy does not know.)
_OBJECT_BYTES = 30
P = TypeVar("P")


class ProgramCache(MemoryCache[P]):
    """The programs of one engine.

    Args:
        capacity: bytes that all programs together may hold.
        leave: called with each program that goes.
    """

    def __init__(self, capacity: int = CAPACITY, leave: Callable[[P], None] | None = None) -> None:
        super().__init__(capacity, _LEAST_BYTES, leave)


def tree_size(source: str) -> int:
    """About the bytes that the syntax tree of `source` holds."""
    return _TREE_BYTES * len(source)


def code_size(code: CodeType) -> int:
    """About the bytes that a code object holds, with the functions in it."""
    held = _OBJECT_BYTES * (5 + len(code.co_names) + len(code.co_varnames) + len(code.co_consts))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            held += code_size(constant)
        elif isinstance(constant, (str, tuple)):
            held += len(constant)
    # The instructions, and where in the source each of them stands.
    return held + 2 * len(code.co_code)
