"""What the history says beside a run: earlier counts, and the verdicts that changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.harness.reports.page.data import VERDICTS, SuiteRun
from lockstep.harness.store.place import StoreError, is_there
from lockstep.harness.store.store import open_store

if TYPE_CHECKING:
    from lockstep.harness.store.history import History, Tally

# Runs that the plot goes back, and changes of verdicts that a page carries.
_RUNS = 200
_MOVES = 30_000
# The record and the history of one run are begun one after the other.
_SAME_RUN_SECONDS = 60.0

_NUMBER = {verdict: number for number, verdict in enumerate(VERDICTS)}


def told_by_history(part: SuiteRun, started: str, store: str | None) -> dict[str, object]:
    """Earlier runs of the suite, oldest first, and what changed since the one before; {} without a history.

    `store` is where it is: "" where it always is, None for nowhere.
    """
    try:
        if store is None or not is_there(store):
            return {}
        with open_store(store or None) as opened:
            return _told(part, started, opened.history)
    except StoreError as error:
        return {"past_problem": str(error)}


def _told(part: SuiteRun, started: str, history: History) -> dict[str, object]:
    tallies = [one for one in history.tallies(part.name, last=_RUNS) if one.engine in part.engines]
    this = _this_run(part, started, tallies)
    if this is not None:
        tallies = [one for one in tallies if one.run <= this]
    runs = {one.run: one for one in reversed(tallies)}
    number = {run: index for index, run in enumerate(runs)}
    lines: dict[str, list[list[object]]] = {}
    for one in reversed(tallies):
        counts = [one.counts.get(verdict, 0) for verdict in VERDICTS]
        lines.setdefault(one.engine, []).append([number[one.run], counts, one.revision, one.hash])
    return {
        "runs": [[one.run, one.started, one.selection == "whole"] for one in runs.values()],
        "lines": [lines.get(engine, []) for engine in part.engines],
        "this_run": None if this is None else number[this],
        "moves": _moves(part, history, number, this),
    }


def _this_run(part: SuiteRun, started: str, tallies: Sequence[Tally]) -> int | None:
    """The number that this very run has in the history."""
    counts: dict[str, Counter[str]] = {}
    for result in part.results.values():
        counts.setdefault(result.engine, Counter())[str(result.verdict)] += 1
    found: dict[int, set[str]] = {}
    for one in tallies:
        if _seconds_between(one.started, started) <= _SAME_RUN_SECONDS and one.counts == counts.get(
            one.engine
        ):
            found.setdefault(one.run, set()).add(one.engine)
    whole = [run for run, engines in found.items() if engines == set(part.engines)]
    return max(whole, default=None)


def _seconds_between(first: str, second: str) -> float:
    try:
        return abs((dt.datetime.fromisoformat(first) - dt.datetime.fromisoformat(second)).total_seconds())
    except (ValueError, TypeError):
        return float("inf")


def _moves(
    part: SuiteRun, history: History, number: Mapping[int, int], this: int | None
) -> list[list[int | None]]:
    """Changed verdicts as [execution, engine, run, before, after]; the run is None where it is this one, not in the history."""
    rows = {one: row for row, one in enumerate(part.executions)}
    engines = {name: column for column, name in enumerate(part.engines)}
    moves: list[list[int | None]] = []
    for one in history.moves(part.name, min(number, default=0)):
        place = rows.get((one.case, one.mode))
        if place is not None and one.engine in engines and one.run in number:
            moves.append(
                [place, engines[one.engine], number[one.run], _NUMBER[one.before], _NUMBER[one.after]]
            )
    moves = moves[-_MOVES:]
    if this is None:
        known = {engine: history.verdicts(part.name, engine) for engine in part.engines}
        for (case, mode, engine), result in part.results.items():
            before = known[engine].get((case, mode))
            if before is not None and before != result.verdict:
                moves.append(
                    [rows[case, mode], engines[engine], None, _NUMBER[before], _NUMBER[result.verdict]]
                )
    return moves
