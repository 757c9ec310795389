"""The seven ways in which a suite of one's own says what a program must do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lockstep.harness.expectation import Expectation
from lockstep.harness.languages.descriptor import Language
from lockstep.harness.model import Expected, MissingError
from lockstep.harness.project.file import Project
from lockstep.harness.project.tables import SuiteTable
from lockstep.harness.suites.comments import read_expectations, signs_of
from lockstep.harness.suites.own.checker import Checked, Checker, load_checker
from lockstep.harness.suites.own.golden import golden_files, read_golden
from lockstep.harness.suites.own.oracle import Agreement, Oracle
from lockstep.harness.suites.own.tap import Tap
from lockstep.harness.wording import excerpt
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


@dataclass(frozen=True)
class Demand:
    """What is asked of one case: its program under its limits, and what it must do.

    Attributes:
        note: what the user should know of the case, though it decides nothing.
    """

    program: Program
    limits: Limits
    expectation: Expected
    note: str = ""


@dataclass(frozen=True)
class Way:
    """A suite's way to say what its programs must do.

    Attributes:
        suite: its name.
        table: what the project file says of it.
        project: the project file.
        language: of its programs.
        descriptor: what is known of that.
    """

    suite: str
    table: SuiteTable
    project: Project
    language: str
    descriptor: Language

    def prepare(self) -> None:
        """Find what every case needs.

        Raises:
            MissingError: the table leaves out what its `expect` needs, or that cannot be had.
        """
        needed = _NEEDED.get(self.table.expect)
        if needed and not getattr(self.table, needed):
            raise MissingError(
                f'suite {self.suite}: expect = "{self.table.expect}" needs `{needed}` in [suites.{self.suite}]'
            )
        for expect, key in _NEEDED.items():
            if expect != self.table.expect and getattr(self.table, key):
                raise MissingError(
                    f'suite {self.suite}: `{key}` in [suites.{self.suite}] means nothing without expect = "{expect}"'
                )
        if self.table.expect == "oracle":
            _ = self.oracle
        if self.table.expect == "checker":
            _ = self.checker

    @cached_property
    def oracle(self) -> Oracle:
        """The engine whose answers count."""
        return Oracle(self.table.oracle, self.project, self.language)

    @cached_property
    def checker(self) -> Checker:
        """The function that looks at outcomes."""
        return load_checker(self.table.checker, self.project.folder)

    def demand(self, path: Path, case: str, program: Program, limits: Limits) -> Demand:
        """What the case asks for.

        Raises:
            CaseError: what it must do cannot be read.
        """
        return _MAKERS[self.table.expect](self, path, case, program, limits)


def _comments(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    del path
    fixture = read_expectations(program.source, signs_of(way.descriptor.comment), case, limits)
    return Demand(replace(program, mode=fixture.mode or program.mode), fixture.limits, fixture.expectation)


def _output(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    return Demand(program, limits, read_golden(path, case, way.suite))


def _completes(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    del way, path, case
    return Demand(program, limits, Expectation())


def _marker(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    del path, case
    return Demand(program, limits, Expectation(marker=way.table.marker, last=True))


def _tap(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    del way, path, case
    return Demand(program, limits, Tap())


def _oracle(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    oracle = way.oracle
    answer = oracle.answer(program, limits)
    note = ""
    files = golden_files(path)
    if ".out" in files:
        found = read_golden(path, case, way.suite).check(answer)
        if found.reason:
            note = f"{case}: {oracle.name} is not as {files['.out'].name} says: {excerpt(found.reason)}"
    return Demand(program, limits, Agreement(oracle.name, answer), note)


def _checker(way: Way, path: Path, case: str, program: Program, limits: Limits) -> Demand:
    del case
    return Demand(program, limits, Checked(way.checker, way.table.checker, path))


_MAKERS: Mapping[str, Callable[[Way, Path, str, Program, Limits], Demand]] = {
    "comments": _comments,
    "output": _output,
    "completes": _completes,
    "marker": _marker,
    "tap": _tap,
    "oracle": _oracle,
    "checker": _checker,
}
# The key without which a way means nothing.
_NEEDED = {"marker": "marker", "oracle": "oracle", "checker": "checker"}
