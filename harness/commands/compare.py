"""`lockstep compare` and `lockstep diff`: one program on all engines, two engines on a suite, two runs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tabulate import tabulate

from lockstep.harness.comparison import (
    Difference,
    compare_program,
    compare_runs,
    differences,
    differing_part,
)
from lockstep.harness.engines.registry import engines_of, resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observation, Override, execute
from lockstep.harness.judge import describe
from lockstep.harness.model import MissingError
from lockstep.harness.reports.tables import RunProgress, percent
from lockstep.harness.selection import Selection, plan
from lockstep.harness.store.divergences import Divergence, read_divergences
from lockstep.harness.store.record import RecordError, read_run
from lockstep.harness.store.yaml_file import YamlError
from lockstep.harness.suites import BUNDLED, open_suite
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable, printable_line
from lockstep.reference.languages import UnknownEngineError, language_of

SAME, DIFFERENT, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
_LISTED = 50
_WIDEST_CELL = 72
_WIDEST_LINE = 2000
_LINES = 200


def compare(language: str, program: Program, limits: Limits, names: tuple[str, ...] = ()) -> int:
    """Run one program on engines of a language, all that are installed or those named; 1 if two of them differ."""
    try:
        language = language_of(language)
    except UnknownEngineError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    engines: list[EngineSpec] = []
    missing = False
    for name in names or engines_of(language):
        try:
            engine = resolve(name)
        except MissingError as error:
            sys.stderr.write(f"left out: {error}\n")
            missing = missing or bool(names)
            continue
        if engine.language != language:
            sys.stderr.write(f"{engine.name} speaks {engine.language}, not {language}\n")
            return USAGE
        engines.append(engine)
    if not engines:
        return MISSING
    found = compare_program(engines, program, limits)
    first = found[0][1]
    rows = []
    same = True
    for engine, (name, outcome) in zip(engines, found, strict=True):
        part = differing_part(first, outcome, messages=engine.ours)
        same = same and part is None
        text = outcome.output.rstrip("\n")
        ending = "" if outcome.completion == "completed" else describe(outcome)
        if outcome.unhandled is not None:
            ending = f"unhandled rejection: {describe(outcome.unhandled)}"
        mark = "" if part is None else f"differs: {part[0]}"
        shown = "\n".join(piece for piece in (_screenful(text), ending) if piece)
        rows.append([name, shown, f"{outcome.ms:.1f}", mark])
    print(
        tabulate(
            rows,
            headers=["engine", "output", "ms", ""],
            disable_numparse=True,
            maxcolwidths=[None, 100, None, None],
        )
    )
    if not same:
        return DIFFERENT
    return MISSING if missing else SAME


def _screenful(text: str) -> str:
    """The head of what a program wrote, as a terminal can show it."""
    lines = text.split("\n")
    shown = [printable(line, _WIDEST_LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"… ({len(lines):,} lines)")
    return "\n".join(shown)


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
        rows = read_divergences()
        left, right = resolve(left_name, host), resolve(right_name, host)
        planned = plan([open_suite(name) for name in suites or BUNDLED], (left, right), selection)
    except (MissingError, YamlError) as error:
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
        sys.stderr.write(f"nothing to compare: no case matches {selection}\n")
        return USAGE
    found: list[Difference] = []
    problems: list[str] = []
    how = Execute(workers, override, on_problem=problems.append)
    seen: Counter[str] = Counter()
    try:
        with (
            closing(execute(planned.executions, how)) as observed,  # type: ignore[type-var]  # a generator
            RunProgress(len(planned.executions)) as progress,
        ):
            found.extend(differences(_counted(observed, progress, seen), left, right))
    except KeyboardInterrupt:
        both = min(seen[left.name], seen[right.name])
        _print_differences(found, left.name, right.name, both, {})
        sys.stderr.write(f"interrupted after {both} of {total} executions\n")
        return INTERRUPTED
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    accepted = {
        (one.suite, one.case): row
        for one in found
        for row in rows
        if row.covers(left.name, right.name, one.suite, one.case)
    }
    both = min(seen[left.name], seen[right.name])
    lacking = [part for side in (left, right) for part in _lacking(side.name, total - seen[side.name])]
    _print_differences(found, left.name, right.name, both, accepted, lacking)
    if any((one.suite, one.case) not in accepted for one in found):
        return DIFFERENT
    return MISSING if problems else SAME


def _counted(
    observed: Iterator[Observation], progress: RunProgress, seen: Counter[str]
) -> Iterator[Observation]:
    for one in observed:
        if one.final:
            progress.add(one.result)
            seen[one.execution.engine.name] += 1
        yield one


def _print_differences(
    found: list[Difference],
    left: str,
    right: str,
    total: int,
    accepted: dict[tuple[str, str], Divergence],
    lacking: Sequence[str] = (),
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
    counted = [
        f"{same} of {total} executions agree ({percent(same, total)})",
        f"{len(found)} differ",
        *lacking,
    ]
    print(", ".join(counted))


def _cell(text: str) -> str:
    shown = printable_line(text)
    return shown if len(shown) <= _WIDEST_CELL else shown[: _WIDEST_CELL - 1] + "…"


def diff_runs(left: Path, right: Path) -> int:
    """List the executions whose verdicts differ between two recorded runs."""
    try:
        before, after = read_run(left), read_run(right)
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    for path, run in ((left, before), (right, after)):
        if not run.scope.whole:
            sys.stderr.write(f"{path}: {run.scope}\n")
    found = compare_runs(before, after)
    lacking = [*_lacking(left.name, len(found.only_right)), *_lacking(right.name, len(found.only_left))]
    _print_differences(found.differences, left.name, right.name, found.shared, {}, lacking)
    return DIFFERENT if found.differences or lacking else SAME


def _lacking(side: str, number: int) -> list[str]:
    """What is said of executions that one side lacks: they neither agree nor differ."""
    return [f"{number} that {side} lacks"] if number else []
