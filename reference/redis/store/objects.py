"""Commands about keys that fakeredis does not have: OBJECT, MEMORY USAGE, TOUCH.

How Redis 7.0 would hold a value is told by the limits of its default configuration.
"""

# mypy: disable-error-code="no-any-unimported"
from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.redis.wire.replies import Failure, Reply

_SHORT_STRING = 44
_COMPACT_ENTRIES = 128
_COMPACT_BYTES = 64
_COMPACT_INTEGERS = 512


def describe_object(database: Any, arguments: list[bytes]) -> Reply:
    """OBJECT ENCODING, REFCOUNT, IDLETIME, FREQ."""
    what = arguments[1].lower() if len(arguments) == 3 else b""
    if what not in (b"encoding", b"refcount", b"idletime", b"freq"):
        return Failure(b"ERR unknown subcommand or wrong number of arguments for OBJECT")
    item = database.get(arguments[2])
    if item is None:
        return None
    if what == b"refcount":
        return 1
    if what == b"idletime":
        return 0
    if what == b"freq":
        return Failure(
            b"ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
            b"switching between policies at runtime LRU and LFU data will take some time to adjust."
        )
    return encoding_of(item.value)


def encoding_of(value: object) -> bytes:
    """The name of the encoding."""
    if isinstance(value, bytes):
        if _is_integer(value):
            return b"int"
        return b"embstr" if len(value) <= _SHORT_STRING else b"raw"
    if isinstance(value, list):
        return b"quicklist"
    kind = type(value).__name__
    entries = list(value) if hasattr(value, "__iter__") else []
    if "Stream" in kind or kind == "XStream":
        return b"stream"
    if "ZSet" in kind:
        return b"listpack" if _is_compact(entries) else b"skiplist"
    if "Hash" in kind:
        return b"listpack" if _is_compact(entries) else b"hashtable"
    integers = len(entries) <= _COMPACT_INTEGERS and all(_is_integer(entry) for entry in entries)
    return b"intset" if integers else b"hashtable"


def _is_integer(value: object) -> bool:
    if not isinstance(value, bytes) or len(value) > 20:
        return False
    digits = value.removeprefix(b"-")
    if not digits.isdigit() or (digits[:1] == b"0" and value != b"0"):
        return False
    return -(1 << 63) <= int(value) < 1 << 63


def _is_compact(entries: list[object]) -> bool:
    return len(entries) <= _COMPACT_ENTRIES and all(
        not isinstance(entry, bytes) or len(entry) <= _COMPACT_BYTES for entry in entries
    )


def touch(database: Any, arguments: list[bytes]) -> Reply:
    """TOUCH: how many of the keys there are."""
    return sum(key in database for key in arguments[1:])


def memory_usage(database: Any, arguments: list[bytes]) -> Reply:
    """MEMORY USAGE: roughly, by the number of bytes or entries."""
    if len(arguments) < 3 or arguments[1].lower() != b"usage":
        return Failure(b"ERR only MEMORY USAGE is available in the embedded store")
    item = database.get(arguments[2])
    if item is None:
        return None
    size = len(item.value) if hasattr(item.value, "__len__") else 1
    return 64 + len(arguments[2]) + (size if isinstance(item.value, bytes) else size * 64)


EXTRA_COMMANDS: dict[bytes, Callable[[object, list[bytes]], Reply]] = {
    b"object": describe_object,
    b"touch": touch,
    b"memory": memory_usage,
}
