"""Analysed libraries on disk: nodes pickled into a constant of a code object, which the code cache keeps."""

from __future__ import annotations

import io
import pickle
from types import CodeType
from typing import Any

from lockstep.reference.clojure.analysis.nodes import Node
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Boolean, Interner, Keyword
from lockstep.reference.host.generation.code_cache import CodeCache

Analysed = list  # of (node, frame size)


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> object:
        if obj.__class__ is Keyword:
            return "k", obj.namespace, obj.name
        if obj.__class__ is Boolean:
            return ("b", obj.value)
        return ("c", obj.name) if obj.__class__ is JavaClass else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, interner: Interner) -> None:
        super().__init__(stream)
        self.interner = interner

    def persistent_load(self, pid: Any) -> Any:
        if pid[0] == "k":
            return self.interner.keyword(pid[1], pid[2])
        if pid[0] == "b":
            return TRUE if pid[1] else FALSE
        return CLASSES[pid[1]]


class Entry:
    """The nodes of one library: there already, or to be stored."""

    def __init__(self, cache: CodeCache, key: str, interner: Interner) -> None:
        self.cache = cache
        self.key = key
        self.ready = False
        self.nodes: list[tuple[Node, int]] = []
        try:
            code = cache.get(key, self._absent, persist=True)
        except LookupError:
            return
        data = next(constant for constant in code.co_consts if isinstance(constant, bytes))
        self.nodes = _Unpickler(io.BytesIO(data), interner).load()
        self.ready = True

    def _absent(self) -> CodeType:
        raise LookupError

    def store(self, nodes: list[tuple[Node, int]]) -> None:
        """Keep the nodes."""
        stream = io.BytesIO()
        _Pickler(stream, 5).dump(nodes)
        source = f"nodes = {stream.getvalue()!r}"
        self.cache.get(self.key, lambda: compile(source, "library", "exec"), persist=True)
        self.nodes = nodes
        self.ready = True


def cached_nodes(cache: CodeCache, interner: Interner, source: str, name: str) -> Entry:
    """The entry of a library."""
    kept: dict[str, Entry] = cache.__dict__.setdefault("analysed", {})
    key = cache.key(source, "nodes", name)
    found = kept.get(key)
    if found is None or not found.ready:
        found = kept[key] = Entry(cache, key, interner)
    return found
