"""The Java names of the classes of values."""

from __future__ import annotations

from lockstep.reference.clojure.runtime.values import Value

class_names: dict[type, str] = {
    int: "java.lang.Long",
    float: "java.lang.Double",
    str: "java.lang.String",
}


def class_name_of(value: Value) -> str:
    """The full Java class name, as far as the host class tells it."""
    if value is None:
        return "null"
    known: str | None = class_names.get(value.__class__)
    if known is not None:
        return known
    return JAVA_NAMES.get(value.__class__.__name__, str(value.__class__.__name__))


JAVA_NAMES = {
    "Boolean": "java.lang.Boolean",
    "Keyword": "clojure.lang.Keyword",
    "Symbol": "clojure.lang.Symbol",
    "Char": "java.lang.Character",
    "BigInt": "clojure.lang.BigInt",
    "Ratio": "clojure.lang.Ratio",
    "BigDecimal": "java.math.BigDecimal",
    "Vector": "clojure.lang.PersistentVector",
    "MapEntry": "clojure.lang.MapEntry",
    "Map": "clojure.lang.PersistentArrayMap",
    "Set": "clojure.lang.PersistentHashSet",
    "SortedMap": "clojure.lang.PersistentTreeMap",
    "SortedSet": "clojure.lang.PersistentTreeSet",
    "PersistentList": "clojure.lang.PersistentList",
    "Cons": "clojure.lang.Cons",
    "LazySeq": "clojure.lang.LazySeq",
    "Range": "clojure.lang.LongRange",
    "Atom": "clojure.lang.Atom",
    "Var": "clojure.lang.Var",
    "function": "clojure.lang.AFunction",
}
