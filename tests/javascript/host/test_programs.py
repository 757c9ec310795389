"""Programs beside what node 20 prints for them: on both backends, and again on node where that version is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.javascript.host.running import BACKENDS, run_file

FOLDER = Path(__file__).parent
PROGRAMS = sorted(
    [*FOLDER.glob("programs/*.js"), *FOLDER.glob("programs/*.mjs"), FOLDER / "packages/main.js"]
)


def node_prints(path: Path) -> str | None:
    """What node 20 prints, or None where it is not installed."""
    command = shutil.which("node")
    if command is None:
        return None
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("v20."):
        return None
    found = subprocess.run([command, str(path)], capture_output=True, text=True, check=False)
    return found.stdout


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_what_node_prints(path: Path, backend: str) -> None:
    ran = run_file(path, backend)
    assert ran.out == path.with_suffix(".out").read_text("utf-8"), ran.err


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_node_prints_that(path: Path) -> None:
    printed = node_prints(path)
    if printed is None:
        pytest.skip("node 20 is not installed")
    assert printed == path.with_suffix(".out").read_text("utf-8")
