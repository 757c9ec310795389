"""What `string.dump` writes: our own format, a function's number in its chunk's text, with a checksum."""

from __future__ import annotations

import json
import zlib
from typing import Any

from reference.lua.runtime.state import State
from reference.lua.runtime.values import Function, LuaFunction, Value

_SIGNATURE = "\x1bLua"
_FORMAT = "L1"


class BadChunkError(Exception):
    """A binary chunk that cannot be loaded; the argument is the reason."""


def write_chunk(state: State, function: Function, *, strip: bool) -> str | None:
    """A function as a binary chunk; None for a built-in."""
    if not isinstance(function, LuaFunction):
        return None
    backend: Any = state.backend
    found = backend.source_of(state, function)
    if found is None:
        return None
    source, chunk_name, number = found
    version = state.profile.name
    payload = json.dumps([version, "=?" if strip else chunk_name, number, source])
    check = zlib.crc32(payload.encode("ascii"))
    return (
        f"{_SIGNATURE}{chr(0x54 if state.integers else 0x51)}{_FORMAT}{check:08x}{len(payload):08x}{payload}"
    )


def read_chunk(state: State, text: str, environment: Value) -> LuaFunction:
    """The function in a binary chunk; its first upvalue is the environment.

    Raises:
        BadChunkError: it is cut off, damaged, or of another version.
    """
    head = f"{_SIGNATURE}{chr(0x54 if state.integers else 0x51)}{_FORMAT}"
    if not text.startswith(head):
        if head.startswith(text):
            raise BadChunkError("truncated precompiled chunk")
        raise BadChunkError(
            "bad binary format (version mismatch)" if text.startswith(_SIGNATURE) else "not a binary chunk"
        )
    rest = text[len(head) :]
    try:
        check, size = int(rest[:8], 16), int(rest[8:16], 16)
    except ValueError:
        raise BadChunkError("truncated precompiled chunk") from None
    payload = rest[16 : 16 + size]
    if len(payload) < size:
        raise BadChunkError("truncated precompiled chunk")
    if not payload.isascii() or zlib.crc32(payload.encode("ascii")) != check:
        raise BadChunkError("bad binary format (corrupted chunk)")
    version, chunk_name, number, source = json.loads(payload)
    if version != state.profile.name:
        raise BadChunkError("bad binary format (version mismatch)")
    backend: Any = state.backend
    function: LuaFunction = backend.load_function(state, source, chunk_name, number, environment)
    return function
