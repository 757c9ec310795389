"""What a guest of Python has without an import: built-in functions, types with their methods, exceptions, constants."""

from __future__ import annotations

import builtins as host
import inspect
from pathlib import Path
from typing import Any

from lockstep.reference.host.inventory import BuiltIn, described
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.python.engine import create_engine
from lockstep.reference.python.runtime.builtins.functions import HOST_FUNCTIONS
from lockstep.reference.python.runtime.builtins.registration import description
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute

# Types, their methods, exceptions and constants: what is the host's own, and has no code here to stand beside.
DESCRIBED = Path(__file__).parent / "built_ins.tsv"


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, and of what CPython has and we have not, a row that says so."""
    session = create_engine("vm", profile).session(Budget(), Output())
    names: dict[str, object] = session.state.interpreter.builtins
    rows = [row for name, value in names.items() for row in _rows(name, value)]
    known = {row.name for row in rows}
    missing = [name for name in vars(host) if name not in known and not name.startswith("_")]
    rows += [BuiltIn(name, "function", implementation="none") for name in missing]
    session.close()
    return described(rows, DESCRIBED)


def _rows(name: str, value: object) -> list[BuiltIn]:
    own = "host" if getattr(host, name, None) is value else "own"
    if isinstance(value, type):
        kind = "exception" if issubclass(value, BaseException) else "class"
        methods = [] if kind == "exception" else _methods(name, value)
        return [BuiltIn(name, kind, implementation=own), *methods]
    if not callable(value):
        return [BuiltIn(name, "constant", implementation=own)]
    found = description(value) or HOST_FUNCTIONS.get(name)
    if found is None:
        return [BuiltIn(name, "function", implementation=own)]
    return [BuiltIn(name, "function", found.arity, found.section, found.since, own)]


def _methods(name: str, value: type) -> list[BuiltIn]:
    """The methods that guests find in a type; they see fewer than the host has."""
    return [
        BuiltIn(f"{name}.{one}", "method", _arity(member), implementation="host")
        for one, member in get_attribute(value, "__dict__").items()
        if callable(member) and not (one.startswith("_") and not one.startswith("__"))
    ]


def _arity(function: Any) -> int | None:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (AttributeError, TypeError, ValueError):
        return None  # the host does not tell: PyPy's functions that look like functions raise the first
    return sum(one.kind is not one.VAR_POSITIONAL and one.kind is not one.VAR_KEYWORD for one in parameters)
