"""How the kernel's functions get their Clojure names: tables that are filled when the modules are imported."""

from __future__ import annotations

from functools import cache
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from lockstep.reference.clojure.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

from lockstep.reference.clojure.runtime.java.exceptions import BOUND

F = TypeVar("F", bound=Callable[..., Any])


def guest_function(name: str, function: Value, *, again: bool = False) -> Value:
    """`function` as the guest sees it: named, with parameters that tell their index to the arity error.

    A bound method is named too; the sign behind its name says that the host counts its object as an argument.

    Args:
        name: the guest's name.
        function: of the host.
        again: whether functions of the same code come again.
    """
    rename = _renamed_again if again else _renamed_code
    if function.__class__ is MethodType:
        return MethodType(_renamed(f"{name}{BOUND}", function.__func__, 1, rename), function.__self__)
    return function if function.__class__ is not FunctionType else _renamed(name, function, 0, rename)


def _renamed_code(name: str, code: CodeType, hidden: int) -> CodeType:
    count = code.co_argcount
    renamed = {old: f"{old}:{index - hidden}" for index, old in enumerate(code.co_varnames[:count])}
    return code.replace(
        co_varnames=tuple(renamed.get(old, old) for old in code.co_varnames),
        co_cellvars=tuple(renamed.get(old, old) for old in code.co_cellvars),
        co_name=name,
    )


# Every environment makes the functions of the installers anew, of the same code.
_renamed_again = cache(_renamed_code)


def _renamed(name: str, function: Any, hidden: int, rename: Callable[..., CodeType]) -> Any:
    try:
        code = rename(name, function.__code__, hidden)
    except ValueError:
        return function
    made = FunctionType(code, function.__globals__, name, function.__defaults__, function.__closure__)
    made.__qualname__ = name
    if function.__dict__:
        made.__dict__.update(function.__dict__)
    if function.__kwdefaults__:
        made.__kwdefaults__ = function.__kwdefaults__
    return made


class Library:
    """The host functions of one namespace.

    Attributes:
        functions: those that need no environment, by name.
        cells: where they stand in an environment.
        installers: functions that make the others for an environment.
        macros: names of macros among them; they take the form and the local names first.
    """

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.functions: dict[str, Value] = {}
        self.cells: dict[str, Value] = {}
        self.installers: list[Callable[[Environment], dict[str, Value]]] = []
        self.macros: set[str] = set()

    def define(self, *names: str) -> Callable[[F], F]:
        """Give a function its names."""

        def register(function: F) -> F:
            self.define_all(dict.fromkeys(names, function))
            return function

        return register

    def define_all(self, functions: dict[str, Value]) -> None:
        """Give several functions their names."""
        for name, function in functions.items():
            key = f"{self.namespace}/{name}"
            made = self.functions[name] = guest_function(key, function)
            self.cells[key] = self.cells["=" + key] = made

    def installer(self, function: Callable[[Environment], dict[str, Value]]) -> Callable[..., object]:
        """Register what makes functions that need the environment."""
        self.installers.append(function)
        return function

    def install(self, environment: Environment) -> None:
        """Intern the functions in an environment."""
        namespace = environment.namespace(self.namespace)
        namespace.cells.update(self.cells)
        for name in self.functions:
            namespace.intern(name).implementation = "host"
        for make in self.installers:
            for name, function in make(environment).items():
                var = namespace.intern(name)
                var.implementation = "host"
                var.macro = name in self.macros
                made = guest_function(var.key, function, again=True)
                namespace.cells[var.key] = namespace.cells["=" + var.key] = made


CORE = Library("clojure.core")
KERNEL = Library("lockstep.kernel")
