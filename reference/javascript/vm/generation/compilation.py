"""What the functions of one program share while they are compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit

Row = tuple[Any, ...]
"""What a function's template is made from, as values that `marshal` takes: see `FunctionTemplate`."""


@dataclass(frozen=True)
class Options:
    """How a program is compiled.

    Attributes:
        filename: what its code is called.
        metered: whether steps are counted.
        keep_tree: whether the generated host tree is kept.
        deferred_from: the shortest function that is compiled at its first call only, in characters; 0: none is.
        extent: characters of its source, where functions wait.
    """

    filename: str
    metered: bool
    keep_tree: bool = False
    deferred_from: int = 0
    extent: int = 0


class DeferredFunction:
    """A function as it stands in the static scopes around it.

    Attributes:
        node: its syntax tree.
        unit: the unit that it will be, as entered; never compiled into, see `Unit.afresh`.
        scope: the scope around it.
        numbers: how many host variables were named by then: all that it can see.
        line: where the code around makes it.
        column: likewise.
    """

    __slots__ = ("column", "line", "node", "numbers", "scope", "unit")

    def __init__(
        self, node: js.Function, unit: Unit, scope: StaticScope | None, numbers: int, line: int, column: int
    ) -> None:
        self.node = node
        self.unit = unit
        self.scope = scope
        self.numbers = numbers
        self.line = line
        self.column = column


class Compilation:
    """A program that is being compiled.

    Attributes:
        filename: what its code is called.
        metered: whether steps are counted.
        deferred_from: as in `Options`.
        may_defer: whether functions may wait here at all, and need not be compiled with the code around them.
        templates: the rows of its functions.
        deferred: the functions that wait, by the number of their row.
        numbers: how many host variables have a number in their name.
        eval_flags: the rights that eval code passes on to direct evals in it.
    """

    __slots__ = (
        "deferred",
        "deferred_from",
        "eval_flags",
        "filename",
        "may_defer",
        "metered",
        "numbers",
        "templates",
    )

    def __init__(self, options: Options, templates: list[Row] | None = None) -> None:
        self.filename = options.filename
        self.metered = options.metered
        self.deferred_from = options.deferred_from
        self.may_defer = not options.keep_tree
        self.templates: list[Row] = [] if templates is None else templates
        self.deferred: dict[int, DeferredFunction] = {}
        self.numbers = 0
        self.eval_flags: Mapping[str, bool] = {}
