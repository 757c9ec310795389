"""Methods of Java's interfaces on Clojure's collections, and what a type inherits from a superclass of Java's."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

from typing import Callable

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import Seq, Sequential
from lockstep.reference.clojure.runtime.collections.maps import MapInterface
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.collections import HostList, HostSet, iterator_of
from lockstep.reference.clojure.runtime.java.objects import java_equals
from lockstep.reference.clojure.runtime.java.threads import (
    thread_local_get,
    thread_local_remove,
    thread_local_set,
)
from lockstep.reference.clojure.runtime.state.types import TypeInstance
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.faults import unsupported_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.literals import Reduced
from lockstep.reference.clojure.runtime.values.names import boolean, truthy

Method = Callable[..., Value]


def _get(collection: Value, key: Value) -> Value:
    if isinstance(collection, (Sequential, Seq)):
        return access.nth(collection, key)
    return access.get(collection, key)


def _contains(collection: Value, value: Value) -> Value:
    if isinstance(collection, Sequential):
        return boolean(any(equiv(value, one) for one in interface.iterate(collection)))
    return boolean(access.contains(collection, value))


def _index_of(collection: Value, value: Value) -> int:
    return next((i for i, one in enumerate(interface.iterate(collection)) if equiv(value, one)), -1)


def _last_index_of(collection: Value, value: Value) -> int:
    return max((i for i, one in enumerate(interface.iterate(collection)) if equiv(value, one)), default=-1)


def _reduce(collection: Value, f: Function, *init: Value) -> Value:
    items = iter(interface.iterate(collection))
    result = init[0] if init else next(items)
    for value in items:
        result = f(result, value)
        if result.__class__ is Reduced:
            return result.value
    return result


def _for_each(collection: Value, function: Function) -> None:
    if isinstance(collection, MapInterface):
        for entry in collection.entries():
            function(*entry.array())
        return
    for value in interface.iterate(collection):
        function(value)


# By name: what the host object must have, and the method.
COLLECTION: dict[str, tuple[str, Method]] = {
    "size": ("count", access.count),
    "count": ("count", access.count),
    "length": ("count", access.count),
    "isEmpty": ("seq", lambda c: boolean(interface.seq(c) is None)),
    "get": ("seq", _get),
    "getOrDefault": ("lookup", lambda c, k, d: access.get(c, k, d)),
    "valAt": ("lookup", lambda c, *arguments: access.get(c, *arguments)),
    "nth": ("seq", lambda c, *arguments: access.nth(c, *arguments)),
    "contains": ("seq", _contains),
    "containsAll": (
        "seq",
        lambda c, xs: boolean(all(truthy(_contains(c, x)) for x in interface.iterate(xs))),
    ),
    "containsKey": ("contains", lambda c, x: boolean(access.contains(c, x))),
    "containsValue": ("values", lambda c, x: boolean(any(java_equals(x, one) for one in c.values()))),
    "cons": ("conj", access.conj),
    "assoc": ("assoc_key", access.assoc),
    "assocN": ("assoc_key", access.assoc),
    "without": ("dissoc", access.dissoc),
    "seq": ("seq", interface.seq),
    "first": ("first", access.first),
    "next": ("next", access.following),
    "more": ("rest", access.rest),
    "rest": ("rest", access.rest),
    "empty": ("empty", lambda c: c.empty()),
    "meta": ("metadata", lambda c: c.metadata),
    "withMeta": ("with_meta", lambda c, m: c.with_meta(m)),
    "getKey": ("key", lambda e: e.key()),
    "getValue": ("key", lambda e: e.value()),
    "key": ("key", lambda e: e.key()),
    "val": ("key", lambda e: e.value()),
    "entryAt": ("find", lambda c, k: c.find(k)),
    "indexOf": ("seq", _index_of),
    "lastIndexOf": ("seq", _last_index_of),
    "keySet": ("keys", lambda c: HostSet(c.keys(), "java.util.LinkedHashSet")),
    "entrySet": ("entries", lambda c: HostSet(list(c.entries()), "java.util.LinkedHashSet")),
    "values": ("values", lambda c: HostList(c.values())),
    "equiv": ("seq", lambda c, other: boolean(equiv(c, other))),
    "invoke": ("__call__", lambda c, *arguments: c(*arguments)),
    "peek": ("peek", lambda c: c.peek()),
    "pop": ("pop", lambda c: c.pop()),
    "rseq": ("rseq", lambda c: c.rseq()),
    "disjoin": ("disj", lambda c, x: c.disj(x)),
    "subList": ("seq", lambda c, start, end: Vector(list(interface.iterate(c))[start:end])),
    "iterator": ("seq", iterator_of),
    "listIterator": ("seq", iterator_of),
    "toArray": ("seq", lambda c, *_: access.Array("object", list(interface.iterate(c)))),
    "reduce": ("seq", _reduce),
    "forEach": ("seq", _for_each),
    "asTransient": ("seq", lambda c: c.as_transient()),
    "persistent": ("persistent", lambda c: c.persistent()),
    "conj": ("add", lambda c, x: c.add(x)),
    "deref": ("deref", lambda c: c.deref()),
    "isRealized": ("realized", lambda c: boolean(c.realized())),
    "reset": ("reset", lambda c, x: c.reset(x)),
    "swap": ("reset", lambda c, f, *arguments: c.reset(f(c.value, *arguments))),
    "getWatches": ("watches", lambda c: c.watches),
    "getMethod": ("find", lambda m, v: m.find(v)),
    "getMethodTable": ("methods", lambda m: m.methods),
}


def _unsupported(*_: Value) -> Value:
    raise unsupported_fault()


def _written(_: object, writer: TypeInstance, value: Value, *__: Value) -> Value:
    writer.java_methods["write"](writer, value)
    return writer


# What a `proxy` or `reify` inherits, by superclass: functions of the environment, the object and the arguments.
_BASES: dict[str, dict[str, Method]] = {
    "java.lang.ThreadLocal": {
        "get": thread_local_get,
        "set": thread_local_set,
        "remove": thread_local_remove,
    },
    "java.util.AbstractCollection": {"size": _unsupported, "add": _unsupported, "get": _unsupported},
    "java.util.AbstractMap": {"put": _unsupported, "entrySet": _unsupported},
    "java.util.Iterator": {"remove": _unsupported},
    "java.io.Writer": {"append": _written, "flush": lambda *_: None, "close": lambda *_: None},
}


def base_method(target: Value, name: str) -> Method | None:
    """What an object inherits as `name` from a superclass that Java gives."""
    found = getattr(target, "java_class", None)
    if found is None or not (hasattr(target, "java_methods") or found.name == "java.lang.ThreadLocal"):
        return None
    for base, methods in _BASES.items():
        if name in methods and found.implements(base) and not hasattr(target, "guest_" + name):
            return methods[name]
    return None
