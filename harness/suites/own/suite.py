"""A suite that a table of lockstep.toml describes: `[suites.NAME]`."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from lockstep.harness.expectation import Expectation
from lockstep.harness.languages.descriptor import Language, language_name
from lockstep.harness.model import Case, CaseError, Expected, MissingError, Task
from lockstep.harness.project.file import Project
from lockstep.harness.project.tables import SuiteTable
from lockstep.harness.suites.file_index import indexed
from lockstep.harness.suites.own.expectations import Way
from lockstep.harness.suites.own.globs import NO_TESTS, files_below
from lockstep.harness.suites.own.header import HEADER_FORM, Header, header_reader
from lockstep.harness.suites.own.limits import limited
from lockstep.harness.suites.own.rules import Rules, words
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

DEFAULT_LIMITS = Limits(seconds=60.0)


# Of files that say nothing of themselves, as most do not.
_NO_HEADER = Header()


class OwnSuite:
    """A folder of programs, and what each must do.

    Attributes:
        name: as the project file has it.
        table: what that says.
    """

    def __init__(self, name: str, table: SuiteTable, project: Project) -> None:
        self.name = name
        self.table = table
        self.revision = table.revision
        self._project = project
        self._lock = threading.Lock()
        self._notes: dict[str, None] = {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the table, by their own names.

        Raises:
            MissingError: one is unknown.
        """
        try:
            return tuple(language_name(name, self._project.languages) for name in words(self.table.language))
        except MissingError as error:
            raise MissingError(
                f"suite {self.name}: {error}; others go into [languages.NAME] of lockstep.toml"
            ) from error

    @property
    def notes(self) -> tuple[str, ...]:
        """What the cases that were prepared so far have to say, though it decides nothing."""
        return tuple(self._notes)

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders of its files, with what stands beside them, its includes and roots, and what a checker may import."""
        folders = {self._folder / name for name in {relative.rpartition("/")[0] for relative in self._tests}}
        # A folder below another one is part of it, unless it lies in one that is passed by.
        tops = [
            one
            for one in folders
            if not any(
                parent in folders and NO_TESTS.isdisjoint(one.relative_to(parent).parts)
                for parent in one.parents
            )
        ]
        includes = {
            *self.table.includes,
            *(name for header in self._tests.values() for name in header.includes),
        }
        named = {self._folder / name for name in (*includes, *self.table.roots)}
        return tuple(sorted({*tops, *filter(Path.exists, named), *self._modules()}))

    def _modules(self) -> Iterator[Path]:
        """The modules and packages beside the project file, where there is a checker, which may import them."""
        if self.table.checker:
            yield from self._folder.glob("*.py")
            yield from (path.parent for path in self._folder.glob("*/__init__.py"))
            own = self._folder / self.table.checker.partition(":")[0].partition(".")[0]
            if own.is_dir():
                yield own

    def cases(self) -> list[Case]:
        """Every file, once for each language, with what its header and the rules say.

        Raises:
            MissingError: no file matches, or what every case needs is not there.
        """
        for way in self._ways.values():
            way.prepare()
        for name in (*self.table.includes, *self.table.roots):
            if not (self._folder / name).exists():
                raise MissingError(f"suite {self.name}: {name} is not there ({self._folder / name})")
        return [
            self._case(self._id(relative, language), language, relative, header)
            for relative, header in self._tests.items()
            for language in self.languages
        ]

    def source_path(self, case: Case) -> Path | None:
        """The file of the case; of a point of it, too."""
        name = case.id
        found = self._test(name)
        while found is None and "#" in name:
            name = name.rpartition("#")[0]
            found = self._test(name)
        return None if found is None else self._folder / found[1]

    def task(self, case: Case, mode: str) -> Task:
        """The program with what runs before it, and what it must do.

        Raises:
            CaseError: its header is broken, or nobody says what it must do.
        """
        test = self._test(case.id)
        assert test is not None
        language, relative, header = test
        if header.problem:
            raise CaseError(f"{relative}: {header.problem}")
        path = self._folder / relative
        program = Program(
            source=_text(path),
            name=relative,
            mode=mode,
            includes=tuple(self._include(name, path) for name in (*self.table.includes, *header.includes)),
            path=str(path),
            roots=tuple(str(self._folder / root) for root in self.table.roots),
            arguments=self.table.arguments if header.arguments is None else header.arguments,
        )
        limits = limited(limited(DEFAULT_LIMITS, self.table.limits), header.limits)
        if header.negative is not None:
            return Task(program, _must_throw(header.negative), limits)
        demand = self._ways[language].demand(path, relative, program, limits)
        if demand.note:
            with self._lock:
                self._notes[demand.note] = None
        return Task(demand.program, demand.expectation, demand.limits)

    def broken_headers(self) -> list[str]:
        """What is wrong with the headers of files, each with its file."""
        return [f"{name}: {header.problem}" for name, header in self._tests.items() if header.problem]

    @property
    def _folder(self) -> Path:
        return self._project.folder

    @cached_property
    def _ways(self) -> Mapping[str, Way]:
        return {
            language: Way(self.name, self.table, self._project, language, self._descriptor(language))
            for language in self.languages
        }

    def _descriptor(self, language: str) -> Language:
        return self._project.languages[language]

    @cached_property
    def _tests(self) -> dict[str, Header]:
        """The files by their paths relative to the project's folder, with what each says of itself."""
        patterns = words(self.table.files)
        exclude = (*words(self.table.exclude), *self.table.includes)
        found = files_below(self._folder, patterns, exclude)
        if not found:
            raise MissingError(
                f"suite {self.name}: no file matches {', '.join(patterns)} in {self._folder} (docs/suites.md: files)"
            )
        headers = self._headers(found)
        return {relative: headers.get(relative, _NO_HEADER) for relative in found}

    def _id(self, relative: str, language: str) -> str:
        """A file that several languages run is a case under each."""
        return relative if len(self.languages) == 1 else f"{relative}@{language}"

    def _test(self, name: str) -> tuple[str, str, Header] | None:
        """The language, the file and the header of the case with this id; None if there is none."""
        language = self.languages[0]
        if len(self.languages) > 1:
            name, _, language = name.rpartition("@")
        header = self._tests.get(name)
        return None if header is None or language not in self.languages else (language, name, header)

    def _headers(self, found: list[str]) -> Mapping[str, Header]:
        if not self.table.frontmatter:
            return {}
        comment = self._descriptor(self.languages[0]).comment
        digest = hashlib.sha256(f"{HEADER_FORM} {comment}".encode()).hexdigest()[:8]
        return indexed(
            f"own-{digest}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}",
            self._folder,
            found,
            Header,
            header_reader(comment),
            unreadable=lambda error: Header(problem=f"it cannot be read: {error.strerror}"),
        )

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.table.rules)

    def _case(self, name: str, language: str, relative: str, header: Header) -> Case:
        ruled = self._rules.of(relative)
        suffix = os.path.splitext(relative)[1]  # noqa: PTH122  # half the time of pathlib
        by_suffix = self._descriptor(language).modes.get(suffix)
        modes = header.modes or ruled.modes or ((by_suffix,) if by_suffix else self.table.modes)
        features = tuple(dict.fromkeys((*header.features, *ruled.features)))
        return Case(self.name, name, language, modes, features, header.skip or ruled.skip)

    def _include(self, name: str, program: Path) -> tuple[str, str]:
        """A file that runs first: one of the project's, else one beside the program."""
        for folder in (self._folder, program.parent):
            path = folder / name
            if path.is_file():
                return name, _text(path)
        raise CaseError(f"its include {name} is neither in {self._folder} nor beside it")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _must_throw(negative: tuple[str, str]) -> Expected:
    phase, error = negative
    return Expectation(ends="threw", phase=phase or None, error=error or None)
