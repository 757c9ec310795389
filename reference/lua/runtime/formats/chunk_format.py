"""What `string.dump` writes: our own format, a function's text and the names around it, with a checksum."""

from __future__ import annotations

import json
import struct
import zlib

from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Function, LuaFunction, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import NO_SOURCE, ChunkSource, literal_of

_SIGNATURE = "\x1bLua"
# The reference implementation's headers (`lundump.c`): what each part is, and the complaint where it differs.
_HEADERS = {
    "5.4": (
        (_SIGNATURE, "not a binary chunk"),
        ("\x54", "version mismatch"),
        ("\0", "format mismatch"),
        ("\x19\x93\r\n\x1a\n", "corrupted chunk"),
        ("\4", "Instruction size mismatch"),
        ("\x08", "lua_Integer size mismatch"),
        ("\x08", "lua_Number size mismatch"),
        (struct.pack("<q", 0x5678).decode("latin-1"), "integer format mismatch"),
        (struct.pack("<d", 370.5).decode("latin-1"), "float format mismatch"),
    ),
    "5.1": ((_SIGNATURE + "\x51\0\1\4\x08\4\x08\0", "bad header"),),
}
_TRUNCATED = {"5.4": "bad binary format (truncated chunk)", "5.1": "unexpected end in precompiled chunk"}


class BadChunkError(Exception):
    """A binary chunk that cannot be loaded; the argument is the reason."""


def write_chunk(state: State, function: Function, *, strip: bool) -> str | None:
    """A function as a binary chunk; None for a built-in."""
    if not isinstance(function, LuaFunction):
        return None
    found = state.evaluator.source_of(state, function)
    if found is None:
        return None
    source, node = found
    text, outer = _text_of(source, node)
    name = NO_SOURCE if strip or source.stripped else source.chunk_name
    line = source.first_line if outer is None else node.line
    payload = json.dumps([name, text, outer, line, strip or source.stripped], separators=(",", ":"))
    check = zlib.crc32(payload.encode("ascii"))
    header = "".join(part for part, _ in _HEADERS[state.profile.name])
    return f"{header}{check:08x}{len(payload):08x}{payload}"


def _text_of(source: ChunkSource, node: nodes.Function) -> tuple[str, list[object] | None]:
    """The function's own text, and the names of the variables around it: None for a main function."""
    if node.parent is None:
        return source.text, None
    outer: list[object] = []
    for variable in node.upvalues:
        constant = variable.constant
        if constant is not None:
            outer.append([variable.name, literal_of(constant)])
        elif not variable.name.startswith("("):
            outer.append(variable.name)
    text = source.text
    body = text[node.begins : node.finishes]
    parameters = node.parameters
    if parameters and text.startswith("function", node.offset) and parameters[0].name == "self":
        # `function a:m(x)` names its first parameter nowhere.
        named = text[node.offset + len("function") : node.begins]
        if ":" in named:
            more = len(parameters) > 1 or node.is_vararg
            body = f"(self{',' if more else ''}{body[1:]}"
    newlines = text.count("\n", node.offset, node.begins)
    return "function" + "\n" * newlines + body, outer


def _behind_header(state: State, text: str) -> str:
    """What follows the header of a binary chunk."""
    position = 0
    for part, complaint in _HEADERS[state.profile.name]:
        found = text[position : position + len(part)]
        if found != part:
            if part.startswith(found):
                raise BadChunkError(_TRUNCATED[state.profile.name])
            raise BadChunkError(
                f"bad binary format ({complaint})" if state.integers else "bad header in precompiled chunk"
            )
        position += len(part)
    return text[position:]


def read_chunk(state: State, text: str, environment: Value) -> LuaFunction:
    """The function in a binary chunk; its first upvalue is the environment.

    Raises:
        BadChunkError: it is cut off, damaged, or of another version.
    """
    rest = _behind_header(state, text)
    truncated = _TRUNCATED[state.profile.name]
    try:
        check, size = int(rest[:8], 16), int(rest[8:16], 16)
    except ValueError:
        raise BadChunkError(truncated) from None
    payload = rest[16 : 16 + size]
    if len(rest) < 16 or len(payload) < size:
        raise BadChunkError(truncated)
    if not payload.isascii() or zlib.crc32(payload.encode("ascii")) != check:
        raise BadChunkError("bad binary format (corrupted chunk)")
    chunk_name, body, outer, line, stripped = json.loads(payload)
    names = None
    if outer is not None:
        names = tuple(one if isinstance(one, str) else (one[0], tuple(one[1])) for one in outer)
    source = ChunkSource(body, chunk_name, names, line, stripped)
    return state.evaluator.load_chunk(state, source, environment)
