"""What is run more than once, or not at all: retries, repeats, reruns, what is left out, what stops a run."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from lockstep.harness.store.store import open_store
from tests.harness.black_box import fake, lines_of, lockstep, run

FLAKY = fake("alternates")
WAVERING = ("language/b.js", "strict")


@pytest.fixture
def marker(environment: dict[str, str], tmp_path: Path) -> Path:
    """The file with a dot for each time that the wavering case ran: it throws at even counts."""
    path = tmp_path / "times"
    environment["FAKE_MARKER"] = str(path)
    return path


@pytest.fixture
def recorded(environment: dict[str, str], marker: Path) -> None:
    """It is known that the wavering case passes, and that the negative one does not."""
    marker.write_text(".")
    lockstep(environment, "run", "test262", "--engine", FLAKY, "--update-status", "--no-history")
    marker.write_text("")


def rows(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["case"], line["mode"]): line for line in lines_of(path) if "case" in line}


@pytest.mark.usefixtures("recorded")
def test_what_is_unexpected_is_run_again(environment: dict[str, str], tmp_path: Path, marker: Path) -> None:
    output = tmp_path / "run.jsonl"
    ask = ("run", "test262", "--engine", FLAKY, "--output", str(output), "--no-history")
    lockstep(environment, *ask, code=1)
    marker.write_text("")
    done = lockstep(environment, *ask, "--retries", "2")
    # It passed at the second try, and nothing else was tried again.
    assert rows(output)[WAVERING]["verdict"] == "pass"
    assert rows(output)[WAVERING]["tries"] == {"pass": 1, "fail": 1}
    assert rows(output)[WAVERING]["first"].startswith("fail: ")
    assert [key for key, row in rows(output).items() if "tries" in row] == [WAVERING]
    assert lines_of(output)[-1]["counts"] == {FLAKY: {"pass": 5, "fail": 2}}
    assert "pass 1, fail 1" in done.stdout
    marker.write_text("")
    assert (
        "failed on: flaky"
        in lockstep(environment, *ask, "--retries", "2", "--fail-on", "flaky", code=1).stderr
    )
    # The project file may say the same.
    marker.write_text("")
    config = tmp_path / "lockstep.toml"
    config.write_text('[gate]\nretries = 1\nfail-on = ["flaky"]\n')
    assert "failed on: flaky" in lockstep(environment, "--config", str(config), *ask, code=1).stderr


def test_a_failure_that_stays_is_still_one(environment: dict[str, str], tmp_path: Path) -> None:
    mode = tmp_path / "mode"
    environment["FAKE_MARKER"] = str(mode)
    mode.write_text("pass")
    ask = ("run", "test262", "--engine", fake("switched"))
    lockstep(environment, *ask, "--update-status", "--fail-on", "never")
    mode.write_text("fail")
    done = lockstep(environment, *ask, "--retries", "2", code=1)
    assert "Regressions: 5" in done.stdout
    assert "Flaky" not in done.stdout


def test_repeats_hunt_flakes_and_status_keeps_their_rate(
    environment: dict[str, str], tmp_path: Path, marker: Path
) -> None:
    del marker
    output = tmp_path / "run.jsonl"
    ask = ("run", "test262", "--engine", FLAKY, "--no-history")
    done = lockstep(environment, *ask, "--repeat", "4", "--output", str(output), "--update-status")
    assert rows(output)[WAVERING]["tries"] == {"pass": 2, "fail": 2}
    assert rows(output)[WAVERING]["verdict"] == "fail"
    assert rows(output)["language/c.js", "strict"]["tries"] == {"fail": 4}
    assert lines_of(output)[0]["planned"] == 7
    assert "Flaky: ended in different ways when run more than once: 1" in done.stdout
    assert "pass 2, fail 2" in done.stdout
    status = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert status["flaky"] == {FLAKY: {"language/b.js": {"strict": {"pass": 2, "fail": 2}}}}
    shown = lockstep(environment, "status", "test262").stdout
    assert "language/b.js [strict]" in shown
    assert "pass 2, fail 2" in shown
    # What is known to waver is neither a regression nor an unexpected pass, and counts on.
    for _ in range(2):
        done = lockstep(
            environment, *ask, "--update-status", "--fail-on", "regression,unexpected-pass,flaky,worse"
        )
    status = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert status["flaky"][FLAKY]["language/b.js"] == {"strict": {"pass": 3, "fail": 3}}


@pytest.mark.parametrize("other", [("--reuse",), ("--retries", "1")])
def test_what_cannot_stand_beside_repeats(environment: dict[str, str], other: tuple[str, ...]) -> None:
    said = lockstep(environment, "run", "test262", "--engine", FLAKY, "--repeat", "2", *other, code=2).stderr
    assert "--repeat runs everything" in said


def test_one_crash_that_did_not_come_again_is_told_and_not_recorded(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["FAKE_MARKER"] = str(tmp_path / "marker")
    ask = ("run", "test262", "--engine", fake("die-once"), "-j", "1")
    done = lockstep(environment, *ask, "--update-status", "--fail-on", "flaky", code=1)
    assert "failed on: flaky" in done.stderr
    assert "flaky" not in yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())


def test_a_crash_of_what_is_known_to_fail_now_and_then_is_a_regression(
    environment: dict[str, str], tmp_path: Path
) -> None:
    mode = tmp_path / "mode"
    environment["FAKE_MARKER"] = str(mode)
    mode.write_text("pass")
    ask = ("run", "test262", "--engine", fake("switched"), "--no-history")
    lockstep(environment, *ask, "--update-status", "--fail-on", "never")
    path = tmp_path / "status" / "test262.yaml"
    status = yaml.safe_load(path.read_text())
    status["flaky"] = {fake("switched"): {"language/b.js": {"strict": {"pass": 9, "fail": 1}}}}
    path.write_text(yaml.safe_dump(status, explicit_end=True))
    only = ("--filter", "language/b.js")
    mode.write_text("fail")
    assert "Known to be flaky" in lockstep(environment, *ask, *only).stdout
    mode.write_text("die")
    assert "failed on: regression" in lockstep(environment, *ask, *only, code=1).stderr
    # Ten times the same in one run: it wavers no more.
    mode.write_text("pass")
    lockstep(environment, *ask, *only, "--repeat", "10", "--update-status")
    assert "flaky" not in yaml.safe_load(path.read_text())


def test_what_failed_changed_or_never_ran_is_run_again(
    environment: dict[str, str], tmp_path: Path, marker: Path
) -> None:
    output = tmp_path / "run.jsonl"
    ask = ("run", "test262", "--engine", FLAKY, "--fail-on", "never", "--output", str(output))

    def again(what: str) -> set[tuple[str, str]]:
        output.unlink(missing_ok=True)
        done = lockstep(environment, *ask, "--rerun", what)
        if "nothing to run again" in done.stderr:
            return set()
        assert f"--rerun {what}" in done.stdout
        return set(rows(output))

    negative = {("language/c.js", "script"), ("language/c.js", "strict")}
    lockstep(environment, *ask, "--filter", "language/*")
    # The case that wavers threw the first time, and passes the second.
    assert again("failed") == {WAVERING, *negative}
    assert again("changed") == {WAVERING}
    assert again("failed") == {WAVERING, *negative}
    assert {case for case, _ in again("missing")} == {"built-ins/d.js", "built-ins/deep/e.js"}
    assert again("missing") == set()
    kept = tmp_path / "kept.jsonl"
    marker.write_text(".")
    lockstep(environment, *ask[:-1], str(kept))
    assert again(str(kept)) == negative
    assert "there is no file" in lockstep(environment, *ask, "--rerun", "faild", code=2).stderr


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        (["--exclude", "language/*"], {"built-ins/d.js", "built-ins/deep/e.js"}),
        (["--exclude", "built-ins", "--exclude", "*/c.js"], {"language/a.js", "language/b.js"}),
        (["--flags", "raw,onlyStrict"], {"built-ins/d.js", "language/b.js"}),
        (["--flags", "raw", "--filter", "built-ins"], {"built-ins/d.js"}),
    ],
)
def test_selection_by_flags_and_by_what_is_left_out(
    environment: dict[str, str], tmp_path: Path, options: list[str], cases: set[str]
) -> None:
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("always-pass"), "--output", str(output), *options)
    assert {case for case, _ in rows(output)} == cases
    header = lines_of(output)[0]
    assert (header["selection"], header["options"]) == (
        "partial",
        " ".join(options).replace("raw,onlyStrict", "raw --flags onlyStrict")
        if "--filter" not in options
        else "--filter built-ins --flags raw",
    )


def test_an_unknown_flag_is_a_usage_error(environment: dict[str, str]) -> None:
    done = run(environment, "--engine", fake("always-pass"), "--flags", "onlyStrikt", code=2)
    assert "did you mean onlyStrict" in done.stderr


def test_enough_failures_stop_a_run(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    ask = ("--engine", fake("always-reject"), "-j", "1", "--output", str(output))
    done = run(environment, *ask, "--max-failures", "2", code=1)
    assert "stopped after 2 failures" in done.stderr
    assert [row["verdict"] for row in rows(output).values()].count("fail") == 2
    assert "finished" not in lines_of(output)[-1]
    # What is known to fail does not count.
    lockstep(environment, "run", "test262", *ask, "--update-status", "--fail-on", "never")
    run(environment, *ask, "--max-failures", "2")
    assert "finished" in lines_of(output)[-1]


def test_the_project_file_says_what_is_run_where_nobody_does(
    environment: dict[str, str], tmp_path: Path
) -> None:
    config, output = tmp_path / "lockstep.toml", tmp_path / "run.jsonl"
    config.write_text(
        f"""
        [lockstep]
        default = ["test262"]
        engines = ["{fake("hang-on-word")}"]
        filter = ["built-ins"]
        exclude = ["*/e.js"]
        limits = {{ seconds = 0.2 }}
        """
    )
    started = time.monotonic()
    command = ("--config", str(config), "run", "--fail-on", "never", "--output", str(output))
    lockstep(environment, *command)
    assert {key: row["verdict"] for key, row in rows(output).items()} == {
        ("built-ins/d.js", "raw"): "timeout"
    }
    assert time.monotonic() - started < 30
    lockstep(environment, *command, "--filter", "language/a.js")
    assert {case for case, _ in rows(output)} == {"language/a.js"}


def test_the_slowest_are_listed_and_come_first_the_next_time(
    environment: dict[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"
    ask = ("--engine", fake("always-pass"), "-j", "1", "--output", str(output))
    run(environment, *ask)
    order = list(rows(output))
    slow = order[3]
    with sqlite3.connect(environment["LOCKSTEP_HISTORY"]) as history:
        history.execute(
            "insert into slow select id, 7000 from executions where case_id = ? and mode = ?", slow
        )
    done = run(environment, *ask, "--durations", "2")
    assert list(rows(output)) == [slow, *(key for key in order if key != slow)]
    assert "Slowest executions: 2" in done.stdout


def test_a_history_that_another_run_writes_is_waited_for_and_said(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with open_store(path) as store:
        assert store.history.tallies() == []
    held = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    held.execute("begin immediate")
    threading.Timer(2.5, held.execute, ("commit",)).start()
    said: list[str] = []
    with open_store(path, said.append) as store:
        history = store.history
        # Who only reads does not wait.
        assert history.tallies() == []
        history.add([], {}, [], started="2026", whole=True, finished=None, workers=1)
    assert said == [f"{path}: another run is writing it; waiting up to 30 s"]


def test_what_the_history_does_not_hold_is_said(environment: dict[str, str]) -> None:
    assert "no runs yet" in lockstep(environment, "history", code=3).stderr
    run(environment, "--engine", fake("always-pass"))
    for arguments, said in (
        (("lua",), "no run of lua"),
        (("--engine", "other"), "no run of any suite on other"),
        (("--run", "7"), "has no run 7"),
        (("--case", "language/none.js"), "never ran"),
        (("--case", "language/a.js", "--engine", "other"), "never ran on other"),
    ):
        assert said in lockstep(environment, "history", *arguments, code=3).stderr
    assert "has passed each time" in lockstep(environment, "history", "--case", "language/a.js").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "nonsense"),
        ("suites", "path", "nonsense"),
        ("suites", "fetch", "nonsense"),
        ("bench", "nonsense"),
        ("exec", "nonsense", "-e", "1"),
        ("compare", "nonsense", "-e", "1"),
        ("disasm", "nonsense", "-e", "1"),
        ("run", "nonsense"),
    ],
)
def test_a_name_that_nothing_here_has(environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    """It may be installed: what is missing, not what is said wrongly."""
    assert "nonsense" in lockstep(environment, *arguments, code=3).stderr
