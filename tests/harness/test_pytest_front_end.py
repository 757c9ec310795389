"""The pytest front end, black-box: pytest is run on a small project that the test writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.black_box import fake
from tests.harness.documents import root_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "conformance").mkdir(parents=True)
    (folder / "conformance" / "suite.yaml").write_text("suites: [test262]\n")
    (folder / "conftest.py").write_text('pytest_plugins = ["lockstep.harness.pytest_plugin"]\n')
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider -p no:basilisp_test_runner\n")
    return folder


def run_pytest(project: Path, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "conformance", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_report_per_case_and_mode(project: Path, environment: dict[str, str], workers: list[str]) -> None:
    text = run_pytest(project, environment, "--engine", fake("always-pass"), *workers)
    assert "2 failed, 5 passed" in text
    assert "language/c.js" in text
    assert "expected SyntaxError in phase parse" in text


def test_selection_by_name_and_feature(project: Path, environment: dict[str, str]) -> None:
    assert "2 passed, 5 deselected" in run_pytest(
        project, environment, "--engine", fake("always-pass"), "-m", "let"
    )
    assert "1 passed, 6 deselected" in run_pytest(
        project, environment, "--engine", fake("always-pass"), "-k", "b.js"
    )


def test_known_failures_are_expected(project: Path, environment: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "lockstep.harness.cli",
        "run",
        "test262",
        "--engine",
        fake("always-pass"),
    ]
    subprocess.run([*command, "--update-status"], env=environment, check=True, capture_output=True)
    text = run_pytest(project, environment, "--engine", fake("always-pass"))
    assert "5 passed, 2 xfailed" in text
    text = run_pytest(project, environment, "--engine", fake("always-reject"))
    assert "failed" in text


def test_a_folder_runs_its_own_project(project: Path, environment: dict[str, str]) -> None:
    (project / "lockstep.toml").write_text(
        f'[engines.toy]\nlanguage = "toy"\ncommand = ["{sys.executable}", "{{file}}"]\n'
        '[languages.toy]\n[suites.ours]\nlanguage = "toy"\nfiles = "conformance/*.toy"\nexpect = "tap"\n'
    )
    (project / "conformance" / "a.toy").write_text(
        "print('1..3\\nok 1 - x\\nnot ok 2 - y\\nnot ok 3 - z # TODO later')"
    )
    marker = project / "conformance" / "suite.yaml"
    marker.write_text("suites: [ours]\n")
    text = run_pytest(project, environment, "-v", "--junitxml", "report.xml")
    assert "1 failed, 2 passed, 1 skipped" in text
    assert "conformance/a.toy#2 y[toy] - fail: not ok\n" in text
    assert "[100%]" in text
    assert "[200%]" not in text
    names = [case.get("name") for case in root_of(project / "report.xml").iter("testcase")]
    assert names == [
        "conformance/a.toy[toy]",
        *(f"conformance/a.toy#{point}[toy]" for point in ("1 x", "2 y", "3 z")),
    ]
    marker.write_text("")
    assert "1 failed, 2 passed, 1 skipped" in run_pytest(project, environment)
    marker.write_text("suites: [fixtures]\n")
    assert "the suite fixtures ships inside Lockstep, and is not this folder's" in run_pytest(
        project, environment
    )
    # A name that nobody has is no reason to pass.
    marker.write_text("suites: [urs]\n")
    text = run_pytest(project, environment)
    assert "suite.yaml: unknown suite 'urs'" in text
    assert "passed" not in text
    assert "skipped" not in text


def test_a_missing_suite_is_named(project: Path, environment: dict[str, str]) -> None:
    without = {name: value for name, value in environment.items() if name != "LOCKSTEP_SUITES"}
    text = run_pytest(
        project, {**without, "LOCKSTEP_CACHE": os.devnull}, "-rs", "--engine", fake("always-pass")
    )
    assert "1 skipped" in text
    assert "lockstep suites fetch" in text
