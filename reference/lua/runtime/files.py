"""File handles (manual 6.8) over the host's binary files."""

from __future__ import annotations

import os
import re
import subprocess
from typing import IO, Any

from reference.lua.runtime.state import State
from reference.lua.runtime.text import host_text
from reference.lua.runtime.values import Userdata, Value
from reference.lua.syntax.numerals import to_number

_MODES_5_4 = re.compile(r"[rwa]\+?b?\Z")
_SPACE = b" \t\n\v\f\r"
_LONGEST_NUMERAL = 200


class LuaFile(Userdata):
    """An open or closed file.

    Attributes:
        stream: the host's binary file; None for the guest's standard output.
        process: the process of a pipe.
        standard: it is one of the three standard files, which `close` refuses.
    """

    __slots__ = ("closed", "process", "standard", "state", "stream", "writing")

    def __init__(self, state: State, stream: IO[bytes] | None, *, standard: bool = False) -> None:
        super().__init__()
        self.state = state
        self.stream = stream
        self.standard = standard
        self.closed = False
        self.process: subprocess.Popen[bytes] | None = None
        self.writing = False
        self.meta_table = state.file_meta

    def write(self, text: str) -> None:
        """Write guest bytes. Raises OSError."""
        if self.stream is None:
            self.state.output.write(host_text(text))
            return
        self._turn(writing=True)
        self.stream.write(text.encode("latin-1"))

    def _turn(self, *, writing: bool) -> None:
        """Between reading and writing the host wants its position set."""
        if self.writing != writing and self.stream is not None:
            self.writing = writing
            if self.stream.seekable() and self.stream.readable() and self.stream.writable():
                self.stream.seek(0, os.SEEK_CUR)

    def flush(self) -> None:
        """Hand on what is buffered. Raises OSError."""
        if self.stream is None:
            self.state.output.flush()
        elif self.stream.writable():
            self.stream.flush()

    def close(self) -> int | None:
        """Close; the exit code of a pipe's process. Raises OSError."""
        self.closed = True
        stream = self.stream
        if stream is not None:
            stream.close()
        if self.process is not None:
            return self.process.wait()
        return None

    # Reading

    def _source(self) -> IO[bytes]:
        if self.stream is None or not self.stream.readable():
            raise OSError(9, "Bad file descriptor")
        self._turn(writing=False)
        return self.stream

    def read_line(self, keep_end: bool) -> Value:
        """A line, or nil at the end of the file."""
        line = self._source().readline()
        if not line:
            return None
        if not keep_end and line.endswith(b"\n"):
            line = line[:-1]
        return line.decode("latin-1")

    def read_all(self) -> Value:
        """The rest of the file."""
        return self._source().read().decode("latin-1")

    def read_characters(self, count: int) -> Value:
        """Up to `count` bytes, or nil at the end of the file."""
        stream = self._source()
        if count == 0:
            peeked = stream.read(1)
            if peeked:
                self._push_back(stream, peeked)
            return "" if peeked else None
        data = stream.read(count)
        return data.decode("latin-1") if data else None

    @staticmethod
    def _push_back(stream: IO[bytes], data: bytes) -> None:
        if stream.seekable():
            stream.seek(-len(data), os.SEEK_CUR)

    def read_number(self) -> Value:
        """A numeral, as the reference implementation reads it: the longest prefix that looks like one."""
        reader = _NumberReader(self._source())
        text = reader.read()
        return None if text is None else to_number(text, self.state.integers)


class _NumberReader:
    """Reads a numeral byte by byte (`l_getn`, `g_read`)."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.buffer = b""
        self.current = stream.read(1)

    def _accept(self, allowed: bytes) -> bool:
        if self.current and self.current in allowed and len(self.buffer) < _LONGEST_NUMERAL:
            self.buffer += self.current
            self.current = self.stream.read(1)
            return True
        if len(self.buffer) >= _LONGEST_NUMERAL:
            self.buffer = b""
        return False

    def _digits(self, hexadecimal: bool) -> int:
        count = 0
        while self._accept(b"0123456789abcdefABCDEF" if hexadecimal else b"0123456789"):
            count += 1
        return count

    def read(self) -> str | None:
        """The numeral's text, or None."""
        while self.current and self.current in _SPACE:
            self.current = self.stream.read(1)
        self._accept(b"+-")
        count = 0
        hexadecimal = False
        if self._accept(b"0"):
            if self._accept(b"xX"):
                hexadecimal = True
            else:
                count = 1
        count += self._digits(hexadecimal)
        if self._accept(b"."):
            count += self._digits(hexadecimal)
        if count > 0 and self._accept(b"pP" if hexadecimal else b"eE"):
            self._accept(b"+-")
            self._digits(hexadecimal=False)
        if self.current and self.stream.seekable():
            self.stream.seek(-1, os.SEEK_CUR)
        return self.buffer.decode("latin-1")


def open_file(state: State, name: str, mode: str) -> LuaFile:
    """`io.open`; the mode is one of C's. Raises OSError."""
    flags = mode.replace("b", "")
    stream: Any = open(name.encode("latin-1"), flags[:1] + "b" + flags[1:2])  # noqa: SIM115, PTH123
    if flags == "r" and os.path.isdir(name):  # noqa: PTH112  # a name of bytes
        stream.close()
        raise IsADirectoryError(21, "Is a directory")
    return LuaFile(state, stream)


def valid_mode(mode: str) -> bool:
    """Whether `mode` is one that `io.open` takes (5.4)."""
    return _MODES_5_4.match(mode) is not None


def open_pipe(state: State, command: str, mode: str) -> LuaFile:
    """`io.popen`. Raises OSError."""
    reading = mode.startswith("r")
    state.output.flush()
    process = subprocess.Popen(  # noqa: S602  # the guest asks for the shell
        command.encode("latin-1"),
        shell=True,
        stdout=subprocess.PIPE if reading else None,
        stdin=None if reading else subprocess.PIPE,
    )
    stream = process.stdout if reading else process.stdin
    made = LuaFile(state, stream)
    made.process = process
    return made
