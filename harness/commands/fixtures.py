"""`lockstep fixtures write`: golden files of a suite of one's own, from an engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from lockstep.harness.engines.registry import resolve
from lockstep.harness.execution import Execute, Override, execute
from lockstep.harness.gate import DONE, FAILED, INTERRUPTED, MISSING, USAGE
from lockstep.harness.model import MissingError
from lockstep.harness.planning import identified
from lockstep.harness.project.file import Project
from lockstep.harness.selection import Plan, Selection, plan
from lockstep.harness.suites import open_suite
from lockstep.harness.suites.own.recording import GoldenFile, files_for, recording_suite
from lockstep.reference.host.printable import printable_line


@dataclass(frozen=True)
class WriteOptions:
    """What was asked for on the command line.

    Attributes:
        suite, engine: by name.
        agree: whether files may be written over, asked when the differences have been shown; gets their number.
    """

    suite: str
    engine: str
    project: Project
    profile: str
    selection: Selection
    workers: int
    override: Override
    agree: Callable[[int], bool]


def write(options: WriteOptions) -> int:
    """Run the suite, write files that are not there, show how the others differ, and write over them if that is agreed."""
    try:
        planned = _planned(options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if not planned.executions:
        sys.stderr.write(f"nothing to run: no case of {options.suite} matches {options.selection}\n")
        return USAGE
    recorder = _Recorder()
    try:
        missing = _record(planned, options, recorder)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was written\n")
        return INTERRUPTED
    if missing:
        sys.stderr.write("\n".join(missing) + "\n")
        return MISSING
    for problem in recorder.problems:
        print(problem)
    files = list(recorder.files.values())
    try:
        return _written(files, options) or (FAILED if recorder.problems else DONE)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: cannot be written: {error.strerror}\n")
        return USAGE


def _planned(options: WriteOptions) -> Plan:
    suite = recording_suite(open_suite(options.suite, options.project), options.suite, options.project)
    language = suite.languages[0] if len(suite.languages) == 1 else ""
    engine = resolve(options.engine, project=options.project, language=language, profile=options.profile)
    planned = plan([suite], [engine], options.selection)
    if planned.missing:
        raise MissingError("; ".join(planned.missing))
    return planned


class _Recorder:
    """Files by their paths, and why some cases have none."""

    def __init__(self) -> None:
        self.files: dict[Path, GoldenFile] = {}
        self.problems: list[str] = []

    def add(self, case: str, found: list[GoldenFile]) -> None:
        """Note the files of a case; a program that does something else in another mode has no right ones."""
        for file in found:
            known = self.files.setdefault(file.path, file)
            if known.now != file.now:
                self.problems.append(
                    f"not recorded: {case}: it does one thing in one mode, and another in another"
                )
                del self.files[file.path]
                return


def _record(planned: Plan, options: WriteOptions, recorder: _Recorder) -> list[str]:
    """Run everything; what is missing."""
    missing: list[str] = []
    how = Execute(workers=options.workers, override=options.override, on_problem=missing.append)
    with identified(planned, how, missing) as (ready, processes):
        observed = execute(ready.executions, replace(how, processes=processes))
        with closing(observed):  # type: ignore[type-var]  # a generator
            for one in observed:
                execution = one.execution
                if not one.final or one.part or not execution.runs:
                    continue
                case = printable_line(execution.case.id)
                path = execution.suite.source_path(execution.case)
                assert path is not None
                try:
                    recorder.add(case, list(files_for(path, one.outcome)))
                except ValueError as error:
                    recorder.problems.append(f"not recorded: {case}: {printable_line(str(error), 200)}")
    return missing


def _written(files: list[GoldenFile], options: WriteOptions) -> int:
    new = [file for file in files if file.before is None]
    changed = [file for file in files if file.changed]
    for file in new:
        file.path.write_bytes(file.now)
    for file in changed:
        print(file.difference(options.engine))
    same = len(files) - len(new) - len(changed)
    print(f"{len(new)} new files written, {same} are as they were, {len(changed)} differ")
    if not changed:
        return DONE
    if not options.agree(len(changed)):
        print("nothing was written over (--yes does it)")
        return FAILED
    for file in changed:
        file.path.write_bytes(file.now)
    print(f"{len(changed)} files written over")
    return DONE
