"""ECMA-262 14.7 to 14.9: loops, and the jumps out of them."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any, Callable

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.productions.blocks import Blocks


class Target:
    """A host loop that a jump may leave.

    Attributes:
        labels: the guest labels of the statement.
        takes_break: an unlabelled `break` means it.
        takes_continue: it is a guest loop.
        update: emits what happens between `continue` and the next test.
        leave: emits what leaving it early takes (closing an iterator).
        passing: jumps from inside that leave this loop for another one: number, target and kind.
    """

    def __init__(self, labels: tuple[str, ...], takes_break: bool, takes_continue: bool) -> None:
        self.labels = labels
        self.takes_break = takes_break
        self.takes_continue = takes_continue
        self.update: Callable[[], None] | None = None
        self.leave: Callable[[], None] | None = None
        self.passing: list[tuple[int, Target, str]] = []


class Loops(Blocks):
    """Loops and jumps."""

    # 14.7 loops

    def _open(self, *, takes_break: bool = True, takes_continue: bool = True) -> Target:
        target = Target(self.labels, takes_break, takes_continue)
        self.labels = ()
        self.unit.targets.append(target)
        if takes_continue:
            self.unit.loop_depth += 1
        return target

    def _close(self, target: Target) -> None:
        """After the host loop: go on with jumps that passed through."""
        unit = self.unit
        unit.targets.pop()
        if target.takes_continue:
            unit.loop_depth -= 1
        for number, goal, kind in target.passing:
            outer = self.block()
            self._jump(goal, kind, number)
            test = self.compare("==", self.name("jump@"), self.constant(number))
            self.when(test, self.end_block(outer))

    def _jump(self, goal: Target, kind: str, number: int = 0) -> None:
        """Emit a break or continue whose target is `goal`."""
        unit = self.unit
        innermost = unit.targets[-1]
        if innermost is goal:
            if number:
                self.assign("jump@", self.constant(0))
            if kind == "continue":
                if goal.update is not None:
                    goal.update()
                self.emit(ast.Continue())
            else:
                if goal.leave is not None:
                    goal.leave()
                self.emit(ast.Break())
            return
        if not number:
            self.numbers += 1
            number = self.numbers
            unit.jump_used = True
            self.assign("jump@", self.constant(number))
        if innermost.leave is not None:
            innermost.leave()
        innermost.passing.append((number, goal, kind))
        self.emit(ast.Break())

    def break_statement(self, node: js.Break) -> None:
        for target in reversed(self.unit.targets):
            if (node.label is None and target.takes_break) or node.label in target.labels:
                self._jump(target, "break")
                return
        raise AssertionError(node.label)

    def continue_statement(self, node: js.Continue) -> None:
        for target in reversed(self.unit.targets):
            if target.takes_continue and (node.label is None or node.label in target.labels):
                self._jump(target, "continue")
                return
        raise AssertionError(node.label)

    def _forever(self, target: Target, emit_body: Callable[[], None]) -> None:
        outer = self.block()
        emit_body()
        self.emit_loop(self.end_block(outer))
        self._close(target)

    def _break_unless(self, test: ast.expr) -> None:
        outer = self.block()
        self.emit(ast.Break())
        self.when(self.negation(test), self.end_block(outer))

    def while_statement(self, node: js.While) -> None:
        self.complete(self.constant(None))
        target = self._open()

        def body() -> None:
            self.meter()
            self._break_unless(self.condition(node.test))
            self.statement(node.body)

        self._forever(target, body)

    def do_while_statement(self, node: js.DoWhile) -> None:
        self.complete(self.constant(None))
        target = self._open()

        def update() -> None:
            self._break_unless(self.condition(node.test))

        target.update = update

        def body() -> None:
            self.meter()
            self.statement(node.body)
            update()

        self._forever(target, body)

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
        target = self._open()
        copies = self._per_iteration(node.scope)

        def update() -> None:
            copies()
            if node.update is not None:
                self.effect(node.update)

        target.update = update

        def body() -> None:
            self.meter()
            if node.test is not None:
                self._break_unless(self.condition(node.test))
            self.statement(node.body)
            update()

        copies()
        self._forever(target, body)
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
                        self.call("copy_environment_", self.name(static.environment), self.constant(names)),
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
        target = self._open()
        outer = self.block()
        self.meter()
        entered = self.enter(node.scope)
        self._bind_head(node.left, self.name(key))
        self.statement(node.body)
        self.leave(entered)
        body = self.end_block(outer)
        self.position(node)
        self.emit(ast.For(self.target(key), keys, body, []))
        self._close(target)

    def for_of_statement(self, node: js.ForOf) -> None:
        self.complete(self.constant(None))
        labels, self.labels = self.labels, ()
        values = self._head_value(node)
        self.position(node)
        self.labels = labels
        iterator = self.fresh("iterator")
        helper = "for_await_" if node.is_await else "for_of_"
        self.assign(iterator, self.call(helper, values))
        target = self._open()

        def leave() -> None:
            if node.is_await:
                self.do(self.placed(ast.YieldFrom(self.call("leave_async_", self.name(iterator)))))
            else:
                self.do(self.call("leave_", self.name(iterator)))

        target.leave = leave
        item = self.fresh("item")
        outer = self.block()
        if node.is_await:
            self.unit.has_yield = True
            step = self.call(self.attribute(self.name(iterator), "begin"))
            raw = self.placed(ast.Yield(step))
            checked = self.call(self.attribute(self.name(iterator), "finish"), raw)
            self.assign(item, checked)
            stop = self.block()
            self.emit(ast.Break())
            self.when(self.compare("is", self.name(item), self.name("done_")), self.end_block(stop))
        loop_outer = self.block()
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
        guarded = self.end_block(loop_outer)
        error = self.fresh("error")
        loop_outer = self.block()
        if node.is_await:
            failing = self.call("fail_async_", self.name(iterator), self.name(error))
            self.do(self.placed(ast.YieldFrom(failing)))
        else:
            self.do(self.call("fail_", self.name(iterator), self.name(error)))
        self.emit(self.placed(ast.Raise()))
        self.attempt(guarded, "base_exception_", self.end_block(loop_outer), error)
        body = self.end_block(outer)
        self.position(node)
        if node.is_await:
            self.emit_loop(body)
        else:
            self.emit(ast.For(self.target(item), self.name(iterator), body, []))
        self._close(target)
