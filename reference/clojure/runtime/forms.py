"""Makes forms for the reader: the runtime's values, names resolved in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.collections.interface import PersistentList, Seq, Sequential, list_of
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    Map,
    MapInterface,
    SetInterface,
    map_of,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, Pattern, ReaderConditional
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Boolean, Char, Keyword, Symbol
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    Ratio,
    divide,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Value = Any
Items = list[Any]


def _duplicate(items: Items, step: int) -> Value:
    seen = set()
    for item in items[::step]:
        key = key_of(item)
        if key in seen:
            return item
        seen.add(key)
    return None


class Forms:
    """The form builder of an environment."""

    def __init__(
        self,
        environment: Environment,
        readers: Value = None,
        default: Value = None,
        *,
        positions: bool = True,
    ) -> None:
        self.environment = environment
        self.readers = readers
        self.positions = positions
        self.default = default
        self._keyword = environment.interner.keyword
        self._line = self._keyword(None, "line")
        self._column = self._keyword(None, "column")

    def symbol(self, namespace: str | None, name: str) -> Symbol:
        """A symbol."""
        return Symbol(namespace, name)

    def keyword(self, namespace: str | None, name: str) -> Keyword:
        """A keyword."""
        return self._keyword(namespace, name)

    def list(self, items: Items, line: int, column: int) -> Value:
        """A list; line 0 means no position."""
        if not line or not items or not self.positions:
            return list_of(items)
        return list_of(items, Map({self._line: line, self._column: column}))

    def vector(self, items: Items) -> Vector:
        """A vector."""
        return Vector(items)

    def map(self, items: Items) -> Map:
        """A map."""
        result = map_of(*items)
        if result.count() * 2 != len(items):
            raise ValueError(f"Duplicate key: {self.environment.print_text(_duplicate(items, 2))}")
        return result

    def set(self, items: Items) -> Value:
        """A set."""
        result = set_of(items)
        if result.count() != len(items):
            raise ValueError(f"Duplicate key: {self.environment.print_text(_duplicate(items, 1))}")
        return result

    def character(self, text: str) -> Char:
        """A character."""
        return Char(text)

    def integer(self, value: int, big: bool) -> Value:
        """A long, or a BigInt."""
        return BigInt(value) if big or not LONG_MIN <= value <= LONG_MAX else value

    def ratio(self, numerator: int, denominator: int) -> Value:
        """A ratio, or a whole number."""
        if denominator == 0:
            raise ZeroDivisionError
        result = divide(BigInt(numerator), BigInt(denominator))
        if result.__class__ is Ratio:
            return result
        return self.integer(result.value, False)

    def decimal(self, text: str) -> BigDecimal:
        """A BigDecimal."""
        return BigDecimal.parse(text)

    def regex(self, pattern: str) -> Pattern:
        """A pattern. Raises ValueError: the reader says where."""
        try:
            return Pattern(pattern)
        except Fault as fault:
            raise ValueError(fault.message) from None

    def boolean(self, value: bool) -> Boolean:
        """True or false."""
        return TRUE if value else FALSE

    def with_meta(self, form: Value, metadata: Value) -> Value:
        """`form` with `metadata` merged in."""
        if isinstance(metadata, (Symbol, str)):
            metadata = Map({self._keyword(None, "tag"): metadata})
        elif isinstance(metadata, Keyword):
            metadata = Map({metadata: TRUE})
        elif isinstance(metadata, Vector):
            metadata = Map({self._keyword(None, "param-tags"): metadata})
        elif not isinstance(metadata, MapInterface):
            raise TypeError("Metadata must be Symbol,Keyword,String or Map")
        if not hasattr(form, "with_meta"):
            raise TypeError("Metadata can only be applied to IMetas")
        old = form.metadata
        return form.with_meta((EMPTY_MAP if old is None else old).conj(metadata))

    def tagged(self, tag: Symbol, form: Value) -> Value:
        """What a data reader makes of `form`."""
        environment = self.environment
        readers = self.readers if self.readers is not None else environment.value("*data-readers*")
        reader = readers.lookup(tag) if readers is not None else None
        if reader is not None:
            return reader(form)
        known = DATA_READERS.get(tag.text)
        if known is not None:
            try:
                return known(form)
            except (ValueError, AttributeError, TypeError) as error:
                raise LookupError(str(error)) from None
        default = self.default or environment.value("*default-data-reader-fn*")
        if default is not None:
            return default(tag, form)
        raise LookupError(f"No reader function for tag {tag.text}")

    def evaluate(self, form: Value) -> Value:
        """The value of a `#=` form."""
        if self.environment.value("*read-eval*") is FALSE:
            raise LookupError("EvalReader not allowed when *read-eval* is false.")
        return self.environment.evaluate(form)

    def reader_conditional(self, form: Value, splicing: bool) -> ReaderConditional:
        """A preserved reader conditional."""
        return ReaderConditional(form, TRUE if splicing else FALSE)

    def kind(self, form: Value) -> str:
        """What sort of form it is."""
        if isinstance(form, Symbol):
            return "symbol"
        if isinstance(form, Keyword):
            return "keyword"
        if isinstance(form, Vector):
            return "vector"
        if isinstance(form, MapInterface):
            return "other" if getattr(form, "is_record", False) else "map"
        if isinstance(form, SetInterface):
            return "set"
        if isinstance(form, (Seq, Sequential)):
            return "list"
        return "other"

    def name(self, form: Value) -> tuple[str | None, str]:
        """Namespace and name."""
        return form.namespace, form.name

    def items(self, form: Value) -> Items:
        """The elements."""
        if isinstance(form, MapInterface):
            return [part for entry in form.entries() for part in entry]
        return list(form)

    def metadata(self, form: Value) -> Value:
        """Metadata without positions."""
        metadata = form.metadata
        if metadata is None:
            return None
        left = metadata.dissoc(self._line).dissoc(self._column)
        return None if isinstance(form, PersistentList) and left.count() == 0 else left

    def current_namespace(self) -> str:
        """The name of *ns*."""
        return self.environment.current.name

    def alias(self, name: str) -> str | None:
        """The namespace that an alias or a full name means."""
        namespace = self.environment.current
        found = namespace.aliases.get(name) or self.environment.namespaces.get(name)
        return found.name if found is not None else None

    def resolve(self, namespace: str | None, name: str) -> tuple[str | None, str]:
        """The full name in a syntax quote."""
        current = self.environment.current
        if namespace is not None:
            found = current.aliases.get(namespace)
            if found is not None:
                return found.name, name
            mapped = self.environment.find_class(current, namespace)
            return (mapped.name if mapped is not None else namespace), name
        if name.startswith(".") and name != "..":
            return None, name
        if name.endswith(".") and name != ".":
            found_class = self.environment.find_class(current, name[:-1])
            return (None, found_class.name + ".") if found_class is not None else (current.name, name)
        mapping = current.find(name)
        if isinstance(mapping, Var):
            return mapping.namespace.name, mapping.name
        java_class = mapping if isinstance(mapping, JavaClass) else self.environment.find_class(current, name)
        if java_class is not None:
            return None, java_class.name
        if "." in name and name != "..":
            return None, name
        return current.name, name

    def gensym(self, prefix: str) -> str:
        """A fresh name."""
        return f"{prefix}{self.environment.next_id()}"


def _read_uuid(form: Value) -> Identifier:
    if form.__class__ is not str:
        raise ValueError("#uuid data reader expected string")
    return Identifier.parse(form)


def _read_instant(form: Value) -> Instant:
    if form.__class__ is not str:
        raise ValueError("Instance literal expects a string for its timestamp.")
    return Instant.parse(form)


DATA_READERS = {"uuid": _read_uuid, "inst": _read_instant}
