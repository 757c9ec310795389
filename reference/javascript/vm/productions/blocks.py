"""ECMA-262 14.2 and 14.3: blocks, declarations, and explicit resource management."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any, Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.productions.exits import Exits


class Blocks(Exits):
    """Blocks, declarations, and the resources of a scope."""

    statement_methods: dict[type[Any], Callable[..., None]]
    capability = ""

    def statement(self, node: Any) -> None:
        """Emit one statement; temporaries are free again afterwards."""
        self.line = node.line
        self.column = node.column
        saved = self.unit.temporaries
        self.statement_methods[node.__class__](self, node)
        self.unit.temporaries = saved

    def statements(self, nodes: list[Any]) -> None:
        for node in nodes:
            self.statement(node)

    def complete(self, value: ast.expr) -> None:
        """Set the completion value, where somebody wants it."""
        if self.unit.completion:
            self.assign(self.unit.completion, value)

    # Scopes

    def enter(self, scope: Any) -> tuple[StaticScope | None, int]:
        """Open a block scope: declare its names and initialize its functions."""
        outer = self.scope
        if scope is None:
            return outer, -1
        static = StaticScope(outer, self.unit)
        self.scope = static
        if scope.contains_direct_eval:
            self.open_environment(static, outer)
            for name, binding in scope.bindings.items():
                self._declare_binding(static, name, binding, True)
        else:
            for name, binding in scope.bindings.items():
                boxed = binding.captured and self.unit.loop_depth > 0
                variable = self.declare(static, name, binding, boxed=boxed)
                if boxed:
                    initial = [] if binding.has_dead_zone else [self.constant(None)]
                    self.assign(variable.host, self.list_of(initial))
        mark = len(self.out)
        for declaration in scope.functions:
            self._hoist(declaration)
        return outer, mark

    def leave(self, entered: tuple[StaticScope | None, int]) -> None:
        """Close a block scope; names that were read too early are unbound where the block begins."""
        outer, mark = entered
        scope = self.scope
        self.scope = outer
        if scope is None or mark < 0 or self.unit.loop_depth == 0:
            return
        doomed = [
            variable
            for variable in scope.variables.values()
            if variable.early and not variable.boxed and variable.unit is self.unit
        ]
        if doomed:
            self._unbind(doomed, mark)

    def _unbind(self, variables: list[Variable], mark: int) -> None:
        with self.collected() as inner:
            for variable in variables:
                self.assign(variable.host, self.constant(None))
                self.emit(ast.Delete([self.placed(ast.Name(variable.host, ast.Del()))]))
        self.out[mark:mark] = inner

    def block_statement(self, node: js.Block) -> None:
        entered = self.enter(node.scope)
        self.body_with_resources(node.body, node.scope)
        self.leave(entered)

    def body_with_resources(self, nodes: list[Any], scope: Any) -> None:
        """Statements whose scope may hold `using` declarations."""
        kinds = {binding.kind for binding in scope.bindings.values()} if scope is not None else set()
        if "using" not in kinds and "await using" not in kinds:
            self.statements(nodes)
            return
        self.disposing("await using" in kinds, lambda: self.statements(nodes))

    def disposing(self, asynchronous: bool, emit_body: Callable[[], None]) -> None:
        """14.3.1 `using`: run a body, then DisposeResources on every way out."""
        capability = self.fresh("resources")
        self.assign(capability, self.call("dispose_capability_"))
        outer_capability, self.capability = self.capability, capability
        failure = self.fresh("failure")
        self.assign(failure, self.constant(None))

        def dispose() -> None:
            arguments = [self.name(capability), self.name(failure)]
            if asynchronous:
                self.unit.has_yield = True
                self.evaluate(self.placed(ast.YieldFrom(self.call("dispose_async_", *arguments))))
            else:
                self.evaluate(self.call("dispose_", *arguments))

        with self.collected() as body:
            self.protected(emit_body)
        error = self.fresh("error")
        with self.collected() as emitted:
            self.assign(failure, self.name(error))
            self.emit(self.placed(ast.Raise()))
        clause = self.placed(ast.ExceptHandler(self.name("base_exception_"), error, emitted))
        guarded = self.placed(ast.Try(body, [clause], [], []))
        with self.collected() as emitted:
            dispose()
        self.emit(ast.Try([guarded], [], [], emitted))
        self.capability = outer_capability

    # 14.3 declarations

    def variable_statement(self, node: js.VariableStatement) -> None:
        for declarator in node.declarations:
            if declarator.initializer is None:
                continue
            self._declarator(declarator, initialize=False)

    def _declarator(self, declarator: js.VariableDeclarator, *, initialize: bool) -> None:
        target = declarator.target
        self.position(declarator)
        if isinstance(target, js.Pattern):
            value = self.saved(self.compile(declarator.initializer))
            self.assign_pattern(target, value, initialize=initialize)
            return
        prepared = None if initialize else self.prepare_name(target.name)
        if declarator.names_function:
            operand = self.named(declarator.initializer, target.name)
        elif declarator.initializer is None:
            operand = Operand(self.constant(None))
        else:
            operand = self.compile(declarator.initializer)
        self.position(declarator)
        if initialize:
            self.initialize_name(target.name, operand.expression)
        else:
            self.write_name(target.name, operand.expression, prepared)

    def lexical_declaration(self, node: js.LexicalDeclaration) -> None:
        if node.kind in ("using", "await using"):
            for declarator in node.declarations:
                name = declarator.target.name  # type: ignore[union-attr]
                value = (
                    self.named(declarator.initializer, name)
                    if declarator.names_function
                    else self.compile(declarator.initializer)
                )
                self.initialize_name(name, self._used(value.expression, node.kind))
            return
        for declarator in node.declarations:
            self._declarator(declarator, initialize=True)

    def _used(self, value: ast.expr, kind: str) -> ast.expr:
        """Add a resource to the capability of the scope."""
        asynchronous = self.constant(kind == "await using")
        return self.result(self.call("use_", self.name(self.capability), value, asynchronous)).expression

    def function_declaration(self, node: js.FunctionDeclaration) -> None:
        if not node.annex_b:
            return
        name = node.function.name.name  # type: ignore[union-attr]
        value = self.saved(self.read_name(name))
        saved = self.scope
        variables = self.variable_scopes.get(id(self.unit))
        self.scope = variables
        if variables is not None and variables.environment:
            self.evaluate(
                self.call("assign_variable_", self.environment(variables), self.constant(name), value)
            )
        elif variables is None:
            self.evaluate(self.call("assign_annex_b_", self.constant(name), value))
        else:
            self.write_name(name, value)
        self.scope = saved

    def class_declaration(self, node: js.ClassDeclaration) -> None:
        definition = node.definition
        name = definition.name.name if definition.name is not None else "default"
        operand = self.class_definition(definition, name)
        bound = definition.name.name if definition.name is not None else "*default*"
        self.initialize_name(bound, operand.expression)
