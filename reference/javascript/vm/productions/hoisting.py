"""ECMA-262 14.2.3 and 8.2: function declarations, whose functions exist from the beginning of their scope."""

from __future__ import annotations

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import StaticScope
from lockstep.reference.javascript.vm.generation.variables import initialize_name


def hoist(
    builder: Builder, declaration: js.FunctionDeclaration, variables: StaticScope | None = None
) -> None:
    """Initialize the binding of a function declaration on entry to its scope, or in that of the variables."""
    builder.at(declaration)
    name = declaration.bound_name
    temporaries = builder.temporaries
    made = builder.closure(declaration.function, "default" if name == "*default*" else name)
    scope = builder.scope
    builder.scope = variables or scope
    initialize_name(builder, name, made)
    builder.scope = scope
    builder.temporaries = temporaries
