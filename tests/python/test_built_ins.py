"""The rows of the built-ins: what the documentation says, and what a program reaches, are the same set."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import pytest

from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.languages import built_ins, create_engine
from lockstep.reference.python.inventory import DESCRIBED, LIBRARY
from lockstep.reference.python.runtime.builtins.functions import HOST_FUNCTIONS

# What no page describes: what the class statement calls, and what CPython's own tests of its insides call.
_UNDESCRIBED = {"__build_class__", "bytearray.__alloc__", "float.__getformat__", "float.__setformat__"}
_PAGES = r"library/\w+|reference/datamodel"
_WALK = """
import builtins
for name, value in vars(builtins).items():
    print(name)
    if isinstance(value, type) and not issubclass(value, BaseException):
        for one, member in vars(value).items():
            if callable(member) and (one[:1] != '_' or one[:2] == '__'):
                print(f'{name}.{one}')
"""
# Names of modules as `module.name`; what a program does not find is told.
_ABSENT = """
import importlib
for line in NAMES:
    module, _, name = line.partition('.')
    if not hasattr(importlib.import_module(module), name):
        print(line)
"""
_HOST = sys.version_info[:2]


def listed(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def version(since: str) -> tuple[int, ...]:
    return tuple(map(int, since.split(".")))


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_the_rows_are_what_a_program_reaches(backend: str) -> None:
    output = Output()
    completion = create_engine(f"python:{backend}").run(Program(_WALK, "walk.py"), Budget(), output)
    assert completion.error is None
    reached = set(output.text().split())
    library = {row["name"] for row in listed(LIBRARY)}
    rows = {row.name for row in built_ins("python") if row.implementation != "none"}
    assert reached == rows - library


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_the_rows_of_modules_say_what_a_program_does_not_find(backend: str) -> None:
    library = {row["name"]: row for row in listed(LIBRARY)}
    rows = [row for row in built_ins("python") if row.name in library]
    assert len(rows) > len(library) // 2
    output = Output()
    program = Program(f"NAMES = {[row.name for row in rows]}{_ABSENT}", "absent.py")
    completion = create_engine(f"python:{backend}").run(program, Budget(), output)
    assert completion.error is None
    assert output.text().split() == [row.name for row in rows if row.implementation == "none"]


def test_every_row_says_where_it_is_described_and_since_when() -> None:
    for row in built_ins("python"):
        assert (row.section == "-") == (row.name in _UNDESCRIBED), row
        assert re.fullmatch(f"-|{_PAGES}", row.section), row
        assert re.fullmatch(r"3\.\d+", row.since), row
        assert version(row.since) <= _HOST, row
        assert (row.kind == "function") <= (row.arity is not None or row.implementation == "none"), row


def test_the_table_names_nothing_else() -> None:
    described = listed(DESCRIBED)
    names = [row["name"] for row in described]
    assert len(names) == len(set(names))
    reached = {row.name for row in built_ins("python")}
    # A host that is newer or older has other methods of its own.
    expected = {row["name"] for row in described if version(row["since"]) <= _HOST}
    assert expected <= reached
    assert set(HOST_FUNCTIONS).isdisjoint(names)
