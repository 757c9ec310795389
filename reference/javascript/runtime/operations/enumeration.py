"""ECMA-262 14.7.5.9 EnumerateObjectProperties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.operations.conversion import to_object
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def for_in_keys(realm: Realm, value: Value) -> Iterator[str]:
    """The keys that `for-in` visits; those deleted before they are reached are left out."""
    if value is undefined or value is null:
        return
    visited = set()
    current: Any = to_object(realm, value)
    while current is not null:
        for key in realm.keys_of(current):
            if key.__class__ is not str or key in visited:
                continue
            own = current.get_own_property(key)
            if own is None:
                continue
            visited.add(key)
            if own.enumerable:
                yield key
        current = current.get_prototype_of()
