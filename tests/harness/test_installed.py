"""Suites, engines and languages that an installed package brings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.black_box import lockstep

_POINTS = """\
[lockstep.suites]
demo = demo:suite
lost = demo:nothing
odd = demo:odd
[lockstep.engines]
demo = demo:engine
[lockstep.languages]
toy = demo:language
"""
_MODULE = f"""\
language = {{"extensions": [".toy"], "comment": "#"}}
engine = {{"language": "toy", "command": [{sys.executable!r}, "{{file}}"]}}
odd = 7

def suite():
    return {{"language": "toy", "files": "demo_tests/*.toy", "expect": "output"}}
"""


@pytest.fixture
def package(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has installed the package `demo`."""
    folder = tmp_path / "packages"
    files = {
        "demo-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n",
        "demo-1.0.dist-info/entry_points.txt": _POINTS,
        "demo.py": _MODULE,
        "demo_tests/a.toy": "print('a')",
        "demo_tests/a.out": "a\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return environment | {"PYTHONPATH": str(folder)}


def test_what_a_package_brings_has_a_name(package: dict[str, str]) -> None:
    done = lockstep(package, "run", "demo", "--update-status")
    assert done.stdout.split("\n")[2].split() == ["demo", "demo", "1", "1", "100", "%"]
    assert "demo" in lockstep(package, "suites", "list", code=3).stdout


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        ("lost", "suite lost of the package demo cannot be loaded: AttributeError"),
        ("odd", "suite odd of an installed package is neither a suite nor a table: 7"),
        ("demi", "did you mean demo?"),
    ],
)
def test_what_cannot_be_loaded_is_named(package: dict[str, str], suite: str, said: str) -> None:
    assert said in lockstep(package, "run", suite, code=3).stderr


def test_a_language_without_engines_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "lockstep.toml"
    config.write_text('[languages.toy]\n[suites.ours]\nlanguage = "toy"\nfiles = "*.toy"\n')
    (tmp_path / "a.toy").write_text("")
    said = lockstep(environment, "--config", str(config), "run", code=3).stderr
    assert "no engine speaks toy: name one (--engine), or describe it in [engines.NAME]" in said
