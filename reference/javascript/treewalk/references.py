"""ECMA-262 6.2.5: the operations on Reference Records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.environments import resolve_binding
from lockstep.reference.javascript.runtime.objects.description import describe, unreadable
from lockstep.reference.javascript.runtime.operations.conversion import to_property_key
from lockstep.reference.javascript.runtime.operations.objects import (
    get_v,
    private_get,
    private_set,
)
from lockstep.reference.javascript.runtime.operations.references import put_named, put_super, put_unresolvable
from lockstep.reference.javascript.runtime.values import PrivateName, Value, null, undefined
from lockstep.reference.javascript.treewalk.reference_record import Reference

if TYPE_CHECKING:
    from lockstep.reference.javascript.treewalk.context import ExecutionContext


def resolve(name: str, context: ExecutionContext) -> Reference:
    """9.4.2 ResolveBinding."""
    environment = resolve_binding(context.environment, name)
    kind = "unresolvable" if environment is None else "environment"
    return Reference(kind, environment, name, context.strict)


def get_value(reference: Reference, context: ExecutionContext) -> Value:
    """6.2.5.5 GetValue ( V )."""
    kind = reference.kind
    if kind == "environment":
        # 4.
        return reference.base.get_binding_value(reference.name, reference.strict)
    if kind == "unresolvable":
        # 2.
        raise reference_error(f"{reference.name} is not defined")
    # 3.a. Let baseObj be ? ToObject(V.[[Base]]).
    base: Any = reference.base
    if base is undefined or base is null:
        if isinstance(reference.name, PrivateName):
            raise unreadable(base, reference.name.description)
        raise unreadable(base, reference.name)
    if kind == "private":
        # 3.b.
        return private_get(base, reference.name)
    # 3.c. ToPropertyKey was deferred to here.
    reference.name = to_property_key(reference.name)
    if kind == "super":
        return base.get_value(reference.name, reference.this_value)
    # 3.d.
    return get_v(context.realm, base, reference.name)


def put_value(reference: Reference, value: Value, context: ExecutionContext) -> None:
    """6.2.5.6 PutValue ( V, W )."""
    kind = reference.kind
    if kind == "unresolvable":
        # 2.
        put_unresolvable(context.realm, reference.name, value, reference.strict)
        return
    if kind == "environment":
        # 4.
        reference.base.set_mutable_binding(reference.name, value, reference.strict)
        return
    if kind == "private":
        # 3.b.
        if reference.base is undefined or reference.base is null:
            shown = "undefined" if reference.base is undefined else "null"
            raise type_error(f"Cannot set properties of {shown} (setting '{reference.name.description}')")
        private_set(reference.base, reference.name, value)
        return
    if kind == "super":
        reference.name = to_property_key(reference.name)
        put_super(reference.base, reference.name, value, reference.this_value, reference.strict)
        return
    # 3.a.
    base = reference.base
    if base is undefined or base is null:
        shown = "undefined" if base is undefined else "null"
        raise type_error(f"Cannot set properties of {shown} (setting '{describe(reference.name)}')")
    # 3.c. to e.
    reference.name = to_property_key(reference.name)
    put_named(context.realm, base, reference.name, value, reference.strict)


def initialize_referenced_binding(reference: Reference, value: Value) -> None:
    """6.2.5.8 InitializeReferencedBinding."""
    reference.base.initialize_binding(reference.name, value)
