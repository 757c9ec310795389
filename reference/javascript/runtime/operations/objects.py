"""ECMA-262 7.3: operations on objects."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.description import (
    describe,
    describe_key,
    refused_definition,
    refused_deletion,
    refused_write,
)
from lockstep.reference.javascript.runtime.objects.function import entry
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    is_constructor,
    to_boolean,
    to_length,
    to_object,
)
from lockstep.reference.javascript.runtime.symbols import HAS_INSTANCE, SPECIES
from lockstep.reference.javascript.runtime.values import (
    HOLE,
    BigInt,
    PrivateElement,
    PrivateFunctions,
    PrivateName,
    PropertyKey,
    Symbol,
    Value,
    null,
    undefined,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm


def get(target: JSObject, key: PropertyKey) -> Value:
    """7.3.2 Get."""
    return target.get_value(key, target)


_PROTOTYPES: dict[type[object], str] = {
    str: "string_prototype",
    float: "number_prototype",
    int: "number_prototype",
    bool: "boolean_prototype",
    Symbol: "symbol_prototype",
    BigInt: "bigint_prototype",
}


def prototype_of_primitive(realm: Realm, value: Value) -> JSObject:
    """The prototype that a primitive's properties come from, for GetV.

    Raises:
        ThrowCompletion: TypeError for undefined and null.
    """
    intrinsic = _PROTOTYPES.get(value.__class__)
    if intrinsic is not None:
        prototype: JSObject = getattr(realm, intrinsic)
        return prototype
    raise type_error("Cannot convert undefined or null to object")


def get_v(realm: Realm, value: Value, key: PropertyKey) -> Value:
    """7.3.3 GetV."""
    if isinstance(value, JSObject):
        return value.get_value(key, value)
    if value.__class__ is str:
        own = to_object(realm, value).get_own_property(key)
        if own is not None:
            return own.value
    if value is undefined or value is null:
        raise type_error(f"Cannot read properties of {describe(value)} (reading '{describe_key(key)}')")
    return prototype_of_primitive(realm, value).get_value(key, value)


def set_property(target: JSObject, key: PropertyKey, value: Value, throw: bool) -> None:
    """7.3.4 Set."""
    if not target.set_value(key, value, target) and throw:
        raise refused_write(target, key)


def create_data_property(target: JSObject, key: PropertyKey, value: Value) -> bool:
    """7.3.5 CreateDataProperty."""
    return bool(target.define_own_property(key, Property(value, True, True, True)))


def create_data_property_or_throw(target: JSObject, key: PropertyKey, value: Value) -> None:
    """7.3.6 CreateDataPropertyOrThrow."""
    if not target.define_own_property(key, Property(value, True, True, True)):
        raise refused_definition(target, key, "add")


def create_non_enumerable(target: JSObject, key: PropertyKey, value: Value) -> None:
    """7.3.7 CreateNonEnumerableDataPropertyOrThrow."""
    define_property_or_throw(target, key, hidden(value))


def define_property_or_throw(target: JSObject, key: PropertyKey, descriptor: Property) -> None:
    """7.3.8 DefinePropertyOrThrow."""
    if not target.define_own_property(key, descriptor):
        raise refused_definition(target, key)


def delete_property_or_throw(target: JSObject, key: PropertyKey) -> None:
    """7.3.9 DeletePropertyOrThrow."""
    if not target.delete_property(key):
        raise refused_deletion(target, key)


def get_method(value: Value, key: PropertyKey, realm: Realm | None = None) -> JSObject | None:
    """7.3.10 GetMethod; `realm` is needed only where `value` may be a primitive."""
    function = get(value, key) if isinstance(value, JSObject) else get_v(realm, value, key)  # type: ignore[arg-type]
    if function is undefined or function is null:
        return undefined
    if not is_callable(function):
        raise type_error(
            f"{describe(function)} returned for property '{describe_key(key)}' of object '{describe(value)}' is not a function"
        )
    return function


def call(function: Value, this: Value, *arguments: Value) -> Value:
    """7.3.13 Call."""
    if not isinstance(function, JSObject) or not function.is_callable_:
        raise type_error(f"{describe(function)} is not a function")
    return function.call_n(this, *arguments)


def construct(function: JSObject, arguments: list[Value], new_target: JSObject | None = None) -> JSObject:
    """7.3.14 Construct."""
    return function.construct_n(arguments, function if new_target is None else new_target)


def set_integrity_level(realm: Realm, target: JSObject, frozen: bool) -> bool:
    """7.3.15 SetIntegrityLevel."""
    if not target.prevent_extensions():
        return False
    for key in realm.keys_of(target):
        if frozen:
            current = target.get_own_property(key)
            if current is None:
                continue
            descriptor = Property(configurable=False)
            if not current.is_accessor:
                descriptor.writable = False
        else:
            descriptor = Property(configurable=False)
        define_property_or_throw(target, key, descriptor)
    return True


def test_integrity_level(realm: Realm, target: JSObject, frozen: bool) -> bool:
    """7.3.16 TestIntegrityLevel."""
    if target.is_extensible():
        return False
    for key in realm.keys_of(target):
        current = target.get_own_property(key)
        if current is not None and (
            current.configurable or (frozen and not current.is_accessor and current.writable)
        ):
            return False
    return True


def length_of_array_like(target: JSObject) -> int:
    """7.3.18 LengthOfArrayLike, as host int."""
    if isinstance(target, JSArray) and target.elements_ is not None:
        return len(target.elements_)
    return to_length(target.get_value("length", target))


def create_list_from_array_like(realm: Realm | None, value: Value) -> list[Value]:
    """7.3.19 CreateListFromArrayLike."""
    if not isinstance(value, JSObject):
        raise type_error("CreateListFromArrayLike called on non-object")
    if isinstance(value, JSArray) and value.elements_ is not None and HOLE not in value.elements_:
        return list(value.elements_)
    length = to_length(value.get_value("length", value))
    return [
        value.get_value(index_key(index), value)
        for index in (range(length) if realm is None else realm.each(range(length)))
    ]


def invoke(realm: Realm, value: Value, key: PropertyKey, *arguments: Value) -> Value:
    """7.3.20 Invoke."""
    return entry(get_v(realm, value, key), 99)(value, *arguments)


def ordinary_has_instance(constructor: Value, value: Value) -> bool:
    """7.3.21 OrdinaryHasInstance."""
    if not is_callable(constructor):
        return False
    if constructor.class_name_ == "BoundFunction":
        bound: Any = constructor
        return instance_of(value, bound.target_)
    if not isinstance(value, JSObject):
        return False
    prototype = get(constructor, "prototype")
    if not isinstance(prototype, JSObject):
        raise type_error(f"Function has non-object prototype '{describe(prototype)}' in instanceof check")
    current = value
    while True:
        parent = current.get_prototype_of()
        if parent is null:
            return False
        if parent is prototype:
            return True
        current = parent


def instance_of(value: Value, target: Value) -> bool:
    """13.10.2 InstanceofOperator."""
    if not isinstance(target, JSObject):
        raise type_error("Right-hand side of 'instanceof' is not an object")
    handler = get_method(target, HAS_INSTANCE)
    if handler is not undefined:
        return to_boolean(handler.call_n(target, value))
    if not is_callable(target):
        raise type_error("Right-hand side of 'instanceof' is not callable")
    return ordinary_has_instance(target, value)


def species_constructor(target: JSObject, default: JSObject) -> JSObject:
    """7.3.22 SpeciesConstructor."""
    constructor = get(target, "constructor")
    if constructor is undefined:
        return default
    if not isinstance(constructor, JSObject):
        raise type_error("The .constructor property is not an object")
    species = get(constructor, SPECIES)
    if species is undefined or species is null:
        return default
    if is_constructor(species):
        return species
    raise type_error("object.constructor[Symbol.species] is not a constructor")


def enumerable_own_keys(realm: Realm, target: JSObject) -> list[str]:
    """7.3.23 EnumerableOwnProperties with kind key."""
    keys = []
    for key in realm.keys_of(target):
        if key.__class__ is str:
            own = target.get_own_property(key)
            if own is not None and own.enumerable:
                keys.append(key)
    return keys


def copy_data_properties(
    realm: Realm, target: JSObject, source: Value, excluded: Container[PropertyKey] = ()
) -> JSObject:
    """7.3.25 CopyDataProperties."""
    if source is undefined or source is null:
        return target
    origin = to_object(realm, source)
    for key in realm.keys_of(origin):
        if key in excluded:
            continue
        own = origin.get_own_property(key)
        if own is not None and own.enumerable:
            create_data_property_or_throw(target, key, origin.get_value(key, origin))
    return target


# 7.3.26 to 7.3.31: private elements.


def private_elements(target: JSObject) -> dict[PrivateName, PrivateElement] | None:
    """[[PrivateElements]] by private name, or None while there are none."""
    try:
        return target.private_
    except AttributeError:
        return None


def private_add(target: JSObject, name: PrivateName, element: PrivateElement) -> None:
    """7.3.28 PrivateFieldAdd and 7.3.29 PrivateMethodOrAccessorAdd."""
    elements = private_elements(target)
    if elements is None:
        elements = {}
        object.__setattr__(target, "private_", elements)
    if name in elements:
        raise type_error(f"Cannot initialize {name.description} twice on the same object")
    if not target.is_extensible() and target.class_name_ != "Proxy":
        raise type_error(f"Cannot define private element {name.description} on a non-extensible object")
    elements[name] = element


def add_private_field(target: JSObject, name: PrivateName, value: Value) -> None:
    """7.3.28 PrivateFieldAdd; an object in its fast form is extensible."""
    if target.properties_ is not None:
        private_add(target, name, value)
        return
    try:
        elements = target.private_
    except AttributeError:
        target.private_ = {name: value}
        return
    if name in elements:
        private_add(target, name, value)  # which refuses it
    elements[name] = value


def private_get(target: Value, name: PrivateName) -> Value:
    """7.3.30 PrivateGet."""
    elements = private_elements(target) if isinstance(target, JSObject) else None
    if elements is None or name not in elements:
        if target is undefined or target is null:
            raise type_error(f"Cannot read properties of {describe(target)} (reading '{name.description}')")
        raise type_error(
            f"Cannot read private member {name.description} from an object whose class did not declare it"
        )
    element = elements[name]
    if element.__class__ is not PrivateFunctions:
        return element
    if element.method is not None:
        return element.method
    if element.get is undefined:
        raise type_error(f"'{name.description}' was defined without a getter")
    return element.get.call_n(target)


def private_set(target: Value, name: PrivateName, value: Value) -> None:
    """7.3.31 PrivateSet."""
    elements = private_elements(target) if isinstance(target, JSObject) else None
    if elements is None or name not in elements:
        if target is undefined or target is null:
            raise type_error(f"Cannot set properties of {describe(target)} (setting '{name.description}')")
        raise type_error(
            f"Cannot write private member {name.description} to an object whose class did not declare it"
        )
    element = elements[name]
    if element.__class__ is not PrivateFunctions:
        elements[name] = value
    elif element.method is not None:
        raise type_error(f"Private method '{name.description}' is not writable")
    elif element.set is undefined:
        raise type_error(f"'{name.description}' was defined without a setter")
    else:
        element.set.call_n(target, value)


def private_has(target: Value, name: PrivateName) -> bool:
    """13.10.1 `#name in target`."""
    if not isinstance(target, JSObject):
        raise type_error(f"Cannot use 'in' operator to search for '{name.description}' in {describe(target)}")
    elements = private_elements(target)
    return elements is not None and name in elements
