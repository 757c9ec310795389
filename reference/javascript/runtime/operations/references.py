"""ECMA-262 6.2.5: reading and writing through property references whose base may be any value.

Each function is the whole operation; generated code tries the host's attribute access first and comes here when
that raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.objects.description import (
    describe,
    describe_key,
    refused_deletion,
    refused_write,
    unreadable,
)
from lockstep.reference.javascript.runtime.objects.function import entry
from lockstep.reference.javascript.runtime.objects.keys import HOST_NAMES, array_index
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, promote
from lockstep.reference.javascript.runtime.operations.conversion import to_object, to_property_key
from lockstep.reference.javascript.runtime.operations.objects import (
    get_v,
    prototype_of_primitive,
    set_property,
)
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    HOLE,
    Null,
    PropertyKey,
    Value,
    null,
    undefined,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def get_named(realm: Realm, base: Value, key: PropertyKey) -> Value:
    """6.2.5.5 GetValue of `base.key`."""
    if isinstance(base, JSObject):
        if base.properties_ is not None and base.mirror_ is None and not base.is_exotic_:
            promote(base)
        return base.get_value(key, base)
    if base.__class__ is str:
        if key == "length":
            return float(len(base))
        if key.__class__ is str and array_index(key) >= 0:
            return get_v(realm, base, key)
        return realm.string_prototype.get_value(key, base)
    return get_v(realm, base, key)


def get_computed(realm: Realm, base: Any, key: Any) -> Value:
    """6.2.5.5 GetValue of `base[key]`."""
    kind = key.__class__
    if kind is str and base.__class__ is realm.object_class:
        # Nothing is found only by the internal method: the host class has all of %Object.prototype%.
        return getattr(base, HOST_NAMES[key], undefined)
    if kind is float or kind is int:
        try:
            index = int(key)
            if index == key and index >= 0:
                value = (base if base.__class__ is str else base.elements_)[index]
                if value is not HOLE:
                    return value
        except (AttributeError, IndexError, TypeError, ValueError, OverflowError):
            pass
    elif isinstance(base, JSObject):
        if kind is not str:
            key = to_property_key(key)
        if not (base.has_virtual_ or base.is_exotic_):
            value = getattr(base, HOST_NAMES[key], ABSENT) if isinstance(key, str) else ABSENT
            if value is not ABSENT:
                return value
        return base.get_value(key, base)
    if base is undefined or base is null:
        raise unreadable(base, key)
    if isinstance(base, JSObject):
        return base.get_value(to_property_key(key), base)
    return get_v(realm, base, to_property_key(key))


def get_indexed(realm: Realm, base: Value, index: int) -> Value:
    """`base[index]` for a host int, where the host's own indexing did not do."""
    return get_computed(realm, base, float(index))


def _put_element(realm: Realm, base: Any, index: int, value: Value) -> bool:
    """Store into the elements of a fast array or typed array, or append to an array's, where nothing on the prototypes can object."""
    try:
        elements = base.elements_
        if elements.__class__ is not list:
            elements[index] = value
            return True
        size = len(elements)
        if index < size:
            if elements[index] is HOLE:
                return False
            elements[index] = value
            return True
        if index == size and base.prototype_ is realm.array_prototype and realm.has_plain_prototypes():
            elements.append(value)
            return True
    except (AttributeError, TypeError, IndexError):
        pass
    return False


def put_indexed(realm: Realm, base: Value, index: int, value: Value, strict: bool) -> None:
    """`base[index] = value` for a host int that is not negative."""
    if _put_element(realm, base, index, value):
        return
    put_computed(realm, base, float(index), value, strict)


def put_named(realm: Realm, base: Value, key: PropertyKey, value: Value, strict: bool) -> None:
    """6.2.5.6 PutValue to `base.key`."""
    if isinstance(base, JSObject):
        done = base.set_value(key, value, base)
    else:
        if base is undefined or base is null:
            raise type_error(f"Cannot set properties of {describe(base)} (setting '{describe(key)}')")
        if base.__class__ is str:
            done = to_object(realm, base).set_value(key, value, base)
        else:
            done = prototype_of_primitive(realm, base).set_value(key, value, base)
    if not done and strict:
        raise refused_write(base, key)


def put_computed(realm: Realm, base: Value, key: Value, value: Value, strict: bool) -> None:
    """6.2.5.6 PutValue to `base[key]`."""
    if isinstance(key, str) and base.__class__ is realm.object_class:
        try:
            setattr(base, HOST_NAMES[key], value)
        except AttributeError:
            put_named(realm, base, key, value, strict)
        return
    if key.__class__ is float or key.__class__ is int:
        try:
            index = int(key)
        except (ValueError, OverflowError):
            index = -1
        if index == key and index >= 0 and _put_element(realm, base, index, value):
            return
    elif key.__class__ is not str and (base is undefined or base is null):
        raise type_error(f"Cannot set properties of {describe(base)} (setting '{describe(key)}')")
    key = to_property_key(key)
    if isinstance(key, str) and isinstance(base, JSObject) and not (base.has_virtual_ or base.is_exotic_):
        try:
            # Where the host carries the assignment out, it is the one that [[Set]] makes.
            setattr(base, HOST_NAMES[key], value)
        except AttributeError:
            pass
        else:
            return
    put_named(realm, base, key, value, strict)


def put_unresolvable(realm: Realm, name: str, value: Value, strict: bool) -> None:
    """6.2.5.6 PutValue, step 2: a name that nothing binds.

    Raises:
        ThrowCompletion: in strict code.
    """
    if strict:
        raise reference_error(f"{name} is not defined")
    set_property(realm.global_object, name, value, False)


def super_base(home: JSObject) -> JSObject | Null:
    """13.3.7.3 MakeSuperPropertyReference: the object that `super` names properties of."""
    return home.get_prototype_of()


def get_super(realm: Realm, home: JSObject, key: PropertyKey, this: Value) -> Value:
    """GetValue of `super[key]`."""
    base = home.get_prototype_of()
    if base is null:
        raise unreadable(null, key)
    return base.get_value(key, this)


def put_super(base: Any, key: PropertyKey, value: Value, this: Value, strict: bool) -> None:
    """PutValue to `super[key]`, with the base taken before the value was evaluated."""
    if base is null:
        raise type_error(f"Cannot set properties of null (setting '{describe_key(key)}')")
    if not base.set_value(key, value, this) and strict:
        raise refused_write(this, key)


def delete_property(realm: Realm, base: Value, key: Value, strict: bool) -> bool:
    """13.5.1.2 delete of a property reference."""
    target = to_object(realm, base)
    name = to_property_key(key)
    done = target.delete_property(name)
    if not done and strict:
        raise refused_deletion(target, name)
    return bool(done)


def method_entry(function: Value, count: int, name: str) -> Callable[..., Value]:
    """The entry of a callee for `count` arguments.

    Raises:
        ThrowCompletion: TypeError naming the callee as the source does.
    """
    if not isinstance(function, JSObject) or not function.is_callable_:
        raise type_error(f"{name or describe(function)} is not a function")
    return entry(function, count)
