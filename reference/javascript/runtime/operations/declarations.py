"""ECMA-262 16.1.7 GlobalDeclarationInstantiation and 19.2.1.3 EvalDeclarationInstantiation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import syntax_error, type_error
from lockstep.reference.javascript.runtime.environments import (
    EnvironmentRecord,
    GlobalEnvironment,
    ObjectEnvironment,
)
from lockstep.reference.javascript.runtime.values import null

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.values import Value
    from lockstep.reference.javascript.syntax.ast.functions import FunctionScope
    from lockstep.reference.javascript.syntax.scope import DeclaredNames


def global_declaration_instantiation(
    realm: Realm,
    scope: FunctionScope | DeclaredNames,
    functions: dict[str, Any],
    instantiate: Callable[[Any], Any],
) -> None:
    """16.1.7 GlobalDeclarationInstantiation.

    Args:
        realm: whose global environment is extended.
        scope: the script's.
        functions: its functions to initialize, by name: see `functions_by_name`.
        instantiate: makes the function object of one of them.
    """
    environment = realm.global_environment
    for name in scope.lexical_names:
        if environment.has_lexical_declaration(name):
            raise syntax_error(f"Identifier '{name}' has already been declared")
        if environment.has_restricted_global_property(name):
            raise syntax_error(f"Identifier '{name}' has already been declared")
    for name in (*scope.var_names, *functions):
        if environment.has_lexical_declaration(name):
            raise syntax_error(f"Identifier '{name}' has already been declared")
    for name in reversed(list(functions)):
        if not environment.can_declare_global_function(name):
            raise type_error(f"Cannot declare global function '{name}'")
    declared = [name for name in scope.var_names if name not in functions]
    for name in declared:
        if not environment.can_declare_global_var(name):
            raise type_error(f"Cannot declare global variable '{name}'")
    for name in scope.annex_b_names:
        # B.3.2.2, step 2.b.ii: only where it can be declared.
        if (
            not environment.has_lexical_declaration(name)
            and name not in scope.lexical_names
            and environment.can_declare_global_function(name)
        ):
            environment.create_global_var_binding(name, False)
    for name in scope.lexical_names:
        if scope.bindings[name].is_const:
            environment.create_immutable_binding(name, True)
        else:
            environment.create_mutable_binding(name, False)
        environment.global_object.unhost_(name)
    for name, declaration in functions.items():
        environment.create_global_function_binding(name, instantiate(declaration), False)
    for name in declared:
        environment.create_global_var_binding(name, False)


def functions_by_name(scope: FunctionScope) -> dict[str, Value]:
    """16.1.7, steps 6 to 8: the function declarations of a script or eval code; of several of one name the last."""
    return {str(one.function.name.name): one for one in scope.functions if one.function.name is not None}


def eval_declaration_instantiation(
    scope: FunctionScope | DeclaredNames,
    variables: Any,
    lexical: EnvironmentRecord,
    strict: bool,
    functions: dict[str, Any],
    instantiate: Callable[[Any], Any],
) -> None:
    """19.2.1.3 EvalDeclarationInstantiation.

    Args:
        scope: the eval code's.
        variables: its variable environment.
        lexical: its lexical environment, whose outer chain leads to `variables`.
        strict: whether the eval code is strict.
        functions: its functions to initialize, by name.
        instantiate: makes the function object of one of them.
    """
    names = list(dict.fromkeys([*scope.var_names, *functions]))
    is_global = isinstance(variables, GlobalEnvironment)
    if not strict:
        if is_global:
            for name in names:
                if variables.has_lexical_declaration(name):
                    raise syntax_error(f"Identifier '{name}' has already been declared")
        _check_conflicts(names, variables, lexical)
    if is_global:
        for name in reversed(list(functions)):
            if not variables.can_declare_global_function(name):
                raise type_error(f"Cannot declare global function '{name}'")
    declared = [name for name in names if name not in functions]
    if is_global:
        for name in declared:
            if not variables.can_declare_global_var(name):
                raise type_error(f"Cannot declare global variable '{name}'")
    if not strict:
        for name in scope.annex_b_names:
            _annex_b(name, scope, variables, lexical, is_global)
    for name in scope.lexical_names:
        if scope.bindings[name].is_const:
            lexical.create_immutable_binding(name, True)
        else:
            lexical.create_mutable_binding(name, False)
    for name, declaration in functions.items():
        function = instantiate(declaration)
        if is_global:
            variables.create_global_function_binding(name, function, True)
        elif variables.has_binding(name):
            variables.set_mutable_binding(name, function, False)
        else:
            variables.create_mutable_binding(name, True)
            variables.initialize_binding(name, function)
    for name in declared:
        if is_global:
            variables.create_global_var_binding(name, True)
        elif not variables.has_binding(name):
            variables.create_mutable_binding(name, True)
            variables.initialize_binding(name, None)


def _check_conflicts(names: list[str], variables: EnvironmentRecord, lexical: EnvironmentRecord) -> None:
    current = lexical.outer
    while current is not variables:
        assert current is not null
        if not isinstance(current, ObjectEnvironment):
            for name in names:
                if current.has_binding(name) and not getattr(current, "is_simple_catch", False):
                    raise syntax_error(f"Identifier '{name}' has already been declared")
        current = current.outer


def _annex_b(
    name: str,
    scope: FunctionScope | DeclaredNames,
    variables: EnvironmentRecord,
    lexical: EnvironmentRecord,
    is_global: bool,
) -> None:
    """B.3.2.3, step 2.b."""
    if name in scope.lexical_names:
        return
    current = lexical.outer
    while current is not variables:
        assert current is not null
        if (
            not isinstance(current, ObjectEnvironment)
            and current.has_binding(name)
            and not getattr(current, "is_simple_catch", False)
        ):
            return
        current = current.outer
    if is_global:
        assert isinstance(variables, GlobalEnvironment)
        if not variables.has_lexical_declaration(name) and variables.can_declare_global_function(name):
            variables.create_global_var_binding(name, True)
    elif not variables.has_binding(name):
        variables.create_mutable_binding(name, True)
        variables.initialize_binding(name, None)
