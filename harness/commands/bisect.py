"""`lockstep bisect`: the first version of an engine, or revision of its repository, at which a case's verdict changes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lockstep import launch
from lockstep.harness.bisecting.revisions import Repository
from lockstep.harness.bisecting.versions import Change, NothingToFindError, bisected
from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.registry import resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.judge import judge
from lockstep.harness.model import Expected, MissingError, Outcome
from lockstep.harness.project.file import Project
from lockstep.harness.suites import open_suite
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable_line

FOUND, SAME, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
_VERSION = "{version}"
_CHECKOUT = "{checkout}"
_SHOWN = 120
_SECONDS = 60.0


@dataclass(frozen=True)
class BisectOptions:
    """What was asked for on the command line.

    Attributes:
        engine: its command or name; with `{version}` or `{checkout}` in it, or of ours.
        good, bad: commands, or revisions of `repository`.
        between: commands between them, oldest first.
        versions: for `{version}`, oldest first.
        repository: of the engine; None for commands.
        build: a shell command that builds a checkout, run in it.
        build_seconds: how long that may take.
    """

    project: Project
    engine: str = ""
    good: str = ""
    bad: str = ""
    between: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    repository: Path | None = None
    build: str = ""
    build_seconds: float = 3600.0
    profile: str = ""


@dataclass(frozen=True)
class Subject:
    """What is run on each version; without an expectation its verdict is what it does."""

    language: str
    program: Program
    limits: Limits
    expectation: Expected | None = None


def subject_of_case(name: str, limits: Limits, project: Project) -> Subject:
    """A suite's case, named `SUITE:CASE` or `SUITE:CASE@MODE`; `limits` go before its own.

    Raises:
        MissingError: there is no such suite, case or mode.
    """
    suite_name, _, rest = name.partition(":")
    suite = open_suite(suite_name, project)
    for case in suite.cases():
        for mode in case.modes:
            if rest in (case.id, f"{case.id}@{mode}"):
                task = suite.task(case, mode)
                own = task.limits
                merged = Limits(
                    limits.steps or own.steps,
                    limits.seconds or own.seconds or _SECONDS,
                    limits.memory or own.memory,
                )
                return Subject(case.language, task.program, merged, task.expectation)
    raise MissingError(f"suite {suite_name} has no case '{rest}'")


def bisect(subject: Subject, options: BisectOptions) -> int:
    """Find the first version at which the verdict changes, and print it; 1 if there is no change."""
    look = _Looking(subject, options)
    try:
        change = _by_revisions(look, options) if look.revisions else _by_versions(look, options)
    except NothingToFindError as error:
        sys.stderr.write(f"nothing to find: {error}\n")
        return SAME
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    print(f"first changed: {change.first}")
    print(f"before:        {change.before}  ({change.last})")
    print(f"after:         {change.after}")
    if change.untried:
        print("could not be tried: " + "; ".join(change.untried))
    return FOUND


def _by_versions(look: _Looking, options: BisectOptions) -> Change:
    versions = list(options.versions) or [options.good, *options.between, options.bad]
    return bisected(versions, look.at_version)


def _by_revisions(look: _Looking, options: BisectOptions) -> Change:
    repository = Repository(options.repository or launch.PACKAGE.parent)
    good, bad = repository.revision(options.good), repository.revision(options.bad or "HEAD")
    with repository.checkout() as place:

        def at(commit: str) -> str | None:
            return look.at_checkout(place, repository.title(commit))

        return repository.bisected(place, good, bad, at)


class _Looking:
    """Runs the case on versions of an engine."""

    def __init__(self, subject: Subject, options: BisectOptions) -> None:
        self._subject = subject
        self._options = options
        self.revisions = bool(options.repository) or self._is_ours(options.engine)

    def at_version(self, version: str) -> str | None:
        """The verdict of one version, or of a command."""
        command = self._options.engine.replace(_VERSION, version) if self._options.versions else version
        return self._told(version, lambda: self._engine(command))

    def at_checkout(self, place: Path, title: str) -> str | None:
        """The verdict of the commit that is checked out in `place`."""
        started = time.monotonic()
        if self._options.build:
            done = subprocess.run(  # noqa: S602  # the user's own command
                self._options.build,
                shell=True,
                cwd=place,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=self._options.build_seconds,
            )
            if done.returncode:
                last = done.stdout.decode(errors="replace").strip().rpartition("\n")[2]
                sys.stderr.write(f"{title}: cannot be built: {printable_line(last, _SHOWN)}\n")
                return None
        return self._told(title, lambda: self._of_checkout(place), started)

    def _is_ours(self, name: str) -> bool:
        try:
            return bool(name) and resolve(name, project=self._options.project).ours
        except MissingError:
            return False

    def _of_checkout(self, place: Path) -> EngineSpec:
        name = self._options.engine
        if self._is_ours(name):
            engine = resolve(name, project=self._options.project)
            here, there = str(launch.PACKAGE), str(place / "lockstep")
            if not (place / "lockstep" / "launch.py").is_file():
                raise MissingError("Lockstep could not be started by path then")
            return replace(engine, command=tuple(part.replace(here, there) for part in engine.command))
        command = name.replace(_CHECKOUT, str(place))
        if command.startswith("./"):
            command = str(place) + command[1:]
        return self._engine(command)

    def _engine(self, command: str) -> EngineSpec:
        options = self._options
        return resolve(
            command, project=options.project, language=self._subject.language, profile=options.profile
        )

    def _told(self, title: str, engine: Callable[[], EngineSpec], started: float | None = None) -> str | None:
        started = time.monotonic() if started is None else started
        try:
            outcome = self._outcome(engine())
        except MissingError as error:
            sys.stderr.write(f"{title}: cannot be tried: {printable_line(str(error), _SHOWN)}\n")
            return None
        verdict = self._verdict(outcome)
        sys.stderr.write(f"{title}: {verdict} ({time.monotonic() - started:.1f} s)\n")
        return verdict

    def _outcome(self, engine: EngineSpec) -> Outcome:
        limits = self._subject.limits
        process = engine.spawn(limits.memory)
        try:
            engine.identified(process)
            return process.observe(self._subject.program, limits)
        except EngineDiedError as error:
            return error.outcome
        finally:
            process.kill()

    def _verdict(self, outcome: Outcome) -> str:
        if self._subject.expectation is not None:
            judgement = judge(self._subject.expectation, outcome)
            return f"{judgement.verdict} {printable_line(judgement.reason, _SHOWN)}".strip()
        printed = printable_line(outcome.output.rstrip("\n").replace("\n", "; "), _SHOWN)
        ending = "" if outcome.completion == "completed" else describe(outcome)
        return (
            " and ".join(part for part in (f"printed {printed}" if printed else "", ending) if part)
            or "completed"
        )
