"""What the runtime knows of a guest's interpreter: that is made of nearly all of it, and it does not import it."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Protocol

from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime.frames import Code
from lockstep.reference.python.runtime.kinds import Value


class Evaluator(Protocol):
    """What a backend offers to the runtime.

    Attributes:
        inherited: what is handled around the generator that runs, where the host does not know of it.
    """

    inherited: BaseException | None

    def compile(
        self,
        source: object,
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


class Interpreter(Protocol):
    """One guest, see `interpreter.Interpreter`."""

    budget: Budget
    output: Writer
    recursion_limit: int
    modules: dict[str, Any]
    evaluator: Any
    standard_output: Value
    roots: tuple[str, ...]
    builtins: dict[str, Any]
    builtins_module: ModuleType

    def system(self, name: str) -> Any:
        """What the guest's `sys` module has under `name`, or None."""

    def new_module(self, name: str, filename: str | None = None) -> ModuleType:
        """A fresh module, not yet among `modules`."""
        ...

    def load(self, name: str) -> Value:
        """The module of that dotted name, loaded where that has not happened yet (`modules.importing`)."""

    def import_name(self, name: str, global_names: dict[str, Value], names: object, level: int) -> Value:
        """`__import__` (`modules.importing`)."""
