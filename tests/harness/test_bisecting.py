"""`lockstep bisect`: among versions, commands, and revisions of a repository that is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.harness.bisecting.versions import NothingToFindError, bisected

LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli"]
_IDENTITY = ("-c", "user.email=somebody@example.org", "-c", "user.name=Somebody")


def lockstep(folder: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [*LOCKSTEP, "bisect", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 29))
def test_the_first_change_is_found(can_be_tried: list[bool], change: int) -> None:
    change = change % len(can_be_tried) + 1
    versions = [str(number) for number in range(len(can_be_tried) + 2)]
    last = len(versions) - 1
    tried = [True, *can_be_tried, True]
    asked: list[int] = []

    def look(version: str) -> str | None:
        number = int(version)
        asked.append(number)
        return None if not tried[number] else "new" if number >= change else "old"

    found = bisected(versions, look)
    assert found.first == next(str(number) for number in range(change, last + 1) if tried[number])
    assert found.last == next(str(number) for number in range(change - 1, -1, -1) if tried[number])
    assert len(asked) == len(set(asked))
    if all(can_be_tried):
        assert len(asked) <= 2 + len(can_be_tried).bit_length()


def test_no_change_is_told() -> None:
    with pytest.raises(NothingToFindError, match="a and b do the same: x"):
        bisected(["a", "b"], lambda _: "x")
    with pytest.raises(NothingToFindError, match="b cannot be tried"):
        bisected(["a", "b"], {"a": "x", "b": None}.__getitem__)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Twelve commits of an engine that must be built; the fifth cannot, from the eighth on it answers otherwise."""
    folder = tmp_path / "engine"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    for number in range(1, 13):
        (folder / "engine.sh").write_text(f"#!/bin/sh\n# {number}\necho {'old' if number < 8 else 'new'}\n")
        (folder / "build.sh").write_text(
            "exit 1\n" if number in (5, 9) else "cp engine.sh mine; chmod +x mine\n"
        )
        (folder / "notes").write_text("what is not committed is left alone\n")
        words = [
            ["add", "engine.sh", "build.sh"],
            ["commit", "-q", "-m", f"version {number}"],
            ["tag", f"v{number}"],
        ]
        for one in words:
            subprocess.run(["git", "-C", str(folder), *_IDENTITY, *one], check=True)
    return folder


def test_revisions_are_built_and_tried(repository: Path, tmp_path: Path) -> None:
    ask = (
        "--repository",
        "engine",
        "--build",
        "sh build.sh",
        "--engine",
        "./mine {file}",
        "--language",
        "lua5.4",
        "-e",
        "x",
    )
    said = lockstep(tmp_path, *ask, "--good", "v1", "--bad", "main")
    assert "Somebody: version 8\n" in said.partition("first changed: ")[2]
    assert "before:        printed old" in said
    assert "after:         printed new" in said
    assert "nothing to find" in lockstep(tmp_path, *ask, "--good", "v1", "--bad", "v4", code=1)
    assert "cannot be tried" in lockstep(tmp_path, *ask, "--good", "v5", "--bad", "v8", code=1)
    assert "does not come before" in lockstep(tmp_path, *ask, "--good", "v8", "--bad", "v1", code=3)
    assert "nowhere" in lockstep(tmp_path, *ask, "--good", "nowhere", "--bad", "v1", code=3)
    left = subprocess.run(
        ["git", "-C", str(repository), "status", "--short"], capture_output=True, text=True, check=True
    )
    assert left.stdout == "?? notes\n"
    trees = subprocess.run(
        ["git", "-C", str(repository), "worktree", "list"], capture_output=True, text=True, check=True
    )
    assert len(trees.stdout.splitlines()) == 1


def test_versions_and_commands(tmp_path: Path) -> None:
    (tmp_path / "lockstep.toml").write_text(
        '[suites.own]\nlanguage = "lua5.4"\nfiles = "*.lua"\nexpect = "comments"\n'
    )
    (tmp_path / "case.lua").write_text("print(1) --> 1\n")
    command = "sh -c 'echo {version} | cut -c1' {file}"
    case = ("--case", "own:case.lua")
    said = lockstep(tmp_path, *case, "--engine", command, "--versions", "1.0,1.5,2.0,2.5,3.0")
    assert "first changed: 2.0\nbefore:        pass  (1.5)\nafter:         fail " in said
    commands = (
        "--good",
        "sh -c 'echo 1' {file}",
        "--between",
        "sh -c 'echo 1;' {file}",
        "--bad",
        "sh -c 'echo 2' {file}",
    )
    assert "first changed: sh -c 'echo 2' {file}" in lockstep(tmp_path, *case, *commands)
    assert "has no case" in lockstep(tmp_path, "--case", "own:none.lua", *commands, code=3)
    assert "--versions needs" in lockstep(tmp_path, *case, "--engine", "x", "--versions", "1,2", code=2)
    assert "name two commands" in lockstep(tmp_path, *case, code=2)
