"""The hooked form of a chunk: it tells the runtime of each instruction, call and return (`runtime/hooks.py`).

In the ordinary form all of this generates nothing.
"""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.builder import Builder
from lockstep.reference.lua.vm.form import OPERAND

LINE = "$line"
RESULT = "$result"


class TracedBuilder(Builder):
    """A builder that can generate the hooked form.

    Attributes:
        hooked: it does.
        stripped: the function's lines are not known.
        returns: the loop that a `return` leaves where variables are closed first; its value is in `$result`.
        returns_used: there is such a `return`.
    """

    def __init__(self, *, hooked: bool, stripped: bool) -> None:
        super().__init__()
        self.hooked = hooked
        self.stripped = stripped
        self.returns: Loop | None = None
        self.returns_used = False
        self.waiting = 0

    def if_hook(self, called: ast.expr) -> None:
        """Evaluate `called` while a hook is set."""
        with self.collected() as body:
            self.evaluate(called)
        self.if_(self.is_some(self.attribute(self.name("$state"), "hook")), body)

    def point(self, node: nodes.Node, line: int | None = None) -> None:
        """An instruction of the reference implementation, on `line` (the node's own)."""
        if not self.hooked:
            return
        kept = self.line, self.column
        here = line or node.line or 1
        self.line, self.column = here, node.offset
        shown = self.constant(-1 if self.stripped else here)
        self.if_hook(self.call("$at_point", self.name(LINE), shown))
        self.assign(LINE, shown)
        self.line, self.column = kept

    def jump_back(self) -> None:
        """The next instruction comes before this one, so it is a line event on any line."""
        if self.hooked:
            self.assign(LINE, self.constant(0))

    def enter(self) -> None:
        """The beginning of a function."""
        if self.hooked:
            self.jump_back()
            self.if_hook(self.call("$on_call"))

    def leave(
        self, value: ast.expr, node: nodes.Node, line: int | None = None, *, closes: bool = False
    ) -> None:
        """`return value`, with the event of a return; `closes` where variables are closed first."""
        if not self.hooked:
            self.return_(value)
            return
        self.assign(RESULT, value)
        self.point(node, line)
        if closes and self.returns is not None:
            self.returns_used = True
            self.jump(self.returns, continues=False)
            return
        self.returned(node)

    def returned(self, node: nodes.Node) -> None:
        """Return what is in `$result`."""
        kept = self.line, self.column
        self.line, self.column = node.line or 1, node.offset
        self.if_hook(self.call("$on_return", self.name(RESULT)))
        self.return_(self.name(RESULT))
        self.line, self.column = kept

    def forget(self, before: int) -> None:
        """Drop what the temporaries made since there were `before` of them hold: a program may wait for its end."""
        names = [self.temporary_name(number) for number in range(before + 1, self.temporaries + 1)]
        if names:
            self.emit(self.assigning_all(names, self.constant(None)))

    def operand(self, value: ast.expr) -> ast.expr:
        """An operand that waits for a call, where the debug library finds it in the hooked form."""
        if not self.hooked:
            return value
        self.waiting += 1
        identifier = f"{OPERAND}{self.waiting:04}"
        self.assign(identifier, value)
        return self.name(identifier)

    def drop(self, operand: ast.expr) -> None:
        """An operand was used."""
        if self.hooked and isinstance(operand, ast.Name):
            self.emit(self.placed(ast.Delete([self.placed(ast.Name(operand.id, ast.Del()))])))
