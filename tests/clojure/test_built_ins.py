"""What is known of the vars: where each is described, since when, and that a program reaches the same set."""

from __future__ import annotations

import csv
import re

import pytest

from lockstep.reference.clojure.analysis.special_forms import SPECIAL_FORMS
from lockstep.reference.clojure.inventory import DESCRIBED
from lockstep.reference.clojure.runtime.loading import LIBRARY
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.languages import built_ins, create_engine

# What no text describes: what macros of clojure.core expand to, and the insides of SCI that its own tests call.
_UNDESCRIBED = re.compile(
    r"clojure\.core/(case|deftype|fn|import|let|letfn|loop|reify)\*|clojure\.repl/print-doc|sci\.impl\..+"
)
_NAMESPACES = sorted(path.stem.replace("_", "-") for path in LIBRARY.glob("*.clj"))
_WALK = f"""
(doseq [n '[{" ".join(_NAMESPACES)}]]
  (when-not (= n 'clojure.core) (require n))
  (doseq [[name _] (ns-publics n)] (println (str n "/" name))))
"""
_LISTED_SPECIAL = {"catch", "finally", "&"}


@pytest.fixture(scope="module")
def rows() -> list[BuiltIn]:
    return run_deep(lambda: built_ins("clojure"))


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_the_rows_are_what_a_program_reaches(backend: str, rows: list[BuiltIn]) -> None:
    output = Output()
    engine = create_engine(f"clojure:{backend}")
    completion = run_deep(lambda: engine.run(Program(_WALK, "walk.clj"), Budget(), output))
    assert completion.error is None
    reached = set(output.text().split())
    special = {f"clojure.core/{name}" for name in {*SPECIAL_FORMS, *_LISTED_SPECIAL}}
    assert {row.name for row in rows if row.implementation != "none"} == reached | special


def test_every_row_says_where_it_is_described_and_since_when(rows: list[BuiltIn]) -> None:
    for row in rows:
        assert re.fullmatch(r"1\.(\d|1[0-2])|sci|edamame|host", row.since), row
        assert (row.arity is None) <= (row.kind not in ("function", "macro")), row
        assert (row.section == "-") == (_UNDESCRIBED.fullmatch(row.name) is not None), row
        assert re.fullmatch(r"-|host|special_forms|clojure\.[a-z.]+|(sci|edamame)/\w+", row.section), row


def test_the_table_names_nothing_else(rows: list[BuiltIn]) -> None:
    with DESCRIBED.open(encoding="utf-8") as stream:
        listed = [row["name"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert len(listed) == len(set(listed))
    names = {row.name for row in rows}
    assert {name for name in listed if "/" in name} <= names
    assert {name.partition("/")[0] for name in names} <= set(listed)
    assert {name for name in listed if "/" not in name} <= {name.partition("/")[0] for name in names} | set(
        _NAMESPACES
    )


@pytest.mark.parametrize(
    ("name", "arity", "section", "since"),
    [
        ("clojure.core/map", 4, "clojure.core", "1.0"),
        ("clojure.core/if", 3, "special_forms", "1.0"),
        ("clojure.core/update-vals", 2, "clojure.core", "1.11"),
        ("clojure.string/split", 3, "clojure.string", "1.2"),
        ("clojure.core/throw", 1, "special_forms", "1.0"),
        ("clojure.core/assoc", 3, "clojure.core", "1.0"),
    ],
)
def test_a_row(name: str, arity: int | None, section: str, since: str, rows: list[BuiltIn]) -> None:
    row = {row.name: row for row in rows}[name]
    assert (row.arity, row.section, row.since) == (arity, section, since)
