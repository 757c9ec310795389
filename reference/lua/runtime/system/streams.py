"""Buffered streams over file descriptors, as C's `stdio` has them: one position, one buffer, read or written."""

from __future__ import annotations

import errno
import os
import select

from lockstep.reference.host.engine import Writer
from lockstep.reference.lua.runtime.formats.text import host_text

BUFFER_SIZE = 8192
_READ_SIZE = 1 << 16
# What `fopen` makes of a mode's first letter: alone, and with `+`.
_FLAGS = {
    "r": (os.O_RDONLY, os.O_RDWR),
    "w": (os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_RDWR | os.O_CREAT | os.O_TRUNC),
    "a": (os.O_WRONLY | os.O_CREAT | os.O_APPEND, os.O_RDWR | os.O_CREAT | os.O_APPEND),
}


def _bad_descriptor() -> OSError:
    return OSError(errno.EBADF, os.strerror(errno.EBADF))


class Stream:
    """A stream over a descriptor, which it owns if it is not one of the standard three.

    Every method raises OSError where the system call fails.

    Attributes:
        buffering: `full`, `line` or `no`.
    """

    __slots__ = ("_descriptor", "_input", "_limit", "_output", "_readable", "_writable", "buffering")

    def __init__(self, descriptor: int, *, readable: bool, writable: bool, buffering: str = "full") -> None:
        self._descriptor = descriptor
        self._readable = readable
        self._writable = writable
        self._input = b""
        self._output = bytearray()
        self._limit = BUFFER_SIZE
        self.buffering = buffering

    def __del__(self) -> None:
        try:
            self.close()
        except OSError:
            pass

    def set_buffering(self, kind: str, size: int) -> None:
        """`setvbuf`."""
        self.buffering = kind
        self._limit = size if size > 0 else BUFFER_SIZE

    def close(self) -> None:
        """Write what is buffered, and close."""
        descriptor = self._descriptor
        if descriptor < 0:
            return
        try:
            self.flush()
        finally:
            self._descriptor = -1
            if descriptor > 2:
                os.close(descriptor)

    # Writing

    def write(self, text: str) -> None:
        """Write guest bytes."""
        if not self._writable:
            raise _bad_descriptor()
        if self._input:
            self._forget_input()
        output = self._output
        output += text.encode("latin-1")
        if self.buffering == "no" or len(output) > self._limit:
            self.flush()
        elif self.buffering == "line" and "\n" in text:
            # The last line, which has no end, stays.
            end = output.rfind(b"\n") + 1
            rest = bytes(output[end:])
            del output[end:]
            self.flush()
            output += rest

    def flush(self) -> None:
        """Write what is buffered; what cannot be written is lost."""
        if not self._output:
            return
        # Taken out first: an interrupt behind the system call must not have it written again.
        left = memoryview(bytes(self._output))
        self._output.clear()
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # noqa: PERF203  # each write may have to wait
                select.select([], [self._descriptor], [])

    def _forget_input(self) -> None:
        """Put the system's position where the reader is."""
        if self._input:
            try:
                os.lseek(self._descriptor, -len(self._input), os.SEEK_CUR)
            except OSError:
                pass  # a pipe has no position
            self._input = b""

    # Reading

    def _fill(self, size: int = _READ_SIZE) -> bool:
        """Read more behind what is buffered; whether there was more."""
        if not self._readable:
            raise _bad_descriptor()
        if self._output:
            self.flush()
        while True:
            try:
                more = os.read(self._descriptor, size)
                break
            except BlockingIOError:
                select.select([self._descriptor], [], [])
        self._input += more
        return bool(more)

    def read_character(self) -> bytes:
        """The next byte; nothing at the end."""
        if not self._input and not self._fill():
            return b""
        first = self._input[:1]
        self._input = self._input[1:]
        return first

    def push_back(self, character: bytes) -> None:
        """Make `character` the next one to be read."""
        self._input = character + self._input

    def at_end(self) -> bool:
        """Whether there is nothing more to read."""
        return not self._input and not self._fill()

    def read_line(self) -> bytes:
        """The next line with its end, if it has one; nothing at the end of the file."""
        parts = []
        while True:
            data = self._input
            end = data.find(b"\n") + 1
            if end:
                self._input = data[end:]
                parts.append(data[:end])
                return b"".join(parts)
            parts.append(data)
            self._input = b""
            if not self._fill():
                return b"".join(parts)

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; fewer at the end of the file."""
        parts = [self._input[:count]]
        left = count - len(parts[0])
        self._input = self._input[count:]
        while left > 0 and self._fill(max(_READ_SIZE, min(left, 1 << 24))):
            parts.append(self._input[:left])
            self._input = self._input[left:]
            left -= len(parts[-1])
        return b"".join(parts)

    def read_all(self) -> bytes:
        """The rest of the file."""
        parts = []
        while True:
            parts.append(self._input)
            self._input = b""
            if not self._fill(1 << 20):
                return b"".join(parts)

    def seek(self, offset: int, whence: int) -> int:
        """Move to a position; the new one, from the start of the file."""
        self.flush()
        if whence == os.SEEK_CUR:
            offset -= len(self._input)
        try:
            position = os.lseek(self._descriptor, offset, whence)
        except OverflowError:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from None
        self._input = b""
        return position


class GuestOutput(Stream):
    """The guest's standard output, which goes where the embedder says."""

    __slots__ = ("_writer",)

    def __init__(self, writer: Writer) -> None:
        super().__init__(-1, readable=False, writable=True, buffering="none")
        self._writer = writer

    def close(self) -> None:
        """Flush; the embedder closes."""
        self._writer.flush()

    def write(self, text: str) -> None:
        """Write guest bytes."""
        self._writer.write(host_text(text))
        if self.buffering == "no" or (self.buffering == "line" and "\n" in text):
            self._writer.flush()

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._writer.flush()

    def seek(self, offset: int, whence: int) -> int:
        """There is no position."""
        del offset, whence
        raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE))


def open_stream(name: str, mode: str) -> Stream:
    """`fopen`; `mode` is one of C's. Raises OSError."""
    both = "+" in mode
    flags = _FLAGS.get(mode[:1])
    if flags is None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    chosen = flags[both] | (os.O_EXCL if "x" in mode else 0)
    # A name ends at its first zero byte, as in C.
    path = name.partition("\0")[0].encode("latin-1")
    descriptor = os.open(path, chosen, 0o666)
    return Stream(descriptor, readable=both or mode[0] == "r", writable=both or mode[0] != "r")
