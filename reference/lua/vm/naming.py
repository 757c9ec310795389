"""What compiled code calls things, found again by compiling its source once more when a message first asks."""

from __future__ import annotations

import ast
import dis
from bisect import bisect_right
from itertools import islice
from types import CodeType
from typing import Any

from lockstep.reference.host.generation.block_names import owner_name
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.stack.frames import Level
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.syntax.describe import describe_call
from lockstep.reference.lua.syntax.walking import functions_and_calls
from lockstep.reference.lua.vm.form import Form


class ChunkNames:
    """The functions of one chunk by number, their variables with host names, and its calls by position."""

    def __init__(self, source: ChunkSource, profile: Profile, form: Form) -> None:
        self._calls: dict[tuple[int, int], tuple[str, str]] = {}
        self._functions: dict[int, nodes.Function] = {}
        from lockstep.reference.lua.vm.compiler import generate_tree  # noqa: PLC0415  # only when a message asks

        chunk, module = generate_tree(source, profile, form)
        self._positions = Positions() if hasattr(CodeType, "co_positions") else NumberedPositions(module)
        for node, function in functions_and_calls(chunk):
            if isinstance(node, nodes.Function):
                self._functions[node.number] = node
                continue
            named = describe_call(node, function)
            if named is not None:
                self._calls[(node.line or 1, node.offset)] = named

    def call_at(self, level: Level) -> tuple[str, str] | None:
        """Kind and name of the function that the level is calling."""
        position = self.position_of(level)
        return None if position is None else self._calls.get(position)

    def position_of(self, level: Level) -> tuple[int, int] | None:
        """Line and offset in the source of what a level of compiled code is doing."""
        return self._positions.position(level.frame.f_code, level.instruction)

    def numbered(self, number: int) -> nodes.Function | None:
        """The function of that number."""
        return self._functions.get(number)

    def function(self, host_name: str) -> nodes.Function | None:
        """The function that was compiled under a host name."""
        digits = owner_name(host_name).rpartition("$")[2].rstrip("fg")
        return self._functions.get(int(digits)) if digits.isdigit() else None


class Positions:
    """Where in the source the instructions of a chunk's host code stand."""

    def position(self, code: CodeType, instruction: int) -> tuple[int, int] | None:
        """Line and offset of what `code` is doing; None where that is not known."""
        positions: Any = code.co_positions()
        for line, _, column, _ in islice(positions, instruction // 2, None):
            return None if line is None or column is None else (line, column)
        return None


class NumberedPositions(Positions):
    """The same on hosts whose code knows lines only.

    The chunk is compiled once more with a number of its own in place of each line and column: the instructions are the same.
    """

    def __init__(self, module: ast.Module) -> None:
        self._places: list[tuple[int, int]] = []
        numbers: dict[tuple[int, int], int] = {}
        seen: set[int] = set()
        for node in ast.walk(module):
            if id(node) in seen:
                continue  # a node may stand in several places
            seen.add(id(node))
            if isinstance(node, (ast.expr, ast.stmt, ast.excepthandler, ast.arg)):
                place = node.lineno, node.col_offset
                number = numbers.get(place)
                if number is None:
                    self._places.append(place)
                    number = numbers[place] = len(self._places)
                node.lineno, node.col_offset = number, 0
                node.end_lineno = node.end_col_offset = None
        self._starts: dict[str, tuple[list[int], list[int]]] = {}
        pending = [compile(module, "", "exec", dont_inherit=True)]
        while pending:
            code = pending.pop()
            pending.extend(one for one in code.co_consts if isinstance(one, CodeType))
            starts = list(dis.findlinestarts(code))
            self._starts[code.co_name] = [start for start, _ in starts], [line for _, line in starts]

    def position(self, code: CodeType, instruction: int) -> tuple[int, int] | None:
        """Line and offset of what `code` is doing; None where that is not known."""
        starts, numbers = self._starts.get(code.co_name, ([], []))
        at = bisect_right(starts, instruction) - 1
        return self._places[numbers[at] - 1] if at >= 0 else None
