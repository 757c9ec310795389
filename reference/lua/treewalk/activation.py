"""Closures and activations of the tree-walker."""

from __future__ import annotations

from typing import Protocol
from weakref import ref

from lockstep.reference.lua.runtime.stack.hooks import at_point
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.syntax.describe import describe_call


class ClosureMaker(Protocol):
    """Who makes closures: the interpreter that runs an activation."""

    def close(self, state: State, function: nodes.Function, activation: Activation) -> LuaFunction:
        """A closure of `function` over the variables of the activation (manual 3.5)."""
        ...


class Cell:
    """One instance of a local variable."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


Cells = dict[nodes.Variable, Cell]


class Closure:
    """A function body with the cells of the outer variables that it uses."""

    __slots__ = ("__weakref__", "cells", "function", "interpreter", "owner", "source")

    def __init__(
        self, interpreter: ClosureMaker, function: nodes.Function, cells: Cells, source: ChunkSource
    ) -> None:
        self.interpreter = interpreter
        self.function = function
        self.cells = cells
        self.source = source
        # The function object, which holds the closure.
        self.owner: ref[LuaFunction] | None = None

    def object(self) -> LuaFunction | None:
        """The function object of this closure, if it still lives."""
        return None if self.owner is None else self.owner()


class Activation:
    """One activation of a closure: its variables, its extra arguments, and where it is.

    Attributes:
        node, line: what it is about to do; the line is -1 where none is known.
        traced: the line of the last instruction, 0 after a jump backwards.
        temporaries: operands that wait for others to be evaluated, for the debug library.
    """

    __slots__ = ("cells", "closure", "function", "line", "node", "temporaries", "traced", "varargs")

    def __init__(self, closure: Closure, varargs: tuple[Value, ...]) -> None:
        self.closure = closure
        self.function = closure.function
        self.cells: Cells = dict(closure.cells)
        self.varargs = varargs
        self.node: nodes.Node = closure.function
        self.line = -1 if closure.function.stripped else closure.function.line
        self.traced = 0
        self.temporaries: list[Value] = []

    def at(self, state: State, node: nodes.Node, line: int | None = None) -> None:
        """Come to an operation: an instruction of the reference implementation, on `line` (the node's own)."""
        self.node = node
        here = -1 if self.function.stripped else node.line if line is None else line
        self.line = here
        if state.hook is not None:
            at_point(state, self.traced, here)
        self.traced = here

    def jump_back(self) -> None:
        """The next instruction comes before this one, so it is a line event on any line."""
        self.traced = 0

    @property
    def chunk_name(self) -> str:
        """The chunk that the function belongs to."""
        return self.closure.source.chunk_name

    def call_site(self) -> tuple[str, str] | None:
        """Kind and name of the function that is being called."""
        return describe_call(self.node, self.function)
