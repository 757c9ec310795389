"""Namespaces: making them, what names mean in them, loading."""

# a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import TYPE_CHECKING, cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import chunk, iterate
from lockstep.reference.clojure.runtime.collections.maps import Map, MapInterface, map_of_pairs, set_of
from lockstep.reference.clojure.runtime.descriptions import described
from lockstep.reference.clojure.runtime.environment import CORE as CORE_NAME
from lockstep.reference.clojure.runtime.java.classes import CLASSES, DEFAULT_IMPORTS, JavaClass
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.loading import load_all, load_library, load_path
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.state.vars import Namespace, Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.names import TRUE, Symbol, truthy

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


def _names(symbols: Value) -> list[str]:
    """The names of the symbols of a collection."""
    return [cast("Symbol", symbol).name for symbol in iterate(symbols)]


class NamespaceFunctions:
    """The functions of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def meta(self, x: Value) -> Value:
        """`meta`; a var of the host knows its name at least."""
        if x.__class__ is FunctionType:
            return x.__dict__.get("metadata")
        if x.__class__ is Var:
            return self.meta_of_var(x)
        own = getattr(x, "own_meta", None)
        return getattr(x, "metadata", None) if own is None else own()

    def meta_of_var(self, var: Var) -> Value:
        """The metadata of a var; one of the host knows its name at least."""
        keyword = self.environment.keyword
        known = cast("MapInterface | None", var.metadata)
        if known is None:
            known = Map({keyword("ns"): var.namespace, keyword("name"): Symbol(None, var.name)})
        if var.macro and not known.contains(keyword("macro")):
            known = known.assoc_key(keyword("macro"), TRUE)
        var.metadata = described(self.environment, var, known)
        return var.metadata

    def find_ns(self, name: Value) -> Value:
        """`find-ns`."""
        if not isinstance(name, Symbol):
            raise class_cast_fault(name, "clojure.lang.Symbol")
        return self.environment.namespaces.get(name.text)

    def create_ns(self, name: Symbol | Namespace) -> Namespace:
        """`create-ns`."""
        if isinstance(name, Namespace):
            return name
        made = self.environment.namespace(name.text)
        if made.metadata is None and name.metadata is not None:
            made.metadata = name.metadata
        return made

    def in_ns(self, name: Symbol) -> Namespace:
        """`in-ns`; inside of sci.core a new namespace refers to clojure.core."""
        known = name.text in self.environment.namespaces
        made = self.create_ns(name)
        if not known and self.environment.policy is not None:
            made.core = self.environment.core
        self.environment.cells["clojure.core/*ns*"] = made
        return made

    def remove_ns(self, name: Symbol) -> Value:
        """`remove-ns`."""
        return self.environment.namespaces.pop(name.text, None)

    def refer_core(self, excluded: Value, only: Value, renamed: MapInterface | None) -> None:
        """`refer-clojure`."""
        current = self.environment.current
        if only is not None:
            current.core = None
            for name in _names(only):
                current.refer(name, self.environment.core.mappings[name])
            return
        current.core = self.environment.core
        current.excluded = set(_names(excluded))
        if renamed is not None:
            for entry in renamed.entries():
                name, new = _names(entry)
                current.excluded.add(name)
                current.refer(new, self.environment.core.mappings[name])

    def refer(self, name: Value, symbol: Symbol, target: Symbol) -> None:
        """Make `symbol` mean the var `target` in *ns*."""
        found = self.environment.find_namespace(name).publics().get(target.name)
        if found is None:
            private = self.environment.find_namespace(name).own(target.name) is not None
            raise Fault(
                "IllegalAccessError", f"{target.name} {'is not public' if private else 'does not exist'}"
            )
        self.environment.current.refer(symbol.name, found)

    def alias(self, name: Symbol, target: Value) -> None:
        """`alias`."""
        self.environment.current.add_alias(name.name, self.environment.find_namespace(target))

    def mapped(self, pairs: Mapping[str, Value]) -> Map:
        """A map from symbols."""
        return map_of_pairs((Symbol(None, name), value) for name, value in pairs.items())

    def publics(self, name: Value) -> Map:
        """`ns-publics`."""
        return self.mapped(self.environment.find_namespace(name).publics())

    def interns(self, name: Value) -> Map:
        """`ns-interns`."""
        return self.mapped(self.environment.find_namespace(name).interns())

    def refers(self, name: Value) -> Map:
        """`ns-refers`."""
        namespace = self.environment.find_namespace(name)
        found = {
            n: v for n, v in namespace.mappings.items() if isinstance(v, Var) and v.namespace is not namespace
        }
        if namespace.core is not None:
            found = {
                **{n: v for n, v in namespace.core.publics().items() if n not in namespace.excluded},
                **found,
            }
        return self.mapped(found)

    def everything(self, name: Value) -> Map:
        """`ns-map`."""
        namespace = self.environment.find_namespace(name)
        core = {} if namespace.core is None else namespace.core.publics()
        visible = {n: v for n, v in core.items() if n not in namespace.excluded}
        return self.mapped({**DEFAULT_IMPORTS, **visible, **namespace.mappings})

    def imports(self, name: Value) -> Map:
        """`ns-imports`."""
        namespace = self.environment.find_namespace(name)
        own = {n: v for n, v in namespace.mappings.items() if isinstance(v, JavaClass)}
        return self.mapped({**DEFAULT_IMPORTS, **own})

    def aliases(self, name: Value) -> Map:
        """`ns-aliases`."""
        return self.mapped(self.environment.find_namespace(name).aliases)

    def unmap(self, name: Value, symbol: Symbol) -> None:
        """`ns-unmap`."""
        namespace = self.environment.find_namespace(name)
        found = namespace.mappings.pop(symbol.name, None)
        if found.__class__ is Var and found.namespace is namespace:
            found.detach(self.environment.next_id())
        namespace.excluded.add(symbol.name)

    def unalias(self, name: Value, symbol: Symbol) -> None:
        """`ns-unalias`."""
        self.environment.find_namespace(name).aliases.pop(symbol.name, None)

    def resolve(self, a: Value, b: Value = MISSING) -> Value:
        """`resolve`."""
        symbol = a if b is MISSING else b
        if b is not MISSING and access.contains(a, symbol):
            return None
        return self.environment.resolve(cast("Symbol", symbol))

    def ns_resolve(self, name: Value, a: Value, b: Value = MISSING) -> Value:
        """`ns-resolve`."""
        symbol = a if b is MISSING else b
        environment = self.environment
        saved = environment.cells["clojure.core/*ns*"]
        environment.cells["clojure.core/*ns*"] = environment.find_namespace(name)
        try:
            return environment.resolve(cast("Symbol", symbol))
        finally:
            environment.cells["clojure.core/*ns*"] = saved

    def find_var(self, symbol: Symbol) -> Value:
        """`find-var`."""
        if not isinstance(symbol, Symbol) or symbol.namespace is None:
            raise argument_fault("Symbol must be namespace-qualified")
        found = self.environment.namespaces.get(symbol.namespace)
        if found is None:
            raise argument_fault(f"No such namespace: {symbol.namespace}")
        return found.own(symbol.name)

    def intern(self, name: Value, symbol: Symbol, value: Value = MISSING) -> Var:
        """`intern`."""
        var = self.environment.find_namespace(name).intern(symbol.name)
        if symbol.metadata is not None:
            var.metadata = symbol.metadata
        if value is not MISSING:
            var.bind_root(value)
        return var

    def load_library(self, name: Symbol, reload: Value, everything: Value = None) -> Value:
        """Load the source of a namespace unless it is loaded."""
        if truthy(everything):
            load_all(self.environment, name.text)
            return None
        return load_library(self.environment, name.text, reload=truthy(reload))

    def loaded(self) -> Value:
        """`loaded-libs`."""
        loaded = [name for name in self.environment.loaded if name != CORE_NAME]
        return set_of([Symbol(None, name) for name in loaded])


class InNamespace:
    """`in-ns`, which is no `fn` on the JVM either."""

    java_class = CLASSES["clojure.lang.AFn"]

    def __init__(self, states: NamespaceFunctions) -> None:
        self.states = states

    def __call__(self, name: Symbol) -> Namespace:
        """Call it, as guests do."""
        return self.states.in_ns(name)


@CORE.installer
def install(environment: Environment) -> dict[str, Value]:
    """The functions of clojure.core over namespaces."""
    states = NamespaceFunctions(environment)
    return {
        "meta": states.meta,
        "find-ns": states.find_ns,
        "create-ns": states.create_ns,
        "in-ns": InNamespace(states),
        "remove-ns": states.remove_ns,
        "all-ns": lambda: chunk(list(environment.namespaces.values())),
        "the-ns": environment.find_namespace,
        "ns-name": lambda n: Symbol(None, environment.find_namespace(n).name),
        "ns-publics": states.publics,
        "ns-interns": states.interns,
        "ns-refers": states.refers,
        "ns-map": states.everything,
        "ns-imports": states.imports,
        "ns-aliases": states.aliases,
        "ns-unmap": states.unmap,
        "ns-unalias": states.unalias,
        "alias": states.alias,
        "resolve": states.resolve,
        "ns-resolve": states.ns_resolve,
        "find-var": states.find_var,
        "intern": states.intern,
        "loaded-libs": states.loaded,
    }


@KERNEL.installer
def install_kernel(environment: Environment) -> dict[str, Value]:
    """What core.clj builds on."""
    states = NamespaceFunctions(environment)
    return {
        "refer-core": states.refer_core,
        "refer-var": states.refer,
        "load-library": states.load_library,
        "load-path": lambda path: load_path(environment, path),
        "mark-loaded": lambda name: environment.loaded.setdefault(name.text),
    }
