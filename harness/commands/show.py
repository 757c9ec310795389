"""`lockstep status`, `suites`, `engines` and `disasm`: what there is, in tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tabulate import tabulate

from lockstep.harness.model import MissingError, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.reports.tables import groups_table, percent, status_table, tries_text
from lockstep.harness.status.status import Status, read_status, status_folder, status_path
from lockstep.harness.status.yaml_file import YamlError, load_yaml
from lockstep.harness.suites import open_suite, suite_names
from lockstep.harness.suites.sources import SOURCES, fetch, locate
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError, render
from lockstep.reference.languages import ALIASES, LANGUAGES, create_engine

DONE, FAILED, MISSING = 0, 1, 3
# Folders without these are too many for one screen; `--folders` shows them.
_LANGUAGE_SUITES = {
    "javascript": ("test262",),
    "python": ("python-parity",),
    "clojure": ("clojure-test-suite", "sci"),
    "lua5.1": ("lua",),
    "lua5.4": ("lua",),
}


def show_status(name: str | None, project: Project, *, folders: bool) -> int:
    """Tables from status/: of one suite or language with its features, or the totals of all."""
    language = ALIASES.get(name or "", name or "")
    known = suite_names(project)
    if name is None:
        names: tuple[str, ...] = tuple(suite for suite in known if status_path(suite).exists())
    elif name in known:
        names = (name,)
    elif language in _LANGUAGE_SUITES:
        names = (*_LANGUAGE_SUITES[language], "fixtures")
    else:
        sys.stderr.write(f"unknown suite or language '{name}'; known: {', '.join([*known, *LANGUAGES])}\n")
        return MISSING
    try:
        statuses = [read_status(suite) for suite in names]
        print(status_table([_of_language(status, language) for status in statuses]))
        if name is not None:
            for status in statuses:
                _show_groups(status, folders=folders)
                _show_flaky(status, language)
        if name is None or language == "clojure":
            _show_vars()
    except YamlError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    return DONE


def _of_language(status: Status, language: str) -> Status:
    if language not in LANGUAGES:
        return status
    counts = {engine: row for engine, row in status.counts.items() if engine.partition(":")[0] == language}
    return Status(status.suite, counts=counts, floor=status.floor)


def _show_groups(status: Status, *, folders: bool) -> None:
    if status.features:
        print(f"\n{groups_table(f'{status.suite} feature', status.features)}")
    if folders and status.folders:
        print(f"\n{groups_table(f'{status.suite} folder', status.folders)}")


def _show_flaky(status: Status, language: str) -> None:
    """What ends in different ways, with how often it ended how."""
    rows = [
        [engine, f"{case} [{mode}]" if mode != "all" else case, tries_text(tries), _rate(tries)]
        for engine, cases in status.flaky.items()
        if language not in LANGUAGES or engine.partition(":")[0] == language
        for case, modes in cases.items()
        for mode, tries in modes.items()
    ]
    if rows:
        headers = [f"{status.suite} flaky", "case", "ended", "passing"]
        print("\n" + tabulate(rows, headers=headers, disable_numparse=True))


def _rate(tries: dict[str, int]) -> str:
    return percent(tries.get("pass", 0), sum(tries.values()))


def _show_vars() -> None:
    path = status_folder() / "vars.yaml"
    if not path.exists():
        return
    content = load_yaml(path)
    rows = []
    states = ("done", "partial", "wip", "todo")
    for namespace, names in content["namespaces"].items():
        found = [entry["status"] for entry in names.values()]
        rows.append([namespace, *(found.count(state) or "" for state in states), len(found)])
    counts = content["counts"]
    rows.append(["all", *(counts[state] for state in states), counts["total"]])
    print("\n" + tabulate(rows, headers=["Clojure namespace", *states, "vars"]))


def show_suites(project: Project) -> int:
    """Every suite with its size, or how to get it; 3 if one is missing."""
    rows: list[list[str | int]] = []
    code = DONE
    for name in suite_names(project):
        row: list[str | int] = [name, "", "", "missing", ""]
        rows.append(row)
        try:
            suite = open_suite(name, project)
            row[1:3] = [", ".join(suite.languages), suite.revision]
            cases = suite.cases()
        except MissingError as error:
            code = MISSING
            sys.stderr.write(f"{error}\n")
            continue
        row[3:] = [len(cases), sum(len(case.modes) for case in cases)]
    headers = ["suite", "languages", "revision", "cases", "executions"]
    # A revision may look like a number.
    print(tabulate(rows, headers=headers, disable_numparse=[2]))
    return code


def fetch_suites(names: tuple[str, ...]) -> int:
    """Clone pinned revisions into the cache."""
    for name in names or tuple(SOURCES):
        if name not in SOURCES:
            sys.stderr.write(f"unknown suite '{name}'; there are: {', '.join(SOURCES)}\n")
            return MISSING
        try:
            print(f"{name}: {fetch(name)}")
        except MissingError as error:
            sys.stderr.write(f"{error}\n")
            return MISSING
    return DONE


def show_suite_path(name: str, project: Project) -> int:
    """Print where the files of a suite are."""
    known = [*suite_names(project), *SOURCES]
    if name not in known:
        sys.stderr.write(f"unknown suite '{name}'; there are: {', '.join(dict.fromkeys(known))}\n")
        return MISSING
    try:
        print(locate(name) if name in SOURCES else _folder_of(open_suite(name, project)))
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    return DONE


def _folder_of(suite: Suite) -> Path:
    """The folder of a suite's files: the innermost one that holds all of them."""
    paths = [path for case in suite.cases() for path in (suite.source_path(case),) if path is not None]
    return Path(os.path.commonpath([path.parent for path in paths]))


def disassemble(engine_name: str, program: Program) -> int:
    """Print what a program is compiled to."""
    try:
        print(run_deep(lambda: create_engine(engine_name).disassemble(program)))
    except GuestSyntaxError as error:
        sys.stderr.write(render(error.report(), program.source) + "\n")
        return FAILED
    return DONE
