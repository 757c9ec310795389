"""Text of guests on its way to people and files: whatever it holds, every file can be read and no run ends of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from lockstep.reference.host.printable import printable, printable_line
from tests.harness.black_box import fake, lockstep, run
from tests.harness.documents import root_of

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# On the way into a file: what the rule makes of the hostile engine's message.
SHOWN = "\\ud800 \\x00 \\x1b[2J"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_printable_text_fits_everywhere(text: str) -> None:
    shown = printable(text)
    assert not HIDDEN.search(shown)
    assert yaml.safe_load(yaml.safe_dump(shown, allow_unicode=True)) == shown
    shown.encode("utf-8")
    assert "\n" not in printable_line(text)
    assert printable(shown) == shown


def test_a_long_text_is_cut_with_its_length() -> None:
    assert printable("x" * 2000, 10) == "xxxxxxxxxx… (2,000 characters)"


def test_hostile_text_reaches_every_file_escaped(environment: dict[str, str], tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("run.jsonl", "junit.xml", "page.html", "summary.md")}
    output, junit, page, summary = map(str, paths.values())
    engine = fake("hostile-text")
    files = ("--output", output, "--junit", junit, "--html", page, "--summary", summary)
    done = run(environment, "--engine", engine, "--update-status", "--list", *files)
    again = lockstep(environment, "run", "test262", "--engine", engine)
    history = lockstep(environment, "history", "--run", "1")
    status = (tmp_path / "status" / "test262.yaml").read_text("utf-8")
    texts = [done.stdout, history.stdout, status, *(path.read_text("utf-8") for path in paths.values())]
    for text in texts:
        assert not HIDDEN.search(text)
        assert max(map(len, text.splitlines())) < 60_000
    assert SHOWN in done.stdout
    assert SHOWN in history.stdout
    assert yaml.safe_load(status)["counts"][engine]["total"] == 7
    assert root_of(paths["junit.xml"]).find("testsuite") is not None
    rows = [json.loads(line) for line in paths["run.jsonl"].read_text().splitlines()]
    assert SHOWN in rows[1]["reason"]
    assert "Regressions" not in again.stdout


def test_hostile_text_in_tables(environment: dict[str, str]) -> None:
    engines = ("--engine", f"{fake('hostile-text')},{fake('always-pass')}")
    done = lockstep(environment, "compare", "javascript", "-e", "x", *engines, code=1)
    assert not HIDDEN.search(done.stdout)
    assert SHOWN in done.stdout
    left, right = fake("hostile-text"), fake("always-throw")
    done = lockstep(environment, "diff", left, right, "--suite", "test262", code=1)
    assert not HIDDEN.search(done.stdout)


def test_what_a_guest_prints_is_shown_escaped_beside_other_engines(environment: dict[str, str]) -> None:
    code = "print('\\u001b[31m a\\u0000b' + 'x'.repeat(1000000))"
    done = lockstep(environment, "compare", "javascript", "-e", code, "--engine", "javascript:treewalk")
    assert "\\x1b[31m a\\x00b" in done.stdout
    assert "1,000,009 characters" in done.stdout
    assert len(done.stdout) < 20_000
