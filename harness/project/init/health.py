"""What is wrong with a project file, as far as can be told without running a case."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from lockstep.harness.engines.registry import engines_of, expand_groups, resolve
from lockstep.harness.gate import REASONS
from lockstep.harness.model import MissingError
from lockstep.harness.project.file import Project, wrong_modes
from lockstep.harness.store.place import shown
from lockstep.harness.suites import default_suites, open_suite, suite_names
from lockstep.harness.suites.own.globs import files_below
from lockstep.harness.suites.own.golden import golden_files
from lockstep.harness.suites.own.rules import words
from lockstep.harness.suites.own.suite import OwnSuite

_SHOWN = 3
# Endings of what interpreters start, beside those of the languages that are known.
_CODE = frozenset({".sh", ".jar", ".wasm", ".pyz", ".ts", ".pl", ".php", ".rkt", ".jl", ".bc"})


def problems_of(project: Project) -> Iterator[str]:
    """One line for each thing that is wrong: programs that are not there, globs that match nothing, names that nobody has."""
    yield from _engines(project)
    yield from _suites(project)
    yield from _names(project)
    yield from _places(project)


def _engines(project: Project) -> Iterator[str]:
    for name in project.table.engines:
        try:
            engine = resolve(name, project=project)
        except MissingError as error:
            yield _of(f"[engines.{name}]", str(error), f"engine {name}")
            continue
        missing = missing_script(engine.command[1:], project)
        if missing:
            yield f"[engines.{name}]: its script {missing} is not there (paths are relative to {project.folder})"
    if not project.engines and not project.table.lockstep.engines:
        yield (
            "no engine is named: [engines.NAME] with a `command` adds yours, [lockstep] engines names others; without "
            "one only Lockstep's own interpreters run"
        )


def missing_script(words: Sequence[str], project: Project) -> str:
    """The first of the words of a command, behind its program, that names a file of code which is not there; "" if none does."""
    endings = {ending for one in project.languages.values() for ending in one.extensions} | _CODE
    for word in words:
        if word.startswith("-") or "{" in word or "://" in word or os.pathsep in word:
            continue
        if Path(word).suffix in endings and not (project.folder / word).exists():
            return word
    return ""


def _of(place: str, message: str, prefix: str) -> str:
    """A message that may name its subject already."""
    return f"{place}: {message.removeprefix(f'{prefix}: ').removeprefix(f'{prefix} ')}"


def _suites(project: Project) -> Iterator[str]:
    yield from (f"[{'.'.join(keys)}]: {said}" for _, said, keys in wrong_modes(project))
    for name, table in project.table.suites.items():
        place = f"[suites.{name}]"
        try:
            suite = open_suite(name, project)
            cases = suite.cases()
        except MissingError as error:
            yield _of(place, str(error), f"suite {name}")
            continue
        if not isinstance(suite, OwnSuite):
            continue
        yield from (f"{place}: {problem}" for problem in _unused_globs(project, suite))
        yield from (f"{place}: {problem}" for problem in suite.broken_headers())
        if table.expect == "output":
            paths = (suite.source_path(case) for case in cases if not case.skip)
            lacking = sorted(
                path.name for path in set(paths) if path is not None and ".out" not in golden_files(path)
            )
            if lacking:
                yield (
                    f"{place}: no expected output of {_some(lacking)}: "
                    f"`lockstep fixtures write {name} --engine ENGINE` records it"
                )
        for language in suite.languages:
            if not engines_of(language, project):
                yield f'{place}: no engine speaks {language}: [engines.NAME] with language = "{language}" adds one'


def _unused_globs(project: Project, suite: OwnSuite) -> Iterator[str]:
    """Patterns that select no file: they are misspelt, or no longer needed."""
    table = suite.table
    globs = [("files", pattern) for pattern in words(table.files)]
    globs += [("exclude", pattern) for pattern in words(table.exclude)]
    globs += [("rules", pattern) for rule in table.rules for pattern in words(rule.files)]
    for key, pattern in globs:
        if not files_below(project.folder, [pattern]):
            yield f"{key}: no file matches {pattern}"


def _names(project: Project) -> Iterator[str]:
    known = suite_names(project)
    for name in default_suites(project):
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            yield f"[lockstep] default: unknown suite '{name}'{f'; did you mean {near[0]}?' if near else ''}"
    own = project.table.lockstep
    try:
        for engine in expand_groups(own.engines, project):
            if engine not in project.table.engines:
                resolve(engine, project=project)
    except MissingError as error:
        yield f"[lockstep] engines: {error}"
    for reason in project.table.gate.fail_on:
        if reason not in REASONS:
            yield f"[gate] fail-on: '{reason}' is none of {', '.join(REASONS)}"


def _places(project: Project) -> Iterator[str]:
    status = project.folder / project.table.lockstep.status
    if _ignored_by_git(project.folder, status / "suite.yaml"):
        yield (
            f"[lockstep] status: {project.table.lockstep.status} is ignored by git, so what is expected of the engine "
            "is not kept with it"
        )
    store = project.table.lockstep.store
    if shown(store) != store:
        yield "[lockstep] store: a password does not belong into a file that is committed; ~/.pgpass can hold it"
    suites = project.table.lockstep.suites
    if suites and not (project.folder / suites).is_dir():
        yield f"[lockstep] suites: {suites} is no folder"


def _ignored_by_git(folder: Path, path: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    command = (git, "-C", str(folder), "check-ignore", "-q", str(path))
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603  # git itself


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
