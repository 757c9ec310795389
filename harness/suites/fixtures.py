"""Our own programs under fixtures/, and those of them that state CPython's parity matrix."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from lockstep.harness.languages.descriptor import shipped_languages
from lockstep.harness.model import Case, MissingError, Task
from lockstep.harness.suites.comments import read_expectations, signs_of
from lockstep.launch import PACKAGE
from lockstep.reference.host.engine import Program

ROOT = PACKAGE / "fixtures"
_SUFFIXES = {
    ".js": "javascript",
    ".ts": "javascript",
    ".mts": "javascript",
    ".py": "python",
    ".clj": "clojure",
    ".cljc": "clojure",
    ".lua": "lua",
}
_LUA_VERSIONS = ("5.1", "5.4")
_PARITY = "python/parity/"


def _languages(relative: str) -> tuple[str, ...]:
    """The languages that run a fixture; a Lua program outside a version's folder runs under each version."""
    language = _SUFFIXES[Path(relative).suffix]
    if language != "lua":
        return (language,)
    folder = relative.split("/")[1]
    versions = (folder,) if folder in _LUA_VERSIONS else _LUA_VERSIONS
    return tuple(f"lua{version}" for version in versions)


def _is_program(path: Path) -> bool:
    """Whether a file is a fixture: written in the language of its folder, and no library of others."""
    return _SUFFIXES.get(path.suffix) == path.parts[0] and "lib" not in path.parts


class _Programs:
    """Programs of a folder with their expectations in comments."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def paths(self) -> list[str]:
        if not self._root.is_dir():
            raise MissingError(f"the fixtures are missing: {self._root} is no folder")
        return sorted(
            path.relative_to(self._root).as_posix()
            for path in self._root.rglob("*")
            if _is_program(path.relative_to(self._root))
        )

    def cases(self, suite: str, paths: list[str]) -> list[Case]:
        cases = []
        for relative in paths:
            languages = _languages(relative)
            for language in languages:
                # A program that runs under several versions is a case under each.
                name = relative if len(languages) == 1 else f"{relative}@{language}"
                cases.append(Case(suite, name, language, features=(relative.split("/")[0],)))
        return cases

    def path(self, case: Case) -> Path:
        return self._root / case.id.partition("@")[0]

    def task(self, case: Case) -> Task:
        path = self.path(case)
        source = path.read_bytes().decode("utf-8", "surrogateescape")
        name = path.relative_to(self._root.parent).as_posix()
        comment = shipped_languages()[case.language].comment
        fixture = read_expectations(source, signs_of(comment), name)
        program = Program(source, path.name, fixture.mode, path=str(path), roots=(str(path.parent / "lib"),))
        return Task(program, fixture.expectation, fixture.limits)


class Fixtures:
    """What ships inside the project: small programs for every language."""

    name = "fixtures"
    languages = ("javascript", "python", "clojure", "lua5.1", "lua5.4")
    revision = ""
    bundled = True

    def __init__(self, root: Path = ROOT) -> None:
        self._programs = _Programs(root)

    def cases(self) -> list[Case]:
        """Every program but the parity matrix, once per language version it is for."""
        paths = [path for path in self._programs.paths if not path.startswith(_PARITY)]
        return self._programs.cases(self.name, paths)

    def source_path(self, case: Case) -> Path:
        """The program's file."""
        return self._programs.path(case)

    def task(self, case: Case, mode: str) -> Task:
        """The program, and what its comments say."""
        del mode  # there is one
        return self._programs.task(case)


class PythonParity:
    """The parity matrix of Python's object model; every entry is checked against CPython as well."""

    name = "python-parity"
    languages = ("python",)
    revision = "3.11"
    bundled = True
    # What an entry says of CPython is checked against CPython.
    oracles = ("cpython",)

    def __init__(self, root: Path = ROOT) -> None:
        self._programs = _Programs(root)

    def cases(self) -> list[Case]:
        """Every entry of the matrix."""
        paths = [path for path in self._programs.paths if path.startswith(_PARITY)]
        return [
            Case(self.name, path.removeprefix(_PARITY), "python", features=(_category(path),))
            for path in paths
        ]

    def source_path(self, case: Case) -> Path:
        """The entry's file."""
        return ROOT / _PARITY / case.id

    def task(self, case: Case, mode: str) -> Task:
        """The program, and what CPython prints."""
        del mode  # there is one
        return self._programs.task(Case(self.name, _PARITY + case.id, "python"))


_CATEGORIES = {
    "1": "callability",
    "2": "operators",
    "3": "comparison",
    "4": "attributes",
    "5": "construction and MRO",
}


def _category(path: str) -> str:
    return _CATEGORIES.get(Path(path).name.partition(".")[0], "other")
