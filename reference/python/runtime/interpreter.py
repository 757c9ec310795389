"""The state of one running guest: builtins, modules, output, budget, and the evaluator that runs its code."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any, Protocol

from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime import types as _types  # noqa: F401  # says what the guest sees
from lockstep.reference.python.runtime.frames import Code, Guest

Value = Any

# CPython's own default.
RECURSION_LIMIT = 1000


class Evaluator(Protocol):
    """What a backend offers to the runtime.

    Attributes:
        inherited: what is handled around the generator that runs, where the host does not know of it.
    """

    inherited: BaseException | None

    def compile(
        self,
        source: Any,
        filename: str,
        mode: str,
        *,
        features: frozenset[str] = frozenset(),
        library: bool = False,
    ) -> Code:
        """Code of `source`, a text or a tree of the host's.

        Raises:
            SyntaxError: the host's, as guest code may catch it.
        """

    def run(self, code: Code, global_names: dict[str, Value], local_names: Value) -> Value:
        """Run a program or expression; the value of an expression."""

    def caller(self) -> Value:
        """The innermost guest frame: a `GuestFrame`, or a host frame that runs guest code."""

    def use_budget(self, budget: Budget) -> None:
        """Count against `budget` from now on."""

    def caller_namespaces(self) -> tuple[dict[str, Value], Value]:
        """The globals and locals of the innermost guest frame."""

    def set_recursion_limit(self, limit: int) -> None:
        """Let guest calls nest `limit` deep."""


class Interpreter(Guest):
    """One guest. Nothing of it is shared with another."""

    def __init__(
        self,
        budget: Budget,
        output: Writer,
        roots: tuple[str, ...] = (),
        arguments: tuple[str, ...] = (),
    ) -> None:
        from lockstep.reference.python.runtime.builtins.functions import builtin_functions  # noqa: PLC0415  # mutual
        from lockstep.reference.python.runtime.modules.system import library_folders, system_module  # noqa: PLC0415

        self.budget = budget
        self.output = output
        self.recursion_limit = RECURSION_LIMIT
        self.modules: dict[str, Value] = {}
        self.evaluator: Any = None
        self.standard_output: Value = None
        # The folders that modules may be read from, whatever the guest puts in `sys.path`.
        self.roots = tuple(os.path.realpath(folder) for folder in (*roots, *library_folders()))
        module = ModuleType("builtins")
        self.builtins: dict[str, Value] = module.__dict__
        self.builtins.update(builtin_functions(self))
        self._pristine = dict(self.builtins)
        self.modules["builtins"] = self.builtins_module = module
        self.modules["sys"] = system_module(self, roots, arguments)

    def close(self) -> None:
        """Let go of what the guest made: its code holds this guest, and the host sees no cycles through code."""
        self.modules.clear()
        self.builtins.clear()
        self.builtins.update(self._pristine)

    def new_module(self, name: str, filename: str | None = None) -> ModuleType:
        """A fresh module, not yet among `modules`."""
        module = ModuleType(name)
        if filename is not None:
            module.__dict__["__file__"] = filename
        return module

    def system(self, name: str) -> Value:
        """What the guest's `sys` module has under `name`, or None."""
        return self.modules["sys"].__dict__.get(name) if "sys" in self.modules else None
