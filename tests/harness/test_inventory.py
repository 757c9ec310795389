"""`lockstep inventory`: what our interpreters offer, as rows of data."""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lockstep.reference.javascript import inventory
from lockstep.reference.languages import built_ins

LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli", "inventory"]


def rows(*words: str) -> dict[str, dict[str, Any]]:
    done = subprocess.run([*LOCKSTEP, *words, "--json"], capture_output=True, text=True, check=True)
    return {row["name"]: row for row in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("language", "name", "wanted"),
    [
        (
            "javascript",
            "Array.prototype.at",
            {"kind": "function", "arity": 1, "section": "23.1.3.1", "since": "ES2022"},
        ),
        ("javascript", "Map", {"kind": "constructor", "arity": 0, "section": "24.1.1.1"}),
        ("javascript", "Math", {"kind": "object", "section": "21.3", "since": "ES1"}),
        ("javascript", "Float16Array", {"section": "23.2.5.1", "since": "ES2025"}),
        ("javascript", "%TypedArray%.prototype.toString", {"section": "23.2.3.34", "since": "ES2015"}),
        ("javascript", "Set.prototype.keys", {"section": "24.2.4.13", "since": "ES2015"}),
        ("javascript", "Symbol.prototype.description", {"kind": "getter"}),
        ("lua5.4", "string.byte", {"kind": "function", "arity": 3, "section": "6.4", "since": "5.0"}),
        ("lua5.4", "utf8.len", {"kind": "function", "section": "6.5"}),
        ("lua5.1", "table.getn", {"kind": "function", "section": "7.2", "since": "5.0"}),
        ("redis", "redis.call", {"kind": "function", "arity": 1, "section": "lua-api", "since": "2.6.0"}),
        (
            "clojure",
            "clojure.core/map",
            {"kind": "function", "arity": 4, "section": "clojure.core", "since": "1.0"},
        ),
        ("clojure", "clojure.core/if", {"kind": "special-form", "implementation": "special_form"}),
        ("python", "len", {"kind": "function", "arity": 1, "section": "library/functions", "since": "3.0"}),
        ("python", "KeyError", {"kind": "exception"}),
        ("python", "str.upper", {"kind": "method"}),
    ],
)
def test_a_row(language: str, name: str, wanted: dict[str, object]) -> None:
    row = rows(language, "--filter", name)[name]
    assert {key: row[key] for key in wanted} == wanted


def test_every_built_in_of_javascript_says_where_it_is_described_and_since_when() -> None:
    found = built_ins("javascript")
    names = {row.name for row in found}
    host = {"print", "console", "console.log"}
    for row in found:
        if row.name in host:
            assert (row.section, row.since) == ("host", "host")
            continue
        assert re.fullmatch(r"(Temporal )?([1-9]\d*|B)(\.\d+)*|sec-\S+", row.section), row
        assert re.fullmatch(r"ES([135]|20(1[5-9]|2[0-5]))|proposal-[a-z-]+\d*", row.since), row
        assert row.kind == "constant" or (row.arity is None) == (row.kind == "object"), row
    table = Path(inventory.__file__).with_name("properties.tsv").read_text("utf-8").splitlines()[1:]
    listed = [line.split("\t")[0] for line in table]
    assert set(listed) <= names
    assert len(listed) == len(set(listed))


def test_a_built_in_is_no_older_than_what_holds_it() -> None:
    editions = {row.name: row.since for row in built_ins("javascript")}
    for name, since in editions.items():
        holder = name.rpartition("[" if name.endswith("]") else ".")[0]
        if since.startswith("ES") and editions.get(holder, "").startswith("ES"):
            assert int(since[2:]) >= int(editions[holder][2:]), name


def test_a_docstring_that_names_a_built_in_cites_its_clause() -> None:
    intrinsics = Path(inventory.__file__).parent / "runtime" / "intrinsics"
    sections: dict[str, str] = {row.name: row.section for row in built_ins("javascript")}
    cited = re.compile(
        r'"""(?:Temporal )?((?:B\.)?\d+(?:\.\d+)+) (?:get )?([A-Z]\w+(?:\.\w+)+)\.?(?:"""|,|\n)'
    )
    found = [
        (name, clause, sections[name].removeprefix("Temporal "))
        for path in intrinsics.rglob("*.py")
        for clause, name in cited.findall(path.read_text("utf-8"))
        if name in sections
    ]
    assert len(found) > 400
    assert [row for row in found if row[1] != row[2]] == []


def test_versions_of_lua_differ() -> None:
    old, new = rows("lua5.1"), rows("lua5.4")
    assert {"setfenv", "unpack", "math.pow"} <= old.keys() - new.keys()
    assert {"utf8.char", "table.move", "warn"} <= new.keys() - old.keys()


def test_what_is_missing_is_said() -> None:
    missing = rows("clojure", "--missing")
    assert missing
    assert {row["status"] for row in missing.values()} == {"missing"}
    public = {name for name in vars(builtins) if not name.startswith("_")}
    assert public <= rows("python").keys()


def test_a_table_and_an_unknown_language() -> None:
    done = subprocess.run(
        [*LOCKSTEP, "js", "--filter", "Math.m*"], capture_output=True, text=True, check=True
    )
    assert re.search(r"^Math\.max +function +2 +21\.3\.2\.25 +ES1 +done$", done.stdout, re.MULTILINE)
    assert done.stdout.rstrip().endswith("built-ins: 2 done")
    done = subprocess.run([*LOCKSTEP, "cobol"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "unknown language 'cobol'" in done.stderr
