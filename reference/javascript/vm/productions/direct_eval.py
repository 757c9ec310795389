"""ECMA-262 13.3.6.1, step 6, and 19.2.1.1: calls that may be a direct eval."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import private_name, shared_this
from lockstep.reference.javascript.vm.generation.names import Unit
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import record_of
from lockstep.reference.javascript.vm.productions.calls import argument_list, call_expression, callee_and_this


def _call_or_eval(builder: Builder, node: js.Call) -> Operand:
    return _direct_eval(builder, node) if node.is_direct_eval else call_expression(builder, node)


def _direct_eval(builder: Builder, node: js.Call) -> Operand:
    function, this = callee_and_this(builder, node.callee)
    callee = builder.saved(function)
    packed = argument_list(builder, node.arguments)
    builder.at(node)
    owner = builder.unit.owner
    scope = builder.scope
    while scope is not None and not scope.environment:
        scope = scope.parent
    lexical = record_of(builder, scope) if scope is not None else builder.name("global_environment_")
    variables = _variable_environment(builder)
    private = _visible_private_names(builder)
    kind = owner.kind
    in_eval = kind == "eval"
    in_function = kind not in ("", "module", "eval") or owner.rejects_arguments
    flags = (
        builder.compilation.eval_flags
        if in_eval
        else {
            "in_function": in_function,
            "in_method": kind in ("method", "get", "set", "constructor", "derived"),
            "in_derived_constructor": kind == "derived",
            "in_class_field_initializer": owner.rejects_arguments,
        }
    )
    if in_function or in_eval:
        owner.given.uses_new_target = True
        target: ast.expr = builder.name("new_target")
    else:
        target = builder.constant(None)
    function_object: ast.expr = builder.constant(None)
    if in_function or in_eval:
        owner.given.uses_callee = True
        function_object = builder.name("callee_")
    binding = shared_this(builder)
    bound_elsewhere = owner.derived or owner.given.binding
    bound: ast.expr = builder.constant(None) if bound_elsewhere else builder.name(owner.given.this)
    flag_items = tuple(sorted(flags.items()))
    return builder.result(
        builder.call(
            "direct_eval_",
            callee,
            this,
            packed,
            lexical,
            variables,
            bound,
            binding,
            target,
            function_object,
            builder.constant(builder.unit.strict),
            builder.constant(flag_items),
            builder.constant(tuple(private)),
            builder.tuple_of([private_name(builder, name) for name in private]),
        )
    )


def _variable_environment(builder: Builder) -> ast.expr:
    unit: Unit | None = builder.unit
    while unit is not None:
        scope = unit.variable_scope
        if scope is not None and unit.kind != "class":
            return record_of(builder, scope) if scope.environment else builder.name("global_environment_")
        if unit.rejects_arguments:
            current = builder.scope
            while current is not None and not current.environment:
                current = current.parent
            if current is not None:
                return record_of(builder, current)
        unit = unit.parent
    return builder.name("global_environment_")


def _visible_private_names(builder: Builder) -> list[str]:
    names: list[str] = []
    scope = builder.scope
    while scope is not None:
        names.extend(name for name in scope.variables if name.startswith("#"))
        scope = scope.parent
    return list(dict.fromkeys(names))


EXPRESSIONS: Expressions = dict([row(js.Call, _call_or_eval)])
