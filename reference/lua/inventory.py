"""What a version has: the rows of its libraries, and the table of what is no function."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.lua.runtime.library import (
    basic,
    coroutines,
    debugging,
    garbage,
    input_output,
    mathematics,
    operating_system,
    packages,
    strings,
    tables,
    unicode,
)

# In front of a name, and its rows; `FILE*` and `string*` are the metatables of files and of strings.
LIBRARIES = (
    ("", basic.FUNCTIONS),
    ("", garbage.FUNCTIONS),
    ("", packages.GLOBAL_FUNCTIONS),
    ("FILE*.", input_output.METAMETHODS),
    ("coroutine.", coroutines.FUNCTIONS),
    ("debug.", debugging.FUNCTIONS),
    ("file:", input_output.METHODS),
    ("io.", input_output.FUNCTIONS),
    ("math.", mathematics.FUNCTIONS),
    ("os.", operating_system.FUNCTIONS),
    ("package.", packages.FUNCTIONS),
    ("string*.", strings.METAMETHODS),
    ("string.", strings.FUNCTIONS),
    ("table.", tables.FUNCTIONS),
    ("utf8.", unicode.FUNCTIONS),
)

# What the chapters of the manual of 5.4 are called in the manual of a version.
_CHAPTERS: dict[str, dict[str, str]] = {
    "5.1": {
        "6.1": "5.1", "6.2": "5.2", "6.3": "5.3", "6.4": "5.4", "6.6": "5.5", "6.7": "5.6", "6.8": "5.7", "6.9": "5.8", "6.10": "5.9",
    },
    "5.4": {},
}  # fmt: skip
_KINDS = {"file:": "method", "FILE*.": "metamethod", "string*.": "metamethod"}


def built_ins(profile: str) -> list[BuiltIn]:
    """Every built-in of a version, by its name from the globals."""
    chapters = _CHAPTERS[profile]
    found: dict[str, BuiltIn] = {}
    first: dict[str, str] = {}
    for name, kind, arity, section, since, until in _rows():
        first[name] = min(since, first.get(name, since))
        if since <= profile and (not until or profile <= until):
            found[name] = BuiltIn(name, kind, arity, chapters.get(section, section), first[name])
    return [found[name] for name in sorted(found)]


def _rows() -> Iterator[tuple[str, str, int | None, str, str, str]]:
    for holder, functions in LIBRARIES:
        for row in functions.rows:
            yield (
                holder + row.name, _KINDS.get(holder, "function"), row.arity, row.section, row.since, row.until,
            )  # fmt: skip
    with (Path(__file__).parent / "values.tsv").open(encoding="utf-8") as stream:
        for value in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield value["name"], value["kind"], None, value["section"], value["since"], value["until"]
