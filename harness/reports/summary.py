"""A run as Markdown: what CI systems show as the summary of a job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from lockstep.harness.causes import causes_of
from lockstep.harness.model import FAILURES, Result, Verdict
from lockstep.harness.records.record import Scope
from lockstep.harness.reports.tables import count_by_suite, percent, run_notes, tries_text
from lockstep.harness.status.changes import Changes
from lockstep.reference.host.printable import printable_line

# More lines help nobody on that page; the record has them all.
_LISTED = 50
_LONGEST_REASON = 400
_CAUSES = 20


def write_summary(path: Path, results: Sequence[Result], changes: Changes, scope: Scope) -> None:
    """Add a summary to the end of `path`, as CI systems want it: counts, then what is not as status/ has it.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(summary(results, changes, scope))


def summary(results: Sequence[Result], changes: Changes, scope: Scope) -> str:
    """The text of the summary."""
    parts = [
        "## Lockstep\n",
        _counts(results),
        *(f"**{_plain(note[0].upper() + note[1:])}.**\n" for note in run_notes(results, scope)),
        _listed("Regressions", changes.regressions),
        _listed("Known failures that end worse now", changes.worse),
        _listed("Unexpected passes", changes.improvements),
        _listed("Failures that no status file speaks of", changes.new_failures),
        _flaky(changes.flaky),
        _missing(changes),
        _causes(results),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _counts(results: Sequence[Result]) -> str:
    counts = count_by_suite(results)
    verdicts = [verdict for verdict in Verdict if any(row.get(verdict) for row in counts.values())]
    rows = [
        [suite, _plain(engine), *(row.get(verdict, "") for verdict in verdicts), _share(row)]
        for (suite, engine), row in counts.items()
    ]
    headers = ["suite", "engine", *map(str, verdicts), "passing"]
    return tabulate(rows, headers=headers, tablefmt="github", disable_numparse=True) + "\n"


def _share(row: dict[str, int]) -> str:
    return percent(row.get(Verdict.PASS, 0), sum(row.values()))


def _listed(title: str, results: Sequence[Result]) -> str:
    if not results:
        return ""
    lines = [f"### {title}: {len(results)}\n"]
    for result in results[:_LISTED]:
        mode = f" [{result.mode}]" if result.mode else ""
        reason = f": {_plain(printable_line(result.reason, _LONGEST_REASON))}" if result.reason else ""
        lines.append(f"- {_code(result.case)}{mode} on {_plain(result.engine)}, {result.verdict}{reason}")
    if len(results) > _LISTED:
        lines.append(f"- and {len(results) - _LISTED} more")
    return "\n".join(lines) + "\n"


def _flaky(results: Sequence[Result]) -> str:
    if not results:
        return ""
    lines = [f"### Flaky: {len(results)}\n"]
    lines += [
        f"- {_code(one.case)} on {_plain(one.engine)}: {tries_text(one.tries)}" for one in results[:_LISTED]
    ]
    return "\n".join(lines) + "\n"


def _missing(changes: Changes) -> str:
    if not changes.missing:
        return ""
    lines = [f"### Known, and no longer in the suite: {len(changes.missing)}\n"]
    lines += [f"- {_plain(f'{one.suite}, {one.engine}: {one.what}')}" for one in changes.missing[:_LISTED]]
    return "\n".join(lines) + "\n"


def _causes(results: Sequence[Result]) -> str:
    """The commonest causes of failures, folded away: the known ones are among them."""
    failing = [result for result in results if result.verdict in FAILURES]
    groups = causes_of(failing)[:_CAUSES]
    if not groups:
        return ""
    rows = [
        [
            len(group.members),
            group.cause[0],
            _plain(printable_line(group.cause[1], _LONGEST_REASON)),
            _code(group.example.case),
        ]
        for group in groups
    ]
    table = tabulate(
        rows, headers=["", "verdict", "cause", "example"], tablefmt="github", disable_numparse=True
    )
    return f"<details><summary>Causes of {len(failing)} failures</summary>\n\n{table}\n\n</details>\n"


def _code(text: str) -> str:
    """Text as code; what would end it is left to be read as text."""
    return _plain(text) if "`" in text else f"`{text}`"


def _plain(text: str) -> str:
    """Text in which Markdown finds nothing of its own."""
    return "".join("\\" + character if character in r"\`*_{}[]<>#|~" else character for character in text)
