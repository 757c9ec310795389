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
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.planning import identified
from lockstep.harness.project.file import Project
from lockstep.harness.selection import Plan, Selection, plan
from lockstep.harness.suites import open_suite
from lockstep.harness.suites.own.recording import GoldenFile, files_for, is_refused, recording_suite
from lockstep.harness.wording import describe
from lockstep.reference.host.printable import printable_line


@dataclass(frozen=True)
class WriteOptions:
    """What was asked for on the command line.

    Attributes:
        suite, engine: by name.
        agree: asked whether files may be written over, when the differences have been shown, and whether programs that do not
            parse are to be recorded.
    """

    suite: str
    engine: str
    project: Project
    profile: str
    selection: Selection
    workers: int
    override: Override
    agree: Callable[[str], bool]


def write(options: WriteOptions) -> int:
    """Run the suite, write files that are not there, show how the others differ, and write over them if that is agreed."""
    try:
        planned = _planned(options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if not planned.executions:
        chosen = f" matches {options.selection}" if options.selection.partial else " is there"
        why = "; ".join(planned.strangers) or f"no case of {options.suite}{chosen}"
        sys.stderr.write(f"nothing to run: {why}\n")
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
    if recorder.refused:
        number = f"{len(recorder.refused)} program{'s' if len(recorder.refused) > 1 else ''}"
        print("\n".join(recorder.refused.values()))
        if not options.agree(f"Record {number} that {options.engine} refuses to run?"):
            recorder.problems.append(f"{number} not recorded (--yes records what is refused, too)")
            print(recorder.problems[-1])
            recorder.leave_out_refused()
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
    """Files by their paths, and why some cases have none.

    Attributes:
        files: what was found, by path.
        problems: a line for each case without files.
        refused: program -> a line that says where it does not parse.
    """

    def __init__(self) -> None:
        self.files: dict[Path, GoldenFile] = {}
        self.problems: list[str] = []
        self.refused: dict[Path, str] = {}
        self._owners: dict[Path, Path] = {}

    def leave_out_refused(self) -> None:
        """Forget the files of programs that do not parse."""
        self.files = {
            path: file for path, file in self.files.items() if self._owners[path] not in self.refused
        }

    def add(self, case: str, program: Path, outcome: Outcome) -> None:
        """Note the files of a case; a program that does something else in another mode has no right ones.

        Raises:
            ValueError: it gave no answer that could be demanded.
        """
        if is_refused(outcome):
            line = f":{outcome.location.line}" if outcome.location is not None else ""
            self.refused[program] = f"{case}{line}: it does not parse: {describe(outcome)}"
        for file in files_for(program, outcome):
            self._owners[file.path] = program
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
        with closing(observed):
            for one in observed:
                execution = one.execution
                if not one.final or one.part or not execution.runs:
                    continue
                case = printable_line(execution.case.id)
                path = execution.suite.source_path(execution.case)
                assert path is not None
                try:
                    recorder.add(case, path, one.outcome)
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
    if not options.agree(f"Write over {len(changed)} files?"):
        print("nothing was written over (--yes does it)")
        return FAILED
    for file in changed:
        file.path.write_bytes(file.now)
    print(f"{len(changed)} files written over")
    return DONE
