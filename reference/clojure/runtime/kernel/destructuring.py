"""Destructuring: binding forms to plain bindings (clojure.core/destructure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lockstep.reference.clojure.runtime.collections.access import contains, get
from lockstep.reference.clojure.runtime.collections.interface import PersistentList, iterate, list_of
from lockstep.reference.clojure.runtime.collections.maps import MapInterface
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import argument_fault
from lockstep.reference.clojure.runtime.values.names import Keyword, Symbol

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


def core(name: str) -> Symbol:
    """A symbol of clojure.core."""
    return Symbol("clojure.core", name)


def kernel(name: str) -> Symbol:
    """A symbol of the kernel."""
    return Symbol("lockstep.kernel", name)


def local(name: str) -> Symbol:
    """A symbol without namespace."""
    return Symbol(None, name)


def call(*parts: Value) -> PersistentList:
    """A list form."""
    return list_of(parts)


class Destructuring:
    """Expands binding forms of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def fresh(self, prefix: str) -> Symbol:
        """A symbol that is used nowhere."""
        return local(f"{prefix}__{self.environment.next_id()}")

    def expand(self, bindings: Vector) -> Vector:
        """Pairs whose left sides are symbols.

        Raises:
            IllegalArgumentException: a left side is no binding form.
        """
        items = bindings.elements()
        result: list[Value] = []
        for index in range(0, len(items), 2):
            self._bind(items[index], items[index + 1], result)
        return Vector(result)

    def _bind(self, form: Value, value: Value, result: list[Value]) -> None:
        if isinstance(form, Symbol):
            result += [form, value]
        elif isinstance(form, Keyword):
            result += [local(form.name), value]
        elif isinstance(form, Vector):
            self._sequential(form, value, result)
        elif isinstance(form, MapInterface):
            self._associative(form, value, result)
        else:
            raise argument_fault(f"Unsupported binding form: {self.environment.print_text(form)}")

    def _sequential(self, form: Vector, value: Value, result: list[Value]) -> None:
        whole = self.fresh("vec")
        result += [whole, value]
        items = form.elements()
        has_rest = any(
            isinstance(item, Symbol) and item.name == "&" and item.namespace is None for item in items
        )
        rest = self.fresh("seq")
        if has_rest:
            result += [rest, call(core("seq"), whole)]
        index = 0
        position = 0
        while index < len(items):
            item = items[index]
            if isinstance(item, Symbol) and item.name == "&" and item.namespace is None:
                if index + 1 >= len(items):
                    raise argument_fault("Unsupported binding form: &")
                self._bind(items[index + 1], rest, result)
                index += 2
                continue
            if isinstance(item, Keyword) and item.name == "as":
                self._bind(items[index + 1], whole, result)
                index += 2
                continue
            if has_rest:
                first = self.fresh("first")
                result += [first, call(core("first"), rest), rest, call(core("next"), rest)]
                self._bind(item, first, result)
            else:
                self._bind(item, call(core("nth"), whole, position, None), result)
            position += 1
            index += 1

    def _associative(self, form: MapInterface, value: Value, result: list[Value]) -> None:
        keyword = self.environment.interner.keyword
        whole = self.fresh("map")
        result += [whole, value, whole, call(kernel("seq-to-map"), whole)]
        defaults = form.lookup(keyword(None, "or"))
        pairs: list[tuple[Value, Value]] = []
        for entry in form.entries():
            key, wanted = entry.array()
            if isinstance(key, Keyword) and key.name in {"keys", "syms", "strs"}:
                pairs.extend(self._named(key, cast("Symbol", one)) for one in iterate(wanted))
            elif isinstance(key, Keyword) and key.namespace is None and key.name in {"or", "as"}:
                if key.name == "as":
                    result += [wanted, whole]
            else:
                pairs.append((key, wanted))
        for left, key in pairs:
            target = left
            has_default = False
            if defaults is not None and isinstance(left, (Symbol, Keyword)):
                has_default = contains(defaults, local(left.name))
            if has_default:
                fetch = call(core("get"), whole, key, get(defaults, local(cast("Symbol", left).name)))
            else:
                fetch = call(core("get"), whole, key)
            if isinstance(target, (Symbol, Keyword)):
                name = Symbol(None, target.name, getattr(target, "metadata", None))
                result += [name, fetch]
            else:
                self._bind(target, fetch, result)

    def _named(self, kind: Keyword, one: Symbol | Keyword) -> tuple[Value, Value]:
        namespace = one.namespace if one.namespace is not None else kind.namespace
        if kind.name == "strs":
            return one, one.name
        if kind.name == "syms":
            return one, call(local("quote"), Symbol(namespace, one.name))
        return one, self.environment.interner.keyword(namespace, one.name)
