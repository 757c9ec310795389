"""`proxy`: objects whose methods stand in a map that may be changed (core_proxy.clj)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from lockstep.reference.clojure.runtime.arity import of_one, of_three, of_two
from lockstep.reference.clojure.runtime.collections.interface import iterate
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, Map, MapInterface, map_of_pairs
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.kernel.registry import KERNEL
from lockstep.reference.clojure.runtime.state.protocols import Protocol
from lockstep.reference.clojure.runtime.state.types import Definition, TypeInstance, make_type
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

_ANY_COUNT = frozenset(range(1, 22))


class Proxies:
    """The functions of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def proxy_class(self, bases: Value, methods: dict[str, Function] | None = None) -> JavaClass:
        """The class of a proxy of some classes and interfaces."""
        named = {} if methods is None else methods
        interfaces: list[JavaClass | Protocol] = []
        for base in iterate(bases):
            if not isinstance(base, (JavaClass, Protocol)):
                raise class_cast_fault(base, "java.lang.Class")
            interfaces.append(base)
        definition = Definition("", [], [], False, interfaces, named, dict.fromkeys(named, _ANY_COUNT))
        shown = f"{self.environment.current.name.replace('-', '_')}.proxy${class_name_of_base(interfaces)}"
        made = make_type(definition, self.environment.keyword, shown)
        made.constructor = interfaces
        return made

    def instance(self, java_class: JavaClass) -> Value:
        """An object of such a class, without methods."""
        return java_class.host()

    def set(self, proxy: TypeInstance, mappings: MapInterface | None) -> Value:
        """Give a proxy its methods."""
        methods = {} if mappings is None else {entry.key(): entry.value() for entry in mappings.entries()}
        made = self.proxy_class(proxy.java_class.constructor, cast("dict[str, Function]", methods))
        proxy.__class__ = made.host
        return proxy

    def mappings(self, proxy: TypeInstance) -> Map:
        """The methods of a proxy."""
        methods = proxy.java_methods
        return map_of_pairs(methods.items()) if methods else EMPTY_MAP

    def without(self, proxy: TypeInstance, name: str, call: Function) -> Value:
        """Call a function while a proxy lacks one of its methods."""
        kept = proxy.__class__
        self.set(proxy, self.mappings(proxy).dissoc(name))
        try:
            return call()
        finally:
            proxy.__class__ = kept

    def super(self, proxy: Value, name: str, arguments: Value) -> Value:
        """`proxy-super`."""
        from lockstep.reference.clojure.runtime.java.interop import super_method  # rarely needed

        return super_method(self.environment, proxy, name, tuple(iterate(arguments)))


def class_name_of_base(interfaces: Sequence[Value]) -> str:
    """The name of the superclass."""
    found = next(
        (one.name for one in interfaces if isinstance(one, JavaClass) and not one.is_interface), None
    )
    return found if found is not None else "java.lang.Object"


@KERNEL.installer
def install(environment: Environment) -> dict[str, Value]:
    """What `proxy` expands to."""
    proxies = Proxies(environment)
    return {
        "proxy-class": of_one(proxies.proxy_class),
        "proxy-instance": of_one(proxies.instance),
        "proxy-set": of_two(proxies.set),
        "proxy-mappings": of_one(proxies.mappings),
        "proxy-without": of_three(proxies.without),
        "proxy-super": of_three(proxies.super),
    }
