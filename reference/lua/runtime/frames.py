"""The Lua call stack, read off the host's own frames.

Nothing is recorded while code runs. A host frame is a Lua activation if an evaluator marked it: compiled
code by its file name, the tree-walker by the name of the function that holds the activation; a built-in is a function
`lua_...` of the library folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from reference.lua.syntax.chunk_name import displayed

CODE_PREFIX = "lua:"
ACTIVATION_NAME = "activate_lua_function"
_LIBRARY = "/lua/runtime/library/"


class Level:
    """One level of the Lua call stack."""

    __slots__ = ("frame", "kind", "line_override")

    def __init__(self, frame: FrameType, kind: str, line: int | None = None) -> None:
        self.frame = frame
        self.kind = kind
        self.line_override = line

    @property
    def line(self) -> int:
        """The current line, or -1 in a built-in."""
        if self.kind == "host":
            return -1
        if self.kind == "walked":
            line: int = self.activation.line
            return line
        return self.line_override or self.frame.f_lineno

    @property
    def activation(self) -> Any:
        """The tree-walker's own record of this activation."""
        return self.frame.f_locals["activation"]

    @property
    def chunk_name(self) -> str:
        """The name of the chunk, as given to `load`."""
        if self.kind == "compiled":
            return self.frame.f_code.co_filename[len(CODE_PREFIX) :]
        name: str = self.activation.chunk_name
        return name


def kind_of(frame: FrameType) -> str | None:
    """`compiled`, `walked`, `host` (a built-in), or None for a frame that Lua does not see."""
    code = frame.f_code
    filename = code.co_filename
    if filename.startswith(CODE_PREFIX):
        return "compiled"
    name = code.co_name
    if name == ACTIVATION_NAME:
        return "walked"
    if name.startswith("lua_") and _LIBRARY in filename:
        return "host"
    return None


def levels(skip: int = 1) -> Iterator[Level]:
    """The call stack from the innermost level outwards; `skip` host frames are passed first."""
    frame: FrameType | None = sys._getframe(skip)  # documented, and on both hosts
    while frame is not None:
        kind = kind_of(frame)
        if kind is not None:
            yield Level(frame, kind)
        frame = frame.f_back


def where(level: int) -> str:
    """`chunk:line: ` of the Lua function at `level` (0: the innermost level), else ""."""
    for position, entry in enumerate(levels(2)):
        if position == level:
            if entry.kind == "host":
                return ""
            return f"{displayed(entry.chunk_name)}:{entry.line}: "
    return ""
