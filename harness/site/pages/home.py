"""The first page, and the page of a language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lockstep.harness.site.addresses import engine_page, feed_file, language_page, suite_page, to_root
from lockstep.harness.site.pages.tables import (
    Column,
    PartView,
    Row,
    Table,
    engine_row,
    plotted,
    verdicts_in,
)
from lockstep.harness.site.rendering import render

_CHANGES = 14


def home_page(views: Sequence[PartView], site: object) -> bytes:
    """Languages with their suites and engines, and what changed last."""
    languages = by_language(views)
    engines = {(view.part.language, engine.name) for view in views for engine in view.part.engines}
    return render(
        "home.html",
        site=site,
        root="",
        view="home",
        counted={
            "suites": len({view.part.suite for view in views}),
            "engines": len(engines),
            "cases": sum(len(view.part.names) for view in views),
            "executions": sum(counts.total for view in views for counts in view.counts),
        },
        languages=[_language(name, found) for name, found in languages.items()],
        verdicts=verdicts_in(counts for view in views for counts in view.counts),
        changes=_changes(views)[:_CHANGES],
        feeds=[{"name": name, "href": feed_file(language, name)} for language, name in sorted(engines)],
    )


def by_language(views: Sequence[PartView]) -> Mapping[str, list[PartView]]:
    """The parts of each language, the largest suite first."""
    found: dict[str, list[PartView]] = {}
    for view in views:
        found.setdefault(view.part.language, []).append(view)
    return {
        language: sorted(found[language], key=lambda view: (-len(view.part.names), view.part.suite))
        for language in sorted(found)
    }


def _language(name: str, views: Sequence[PartView]) -> dict[str, object]:
    return {
        "name": name,
        "href": language_page(name),
        "engines": len({engine.name for view in views for engine in view.part.engines}),
        "suites": [
            {
                "name": view.part.suite,
                "revision": view.part.revision,
                "href": suite_page(name, view.part.suite),
                "cases": len(view.part.names),
                "rows": [engine_row(view, number) for number in range(len(view.part.engines))],
            }
            for view in views
        ],
    }


def _changes(views: Sequence[PartView]) -> list[dict[str, object]]:
    """What changed, by day, engine and suite, the newest first."""
    found: dict[tuple[str, str, str, str], Counter[int]] = {}
    for view in views:
        for engine in view.part.engines:
            for change in engine.changes:
                key = (change.started[:10], view.part.language, engine.name, view.part.suite)
                found.setdefault(key, Counter())[change.step] += 1
    return [
        {
            "day": day,
            "engine": engine,
            "href": engine_page(language, engine),
            "suite": suite,
            "suite_href": suite_page(language, suite),
            "gained": steps[1],
            "lost": steps[-1],
            "other": steps[0],
        }
        for (day, language, engine, suite), steps in sorted(
            found.items(), key=lambda entry: (entry[0][0], entry[0][1:]), reverse=True
        )
    ]


def language_page_of(language: str, views: Sequence[PartView], site: object) -> bytes:
    """The engines of a language on its suites."""
    root = to_root(language_page(language))
    names = list(dict.fromkeys(engine.name for view in views for engine in view.part.engines))
    rows = []
    for view in views:
        places = {engine.name: place for place, engine in enumerate(view.part.engines)}
        cells = [view.counts[places[name]] if name in places else None for name in names]
        rows.append(
            Row(view.part.suite, suite_page(language, view.part.suite), len(view.part.executions), cells)
        )
    columns = [Column(name, engine_page(language, name)) for name in names]
    return render(
        "language.html",
        site=site,
        root=root,
        view="language",
        language=language,
        engines=len(names),
        table=Table("Suites", "suite", "executions", root, columns, rows),
        verdicts=verdicts_in(counts for view in views for counts in view.counts),
        suites=[
            {
                "name": view.part.suite,
                "href": suite_page(language, view.part.suite),
                "drawing": plotted(view.part.engines)[0],
            }
            for view in views
        ],
    )
