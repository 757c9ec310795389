"""The suites: those that need code, one module each; those of lockstep.toml; those of installed packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from lockstep.harness.model import MissingError, Suite, UnknownNameError
from lockstep.harness.project.file import NAME, Project
from lockstep.harness.project.installed import installed, load_installed
from lockstep.harness.project.tables import SuiteTable
from lockstep.harness.suites.clojure import ClojureTestSuite, Sci
from lockstep.harness.suites.fixtures import Fixtures, PythonParity
from lockstep.harness.suites.javascript_packages import JavaScriptPackages
from lockstep.harness.suites.lua import LuaSuite
from lockstep.harness.suites.own.choice import Choice
from lockstep.harness.suites.own.suite import OwnSuite
from lockstep.harness.suites.redis import RedisSuite
from lockstep.harness.suites.test262 import Test262
from lockstep.harness.suites.typescript import TypeScript

SUITES: Mapping[str, Callable[[], Suite]] = {
    "fixtures": Fixtures,
    "python-parity": PythonParity,
    "test262": Test262,
    "lua": LuaSuite,
    "redis": RedisSuite,
    "clojure-test-suite": ClojureTestSuite,
    "sci": Sci,
    "typescript": TypeScript,
    "javascript-packages": JavaScriptPackages,
}

# Keys of a suite that is a folder of programs; those of a choice come from the suite that it chooses from.
_NOT_OF_A_CHOICE = (
    "files",
    "language",
    "expect",
    "marker",
    "oracle",
    "checker",
    "includes",
    "roots",
    "modes",
    "arguments",
    "frontmatter",
)
_NOTHING_SAID = SuiteTable()


def suite_names(project: Project) -> list[str]:
    """Every suite that has a name here: the project's, ours, those of installed packages."""
    return list(dict.fromkeys([*project.table.suites, *SUITES, *installed("suites")]))


def bundled_suites() -> tuple[str, ...]:
    """The suites that ship inside Lockstep and run where nobody names one."""
    return tuple(name for name, make in SUITES.items() if getattr(make, "bundled", False))


def default_suites(project: Project) -> tuple[str, ...]:
    """What runs where nobody names a suite: what the project says, else its own suites, else what ships inside Lockstep."""
    return project.table.lockstep.default or tuple(project.table.suites) or bundled_suites()


def open_suite(name: str, project: Project | None = None) -> Suite:
    """The suite called `name`: one of the project's, else of ours, else of an installed package.

    Raises:
        MissingError: there is no such suite; the message has the names that may have been meant.
    """
    project = project or Project()
    table = project.table.suites.get(name)
    if table is not None:
        return _of_table(name, table, project)
    if name in SUITES:
        return SUITES[name]()
    if name in installed("suites"):
        return _of_package(name, *load_installed("suites", name), project)
    names = suite_names(project)
    near = get_close_matches(name, names, 2, 0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UnknownNameError(f"unknown suite '{name}'{hint} (known: {', '.join(names)})")


def _of_table(name: str, table: SuiteTable, project: Project) -> Suite:
    """A suite of the project file: a folder of programs, or a choice of the cases of another suite."""
    if not table.of:
        lacking = [key for key in ("files", "language") if not getattr(table, key)]
        if lacking:
            raise MissingError(
                f"suite {name}: [suites.{name}] has no `{lacking[0]}` (nor `of`, for a choice from a suite)"
            )
        return OwnSuite(name, table, project)
    idle = [key for key in _NOT_OF_A_CHOICE if getattr(table, key) != getattr(_NOTHING_SAID, key)]
    if idle:
        raise MissingError(f"suite {name}: `{idle[0]}` in [suites.{name}] means nothing beside `of`")
    if table.of == name and name not in SUITES and name not in installed("suites"):
        others = [one for one in suite_names(project) if one != name]
        raise MissingError(
            f"suite {name}: `of` names this suite itself, and it chooses from another; there are: {', '.join(others)}"
        )
    other = project.table.suites.get(table.of) if table.of != name else None
    if other is not None and other.of:
        raise MissingError(f"suite {name}: `of` names {table.of}, which is a choice itself")
    return Choice(name, table, open_suite(table.of, project if other is not None else None))


def _of_package(name: str, value: Any, folder: Any, project: Project) -> Suite:
    """A suite as an entry point has it: an object with the methods of `Suite`, or a table as in lockstep.toml."""
    if not isinstance(value, Mapping):
        if all(hasattr(value, part) for part in ("cases", "task", "languages")):
            suite: Suite = value
            return suite
        raise MissingError(f"suite {name} of an installed package is neither a suite nor a table: {value!r}")
    try:
        table = msgspec.convert(value, SuiteTable)
    except msgspec.ValidationError as error:
        raise MissingError(f"suite {name} of an installed package: {error}") from error
    return _of_table(name, table, Project(folder / NAME, project.table))
