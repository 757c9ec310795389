"""ECMA-262 7.2.2 IsArray, 10.4.2.2 ArrayCreate, 10.4.2.3 ArraySpeciesCreate."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.objects.array import JSArray, array_set_length
from lockstep.reference.javascript.runtime.objects.function import function_realm
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.symbols import SPECIES
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def is_array(value: Value) -> bool:
    """7.2.2 IsArray."""
    if isinstance(value, JSArray):
        return True
    while isinstance(value, JSObject) and value.class_name_ == "Proxy":
        if value.handler_ is None:  # type: ignore[attr-defined]
            raise type_error("The proxy has been revoked")
        value = value.target_  # type: ignore[attr-defined]
    return isinstance(value, JSArray)


def array_create(realm: Realm, length: float, prototype: Any = None) -> JSArray:
    """10.4.2.2 ArrayCreate."""
    if length > 4294967295:
        raise range_error("Invalid array length")
    array: JSArray = realm.make_array([]) if prototype is None else object_create(prototype, JSArray)
    if length:
        realm.agent.budget.allocate(8 * int(length))
        array_set_length(array, Property(float(length)))
    return array


_constructor = attrgetter("constructor")


def makes_plain_arrays(realm: Realm, original: Value) -> bool:
    """Whether ArraySpeciesCreate makes an ordinary array of this realm, and looking is unobservable."""
    return (
        isinstance(original, JSArray)
        and original.elements_ is not None
        and original.prototype_ is realm.array_prototype
        and realm.array_species_is_plain()
        # Nothing but a data property of its own can be found first.
        and _constructor(original) is realm.array
    )


def array_species_create(realm: Realm, original: JSObject, length: float) -> JSObject:
    """10.4.2.3 ArraySpeciesCreate."""
    if not is_array(original):
        return array_create(realm, length)
    if makes_plain_arrays(realm, original):
        return array_create(realm, length)
    constructor = get(original, "constructor")
    if is_constructor(constructor) and constructor is not realm.array:
        other = function_realm(constructor)
        if other is not realm and constructor is other.array:
            constructor = undefined
    if isinstance(constructor, JSObject):
        constructor = get(constructor, SPECIES)
        if constructor is null:
            constructor = undefined
    if constructor is undefined:
        return array_create(realm, length)
    if not is_constructor(constructor):
        raise type_error("object.constructor[Symbol.species] is not a constructor")
    return constructor.construct_n([float(length)], constructor)
