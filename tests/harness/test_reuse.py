"""Outcomes that are used again: only those that the same engine would give again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lockstep import launch
from lockstep.harness.engines.registry import resolve
from tests.harness.black_box import fake, lines_of, run


def test_outcomes_are_used_again_until_something_changes(environment: dict[str, str], tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    command = ("--reuse", "--engine", fake("always-pass"))
    assert "0 of 7 outcomes" in run(environment, *command, "--output", str(first)).stderr
    assert "7 of 7 outcomes" in run(environment, *command, "--output", str(second)).stderr
    assert sorted(map(str, lines_of(first)[1:-1])) == sorted(map(str, lines_of(second)[1:-1]))
    assert "0 of 7 outcomes" in run(environment, *command, "--steps", "77").stderr
    # Without its flags the changed file runs in two modes.
    (tmp_path / "suites" / "test262" / "test" / "built-ins" / "deep" / "e.js").write_text("5; // changed")
    assert "6 of 8 outcomes" in run(environment, *command).stderr
    # What hangs, dies or is killed is tried again.
    dying = ("--reuse", "--timeout", "1", "--engine", fake("die-on-word"))
    assert "0 of 8 outcomes" in run(environment, *dying).stderr
    assert "7 of 8 outcomes" in run(environment, *dying).stderr
    (tmp_path / "cache" / "outcomes.sqlite").write_text("no database")
    for extra in ("-wal", "-shm"):
        (tmp_path / "cache" / f"outcomes.sqlite{extra}").unlink(missing_ok=True)
    done = run(environment, *command, code=3)
    assert "everything is run" in done.stderr
    assert "outcomes.sqlite: file is not a database; move the file away" in done.stderr


def test_an_engine_of_another_version_is_another_engine(environment: dict[str, str]) -> None:
    command = ("--reuse", "--engine", fake("always-pass"))
    run(environment, *command)
    environment["FAKE_VERSION"] = "fake 1.1"
    assert "0 of 7 outcomes" in run(environment, *command).stderr
    environment["FAKE_VERSION"] = "fake 1.0"
    assert "7 of 7 outcomes" in run(environment, *command).stderr


@pytest.mark.parametrize("silent", ["", "fake", "fake2"])
def test_an_engine_that_tells_no_version_is_run_anew(environment: dict[str, str], silent: str) -> None:
    environment["FAKE_VERSION"] = silent
    command = ("--engine", fake("always-pass"))
    run(environment, "--reuse", *command)
    done = run(environment, "--reuse", *command)
    assert "0 of 7 outcomes" in done.stderr
    assert "tells no version" in done.stderr
    run(environment, "--reuse-unversioned", *command)
    assert "7 of 7 outcomes" in run(environment, "--reuse-unversioned", *command).stderr


def test_an_engine_that_changes_during_a_run_is_given_up(environment: dict[str, str], tmp_path: Path) -> None:
    version = tmp_path / "version"
    environment |= {"FAKE_MARKER": str(version)}
    done = run(environment, "--engine", fake("changes"), "-j", "1", code=3)
    assert "has changed during the run" in done.stderr


@pytest.mark.parametrize(
    ("engine", "place"),
    [
        ("lua5.4:vm", "reference/worker.py"),
        ("lua5.4:vm", "reference/host/limits.py"),
        ("lua5.4:vm", "reference/lua/runtime/library/strings.py"),
        ("cpython", "harness/engines/outside/cpython.py"),
        ("cpython", "harness/engines/outside/serving.py"),
        ("redis:lua5.1:vm", "reference/redis/store/commands.tsv"),
        ("redis:lua5.1:vm", "reference/lua/vm/machine.py"),
    ],
)
def test_everything_that_a_process_loads_from_us_is_in_its_hash(
    tmp_path: Path, engine: str, place: str
) -> None:
    copy = tmp_path / "lockstep"
    shutil.copytree(launch.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "fixtures", "bench"))

    def version() -> str:
        spec = resolve(engine)
        command = [word.replace(str(launch.PACKAGE), str(copy)) for word in spec.command]
        moved = replace(spec, command=tuple(command))
        process = moved.spawn()
        try:
            return moved.identified(process).hash
        finally:
            process.kill()

    before = version()
    assert before == version()
    path = copy / place
    content = path.read_bytes()
    path.write_bytes(content.rstrip() if path.suffix == ".tsv" else content + b"\n")
    assert version() != before


def test_the_record_says_who_ran(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("always-pass"), "--output", str(output))
    (engine,) = lines_of(output)[0]["engines"]
    assert (engine["language"], engine["version"]) == ("javascript", "fake 1.0")
    assert len(engine["hash"]) == 12
