"""Writes a run as one HTML page: template, style and scripts with the run's data packed inside."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from lockstep.harness.engines.registry import all_names
from lockstep.harness.messages import RecordHeader
from lockstep.harness.model import MissingError, Result, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.records.record import Scope, now
from lockstep.harness.reports.look.packing import packed, unpacked
from lockstep.harness.reports.look.parts import joined, part, shared_scripts
from lockstep.harness.reports.page.data import FORMAT, VERDICTS, SuiteRun, columns, split_by_suite
from lockstep.harness.reports.page.past import told_by_history
from lockstep.harness.reports.page.plotting import plotted
from lockstep.harness.reports.page.shelf import Shelf, printed, told_by_suite
from lockstep.harness.reports.tables import count_by_suite, percent, run_notes
from lockstep.harness.suites import open_suite

# After those that every page has; in the order in which the browser reads them: each uses only what stands before it.
SCRIPTS = (
    "address", "engines", "matrix", "causes", "plot", "list", "test", "keys", "views",
)  # fmt: skip
_HERE = "lockstep.harness.reports.page"
_SLOT = re.compile(r"<!--(\w+)-->|/\*(\w+)\*/")
_BLOCK = '<script type="application/octet-stream" id="{}">'


def write_page(
    path: Path, results: Sequence[Result], header: RecordHeader, scope: Scope, project: Project | None = None
) -> None:
    """Write the page of a run.

    Args:
        path: the HTML file.
        results: the run's results.
        header: the header of its record.
        scope: how much of its suites the run holds.
        project: where suites of one's own are named.

    Raises:
        OSError: the file cannot be written.
    """
    text = page_text(
        results,
        header,
        scope,
        lambda name: open_suite(name, project),
        "",
        lambda name: _is_named(name, project),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def page_text(
    results: Sequence[Result],
    header: RecordHeader,
    scope: Scope,
    opener: Callable[[str], Suite],
    store: str | None,
    named: Callable[[str], bool] = lambda _: True,
) -> str:
    """The text of the page.

    Args:
        results: as `write_page` has them.
        header: likewise.
        scope: likewise.
        opener: finds a suite's files; it raises MissingError where they are not here.
        store: where the history is, as `told_by_history` takes it.
        named: whether `--engine NAME` is enough to start an engine.
    """
    shelf = Shelf()
    engines = [engine.name for engine in header.engines]
    suites = [
        {
            **columns(run_part),
            "revision": header.revision.get(run_part.name, ""),
            **told_by_suite(run_part, _opened(run_part.name, opener), shelf),
            **printed(run_part, shelf),
            **_past(run_part, header, store),
        }
        for run_part in split_by_suite(results, engines)
    ]
    notes = run_notes(results, scope)
    run = {
        "format": FORMAT,
        "made": now(),
        "started": header.started,
        "notes": notes,
        "options": scope.options,
        "whole": scope.whole,
        "complete": scope.complete,
        "done": scope.done,
        "planned": scope.planned,
        "verdicts": list(VERDICTS),
        "engines": [
            {**msgspec.to_builtins(engine), "named": named(engine.name)} for engine in header.engines
        ],
        "suites": suites,
    }
    slots = {
        "title": html.escape(f"{', '.join(suite['name'] for suite in suites)} - Lockstep"),
        "plain": _plain(results, notes),
        "style": part("style.css"),
        "glyphs": part("glyphs.html").rstrip(),
        "script": script(),
        "run": packed(run),
        "texts": packed(shelf.texts),
    }
    # One pass: what is put in is never read again.
    return _SLOT.sub(lambda slot: slots.get(slot[1] or slot[2], slot[0]), part("template.html", _HERE))


def _past(part: SuiteRun, header: RecordHeader, store: str | None) -> dict[str, Any]:
    """What the history tells, and the plot of it."""
    told = told_by_history(part, header.started, store)
    hashes = {engine.name: engine.hash for engine in header.engines}
    return {**told, **plotted(part, told, header.revision.get(part.name, ""), hashes)}


def script() -> str:
    """The page's script: its modules in one, without what joins them when they are apart."""
    return joined([*shared_scripts(), *(part(f"scripts/{name}.js", _HERE) for name in SCRIPTS)])


def read_page(text: str, block: str = "run") -> Any:
    """The data in a page: its `run`, or the `texts` of its tests.

    Raises:
        ValueError: it is no page of ours.
    """
    _, found, rest = text.partition(_BLOCK.format(block))
    content, ended, _ = rest.partition("</script>")
    if not found or not ended:
        raise ValueError(f"no page of a run: it has no block {block}")
    return unpacked(content)


def _is_named(name: str, project: Project | None) -> bool:
    """Whether an engine has a name of its own, rather than one given with a command on the command line."""
    own = project.engines if project is not None else {}
    return name in all_names() or name in own or shutil.which(name) is not None


def _opened(name: str, opener: Callable[[str], Suite]) -> Suite | None:
    try:
        return opener(name)
    except (MissingError, OSError):
        return None


def _plain(results: Iterable[Result], notes: Iterable[str]) -> str:
    """The counts for a reader without scripts."""
    rows = "".join(
        f"<tr><td>{html.escape(suite)}<td>{html.escape(engine)}<td>{row.get('pass', 0):,} of {sum(row.values()):,}"
        f"<td>{percent(row.get('pass', 0), sum(row.values()))}"
        for (suite, engine), row in count_by_suite(results).items()
    )
    said = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return f"{said}<table><tr><th>suite<th>engine<th>pass<th>share{rows}</table>"
