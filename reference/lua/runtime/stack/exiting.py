"""How `os.exit` ends a program."""

from __future__ import annotations

from lockstep.reference.lua.runtime.stack.closing import CoroutineClosed


class ProgramExit(BaseException):  # no error: the program asked for it
    """The program ends with `status`, at once; no `pcall` holds it."""

    closes = False

    def __init__(self, status: int) -> None:
        BaseException.__init__(self, status)
        self.status = status


class ClosingExit(ProgramExit, CoroutineClosed):
    """The program ends with `status` after its state is closed, pending to-be-closed variables first (5.4)."""

    closes = True

    def __init__(self, status: int) -> None:
        CoroutineClosed.__init__(self)
        ProgramExit.__init__(self, status)
