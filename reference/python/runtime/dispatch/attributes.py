"""Attribute access in CPython's order (Language Reference 3.3.2, CPython `object.c` and `typeobject.c`)."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NoReturn

from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.slot_functions import bind_to_none, call
from lockstep.reference.python.runtime.slots import SPECIAL_NAMES
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    Type,
    define_builtin,
    forget,
    info_of,
    is_guest_class,
    lookup,
    mro_of,
    name_of,
    namespace_of,
    slot_of,
    type_name,
    type_of,
)

try:
    from types import GenericAlias
except ImportError:  # a host before 3.9
    GenericAlias = None  # type: ignore[assignment,misc]


_instance_dict = object.__getattribute__
_thisclass = super.__dict__["__thisclass__"].__get__
_self = super.__dict__["__self__"].__get__
_self_class = super.__dict__["__self_class__"].__get__


def get_attribute(value: Value, name: str) -> Any:
    """`value.name`.

    Raises:
        AttributeError: it has no such attribute.
    """
    return info_of(type(value)).slots["tp_getattro"](value, name)


def set_attribute(value: Value, name: str, attribute: Value) -> None:
    """`value.name = attribute`.

    Raises:
        AttributeError: it cannot have one.
    """
    info_of(type(value)).slots["tp_setattro"](value, name, attribute)


def delete_attribute(value: Value, name: str) -> None:
    """`del value.name`."""
    info_of(type(value)).slots["tp_setattro"](value, name, MISSING)


def attribute_error(message: str, name: str, value: Value) -> AttributeError:
    """An AttributeError that carries `name` and `obj`, as since 3.10."""
    error = AttributeError(message)
    error.name = name
    error.obj = value
    return error


def _missing(value: Value, name: str) -> NoReturn:
    raise attribute_error(f"'{name_of(value)}' object has no attribute '{name}'", name, value)


def instance_dict(value: Value) -> dict[str, Value] | None:
    """The host's own `__dict__` of an instance; None where it has none."""
    try:
        found = _instance_dict(value, "__dict__")
    except AttributeError:
        return None
    return found if is_a(found, dict) else None


def generic_get(value: Value, name: str) -> Value:
    """`object.__getattribute__`: data descriptor, instance, other descriptor, class attribute."""
    cls = type(value)
    attribute = lookup(cls, name)
    getter = None
    if attribute is not MISSING:
        getter = slot_of(attribute, "tp_descr_get")
        if getter is not None and value is None:
            return bind_to_none(attribute)
        if getter is not None and slot_of(attribute, "tp_descr_set") is not None:
            return getter(attribute, value, type_of(value))
    names = instance_dict(value)
    if names is not None and name in names:
        return names[name]
    if getter is not None:
        return getter(attribute, value, type_of(value))
    if attribute is not MISSING:
        return attribute
    return _missing(value, name)


def generic_set(value: Value, name: str, attribute: Value) -> None:
    """`object.__setattr__` and, with MISSING, `object.__delattr__`."""
    cls = type(value)
    found = lookup(cls, name)
    if found is not MISSING:
        setter = slot_of(found, "tp_descr_set")
        if setter is not None:
            setter(found, value, attribute)
            return
    names = instance_dict(value)
    if names is None:
        if found is MISSING:
            _missing(value, name)
        raise attribute_error(f"'{name_of(value)}' object attribute '{name}' is read-only", name, value)
    if attribute is not MISSING:
        names[name] = attribute
    elif name in names:
        del names[name]
    else:
        _missing(value, name)


def type_get(cls: type, name: str) -> Value:
    """`type.__getattribute__`: metaclass data descriptor, class attribute, metaclass attribute."""
    meta = type(cls)
    attribute = lookup(meta, name)
    getter = None
    if attribute is not MISSING:
        getter = slot_of(attribute, "tp_descr_get")
        if getter is not None and slot_of(attribute, "tp_descr_set") is not None:
            return getter(attribute, cls, type_of(cls))
    own = lookup(cls, name)
    if own is not MISSING and not name.startswith("."):
        own_getter = slot_of(own, "tp_descr_get")
        return own if own_getter is None else own_getter(own, None, cls)
    if getter is not None:
        return getter(attribute, cls, type_of(cls))
    if attribute is not MISSING:
        return attribute
    raise attribute_error(f"type object '{type_name(cls)}' has no attribute '{name}'", name, cls)


def type_set(cls: type, name: str, attribute: Value) -> None:
    """`type.__setattr__`: only guest classes can change; special methods refill the slots."""
    if not is_guest_class(cls):
        if attribute is not MISSING and namespace_of(cls).get(name, MISSING) == attribute:
            return  # io.py names the module of a class that the host has named already
        raise TypeError(f"cannot set '{name}' attribute of immutable type '{type_name(cls)}'")
    found = lookup(type(cls), name)
    if found is not MISSING:
        setter = slot_of(found, "tp_descr_set")
        if setter is not None:
            setter(found, cls, attribute)
            return
    if attribute is MISSING:
        if name not in namespace_of(cls):
            raise attribute_error(f"type object '{type_name(cls)}' has no attribute '{name}'", name, cls)
        type.__delattr__(cls, name)
    else:
        type.__setattr__(cls, name, attribute)
    if name in SPECIAL_NAMES:
        forget(cls)


def module_get(module: Value, name: str) -> Value:
    """A module's attribute; a missing one is asked of its own `__getattr__` (3.3.2.1)."""
    if name.startswith("."):
        _missing_in_module(module, name)
    missed: AttributeError
    try:
        return generic_get(module, name)
    except AttributeError as error:
        missed = error
    names = instance_dict(module) or {}
    ask = names.get("__getattr__")
    if ask is not None:
        return call(ask, name)
    del missed
    return _missing_in_module(module, name)


def _missing_in_module(module: Value, name: str) -> NoReturn:
    own_name = (instance_dict(module) or {}).get("__name__")
    if is_a(own_name, str):
        raise attribute_error(f"module '{own_name}' has no attribute '{name}'", name, module)
    raise attribute_error(f"module has no attribute '{name}'", name, module)


def super_get(proxy: Value, name: str) -> Value:
    """`super.__getattribute__`: the classes after `__thisclass__` in the MRO of the instance's type."""
    start, instance, cls = _thisclass(proxy), _self(proxy), _self_class(proxy)
    if cls is not None and name != "__class__":
        order = mro_of(cls)
        place = order.index(start) + 1 if start in order else len(order)
        for base in order[place:]:
            names = namespace_of(base)
            if name in names:
                return bind_super(names[name], instance, cls)
    return generic_get(proxy, name)


def bind_super(attribute: Value, instance: Value, cls: type) -> Value:
    """Bind what `super` found; a class as instance binds as for class access."""
    getter = slot_of(attribute, "tp_descr_get")
    if getter is None:
        return attribute
    return getter(attribute, None if instance is cls else instance, cls)


def _alias_get(alias: Any, name: str) -> Value:
    # GenericAlias forwards what it does not know to its origin (PEP 585).
    if name in ("__origin__", "__args__", "__parameters__", "__mro_entries__", "__unpacked__"):
        return generic_get(alias, name)
    if name in ("__class__", "__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"):
        return generic_get(alias, name)
    return get_attribute(alias.__origin__, name)


def has_attribute(value: Value, name: str) -> bool:
    """`hasattr(value, name)`: only AttributeError means no."""
    try:
        get_attribute(value, name)
    except AttributeError:
        return False
    return True


define_builtin(object, slots={"tp_getattro": generic_get, "tp_setattro": generic_set})
define_builtin(Type, slots={"tp_getattro": type_get, "tp_setattro": type_set})
define_builtin(ModuleType, slots={"tp_getattro": module_get})
define_builtin(super, slots={"tp_getattro": super_get})
if GenericAlias is not None:
    define_builtin(GenericAlias, slots={"tp_getattro": _alias_get})
