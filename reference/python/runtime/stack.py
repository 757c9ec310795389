"""The guest's stack as the host sees it: the innermost frame that runs guest code, whichever evaluator runs it."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from lockstep.reference.python.runtime.frames import GuestFrame, guest_of
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.type_info import TypeInfo


def walked_frame(frame: FrameType) -> GuestFrame | None:
    """The frame that a function of the tree-walker's works on; None for any other function of the host's."""
    if "node" not in frame.f_code.co_varnames:
        return None
    found = frame.f_locals.get("frame")
    return found if isinstance(found, GuestFrame) else None


def innermost_frame() -> FrameType | GuestFrame | None:
    """The innermost guest frame: a host frame of compiled code, or a tree-walker's; None where no guest runs."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if guest_of(frame.f_code) is not None:
            return frame
        walked = walked_frame(frame)
        if walked is not None:
            return walked
        frame = frame.f_back
    return None


def running_guest() -> Any:
    """The guest whose code runs on this thread; None where none does."""
    frame = innermost_frame()
    if frame is None:
        return None
    return frame.guest if isinstance(frame, GuestFrame) else guest_of(frame.f_code)


def running_globals() -> dict[str, Value] | None:
    """The globals of the innermost guest frame (`PyEval_GetGlobals`)."""
    frame = innermost_frame()
    if frame is None:
        return None
    return frame.globals if isinstance(frame, GuestFrame) else frame.f_globals


TypeInfo.running_globals = staticmethod(running_globals)
