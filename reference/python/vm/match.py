# ruff: noqa: D102  # the names are those of ast.NodeVisitor, which says what they do
"""The match statement as tests over the runtime's patterns (Language Reference 8.6)."""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.python.runtime.patterns import NAMED_STAR, NAMELESS_STAR, NO_STAR
from lockstep.reference.python.syntax.early_errors import pattern_errors
from lockstep.reference.python.vm.places import Place


class MatchLowering(ast.NodeTransformer):
    """Rewrites match statements; the rest of the lowering builds on it."""

    filename: str

    def __init__(self) -> None:
        self.temporaries = 0
        self.in_function = False

    def _temporary(self) -> str:
        self.temporaries += 1
        return f".m{self.temporaries}"

    # A function's temporaries are locals of its own. The namespace of a program or a class is the guest's to see: there
    # they stand in a table that the runtime keeps while the tests run.

    def _store(self, name: str, value: ast.expr, place: Place) -> ast.expr:
        if self.in_function:
            target = place.target(name)
            return place.placed(ast.NamedExpr(target=target, value=value))
        arguments = [place.constant(name), value]
        return place.helper("keep", *arguments)

    def _load(self, name: str, place: Place) -> ast.expr:
        if self.in_function:
            return place.variable(name)
        arguments: list[ast.expr] = [place.constant(name)]
        return place.helper("kept", *arguments)

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        pattern_errors(node, self.filename)
        place = Place(node)
        subject = self._temporary()
        statements: list[ast.stmt] = [place.evaluating(self._store(subject, self.visit(node.subject), place))]
        chain: list[ast.stmt] = []
        for case in reversed(node.cases):
            captures: dict[str, str] = {}
            tests = self._pattern(case.pattern, subject, captures)
            at = Place(case.pattern)
            for name, temporary in captures.items():
                binding = at.walrus(name, self._load(temporary, at))
                tests.append(at.tuple_of([binding]))
            if case.guard is not None:
                tests.append(self.visit(case.guard))
            body: list[ast.stmt] = []
            for statement in case.body:
                lowered = self.visit(statement)
                body.extend(lowered if isinstance(lowered, list) else [lowered])
            chain = [at.branching(_all(tests, at), body, chain)]
        if self.in_function:
            return [*statements, *chain]
        begin, end = (place.evaluating(place.helper(name)) for name in ("begin_match", "end_match"))
        body = [*statements, *chain]
        return [begin, place.placed(ast.Try(body, [], [], [end]))]

    def _pattern(self, node: Any, subject: str, captures: dict[str, str]) -> list[ast.expr]:
        """Tests that must all hold for `node` to match the value in `subject`."""
        place = Place(node)
        kind = type(node).__name__

        def value() -> ast.expr:
            return self._load(subject, place)

        if kind == "MatchValue":
            return [place.compare(value(), ast.Eq(), self.visit(node.value))]
        if kind == "MatchSingleton":
            wanted = place.constant(node.value)
            return [place.compare(value(), ast.Is(), wanted)]
        if kind == "MatchAs":
            tests = [] if node.pattern is None else self._pattern(node.pattern, subject, captures)
            return (
                tests if node.name is None else [*tests, self._capture(node.name, value(), captures, place)]
            )
        if kind == "MatchOr":
            alternatives = [_all(self._pattern(part, subject, captures), place) for part in node.patterns]
            return [place.either(*alternatives)]
        if kind == "MatchSequence":
            return self._sequence(node, value(), captures)
        if kind == "MatchMapping":
            return self._mapping(node, subject, captures)
        assert kind == "MatchClass"
        arguments = [
            value(),
            self.visit(node.cls),
            place.constant(len(node.patterns)),
            _strings(node.kwd_attrs, place),
        ]
        return self._parts("class_pattern", arguments, [*node.patterns, *node.kwd_patterns], captures, place)

    def _capture(self, name: str, value: ast.expr, captures: dict[str, str], place: Place) -> ast.expr:
        temporary = captures.setdefault(name, f".c.{name}")
        binding = self._store(temporary, value, place)
        return place.tuple_of([binding])

    def _sequence(self, node: ast.MatchSequence, value: ast.expr, captures: dict[str, str]) -> list[ast.expr]:
        place = Place(node)
        stars = [index for index, part in enumerate(node.patterns) if type(part).__name__ == "MatchStar"]
        before = stars[0] if stars else len(node.patterns)
        after = len(node.patterns) - before - 1 if stars else 0
        arguments = [
            value,
            place.constant(before),
            place.constant(_star_kind(node.patterns, stars)),
            place.constant(after),
        ]
        return self._parts("sequence_pattern", arguments, node.patterns, captures, place)

    def _mapping(self, node: ast.MatchMapping, subject: str, captures: dict[str, str]) -> list[ast.expr]:
        place = Place(node)
        keys = self._temporary()
        listed = place.tuple_of([self.visit(key) for key in node.keys])
        kept = self._store(keys, listed, place)
        value = self._load(subject, place)
        tests = self._parts("mapping_pattern", [value, kept], node.patterns, captures, place)
        if node.rest is not None:
            rest = place.helper("mapping_rest", self._load(subject, place), self._load(keys, place))
            tests.append(self._capture(node.rest, rest, captures, place))
        return tests

    def _parts(
        self,
        function: str,
        arguments: list[ast.expr],
        patterns: list[Any],
        captures: dict[str, str],
        place: Place,
    ) -> list[ast.expr]:
        """Ask the runtime for the parts of a subject, then match each part."""
        parts = self._temporary()
        call = place.helper(function, *arguments)
        kept = self._store(parts, call, place)
        tests: list[ast.expr] = [place.compare(kept, ast.IsNot(), place.constant(None))]
        for index, pattern in enumerate(patterns):
            item = place.subscript(self._load(parts, place), place.constant(index))
            if type(pattern).__name__ == "MatchStar":
                if pattern.name is not None:
                    tests.append(self._capture(pattern.name, item, captures, place))
                continue
            if type(pattern).__name__ == "MatchAs" and pattern.pattern is None and pattern.name is None:
                continue
            temporary = self._temporary()
            binding = self._store(temporary, item, place)
            tests.append(place.tuple_of([binding]))
            tests.extend(self._pattern(pattern, temporary, captures))
        return tests


def _star_kind(patterns: list[Any], stars: list[int]) -> int:
    """What the runtime is asked for: no starred part, one that nobody names, one that is kept."""
    if not stars:
        return NO_STAR
    return NAMELESS_STAR if patterns[stars[0]].name is None else NAMED_STAR


def _all(tests: list[ast.expr], place: Place) -> ast.expr:
    if not tests:
        return place.constant(True)
    return tests[0] if len(tests) == 1 else place.both(*tests)


def _strings(names: list[str], place: Place) -> ast.expr:
    return place.tuple_of([place.constant(name) for name in names])
