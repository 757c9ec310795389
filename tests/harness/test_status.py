"""Status files: what a run may change in them, what it may not, and what becomes of broken ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lockstep.harness.status.status import NOT_RUN, Status, verdict_of
from lockstep.harness.status.update import known_of
from tests.harness.black_box import fake, lockstep


def status_of(tmp_path: Path) -> dict[str, Any]:
    content = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert isinstance(content, dict)
    return content


def test_status_and_regressions(environment: dict[str, str], tmp_path: Path) -> None:
    good, bad = fake("always-pass"), fake("always-pass")
    lockstep(environment, "run", "test262", "--engine", good, "--update-status", "--fail-on", "never")
    path = tmp_path / "status" / "test262.yaml"
    status = yaml.safe_load(path.read_text())
    assert status["counts"][good] == {"pass": 5, "fail": 2, "total": 7}
    assert set(status["known"][good]) == {"language/c.js"}
    assert status["features"]["let"] == {"status": "done", "counts": {good: "2/2"}}
    # A note survives, and a run that is as known is no failure.
    status["features"]["let"]["note"] = "by hand"
    path.write_text(yaml.safe_dump(status, explicit_end=True))
    lockstep(environment, "run", "test262", "--engine", bad, "--update-status")
    assert yaml.safe_load(path.read_text())["features"]["let"]["note"] == "by hand"
    # What passed and does not any more is a regression; what was known to fail and passes is shown.
    status["known"][good] = {"language/a.js": "fail: once"}
    path.write_text(yaml.safe_dump(status, explicit_end=True))
    done = lockstep(environment, "run", "test262", "--engine", good, code=1)
    assert "Regressions: 2" in done.stdout
    assert "Unexpected passes" in done.stdout
    # A case that is gone is no regression.
    (tmp_path / "suites" / "test262" / "test" / "language" / "c.js").unlink()
    lockstep(environment, "run", "test262", "--engine", good, "--update-status")
    assert yaml.safe_load(path.read_text())["known"][good] == {}


def test_a_partial_run_keeps_what_is_known_of_the_rest(environment: dict[str, str], tmp_path: Path) -> None:
    engine = fake("always-pass")
    lockstep(environment, "run", "test262", "--engine", engine, "--update-status")
    only = ("--filter", "language/a.js")
    lockstep(environment, "run", "test262", "--engine", engine, "--update-status", *only)
    status = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert status["counts"][engine] == {"pass": 5, "fail": 2, "total": 7}


def test_a_folder_in_which_nothing_passes_is_one_entry(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "suites" / "test262" / "test" / "many"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.js").write_text("/*---\nflags: [async, noStrict]\n---*/\n")
    (tmp_path / "suites" / "test262" / "harness" / "doneprintHandle.js").write_text("")
    lockstep(environment, "run", "test262", "--engine", fake("always-pass"), "--update-status")
    status = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert set(status["known"][fake("always-pass")]) == {"language/c.js", "many/**"}
    shown = lockstep(environment, "status", "test262").stdout
    assert "5/5" in shown or "2/2" in shown


def test_engines_that_did_not_run_stay_word_for_word(environment: dict[str, str], tmp_path: Path) -> None:
    first, second = fake("always-reject"), fake("always-pass")
    lockstep(environment, "run", "test262", "--engine", first, "--update-status")
    before = status_of(tmp_path)
    # A name says nothing of a language, and the file may be older than the engine's entry in it.
    only = ("--filter", "language/a.js")
    lockstep(environment, "run", "test262", "--engine", second, "--update-status", *only)
    after = status_of(tmp_path)
    for part in ("engines", "counts", "known"):
        assert after[part][first] == before[part][first]
    assert after["features"]["let"]["counts"] == {first: "0/2", second: "2/2"}
    assert after["features"]["let"]["status"] == "wip"
    assert after["features"]["const"]["counts"] == {first: "0/1", second: "0/1"}


def test_an_engine_is_kept_with_its_language_version_and_host(
    environment: dict[str, str], tmp_path: Path
) -> None:
    engine = fake("always-pass")
    lockstep(environment, "run", "test262", "--engine", engine, "--update-status")
    entry = status_of(tmp_path)["engines"][engine]
    assert (entry["language"], entry["version"], entry["revision"]) == ("javascript", "fake 1.0", "be13516f")


def test_a_case_that_never_ran_is_no_known_failure(environment: dict[str, str]) -> None:
    engine = fake("always-pass")
    only = ("--filter", "language/a.js")
    lockstep(environment, "run", "test262", "--engine", engine, "--update-status", *only)
    done = lockstep(environment, "run", "test262", "--engine", engine, "--fail-on", "new-failure", code=1)
    assert "Failures that no status file speaks of: 2" in done.stdout
    assert "Unexpected passes" not in done.stdout


def test_two_updates_at_once_lose_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "lockstep.harness.cli",
        "run",
        "test262",
        "--update-status",
        "--no-history",
    ]
    parts = [
        (fake("always-pass"), "--shard", "1/2"),
        (fake("always-pass"), "--shard", "2/2"),
        (fake("always-throw"),),
        (fake("always-reject"),),
    ]
    running = [
        subprocess.Popen([*command, "--engine", *part], env=environment, stdout=subprocess.DEVNULL)
        for part in parts
    ]
    assert {process.wait(timeout=60) for process in running} <= {0}
    counts = status_of(tmp_path)["counts"]
    assert counts[fake("always-pass")] == {"pass": 5, "fail": 2, "total": 7}
    assert counts[fake("always-throw")]["total"] == counts[fake("always-reject")]["total"] == 7


def _cut(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: len(lines) // 2])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda text: text.replace("counts:", "<<<<<<< ours\ncounts:", 1), "merge conflict"),
        (lambda _: "", "not the status file"),
        (_cut, "it has been cut"),
        (lambda text: text[: len(text) * 2 // 3 + 3], ""),
        (lambda text: text.split("known:")[0] + "known: [1, 2]\n...\n", "`known` is no mapping"),
        (
            lambda text: text.replace("  cmd:", "  # cmd:", 1).replace("suite: test262", "suite: lua"),
            "test262",
        ),
        (lambda _: "\0\0\0", ""),
    ],
)
def test_a_broken_file_is_one_clear_error_everywhere(
    environment: dict[str, str], tmp_path: Path, broken: Any, said: str
) -> None:
    engine = fake("always-pass")
    lockstep(environment, "run", "test262", "--engine", engine, "--update-status")
    path = tmp_path / "status" / "test262.yaml"
    path.write_text(broken(path.read_text()))
    content = path.read_bytes()
    record = tmp_path / "run.jsonl"
    lockstep(environment, "run", "lua", "--engine", engine, code=3)
    for arguments in (
        ("run", "test262", "--engine", engine),
        ("run", "test262", "--engine", engine, "--update-status", "--output", str(record)),
        ("status",),
        ("status", "test262"),
    ):
        done = lockstep(environment, *arguments, code=3)
        assert "test262.yaml" in done.stderr
        assert said in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert path.read_bytes() == content
    assert not record.exists()


ENTRIES = st.sampled_from(["", "fail: one", "fail: two", "crash: died", "timeout", NOT_RUN, "skipped: no"])
PATHS = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join)
TABLES = st.dictionaries(st.tuples(PATHS, st.sampled_from(["script", "strict"])), ENTRIES, max_size=24)


@given(TABLES)
def test_every_verdict_is_known_again(table: dict[tuple[str, str], str]) -> None:
    """Whatever is written for folders, the gate and the next update see each execution as it was."""
    status = Status("s", known={"e": known_of(table)})
    for (case, mode), entry in table.items():
        found = status.knows("e", case, mode)
        assert (verdict_of(found), found == NOT_RUN) == (verdict_of(entry), entry == NOT_RUN)
