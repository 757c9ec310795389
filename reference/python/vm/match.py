# ruff: noqa: D102  # the names are those of ast.NodeVisitor, which says what they do
"""The match statement as tests over the runtime's patterns (Language Reference 8.6)."""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.python.runtime.patterns import NAMED_STAR, NAMELESS_STAR, NO_STAR
from lockstep.reference.python.syntax.early_errors import pattern_errors
from lockstep.reference.python.vm.constants import placeholder


def _place(node: ast.AST) -> dict[str, Any]:
    return {
        "lineno": getattr(node, "lineno", 1),
        "col_offset": getattr(node, "col_offset", 0),
        "end_lineno": getattr(node, "end_lineno", None),
        "end_col_offset": getattr(node, "end_col_offset", None),
    }


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

    def _store(self, name: str, value: ast.expr, place: dict[str, Any]) -> ast.expr:
        if self.in_function:
            target = ast.Name(id=name, ctx=ast.Store(), **place)
            return ast.NamedExpr(target=target, value=value, **place)
        arguments = [ast.Constant(value=name, **place), value]
        return ast.Call(func=placeholder("keep", place), args=arguments, keywords=[], **place)

    def _load(self, name: str, place: dict[str, Any]) -> ast.expr:
        if self.in_function:
            return ast.Name(id=name, ctx=ast.Load(), **place)
        arguments: list[ast.expr] = [ast.Constant(value=name, **place)]
        return ast.Call(func=placeholder("kept", place), args=arguments, keywords=[], **place)

    def visit_Match(self, node: Any) -> list[ast.stmt]:
        pattern_errors(node, self.filename)
        place = _place(node)
        subject = self._temporary()
        statements: list[ast.stmt] = [
            ast.Expr(value=self._store(subject, self.visit(node.subject), place), **place)
        ]
        chain: list[ast.stmt] = []
        for case in reversed(node.cases):
            captures: dict[str, str] = {}
            tests = self._pattern(case.pattern, subject, captures)
            at = _place(case.pattern)
            for name, temporary in captures.items():
                binding = ast.NamedExpr(
                    target=ast.Name(id=name, ctx=ast.Store(), **at),
                    value=self._load(temporary, at),
                    **at,
                )
                tests.append(ast.Tuple(elts=[binding], ctx=ast.Load(), **at))
            if case.guard is not None:
                tests.append(self.visit(case.guard))
            body: list[ast.stmt] = []
            for statement in case.body:
                lowered = self.visit(statement)
                body.extend(lowered if isinstance(lowered, list) else [lowered])
            chain = [ast.If(test=_all(tests, at), body=body, orelse=chain, **at)]
        if self.in_function:
            return [*statements, *chain]
        begin, end = (
            ast.Expr(value=ast.Call(func=placeholder(name, place), args=[], keywords=[], **place), **place)
            for name in ("begin_match", "end_match")
        )
        body = [*statements, *chain]
        return [begin, ast.Try(body=body, handlers=[], orelse=[], finalbody=[end], **place)]

    def _pattern(self, node: Any, subject: str, captures: dict[str, str]) -> list[ast.expr]:
        """Tests that must all hold for `node` to match the value in `subject`."""
        place = _place(node)
        kind = type(node).__name__

        def value() -> ast.expr:
            return self._load(subject, place)

        if kind == "MatchValue":
            return [ast.Compare(left=value(), ops=[ast.Eq()], comparators=[self.visit(node.value)], **place)]
        if kind == "MatchSingleton":
            wanted = ast.Constant(value=node.value, **place)
            return [ast.Compare(left=value(), ops=[ast.Is()], comparators=[wanted], **place)]
        if kind == "MatchAs":
            tests = [] if node.pattern is None else self._pattern(node.pattern, subject, captures)
            return (
                tests if node.name is None else [*tests, self._capture(node.name, value(), captures, place)]
            )
        if kind == "MatchOr":
            alternatives = [_all(self._pattern(part, subject, captures), place) for part in node.patterns]
            return [ast.BoolOp(op=ast.Or(), values=alternatives, **place)]
        if kind == "MatchSequence":
            return self._sequence(node, value(), captures)
        if kind == "MatchMapping":
            return self._mapping(node, subject, captures)
        assert kind == "MatchClass"
        arguments = [
            value(),
            self.visit(node.cls),
            ast.Constant(value=len(node.patterns), **place),
            _strings(node.kwd_attrs, place),
        ]
        return self._parts("class_pattern", arguments, [*node.patterns, *node.kwd_patterns], captures, place)

    def _capture(
        self, name: str, value: ast.expr, captures: dict[str, str], place: dict[str, Any]
    ) -> ast.expr:
        temporary = captures.setdefault(name, f".c.{name}")
        binding = self._store(temporary, value, place)
        return ast.Tuple(elts=[binding], ctx=ast.Load(), **place)

    def _sequence(self, node: Any, value: ast.expr, captures: dict[str, str]) -> list[ast.expr]:
        place = _place(node)
        stars = [index for index, part in enumerate(node.patterns) if type(part).__name__ == "MatchStar"]
        before = stars[0] if stars else len(node.patterns)
        after = len(node.patterns) - before - 1 if stars else 0
        arguments = [
            value,
            ast.Constant(value=before, **place),
            ast.Constant(value=_star_kind(node.patterns, stars), **place),
            ast.Constant(value=after, **place),
        ]
        return self._parts("sequence_pattern", arguments, node.patterns, captures, place)

    def _mapping(self, node: Any, subject: str, captures: dict[str, str]) -> list[ast.expr]:
        place = _place(node)
        keys = self._temporary()
        listed = ast.Tuple(elts=[self.visit(key) for key in node.keys], ctx=ast.Load(), **place)
        kept = self._store(keys, listed, place)
        value = self._load(subject, place)
        tests = self._parts("mapping_pattern", [value, kept], node.patterns, captures, place)
        if node.rest is not None:
            rest = ast.Call(
                func=placeholder("mapping_rest", place),
                args=[self._load(subject, place), self._load(keys, place)],
                keywords=[],
                **place,
            )
            tests.append(self._capture(node.rest, rest, captures, place))
        return tests

    def _parts(
        self,
        function: str,
        arguments: list[ast.expr],
        patterns: list[Any],
        captures: dict[str, str],
        place: dict[str, Any],
    ) -> list[ast.expr]:
        """Ask the runtime for the parts of a subject, then match each part."""
        parts = self._temporary()
        call = ast.Call(func=placeholder(function, place), args=arguments, keywords=[], **place)
        kept = self._store(parts, call, place)
        tests: list[ast.expr] = [
            ast.Compare(
                left=kept, ops=[ast.IsNot()], comparators=[ast.Constant(value=None, **place)], **place
            )
        ]
        for index, pattern in enumerate(patterns):
            item = ast.Subscript(
                value=self._load(parts, place),
                slice=ast.Constant(value=index, **place),
                ctx=ast.Load(),
                **place,
            )
            if type(pattern).__name__ == "MatchStar":
                if pattern.name is not None:
                    tests.append(self._capture(pattern.name, item, captures, place))
                continue
            if type(pattern).__name__ == "MatchAs" and pattern.pattern is None and pattern.name is None:
                continue
            temporary = self._temporary()
            binding = self._store(temporary, item, place)
            tests.append(ast.Tuple(elts=[binding], ctx=ast.Load(), **place))
            tests.extend(self._pattern(pattern, temporary, captures))
        return tests


def _star_kind(patterns: list[Any], stars: list[int]) -> int:
    """What the runtime is asked for: no starred part, one that nobody names, one that is kept."""
    if not stars:
        return NO_STAR
    return NAMELESS_STAR if patterns[stars[0]].name is None else NAMED_STAR


def _all(tests: list[ast.expr], place: dict[str, Any]) -> ast.expr:
    if not tests:
        return ast.Constant(value=True, **place)
    return tests[0] if len(tests) == 1 else ast.BoolOp(op=ast.And(), values=tests, **place)


def _strings(names: list[str], place: dict[str, Any]) -> ast.expr:
    return ast.Tuple(elts=[ast.Constant(value=name, **place) for name in names], ctx=ast.Load(), **place)
