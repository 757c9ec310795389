"""The page that names everything for programs: JSON, schemas, feeds, badges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockstep.harness.site.addresses import badge_file, engine_page, feed_file, suite_folder
from lockstep.harness.site.pages.tables import PartView
from lockstep.harness.site.parity import Parity
from lockstep.harness.site.rendering import render

_PACKED = "deflated and in base64, since a page from a file can load nothing else; docs/site.md unpacks it"


def data_page(
    views: Sequence[PartView],
    engines: Mapping[tuple[str, str], Sequence[PartView]],
    parities: Sequence[Parity],
    site: object,
) -> bytes:
    """The page."""
    files = [_file("data/site.json", "suites, engines, counts, what earlier runs counted", "site")]
    for view in views:
        part = view.part
        folder = suite_folder(part.language, part.suite)
        what = f"{part.suite} in {part.language}"
        files += [
            _file(f"{folder}/suite.json", f"{what}: folders, features, causes", "site-suite"),
            _file(f"{folder}/names.json", f"{what}: every test and its features", "site-names"),
            _file(
                f"{folder}/columns.json", f"{what}: every verdict and reason of every state", "site-columns"
            ),
            _file(
                f"{folder}/tests/0.js",
                f"{what}: sources and outcomes of 64 tests, and so on; {_PACKED}",
                "site-tests",
            ),
        ]
    files += [
        _file(
            engine_page(language, name).replace("index.html", "changes.json"),
            f"{name}: what became of its verdicts",
            "site-changes",
        )
        for language, name in engines
    ]
    files += [_file(one.file, f"{one.title}: every name", "site-parity") for one in parities]
    return render(
        "data.html",
        site=site,
        root="../",
        view="data",
        files=files,
        engines=[
            {
                "name": name,
                "language": language,
                "href": engine_page(language, name),
                "feed": feed_file(language, name),
                "badges": [_badge(view, name) for view in found],
            }
            for (language, name), found in engines.items()
        ],
    )


def _file(path: str, holds: str, schema: str) -> dict[str, str]:
    return {"href": path, "holds": holds, "schema": f"data/schema/{schema}.json"}


def _badge(view: PartView, name: str) -> dict[str, str]:
    part = view.part
    place = next(place for place, engine in enumerate(part.engines) if engine.name == name)
    return {
        "href": badge_file(part.language, part.suite, name, "svg"),
        "label": f"{part.suite} on {name}: {view.counts[place].share}",
    }
