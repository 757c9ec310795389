"""Clojure's suites: the portable one (a file per var) and SCI's (a case per deftest)."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from lockstep.harness.model import Case, Task
from lockstep.harness.suites.clojure_tally import Tally
from lockstep.harness.suites.sources import SOURCES, locate
from lockstep.launch import PACKAGE
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

_LIMITS = Limits(steps=50_000_000, seconds=60.0)
_TALLY = (
    '(println (str "lockstep:tally tests=" (:test counts 0) " pass=" (:pass counts 0)'
    ' " fail=" (:fail counts 0) " error=" (:error counts 0)))'
)
_SHIMS = PACKAGE / "sci-tests" / "shims"
# Namespaces that are libraries of the tests.
_SCI_LIBRARIES = ("test_utils", "copy_var_inlined_clash_ns", "copy_ns_test_ns", "test_runner")
_DEFTEST = re.compile(r"^\(deftest\s+(?:\^\S+\s+)*([^\s()]+)", re.MULTILINE)


def namespace_of(path: Path, root: Path) -> str:
    """The namespace that a source file below `root` defines."""
    return ".".join(path.relative_to(root).with_suffix("").parts).replace("_", "-")


class ClojureTestSuite:
    """The portable suite: each file tests one var."""

    name = "clojure-test-suite"
    sources = ("clojure-test-suite",)
    languages = ("clojure",)
    revision = SOURCES["clojure-test-suite"].revision

    @cached_property
    def _root(self) -> Path:
        return locate("clojure-test-suite") / "test"

    def cases(self) -> list[Case]:
        """Every test file."""
        paths = sorted(self._root.glob("clojure/*_test/**/*.cljc"))
        return [
            Case(self.name, relative, "clojure", features=(relative.split("/")[0],))
            for path in paths
            if "portability" not in path.stem and _DEFTEST_ANYWHERE.search(path.read_text("utf-8"))
            for relative in (path.relative_to(self._root / "clojure").as_posix(),)
        ]

    def source_path(self, case: Case) -> Path:
        """The test's file."""
        return self._root / "clojure" / case.id

    def task(self, case: Case, mode: str) -> Task:
        """Load the namespace, run its tests, print their tally."""
        del mode  # there is one
        namespace = namespace_of(self.source_path(case), self._root)
        source = (
            f"(require 'clojure.test)\n(require '{namespace})\n"
            f"(let [counts (clojure.test/run-tests '{namespace})]\n  {_TALLY})\n"
        )
        program = Program(source, f"run-{case.id}", roots=(str(self._root), str(_SHIMS)))
        return Task(program, Tally(), _LIMITS)


# Some files wrap their deftest in `when-var-exists`; those without any are libraries.
_DEFTEST_ANYWHERE = re.compile(r"\((?:\S+/)?deftest\s")


class Sci:
    """The tests of the Small Clojure Interpreter."""

    name = "sci"
    sources = ("sci",)
    languages = ("clojure",)
    revision = SOURCES["sci"].revision

    @cached_property
    def _root(self) -> Path:
        return locate("sci") / "test"

    def cases(self) -> list[Case]:
        """Every deftest of the .clj and .cljc files."""
        cases: list[Case] = []
        for path in sorted(self._root.rglob("*.clj*")):
            if path.suffix not in {".clj", ".cljc"} or any(
                part in path.as_posix() for part in _SCI_LIBRARIES
            ):
                continue
            relative = path.relative_to(self._root).as_posix()
            names = dict.fromkeys(_DEFTEST.findall(path.read_text("utf-8")))
            cases.extend(
                Case(self.name, f"{relative}/{name}", "clojure", features=(path.stem.removesuffix("_test"),))
                for name in names
            )
        return cases

    def source_path(self, case: Case) -> Path:
        """The file that holds the deftest."""
        return self._root / case.folder

    def task(self, case: Case, mode: str) -> Task:
        """Load the namespace, run one test of it, print the tally."""
        del mode  # there is one
        namespace = namespace_of(self.source_path(case), self._root)
        name = case.id.rpartition("/")[2]
        source = (
            f"(require 'clojure.test)\n(require '{namespace})\n"
            "(binding [clojure.test/*report-counters* (ref clojure.test/*initial-report-counters*)]\n"
            f"  (clojure.test/test-vars [(resolve '{namespace}/{name})])\n"
            f"  (let [counts @clojure.test/*report-counters*]\n  {_TALLY}))\n"
        )
        program = Program(source, f"run-{case.id}", roots=(str(self._root), str(_SHIMS)))
        return Task(program, Tally(), _LIMITS)


_NAMESPACES = {"core_test": "clojure.core", "string_test": "clojure.string", "edn_test": "clojure.edn"}
_WHEN_VAR_EXISTS = re.compile(r"\(when-var-exists\s+([^\s()\[\]]+)")


def vars_tested(path: Path) -> list[tuple[str, str]]:
    """The vars (namespace, name) that a file of the portable suite tests."""
    namespace = _NAMESPACES.get(path.parent.name, "clojure.core")
    found = []
    for symbol in dict.fromkeys(_WHEN_VAR_EXISTS.findall(path.read_text("utf-8"))):
        prefix, slash, name = symbol.partition("/")
        found.append((namespace, name if slash and prefix and name else symbol))
    return found
