"""How objects of a guest's type, and Java's collections, look to ours when they are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Value = Any


def _implements(value: Value, name: str) -> bool:
    found = getattr(value, "java_class", None)
    return found is not None and bool(found.implements(name))


def sequential_elements(value: Value) -> Iterator[Value] | None:
    """The elements of what is a Sequential or a List to the JVM; None for anything else (ASeq.equiv)."""
    if not (_implements(value, "clojure.lang.Sequential") or _implements(value, "java.util.List")):
        return None
    return iter(iterate(seq(value)))


def set_elements(value: Value) -> list[Value] | None:
    """The elements of what is a java.util.Set; None for anything else (APersistentSet.setEquals)."""
    return list(iterate(seq(value))) if _implements(value, "java.util.Set") else None


def is_equal_map(mine: Any, other: Value) -> bool:
    """Whether a map equals what is a java.util.Map, but no map of Clojure's own (APersistentMap.equiv)."""
    if not _implements(other, "java.util.Map"):
        return False
    if _implements(other, "clojure.lang.IPersistentMap") and not _implements(
        other, "clojure.lang.MapEquivalence"
    ):
        return False
    methods = getattr(other, "java_methods", {})
    size, find = methods.get("size"), methods.get("get")
    if mine.count() != (size(other) if size is not None else count(other)):
        return False
    for entry in mine.entries():
        key, value = entry.array()
        if not contains(other, key):
            return False
        if not equiv(value, find(other, key) if find is not None else get(other, key)):
            return False
    return True


from lockstep.reference.clojure.runtime.collections.access import (  # noqa: E402  # mutual: collections compare by these
    contains,
    count,
    get,
    iterate,
    seq,
)
from lockstep.reference.clojure.runtime.values.equality import equiv  # noqa: E402  # as above
