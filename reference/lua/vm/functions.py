"""Compiling a function: its host variables, its parameters, and how it becomes a function object."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.form import STATE_NAMES, Form, is_boxed
from lockstep.reference.lua.vm.kinds import Kinds
from lockstep.reference.lua.vm.productions.hosting import hosted_names, may_yield
from lockstep.reference.lua.vm.traced import TracedBuilder

if TYPE_CHECKING:
    from lockstep.reference.lua.vm.productions.places import Places

Forms = dict[type[nodes.Node], Callable[..., Any]]
FUNCTION_CLASSES = ("$Function0", "$Function1", "$Function2", "$Function3", "$Function4")


class Chunk:
    """What the functions of one chunk share while they are compiled.

    Attributes:
        profile: the version.
        metered: whether steps are counted.
        hooked: whether hooks work.
        releasing: whether what a statement leaves in host variables is let go: the collector's work is looked at.
        kinds: what is known of the values.
        forms: how each class of nodes becomes host code.
        environment: the host variable of the environment, where each closure carries its own (5.1).
        direct: functions whose host function can be called by name where they are in scope.
        yielding: the functions that are to have a generator form.
        generators: those of them whose generator form can be called by name where they are in scope.
    """

    def __init__(self, profile: Profile, form: Form, kinds: Kinds, forms: Forms) -> None:
        self.profile = profile
        self.kinds = kinds
        self.forms = forms
        self.metered = form.metered
        self.hooked = form.hooked
        self.releasing = False
        self.environment: str | None = None
        self.direct: set[nodes.Function] = set()
        self.names: dict[str, int] = {}
        self.yielding: set[nodes.Function] = set()
        self.generators: set[nodes.Function] = set()

    def host_name(self, variable: nodes.Variable) -> str:
        """The host variable for a guest variable: its own name, numbered where that is taken."""
        name: str | None = variable.host
        if name is None:
            count = self.names.get(variable.name, 0) + 1
            self.names[variable.name] = count
            name = variable.name if count == 1 and variable.name not in _TAKEN else f"{variable.name}${count}"
            variable.host = name
        return name


_TAKEN = frozenset(("None", "True", "False", "type", "len", "range", "str", "int", "float", "getattr",
                    "TypeError", "AttributeError", "IndexError", "ZeroDivisionError", "ValueError",
                    "OverflowError", "BaseException", "RecursionError", "MemoryError", "list", "__debug__"))  # fmt: skip


class FunctionBuilder(TracedBuilder):
    """A builder for one guest function; `generating` is set for its generator form."""

    def __init__(
        self,
        chunk: Chunk,
        function: nodes.Function,
        outer: FunctionBuilder | None,
        *,
        generating: bool = False,
    ) -> None:
        super().__init__(hooked=chunk.hooked, stripped=function.stripped)
        self.chunk = chunk
        self.profile = chunk.profile
        self.function = function
        self.outer = outer
        self.generating = generating
        self.nonlocals: set[str] = set()
        self.loop_of: list[Loop] = []
        self.regions: dict[nodes.Node, tuple[Loop, bool, str | None, int]] = {}
        self.kinds = chunk.kinds
        # The loop that a call of the function to itself in tail position goes round.
        self.whole: Loop | None = None
        # Places of lists that the function reads, once a store asks.
        self.places: Places | None = None
        # Variables whose function was called by its host name.
        self.called: set[nodes.Variable] = set()
        # Variables that may be beyond 64 bits until the loop around them ends.
        self.deferred: set[nodes.Variable] = set()

    def at(self, node: nodes.Node) -> None:
        """Give what is built next the position of `node`."""
        self.line = node.line or 1
        self.column = node.offset

    def call(self, function: ast.expr | str, *arguments: ast.expr) -> ast.expr:
        """A call of the host; in a generator form only after what it may need is there."""
        if self.generating and isinstance(function, str) and function in STATE_NAMES and may_yield(function):
            holder = hosted_names(self, function, arguments)
            return super().call(self.attribute(holder, function[1:]), *arguments)
        return super().call(function, *arguments)

    def expression(self, node: nodes.Node, result: Result | None = None) -> ast.expr:
        """One value; in `result` if it is computed."""
        value: ast.expr = self.chunk.forms[node.__class__](self, node, result)
        return value

    def statement(self, node: nodes.Node) -> None:
        """Generate a statement."""
        self.chunk.forms[node.__class__](self, node)

    def read(self, variable: nodes.Variable) -> ast.expr:
        """A variable's value."""
        if variable.constant is not None:
            return self.literal(variable.constant)
        value = self.name(self.chunk.host_name(variable))
        if is_boxed(variable):
            return self.subscript(value, self.constant(0))
        return value

    def write(self, variable: nodes.Variable, value: ast.expr) -> None:
        """Assign to a variable."""
        name = self.chunk.host_name(variable)
        if is_boxed(variable):
            self.store(self.subscript(self.name(name), self.constant(0)), value)
            return
        if variable.owner is not self.function:
            self.nonlocals.add(name)
        self.assign(name, value)

    def declare(self, variable: nodes.Variable, value: ast.expr) -> None:
        """Begin a variable's life with a value."""
        if variable.constant is not None:
            return
        name = self.chunk.host_name(variable)
        self.assign(name, self.list_of([value]) if is_boxed(variable) else value)

    def release(self, since: int, variables: Iterable[nodes.Variable] = ()) -> None:
        """Let go of the values in the temporaries made since `since`, and in variables that are out of scope."""
        if not self.chunk.releasing:
            return
        names = [self.temporary_name(number) for number in range(since + 1, self.temporaries + 1)]
        names.extend(self.chunk.host_name(variable) for variable in variables if variable.constant is None)
        if names:
            self.emit(self.assigning_all(names, self.constant(None)))

    def literal(self, node: nodes.Node) -> ast.expr:
        """A literal as a host expression."""
        if isinstance(node, nodes.Nil):
            return self.constant(None)
        if isinstance(node, nodes.Boolean):
            return self.name("$true" if node.value else "$false")
        assert isinstance(node, (nodes.Number, nodes.String))
        return self.number(node.value) if isinstance(node, nodes.Number) else self.constant(node.value)

    def number(self, value: float) -> ast.expr:
        """A number as a host expression."""
        return self.constant(value)

    def count_step(self) -> None:
        """Count a step, where steps are counted."""
        if self.chunk.metered:
            self.out.extend(self.step(self.name("$budget")))
