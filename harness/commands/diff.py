"""`lockstep diff`: the cases of a suite on which two engines differ, or the verdicts in which two recorded runs do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.commands.judging import suites_at_hand
from lockstep.harness.comparison import Difference, compare_runs, differences
from lockstep.harness.engines.registry import resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observation, Override, execute
from lockstep.harness.model import MissingError
from lockstep.harness.project.file import Project
from lockstep.harness.records.reading import read_record
from lockstep.harness.records.record import RecordError
from lockstep.harness.reports.differences import Differences
from lockstep.harness.reports.places import Places
from lockstep.harness.reports.tables import RunProgress
from lockstep.harness.selection import Selection, plan
from lockstep.harness.status.divergences import read_divergences
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.suites import default_suites, open_suite

SAME, DIFFERENT, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(frozen=True)
class Form:
    """How differences are shown: by their causes, as JSON."""

    causes: bool = False
    json: bool = False

    def of(self, report: Differences) -> str:
        """The text of a report in this form."""
        if self.json:
            return report.json(causes=self.causes)
        return report.causes_text() if self.causes else report.text()


@dataclass(frozen=True)
class EngineNames:
    """Two engines as the command line names them, and what their names mean there."""

    left: str
    right: str
    project: Project
    profile: str = ""
    host: str | None = None

    def resolved(self, language: str) -> tuple[EngineSpec, EngineSpec]:
        """The engines; `language` is what a plain command speaks of which nobody says it."""
        left, right = (
            resolve(name, self.host, project=self.project, language=language, profile=self.profile)
            for name in (self.left, self.right)
        )
        return left, right


def diff_engines(
    names: EngineNames,
    suites: tuple[str, ...],
    selection: Selection,
    workers: int,
    override: Override,
    form: Form,
) -> int:
    """Run the cases of `suites` on two engines and list those on which they differ."""
    try:
        rows = read_divergences()
        project = names.project
        opened = [open_suite(name, project) for name in suites or default_suites(project)]
        spoken = {language for suite in opened for language in suite.languages}
        left, right = names.resolved(next(iter(spoken)) if len(spoken) == 1 else "")
        planned = plan(opened, (left, right), selection)
    except (MissingError, YamlError) as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if left.language != right.language:
        sys.stderr.write(f"{left.name} speaks {left.language}, {right.name} speaks {right.language}\n")
        return USAGE
    if planned.missing:
        sys.stderr.write("\n".join(planned.missing) + "\n")
        return MISSING
    total = len(planned.executions) // 2
    if not total:
        sys.stderr.write(f"nothing to compare: no case matches {selection}\n")
        return USAGE
    found: list[Difference] = []
    problems: list[str] = []
    how = Execute(workers, override, on_problem=problems.append)
    seen: Counter[str] = Counter()
    try:
        with (
            closing(execute(planned.executions, how)) as observed,
            RunProgress(len(planned.executions)) as progress,
        ):
            found.extend(differences(_counted(observed, progress, seen), left, right))
    except KeyboardInterrupt:
        both = min(seen[left.name], seen[right.name])
        print(form.of(Differences(left.name, right.name, both, found)))
        sys.stderr.write(f"interrupted after {both} of {total} executions\n")
        return INTERRUPTED
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    accepted = {
        (one.suite, one.case): row
        for one in found
        for row in rows
        if row.covers(left.name, right.name, one.suite, one.case)
    }
    both = min(seen[left.name], seen[right.name])
    lacking = [part for side in (left, right) for part in _lacking(side.name, total - seen[side.name])]
    places = Places({suite.name: suite for suite in opened})
    report = Differences(
        left.name, right.name, both, found, accepted=accepted, lacking=lacking, size=places.size
    )
    print(form.of(report))
    if report.unexplained:
        return DIFFERENT
    return MISSING if problems else SAME


def _counted(
    observed: Iterator[Observation], progress: RunProgress, seen: Counter[str]
) -> Iterator[Observation]:
    for one in observed:
        if one.final and not one.part:
            progress.add(one.result)
            seen[one.execution.engine.name] += 1
        yield one


def diff_runs(left: Path, right: Path, project: Project, form: Form) -> int:
    """List the executions whose verdicts differ between two recorded runs."""
    try:
        before, after = read_record(left), read_record(right)
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    for path, run in ((left, before), (right, after)):
        if not run.scope.whole:
            sys.stderr.write(f"{path}: {run.scope}\n")
    found = compare_runs(before, after)
    lacking = [*_lacking(left.name, len(found.only_right)), *_lacking(right.name, len(found.only_left))]
    places = Places(suites_at_hand(after, project) if form.causes else {})
    report = Differences(
        left.name,
        right.name,
        found.shared,
        found.differences,
        found.otherwise,
        lacking=lacking,
        size=places.size,
    )
    print(form.of(report))
    return DIFFERENT if found.differences or lacking else SAME


def _lacking(side: str, number: int) -> list[str]:
    """What is said of executions that one side lacks: they neither agree nor differ."""
    return [f"{number} that {side} lacks"] if number else []
