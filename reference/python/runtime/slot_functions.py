"""What fills a slot: the host's operation for a built-in type, the guest's special method for a class.

The four shapes that the data model knows (unary, binary with a reflected partner, comparison, the rest) are
makers; each slot's function is made once, so that "both operands have the same slot" is an identity test,
as in CPython's `typeobject.c`.
"""

from __future__ import annotations

import functools
import operator
import sys
from types import MethodDescriptorType, WrapperDescriptorType
from typing import Any, Callable

from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.sealed import NoneType
from lockstep.reference.python.runtime.slots import COMPARISONS, DEFINITIONS_OF_SLOT, SlotDefinition
from lockstep.reference.python.runtime.type_info import (
    BUILTIN_SLOTS,
    MISSING,
    Type,
    TypeInfo,
    info_of,
    is_guest_class,
    lookup,
    lookup_owner,
    mro_of,
    name_of,
    slot_of,
)

SlotFunction = Callable[..., Any]


def bind(value: Value, instance: Value, owner: type) -> Value:
    """`value` found on `owner`, bound to `instance` where its type is a descriptor (3.3.2.2)."""
    get = slot_of(value, "tp_descr_get")
    if get is None:
        return value
    return get(value, instance, owner) if instance is not None else bind_to_none(value)


def bind_to_none(value: Any) -> Value:
    """What the class of None has, bound to None, which the host's `__get__` takes for no instance."""
    if type(value) is property:
        return value.fget(None)  # type: ignore[misc]  # ours have one
    name = getattr(value, "__name__", None)
    if isinstance(value, (WrapperDescriptorType, MethodDescriptorType)) and isinstance(name, str):
        return object.__getattribute__(None, name)
    return value.__get__(None, NoneType)


def find_special(instance: Value, name: str) -> Value:
    """The special method `name` of the type of `instance`, bound; MISSING where the type has none."""
    value = lookup(type(instance), name)
    return MISSING if value is MISSING else bind(value, instance, type(instance))


def call_special(instance: Value, name: str, *arguments: Value) -> Any:
    """Call a special method, looked up on the type.

    Raises:
        AttributeError: the type has none.
    """
    method = find_special(instance, name)
    if method is MISSING:
        raise AttributeError(name)
    return call(method, *arguments)


def call_maybe(instance: Value, name: str, *arguments: Value) -> Value:
    """As `call_special`; NotImplemented where the type has no such method."""
    method = find_special(instance, name)
    return NotImplemented if method is MISSING else call(method, *arguments)


def call(function: Value, *arguments: Value) -> Any:
    """Call through the slot, positionally."""
    slot = slot_of(function, "tp_call")
    if slot is None:
        raise TypeError(f"'{name_of(function)}' object is not callable")
    return slot(function, arguments, {})


# -- classes of the guest


def _generic_binary(slot: str, name: str, reflected: str) -> SlotFunction:
    def binary(left: Value, right: Value) -> Value:  # slot_nb_add and its like
        other_too = type(left) is not type(right) and info_of(type(right)).slots.get(slot) is binary
        if info_of(type(left)).slots.get(slot) is binary:
            if other_too and is_a(right, type(left)) and _overloaded(left, right, reflected):
                result = call_maybe(right, reflected, left)
                if result is not NotImplemented:
                    return result
                other_too = False
            result = call_maybe(left, name, right)
            if result is not NotImplemented or type(left) is type(right):
                return result
        if other_too:
            return call_maybe(right, reflected, left)
        return NotImplemented

    return binary


def _overloaded(left: Value, right: Value, name: str) -> bool:
    """Whether the type of `right` has another `name` than the type of `left`."""
    theirs = lookup(type(right), name)
    if theirs is MISSING:
        return False
    return theirs is not lookup(type(left), name)


def _generic_method(name: str) -> SlotFunction:
    def method(instance: Value, *arguments: Value) -> Value:
        return call_special(instance, name, *arguments)

    return method


def _generic_inplace(name: str) -> SlotFunction:
    def inplace(instance: Value, other: Value) -> Value:
        return call_maybe(instance, name, other)

    return inplace


def _compare(instance: Value, other: Value, symbol: str) -> Value:  # slot_tp_richcompare
    method = MISSING
    try:
        method = find_special(instance, COMPARISONS[symbol][0])
    except Exception:  # whatever its descriptor raises is dropped, as CPython does
        return NotImplemented
    return NotImplemented if method is MISSING else call(method, other)


def _length(instance: Any) -> int:  # slot_sq_length
    result = operator.index(call_special(instance, "__len__"))
    if result < 0:
        raise ValueError("__len__() should return >= 0")
    if result > sys.maxsize:
        raise OverflowError(f"cannot fit '{name_of(result)}' into an index-sized integer")
    return result


def _truth(instance: Value) -> bool:  # slot_nb_bool
    result = call_special(instance, "__bool__")
    if type(result) is not bool:
        raise TypeError(f"__bool__ should return bool, returned {name_of(result)}")
    return result


def _contains(instance: Value, value: Value) -> bool:  # slot_sq_contains
    if lookup(type(instance), "__contains__") is None:
        raise TypeError(f"'{name_of(instance)}' object is not a container")
    return bool(call_special(instance, "__contains__", value))


def _iterate(instance: Value) -> Value:  # slot_tp_iter
    if lookup(type(instance), "__iter__") is None:
        raise TypeError(f"'{name_of(instance)}' object is not iterable")
    return call_special(instance, "__iter__")


def _set_item(instance: Value, key: Value, value: Value) -> None:  # slot_mp_ass_subscript
    if value is MISSING:
        call_special(instance, "__delitem__", key)
    else:
        call_special(instance, "__setitem__", key, value)


def _call(instance: Value, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:  # slot_tp_call
    method = find_special(instance, "__call__")
    slot = slot_of(method, "tp_call")
    if slot is None:
        raise TypeError(f"'{name_of(method)}' object is not callable")
    return slot(method, arguments, keywords)


def _hash(instance: Value) -> int:  # slot_tp_hash
    if lookup(type(instance), "__hash__") is None:
        raise TypeError(f"unhashable type: '{name_of(instance)}'")
    result = call_special(instance, "__hash__")
    if not is_a(result, int):
        raise TypeError("__hash__ method should return an integer")
    return hash(result)


def _getattr(instance: Value, name: str) -> Value:  # slot_tp_getattr_hook
    missed: AttributeError | None = None
    try:
        return call_special(instance, "__getattribute__", name)
    except AttributeError as error:
        missed = error
    # Left before __getattr__ runs, so that its own errors have no internal context (3.3.2).
    if lookup(type(instance), "__getattr__") is MISSING:
        raise missed
    missed = None
    return call_special(instance, "__getattr__", name)


def _setattr(instance: Value, name: str, value: Value) -> None:  # slot_tp_setattro
    if value is MISSING:
        call_special(instance, "__delattr__", name)
    else:
        call_special(instance, "__setattr__", name, value)


def _descr_get(descriptor: Value, instance: Value, owner: Value) -> Value:  # slot_tp_descr_get
    return call_special(descriptor, "__get__", instance, owner)


def _descr_set(descriptor: Value, instance: Value, value: Value) -> None:  # slot_tp_descr_set
    if value is MISSING:
        if lookup(type(descriptor), "__delete__") is MISSING:
            raise AttributeError("__delete__")
        call_special(descriptor, "__delete__", instance)
    else:
        if lookup(type(descriptor), "__set__") is MISSING:
            raise AttributeError("__set__")
        call_special(descriptor, "__set__", instance, value)


def _next(iterator: Value) -> Value:  # slot_tp_iternext, and what is left of it where `__next__` was deleted
    method = find_special(iterator, "__next__")
    if method is MISSING:
        raise TypeError(f"'{name_of(iterator)}' object is not iterable")
    return call(method)


_GENERIC: dict[str, SlotFunction] = {
    "tp_iternext": _next,
    "tp_richcompare": _compare,
    "mp_length": _length,
    "sq_length": _length,
    "nb_bool": _truth,
    "sq_contains": _contains,
    "tp_iter": _iterate,
    "mp_ass_subscript": _set_item,
    "sq_ass_item": _set_item,
    "tp_call": _call,
    "tp_hash": _hash,
    "tp_getattro": _getattr,
    "tp_setattro": _setattr,
    "tp_descr_get": _descr_get,
    "tp_descr_set": _descr_set,
}
for _slot, _definitions in DEFINITIONS_OF_SLOT.items():
    _first = _definitions[0]
    if _slot in _GENERIC:
        continue
    if _first.kind in ("binop", "ternary"):
        _GENERIC[_slot] = _generic_binary(_slot, _first.name, _first.partner or _first.name)
    elif _first.kind == "inplace":
        _GENERIC[_slot] = _generic_inplace(_first.name)
    elif _slot not in ("sq_concat", "sq_repeat", "sq_inplace_concat", "sq_inplace_repeat"):
        _GENERIC[_slot] = _generic_method(_first.name)


# -- built-in types


@functools.cache
def _builtin_binary(owner: type, name: str, reflected: str) -> SlotFunction:
    ours = getattr(owner, name, None)
    theirs = getattr(owner, reflected, None)
    instances: type[object] = type if owner is Type else owner

    def binary(left: object, right: object) -> Value:
        if ours is not None and is_a(left, instances):
            return ours(left, right)
        if theirs is not None and is_a(right, instances):
            return theirs(right, left)
        return NotImplemented

    return binary


@functools.cache
def _builtin_compare(owner: type) -> SlotFunction:
    methods = {symbol: getattr(owner, row[0]) for symbol, row in COMPARISONS.items()}

    def compare(left: Value, right: Value, symbol: str) -> Value:
        return methods[symbol](left, right)

    return compare


def _host_set_item(instance: Any, key: Any, value: Any) -> None:
    if value is MISSING:
        del instance[key]
    else:
        instance[key] = value


@functools.cache
def _builtin_descr_set(owner: Any) -> SlotFunction:
    def assign(descriptor: Value, instance: Value, value: Value) -> None:
        if value is MISSING:
            owner.__delete__(descriptor, instance)
        else:
            owner.__set__(descriptor, instance, value)

    return assign


@functools.cache
def _builtin_method(owner: type, name: str) -> SlotFunction:
    method: SlotFunction = getattr(owner, name)
    return method


def host_call(function: Any, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Call what the host can call: functions, methods and types of the host's, and functions of the guest's."""
    return function(*arguments, **keywords)


def _is_sequence(owner: type) -> bool:
    """Whether `+` and `*` of a built-in type concatenate and repeat (`sq_concat`, `sq_repeat`)."""
    return hasattr(owner, "__getitem__") and hasattr(owner, "__add__") and not hasattr(owner, "__radd__")


_SEQUENCE_SLOTS = {
    "nb_add": False,
    "nb_multiply": False,
    "nb_inplace_add": False,
    "nb_inplace_multiply": False,
    "sq_concat": True,
    "sq_repeat": True,
    "sq_inplace_concat": True,
    "sq_inplace_repeat": True,
}


def _builtin(cls: type, owner: type, slot: str, definition: SlotDefinition) -> SlotFunction | None:
    # `__iadd__` has one wrapper in both its slots, so a subclass gets the concatenation in the number's slot too.
    is_inherited = slot == "nb_inplace_add" and is_guest_class(cls)
    if not is_inherited and _SEQUENCE_SLOTS.get(slot) not in (None, _is_sequence(owner)):
        return None
    if definition.kind.startswith(("binop", "ternary")):
        first = DEFINITIONS_OF_SLOT[slot][0]
        return _builtin_binary(owner, first.name, first.partner or first.name)
    if slot == "tp_richcompare":
        return _builtin_compare(owner)
    if slot in ("mp_ass_subscript", "sq_ass_item"):
        return _host_set_item
    if slot in ("mp_subscript", "sq_item"):
        return operator.getitem  # as the host's own slots tell sequences from mappings
    if slot == "tp_descr_set":
        return _builtin_descr_set(owner)
    if slot == "tp_call":
        own: SlotFunction = BUILTIN_SLOTS.get(owner, {}).get(slot, host_call)
        return own
    special: SlotFunction | None = BUILTIN_SLOTS.get(owner, {}).get(slot)
    if special is not None:
        return special
    return _builtin_method(owner, definition.name)


def slot_function(cls: type, slot: str, definitions: tuple[SlotDefinition, ...]) -> SlotFunction | None:
    """What fills `slot` of `cls`; None where nothing does (CPython's `update_one_slot`)."""
    found: tuple[SlotDefinition, type] | None = None
    for definition in definitions:
        value, owner = lookup_owner(cls, definition.name)
        if owner is None:
            continue
        if is_guest_class(owner):
            return _GENERIC.get(slot)
        if value is None and definition.name == "__hash__":
            return _hash
        if found is None:
            found = definition, owner
    if found is None:
        return None
    if slot in ("tp_getattro", "tp_setattro"):
        built_in = (BUILTIN_SLOTS.get(base, {}) for base in mro_of(cls) if not is_guest_class(base))
        return next(slots[slot] for slots in built_in if slot in slots)
    return _builtin(cls, found[1], slot, found[0])


TypeInfo.slot_function = staticmethod(slot_function)
