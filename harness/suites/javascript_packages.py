"""Packages that people use, each with a program that tries what it does: the right values were recorded from node.

Every program prints points of TAP, so a package counts as many points as it has. The packages are installed by npm, at the versions that
`fixtures/javascript-packages/package-lock.json` pins; the programs run as `lockstep exec javascript` runs them, with the host.
"""

from __future__ import annotations

from pathlib import Path

from lockstep.harness.model import Case, Task
from lockstep.harness.suites.own.tap import Tap
from lockstep.harness.suites.sources import PACKAGES, SOURCES, locate
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

_LIMITS = Limits(seconds=120.0)


class JavaScriptPackages:
    """One program a package, in folders by what the packages are for."""

    name = "javascript-packages"
    sources = ("javascript-packages",)
    languages = ("javascript",)
    revision = SOURCES["javascript-packages"].revision
    # What it states was recorded from node.
    oracles = ("node",)

    def cases(self) -> list[Case]:
        """Every program, by its folder and name.

        Raises:
            MissingError: the packages are not installed.
        """
        locate(self.name)
        paths = sorted(path.relative_to(PACKAGES).as_posix() for path in PACKAGES.glob("*/*.js"))
        return [
            Case(self.name, path, "javascript", ("program",), (path.partition("/")[0],)) for path in paths
        ]

    def source_path(self, case: Case) -> Path:
        """The program's file; of a point of it, too."""
        return PACKAGES / case.id.partition("#")[0]

    def task(self, case: Case, mode: str) -> Task:
        """The program, which finds the packages as its libraries."""
        path = self.source_path(case)
        roots = (str(locate(self.name) / "node_modules"), str(PACKAGES))
        program = Program(path.read_text("utf-8"), path.name, mode, path=str(path), roots=roots)
        return Task(program, Tap(), _LIMITS)
