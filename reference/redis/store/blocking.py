"""Commands that wait for data: their time-outs as Redis reads them, and moves between lists as attempts."""

from __future__ import annotations

import math
import re
from typing import Callable

from fakeredis.model import ZSet

from lockstep.reference.redis.wire.replies import FailureError

_NOT_A_FLOAT = "ERR timeout is not a float or out of range"
_NOT_AN_INTEGER = "ERR timeout is not an integer or out of range"
_NEGATIVE = "ERR timeout is negative"
_UNBALANCED = "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."
_MOST_MILLISECONDS = (1 << 63) - 1
# What C's `strtold` reads, without blanks in front.
_FLOAT = re.compile(
    rb"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[-+]?\d+)?|inf(?:inity)?)",
    re.IGNORECASE,
)
_INTEGER = re.compile(rb"0|-?[1-9]\d{0,18}")


def seconds(text: bytes) -> float:
    """The time-out of a list's or sorted set's command; 0 to wait for ever (`getTimeoutFromObjectOrReply`).

    Raises:
        FailureError: it is no number, or none that can be waited.
    """
    if not _FLOAT.fullmatch(text):
        raise FailureError(_NOT_A_FLOAT)
    plain = text.decode("ascii").lower()
    try:
        value = float.fromhex(plain) if "x" in plain else float(plain)
    except OverflowError:
        raise FailureError(_NOT_A_FLOAT) from None
    # What does not fit becomes negative there; less than a millisecond below zero is zero.
    if value <= -0.001 or value * 1000 > _MOST_MILLISECONDS:
        raise FailureError(_NEGATIVE)
    return max(0, math.ceil(value * 1000)) / 1000


def milliseconds(text: bytes) -> int:
    """The time-out of a stream's command; 0 to wait for ever.

    Raises:
        FailureError: it is no integer, or negative.
    """
    if not _INTEGER.fullmatch(text) or abs(int(text)) > _MOST_MILLISECONDS:
        raise FailureError(_NOT_AN_INTEGER)
    if int(text) < 0:
        raise FailureError(_NEGATIVE)
    return int(text)


# Where the commands have their time-out, in seconds: the index of the word.
_SECONDS_AT = {
    "blpop": -1, "brpop": -1, "bzpopmin": -1, "bzpopmax": -1, "brpoplpush": -1, "blmove": -1, "blmpop": 1, "bzmpop": 1,
}  # fmt: skip
_STREAMS = frozenset(("xread", "xreadgroup"))


# All commands that may wait.
BLOCKING = frozenset((*_SECONDS_AT, *_STREAMS))


# Where commands on several keys have the number of keys.
COUNTED_POPS = {"blmpop": 2, "bzmpop": 2, "lmpop": 1, "zmpop": 1}
# What is checked here.
CHECKED = frozenset((*BLOCKING, *COUNTED_POPS))


def read_timeout(name: str, words: list[bytes]) -> list[bytes]:
    """The words of a command with its time-out, if it has one, as the store reads it.

    Raises:
        FailureError: the time-out, or what Redis reads before it, is refused.
    """
    count = COUNTED_POPS.get(name)
    if count is not None:
        _check_counts(words, count)
    place = _SECONDS_AT.get(name)
    if place is not None:
        words = list(words)
        words[place] = b"%.3f" % seconds(words[place])
    elif name in _STREAMS:
        for position, word in enumerate(words[:-1]):
            lower = word.lower()
            if lower == b"streams":
                if (len(words) - position - 1) % 2:
                    raise FailureError(_UNBALANCED)
                break
            if lower == b"block":
                milliseconds(words[position + 1])
    return words


def _check_counts(words: list[bytes], at: int) -> None:
    """The number of keys, and a COUNT behind them, must be above 0."""
    if not _INTEGER.fullmatch(words[at]) or int(words[at]) <= 0:
        raise FailureError("ERR numkeys should be greater than 0")
    rest = words[at + int(words[at]) + 2 :]
    if (
        len(rest) == 2
        and rest[0].lower() == b"count"
        and (not _INTEGER.fullmatch(rest[1]) or int(rest[1]) <= 0)
    ):
        raise FailureError("ERR count should be greater than 0")


def group_and_keys(words: list[bytes]) -> tuple[bytes, list[bytes]]:
    """The group of an XREADGROUP, and the keys that it reads."""
    lower = [word.lower() for word in words]
    streams = lower.index(b"streams", 4)
    return words[lower.index(b"group") + 1], words[
        streams + 1 : streams + 1 + (len(words) - streams - 1) // 2
    ]


# Where commands that wait for an element have their keys: behind their number, or up to the last word; and what holds elements.
_POPS_FROM = {
    "blpop": list,
    "brpop": list,
    "blmpop": list,
    "bzpopmin": ZSet,
    "bzpopmax": ZSet,
    "bzmpop": ZSet,
}


def ready(name: str, words: list[bytes], value_of: Callable[[bytes], object]) -> list[bytes] | None:
    """A command that waits for an element, with those of its keys that have one; None if none has.

    Keys of another type are no error while it waits (`handleClientsBlockedOnKeys` looks at the type).
    """
    kind = _POPS_FROM[name]
    counted = name in COUNTED_POPS
    first = 3 if counted else 1
    last = first + int(words[2]) if counted else len(words) - 1
    keys = [key for key in words[first:last] if isinstance(value_of(key), kind)]
    if not keys:
        return None
    # `BLMPOP seconds` is then `LMPOP`.
    before = [words[0][1:], b"%d" % len(keys)] if counted else [words[0]]
    return [*before, *keys, *words[last:]]


# Those commands.
AWAITING_ELEMENTS = frozenset(_POPS_FROM)
_LEFT_OR_RIGHT = frozenset((b"left", b"right"))


def move_of(name: str, words: list[bytes]) -> list[bytes] | None:
    """The move between lists that a waiting command asks for, as a command that does not wait; None for other commands.

    Raises:
        FailureError: it asks for another end than left and right.
    """
    if name == "brpoplpush":
        return [b"RPOPLPUSH", words[1], words[2]]
    if name != "blmove":
        return None
    if not {words[3].lower(), words[4].lower()} <= _LEFT_OR_RIGHT:
        raise FailureError("ERR syntax error")
    return [b"LMOVE", *words[1:5]]
