"""What is left of a scope where the syntax tree is gone."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.syntax.ast.functions import Binding, FunctionScope


class DeclaredNames:
    """What 16.1.7 and 19.2.1.3 need of a script's or eval code's scope: names and bindings, and no syntax tree."""

    __slots__ = ("annex_b_names", "bindings", "lexical_names", "var_names")

    def __init__(self, scope: FunctionScope) -> None:
        self.bindings = scope.bindings
        self.var_names = scope.var_names
        self.annex_b_names = scope.annex_b_names
        self.lexical_names = scope.lexical_names

    def to_data(self) -> tuple[object, ...]:
        """The same as plain host values."""
        bindings = [
            (binding.name, binding.kind, binding.captured, binding.assigned)
            for binding in self.bindings.values()
        ]
        return bindings, self.var_names, self.annex_b_names, self.lexical_names

    def as_scope(self) -> FunctionScope:
        """A scope that has them, and nothing else."""
        scope = FunctionScope()
        scope.bindings, scope.var_names = self.bindings, self.var_names
        scope.annex_b_names, scope.lexical_names = self.annex_b_names, self.lexical_names
        return scope

    @classmethod
    def from_data(cls, data: tuple[Any, ...]) -> DeclaredNames:
        """What `to_data` gave."""
        scope = FunctionScope()
        bindings, scope.var_names, scope.annex_b_names, scope.lexical_names = data
        for name, kind, captured, assigned in bindings:
            binding = scope.bindings[name] = Binding(name, kind)
            binding.captured, binding.assigned = captured, assigned
        return cls(scope)
