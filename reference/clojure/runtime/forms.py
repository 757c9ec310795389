"""Makes forms for the reader: the runtime's values, names resolved in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import (
    Collection,
    Cons,
    PersistentList,
    Seq,
    Sequential,
    list_of,
)
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    Map,
    MapInterface,
    SetInterface,
    map_of,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.state.types import record_of
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.literals import (
    Identifier,
    Instant,
    ReaderConditional,
    TaggedLiteral,
)
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Boolean, Char, Keyword, Symbol
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    Ratio,
    divide,
    to_exact_integer,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Items = list[Value]


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
        *,
        positions: bool = True,
    ) -> None:
        self.environment = environment
        self.positions = positions
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

    def wrapped(self, items: Items) -> Value:
        """RT.list of more than one element: a Cons."""
        return Cons(items[0], list_of(items[1:]))

    def unread(self, tag: Symbol, form: Value) -> Value:
        """A tagged literal."""
        return TaggedLiteral(tag, form)

    def shown(self, form: Value) -> str:
        """`str` of the form."""
        return "null" if form is None else str(self.environment.printer.string(form))

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
        return self.integer(to_exact_integer(result), False)

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

    def with_meta(self, form: Value, metadata: Value, line: int, column: int) -> Value:
        """`form` with `metadata` merged in (LispReader.MetaReader)."""
        added: MapInterface
        if isinstance(metadata, (Symbol, str)):
            added = Map({self._keyword(None, "tag"): metadata})
        elif isinstance(metadata, Keyword):
            added = Map({metadata: TRUE})
        elif isinstance(metadata, Vector):
            added = Map({self._keyword(None, "param-tags"): metadata})
        elif isinstance(metadata, MapInterface):
            added = metadata
        else:
            raise TypeError("Metadata must be Symbol,Keyword,String or Map")
        if not hasattr(form, "with_meta"):
            raise TypeError("Metadata can only be applied to IMetas")
        if line and self.positions and isinstance(form, Seq):
            for key, place in ((self._line, line), (self._column, column)):
                added = added.assoc_key(key, added.lookup(key, place))
        old = getattr(form, "metadata", None)
        return form.with_meta((EMPTY_MAP if old is None else old).conj(added))

    def tagged(self, tag: Symbol, form: Value) -> Value:
        """What a data reader makes of `form`."""
        environment = self.environment
        readers = environment.value("*data-readers*")
        reader = cast("Function | None", access.get(readers, tag))
        if "." in tag.name and (reader is None or tag.name in environment.types):
            return record_from_literal(environment, tag, form)
        if reader is not None:
            return reader(form)
        known = DATA_READERS.get(tag.text)
        if known is not None:
            return read_by(known, form)
        default = cast("Function | None", environment.value("*default-data-reader-fn*"))
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

    def name(self, form: Symbol | Keyword) -> tuple[str | None, str]:
        """Namespace and name."""
        return form.namespace, form.name

    def items(self, form: Collection) -> Items:
        """The elements."""
        if isinstance(form, MapInterface):
            return [part for entry in form.entries() for part in entry]
        return list(form)

    def metadata(self, form: Collection | Symbol) -> Value:
        """Metadata without positions."""
        metadata = form.metadata
        if metadata is None:
            return None
        left = access.dissoc(access.dissoc(metadata, self._line), self._column)
        return None if isinstance(form, PersistentList) and access.count(left) == 0 else left

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
        if name.endswith("."):
            # SyntaxQuoteReader: a constructor; the class is resolved, and nothing else gets a namespace.
            found_class = self.environment.find_class(current, name[:-1])
            return None, name if found_class is None else found_class.name + "."
        if name.startswith("."):
            return None, name
        mapping = current.find(name)
        if isinstance(mapping, Var):
            return mapping.namespace.name, mapping.name
        java_class = mapping if isinstance(mapping, JavaClass) else self.environment.find_class(current, name)
        if java_class is not None:
            return None, java_class.name
        if "." in name:
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


def read_by(reader: Callable[[Value], Value], form: Value) -> Value:
    """What a data reader of the host makes of `form`.

    Raises:
        LookupError: the form is not what it reads; the class of the exception stands beside the message.
    """
    try:
        return reader(form)
    except ValueError as error:
        kind = "IllegalArgumentException" if form.__class__ is str else "RuntimeException"
        raise LookupError(str(error), kind) from None


def _refused(message: str, java_class: str = "RuntimeException") -> LookupError:
    return LookupError(message, java_class)


def record_from_literal(environment: Environment, tag: Symbol, form: Value) -> Value:
    """`#some.Record{...}` and `#some.Record[...]` (LispReader.readRecord).

    Raises:
        LookupError: there is no such class, or it takes no such form.
    """
    if environment.value("*read-eval*") is FALSE:
        raise _refused("Record construction syntax can only be used when *read-eval* == true")
    found = environment.types.get(tag.name) or CLASSES.get(tag.name)
    if found is None:
        raise _refused(tag.name, "ClassNotFoundException")
    if isinstance(form, MapInterface):
        for key in [entry.key() for entry in form.entries()]:
            if not isinstance(key, Keyword):
                shown = environment.printer.string(key)
                raise _refused(
                    f"Unreadable defrecord form: key must be of type clojure.lang.Keyword, got {shown}"
                )
        if not found.is_record:
            raise _refused(
                f"No matching method create found taking 1 args for class {found.name}",
                "IllegalArgumentException",
            )
        return record_of(found, form)
    if not isinstance(form, Vector):
        raise _refused(f'Unreadable constructor form starting with "#{tag.text}"')
    if found.host is not None and len(form) not in found.host.constructor_counts():
        raise _refused(f"Unexpected number of constructor arguments to class {found.name}: got {len(form)}")
    from lockstep.reference.clojure.runtime.java.constructors import construct  # rarely needed

    return construct(environment, found, tuple(form.elements()))
