"""The pytest front end: `pytest test262 fixtures --engine javascript:vm -n 2`.

A folder with a `suite.yaml` collects as a suite: every case and mode on every engine is an item, to be
selected with `-k`, `-m` (features are marks) and node ids. The items run in one batch on the worker pool, and
each gives one report; pytest's own protocol per item would cost more than many a case.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lockstep.harness.engines.registry import expand_groups, resolve, split_engines
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observation, Override, execute
from lockstep.harness.model import Case, MissingError, Suite, UnknownNameError, Verdict
from lockstep.harness.planning import default_engines
from lockstep.harness.project.file import NAME, Project, ProjectError, find_project
from lockstep.harness.selection import Execution, Selection
from lockstep.harness.status.status import Status, read_status
from lockstep.harness.status.yaml_file import YamlError, load_yaml
from lockstep.harness.suites import SUITES, bundled_suites, open_suite
from lockstep.launch import PACKAGE
from lockstep.reference.host.printable import printable, printable_line

MARKER_FILE = "suite.yaml"
# Folders of Lockstep's own in which that file names what ships inside it.
_OUR_FOLDERS = ("fixtures", "test262", "sci-tests")
_NOT_A_MARK = re.compile(r"\W")
_LONGEST_OUTPUT = 100_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `lockstep run` that make sense here."""
    group = parser.getgroup("lockstep", "conformance suites")
    group.addoption(
        "--engine", action="append", default=[], metavar="E,...", help="engines to run the suites on"
    )
    group.addoption("--host", default=None, metavar="PROGRAM", help="run our engines under another Python")
    group.addoption("--steps", type=int, default=None, help="steps for a case")
    group.addoption("--case-timeout", type=float, default=None, help="seconds of wall time for a case")
    group.addoption("--sample", type=int, default=1, metavar="N", help="about one case in N, always the same")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Take `-n` for the worker pool where only suites are asked for: no item crosses a process then."""
    folders = [Path(str(argument).partition("::")[0]) for argument in config.args]
    if folders and all((folder / MARKER_FILE).is_file() for folder in folders):
        asked = getattr(config.option, "numprocesses", None)
        config.stash[_WORKERS] = int(asked) if asked else os.cpu_count() or 1
        if asked is not None:
            config.option.numprocesses = None
            config.option.dist = "no"


_WORKERS = pytest.StashKey[int]()


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A folder with a `suite.yaml` is a suite."""
    if (path / MARKER_FILE).is_file():
        return SuiteFolder.from_parent(parent, path=path)
    return None


class SuiteFolder(pytest.Directory):
    """The suites that a folder stands for; its `suite.yaml` names them."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Every case of every suite, in every mode, on every engine that speaks its language."""
        try:
            project = find_project(start=self.path)
        except ProjectError as error:
            raise pytest.UsageError(str(error)) from error
        project.hand_on()
        for name in self._names(project):
            asked = tuple(
                part for option in self.config.getoption("--engine") for part in split_engines(option)
            )
            try:
                suite = open_suite(name, project)
                wanted = expand_groups(asked, project, partial(default_engines, project, [suite]))
                resolved = [_resolved(one, self.config.getoption("--host"), project, suite) for one in wanted]
                engines = [engine for engine in resolved if engine.language in suite.languages]
                cases = suite.cases()
            except UnknownNameError as error:
                raise pytest.UsageError(f"{self.path / MARKER_FILE}: {error}") from error
            except MissingError as error:
                yield MissingItem.from_parent(self, name=name, problem=str(error))
                continue
            selection = Selection(sample=self.config.getoption("--sample"))
            try:
                status = read_status(name)
            except YamlError as error:
                raise pytest.UsageError(str(error)) from error
            yield from self._items(suite, [case for case in cases if selection.admits(case)], engines, status)

    def _names(self, project: Project) -> list[str]:
        """The suites that the folder's file names; without any, those of the project file.

        What ships inside Lockstep is collected where it lies, and never stands in for a user's own.
        """
        path = self.path / MARKER_FILE
        try:
            content = load_yaml(path) or {}
            named = content.get("suites", []) if isinstance(content, dict) else None
        except YamlError as error:
            raise pytest.UsageError(str(error)) from error
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise pytest.UsageError(f"{path}: `suites` is no list of names")
        ours = self.path.resolve() in {(PACKAGE / name).resolve() for name in _OUR_FOLDERS}
        for name in named:
            if not ours and name in bundled_suites() and name not in project.table.suites:
                raise pytest.UsageError(
                    f"{path}: the suite {name} ships inside Lockstep, and is not this folder's; "
                    f"[suites.NAME] of {NAME} makes one of it (docs/suites.md)"
                )
        names = named or list(project.table.suites)
        if not names:
            raise pytest.UsageError(f"{path}: it names no suite, and there is no {NAME} that has any")
        return names

    def _items(
        self, suite: Suite, cases: list[Case], engines: list[EngineSpec], status: Status
    ) -> Iterator[CaseItem]:
        for engine in engines:
            for case in cases:
                if case.language == engine.language:
                    for mode in case.modes:
                        execution = Execution(suite, case, mode, engine)
                        yield CaseItem.from_parent(
                            self, name=_item_name(execution), execution=execution, status=status
                        )


def _resolved(name: str, host: str | None, project: Project, suite: Suite) -> EngineSpec:
    language = suite.languages[0] if len(suite.languages) == 1 else ""
    return resolve(name, host, project=project, language=language)


def _item_name(execution: Execution) -> str:
    mode = f"-{execution.mode}" if execution.mode else ""
    return f"{execution.case.id}[{execution.engine.name}{mode}]"


class MissingItem(pytest.Item):
    """Stands for a suite or an engine that is not there."""

    def __init__(self, *, problem: str, **options: Any) -> None:
        super().__init__(**options)
        self._problem = problem

    def runtest(self) -> None:
        """Say what is missing, and how to get it."""
        pytest.skip(self._problem)


class CaseItem(pytest.Item):
    """One case in one mode on one engine."""

    def __init__(self, *, execution: Execution, status: Status, **options: Any) -> None:
        super().__init__(**options)
        self.execution = execution
        self._status = status
        for feature in execution.case.features:
            name = _NOT_A_MARK.sub("_", feature)
            self.keywords[name] = self
            self.own_markers.append(pytest.Mark(name, (), {}, _ispytest=True))

    def known(self, case: str) -> str:
        """What the case, or a point of it, is known to do instead of passing."""
        execution = self.execution
        return self._status.knows(execution.engine.name, printable_line(case), execution.mode)

    def runtest(self) -> None:
        """Run the case alone; the batch below is how items run unless another plugin takes over."""
        for observation in execute([self.execution], Execute()):
            if not observation.final:
                continue
            report = _report(self, observation)
            if report.failed:
                raise CaseFailedError(str(report.longrepr))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The reason, without a traceback of ours."""
        del style
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        path = self.execution.suite.source_path(self.execution.case)
        return path or self.path, 0, self.name


class CaseFailedError(Exception):
    """A case does not pass; the message is its reason."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all case items in one batch; items of other kinds go their usual way."""
    if session.config.option.collectonly or session.testsfailed or _distributed(session.config):
        return None
    cases = [item for item in session.items if isinstance(item, CaseItem)]
    if not cases:
        return None
    others = [item for item in session.items if not isinstance(item, CaseItem)]
    for number, item in enumerate(others):
        follower = others[number + 1] if number + 1 < len(others) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=follower)
    _run_batch(session, cases)
    return True


def _distributed(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "numprocesses", None)) or hasattr(config, "workerinput")


def _run_batch(session: pytest.Session, items: list[CaseItem]) -> None:
    config = session.config
    override = Override(config.getoption("--steps"), config.getoption("--case-timeout"))
    workers = config.stash.get(_WORKERS, os.cpu_count() or 1)
    by_execution = {id(item.execution): item for item in items}
    hook = config.hook
    problems: list[str] = []
    how = Execute(workers, override, on_problem=problems.append)
    with closing(execute([item.execution for item in items], how)) as observed:
        for observation in observed:
            if not observation.final:
                continue
            if observation.part:
                session.testscollected += 1  # the share of the run that is done is counted over all reports
            else:
                item = by_execution[id(observation.execution)]
            report = _report(item, observation)
            hook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
            hook.pytest_runtest_logreport(report=report)
            hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
    if problems:
        raise session.Interrupted("; ".join(problems))


def _report(item: CaseItem, observation: Observation) -> pytest.TestReport:
    """One report for a case: a known failure is an expected one, an unexpected pass is shown as such."""
    verdict, reason = observation.judgement.verdict, printable(observation.judgement.reason)
    output = printable(observation.outcome.output, _LONGEST_OUTPUT)
    outcome: Any = "passed"
    longrepr: Any = None
    wasxfail: str | None = None
    known = item.known(observation.execution.case.id)
    # A point that its program says is still to be done is no failure.
    if verdict is Verdict.SKIPPED or (observation.part and verdict is Verdict.UNSUPPORTED):
        outcome, longrepr = "skipped", (str(item.path), 0, f"Skipped: {reason}")
    elif verdict is not Verdict.PASS:
        if known:
            outcome, wasxfail = "skipped", known
        else:
            outcome, longrepr = "failed", f"{verdict}: {reason}"
    elif known:
        wasxfail = known
    seconds = observation.outcome.ms / 1000
    path, line, name = item.location
    # A point's name stands where pytest has that of a function: what follows the last bracket is no part of an id to it.
    own = name if not observation.part else _item_name(observation.execution)
    report = pytest.TestReport(
        nodeid=f"{item.nodeid.removesuffix(name)}{own}",
        location=(path, line, own),
        keywords={},
        outcome=outcome,
        longrepr=longrepr,
        when="call",
        sections=[("Captured output", output)] if output else [],
        duration=seconds,
    )
    if wasxfail is not None:
        report.wasxfail = wasxfail
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Features are marks: name those that the suites use, so that none is unknown."""
    config.addinivalue_line(
        "markers", "feature: features of suites are marks; their names are the suites' own"
    )


__all__ = ["SUITES", "CaseItem", "MissingItem", "SuiteFolder"]
