"""ECMA-262 14.7.5.9 EnumerateObjectProperties: what for-in visits."""

from __future__ import annotations

from typing import Any, Iterator

from reference.javascript.runtime.values import null


def enumerate_object_properties(target: Any) -> Iterator[str]:
    """14.7.5.9 EnumerateObjectProperties ( O ): the string keys of an object and of its prototypes.

    A key that is deleted before it is visited is not visited; a key that shadows one is visited once.
    """
    visited: set[str] = set()
    while target is not null:
        for key in target.own_property_keys():
            if key.__class__ is not str or key in visited:
                continue
            own = target.get_own_property(key)
            if own is None:
                continue
            visited.add(key)
            if own.enumerable:
                yield key
        target = target.get_prototype_of()
