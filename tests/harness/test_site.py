"""The site: what is gathered from records, status files and the history, and the files that come of it."""

from __future__ import annotations

import gzip
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.harness.model import Case, Result, Task, Verdict
from lockstep.harness.records.record import Run
from lockstep.harness.reports.look.packing import unpacked
from lockstep.harness.reports.look.plot import PlotLine, PlotPoint, plot_svg
from lockstep.harness.site.addresses import slug
from lockstep.harness.site.data import (
    ChangesData,
    ColumnsData,
    NamesData,
    ShardData,
    SiteData,
    SuiteData,
)
from lockstep.harness.site.gathering import gather
from lockstep.harness.site.parts import Part
from lockstep.harness.site.shards import Shards
from lockstep.harness.site.stored import newest_run, read_stored
from lockstep.harness.site.writing import FolderError, write_site
from lockstep.harness.store.store import open_store
from tests.harness.black_box import fake, lockstep, run
from tests.harness.documents import root_of
from tests.harness.small_site import (
    EARLIER,
    HOSTILE_ENGINE,
    earlier_run,
    hostile_site,
    opener_of,
    small_site,
    whole_run,
)
from tests.harness.small_suite import ENGINES, HEADER, Small, results

SUITE = "suite/javascript/small"


def gathered(suite: Small, *runs: Any, **more: Any) -> Part:
    (part,) = gather(replace(opener_of(suite), runs=runs, **more))
    return part


@given(st.lists(st.text(max_size=130), min_size=2, max_size=6, unique=True))
def test_names_of_files_are_safe_and_never_two_the_same(names: list[str]) -> None:
    made = [slug(name) for name in names]
    assert len(set(made)) == len(names)
    for name in made:
        assert re.fullmatch(r"[A-Za-z0-9_+.~-]{1,140}", name)
        assert ".." not in name
        assert not name.startswith(".")


def test_changes_are_between_what_was_known_and_what_is(tmp_path: Path) -> None:
    suite = Small(tmp_path)
    part = gathered(suite, whole_run(results(suite)), earlier_run(suite))
    mine = next(engine for engine in part.engines if engine.name == "mine")
    steps = {part.executions[change.row]: change.step for change in mine.changes}
    assert steps == {
        ("deep/d.js", "sloppy"): 1,
        ("deep/a b.js", "sloppy"): -1,
        ("deep/a b.js", "strict"): -1,
        ("deep/b.js", "sloppy"): -1,
        ("deep/c.js", "sloppy"): -1,
        ("deep/er/d.js", "strict"): 0,
    }
    assert {change.started for change in mine.changes} == {HEADER.started}
    assert [(point.started, point.passes, point.total) for point in mine.points] == [
        (EARLIER, 16, 18),
        (HEADER.started, 13, 18),
    ]


def test_a_sample_is_no_state_of_the_suite(tmp_path: Path) -> None:
    """A run of a part is history, and can be laid beside others; what is shown is the newest that is whole."""
    suite = Small(tmp_path)
    sample = [
        replace_verdict(one) for one in results(suite) if one.case == "deep/b.js" and one.engine == "mine"
    ]
    later = tuple(msgspec.structs.replace(engine, hash="newer") for engine in ENGINES)
    part = gathered(suite, whole_run(results(suite)), whole_run(sample, later, "2026-12-05T00:00:00+00:00"))
    mine = next(engine for engine in part.engines if engine.name == "mine")
    assert (mine.current.engine.hash, mine.current.whole) == ("abc", True)
    assert [one.whole for one in mine.snapshots] == [True, False]
    assert {part.executions[change.row] for change in mine.changes} == {("deep/b.js", "strict")}


def replace_verdict(result: Result) -> Result:
    return msgspec.structs.replace(result, verdict=Verdict.FAIL, reason="broken")


def test_runs_of_one_version_are_one_state(tmp_path: Path) -> None:
    """Shards, and what was run again, are parts of one."""
    suite = Small(tmp_path)
    found = results(suite)
    halves = [[one for number, one in enumerate(found) if number % 2 == half] for half in (0, 1)]
    part = gathered(suite, *(whole_run(half) for half in halves))
    assert [len(engine.snapshots) for engine in part.engines] == [1, 1]
    assert all(engine.current.whole for engine in part.engines)


STATUS = """\
lockstep: 2
suite: small
revision: r1
engines:
  mine: {{language: javascript, version: fox 0.8, hash: {hash}, revision: r1, updated: '{day}'}}
counts:
  mine: {{pass: {passes}, fail: {fails}, total: 18}}
features: {{}}
folders: {{}}
known:
  mine:
    deep/er/**: 'fail: not there yet'
    deep/b.js: {{strict: 'fail: threw Error: no'}}
...
"""


def test_a_status_file_is_a_state(tmp_path: Path) -> None:
    suite = Small(tmp_path / "suite")
    folder = tmp_path / "status"
    folder.mkdir()
    (folder / "small.yaml").write_text(STATUS.format(hash="s1", day="2026-10-01", passes=9, fails=9))
    part = gathered(suite, statuses=(folder,))
    (mine,) = part.engines
    assert (mine.current.whole, mine.current.day, mine.current.engine.version) == (
        True,
        "2026-10-01",
        "fox 0.8",
    )
    failing = {
        part.executions[row]
        for row, result in mine.current.results.items()
        if result.verdict is not Verdict.PASS
    }
    assert failing == {("deep/b.js", "strict")} | {(f"deep/er/{name}.js", mode) for name in ("a b", "b", "c", "d") for mode in ("sloppy", "strict")}  # fmt: skip


def test_a_status_of_other_tests_gives_its_numbers_only(tmp_path: Path) -> None:
    """A status file holds what fails: of a test that it does not know it would say that it passes."""
    suite = Small(tmp_path / "suite")
    folder = tmp_path / "status"
    folder.mkdir()
    (folder / "small.yaml").write_text(STATUS.format(hash="s1", day="2026-10-01", passes=10, fails=9))
    said: list[str] = []
    part = gathered(suite, whole_run(results(suite)), statuses=(folder,), said=said.append)
    mine = next(engine for engine in part.engines if engine.name == "mine")
    assert len(mine.snapshots) == 1
    assert [point.started for point in mine.points] == ["2026-10-01", HEADER.started]
    assert len(said) == 1
    assert "other tests" in said[0]


def test_a_store_tells_states_and_when_verdicts_changed(tmp_path: Path, place: str) -> None:
    suite = Small(tmp_path / "suite")
    with open_store(place) as store:
        store.add(earlier_run(suite))
        store.add(whole_run(results(suite)))
    stored = read_stored(place)
    assert len(stored.runs) == 4
    part = gathered(suite, *stored.runs, past=stored.past)
    mine = next(engine for engine in part.engines if engine.name == "mine")
    assert [one.engine.hash for one in mine.snapshots] == ["old", "abc"]
    assert sorted(change.step for change in mine.changes) == [-1, -1, -1, -1, 0, 1]
    assert len(mine.points) == 2
    by_history = gathered(suite, whole_run(results(suite)), past=stored.past)
    told = next(engine for engine in by_history.engines if engine.name == "mine").changes
    assert [(one.row, one.started, one.before, one.after) for one in told] == [
        (one.row, one.started, one.before, one.after) for one in mine.changes
    ]
    assert newest_run(place) == 2


def test_of_a_store_come_the_last_whole_states_and_what_is_newer(tmp_path: Path, place: str) -> None:
    suite = Small(tmp_path / "suite")
    found = [one for one in results(suite) if one.engine == "mine"]

    def run_of(digest: str, day: int, *, whole: bool = True) -> Run:
        engines = (msgspec.structs.replace(ENGINES[0], hash=digest),)
        made = whole_run(found if whole else found[:3], engines, f"2026-12-{day:02}T00:00:00+00:00")
        return (
            made
            if whole
            else replace(
                made, header=msgspec.structs.replace(made.header, selection="partial", options="--sample 5")
            )
        )

    with open_store(place) as store:
        for day, (digest, whole) in enumerate(
            [("a", True), ("b", True), ("b", True), ("c", False), ("d", True), ("d", True), ("e", False)], 1
        ):
            store.add(run_of(digest, day, whole=whole))
    days = [run.header.started[8:10] for run in read_stored(place).runs]
    assert days == ["03", "06", "07"]


class Links(HTMLParser):
    """What a page refers to, and every tag in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.events: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action") and value is not None and tag != "use":
                self.found.append(value)
            if name.startswith("on"):
                self.events.append(name)
            if name == "id" and value is not None:
                self.ids.append(value)


def pages(site: Any) -> Iterator[tuple[str, Links]]:
    for path in site.paths:
        if path.endswith(".html"):
            links = Links()
            links.feed(site.content(path).decode())
            yield path, links


def test_every_link_leads_somewhere(tmp_path: Path) -> None:
    for site in (small_site(tmp_path), hostile_site()):
        paths = set(site.paths)
        for page, links in pages(site):
            assert len(links.ids) == len(set(links.ids)), page
            for link in links.found:
                parts = urlsplit(link)
                if parts.scheme or not parts.path:
                    continue
                target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
                assert target in paths, (page, link)


def test_what_guests_wrote_is_never_markup() -> None:
    for page, links in pages(hostile_site()):
        assert "script" not in links.tags or links.tags.count("script") == 1, page
        assert links.events == [], page
        assert all("badge" in link for link in links.found if link.endswith(".svg")), page
    site = hostile_site()
    for path in site.paths:
        content = site.content(path)
        assert content is not None
        text = content.decode()
        assert "\x00" not in text
        assert "\u202e" not in text
        if path.endswith((".xml", ".svg")):
            root_of(text)


def test_the_feed_tells_what_was_lost(tmp_path: Path) -> None:
    site = small_site(tmp_path, base="https://example.org/lockstep")
    content = site.content("engine/javascript/mine/regressions.xml")
    assert content is not None
    names = {"a": "http://www.w3.org/2005/Atom"}
    root = root_of(content)
    (entry,) = root.findall("a:entry", names)
    assert entry.findtext("a:title", "", names) == "small: mine lost 3 tests (30 Nov 2026)"
    text = entry.findtext("a:content", "", names)
    assert "deep/b.js [sloppy], fail: threw TypeError: 'x' is no y" in text
    assert "https://example.org/lockstep/suite/javascript/small/test.html#deep/a%20b.js" in text
    other = root_of(site.content("engine/javascript/other/regressions.xml") or b"")
    assert len(other.findall("a:entry", names)) == 1


def test_the_json_has_the_form_of_its_schema(tmp_path: Path) -> None:
    site = small_site(tmp_path)

    def read(path: str) -> bytes:
        content = site.content(path)
        assert content is not None
        return content

    whole = msgspec.json.decode(read("data/site.json"), type=SiteData)
    assert [(one.suite, one.tests, one.executions) for one in whole.suites] == [("small", 9, 18)]
    assert {engine.name: (engine.gained, engine.lost) for engine in whole.suites[0].engines} == {"mine": (1, 4), "other": (1, 3)}  # fmt: skip
    suite = msgspec.json.decode(read(f"{SUITE}/suite.json"), type=SuiteData)
    assert {group.name: group.engines["mine"] for group in suite.folders} == {"": (13, 18), "deep": (11, 16), "deep/er": (7, 8)}  # fmt: skip
    names = msgspec.json.decode(read(f"{SUITE}/names.json"), type=NamesData)
    assert len(names.marks[0]) == len(names.names.split("\n")) == 9
    columns = msgspec.json.decode(read(f"{SUITE}/columns.json"), type=ColumnsData)
    assert [state.name for state in columns.states] == [
        "other",
        f"other@{EARLIER}",
        "mine",
        f"mine@{EARLIER}",
    ]
    changes = msgspec.json.decode(read("engine/javascript/mine/changes.json"), type=ChangesData)
    assert len(changes.changes) == 6
    script = read(f"{SUITE}/tests/0.js").decode()
    tests = msgspec.convert(unpacked(script.split("`")[1]), ShardData)
    one = next(test for test in tests.tests if test.name == "deep/a b.js")
    assert one.source == "first;\nsecond;\nthird;\n"
    assert {expected[1] for expected in one.expected} == {"completes", "SyntaxError in parse"}
    assert [tests.engines[number].name for number in one.outcomes[0].engines] == ["mine"]
    assert [(change.before, change.after) for change in one.changes] == [("pass", "fail")] * 2
    assert read("data/schema/site-tests.json").startswith(b"{")


class LikeTest262(Small):
    """A suite of Test262's name, for the clause that its tests name."""

    name = "test262"

    def cases(self) -> list[Case]:
        """Two."""
        return [Case("test262", "a.js", "javascript"), Case("test262", "intl402/b.js", "javascript")]

    def task(self, case: Case, mode: str) -> Task:
        """As the small suite has it."""
        return super().task(case, mode)


def test_a_test_leads_to_its_clause(tmp_path: Path) -> None:
    suite = LikeTest262(tmp_path)
    (tmp_path / "a.js").write_text("/*---\nesid: sec-array.from\n---*/\n")
    (tmp_path / "intl402" / "b.js").write_text("/*---\nesid: sec-Intl.Collator\n---*/\n")
    found = [Result("test262", name, "", "mine", Verdict.PASS) for name in ("a.js", "intl402/b.js")]
    header = msgspec.structs.replace(HEADER, suite="test262", revision={"test262": "r1"}, engines=ENGINES[:1])
    recorded = replace(whole_run(found), header=header)
    part = gathered(suite, recorded)
    assert [test.clause for test in Shards(part, lambda _: True).data(0).tests] == [
        "https://tc39.es/ecma262/#sec-array.from",
        "https://tc39.es/ecma402/#sec-Intl.Collator",
    ]


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = small_site(tmp_path), small_site(tmp_path)
    assert first.paths == second.paths
    for path in first.paths:
        assert first.content(path) == second.content(path), path


def test_pages_without_a_script_say_what_counts(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    home, suite, folder, engine = (
        re.sub(r"<[^>]+>|\s+", " ", (site.content(path) or b"").decode())
        for path in (
            "index.html",
            f"{SUITE}/index.html",
            f"{SUITE}/in/deep/index.html",
            "engine/javascript/mine/index.html",
        )
    )
    assert "72.2 %" in home
    assert re.search(r"▲ 1 gained *, *▼ 4 lost *, 1 otherwise", home)
    assert "TypeError: &#39;…&#39; is no y" in suite
    assert "mine: threw TypeError: &#39;x&#39; is no y at deep/b.js:3 (eval)" in folder
    assert "Lost: 4" in engine
    assert "30 Nov 2026" in engine


def test_the_first_page_is_small(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    size = sum(
        len(gzip.compress(site.content(path) or b"")) for path in ("index.html", "site.css", "site.js")
    )
    assert size < 60_000


def test_a_folder_that_holds_a_site_gets_the_next_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site(hostile_site(), out)
    old = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    site = small_site(tmp_path / "suite")
    number, _ = write_site(site, out)
    now = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert len(site.paths) == number
    assert now == {*site.paths, ".lockstep-site", ".nojekyll"}
    assert any(slug(HOSTILE_ENGINE) in path for path in old - now)
    assert not (out / "engine" / "javascript" / slug(HOSTILE_ENGINE)).exists()


def test_a_site_that_was_interrupted_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    site = small_site(tmp_path / "suite")
    whole = site.content

    def broken(path: str) -> bytes | None:
        if path.endswith("suite.json"):
            raise OSError(28, "No space left on device")
        return whole(path)

    with monkeypatch.context() as patched:
        patched.setattr(site, "content", broken)
        with pytest.raises(OSError, match="No space"):
            write_site(site, out)
    write_site(site, out)
    assert (out / SUITE / "suite.json").is_file()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(FolderError, match="no site of Lockstep"):
        write_site(hostile_site(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_plot_has_a_line_and_a_name_for_each() -> None:
    def line(name: str, *shares: int) -> PlotLine:
        points = [
            PlotPoint(str(number), share, 100, f"day {number}", f"{name} <{share}>")
            for number, share in enumerate(shares)
        ]
        return PlotLine(name, points)

    drawn = plot_svg([line("a&b", 10, 20), line("c", 20, 20, 30)], 800)
    root = root_of(drawn)
    assert len(root.findall("g")) == 2
    assert (
        root.attrib["aria-label"]
        == "Share that passes over 3 runs: a&b from 10.0 % to 20.0 %; c from 20.0 % to 30.0 %"
    )
    assert plot_svg([line("a", 10)], 800) == ""


def test_the_command_builds_a_site(environment: dict[str, str], tmp_path: Path) -> None:
    record = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("judge"), "--output", str(record), "--no-history", "--update-status")
    out = tmp_path / "site"
    done = lockstep(environment, "site", "build", str(out), "--record", str(record), "--title", "Mine")
    assert re.search(r"wrote .*site: \d+ files", done.stdout)
    home = (out / "index.html").read_text()
    assert "Mine" in home
    assert "test262" in home
    again = tmp_path / "again"
    lockstep(environment, "site", "build", str(again), "--record", str(record), "--title", "Mine")
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} == {
        path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()
    }


def test_what_the_command_refuses(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    (tmp_path / "bad.jsonl").write_text("no record\n")
    nothing = lockstep(environment, "site", "build", str(tmp_path / "out"), code=2)
    assert "nothing to show" in nothing.stderr
    bad = lockstep(
        environment, "site", "build", str(tmp_path / "out"), "--record", str(tmp_path / "bad.jsonl"), code=2
    )
    assert "bad.jsonl:1" in bad.stderr
    record = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("judge"), "--output", str(record), "--no-history")
    full = lockstep(environment, "site", "build", str(tmp_path / "full"), "--record", str(record), code=2)
    assert "no site of Lockstep" in full.stderr
    (tmp_path / "broken.sqlite").write_text("no database" * 100)
    broken = lockstep(
        environment,
        "site",
        "build",
        str(tmp_path / "out"),
        "--store",
        str(tmp_path / "broken.sqlite"),
        code=3,
    )
    assert "broken.sqlite" in broken.stderr


def test_the_command_builds_a_site_of_a_store(environment: dict[str, str], tmp_path: Path) -> None:
    store = str(tmp_path / "team.sqlite")
    run(environment, "--engine", f"mine={fake('judge')}", "--store", store)
    out = tmp_path / "site"
    lockstep(environment, "site", "build", str(out), "--store", store)
    named = tmp_path / "named"
    lockstep(environment, "site", "build", str(named), "--store", store, "--record", "store:test262@mine")
    for folder in (out, named):
        assert (folder / "engine" / "javascript" / "mine" / "index.html").is_file()
