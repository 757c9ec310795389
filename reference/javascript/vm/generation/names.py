"""Static scopes of the compiler: where each guest variable lives in the generated host code.

- a *local* is a host local or cell; unbound means its temporal dead zone;
- a *box* is a host list of length one, made afresh each time its block is entered, for block variables in loops that
  closures capture; empty means its temporal dead zone; closures over it are made by a host factory function;
- *dynamic*: some environment record, found by name, where direct eval or `with` can see or shadow the name;
- otherwise global: a host global of the realm.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lockstep.reference.javascript.syntax.ast import Binding

if TYPE_CHECKING:
    from lockstep.reference.javascript.vm.generation.private_functions import PrivateFunctions


class Given:
    """What a call gives to a function: the host variables that hold it, and whether the code looks at them.

    Attributes:
        binding: in eval code of a derived constructor the host variable of the `ThisBinding` that it shares.
    """

    __slots__ = ("binding", "callee", "new_target", "this", "uses_callee", "uses_new_target")

    def __init__(self) -> None:
        self.this = ""
        self.callee = ""
        self.new_target = ""
        self.binding = ""
        self.uses_callee = False
        self.uses_new_target = False


class HostNames:
    """What the code of a unit refers to outside of it, and lends to what is inside.

    Attributes:
        nonlocals: host variables of units around that it assigns.
        globals: host globals that it assigns.
        free_boxes: boxes of enclosing units that its code refers to.
        cells: host variables that functions in it which are compiled later may refer to.
    """

    __slots__ = ("cells", "free_boxes", "globals", "nonlocals")

    def __init__(self) -> None:
        self.nonlocals: set[str] = set()
        self.globals: set[str] = set()
        self.free_boxes: dict[str, Variable] = {}
        self.cells: set[str] = set()


class Signature:
    """How the host function of a unit is called.

    Attributes:
        parameters: the host variables of its parameters.
        rest: the host variable of all other arguments, or None.
        arity: how many arguments it takes, or -1 for any.
        primed: a generator that has to run up to its first `yield` when it is called: its parameters are bound there.
    """

    __slots__ = ("arity", "parameters", "primed", "rest")

    def __init__(self) -> None:
        self.parameters: list[str] = []
        self.rest: str | None = None
        self.arity = -1
        self.primed = False


class Unit:
    """What is known of one host function under construction; a `Builder` emits its code.

    Attributes:
        parent: the unit that holds it, or None.
        transparent: `this`, `new.target`, `super` and `arguments` are the parent's: an arrow function, or the host
            function around a class definition.
        kind: of a function as in its syntax, `class`, `eval` or `module`.
        extent: characters of its source.
        depth: how many host functions are around it in the same host code.
        derived: it is a constructor of a class with heritage.
        in_place: such a one, which can run on an instance that is given.
        rejects_arguments: it holds field initializers, where `arguments` is an early error.
        numeric: names that always hold Numbers; of them `counters` index arrays.
        private: what is known of functions that it declares and only calls, or None.
        shown: what stack traces call it.
        variable_scope: where its `var` declarations live, once that is open.
    """

    __slots__ = (
        "counters", "depth", "derived", "extent", "given", "has_yield", "in_place", "is_async", "is_generator", "kind",
        "name", "names", "numeric", "parent", "private", "rejects_arguments", "shown", "signature", "strict", "transparent", "variable_scope",
    )  # fmt: skip

    def __init__(self, parent: Unit | None, name: str, kind: str = "", *, transparent: bool = False) -> None:
        self.parent = parent
        self.name = name
        self.shown = name
        self.kind = kind
        self.transparent = transparent
        self.extent = 0
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.strict = False
        self.is_async = False
        self.is_generator = False
        self.has_yield = False
        self.derived = False
        self.in_place = False
        self.rejects_arguments = False
        self.numeric: frozenset[str] = frozenset()
        self.counters: frozenset[str] = frozenset()
        self.private: PrivateFunctions | None = None
        self.variable_scope: StaticScope | None = None
        self.given = Given()
        self.names = HostNames()
        self.signature = Signature()

    @property
    def owner(self) -> Unit:
        """The unit whose `this` is meant here."""
        unit = self
        while unit.transparent and unit.parent is not None:
            unit = unit.parent
        return unit

    def afresh(self) -> Unit:
        """A unit at the same place whose code is still to be compiled."""
        made = copy(self)
        made.given = copy(self.given)
        made.signature = Signature()
        made.names = HostNames()
        made.names.free_boxes.update(self.names.free_boxes)
        return made


class Variable:
    """One guest binding with a place in the host code.

    Attributes:
        host: its host variable.
        unit: the unit that owns it.
        binding: the parser's record, or None for a name of ours.
        boxed: whether the host variable holds a box.
        has_dead_zone: code that is compiled now may find it uninitialized.
        ready: its declaration has been compiled, so later code of the same unit finds it initialized.
        early: code before its declaration refers to it.
        kind: `number` where it always holds one.
        returns: `number` where it is a function that returns one.
        counter: a host variable that holds the same value as a host int, or "".
    """

    __slots__ = (
        "binding",
        "boxed",
        "counter",
        "early",
        "has_dead_zone",
        "host",
        "kind",
        "ready",
        "returns",
        "unit",
    )

    def __init__(self, host: str, unit: Unit, binding: Binding | None, boxed: bool = False) -> None:
        self.host = host
        self.unit = unit
        self.binding = binding
        self.boxed = boxed
        self.has_dead_zone = binding is not None and binding.has_dead_zone
        self.ready = not self.has_dead_zone
        self.early = False
        self.kind = ""
        self.returns = ""
        self.counter = ""

    @property
    def is_const(self) -> bool:
        """Whether assignment is an error (or silently ignored, for function names in sloppy code)."""
        return self.binding is not None and self.binding.is_const


class StaticScope:
    """A guest scope.

    Attributes:
        variables: its statically placed bindings; the script's lexical ones are host globals.
        environment: the host variable of its environment record, if names are looked up dynamically here.
        record: the same as a variable, whose present value closures keep: the rounds of a loop have a record each.
        private_hosts: the host variables of those that are private names.
        environment_ends: the record's outer chain does not reach on: resolution goes on statically.
    """

    private_hosts: tuple[str, ...] = ()

    def __init__(self, parent: StaticScope | None, unit: Unit) -> None:
        self.parent = parent
        self.unit = unit
        self.variables: dict[str, Variable] = {}
        self.environment = ""
        self.record: Variable | None = None
        self.environment_ends = False
        self.script_constants: frozenset[str] = frozenset()
        self.import_names: frozenset[str] = frozenset()


class Resolution:
    """What a name means at one place.

    Attributes:
        environment: the scope whose record is to be asked first, or None.
        variable: the static variable, or None.
        is_script_constant: a `const` of the script being compiled.
        ends: nothing lies behind the record: its chain includes the global environment.
    """

    __slots__ = ("ends", "environment", "is_script_constant", "variable")

    def __init__(self) -> None:
        self.environment: StaticScope | None = None
        self.variable: Variable | None = None
        self.is_script_constant = False
        self.ends = False


def resolve(scope: StaticScope | None, name: str) -> tuple[Resolution, StaticScope | None]:
    """The meaning of `name` in `scope`; with it the scope to go on from where a record may lack the name."""
    found = Resolution()
    while scope is not None:
        variable = scope.variables.get(name)
        if variable is not None:
            found.variable = variable
            return found, None
        if scope.environment:
            found.environment = scope
            if not scope.environment_ends:
                found.ends = True
                return found, None
            rest = scope.parent
            return found, rest
        if name in scope.script_constants:
            found.is_script_constant = True
            return found, None
        scope = scope.parent
    return found, None
