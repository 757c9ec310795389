"""ECMA-262 13.3: calls, optional chains, tagged templates and dynamic imports."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.callee_names import callee_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import (
    private_name,
    this_value,
)
from lockstep.reference.javascript.vm.generation.names import resolve
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import kept_over
from lockstep.reference.javascript.vm.generation.tables import row
from lockstep.reference.javascript.vm.generation.variables import prepare_name, read_dynamic
from lockstep.reference.javascript.vm.productions.members import (
    end_chain_if_nullish,
    get_computed,
    member,
    private_element,
)

_ENTRIES = ("call_0", "call_1", "call_2", "call_3")


def _import_call(builder: Builder, node: js.ImportCall) -> Operand:
    specifier = builder.saved(builder.expression(node.specifier))
    options: ast.expr = builder.constant(None)
    if node.options is not None:
        options = builder.saved(builder.expression(node.options))
    builder.at(node)
    return builder.result(
        builder.call(
            "import_",
            builder.constant(builder.compilation.filename),
            specifier,
            options,
            builder.constant(node.phase),
        )
    )


# Optional chains


def _optional_chain(builder: Builder, node: js.OptionalChain) -> Operand:
    return _chain(builder, node, as_callee=False)[0]


def _chain(builder: Builder, node: js.OptionalChain, *, as_callee: bool) -> tuple[Operand, ast.expr]:
    """The chain's value and, for a callee, its `this`: a one-shot host loop that a short circuit leaves."""
    value = builder.fresh("chain")
    this = builder.fresh("chain")
    builder.assign(value, builder.constant(None))
    if as_callee:
        builder.assign(this, builder.constant(None))
    with builder.collected() as emitted:
        if as_callee:
            operand, receiver = callee_and_this(builder, node.expression)
            builder.assign(this, receiver)
        else:
            operand = builder.expression(node.expression)
        builder.assign(value, operand.expression)
        builder.emit(builder.placed(ast.Break()))
    builder.forever(emitted)
    return Operand(builder.name(value)), builder.name(this)


# Calls


def call_expression(builder: Builder, node: js.Call) -> Operand:
    """13.3.6.1, but for direct eval."""
    function, this = callee_and_this(builder, node.callee)
    if node.optional:
        callee = builder.saved(function)
        end_chain_if_nullish(builder, callee)
        function = Operand(callee)
    return invoke(builder, node, function, this)


def invoke(builder: Builder, node: js.Call, function: Operand, this: ast.expr) -> Operand:
    """13.3.6.2 EvaluateCall."""
    if any(argument.__class__ is js.SpreadElement for argument in node.arguments):
        callee = builder.saved(function)
        packed = argument_list(builder, node.arguments)
        builder.at(node)
        check = builder.call(
            "entry_", callee, builder.constant(9), builder.constant(callee_name(node.callee))
        )
        entry = builder.result(check)
        return builder.result(builder.call(entry.expression, this, builder.starred(packed)))
    kind = _kind_of_call(builder, node)
    callee = kept_over(builder, function, *node.arguments)
    arguments = argument_values(builder, node.arguments)
    builder.at(node)
    count = len(arguments)
    name = _ENTRIES[count] if count < len(_ENTRIES) else "call_n"
    if not isinstance(callee, ast.Name):
        callee = builder.saved(Operand(callee))
    identifier = builder.temporary()
    slow = builder.call("entry_", callee, builder.constant(count), builder.constant(callee_name(node.callee)))
    builder.guarded(identifier, builder.attribute(callee, name), ("attribute_error_",), slow)
    return builder.result(builder.call(builder.name(identifier), this, *arguments), kind)


def _kind_of_call(builder: Builder, node: js.Call) -> str:
    """What kind of value a call gives, where it is one of a private function."""
    if not isinstance(node.callee, js.IdentifierReference):
        return ""
    found, _ = resolve(builder.scope, node.callee.name)
    return "" if found.variable is None else found.variable.returns


def argument_values(builder: Builder, nodes: Sequence[js.Expression]) -> list[ast.expr]:
    """The argument values, none of them spread."""
    return [
        kept_over(builder, builder.expression(node), *nodes[position + 1 :])
        for position, node in enumerate(nodes)
    ]


def argument_list(builder: Builder, nodes: Sequence[js.Expression]) -> ast.expr:
    """The argument values as a host list, spread ones included."""
    items: list[ast.expr] = []
    for node in nodes:
        if isinstance(node, js.SpreadElement):
            operand = builder.expression(node.argument)
            builder.at(node)
            items.append(
                builder.starred(
                    builder.result(
                        builder.call(
                            "argument_spread_",
                            operand.expression,
                            builder.constant(callee_name(node.argument)),
                        )
                    ).expression
                )
            )
        else:
            items.append(builder.saved(builder.expression(node)))
    return builder.result(builder.list_of(items)).expression


def callee_and_this(builder: Builder, node: js.Node) -> tuple[Operand, ast.expr]:
    """The function that a callee names, and the `this` it gets."""
    if isinstance(node, (js.DotMember, js.PrivateMember)):
        base = builder.saved(builder.expression(node.base))
        builder.at(node)
        if node.optional:
            end_chain_if_nullish(builder, base)
        if isinstance(node, js.DotMember):
            return member(builder, base, node.name), base
        return private_element(builder, base, private_name(builder, node.name)), base
    if isinstance(node, js.ComputedMember):
        base = builder.saved(builder.expression(node.base))
        builder.at(node)
        if node.optional:
            end_chain_if_nullish(builder, base)
        key = builder.expression(node.expression)
        builder.at(node)
        return get_computed(builder, base, key), base
    if isinstance(node, (js.SuperDot, js.SuperComputed)):
        this = builder.saved(this_value(builder))
        return builder.expression(node), this
    if isinstance(node, js.IdentifierReference):
        found, _ = resolve(builder.scope, node.name)
        if found.environment is not None:
            return _dynamic_callee(builder, node)
    if isinstance(node, js.OptionalChain):
        return _chain(builder, node, as_callee=True)
    return builder.expression(node), builder.constant(None)


def _dynamic_callee(builder: Builder, node: js.IdentifierReference) -> tuple[Operand, ast.expr]:
    found, rest, holder = prepare_name(builder, node.name)
    this = builder.result(builder.call("with_base_", builder.name(holder))).expression
    return read_dynamic(builder, found, rest, node.name, holder), this


def _tagged_template(builder: Builder, node: js.TaggedTemplate) -> Operand:
    function, this = callee_and_this(builder, node.tag)
    callee = builder.saved(function)
    template = node.template
    site = builder.call(
        "template_object_",
        builder.name("templates@"),
        builder.constant((builder.compilation.filename, template.start, template.end)),
        builder.constant(tuple(template.cooked)),
        builder.constant(tuple(template.raw)),
    )
    strings = builder.result(site).expression
    arguments = [builder.saved(builder.expression(part)) for part in template.expressions]
    builder.at(node)
    entry = builder.result(
        builder.call("entry_", callee, builder.constant(9), builder.constant(callee_name(node.tag)))
    )
    return builder.result(builder.call(entry.expression, this, strings, *arguments))


EXPRESSIONS: Expressions = dict(
    [
        row(js.TaggedTemplate, _tagged_template),
        row(js.OptionalChain, _optional_chain),
        row(js.ImportCall, _import_call),
    ]
)
