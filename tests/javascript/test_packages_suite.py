"""The packages of npm that run as a suite: what pins them, and what was recorded of them, belong together."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from lockstep.harness.suites.javascript_packages import JavaScriptPackages
from lockstep.harness.suites.sources import PACKAGES, SOURCES
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.languages import create_engine

PROGRAMS = sorted(PACKAGES.glob("*/*.js"))


def test_the_revision_is_of_the_lock_file() -> None:
    digest = hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()
    assert digest.startswith(JavaScriptPackages.revision)


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (PACKAGES / "package-lock.json").read_text("utf-8")
    assert SOURCES["javascript-packages"].manifest == PACKAGES


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_every_point_was_recorded(program: object) -> None:
    path = PACKAGES / str(program)
    recorded = json.loads(path.with_suffix(".json").read_text("utf-8"))
    named = re.findall(r'^\s*point\("((?:[^"\\]|\\.)*)"', path.read_text("utf-8"), re.MULTILINE)
    assert len(named) == len(set(named))
    assert {json.loads(f'"{name}"') for name in named} <= set(recorded)


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_a_program_runs_as_a_command(backend: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "libraries" / "twice").mkdir(parents=True)
    (folder / "libraries" / "twice" / "index.js").write_text("module.exports = (n) => n * 2;")
    main = folder / "main" / "main.js"
    main.parent.mkdir()
    main.write_text(
        "console.log(require('twice')(4), process.argv.length); console.error('aside'); process.exitCode = 3;"
    )
    output = Output()
    program = Program(
        main.read_text(), main.name, "program", path=str(main), roots=(str(folder / "libraries"),)
    )
    completion = create_engine(f"javascript:{backend}").run(program, Budget(Limits()), output)
    assert (output.text(), completion.standard_error, completion.status) == ("8 2\n", "aside\n", 3)
