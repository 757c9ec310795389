"""What several pages show in the same way: matrices, rows of engines, causes, plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from lockstep.harness.model import Verdict
from lockstep.harness.reports.look.dates import day, moment
from lockstep.harness.reports.look.plot import PlotLine, PlotPoint, alike, plots_svg
from lockstep.harness.reports.tables import percent
from lockstep.harness.site.addresses import engine_page, test_address
from lockstep.harness.site.figures import CauseRow, Causes, Counter, Counts
from lockstep.harness.site.parts import NOT_RUN, EngineView, Folder, Part, Point

VERDICTS = tuple(map(str, Verdict))
# Engines that a cause names.
_NAMED = 4


@dataclass(frozen=True)
class Column:
    """The head of a matrix's column."""

    name: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a matrix; a cell is None where nothing ran."""

    name: str
    href: str
    total: int
    cells: Sequence[Counts | None]
    depth: int = 0


@dataclass(frozen=True)
class Table:
    """A matrix: what its rows are, what is counted, how addresses begin."""

    label: str
    what: str
    counted: str
    root: str
    columns: Sequence[Column]
    rows: Sequence[Row]


class PartView:
    """A part with what its pages share, each worked out once."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.counters = [Counter(part, engine) for engine in part.engines]
        self.causes = Causes(part)

    @cached_property
    def counts(self) -> list[Counts]:
        """Of each engine over the whole part."""
        return [counter.folder(self.part.top) for counter in self.counters]

    @property
    def snapshots(self) -> list[Any]:
        """The present one of each engine."""
        return [engine.current for engine in self.part.engines]

    def columns(self) -> list[Column]:
        """The heads of the engines' columns."""
        return [
            Column(engine.name, engine_page(self.part.language, engine.name), self.part_of(number))
            for number, engine in enumerate(self.part.engines)
        ]

    def part_of(self, number: int) -> str:
        """How much of the suite an engine has run; "" for all of it."""
        counts = self.counts[number]
        everything = len(self.part.executions)
        return "" if counts.total == everything else f"ran {percent(counts.total, everything)}"

    def partial(self, number: int) -> str:
        """The same in a sentence."""
        counts = self.counts[number]
        everything = len(self.part.executions)
        return "" if counts.total == everything else f"{counts.total:,} of {everything:,} ran"

    def row(self, name: str, href: str, folder: Folder, depth: int = 0) -> Row:
        """A row for a folder."""
        starts = self.part.starts
        cells = [counter.folder(folder) for counter in self.counters]
        return Row(name, href, starts[folder.last] - starts[folder.first], cells, depth)

    def cause_rows(self, folder: Folder, most: int, root: str) -> tuple[list[dict[str, object]], int]:
        """The commonest causes in a folder, as templates show them."""
        found, number = self.causes.rows(folder.first, folder.last, most, self.snapshots)
        several = len(self.part.engines) > 1
        return [
            {
                "verdict": row.verdict,
                "cause": row.cause,
                "number": row.number,
                "told": _told(row, several=several),
                "href": test_address(self.part.language, self.part.suite, row.example),
                "short": row.example.rpartition("/")[2],
                "root": root,
            }
            for row in found
        ], number


def _told(row: CauseRow, *, several: bool) -> str:
    folders = f"{row.folders:,} {'folder' if row.folders == 1 else 'folders'}"
    if not several:
        return folders
    names = ", ".join(f"{name} {number:,}" for name, number in row.engines[:_NAMED])
    more = f", {len(row.engines) - _NAMED} more" if len(row.engines) > _NAMED else ""
    return f"{names}{more}; {folders}"


def verdicts_in(counts: Iterable[Counts]) -> list[str]:
    """The verdicts that occur, in their order: what a legend explains."""
    seen = {verdict for found in counts for verdict, _ in found.named}
    return [verdict for verdict in VERDICTS if verdict in seen]


def engine_row(view: PartView, number: int) -> dict[str, object]:
    """An engine as a row of a list."""
    engine = view.part.engines[number]
    row = engine.current.engine
    return {
        "name": engine.name,
        "href": engine_page(view.part.language, engine.name),
        "hash": row.hash,
        "about": about(engine.name, row.version, row.host),
        "counts": view.counts[number],
        "partial": view.partial(number),
    }


def about(name: str, version: str, host: str) -> str:
    """Who an engine says it is."""
    return ", ".join(text for text in dict.fromkeys((version, host)) if text and text != name)


def plotted(engines: Sequence[EngineView]) -> tuple[Markup, list[dict[str, Any]], str]:
    """The plot of some engines, the same as rows of a table, and what is to be said below it."""
    lines, left_out = [], 0
    for engine in engines:
        present = len(engine.current.cells) - engine.current.cells.count(NOT_RUN)
        points = [point for point in engine.points if alike(point.total, present)]
        left_out += len(engine.points) - len(points)
        if len(points) > 1:
            lines.append((engine.name, points))
    told = (
        f"{left_out:,} {'count of a run' if left_out == 1 else 'counts of runs'} of another extent (a filter, a sample, another state of the suite) "
        f"{'is' if left_out == 1 else 'are'} not drawn: their shares cannot be compared with these."
        if left_out
        else ""
    )
    drawn = [PlotLine(name, [_plot_point(name, point) for point in points]) for name, points in lines]
    drawing = Markup(plots_svg(drawn))  # noqa: S704  # escaped where it is made
    if not drawing:
        return Markup(), [], ""
    rows = [{"name": name, "points": [_table_point(point) for point in points]} for name, points in lines]
    return drawing, rows, told


def _plot_point(name: str, point: Point) -> PlotPoint:
    told = (
        f"{name}, {moment(point.started)}: {point.passes:,} of {point.total:,}, {percent(point.passes, point.total)}; "
        f"suite {point.revision or 'without revision'}, engine {point.hash}"
    )
    return PlotPoint(point.started, point.passes, point.total, day(point.started), told)


def _table_point(point: Point) -> dict[str, object]:
    return {
        "started": point.started,
        "passes": point.passes,
        "total": point.total,
        "share": percent(point.passes, point.total),
        "revision": point.revision,
        "hash": point.hash,
    }
