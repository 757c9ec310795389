"""Top-level forms: read, expanded, taken apart where they are a `do`, analysed one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.clojure.analysis.analyser import Analyser
from lockstep.reference.clojure.analysis.nodes import Node
from lockstep.reference.clojure.analysis.scopes import Counter, FunctionScope, Scope
from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Seq, iterate
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import Symbol
from lockstep.reference.clojure.syntax.reader import END, Reader


def top_level_forms(analyser: Analyser, form: Value) -> Iterator[Value]:
    """The forms that a top-level form consists of: those of a `do` are evaluated one by one (Compiler.eval)."""
    while isinstance(form, (Seq, LazySeq)):
        sequence = form.seq()
        if sequence is None:
            break
        head = sequence.first()
        if head.__class__ is not Symbol:
            break
        analyser.enter(form)
        if head.namespace is None and head.name == "do":
            for part in iterate(sequence.next()):
                yield from top_level_forms(analyser, part)
            if sequence.next() is None:
                yield None
            return
        if head.namespace is None and head.name in _SPECIAL:
            break
        expanded = analyser.expand(head, form, Scope(FunctionScope(None, Counter()), {}, None))
        if expanded is form:
            break
        form = expanded
    yield form


_SPECIAL = frozenset({"def", "let*", "fn*", "if", "quote", "try", "loop*", "deftype*", "reify*", "new", "."})


def analysed_forms(environment: Environment, reader: Reader, name: str) -> Iterator[tuple[Node, int]]:
    """The nodes of all forms of a reader, with frame sizes; each must be run before the next is taken."""
    analyser = Analyser(environment, name, reader.positions)
    while True:
        # Positions are kept by identity, and only as long as their form is alive.
        reader.positions.clear()
        form = reader.read()
        if form is END:
            return
        for one in top_level_forms(analyser, form):
            yield analyser.analyse(one)
