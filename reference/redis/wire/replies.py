"""Replies as host values.

An integer reply is an `int`, a bulk string `bytes`, an array a `list`, a RESP3 boolean a `bool`, a null `None`;
every other kind has a class here.
"""

from __future__ import annotations

from math import copysign, isnan
from typing import Any

Reply = Any


class Status:
    """A simple string."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Status({self.text!r})"


class Failure:
    """An error; its text starts with the error code.

    `counted`: the statistics have it already, from the command that a script called.
    """

    __slots__ = ("counted", "text")

    def __init__(self, text: bytes, *, counted: bool = False) -> None:
        self.text = text
        self.counted = counted

    def __repr__(self) -> str:
        return f"Failure({self.text!r})"

    @property
    def code(self) -> bytes:
        """The first word."""
        return self.text.split(b" ", 1)[0]


class FailureError(Exception):
    """Carries a failure up to where a command's reply is made."""

    def __init__(self, text: str | bytes) -> None:
        super().__init__(text)
        self.failure = Failure(text if isinstance(text, bytes) else text.encode("latin-1", "replace"))


class Double:
    """A floating-point number."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Double({self.text!r})"


class BigNumber:
    """An integer of any size, as its digits."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"BigNumber({self.text!r})"


class Verbatim:
    """A string with a format of three characters."""

    __slots__ = ("format", "text")

    def __init__(self, format_name: bytes, text: bytes) -> None:
        self.format = format_name
        self.text = text

    def __repr__(self) -> str:
        return f"Verbatim({self.format!r}, {self.text!r})"


class MapReply:
    """Keys and values in order."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[Reply, Reply]]) -> None:
        self.pairs = pairs

    def __repr__(self) -> str:
        return f"MapReply({self.pairs!r})"


class SetReply:
    """A set, in the order in which its members came."""

    __slots__ = ("items",)

    def __init__(self, items: list[Reply]) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"SetReply({self.items!r})"


class Push:
    """What a server sends without being asked (a message of a channel); an array under RESP2."""

    __slots__ = ("items",)

    def __init__(self, items: list[Reply]) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"Push({self.items!r})"


class _NilArray:
    """The null array of RESP2; RESP3 has one null only."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NIL_ARRAY"


class Replies:
    """Several replies to one command, or none."""

    __slots__ = ("items",)

    def __init__(self, items: list[Reply]) -> None:
        self.items = items


NIL_ARRAY = _NilArray()
OK = Status(b"OK")
QUEUED = Status(b"QUEUED")
NO_REPLY = Replies([])


def error_text(text: bytes) -> bytes:
    """A text that may stand in a simple string or an error: line ends become blanks."""
    if b"\r" in text or b"\n" in text:
        return text.replace(b"\r", b" ").replace(b"\n", b" ")
    return text


def double_text(number: float) -> bytes:
    """A number as `%.17g`, the way Redis 7.0 writes doubles; the sign of a NaN shows."""
    if isnan(number):
        return b"-nan" if copysign(1.0, number) < 0 else b"nan"
    return b"%.17g" % number
