"""The state of one running guest: builtins, modules, output, budget, and the evaluator that runs its code."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime import types as _types  # noqa: F401  # says what the guest sees
from lockstep.reference.python.runtime.builtins.functions import builtin_functions
from lockstep.reference.python.runtime.frames import Guest
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.modules import importing
from lockstep.reference.python.runtime.modules.system import library_folders, system_module

# CPython's own default.
RECURSION_LIMIT = 1000


class Interpreter(Guest):
    """One guest. Nothing of it is shared with another."""

    def __init__(
        self,
        budget: Budget,
        output: Writer,
        roots: tuple[str, ...] = (),
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.budget = budget
        self.output = output
        self.recursion_limit = RECURSION_LIMIT
        self.modules: dict[str, Any] = {}
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

    def load(self, name: str) -> Value:
        """The module of that dotted name, loaded where that has not happened yet (`modules.importing`).

        Raises:
            ImportError: there is no such module.
        """
        return importing.load(self, name)

    def import_name(self, name: str, global_names: dict[str, Value], names: object, level: int) -> Value:
        """`__import__` (`modules.importing`).

        Raises:
            ImportError: there is no such module.
        """
        return importing.import_name(self, name, global_names, names, level)

    def new_module(self, name: str, filename: str | None = None) -> ModuleType:
        """A fresh module, not yet among `modules`."""
        module = ModuleType(name)
        if filename is not None:
            module.__dict__["__file__"] = filename
        return module

    def system(self, name: str) -> Any:
        """What the guest's `sys` module has under `name`, or None."""
        return self.modules["sys"].__dict__.get(name) if "sys" in self.modules else None
