"""The rows of the libraries: what the manuals say, and what a program reaches, are the same set."""

from __future__ import annotations

import re

import pytest

from lockstep.reference.host.engine import Program
from lockstep.reference.host.inventory import arity_of
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.languages import built_ins
from lockstep.reference.lua.engine import create_engine
from lockstep.reference.lua.inventory import LIBRARIES
from lockstep.reference.lua.profile import PROFILES

# What no manual describes: metamethods of files and their type's name, `newproxy`, and a field that 5.2's describes first.
_UNDESCRIBED = {
    "5.1": {"FILE*.__gc", "FILE*.__tostring", "newproxy", "package.config"},
    "5.4": {"FILE*.__name", "FILE*.__tostring"},
}
# A program's own walk: globals, the tables among them, and the metatables of strings and of files.
_WALK = """
local files, strings = getmetatable(io.stdout), getmetatable("")
for name, value in pairs(_G) do
  print(name)
  if type(value) == "table" and value ~= _G then
    for inner in pairs(value) do print(name .. "." .. inner) end
  end
end
for name in pairs(files.__index) do
  if not name:find("^__") then print("file:" .. name) end
end
for name in pairs(files) do
  if name:find("^__") and name ~= "__index" then print("FILE*." .. name) end
end
for name in pairs(strings) do
  if name ~= "__index" then print("string*." .. name) end
end
"""


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize("version", PROFILES)
def test_the_rows_are_what_a_program_reaches(version: str, backend: str) -> None:
    output = Output()
    completion = create_engine(backend, version).run(Program(_WALK, "walk.lua"), Budget(), output)
    assert completion.error is None
    reached = output.text().split()
    assert len(reached) == len(set(reached))
    assert {row.name for row in built_ins(f"lua{version}")} == set(reached)


@pytest.mark.parametrize("version", PROFILES)
def test_every_row_says_where_it_is_described_and_since_when(version: str) -> None:
    undescribed = set()
    for row in built_ins(f"lua{version}"):
        assert "5.0" <= row.since <= version, row
        assert (row.arity is None) == (row.kind in ("constant", "library", "table")), row
        if row.section == "-":
            undescribed.add(row.name)
            continue
        assert re.fullmatch(
            r"5\.[1-9]|7\.2" if version == "5.1" else r"6\.([1-9]|10)|3\.4\.3", row.section
        ), row
    assert undescribed == _UNDESCRIBED[version]


def test_versions_of_a_name_follow_each_other() -> None:
    for holder, functions in LIBRARIES:
        ends: dict[str, str] = {}
        for row in functions.rows:
            assert row.name not in ends or ends[row.name], (holder, row)
            assert ends.get(row.name, "") < row.since, (holder, row)
            assert not row.until or row.since <= row.until, (holder, row)
            ends[row.name] = row.until


def test_a_docstring_shows_the_arguments_that_the_newest_row_counts() -> None:
    newest = {row.function: row.arity for _, functions in LIBRARIES for row in functions.rows}
    counted = {function: arity_of(function) for function in newest}
    shown = {function: arity for function, arity in counted.items() if arity is not None}
    assert len(shown) > 120
    assert shown == {function: newest[function] for function in shown}
