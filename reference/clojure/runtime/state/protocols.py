"""Protocols, and the types that `deftype`, `defrecord` and `reify` make."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import iterate_seq
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    Map,
    MapInterface,
    hash_of_entries,
    map_equal,
)
from lockstep.reference.clojure.runtime.collections.vector import MapEntry
from lockstep.reference.clojure.runtime.java.classes import CLASSES, OBJECT, JavaClass, class_of
from lockstep.reference.clojure.runtime.values.equality import key_of, value_of
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault
from lockstep.reference.clojure.runtime.values.names import Keyword, Symbol, boolean, truthy

Value = Any


class Protocol:
    """A protocol: its methods and, per class (None: nil), their implementations."""

    def __init__(self, name: str, methods: list[str]) -> None:
        self.name = name
        self.methods = methods
        self.implementations: dict[JavaClass | None, dict[str, Value]] = {}
        self.interface = JavaClass(name.replace("/", ".").replace("-", "_"), is_interface=True)
        self.via_metadata = False
        self.metadata = None
        self.map: Any = None
        self._cache: dict[Any, dict[str, Value] | None] = {}

    def extend(self, java_class: JavaClass | None, methods: dict[str, Value]) -> None:
        """Add implementations for a class."""
        self.implementations[java_class] = methods
        self._cache = {}

    def find(self, value: Value) -> dict[str, Value] | None:
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

    def find_class(self, java_class: JavaClass | None) -> dict[str, Value] | None:
        """The implementations for a class: its own, the nearest superclass's, else Object's."""
        known = self.implementations
        if java_class is None:
            return known.get(None)
        if java_class in known:
            return known[java_class]
        for parent in java_class.ancestors:
            if parent is not OBJECT and parent in known:
                return known[parent]
        return known.get(OBJECT)

    def lookup(self, key: Value, default: Value = None) -> Value:
        """A protocol is a map to guests."""
        return default if self.map is None else self.map.lookup(key, default)

    def seq(self) -> Value:
        """The entries of the map."""
        return None if self.map is None else self.map.seq()


def protocol_function(protocol: Protocol, name: str) -> Callable[..., Value]:
    """The function that dispatches `name` on its first argument."""
    full_name = protocol.name.rpartition("/")[0]
    meta_key = f"{full_name}/{name}"

    def dispatch(target: Value, *arguments: Value) -> Value:
        if protocol.via_metadata:
            metadata = getattr(target, "metadata", None)
            if metadata is not None and isinstance(metadata, MapInterface):
                for entry in metadata.entries():
                    if isinstance(entry.key(), Symbol) and entry.key().text == meta_key:
                        return entry.value()(target, *arguments)
        found = protocol.find(target)
        method = found.get(name) if found is not None else None
        if method is None:
            kind = class_of(target)
            shown = "nil" if kind is None else kind.name
            raise argument_fault(
                f"No implementation of method: :{name} of protocol: #'{protocol.name} found for class: {shown}"
            )
        return method(target, *arguments)

    dispatch.__name__ = dispatch.__qualname__ = meta_key
    dispatch.__dict__["protocol"] = protocol
    return dispatch


class TypeInstance:
    """An instance of a `deftype` or `reify`; its fields are host attributes of the same name."""

    java_class: JavaClass
    type_fields: tuple[str, ...] = ()
    java_methods: dict[str, Callable[..., Value]] = {}  # noqa: RUF012  # each type has its own
    metadata: Value = None

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
    java_methods: dict[str, Callable[..., Value]] = {}  # noqa: RUF012  # each type has its own
    is_record = True

    def __init__(self, *values: Value) -> None:
        keys = self.field_keys
        count = len(keys)
        if len(values) == count + 2:
            self.table = dict(zip(keys, values))
            self.metadata = values[count]
            if values[count + 1] is not None:
                for entry in values[count + 1].entries():
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

    def _copy(self, table: dict[Value, Value]) -> Any:
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

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        return self.table.get(key_of(key), default)

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        return key_of(key) in self.table

    def find(self, key: Value) -> MapEntry | None:
        """The entry of `key`, or nil."""
        return MapEntry(key, self.table[key_of(key)]) if key_of(key) in self.table else None

    def assoc_key(self, key: Value, value: Value) -> Any:
        """The record with `value` under `key`."""
        table = self.table.copy()
        table[key_of(key)] = value
        return self._copy(table)

    def dissoc(self, key: Value) -> Any:
        """The record without `key`; a plain map if it was a field."""
        if key_of(key) not in self.table:
            return self
        table = self.table.copy()
        del table[key_of(key)]
        return Map(table, self.metadata) if key in self.field_keys else self._copy(table)

    def empty(self) -> Value:
        """Records have no empty one."""
        raise Fault("UnsupportedOperationException", f"Can't create empty: {self.java_class.name}")

    def with_meta(self, metadata: Value) -> Any:
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
        """The number that `hash` gives."""
        return hash_of_entries(self)

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


def _host(method: Callable[..., Value]) -> Callable[..., Value]:
    return lambda self, *arguments: method(self, *arguments)


def _host_bool(method: Callable[..., Value]) -> Callable[..., Value]:
    return lambda self, *arguments: truthy(method(self, *arguments))


def _seq_iterator(method: Callable[..., Value]) -> Callable[..., Value]:
    return lambda self: iterate_seq(access.seq(method(self)))


# Methods of Clojure's and Java's interfaces, and the host methods that the runtime calls for them.
_HOST_METHODS: dict[str, tuple[tuple[str, Callable[[Callable[..., Value]], Any]], ...]] = {
    "toString": (("to_string", _host),),
    "equals": (("__eq__", _host_bool),),
    "equiv": (("__eq__", _host_bool),),
    "hashCode": (("__hash__", _host),),
    "hasheq": (("__hash__", _host), ("clojure_hash", _host)),
    "compareTo": (("compare_to", _host),),
    "invoke": (("__call__", _host),),
    "applyTo": (("apply_to", _host),),
    "deref": (("deref", _host),),
    "count": (("count", _host),),
    "seq": (("seq", _host), ("__iter__", _seq_iterator)),
    "first": (("first", _host),),
    "next": (("next", _host),),
    "more": (("rest", _host),),
    "cons": (("conj", _host),),
    "empty": (("empty", _host),),
    "valAt": (("lookup", _host),),
    "nth": (("nth", _host),),
    "assoc": (("assoc_key", _host),),
    "without": (("dissoc", _host),),
    "containsKey": (("contains", _host_bool),),
    "contains": (("contains", _host_bool),),
    "entryAt": (("find", _host),),
    "disjoin": (("disj", _host),),
    "get": (("lookup", _host),),
    "peek": (("peek", _host),),
    "pop": (("pop", _host),),
    "withMeta": (("with_meta", _host),),
    "reset": (("reset", _host),),
    "swap": (("swap", _host),),
}


def make_type(
    name: str,
    fields: list[str],
    is_record: bool,
    interfaces: list[Value],
    methods: dict[str, Value],
    keyword: Callable[[str], Keyword],
) -> JavaClass:
    """The class of a `deftype`, `defrecord` or (without a name) `reify`.

    Args:
        name: the full class name.
        fields: in order of the constructor.
        is_record: for `defrecord`.
        interfaces: protocols and classes that it implements.
        methods: by name; the object is the first argument.
        keyword: interns the keys of a record.
    """
    base: type = Record if is_record else TypeInstance
    parents: list[JavaClass] = [OBJECT]
    parents.extend(one.interface if isinstance(one, Protocol) else one for one in interfaces)
    if is_record:
        parents += [
            CLASSES["clojure.lang.IRecord"],
            CLASSES["clojure.lang.IPersistentMap"],
            CLASSES["java.util.Map"],
        ]
        parents += [CLASSES["clojure.lang.IObj"], CLASSES["clojure.lang.IHashEq"]]
    elif name:
        parents.append(CLASSES["clojure.lang.IType"])
    else:
        parents.append(CLASSES["clojure.lang.IObj"])
    java_class = JavaClass(name or "reify", tuple(parents))
    java_class.is_record = is_record
    body: dict[str, Any] = {
        "java_class": java_class,
        "type_fields": tuple(fields),
        "java_methods": methods,
    }
    if is_record:
        body["__slots__"] = ()
        body["field_keys"] = tuple(keyword(field) for field in fields)
    declared = {interface.name for interface in interfaces if isinstance(interface, JavaClass)}
    inherited = {
        parent.name
        for interface in interfaces
        if isinstance(interface, JavaClass)
        for parent in interface.ancestors
    } | declared
    if inherited & _HOST_INTERFACES:
        for method_name, function in methods.items():
            for host_name, adapt in _HOST_METHODS.get(method_name, ()):
                body[host_name] = adapt(function)
        if "__eq__" in body and "__hash__" not in body:
            body["__hash__"] = object.__hash__
    java_class.host = type(name.rpartition(".")[2] or "reify", (base,), body)
    for interface in interfaces:
        if isinstance(interface, Protocol):
            own = {method: methods[method] for method in interface.methods if method in methods}
            interface.extend(java_class, own)
    return java_class


_HOST_INTERFACES = frozenset(
    name for name in CLASSES if name.startswith(("clojure.lang.", "java.")) and name != "java.io.Serializable"
)


def satisfies(protocol: Protocol, value: Value) -> bool:
    """`satisfies?`."""
    if protocol.find(value) is not None:
        return True
    metadata = getattr(value, "metadata", None)
    if not protocol.via_metadata or not isinstance(metadata, MapInterface):
        return False
    namespace = protocol.name.rpartition("/")[0]
    return any(
        isinstance(entry.key(), Symbol)
        and entry.key().text in {f"{namespace}/{name}" for name in protocol.methods}
        for entry in metadata.entries()
    )


def extends(protocol: Protocol, java_class: JavaClass | None) -> Value:
    """`extends?`."""
    return boolean(java_class in protocol.implementations or _inherits(protocol, java_class))


def _inherits(protocol: Protocol, java_class: JavaClass | None) -> bool:
    return java_class is not None and any(
        parent in protocol.implementations for parent in java_class.ancestors
    )
