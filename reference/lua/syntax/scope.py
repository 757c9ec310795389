"""Which variable a name means, and where `goto` leads (manual 3.3.4, 3.5)."""

from __future__ import annotations

from lockstep.reference.lua.syntax.nodes import Function, Goto, Label, Variable


class LabelScope:
    """A label while its block is open: how many variables were active, and how many declared, at it."""

    __slots__ = ("active", "declared", "label", "line")

    def __init__(self, label: Label, line: int, active: int, declared: int) -> None:
        self.label = label
        self.line = line
        self.active = active
        self.declared = declared


class BlockScope:
    """One open block: where its variables begin, its labels, and gotos that wait for a label."""

    __slots__ = ("closes", "first", "is_loop", "labels", "pending")

    def __init__(self, first: int, is_loop: bool) -> None:
        self.first = first
        self.is_loop = is_loop
        # A variable of the block (or of the loop whose body it is) waits to be closed.
        self.closes = False
        self.labels: dict[str, LabelScope] = {}
        self.pending: list[tuple[Goto, int]] = []


class FunctionScope:
    """One function while it is parsed: its active variables and open blocks."""

    __slots__ = ("active", "blocks", "declared", "function", "loops", "parent", "upvalues", "uses_vararg")

    def __init__(self, function: Function, parent: FunctionScope | None) -> None:
        self.function = function
        self.parent = parent
        self.active: list[Variable] = []
        self.blocks: list[BlockScope] = []
        # Variables that are not yet active.
        self.declared = 0
        self.loops = 0
        self.upvalues: set[Variable] = set()
        self.uses_vararg = False

    def find(self, name: str) -> Variable | None:
        """The innermost active variable of this function called `name`."""
        for variable in reversed(self.active):
            if variable.name == name:
                return variable
        return None

    def find_label(self, name: str) -> LabelScope | None:
        """The visible label called `name`."""
        for block in reversed(self.blocks):
            found = block.labels.get(name)
            if found is not None:
                return found
        return None


def resolve(scope: FunctionScope, name: str) -> Variable | None:
    """The local variable or upvalue that `name` means in `scope`, or None for a global.

    Every function between the use and the declaration gets it as an upvalue.
    """
    variable = scope.find(name)
    if variable is not None:
        return variable
    if scope.parent is None:
        return None
    variable = resolve(scope.parent, name)
    if variable is not None:
        if variable not in scope.upvalues:
            scope.upvalues.add(variable)
            scope.function.upvalues.append(variable)
        variable.captured = True
    return variable
