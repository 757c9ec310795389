"""Causes: what differs in places and values only is one; differences of engines and of records are grouped so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lockstep.harness.causes import cause_of, grouped
from tests.harness.black_box import fake, lockstep, run


@pytest.mark.parametrize(
    ("reasons", "cause"),
    [
        (
            (
                "threw TypeError: 'a' is not a function at x/y.js:12 (eval)",
                "threw TypeError: 'b.c' is not a function at language/z.js:7:3 (eval)",
            ),
            "TypeError: '…' is not a function",
        ),
        (
            (
                "threw Test262Error: Expected SameValue(«1.5», «-2») to be true at a.js:3 (eval)",
                'threw Test262Error: Expected SameValue(«"x"», «undefined») to be true',
            ),
            "Test262Error: Expected SameValue(«…», «…») to be true",
        ),
        (
            ("output line 3: expected 'it\\'s', got \"b\"", "output line 12: expected '', got 'x'"),
            "output line N: expected '…', got '…'",
        ),
        (
            ("no object at 0x7f3a10 in /tmp/a1/b.lua:3:", "no object at 0x11 in C:\\x\\y.lua:44:"),
            "no object at ADDRESS:",
        ),
        (
            ("math.lua:12: bad argument #1 to 'insert'", "t.lua:4: bad argument #2 to 'x'"),
            "PATH: bad argument #N to '…'",
        ),
        (("took 1e21 of 12,345", "took -3.5 of 7"), "took N of N"),
        (("commit deadbeef1234 is lost", "commit 0123abcdef99 is lost"), "commit ADDRESS is lost"),
        (("can't read `a`, won't", "can't read `b b`, won't"), "can't read '…', won't"),
        (
            (
                "cannot open /home/me/my tests/a b.js",
                "cannot open /u/x/y.js",
                "cannot open C:\\my programs\\x.lua",
                "cannot open file:///tmp/a%20b/c.mjs",
            ),
            "cannot open PATH",
        ),
        (
            (
                "threw E: boom at my tests/a b.js:3 (eval)",
                "threw E: boom at t/c.js:12:1 (eval)",
                "threw E: boom at a.js:9",
            ),
            "E: boom",
        ),
        (
            (
                "foo.js:3: boom",
                "bar.js:9: boom",
                "a/foo.lox:3: boom",
                "stdin:12:4: boom",
                "/x y/my file.py:7: boom",
            ),
            "PATH: boom",
        ),
        (("/u/a b/c is not /d e/f", "/u/x is not y/z"), "PATH is not PATH"),
        (("read /a/b and c/d.js", "read a/b and /c d/e.js"), "read PATH and PATH"),
        (("no file main.lua in x.clj", "no file other.js in y.py"), "no file PATH in PATH"),
        (("x at 3:14 y", "x at line 4 y", "x y"), "x y"),
        (("Intl.Collator and Object.prototype.x",), "Intl.Collator and Object.prototype.x"),
        # Names keep their digits.
        (("Int8Array and UTF-16 of Test262Error",), "Int8Array and UTF-16 of Test262Error"),
        (("expected SyntaxError in phase parse, but it completed",), None),
    ],
)
def test_what_differs_in_places_and_values_is_one_cause(reasons: tuple[str, ...], cause: str | None) -> None:
    found = {cause_of(reason) for reason in reasons}
    if cause is None:
        assert len(found) == len(reasons)
    else:
        assert found == {cause}


def test_a_reason_of_any_size_costs_little() -> None:
    for text in (
        "'" * 100_000,
        "a/" * 50_000,
        "0" * 100_000,
        "\\" * 100_000,
        "/a b" * 50_000,
        "a " * 50_000,
        "/a" + " b" * 50_000,
        "a.js:1 " * 9_000,
        "«" * 100_000,
        "f0" * 50_000,
    ):
        assert len(cause_of(text)) <= 201


def test_groups_come_by_number_with_their_smallest_member() -> None:
    groups = grouped(["bbb", "a", "bb", "cc", "aa"], lambda text: text[0], lambda text: (len(text), text))
    assert [(group.cause, len(group.members), group.example) for group in groups] == [
        ("a", 2, "a"),
        ("b", 2, "bb"),
        ("c", 1, "cc"),
    ]


def test_a_run_and_its_summary_name_causes(environment: dict[str, str], tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = run(environment, "--engine", fake("always-throw"), "--summary", str(summary))
    assert "Causes of 7 failures: 2" in done.stdout
    assert "Causes of 7 failures" in summary.read_text()
    assert "Causes" not in run(environment, "--engine", fake("always-pass"), "--filter", "built-ins").stdout


def test_differences_of_engines_by_cause(environment: dict[str, str]) -> None:
    ask = ("diff", fake("always-pass"), fake("always-throw"), "--suite", "test262", "--causes")
    done = lockstep(environment, *ask, code=1)
    assert "5 executions, by verdict" in done.stdout
    assert "smallest: test262: language/a.js [script], 31 bytes" in done.stdout
    found = json.loads(lockstep(environment, *ask, "--json", code=1).stdout)
    assert (found["executions"], found["differ"]) == (7, 7)
    assert [cause["executions"] for cause in found["causes"]] == [5, 2]
    assert found["causes"][0]["example"]["case"] == "language/a.js"
    rows = json.loads(lockstep(environment, *ask[:-1], "--json", code=1).stdout)["differences"]
    assert {row["case"] for row in rows} == {
        "language/a.js", "language/b.js", "language/c.js", "built-ins/d.js", "built-ins/deep/e.js",
    }  # fmt: skip


def test_records_explain_their_differences(environment: dict[str, str], tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.jsonl" for name in ("always-pass", "always-throw", "always-reject")]
    for path in paths:
        run(environment, "--engine", fake(path.stem), "--output", str(path))
    passing, throwing, rejecting = map(str, paths)
    done = lockstep(environment, "diff", passing, throwing, "--causes", code=1)
    assert "5 executions, by verdict" in done.stdout
    assert "pass (completed)" in done.stdout
    # Both fail, in another phase: that is told, and counts as the same.
    found = json.loads(lockstep(environment, "diff", throwing, rejecting, "--json", code=1).stdout)
    assert found["otherwise"] == 5
    assert {row["cause"] for row in found["differences"]} >= {"phase", "verdict"}
    same = json.loads(lockstep(environment, "diff", throwing, throwing, "--json", "--causes").stdout)
    assert (same["differ"], same["otherwise"], same["causes"]) == (0, 0, [])
