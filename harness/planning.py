"""From names of suites and engines to a plan whose engines have said who they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from lockstep.harness.engines.process import START_SECONDS
from lockstep.harness.engines.registry import engines_of, expand_groups, resolve
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute
from lockstep.harness.languages.profile import PLAIN
from lockstep.harness.model import Identity, MissingError, Suite, UnknownNameError
from lockstep.harness.project.file import Project
from lockstep.harness.selection import Plan, Selection, plan
from lockstep.harness.suites import default_suites, open_suite
from lockstep.reference.languages import BACKENDS, LANGUAGES


@dataclass(frozen=True)
class Request:
    """What somebody wants to be run.

    Attributes:
        suites: names; empty for those that the project names, or that ship inside Lockstep.
        engines: names, commands and groups; empty for those that the project names, or all of ours.
        project: whose suites and engines have names too.
        profile: of plain commands.
        host: the Python that our own interpreters run under.
        selection: which cases.
        start_seconds: how long an engine may take to start.
    """

    suites: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)
    profile: str = ""
    host: str | None = None
    selection: Selection = field(default_factory=Selection)
    start_seconds: float = START_SECONDS


def plan_run(request: Request, say: Callable[[str], None] = lambda _: None) -> tuple[Plan, dict[str, Suite]]:
    """The executions that are asked for; engines that are not installed are left out, and named in the plan.

    `say` gets a line for each thing that the user should know.

    Raises:
        MissingError: a suite or engine has an unknown name.
    """
    project = request.project
    suites = {name: open_suite(name, project) for name in request.suites or default_suites(project)}
    names = tuple(expand_groups(request.engines, project, lambda: default_engines(project, suites.values())))
    spoken = {language for suite in suites.values() for language in suite.languages}
    missing: list[str] = []

    def installed(name: str) -> EngineSpec | None:
        try:
            engine = resolve(
                name,
                request.host,
                request.start_seconds,
                project=project,
                language=next(iter(spoken)) if len(spoken) == 1 else "",
                profile=request.profile,
            )
        except UnknownNameError:
            raise
        except MissingError as error:
            missing.append(f"left out: {error}")
            return None
        if engine.plain is not None and engine.plain.profile_name == PLAIN:
            say(
                f"{engine.name}: no profile is made for it, so the plainest rules hold (--profile names one; "
                f"`lockstep engines check` shows what they make of it)"
            )
        return engine

    def oracles(suite: str) -> list[EngineSpec]:
        found = []
        for name in getattr(suites[suite], "oracles", ()):
            if name not in names:
                try:
                    found.append(resolve(name))
                except MissingError as error:
                    say(f"left out: {error}")
        return found

    engines = [engine for engine in map(installed, dict.fromkeys(names)) if engine is not None]
    twice = [name for name, number in Counter(engine.name for engine in engines).items() if number > 1]
    if twice:
        raise MissingError(
            f"two engines are called {twice[0]}: give one a name of its own (--engine NAME='COMMAND')"
        )
    planned = plan(suites.values(), engines, request.selection, oracles)
    return replace(planned, missing=(*planned.missing, *missing)), suites


def default_engines(project: Project, suites: Iterable[Suite]) -> tuple[str, ...]:
    """What runs where nobody names an engine: what the project says; else, of each language, the project's, or both of our backends.

    Raises:
        MissingError: nobody speaks one of the languages.
    """
    if project.table.lockstep.engines:
        return project.table.lockstep.engines
    found: list[str] = []
    for language in dict.fromkeys(language for suite in suites for language in suite.languages):
        own = [name for name in engines_of(language, project) if name in project.engines]
        ours = [f"{language}:{backend}" for backend in BACKENDS] if language in (*LANGUAGES, "redis") else []
        if not own and not ours:
            raise MissingError(
                f"no engine speaks {language}: name one (--engine), or describe it in [engines.NAME] of lockstep.toml"
            )
        found += own or ours
    return tuple(dict.fromkeys(found))


@contextmanager
def identified(
    planned: Plan, how: Execute, missing: list[str], *, elsewhere: bool = False
) -> Iterator[tuple[Plan, dict[str, RunningEngine]]]:
    """The plan with engines that have said who they are, and the processes that said it, by engine.

    An engine that does not start is left out, with a sentence in `missing`. What is left of the processes ends with the block.
    Where the plan is run `elsewhere`, on a cluster, engines that only its workers have are not asked here.
    """
    engines = {one.engine.name: one.engine for one in planned.executions if one.runs}
    processes: dict[str, RunningEngine] = {}
    known: dict[str, EngineSpec] = {
        name: one for name, one in engines.items() if elsewhere and one.place == "image"
    }
    try:
        # All are started before the first is asked: they wake up side by side.
        for name, engine in engines.items():
            if name in known:
                continue
            try:
                processes[name] = engine.spawn(how.memory)
            except MissingError as error:
                missing.append(f"engine {name}: {error}")
        for name, process in list(processes.items()):
            try:
                known[name] = engines[name].identified(process, how.start_seconds)
            except MissingError as error:
                missing.append(str(error))
                del processes[name]
        executions = tuple(
            replace(one, engine=known.get(one.engine.name, one.engine))
            for one in planned.executions
            if one.engine.name in known or not one.runs
        )
        yield replace(planned, executions=executions), processes
    finally:
        for process in processes.values():
            process.kill()


def uploaded(planned: Plan) -> Plan:
    """The plan with engines whose programs are sent to the workers of a cluster."""
    return _with_engines(
        planned,
        {
            engine.name: replace(engine, place="upload")
            for engine in planned.engines
            if not engine.ours and engine.place == "path"
        },
    )


def introduced(
    planned: Plan, ask: Callable[[EngineSpec], Identity], on_problem: Callable[[str], None]
) -> Plan:
    """The plan with engines that only workers of a cluster have, after these have said who they are.

    What they have not got either is left out, and told to `on_problem`.
    """
    known: dict[str, EngineSpec] = {}
    lacking: set[str] = set()
    for engine in planned.engines:
        if engine.place == "image" and engine.identity is None:
            try:
                known[engine.name] = replace(engine, identity=ask(engine))
            except MissingError as error:
                lacking.add(engine.name)
                on_problem(f"left out: {error}")
    left = replace(
        planned, executions=tuple(one for one in planned.executions if one.engine.name not in lacking)
    )
    return _with_engines(left, known)


def _with_engines(planned: Plan, engines: Mapping[str, EngineSpec]) -> Plan:
    executions = tuple(
        replace(one, engine=engines[one.engine.name]) if one.engine.name in engines else one
        for one in planned.executions
    )
    return replace(planned, executions=executions) if engines else planned
