"""`import lockstep`: what is public is written down, typed, and does what its examples say."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lockstep
from lockstep import api
from lockstep.launch import PACKAGE

PAGE = Path(__file__).parents[1] / "docs" / "library.md"


def test_what_is_public_is_on_its_page_and_nothing_else() -> None:
    written = set(re.findall(r"^## `(\w+)", PAGE.read_text(), re.MULTILINE))
    assert written == set(lockstep.__all__)
    assert {name for name in written if getattr(lockstep, name).__module__.startswith("lockstep.api")} <= set(
        api.__all__
    )
    assert (PACKAGE / "py.typed").is_file()


def test_the_examples_hold() -> None:
    found = doctest.testmod(api)
    assert found.attempted > 3
    assert not found.failed


def test_importing_the_package_loads_no_harness() -> None:
    program = "import sys, lockstep; print([name for name in sys.modules if name.startswith('lockstep.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['lockstep.start']"  # the version, and nothing else


def test_an_engine_goes_on_after_a_crash(tmp_path: Path) -> None:
    dies = tmp_path / "dies"
    dies.write_text('#!/bin/sh\ngrep -q die "$1" && kill -9 $$\ncat "$1"\n')
    dies.chmod(0o755)
    with lockstep.Engine(f"{dies} {{file}}", language="lua5.4") as engine:
        assert engine.name == "dies"
        assert engine.run("die").completion == "crash"
        assert engine.run("live").output == "live"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(lockstep.MissingError, match="did you mean javascript:vm"):
        lockstep.Engine("javascript:wm")
    with pytest.raises(lockstep.MissingError, match="nothing to run"):
        list(lockstep.run("fixtures", ["lua5.4:vm"], filters=["nowhere/*"]))
