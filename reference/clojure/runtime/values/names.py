"""Booleans, keywords, symbols and characters.

A guest boolean is no host bool: `True + 1` is 2 on the host and a ClassCastException in Clojure, so
`TRUE` and `FALSE` are objects without arithmetic, and `+` needs no guard.
"""

from __future__ import annotations

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import ArityFault
from lockstep.reference.clojure.runtime.values.interfaces import Metadata, Tried

_NOTHING: object = object()


class Boolean:
    """`true` or `false`; there are exactly two."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return self.value

    def __repr__(self) -> str:
        return "true" if self.value else "false"


TRUE = Boolean(True)
FALSE = Boolean(False)


def boolean(value: object) -> Boolean:
    """The guest boolean of a host condition."""
    return TRUE if value else FALSE


def truthy(value: Value) -> bool:
    """Whether `value` is logically true: everything but `nil` and `false`."""
    return value is not None and value is not FALSE


class Keyword:
    """An interned name that evaluates to itself; equal means identical within one engine."""

    __slots__ = ("name", "namespace")

    def __init__(self, namespace: str | None, name: str) -> None:
        self.namespace = namespace
        self.name = name

    def __call__(self, collection: Tried = _NOTHING, *given: Value) -> Value:
        """Call it, as guests do: what a collection has under it, or the default."""
        if not given:
            try:
                found: Value = collection.table.get(self)
                return found
            except AttributeError:  # no map, or one whose table a newer version holds
                pass
        if collection is _NOTHING or len(given) > 1:
            raise ArityFault(0 if collection is _NOTHING else 1 + len(given), repr(self))
        table = getattr(collection, "table", None)
        if table is not None:
            return table.get(self, *given)
        lookup = getattr(collection, "lookup", None)
        if lookup is None:
            return given[0] if given else None
        return lookup(self, *given)

    @property
    def text(self) -> str:
        """`ns/name` or `name`, without the colon."""
        return self.name if self.namespace is None else f"{self.namespace}/{self.name}"

    def __repr__(self) -> str:
        return ":" + self.text


class Symbol:
    """A name with metadata; equality ignores the metadata."""

    __slots__ = ("_hash", "metadata", "name", "namespace")

    def __init__(self, namespace: str | None, name: str, metadata: Metadata = None) -> None:
        self.namespace = namespace
        self.name = name
        self.metadata = metadata
        self._hash = hash((namespace, name))

    @staticmethod
    def parse(text: str) -> Symbol:
        """The symbol written as `text`: `a`, `ns/a` or `/`."""
        namespace, name = split_name(text)
        return Symbol(namespace, name)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not Symbol:
            return NotImplemented
        return self.name == other.name and self.namespace == other.namespace

    def __hash__(self) -> int:
        return self._hash

    def __call__(self, collection: Tried = _NOTHING, *given: Value) -> Value:
        """Call it, as guests do: what a collection has under it, or the default."""
        if collection is _NOTHING or len(given) > 1:
            raise ArityFault(0 if collection is _NOTHING else 1 + len(given), "clojure.lang.Symbol")
        lookup = getattr(collection, "lookup", None)
        if lookup is None:
            return given[0] if given else None
        return lookup(self, *given)

    def with_meta(self, metadata: Metadata) -> Symbol:
        """The same name with other metadata."""
        return Symbol(self.namespace, self.name, metadata)

    @property
    def text(self) -> str:
        """`ns/name` or `name`."""
        return self.name if self.namespace is None else f"{self.namespace}/{self.name}"

    def __repr__(self) -> str:
        return self.text


def split_name(text: str) -> tuple[str | None, str]:
    """Namespace and name of `text`; the first slash divides, a lone slash is a name."""
    if text == "/" or "/" not in text:
        return None, text
    namespace, _, name = text.partition("/")
    if not namespace:
        return None, text
    return namespace, name


class Char:
    """One code point; no string, so that a one-letter string and its character differ."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Char and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value) ^ 0x5BD1E995

    def __repr__(self) -> str:
        return "\\" + self.value


class Interner:
    """The keywords of one engine: one object per name, so that equality is identity."""

    __slots__ = ("_keywords",)

    def __init__(self) -> None:
        self._keywords: dict[tuple[str | None, str], Keyword] = {}

    def keyword(self, namespace: str | None, name: str) -> Keyword:
        """The keyword of this name."""
        found = self._keywords.get((namespace, name))
        if found is None:
            found = self._keywords[namespace, name] = Keyword(namespace, name)
        return found

    def parse(self, text: str) -> Keyword:
        """The keyword written `:text`."""
        return self.keyword(*split_name(text))

    def find(self, namespace: str | None, name: str) -> Keyword | None:
        """The keyword of this name if it exists already."""
        return self._keywords.get((namespace, name))
