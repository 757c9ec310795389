"""Runs for tests of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockstep.harness.messages import EngineRow, RecordHeader
from lockstep.harness.model import Location, Result, Verdict
from lockstep.harness.records.record import Run

ENGINES = (
    EngineRow("one", "javascript", "one 1.0", "C", "aaaa"),
    EngineRow("two", "javascript", "two 2.0", "C", "bbbb"),
)


def run_of(
    verdicts: Mapping[tuple[str, str], Sequence[Verdict]],
    started: str,
    *,
    complete: bool = True,
    options: str = "",
    ms: float = 2.5,
) -> Run:
    """A run: (suite, engine) -> the verdict of each case, `a/0`, `a/1` and so on, each in one mode."""
    results = [
        Result(
            suite,
            f"a/{number}",
            "",
            engine,
            verdict,
            "" if verdict is Verdict.PASS else f"{verdict} of {number} — Δ\\ud800",
            ms=ms + number,
            location=None if verdict is Verdict.PASS else Location("x.js", 3, 2),
            tries={"pass": 1, "fail": 2} if verdict is Verdict.FAIL else {},
        )
        for (suite, engine), found in verdicts.items()
        for number, verdict in enumerate(found)
    ]
    suites = dict.fromkeys(suite for suite, _ in verdicts)
    names = {engine for _, engine in verdicts}
    header = RecordHeader(
        1,
        ",".join(suites),
        dict.fromkeys(suites, "r1"),
        tuple(row for row in ENGINES if row.name in names),
        started,
        "partial" if options else "whole",
        options,
        planned=len(results) if complete else len(results) + 3,
    )
    run = Run(header, {result.key: result for result in results}, complete)
    run.finished = started.replace("T00", "T01") if complete else ""
    return run


def day(number: int) -> str:
    """Midnight of a day of a month long ago."""
    return f"2020-01-{number:02}T00:00:00+00:00"
