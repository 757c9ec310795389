"""`lockstep run`: plan, execute, record, compare with status, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from lockstep.harness.commands.judging import compared, exit_code, say
from lockstep.harness.commands.updating import update_statuses
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observation, Override, execute
from lockstep.harness.gate import DONE, FAILURES, INTERRUPTED, MISSING, USAGE, Gate
from lockstep.harness.messages import RecordHeader
from lockstep.harness.model import MissingError, Result, Suite
from lockstep.harness.planning import Request, identified, plan_run
from lockstep.harness.project.file import Project
from lockstep.harness.reports.files import Reports, shared, unwritable
from lockstep.harness.reports.tables import (
    RunProgress,
    changes_text,
    count_by_suite,
    counts_table,
    floors_by_suite,
    listing,
    run_notes,
)
from lockstep.harness.selection import Execution, Plan, Selection
from lockstep.harness.store.changes import Changes
from lockstep.harness.store.database import StoreError
from lockstep.harness.store.history import History, history_path
from lockstep.harness.store.outcomes import Outcomes, outcomes_path
from lockstep.harness.store.record import RecordWriter, Scope, header_of, now
from lockstep.harness.store.status import Status, own_status_folder, read_status, verdict_of
from lockstep.harness.store.yaml_file import YamlError

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class RunOptions:
    """What was asked for on the command line."""

    suites: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)
    profile: str = ""
    host: str | None = None
    selection: Selection = field(default_factory=Selection)
    workers: int = 1
    override: Override = field(default_factory=Override)
    output: Path | None = None
    reports: Reports = field(default_factory=Reports)
    update_status: bool = False
    gate: Gate = field(default_factory=Gate)
    list_failures: bool = False
    reuse: bool = False
    reuse_unversioned: bool = False
    history: bool = True


def run(options: RunOptions) -> int:
    """Run what the options ask for; the exit code."""
    try:
        if options.update_status:
            own_status_folder()
        planned, suites = plan_run(_request(options), say=say)
        statuses = {name: read_status(name) for name in planned.revisions}
    except (MissingError, YamlError) as error:
        return _refused(error, MISSING)
    paths = [options.output, *options.reports.paths]
    bad = unwritable(paths) or shared(paths)
    if bad:
        return _refused(bad, USAGE)
    trouble = list(planned.missing)
    for message in trouble:
        say(message)
    if not planned.executions:
        if trouble:
            return MISSING
        # An empty shard is no mistake, and is recorded as one; a filter that names nothing is one.
        if not _is_empty_shard(planned):
            return _refused(_nothing_to_run(planned, options.selection), USAGE)
        header = header_of(planned.revisions, (), options.selection, 0, planned.asked)
        with RecordWriter(options.output, header) as record:
            record.finish()
        return _refused(record.problem or _nothing_to_run(planned, options.selection), DONE)
    return _Run(options, planned, suites, statuses, trouble).perform()


def _request(options: RunOptions) -> Request:
    return Request(
        suites=options.suites,
        engines=options.engines,
        project=options.project,
        profile=options.profile,
        host=options.host,
        selection=options.selection,
        start_seconds=Execute(override=options.override).start_seconds,
    )


class _Run:
    """One run: what it found, and what went wrong beside that."""

    def __init__(
        self,
        options: RunOptions,
        planned: Plan,
        suites: dict[str, Suite],
        statuses: dict[str, Status],
        trouble: list[str],
    ) -> None:
        self._options = options
        self._planned = planned
        self._suites = suites
        self._statuses = statuses
        self._trouble = trouble
        self._started = now()
        self._results: dict[Key, Result] = {}
        # Those of them that are parts of others, which nobody could plan.
        self._parts: set[Key] = set()
        # What is to be run again alone before it counts.
        self._undecided: set[Key] = set()
        self._complete = False

    def perform(self) -> int:
        """Run, report, record; the exit code."""
        options = self._options
        how = Execute(
            workers=options.workers,
            override=options.override,
            retry=self._may_retry,
            on_problem=self._problem,
        )
        interrupted = False
        before = len(self._trouble)
        try:
            with identified(self._planned, how, self._trouble) as (self._planned, processes):
                for message in self._trouble[before:]:
                    say(message)
                self._execute(replace(how, processes=processes))
        except KeyboardInterrupt:
            interrupted = True
        results = list(self._results.values())
        changes = self._compared(results)
        scope = self._scope()
        if results or not self._trouble:
            self._print(results, changes, scope)
        if options.history and results:
            self._remember(results, finished=not interrupted)
        if results:
            for message in options.reports.write(results, self._header(), changes, scope):
                self._problem(message)
        if options.update_status and results:
            self._update_status(results)
        if interrupted:
            say(f"interrupted after {self._done} of {len(self._planned.executions)} executions")
            return INTERRUPTED
        return self._code(results, changes)

    def _execute(self, how: Execute) -> None:
        options = self._options
        with ExitStack() as stack:
            record = stack.enter_context(self._recorded())
            outcomes = self._kept_outcomes(stack)
            how = replace(how, outcomes=outcomes, reusable=self._reusable)
            progress = stack.enter_context(RunProgress(len(self._planned.executions)))
            observed: Iterator[Observation] = execute(self._planned.executions, how)
            stack.enter_context(closing(observed))  # type: ignore[type-var]  # a generator
            try:
                for one in observed:
                    result = one.result
                    if one.part:
                        self._parts.add(result.key)
                    elif one.final:
                        progress.add(result)
                        self._undecided.discard(result.key)
                    else:
                        self._undecided.add(result.key)
                    self._results[result.key] = result
                    record.add(result)
                self._complete = self._done == len(self._planned.executions)
                if self._complete:
                    record.finish()
            finally:
                if outcomes is not None:
                    say(f"{outcomes.used} of {len(self._results)} outcomes are those of earlier runs")
                    if outcomes.problem:
                        self._problem(f"outcomes are not kept: {outcomes.problem}")
        if options.output is not None and record.problem:
            self._problem(record.problem)

    @contextmanager
    def _recorded(self) -> Iterator[RecordWriter]:
        with RecordWriter(self._options.output, self._header()) as record:
            yield record

    def _kept_outcomes(self, stack: ExitStack) -> Outcomes | None:
        if not self._options.reuse:
            return None
        try:
            outcomes = stack.enter_context(Outcomes(outcomes_path()))
        except StoreError as error:
            self._problem(f"everything is run: {error}")
            return None
        for engine in self._planned.engines:
            if not self._reusable(engine):
                say(
                    f"{engine.name} tells no version, so it is run anew (--reuse-unversioned: reuse it all the same)"
                )
        return outcomes

    def _reusable(self, engine: EngineSpec) -> bool:
        versioned = engine.identity is not None and engine.identity.versioned
        return versioned or self._options.reuse_unversioned

    def _may_retry(self, one: Execution) -> bool:
        """What is known to crash or to time out is no surprise, and is not tried twice."""
        known = self._statuses[one.suite.name].knows(one.engine.name, one.case.id, one.mode)
        return verdict_of(known) not in ("crash", "timeout")

    def _problem(self, message: str) -> None:
        """Something that is no failure of a case: it is said at once, and the exit code tells."""
        self._trouble.append(message)
        say(message)

    @property
    def _done(self) -> int:
        """How many of the planned executions have a result."""
        return len(self._results) - len(self._parts)

    def _scope(self) -> Scope:
        planned = len(self._planned.executions)
        return Scope(self._done, planned, str(self._options.selection), complete=self._complete)

    def _compared(self, results: Sequence[Result]) -> Changes:
        """The run beside what is known."""
        revisions = self._planned.revisions
        return compared(
            results,
            self._statuses,
            revisions,
            {name: self._suites[name].cases() for name in revisions},
            whole=self._scope().whole,
            history=self._options.history,
        )

    def _header(self) -> RecordHeader:
        """What a record says of the run."""
        planned = self._planned
        return header_of(
            planned.revisions,
            planned.engines,
            self._options.selection,
            len(planned.executions),
            planned.asked,
            self._started,
        )

    def _print(self, results: Sequence[Result], changes: Changes, scope: Scope) -> None:
        print(counts_table(count_by_suite(results), floors_by_suite(results)))
        notes = [*run_notes(results, scope), *self._said_of_suites()]
        if notes:
            print("\n" + "\n".join(notes))
        if self._options.list_failures:
            failing = [one for one in results if one.verdict in FAILURES or one.verdict == "unsupported"]
            print("\n" + listing("Not passing", failing, limit=len(failing)))
        retried = [result for result in results if result.first]
        text = "\n\n".join(
            part
            for part in (
                changes_text(changes, new_failures=not self._options.list_failures),
                listing("Ended in another way when run again alone", retried),
            )
            if part
        )
        if text:
            print("\n" + text)

    def _said_of_suites(self) -> list[str]:
        """What suites have to say of their own files."""
        return [
            f"{name}: {note}" for name, suite in self._suites.items() for note in getattr(suite, "notes", ())
        ]

    def _remember(self, results: Sequence[Result], *, finished: bool) -> None:
        """Add the run to the history; a history that cannot be written ends no run."""
        try:
            with History(history_path()) as history:
                history.add(
                    results,
                    self._planned.revisions,
                    self._header().engines,
                    started=self._started,
                    whole=self._scope().whole,
                    finished=now() if finished else None,
                    workers=self._options.workers,
                )
        except StoreError as error:
            say(f"not added to the history: {error}")

    def _update_status(self, results: Sequence[Result]) -> None:
        """Write what was found to the status files."""
        decided = [one for one in results if one.key not in self._undecided]
        try:
            update_statuses(decided, self._suites, self._planned.revisions, self._header().engines)
        except YamlError as error:
            self._problem(str(error))

    def _code(self, results: Sequence[Result], changes: Changes) -> int:
        return exit_code(
            self._options.gate,
            results,
            changes,
            trouble=bool(self._trouble),
            recorded=self._options.update_status,
        )


def _nothing_to_run(planned: Plan, selection: Selection) -> str:
    """Why a plan is empty, with the names that may have been meant."""
    asked = [*(pattern.rstrip("/*") for pattern in selection.filters), *selection.features]
    near = dict.fromkeys(
        name for word in asked for name in get_close_matches(word, sorted(planned.names), 3, 0.5)
    )
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    chosen = f" ({selection})" if str(selection) else ""
    return f"nothing to run: no case of {', '.join(planned.revisions)} matches the engines and filters{chosen}{hint}"


def _is_empty_shard(planned: Plan) -> bool:
    return planned.matched and bool(planned.names)


def _refused(why: object, code: int) -> int:
    say(str(why))
    return code
