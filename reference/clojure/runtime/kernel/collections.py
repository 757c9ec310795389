"""Collections: construction, access, updates, transients, sets of predicates over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import Any, Callable, cast

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.class_names import class_name_of
from lockstep.reference.clojure.runtime.collections.interface import (
    ArraySeq,
    ChunkSeq,
    Collection,
    LazySeq,
    PersistentList,
    Seq,
    Sequential,
    elements_seq,
    iterate,
    iterate_seq,
    seq,
)
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_SET,
    Map,
    MapInterface,
    Set,
    SetInterface,
    TransientMap,
    TransientSet,
    map_of,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.ranges import Range
from lockstep.reference.clojure.runtime.collections.sorted import SortedMap, SortedSet
from lockstep.reference.clojure.runtime.collections.vector import (
    EMPTY_VECTOR,
    MapEntry,
    TransientVector,
    Vector,
)
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, is_instance
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.state.multimethods import MultiFunction
from lockstep.reference.clojure.runtime.state.protocols import Protocol
from lockstep.reference.clojure.runtime.state.references import Ref
from lockstep.reference.clojure.runtime.state.types import Record
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import hash_ordered, hash_unordered, key_of
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, Location
from lockstep.reference.clojure.runtime.values.names import (
    FALSE,
    TRUE,
    Boolean,
    Char,
    Keyword,
    Symbol,
    boolean,
)
from lockstep.reference.clojure.runtime.values.numbers import to_exact_integer


def _even(items: tuple[Value, ...]) -> tuple[Value, ...]:
    if len(items) % 2:
        raise argument_fault(f"No value supplied for key: {_shown(items[-1])}")
    return items


def _shown(value: Value) -> str:
    return str(value) if value is not None else "null"


@CORE.define("conj")
def conj(collection: Value = EMPTY_VECTOR, x: Value = MISSING, *more: Value) -> Value:
    """`conj`."""
    if x is MISSING:
        return collection
    result = access.conj(collection, x)
    if not more:
        return result
    for value in more:
        result = access.conj(result, value)
    return result


@CORE.define("assoc")
def assoc(collection: Value, key: Value, value: Value, *more: Value) -> Value:
    """`assoc`."""
    result = access.assoc(collection, key, value)
    if not more:
        return result
    if len(more) % 2:
        raise argument_fault("assoc expects even number of arguments after map/vector, found odd number")
    for index in range(0, len(more), 2):
        result = access.assoc(result, more[index], more[index + 1])
    return result


@CORE.define("dissoc")
def dissoc(collection: Value, *keys: Value) -> Value:
    """`dissoc`."""
    for key in keys:
        collection = access.dissoc(collection, key)
    return collection


@CORE.define("disj")
def disj(collection: Value, *keys: Value) -> Value:
    """`disj`."""
    if collection is None or not keys:
        return collection
    if not isinstance(collection, SetInterface) and not hasattr(collection, "disj"):
        raise class_cast_fault(collection, "clojure.lang.IPersistentSet")
    for key in keys:
        collection = collection.disj(key)
    return collection


@CORE.define("get")
def get(collection: Value, key: Value, default: Value = MISSING) -> Value:
    """`get`."""
    return access.get(collection, key) if default is MISSING else access.get(collection, key, default)


@CORE.define("find")
def find(collection: Value, key: Value) -> Value:
    """`find`."""
    if collection is None:
        return None
    if isinstance(collection, Vector):
        return MapEntry(key, collection.lookup(key)) if collection.contains(key) else None
    if not hasattr(collection, "find"):
        raise argument_fault(f"find not supported on type: {class_name_of(collection)}")
    return collection.find(key)


@CORE.define("peek")
def peek(collection: Value) -> Value:
    """`peek`."""
    if collection is None:
        return None
    if not hasattr(collection, "peek"):
        raise class_cast_fault(collection, "clojure.lang.IPersistentStack")
    return collection.peek()


@CORE.define("pop")
def pop(collection: Value) -> Value:
    """`pop`."""
    if collection is None:
        return None
    if not hasattr(collection, "pop") or not hasattr(collection, "peek"):
        raise class_cast_fault(collection, "clojure.lang.IPersistentStack")
    return collection.pop()


@CORE.define("keys")
def keys(collection: Value) -> Value:
    """`keys`."""
    if isinstance(collection, (Map, SortedMap)):
        return elements_seq(collection.keys())
    return _projected(collection, lambda entry: entry.key())


@CORE.define("vals")
def vals(collection: Value) -> Value:
    """`vals`."""
    if isinstance(collection, (Map, SortedMap)):
        return elements_seq(collection.values())
    return _projected(collection, lambda entry: entry.value())


def _projected(collection: Value, part: Callable[[MapEntry], Value]) -> Value:
    sequence = seq(collection)
    if sequence is None:
        return None
    items = []
    for entry in iterate_seq(sequence):
        if not isinstance(entry, MapEntry):
            raise class_cast_fault(entry, "java.util.Map$Entry")
        items.append(part(entry))
    return ArraySeq(items)


def _entry_part(name: str) -> Callable[[Value], Value]:
    def call(entry: Value) -> Value:
        if not isinstance(entry, MapEntry):
            raise class_cast_fault(entry, "java.util.Map$Entry")
        return entry.key() if name == "key" else entry.value()

    return call


@CORE.define("hash-map")
def hash_map(*items: Value) -> Map:
    """`hash-map`."""
    return map_of(*_even(items))


@CORE.define("sorted-map")
def sorted_map(*items: Value) -> SortedMap:
    """`sorted-map`."""
    return _fill(SortedMap([], []), _even(items))


@CORE.define("sorted-map-by")
def sorted_map_by(comparator: Function, *items: Value) -> SortedMap:
    """`sorted-map-by`."""
    return _fill(SortedMap([], [], comparator), _even(items))


def _fill(result: SortedMap, items: tuple[Value, ...]) -> SortedMap:
    for index in range(0, len(items), 2):
        result = result.assoc_key(items[index], items[index + 1])
    return result


@CORE.define("sorted-set")
def sorted_set(*items: Value) -> SortedSet:
    """`sorted-set`."""
    return _fill_set(SortedSet(SortedMap([], [])), items)


@CORE.define("sorted-set-by")
def sorted_set_by(comparator: Function, *items: Value) -> SortedSet:
    """`sorted-set-by`."""
    return _fill_set(SortedSet(SortedMap([], [], comparator)), items)


def _fill_set(result: SortedSet, items: Iterable[Value]) -> SortedSet:
    for item in items:
        result = result.conj(item)
    return result


@CORE.define("set")
def to_set(collection: Value) -> Value:
    """`set`."""
    if isinstance(collection, SetInterface):
        return collection.with_meta(None)
    return set_of(iterate(collection))


@CORE.define("empty")
def empty(collection: Value) -> Value:
    """`empty`."""
    if not isinstance(collection, Collection) and not hasattr(collection, "empty"):
        return None
    return collection.empty()


@CORE.define("not-empty")
def not_empty(collection: Value) -> Value:
    """`not-empty`."""
    return None if seq(collection) is None else collection


@KERNEL.define("into")
def into(target: Value, source: Value) -> Value:
    """`into`."""
    if target.__class__ is Vector:
        return Vector([*target.elements(), *iterate(source)], target.metadata)
    if target.__class__ is Map:
        if isinstance(source, MapInterface):
            made = dict(target.settled())
            for entry in source.entries():
                key, value = entry.array()
                made[key_of(key)] = value
            return Map(made, target.metadata)
        transient = TransientMap(dict(target.settled()))
        for value in iterate(source):
            transient.add(value)
        result = transient.persistent()
        result.metadata = target.metadata
        return result
    if target.__class__ is Set:
        table = dict(target.map.settled())
        for value in iterate(source):
            table.setdefault(key_of(value), value)
        return Set(Map(table), target.metadata)
    for value in iterate(source):
        target = access.conj(target, value)
    return target


@CORE.define("transient")
def transient(collection: Value) -> Value:
    """`transient`."""
    if collection.__class__ is Vector:
        return TransientVector(list(collection.elements()))
    if collection.__class__ is Map:
        return TransientMap(dict(collection.settled()))
    if collection.__class__ is Set:
        return TransientSet(dict(collection.map.settled()))
    raise class_cast_fault(collection, "clojure.lang.IEditableCollection")


_TRANSIENTS = (TransientVector, TransientMap, TransientSet)


def _transient(collection: Value, kinds: Any, name: str) -> Any:
    if not isinstance(collection, kinds):
        raise class_cast_fault(collection, f"clojure.lang.{name}")
    return collection


@CORE.define("persistent!")
def persistent(collection: Value) -> Value:
    """`persistent!`."""
    return _transient(collection, _TRANSIENTS, "ITransientCollection").persistent()


@CORE.define("conj!")
def conj_in_place(collection: Value = MISSING, x: Value = MISSING) -> Value:
    """`conj!`."""
    if collection is MISSING:
        return TransientVector([])
    if x is MISSING:
        return collection
    return _transient(collection, _TRANSIENTS, "ITransientCollection").add(x)


@CORE.define("assoc!")
def assoc_in_place(collection: Value, key: Value, value: Value, *more: Value) -> Value:
    """`assoc!`."""
    result = _transient(collection, (TransientVector, TransientMap), "ITransientAssociative")
    result = result.put(key, value)
    for index in range(0, len(more), 2):
        result = result.put(more[index], more[index + 1] if index + 1 < len(more) else None)
    return result


@CORE.define("dissoc!")
def dissoc_in_place(collection: Value, key: Value, *more: Value) -> Value:
    """`dissoc!`."""
    result = _transient(collection, TransientMap, "ITransientMap").take(key)
    for one in more:
        result = result.take(one)
    return result


@CORE.define("disj!")
def disj_in_place(collection: Value, *keys_: Value) -> Value:
    """`disj!`."""
    if not keys_:
        return collection
    result = _transient(collection, TransientSet, "ITransientSet")
    result.check()
    for key in keys_:
        result = result.take(key)
    return result


@CORE.define("pop!")
def pop_in_place(collection: Value) -> Value:
    """`pop!`."""
    return _transient(collection, TransientVector, "ITransientVector").shrink()


def _is_function(x: Value) -> bool:
    return x.__class__ is FunctionType or x.__class__.__name__ in {
        "builtin_function_or_method",
        "method",
        "type",
    }


def _is_ifn(x: Value) -> bool:
    if _is_function(x) or isinstance(
        x, (Keyword, Symbol, Vector, MapInterface, SetInterface, Var, MultiFunction, Ref, *_TRANSIENTS)
    ):
        return not isinstance(x, Record) or "invoke" in x.java_methods
    return is_instance(CLASSES["clojure.lang.IFn"], x)


def _is_associative(x: Value) -> bool:
    return isinstance(x, (Vector, MapInterface)) or is_instance(CLASSES["clojure.lang.Associative"], x)


def _is_seqable(x: Value) -> bool:
    return access.is_seqable(x)


def _counted(x: Value) -> bool:
    return (
        isinstance(x, (Vector, MapInterface, SetInterface, PersistentList, Range, *_TRANSIENTS))
        or (x.__class__ is ChunkSeq and x.more is None)
        or (is_instance(CLASSES["clojure.lang.Counted"], x) and x.__class__ is not ChunkSeq)
    )


_SPECIAL = frozenset(
    [
        "def",
        "loop*",
        "recur",
        "if",
        "case*",
        "let*",
        "letfn*",
        "do",
        "fn*",
        "quote",
        "var",
        "import*",
        ".",
        "set!",
        "deftype*",
        "reify*",
        "try",
        "throw",
        "monitor-enter",
        "monitor-exit",
        "catch",
        "finally",
        "new",
        "&",
    ]
)

_PREDICATES: dict[str, Callable[[Value], bool]] = {
    "nil?": lambda x: x is None,
    "some?": lambda x: x is not None,
    "true?": lambda x: x is TRUE,
    "false?": lambda x: x is FALSE,
    "not": lambda x: x is None or x is FALSE,
    "any?": lambda _: True,
    "boolean?": lambda x: x.__class__ is Boolean,
    "string?": lambda x: x.__class__ is str,
    "char?": lambda x: x.__class__ is Char,
    "keyword?": lambda x: x.__class__ is Keyword,
    "symbol?": lambda x: x.__class__ is Symbol,
    "simple-keyword?": lambda x: x.__class__ is Keyword and x.namespace is None,
    "qualified-keyword?": lambda x: x.__class__ is Keyword and x.namespace is not None,
    "simple-symbol?": lambda x: x.__class__ is Symbol and x.namespace is None,
    "qualified-symbol?": lambda x: x.__class__ is Symbol and x.namespace is not None,
    "ident?": lambda x: x.__class__ in (Keyword, Symbol),
    "simple-ident?": lambda x: x.__class__ in (Keyword, Symbol) and x.namespace is None,
    "qualified-ident?": lambda x: x.__class__ in (Keyword, Symbol) and x.namespace is not None,
    "vector?": lambda x: isinstance(x, Vector) or is_instance(CLASSES["clojure.lang.IPersistentVector"], x),
    "map?": lambda x: isinstance(x, MapInterface) or is_instance(CLASSES["clojure.lang.IPersistentMap"], x),
    "set?": lambda x: isinstance(x, SetInterface) or is_instance(CLASSES["clojure.lang.IPersistentSet"], x),
    "list?": lambda x: (
        isinstance(x, PersistentList) or is_instance(CLASSES["clojure.lang.IPersistentList"], x)
    ),
    "seq?": lambda x: isinstance(x, (Seq, LazySeq)) or is_instance(CLASSES["clojure.lang.ISeq"], x),
    "coll?": lambda x: (
        isinstance(x, Collection) or is_instance(CLASSES["clojure.lang.IPersistentCollection"], x)
    ),
    "sequential?": lambda x: isinstance(x, Sequential) or is_instance(CLASSES["clojure.lang.Sequential"], x),
    "associative?": _is_associative,
    "counted?": _counted,
    "sorted?": lambda x: isinstance(x, (SortedMap, SortedSet)),
    "reversible?": lambda x: hasattr(x, "rseq"),
    "indexed?": lambda x: isinstance(x, (Vector, TransientVector)),
    "seqable?": _is_seqable,
    "empty?": lambda x: seq(x) is None,
    "record?": lambda x: getattr(x, "is_record", False) is True,
    "map-entry?": lambda x: isinstance(x, MapEntry),
    "fn?": lambda x: _is_function(x) or is_instance(CLASSES["clojure.lang.Fn"], x),
    "ifn?": _is_ifn,
    "var?": lambda x: x.__class__ is Var,
    "inst?": lambda x: isinstance(x, Instant),
    "uuid?": lambda x: isinstance(x, Identifier),
    "uri?": lambda x: isinstance(x, Location),
    "special-symbol?": lambda x: x.__class__ is Symbol and x.namespace is None and x.name in _SPECIAL,
    "bytes?": lambda x: x.__class__ is Array and x.component == "byte",
    "chunked-seq?": lambda x: x.__class__ in (ChunkSeq, Range),
}


def _predicate(test: Callable[[Value], bool]) -> Callable[[Value], Value]:
    return lambda x: TRUE if test(x) else FALSE


CORE.define_all({name: _predicate(test) for name, test in _PREDICATES.items()})
CORE.define_all(
    {
        "contains?": lambda c, k: boolean(access.contains(c, k)),
        "vector": lambda *items: Vector(list(items)),
        "array-map": hash_map,
        "hash-set": lambda *items: set_of(items) if items else EMPTY_SET,
        "key": _entry_part("key"),
        "val": _entry_part("val"),
        "hash-ordered-coll": lambda c: hash_ordered(iterate(c)),
        "hash-unordered-coll": lambda c: hash_unordered(iterate(c)),
    }
)
CORE.define("instance?")(lambda c, x: boolean(is_instance(_class(c), x)))


def _class(value: Value) -> JavaClass:
    if isinstance(value, Protocol):
        return value.interface
    if not isinstance(value, JavaClass):
        raise class_cast_fault(value, "java.lang.Class")
    return value


_DEFAULTS: dict[str, Value] = {
    "long": 0,
    "int": 0,
    "short": 0,
    "byte": 0,
    "double": 0.0,
    "float": 0.0,
    "boolean": FALSE,
    "char": Char("\0"),
    "object": None,
}


def _array_maker(component: str) -> Callable[..., Array]:
    def make(size_or_seq: Value, init_or_seq: Value = MISSING) -> Array:
        default = _DEFAULTS[component]
        if size_or_seq.__class__ is not int:
            return Array(component, [_element(component, value) for value in iterate(size_or_seq)])
        if size_or_seq < 0:
            raise Fault("NegativeArraySizeException", str(size_or_seq))
        if init_or_seq is MISSING:
            return Array(component, [default] * size_or_seq)
        if isinstance(init_or_seq, Collection) or init_or_seq is None:
            items = [_element(component, value) for value in iterate(init_or_seq)][:size_or_seq]
            return Array(component, items + [default] * (size_or_seq - len(items)))
        return Array(component, [_element(component, init_or_seq)] * size_or_seq)

    return make


def _element(component: str, value: Value) -> Value:
    if component == "object":
        return value
    if component in {"double", "float"}:
        return float(value) if value.__class__ is int else value
    if component == "char" and value.__class__ is not Char:
        raise class_cast_fault(value, "java.lang.Character")
    if component in {"long", "int", "short", "byte"} and value.__class__ is not int:
        return to_exact_integer(value)
    return value


def _array(value: Value) -> Array:
    if value.__class__ is not Array:
        raise class_cast_fault(value, "[Ljava.lang.Object;")
    return value


@CORE.define("aget")
def aget(array: Value, index: int, *more: int) -> Value:
    """`aget`."""
    items = _array(array).items
    if not 0 <= index < len(items):
        raise Fault("ArrayIndexOutOfBoundsException", f"Index {index} out of bounds for length {len(items)}")
    return aget(items[index], *more) if more else items[index]


@CORE.define("aset")
def aset(array: Value, index: int, value: Value, *more: Value) -> Value:
    """`aset`."""
    if more:
        return aset(aget(array, index), cast("int", value), *more)
    held = _array(array)
    items = held.items
    if not 0 <= index < len(items):
        raise Fault("ArrayIndexOutOfBoundsException", f"Index {index} out of bounds for length {len(items)}")
    items[index] = _element(held.component, value)
    return value


def _make_array(component: Value, size: int, *more: int) -> Array:
    name = getattr(component, "name", "object")
    if more:
        return Array("object", [_make_array(component, *more) for _ in range(size)])
    if name in _DEFAULTS:
        return Array(name, [_DEFAULTS[name]] * size)
    return Array(component_of(component), [None] * size)


def component_of(component: Value) -> str:
    """The name of a class as the component of an array."""
    simple = getattr(component, "name", "").rpartition("java.lang.")[2]
    return simple if simple + "s" in CLASSES else "object"


CORE.define_all(
    {
        **{f"{name}-array": _array_maker(name) for name in _DEFAULTS},
        **{f"aset-{name}": aset for name in _DEFAULTS if name != "object"},
        **{f"{name}s": _array for name in _DEFAULTS if name != "object"},
        "alength": lambda array: len(_array(array).items),
        "aclone": lambda array: Array(_array(array).component, list(array.items)),
        "make-array": _make_array,
        "to-array": lambda c: Array("object", list(iterate(c))),
        "to-array-2d": lambda c: Array("object", [Array("object", list(iterate(one))) for one in iterate(c)]),
    }
)


class Queue(Sequential):
    """clojure.lang.PersistentQueue: a list to take from and a vector to add to."""

    __slots__ = ("items",)

    def __init__(self, items: Vector, metadata: Metadata = None) -> None:
        self.items = items
        self.metadata = metadata

    def seq(self) -> ISeq | None:
        """The elements in order."""
        return self.items.seq()

    def count(self) -> int:
        """How many elements there are."""
        return self.items.size

    def conj(self, value: Value) -> Queue:
        """The queue with `value` at its end."""
        return Queue(self.items.conj(value), self.metadata)

    def peek(self) -> Value:
        """The first element."""
        return access.first(self.items)

    def pop(self) -> Queue:
        """The queue without its first element."""
        return Queue(Vector(self.items.elements()[1:]), self.metadata)

    def empty(self) -> Queue:
        """An empty queue."""
        return Queue(EMPTY_VECTOR, self.metadata)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    __hash__ = Sequential.__hash__


CORE.define_all({"-empty-queue": Queue(EMPTY_VECTOR)})
