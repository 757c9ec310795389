"""Lockstep as a library: what `import lockstep` offers beside the command (docs/library.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from lockstep.harness.comparison import compare_program, differing_part
from lockstep.harness.engines.registry import engines_of, resolve
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Override, execute
from lockstep.harness.expectation import Expectation
from lockstep.harness.judge import judge
from lockstep.harness.languages.descriptor import language_name
from lockstep.harness.model import (
    Identity,
    Judgement,
    Location,
    MissingError,
    Outcome,
    Result,
    Verdict,
)
from lockstep.harness.planning import Request, identified, plan_run
from lockstep.harness.project.file import Project, find_project
from lockstep.harness.selection import Selection
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

__all__ = [
    "Answer",
    "Engine",
    "Expectation",
    "Identity",
    "Judgement",
    "Location",
    "MissingError",
    "Outcome",
    "Result",
    "Verdict",
    "compare",
    "judge",
    "run",
]


class Engine:
    r"""An engine that stays started between programs; each program gets a fresh state. A context manager.

    Examples:
        >>> with Engine("lua5.4") as lua:
        ...     lua.run("print(10 // 3)").output
        '3\n'

    Args:
        name: a name (`javascript:vm`, `node`), a command (`'./build/qjs {file}'`), `NAME=COMMAND`, or `protocol:COMMAND`.
        language: what a command speaks of which no profile says it.
        profile: how a plain command is understood, in place of the profile made for its program.
        project: the project file whose engines have names too; None for none.
        memory: MiB that a guest may hold.

    Raises:
        MissingError: there is no such engine, or it does not start.
    """

    def __init__(
        self,
        name: str,
        *,
        language: str = "",
        profile: str = "",
        project: Path | None = None,
        memory: int | None = None,
    ) -> None:
        found = find_project(project) if project is not None else Project()
        self._memory = memory
        self._process: RunningEngine | None = None
        self._spec = resolve(name, project=found, language=language, profile=profile)
        self._process, self._spec = self._started()

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._spec.name

    @property
    def language(self) -> str:
        """What it speaks."""
        return self._spec.language

    @property
    def identity(self) -> Identity:
        """Who it said it is when it started: its version, its host."""
        return self._spec.identity or Identity(self._spec.language)

    def run(
        self,
        source: str,
        *,
        mode: str = "",
        path: Path | None = None,
        arguments: Iterable[str] = (),
        roots: Iterable[Path] = (),
        seconds: float | None = 60.0,
        steps: int | None = None,
    ) -> Outcome:
        """What the engine observes when it runs `source`; a crash or a time-out is an outcome too.

        Args:
            source: the program's text.
            mode: what the language distinguishes: JavaScript `script`, `strict`, `module`, `raw`; else "".
            path: the program's file: what it imports is found beside it.
            arguments: the program's own.
            roots: folders in which libraries are found.
            seconds: wall time.
            steps: function entries and loop turns, where the engine counts them.
        """
        program = Program(
            source,
            name=str(path) if path is not None else "program",
            mode=mode or ("script" if self.language == "javascript" else ""),
            path=str(path.resolve()) if path is not None else None,
            roots=tuple(map(str, roots)),
            arguments=tuple(arguments),
        )
        if self._process is None or self._process.closed:
            self._process, self._spec = self._started()
        return self._process.observe(program, Limits(steps, seconds, self._memory))

    def close(self) -> None:
        """End its process; the next `run` starts another."""
        if self._process is not None:
            self._process.stop()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> tuple[RunningEngine, EngineSpec]:
        process = self._spec.spawn(self._memory)
        return process, self._spec.identified(process)


@dataclass(frozen=True)
class Answer:
    """What one engine did with a program.

    Attributes:
        engine: its name.
        outcome: what it observed.
        differs: the first thing in which it is not as the first engine's: `completion`, `error`, `output` and so on; "" if none.
    """

    engine: str
    outcome: Outcome
    differs: str = ""


def compare(
    language: str,
    source: str,
    engines: Iterable[str] = (),
    *,
    mode: str = "",
    seconds: float = 60.0,
    memory: int | None = None,
    project: Path | None = None,
) -> list[Answer]:
    r"""One program on several engines, in the order of `engines` (all of the language that are installed if none is named).

    Examples:
        >>> [answer.outcome.output for answer in compare("lua", "print(7 % -3)", ["lua5.4:vm", "lua5.4:treewalk"])]
        ['-2\n', '-2\n']

    Raises:
        MissingError: the language or a named engine is not there, or that engine speaks another language.
    """
    found = find_project(project) if project is not None else Project()
    language = language_name(language, found.languages)
    named = tuple(engines)
    wanted = (
        _resolved(name, found, language, needed=bool(named)) for name in named or engines_of(language, found)
    )
    specs = [spec for spec in wanted if spec is not None]
    for spec in specs:
        if spec.language != language:
            raise MissingError(f"{spec.name} speaks {spec.language}, not {language}")
    program = Program(source, mode=mode or ("script" if language == "javascript" else ""))
    answers: list[Answer] = []
    outcomes = compare_program(specs, program, Limits(seconds=seconds, memory=memory))
    for spec, (name, outcome) in zip(specs, outcomes, strict=True):
        part = differing_part(outcomes[0][1], outcome, messages=spec.ours and specs[0].ours)
        answers.append(Answer(name, outcome, "" if part is None else part[0]))
    return answers


def _resolved(name: str, project: Project, language: str, *, needed: bool) -> EngineSpec | None:
    """The engine of a name; None for one that is not there and that nobody named."""
    try:
        return resolve(name, project=project, language=language)
    except MissingError:
        if needed:
            raise
        return None


def run(
    suites: str | Iterable[str],
    engines: Iterable[str] = (),
    *,
    filters: Iterable[str] = (),
    exclude: Iterable[str] = (),
    features: Iterable[str] = (),
    flags: Iterable[str] = (),
    sample: int = 1,
    shard: tuple[int, int] | None = None,
    jobs: int = 1,
    steps: int | None = None,
    seconds: float | None = None,
    memory: int | None = None,
    profile: str = "",
    project: Path | None = None,
) -> Iterator[Result]:
    """The results of suites on engines, as they come; closing the iterator ends every engine.

    An execution that is run again alone (its engine died, its time ran out) comes once, with what counts.

    Examples:
        >>> results = list(run("fixtures", ["lua5.4:vm"], filters=["lua/*"]))
        >>> {str(result.verdict) for result in results}
        {'pass'}

    Args:
        suites: one name or several.
        engines: names and commands; all of ours that speak the suites' languages if none is named.
        filters: globs over case ids.
        exclude: globs over the ids of cases that are left out.
        features: names that cases carry.
        flags: names, any of which a case has as a flag (Test262: `async`, `module`).
        sample: one case in so many.
        shard: (K, N), the K-th of N parts.
        jobs: engine processes at a time.
        steps: of a case, in place of the suite's own limit.
        seconds: likewise, wall time.
        memory: MiB that a guest may hold.
        profile: of plain commands.
        project: the project file whose suites and engines have names too.

    Raises:
        MissingError: a suite or an engine is not there, or nothing matches.
    """
    override = Override(steps, seconds, memory)
    how = Execute(workers=jobs, override=override)
    request = Request(
        suites=(suites,) if isinstance(suites, str) else tuple(suites),
        engines=tuple(engines),
        project=find_project(project) if project is not None else Project(),
        profile=profile,
        selection=Selection(tuple(filters), tuple(features), shard, sample, tuple(exclude), tuple(flags)),
        start_seconds=how.start_seconds,
    )
    planned, _ = plan_run(request)
    if planned.missing or not planned.executions:
        raise MissingError(
            "; ".join(planned.missing) or f"nothing to run: no case matches {request.selection}"
        )
    missing: list[str] = []
    with identified(planned, how, missing) as (ready, processes):
        if missing:
            raise MissingError("; ".join(missing))
        observed = execute(ready.executions, replace(how, processes=processes))
        with closing(observed):
            for one in observed:
                if one.final:
                    yield one.result
