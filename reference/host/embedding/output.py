"""Where an embedded guest's output goes: to a stream, or line by line to a function."""

from __future__ import annotations

import sys
from typing import Any, Callable, NoReturn, Union

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.program import Writer

Sink = Union[Writer, Callable[[str], object], None]


class GuestOutput:
    """Writes to a stream at once, or hands whole lines to a function; stops at the output limit of a run.

    Args:
        sink: a stream with `write`, a function that gets each line without its end, or None for the standard output of the time.
        call: calls the function where host functions are to be called.
        fail: ends the guest's run with what the stream or function raised: no guest is to answer for that.
    """

    def __init__(
        self,
        sink: Sink,
        call: Callable[[Callable[..., object], str], object],
        fail: Callable[[BaseException], NoReturn],
    ) -> None:
        self._stream: Any = sink if hasattr(sink, "write") else None
        self._function: Any = None if sink is None or self._stream is not None else sink
        if self._function is not None and not callable(self._function):
            raise TypeError(f"output is neither a stream nor a function: {type(sink).__name__}")
        self._call = call
        self._fail = fail
        self._line: list[str] = []
        self.left: int | None = None

    def write(self, text: str) -> None:
        """Write `text`.

        Raises:
            LimitExceeded: the output limit is reached; what fits is written.
        """
        if self.left is not None and len(text) > self.left:
            self._write(text[: self.left])
            self.left = 0
            raise LimitExceeded("output")
        if self.left is not None:
            self.left -= len(text)
        self._write(text)

    def _write(self, text: str) -> None:
        if self._function is None:
            try:
                (self._stream or sys.stdout).write(text)
            except Exception as error:
                self._fail(error)
            return
        head, end, rest = text.rpartition("\n")
        if end:
            lines = ("".join(self._line) + head).split("\n")
            self._line = []
            for line in lines:
                self._hand_on(line)
        if rest:
            self._line.append(rest)

    def flush(self) -> None:
        """Hand on what is buffered by the stream; a line that is not at its end waits for `finish`."""
        if self._function is None:
            stream = self._stream or sys.stdout
            if hasattr(stream, "flush"):
                stream.flush()

    def finish(self) -> None:
        """A run is over: hand on the last line, ended or not."""
        line, self._line = "".join(self._line), []
        if line:
            self._hand_on(line)

    def _hand_on(self, line: str) -> None:
        try:
            self._call(self._function, line)
        except Exception as error:
            self._fail(error)
