"""`lockstep compare` and `lockstep diff`: one program on all engines, two engines on a suite, two runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tabulate import tabulate

from lockstep.harness.comparison import (
    Difference,
    compare_program,
    differences,
    differing_part,
    run_differences,
)
from lockstep.harness.engines.registry import EngineSpec, engines_of, resolve
from lockstep.harness.execution import Observation, Override, execute
from lockstep.harness.judge import describe
from lockstep.harness.model import MissingError
from lockstep.harness.reports.tables import RunProgress, percent
from lockstep.harness.selection import Selection, plan
from lockstep.harness.store.divergences import Divergence, read_divergences
from lockstep.harness.store.record import RecordError, read_run
from lockstep.harness.suites import BUNDLED, open_suite
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.languages import UnknownEngineError, language_of

SAME, DIFFERENT, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
_LISTED = 50
_WIDEST_CELL = 72


def compare(language: str, program: Program, limits: Limits) -> int:
    """Run one program on every engine of a language that is installed; 1 if two of them differ."""
    try:
        names = engines_of(language_of(language))
    except UnknownEngineError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    engines: list[EngineSpec] = []
    for name in names:
        try:
            engines.append(resolve(name))
        except MissingError as error:
            sys.stderr.write(f"left out: {error}\n")
    found = compare_program(engines, program, limits)
    first = found[0][1]
    rows = []
    same = True
    for engine, (name, outcome) in zip(engines, found, strict=True):
        part = differing_part(first, outcome, messages=engine.ours)
        same = same and part is None
        text = outcome.output.rstrip("\n")
        ending = "" if outcome.completion == "completed" else describe(outcome)
        mark = "" if part is None else f"differs: {part[0]}"
        rows.append([name, "\n".join(piece for piece in (text, ending) if piece), f"{outcome.ms:.1f}", mark])
    print(
        tabulate(
            rows,
            headers=["engine", "output", "ms", ""],
            disable_numparse=True,
            maxcolwidths=[None, 100, None, None],
        )
    )
    return SAME if same else DIFFERENT


def diff_engines(
    left_name: str,
    right_name: str,
    suites: tuple[str, ...],
    selection: Selection,
    workers: int,
    override: Override,
    host: str | None,
) -> int:
    """Run the cases of `suites` on two engines and list those on which they differ."""
    try:
        left, right = resolve(left_name, host), resolve(right_name, host)
        planned = plan([open_suite(name) for name in suites or BUNDLED], (left, right), selection)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if left.language != right.language:
        sys.stderr.write(f"{left.name} speaks {left.language}, {right.name} speaks {right.language}\n")
        return USAGE
    if planned.missing:
        sys.stderr.write("\n".join(planned.missing) + "\n")
        return MISSING
    total = len(planned.executions) // 2
    if not total:
        sys.stderr.write("nothing to compare: no case matches\n")
        return SAME
    found: list[Difference] = []
    try:
        with (
            closing(execute(planned.executions, workers, override)) as observed,  # type: ignore[type-var]  # a generator
            RunProgress(len(planned.executions)) as progress,
        ):
            found.extend(differences(_counted(observed, progress), left, right))
    except KeyboardInterrupt:
        _print_differences(found, left.name, right.name, total, {})
        return INTERRUPTED
    accepted = {
        (one.suite, one.case): row
        for one in found
        for row in read_divergences()
        if row.covers(left.name, right.name, one.suite, one.case)
    }
    _print_differences(found, left.name, right.name, total, accepted)
    return DIFFERENT if any((one.suite, one.case) not in accepted for one in found) else SAME


def _counted(observed: Iterator[Observation], progress: RunProgress) -> Iterator[Observation]:
    for one in observed:
        progress.add(one.result)
        yield one


def _print_differences(
    found: list[Difference], left: str, right: str, total: int, accepted: dict[tuple[str, str], Divergence]
) -> None:
    rows = []
    for one in sorted(found, key=lambda one: (one.cause, one.case, one.mode))[:_LISTED]:
        row = accepted.get((one.suite, one.case))
        cause = one.cause if row is None else f"{one.cause} (accepted: {row.reason})"
        rows.append([cause, f"{one.case} {one.mode}".strip(), _cell(one.left), _cell(one.right)])
    if rows:
        print(tabulate(rows, headers=["cause", "case", left, right], disable_numparse=True))
    if len(found) > _LISTED:
        print(f"... and {len(found) - _LISTED} more")
    same = total - len(found)
    print(f"{same} of {total} executions agree ({percent(same, total)}), {len(found)} differ")


def _cell(text: str) -> str:
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"


def diff_runs(left: Path, right: Path) -> int:
    """List the executions whose verdicts differ between two recorded runs."""
    try:
        before, after = read_run(left), read_run(right)
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    for path, run in ((left, before), (right, after)):
        if not run.complete:
            sys.stderr.write(f"{path} is partial: it has no footer; only cases that both hold are compared\n")
    found = run_differences(before, after)
    _print_differences(found, left.name, right.name, len(before.results), {})
    return DIFFERENT if found else SAME
