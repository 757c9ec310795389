"""ECMA-262 13.15.5 and 14.3.3: destructuring."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.runtime.operations.conversion import canonical_numeric_index
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.callee_names import first_key, reads_first
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import Variable, resolve
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.operands import is_simple, named_for
from lockstep.reference.javascript.vm.generation.variables import initialize_name, prepare_name, write_name
from lockstep.reference.javascript.vm.productions.members import member
from lockstep.reference.javascript.vm.productions.references import NameReference, Reference, reference_to


def assign_pattern(
    builder: Builder, node: js.Pattern, value: ast.expr, *, initialize: bool, source: str | None
) -> None:
    """Destructure `value`, which may stand repeatedly.

    Args:
        builder: what is built.
        node: the pattern.
        value: what it takes apart.
        initialize: for lexical declarations.
        source: how messages call the value; None inside another pattern.
    """
    if isinstance(node, js.ObjectPattern):
        _object_pattern(builder, node, value, initialize, source)
    else:
        assert isinstance(node, js.ArrayPattern)
        _array_pattern(builder, node, value, initialize, source)


def assign_target(
    builder: Builder, target: js.Node, value: ast.expr, *, initialize: bool, source: str | None = None
) -> None:
    """Store into a name, reference or pattern; `source` as `assign_pattern` has it."""
    if isinstance(target, js.Pattern):
        saved = builder.saved(Operand(value, stable=False))
        assign_pattern(builder, target, saved, initialize=initialize, source=source)
    elif isinstance(target, js.BindingIdentifier):
        builder.at(target)
        if initialize:
            initialize_name(builder, target.name, value)
        else:
            write_name(builder, target.name, value)
    else:
        saved = builder.saved(Operand(value, stable=False))
        reference_to(builder, target).store(builder, saved)


def prepare_target(builder: Builder, target: js.Node, *, initialize: bool) -> Reference | None:
    """13.15.5.5, step 1: evaluate a target's reference before its value is fetched."""
    if isinstance(target, js.Pattern):
        return None
    if isinstance(target, js.BindingIdentifier):
        return None if initialize else NameReference(target.name, prepare_name(builder, target.name))
    return reference_to(builder, target)


def store_target(
    builder: Builder,
    target: js.Node,
    prepared: Reference | None,
    value: ast.expr,
    *,
    initialize: bool,
    source: str | None = None,
) -> None:
    """Store into what `prepare_target` prepared."""
    if prepared is not None:
        prepared.store(builder, value)
    else:
        assign_target(builder, target, value, initialize=initialize, source=source)


def assign_element(
    builder: Builder,
    element: js.PatternElement,
    prepared: Reference | None,
    value: ast.expr,
    initialize: bool,
    source: str | None = None,
) -> None:
    """A target with its default."""
    if element.initializer is not None:
        identifier = builder.fresh("value")
        builder.assign(identifier, value)
        with builder.collected() as emitted:
            operand = named_for(
                builder, element.initializer, element.target, names_function=element.names_function
            )
            builder.assign(identifier, operand.expression)
        builder.if_(builder.comparison("is", builder.name(identifier), builder.constant(None)), emitted)
        value = builder.name(identifier)
    store_target(builder, element.target, prepared, value, initialize=initialize, source=source)


def _object_pattern(
    builder: Builder, node: js.ObjectPattern, value: ast.expr, initialize: bool, source: str | None
) -> None:
    builder.at(node)
    naming = builder.constant(None if reads_first(node) else source)
    with builder.collected() as refused:
        builder.evaluate(builder.call("refuse_pattern_", value, naming, builder.constant(first_key(node))))
        test = builder.is_nullish(value)
    builder.if_(test, refused)
    seen: list[ast.expr] = []
    for item in node.properties:
        builder.at(item)
        if isinstance(item.key, str):
            key: ast.expr = builder.constant(item.key)
        else:
            operand = builder.expression(item.key.expression)
            key = builder.result(builder.call("to_property_key_", operand.expression)).expression
        seen.append(key)
        prepared = prepare_target(builder, item.element.target, initialize=initialize)
        if isinstance(item.key, str) and canonical_numeric_index(item.key) is None:
            fetched = member(builder, value, item.key)
        else:
            # An index names an element or a String's character, never a host attribute.
            fetched = builder.result(builder.call("get_computed_", value, key))
        assign_element(builder, item.element, prepared, fetched.expression, initialize)
    if node.rest is not None:
        prepared = prepare_target(builder, node.rest, initialize=initialize)
        rest = builder.result(builder.call("object_rest_", value, builder.tuple_of(seen)))
        store_target(builder, node.rest, prepared, rest.expression, initialize=initialize)


def _array_pattern(
    builder: Builder, node: js.ArrayPattern, value: ast.expr, initialize: bool, source: str | None
) -> None:
    builder.at(node)
    variables = _quiet_variables(builder, node)
    if variables is None:
        _iterated_pattern(builder, node, value, initialize, source)
        return
    ready = [variable.ready for variable in variables]
    # An array that nobody watches is read at once: storing what was read runs nothing that could change it.
    items = builder.stored(
        "items", builder.call("first_elements_", value, builder.constant(len(node.elements)))
    )
    with builder.collected() as fast:
        places = [builder.fresh("element") for _ in node.elements]
        builder.unpack(places, builder.name(items))
        for element, place in zip(node.elements, places):
            if element is not None:
                builder.at(element)
                assign_element(builder, element, None, builder.name(place), initialize)
    for variable, was_ready in zip(variables, ready):
        variable.ready = was_ready
    with builder.collected() as slow:
        _iterated_pattern(builder, node, value, initialize, source)
    builder.if_(builder.is_some(builder.name(items)), fast, slow)


def _naming(source: str | None) -> str:
    """Of what is iterated: values that stand in another pattern, or in no variable, have no name."""
    return "" if source in (None, ".catch") else source or ""


def _quiet_variables(builder: Builder, node: js.ArrayPattern) -> list[Variable] | None:
    """The variables of a pattern that only stores into host variables, with defaults that do nothing; else None."""
    if node.rest is not None or not node.elements:
        return None
    variables = []
    for element in node.elements:
        if element is None:
            continue
        if not isinstance(element.target, js.BindingIdentifier):
            return None
        variable = resolve(builder.scope, element.target.name)[0].variable
        if variable is None or not (element.initializer is None or is_simple(builder, element.initializer)):
            return None
        variables.append(variable)
    return variables


def _iterated_pattern(
    builder: Builder, node: js.ArrayPattern, value: ast.expr, initialize: bool, source: str | None
) -> None:
    """13.15.5.3 and 8.6.2, by the iterator."""
    record = builder.fresh("iterator")
    builder.assign(record, builder.call("get_iterator_", value, builder.constant(_naming(source))))
    with builder.collected() as body:
        for element in node.elements:
            if element is None:
                builder.evaluate(builder.call("iterator_skip_", builder.name(record)))
                continue
            builder.at(element)
            prepared = prepare_target(builder, element.target, initialize=initialize)
            fetched = builder.result(builder.call("iterator_next_", builder.name(record)))
            assign_element(builder, element, prepared, fetched.expression, initialize)
        if node.rest is not None:
            prepared = prepare_target(builder, node.rest, initialize=initialize)
            rest = builder.result(builder.call("iterator_rest_", builder.name(record)))
            store_target(builder, node.rest, prepared, rest.expression, initialize=initialize)
    error = builder.fresh("error")
    with builder.collected() as emitted:
        builder.evaluate(builder.call("iterator_fail_", builder.name(record), builder.name(error)))
        builder.emit(builder.placed(ast.Raise()))
    builder.try_(body, ("base_exception_",), emitted, bound=error)
    builder.evaluate(builder.call("iterator_end_", builder.name(record)))
