"""How rows of data become functions that guests call."""

from __future__ import annotations

from typing import Callable, NamedTuple

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sealed import BuiltinFunction


class Description(NamedTuple):
    """What is known of a built-in, as `host.inventory` has it.

    Attributes:
        arity: parameters that its signature names.
        section: the page of Python's documentation.
        since: the first version of Python 3 that has it.
    """

    arity: int
    section: str
    since: str


def functions(
    *rows: tuple[str, Callable[..., Value], int, str, str], home: str = "builtins"
) -> dict[str, Value]:
    """Functions from rows of (name, host function, arity, section, since); `home` is the module that guests see."""
    made: dict[str, Value] = {}
    for name, function, arity, section, since in rows:
        function.__name__ = function.__qualname__ = name
        function.__module__ = home
        function.__dict__["description"] = Description(arity, section, since)
        made[name] = BuiltinFunction(function)
    return made


def description(function: Value) -> Description | None:
    """What is known of a function that `functions` made; None of any other value."""
    found = getattr(function.__call__, "description", None) if type(function) is BuiltinFunction else None
    return found if isinstance(found, Description) else None
