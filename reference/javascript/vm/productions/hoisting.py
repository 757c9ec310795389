"""ECMA-262 14.2.3 and 8.2: function declarations, whose functions exist from the beginning of their scope."""

from __future__ import annotations

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import StaticScope
from lockstep.reference.javascript.vm.generation.variables import initialize_name


def bound_name(declaration: js.FunctionDeclaration) -> str:
    """8.2.1 BoundNames; an anonymous `export default function` binds `*default*`."""
    name = declaration.function.name
    return "*default*" if name is None else name.name


def declared_name(declaration: js.FunctionDeclaration) -> str:
    """The name of a function that must have one: it is declared in a script or block."""
    name = declaration.function.name
    assert name is not None
    return name.name


def hoist(
    builder: Builder, declaration: js.FunctionDeclaration, variables: StaticScope | None = None
) -> None:
    """Initialize the binding of a function declaration on entry to its scope, or in that of the variables."""
    builder.at(declaration)
    name = bound_name(declaration)
    temporaries = builder.temporaries
    made = builder.closure(declaration.function, "default" if name == "*default*" else name)
    scope = builder.scope
    builder.scope = variables or scope
    initialize_name(builder, name, made)
    builder.scope = scope
    builder.temporaries = temporaries
