"""What a language offers to its programs: every built-in as a row of data."""

from __future__ import annotations

import re
from dataclasses import dataclass

# How a docstring of ours begins: the clause or section, or the call.
_CLAUSE = re.compile(r"^((?:[A-Z]\.)?\d+(?:\.\d+)*)(?=[\s:,])")
_CALL = re.compile(r"^`[\w.:%]+\(([^)]*)\)`")


@dataclass(frozen=True)
class BuiltIn:
    """One built-in.

    Attributes:
        name: as programs write it, from the top: `Array.prototype.at`, `string.byte`, `clojure.core/map`.
        kind: `function`, `constructor`, `getter`, `object`, `class`, `macro`, `special form`, `constant`, ...
        arity: arguments that it names, the optional ones included where they stand in its text; None for what is not called.
        section: where its language's text describes it; "" if nobody said.
        since: the version that brought it; "" for what was always there.
        implementation: what it is written in, where a language has several ways.
    """

    name: str
    kind: str
    arity: int | None = None
    section: str = ""
    since: str = ""
    implementation: str = ""


def section_of(function: object) -> str:
    """The clause that a docstring begins with; "" if it begins otherwise."""
    found = _CLAUSE.match((getattr(function, "__doc__", None) or "").lstrip("`"))
    return found[1] if found is not None else ""


def arity_of(function: object) -> int | None:
    """How many arguments the call names with which a docstring begins; None without one."""
    found = _CALL.match(getattr(function, "__doc__", None) or "")
    if found is None:
        return None
    inside = found[1].replace("[", "").replace("]", "")
    return len([one for one in inside.split(",") if one.strip() and "..." not in one and "···" not in one])
