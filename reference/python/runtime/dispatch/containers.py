"""Length, subscripts and iteration (Language Reference 3.3.7, 6.3.2, 8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from types import GenericAlias
from typing import Any, Callable

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.kinds import Value, is_supertype, is_type
from lockstep.reference.python.runtime.sealed import SealedType
from lockstep.reference.python.runtime.slot_functions import call
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    Type,
    is_guest_class,
    name_of,
    slot_of,
    type_name,
)


def length(value: Value) -> int:
    """`len(value)`.

    Raises:
        TypeError: it has none.
    """
    slot = slot_of(value, "sq_length") or slot_of(value, "mp_length")
    if slot is None:
        raise TypeError(f"object of type '{name_of(value)}' has no len()")
    return int(slot(value))


def get_item(value: Value, key: Value) -> Value:
    """`value[key]`; a class answers by `__class_getitem__` (3.3.5)."""
    slot = slot_of(value, "mp_subscript")
    if slot is not None:
        return slot(value, key)
    if is_type(value):
        if value is type or value is Type:
            return GenericAlias(Type, key)
        try:
            method = get_attribute(value, "__class_getitem__")
        except AttributeError:
            method = MISSING
        if method is not MISSING and method is not None:
            return call(method, key)
        raise TypeError(f"type '{type_name(value)}' is not subscriptable")
    raise TypeError(f"'{name_of(value)}' object is not subscriptable")


def set_item(value: Value, key: Value, item: Value) -> None:
    """`value[key] = item`."""
    slot = slot_of(value, "mp_ass_subscript")
    if slot is None:
        raise TypeError(f"'{name_of(value)}' object does not support item assignment")
    slot(value, key, item)


def delete_item(value: Any, key: Value) -> None:
    """`del value[key]`."""
    slot = slot_of(value, "mp_ass_subscript")
    if slot is not None:
        slot(value, key, MISSING)
        return
    cls = type(value)
    if not (is_guest_class(cls) or is_supertype(type, cls) or type(cls) is SealedType):
        del value[key]  # the host refuses what its own type does not support
        return
    # `PyObject_DelItem` comes as far as the slots of a sequence, which every class of the guest's has.
    by_index = is_guest_class(cls) and slot_of(key, "nb_index") is not None
    verb = "doesn't" if by_index else "does not"
    raise TypeError(f"'{name_of(value)}' object {verb} support item deletion")


def get_iterator(value: Any) -> Iterator[Value]:
    """`iter(value)`: `__iter__`, or the sequence protocol.

    Raises:
        TypeError: it is not iterable, or `__iter__` returned no iterator.
    """
    slot = slot_of(value, "tp_iter")
    if slot is not None:
        iterator: Iterator[Value] = slot(value)
        if slot_of(iterator, "tp_iternext") is None:
            raise TypeError(f"iter() returned non-iterator of type '{name_of(iterator)}'")
        return iterator
    if slot_of(value, "sq_item") is not None:
        return iter(value)  # the host's sequence iterator asks through the same special method
    raise TypeError(f"'{name_of(value)}' object is not iterable")


def next_of(iterator: Value) -> Callable[[Value], Value]:
    """What steps `iterator`; it raises StopIteration at the end."""
    slot = slot_of(iterator, "tp_iternext")
    if slot is None:
        raise TypeError(f"'{name_of(iterator)}' object is not an iterator")
    return slot
