"""What a value answers to, for the checker: functions, and the interfaces of clojure.lang.

A guest's type may implement each of them, so they are protocols; what is ours is told by its class.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable, Optional, Protocol

from lockstep.reference.clojure.runtime.values import Value

Function = Callable[..., Value]
"""What a guest may call (IFn); a call of anything else is a ClassCastException by the host's TypeError."""

Meter = Callable[[], object]
"""Takes a step, where steps are counted."""

Tried = Any
"""A value that hot code operates on before anybody asked what it is: the host's AttributeError is the answer."""


class Seqable(Protocol):
    """clojure.lang.Seqable."""

    def seq(self) -> ISeq | None:
        """A sequence of the elements, or nil if there are none."""
        ...


class ISeq(Seqable, Protocol):
    """clojure.lang.ISeq."""

    def first(self) -> Value:
        """The first element."""
        ...

    def next(self) -> ISeq | None:
        """The sequence after the first element, or nil."""
        ...

    def rest(self) -> ISeq:
        """The sequence after the first element, possibly empty."""
        ...


class ILookup(Protocol):
    """clojure.lang.ILookup."""

    def lookup(self, key: Value, default: Value = None) -> Value:
        """The value of `key`, or the default."""
        ...


class IPersistentMap(ILookup, Protocol):
    """clojure.lang.IPersistentMap."""

    def count(self) -> int:
        """How many entries there are."""
        ...

    def contains(self, key: Value) -> bool:
        """Whether `key` is there."""
        ...

    def assoc_key(self, key: Value, value: Value) -> IPersistentMap:
        """The map with `value` under `key`."""
        ...

    def conj(self, value: Value) -> IPersistentMap:
        """The map with an entry, or with all entries of a map."""
        ...

    def dissoc(self, key: Value) -> IPersistentMap:
        """The map without `key`."""
        ...

    def entries(self) -> Sequence[Entry]:
        """The entries."""
        ...


class Entry(Protocol):
    """java.util.Map$Entry."""

    def key(self) -> Value:
        """The key."""
        ...

    def value(self) -> Value:
        """The value."""
        ...


class IDeref(Protocol):
    """clojure.lang.IDeref."""

    def deref(self) -> Value:
        """The value."""
        ...


class Named(Protocol):
    """clojure.lang.Named."""

    name: str
    namespace: str | None


class IObj(Protocol):
    """clojure.lang.IObj."""

    metadata: IPersistentMap | None

    def with_meta(self, metadata: IPersistentMap | None) -> Value:
        """The same with other metadata."""
        ...


Metadata = Optional[IPersistentMap]
"""What `meta` gives: a map or nil."""
