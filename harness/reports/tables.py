"""What a person sees: progress while a run goes on, and tables when it is over."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tabulate import tabulate

from lockstep.harness.causes import causes_of
from lockstep.harness.model import FAILURES, Result, Verdict
from lockstep.harness.records.record import Scope
from lockstep.harness.status.changes import Changes
from lockstep.harness.status.status import Status
from lockstep.reference.host.printable import printable_line

if TYPE_CHECKING:
    from rich.progress import Progress

_PLAIN_SECONDS = 15.0
_LISTED = 20
_LONGEST_REASON = 400
_CAUSES = 10
_LONGEST_CAUSE = 120


class RunProgress:
    """Progress with the time left: a bar on a terminal, a plain line now and then elsewhere (on stderr)."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._started = self._last = time.monotonic()
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            self._bar = _bar()

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("running", total=self._total, failed=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def add(self, result: Result) -> None:
        """Count one result, the last that an execution has."""
        self._done += 1
        self._failed += result.verdict is not Verdict.PASS
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, failed=self._failed, description=result.engine)
            return
        at = time.monotonic()
        if at - self._last >= _PLAIN_SECONDS:
            self._last = at
            left = (at - self._started) / self._done * (self._total - self._done)
            sys.stderr.write(
                f"{self._done}/{self._total} {result.engine}, {self._failed} not passing, {left:.0f} s left\n"
            )
            sys.stderr.flush()


def _bar() -> Progress:
    from rich import progress  # for terminals only: it takes as long as all the rest
    from rich.console import Console  # likewise

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[failed]} not passing"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def counts_table(
    counts: Mapping[tuple[str, str], Mapping[str, int]],
    floors: Mapping[tuple[str, str], int | str] | None = None,
) -> str:
    """A row per suite and engine: how many of each verdict, and the share that passes.

    `floors` has, for a suite and engine, how many of the executions an engine that does nothing would pass, or their share.
    """
    floors = {} if floors is None else floors
    verdicts = [verdict for verdict in Verdict if any(row.get(str(verdict)) for row in counts.values())]
    if Verdict.PASS not in verdicts:
        verdicts.insert(0, Verdict.PASS)
    rows = []
    for (suite, engine), row in counts.items():
        total = sum(row.get(str(verdict), 0) for verdict in Verdict)
        cells = [row.get(str(verdict), 0) or "" for verdict in verdicts]
        idle = floors.get((suite, engine), 0)
        floor = [idle if isinstance(idle, str) else percent(idle, total)] if floors else []
        rows.append([suite, engine, *cells, total, percent(row.get("pass", 0), total), *floor])
    headers = ["suite", "engine", *map(str, verdicts), "total", "passing", *(["idle"] if floors else [])]
    return tabulate(rows, headers=headers, colalign=("left", "left"))


def floors_by_suite(results: Iterable[Result]) -> dict[tuple[str, str], int]:
    """How many executions an engine that does nothing would pass, by suite and engine; only where it would pass any."""
    return dict(Counter((result.suite, result.engine) for result in results if result.vacuous))


def run_notes(results: Sequence[Result], scope: Scope) -> list[str]:
    """What must stand beside the numbers of a run: that it is partial, and where passing means little."""
    notes = [str(scope)] if not scope.whole else []
    totals = Counter(result.suite for result in results)
    idle = Counter(result.suite for result in results if result.vacuous)
    notes += [
        f"{suite}: a null engine passes {percent(idle[suite], totals[suite])} of these executions"
        for suite in totals
        if idle[suite] > totals[suite] * _HIGH_FLOOR
    ]
    return notes


def percent(part: int, whole: int) -> str:
    """A share in per cent; never rounded up to 100."""
    if not whole:
        return "-"
    share = 100 * part / whole
    return "100 %" if part == whole else f"{min(share, 99.9):.1f} %"


def count_by_suite(results: Iterable[Result]) -> dict[tuple[str, str], dict[str, int]]:
    """How many of each verdict, by suite and engine."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        counts.setdefault((result.suite, result.engine), Counter())[str(result.verdict)] += 1
    return {key: dict(counter) for key, counter in counts.items()}


def result_line(result: Result) -> str:
    """One execution with its verdict, in one line."""
    mode = f" [{result.mode}]" if result.mode else ""
    reason = f"  {printable_line(result.reason, _LONGEST_REASON)}" if result.reason else ""
    return f"{result.verdict:<11} {result.engine}  {result.case}{mode}{reason}"


def listing(
    title: str, results: Sequence[Result], limit: int = _LISTED, remarks: Mapping[Any, str] | None = None
) -> str:
    """Some results below a title, and how many there are in all; `remarks` stand beside those whose key they have."""
    if not results:
        return ""
    lines = [f"{title}: {len(results)}"]
    for result in results[:limit]:
        remark = (remarks or {}).get(result.key)
        lines.append(f"  {result_line(result)}{f'  ({remark})' if remark else ''}")
    if len(results) > limit:
        lines.append(f"  ... and {len(results) - limit} more (--output FILE records them all)")
    return "\n".join(lines)


def tries_text(tries: Mapping[str, int]) -> str:
    """How often something ended how: `pass 8, fail 2`."""
    return ", ".join(f"{verdict} {number}" for verdict, number in tries.items())


def flaky_listing(title: str, results: Sequence[Result], limit: int = _LISTED) -> str:
    """Executions that ended in different ways, and how often in which."""
    if not results:
        return ""
    lines = [f"{title}: {len(results)}"]
    for result in results[:limit]:
        mode = f" [{result.mode}]" if result.mode else ""
        lines.append(f"  {tries_text(result.tries)}  {result.engine}  {result.case}{mode}")
    if len(results) > limit:
        lines.append(f"  ... and {len(results) - limit} more (--output FILE records them all)")
    return "\n".join(lines)


def causes_text(results: Iterable[Result], limit: int = _CAUSES) -> str:
    """Why executions do not pass: the commonest causes, each with an example; "" where all pass."""
    failing = [result for result in results if result.verdict in FAILURES]
    if not failing:
        return ""
    groups = causes_of(failing)
    lines = [f"Causes of {len(failing)} failures: {len(groups)}"]
    for group in groups[:limit]:
        verdict, cause = group.cause
        shown = printable_line(cause, _LONGEST_CAUSE) or "(no reason)"
        lines.append(f"  {len(group.members):>6}  {verdict:<7}  {shown}  ({group.example.case})")
    if len(groups) > limit:
        lines.append(f"  ... and {len(groups) - limit} more (--html FILE shows them all)")
    return "\n".join(lines)


def durations_text(results: Iterable[Result], number: int) -> str:
    """The executions that took longest."""
    longest = sorted(results, key=lambda result: result.ms, reverse=True)[:number]
    lines = [f"Slowest executions: {len(longest)}"]
    for result in longest:
        mode = f" [{result.mode}]" if result.mode else ""
        lines.append(f"  {result.ms / 1000:>8.2f} s  {result.engine}  {result.case}{mode}  {result.verdict}")
    return "\n".join(lines)


def missing_listing(changes: Changes, limit: int = _LISTED) -> str:
    """What is known and no longer there."""
    if not changes.missing:
        return ""
    lines = [f"Known, and no longer in the suite: {len(changes.missing)}"]
    lines += [f"  {one.suite}  {one.engine}  {one.what}" for one in changes.missing[:limit]]
    if len(changes.missing) > limit:
        lines.append(f"  ... and {len(changes.missing) - limit} more")
    return "\n".join(lines)


def changes_text(changes: Changes, *, new_failures: bool = True) -> str:
    """How a run differs from status, in paragraphs; empty if it does not."""
    parts = (
        listing("Regressions", changes.regressions, remarks=changes.remarks),
        listing("Known failures that end worse now", changes.worse),
        listing("Unexpected passes (--update-status records them)", changes.improvements),
        listing("Failures that no status file speaks of", changes.new_failures) if new_failures else "",
        flaky_listing("Flaky: ended in different ways when run more than once", changes.flaky),
        listing("Known to be flaky, and not passing this time", changes.known_flaky),
        missing_listing(changes),
    )
    return "\n\n".join(part for part in parts if part)


def status_table(statuses: Sequence[Status]) -> str:
    """A row per suite and engine, from status files."""
    counts: dict[tuple[str, str], Mapping[str, int]] = {}
    floors: dict[tuple[str, str], str] = {}
    for status in statuses:
        for engine, row in status.counts.items():
            counts[status.suite, engine] = {name: number for name, number in row.items() if name != "total"}
            floor = status.floor.get(engine)
            # Of an engine that ran before floors were measured nothing is known.
            known = percent(floor["passes"], floor["executions"]) if floor else ""
            floors[status.suite, engine] = known
    if not counts:
        return "no status yet: `lockstep run SUITE --update-status` writes it"
    notes = [note for status in statuses for note in [floor_note(status)] if note]
    return "\n\n".join(
        [
            counts_table(counts, floors if any(floors.values()) else None),
            *(["\n".join(notes)] if notes else []),
        ]
    )


# From such a share on, a suite says little by its passes alone.
_HIGH_FLOOR = 0.5


def floor_note(status: Status) -> str:
    """What must stand beside the numbers of a suite that an engine passes which does nothing; "" if it fails most of it."""
    rows = [row for engine, row in status.floor.items() if engine in status.counts and row["executions"]]
    high = max(rows, key=lambda row: row["passes"] / row["executions"], default=None)
    if high is None or high["passes"] <= high["executions"] * _HIGH_FLOOR:
        return ""
    return f"{status.suite}: a null engine passes {percent(high['passes'], high['executions'])}"


def groups_table(title: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    """A row per feature or folder, with the passes of every engine."""
    engines = sorted({engine for group in groups.values() for engine in group["counts"]})
    rows = [
        [
            name,
            group["status"],
            *(group["counts"].get(engine, "") for engine in engines),
            group.get("note", ""),
        ]
        for name, group in groups.items()
    ]
    # Counts are written passes/total: tabulate must not take them for numbers.
    return tabulate(rows, headers=[title, "status", *engines, "note"], disable_numparse=True)
