"""What the patterns of `match` ask of their subject (Language Reference 8.6.4)."""

from __future__ import annotations

import sys
from array import array
from collections import deque
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.containers import get_item
from lockstep.reference.python.runtime.kinds import Value, is_a, is_type
from lockstep.reference.python.runtime.type_info import MISSING, name_of, type_name

# Types of which a positional sub-pattern matches the subject itself (8.6.4.10).
_SELF_MATCHING = (
    bool,
    bytearray,
    bytes,
    dict,
    float,
    frozenset,
    int,
    list,
    set,
    str,
    tuple,
)
_SEQUENCE_FLAG, _MAPPING_FLAG = 1 << 5, 1 << 6  # Py_TPFLAGS_SEQUENCE, Py_TPFLAGS_MAPPING
_FLAGS = type.__dict__.get("__flags__")
_HAS_FLAGS = sys.version_info >= (3, 10)


def _flags(cls: type) -> int:
    if _HAS_FLAGS and _FLAGS is not None:
        return int(_FLAGS.__get__(cls))
    flags = 0
    if issubclass(cls, (list, tuple, range, memoryview, array, deque)):
        flags |= _SEQUENCE_FLAG
    if issubclass(cls, (dict, MappingProxyType)):
        flags |= _MAPPING_FLAG
    return flags


# What a sequence pattern has in the middle: no starred part, one without a name, one that is kept.
NO_STAR, NAMELESS_STAR, NAMED_STAR = 0, 1, 2


def sequence_pattern(subject: Any, before: int, star: int, after: int) -> list[Value] | None:
    """The items that a sequence pattern's parts match, the starred part as one list (8.6.4.8)."""
    if not _flags(type(subject)) & _SEQUENCE_FLAG:
        return None
    if star == NAMELESS_STAR and not before + after:
        return [None]
    size = len(subject)
    if size < before + after or (size > before + after and not star):
        return None
    if not size and not star:
        return []
    if star == NAMELESS_STAR:
        head = [get_item(subject, index) for index in range(before)]
        return [*head, None, *[get_item(subject, size - index) for index in range(after, 0, -1)]]
    items = list(subject)
    if not star:
        return items
    end = len(items) - after
    return [*items[:before], items[before:end], *items[end:]]


def mapping_pattern(subject: Any, keys: Sequence[Value]) -> tuple[Value, ...] | None:
    """The values under `keys`, or None where one is absent (8.6.4.9).

    Raises:
        ValueError: a key occurs twice.
    """
    if not _flags(type(subject)) & _MAPPING_FLAG:
        return None
    if not keys:
        return ()
    if len(subject) < len(keys):
        return None
    seen: list[Value] = []
    found: list[Value] = []
    get = get_attribute(subject, "get")
    absent = object()
    for key in keys:
        if key in seen:
            raise ValueError(f"mapping pattern checks duplicate key ({key!r})")
        seen.append(key)
        value = call(get, (key, absent), {})
        if value is absent:
            return None
        found.append(value)
    return tuple(found)


def mapping_rest(subject: Any, keys: Sequence[Value]) -> dict[Value, Value]:
    """What a mapping pattern's `**rest` binds: a copy without `keys`."""
    rest = dict(subject)
    for key in keys:
        rest.pop(key, None)
    return rest


def class_pattern(
    subject: Value, cls: type, positional: int, names: Sequence[str]
) -> tuple[Value, ...] | None:
    """The attributes that a class pattern's parts match (8.6.4.10).

    Raises:
        TypeError: the pattern does not fit the class.
    """
    if not is_type(cls):
        raise TypeError("called match pattern must be a type")
    if not isinstance(subject, cls):  # PyObject_IsInstance, which asks
        return None
    found: list[Value] = []
    seen: set[str] = set()
    if positional:
        try:
            listed = get_attribute(cls, "__match_args__")
        except AttributeError:
            listed = MISSING
        if listed is MISSING:
            itself = issubclass(cls, _SELF_MATCHING)
            allowed = 1 if itself else 0
        else:
            if not is_a(listed, tuple):
                raise TypeError(f"{type_name(cls)}.__match_args__ must be a tuple (got {name_of(listed)})")
            itself, allowed = False, len(listed)
        if positional > allowed:
            raise TypeError(
                f"{type_name(cls)}() accepts {allowed} positional sub-pattern{'s' if allowed != 1 else ''} "
                f"({positional} given)"
            )
        if itself:
            found.append(subject)
        else:
            for name in listed[:positional]:
                if not is_a(name, str):
                    raise TypeError(f"__match_args__ elements must be strings (got {name_of(name)})")
                value = _match_attribute(subject, cls, name, seen)
                if value is MISSING:
                    return None
                found.append(value)
    for name in names:
        value = _match_attribute(subject, cls, name, seen)
        if value is MISSING:
            return None
        found.append(value)
    return tuple(found)


def _match_attribute(subject: Value, cls: type, name: str, seen: set[str]) -> Value:
    if name in seen:
        raise TypeError(f"{type_name(cls)}() got multiple sub-patterns for attribute {name!r}")
    seen.add(name)
    try:
        return get_attribute(subject, name)
    except AttributeError:
        return MISSING
