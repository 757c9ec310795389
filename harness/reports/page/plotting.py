"""The plot of a run's page: the share of each engine over the runs of the history, up to this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lockstep.harness.reports.look.dates import day, hour, moment
from lockstep.harness.reports.look.plot import PlotLine, PlotPoint, alike, plots_svg
from lockstep.harness.reports.page.data import VERDICTS, SuiteRun
from lockstep.harness.reports.tables import percent

_PASS = VERDICTS.index("pass")
# Sorts behind every number of a run.
_LAST = "~"
_THIS = "this run"


@dataclass(frozen=True)
class _Counted:
    """What a run counted; `started` is "" of this one, where the history does not have it."""

    run: str
    started: str
    passes: int
    total: int
    revision: str
    hash: str

    @property
    def when(self) -> str:
        return moment(self.started) if self.started else _THIS


def plotted(
    part: SuiteRun, past: Mapping[str, Any], revision: str, hashes: Mapping[str, str]
) -> dict[str, object]:
    """The drawing, its points as rows, and how many runs are left out; nothing without a history.

    Args:
        part: this run.
        past: what the history tells (`past.told_by_history`).
        revision: of the suite in this run.
        hashes: of the engines in it, by name.
    """
    if not past.get("runs"):
        return {}
    lines: dict[str, list[_Counted]] = {}
    left_out = 0
    for engine, told in zip(part.engines, past["lines"], strict=True):
        results = [one for one in part.results.values() if one.engine == engine]
        passes = sum(one.verdict == "pass" for one in results)
        points = [_counted(past["runs"], *row) for row in told]
        if past["this_run"] is None:
            points.append(_Counted(_LAST, "", passes, len(results), revision, hashes.get(engine, "")))
        lines[engine] = [point for point in points if alike(point.total, len(results))]
        left_out += len(points) - len(lines[engine])
    drawn = {engine: points for engine, points in lines.items() if points}
    days = {point.started[:10] for points in drawn.values() for point in points}
    label = day if len(days) > 1 else hour
    svg = plots_svg(
        [
            PlotLine(
                engine,
                [_point(engine, point, label(point.started) if point.started else _THIS) for point in points],
            )
            for engine, points in drawn.items()
        ]
    )
    rows = [
        [point.when, engine, point.passes, point.total, point.revision, point.hash]
        for engine, points in drawn.items()
        for point in points
    ]
    return {"plot": {"svg": svg, "rows": rows, "left_out": left_out}}


def _counted(
    runs: Sequence[Sequence[Any]], run: int, counts: Sequence[int], revision: str, digest: str
) -> _Counted:
    return _Counted(f"{run:08}", runs[run][1], counts[_PASS], sum(counts), revision, digest)


def _point(engine: str, point: _Counted, label: str) -> PlotPoint:
    told = (
        f"{engine}, {point.when}: {point.passes:,} of {point.total:,}, {percent(point.passes, point.total)}; "
        f"suite {point.revision or 'without revision'}, engine {point.hash}"
    )
    return PlotPoint(point.run, point.passes, point.total, label, told)
