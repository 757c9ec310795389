"""File handles (manual 6.8): streams, and the processes behind pipes."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.system.streams import GuestOutput, Stream, open_stream
from lockstep.reference.lua.runtime.values import Userdata, Value
from lockstep.reference.lua.syntax.numerals import to_number

if TYPE_CHECKING:
    import subprocess

_MODES_5_4 = re.compile(r"[rwa]\+?b?\Z")
_SPACE = b" \t\n\v\f\r"
_LONGEST_NUMERAL = 200


class LuaFile(Userdata):
    """An open or closed file.

    Attributes:
        stream: what is read and written.
        process: the process of a pipe.
        standard: it is one of the three standard files, which `close` refuses.
        closed: it is closed.
    """

    __slots__ = ("closed", "process", "standard", "stream")

    def __init__(self, state: State, stream: Stream, *, standard: bool = False) -> None:
        super().__init__()
        self.stream = stream
        self.standard = standard
        self.closed = False
        self.process: subprocess.Popen[bytes] | None = None
        self.meta_table = state.file_meta
        if not standard:
            state.open_files.add(self)


def close_file(target: LuaFile) -> int:
    """Close; the exit code of a pipe's process, else 0. Raises OSError."""
    target.closed = True
    try:
        target.stream.close()
    finally:
        code = target.process.wait() if target.process is not None else 0
    return code


def close_files(state: State) -> None:
    """Close what a state leaves open, as its end does."""
    for target in list(state.open_files):
        if isinstance(target, LuaFile) and not target.closed:
            try:
                close_file(target)
            except OSError:
                continue
    for target in state.default_files.values():
        if not target.closed:
            try:
                target.stream.flush()
            except OSError:
                continue


def open_file(state: State, name: str, mode: str) -> LuaFile:
    """`io.open`; the mode is one of C's. Raises OSError."""
    state.permissions.check_files()
    return LuaFile(state, open_stream(name, mode))


def valid_mode(mode: str) -> bool:
    """Whether `mode` is one that `io.open` takes (5.4)."""
    return _MODES_5_4.match(mode) is not None


def open_pipe(state: State, command: str, mode: str) -> LuaFile:
    """`io.popen`. Raises OSError."""
    state.permissions.check_processes()
    reading = mode == "r"
    state.output.flush()
    import subprocess  # noqa: PLC0415  # rarely needed

    process = subprocess.Popen(  # noqa: S602  # the guest asks for the shell
        command.partition("\0")[0].encode("latin-1"),
        shell=True,
        bufsize=0,
        stdout=subprocess.PIPE if reading else None,
        stdin=None if reading else subprocess.PIPE,
    )
    pipe = process.stdout if reading else process.stdin
    assert pipe is not None
    # The stream owns the descriptor from here on.
    descriptor = os.dup(pipe.fileno())
    pipe.close()
    made = LuaFile(state, Stream(descriptor, readable=reading, writable=not reading))
    made.process = process
    return made


# Reading (`g_read`): each gives nil where it finds nothing.


def read_line(stream: Stream, *, keep_end: bool) -> Value:
    """A line, or nil at the end of the file."""
    line = stream.read_line()
    if not line:
        return None
    if not keep_end and line.endswith(b"\n"):
        line = line[:-1]
    return line.decode("latin-1")


def read_characters(stream: Stream, count: int) -> Value:
    """Up to `count` bytes, or nil at the end of the file."""
    if count == 0:
        return None if stream.at_end() else ""
    return stream.read(count).decode("latin-1") or None


def read_number(state: State, stream: Stream) -> Value:
    """A numeral, as the reference implementation reads it: the longest prefix that looks like one."""
    return to_number(_Numeral(stream).read(), state.integers)


class _Numeral:
    """Reads a numeral byte by byte (`l_getn`, `g_read`)."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._text = b""
        self._overlong = False
        self._current = stream.read_character()

    def _accept(self, allowed: bytes) -> bool:
        if not self._current or self._current not in allowed:
            return False
        if len(self._text) >= _LONGEST_NUMERAL:
            self._overlong = True
            return False
        self._text += self._current
        self._current = self._stream.read_character()
        return True

    def _digits(self, *, hexadecimal: bool) -> int:
        count = 0
        while self._accept(b"0123456789abcdefABCDEF" if hexadecimal else b"0123456789"):
            count += 1
        return count

    def read(self) -> str:
        """The numeral's text; what is no numeral is left out of the stream too."""
        while self._current and self._current in _SPACE:
            self._current = self._stream.read_character()
        self._accept(b"+-")
        count = 0
        hexadecimal = False
        if self._accept(b"0"):
            if self._accept(b"xX"):
                hexadecimal = True
            else:
                count = 1
        count += self._digits(hexadecimal=hexadecimal)
        if self._accept(b"."):
            count += self._digits(hexadecimal=hexadecimal)
        if count > 0 and self._accept(b"pP" if hexadecimal else b"eE"):
            self._accept(b"+-")
            self._digits(hexadecimal=False)
        if self._current:
            self._stream.push_back(self._current)
        return "" if self._overlong else self._text.decode("latin-1")


__all__ = [
    "GuestOutput",
    "LuaFile",
    "close_file",
    "close_files",
    "open_file",
    "open_pipe",
    "read_characters",
    "read_line",
    "read_number",
    "valid_mode",
]
