"""Hierarchies and multimethods (clojure.lang.MultiFn)."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, EMPTY_SET, Map, Set
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault
from lockstep.reference.clojure.runtime.values.names import Keyword

Value = Any


def is_a(hierarchy: Value, child: Value, parent: Value, ancestors: Keyword) -> bool:
    """`isa?` in a hierarchy: equal, subclass, derived, or vectors element by element."""
    if equiv(child, parent):
        return True
    if isinstance(child, JavaClass) and isinstance(parent, JavaClass) and child.is_a(parent):
        return True
    table = hierarchy.lookup(ancestors)
    found = table.lookup(child) if table is not None else None
    if found is not None and found.contains(parent):
        return True
    if isinstance(child, JavaClass):
        for base in child.ancestors:
            above = table.lookup(base) if table is not None else None
            if above is not None and above.contains(parent):
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
    """

    def __init__(
        self,
        name: str,
        dispatch: Callable[..., Value],
        default: Value,
        hierarchy: Callable[[], Value],
        ancestors: Keyword,
        print_text: Callable[[Value], str],
    ) -> None:
        self.name = name
        self.dispatch = dispatch
        self.default = default
        self.hierarchy = hierarchy
        self.ancestors = ancestors
        self.print_text = print_text
        self.methods: Map = EMPTY_MAP
        self.preferences: Map = EMPTY_MAP
        self.metadata = None
        self._cache: dict[Value, Value] = {}
        self._cached_for: Value = None

    def __call__(self, *arguments: Value) -> Value:
        """Call it, as guests do."""
        value = self.dispatch(*arguments)
        method = self.find(value)
        if method is None:
            shown = "null" if value is None else self.print_text(value)
            raise argument_fault(f"No method in multimethod '{self.name}' for dispatch value: {shown}")
        return method(*arguments)

    def add(self, value: Value, method: Value) -> None:
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
                f"Preference conflict in multimethod '{self.name}': {self.print_text(other)}"
                f" is already preferred to {self.print_text(one)}",
            )
        known = self.preferences.lookup(one, EMPTY_SET)
        self.preferences = self.preferences.assoc_key(one, known.conj(other))
        self._cached_for = None

    def prefers(self, one: Value, other: Value) -> bool:
        """Whether `one` is preferred to `other`, itself or by ancestry."""
        known: Set | None = self.preferences.lookup(one)
        if known is not None and known.contains(other):
            return True
        hierarchy = self.hierarchy()
        for entry in self.preferences.entries():
            key, values = entry.array()
            above = not equiv(key, one) and is_a(hierarchy, one, key, self.ancestors)
            if above and values.contains(other):
                return True
            if equiv(key, one):
                for value in values.elements():
                    if not equiv(value, other) and is_a(hierarchy, other, value, self.ancestors):
                        return True
        return False

    def find(self, value: Value) -> Value:
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

    def _search(self, value: Value, hierarchy: Value) -> Value:
        best: Any = None
        for entry in self.methods.entries():
            key = entry.key()
            if not is_a(hierarchy, value, key, self.ancestors):
                continue
            if best is None or self._dominates(key, best.key(), hierarchy):
                best = entry
            elif not self._dominates(best.key(), key, hierarchy):
                raise argument_fault(
                    f"Multiple methods in multimethod '{self.name}' match dispatch value:"
                    f" {self.print_text(value)} -> {self.print_text(key)} and"
                    f" {self.print_text(best.key())}, and neither is preferred"
                )
        if best is not None:
            return best.value()
        return self.methods.lookup(self.default)

    def _dominates(self, one: Value, other: Value, hierarchy: Value) -> bool:
        return self.prefers(one, other) or is_a(hierarchy, one, other, self.ancestors)
