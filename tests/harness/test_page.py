"""The page of a run: what is packed into it, and what a reader sees of it in a real Chromium."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lockstep.harness.expectation import Expectation
from lockstep.harness.messages import RecordHeader
from lockstep.harness.model import MissingError, Result, Suite, Verdict
from lockstep.harness.records.record import Scope
from lockstep.harness.reports.look.parts import SCRIPTS as SHARED
from lockstep.harness.reports.look.wanted import expectation_text
from lockstep.harness.reports.page.page import SCRIPTS, page_text, read_page, script
from lockstep.harness.reports.page.shelf import Shelf
from lockstep.harness.store.store import open_store
from lockstep.harness.suites.clojure_tally import Tally
from lockstep.harness.suites.own.golden import Golden
from tests.harness.black_box import fake, lockstep, run
from tests.harness.browser import Browser
from tests.harness.small_suite import BEFORE, ENGINES, HEADER, HOSTILE, NOW, STARTED, Small, results


def page_of(folder: Path, *, recorded: bool = True, suite: Small | None = None) -> Path:
    """A page with two earlier runs in the history; this run is in it too if it is `recorded` there."""
    suite = suite or Small(folder / "suite")
    history = folder / "history.sqlite"
    found = results(suite)
    with open_store(history) as opened:
        store = opened.history
        for days in (3, 2):
            started = (dt.datetime.fromisoformat(STARTED) - dt.timedelta(days=days)).isoformat()
            store.add(
                [Result(*one.key, Verdict.FAIL if one.key[1:] in BEFORE else Verdict.PASS) for one in found],
                {"small": "r1"}, ENGINES, started=started, whole=True, finished=started, workers=1,
            )  # fmt: skip
        if recorded:
            store.add(
                found, {"small": "r1"}, ENGINES, started=STARTED, whole=True, finished=STARTED, workers=1
            )
    path = folder / "page.html"
    path.write_text(
        page_text(found, HEADER, Scope(len(found), len(found)), lambda _: suite, str(history)), "utf-8"
    )
    return path


def test_the_columns_are_the_results(tmp_path: Path) -> None:
    suite = Small(tmp_path / "suite")
    text = page_of(tmp_path, suite=suite).read_text("utf-8")
    run_data = read_page(text)
    data = run_data["suites"][0]
    names = iter(data["names"].split("\n"))
    cases = [
        f"{folder}/{next(names)}" if folder else next(names)
        for folder, size in zip(data["folders"], data["sizes"], strict=True)
        for _ in range(size)
    ]
    assert sorted(cases) == sorted(case.id for case in suite.cases())
    rows = [
        (case, mode)
        for case, modes in zip(cases, data["case_modes"], strict=True)
        for mode in data["modes"][modes]
    ]
    for number, engine in enumerate(data["engines"]):
        reasons = iter(data["why"][number])
        for row, digit in zip(rows, data["cells"][number], strict=True):
            verdict, reason = NOW.get((*row, engine), (Verdict.PASS, ""))
            assert run_data["verdicts"][int(digit)] == verdict
            if verdict is not Verdict.PASS:
                assert data["reasons"][next(reasons)].replace("\ue000", row[0]) == reason
    assert data["idle"].count("1") == len(rows) / 2
    assert len(data["causes"]) < len(data["reasons"])


def test_a_run_that_no_history_has_is_compared_with_the_last_verdicts(tmp_path: Path) -> None:
    pages = [page_of(tmp_path / str(recorded), recorded=recorded) for recorded in (True, False)]
    with_run, without = (read_page(path.read_text("utf-8"))["suites"][0] for path in pages)
    assert (with_run["this_run"], len(with_run["runs"])) == (2, 3)
    assert (without["this_run"], len(without["runs"])) == (None, 2)

    def changed(data: dict[str, Any], run_number: int | None) -> list[list[int]]:
        return sorted(
            [row, engine, before, after]
            for row, engine, run, before, after in data["moves"]
            if run == run_number
        )

    assert len(changed(with_run, 2)) == 10
    assert changed(with_run, 2) == changed(without, None)


def test_a_page_needs_neither_suite_nor_history(tmp_path: Path) -> None:
    def missing(name: str) -> Suite:
        raise MissingError(f"{name} is not here")

    found = results(Small(tmp_path))
    data = read_page(page_text(found, HEADER, Scope(len(found), len(found)), missing, None))["suites"][0]
    assert "not at hand" in data["missing"]
    assert "sources" not in data
    assert "runs" not in data


def test_a_point_has_the_source_of_its_case(tmp_path: Path) -> None:
    suite = Small(tmp_path)
    found = [
        Result("small", f"deep/c.js#{name}", "", "mine", Verdict.FAIL, "not ok") for name in ("1 a", "2 b/c")
    ]
    data = read_page(page_text(found, HEADER, Scope(2, 2), lambda _: suite, None))["suites"][0]
    assert data["points"] == {"0": "deep/c.js", "1": "deep/c.js"}
    assert data["sources"] == {"0": [0, 1], "1": [0, 1]}


def test_texts_stay_within_the_budget(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name * 100)
    shelf = Shelf(left=250)
    found = [shelf.add(tmp_path / name, name) for name in ("a", "b", "c", "a", "d")]
    assert found == [(0, 1), (1, 1), None, (0, 1), None]
    assert shelf.left == 50


def test_of_a_long_file_come_the_lines_about_the_test(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_text("\n".join(f"(deftest test-{number} {'x' * 60})" for number in range(3000)))
    shelf = Shelf()
    found = [shelf.add(path, name) for name in ("test-1500", "test-2999", "test-1500", "no such")]
    assert found == [(0, 1491), (1, 2990), (0, 1491), (2, 1)]
    assert shelf.texts[0].startswith("(deftest test-1490 ")
    assert "test-1500 " in shelf.texts[0]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (Expectation(), "completes"),
        (Expectation(ends="threw", phase="parse", error="SyntaxError"), "SyntaxError in parse"),
        (Expectation(ends="threw", message="no"), "an error with the message no"),
        (Expectation(ends="timeout"), "runs out of steps"),
        (Expectation(lines=("a", "b")), "completes; prints\na\nb"),
        (Expectation(marker="OK", last=True), "completes; prints OK last"),
        (Golden(("1", "2"), ("oh",), 3), "exits with status 3; prints\n1\n2; writes to standard error\noh"),
        (Golden(()), "completes; prints nothing"),
        (Tally(), "completes; the tally of its tests counts no failure"),
        ("something else", ""),
    ],
)
def test_expectations_in_words(wanted: object, text: str) -> None:
    assert expectation_text(wanted) == text


def test_the_scripts_are_one_script() -> None:
    text = script()
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names)), "two parts have one name"
    reports = Path(__file__).parents[2] / "harness" / "reports"
    for folder, scripts in (("page", SCRIPTS), ("look", SHARED)):
        assert {path.stem for path in (reports / folder / "scripts").glob("*.js")} == set(scripts)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(tmp_path_factory.mktemp("page")).as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [420, 820, 1280])
@pytest.mark.parametrize(
    "view", ["", "view=tests", "test=deep/a b.js", "by=feature", "folder=deep&open=deep/er"]
)
def test_no_view_is_wider_than_the_window(
    browser: Browser, address: str, width: int, scheme: str, view: str
) -> None:
    browser.complaints.clear()
    browser.requests.clear()
    browser.show(f"{address}#{view}", width=width, scheme=scheme)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.complaints == []
    assert [
        url for url in browser.requests if not url.startswith(("file:", "data:", "about:", "blob:"))
    ] == []
    paper = browser.run("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", paper))) > 200) == (scheme == "light")


def test_what_the_overview_says(browser: Browser, address: str) -> None:
    browser.show(address)
    shown = browser.text("main")
    for text in (
        "small r1", "whole suite", "9 tests", "36 executions", "fox 0.9", "72.2 %", "13 pass", "4 fail", "1 crash", "83.3 %",
        "▲ 2 gained", "▼ 7 lost", "1 otherwise", "idle: an engine that does nothing would pass 50.0 %", "TypeError: '…' is no y", "History",
    ):  # fmt: skip
        assert text in shown, text
    assert browser.run("document.querySelectorAll('.plot.wide .track').length") == 2
    assert "3 runs" in browser.run("document.querySelector('.plot').getAttribute('aria-label')")


@pytest.mark.parametrize(
    ("view", "tests"),
    [
        ("view=tests", ["a b", "b", "c", "er/c", "er/d"]),
        ("view=tests&engine=mine", ["a b", "b", "c", "er/d"]),
        ("view=tests&show=timeout", ["er/d"]),
        ("view=tests&show=unsupported&engine=mine", []),
        ("view=tests&show=gained", ["b", "d"]),
        ("view=tests&show=lost&folder=deep/er", ["er/c", "er/d"]),
        ("view=tests&show=all&feature=let", ["a b", "b", "er/a b", "er/b"]),
        ("q=ER/A", ["er/a b"]),
        ("q=no y&show=failing", ["b", "c"]),
        ("view=tests&cause=fail: TypeError: '…' is no y", ["b", "c"]),
    ],
)
def test_the_address_chooses_tests(browser: Browser, address: str, view: str, tests: list[str]) -> None:
    browser.show(f"{address}#{view.replace(' ', '%20')}")
    shown = browser.run("[...document.querySelectorAll('.row')].map(row => row.dataset.test)")
    assert shown == [f"deep/{name}.js" for name in tests]
    assert browser.text("h1").startswith(f"{len(tests)} ")


def test_folders_open_and_close_in_their_place(browser: Browser, address: str) -> None:
    browser.show(address)
    names = "[...document.querySelectorAll('.matrix tbody .label a')].map(link => link.innerText)"
    assert browser.run(names) == ["deep", "er", "tests directly in it"]
    browser.click(".matrix .tree[aria-expanded=true]")
    browser.wait("document.querySelector('.matrix .tree[aria-expanded=false]')")
    assert browser.run(names) == ["deep", "tests directly in it"]
    assert browser.run("document.activeElement.getAttribute('aria-label')") == "Open deep"
    browser.press("Enter")
    browser.wait("document.querySelector('.matrix .tree[aria-expanded=true]')")
    browser.click(".matrix .sort")
    browser.wait("document.querySelector('th[aria-sort=ascending]')")


def test_what_a_test_says(browser: Browser, address: str) -> None:
    browser.show(f"{address}#test=deep/a%20b.js")
    browser.wait("document.querySelector('.line.hit')")
    shown = browser.text("main")
    assert HOSTILE in shown, "text of guests is shown as it is, and nothing in it is markup"
    assert browser.run("document.querySelectorAll('main img').length") == 0
    assert "SyntaxError in parse" in shown
    assert "expected SyntaxError in phase parse, but it completed" in shown
    assert browser.text(".line.hit code") == "second;"
    assert browser.text(".line.hit em").strip() == "mine"
    assert browser.text(".again code") == "lockstep run small --engine mine --filter 'deep/a b.js' --list"
    browser.click("td details summary")
    assert "said this" in browser.text(".printed")


def test_a_reader_goes_by_keys_and_comes_back(browser: Browser, address: str) -> None:
    browser.show(address)
    browser.press("/")
    browser.press(*"deep/b")
    browser.wait("document.querySelectorAll('.row').length === 1")
    browser.press("Escape")
    browser.wait("!location.hash.includes('q=')")
    browser.press("Escape", "t")
    browser.wait("document.querySelectorAll('.virtual .row').length === 5")
    browser.press("j", "j", "Enter")
    browser.wait("document.activeElement.id === 'test-title'")
    assert browser.text("h1") == "b.js"
    assert "2 of 5" in browser.text(".neighbours")
    browser.press("n")
    browser.wait("document.querySelector('h1').innerText === 'c.js'")
    browser.run("history.back()")
    browser.wait("document.querySelector('h1').innerText === 'b.js'")
    browser.press("u")
    browser.wait("document.querySelector('.virtual')")
    browser.press("?")
    assert browser.run("document.querySelector('dialog').open")
    browser.press("Escape")
    browser.wait("!document.querySelector('dialog').open")
    browser.press("o")
    browser.wait("document.querySelector('.engines')")


def test_a_visible_focus(browser: Browser, address: str) -> None:
    browser.show(address)
    seen = []
    for _ in range(12):
        browser.press("Tab")
        seen.append(
            browser.run(
                "[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert [style for _, style in seen] == ["solid"] * 12
    assert len({tag for tag, _ in seen}) > 2


def test_what_a_screen_reader_meets(browser: Browser, address: str) -> None:
    browser.show(address)
    roles = browser.roles()
    for role, name in (
        ("main", ""), ("search", ""), ("navigation", "Views"), ("region", "Engines"), ("columnheader", "mine"), ("rowheader", "deep"),
        ("image", "13 pass, 4 fail, 1 crash"), ("image", "mine: fail, its modes differ"), ("link", "72.2 % of deep on mine"), ("button", "Keys"),
    ):  # fmt: skip
        assert any(found == role and name in label for found, label in roles) or role == "link", (role, name)
    unnamed = [
        (role, name) for role, name in roles if role in {"link", "button", "searchbox", "combobox", "image"} and not name
    ]  # fmt: skip
    assert unnamed == []


def test_a_row_that_keys_lead_to_is_in_sight(browser: Browser, address: str) -> None:
    for width in (420, 1280):
        browser.show(f"{address}#view=tests", width=width, height=420)
        for _ in range(5):
            browser.press("j")
            top, bottom, covered = browser.run(
                "[document.activeElement.getBoundingClientRect().top, document.activeElement.getBoundingClientRect().bottom,"
                "document.querySelector('.list-head').getBoundingClientRect().bottom]"
            )
            assert covered <= top < bottom <= 420


def test_a_long_list_is_virtual_and_opens_fast(browser: Browser, tmp_path: Path) -> None:
    cases = [f"folder-{number % 300}/inner-{number % 7}/test-{number}.js" for number in range(50_000)]
    found = [
        Result("big", case, mode, "mine", Verdict.PASS if number % 20 else Verdict.FAIL, "" if number % 20 else f"threw Error: {number} at {case}:3 (eval)")
        for number, case in enumerate(cases)
        for mode in ("sloppy", "strict")
    ]  # fmt: skip

    def missing(name: str) -> Suite:
        raise MissingError(name)

    path = tmp_path / "big.html"
    header = RecordHeader(
        lockstep=1, suite="big", revision={}, engines=ENGINES[:1], started=STARTED, selection="whole"
    )
    path.write_text(page_text(found, header, Scope(len(found), len(found)), missing, None), "utf-8")
    assert path.stat().st_size < 3 << 20
    browser.show(path.as_uri())
    assert float(browser.run("document.documentElement.dataset.ready")) < 2000
    browser.show(f"{path.as_uri()}#view=tests&show=all")
    browser.wait("document.querySelectorAll('.virtual .row').length > 5")
    assert browser.run("document.querySelectorAll('.row').length") < 100
    browser.run("window.scrollTo(0, document.documentElement.scrollHeight)")
    browser.wait("[...document.querySelectorAll('.row')].at(-1).dataset.row === '49999'")
    started = time.monotonic()
    browser.press("/", *"test-4999")
    browser.wait("document.querySelector('h1').innerText.startsWith('11 ')")
    assert time.monotonic() - started < 5


def test_both_commands_write_the_page(environment: dict[str, str], tmp_path: Path, browser: Browser) -> None:
    record, pages = tmp_path / "run.jsonl", [tmp_path / "out" / "a.html", tmp_path / "b.html"]
    engines = f"{fake('always-pass')},{fake('always-reject')}"
    run(environment, "--engine", engines, "--output", str(record), "--html", str(pages[0]))
    lockstep(environment, "report", str(record), "--html", str(pages[1]))
    for path in pages:
        browser.show(path.as_uri())
        shown = browser.text("main")
        assert "71.4 %" in shown
        assert "28.6 %" in shown
        assert "language" in shown
        browser.show(f"{path.as_uri()}#test=language/c.js")
        browser.wait("document.querySelector('.source .line')")
        assert "SyntaxError in parse" in browser.text(".expected")
        assert "$DONOTEVALUATE" in browser.text(".source")
