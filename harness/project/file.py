"""Finds and reads `lockstep.toml`; what is wrong in it is told with its line, and the nearest key that is known."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

import msgspec

from lockstep.harness.gate import REASONS
from lockstep.harness.languages.descriptor import Language, shipped_languages
from lockstep.harness.languages.profile import HostProfile, ProfileError, profile_from
from lockstep.harness.model import MissingError
from lockstep.harness.project.installed import installed_engines, installed_languages
from lockstep.harness.project.tables import EngineTable, Expect, ProjectTable
from lockstep.harness.store.place import VARIABLE, StoreError, is_address, sqlite_path
from lockstep.reference.languages import ALIASES, wrong_mode

NAME = "lockstep.toml"


class ProjectError(MissingError):
    """The project file cannot be used; the message names the file, the line and what to write instead."""


@dataclass(frozen=True)
class Project:
    """What a project file says.

    Attributes:
        path: the file; None where there is none, and everything is as it comes.
        table: its content.
    """

    path: Path | None = None
    table: ProjectTable = field(default_factory=ProjectTable)

    @property
    def folder(self) -> Path:
        """What paths in it are relative to: its folder, or the working folder."""
        return self.path.parent if self.path is not None else Path.cwd()

    @property
    def languages(self) -> Mapping[str, Language]:
        """The languages that Lockstep brings, those of installed packages, and those of the file."""
        return {**shipped_languages(), **installed_languages(), **self.table.languages}

    @property
    def engines(self) -> Mapping[str, EngineTable]:
        """The engines of installed packages, and those of the file."""
        packages = {name: table for name, (table, _) in installed_engines().items()}
        return {**packages, **self.table.engines} if packages else self.table.engines

    def folder_of(self, engine: str) -> Path:
        """What paths in the command of `engine` are relative to."""
        if engine in self.table.engines:
            return self.folder
        return installed_engines()[engine][1]

    def variables(self) -> Iterator[tuple[str, str]]:
        """The `LOCKSTEP_*` variables that say what the file says of places; variables that are set already win."""
        if self.path is None:
            return
        own = self.table.lockstep
        if own.store:
            yield VARIABLE, own.store if is_address(own.store) else str(self.folder / own.store)
        for variable, place in (
            ("LOCKSTEP_STATUS", own.status),
            ("LOCKSTEP_HISTORY", own.history),
            ("LOCKSTEP_CACHE", own.cache),
            ("LOCKSTEP_SUITES", own.suites),
        ):
            if place:
                yield variable, str(self.folder / place)

    def hand_on(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Let every part of this process, and what it starts, see the places of the file."""
        for variable, place in self.variables():
            environment.setdefault(variable, place)


def find_project(config: Path | None = None, start: Path | None = None) -> Project:
    """The project file `config`, or the next one from the folder `start` upwards; an empty project where there is none.

    Raises:
        ProjectError: it cannot be read, or says something that it cannot say.
    """
    if config is not None:
        return read_project(config)
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / NAME).is_file():
            return read_project(candidate / NAME)
    return Project()


def read_project(path: Path) -> Project:
    """The project file at `path`.

    Raises:
        ProjectError: it cannot be read, or says something that it cannot say.
    """
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise ProjectError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(_toml_problem(path, error)) from error
    try:
        table = msgspec.convert(content, ProjectTable)
    except msgspec.ValidationError as error:
        raise ProjectError(_explained(path, text, content, str(error))) from error
    for name, engine in table.engines.items():
        if isinstance(engine.profile, dict):
            try:
                profile_from(engine.profile, name)
            except ProfileError as error:
                raise ProjectError(_profile_problem(path, text, name, error)) from error
    return Project(path.resolve(), table)


def checked(project: Project) -> Project:
    """The project, whose values mean something; `lockstep init --check` tells all that do not, a command the first.

    Raises:
        ProjectError: one does not.
    """
    if project.path is None:
        return project
    text = project.path.read_text("utf-8")
    wrong = next((word for word in project.table.gate.fail_on if word not in REASONS), None)
    if wrong is not None:
        near = get_close_matches(wrong, REASONS, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(REASONS)}"
        line = _line_of(text, ("gate", "fail-on"))
        raise ProjectError(f"{project.path}:{line}: in [gate.fail-on]: unknown reason `{wrong}`; {hint}")
    for name, said, keys in wrong_modes(project):
        raise ProjectError(
            f"{project.path}:{_line_of(text, keys)}: in [{'.'.join(keys)}]: suite {name}: {said}"
        )
    try:
        sqlite_path(project.table.lockstep.store)
    except StoreError as error:
        line = _line_of(text, ("lockstep", "store"))
        raise ProjectError(f"{project.path}:{line}: in [lockstep.store]: {error}") from error
    if project.table.lockstep.jobs < 0:
        line = _line_of(text, ("lockstep", "jobs"))
        raise ProjectError(
            f"{project.path}:{line}: in [lockstep.jobs]: a number of processes, or 0 for one a core"
        )
    return project


def wrong_modes(project: Project) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Modes that no program of a suite's language has: the suite, what is wrong, and the keys that lead there."""
    for name, table in project.table.suites.items():
        languages = (table.language,) if isinstance(table.language, str) else table.language
        said: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(("suites", name, "modes"), table.modes)]
        said += [(("suites", name, "rules", "modes"), rule.modes) for rule in table.rules]
        for keys, modes in said:
            for language in languages:
                wrong = (wrong_mode(ALIASES.get(language, language), mode) for mode in modes)
                yield from ((name, one, keys) for one in wrong if one)


def _profile_problem(path: Path, text: str, engine: str, error: ProfileError) -> str:
    """What is wrong with the profile of an engine, with its line and the nearest key."""
    keys = ("engines", engine, "profile")
    unknown = _UNKNOWN.search(str(error))
    inner = tuple(match[1] for match in _STEP.finditer(unknown[2] or "") if match[1]) if unknown else ()
    line = _line_of(text, (*keys, *((error.key,) if error.key else ())))
    if unknown is None:
        return f"{path}:{_line_with(text, line, error.text)}: {error}"
    known = _known_keys(inner, HostProfile)
    near = get_close_matches(unknown[1], known, 1, 0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    line = _line_with(text, line, unknown[1]) if inner else _line_of(text, (*keys, unknown[1]))
    return f"{path}:{line}: unknown key `{unknown[1]}`{_in((*keys, *inner))}; {hint}"


def _toml_problem(path: Path, error: tomllib.TOMLDecodeError) -> str:
    match = re.search(r"^(.*) \(at line (\d+), column \d+\)$", str(error))
    return f"{path}:{match[2]}: {match[1]}" if match else f"{path}: {error}"


_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$?(.*)`)?$")
_WRONG = re.compile(r"^(.*?) - at `\$?(.*)`$")
# A step of a path such as `.engines[...].command` or `.suites[...].rules[0]`.
_STEP = re.compile(r"\.([\w-]+)|\[(\.\.\.|\d+)\]")


def _explained(path: Path, text: str, content: Mapping[str, object], problem: str) -> str:
    """What the library says of a wrong value, with its line and the nearest key."""
    unknown = _UNKNOWN.search(problem)
    if unknown:
        name = unknown[1]
        keys = _path_of(content, unknown[2] or "", name)
        known = _known_keys(keys)
        near = get_close_matches(name, known, 1, 0.5)
        hint = f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(known)}" if known else ""
        return f"{path}:{_line_of(text, (*keys, name))}: unknown key `{name}`{_in(keys)}{hint}"
    wrong = _WRONG.search(problem)
    keys = _path_of(content, wrong[2] if wrong else "", None)
    forms = f"; known: {', '.join(get_args(Expect))}" if keys[-1:] == ("expect",) else ""
    said = _lowered(wrong[1] if wrong else problem)
    return f"{path}:{_line_of(text, keys)}: {_in(keys).strip() or 'the file'}: {said}{forms}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _in(keys: tuple[str, ...]) -> str:
    return f" in [{'.'.join(keys)}]" if keys else ""


def _path_of(content: object, path: str, key: str | None) -> tuple[str, ...]:
    """The keys that a library's path stands for; where it says `[...]`, the first entry that can be the one."""
    steps = [match[1] or match[2] for match in _STEP.finditer(path)]
    return next(_walks(content, steps, key), tuple(step for step in steps if step != "..."))


def _walks(content: object, steps: list[str], key: str | None) -> Iterator[tuple[str, ...]]:
    if not steps:
        if key is None or (isinstance(content, Mapping) and key in content):
            yield ()
        return
    step, *rest = steps
    if step == "..." and isinstance(content, Mapping):
        for name, entry in content.items():
            for found in _walks(entry, rest, key):
                if key is not None or not rest or _is_wrong(rest[0], entry):
                    yield (name, *found)
    elif step == "...":
        for entry in content if isinstance(content, list) else ():
            yield from _walks(entry, rest, key)
    elif step.isdigit() and isinstance(content, list):
        if int(step) < len(content):
            yield from _walks(content[int(step)], rest, key)
    elif isinstance(content, Mapping) and step in content:
        for found in _walks(content[step], rest, key):
            yield (step, *found)
    elif isinstance(content, Mapping) and not rest:
        yield (step,)


def _is_wrong(key: str, entry: object) -> bool:
    """Whether an entry of a table of tables is the one whose `key` has a wrong value: it alone does not convert."""
    for one in msgspec.structs.fields(ProjectTable):
        arguments: tuple[object, ...] = getattr(one.type, "__args__", ())
        if len(arguments) == 2:
            try:
                msgspec.convert(entry, arguments[1])
            except msgspec.ValidationError as error:
                if key in str(error):
                    return True
    return False


def _known_keys(keys: tuple[str, ...], kind: object = ProjectTable) -> list[str]:
    """The keys of the table that `keys` lead to from a table of this kind."""
    for key in keys:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            fields = {one.encode_name: one.type for one in msgspec.structs.fields(kind)}
            kind = fields.get(key)
        else:
            arguments = [one for one in getattr(kind, "__args__", ()) if one is not Ellipsis]
            kind = arguments[-1] if arguments else None
        if getattr(kind, "__origin__", None) is tuple:
            kind = getattr(kind, "__args__", (None,))[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [one.encode_name for one in msgspec.structs.fields(kind)]
    return []


_HEADER = re.compile(r"^\s*\[\[?\s*(.*?)\s*\]\]?\s*(?:#.*)?$")
_PART = re.compile(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)')


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(match[1] or match[2] or match[3] or "" for match in _PART.finditer(dotted))


def _line_of(text: str, keys: tuple[str, ...]) -> int:
    """The line on which the longest part of `keys` stands that can be found; 1 where none can."""
    best, depth = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header and "=" not in line.partition("#")[0]:
            table = _parts(header[1])
            reached = table
        else:
            reached = (*table, *_parts(line.partition("=")[0])) if "=" in line else ()
        if reached and keys[: len(reached)] == reached and len(reached) > depth:
            best, depth = number, len(reached)
            if len(reached) < len(keys) and keys[len(reached)] in _parts(line.partition("=")[2]):
                depth += 1
    return best


def _line_with(text: str, first: int, sought: str) -> int:
    """The line, from the line `first` on, that holds `sought`, in quotes of either kind or as a word; `first` where none does."""
    if not sought:
        return first
    lines = list(enumerate(text.splitlines(), 1))[first - 1 :]
    for form in (f"'{sought}'", json.dumps(sought, ensure_ascii=False), sought):
        for number, line in lines:
            if form in line:
                return number
    return first
