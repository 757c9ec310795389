"""`lockstep run`: plan, execute, record, compare with status, report."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockstep.harness.engines.registry import EngineSpec, resolve
from lockstep.harness.execution import Override, execute
from lockstep.harness.model import MissingError, Result, Suite, Verdict
from lockstep.harness.reports.junit import write_junit
from lockstep.harness.reports.page import write_page
from lockstep.harness.reports.summary import write_summary
from lockstep.harness.reports.tables import RunProgress, changes_text, count_by_suite, counts_table, listing
from lockstep.harness.selection import Plan, Selection, plan
from lockstep.harness.store.database import StoreError
from lockstep.harness.store.history import History, history_path
from lockstep.harness.store.outcomes import Outcomes, outcomes_path
from lockstep.harness.store.record import RecordWriter, now
from lockstep.harness.store.status import (
    Changes,
    Status,
    compare_with_status,
    read_status,
    updated,
    write_status,
)
from lockstep.harness.store.vars import update_vars
from lockstep.harness.suites import BUNDLED, ORACLES, open_suite
from lockstep.reference.languages import BACKENDS

DONE, FAILED, MISSING, INTERRUPTED = 0, 1, 3, 130
# What `--fail-on any` fails on; a skipped or unsupported case is no failure, and no pass either.
_FAILURES = {Verdict.FAIL, Verdict.ERROR, Verdict.TIMEOUT, Verdict.CRASH}


@dataclass(frozen=True)
class RunOptions:
    """What was asked for on the command line."""

    suites: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    host: str | None = None
    selection: Selection = field(default_factory=Selection)
    workers: int = 1
    override: Override = field(default_factory=Override)
    output: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    summary: Path | None = None
    update_status: bool = False
    fail_on: str = "regression"
    list_failures: bool = False
    reuse: bool = False
    history: bool = True


def default_engines(suites: Iterable[Suite]) -> list[str]:
    """Both of our backends of every language that the suites speak."""
    languages = dict.fromkeys(language for suite in suites for language in suite.languages)
    return [f"{language}:{backend}" for language in languages for backend in BACKENDS]


def plan_run(options: RunOptions) -> tuple[Plan, dict[str, Suite]]:
    """The executions that the options ask for.

    Raises:
        MissingError: an engine or suite has an unknown name, or an engine is not installed.
    """
    suites = {name: open_suite(name) for name in options.suites or BUNDLED}
    names = options.engines or tuple(default_engines(suites.values()))
    engines = [resolve(name, options.host) for name in names]

    def oracles(suite: str) -> list[EngineSpec]:
        found = []
        for name in ORACLES.get(suite, ()):
            if name not in names:
                try:
                    found.append(resolve(name))
                except MissingError as error:
                    sys.stderr.write(f"left out: {error}\n")
        return found

    return plan(suites.values(), engines, options.selection, oracles), suites


def run(options: RunOptions) -> int:
    """Run what the options ask for; the exit code."""
    try:
        planned, suites = plan_run(options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    for message in planned.missing:
        sys.stderr.write(f"{message}\n")
    if not planned.executions:
        sys.stderr.write("nothing to run: no case of these suites matches the engines and filters\n")
        return MISSING if planned.missing else DONE
    statuses = {name: read_status(name) for name in planned.revisions}
    started = now()
    try:
        results, interrupted = _perform(planned, options)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    if options.history and results:
        _remember(results, planned, options, started, finished=not interrupted)
    if options.junit is not None:
        write_junit(options.junit, results)
    changes = compare_with_status(results, statuses, planned.revisions)
    if options.html is not None:
        write_page(options.html, results, _header(planned, started))
    if options.summary is not None:
        write_summary(options.summary, results, changes)
    _report(results, changes, options)
    if options.update_status and results:
        _update_status(results, planned, suites, statuses)
    if interrupted:
        sys.stderr.write(f"interrupted after {len(results)} of {len(planned.executions)} executions\n")
        return INTERRUPTED
    if _failed(results, changes, options.fail_on):
        return FAILED
    return MISSING if planned.missing else DONE


def _perform(planned: Plan, options: RunOptions) -> tuple[list[Result], bool]:
    results: list[Result] = []
    engines = {one.engine.name: one.engine for one in planned.executions}
    with ExitStack() as stack:
        writer = None
        if options.output is not None:
            partial = options.selection.partial
            writer = RecordWriter(options.output, planned.revisions, engines.values(), partial=partial)
            stack.enter_context(writer)
        outcomes = stack.enter_context(Outcomes(outcomes_path())) if options.reuse else None
        try:
            with (
                RunProgress(len(planned.executions)) as progress,
                closing(  # type: ignore[type-var]  # a generator
                    execute(planned.executions, options.workers, options.override, outcomes)
                ) as observed,
            ):
                for one in observed:
                    result = one.result
                    results.append(result)
                    progress.add(result)
                    if writer is not None:
                        writer.add(result)
        except KeyboardInterrupt:
            return results, True
        finally:
            if outcomes is not None:
                sys.stderr.write(f"{outcomes.used} of {len(results)} outcomes are those of earlier runs\n")
        if writer is not None:
            writer.finish()
    return results, False


def _header(planned: Plan, started: str) -> dict[str, Any]:
    """What a page says of the run."""
    engines = {one.engine.name: one.engine.hash for one in planned.executions}
    return {
        "started": started,
        "revision": dict(planned.revisions),
        "engines": [{"name": name, "hash": version} for name, version in engines.items()],
    }


def _remember(
    results: Sequence[Result], planned: Plan, options: RunOptions, started: str, *, finished: bool
) -> None:
    """Add the run to the history; a history that cannot be written ends no run."""
    engines = {one.engine.name: one.engine for one in planned.executions}
    try:
        with History(history_path()) as history:
            history.add(
                results,
                planned.revisions,
                engines.values(),
                started=started,
                whole=not options.selection.partial,
                finished=finished,
                workers=options.workers,
            )
    except StoreError as error:
        sys.stderr.write(f"not added to the history: {error}\n")


def _report(results: Sequence[Result], changes: Changes, options: RunOptions) -> None:
    print(counts_table(count_by_suite(results)))
    if options.list_failures:
        failing = [one for one in results if one.verdict not in {Verdict.PASS, Verdict.SKIPPED}]
        print("\n" + listing("Not passing", failing, limit=len(failing)))
    text = changes_text(changes, unknown=not options.list_failures)
    if text:
        print("\n" + text)


def _update_status(
    results: Sequence[Result], planned: Plan, suites: dict[str, Suite], statuses: dict[str, Status]
) -> None:
    hashes = {one.engine.name: one.engine.hash for one in planned.executions}
    for name, revision in planned.revisions.items():
        own = [result for result in results if result.suite == name]
        if own:
            status = updated(statuses[name], suites[name].cases(), own, hashes, revision)
            print(f"wrote {_shown(write_status(status))}")
            if name == "clojure-test-suite":
                print(f"wrote {_shown(update_vars(status, suites[name]))}")


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _failed(results: Sequence[Result], changes: Changes, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    if fail_on == "any":
        return any(result.verdict in _FAILURES for result in results)
    return bool(changes.regressions)
