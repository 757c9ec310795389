"""The calls of guest functions whose code is generated, read from the host's frames."""

from __future__ import annotations

import sys
from itertools import islice
from types import CodeType, FrameType
from typing import Any, Final

from greenlet import getcurrent

from lockstep.reference.host.generation.block_names import is_block, owner_name
from lockstep.reference.javascript.runtime.built_in_frames import BuiltInFrame, built_in_name
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.completions import FIRST_CALL, GUEST_REALM
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import RESUME
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.keys import guest_name

CONSTRUCT: Final = JSFunction.construct_n.__code__
"""The host code of `new`."""
_CLASS: Final = "<class "
_FACTORY: Final = "factory@"
_TOP: Final = frozenset({"program_", "module", ""})
_NAMELESS: Final = frozenset({"anonymous", "lambda", ""})


class CodeFrame(CallFrame):
    """A call of generated code: the host's code of the function, and the place in it or in a part of it."""

    __slots__ = ("_code", "_instruction", "_name")

    def __init__(self, name: str, code: CodeType, instruction: int) -> None:
        self.is_async = False
        self.is_constructor = name[:4] == "new "
        self._name = name
        self._code = code
        self._instruction = instruction

    @property
    def function(self) -> str:
        """See CallFrame."""
        shown, at, _ = owner_name(self._name).rpartition("@")
        if not at:
            return "" if self.is_top else str(guest_name(self._name))
        name = str(guest_name(shown))
        if name in _NAMELESS:
            return ""
        return name[4:] if name[:4] == "new " else name

    @property
    def is_top(self) -> bool:
        """See CallFrame."""
        return self._name in _TOP

    @property
    def file(self) -> str:
        """See CallFrame."""
        return self._code.co_filename

    @property
    def place(self) -> tuple[int, int]:
        """See CallFrame."""
        if sys.version_info >= (3, 11):
            found = next(islice(self._code.co_positions(), self._instruction // 2, None), None)
            if found is not None:
                return found[0] or 0, (found[2] or 0) + 1
        import dis  # noqa: PLC0415  # other hosts

        line = self._code.co_firstlineno
        for start, number in dis.findlinestarts(self._code):
            if start > self._instruction:
                break
            line = number or line
        return line, 0


def waiting_frame(frame: FrameType | None, current: Any) -> tuple[FrameType | None, Any]:
    """The frame that waits for `frame`, through the coroutine that it runs in, and the coroutine of that one."""
    assert frame is not None
    found = frame.f_back
    while found is None:
        current = (getcurrent() if current is None else current).parent
        if current is None:
            return None, None
        found = current.gr_frame
    return found, current


def frames_of_code(calls: Calls) -> tuple[list[CallFrame], FrameType | None]:
    """The calls, innermost first; and the host frame, if there is one, that drives the outermost async function."""
    found: list[CallFrame] = []
    most, bottom, names = calls.most, calls.bottom, calls.names
    part: Any = None
    resumed: FrameType | None = None
    current: Any = None
    left = calls.left()
    count = len(left)
    place = 0
    frame: FrameType | None = calls.frame if not count else None
    while True:
        if place < count:
            frame, instruction = left[place]
            place += 1
        else:
            if place == count:
                frame = calls.frame
                place += 1
            else:
                frame, current = waiting_frame(frame, current)
            if frame is None:
                break
            instruction = -1
        code = frame.f_code
        if GUEST_REALM in frame.f_globals:
            # A moved block is part of its function, and tells where that is; the body of a class is part of the code around.
            name = code.co_name
            if name[:7] == _CLASS or is_block(name):
                if part is None:
                    part = code, frame.f_lasti if instruction < 0 else instruction
            elif code.co_filename != FIRST_CALL and name[:8] != _FACTORY:
                if len(found) == most:
                    break
                if part is None:
                    found.append(CodeFrame(name, code, frame.f_lasti if instruction < 0 else instruction))
                else:
                    found.append(CodeFrame(name, *part))
                    part = None
        elif code is CONSTRUCT:
            if found and "<" not in found[-1].function[:1]:
                found[-1].is_constructor = True
        elif code is RESUME:
            resumed = frame
        elif code is bottom:
            break
        else:
            built_in = names.get(id(code))
            if built_in is None:
                built_in = names[id(code)] = built_in_name(code)
            if built_in:
                if len(found) == most:
                    break
                found.append(BuiltInFrame(built_in))
    return found, resumed
