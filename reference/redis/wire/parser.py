"""Bytes to commands and replies, incrementally: what is not complete waits for more."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.host.errors import Interruption
from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    BigNumber,
    Double,
    Failure,
    MapReply,
    Push,
    Reply,
    SetReply,
    Status,
    Verbatim,
)

_LARGEST_BULK = 512 << 20
_MOST_ARGUMENTS = 1 << 20
_LONGEST_INLINE = 64 << 10


class ProtocolError(Exception):
    """The peer does not speak RESP; the argument says what was wrong, in Redis's words."""


class _Incomplete(Interruption):
    """More bytes are needed; `until` is the least length of the buffer with which to try again."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until


class _Buffer:
    """Bytes that came and were not used."""

    def __init__(self) -> None:
        self._data = b""
        self._more: list[bytes] = []
        self._held = 0
        self._until = 0

    def _joined(self, data: bytes) -> bytes | None:
        """All unused bytes, or None while they cannot be enough."""
        self._held += len(data)
        if self._held < self._until:
            self._more.append(data)
            return None
        if self._more or self._data:
            data = b"".join((self._data, *self._more, data))
            self._more = []
        return data

    def _keep(self, data: bytes, position: int, until: int) -> None:
        self._data = data[position:] if position else data
        self._held = len(self._data)
        self._until = until - position


class RequestParser(_Buffer):
    """What clients send: arrays of bulk strings, or lines."""

    def feed(self, data: bytes) -> tuple[list[list[bytes]], ProtocolError | None]:
        """The commands that are complete now, and the error that ends the conversation, if there is one."""
        commands: list[list[bytes]] = []
        buffer = self._joined(data)
        if buffer is None:
            return commands, None
        position = 0
        size = len(buffer)
        until = 0
        try:
            while position < size:
                if buffer[position] == 42:  # *
                    command, position = _array_command(buffer, position)
                else:
                    command, position = _inline_command(buffer, position)
                if command:
                    commands.append(command)
        except _Incomplete as incomplete:
            until = incomplete.until
        except ProtocolError as error:
            self._keep(b"", 0, 0)
            return commands, error
        self._keep(buffer, position, until)
        return commands, None


def _array_command(buffer: bytes, position: int) -> tuple[list[bytes], int]:
    end = buffer.find(b"\r\n", position)
    if end < 0:
        if len(buffer) - position > _LONGEST_INLINE:
            raise ProtocolError("too big mbulk count string")
        raise _Incomplete(0)
    count = _number(buffer[position + 1 : end])
    if count is None or count > _MOST_ARGUMENTS:
        raise ProtocolError("invalid multibulk length")
    position = end + 2
    command: list[bytes] = []
    for _ in range(count):
        end = buffer.find(b"\r\n", position)
        if end < 0:
            if len(buffer) - position > _LONGEST_INLINE:
                raise ProtocolError("too big bulk count string")
            raise _Incomplete(0)
        if buffer[position] != 36:  # $
            raise ProtocolError(f"expected '$', got '{chr(buffer[position])}'")
        size = _number(buffer[position + 1 : end])
        if size is None or not 0 <= size <= _LARGEST_BULK:
            raise ProtocolError("invalid bulk length")
        start = end + 2
        position = start + size + 2
        if position > len(buffer):
            raise _Incomplete(position)
        command.append(buffer[start : start + size])
    return command, position


def _number(text: bytes) -> int | None:
    digits = text[1:] if text[:1] == b"-" else text
    return int(text) if digits.isdigit() else None


def _inline_command(buffer: bytes, position: int) -> tuple[list[bytes], int]:
    end = buffer.find(b"\n", position)
    if end < 0:
        if len(buffer) - position > _LONGEST_INLINE:
            raise ProtocolError("too big inline request")
        raise _Incomplete(0)
    return _words(buffer[position:end].removesuffix(b"\r")), end + 1


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "a": "\a"}


def _words(raw: bytes) -> list[bytes]:
    r"""Split a line into words; quotes as in Redis: escapes in double ones, `\'` in single ones."""
    line = raw.decode("latin-1")
    words: list[bytes] = []
    at = 0
    while True:
        while at < len(line) and line[at].isspace():
            at += 1
        if at >= len(line):
            return words
        word = ""
        while at < len(line) and not line[at].isspace():
            if line[at] in "\"'":
                piece, at = _quoted(line, at)
                word += piece
                if at < len(line) and not line[at].isspace():
                    raise ProtocolError("unbalanced quotes in request")
            else:
                word += line[at]
                at += 1
        words.append(word.encode("latin-1"))


def _quoted(line: str, at: int) -> tuple[str, int]:
    quote = line[at]
    at += 1
    text = ""
    while at < len(line):
        letter = line[at]
        if letter == quote:
            return text, at + 1
        if letter == "\\" and at + 1 < len(line):
            if quote == "'":
                if line[at + 1] == "'":
                    text += "'"
                    at += 2
                    continue
            elif line[at + 1] == "x" and _is_hexadecimal(line[at + 2 : at + 4]):
                text += chr(int(line[at + 2 : at + 4], 16))
                at += 4
                continue
            else:
                text += _ESCAPES.get(line[at + 1], line[at + 1])
                at += 2
                continue
        text += letter
        at += 1
    raise ProtocolError("unbalanced quotes in request")


def _is_hexadecimal(text: str) -> bool:
    return len(text) == 2 and all(letter in "0123456789abcdefABCDEF" for letter in text)


class ReplyParser(_Buffer):
    """What servers send."""

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are complete now.

        Raises:
            ProtocolError: it is no RESP.
        """
        replies: list[Reply] = []
        buffer = self._joined(data)
        if buffer is None:
            return replies
        position = 0
        until = 0
        try:
            while position < len(buffer):
                reply, position = _reply(buffer, position)
                replies.append(reply)
        except _Incomplete as incomplete:
            until = incomplete.until
        self._keep(buffer, position, until)
        return replies


def _reply(buffer: bytes, position: int) -> tuple[Reply, int]:
    end = buffer.find(b"\r\n", position)
    if end < 0:
        raise _Incomplete(0)
    mark = buffer[position : position + 1]
    text = buffer[position + 1 : end]
    position = end + 2
    if mark in _SIMPLE:
        return _SIMPLE[mark](text), position
    if mark not in b"$=!*~>%|":
        raise ProtocolError(f"unknown reply mark {mark!r}")
    count = int(text)
    if mark in b"$=!":
        if count < 0:
            return None, position
        if position + count + 2 > len(buffer):
            raise _Incomplete(position + count + 2)
        content = buffer[position : position + count]
        position += count + 2
        if mark == b"$":
            return content, position
        return (Failure(content) if mark == b"!" else Verbatim(content[:3], content[4:])), position
    if count < 0:
        return NIL_ARRAY, position
    items: list[Reply] = []
    for _ in range(count * 2 if mark in b"%|" else count):
        item, position = _reply(buffer, position)
        items.append(item)
    if mark == b"*":
        return items, position
    if mark == b"~":
        return SetReply(items), position
    if mark == b">":
        return Push(items), position
    if mark == b"|":  # attributes of the reply that follows, which nobody here reads
        return _reply(buffer, position)
    return MapReply(list(zip(items[::2], items[1::2]))), position


_SIMPLE: dict[bytes, Callable[[bytes], Reply]] = {
    b"+": Status,
    b"-": Failure,
    b":": int,
    b"_": lambda _: None,
    b"#": lambda text: text == b"t",
    b",": Double,
    b"(": BigNumber,
}
