"""How deep Lua calls are nested."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import greenlet

from lockstep.reference.lua.runtime.stack.frames import kind_of


def is_deeper(most: int) -> bool:
    """Whether more than `most` functions are running, in the running coroutine and those that wait for it."""
    fiber: Any = greenlet.getcurrent()
    frame: FrameType | None = sys._getframe(1)
    found = 0
    while fiber is not None:
        while frame is not None:
            if kind_of(frame) is not None:
                found += 1
                if found > most:
                    return True
            frame = frame.f_back
        fiber = fiber.parent
        frame = fiber.gr_frame if fiber is not None else None
    return False
