"""What is in a repository: programs that may be engines, folders of tests, what builds it, engines that others have described."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from lockstep.harness.languages.descriptor import Language, shipped_languages
from lockstep.harness.languages.profile import PLAIN, find_profile, profile_for
from lockstep.harness.project.discovery import FoundEngine, found_engines

_FILE = Path(__file__).with_name("guesses.toml")
# No look at more files than this: a repository may hold anything.
_MOST_FILES = 20_000
_MOST_PROGRAMS = 3
_MOST_SUITES = 4
_LOOKED_AT = 20
_HEAD_BYTES = 4096


class Guesses(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The content of guesses.toml."""

    binaries: tuple[str, ...]
    no_programs: tuple[str, ...]
    tests: tuple[str, ...]
    no_tests: tuple[str, ...]
    build: dict[str, str]
    languages: dict[str, Language]


@dataclass(frozen=True)
class Candidate:
    """A program that may be the engine under test.

    Attributes:
        name: for tables.
        command: as a shell reads it, relative to the repository.
        profile: the one that is made for it; `plain` if none is.
        built: whether it is there.
    """

    name: str
    command: str
    profile: str
    built: bool


@dataclass(frozen=True)
class TestFolder:
    """A folder of programs in one language.

    Attributes:
        folder: relative to the repository.
        ending: of the programs.
        language: its name.
        number: how many there are.
        expect: how they seem to say what they must do.
        shows: what that was told from; "" if from nothing.
    """

    folder: str
    ending: str
    language: str
    number: int
    expect: str
    shows: str = ""


class Findings:
    """What is in the folder `root`, for a user whose home is `home`."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self._home = home
        self._guesses = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), Guesses)

    @cached_property
    def build(self) -> str:
        """The command that builds what is here; "" if nothing tells."""
        return next(
            (command for file, command in self._guesses.build.items() if (self.root / file).is_file()), ""
        )

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Programs that may be engines: those that build files name first, then what was built."""
        found: dict[str, Candidate] = {}
        for candidate in (*self._declared(), *self._built()):
            found.setdefault(candidate.name, candidate)
        return list(found.values())[:_MOST_PROGRAMS]

    @cached_property
    def engines(self) -> list[FoundEngine]:
        """What eshost, jsvu and esvu know."""
        return found_engines(self.root, self._home)

    @cached_property
    def languages(self) -> Mapping[str, Language]:
        """Languages of the tests that Lockstep has no descriptor of."""
        return {
            name: language
            for name, language in self._guesses.languages.items()
            if any(one.language == name for one in self.tests)
        }

    @cached_property
    def tests(self) -> list[TestFolder]:
        """Folders of programs, by language, the fullest first."""
        found = [
            one
            for name in self._guesses.tests
            if (self.root / name).is_dir()
            for one in self._test_folder(name)
        ]
        wanted = {profile.language for profile in map(find_profile, (one.profile for one in self.candidates))}
        # Programs in the language of the engine come before the repository's own tests of itself.
        found.sort(key=lambda one: (one.language not in wanted, -one.number))
        return found[:_MOST_SUITES]

    def language_of(self, candidate: Candidate) -> str:
        """What a candidate speaks: by its profile, else what most tests are written in; "" if nothing tells."""
        spoken = find_profile(candidate.profile).language
        if spoken or not self.tests:
            return spoken
        return self.tests[0].language

    def _declared(self) -> Iterator[Candidate]:
        """Programs that the files of build systems name."""
        cargo = _toml(self.root / "Cargo.toml")
        names = [str(one.get("name", "")) for one in cargo.get("bin", []) if isinstance(one, dict)]
        package = cargo.get("package", {})
        if (self.root / "src" / "main.rs").is_file() and isinstance(package, dict):
            names.append(str(package.get("name", "")))
        for name in filter(None, names):
            yield self._candidate(f"target/release/{name}")
        cmake = self.root / "CMakeLists.txt"
        if cmake.is_file():
            for match in re.finditer(r"^\s*add_executable\s*\(\s*([\w.-]+)", _read(cmake), re.MULTILINE):
                if not re.search(r"test|bench|example", match[1], re.IGNORECASE):
                    yield self._candidate(f"build/{match[1]}")
        yield from self._of_package()

    def _of_package(self) -> Iterator[Candidate]:
        try:
            package = json.loads(_read(self.root / "package.json") or "{}")
        except ValueError:
            return
        programs = package.get("bin", {}) if isinstance(package, dict) else {}
        if isinstance(programs, str):
            programs = {str(package.get("name", "engine")): programs}
        for name, path in programs.items() if isinstance(programs, dict) else ():
            there = (self.root / str(path)).is_file()
            words = shlex.quote(str(path).removeprefix("./"))
            yield Candidate(_plain_name(str(name)), f"node {words} {{file}}", PLAIN, there)

    def _built(self) -> Iterator[Candidate]:
        for folder in self._guesses.binaries:
            place = self.root / folder
            for path in sorted(place.iterdir()) if place.is_dir() else ():
                if self._is_program(path):
                    yield self._candidate(path.relative_to(self.root).as_posix())
        # At the top stand scripts of all kinds: only what is called like an engine counts there.
        for path in sorted(self.root.iterdir()):
            if self._is_program(path) and profile_for(path.name) != PLAIN:
                yield self._candidate(path.name)

    def _is_program(self, path: Path) -> bool:
        return (
            path.is_file()
            and os.access(path, os.X_OK)
            and path.suffix not in self._guesses.no_programs
            and not re.search(r"test|bench", path.stem, re.IGNORECASE)
        )

    def _candidate(self, path: str) -> Candidate:
        name = _plain_name(Path(path).name)
        command = f"./{shlex.quote(path)} {{file}}"
        return Candidate(name, command, profile_for(name), (self.root / path).is_file())

    def _test_folder(self, folder: str) -> Iterator[TestFolder]:
        endings = {
            ending: name
            for languages in (self._guesses.languages, shipped_languages())
            for name, language in languages.items()
            for ending in language.extensions
        }
        # A name without a version is the one of today's.
        endings |= {".py": "python", ".lua": "lua5.4", ".js": "javascript"}
        files = list(self._files(folder))
        counts = Counter(endings[path.suffix] for path in files if path.suffix in endings)
        for language, number in counts.items():
            own = [path for path in files if endings.get(path.suffix) == language]
            ending = Counter(path.suffix for path in own).most_common(1)[0][0]
            expect, shows = _expectation(own, language, files, self._descriptor(language).comment)
            yield TestFolder(folder, ending, language, number, expect, shows)

    def _descriptor(self, language: str) -> Language:
        return shipped_languages().get(language) or self._guesses.languages[language]

    def _files(self, folder: str) -> Iterator[Path]:
        number = 0
        for base, folders, names in os.walk(self.root / folder):
            folders[:] = [name for name in folders if name not in self._guesses.no_tests]
            for name in names:
                number += 1
                if number > _MOST_FILES:
                    return
                yield Path(base, name)


def _expectation(programs: list[Path], language: str, files: list[Path], comment: str) -> tuple[str, str]:
    """How programs seem to say what they must do, and what that was told from."""
    there = set(map(str, files))
    for ending in (".out", ".expected"):
        if any(str(path.with_suffix(ending)) in there or f"{path}{ending}" in there for path in programs):
            return "output", f"files *{ending} stand beside them"
    from lockstep.harness.suites.comments import signs_of  # noqa: PLC0415  # suites know projects too

    signs = signs_of(comment) if comment else None
    for path in programs[:_LOOKED_AT]:
        text = _read(path)
        if signs is not None and (f"{signs.printed} " in text or f"{signs.error} " in text):
            return "comments", f"{path.name} has comments that begin with {signs.printed} or {signs.error}"
        if re.search(r"[\"'](?:TAP version 1\d|1\.\.\d+|(?:not )?ok \d)", text):
            return "tap", f"{path.name} prints TAP"
    del language
    return "completes", ""


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}


def _read(path: Path) -> str:
    """The head of a file; "" of one that is not there."""
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES * 16).decode("utf-8", "replace")
    except OSError:
        return ""


def _plain_name(name: str) -> str:
    """A name that a table of TOML and the command line take without quotes."""
    stem = name.rpartition("/")[2].removesuffix(".exe")
    return (
        "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in stem).strip("-")
        or "engine"
    )
