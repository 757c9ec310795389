"""The types that `deftype`, `defrecord` and `reify` make."""

from __future__ import annotations

from typing import Any, Callable, ClassVar, cast

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import iterate_seq
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    Map,
    MapInterface,
    hash_of_entries,
    map_equal,
)
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, OBJECT, JavaClass
from lockstep.reference.clojure.runtime.java.objects import entries_hash
from lockstep.reference.clojure.runtime.state.protocols import Protocol, abstract_method
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import DoubleKey, clojure_hash, key_of, value_of
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    class_cast_fault,
    index_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Function, Metadata
from lockstep.reference.clojure.runtime.values.names import Keyword, Symbol, truthy
from lockstep.reference.clojure.runtime.values.numbers import is_nan, is_number, to_exact_integer

Counts = frozenset[int]


class TypeInstance:
    """An instance of a `deftype` or `reify`; its fields are host attributes of the same name."""

    java_class: JavaClass
    type_fields: tuple[str, ...] = ()
    mutable_fields: frozenset[str] = frozenset()
    java_methods: ClassVar[dict[str, Callable[..., Value]]] = {}  # each type has its own
    method_arities: ClassVar[dict[str, Counts]] = {}  # each type has its own
    metadata: Metadata = None

    def __init__(self, *values: Value) -> None:
        if len(values) != len(self.type_fields):
            name = self.java_class.name
            raise argument_fault(f"No matching ctor found for class {name}")
        for field, value in zip(self.type_fields, values):
            self.__dict__["." + field] = value

    @classmethod
    def constructor_counts(cls) -> tuple[int, ...]:
        """How many arguments the constructors take."""
        return (len(cls.type_fields),)


class Record(MapInterface):
    """An instance of a `defrecord`: a map whose first keys are the fields, never absent."""

    __slots__ = ("table",)

    java_class: JavaClass
    type_fields: tuple[str, ...] = ()
    field_keys: tuple[Keyword, ...] = ()
    java_methods: ClassVar[dict[str, Callable[..., Value]]] = {}  # each type has its own
    method_arities: ClassVar[dict[str, Counts]] = {}  # each type has its own
    is_record = True

    def __init__(self, *values: Value) -> None:
        keys = self.field_keys
        count = len(keys)
        self.table: dict[Value, Value]
        if len(values) in {count + 2, count + 4}:
            self.table = dict(zip(keys, values))
            self.metadata = cast("Metadata", values[count])
            more = cast("MapInterface | None", values[count + 1])
            if more is not None:
                for entry in more.entries():
                    self.table[key_of(entry.key())] = entry.value()
            return
        if len(values) != count:
            raise argument_fault(f"No matching ctor found for class {self.java_class.name}")
        self.table = dict(zip(keys, values))
        self.metadata = None

    @classmethod
    def constructor_counts(cls) -> tuple[int, ...]:
        """How many arguments the constructors take."""
        count = len(cls.type_fields)
        return (count, count + 2, count + 4)

    def _copy(self, table: dict[Value, Value]) -> Record:
        result = self.__class__.__new__(self.__class__)
        result.table = table
        result.metadata = self.metadata
        return result

    def count(self) -> int:
        """How many entries there are."""
        return len(self.table)

    def entries(self) -> list[MapEntry]:
        """The entries, fields first."""
        return [MapEntry(value_of(key), value) for key, value in self.table.items()]

    def keys(self) -> list[Value]:
        """The keys, fields first."""
        return [value_of(key) for key in self.table]

    def values(self) -> list[Value]:
        """The values."""
        return list(self.table.values())

    def conj(self, value: Value) -> MapInterface:
        """As `imap-cons` of clojure.core: of a vector its first two elements.

        Raises:
            IndexOutOfBoundsException: a vector has fewer.
        """
        if not isinstance(value, Vector) or value.size == 2:
            return super().conj(value)
        if value.size < 2:
            raise index_fault()
        return self.assoc_key(*value.array()[:2])

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        return self.table.get(key_of(key), default)

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return key_of(key) in self.table

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        return MapEntry(key, self.table[key_of(key)]) if key_of(key) in self.table else None

    def assoc_key(self, key: Value, value: Value) -> Record:
        """The record with `value` under `key`."""
        if key.__class__ is float:
            key = DoubleKey(key)
        table = self.table.copy()
        table[key] = value
        kind = self.__class__
        result = kind.__new__(kind)
        result.table = table
        result.metadata = self.metadata
        return result

    def dissoc(self, key: Value) -> MapInterface:
        """The record without `key`; a plain map if it was a field."""
        if key_of(key) not in self.table:
            return self
        table = self.table.copy()
        del table[key_of(key)]
        return Map(table, self.metadata) if key in self.field_keys else self._copy(table)

    def empty(self) -> Value:
        """Records have no empty one."""
        raise Fault("UnsupportedOperationException", f"Can't create empty: {self.java_class.name}")

    def with_meta(self, metadata: Metadata) -> Record:
        """The same record with other metadata."""
        result = self._copy(self.table)
        result.metadata = metadata
        return result

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Record) and self.java_class is other.java_class and map_equal(self, other)

    __hash__ = MapInterface.__hash__

    def clojure_hash(self) -> int:
        """The number that `hash` gives: the entries' and the name's."""
        name = clojure_hash(Symbol(None, self.java_class.name))
        return hash_of_entries(self) ^ name

    def java_hash(self) -> int:
        """The number that `.hashCode` gives."""
        return entries_hash(self)

    def __call__(self, *_: Value) -> Value:
        """Call it, as guests do."""
        raise Fault(
            "ClassCastException", f"class {self.java_class.name} cannot be cast to class clojure.lang.IFn"
        )


def record_of(java_class: JavaClass, values: Value) -> Value:
    """The record of a class with the entries of a map (`map->R`)."""
    keys = java_class.host.field_keys
    extra: Any = values
    for key in keys:
        extra = access.dissoc(extra, key)
    extra = EMPTY_MAP.conj(extra) if access.count(extra) else None
    return java_class.host(*[access.get(values, key) for key in keys], None, extra)


def _host(method: Callable[..., Value], _: Counts) -> Callable[..., Value]:
    # The function itself: as an attribute of the class it gets the object first.
    return method


def _host_bool(method: Callable[..., Value], _: Counts) -> Callable[..., Value]:
    return lambda self, *arguments: truthy(method(self, *arguments))


def _java_int(method: Callable[..., Value], _: Counts) -> Callable[..., Value]:
    """A method whose interface declares an int: the value's `intValue`, as compiled code returns it."""

    def call(self: Value) -> int:
        value = method(self)
        if value is None:
            raise Fault("NullPointerException", None)
        if not is_number(value):
            raise class_cast_fault(value, "java.lang.Number")
        if value.__class__ is float:
            return 0 if is_nan(value) else int(min(max(value, -(1 << 31)), (1 << 31) - 1))
        return ((to_exact_integer(value) + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)

    return call


def _seq_iterator(method: Callable[..., Value], _: Counts) -> Callable[..., Value]:
    return lambda self: iterate_seq(interface.seq(method(self)))


def _checked(interface: str, name: str) -> Callable[[Callable[..., Value], Counts], Callable[..., Value]]:
    """A method of an interface that has several arities, of which a type may lack some."""

    def adapt(method: Callable[..., Value], counts: Counts) -> Callable[..., Value]:
        def call(self: TypeInstance, *arguments: Value) -> Value:
            if 1 + len(arguments) not in counts:
                raise abstract_method(self.java_class, CLASSES[interface], name)
            return method(self, *arguments)

        return call

    return adapt


Adapter = Callable[[Callable[..., Value], Counts], Any]


# Methods of Clojure's and Java's interfaces, and the host methods that the runtime calls for them.
_HOST_METHODS: dict[str, tuple[tuple[str, Adapter], ...]] = {
    "toString": (("to_string", _host),),
    "equals": (("__eq__", _host_bool),),
    "equiv": (("__eq__", _host_bool),),
    "hashCode": (("__hash__", _host),),
    "hasheq": (("__hash__", _host), ("clojure_hash", _host)),
    "compareTo": (("compare_to", _host),),
    "invoke": (("__call__", _checked("clojure.lang.IFn", "invoke")),),
    "applyTo": (("apply_to", _host),),
    "deref": (("deref", _host),),
    "count": (("count", _java_int),),
    "seq": (("seq", _host), ("__iter__", _seq_iterator)),
    "first": (("first", _host),),
    "next": (("next", _host),),
    "more": (("rest", _host),),
    "cons": (("conj", _host),),
    "empty": (("empty", _host),),
    "get": (("lookup", _host),),
    "valAt": (("lookup", _checked("clojure.lang.ILookup", "valAt")),),
    "nth": (("nth", _checked("clojure.lang.Indexed", "nth")),),
    "assoc": (("assoc_key", _host),),
    "without": (("dissoc", _host),),
    "containsKey": (("contains", _host_bool),),
    "contains": (("contains", _host_bool),),
    "entryAt": (("find", _host),),
    "disjoin": (("disj", _host),),
    "rseq": (("rseq", _host),),
    "meta": (("own_meta", _host),),
    "iterator": (("guest_iterator", _host),),
    "reduce": (("guest_reduce", _host),),
    "peek": (("peek", _host),),
    "pop": (("pop", _host),),
    "withMeta": (("with_meta", _host),),
    "reset": (("reset", _host),),
    "swap": (("swap", _host),),
}


class Definition:
    """What a `deftype*` or `reify*` says.

    Attributes:
        name: the full class name; empty for `reify`.
        fields: in order of the constructor.
        mutable: which of them `set!` may change.
        is_record: for `defrecord`.
        interfaces: protocols and classes that it implements.
        methods: by name; the object is the first argument.
        arities: how many arguments each method takes.
    """

    def __init__(
        self,
        name: str,
        fields: list[str],
        mutable: list[str],
        is_record: bool,
        interfaces: list[Protocol | JavaClass],
        methods: dict[str, Function],
        arities: dict[str, Counts],
    ) -> None:
        self.name = name
        self.fields = tuple(fields)
        self.mutable = frozenset(mutable)
        self.is_record = is_record
        self.interfaces = interfaces
        self.methods = methods
        self.arities = arities

    def parents(self) -> list[JavaClass]:
        """The superclass and the interfaces."""
        declared = [one.interface if isinstance(one, Protocol) else one for one in self.interfaces]
        given = [parent for parent in declared if parent is not OBJECT]
        marks = _RECORD_MARKS if self.is_record else _TYPE_MARKS if self.name else _REIFY_MARKS
        superclass = next((parent for parent in given if not parent.is_interface), OBJECT)
        return [
            superclass,
            *[one for one in given if one is not superclass],
            *[CLASSES[name] for name in marks],
        ]


_RECORD_MARKS = (
    "clojure.lang.IRecord",
    "clojure.lang.IPersistentMap",
    "java.util.Map",
    "clojure.lang.IObj",
    "clojure.lang.IHashEq",
    "java.io.Serializable",
)
_TYPE_MARKS = ("clojure.lang.IType",)
_REIFY_MARKS = ("clojure.lang.IObj",)


def make_type(definition: Definition, keyword: Callable[[str], Keyword], shown: str = "") -> JavaClass:
    """The class of a `deftype`, `defrecord` or `reify`.

    Args:
        definition: what it says.
        keyword: interns the keys of a record.
        shown: the name of the class of a `reify`.
    """
    name, methods = definition.name, definition.methods
    java_class = JavaClass(name or shown, tuple(definition.parents()))
    java_class.is_record = definition.is_record
    body: dict[str, Any] = {
        "java_class": java_class,
        "type_fields": definition.fields,
        "java_methods": methods,
        "method_arities": definition.arities,
    }
    if definition.is_record:
        body["__slots__"] = ()
        body["field_keys"] = tuple(keyword(field) for field in definition.fields)
    else:
        body["mutable_fields"] = definition.mutable
    inherited = {parent.name for parent in java_class.ancestors}
    if any(map(_is_platforms, inherited)):
        # `=` asks `equiv` of a collection and `equals` of anything else, wherever they stand.
        equality = "equiv" if "clojure.lang.IPersistentCollection" in inherited else "equals"
        for method_name, function in methods.items():
            if method_name in {"equiv", "equals"} and method_name != equality and equality in methods:
                continue
            if method_name == "get" and "valAt" in methods:
                continue
            for host_name, adapt in _HOST_METHODS.get(method_name, ()):
                if host_name == "__hash__" and method_name == "hashCode" and "hasheq" in methods:
                    continue
                body[host_name] = adapt(function, definition.arities[method_name])
        if "__eq__" in body and "__hash__" not in body:
            body["__hash__"] = object.__hash__
    base: type = Record if definition.is_record else TypeInstance
    java_class.host = type(java_class.name, (base,), body)
    return java_class


def _is_platforms(name: str) -> bool:
    """Whether a class is one of Java's or Clojure's own."""
    return name.startswith(("clojure.lang.", "java.")) and name != "java.io.Serializable" and name in CLASSES
