"""Clojure's maker of host syntax: what code calls of the runtime has a name that no guest's has."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.nodes import Nodes


class Builder(Nodes):
    """Makes the nodes of one compilation unit."""

    def runtime(self, name: str, *arguments: ast.expr) -> ast.expr:
        """A call of a runtime function."""
        return self.call(self.variable("%" + name), *arguments)
