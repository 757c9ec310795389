"""Replies to bytes."""

from __future__ import annotations

from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    BigNumber,
    Double,
    Failure,
    MapReply,
    Push,
    Replies,
    Reply,
    SetReply,
    Status,
    Verbatim,
    error_text,
)


def encode(reply: Reply, protocol: int) -> bytes:
    """The bytes of `reply` for a client that speaks RESP2 or RESP3 (`protocol` 2 or 3)."""
    kind = type(reply)
    if kind is int:
        return b":%d\r\n" % reply
    if kind is bytes:
        return b"$%d\r\n%b\r\n" % (len(reply), reply)
    if kind is Status:
        return b"+%b\r\n" % error_text(reply.text)
    if kind is Failure:
        return b"-%b\r\n" % error_text(reply.text)
    if reply is None:
        return b"$-1\r\n" if protocol == 2 else b"_\r\n"
    parts: list[bytes] = []
    _append(parts, reply, protocol)
    return b"".join(parts)


def encode_command(arguments: list[bytes]) -> bytes:
    """A command as a client sends it."""
    parts = [b"*%d\r\n" % len(arguments)]
    parts.extend(b"$%d\r\n%b\r\n" % (len(argument), argument) for argument in arguments)
    return b"".join(parts)


def _append(parts: list[bytes], reply: Reply, protocol: int) -> None:
    kind = type(reply)
    if kind is bytes:
        parts.append(b"$%d\r\n%b\r\n" % (len(reply), reply))
    elif kind is int:
        parts.append(b":%d\r\n" % reply)
    elif reply is None:
        parts.append(b"$-1\r\n" if protocol == 2 else b"_\r\n")
    elif kind is list:
        parts.append(b"*%d\r\n" % len(reply))
        for item in reply:
            _append(parts, item, protocol)
    elif kind is Status:
        parts.append(b"+%b\r\n" % error_text(reply.text))
    elif kind is Failure:
        parts.append(b"-%b\r\n" % error_text(reply.text))
    elif kind is bool:
        if protocol == 2:
            parts.append(b":1\r\n" if reply else b":0\r\n")
        else:
            parts.append(b"#t\r\n" if reply else b"#f\r\n")
    elif reply is NIL_ARRAY:
        parts.append(b"*-1\r\n" if protocol == 2 else b"_\r\n")
    else:
        _append_rare(parts, reply, protocol)


def _append_rare(parts: list[bytes], reply: Reply, protocol: int) -> None:
    if isinstance(reply, (Double, BigNumber)):
        if protocol == 2:
            parts.append(b"$%d\r\n%b\r\n" % (len(reply.text), reply.text))
        else:
            parts.append((b"," if isinstance(reply, Double) else b"(") + error_text(reply.text) + b"\r\n")
    elif isinstance(reply, Verbatim):
        if protocol == 2:
            parts.append(b"$%d\r\n%b\r\n" % (len(reply.text), reply.text))
        else:
            parts.append(b"=%d\r\n%b:%b\r\n" % (len(reply.text) + 4, (reply.format + b"   ")[:3], reply.text))
    elif isinstance(reply, MapReply):
        parts.append(b"*%d\r\n" % (len(reply.pairs) * 2) if protocol == 2 else b"%%%d\r\n" % len(reply.pairs))
        for key, value in reply.pairs:
            _append(parts, key, protocol)
            _append(parts, value, protocol)
    elif isinstance(reply, (SetReply, Push)):
        mark = b"*" if protocol == 2 else b"~" if isinstance(reply, SetReply) else b">"
        parts.append(b"%b%d\r\n" % (mark, len(reply.items)))
        for item in reply.items:
            _append(parts, item, protocol)
    elif isinstance(reply, Replies):
        for item in reply.items:
            _append(parts, item, protocol)
    else:
        raise TypeError(f"no reply: {reply!r}")
