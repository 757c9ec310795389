"""Compiled programs: host code, what their functions are made from, and the functions that were not called yet."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.collector import collector_paused
from lockstep.reference.javascript.program_cache import code_size, tree_size
from lockstep.reference.javascript.syntax.scope import DeclaredNames
from lockstep.reference.javascript.vm.closures import ClosureTemplate, templates_of

if TYPE_CHECKING:
    import ast
    from types import CodeType

    from lockstep.reference.javascript.vm.productions.deferral import Deferral, DeferredFunction

# A row of a function's template, and the template made of it.
_TEMPLATE_BYTES = 600


class CompiledProgram:
    """Host code of one script, eval code, function or module; it holds no engine state.

    Attributes:
        code: of the host function that runs it.
        templates: rows for `FunctionTemplate`, see `Functions.closure`; those of deferred functions come with them.
        names: what it declares, where it is a script or eval code.
        source: its source text.
        strict: whether it is strict code.
        deferred: the functions that were not called yet, by the number of their row.
        tree: the generated host AST, where it is asked for: it holds twenty times what the code does.
    """

    __slots__ = (
        "_compiler",
        "_lock",
        "_made_templates",
        "code",
        "deferred",
        "names",
        "source",
        "strict",
        "templates",
        "tree",
    )

    def __init__(self, code: CodeType, compiler: Deferral, node: Any, *, strict: bool) -> None:
        self.code = code
        self._compiler = compiler.successor
        self.templates = compiler.templates
        self.names = DeclaredNames(node.scope)
        self.source = node.source
        self.strict = strict
        self.deferred: dict[int, DeferredFunction] = compiler.deferred
        self.tree: ast.Module | None = None
        self._made_templates: list[ClosureTemplate] | None = None
        self._lock = Lock()

    def function_templates(self) -> list[ClosureTemplate]:
        """What its functions are made from; grows as deferred functions are called."""
        made = self._made_templates
        if made is None:
            made = self._made_templates = []
            self._make_templates()
        return made

    def _make_templates(self) -> None:
        made = self._made_templates
        assert made is not None
        first = len(made)
        made.extend(templates_of(self.templates[first:], self.source))
        for index in range(first, len(made)):
            if index in self.deferred:
                made[index].compile = partial(self._code_of, index)

    def _code_of(self, index: int, captured: tuple[str, ...]) -> CodeType:
        """Compile a deferred function.

        Raises:
            GuestSyntaxError: its code is nested too deeply for the host.
        """
        with self._lock, collector_paused():
            template = self.function_templates()[index]
            if template.code is not None:
                return template.code
            compiler = self._compiler()
            compiler.templates = self.templates
            first = len(self.templates)
            try:
                code = compiler.deferred_code(self.deferred[index], captured)
            except BaseException:
                del self.templates[first:]
                raise
            self.deferred.update(compiler.deferred)
            del self.deferred[index]
            self._make_templates()
            template.code = code
            return code


def program_size(program: CompiledProgram) -> int:
    """About the bytes that a compiled program holds."""
    text = program.source.text
    trees = tree_size(text) if program.deferred else 0
    return code_size(program.code) + len(text) + trees + _TEMPLATE_BYTES * len(program.templates)
