"""Top-level forms: read, expanded, taken apart where they are a `do`, analysed one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.reference.clojure.analysis.analyser import Analyser
from lockstep.reference.clojure.analysis.nodes import Node
from lockstep.reference.clojure.analysis.scopes import Counter, FunctionScope, Scope
from lockstep.reference.clojure.analysis.special_forms import SPECIAL_FORMS
from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Seq, iterate, list_of
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import Symbol
from lockstep.reference.clojure.syntax.reader import END, Reader


def analyser_of(
    environment: Environment, file: str, positions: dict[int, tuple[int, int]] | None = None
) -> Analyser:
    """What analyses the forms of a source, see `Analyser`."""
    return Analyser(environment, file, SPECIAL_FORMS, positions)


def macroexpand_1(environment: Environment, form: Value) -> Value:
    """`macroexpand-1`."""
    if not isinstance(form, (Seq, LazySeq)):
        return form
    sequence = form.seq()
    if sequence is None:
        return form
    head = sequence.first()
    if head.__class__ is not Symbol:
        return form
    if head.namespace is None and head.name in SPECIAL_FORMS:
        return form
    analyser = analyser_of(environment, "NO_SOURCE_PATH")
    expanded = analyser.expand(head, sequence, Scope(FunctionScope(None, Counter()), {}, None))
    if expanded is not sequence:
        return expanded
    if head.namespace is None and head.name not in {".", ".."}:
        name = head.name
        rest = list(iterate(sequence.next()))
        if name.startswith(".") and len(name) > 1 and rest:
            member = Symbol(None, name[1:])
            return list_of([Symbol(None, "."), rest[0], member, *rest[1:]])
        if name.endswith(".") and len(name) > 1:
            return list_of([Symbol(None, "new"), Symbol(None, name[:-1]), *rest])
    return form


# So many expansions and `do`s, one in the other, are Java's stack.
_DEEPEST = 2_000


def top_level_forms(analyser: Analyser, form: Value, depth: int = 0) -> Iterator[Value]:
    """The forms that a top-level form consists of: those of a `do` are evaluated one by one (Compiler.eval).

    Raises:
        RecursionError: a macro expands into itself for ever.
    """
    while isinstance(form, (Seq, LazySeq)):
        depth += 1
        if depth > _DEEPEST:
            raise RecursionError
        sequence = form.seq()
        if sequence is None:
            break
        head = sequence.first()
        if head.__class__ is not Symbol:
            break
        analyser.enter(form)
        if head.namespace is None and head.name == "do":
            for part in iterate(sequence.next()):
                yield from top_level_forms(analyser, part, depth)
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
    analyser = analyser_of(environment, name, reader.positions)
    while True:
        # Positions are kept by identity, and only as long as their form is alive.
        reader.positions.clear()
        form = reader.read()
        if form is END:
            return
        for one in top_level_forms(analyser, form):
            yield analyser.analyse(one)
