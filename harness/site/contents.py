"""The JSON of what pages show: the whole site, a suite, an engine's changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.harness.site.addresses import suite_folder
from lockstep.harness.site.data import (
    SITE_FORMAT,
    CauseData,
    ChangeData,
    ChangesData,
    CountsData,
    EngineData,
    GroupData,
    PointData,
    SiteData,
    SuiteData,
    SuiteEntry,
)
from lockstep.harness.site.figures import Counts
from lockstep.harness.site.pages.tables import PartView

_CAUSES = 500


def site_data(title: str, made: str, views: Sequence[PartView]) -> SiteData:
    """The whole site in numbers."""
    return SiteData(SITE_FORMAT, title, made, tuple(map(_entry, views)))


def _entry(view: PartView) -> SuiteEntry:
    part = view.part
    return SuiteEntry(
        part.language,
        part.suite,
        part.revision,
        len(part.names),
        len(part.executions),
        _engines(view),
        f"{suite_folder(part.language, part.suite)}/suite.json",
    )


def _engines(view: PartView) -> tuple[EngineData, ...]:
    found = []
    for engine, counts in zip(view.part.engines, view.counts, strict=True):
        one = engine.current
        steps = [change.step for change in engine.changes]
        found.append(
            EngineData(
                engine.name,
                one.engine.version,
                one.engine.host,
                one.engine.hash,
                one.started,
                one.whole,
                _counts(counts),
                tuple(
                    PointData(point.started, point.passes, point.total, point.revision, point.hash)
                    for point in engine.points
                ),
                steps.count(1),
                steps.count(-1),
                steps.count(0),
            )
        )
    return tuple(found)


def _counts(counts: Counts) -> CountsData:
    return CountsData(dict(counts.named), counts.total, counts.idle, counts.measured)


def suite_data(view: PartView) -> SuiteData:
    """A suite with its folders, features and causes."""
    part = view.part
    causes, _ = view.causes.rows(0, len(part.names), _CAUSES, view.snapshots)
    return SuiteData(
        SITE_FORMAT,
        part.language,
        part.suite,
        part.revision,
        _engines(view),
        tuple(_folders(view)),
        tuple(
            GroupData(name, len(rows), _shares(view, [counter.rows(rows) for counter in view.counters]))
            for name, rows in part.features.items()
        ),
        tuple(
            CauseData(one.verdict, one.cause, one.number, dict(one.engines), one.example) for one in causes
        ),
    )


def _folders(view: PartView) -> Iterator[GroupData]:
    starts = view.part.starts
    for path, folder in view.part.folders.items():
        counts = [counter.folder(folder) for counter in view.counters]
        yield GroupData(path, starts[folder.last] - starts[folder.first], _shares(view, counts))


def _shares(view: PartView, counts: Sequence[Counts]) -> dict[str, tuple[int, int]]:
    return {
        engine.name: (found.passes, found.total)
        for engine, found in zip(view.part.engines, counts, strict=True)
        if found.total
    }


def changes_data(language: str, engine: str, views: Sequence[PartView]) -> ChangesData:
    """Every change of an engine's verdicts."""
    found = []
    for view in views:
        part = view.part
        for one in part.engines:
            if one.name != engine:
                continue
            for change in one.changes:
                case, mode = part.executions[change.row]
                found.append(
                    ChangeData(
                        language,
                        part.suite,
                        case,
                        mode,
                        change.started,
                        change.before,
                        change.after,
                        change.reason,
                        change.revision,
                    )
                )
    return ChangesData(SITE_FORMAT, language, engine, tuple(sorted(found, key=lambda one: one.started)))
