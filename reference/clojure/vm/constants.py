"""Guest constants as host expressions that make them when the code is loaded."""

# the table at the end names the class's own methods
from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Callable

from lockstep.reference.clojure.runtime.collections.interface import Collection, LazySeq, Seq
from lockstep.reference.clojure.runtime.collections.maps import Map, MapInterface, Set
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, SubVector, Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.interfaces import IObj
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, TaggedLiteral
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Char, Keyword, Symbol
from lockstep.reference.clojure.runtime.values.numbers import BigDecimal, BigInt, Ratio, is_nan
from lockstep.reference.clojure.vm.builder import Builder

_PLAIN = (int, float, str, type(None))


class Constants:
    """The constants of one compilation unit.

    Attributes:
        prologue: statements that make the constants, run before the code.
        opaque: objects that no expression makes; a unit that has some is not cached.
    """

    def __init__(self, builder: Builder, unit: str) -> None:
        self.builder = builder
        self.unit = unit
        self.prologue: list[ast.stmt] = []
        self.opaque: dict[str, Value] = {}
        self._keywords: set[str] = set()
        self._count = 0

    def expression(self, value: Value) -> ast.expr:
        """An expression for a constant where code uses it."""
        builder = self.builder
        if is_nan(value):
            return builder.name("%nan")
        if value.__class__ in _PLAIN:
            return builder.constant(value)
        if value is TRUE:
            return builder.name("%true")
        if value is FALSE:
            return builder.name("%false")
        if value.__class__ is Keyword:
            return builder.name(self._keyword(value))
        empty = _EMPTY.get(value.__class__)
        if (
            empty is not None
            and isinstance(value, Collection)
            and value.count() == 0
            and value.metadata is None
        ):
            return builder.name(empty)
        name = f"const:{self.unit}:{self._count}"
        self._count += 1
        self.prologue.append(builder.assigning(name, self._made(value)))
        return builder.name(name)

    def _keyword(self, value: Keyword) -> str:
        name = ":" + value.text
        if name not in self._keywords:
            self._keywords.add(name)
            builder = self.builder
            made = builder.runtime("keyword", builder.constant(value.namespace), builder.constant(value.name))
            self.prologue.append(builder.assigning(name, made))
        return name

    def _made(self, value: Value) -> ast.expr:
        if is_nan(value):
            return self.builder.runtime("fresh_nan")
        if value.__class__ in _PLAIN or value is TRUE or value is FALSE or value.__class__ is Keyword:
            return self.expression(value)
        maker = _MAKERS.get(value.__class__)
        if maker is not None:
            return maker(self, value)
        if isinstance(value, (Seq, LazySeq)):
            return self._sequence(value)
        if isinstance(value, MapInterface) and not getattr(value, "is_record", False):
            return self._map(value)
        name = f"opaque:{self.unit}:{len(self.opaque)}"
        self.opaque[name] = value
        return self.builder.name(name)

    def _call(self, name: str, *values: Value) -> ast.expr:
        return self.builder.runtime(name, *[self._made(value) for value in values])

    def _items(self, values: Iterable[Value]) -> ast.expr:
        return self.builder.list_of([self._made(value) for value in values])

    def _metadata(self, value: IObj) -> Value:
        return value.metadata

    def _symbol(self, value: Symbol) -> ast.expr:
        return self._call("symbol", value.namespace, value.name, self._metadata(value))

    def _sequence(self, value: Seq | LazySeq) -> ast.expr:
        return self.builder.runtime("list", self._items(value), self._made(self._metadata(value)))

    def _vector(self, value: Vector) -> ast.expr:
        return self.builder.runtime("vector", self._items(value), self._made(self._metadata(value)))

    def _map(self, value: MapInterface) -> ast.expr:
        parts = [part for entry in value.entries() for part in entry.array()]
        return self.builder.runtime("map", self._items(parts), self._made(self._metadata(value)))

    def _set(self, value: Set) -> ast.expr:
        return self.builder.runtime("set", self._items(value), self._made(self._metadata(value)))


_EMPTY: dict[type, str] = {Vector: "%empty_vector", Map: "%empty_map", Set: "%empty_set"}
_MAKERS: dict[type, Callable[..., ast.expr]] = {
    Symbol: Constants._symbol,
    Vector: Constants._vector,
    SubVector: Constants._vector,
    MapEntry: Constants._vector,
    Set: Constants._set,
    Char: lambda self, value: self._call("char", value.value),
    BigInt: lambda self, value: self._call("bigint", value.value),
    Ratio: lambda self, value: self._call("ratio", value.numerator, value.denominator),
    BigDecimal: lambda self, value: self._call("decimal", value.unscaled, value.scale),
    Pattern: lambda self, value: self._call("pattern", value.text),
    Instant: lambda self, value: self._call("instant", value.milliseconds),
    Identifier: lambda self, value: self._call("identifier", value.number),
    TaggedLiteral: lambda self, value: self._call("tagged", value.tag, value.form),
    JavaClass: lambda self, value: self._call("class", value.name),
}
