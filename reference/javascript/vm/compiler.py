"""From the tree of a program to a `CompiledProgram`, and later to the code of its functions that waited."""

from __future__ import annotations

import ast
from types import CodeType

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.parse import EvalContext
from lockstep.reference.javascript.syntax.scope import DeclaredNames
from lockstep.reference.javascript.vm.generation.compilation import (
    Compilation,
    DeferredFunction,
    Options,
    Row,
)
from lockstep.reference.javascript.vm.lowering import lower_eval, lower_function, lower_module, lower_script
from lockstep.reference.javascript.vm.productions.deferral import deferred_tree
from lockstep.reference.javascript.vm.productions.joined import PRODUCTIONS
from lockstep.reference.javascript.vm.program import CompiledProgram


class Compiler:
    """Compiles programs; it holds nothing of them."""

    __slots__ = ("options",)

    def __init__(self, options: Options) -> None:
        self.options = options

    def script(self, node: js.Script, *, completion: bool) -> CompiledProgram:
        """Compile a script; with its completion value, where somebody wants it."""
        compilation = Compilation(self.options)
        extent = self.options.extent
        tree = lower_script(compilation, node, completion=completion, extent=extent)
        return self._compiled(compilation, tree, node, strict=node.strict)

    def eval_code(
        self, node: js.Script, *, private_names: tuple[str, ...], rights: EvalContext
    ) -> CompiledProgram:
        """Compile eval code."""
        compilation = Compilation(self.options)
        tree = lower_eval(compilation, node, private_names=private_names, rights=rights)
        return self._compiled(compilation, tree, node, strict=node.strict, keeps_trees=True)

    def function(self, node: js.Function) -> CompiledProgram:
        """Compile what a constructor such as `Function` makes."""
        compilation = Compilation(self.options)
        tree = lower_function(compilation, node)
        return self._compiled(compilation, tree, node, strict=False, keeps_trees=True)

    def module(self, node: js.Module) -> CompiledProgram:
        """Compile a module."""
        compilation = Compilation(self.options)
        tree = lower_module(compilation, node, extent=self.options.extent)
        return self._compiled(compilation, tree, node, strict=True)

    def _compiled(
        self,
        compilation: Compilation,
        tree: ast.Module,
        node: js.Script | js.Function | js.Module,
        *,
        strict: bool,
        keeps_trees: bool = False,
    ) -> CompiledProgram:
        program = CompiledProgram(
            _inner_code(self._host_code(tree, node.source, node.start)),
            compilation.templates,
            DeclaredNames(node.scope),
            node.source,
            self if self.options.deferred_from or compilation.deferred else None,
            strict=strict,
            is_module=isinstance(node, js.Module),
            keeps_trees=keeps_trees,
        )
        if program.defers:
            program.deferred = compilation.deferred
        if self.options.keep_tree:
            program.tree = tree
        return program

    # Functions that waited, see `CompiledProgram`.

    def deferred_code(
        self, function: DeferredFunction, captured: tuple[str, ...], templates: list[Row]
    ) -> tuple[CodeType, dict[int, DeferredFunction]]:
        """The code of a function whose turn has come, and the functions in it that wait now.

        Args:
            function: the function.
            captured: the names of the cells that it is made with.
            templates: the rows of the program, which grow.

        Raises:
            GuestSyntaxError: the code is nested too deeply for the host.
        """
        compilation = Compilation(self.options, templates)
        tree = deferred_tree(compilation, PRODUCTIONS, function, captured)
        code = self._host_code(tree, function.node.source, function.node.start)
        return _inner_code(_inner_code(code)), compilation.deferred

    def lowered_again(self, function: DeferredFunction, captured: tuple[str, ...]) -> Compilation:
        """What a function that was compiled before left."""
        compilation = Compilation(self.options)
        deferred_tree(compilation, PRODUCTIONS, function, captured)
        return compilation

    def lowered_script(self, node: js.Script) -> Compilation:
        """The same of a script."""
        compilation = Compilation(self.options)
        lower_script(compilation, node, completion=True, extent=self.options.extent)
        return compilation

    def lowered_module(self, node: js.Module) -> Compilation:
        """The same of a module."""
        compilation = Compilation(self.options)
        lower_module(compilation, node, extent=self.options.extent)
        return compilation

    def _host_code(self, tree: ast.Module, source: js.Source, start: int) -> CodeType:
        try:
            return compile_tree(tree, self.options.filename)
        except (RecursionError, MemoryError):
            pass
        # The host's compiler has a stack of its own.
        raise GuestSyntaxError("the code is nested too deeply", source.location(start), name="RangeError")


def _inner_code(code: CodeType) -> CodeType:
    """The code of the only function defined in `code`."""
    return next(constant for constant in code.co_consts if isinstance(constant, CodeType))
