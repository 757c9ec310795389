"""The gate: red when it must be, for the reason that it gives; never red, nor green, for another."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lockstep.harness.gate import REASONS, Gate
from lockstep.harness.model import Result, Verdict
from lockstep.harness.status.changes import Changes, Gone
from tests.harness.black_box import fake, lockstep

ENGINE = fake("switched")

_PASS = Result("s", "a", "", "e", Verdict.PASS)
_FAIL = Result("s", "b", "", "e", Verdict.FAIL)
_GONE = Gone("s", "e", "c")
_SKIP = Result("s", "d", "", "e", Verdict.SKIPPED)


@pytest.mark.parametrize(
    ("changes", "results", "reasons"),
    [
        (Changes(), [_PASS], set()),
        (Changes(), [_PASS, _FAIL], {"any"}),
        (Changes(), [], {"vacuous"}),
        (Changes(), [_SKIP], {"vacuous"}),
        (Changes(regressions=[_FAIL]), [_PASS, _FAIL], {"regression", "any"}),
        (Changes(worse=[_FAIL]), [_PASS, _FAIL], {"worse", "any"}),
        (Changes(improvements=[_PASS]), [_PASS], {"unexpected-pass"}),
        (Changes(new_failures=[_FAIL]), [_PASS, _FAIL], {"new-failure", "any"}),
        (Changes(flaky=[_PASS]), [_PASS], {"flaky"}),
        (Changes(known_flaky=[_FAIL]), [_PASS, _FAIL], {"any"}),
        (Changes(missing=[_GONE]), [_PASS], {"missing"}),
        (Changes(unrecorded={("s", "e"): "nothing"}), [_PASS], set()),
    ],
)
def test_the_truth_table(changes: Changes, results: list[Result], reasons: set[str]) -> None:
    every = tuple(name for name in REASONS if name != "never")
    assert set(Gate(every).failed(results, changes)) == reasons
    for name in every:
        assert Gate((name,)).failed(results, changes) == ([name] if name in reasons else [])
    assert Gate(("never",)).failed(results, changes) == []


@pytest.fixture
def mode(environment: dict[str, str], tmp_path: Path) -> Path:
    """The file that says what the engine does; what it does when it passes is recorded."""
    path = tmp_path / "mode"
    environment["FAKE_MARKER"] = str(path)
    path.write_text("pass")
    return path


def gate(environment: dict[str, str], *arguments: str, code: int) -> str:
    done = lockstep(environment, "run", "test262", "--engine", ENGINE, *arguments, code=code)
    return done.stdout + done.stderr


def record(environment: dict[str, str]) -> None:
    gate(environment, "--update-status", "--fail-on", "never", code=0)


def test_as_known_is_green(environment: dict[str, str], mode: Path) -> None:
    for known in ("pass", "fail"):
        mode.write_text(known)
        record(environment)
        gate(environment, code=0)


@pytest.mark.parametrize(
    ("known", "now", "reason"),
    [
        ("pass", "fail", "regression"),
        ("pass", "die", "regression"),
        ("pass", "out-of-time", "regression"),
        ("fail", "die", "worse"),
        ("fail", "out-of-time", "worse"),
        ("out-of-time", "die", "worse"),
    ],
)
def test_what_became_worse_is_red(
    environment: dict[str, str], mode: Path, known: str, now: str, reason: str
) -> None:
    mode.write_text(known)
    record(environment)
    mode.write_text(now)
    assert f"failed on: {reason}" in gate(environment, code=1)


def test_a_crash_that_became_a_failure_is_green(environment: dict[str, str], mode: Path) -> None:
    mode.write_text("die")
    record(environment)
    mode.write_text("fail")
    gate(environment, code=0)


def test_an_unexpected_pass_is_shown_and_can_be_red(environment: dict[str, str], mode: Path) -> None:
    mode.write_text("fail")
    record(environment)
    mode.write_text("pass")
    assert "Unexpected passes" in gate(environment, "--no-history", code=0)
    assert "failed on: unexpected-pass" in gate(
        environment, "--no-history", "--fail-on", "unexpected-pass,regression", code=1
    )


def test_a_fix_that_is_lost_again_is_red(environment: dict[str, str], mode: Path, tmp_path: Path) -> None:
    mode.write_text("fail")
    record(environment)
    # The status was written a while ago; what comes later stands in the history only.
    earlier = time.time() - 3600
    os.utime(tmp_path / "status" / "test262.yaml", (earlier, earlier))
    gate(environment, code=0)
    mode.write_text("pass")
    gate(environment, code=0)
    mode.write_text("fail")
    said = gate(environment, code=1)
    assert "failed on: regression" in said
    # The status file says that it fails: the line tells why it is a regression all the same.
    assert "it passed in a run of this machine since the status was written" in said


def test_the_project_file_has_a_gate(environment: dict[str, str], mode: Path, tmp_path: Path) -> None:
    record(environment)
    config = tmp_path / "lockstep.toml"
    ask = ("--config", str(config), "run", "test262", "--engine", ENGINE)
    config.write_text('[gate]\nfail-on = ["any"]\nat-least = 8\n')
    mode.write_text("fail")
    assert "failed on: any" in lockstep(environment, *ask, code=1).stderr
    assert "regression" in lockstep(environment, *ask, "--fail-on", "regression", code=1).stderr
    config.write_text("[gate]\nat-least = 8\n")
    mode.write_text("pass")
    assert "failed on: vacuous" in lockstep(environment, *ask, code=1).stderr
    lockstep(environment, *ask, "--at-least", "7")
    # What the command line has narrowed cannot hold as many.
    lockstep(environment, *ask, "--filter", "language/a.js")
    lockstep(environment, *ask, "--shard", "1/3")
    config.write_text('[gate]\nfail-on = ["regresion"]\n')
    assert (
        "lockstep.toml:2: in [gate.fail-on]: unknown reason `regresion`; did you mean `regression`?"
        in lockstep(environment, *ask, code=2).stderr
    )


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--filter", "langage/*"), "did you mean language"),
        (("--filter", "language/x.js"), "language/a.js"),
        (("--feature", "lett"), "did you mean let"),
    ],
)
def test_a_filter_that_names_nothing_is_a_usage_error(
    environment: dict[str, str], mode: Path, arguments: tuple[str, ...], hint: str
) -> None:
    del mode
    said = gate(environment, *arguments, code=2)
    assert "nothing to run" in said
    assert hint in said


def test_an_engine_without_expectations_is_told_so(environment: dict[str, str], mode: Path) -> None:
    mode.write_text("fail")
    said = gate(environment, code=3)
    assert "no expectations of" in said
    assert "--update-status" in said
    gate(environment, "--fail-on", "never", code=0)
    gate(environment, "--fail-on", "any", code=1)
    gate(environment, "--fail-on", "new-failure", code=1)


def test_expectations_of_another_revision_say_nothing(
    environment: dict[str, str], mode: Path, tmp_path: Path
) -> None:
    record(environment)
    path = tmp_path / "status" / "test262.yaml"
    path.write_text(path.read_text().replace("be13516f", "fedcba9"))
    mode.write_text("fail")
    assert "are those of test262 fedcba9" in gate(environment, code=3)


def test_too_few_is_vacuous(environment: dict[str, str], mode: Path) -> None:
    del mode
    record(environment)
    gate(environment, "--at-least", "7", code=0)
    assert "failed on: vacuous" in gate(environment, "--at-least", "8", code=1)


@pytest.mark.parametrize("reasons", ["frobnicate", "never,any", "regression,typo"])
def test_unknown_reasons_are_usage_errors(environment: dict[str, str], reasons: str) -> None:
    done = lockstep(environment, "run", "test262", "--engine", ENGINE, "--fail-on", reasons, code=2)
    assert "--fail-on" in done.stderr
