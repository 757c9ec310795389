"""ECMA-262 15.1 to 15.6, 15.8 and 10.2.11: functions become host functions."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.ast import Binding, FunctionScope
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import make_setter, return_from_derived
from lockstep.reference.javascript.vm.generation.inference import has_loop, infer
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.private_functions import private_functions
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import (
    declare,
    declare_binding,
    initialize_name,
    open_environment,
    read_name,
    record_of,
)
from lockstep.reference.javascript.vm.productions.blocks import body_with_resources
from lockstep.reference.javascript.vm.productions.hoisting import hoist
from lockstep.reference.javascript.vm.productions.patterns import assign_element, assign_target
from lockstep.reference.javascript.vm.productions.units import closure_of, enter_function


def _function_expression(builder: Builder, node: js.FunctionExpression) -> Operand:
    function = node.function
    name = function.name.name if function.name is not None else ""
    return Operand(builder.closure(function, name))


def compiled_closure(builder: Builder, node: js.Function, name: str) -> ast.expr:
    """Emit the host function of `node` and make its function object."""
    inner = enter_function(builder, node, name)
    function_body(inner, node)
    unit = inner.unit
    kind = node.kind
    template = (
        name,
        node.expected_argument_count,
        kind,
        unit.signature.arity,
        node.strict,
        node.is_async,
        node.is_generator,
        unit.given.uses_new_target or kind == "derived",
        node.start,
        node.end,
        unit.given.uses_callee,
        unit.signature.primed,
        unit.in_place,
    )
    return closure_of(builder, inner, template)


# 10.2.11 FunctionDeclarationInstantiation


def function_body(builder: Builder, node: js.Function) -> None:
    """Emit the statements of the host function of `node`, which `builder` is for."""
    unit = builder.unit
    scope = node.scope
    dynamic = scope.contains_direct_eval or (
        scope.parameter_scope is not None and scope.parameter_scope.contains_direct_eval
    )
    outer = builder.scope
    if node.name_scope is not None and node.name is not None:
        name = node.name.name
        outer = _name_scope(builder, name, node.name_scope.bindings[name], dynamic)
    static = StaticScope(outer, unit)
    builder.scope = static
    builder.meter()
    if dynamic and not node.strict and scope.has_parameter_expressions:
        # Step 20: variables of direct evals in the parameters stay outside the body's.
        open_environment(builder, static, outer)
        unit.variable_scope = static
        outer = static
        static = StaticScope(outer, unit)
        builder.scope = static
    if not node.strict and node.kind != "arrow" and scope.uses_this:
        _coerce_this(builder)
    if dynamic:
        open_environment(builder, static, outer)
    arguments_needed = scope.uses_arguments and node.kind != "arrow"
    parameter_static = static
    parameter_bindings = (scope.parameter_scope or scope).bindings
    simple = scope.has_simple_parameters and not dynamic
    names = set(scope.parameter_names)
    # Step 22: the arguments object.
    if not dynamic and not scope.has_with:
        _learn_kinds(builder, node)
    if simple:
        _simple_parameters(builder, node, static, arguments_needed)
    else:
        for name in dict.fromkeys(scope.parameter_names):
            declare_binding(builder, static, name, parameter_bindings.get(name), dynamic)
        for variable in static.variables.values():
            # Steps 21 and 26: a parameter is uninitialized until its turn comes.
            variable.has_dead_zone, variable.ready = True, False
        # A function in an initializer has to be compiled now: later its parameters are like others.
        may_defer, builder.compilation.may_defer = builder.compilation.may_defer, False
        _complex_parameters(builder, node, static, arguments_needed, dynamic)
        builder.compilation.may_defer = may_defer
        for variable in static.variables.values():
            variable.has_dead_zone, variable.ready = False, True
    if node.is_generator and not simple:
        builder.evaluate(builder.placed(ast.Yield(None)))
        unit.has_yield = True
        unit.signature.primed = True
    # Steps 27 and 28: the variables.
    if scope.parameter_scope is not None:
        static = StaticScope(parameter_static, unit)
        builder.scope = static
        if dynamic:
            open_environment(builder, static, parameter_static)
    unit.variable_scope = static
    declare_body(builder, scope, static, parameter_static, names, arguments_needed, dynamic)
    for declaration in scope.functions:
        hoist(builder, declaration, static)
    body_with_resources(builder, node.body, scope)
    if unit.derived:
        return_from_derived(builder, builder.constant(None))


def _learn_kinds(builder: Builder, node: js.Function) -> None:
    """Find out which names hold Numbers; where the function is private to the one around, more is known already."""
    unit = builder.unit
    scope = node.scope
    private = None
    if scope.functions and scope.parameter_scope is None:
        unit.private = private = private_functions(node.body, scope)
    if private is not None:
        unit.numeric |= private.numeric
        unit.counters |= private.counters
    elif has_loop(node.body) and not unit.numeric:
        unit.numeric, unit.counters = infer(node.body, scope)


def _coerce_this(builder: Builder) -> None:
    """10.2.1.2 for sloppy code: an object has the attribute, anything else is converted."""
    this = builder.unit.given.this
    probe = builder.evaluating(builder.attribute(builder.name(this), "extensible_"))
    with builder.collected() as emitted:
        builder.assign(this, builder.call("sloppy_this_", builder.name(this)))
    builder.try_([probe], ("attribute_error_",), emitted)


def _name_scope(builder: Builder, name: str, binding: Binding, dynamic: bool) -> StaticScope:
    """15.2.5: the scope of a function expression's own name."""
    unit = builder.unit
    scope = StaticScope(builder.scope, unit)
    unit.given.uses_callee = True
    if dynamic:
        open_environment(builder, scope, builder.scope)
        builder.evaluate(
            builder.call(
                "bind_function_name_",
                record_of(builder, scope),
                builder.constant(name),
                builder.name("callee_"),
            )
        )
    else:
        scope.variables[name] = Variable("callee_", unit, binding)
    return scope


def _simple_parameters(
    builder: Builder, node: js.Function, scope: StaticScope, arguments_needed: bool
) -> None:
    unit = builder.unit
    hosts = []
    names = node.scope.parameter_names
    last = {name: position for position, name in enumerate(names)}
    for position, name in enumerate(names):
        if last[name] == position:
            variable = declare(builder, scope, name, node.scope.bindings.get(name))
            variable.ready = True
            hosts.append(variable.host)
        else:
            hosts.append(builder.fresh(name))
    if not arguments_needed:
        unit.signature.parameters = hosts
        unit.signature.arity = len(hosts)
        return
    unit.signature.rest = "arguments@"
    _unpack(builder, hosts)
    variable = declare(builder, scope, "arguments", None)
    if node.strict:
        builder.assign(variable.host, builder.call("unmapped_arguments_", builder.name("arguments@")))
        return
    unit.given.uses_callee = True
    mapped = [(position, hosts[position]) for position in sorted(last.values())]
    builder.assign(variable.host, _mapped_arguments(builder, mapped))


def _mapped_arguments(builder: Builder, mapped: list[tuple[int, str]]) -> ast.expr:
    """10.4.4.7: getters and setters of the parameters as host closures."""
    pairs = []
    for position, host in mapped:
        setter = make_setter(builder, host)
        getter = builder.thunk(builder.name(host))
        pairs.append(builder.tuple_of([builder.constant(position), getter, setter]))
    return builder.call(
        "mapped_arguments_", builder.name("arguments@"), builder.name("callee_"), builder.tuple_of(pairs)
    )


def _unpack(builder: Builder, hosts: list[str]) -> None:
    for position, host in enumerate(hosts):
        present = builder.comparison(
            ">", builder.call("len_", builder.name("arguments@")), builder.constant(position)
        )
        item = builder.subscript(builder.name("arguments@"), builder.constant(position))
        builder.assign(host, builder.choice(present, item, builder.constant(None)))


def _complex_parameters(
    builder: Builder, node: js.Function, scope: StaticScope, arguments_needed: bool, dynamic: bool
) -> None:
    unit = builder.unit
    unit.signature.rest = "arguments@"
    if arguments_needed:
        declare_binding(builder, scope, "arguments", None, dynamic)
        if node.strict or not node.scope.has_simple_parameters:
            made = builder.call("unmapped_arguments_", builder.name("arguments@"))
        else:
            unit.given.uses_callee = True
            made = builder.call(
                "mapped_in_environment_",
                builder.name("arguments@"),
                builder.name("callee_"),
                record_of(builder, scope),
                builder.constant(tuple(node.scope.parameter_names)),
            )
        initialize_name(builder, "arguments", made)
    if dynamic and node.scope.has_simple_parameters:
        # Step 26: parameters are bound to undefined first, so that duplicates may follow.
        for name in dict.fromkeys(node.scope.parameter_names):
            initialize_name(builder, name, builder.constant(None))
    for position, element in enumerate(node.parameters):
        builder.at(element)
        present = builder.comparison(
            ">", builder.call("len_", builder.name("arguments@")), builder.constant(position)
        )
        item = builder.subscript(builder.name("arguments@"), builder.constant(position))
        value = builder.result(builder.choice(present, item, builder.constant(None)))
        assign_element(builder, element, None, value.expression, initialize=True, source="")
    if node.rest is not None:
        builder.at(node)
        packed = builder.call(
            "rest_array_", builder.name("arguments@"), builder.constant(len(node.parameters))
        )
        assign_target(builder, node.rest, packed, initialize=True, source="")


def declare_body(
    builder: Builder,
    scope: FunctionScope,
    static: StaticScope,
    parameters: StaticScope,
    parameter_names: set[str],
    arguments_needed: bool,
    dynamic: bool,
) -> None:
    """Steps 27 to 34: declare the variables and lexical names of a body."""
    separate = scope.parameter_scope is not None
    empty: list[str] = []
    functions = {declaration.bound_name for declaration in scope.functions}
    for name in dict.fromkeys([*scope.var_names, *scope.annex_b_names]):
        known = name in parameter_names or (arguments_needed and name == "arguments")
        if known and not separate:
            continue
        binding = scope.bindings.get(name)
        if known:
            builder.scope = parameters
            initial = read_name(builder, name).expression
            builder.scope = static
            declare_binding(builder, static, name, binding, dynamic)
            initialize_name(builder, name, initial)
        elif dynamic:
            declare_binding(builder, static, name, binding, dynamic)
            initialize_name(builder, name, builder.constant(None))
        else:
            variable = declare(builder, static, name, binding)
            variable.ready = True
            if name not in functions:
                empty.append(variable.host)
    if empty:
        builder.emit(ast.Assign([builder.target(host) for host in empty], builder.constant(None)))
    lexical = static
    if dynamic and not builder.unit.strict and scope.lexical_names:
        # Step 30: in sloppy code a record of their own, so that a direct eval's var can conflict.
        lexical = StaticScope(static, builder.unit)
        open_environment(builder, lexical, static)
        builder.scope = lexical
    for name, binding in scope.bindings.items():
        if name in scope.lexical_names:
            declare_binding(builder, lexical, name, binding, dynamic)
        elif (
            not dynamic
            and name not in static.variables
            and name not in parameters.variables
            and binding.kind in ("var", "function")
        ):
            declare(builder, static, name, binding).ready = True


EXPRESSIONS: Expressions = dict(
    [
        row(js.FunctionExpression, _function_expression),
    ]
)
