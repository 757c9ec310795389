"""ECMA-262 13.3.2 and 13.3.7: members, and their values."""

from __future__ import annotations

import ast
from typing import Callable

from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.operations.conversion import canonical_numeric_index
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder, Expressions
from lockstep.reference.javascript.vm.generation.enclosing import home_object, private_name, this_value
from lockstep.reference.javascript.vm.generation.names import resolve
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import kept_over, repeatable
from lockstep.reference.javascript.vm.generation.tables import row

# What host classes have by themselves, besides what stands in them.
_TYPE_NAMES = frozenset(dir(type))
# Strings are the primitives whose methods are called often: they are read on a probe, see `probe`.
_STRING_METHODS = frozenset(
    [
        "at",
        "charAt",
        "charCodeAt",
        "codePointAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "lastIndexOf",
        "match",
        "padEnd",
        "padStart",
        "repeat",
        "replace",
        "replaceAll",
        "slice",
        "split",
        "startsWith",
        "substring",
        "toLowerCase",
        "toUpperCase",
        "trim",
    ]
)


def member(builder: Builder, base: ast.expr, name: str) -> Operand:
    """GetValue of `base.name`; `base` may stand twice."""
    if name == "length":
        return _get_length(builder, base)
    identifier = builder.temporary()
    slow = builder.call("get_named_", base, builder.constant(name))
    holder = base
    if name in _STRING_METHODS:
        is_string = builder.comparison("is", builder.attribute(base, "__class__"), builder.name("str_"))
        holder = builder.choice(is_string, builder.name("string_probe_"), base)
    builder.guarded(identifier, builder.attribute(holder, host_name(name)), ("attribute_error_",), slow)
    return Operand(builder.name(identifier))


def _get_length(builder: Builder, base: ast.expr) -> Operand:
    """`base.length`: how many code units a String has, or elements a fast array."""
    identifier = builder.temporary()
    with builder.collected() as otherwise:
        builder.assign(identifier, builder.call("get_length_", base))
    measure(builder, base, lambda size: builder.assign(identifier, builder.call("float_", size)), otherwise)
    return Operand(builder.name(identifier))


def measure(
    builder: Builder, base: ast.expr, use: Callable[[ast.expr], None], otherwise: list[ast.stmt]
) -> None:
    """Emit the use of the length of a String or of a fast array, a host int; else `otherwise`."""
    elements = builder.temporary()
    with builder.collected() as of_string:
        use(builder.call("len_", base))
    with builder.collected() as of_array:
        use(builder.call("len_", builder.name(elements)))
    with builder.collected() as of_object:
        builder.guarded(
            elements, builder.attribute(base, "elements_"), ("attribute_error_",), builder.constant(None)
        )
        is_list = builder.comparison(
            "is", builder.attribute(builder.name(elements), "__class__"), builder.name("list_")
        )
        builder.if_(is_list, of_array, otherwise)
    is_string = builder.comparison("is", builder.attribute(base, "__class__"), builder.name("str_"))
    builder.if_(is_string, of_string, of_object)


def _dot_member(builder: Builder, node: js.DotMember) -> Operand:
    base = repeatable(builder, builder.expression(node.base))
    builder.at(node)
    if node.optional:
        end_chain_if_nullish(builder, base)
    return member(builder, base, node.name)


def _computed_member(builder: Builder, node: js.ComputedMember) -> Operand:
    operand = builder.expression(node.base)
    base = kept_over(builder, operand, node.expression)
    if node.optional:
        base = builder.saved(Operand(base, stable=operand.stable))
        end_chain_if_nullish(builder, base)
    counter = counter_of(builder, node.expression)
    if counter is not None:
        builder.at(node)
        return _get_indexed(builder, builder.saved(Operand(base, stable=operand.stable)), counter)
    key = builder.expression(node.expression)
    builder.at(node)
    return get_computed(builder, base, key)


def counter_of(builder: Builder, node: js.Node) -> str | None:
    """The host int that goes with a loop counter, where `node` is one."""
    if not isinstance(node, js.IdentifierReference):
        return None
    found, _ = resolve(builder.scope, node.name)
    variable = found.variable
    if variable is None or not variable.counter or variable.unit is not builder.unit or not variable.ready:
        return None
    return variable.counter


def _get_indexed(builder: Builder, base: ast.expr, counter: str) -> Operand:
    """`base[i]` for a host int: the host's own indexing of an array's elements or a String."""
    identifier = builder.temporary()
    is_string = builder.comparison("is", builder.attribute(base, "__class__"), builder.name("str_"))
    elements = builder.choice(is_string, base, builder.attribute(base, "elements_"))
    slow = builder.call("get_indexed_", base, builder.name(counter))
    fast = builder.subscript(elements, builder.name(counter))
    builder.guarded(identifier, fast, ("index_errors_",), slow)
    with builder.collected() as emitted:
        builder.assign(identifier, slow)
        hole = builder.comparison("is", builder.name(identifier), builder.name("hole_"))
    builder.if_(hole, emitted)
    return Operand(builder.name(identifier))


def get_computed(builder: Builder, base: ast.expr, key: Operand) -> Operand:
    """GetValue of `base[key]`."""
    name = constant_key(key)
    if name is not None:
        return member(builder, builder.saved(Operand(base)), name)
    if key.kind == "number":
        return _get_element(builder, builder.saved(Operand(base)), repeatable(builder, key))
    return builder.result(builder.call("get_computed_", base, key.expression))


def _get_element(builder: Builder, base: ast.expr, key: ast.expr) -> Operand:
    """`base[key]` for a Number: the element of a fast array or a String, here and now, where there is one."""
    index, identifier = builder.temporary(), builder.temporary()
    position, hole = builder.name(index), builder.name("hole_")
    is_string = builder.comparison("is", builder.attribute(base, "__class__"), builder.name("str_"))
    elements = builder.choice(is_string, base, builder.attribute(base, "elements_"))
    is_index = builder.both(
        builder.comparison("==", position, key), builder.comparison(">=", position, builder.constant(0))
    )
    with builder.collected() as reads:
        builder.assign(index, builder.call(builder.attribute(key, "__trunc__")))
        builder.assign(identifier, builder.choice(is_index, builder.subscript(elements, position), hole))
    with builder.collected() as fails:
        builder.assign(identifier, hole)
    builder.try_(reads, ("element_errors_",), fails)
    with builder.collected() as slowly:
        builder.assign(identifier, builder.call("get_computed_", base, key))
    builder.if_(builder.comparison("is", builder.name(identifier), hole), slowly)
    return Operand(builder.name(identifier))


def constant_key(key: Operand) -> str | None:
    """The property name that a key always is, where that is a host attribute."""
    node = key.expression
    if key.kind == "string" and isinstance(node, ast.Constant):
        name = node.value
        # A numeric string names an element of a TypedArray (10.4.5), never a host attribute.
        if isinstance(name, str) and canonical_numeric_index(name) is None:
            return name
    return None


def _private_member(builder: Builder, node: js.PrivateMember) -> Operand:
    base = builder.saved(builder.expression(node.base))
    builder.at(node)
    if node.optional:
        end_chain_if_nullish(builder, base)
    return private_element(builder, base, private_name(builder, node.name))


def private_element(builder: Builder, base: ast.expr, name: ast.expr) -> Operand:
    """7.3.30 PrivateGet: a field is what stands there, the rest is asked for."""
    value = builder.temporary()
    elements = builder.attribute(base, "private_")
    slow = builder.call("private_get_", base, name)
    is_function = builder.comparison(
        "is", builder.attribute(builder.name(value), "__class__"), builder.name("private_functions_")
    )
    with builder.collected() as otherwise:
        builder.if_(is_function, [builder.assigning(value, slow)])
    builder.guarded(value, builder.subscript(elements, name), ("private_errors_",), slow, otherwise)
    return Operand(builder.name(value))


def _private_in(builder: Builder, node: js.PrivateIn) -> Operand:
    value = builder.saved(builder.expression(node.right))
    builder.at(node)
    return builder.result(builder.call("private_has_", value, private_name(builder, node.name)), "boolean")


def _super_dot(builder: Builder, node: js.SuperDot) -> Operand:
    this = this_value(builder)
    home = home_object(builder)
    slow = builder.call("get_super_", home, builder.constant(node.name), this.expression)
    if node.name in _TYPE_NAMES:
        return builder.result(slow)
    # The mirror of the home object's prototype has its data properties, and those that it inherits.
    value = builder.temporary()
    mirror = builder.attribute(builder.attribute(home, "prototype_"), "mirror_")
    found = builder.attribute(mirror, host_name(node.name))
    builder.guarded(value, found, ("attribute_error_",), slow)
    return Operand(builder.name(value))


def _super_computed(builder: Builder, node: js.SuperComputed) -> Operand:
    this = builder.saved(this_value(builder))
    key = builder.saved(builder.expression(node.expression))
    builder.at(node)
    # 13.3.7.3, steps 2 to 4: the base is found before the key is converted.
    base = builder.result(builder.call("super_base_", home_object(builder))).expression
    return builder.result(builder.call("get_from_super_", base, key, this))


def end_chain_if_nullish(builder: Builder, base: ast.expr) -> None:
    """13.3.9: leave the chain around where `base` is undefined or null."""
    with builder.collected() as emitted:
        builder.emit(builder.placed(ast.Break()))
        test = builder.is_nullish(base)
    builder.if_(test, emitted)


EXPRESSIONS: Expressions = dict(
    [
        row(js.DotMember, _dot_member),
        row(js.ComputedMember, _computed_member),
        row(js.PrivateMember, _private_member),
        row(js.PrivateIn, _private_in),
        row(js.SuperDot, _super_dot),
        row(js.SuperComputed, _super_computed),
    ]
)
