"""ECMA-262 clause 14: statements."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any, Callable

from reference.javascript.syntax import ast as js
from reference.javascript.vm.builder import Operand
from reference.javascript.vm.classes import Classes
from reference.javascript.vm.names import StaticScope, Variable


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


class Statements(Classes):
    """Statements, their scopes and jumps."""

    statement_methods: dict[type[Any], Callable[..., None]]
    labels: tuple[str, ...] = ()
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
        outer = self.block()
        for variable in variables:
            self.assign(variable.host, self.constant(None))
            self.emit(ast.Delete([self.placed(ast.Name(variable.host, ast.Del()))]))
        inner = self.end_block(outer)
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
                self.do(self.placed(ast.YieldFrom(self.call("dispose_async_", *arguments))))
            else:
                self.do(self.call("dispose_", *arguments))

        outer = self.block()
        emit_body()
        body = self.end_block(outer)
        error = self.fresh("error")
        outer = self.block()
        self.assign(failure, self.name(error))
        self.emit(self.placed(ast.Raise()))
        clause = self.placed(ast.ExceptHandler(self.name("base_exception_"), error, self.end_block(outer)))
        guarded = self.placed(ast.Try(body, [clause], [], []))
        outer = self.block()
        dispose()
        self.emit(ast.Try([guarded], [], [], self.end_block(outer)))
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
            self.do(
                self.call("assign_variable_", self.name(variables.environment), self.constant(name), value)
            )
        elif variables is None:
            self.do(self.call("assign_annex_b_", self.constant(name), value))
        else:
            self.write_name(name, value)
        self.scope = saved

    def class_declaration(self, node: js.ClassDeclaration) -> None:
        definition = node.definition
        name = definition.name.name if definition.name is not None else "default"
        operand = self.class_definition(definition, name)
        bound = definition.name.name if definition.name is not None else "*default*"
        self.initialize_name(bound, operand.expression)

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
        outer = self.block()
        self.statement(node.consequent)
        then = self.end_block(outer)
        other = None
        if node.alternate is not None:
            outer = self.block()
            self.statement(node.alternate)
            other = self.end_block(outer)
        self.position(node)
        self.when(test, then, other)

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

    # 14.10 to 14.16

    def return_statement(self, node: js.Return) -> None:
        operand = Operand(self.constant(None)) if node.argument is None else self.compile(node.argument)
        self.position(node)
        unit = self.unit
        value = operand.expression
        if unit.is_async and unit.is_generator and node.argument is not None:
            value = self.await_value(value).expression
        leavers = [target.leave for target in reversed(unit.targets) if target.leave is not None]
        if leavers:
            value = self.saved(Operand(value, stable=False))
            for leave in leavers:
                leave()
        if unit.derived:
            self.return_from_derived(value)
        else:
            self.emit(ast.Return(value))

    def with_statement(self, node: js.With) -> None:
        value = self.value(node.expression)
        self.complete(self.constant(None))
        scope = StaticScope(self.scope, self.unit)
        outer_scope = self.scope
        scope.environment = self.fresh("environment")
        within = outer_scope
        while within is not None and not within.environment and not within.variables:
            within = within.parent
        if within is not None and within.environment:
            outer = self.name(within.environment)
            scope.environment_ends = within.environment_ends
        else:
            outer = self.name("null_")
            scope.environment_ends = True
        self.assign(scope.environment, self.call("with_environment_", value, outer))
        self.scope = scope
        self.statement(node.body)
        self.scope = outer_scope

    def switch_statement(self, node: js.Switch) -> None:
        value = self.saved(Operand(self.value(node.discriminant), stable=False))
        self.complete(self.constant(None))
        chosen = self.fresh("case")
        subject = self.fresh("subject")
        self.assign(subject, value)
        target = self._open(takes_continue=False)
        outer = self.block()
        entered = self.enter(node.scope)
        self.assign(chosen, self.constant(-1))
        default = -1
        for position, case in enumerate(node.cases):
            if case.test is None:
                default = position
                continue
            inner = self.block()
            operand = self.compile(case.test)
            self.position(case)
            test = self.strict_test(Operand(self.name(subject)), operand)
            then = self.block()
            self.assign(chosen, self.constant(position))
            self.when(test, self.end_block(then))
            untried = self.compare("<", self.name(chosen), self.constant(0))
            self.when(untried, self.end_block(inner))
        if node.scope is not None and self.scope is not None:
            for variable in self.scope.variables.values():
                variable.early = True
        inner = self.block()
        self.assign(chosen, self.constant(default if default >= 0 else len(node.cases)))
        self.when(self.compare("<", self.name(chosen), self.constant(0)), self.end_block(inner))
        kinds = (
            {binding.kind for binding in node.scope.bindings.values()} if node.scope is not None else set()
        )
        if "using" in kinds or "await using" in kinds:
            self.disposing("await using" in kinds, lambda: self._cases(node, chosen))
        else:
            self._cases(node, chosen)
        self.leave(entered)
        self.emit(ast.Break())
        self.emit_loop(self.end_block(outer))
        self._close(target)

    def _cases(self, node: js.Switch, chosen: str) -> None:
        for position, case in enumerate(node.cases):
            if not case.body:
                continue
            inner = self.block()
            self.statements(case.body)
            if self.scope is not None and node.scope is not None:
                for variable in self.scope.variables.values():
                    # Another case may be entered without this declaration.
                    if variable.binding is not None and variable.binding.has_dead_zone:
                        variable.early = True
            self.when(self.compare("<=", self.name(chosen), self.constant(position)), self.end_block(inner))

    def labelled_statement(self, node: js.Labelled) -> None:
        body = node.body
        self.labels = (*self.labels, node.label)
        if isinstance(body, (js.While, js.DoWhile, js.For, js.ForIn, js.ForOf, js.Labelled)):
            self.statement(body)
            self.labels = ()
            return
        target = self._open(takes_break=False, takes_continue=False)
        outer = self.block()
        self.statement(body)
        self.emit(ast.Break())
        self.emit_loop(self.end_block(outer))
        self._close(target)

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
        outer = self.block()
        if node.handler is None:
            self.statement(node.block)
        else:
            self._try_catch(node)
        body = self.end_block(outer)
        outer = self.block()
        self.emit(ast.Raise())
        passing = self.placed(ast.ExceptHandler(self.name("guest_exits_"), None, self.end_block(outer)))
        abruptly = []
        for errors in ("memory_error_", "base_exception_"):
            outer = self.block()
            self.assign(abrupt, self.constant(True))
            self.emit(ast.Raise())
            abruptly.append(self.placed(ast.ExceptHandler(self.name(errors), None, self.end_block(outer))))
        guarded = self.placed(ast.Try(body, [abruptly[0], passing, abruptly[1]], [], []))
        completion, self.unit.completion = self.unit.completion, ""
        outer = self.block()
        self.statement(node.finalizer)
        final = self.end_block(outer)
        self.unit.completion = completion
        outer = self.block()
        self.when(self.negation(self.name(abrupt)), final)
        self.emit(ast.Try([guarded], [], [], self.end_block(outer)))

    def _try_catch(self, node: js.Try) -> None:
        outer = self.block()
        self.statement(node.block)
        body = self.end_block(outer)
        clause = node.handler
        assert clause is not None
        error = self.fresh("error")
        outer = self.block()
        self.position(clause)
        value = self.fresh("caught")
        self.assign(value, self.call("caught_", self.name(error)))
        entered = self.enter(clause.scope)
        if self.scope is not None and self.scope.environment and clause.scope is not None:
            parameter = clause.parameter
            if isinstance(parameter, js.BindingIdentifier):
                self.do(self.call("mark_catch_", self.name(self.scope.environment)))
        if clause.parameter is not None:
            self.assign_target(clause.parameter, self.name(value), initialize=True)
        self.statement(clause.body)
        self.leave(entered)
        self.attempt(body, "exception_", self.end_block(outer), error)

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
