"""ECMA-262 14.7: loops."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any, Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.productions.blocks import Blocks


class Loops(Blocks):
    """Loops and jumps."""

    # 14.7 loops

    def _break_unless(self, test: ast.expr) -> None:
        with self.collected() as emitted:
            self.emit(ast.Break())
        self.if_(self.negation(test), emitted)

    def while_statement(self, node: js.While) -> None:
        self.complete(self.constant(None))

        def test() -> None:
            self._break_unless(self.condition(node.test))
            self.meter()

        self.turns(self.open_target(), test, lambda: self.statement(node.body), None)

    def do_while_statement(self, node: js.DoWhile) -> None:
        self.complete(self.constant(None))
        self.turns(
            self.open_target(),
            self.meter,
            lambda: self.statement(node.body),
            lambda: self._break_unless(self.condition(node.test)),
        )

    def for_statement(self, node: js.For) -> None:
        kind = getattr(node.initializer, "kind", "")
        if kind in ("using", "await using"):
            self.disposing(kind == "await using", lambda: self._for_loop(node))
        else:
            self._for_loop(node)

    def _for_loop(self, node: js.For) -> None:
        self.complete(self.constant(None))
        labels, self.labels = self.labels, ()
        # The head's own variables live in the loop: closures get one box per iteration.
        self.unit.loop_depth += 1
        entered = self.enter(node.scope)
        self.unit.loop_depth -= 1
        if node.initializer is not None:
            if isinstance(node.initializer, js.Statement):
                self.statement(node.initializer)
            else:
                self.effect(node.initializer)
        self.labels = labels
        target = self.open_target()
        copies = self._per_iteration(node.scope)

        def test() -> None:
            if node.test is not None:
                self._break_unless(self.condition(node.test))
            self.meter()

        def update() -> None:
            copies()
            if node.update is not None:
                self.effect(node.update)

        copies()
        self.turns(target, test, lambda: self.statement(node.body), update)
        self.leave(entered)

    def _per_iteration(self, scope: Any) -> Callable[[], None]:
        """14.7.4.4 CreatePerIterationEnvironment."""
        static = self.scope
        if scope is None or static is None:
            return lambda: None
        if static.environment:
            names = tuple(name for name, binding in scope.bindings.items() if not binding.is_const)

            def copy_record() -> None:
                if names:
                    self.assign(
                        static.environment,
                        self.call("copy_environment_", self.environment(static), self.constant(names)),
                    )

            return copy_record
        boxed = [
            variable for variable in static.variables.values() if variable.boxed and not variable.is_const
        ]

        def copy_boxes() -> None:
            for variable in boxed:
                value = self.subscript(self.name(variable.host), self.constant(0))
                self.assign(variable.host, self.list_of([value]))

        return copy_boxes

    def _head_value(self, node: Any) -> ast.expr:
        """14.7.5.6: the expression, with the head's names in their dead zone."""
        if node.scope is None:
            return self.value(node.right)
        entered = self.enter(node.scope)
        value = self.value(node.right)
        saved = self.fresh("head")
        self.assign(saved, value)
        self.scope = entered[0]
        return self.name(saved)

    def _bind_head(self, left: Any, value: ast.expr) -> None:
        if isinstance(left, js.LexicalDeclaration):
            if left.kind in ("using", "await using"):
                value = self._used(value, left.kind)
            self.assign_target(left.declarations[0].target, value, initialize=True)
        elif isinstance(left, js.VariableStatement):
            self.assign_target(left.declarations[0].target, value, initialize=False)
        else:
            self.assign_target(left, value, initialize=False)

    def for_in_statement(self, node: js.ForIn) -> None:
        self.complete(self.constant(None))
        labels, self.labels = self.labels, ()
        if isinstance(node.left, js.VariableStatement) and node.left.declarations[0].initializer is not None:
            self._declarator(node.left.declarations[0], initialize=False)
        keys = self.call("for_in_keys_", self._head_value(node))
        self.labels = labels
        key = self.fresh("key")
        target = self.open_target()
        with self.collected() as body:
            self.meter()
            entered = self.enter(node.scope)
            self._bind_head(node.left, self.name(key))
            self.statement(node.body)
            self.leave(entered)
        self.position(node)
        self.emit(ast.For(self.target(key), keys, body, []))
        self.close_target(target)

    def for_of_statement(self, node: js.ForOf) -> None:
        self.complete(self.constant(None))
        labels, self.labels = self.labels, ()
        values = self._head_value(node)
        self.position(node)
        self.labels = labels
        iterator = self.fresh("iterator")
        helper = "for_await_" if node.is_await else "for_of_"
        self.assign(iterator, self.call(helper, values))
        target = self.open_target()

        def close() -> None:
            if node.is_await:
                self.evaluate(self.placed(ast.YieldFrom(self.call("leave_async_", self.name(iterator)))))
            else:
                self.evaluate(self.call("leave_", self.name(iterator)))

        target.close = close
        item = self.fresh("item")
        with self.collected() as body:
            if node.is_await:
                self.unit.has_yield = True
                step = self.call(self.attribute(self.name(iterator), "begin"))
                raw = self.placed(ast.Yield(step))
                checked = self.call(self.attribute(self.name(iterator), "finish"), raw)
                self.assign(item, checked)
                with self.collected() as stopping:
                    self.emit(ast.Break())
                self.if_(self.comparison("is", self.name(item), self.name("done_")), stopping)
            with self.collected() as guarded:
                self.meter()
                entered = self.enter(node.scope)

                def run_body() -> None:
                    self._bind_head(node.left, self.name(item))
                    self.statement(node.body)

                kind = getattr(node.left, "kind", "")
                if kind in ("using", "await using"):
                    self.disposing(kind == "await using", run_body)
                else:
                    run_body()
                self.leave(entered)
            error = self.fresh("error")
            with self.collected() as failing_body:
                if node.is_await:
                    failing = self.call("leave_async_", self.name(iterator), self.name(error))
                    self.evaluate(self.placed(ast.YieldFrom(failing)))
                else:
                    self.evaluate(self.call("fail_", self.name(iterator), self.name(error)))
                self.emit(self.placed(ast.Raise()))
            self.try_(guarded, ("base_exception_",), failing_body, bound=error)
        self.position(node)
        if node.is_await:
            self.emit_loop(body)
        else:
            self.emit(ast.For(self.target(item), self.name(iterator), body, []))
        self.close_target(target)
