"""Compiled or parsed programs that an engine keeps between runs, bounded by the memory that they hold."""

from __future__ import annotations

from collections import OrderedDict
from types import CodeType
from typing import Any, Callable

CAPACITY = 16 << 20
# What a syntax tree holds for each character of its source; and the least that anything takes.
_TREE_BYTES = 50
_LEAST_BYTES = 2_000
# A small object of the host. (It is not asked: PyPy does not know.)
_OBJECT_BYTES = 30


class ProgramCache:
    """Programs by key, the least recently used going first; holds no guest state.

    The last program stays, however large it is.

    Args:
        capacity: bytes that all programs together may hold.
        leave: called with each program that goes.
    """

    def __init__(self, capacity: int = CAPACITY, leave: Callable[[Any], None] | None = None) -> None:
        self._capacity = capacity
        self._leave = leave
        self._programs: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self.held = 0

    def __len__(self) -> int:
        """How many programs it holds."""
        return len(self._programs)

    def get(self, key: Any, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        """The program under `key`; made, and its size in bytes asked, if it is not there."""
        found = self._programs.get(key)
        if found is not None:
            self._programs.move_to_end(key)
            return found[0]
        program = make()
        held = _LEAST_BYTES + size(program)
        self._programs[key] = program, held
        self.held += held
        while self.held > self._capacity and len(self._programs) > 1:
            _, (oldest, freed) = self._programs.popitem(last=False)
            self.held -= freed
            if self._leave is not None:
                self._leave(oldest)
        return program


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
