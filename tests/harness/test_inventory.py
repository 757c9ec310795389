"""`lockstep inventory`: what our interpreters offer, as rows of data."""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys
from typing import Any

import pytest

LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli", "inventory"]


def rows(*words: str) -> dict[str, dict[str, Any]]:
    done = subprocess.run([*LOCKSTEP, *words, "--json"], capture_output=True, text=True, check=True)
    return {row["name"]: row for row in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("language", "name", "wanted"),
    [
        ("javascript", "Array.prototype.at", {"kind": "function", "arity": 1, "section": "23.1.3.1"}),
        ("javascript", "Map", {"kind": "constructor", "arity": 0, "section": "24.1.1.1"}),
        ("javascript", "Math", {"kind": "object"}),
        ("javascript", "Symbol.prototype.description", {"kind": "getter"}),
        ("lua5.4", "string.byte", {"kind": "function", "arity": 3, "section": "6.4"}),
        ("lua5.4", "utf8.len", {"kind": "function", "section": "6.5"}),
        ("lua5.1", "table.getn", {"kind": "function", "section": "5.5"}),
        ("clojure", "clojure.core/map", {"kind": "function"}),
        ("clojure", "clojure.core/if", {"kind": "special-form", "implementation": "special_form"}),
        ("python", "len", {"kind": "function", "arity": 1, "section": "library/functions"}),
        ("python", "KeyError", {"kind": "exception"}),
        ("python", "str.upper", {"kind": "method"}),
    ],
)
def test_a_row(language: str, name: str, wanted: dict[str, object]) -> None:
    row = rows(language, "--filter", name)[name]
    assert {key: row[key] for key in wanted} == wanted


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
    assert re.search(r"^Math\.max +function +2 +21\.3\.2\.25 +done$", done.stdout, re.MULTILINE)
    assert done.stdout.rstrip().endswith("built-ins: 2 done")
    done = subprocess.run([*LOCKSTEP, "cobol"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "unknown language 'cobol'" in done.stderr
