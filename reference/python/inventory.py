"""What a guest of Python has without an import: built-in functions, types with their methods, exceptions, constants."""

from __future__ import annotations

import builtins as host
import inspect
from typing import Any

from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.python.engine import create_engine

# The chapters of the library reference.
_FUNCTIONS, _CONSTANTS, _TYPES, _EXCEPTIONS = (
    "library/functions",
    "library/constants",
    "library/stdtypes",
    "library/exceptions",
)


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, and of what CPython has and we have not, a row that says so."""
    session = create_engine("vm", profile).session(Budget(), Output())
    names: dict[str, object] = session.state.interpreter.builtins
    rows = [row for name, value in names.items() for row in _rows(name, value)]
    known = {row.name for row in rows}
    missing = [name for name in vars(host) if name not in known and not name.startswith("_")]
    rows += [BuiltIn(name, "function", section=_FUNCTIONS, implementation="none") for name in missing]
    session.close()
    return sorted(rows, key=lambda row: row.name)


def _rows(name: str, value: object) -> list[BuiltIn]:
    own = "host" if getattr(host, name, None) is value else "own"
    if isinstance(value, type):
        section = _EXCEPTIONS if issubclass(value, BaseException) else _TYPES
        kind = "exception" if section == _EXCEPTIONS else "class"
        methods = [] if kind == "exception" else _methods(name, value)
        return [BuiltIn(name, kind, None, section, implementation=own), *methods]
    if callable(value):
        return [BuiltIn(name, "function", _arity(value), _FUNCTIONS, implementation=own)]
    return [BuiltIn(name, "constant", None, _CONSTANTS, implementation=own)]


def _methods(name: str, value: type) -> list[BuiltIn]:
    return [
        BuiltIn(f"{name}.{one}", "method", _arity(member), _TYPES, implementation="host")
        for one, member in vars(value).items()
        if callable(member) and not (one.startswith("_") and not one.startswith("__"))
    ]


def _arity(function: Any) -> int | None:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return sum(one.kind is not one.VAR_POSITIONAL and one.kind is not one.VAR_KEYWORD for one in parameters)
