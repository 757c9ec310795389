"""What compiled code calls things, found again by compiling its source once more when a message first asks."""

from __future__ import annotations

from itertools import islice
from types import CodeType
from typing import Any

from reference.lua.profile import Profile
from reference.lua.runtime.stack.frames import Level
from reference.lua.syntax import nodes
from reference.lua.syntax.chunk_source import ChunkSource
from reference.lua.syntax.describe import describe_call
from reference.lua.syntax.walking import functions_and_calls
from reference.lua.vm.form import Form


class ChunkNames:
    """The functions of one chunk by number, their variables with host names, and its calls by position."""

    def __init__(self, source: ChunkSource, profile: Profile, form: Form) -> None:
        self._calls: dict[tuple[int, int], tuple[str, str]] = {}
        self._functions: dict[int, nodes.Function] = {}
        from reference.lua.vm.compiler import generate_tree  # noqa: PLC0415  # only when a message asks

        chunk, _ = generate_tree(source, profile, form)
        for node, function in functions_and_calls(chunk):
            if isinstance(node, nodes.Function):
                self._functions[node.number] = node
                continue
            named = describe_call(node, function)
            if named is not None:
                self._calls[(node.line or 1, node.offset)] = named

    def call_at(self, level: Level) -> tuple[str, str] | None:
        """Kind and name of the function that the level is calling."""
        position = position_of(level.frame.f_code, level.instruction)
        return None if position is None else self._calls.get(position)

    def numbered(self, number: int) -> nodes.Function | None:
        """The function of that number."""
        return self._functions.get(number)

    def function(self, host_name: str) -> nodes.Function | None:
        """The function that was compiled under a host name."""
        digits = host_name.rpartition("$")[2].rstrip("f")
        return self._functions.get(int(digits)) if digits.isdigit() else None


def position_of(code: CodeType, instruction: int) -> tuple[int, int] | None:
    """The line and offset in the source of what compiled code is doing; None on hosts that do not tell."""
    positions: Any = getattr(code, "co_positions", None)
    if positions is None:
        return None
    for line, _, column, _ in islice(positions(), instruction // 2, None):
        return None if line is None or column is None else (line, column)
    return None
