"""Lua's builder of host syntax: names of the runtime's that are of one state stand in a parameter of the chunk."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.jumps import JumpBuilder
from lockstep.reference.lua.vm.form import STATE_NAMES, STATE_PARAMETER


class Builder(JumpBuilder):
    """Generates the body of one host function."""

    def name(self, identifier: str) -> ast.expr:
        """A variable's value, or a name of the runtime's."""
        if identifier in STATE_NAMES:
            return self.attribute(self.variable(STATE_PARAMETER), identifier[1:])
        return self.variable(identifier)

    def is_type(self, value: ast.expr, name: str) -> ast.expr:
        """`value.__class__ is name`: no guest value has another class than its type."""
        return self.compare(self.class_of(value), ast.Is(), self.name(name))

    def class_of(self, value: ast.expr) -> ast.expr:
        """`value.__class__`, which the host finds faster than it calls `type`."""
        return self.attribute(value, "__class__")
