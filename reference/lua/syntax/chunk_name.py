"""How a chunk's name is shown in messages (`luaO_chunkid`)."""

from __future__ import annotations

_SIZE = 60


def displayed(chunk_name: str) -> str:
    """The printable form of a chunk name: `=name` as it is, `@file`, or the source's first line."""
    if chunk_name.startswith("="):
        return chunk_name[1:_SIZE]
    if chunk_name.startswith("@"):
        name = chunk_name[1:]
        return name if len(name) < _SIZE else "..." + name[-(_SIZE - 4) :]
    line, newline, _ = chunk_name.partition("\n")
    room = _SIZE - len('[string "') - len('..."]') - 1
    if newline or len(line) >= room:
        return f'[string "{line[:room]}..."]'
    return f'[string "{line}"]'
