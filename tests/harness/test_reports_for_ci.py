"""What CI systems read: annotations, badges, JUnit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lockstep.harness.gate import Gate
from lockstep.harness.model import Location, Result, Verdict
from lockstep.harness.reports.annotations import annotation_lines
from lockstep.harness.reports.badge import write_badge
from lockstep.harness.reports.places import Places
from lockstep.harness.status.changes import Changes, Gone
from tests.harness.black_box import fake, lockstep, run
from tests.harness.documents import root_of

_ANNOTATION = re.compile(r"^::(error|warning|notice) (?:file=([^,]*),line=(\d+),)?title=([^:]*)::(.*)$")


def failing(number: int, reason: str = "threw", location: Location | None = None) -> Result:
    return Result("s", f"a/{number}.js", "strict", "e", Verdict.FAIL, reason, location=location)


def lines(changes: Changes, *reasons: str) -> list[re.Match[str]]:
    found = [_ANNOTATION.match(line) for line in annotation_lines(changes, Gate(reasons), Places({}))]
    assert all(found)
    return [one for one in found if one]


@pytest.mark.parametrize(
    ("changes", "reasons", "levels"),
    [
        (Changes(regressions=[failing(1)]), ("regression",), ["error"]),
        (Changes(regressions=[failing(1)]), ("any",), ["error"]),
        (Changes(regressions=[failing(1)]), ("never",), ["warning"]),
        (Changes(new_failures=[failing(1)]), ("regression",), ["warning"]),
        (Changes(improvements=[failing(1)]), ("regression",), ["notice"]),
        (Changes(improvements=[failing(1)]), ("unexpected-pass",), ["error"]),
        (Changes(missing=[Gone("s", "e", "a.js")]), ("missing",), ["error"]),
        (Changes(flaky=[failing(1)], worse=[failing(2)]), ("worse",), ["error", "warning"]),
        (Changes(), ("any",), []),
    ],
)
def test_what_the_gate_fails_on_is_an_error(
    changes: Changes, reasons: tuple[str, ...], levels: list[str]
) -> None:
    assert [line[1] for line in lines(changes, *reasons)] == levels


def test_no_more_than_are_shown() -> None:
    found = lines(
        Changes(regressions=[failing(number) for number in range(25)], worse=[failing(30)]), "regression"
    )
    assert [line[1] for line in found] == ["error"] * 10 + ["warning"]
    assert found[9][4] == "and 16 more"


def test_what_guests_wrote_stays_on_its_line() -> None:
    (line,) = annotation_lines(
        Changes(regressions=[failing(1, "50 % of\r\n::error::x \ud800")]), Gate(("regression",)), Places({})
    )
    assert line == (
        "::error title=Regression%3A a/1.js [strict] on e::fail 50 %25 of\\x0d%0A::error::x \\ud800"
    )


def test_annotations_name_the_file_and_line_of_a_test(environment: dict[str, str], tmp_path: Path) -> None:
    mode = tmp_path / "mode"
    environment |= {"FAKE_MARKER": str(mode), "GITHUB_WORKSPACE": str(tmp_path)}
    record = tmp_path / "run.jsonl"
    ask = ("run", "test262", "--engine", fake("switched"), "--output", str(record))
    mode.write_text("pass")
    lockstep(environment, *ask, "--update-status", "--fail-on", "never")
    mode.write_text("fail")
    done = lockstep(environment, *ask, "--annotations", "github", "--filter", "language/b.js", code=1)
    expected = (
        "::error file=suites/test262/test/language/b.js,line=1,title=Regression%3A language/b.js [strict] on"
    )
    assert any(line.startswith(expected) for line in done.stdout.splitlines())
    # The same from a record.
    done = lockstep(environment, "gate", str(record), "--annotations", "github", code=1)
    assert any(line.startswith(expected) for line in done.stdout.splitlines())


def test_a_line_is_that_of_the_test_only() -> None:
    class Here(Places):
        def shown(self, suite: str, case: str) -> str:
            return f"{suite}/{case}"

    changes = Changes(
        regressions=[
            failing(1, location=Location("x/1.js", 7, 2)),
            failing(2, location=Location("harness/assert.js", 9)),
            failing(3),
        ]
    )
    found = annotation_lines(changes, Gate(("regression",)), Here({}))
    assert [line.partition(",title")[0] for line in found] == [
        "::error file=s/a/1.js,line=7",
        "::error file=s/a/2.js,line=1",
        "::error file=s/a/3.js,line=1",
    ]


@pytest.mark.parametrize(
    ("passes", "total", "message", "colour"),
    [
        (7, 7, "100 %", "brightgreen"),
        (9999, 10000, "99.9 %", "green"),
        (5, 7, "71.4 %", "yellow"),
        (0, 7, "0.0 %", "red"),
        (0, 0, "-", "lightgrey"),
    ],
)
def test_badges(tmp_path: Path, passes: int, total: int, message: str, colour: str) -> None:
    write_badge(tmp_path / "b.json", "a <&> b", passes, total)
    assert json.loads((tmp_path / "b.json").read_text()) == {
        "schemaVersion": 1,
        "label": "a <&> b",
        "message": message,
        "color": colour,
    }
    write_badge(tmp_path / "b.svg", 'a <&> "b"', passes, total)
    root = root_of(tmp_path / "b.svg")
    assert root.get("aria-label") == f'a <&> "b": {message}'
    assert [element.text for element in root.iter() if element.tag.endswith("text")] == ['a <&> "b"', message]


def test_a_badge_of_what_is_recorded(environment: dict[str, str], tmp_path: Path) -> None:
    badge = tmp_path / "badges" / "test262.json"
    ask = ("status", "--badge", str(badge))
    assert "nothing is recorded" in lockstep(environment, *ask, code=3).stderr
    first, second = fake("always-pass"), fake("always-reject")
    lockstep(environment, "run", "test262", "--engine", first, "--update-status", "--fail-on", "never")
    lockstep(environment, *ask)
    assert json.loads(badge.read_text())["message"] == "71.4 %"
    lockstep(environment, "run", "test262", "--engine", second, "--update-status", "--fail-on", "never")
    assert f"test262 --engine {second}" in lockstep(environment, *ask, code=2).stderr
    lockstep(environment, *ask, "test262", "--engine", second)
    found = json.loads(badge.read_text())
    assert (found["label"], found["message"]) == ("test262", "28.6 %")


def test_junit_names_files_and_makes_a_tree(environment: dict[str, str], tmp_path: Path) -> None:
    path, record = tmp_path / "junit.xml", tmp_path / "run.jsonl"
    environment["GITHUB_WORKSPACE"] = str(tmp_path)
    run(environment, "--engine", fake("always-throw"), "--junit", str(path), "--output", str(record))
    root = root_of(path)
    found = {(case.get("classname"), case.get("name")): case.get("file") for case in root.iter("testcase")}
    assert found["test262.built-ins.deep", "e.js [script]"] == "suites/test262/test/built-ins/deep/e.js"
    again = tmp_path / "again.xml"
    lockstep(environment, "report", str(record), "--junit", str(again))
    assert again.read_text() == path.read_text()
    # Where the suite does not lie, its files have no names.
    environment["LOCKSTEP_SUITES"] = str(tmp_path / "nowhere")
    lockstep(environment, "report", str(record), "--junit", str(again))
    assert "file=" not in again.read_text()
