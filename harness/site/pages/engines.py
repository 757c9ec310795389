"""The page of an engine: what it passes, what it lost and gained, since when; and the same as a feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockstep.harness.reports.look.dates import day
from lockstep.harness.site.addresses import (
    badge_file,
    engine_page,
    language_page,
    suite_folder,
    suite_page,
    test_address,
    to_root,
)
from lockstep.harness.site.pages.tables import PartView, about, plotted, verdicts_in
from lockstep.harness.site.parts import Change, EngineView, Part
from lockstep.harness.site.rendering import render
from lockstep.reference.host.printable import printable_line

_LISTED = 100
_LONGEST_REASON = 240
# Others that it can be laid beside.
_OTHERS = 8
_LISTS: Sequence[tuple[str, str, Callable[[Change], bool]]] = (
    ("Lost", "down", lambda change: change.step < 0),
    ("Gained", "up", lambda change: change.step > 0),
    ("Otherwise", "", lambda change: change.step == 0),
)


def engine_page_of(views: Sequence[PartView], language: str, name: str, site: object) -> bytes:
    """The page of an engine; `views` are the parts that it ran any of."""
    root = to_root(engine_page(language, name))
    engines = [_of(view.part, name) for view in views]
    newest = max((engine.current for engine in engines), key=lambda one: one.started).engine
    versions = {
        one.engine.hash: one.started
        for one in sorted(
            (one for engine in engines for one in engine.snapshots), key=lambda one: one.started
        )
    }
    return render(
        "engine.html",
        site=site,
        root=root,
        view="engine",
        name=name,
        language=language,
        language_href=language_page(language),
        about=about(name, newest.version, newest.host),
        versions=sorted(versions.items(), key=lambda entry: entry[1], reverse=True)[:_OTHERS],
        suites=[_suite(view, name) for view in views],
        verdicts=verdicts_in(view.counts[_place(view.part, name)] for view in views),
    )


def _of(part: Part, name: str) -> EngineView:
    return part.engines[_place(part, name)]


def _place(part: Part, name: str) -> int:
    return next(place for place, engine in enumerate(part.engines) if engine.name == name)


def _suite(view: PartView, name: str) -> dict[str, object]:
    part = view.part
    place = _place(part, name)
    engine = part.engines[place]
    drawing, lines, _ = plotted([engine])
    return {
        "name": part.suite,
        "revision": part.revision,
        "href": suite_page(part.language, part.suite),
        "badge": badge_file(part.language, part.suite, name, "svg"),
        "counts": view.counts[place],
        "partial": view.partial(place),
        "drawing": drawing,
        "lines": lines,
        "lists": [
            (title, kind, [change_row(part, change) for change in found[-_LISTED:][::-1]], len(found))
            for title, kind, fits in _LISTS
            for found in [[change for change in engine.changes if fits(change)]]
            if found
        ],
        "calm": _calm(engine),
        "others": [
            (other.name, f"{suite_folder(part.language, part.suite)}/diff.html#left={number}&right={place}")
            for number, other in enumerate(part.engines)
            if number != place
        ][:_OTHERS],
    }


def _calm(engine: EngineView) -> str:
    seen = {point.started for point in engine.points}
    if len(seen) < 2:
        return f"Seen once, on {day(engine.current.started)}."
    return f"No verdict has changed since {day(min(seen))}."


def change_row(part: Part, change: Change) -> dict[str, object]:
    """A change as lists show it."""
    case, mode = part.executions[change.row]
    return {
        "case": case,
        "mode": mode,
        "href": test_address(part.language, part.suite, case),
        "before": change.before,
        "after": change.after,
        "started": change.started,
        "reason": printable_line(change.reason, _LONGEST_REASON),
        "revision": change.revision,
    }
