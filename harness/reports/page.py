"""A run as one HTML page that needs nothing else: tables, folders, reasons, and a search over what does not pass."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lockstep.harness.model import Result, Verdict
from lockstep.harness.reports.tables import run_notes
from lockstep.harness.store.record import Scope

_TEMPLATE = Path(__file__).with_name("page.html")
_PLACE = "/* the run */ null"


def write_page(path: Path, results: Sequence[Result], header: Mapping[str, Any], scope: Scope) -> None:
    """Write the page of a run.

    Args:
        path: the HTML file.
        results: the run's results.
        header: what the page says of the run: `started`, `revision` (suite -> revision), `engines` (name and hash).
        scope: how much of its suites the run holds.

    Raises:
        OSError: the file cannot be written.
    """
    data = {**header, "notes": run_notes(results, scope), **page_data(results)}
    # In a script element only the end of an element means anything.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_TEMPLATE.read_text("utf-8").replace(_PLACE, text), "utf-8")


def page_data(results: Iterable[Result]) -> dict[str, Any]:
    """What the page is made of.

    `columns` are pairs of suite and engine; `folders` counts verdicts for each folder and column; `cases` are those that some
    engine does not pass, each as [suite, case, mode, {column: [verdict, number of the reason]}]; `reasons` are texts.
    """
    columns: dict[tuple[str, str], int] = {}
    folders: dict[str, dict[int, Counter[str]]] = {}
    found: dict[tuple[str, str, str], dict[int, list[Any]]] = {}
    reasons: dict[str, int] = {}
    for result in results:
        column = columns.setdefault((result.suite, result.engine), len(columns))
        for folder in _folders(result):
            folders.setdefault(folder, {}).setdefault(column, Counter())[str(result.verdict)] += 1
        number = reasons.setdefault(result.reason, len(reasons))
        found.setdefault((result.suite, result.case, result.mode), {})[column] = [str(result.verdict), number]
    cases = [
        [*key, verdicts]
        for key, verdicts in sorted(found.items())
        if any(verdict != Verdict.PASS for verdict, _ in verdicts.values())
    ]
    return {
        "columns": [{"suite": suite, "engine": engine} for suite, engine in columns],
        "folders": {name: folders[name] for name in sorted(folders)},
        "cases": cases,
        "reasons": list(reasons),
        "verdicts": [str(verdict) for verdict in Verdict],
    }


def _folders(result: Result) -> list[str]:
    """The suite and every folder above a case, the innermost last."""
    parts = [result.suite, *result.case.split("/")[:-1]]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
