"""What a call in compiled code calls its function, found again from the host's position tables."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Any, Iterator

from reference.lua.profile import Profile
from reference.lua.syntax import nodes
from reference.lua.syntax.describe import describe_call
from reference.lua.syntax.parser import parse


class CallSites:
    """The calls of one chunk by position; parsed again when a message first asks."""

    def __init__(self, source: str, profile: Profile) -> None:
        self._names: dict[tuple[int, int], tuple[str, str]] = {}
        chunk = parse(source, "=?", profile)
        for node, function in _calls(chunk, chunk):
            named = describe_call(node, function)
            if named is not None:
                self._names[(node.line or 1, node.offset)] = named

    def find(self, frame: FrameType) -> tuple[str, str] | None:
        """The name at the frame's current instruction."""
        position = _position(frame.f_code, frame.f_lasti)
        return None if position is None else self._names.get(position)


def _position(code: CodeType, instruction: int) -> tuple[int, int] | None:
    positions: Any = getattr(code, "co_positions", None)
    if positions is None:
        return None
    for number, (line, _, column, _) in enumerate(positions()):
        if number == instruction // 2:
            return None if line is None or column is None else (line, column)
    return None


def _calls(node: Any, function: nodes.Function) -> Iterator[tuple[nodes.Node, nodes.Function]]:
    """Every call below `node`, with the function that it stands in."""
    pending: list[tuple[Any, nodes.Function]] = [(node, function)]
    while pending:
        node, function = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend((one, function) for one in node)
            continue
        if not isinstance(node, nodes.Node):
            continue
        if isinstance(node, nodes.Function):
            pending.append((node.block, node))
            continue
        if isinstance(node, (nodes.Call, nodes.MethodCall)):
            yield node, function
        for name in node.__slots__:
            if name != "label":
                pending.append((getattr(node, name, None), function))
