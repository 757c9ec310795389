"""What a guest of Python has: without an import, and of the modules that CPython writes in C."""

from __future__ import annotations

import builtins as host
import csv
import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.inventory import BuiltIn, described
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.python.engine import create_engine
from lockstep.reference.python.runtime.builtins.functions import HOST_FUNCTIONS
from lockstep.reference.python.runtime.builtins.registration import description
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.sealed import BuiltinFunction

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter

# Types, their methods, exceptions and constants: what is the host's own, and has no code here to stand beside.
DESCRIBED = Path(__file__).parent / "built_ins.tsv"
# What the Library Reference says of the modules that are written in C in CPython, or stand on such a one: the names at their top.
LIBRARY = Path(__file__).parent / "library.tsv"


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, and of what CPython has and we have not, a row that says so."""
    session = create_engine("vm", profile).session(Budget(), Output())
    names: dict[str, object] = session.state.interpreter.builtins
    rows = [row for name, value in names.items() for row in _rows(name, value)]
    known = {row.name for row in rows}
    missing = [name for name in vars(host) if name not in known and not name.startswith("_")]
    rows += [BuiltIn(name, "function", implementation="none") for name in missing]
    found = described(rows, DESCRIBED) + _library(session.state.interpreter)
    session.close()
    return sorted(found, key=lambda row: row.name)


def _library(interpreter: Interpreter) -> list[BuiltIn]:
    """The documented names of modules that this host has: its own, ours, of guest source, or missing."""
    with LIBRARY.open(encoding="utf-8") as stream:
        listed = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    modules = {row["name"].partition(".")[0] for row in listed}
    hosts = {name: vars(importlib.import_module(name)) for name in modules}
    guests = {name: vars(interpreter.load(name)) for name in modules}
    rows = []
    for row in listed:
        module, _, name = row["name"].partition(".")
        if name in hosts[module]:
            value = hosts[module][name]
            arity = int(row["arity"]) if row["arity"] else None
            written = _written(guests[module], name, value)
            rows.append(BuiltIn(row["name"], row["kind"], arity, row["section"], row["since"], written))
    return rows


def _written(guest: Mapping[str, object], name: str, host_value: object) -> str:
    """What the guest's `name` is written in."""
    if name not in guest:
        return "none"
    value = guest[name]
    if value is host_value or not callable(value):
        return "host"  # a constant is no code, wherever it comes from
    return "own" if isinstance(value, BuiltinFunction) else "library"


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
