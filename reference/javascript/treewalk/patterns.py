"""ECMA-262 8.6.2, 8.6.3, 13.15.5 and 14.3.3: binding initialization and destructuring.

Binding patterns and assignment patterns differ in what their targets are: an `environment` is given where names
are initialized in it; without one, targets are assigned.
"""

from __future__ import annotations

from lockstep.reference.javascript.runtime.environments import EnvironmentRecord
from lockstep.reference.javascript.runtime.objects.description import Naming, not_destructurable
from lockstep.reference.javascript.runtime.operations.iteration import DONE, IteratorRecord, get_iterator
from lockstep.reference.javascript.runtime.operations.objects import copy_data_properties, get_v
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, null, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.callee_names import first_key, reads_first
from lockstep.reference.javascript.treewalk.context import ExecutionContext
from lockstep.reference.javascript.treewalk.property_names import property_name
from lockstep.reference.javascript.treewalk.reference_record import Reference
from lockstep.reference.javascript.treewalk.references import (
    initialize_referenced_binding,
    put_value,
    resolve,
)


def binding_initialization(
    target: ast.Target,
    value: Value,
    environment: EnvironmentRecord | None,
    context: ExecutionContext,
    naming: Naming = "",
) -> None:
    """8.6.2 BindingInitialization; `naming` tells how messages call the value."""
    if isinstance(target, ast.Pattern):
        destructure(target, value, environment, context, naming)
    else:
        assert isinstance(target, ast.BindingIdentifier)
        initialize_bound_name(target.name, value, environment, context)


def initialize_bound_name(
    name: str, value: Value, environment: EnvironmentRecord | None, context: ExecutionContext
) -> None:
    """8.6.2.1 InitializeBoundName."""
    if environment is not None:
        environment.initialize_binding(name, value)
    else:
        put_value(resolve(name, context), value, context)


def destructuring_assignment(
    pattern: ast.Pattern, value: Value, context: ExecutionContext, naming: Naming = ""
) -> None:
    """13.15.5.2 DestructuringAssignmentEvaluation."""
    destructure(pattern, value, None, context, naming)


def destructure(
    pattern: ast.Pattern,
    value: Value,
    environment: EnvironmentRecord | None,
    context: ExecutionContext,
    naming: Naming | None = None,
) -> None:
    """BindingInitialization or DestructuringAssignmentEvaluation of a pattern; `naming` is None inside another one."""
    if isinstance(pattern, ast.ObjectPattern):
        # ObjectBindingPattern: 1. Perform ? RequireObjectCoercible(value).
        if value is undefined or value is null:
            raise not_destructurable(value, None if reads_first(pattern) else naming, first_key(pattern))
        object_pattern(pattern, value, environment, context)
        return
    assert isinstance(pattern, ast.ArrayPattern)
    # ArrayBindingPattern: 1. Let iteratorRecord be ? GetIterator(value, sync).
    record = get_iterator(context.realm, value, naming if naming and naming != ".catch" else "")
    try:
        array_pattern(pattern, record, environment, context)
    except BaseException as error:
        # 3. If iteratorRecord.[[Done]] is false, return ? IteratorClose(iteratorRecord, result).
        if not record.done:
            record.close(error)
        raise
    if not record.done:
        record.close()


def target_reference(
    target: ast.Target, environment: EnvironmentRecord | None, context: ExecutionContext
) -> Reference | None:
    """The reference of a target that is no pattern; None for a pattern."""
    if isinstance(target, ast.Pattern):
        return None
    if isinstance(target, ast.BindingIdentifier):
        if environment is not None:
            return Reference("environment", environment, target.name, context.strict)
        return resolve(target.name, context)
    return context.reference(target)


def store(
    target: ast.Target,
    reference: Reference | None,
    value: Value,
    environment: EnvironmentRecord | None,
    context: ExecutionContext,
) -> None:
    """The last steps of every element: into the pattern, the new binding, or the reference."""
    if isinstance(target, ast.Pattern):
        destructure(target, value, environment, context)
    else:
        assert reference is not None
        if environment is not None:
            initialize_referenced_binding(reference, value)
        else:
            put_value(reference, value, context)


def initialized(
    element: ast.PatternElement, value: Value, reference: Reference | None, context: ExecutionContext
) -> Value:
    """The value of an element, or of its initializer where that is undefined."""
    if value is not undefined or element.initializer is None:
        return value
    if element.names_function and reference is not None:
        return context.named_evaluation(element.initializer, reference.name)
    return context.evaluate(element.initializer)


# 14.3.3.1 PropertyBindingInitialization, 13.15.5.3 PropertyDestructuringAssignmentEvaluation
def object_pattern(
    pattern: ast.ObjectPattern, value: Value, environment: EnvironmentRecord | None, context: ExecutionContext
) -> None:
    """The properties of an object pattern, and its rest."""
    excluded: list[PropertyKey] = []
    for definition in pattern.properties:
        key = property_name(definition.key, context)
        excluded.append(key)
        element = definition.element
        # 14.3.3.3 KeyedBindingInitialization, 13.15.5.6 KeyedDestructuringAssignmentEvaluation
        reference = target_reference(element.target, environment, context)
        found = initialized(element, get_v(context.realm, value, key), reference, context)
        store(element.target, reference, found, environment, context)
    if pattern.rest is not None:
        # 14.3.3.2 RestBindingInitialization, 13.15.5.4 RestDestructuringAssignmentEvaluation
        reference = target_reference(pattern.rest, environment, context)
        rest = copy_data_properties(context.realm, context.realm.make_object(), value, excluded)
        store(pattern.rest, reference, rest, environment, context)


def _step(record: IteratorRecord) -> Value:
    """IteratorStepValue, undefined once the iterator is done."""
    if record.done:
        return undefined
    value = record.step()
    return undefined if value is DONE else value


# 8.6.3 IteratorBindingInitialization, 13.15.5.5 IteratorDestructuringAssignmentEvaluation
def array_pattern(
    pattern: ast.ArrayPattern,
    record: IteratorRecord,
    environment: EnvironmentRecord | None,
    context: ExecutionContext,
) -> None:
    """The elements of an array pattern, and its rest."""
    for element in pattern.elements:
        if element is None:
            # Elision: IteratorStep, which does not ask for the value.
            if not record.done:
                record.is_done_after_step()
            continue
        reference = target_reference(element.target, environment, context)
        value = initialized(element, _step(record), reference, context)
        store(element.target, reference, value, environment, context)
    if pattern.rest is not None:
        reference = target_reference(pattern.rest, environment, context)
        values = []
        while not record.done:
            value = record.step()
            if value is not DONE:
                values.append(value)
        store(pattern.rest, reference, context.realm.make_array(values), environment, context)
