"""Hierarchies and multimethods (clojure.lang.MultiFn)."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections.access import conj, contains, get
from lockstep.reference.clojure.runtime.collections.interface import iterate
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, EMPTY_SET, Map
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault
from lockstep.reference.clojure.runtime.values.interfaces import Entry, Function, IPersistentMap
from lockstep.reference.clojure.runtime.values.names import Keyword


def is_a(hierarchy: IPersistentMap, child: Value, parent: Value, ancestors: Keyword) -> bool:
    """`isa?` in a hierarchy: equal, subclass, derived, or vectors element by element."""
    if equiv(child, parent):
        return True
    if isinstance(child, JavaClass) and isinstance(parent, JavaClass) and child.is_a(parent):
        return True
    table = get(hierarchy, ancestors)
    if contains(get(table, child), parent):
        return True
    if isinstance(child, JavaClass):
        for base in child.ancestors:
            if contains(get(table, base), parent):
                return True
    if isinstance(child, Vector) and isinstance(parent, Vector):
        return child.size == parent.size and all(
            is_a(hierarchy, one, other, ancestors) for one, other in zip(child, parent)
        )
    return False


class MultiFunction:
    """A function that chooses its method by what `dispatch` says of the arguments.

    Args:
        name: for messages.
        dispatch: gives the dispatch value.
        default: the dispatch value of the default method.
        hierarchy: gives the hierarchy in force.
        ancestors: the keyword :ancestors of the engine.
        parents_key: the keyword :parents of the engine.
        shown: `str` of a dispatch value.
    """

    def __init__(
        self,
        name: str,
        dispatch: Callable[..., Value],
        default: Value,
        hierarchy: Callable[[], IPersistentMap],
        ancestors: Keyword,
        parents_key: Keyword,
        shown: Callable[[Value], str],
    ) -> None:
        self.name = name
        self.dispatch = dispatch
        self.default = default
        self.hierarchy = hierarchy
        self.ancestors = ancestors
        self.parents_key = parents_key
        self.shown = shown
        self.methods: Map = EMPTY_MAP
        self.preferences: Map = EMPTY_MAP
        self.metadata = None
        self._cache: dict[Value, Function | None] = {}
        self._cached_for: Value = None

    def __call__(self, *arguments: Value) -> Value:
        """Call it, as guests do."""
        value = self.dispatch(*arguments)
        if value.__class__ is Keyword and self._cached_for is self.hierarchy():
            method = self._cache.get(value)
            if method is not None:
                return method(*arguments)
        method = self.find(value)
        if method is None:
            shown = "null" if value is None else self.shown(value)
            raise argument_fault(f"No method in multimethod '{self.name}' for dispatch value: {shown}")
        return method(*arguments)

    def add(self, value: Value, method: Function) -> None:
        """`defmethod`."""
        self.methods = self.methods.assoc_key(value, method)
        self._cached_for = None

    def remove(self, value: Value) -> None:
        """`remove-method`."""
        self.methods = self.methods.dissoc(value)
        self._cached_for = None

    def remove_all(self) -> None:
        """`remove-all-methods`."""
        self.methods = EMPTY_MAP
        self.preferences = EMPTY_MAP
        self._cached_for = None

    def prefer(self, one: Value, other: Value) -> None:
        """`prefer-method`.

        Raises:
            IllegalStateException: the opposite is preferred already.
        """
        if self.prefers(other, one):
            raise Fault(
                "IllegalStateException",
                f"Preference conflict in multimethod '{self.name}': {self.shown(other)}"
                f" is already preferred to {self.shown(one)}",
            )
        known = self.preferences.lookup(one, EMPTY_SET)
        self.preferences = self.preferences.assoc_key(one, conj(known, other))
        self._cached_for = None

    def prefers(self, one: Value, other: Value) -> bool:
        """Whether `one` is preferred to `other`, itself or by ancestry."""
        if contains(self.preferences.lookup(one), other):
            return True
        return any(self.prefers(one, parent) for parent in self.parents(other)) or any(
            self.prefers(parent, other) for parent in self.parents(one)
        )

    def parents(self, tag: Value) -> list[Value]:
        """`parents` in the hierarchy in force: of a class its superclass and interfaces too."""
        found: list[Value] = list(tag.parents) if isinstance(tag, JavaClass) else []
        table = get(self.hierarchy(), self.parents_key)
        return [*found, *iterate(get(table, tag))]

    def find(self, value: Value) -> Function | None:
        """The method of a dispatch value, or None.

        Raises:
            IllegalArgumentException: two methods match and none is preferred.
        """
        hierarchy = self.hierarchy()
        if self._cached_for is not hierarchy:
            self._cache = {}
            self._cached_for = hierarchy
        key = ("float", value) if value.__class__ is float else value
        try:
            return self._cache[key]
        except KeyError:
            found = self._search(value, hierarchy)
            self._cache[key] = found
            return found

    def _search(self, value: Value, hierarchy: IPersistentMap) -> Function | None:
        best: Entry | None = None
        for entry in self.methods.entries():
            key = entry.key()
            if not is_a(hierarchy, value, key, self.ancestors):
                continue
            if best is None or self._dominates(key, best.key(), hierarchy):
                best = entry
            elif not self._dominates(best.key(), key, hierarchy):
                raise argument_fault(
                    f"Multiple methods in multimethod '{self.name}' match dispatch value:"
                    f" {self.shown(value)} -> {self.shown(key)} and"
                    f" {self.shown(best.key())}, and neither is preferred"
                )
        if best is not None:
            return cast("Function", best.value())
        return cast("Function | None", self.methods.lookup(self.default))

    def _dominates(self, one: Value, other: Value, hierarchy: IPersistentMap) -> bool:
        return self.prefers(one, other) or is_a(hierarchy, one, other, self.ancestors)
