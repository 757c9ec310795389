"""Parsed programs with their scopes, and the code objects of their blocks."""

from __future__ import annotations

import ast
import gc
from collections import OrderedDict
from collections.abc import MutableMapping
from types import CellType, CodeType
from typing import Any

from lockstep.reference.python.runtime.frames import (
    ASYNC_GENERATOR,
    COROUTINE,
    FUTURE_ANNOTATIONS,
    GENERATOR,
    NESTED,
    NEW_LOCALS,
    OPTIMIZED,
    VARARGS,
    VARKEYWORDS,
    Code,
    GuestFrame,
    keep,
    kept,
    seal,
    show_constants,
)
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.syntax.early_errors import check, future_features
from lockstep.reference.python.syntax.parse import checked, optimization, parse
from lockstep.reference.python.syntax.scopes import Scope, SymbolTable

# Nodes of the trees that are kept; one takes some 360 bytes, with its share of scopes and code.
_MOST_NODES = 120_000


class SourceProgram:
    """One parsed program: its tree, its scopes, and the code of each block. It holds no guest state.

    Raises:
        PythonSyntaxError: the program is rejected.
    """

    def __init__(
        self, source: Any, filename: str, mode: str, features: frozenset[str], *, library: bool = False
    ) -> None:
        self.filename = filename
        self.mode = mode
        if isinstance(source, str):
            self.tree: Any = parse(source, filename, mode)
            # What the compiler says of a rejected program is CPython's own text; the checks are ours on older hosts.
            host = checked(source, filename, mode, features=features, shows_text=library)
        else:
            host = compile(
                source, filename, mode, dont_inherit=True
            )  # the host says what is wrong with a tree
            self.tree = source
        self.table = SymbolTable(self.tree, filename, source if isinstance(source, str) else "")
        check(self.tree, self.table)
        self.nodes = sum(1 for _ in ast.walk(self.tree))
        self.features = features | future_features(self.tree)
        self.optimization = optimization(self.features)
        self.codes: dict[ast.AST, Code] = {
            node: self._code(node, scope) for node, scope in self.table.scopes.items()
        }
        if host is not None:
            self._show(host)
        for code in self.codes.values():
            seal(code)

    def _show(self, host: CodeType) -> None:
        """Let each block's code show the constants and names of the host's."""
        waiting: dict[tuple[str, int], list[Code]] = {}
        for code in self.codes.values():
            waiting.setdefault((code.co_name, code.co_firstlineno), []).append(code)

        def show(compiled: CodeType) -> Value:
            inner = [show(value) for value in compiled.co_consts if isinstance(value, CodeType)]
            line = 1 if compiled is host else compiled.co_firstlineno
            found = waiting.get((compiled.co_name, line))
            if not found:
                return None
            code = found.pop(0)
            constants = (
                inner.pop(0) if isinstance(value, CodeType) else value for value in compiled.co_consts
            )
            show_constants(code, tuple(constants))
            code.co_names, code.co_stacksize = compiled.co_names, compiled.co_stacksize
            return code

        show(host)

    def _code(self, node: ast.AST, scope: Scope) -> Code:
        decorators = getattr(node, "decorator_list", None)
        line = getattr(decorators[0] if decorators else node, "lineno", 1)
        code = Code(scope.name, scope.qualname, self.filename, line)
        keep(code, ".program", self)
        keep(code, ".node", node)
        keep(code, ".scope", scope)
        code.co_cellvars = tuple(sorted(scope.cells))
        code.co_freevars = tuple(scope.captured)
        if scope.is_function:
            code.co_flags = OPTIMIZED | NEW_LOCALS
            local = sorted(name for name, kind in scope.names.items() if kind == "local")
            code.co_varnames = (
                *scope.parameters,
                *(name for name in local if name not in scope.parameters),
            )
            if scope.parent is not None and scope.parent.kind != "module":
                code.co_flags |= NESTED
            if scope.is_async and scope.is_generator:
                code.co_flags |= ASYNC_GENERATOR
            elif scope.is_async and scope.kind == "function":
                code.co_flags |= COROUTINE
            elif scope.is_generator:
                code.co_flags |= GENERATOR
        arguments = getattr(node, "args", None)
        if isinstance(arguments, ast.arguments):
            code.co_posonlyargcount = len(arguments.posonlyargs)
            code.co_argcount = len(arguments.posonlyargs) + len(arguments.args)
            code.co_kwonlyargcount = len(arguments.kwonlyargs)
            # CPython's order: positional, keyword-only, then the starred ones.
            names = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
            if arguments.vararg is not None:
                code.co_flags |= VARARGS
                names.append(arguments.vararg.arg)
            if arguments.kwarg is not None:
                code.co_flags |= VARKEYWORDS
                names.append(arguments.kwarg.arg)
            code.co_varnames = (*names, *code.co_varnames[len(names) :])
        elif scope.kind == "comprehension":
            code.co_argcount = 1
        if "annotations" in self.features:
            code.co_flags |= FUTURE_ANNOTATIONS
        code.co_nlocals = len(code.co_varnames)
        return code

    def main(self) -> Code:
        """The code of the whole program."""
        return self.codes[self.tree]


class Programs:
    """Parsed programs, which all guests of an engine share, as many as the sizes of their trees allow."""

    def __init__(self) -> None:
        self._programs: OrderedDict[object, SourceProgram] = OrderedDict()
        self._nodes = self._dropped = 0

    def get(
        self, source: str, filename: str, mode: str, features: frozenset[str], *, library: bool
    ) -> SourceProgram:
        """The parsed program.

        Raises:
            PythonSyntaxError: it is rejected.
        """
        key = source, filename, mode, features
        program = self._programs.get(key)
        if program is not None:
            self._programs.move_to_end(key)
            return program
        program = SourceProgram(source, filename, mode, features, library=library)
        self._programs[key] = program
        self._nodes += program.nodes
        while self._nodes > _MOST_NODES:
            _, oldest = self._programs.popitem(last=False)
            self._nodes -= oldest.nodes
            self._dropped += oldest.nodes
        if self._dropped > _MOST_NODES // 2:
            # A program and its code hold each other, and the host looks for such garbage seldom.
            gc.collect()
            self._dropped = 0
        return program


def docstring(body: list[ast.stmt]) -> str | None:
    """The string that opens a body."""
    if body and isinstance(body[0], ast.Expr):
        value = body[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


class Frame(GuestFrame):
    """A `GuestFrame` with what the tree-walker needs beside it.

    Attributes:
        walker: the evaluator.
        scope: how the block's names resolve.
        program: the program that the block belongs to.
        suspension: what `yield` and `await` suspend, in a generator or coroutine.
    """

    __slots__ = ("program", "scope", "suspension", "walker")

    def __init__(
        self,
        walker: Any,
        code: Code,
        global_names: dict[str, Value],
        builtins: dict[str, Value],
        names: MutableMapping[str, Value],
        cells: dict[str, CellType],
        suspension: Any = None,
    ) -> None:
        super().__init__(code, global_names, builtins, names, cells, walker.frame)
        self.walker = walker
        self.scope: Scope = kept(code, ".scope")
        self.program: SourceProgram = kept(code, ".program")
        self.suspension = suspension

    @property
    def guest(self) -> Any:
        """The guest that runs."""
        return self.walker.interpreter
