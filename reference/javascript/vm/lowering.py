"""From the tree of a program to host syntax: one function, `program_`, whatever kind of program it is."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.parse import EvalContext
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.compilation import Compilation
from lockstep.reference.javascript.vm.generation.inference import has_loop, infer
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit, Variable
from lockstep.reference.javascript.vm.productions.blocks import body_with_resources
from lockstep.reference.javascript.vm.productions.hoisting import hoist
from lockstep.reference.javascript.vm.productions.joined import PRODUCTIONS
from lockstep.reference.javascript.vm.productions.units import head_of

_RIGHTS = ("in_function", "in_method", "in_derived_constructor", "in_class_field_initializer")
_COMPLETION = "completion@"
# What the host function of every program takes first: see `Machine`.
_PARAMETERS = ("this@", "templates@", "scope@")
_EVAL_PARAMETERS = ("variables@", "lexical@", "private@", "callee_", "new_target", "binding@")


def _program_builder(compilation: Compilation, kind: str, *, strict: bool, extent: int = 0) -> Builder:
    unit = Unit(None, "program_", kind)
    unit.strict = strict
    unit.extent = extent
    unit.given.this = "this@"
    return Builder(compilation, PRODUCTIONS, unit, None)


def lower_script(compilation: Compilation, node: js.Script, *, completion: bool, extent: int) -> ast.Module:
    """16.1.6: `program_(this, templates@, scope@)` runs the script and returns its completion value."""
    builder = _program_builder(compilation, "", strict=node.strict, extent=extent)
    unit = builder.unit
    scope = StaticScope(None, unit)
    scope.script_constants = frozenset(
        name
        for name, binding in node.scope.bindings.items()
        if binding.is_const and name in node.scope.lexical_names
    )
    builder.scope = scope
    if not node.scope.contains_direct_eval and not node.scope.has_with and has_loop(node.body):
        unit.numeric, unit.counters = infer(node.body, node.scope)
    if completion:
        _open_completion(builder)
    names, functions = _functions(builder, node)
    builder.evaluate(builder.call("declare_script_", builder.name("scope@"), names, functions))
    builder.statements(node.body)
    return _program(builder, node, _PARAMETERS)


def lower_eval(
    compilation: Compilation, node: js.Script, *, private_names: Sequence[str], rights: EvalContext
) -> ast.Module:
    """19.2.1.1: `program_(this, templates@, scope@, variables, lexical, ...)` runs eval code."""
    builder = _program_builder(compilation, "eval", strict=node.strict)
    unit = builder.unit
    unit.given.callee = "callee_"
    unit.given.new_target = "new_target"
    if rights.in_derived_constructor:
        unit.given.binding = "binding@"
    compilation.eval_flags = {flag: getattr(rights, flag) for flag in _RIGHTS}
    outer = StaticScope(None, unit)
    for name in private_names:
        outer.variables[name] = Variable(f"{name}@private", unit, None)
    scope = StaticScope(outer, unit)
    scope.environment = "lexical@"
    unit.variable_scope = StaticScope(outer, unit)
    unit.variable_scope.environment = "variables@"
    builder.scope = scope
    _open_completion(builder)
    for index, name in enumerate(private_names):
        builder.assign(
            f"{name}@private", builder.subscript(builder.name("private@"), builder.constant(index))
        )
    names, functions = _functions(builder, node)
    records = [builder.name("scope@"), builder.name("variables@"), builder.name("lexical@")]
    strict = builder.constant(node.strict)
    builder.evaluate(builder.call("declare_eval_", *records, strict, names, functions))
    builder.statements(node.body)
    return _program(builder, node, (*_PARAMETERS, *_EVAL_PARAMETERS))


def lower_function(compilation: Compilation, node: js.Function) -> ast.Module:
    """20.2.1.1.1: `program_(this, templates@, scope@)` returns the closure."""
    builder = _program_builder(compilation, "", strict=False)
    builder.scope = StaticScope(None, builder.unit)
    builder.return_(builder.closure(node, "anonymous"))
    return _program(builder, node, _PARAMETERS)


def lower_module(compilation: Compilation, node: js.Module, *, extent: int) -> ast.Module:
    """16.2.1.7: a host generator: the first `send` instantiates, the second runs the body."""
    builder = _program_builder(compilation, "module", strict=True, extent=extent)
    unit = builder.unit
    unit.is_async = True
    scope = StaticScope(None, unit)
    scope.environment = "environment@"
    builder.scope = scope
    unit.variable_scope = scope
    for declaration in node.scope.functions:
        hoist(builder, declaration)
    builder.evaluate(builder.placed(ast.Yield(builder.constant(None))))
    body_with_resources(builder, node.body, node.scope)
    return _program(builder, node, (*_PARAMETERS, "environment@", "module@"))


def _open_completion(builder: Builder) -> None:
    builder.completion = _COMPLETION
    builder.assign(_COMPLETION, builder.constant(None))


def _functions(builder: Builder, node: js.Script) -> tuple[ast.expr, ast.expr]:
    """The names of the functions that a script declares, and the functions."""
    names = tuple(declaration.bound_name for declaration in node.scope.functions)
    functions = []
    for declaration in node.scope.functions:
        builder.at(declaration)
        functions.append(builder.closure(declaration.function, declaration.bound_name))
    return builder.constant(names), builder.tuple_of(functions)


def _program(
    builder: Builder, node: js.Script | js.Function | js.Module, parameters: Sequence[str]
) -> ast.Module:
    if builder.completion:
        builder.return_(builder.name(builder.completion))
    head: list[ast.stmt] = []
    assigned = builder.unit.names.globals
    if assigned:
        head.append(builder.placed(ast.Global(sorted(assigned))))
    head.extend(head_of(builder, builder))
    builder.at(node)
    return ast.Module([builder.defining("program_", parameters, head + builder.out)], [])
