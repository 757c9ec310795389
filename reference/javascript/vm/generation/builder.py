"""The context in which a production is compiled: what emits the code of one unit, its scope, and the way to other productions."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable

from lockstep.reference.host.generation.jumps import JumpBuilder, Loop
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.compilation import Compilation
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.regions import Protected, Region, Target

_OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
}
_COMPARISONS: dict[str, ast.cmpop] = {
    "<": ast.Lt(),
    ">": ast.Gt(),
    "<=": ast.LtE(),
    ">=": ast.GtE(),
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
}
_MINUS = ast.USub()


class Builder(JumpBuilder):
    """Emits the code of one unit; a helper in the realm's globals is called by its name.

    A production is a function `(builder, node)`. It reaches the productions of the parts of its node by the builder, which
    finds them in `Productions`, and other functions of the compiler by importing them.

    Attributes:
        compilation: what the functions of the program share.
        productions: what becomes of each node.
        unit: what is known of the host function.
        scope: the guest scope of the code that is compiled.
        completion: the host variable of the completion value, or "".
        labels: of the statement that is compiled next.
        capability: the host variable of the resources of the scope around.
        regions: those around the code that is compiled, from the outside in.
        loop_depth: how many of them are guest loops.
        finalizers: how many `finally` clauses the code is in the block of.
    """

    jump_variable = "jump@"

    def __init__(
        self,
        compilation: Compilation,
        productions: Productions,
        unit: Unit,
        scope: StaticScope | None,
        outer: Builder | None = None,
    ) -> None:
        super().__init__()
        self.compilation = compilation
        self.productions = productions
        self.expressions = productions.expressions
        self.unit = unit
        self.scope = scope
        if outer is not None:
            self.line, self.column = outer.line, outer.column
        self.completion = ""
        self.labels: tuple[str, ...] = ()
        self.capability = ""
        self.regions: list[Region] = []
        self.loop_depth = 0
        self.finalizers = 0

    # Productions

    def expression(self, node: js.Node) -> Operand:
        """Emit the evaluation of `node`."""
        self.line = node.line
        self.column = node.column
        return self.expressions[node.__class__](self, node)

    def value(self, node: js.Node) -> ast.expr:
        """Emit the evaluation of `node`; the expression is used at once."""
        return self.expression(node).expression

    def effect(self, node: js.Node) -> None:
        """Evaluate for the effects only."""
        emit = self.productions.effects.get(node.__class__)
        if emit is not None:
            emit(self, node)
            return
        self.drop(self.expression(node).expression)

    def drop(self, value: ast.expr) -> None:
        """Evaluate what nobody wants the value of."""
        if not isinstance(value, (ast.Name, ast.Constant)):
            self.evaluate(value)

    def named(self, node: js.Node, name: str, key: ast.expr | None = None) -> Operand:
        """8.4 NamedEvaluation, with a name known at compile time or a computed property key."""
        self.at(node)
        return self.productions.named(self, node, name, key)

    def closure(self, node: js.Function, name: str) -> ast.expr:
        """Make a function object; emit its code, or what stands for it."""
        return self.productions.closure(self, node, name)

    def statement(self, node: js.Node) -> None:
        """Emit one statement; temporaries are free again afterwards."""
        self.line = node.line
        self.column = node.column
        saved = self.temporaries
        self.productions.statements[node.__class__](self, node)
        self.temporaries = saved

    def statements(self, nodes: Sequence[js.Node]) -> None:
        """Emit statements in order."""
        for node in nodes:
            self.statement(node)

    def complete(self, value: ast.expr) -> None:
        """Set the completion value, where somebody wants it."""
        if self.completion:
            self.assign(self.completion, value)

    # Nodes

    def at(self, node: js.Node) -> None:
        """Let following nodes stand where `node` stands."""
        self.line = node.line
        self.column = node.column

    def binary(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host arithmetic operation."""
        return self.placed(ast.BinOp(left, _OPERATORS[operator], right))

    def comparison(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """A host comparison."""
        return self.placed(ast.Compare(left, [_COMPARISONS[operator]], [right]))

    def minus(self, value: ast.expr) -> ast.expr:
        """Host unary minus."""
        return self.placed(ast.UnaryOp(_MINUS, value))

    def thunk(self, value: ast.expr) -> ast.expr:
        """`lambda: value`."""
        return self.placed(ast.Lambda(ast.arguments([], [], None, [], [], None, []), value))

    def is_nullish(self, value: ast.expr) -> ast.expr:
        """Whether a value, which stands twice, is undefined or null."""
        return self.either(
            self.comparison("is", value, self.constant(None)),
            self.comparison("is", value, self.name("null_")),
        )

    # Statements

    def emit(self, statement: ast.stmt) -> None:
        """Append a statement, at the current position."""
        self.out.append(self.placed(statement))

    def forever(self, body: list[ast.stmt]) -> None:
        """`while True: body`."""
        self.emit(self.looping(body))

    # Host variables

    def temporary(self) -> str:
        """A host variable for the rest of the statement."""
        self.temporaries += 1
        return f"@{self.temporaries}"

    def fresh(self, name: str) -> str:
        """A host variable that no other use of the name shares."""
        compilation = self.compilation
        compilation.numbers += 1
        return f"{host_name(name)}@{compilation.numbers}"

    def saved(self, operand: Operand) -> ast.expr:
        """The operand's value in a form that may be used repeatedly and later."""
        node = operand.expression
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and operand.stable):
            return node
        identifier = self.temporary()
        self.assign(identifier, node)
        return self.name(identifier)

    def stored(self, name: str, value: ast.expr) -> str:
        """A host variable of its own that holds `value`."""
        host = self.fresh(name)
        self.assign(host, value)
        return host

    def result(self, expression: ast.expr, kind: str = "") -> Operand:
        """Evaluate now into a temporary."""
        identifier = self.temporary()
        self.assign(identifier, expression)
        return Operand(self.name(identifier), kind)

    def meter(self) -> None:
        """Take a step, in metered code."""
        if self.compilation.metered:
            self.out.extend(self.step(self.name("budget_")))

    # Jumps, see `productions/exits.py`

    def innermost_loop(self) -> Target:
        """The innermost region that is a host loop."""
        return next(region for region in reversed(self.regions) if isinstance(region, Target))

    def arrive(self, loop: Loop, continues: bool) -> None:
        """Leave the innermost loop, or go to its next round: by way of its update, where it has one."""
        assert isinstance(loop, Target)
        loop.is_left |= not continues
        if not (continues and loop.has_update):
            super().arrive(loop, continues)
            return
        loop.is_crossed |= isinstance(self.regions[-1], Protected)
        held = ast.Pass()
        self.emit(held)
        loop.continues.append((self.out, held))

    def resume_return(self, number: int) -> None:
        """Behind a loop: go on with a return whose value waits."""
        self.productions.leave(self, self.name("returned@"), number)


Expressions = Mapping[type[js.Node], Callable[[Builder, js.Node], Operand]]
Statements = Mapping[type[js.Node], Callable[[Builder, js.Node], None]]


@dataclass(frozen=True)
class Productions:
    """What becomes of each node. Productions reach each other by these tables, so that their modules import one way.

    Attributes:
        expressions: emit an evaluation, and give the value.
        effects: the same where the value is not wanted, for those that are simpler then.
        statements: emit a statement.
        named: 8.4 NamedEvaluation of a function or class, with its name, or with the host expression of its property key.
        closure: makes a function object.
        leave: leaves the function with a value; the number of a return under way, or 0.
    """

    expressions: Expressions
    effects: Statements
    statements: Statements
    named: Callable[[Builder, js.Node, str, ast.expr | None], Operand]
    closure: Callable[[Builder, js.Function, str], ast.expr]
    leave: Callable[[Builder, ast.expr, int], None]
