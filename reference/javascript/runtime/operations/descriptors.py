"""ECMA-262 6.2.6: property descriptors as guest objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean
from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_ORDER = ("value", "writable", "get", "set", "enumerable", "configurable")


def from_property_descriptor(realm: Realm, descriptor: Property | None) -> Value:
    """6.2.6.4 FromPropertyDescriptor."""
    if descriptor is None:
        return undefined
    target = object_create(realm.object_prototype)
    for field in _ORDER:
        value = getattr(descriptor, field)
        if value is not ABSENT:
            target.__dict__[host_name(field)] = value
    return target


def to_property_descriptor(value: Value) -> Property:
    """6.2.6.5 ToPropertyDescriptor."""
    if not isinstance(value, JSObject):
        raise type_error(f"Property description must be an object: {describe(value)}")
    descriptor = Property()
    for field, name in (
        ("enumerable", "enumerable"),
        ("configurable", "configurable"),
        ("value", "value"),
        ("writable", "writable"),
    ):
        if value.has_property(name):
            found = value.get_value(name, value)
            setattr(descriptor, field, found if field == "value" else to_boolean(found))
    for field, label in (("get", "Getter"), ("set", "Setter")):
        if value.has_property(field):
            found = value.get_value(field, value)
            if found is not undefined and not is_callable(found):
                raise type_error(f"{label} must be a function")
            setattr(descriptor, field, found)
    if descriptor.is_accessor and descriptor.is_data:
        raise type_error("Cannot both specify accessors and a value or writable attribute")
    return descriptor
