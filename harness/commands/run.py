"""`lockstep run`: plan, execute, record, compare with status, report."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.harness.cluster.transport import ClusterError
from lockstep.harness.commands.attempts import Attempts, Key
from lockstep.harness.commands.judging import compared, exit_code, print_annotations, say
from lockstep.harness.commands.resuming import Resumed, key_of, resumed_from
from lockstep.harness.commands.updating import update_statuses
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observed, Override, execute
from lockstep.harness.gate import DONE, FAILED, INTERRUPTED, MISSING, USAGE, Gate
from lockstep.harness.messages import EngineRow, RecordHeader
from lockstep.harness.model import FAILURES, MissingError, Result, Suite
from lockstep.harness.planning import Request, identified, introduced, plan_run, uploaded
from lockstep.harness.project.file import Project
from lockstep.harness.records.record import RecordError, RecordWriter, Run, Scope, engine_row, header_of, now
from lockstep.harness.records.rerun import rerun_condition
from lockstep.harness.reports.files import Reports, shared, unwritable
from lockstep.harness.reports.places import Places
from lockstep.harness.reports.tables import (
    RunProgress,
    causes_text,
    changes_text,
    count_by_suite,
    counts_table,
    durations_text,
    floors_by_suite,
    listing,
    run_notes,
)
from lockstep.harness.selection import Execution, Plan, Selection, slowest_first
from lockstep.harness.status.changes import Changes, compare_with_status
from lockstep.harness.status.points import cases_before
from lockstep.harness.status.status import Status, own_status_folder, read_status, verdict_of
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.store.place import StoreError, store_place
from lockstep.harness.store.store import open_store
from lockstep.harness.store.unstored import kept_for_later

if TYPE_CHECKING:
    from lockstep.harness.store.outcomes import Outcomes

# So many results in a row that stay as they were: the engine is so, and the others are not tried again.
_RETRIES_IN_VAIN = 30
_NO_RERUN = {
    "failed": "what is chosen passed when it last ran, or never did",
    "changed": "the last run changed no verdict of what is chosen",
    "missing": "all that is chosen has been run",
}
_NONE_IN_RECORD = "all that is chosen passes in that record"


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
    durations: int = 0
    annotate: bool = False
    retries: int = 0
    repeat: int = 1
    max_failures: int = 0
    reuse: bool = False
    reuse_unversioned: bool = False
    history: bool = True
    cluster: str = ""
    upload: bool = False
    resume: Path | None = None


def run(options: RunOptions) -> int:
    """Run what the options ask for; the exit code."""
    resumed = None
    try:
        if options.resume is not None:
            resumed = resumed_from(options.resume)
            options = _as_before(options, resumed)
        if options.update_status:
            own_status_folder()
        with _growing():
            planned, suites = plan_run(_request(options), say=say)
        statuses = {name: read_status(name) for name in planned.revisions}
        if resumed is not None:
            resumed.check_revisions(planned.revisions)
        if options.selection.rerun and planned.executions:
            wanted = rerun_condition(options.selection.rerun, statuses)
            planned = replace(planned, executions=tuple(filter(wanted, planned.executions)))
            if not planned.executions:
                return _refused(
                    f"nothing to run again: {_NO_RERUN.get(options.selection.rerun, _NONE_IN_RECORD)}", DONE
                )
    except (MissingError, YamlError, StoreError) as error:
        return _refused(error, MISSING)
    except RecordError as error:
        return _refused(error, USAGE)
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
    return _Run(options, planned, suites, statuses, trouble, resumed).perform()


def _as_before(options: RunOptions, resumed: Resumed) -> RunOptions:
    """The options of a run that goes on: what the record says, unless the command line does."""
    return replace(
        options,
        suites=options.suites or resumed.suites,
        engines=options.engines or resumed.engines,
        selection=resumed.selection,
        output=options.output or options.resume,
    )


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


@contextmanager
def _growing() -> Iterator[None]:
    """While a plan grows nothing of it is garbage, and afterwards all of it stays: the collector need not look at it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class _Run:
    """One run: what it found, and what went wrong beside that."""

    def __init__(
        self,
        options: RunOptions,
        planned: Plan,
        suites: dict[str, Suite],
        statuses: dict[str, Status],
        trouble: list[str],
        resumed: Resumed | None = None,
    ) -> None:
        self._options = options
        self._planned = planned
        self._suites = suites
        self._statuses = statuses
        self._trouble = trouble
        self._started = now() if resumed is None else resumed.run.header.started
        self._attempts = Attempts()
        self._resumed = resumed
        # How many executions stood already.
        self._stood = 0
        if resumed is not None:
            keys = set(map(key_of, planned.executions))
            kept, left = resumed.split(planned.executions)
            self._attempts.results.update({result.key: result for result in kept})
            self._attempts.parts.update(result.key for result in kept if result.key not in keys)
            self._stood = len(kept) - len(self._attempts.parts)
            self._planned = replace(planned, executions=tuple(left))
        self._complete = False
        # Why the rest was not run, where something in the run said so.
        self._stopped = ""
        self._executor: Callable[[Sequence[Execution], Execute], Generator[Observed]] = execute
        self._workers = options.workers

    def perform(self) -> int:
        """Run, report, record; the exit code."""
        options = self._options
        how = Execute(
            workers=options.workers,
            override=options.override,
            retry=self._may_retry if options.repeat == 1 else lambda _: False,
            on_problem=self._problem,
        )
        self._planned = replace(
            self._planned, executions=slowest_first(self._planned.executions, self._times())
        )
        interrupted = False
        try:
            if options.cluster:
                self._execute_on_cluster(how)
            else:
                self._execute_here(how)
        except KeyboardInterrupt:
            interrupted = True
        except RecordError as error:
            return _refused(error, USAGE)
        results = list(self._attempts.results.values())
        changes = self._compared(results)
        scope = self._scope()
        if results or not self._trouble:
            self._print(results, changes, scope)
        if options.history and results:
            self._remember(results, finished=not interrupted)
        if results:
            places = Places(self._suites)
            for message in options.reports.write(results, self._header(), changes, scope, places):
                self._problem(message)
            if options.annotate:
                print_annotations(changes, options.gate, places)
        if options.update_status and results:
            self._update_status(results)
        if interrupted:
            say(f"interrupted after {self._done} of {self._expected} executions")
            return INTERRUPTED
        code = self._code(results, changes)
        if self._stopped:
            say(f"{self._stopped}, with {len(results)} of {self._expected} executions")
            return FAILED
        return code

    def _execute_here(self, how: Execute) -> None:
        before = len(self._trouble)
        with identified(self._planned, how, self._trouble) as (self._planned, processes):
            for message in self._trouble[before:]:
                say(message)
            self._execute(replace(how, processes=processes))

    def _execute_on_cluster(self, how: Execute) -> None:
        """Run on the workers of a cluster, of which each engine says here or there who it is."""
        from lockstep.harness.cluster.addresses import address_of, need_dask  # noqa: PLC0415  # not everyone needs it
        from lockstep.harness.cluster.running import opened

        options = self._options
        before = len(self._trouble)
        try:
            need_dask()
            address = address_of(options.cluster, options.project.table.clusters)
            with identified(self._planned, how, self._trouble, elsewhere=True) as (self._planned, _):
                pass
            for message in self._trouble[before:]:
                say(message)
            if options.upload:
                self._planned = uploaded(self._planned)
            suites = [self._suites[name] for name in self._planned.revisions]
            with opened(
                address,
                suites,
                self._planned.engines,
                options.project,
                how,
                host=options.host,
                times=self._times(),
                say=say,
            ) as cluster:
                self._planned = introduced(self._planned, cluster.identity, self._problem)
                self._executor = cluster.execute
                try:
                    self._execute(how)
                finally:
                    self._workers = cluster.slots
        except (ClusterError, MissingError) as error:
            self._problem(str(error))

    def _execute(self, how: Execute) -> None:
        options = self._options
        if self._resumed is not None:
            self._resumed.check_engines(self._planned.engines)
        with ExitStack() as stack:
            record = stack.enter_context(self._recorded())
            outcomes = self._kept_outcomes(stack)
            how = replace(how, outcomes=outcomes, reusable=self._reusable)
            try:
                self._run_all(how, record)
                if not self._stopped and options.retries:
                    self._retry(replace(how, outcomes=None, processes={}), record)
                self._complete = self._done == self._expected
                if self._complete and not self._stopped:
                    record.finish()
            finally:
                if outcomes is not None:
                    say(
                        f"{outcomes.used} of {len(self._attempts.results)} outcomes are those of earlier runs"
                    )
                    if outcomes.problem:
                        self._problem(f"outcomes are not kept: {outcomes.problem}")
        if options.output is not None and record.problem:
            self._problem(record.problem)

    def _run_all(self, how: Execute, record: RecordWriter) -> None:
        """Run everything, as often as it was asked for."""
        executions = self._planned.executions * self._options.repeat
        failures: set[Key] = set()
        most = self._options.max_failures
        with (
            RunProgress(len(executions)) as progress,
            closing(self._executor(executions, how)) as observed,
        ):
            for one in observed:
                result = self._attempts.add(one, repeated=self._options.repeat > 1)
                record.add(result)
                if one.part or not one.final:
                    continue
                progress.add(one.result)
                if most and self._is_failure(result):
                    failures.add(result.key)
                    if len(failures) >= most:
                        self._stopped = f"stopped after {most} failures (--max-failures)"
                        break

    def _is_failure(self, result: Result) -> bool:
        """Whether it is one that nobody expects; any, where any makes the run fail."""
        if result.verdict not in FAILURES:
            return False
        if "any" in self._options.gate.reasons:
            return True
        changes = compare_with_status([result], self._statuses, self._planned.revisions)
        return bool(changes.regressions or changes.worse or changes.new_failures)

    def _retry(self, how: Execute, record: RecordWriter) -> None:
        """Run what is not as expected again, each in a process of its own and nothing beside it."""
        how = replace(how, workers=1, fresh=True, retry=lambda _: False)
        by_key = {key_of(one): one for one in self._planned.executions}
        in_vain = 0
        for _ in range(self._options.retries):
            changes = self._compared(list(self._attempts.results.values()))
            # A point is run again with its case.
            found = dict.fromkeys(
                key
                for one in changes.unexpected
                if (one.suite, one.engine) not in changes.unrecorded
                for key in (
                    one.key,
                    *((one.suite, case, one.mode, one.engine) for case in cases_before(one.case)),
                )
                if key in by_key
            )
            todo = [by_key[key] for key in found]
            if not todo:
                return
            with closing(self._executor(todo, how)) as observed:
                for one in observed:
                    known = self._attempts.results.get(one.result.key)
                    before = None if known is None else known.verdict
                    result = self._attempts.retry(one)
                    record.add(result)
                    in_vain = in_vain + 1 if result.verdict is before else 0
                    if in_vain >= _RETRIES_IN_VAIN:
                        say(f"{in_vain} results in a row were the same again: no more retries")
                        return

    def _times(self) -> dict[Key, float]:
        """How long executions took when they last ran, as far as it is known."""
        if not self._options.history:
            return {}
        try:
            with open_store() as store:
                return store.history.slow(
                    self._planned.revisions, {engine_row(engine).name for engine in self._planned.engines}
                )
        except StoreError as error:
            if store_place():
                say(f"the store cannot be used now: {error}")
            return {}  # told when the run is added to it

    @contextmanager
    def _recorded(self) -> Iterator[RecordWriter]:
        earlier = list(self._attempts.results.values()) if self._resumed is not None else ()
        with RecordWriter(self._options.output, self._header(), earlier) as record:
            yield record

    def _kept_outcomes(self, stack: ExitStack) -> Outcomes | None:
        if not self._options.reuse:
            return None
        try:
            outcomes = stack.enter_context(open_store(say=say)).outcomes
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
    def _expected(self) -> int:
        """How many executions a whole run has."""
        return len(self._planned.executions) + self._stood

    @property
    def _done(self) -> int:
        """How many of the planned executions have a result."""
        return len(self._attempts.results) - len(self._attempts.parts)

    def _scope(self) -> Scope:
        return Scope(self._done, self._expected, str(self._options.selection), complete=self._complete)

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
            self._engines(),
            self._options.selection,
            self._expected,
            planned.asked,
            self._started,
        )

    def _engines(self) -> list[EngineRow]:
        """Those that have something to run, or had before the run was interrupted."""
        rows = {row.name: row for row in (() if self._resumed is None else self._resumed.run.header.engines)}
        rows.update({row.name: row for row in map(engine_row, self._planned.engines)})
        return list(rows.values())

    def _print(self, results: Sequence[Result], changes: Changes, scope: Scope) -> None:
        # Rows stand as they were asked for, whatever came in first.
        counts = count_by_suite(results)
        asked = {
            (suite, name): counts[suite, name]
            for suite in self._suites
            for name in self._planned.asked
            if (suite, name) in counts
        }
        print(counts_table(asked | counts, floors_by_suite(results)))
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
                "" if self._options.list_failures else causes_text(results),
            )
            if part
        )
        if text:
            print("\n" + text)
        if self._options.durations:
            print("\n" + durations_text(results, self._options.durations))

    def _said_of_suites(self) -> list[str]:
        """What suites have to say of their own files."""
        return [
            f"{name}: {note}" for name, suite in self._suites.items() for note in getattr(suite, "notes", ())
        ]

    def _remember(self, results: Sequence[Result], *, finished: bool) -> None:
        """Add the run with its record to the store; one that cannot be written ends no run."""
        complete = self._complete and not self._stopped
        run = Run(self._header(), {result.key: result for result in results}, complete)
        ended = now()
        run.finished = ended if complete else ""
        try:
            with open_store(say=say) as store:
                store.add(run, workers=self._workers, finished=ended if finished else None)
        except StoreError as error:
            say(f"not added to the history: {error}")
            say(kept_for_later(run, self._options.output))

    def _update_status(self, results: Sequence[Result]) -> None:
        """Write what was found to the status files."""
        decided = [one for one in results if one.key not in self._attempts.undecided]
        try:
            update_statuses(
                decided,
                self._suites,
                self._planned.revisions,
                self._header().engines,
                self._options.project,
            )
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
    if planned.strangers:
        return f"nothing to run: {'; '.join(planned.strangers)}"
    asked = [*(pattern.rstrip("/*") for pattern in selection.filters), *selection.features, *selection.flags]
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
