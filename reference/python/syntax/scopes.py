# the names are those of ast.NodeVisitor, which says what they do
"""Scopes: which names of each block are local, cells, free or global (Language Reference 4.2).

The analysis follows CPython's two passes: collect what each block binds, declares and uses, then resolve
from the module inwards. Private names are mangled here (6.2.1), in place, so evaluators see final names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Union

from lockstep.reference.python.syntax.parse import error_at

LOCAL, CELL, FREE, GLOBAL = "local", "cell", "free", "global"
FUNCTIONS = ("function", "lambda", "comprehension")

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def mangle(class_name: str | None, name: str) -> str:
    """The name that `name` stands for inside class `class_name` (6.2.1, private name mangling)."""
    if class_name is None or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    stripped = class_name.lstrip("_")
    return f"_{stripped}{name}" if stripped else name


# What has `generators`.
Comprehension = Union[ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp]


class Scope:
    """One block.

    Attributes:
        kind: `module`, `class`, `function`, `lambda` or `comprehension`.
        name: what tracebacks call it.
        qualname: the dotted name below the module (`A.f.<locals>.g`).
        parameters: parameter names in order.
        names: what every name of the block resolves to: LOCAL, CELL, FREE or GLOBAL.
        class_name: the class whose private names are mangled here.
        captured: names that it or its inner blocks take from outer functions.
        is_generator: it contains `yield`.
        has_annotations: it contains an annotated assignment.
        in_iterable: inside how many iterables of comprehensions the collector is.
        is_async: `async def`, or an asynchronous comprehension.
    """

    def __init__(self, kind: str, name: str, parent: Scope | None, class_name: str | None) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.class_name = class_name
        self.parameters: list[str] = []
        self.names: dict[str, str] = {}
        self.bound: set[str] = set()
        self.used: set[str] = set()
        self.iteration_names: set[str] = set()
        self.global_names: set[str] = set()
        self.nonlocal_names: dict[str, ast.AST] = {}
        self.annotated: set[str] = set()
        self.children: list[Scope] = []
        self.is_generator = False
        self.has_annotations = False
        self.in_iterable = 0
        self.is_async = False
        self.needs_class_cell = False
        self.captured: list[str] = []
        self.qualname = name
        if parent is not None:
            parent.children.append(self)

    @property
    def is_function(self) -> bool:
        """Whether its locals are a function's, invisible to class bodies' children and fast."""
        return self.kind in FUNCTIONS

    def of(self, name: str) -> str:
        """How `name` resolves in this block."""
        return self.names.get(name, GLOBAL)

    @property
    def cells(self) -> list[str]:
        """Local names that inner blocks capture."""
        return [name for name, kind in self.names.items() if kind == CELL]


class SymbolTable:
    """The scopes of one parsed program; `scopes` maps each block's node to its scope.

    Raises:
        PythonSyntaxError: a declaration contradicts a binding.
    """

    def __init__(self, tree: ast.AST, filename: str, source: str | None = None) -> None:
        self.filename = filename
        self.source = source
        self.scopes: dict[ast.AST, Scope] = {}
        self.module = Scope("module", "<module>", None, None)
        self.scopes[tree] = self.module
        _Collector(self).block(getattr(tree, "body", []), self.module)
        _resolve(self.module, set(), self)

    def fail(self, message: str, node: ast.AST) -> None:
        """Report a SyntaxError at `node`."""
        raise error_at(message, self.filename, node, self.source)


class _Collector(ast.NodeVisitor):
    """First pass: what each block binds, declares and uses."""

    def __init__(self, table: SymbolTable) -> None:
        self.table = table
        self.scope = table.module

    def block(self, body: ast.AST | Iterable[ast.AST], scope: Scope) -> None:
        outer, self.scope = self.scope, scope
        if isinstance(body, ast.AST):
            self.visit(body)
        else:
            for statement in body:
                self.visit(statement)
        self.scope = outer

    def name(self, name: str) -> str:
        return mangle(self.scope.class_name, name)

    def bind(self, name: str, node: ast.AST) -> None:
        if name == "__debug__":
            self.table.fail("cannot assign to __debug__", node)
        self.scope.bound.add(name)

    def open(self, kind: str, name: str, node: ast.AST, class_name: str | None) -> Scope:
        parent = self.scope
        scope = Scope(kind, name, parent, class_name)
        scope.in_iterable = parent.in_iterable
        bound_name = mangle(parent.class_name, name)
        if parent.kind == "module" or bound_name in parent.global_names:
            scope.qualname = name
        elif parent.is_function:
            scope.qualname = f"{parent.qualname}.<locals>.{name}"
        else:
            scope.qualname = f"{parent.qualname}.{name}"
        self.table.scopes[node] = scope
        return scope

    # -- names

    def visit_Name(self, node: ast.Name) -> None:
        node.id = self.name(node.id)
        if isinstance(node.ctx, ast.Load):
            self.scope.used.add(node.id)
            if node.id == "super" and self.scope.is_function:
                self.scope.used.add("__class__")
        else:
            self.bind(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        node.attr = self.name(node.attr)
        self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg is not None:
            node.arg = self.name(node.arg)
        self.visit(node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        # PEP 572: inside comprehensions the target belongs to the nearest enclosing function or module.
        target = node.target
        target.id = self.name(target.id)
        if self.scope.in_iterable:
            self.table.fail(
                "assignment expression cannot be used in a comprehension iterable expression", node
            )
        scope = self.scope
        while scope.kind == "comprehension":
            if target.id in scope.iteration_names:
                self.table.fail(
                    f"assignment expression cannot rebind comprehension iteration variable '{target.id}'",
                    target,
                )
            assert scope.parent is not None
            scope = scope.parent
        if scope is self.scope:
            self.bind(target.id, target)
        else:
            if scope.kind == "class":
                self.table.fail(
                    "assignment expression within a comprehension cannot be used in a class body", node
                )
            inner = self.scope
            is_global = scope.kind == "module" or target.id in scope.global_names
            if (not is_global and target.id not in scope.nonlocal_names) or scope.kind == "module":
                scope.bound.add(target.id)
            while inner is not scope:
                if is_global:
                    inner.global_names.add(target.id)
                else:
                    inner.nonlocal_names.setdefault(target.id, target)
                assert inner.parent is not None
                inner = inner.parent
        self.visit(node.value)

    def declare(self, node: ast.Global | ast.Nonlocal, kind: str) -> None:
        scope = self.scope
        node.names = [self.name(name) for name in node.names]
        for name in node.names:
            if name in scope.parameters:
                self.table.fail(f"name '{name}' is parameter and {kind}", node)
            if name in scope.annotated:
                self.table.fail(f"annotated name '{name}' can't be {kind}", node)
            if name in scope.bound and name not in scope.global_names and name not in scope.nonlocal_names:
                self.table.fail(f"name '{name}' is assigned to before {kind} declaration", node)
            if name in scope.used:
                self.table.fail(f"name '{name}' is used prior to {kind} declaration", node)

    def visit_Global(self, node: ast.Global) -> None:
        self.declare(node, "global")
        for name in node.names:
            if name in self.scope.nonlocal_names:
                self.table.fail(f"name '{name}' is nonlocal and global", node)
            self.scope.global_names.add(name)
            # As in CPython's symbol table, the program itself then means its globals too.
            self.table.module.global_names.add(name)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.declare(node, "nonlocal")
        if self.scope.kind == "module":
            self.table.fail("nonlocal declaration not allowed at module level", node)
        for name in node.names:
            if name in self.scope.global_names:
                self.table.fail(f"name '{name}' is nonlocal and global", node)
            self.scope.nonlocal_names[name] = node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.scope.has_annotations = True
        if isinstance(node.target, ast.Name):
            name = self.name(node.target.id)
            if node.simple:
                for names, kind in (
                    (self.scope.global_names, "global"),
                    (self.scope.nonlocal_names, "nonlocal"),
                ):
                    if name in names and self.scope.kind != "module":
                        self.table.fail(f"annotated name '{name}' can't be {kind}", node)
                self.scope.annotated.add(name)
                self.bind(name, node.target)
            elif node.value is not None:
                self.bind(name, node.target)
            node.target.id = name
        else:
            self.visit(node.target)
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            node.name = self.name(node.name)
            self.bind(node.name, node)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname is not None:
                alias.asname = self.name(alias.asname)
            self.bind(alias.asname or self.name(alias.name.split(".")[0]), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                if self.scope.kind != "module":
                    self.table.fail("import * only allowed at module level", node)
                continue
            if alias.asname is not None:
                alias.asname = self.name(alias.asname)
            self.bind(alias.asname or self.name(alias.name), node)

    def capture(self, node: ast.AST, field: str) -> None:
        name = getattr(node, field)
        if name is not None:
            name = self.name(name)
            setattr(node, field, name)
            self.bind(name, node)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.AST) -> None:
        self.capture(node, "name")

    def visit_MatchStar(self, node: ast.AST) -> None:
        self.capture(node, "name")

    def visit_MatchMapping(self, node: ast.AST) -> None:
        self.capture(node, "rest")

    # -- blocks

    def parameters(self, arguments: ast.arguments, scope: Scope) -> None:
        every = [*arguments.posonlyargs, *arguments.args]
        if arguments.vararg is not None:
            every.append(arguments.vararg)
        every.extend(arguments.kwonlyargs)
        if arguments.kwarg is not None:
            every.append(arguments.kwarg)
        for parameter in every:
            parameter.arg = mangle(scope.class_name, parameter.arg)
            if parameter.arg in scope.parameters:
                self.table.fail(f"duplicate argument '{parameter.arg}' in function definition", parameter)
            if parameter.arg == "__debug__":
                self.table.fail("cannot assign to __debug__", parameter)
            scope.parameters.append(parameter.arg)
            scope.bound.add(parameter.arg)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(self.name(node.name), node)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.defaults(node.args)
        arguments = node.args
        for parameter in (
            *arguments.posonlyargs,
            *arguments.args,
            arguments.vararg,
            *arguments.kwonlyargs,
            arguments.kwarg,
        ):
            if parameter is not None and parameter.annotation is not None:
                self.visit(parameter.annotation)
        if node.returns is not None:
            self.visit(node.returns)
        scope = self.open("function", node.name, node, self.scope.class_name)
        scope.is_async = isinstance(node, ast.AsyncFunctionDef)
        self.parameters(arguments, scope)
        self.block(node.body, scope)

    def defaults(self, arguments: ast.arguments) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.defaults(node.args)
        scope = self.open("lambda", "<lambda>", node, self.scope.class_name)
        self.parameters(node.args, scope)
        self.block(node.body, scope)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(self.name(node.name), node)
        for child in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(child)
        scope = self.open("class", node.name, node, node.name)
        self.block(node.body, scope)

    def comprehension(self, node: Comprehension, name: str, *elements: ast.AST) -> None:
        generators = node.generators
        self.scope.in_iterable += 1
        self.visit(generators[0].iter)
        self.scope.in_iterable -= 1
        scope = self.open("comprehension", name, node, self.scope.class_name)
        scope.parameters.append(".0")
        scope.bound.add(".0")
        outer, self.scope = self.scope, scope
        for index, generator in enumerate(generators):
            for target in ast.walk(generator.target):
                if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
                    bound = self.name(target.id)
                    if bound in scope.nonlocal_names or bound in scope.global_names:
                        self.table.fail(
                            f"comprehension inner loop cannot rebind assignment expression target '{bound}'",
                            target,
                        )
                    scope.iteration_names.add(bound)
            self.visit(generator.target)
            if index:
                scope.in_iterable += 1
                self.visit(generator.iter)
                scope.in_iterable -= 1
            for condition in generator.ifs:
                self.visit(condition)
            if generator.is_async:
                scope.is_async = True
        for element in elements:
            self.visit(element)
        self.scope = outer
        scope.is_generator = isinstance(node, ast.GeneratorExp)
        if scope.is_async and not isinstance(node, ast.GeneratorExp) and outer.kind == "comprehension":
            outer.is_async = True

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self.comprehension(node, "<listcomp>", node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self.comprehension(node, "<setcomp>", node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.comprehension(node, "<dictcomp>", node.key, node.value)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self.comprehension(node, "<genexpr>", node.elt)

    # -- suspension

    def suspends(self, node: ast.AST, word: str) -> None:
        scope = self.scope
        if scope.kind == "comprehension":
            kind = {
                "<listcomp>": "list comprehension",
                "<setcomp>": "set comprehension",
                "<dictcomp>": "dict comprehension",
            }.get(scope.name, "generator expression")
            self.table.fail(f"'yield' inside {kind}", node)
        if not scope.is_function:
            self.table.fail(f"'{word}' outside function", node)
        scope.is_generator = True
        self.generic_visit(node)

    def visit_Yield(self, node: ast.Yield) -> None:
        self.suspends(node, "yield")

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        self.suspends(node, "yield")
        if self.scope.is_async:
            self.table.fail("'yield from' inside async function", node)

    def visit_Await(self, node: ast.Await) -> None:
        scope = self.scope
        if not scope.is_function:
            self.table.fail("'await' outside function", node)
        if scope.kind == "comprehension":
            owner: Scope | None = scope
            while owner is not None and owner.kind == "comprehension":
                owner.is_async = True
                owner = None if owner.name == "<genexpr>" else owner.parent
        elif not scope.is_async:
            self.table.fail("'await' outside async function", node)
        self.generic_visit(node)


def _resolve(scope: Scope, outer_functions: set[str], table: SymbolTable) -> set[str]:
    """Second pass: resolve `scope`; returns the names that its blocks need from enclosing functions."""
    local = scope.bound - scope.global_names - set(scope.nonlocal_names)
    for name, node in scope.nonlocal_names.items():
        if name not in outer_functions:
            table.fail(f"no binding for nonlocal '{name}' found", node)
    visible = set(outer_functions)
    if scope.is_function:
        visible |= local
        visible -= scope.global_names
    elif scope.kind == "class":
        visible = visible | {"__class__"}
    wanted: set[str] = set()
    for child in scope.children:
        wanted |= _resolve(child, visible, table)
    if scope.kind == "class":
        scope.needs_class_cell = "__class__" in wanted
        wanted.discard("__class__")
    for name in sorted(local):
        if scope.kind == "module":
            scope.names[name] = GLOBAL
        elif scope.is_function and name in wanted:
            scope.names[name] = CELL
        else:
            scope.names[name] = LOCAL
    needed: set[str] = set()
    for name in scope.used | set(scope.nonlocal_names) | wanted:
        if scope.is_function and name in local:
            continue
        if name in scope.global_names and not (scope.kind == "class" and name in wanted):
            continue
        if name in local and name not in wanted:
            continue
        if name in outer_functions:
            if name not in local and name not in scope.global_names:
                scope.names[name] = FREE
            needed.add(name)
    scope.captured = sorted(needed)
    return needed
