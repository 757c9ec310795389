"""Each recipe of docs/recipes.md is followed on a copy of the project, from its difference to its tests."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import Block, Command, File, blocks, steps
from tests.docs.setups import ROOT

PAGE = ROOT / "docs" / "recipes.md"
_PARTS = (
    "bench",
    "conftest.py",
    "fixtures",
    "harness",
    "lockstep",
    "pyproject.toml",
    "reference",
    "status",
    "tests",
)
LANGUAGES = re.findall(r"^## (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)


def section(language: str) -> tuple[int, int]:
    """The first and the last line of a recipe."""
    lines = PAGE.read_text("utf-8").splitlines()
    begin = lines.index(f"## {language}")
    ends = [number for number, line in enumerate(lines) if number > begin and line.startswith("## ")]
    return begin, min(ends, default=len(lines))


def copy_of_the_project(folder: Path) -> None:
    """What the commands of a recipe need, without what runs have left."""
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*", "build")
            shutil.copytree(source, folder / part, symlinks=True, ignore=ignored)
        else:
            shutil.copy(source, folder / part)


def run(text: str, folder: Path) -> str:
    """Run a command of the page by the copy in `folder`; what it prints."""
    program, *words = shlex.split(text)
    start = [str(folder / "lockstep" / "launch.py"), "harness.cli"]
    if program == "pytest":
        start = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *start, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert done.returncode == 0, f"$ {text}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recipe_does_what_it_says(language: str, tmp_path: Path) -> None:
    begin, end = section(language)
    inside: list[Block] = [block for block in blocks(PAGE) if begin < block.line < end]
    difference = "".join(f"{line}\n" for block in inside if block.language == "diff" for line in block.lines)
    titles = {block.title for block in inside if block.title}
    (program,) = [step for step in steps(PAGE) if isinstance(step, File) and step.name in titles]
    commands = [step.text for step in steps(PAGE) if isinstance(step, Command) and begin < step.line < end]
    copy_of_the_project(tmp_path)
    fixture = tmp_path / program.name
    assert not fixture.exists()
    fixture.write_text(program.text, "utf-8")
    # Without what it adds, its fixture fails.
    with pytest.raises(AssertionError, match="Causes of 2 failures"):
        run(commands[0], tmp_path)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=difference, text=True, check=True)
    shown = [run(command, tmp_path) for command in commands]
    assert re.findall(r":(treewalk|vm) +1 +1 +100 %", shown[0]) == ["treewalk", "vm"]
    assert re.search(r"^[12] built-ins: ", shown[1], re.MULTILINE)
