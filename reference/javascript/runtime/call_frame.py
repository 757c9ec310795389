"""A call of a guest function that is in progress, as stack traces show it."""

from __future__ import annotations

from types import CodeType, FrameType, TracebackType
from typing import Any


class CallFrame:
    """One call of a guest function; what it is takes time to find out, and is found when it is asked for.

    Attributes:
        is_constructor: it was called by `new`.
        is_async: it waits for the call before it in the trace.
    """

    __slots__ = ("is_async", "is_constructor")

    def __init__(self) -> None:
        self.is_constructor = False
        self.is_async = False

    @property
    def function(self) -> str:
        """What the function is called, with its class; "" where it has no name."""
        raise NotImplementedError

    @property
    def is_top(self) -> bool:
        """Whether it is no function: a script or module."""
        raise NotImplementedError

    @property
    def file(self) -> str:
        """The name of its source."""
        raise NotImplementedError

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, both from 1."""
        raise NotImplementedError


class Calls:
    """The host's frames from which calls are read.

    Attributes:
        traceback: of an exception that was caught; its frames come first.
        frame: the innermost frame that is still running; None for the one that waits for the exception's outermost.
        most: so many calls are wanted.
        bottom: the host code below which there are none.
        names: of built-in functions by the identity of their code, "" for other host functions; grows.
    """

    __slots__ = ("bottom", "frame", "most", "names", "traceback")

    def __init__(
        self,
        traceback: TracebackType | None,
        frame: FrameType | None,
        most: int,
        bottom: CodeType | None,
    ) -> None:
        self.traceback = traceback
        self.frame = frame
        self.most = most
        self.bottom = bottom
        self.names: dict[int, str] = {}

    def left(self) -> list[tuple[Any, int]]:
        """The frames that the exception left, innermost first, each with its instruction."""
        found: list[tuple[Any, int]] = []
        traceback = self.traceback
        if traceback is not None:
            self.frame = traceback.tb_frame.f_back
        while traceback is not None:
            found.append((traceback.tb_frame, traceback.tb_lasti))
            traceback = traceback.tb_next
        found.reverse()
        return found
