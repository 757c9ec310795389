"""`lockstep init`: what it writes for repositories of several kinds, and what `--check` finds wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

_SHELL = f"#!{sys.executable}\nimport sys\nexec(open(sys.argv[1]).read())\n"


def put(folder: Path, **files: str) -> None:
    """Files by names in which `__` stands for a slash and the last `_` for the dot."""
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def program(path: Path, text: str = _SHELL) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Repository:
    """A repository in which the command is run, with a home of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        places = ("LOCKSTEP_STATUS", "LOCKSTEP_HISTORY", "LOCKSTEP_SUITES")
        self._environment = {name: text for name, text in environment.items() if name not in places}
        self._environment |= {"HOME": str(folder / "home"), "PATH": f"{folder / 'path'}:{os.environ['PATH']}"}
        program(
            folder / "path" / "lockstep", f'#!/bin/sh\nexec {sys.executable} -m lockstep.harness.cli "$@"\n'
        )

    def run(self, *words: str, code: int = 0) -> str:
        """What a command prints."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @property
    def table(self) -> dict[str, Any]:
        """The project file."""
        return tomllib.loads((self.folder / "lockstep.toml").read_text())


@pytest.fixture
def repository(tmp_path: Path, environment: dict[str, str]) -> Repository:
    return Repository(tmp_path / "repository", environment)


def test_from_nothing_to_a_gate(repository: Repository) -> None:
    folder = repository.folder
    put(folder, CMakeLists_txt="project(qf)\nadd_executable(qf main.c)\nadd_executable(qf-tests t.c)\n")
    program(folder / "build" / "qf")
    put(folder, tests__a_lox="print(1)\n", tests__a_out="1\n", tests__b_lox="print(2)\n", tests__b_out="2\n")
    put(folder, tests__support__c_lox="no test\n")
    said = repository.run("lockstep", "init")
    assert "wrote lockstep.toml" in said
    assert "tests/: 2 programs in lox; expect = output (files *.out stand beside them)" in said
    table = repository.table
    assert table["engines"] == {"qf": {"language": "lox", "command": "./build/qf {file}"}}
    assert table["suites"] == {"ours": {"language": "lox", "files": "tests/**/*.lox", "expect": "output"}}
    assert table["languages"]["lox"] == {"extensions": [".lox"], "comment": "//"}
    put(folder, lockstep_toml=(folder / "lockstep.toml").read_text() + "")
    shutil.rmtree(folder / "tests" / "support")
    assert "nothing is wrong" in repository.run("lockstep", "init", "--check")
    assert "no expectations of qf" in repository.run("ci/conformance.sh", code=3)
    repository.run("lockstep", "run", "--update-status")
    assert (folder / "conformance" / "status" / "ours.yaml").is_file()
    repository.run("ci/conformance.sh", "run", "1/2")
    repository.run("ci/conformance.sh", "run", "2/2")
    repository.run("ci/conformance.sh", "judge")
    put(folder, tests__a_lox="print(3)\n")
    assert "failed on: regression" in repository.run("ci/conformance.sh", code=1)
    assert (folder / "conformance" / "out" / "report.html").is_file()


def test_files_that_are_there_stay(repository: Repository) -> None:
    put(repository.folder, lockstep_toml="[lockstep]\n")
    said = repository.run("lockstep", "init")
    assert "lockstep.toml is there already, and stays as it is" in said
    assert "wrote ci/conformance.sh" in said
    assert (repository.folder / "lockstep.toml").read_text() == "[lockstep]\n"
    assert "wrote over lockstep.toml" in repository.run("lockstep", "init", "--force")
    assert "[gate]" in (repository.folder / "lockstep.toml").read_text()


def test_a_site_of_what_was_committed(repository: Repository) -> None:
    """The status files of two days are a history; a third state that is not committed is what is shown."""
    folder = repository.folder
    put(folder, tests__a_py="print(1)\n", tests__a_out="1\n", tests__b_py="print(2)\n", tests__b_out="3\n")
    program(folder / "build" / "py")
    assert "ci/site.sh _site" in repository.run("lockstep", "init", "--site")
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "site.yml").read_text())
    steps = workflow["jobs"]["site"]["steps"]
    assert any(step.get("run") == "ci/site.sh _site" for step in steps)
    repository.run("git", "init", "--quiet")
    status = folder / "conformance" / "status" / "ours.yaml"
    for day, text in (("2026-10-01", "print(2)\n"), ("2026-11-01", "print(3)\n")):
        put(folder, tests__b_py=text)
        repository.run("lockstep", "run", "--update-status")
        was = status.read_text()
        status.write_text(
            re.sub(r"updated: .*", f"updated: '{day}'", re.sub(r"hash: .*", f"hash: h{day[5:7]}", was))
        )
        repository.run("git", "add", "conformance/status")
        author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        repository.run(
            "env", f"GIT_COMMITTER_DATE={day}T12:00:00Z", "git", *author, "commit", "--quiet", "-m", day
        )
    out = repository.run("ci/site.sh", "_site")
    assert "wrote _site" in out
    page = (folder / "_site" / "suite" / "python" / "ours" / "index.html").read_text()
    engine = next((folder / "_site" / "engine" / "python").iterdir())
    changes = json.loads((engine / "changes.json").read_text())["changes"]
    assert [(one["test"], one["before"], one["after"], one["started"]) for one in changes] == [("tests/b.py", "fail", "pass", "2026-11-01")]  # fmt: skip
    assert "100 %" in page
    assert "<svg viewBox" in page, "two days are a plot"


def test_what_build_files_and_other_tools_tell(repository: Repository) -> None:
    folder = repository.folder
    put(
        folder,
        Cargo_toml='[package]\nname = "swift-js"\n[[bin]]\nname = "sjs"\n',
        package_json=json.dumps({"name": "x", "bin": {"xjs": "./cli.js"}}),
        cli_js="",
        tests__a_js="console.log('TAP version 13')\n",
    )
    hosts = {"ch": {"path": "/opt/ch", "type": "ch", "tags": ["web"]}}
    (folder / ".eshost-config.json").write_text(json.dumps({"hosts": hosts}))
    program(folder / "home" / ".jsvu" / "bin" / "v8")
    repository.run("lockstep", "init")
    table = repository.table
    assert table["engines"]["sjs"]["command"] == "./target/release/sjs {file}"
    assert table["engines"]["xjs"] == {"language": "javascript", "command": "node cli.js {file}"}
    assert table["engines"]["ch"]["groups"] == ["web"]
    assert table["suites"]["ours"]["expect"] == "tap"
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "conformance.yml").read_text())
    steps = [step.get("run", "") for step in workflow["jobs"]["run"]["steps"]]
    assert "cargo build --release" in steps
    assert "ci/conformance.sh run ${{ matrix.shard }}/1" in steps


def test_an_empty_repository_gets_a_file_to_fill_in(repository: Repository) -> None:
    repository.run("lockstep", "init")
    assert set(repository.table) == {"lockstep", "gate"}
    assert "no engine is named" in repository.run("lockstep", "init", "--check", code=1)
    table = '[lockstep]\nengines = ["lua5.4:vm"]\n'
    (repository.folder / "lockstep.toml").write_text(table)
    assert "nothing is wrong" in repository.run("lockstep", "init", "--check")


_WRONG = f"""
[lockstep]
default = ["our", "ours"]
engines = ["good", "@fast"]
suites = "nowhere"
status = "ignored/status"
store = "postgresql://me:secret@host/team"
[engines.good]
language = "toy"
command = ["{sys.executable}", "{{file}}"]
[engines.gone]
language = "toy"
command = "./build/gone {{file}}"
[engines.mute]
command = "./build/mute {{file}}"
[engines.scriptless]
language = "toy"
command = "{sys.executable} -q --x=y.py main.toy x.js {{file}}"
[engines.there]
language = "toy"
command = ["{sys.executable}", "tests/a.toy", "{{file}}"]
[engines.places]
language = "toy"
command = "{sys.executable} {{fil}}"
[languages.toy]
extensions = [".toy"]
[languages.tongue]
[suites.ours]
language = "toy"
files = ["tests/*.toy", "test/*.toy"]
exclude = "tests/odd.toy"
expect = "output"
[suites.lonely]
language = "tongue"
frontmatter = false
files = "tests/*.toy"
[suites.marked]
language = "toy"
files = "tests/*.toy"
expect = "marker"
[gate]
fail-on = ["regressions"]
"""
_SAID = (
    "[engines.gone]: cannot start ",
    "[engines.scriptless]: its script main.toy is not there",
    "[engines.places]: unknown place {fil} in the command ",
    "[engines.mute]: nobody says which language it speaks",
    "[suites.ours]: files: no file matches test/*.toy",
    "[suites.ours]: exclude: no file matches tests/odd.toy",
    "[suites.ours]: tests/b.toy: line 3: the header is no YAML",
    "[suites.ours]: no expected output of a.toy, b.toy: `lockstep fixtures write ours --engine ENGINE` records it",
    "[suites.lonely]: no engine speaks tongue",
    '[suites.marked]: expect = "marker" needs `marker`',
    "[lockstep] default: unknown suite 'our'; did you mean ours?",
    "[lockstep] engines: no engine is in the group @fast",
    "[gate] fail-on: 'regressions' is none of ",
    "[lockstep] status: ignored/status is ignored by git",
    "[lockstep] store: a password does not belong into a file that is committed",
    "[lockstep] suites: nowhere is no folder",
    "16 things are wrong",
)


def test_what_is_wrong_is_said_line_by_line(repository: Repository) -> None:
    folder = repository.folder
    put(folder, lockstep_toml=_WRONG, tests__a_toy="", tests__b_toy="# ---\n# x: [\n# ---\n")
    (folder / ".gitignore").write_text("ignored/\n")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    said = repository.run("lockstep", "init", "--check", code=1)
    for line in _SAID:
        assert line in said, said
    assert len(said.splitlines()) == len(_SAID)


def test_a_file_that_cannot_be_read_or_is_not_there(repository: Repository) -> None:
    assert "`lockstep init` writes one" in repository.run("lockstep", "init", "--check", code=1)
    put(repository.folder, lockstep_toml='[suites.x]\nfils = "a"\n')
    assert "did you mean `files`?" in repository.run("lockstep", "init", "--check", code=1)
