"""The calls of guest functions that are in progress, as stack traces show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType
from typing import Any, Final

from greenlet import getcurrent

from lockstep.reference.host.generation.block_names import is_block, owner_name
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Step
from lockstep.reference.javascript.runtime.completions import FIRST_CALL, GUEST_REALM
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.keys import guest_name

CONSTRUCT: Final = JSFunction.construct_n.__code__
"""The host code of `new`."""

_CLASS: Final = "<class "
_TOP: Final = frozenset({"program_", "module", ""})
_NAMELESS: Final = frozenset({"anonymous", "lambda", ""})


def running(frame: FrameType | None) -> Iterator[Step]:
    """`frame` and those that wait for it, through the coroutines that they run in."""
    current: Any = getcurrent()
    while True:
        while frame is not None:
            yield frame, frame.f_lasti, frame.f_lineno
            frame = frame.f_back
        current = current.parent
        if current is None:
            return
        frame = current.gr_frame


def left_by(traceback: TracebackType | None) -> Iterator[Step]:
    """The frames that an exception left, innermost first, and those that wait for the one where it was caught."""
    left: list[Step] = []
    outermost = traceback
    while traceback is not None:
        left.append((traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno))
        traceback = traceback.tb_next
    yield from reversed(left)
    if outermost is not None:
        yield from running(outermost.tb_frame.f_back)


def frames_of_code(steps: Iterable[Step], most: int) -> list[CallFrame]:
    """The calls whose code is generated, at most so many."""
    found: list[CallFrame] = []
    inner: Step | None = None
    for step in steps:
        frame = step[0]
        code = frame.f_code
        if GUEST_REALM in frame.f_globals:
            # A moved block is part of its function, and tells where that is; the body of a class is part of the code around.
            name = code.co_name
            if is_block(name) or name.startswith(_CLASS):
                inner = inner or step
            elif code.co_filename != FIRST_CALL and not name.startswith("factory@"):
                if len(found) >= most:
                    break
                found.append(_frame_of_code(name, inner or step))
                inner = None
        elif code is CONSTRUCT and found and found[-1].function[:1] != "<":
            found[-1].is_constructor = True
    return found


def _frame_of_code(host: str, step: Step) -> CallFrame:
    frame, instruction, line = step
    shown, at, _ = owner_name(host).rpartition("@")
    name = guest_name(shown if at else host)
    is_top = not at and name in _TOP
    constructed = name[:4] == "new "
    if is_top or name in _NAMELESS:
        name = ""
    return CallFrame(
        name[4:] if constructed else name,
        frame.f_code.co_filename,
        line,
        code=frame.f_code,
        instruction=instruction,
        is_constructor=constructed,
        is_top=is_top,
    )
