"""A call of a guest function that is in progress, as stack traces show it."""

from __future__ import annotations

import sys
from itertools import islice
from types import CodeType, FrameType


class CallFrame:
    """One call of a guest function.

    Attributes:
        function: what the function is called, with its class; "" where it has no name.
        file: the name of its source.
        line: where it is, from 1.
        is_constructor: it was called by `new`.
        is_top: it is no function: a script or module.
        is_async: it waits for the call before it in the trace.
    """

    __slots__ = (
        "_code",
        "_column",
        "_instruction",
        "file",
        "function",
        "is_async",
        "is_constructor",
        "is_top",
        "line",
    )

    def __init__(
        self,
        function: str,
        file: str,
        line: int,
        *,
        column: int = 0,
        code: CodeType | None = None,
        instruction: int = 0,
        is_constructor: bool = False,
        is_top: bool = False,
    ) -> None:
        self.function = function
        self.file = file
        self.line = line
        self.is_constructor = is_constructor
        self.is_top = is_top
        self.is_async = False
        self._column = column
        self._code = code
        self._instruction = instruction

    @property
    def column(self) -> int:
        """The column, from 1; found when it is asked for."""
        if self._code is None or sys.version_info < (3, 11):
            return self._column
        place = next(islice(self._code.co_positions(), self._instruction // 2, None), None)
        return ((place[2] if place else None) or 0) + 1


Step = tuple[FrameType, int, int]
"""A host frame, its instruction and its line."""
