"""Static scopes of the compiler: where each guest variable lives in the generated host code.

- a *local* is a host local or cell; unbound means its temporal dead zone;
- a *box* is a host list of length one, made afresh each time its block is entered, for block variables in loops that
  closures capture; empty means its temporal dead zone; closures over it are made by a host factory function;
- *dynamic*: some environment record, found by name, where direct eval or `with` can see or shadow the name;
- otherwise global: a host global of the realm.
"""

from __future__ import annotations

import ast
from copy import copy
from typing import Any


class Unit:
    """One host function under construction.

    Attributes:
        parent: the unit that holds it, or None.
        transparent: `this`, `new.target`, `super` and `arguments` are the parent's: an arrow function, or the host
            function around a class definition.
        free_boxes: boxes of enclosing units that its code refers to.
        extent: characters of its source.
        cells: host variables that functions in it which are compiled later may refer to.
    """

    def __init__(self, parent: Unit | None, name: str, transparent: bool) -> None:
        self.parent = parent
        self.name = name
        self.transparent = transparent
        self.body: list[ast.stmt] = []
        self.nonlocals: set[str] = set()
        self.globals: set[str] = set()
        self.locals: set[str] = set()
        self.free_boxes: dict[str, Variable] = {}
        self.cells: set[str] = set()
        self.extent = 0
        self.temporaries = 0
        self.persistent = 0
        self.this_name = ""
        self.callee_name = ""
        self.new_target_name = ""
        self.uses_callee = False
        self.uses_new_target = False
        self.derived = False
        # In eval code of a derived constructor: the host variable of the `ThisBinding` that it shares.
        self.this_binding = ""
        # How many `finally` clauses the code that is compiled is inside of.
        self.guarded = 0
        self.is_generator = False
        self.is_async = False
        self.has_yield = False
        self.strict = False
        self.completion = ""
        # The regions around the code that is compiled, and the jumps that carry a number: see `productions/exits.py`.
        self.regions: list[Any] = []
        self.jumps = 0
        self.jump_numbers: dict[Any, int] = {}
        self.loop_depth = 0
        self.kind = ""
        self.rejects_arguments = False
        self.numeric: frozenset[str] = frozenset()
        self.counters: frozenset[str] = frozenset()

    def afresh(self) -> Unit:
        """A unit at the same place whose code is still to be compiled."""
        made = copy(self)
        made.body, made.regions, made.jump_numbers = [], [], {}
        made.nonlocals, made.globals, made.locals, made.cells = set(), set(), set(), set()
        made.free_boxes = dict(self.free_boxes)
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
        counter: a host variable that holds the same value as a host int, or "".
    """

    __slots__ = ("binding", "boxed", "counter", "early", "has_dead_zone", "host", "kind", "ready", "unit")

    def __init__(self, host: str, unit: Unit, binding: Any, boxed: bool = False) -> None:
        self.host = host
        self.unit = unit
        self.binding = binding
        self.boxed = boxed
        self.has_dead_zone = binding is not None and binding.has_dead_zone
        self.ready = not self.has_dead_zone
        self.early = False
        self.kind = ""
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
