"""How `os.exit` ends a program."""

from __future__ import annotations


class ProgramExit(BaseException):  # no error: the program asked for it
    """The program ends with `status`; no `pcall` holds it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
