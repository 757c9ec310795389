"""ECMA-262 clause 14: the other statements."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import StaticScope
from lockstep.reference.javascript.vm.productions.loops import Loops


class Statements(Loops):
    """Every statement."""

    # 14.4 to 14.6

    def empty(self, node: Any) -> None:
        return

    def expression_statement(self, node: js.ExpressionStatement) -> None:
        if self.unit.completion:
            self.complete(self.value(node.expression))
        else:
            self.effect(node.expression)

    def if_statement(self, node: js.If) -> None:
        test = self.condition(node.test)
        self.complete(self.constant(None))
        with self.collected() as then:
            self.statement(node.consequent)
        other = None
        if node.alternate is not None:
            with self.collected() as other:
                self.statement(node.alternate)
        self.position(node)
        self.if_(test, then, other)

    # 14.10 to 14.16

    def with_statement(self, node: js.With) -> None:
        value = self.value(node.expression)
        self.complete(self.constant(None))
        scope = StaticScope(self.scope, self.unit)
        outer_scope = self.scope
        within = outer_scope
        while within is not None and not within.environment and not within.variables:
            within = within.parent
        if within is None:
            outer = self.name("global_environment_")
        elif within.environment:
            outer = self.environment(within)
            scope.environment_ends = within.environment_ends
        else:
            outer = self.name("null_")
            scope.environment_ends = True
        self.open_record(scope, self.call("with_environment_", value, outer))
        self.scope = scope
        self.statement(node.body)
        self.scope = outer_scope

    def switch_statement(self, node: js.Switch) -> None:
        value = self.saved(Operand(self.value(node.discriminant), stable=False))
        self.complete(self.constant(None))
        chosen = self.fresh("case")
        subject = self.fresh("subject")
        self.assign(subject, value)
        target = self.open_target(takes_continue=False)
        with self.collected() as emitted:
            entered = self.enter(node.scope)
            self.assign(chosen, self.constant(-1))
            default = -1
            for position, case in enumerate(node.cases):
                if case.test is None:
                    default = position
                    continue
                with self.collected() as trial:
                    operand = self.compile(case.test)
                    self.position(case)
                    test = self.strict_test(Operand(self.name(subject)), operand)
                    with self.collected() as choosing:
                        self.assign(chosen, self.constant(position))
                    self.if_(test, choosing)
                    untried = self.comparison("<", self.name(chosen), self.constant(0))
                self.if_(untried, trial)
            if node.scope is not None and self.scope is not None:
                for variable in self.scope.variables.values():
                    variable.early = True
            with self.collected() as otherwise:
                self.assign(chosen, self.constant(default if default >= 0 else len(node.cases)))
            self.if_(self.comparison("<", self.name(chosen), self.constant(0)), otherwise)
            kinds = (
                {binding.kind for binding in node.scope.bindings.values()}
                if node.scope is not None
                else set()
            )
            if "using" in kinds or "await using" in kinds:
                self.disposing("await using" in kinds, lambda: self._cases(node, chosen))
            else:
                self._cases(node, chosen)
            self.leave(entered)
            self.emit(ast.Break())
        self.emit_loop(emitted)
        self.close_target(target)

    def _cases(self, node: js.Switch, chosen: str) -> None:
        for position, case in enumerate(node.cases):
            if not case.body:
                continue
            with self.collected() as body:
                self.statements(case.body)
                if self.scope is not None and node.scope is not None:
                    for variable in self.scope.variables.values():
                        # Another case may be entered without this declaration.
                        if variable.has_dead_zone:
                            variable.early = True
                            variable.ready = False
            self.if_(self.comparison("<=", self.name(chosen), self.constant(position)), body)

    def labelled_statement(self, node: js.Labelled) -> None:
        body = node.body
        self.labels = (*self.labels, node.label)
        if isinstance(body, (js.While, js.DoWhile, js.For, js.ForIn, js.ForOf, js.Labelled)):
            self.statement(body)
            self.labels = ()
            return
        target = self.open_target(takes_break=False, takes_continue=False)
        with self.collected() as emitted:
            self.statement(body)
            self.emit(ast.Break())
        self.emit_loop(emitted)
        self.close_target(target)

    def throw_statement(self, node: js.Throw) -> None:
        value = self.value(node.argument)
        self.position(node)
        self.emit(ast.Raise(self.call("throw_", value), None))

    def try_statement(self, node: js.Try) -> None:
        self.complete(self.constant(None))
        if node.finalizer is None:
            self._try_catch(node)
            return
        abrupt = self.fresh("abrupt")
        self.assign(abrupt, self.constant(False))
        with self.collected() as body:
            self.unit.guarded += 1
            if node.handler is None:
                jumping = self.protected(lambda: self.statement(node.block))
            else:
                jumping = self.protected(lambda: self._try_catch(node))
            self.unit.guarded -= 1
        with self.collected() as emitted:
            self.evaluate(self.call("passing_"))
            self.emit(ast.Raise())
        passing = self.placed(ast.ExceptHandler(self.name("guest_exits_"), None, emitted))
        abruptly = []
        for errors in ("memory_error_", "base_exception_"):
            with self.collected() as emitted:
                self.assign(abrupt, self.constant(True))
                self.emit(ast.Raise())
            abruptly.append(self.placed(ast.ExceptHandler(self.name(errors), None, emitted)))
        guarded = self.placed(ast.Try(body, [abruptly[0], passing, abruptly[1]], [], []))
        with self.collected() as final:
            completion = self.unit.completion
            kept = self.fresh("completion") if completion else ""
            if completion:
                # 14.15.3, steps 4 and 5: the value of the finalizer counts only where it ends abruptly.
                self.assign(kept, self.name(completion))
                self.assign(completion, self.constant(None))
            resume = self.keep_jump() if jumping else None
            self.statement(node.finalizer)
            if resume is not None:
                resume()
            if completion:
                self.assign(completion, self.name(kept))
        with self.collected() as emitted:
            self.if_(self.negation(self.name(abrupt)), final)
        self.emit(ast.Try([guarded], [], [], emitted))

    def _try_catch(self, node: js.Try) -> None:
        with self.collected() as body:
            jumping = self.protected(lambda: self.statement(node.block))
        clause = node.handler
        assert clause is not None
        error = self.fresh("error")
        with self.collected() as emitted:
            self.position(clause)
            value = self.fresh("caught")
            self.assign(value, self.call("caught_", self.name(error)))
            if jumping:
                self.begin_jumps()
            # 14.15.3: the value of the block is gone with it.
            self.complete(self.constant(None))
            entered = self.enter(clause.scope)
            if self.scope is not None and self.scope.environment and clause.scope is not None:
                parameter = clause.parameter
                if isinstance(parameter, js.BindingIdentifier):
                    self.evaluate(self.call("mark_catch_", self.environment(self.scope)))
            if clause.parameter is not None:
                self.assign_target(clause.parameter, self.name(value), initialize=True)
            self.statement(clause.body)
            self.leave(entered)
        self.try_(body, ("exception_",), emitted, bound=error)

    # 16.2 module items

    def import_declaration(self, node: Any) -> None:
        return

    def export_declaration(self, node: js.ExportDeclaration) -> None:
        if node.declaration is not None:
            self.statement(node.declaration)

    def export_default(self, node: js.ExportDefault) -> None:
        value = node.value
        if isinstance(value, js.FunctionDeclaration):
            return
        if isinstance(value, js.ClassDeclaration):
            self.class_declaration(value)
            return
        operand = self.named(value, "default") if node.names_function else self.compile(value)
        self.initialize_name("*default*", operand.expression)
