"""The host function of a function object, and what its closure holds a variable in."""

from __future__ import annotations

from types import CellType, FunctionType

from lockstep.reference.lua.runtime.values import LuaFunction, Value

_ENTRIES = ("c0", "c1", "c2", "c3", "c4", "cn", "generator_form")
# What a host function of another form remembers: the one that it replaced, which may still run.
REPLACED = "replaced"


class CellBox:
    """A host cell that looks like the box of a variable, which is a list of one element."""

    __slots__ = ("cell",)

    def __init__(self, cell: CellType) -> None:
        self.cell = cell

    def __getitem__(self, _: int) -> Value:
        return self.cell.cell_contents

    def __setitem__(self, _: int, value: Value) -> None:
        self.cell.cell_contents = value


BOXES = (list, CellBox)


def put_host_function(function: LuaFunction, host: FunctionType) -> None:
    """Let a function run `host` from its next call on."""
    for slot in _ENTRIES:
        if hasattr(function, slot):
            delattr(function, slot)
    setattr(function, function.place, host)
