"""What a language offers to its programs: every built-in as a row of data.

The form is the same in all languages. Where a built-in is registered, beside its code, stand its name, its arity, the
section that describes it and the version that brought it, in this order after the function:

    ("at", at, 1, "23.1.3.1", "ES2022")

What has no code of its own to stand beside (constants, prototypes, libraries, a second name of a function) is a row in
a table of the language: name, section, since.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

# How a docstring of ours begins where it shows the call.
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


def described(rows: list[BuiltIn], table: Path) -> list[BuiltIn]:
    """The rows by name, each with what `table` says of it: a file of tabs with the columns name, section and since."""
    with table.open(encoding="utf-8") as stream:
        known = {
            row["name"]: (row["section"], row["since"])
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    found = []
    for row in sorted(rows, key=lambda row: row.name):
        section, since = known.get(row.name, (row.section, row.since))
        found.append(replace(row, section=section, since=since))
    return found


def arity_of(function: object) -> int | None:
    """How many arguments the call names with which a docstring begins; None without one."""
    found = _CALL.match(getattr(function, "__doc__", None) or "")
    if found is None:
        return None
    inside = found[1].replace("[", "").replace("]", "")
    return len([one for one in inside.split(",") if one.strip() and "..." not in one and "···" not in one])
