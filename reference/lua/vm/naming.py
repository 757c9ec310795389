"""What compiled code calls things, found again by compiling its source once more when a message first asks."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Any

from reference.lua.profile import Profile
from reference.lua.syntax import nodes
from reference.lua.syntax.describe import describe_call
from reference.lua.syntax.walking import functions_and_calls
from reference.lua.vm.compiler import generate_tree


class ChunkNames:
    """The functions of one chunk by number, their variables with host names, and its calls by position."""

    def __init__(self, source: str, profile: Profile, *, metered: bool) -> None:
        self._calls: dict[tuple[int, int], tuple[str, str]] = {}
        self._functions: dict[int, nodes.Function] = {}
        chunk, _ = generate_tree(source, "=?", profile, metered=metered)
        for node, function in functions_and_calls(chunk):
            if isinstance(node, nodes.Function):
                self._functions[node.number] = node
                continue
            named = describe_call(node, function)
            if named is not None:
                self._calls[(node.line or 1, node.offset)] = named

    def call_at(self, frame: FrameType) -> tuple[str, str] | None:
        """Kind and name of the function that the frame is calling."""
        position = _position(frame.f_code, frame.f_lasti)
        return None if position is None else self._calls.get(position)

    def function(self, host_name: str) -> nodes.Function | None:
        """The function that was compiled under a host name."""
        digits = host_name.rpartition("$")[2].rstrip("f")
        return self._functions.get(int(digits)) if digits.isdigit() else None


def _position(code: CodeType, instruction: int) -> tuple[int, int] | None:
    positions: Any = getattr(code, "co_positions", None)
    if positions is None:
        return None
    for number, (line, _, column, _) in enumerate(positions()):
        if number == instruction // 2:
            return None if line is None or column is None else (line, column)
    return None
