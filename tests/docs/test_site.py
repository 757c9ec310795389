"""The manual as it is built: strictly, and as a browser shows it, with nothing asked of any other host."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.setups import ROOT
from tests.harness.browser import Browser

PAGES = (
    "index.html",
    "tutorials/engine.html",
    "reference/commands.html",
    "reference/project.html",
    "reference/python.html",
    "reference/figures.html",
    "design/engines.html",
    "design/tried.html",
)
# What a page loads by itself; links that a reader follows lead anywhere.
_LOADED = re.compile(r"<(?:script|img|link|iframe)\b[^>]*?\b(?:src|href)=\"?((?:https?:)?//[^\"\s>]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual, built strictly: what leads nowhere, and what stands in no menu, ends the build."""
    pytest.importorskip("mkdocs", reason="the extra `docs` is not installed: the manual was not built")
    folder = tmp_path_factory.mktemp("manual")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the manual is served, below a folder, as it is beside a site of results."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            """Nothing: pytest has its own."""

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def opened(browser: Browser, address: str, width: int, scheme: str = "light") -> None:
    browser.show(address, width=width, scheme=scheme, ready="document.readyState == 'complete'")


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        assert not _LOADED.findall(page.read_text("utf-8")), page
    assert (site / "schemas" / "project.json").read_bytes() == (
        ROOT / "harness" / "schemas" / "project.json"
    ).read_bytes()
    assert not list(site.rglob("*.py"))


def test_the_reference_is_in_it(site: Path) -> None:
    assert "--max-failures" in (site / "reference" / "commands.html").read_text("utf-8")
    assert "fail-on" in (site / "reference" / "project.html").read_text("utf-8")
    assert "An engine that stays started" in (site / "reference" / "python.html").read_text("utf-8")


def test_pages_fit_small_and_large_windows(site: Path, address: str, tmp_path: Path) -> None:
    with Browser(tmp_path / "profile") as browser:
        pages = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
        for page in pages:
            for width in (420, 1280) if page in PAGES else (420,):
                opened(browser, f"{address}/{page}", width)
                assert browser.run("document.documentElement.scrollWidth") <= width, f"{page} at {width}"
                wider = browser.run(
                    "[...document.querySelectorAll('.md-content :is(p, li, h1, h2, h3, dt)')]"
                    ".filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.textContent.slice(0, 60))"
                )
                assert not wider, f"{page} at {width}: {wider}"
        assert all(
            request.startswith((address, "data:", "about:", "blob:")) for request in browser.requests
        ), browser.requests
        assert not browser.complaints


def test_the_search_finds_an_option(address: str, tmp_path: Path) -> None:
    with Browser(tmp_path / "profile") as browser:
        opened(browser, f"{address}/tutorials/index.html", 1280)
        browser.run("document.querySelector('.md-search__input').focus()")
        for letter in "parity":
            browser.press(letter)
        browser.wait("document.querySelectorAll('.md-search-result__item').length > 0")
        assert "arity" in browser.text(".md-search-result__list")
