"""The whole site: every file of it by its path, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import msgspec

from lockstep.harness.reports.badge import badge
from lockstep.harness.reports.look.packing import packed, packed_json
from lockstep.harness.reports.look.parts import joined, part, shared_scripts
from lockstep.harness.schema import FOLDER as SCHEMAS
from lockstep.harness.site.addresses import (
    badge_file,
    engine_page,
    feed_file,
    folder_page,
    language_page,
    suite_folder,
    suite_page,
)
from lockstep.harness.site.columns import columns_data, names_data
from lockstep.harness.site.contents import changes_data, site_data, suite_data
from lockstep.harness.site.data import encoded
from lockstep.harness.site.feeds import feed
from lockstep.harness.site.pages.data import data_page
from lockstep.harness.site.pages.engines import engine_page_of
from lockstep.harness.site.pages.home import by_language, home_page, language_page_of
from lockstep.harness.site.pages.parity import parities_page, parity_page
from lockstep.harness.site.pages.scripted import diff_page, search_page, test_page
from lockstep.harness.site.pages.suites import (
    features_page_of,
    folder_page_of,
    suite_page_of,
    top_tests_page,
)
from lockstep.harness.site.pages.tables import PartView
from lockstep.harness.site.parity import Parity
from lockstep.harness.site.parts import Part
from lockstep.harness.site.shards import Shards

# In the order in which the browser reads them, after those that every page has.
SCRIPTS = ("loading", "search", "test", "comparison", "keys", "start")
_HERE = "lockstep.harness.site"
SCHEMA_FILES = (
    "site",
    "site-suite",
    "site-changes",
    "site-names",
    "site-columns",
    "site-tests",
    "site-parity",
)

Maker = Callable[[], bytes]


@dataclass(frozen=True)
class About:
    """What every page says of the site.

    Attributes:
        title: of the site.
        base: its address, with a `/` at its end; "" where it is not known.
        made: the newest moment in what it is made from.
        parity: whether it has matrices of names.
        stamp: changes when the site does, where a server makes it; else "".
    """

    title: str
    base: str
    made: str
    parity: bool
    stamp: str = ""


class Site:
    """The files of the site.

    Args:
        parts: what it shows.
        title: of the site.
        base: its address, where feeds are to link to it.
        parities: matrices of names.
        named: whether a name of an engine is enough to start it.
        stamp: as `About` has it.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        title: str,
        base: str = "",
        parities: Sequence[Parity] = (),
        named: Callable[[str], bool] = lambda _: True,
        stamp: str = "",
    ) -> None:
        made = max((engine.current.started for one in parts for engine in one.engines), default="")
        self._about = About(
            title, base if not base or base.endswith("/") else f"{base}/", made, bool(parities), stamp
        )
        self._views = [PartView(one) for one in parts]
        self._parities = parities
        self._named = named

    @property
    def paths(self) -> list[str]:
        """Every file."""
        return list(self._makers)

    def content(self, path: str) -> bytes | None:
        """The content of a file; None if there is none of that path."""
        maker = self._makers.get(path)
        return None if maker is None else maker()

    @cached_property
    def _makers(self) -> dict[str, Maker]:
        return dict(self._all())

    def _all(self) -> Iterator[tuple[str, Maker]]:
        yield "index.html", partial(home_page, self._views, self._about)
        yield "search.html", partial(search_page, self._views, self._about)
        yield "site.css", _style
        yield "site.js", _script
        yield from self._of_languages()
        for view in self._views:
            yield from self._of_part(view)
        yield from self._of_engines()
        yield from self._of_parities()
        yield from self._of_data()

    def _of_languages(self) -> Iterator[tuple[str, Maker]]:
        for language, views in by_language(self._views).items():
            yield language_page(language), partial(language_page_of, language, views, self._about)

    def _of_part(self, view: PartView) -> Iterator[tuple[str, Maker]]:
        one = view.part
        folder = suite_folder(one.language, one.suite)
        yield suite_page(one.language, one.suite), partial(suite_page_of, view, self._about)
        if one.features:
            yield f"{folder}/features.html", partial(features_page_of, view, self._about)
        for path, inner in one.folders.items():
            if path:
                yield (
                    folder_page(one.language, one.suite, path),
                    partial(folder_page_of, view, inner, self._about),
                )
        if one.top.own:
            yield top_tests_page(one), partial(folder_page_of, view, one.top, self._about)
        shards = Shards(one, self._named)
        yield f"{folder}/test.html", partial(test_page, one, self._about)
        yield f"{folder}/diff.html", partial(diff_page, one, self._about)
        yield f"{folder}/tests/index.js", lambda: _loaded(f"{folder}/tests/index", packed(shards.firsts))
        for number in range(len(shards)):
            yield (
                f"{folder}/tests/{number}.js",
                partial(_packed, f"{folder}/tests/{number}", partial(shards.data, number)),
            )
        yield f"{folder}/names.js", partial(_packed, f"{folder}/names", partial(names_data, one))
        yield f"{folder}/columns.js", partial(_packed, f"{folder}/columns", partial(columns_data, one))
        yield f"{folder}/names.json", lambda: encoded(names_data(one))
        yield f"{folder}/columns.json", lambda: encoded(columns_data(one))
        yield f"{folder}/suite.json", lambda: encoded(suite_data(view))
        for engine, counts in zip(one.engines, view.counts, strict=True):
            for ending in ("svg", "json"):
                made = partial(
                    badge,
                    f"{one.suite} on {engine.name}",
                    counts.passes,
                    counts.total,
                    as_json=ending == "json",
                )
                yield badge_file(one.language, one.suite, engine.name, ending), made

    def _of_engines(self) -> Iterator[tuple[str, Maker]]:
        for (language, name), views in self._engines.items():
            page = engine_page(language, name)
            yield page, partial(engine_page_of, views, language, name, self._about)
            yield (
                feed_file(language, name),
                partial(feed, views, language, name, self._about.base, self._about.made),
            )
            yield page.replace("index.html", "changes.json"), partial(_changes, language, name, views)

    @cached_property
    def _engines(self) -> dict[tuple[str, str], list[PartView]]:
        """The engines, each with the parts that it ran any of."""
        found: dict[tuple[str, str], list[PartView]] = {}
        for language, views in by_language(self._views).items():
            for view in views:
                for engine in view.part.engines:
                    found.setdefault((language, engine.name), []).append(view)
        return dict(sorted(found.items()))

    def _of_parities(self) -> Iterator[tuple[str, Maker]]:
        if self._parities:
            yield "parity/index.html", partial(parities_page, self._parities, self._about)
        for one in self._parities:
            yield one.page, partial(parity_page, one, self._about)
            yield one.file, partial(_parity, one)

    def _of_data(self) -> Iterator[tuple[str, Maker]]:
        yield "data/site.json", lambda: encoded(site_data(self._about.title, self._about.made, self._views))
        for name in SCHEMA_FILES:
            yield f"data/schema/{name}.json", (SCHEMAS / f"{name}.json").read_bytes
        yield "data/index.html", partial(data_page, self._views, self._engines, self._parities, self._about)


def _changes(language: str, name: str, views: Sequence[PartView]) -> bytes:
    return encoded(changes_data(language, name, views))


def _parity(one: Parity) -> bytes:
    return encoded(one.data)


def _packed(key: str, data: Callable[[], msgspec.Struct]) -> bytes:
    return _loaded(key, packed_json(msgspec.json.encode(data())))


def _loaded(key: str, text: str) -> bytes:
    """A script that hands on packed data: what a page from a file may load as well."""
    return f"lockstepData({msgspec.json.encode(key).decode()}, `\n{text}\n`);\n".encode()


def _style() -> bytes:
    return (part("style.css") + part("site.css", _HERE)).encode("utf-8")


def _script() -> bytes:
    texts = [*shared_scripts(), *(part(f"scripts/{name}.js", _HERE) for name in SCRIPTS)]
    return f'"use strict";\n(() => {{\n{joined(texts)}\n}})();\n'.encode()
