"""`lockstep history`: what earlier runs counted, and when verdicts changed."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

from tabulate import tabulate

from lockstep.harness.model import Verdict
from lockstep.harness.reports.tables import percent, result_line
from lockstep.harness.store.history import Change, History, Tally
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import open_store

DONE, USAGE, MISSING = 0, 2, 3


def show_history(suite: str | None, engine: str | None, case: str | None, run: int | None, last: int) -> int:
    """Print the last runs, the changes of one run, or those of one case; 3 if it has nothing of what is asked for."""
    try:
        with open_store() as store:
            history = store.history
            if not history.tallies(last=1):
                sys.stderr.write(f"no runs yet in {store.name}\n")
                return MISSING
            if run is not None:
                return _print_run(history, run)
            if case is not None:
                return _print_case(history, case, engine)
            tallies = history.tallies(suite, engine, last)
            stored = {one.number for one in store.records.runs(suite, engine, last)}
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if not tallies:
        of = " on ".join(filter(None, (suite or "any suite", engine)))
        sys.stderr.write(f"no run of {of} in {store.name}\n")
        return MISSING
    print(_tallies_table(tallies, stored))
    return DONE


def _print_run(history: History, run: int) -> int:
    if not history.has_run(run):
        sys.stderr.write(f"the history has no run {run}\n")
        return MISSING
    return _print_changes(history.changes(run), f"run {run} changed no verdict", dated=False)


def _print_case(history: History, case: str, engine: str | None) -> int:
    if not history.has_case(case, engine):
        sys.stderr.write(
            f"{case} never ran{f' on {engine}' if engine else ''}, as far as the history knows\n"
        )
        return MISSING
    return _print_changes(history.changes_of(case, engine), f"{case} has passed each time", dated=True)


def _tallies_table(tallies: Sequence[Tally], stored: Collection[int]) -> str:
    verdicts = [verdict for verdict in Verdict if any(tally.counts.get(verdict) for tally in tallies)]
    rows = []
    for tally in tallies:
        total = sum(tally.counts.values())
        state = tally.selection if tally.finished else "interrupted"
        rows.append(
            [
                tally.run,
                tally.started.replace("T", " ").removesuffix("+00:00"),
                tally.suite,
                tally.engine,
                tally.hash,
                state,
                f"{tally.seconds:.0f}",
                *(tally.counts.get(verdict) or "" for verdict in verdicts),
                percent(tally.counts.get(Verdict.PASS, 0), total),
                f"store:{tally.run}" if tally.run in stored else "",
            ]
        )
    headers = ["run", "started (UTC)", "suite", "engine", "version", "cases", "seconds"]
    return tabulate(rows, headers=[*headers, *map(str, verdicts), "passing", "record"])


def _print_changes(changes: Sequence[Change], nothing: str, *, dated: bool) -> int:
    if not changes:
        print(nothing)
    for change in changes:
        when = f"run {change.run:<5} {change.started[:16].replace('T', ' ')}  " if dated else ""
        print(f"{when}{change.before or '(new)':>11} -> {result_line(change.result)}")
    return DONE
