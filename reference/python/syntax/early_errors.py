# the names are those of ast.NodeVisitor, which says what they do
"""Errors of well-formed trees that CPython's compiler reports before running (Language Reference 6 to 8)."""

from __future__ import annotations
import __future__ as future

import ast
from typing import Any

from lockstep.reference.python.syntax.parse import error_at
from lockstep.reference.python.syntax.scopes import Comprehension, Scope, SymbolTable

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_WORDS_IN_EXCEPT_STAR = "'break', 'continue' and 'return' cannot appear in an except* block"


class _Checker(ast.NodeVisitor):
    def __init__(self, table: SymbolTable) -> None:
        self.table = table
        self.scope: Scope = table.module
        self.loops = 0
        self.in_except_star = False

    def fail(self, message: str, node: ast.AST) -> None:
        raise error_at(message, self.table.filename, node, self.table.source)

    def inside(self, node: ast.AST, *children: ast.AST) -> None:
        outer = self.scope, self.loops, self.in_except_star
        self.scope, self.loops, self.in_except_star = self.table.scopes[node], 0, False
        for child in children:
            self.visit(child)
        self.scope, self.loops, self.in_except_star = outer

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for child in (*node.decorator_list, node.args):
            self.visit(child)
        if node.returns is not None:
            self.visit(node.returns)
        self.inside(node, *node.body)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self.inside(node, node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.keywords(node)
        for child in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(child)
        self.inside(node, *node.body)

    def comprehension(self, node: Comprehension) -> None:
        scope = self.table.scopes[node]
        parent = self.scope
        if scope.is_async and scope.name != "<genexpr>":
            function = parent
            while function.kind == "comprehension" and function.parent is not None:
                function = function.parent
            if not (function.kind == "function" and function.is_async) and not (
                parent.kind == "comprehension" and parent.name == "<genexpr>"
            ):
                self.fail("asynchronous comprehension outside of an asynchronous function", node)
        generators = node.generators
        self.visit(generators[0].iter)
        outer = self.scope
        self.scope = scope
        for index, generator in enumerate(generators):
            self.target(generator.target)
            for child in (*((generator.iter,) if index else ()), *generator.ifs):
                self.visit(child)
        for field in ("elt", "key", "value"):
            child = getattr(node, field, None)
            if child is not None:
                self.visit(child)
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    # 7.6 return, 7.9 break, 7.10 continue

    def visit_Return(self, node: ast.Return) -> None:
        if self.scope.kind != "function":
            self.fail("'return' outside function", node)
        if self.in_except_star:
            self.fail(_WORDS_IN_EXCEPT_STAR, node)
        if node.value is not None and self.scope.is_async and self.scope.is_generator:
            self.fail("'return' with value in async generator", node)
        self.generic_visit(node)

    def visit_Break(self, node: ast.Break) -> None:
        self.leaves_loop(node, "'break' outside loop")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.leaves_loop(node, "'continue' not properly in loop")

    def leaves_loop(self, node: ast.AST, message: str) -> None:
        if not self.loops:
            self.fail(_WORDS_IN_EXCEPT_STAR if self.in_except_star else message, node)

    def loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        if isinstance(node, ast.While):
            self.visit(node.test)
        else:
            if isinstance(node, ast.AsyncFor) and not self.in_async():
                self.fail("'async for' outside async function", node)
            self.target(node.target)
            self.visit(node.iter)
        outer, self.in_except_star = self.in_except_star, False
        self.loops += 1
        for statement in node.body:
            self.visit(statement)
        self.loops -= 1
        self.in_except_star = outer
        for statement in node.orelse:
            self.visit(statement)

    visit_For = visit_AsyncFor = visit_While = loop

    def in_async(self) -> bool:
        return self.scope.kind == "function" and self.scope.is_async

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        if not self.in_async():
            self.fail("'async with' outside async function", node)
        self.visit_With(node)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.target(item.optional_vars)
        for statement in node.body:
            self.visit(statement)

    def visit_Try(self, node: ast.Try) -> None:
        for handler in node.handlers[:-1]:
            if handler.type is None:
                self.fail("default 'except:' must be last", handler)
        self.generic_visit(node)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        for statement in node.body:
            self.visit(statement)
        for handler in node.handlers:
            if handler.type is not None:
                self.visit(handler.type)
            outer = self.in_except_star, self.loops
            self.in_except_star, self.loops = True, 0
            for statement in handler.body:
                self.visit(statement)
            self.in_except_star, self.loops = outer
        for statement in (*node.orelse, *node.finalbody):
            self.visit(statement)

    # 6.3.4 calls

    def visit_Call(self, node: ast.Call) -> None:
        self.keywords(node)
        self.generic_visit(node)

    def keywords(self, node: ast.Call | ast.ClassDef) -> None:
        """A keyword may be given once, to a call or a class."""
        seen: set[str] = set()
        for keyword in node.keywords:
            if keyword.arg is not None:
                if keyword.arg in seen:
                    self.fail(f"keyword argument repeated: {keyword.arg}", keyword)
                seen.add(keyword.arg)

    # 7.2 assignment targets

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Starred):
                self.fail("starred assignment target must be in a list or tuple", target)
            self.target(target)
        self.value(node.value)

    def value(self, node: ast.AST) -> None:
        if isinstance(node, ast.Starred):
            self.fail("can't use starred expression here", node)
        self.visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def target(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Tuple, ast.List)):
            starred = [element for element in node.elts if isinstance(element, ast.Starred)]
            if len(starred) > 1:
                self.fail("multiple starred expressions in assignment", starred[1])
            for element in node.elts:
                self.target(element.value if isinstance(element, ast.Starred) else element)
        elif isinstance(node, ast.Starred):
            self.fail("starred assignment target must be in a list or tuple", node)
        elif not isinstance(node, ast.Name):
            self.visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for child in (*node.keys, *node.values):
            if child is not None:
                self.visit(child)

    # 7.11.1 future statements

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "__future__" and not node.level:
            for alias in node.names:
                if alias.name == "braces":
                    self.fail("not a chance", node)
                if alias.name not in future.all_feature_names:
                    self.fail(f"future feature {alias.name} is not defined", node)
            if node not in self.leading:
                self.fail("from __future__ imports must occur at the beginning of the file", node)

    leading: tuple[ast.stmt, ...] = ()

    def visit_Match(self, node: ast.AST) -> None:
        pattern_errors(node, self.table.filename, self.table.source)
        self.generic_visit(node)


class _PatternChecker:
    """8.6.4: what patterns bind, and which can never be reached."""

    def __init__(self, filename: str, source: str | None) -> None:
        self.filename = filename
        self.source = source

    def fail(self, message: str, node: ast.AST) -> None:
        raise error_at(message, self.filename, node, self.source)

    def keys(self, node: ast.MatchMapping) -> None:
        """8.6.4.9: keys are literals or attribute lookups, and no literal occurs twice."""
        seen: list[object] = []
        for key in node.keys:
            if not _is_pattern_value(key):
                self.fail("mapping pattern keys may only match literals and attribute lookups", key)
            try:
                value = ast.literal_eval(key)
            except ValueError:
                continue
            if value in seen:
                self.fail(f"mapping pattern checks duplicate key ({value!r})", node)
            seen.append(value)

    def pattern(self, node: Any) -> set[str]:
        """The names that a pattern binds, after checking that it may."""
        kind = type(node).__name__
        bound: set[str] = set()
        if kind == "MatchOr":
            alternatives: list[ast.AST] = node.patterns
            first = self.pattern(alternatives[0])
            for index, alternative in enumerate(alternatives):
                if index and self.pattern(alternative) != first:
                    self.fail("alternative patterns bind different names", node)
                if index < len(alternatives) - 1 and _irrefutable(alternative):
                    self.fail(_unreachable(alternative), alternative)
            return first
        if kind == "MatchSequence":
            stars = [part for part in node.patterns if type(part).__name__ == "MatchStar"]
            if len(stars) > 1:
                self.fail("multiple starred expressions in sequence pattern", stars[1])
        if kind == "MatchValue" and not _is_pattern_value(node.value):
            self.fail("patterns may only match literals and attribute lookups", node)
        if kind == "MatchMapping":
            self.keys(node)
        if kind == "MatchClass":
            seen: set[str] = set()
            for index, name in enumerate(node.kwd_attrs):
                if name in seen:
                    self.fail(
                        f"attribute name repeated in class pattern: {name}",
                        node.kwd_patterns[index],
                    )
                seen.add(name)
        for field in ("name", "rest"):
            name = getattr(node, field, None)
            if name is not None and kind != "MatchClass":
                bound.add(name)
        for child in ast.iter_child_nodes(node):
            if type(child).__name__.startswith("Match"):
                inner = self.pattern(child)
                twice = sorted(bound & inner)
                if twice:
                    self.fail(f"multiple assignments to name '{twice[0]}' in pattern", child)
                bound |= inner
        return bound


def _is_pattern_value(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.BinOp):
        return _is_pattern_value(node.left) and _is_pattern_value(node.right)
    return isinstance(node, (ast.Constant, ast.Attribute))


def pattern_errors(node: Any, filename: str, source: str | None = None) -> None:
    """Report what is wrong with the patterns of a match statement.

    Raises:
        PythonSyntaxError: a pattern is unreachable, or binds a name twice or not in every alternative.
    """
    checker = _PatternChecker(filename, source)
    for index, case in enumerate(node.cases):
        checker.pattern(case.pattern)
        if index < len(node.cases) - 1 and case.guard is None and _irrefutable(case.pattern):
            checker.fail(_unreachable(case.pattern), case.pattern)


def _irrefutable(pattern: Any) -> bool:
    kind = type(pattern).__name__
    if kind == "MatchAs":
        inner = pattern.pattern
        return inner is None or _irrefutable(inner)
    if kind == "MatchOr":
        return _irrefutable(pattern.patterns[-1])
    return False


def _unreachable(pattern: ast.AST) -> str:
    name = getattr(pattern, "name", None)
    if name is None:
        return "wildcard makes remaining patterns unreachable"
    return f"name capture '{name}' makes remaining patterns unreachable"


def _leading_imports(tree: ast.AST) -> tuple[ast.stmt, ...]:
    body: object = getattr(tree, "body", [])
    found: list[ast.stmt] = []
    if not isinstance(body, list):
        return ()
    for index, statement in enumerate(body):
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            found.append(statement)
        elif not (
            index == 0
            and isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        ):
            break
    return tuple(found)


def check(tree: ast.AST, table: SymbolTable) -> None:
    """Report what CPython's compiler reports for `tree`.

    Raises:
        PythonSyntaxError: at the first offending node.
    """
    checker = _Checker(table)
    checker.leading = _leading_imports(tree)
    body = getattr(tree, "body", [])
    for statement in body if isinstance(body, list) else [body]:
        checker.visit(statement)


def future_features(tree: ast.AST) -> frozenset[str]:
    """The names that leading `from __future__ import` statements switch on."""
    return frozenset(
        alias.name
        for statement in _leading_imports(tree)
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    )
