"""Vars and namespaces.

The root of a var stands in its environment's globals under `namespace/name`, so compiled code reads it as a host
global. A dynamic binding puts the new value there and the old one on the var's stack (shallow binding); guest code
never runs on two threads at once, and a future's bindings are swapped when it is (see `futures.py`).
"""

from __future__ import annotations

from typing import cast

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault, state_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, IPersistentMap, Metadata, Tried
from lockstep.reference.clojure.runtime.values.names import Symbol, truthy

# How cells begin that are not those of vars: constants of compiled code, and what it calls.
_OTHER_CELLS = (":", "=", "%", "const:", "opaque:")


def cell_name(namespace: str, name: str) -> str:
    """The cell of a var: `namespace/name`, or where a cell or local of compiled code may be called so, what none is called.

    A guest may use any text as a symbol. Those of compiled code begin otherwise, or have a single `~`.
    """
    key = f"{namespace}/{name}"
    return "~~" + key.replace("~", "~~") if "~" in key or key.startswith(_OTHER_CELLS) else key


class Unbound:
    """The root of a var that was declared and never given a value."""

    __slots__ = ("var",)

    def __init__(self, var: Var) -> None:
        self.var = var

    def __call__(self, *_: Value) -> Value:
        """Call it, as guests do."""
        raise state_fault(f"Attempting to call unbound fn: {self.var!r}")

    def to_string(self) -> str:
        """Var.Unbound.toString."""
        return f"Unbound: {self.var!r}"


class Var:
    """A named reference; `saved` holds the values below the current dynamic binding, the root first."""

    __slots__ = (
        "cell",
        "dynamic",
        "implementation",
        "key",
        "macro",
        "metadata",
        "name",
        "namespace",
        "saved",
        "validator",
        "watches",
    )

    def __init__(self, namespace: Namespace, name: str, cells: dict[str, Value]) -> None:
        self.namespace = namespace
        self.name = name
        self.key = cell_name(namespace.name, name)
        self.cell = self.key  # where its value stands
        self.metadata: Metadata = None
        self.dynamic = False
        self.macro = False
        self.saved: list[Value] = []
        self.watches: IPersistentMap | None = None
        self.validator: Function | None = None
        self.implementation = "clj"
        if self.key not in cells:
            cells[self.key] = Unbound(self)

    def detach(self, number: int) -> None:
        """Keep the value apart: the name may come to mean another var."""
        cells = self.namespace.cells
        self.cell = f"#{number}"
        cells[self.cell] = cells[self.key]

    def deref(self) -> Value:
        """The value in the current bindings."""
        return self.namespace.cells[self.cell]

    def root(self) -> Value:
        """The root, whatever is bound."""
        return self.saved[0] if self.saved else self.namespace.cells[self.cell]

    def has_root(self) -> bool:
        """Whether the root was ever set."""
        return self.root().__class__ is not Unbound

    def bind_root(self, value: Value) -> None:
        """Set the root, after the validator and before the watches."""
        if self.validator is not None and not truthy(self.validator(value)):
            raise state_fault("Invalid reference state")
        old = self.root() if self.watches is not None else None
        if self.saved:
            self.saved[0] = value
        else:
            self.namespace.cells[self.cell] = value
        if self.watches is not None:
            for entry in list(self.watches.entries()):
                cast("Function", entry.value())(entry.key(), self, old, value)

    def push(self, value: Value) -> None:
        """Bind the var to `value` until `pop`."""
        self.saved.append(self.namespace.cells[self.cell])
        self.namespace.cells[self.cell] = value

    def pop(self) -> Value:
        """End the innermost binding; its last value."""
        value = self.namespace.cells[self.cell]
        self.namespace.cells[self.cell] = self.saved.pop()
        return value

    def set(self, value: Value) -> Value:
        """`set!` of a bound var.

        Raises:
            IllegalStateException: no binding is in force.
        """
        if not self.saved:
            raise state_fault(f"Can't change/establish root binding of: {self.name} with set")
        self.namespace.cells[self.cell] = value
        return value

    def symbol(self) -> Symbol:
        """The full name."""
        return Symbol(self.namespace.name, self.name)

    def __call__(self, *arguments: Value) -> Value:
        """Call it, as guests do."""
        function: Tried = self.deref()
        return function(*arguments)

    def __repr__(self) -> str:
        return f"#'{self.key}"


class Namespace:
    """A namespace: names to vars and classes, aliases, and what of clojure.core is not referred."""

    __slots__ = ("aliases", "cells", "core", "excluded", "mappings", "metadata", "name")

    def __init__(self, name: str, cells: dict[str, Value], core: Namespace | None) -> None:
        self.name = name
        self.cells = cells
        self.core = core
        self.excluded: set[str] = set()
        self.mappings: dict[str, Value] = {}
        self.aliases: dict[str, Namespace] = {}
        self.metadata: Metadata = None

    def find(self, name: str) -> Value:
        """The var or class that `name` means here, or None."""
        found = self.mappings.get(name)
        if found is None and self.core is not None and name not in self.excluded:
            found = self.core.mappings.get(name)
            if found.__class__ is Var and is_private(found):
                return None
        return found

    def own(self, name: str) -> Var | None:
        """The var that is interned here as `name`."""
        found = self.mappings.get(name)
        return found if isinstance(found, Var) and found.namespace is self else None

    def intern(self, name: str) -> Var:
        """The var `name` of this namespace, made if need be.

        Raises:
            IllegalStateException: the name is referred from elsewhere.
        """
        found = self.mappings.get(name)
        if found is not None:
            if isinstance(found, Var) and found.namespace is self:
                return found
            if isinstance(found, Var) and found.namespace.name != "clojure.core":
                raise state_fault(f"{name} already refers to: {found!r} in namespace: {self.name}")
        var = Var(self, name, self.cells)
        self.mappings[name] = var
        return var

    def refer(self, name: str, var: Value) -> None:
        """Make `name` mean `var` here.

        Raises:
            IllegalStateException: it means another var already.
        """
        found = self.mappings.get(name)
        if (
            isinstance(found, Var)
            and found is not var
            and found.namespace.name != "clojure.core"
            and (found.namespace is self or isinstance(var, Var))
        ):
            raise state_fault(f"{name} already refers to: {found!r} in namespace: {self.name}")
        self.mappings[name] = var

    def publics(self) -> dict[str, Var]:
        """The public vars interned here."""
        return {name: var for name, var in self.interns().items() if not is_private(var)}

    def interns(self) -> dict[str, Var]:
        """The vars interned here."""
        return {
            name: var for name, var in self.mappings.items() if isinstance(var, Var) and var.namespace is self
        }

    def add_alias(self, alias: str, target: Namespace) -> None:
        """Make `alias` mean `target` here.

        Raises:
            IllegalStateException: it means another namespace already.
        """
        found = self.aliases.get(alias)
        if found is not None and found is not target:
            raise state_fault(f"Alias {alias} already exists in namespace {self.name}, aliasing {found.name}")
        self.aliases[alias] = target

    def __repr__(self) -> str:
        return f"#namespace[{self.name}]"


def is_private(var: Var) -> bool:
    """Whether the metadata says :private."""
    if var.metadata is None:
        return False
    return any(
        getattr(key, "name", None) == "private" and truthy(value) for key, value in _pairs(var.metadata)
    )


def _pairs(metadata: IPersistentMap) -> list[tuple[Value, Value]]:
    return [(entry.key(), entry.value()) for entry in metadata.entries()]


def missing_namespace(name: str) -> Fault:
    """No namespace has this name."""
    return Fault("Exception", f"No namespace: {name} found")
