"""How objects of a guest's type, and Java's collections, look to ours when they are compared."""

from __future__ import annotations

from lockstep.reference.clojure.runtime.collections.interface import implements, iterate, seq
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.interfaces import IPersistentMap, Tried


def set_elements(value: Value) -> list[Value] | None:
    """The elements of what is a java.util.Set; None for anything else (APersistentSet.setEquals)."""
    return list(iterate(seq(value))) if implements(value, "java.util.Set") else None


def is_equal_map(mine: IPersistentMap, other: Tried) -> bool:
    """Whether a map equals what is a java.util.Map, but no map of Clojure's own (APersistentMap.equiv)."""
    if not implements(other, "java.util.Map"):
        return False
    if implements(other, "clojure.lang.IPersistentMap") and not implements(
        other, "clojure.lang.MapEquivalence"
    ):
        return False
    methods = getattr(other, "java_methods", {})
    size, find = methods.get("size"), methods.get("get")
    if mine.count() != (size(other) if size is not None else _count(other)):
        return False
    for entry in mine.entries():
        key, value = entry.key(), entry.value()
        if not other.contains(key):
            return False
        if not equiv(value, find(other, key) if find is not None else other.lookup(key)):
            return False
    return True


def _count(other: object) -> int:
    method = getattr(other, "count", None)
    return method() if method is not None else sum(1 for _ in iterate(other))
