"""Calls: what is called, and how a class makes an instance (Language Reference 6.3.4, 3.3.1, 3.3.3)."""

from __future__ import annotations

from typing import Any

from lockstep.reference.python.runtime.kinds import Value, is_a, is_supertype
from lockstep.reference.python.runtime.slot_functions import find_special
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    Type,
    define_builtin,
    is_guest_class,
    lookup,
    lookup_owner,
    name_of,
    slot_of,
    type_of,
)

_base = type.__dict__["__base__"].__get__


def call(function: Value, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Any:
    """`function(*arguments, **keywords)`; only the type of `function` decides how.

    Raises:
        TypeError: it is not callable.
    """
    slot = slot_of(function, "tp_call")
    if slot is None:
        raise TypeError(f"'{name_of(function)}' object is not callable")
    return slot(function, arguments, keywords)


def call_type(cls: type[Any], arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Make an instance: `__new__`, then `__init__` if that returned one (`type.__call__`, 3.3.1).

    Raises:
        TypeError: `__init__` returned something.
    """
    if cls is Type and len(arguments) == 1 and not keywords:
        return type_of(arguments[0])
    if not is_guest_class(cls):
        return cls(*arguments, **keywords)
    layout = _built_in_base(cls)
    if not is_supertype(layout, cls):
        return type.__call__(
            cls, *arguments, **keywords
        )  # its mro() hides the constructor from everyone but the host
    new, owner = lookup_owner(cls, "__new__")
    if owner is not None and is_guest_class(owner):
        getter = slot_of(new, "tp_descr_get")
        function = new if getter is None else getter(new, None, cls)
        instance = call(function, (cls, *arguments), keywords)
    else:
        instance = layout.__new__(cls, *arguments, **keywords)
    if not is_a(instance, cls):
        return instance
    init: Any
    init, owner = lookup_owner(type(instance), "__init__")
    if owner is not None and not is_guest_class(owner):
        init(instance, *arguments, **keywords)
        return instance
    result = call(find_special(instance, "__init__"), arguments, keywords)
    if result is not None:
        raise TypeError(f"__init__() should return None, not '{name_of(result)}'")
    return instance


def _built_in_base(cls: type) -> type:
    """The built-in type whose layout `cls` has: `tp_new` comes from it, whatever a metaclass's mro() says."""
    while is_guest_class(cls):
        cls = _base(cls)
    return cls


def is_callable(value: Value) -> bool:
    """`callable(value)`: whether its type fills the slot."""
    return lookup(type(value), "__call__") is not MISSING


define_builtin(Type, slots={"tp_call": call_type})
