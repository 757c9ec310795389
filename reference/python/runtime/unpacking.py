"""What `*` and `**` unpack in displays and calls (Language Reference 6.2.5 to 6.2.7, 6.3.4; CPython `ceval.c`)."""

from __future__ import annotations

from typing import Any

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.containers import get_item, get_iterator
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.type_info import MISSING, info_of, name_of, slot_of


def _is_iterable(value: Value) -> bool:
    return slot_of(value, "tp_iter") is not None or (
        slot_of(value, "sq_item") is not None and not is_a(value, dict)
    )


def extend(found: list[Value], value: Value) -> None:
    """`*value` after something else (`LIST_EXTEND`).

    Raises:
        TypeError: `value` is not iterable.
    """
    if not _is_iterable(value):
        raise TypeError(f"Value after * must be an iterable, not {name_of(value)}")
    found.extend(get_iterator(value))


def update_set(found: set[Value], value: Value) -> None:
    """`*value` in a set display (`SET_UPDATE`)."""
    found.update(get_iterator(value))


def update(found: dict[object, Value], mapping: Value) -> None:
    """`**mapping` in a dictionary display (`DICT_UPDATE`).

    Raises:
        TypeError: asking `mapping` for `keys` raised AttributeError, or merging did.
    """
    failed = False
    try:
        _merge(found, mapping, unique=False)
    except AttributeError:
        failed = True
    if failed:
        raise TypeError(f"'{name_of(mapping)}' object is not a mapping")


def merge_keywords(function: Value, found: dict[Any, Value], mapping: Value) -> None:
    """`**mapping` in a call of `function` (`DICT_MERGE`).

    Raises:
        TypeError: `mapping` is none, or has a key that is there already.
    """
    failed = False
    try:
        twice = _merge(found, mapping, unique=True)
    except AttributeError:
        failed = True
    if failed:
        raise TypeError(f"{described(function)} argument after ** must be a mapping, not {name_of(mapping)}")
    if twice is not MISSING:
        raise TypeError(f"{described(function)} got multiple values for keyword argument '{twice}'")


def _merge(found: dict[object, Value], mapping: Value, *, unique: bool) -> Value:
    """Merge `mapping` into `found` (`dict_merge`); the first key that must not be there and is, or MISSING."""
    if is_a(mapping, dict) and info_of(type(mapping)).slots["tp_iter"] is info_of(dict).slots["tp_iter"]:
        for key, value in dict.items(mapping):
            if unique and key in found:
                return key
            found[key] = value
        return MISSING
    keys = call(get_attribute(mapping, "keys"), (), {})
    if not is_a(keys, list):
        if slot_of(keys, "tp_iter") is None and slot_of(keys, "sq_item") is None:
            raise TypeError(f"{name_of(mapping)}.keys() returned a non-iterable (type {name_of(keys)})")
        keys = list(get_iterator(keys))
    for key in get_iterator(keys):
        if unique and key in found:
            return key
        found[key] = get_item(mapping, key)
    return MISSING


def positional(function: Value, value: Value) -> tuple[Value, ...]:
    """The arguments of a call of `function` whose only positional part is `*value` (`CALL_FUNCTION_EX`).

    Raises:
        TypeError: `value` is not iterable.
    """
    if type(value) is tuple:
        return value
    if not _is_iterable(value):
        raise TypeError(f"{described(function)} argument after * must be an iterable, not {name_of(value)}")
    return tuple(get_iterator(value))


def described(function: Value) -> str:
    """A callable as messages about its arguments name it (`_PyObject_FunctionStr`)."""
    qualname = _attribute(function, "__qualname__")
    if qualname is MISSING:
        return str(function)
    module = _attribute(function, "__module__")
    if module is not MISSING and module is not None and module != "builtins":
        return f"{module}.{qualname}()"
    return f"{qualname}()"


def _attribute(value: Value, name: str) -> Value:
    try:
        return get_attribute(value, name)
    except AttributeError:
        return MISSING
