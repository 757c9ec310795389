"""Compiled programs: host code, what their functions are made from, and the functions that were not called yet."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Callable, Protocol

from lockstep.reference.host.collector import collector_paused
from lockstep.reference.javascript.program_cache import code_size, tree_size
from lockstep.reference.javascript.syntax.parse import parse_module, parse_script
from lockstep.reference.javascript.syntax.scope import DeclaredNames
from lockstep.reference.javascript.vm.closures import ClosureTemplate, is_deferred, templates_of

if TYPE_CHECKING:
    import ast
    from types import CodeType

    from lockstep.reference.javascript.syntax.ast import Module, Script, Source
    from lockstep.reference.javascript.vm.generation.compilation import Compilation, DeferredFunction, Row

# A row of a function's template, and the template made of it.
_TEMPLATE_BYTES = 600
# Who brought the first rows.
_SCRIPT = -1


class FunctionCompiler(Protocol):
    """What compiles the functions of a program that waited."""

    def deferred_code(
        self, function: DeferredFunction, captured: tuple[str, ...], templates: list[Row]
    ) -> tuple[CodeType, dict[int, DeferredFunction]]:
        """The code of a function, and the functions in it that wait now."""
        ...

    def lowered_again(self, function: DeferredFunction, captured: tuple[str, ...]) -> Compilation:
        """What a function that was compiled before left."""
        ...

    def lowered_script(self, node: Script) -> Compilation:
        """The same of a script."""
        ...

    def lowered_module(self, node: Module) -> Compilation:
        """The same of a module."""
        ...


class CompiledProgram:
    """Host code of one script, eval code, function or module; it holds no engine state.

    Attributes:
        code: of the host function that runs it.
        templates: rows for `FunctionTemplate`, see `productions/functions.py`; those of deferred functions come with them.
        names: what it declares, where it is a script or eval code.
        source: its source text.
        strict: whether it is strict code.
        is_module: whether it is a module.
        keeps_trees: it is no script or module, so its source alone does not tell what its functions are.
        deferred: the functions that were not called yet, by the number of their row.
        on_growth: called with it when a deferred function was compiled.
        tree: the generated host AST, where it is asked for: it holds twenty times what the code does.
    """

    __slots__ = (
        "_codes",
        "_compiler",
        "_lock",
        "_made_templates",
        "_owners",
        "_restored",
        "code",
        "deferred",
        "is_module",
        "keeps_trees",
        "names",
        "on_growth",
        "source",
        "strict",
        "templates",
        "tree",
    )

    def __init__(
        self,
        code: CodeType,
        templates: list[Row],
        names: DeclaredNames,
        source: Source,
        compiler: FunctionCompiler | None,
        *,
        strict: bool,
        is_module: bool = False,
        keeps_trees: bool = False,
    ) -> None:
        self.code = code
        self.templates = templates
        self.names = names
        self.source = source
        self.strict = strict
        self.is_module = is_module
        self.keeps_trees = keeps_trees
        self.tree: ast.Module | None = None
        self._compiler = compiler
        self._made_templates: list[ClosureTemplate] | None = None
        if compiler is not None:
            self.on_growth: Callable[[CompiledProgram], None] | None = None
            self.deferred: dict[int, DeferredFunction] = {}
            self._restored: dict[int, DeferredFunction] = {}
            self._codes: dict[int, CodeType] = {}
            # For each run of rows the number of the first, and of the function that brought them.
            self._owners = [(0, _SCRIPT)]
            self._lock = Lock()

    @property
    def defers(self) -> bool:
        """Whether functions of it may wait; only then it has what they need."""
        return self._compiler is not None

    @property
    def is_taken(self) -> bool:
        """Whether it runs already, and cannot run with templates of another list: these grow."""
        return self.defers and self._made_templates is not None

    # On disk.

    def to_keep(self) -> tuple[object, ...]:
        """All of it but the source, as values that `marshal` takes."""
        kind = self.strict, self.is_module
        return self.code, self.templates, self.names.to_data(), kind, self._codes, self._owners

    @classmethod
    def from_kept(cls, kept: tuple[Any, ...], source: Source, compiler: FunctionCompiler) -> CompiledProgram:
        """The program that `to_keep` gave.

        Args:
            kept: its values.
            source: its source text.
            compiler: as the one that it was compiled by.
        """
        code, templates, data, (strict, is_module), codes, owners = kept
        names = DeclaredNames.from_data(data)
        program = cls(code, templates, names, source, compiler, strict=strict, is_module=is_module)
        program._codes, program._owners = codes, owners
        return program

    # Functions.

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
            if is_deferred(self.templates[index]):
                made[index].code = self._codes.get(index)
                made[index].compile = partial(self._code_of, index)

    def _code_of(self, index: int, captured: tuple[str, ...]) -> CodeType:
        """Compile a deferred function.

        Raises:
            GuestSyntaxError: its code is nested too deeply for the host.
        """
        assert self._compiler is not None
        with self._lock, collector_paused():
            known = self._codes.get(index)
            if known is not None:
                return known
            first = len(self.templates)
            try:
                code, waiting = self._compiler.deferred_code(self._waiting(index), captured, self.templates)
            except BaseException:
                del self.templates[first:]
                raise
            if len(self.templates) > first:
                self._owners.append((first, index))
            self.deferred.update(waiting)
            self.deferred.pop(index, None)
            self._codes[index] = code
            self._make_templates()
        if self.on_growth is not None:
            self.on_growth(self)
        return code

    def _waiting(self, index: int) -> DeferredFunction:
        """A deferred function in the scopes around it; where these are gone, they are made again from the source."""
        found = self.deferred.get(index) or self._restored.get(index)
        if found is not None:
            return found
        first, owner = self._owners[bisect_right(self._owners, (index, len(self.templates))) - 1]
        assert self._compiler is not None
        if owner == _SCRIPT and self.is_module:
            module = parse_module(self.source.text, self.source.name)
            lowered = self._compiler.lowered_module(module)
        elif owner == _SCRIPT:
            script = parse_script(self.source.text, self.source.name, strict=self.strict)
            lowered = self._compiler.lowered_script(script)
        else:
            lowered = self._compiler.lowered_again(self._waiting(owner), self._codes[owner].co_freevars)
        if lowered.templates != self.templates[first : first + len(lowered.templates)]:
            raise AssertionError("a program was lowered otherwise than before")
        for place, function in lowered.deferred.items():
            self._restored[first + place] = function
        return self._restored[index]

    def forget_trees(self) -> None:
        """Let go of the syntax trees of functions that wait; for one that is called after all the source is parsed again."""
        if self.defers and not self.keeps_trees:
            with self._lock:
                self.deferred.clear()
                self._restored.clear()


def program_size(program: CompiledProgram) -> int:
    """About the bytes that a compiled program holds."""
    text = program.source.text
    trees = tree_size(text) if program.defers and program.deferred else 0
    return code_size(program.code) + len(text) + trees + _TEMPLATE_BYTES * len(program.templates)
