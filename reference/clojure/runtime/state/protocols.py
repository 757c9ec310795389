"""Protocols: dispatch on the class of the first argument (core_deftype.clj)."""

# a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections.interface import seq
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    Map,
    MapInterface,
    map_of_pairs,
)
from lockstep.reference.clojure.runtime.java.classes import CLASSES, OBJECT, JavaClass, class_of
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import ArityFault, Fault, argument_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, IPersistentMap, ISeq, Tried
from lockstep.reference.clojure.runtime.values.names import Keyword, Symbol, boolean


class Protocol:
    """A protocol: its methods and, per class (None: nil), their implementations."""

    def __init__(self, name: str, methods: dict[str, frozenset[int]]) -> None:
        self.name = name
        self.methods = list(methods)
        # How many arguments each method takes, the object among them.
        self.arities = methods
        self.implementations: dict[JavaClass | None, dict[str, Function]] = {}
        self.interface = JavaClass(name.replace("/", ".").replace("-", "_"), is_interface=True)
        self.via_metadata = False
        self.metadata = None
        self.map: IPersistentMap | None = None
        self.keyword: Callable[[str], Keyword]
        self.impls_key: Keyword | None = None
        self._cache: dict[object, dict[str, Function] | None] = {}

    def extend(self, java_class: JavaClass | None, methods: dict[str, Function]) -> None:
        """Add implementations for a class."""
        self.implementations[java_class] = methods
        self._cache = {}

    def find(self, value: Value) -> dict[str, Function] | None:
        """The implementations for `value`, or None."""
        key = value.__class__
        try:
            return self._cache[key]
        except KeyError:
            pass
        found = self.find_class(class_of(value))
        if key is not Map:  # small and large maps are two classes with one host class
            self._cache[key] = found
        return found

    def find_class(self, java_class: JavaClass | None) -> dict[str, Function] | None:
        """The implementations for a class (find-protocol-impl): its own, a superclass's, an interface's, Object's."""
        known = self.implementations
        if java_class is None:
            return known.get(None)
        if java_class in known:
            return known[java_class]
        chain = java_class.superclasses()
        for parent in chain:
            if parent is not OBJECT and parent in known:
                return known[parent]
        best: JavaClass | None = None
        for parent in java_class.ancestors:
            if parent is OBJECT or parent not in known or parent in chain:
                continue
            if best is None or parent.is_a(best):
                best = parent
        return known[best] if best is not None else known.get(OBJECT)

    def extenders(self) -> list[JavaClass | None]:
        """The classes that were extended, not those that implement the interface themselves."""
        return list(self.implementations)

    def as_map(self) -> IPersistentMap:
        """The protocol as a map."""
        found: IPersistentMap = EMPTY_MAP if self.map is None else self.map
        if self.implementations and self.impls_key is not None:
            impls = map_of_pairs(
                (java_class, map_of_pairs((self.keyword(name), f) for name, f in methods.items()))
                for java_class, methods in self.implementations.items()
            )
            found = found.assoc_key(self.impls_key, impls)
        return found

    def lookup(self, key: Value, default: Value = None) -> Value:
        """A protocol is a map to guests."""
        return self.as_map().lookup(key, default)

    def seq(self) -> ISeq | None:
        """The entries of the map."""
        return seq(self.as_map())


def protocol_function(protocol: Protocol, name: str) -> Callable[..., Value]:
    """The function that dispatches `name` on its first argument."""
    full_name = protocol.name.rpartition("/")[0]
    meta_key = f"{full_name}/{name}"

    counts = protocol.arities.get(name, frozenset())
    interface = protocol.interface

    def dispatch(target: Tried, *arguments: Value) -> Value:
        own = getattr(target, "java_class", None)
        if own is not None and own.__class__ is JavaClass and interface in own.ancestors:
            method = target.java_methods.get(name)
            if method is not None and 1 + len(arguments) in target.method_arities[name]:
                return method(target, *arguments)
            if 1 + len(arguments) in counts:
                raise abstract_method(own, interface, name)
        if 1 + len(arguments) not in counts:
            raise ArityFault(1 + len(arguments), meta_key)
        if protocol.via_metadata:
            method = _in_metadata(target, meta_key)
            if method is not None:
                return method(target, *arguments)
        found = protocol.find(target)
        implemented = found.get(name) if found is not None else None
        if implemented is None:
            kind = class_of(target)
            shown = "nil" if kind is None else kind.name
            raise argument_fault(
                f"No implementation of method: :{name} of protocol: #'{protocol.name} found for class: {shown}"
            )
        return implemented(target, *arguments)

    dispatch.__name__ = dispatch.__qualname__ = meta_key
    dispatch.__dict__["protocol"] = protocol
    return dispatch


def _in_metadata(target: Value, name: str) -> Function | None:
    metadata = getattr(target, "metadata", None)
    if metadata is not None and isinstance(metadata, MapInterface):
        for entry in metadata.entries():
            key = entry.key()
            if isinstance(key, Symbol) and key.text == name and _is_function(entry.value()):
                return cast("Function", entry.value())
    return None


def _is_function(value: Value) -> bool:
    found = class_of(value)
    return found is not None and found.is_a(CLASSES["clojure.lang.Fn"])


def abstract_method(java_class: JavaClass, interface: JavaClass, name: str) -> Fault:
    """The class says that it implements the interface, but it has no such method."""
    return Fault(
        "AbstractMethodError",
        f"Receiver class {java_class.name} does not define or inherit an implementation of the resolved method"
        f" 'abstract java.lang.Object {name}()' of interface {interface.name}.",
    )


def satisfies(protocol: Protocol, value: Value) -> bool:
    """`satisfies?`."""
    found = class_of(value)
    return (found is not None and protocol.interface in found.ancestors) or protocol.find(value) is not None


def implementation_of(protocol: Protocol, value: Value) -> Value:
    """`find-protocol-impl`: the value itself, or a map of functions."""
    own = class_of(value)
    if own is not None and protocol.interface in own.ancestors:
        return value
    found = protocol.find(value)
    return None if found is None else map_of_pairs((protocol.keyword(name), f) for name, f in found.items())


def extends(protocol: Protocol, java_class: JavaClass | None) -> Value:
    """`extends?`."""
    implemented = java_class is not None and protocol.interface in java_class.ancestors
    return boolean(implemented or java_class in protocol.implementations)
