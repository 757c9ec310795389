"""What CONFIG GET and CONFIG SET know."""

from __future__ import annotations

import re
from typing import Callable

from lockstep.reference.redis.wire.replies import FailureError

_SIZE = re.compile(rb"^(\d+)(b|k|kb|m|mb|g|gb)?$")
_UNITS = {
    b"": 1,
    b"b": 1,
    b"k": 1000,
    b"kb": 1 << 10,
    b"m": 10**6,
    b"mb": 1 << 20,
    b"g": 10**9,
    b"gb": 1 << 30,
}
_DEFAULTS = {
    "busy-reply-threshold": b"5000",
    "maxmemory": b"0",
    "maxmemory-policy": b"noeviction",
    "requirepass": b"",
    "databases": b"16",
    "save": b"",
    "appendonly": b"no",
    "appendfsync": b"everysec",
    "timeout": b"0",
    "tcp-keepalive": b"300",
    "maxclients": b"10000",
    "notify-keyspace-events": b"",
    "proto-max-bulk-len": b"536870912",
    "port": b"6379",
    "bind": b"127.0.0.1",
    "loglevel": b"notice",
    "lazyfree-lazy-user-flush": b"no",
    "list-max-listpack-size": b"-2",
    "hash-max-listpack-entries": b"128",
    "hash-max-listpack-value": b"64",
    "set-max-intset-entries": b"512",
    "zset-max-listpack-entries": b"128",
    "zset-max-listpack-value": b"64",
    "slowlog-log-slower-than": b"10000",
    "slowlog-max-len": b"128",
}
_ALIASES = {"lua-time-limit": "busy-reply-threshold"}
_FIXED = frozenset(("databases", "port"))
_INTEGERS = frozenset((
    "busy-reply-threshold", "timeout", "tcp-keepalive", "maxclients", "hash-max-listpack-entries",
    "hash-max-listpack-value", "set-max-intset-entries", "zset-max-listpack-entries", "zset-max-listpack-value",
    "slowlog-log-slower-than", "slowlog-max-len", "list-max-listpack-size",
))  # fmt: skip
_MEMORY = frozenset(("maxmemory", "proto-max-bulk-len"))


class Configuration:
    """The settings of one server.

    Attributes:
        busy_after: seconds after which a script counts as busy.
        max_memory: bytes of data from which on writes are refused; 0: no limit.
        password: of the default user; empty: none is needed.
    """

    def __init__(self) -> None:
        self._values = dict(_DEFAULTS)
        self.busy_after = 5.0
        self.max_memory = 0
        self.password = b""

    def get(self, matches: Callable[[str], bool]) -> list[tuple[bytes, bytes]]:
        """The settings whose names match."""
        names = [*self._values, *_ALIASES]
        return [(name.encode(), self._values[_ALIASES.get(name, name)]) for name in names if matches(name)]

    def set(self, pairs: list[tuple[bytes, bytes]]) -> None:
        """Change settings, all or none.

        Raises:
            FailureError: a name is unknown, or a value does not fit.
        """
        changed = dict(self._values)
        for name, value in pairs:
            shown = name.decode("latin-1")
            known = _ALIASES.get(shown.lower(), shown.lower())
            if known not in changed:
                raise FailureError(f"ERR Unknown option or number of arguments for CONFIG SET - '{shown}'")
            if known in _FIXED:
                self._refuse(shown, "can't set immutable config")
            changed[known] = self._checked(shown, known, value)
        self._values = changed
        self.busy_after = int(changed["busy-reply-threshold"]) / 1000 or float("inf")
        self.max_memory = int(changed["maxmemory"])
        self.password = changed["requirepass"]

    def put(self, name: str, value: bytes) -> None:
        """Set what the server was started with."""
        self._values[name] = value

    def _checked(self, shown: str, name: str, value: bytes) -> bytes:
        if name in _INTEGERS:
            if not value.removeprefix(b"-").isdigit():
                self._refuse(shown, "argument couldn't be parsed into an integer")
            return b"%d" % int(value)
        if name in _MEMORY:
            match = _SIZE.match(value.lower())
            if match is None:
                self._refuse(shown, "argument must be a memory value")
            assert match is not None
            return b"%d" % (int(match[1]) * _UNITS[match[2] or b""])
        return value

    @staticmethod
    def _refuse(name: str, reason: str) -> None:
        raise FailureError(f"ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}")
