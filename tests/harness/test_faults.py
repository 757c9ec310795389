"""Faults of the machine and of the files at hand: said in one line, before the run where they can be, and never as a regression."""

from __future__ import annotations

import fcntl
import resource
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.harness.black_box import fake, lines_of, lockstep, run

SUITE = "test262-be13516f"


def archive_of(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w:xz") as content:
        content.add(folder, ".")
    return target


@pytest.fixture
def archive(environment: dict[str, str], tmp_path: Path) -> Path:
    """The suite as an archive, in place of its folder."""
    folder = tmp_path / "suites" / "test262"
    path = archive_of(folder, tmp_path / "suites" / f"{SUITE}.tar.xz")
    shutil.rmtree(folder)
    del environment
    return path


def limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_costs_the_record_and_nothing_else(environment: dict[str, str], tmp_path: Path) -> None:
    output, junit = tmp_path / "run.jsonl", tmp_path / "junit.xml"
    command = [
        sys.executable,
        "-m",
        "lockstep.harness.cli",
        "run",
        "test262",
        "--fail-on",
        "never",
        "--no-history",
    ]
    done = subprocess.run(
        [*command, "--engine", fake("always-pass"), "--output", str(output), "--junit", str(junit)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: limited(900),  # one thread: pytest's own
    )
    assert done.returncode == 3, done.stderr
    assert "71.4 %" in done.stdout
    assert "run.jsonl: the record ends here: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert output.stat().st_size <= 900


@pytest.mark.parametrize("option", ["--output", "--junit", "--html", "--summary"])
def test_a_report_that_cannot_be_written_is_found_before_the_run(
    environment: dict[str, str], tmp_path: Path, option: str
) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "below" / "it"
    done = run(environment, "--engine", fake("always-pass"), option, str(place), code=2)
    assert "cannot be written" in done.stderr
    assert not done.stdout


def test_status_that_cannot_be_written(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment["LOCKSTEP_STATUS"] = str(tmp_path / "file" / "status")
    done = run(environment, "--engine", fake("always-pass"), "--update-status", code=3)
    assert "71.4 %" in done.stdout
    assert "cannot be written" in done.stderr


@pytest.mark.usefixtures("archive")
def test_a_cache_that_cannot_be_written(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment["LOCKSTEP_CACHE"] = str(tmp_path / "file" / "cache")
    environment["LOCKSTEP_HISTORY"] = str(tmp_path / "file" / "history.sqlite")
    done = run(environment, "--engine", fake("always-pass"))
    assert "71.4 %" in done.stdout
    assert "unpacked for this run only" in done.stderr
    assert "not added to the history" in done.stderr


@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_an_archive_that_was_cut(environment: dict[str, str], archive: Path, share: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    done = run(environment, "--engine", fake("always-pass"), code=3)
    assert "cannot unpack" in done.stderr
    assert archive.name in done.stderr


def test_archives_of_one_name_do_not_disturb_each_other(
    environment: dict[str, str], archive: Path, tmp_path: Path
) -> None:
    engine = ("--engine", fake("always-pass"))
    run(environment, *engine)
    folders = {path for path in (tmp_path / "cache" / "suites").iterdir() if path.is_dir()}
    # The same name with another content, as another checkout may have it.
    folder = tmp_path / "other"
    (folder / "test").mkdir(parents=True)
    (folder / "test" / "one.js").write_text("1;")
    (folder / "harness").mkdir()
    for name in ("assert.js", "sta.js"):
        (folder / "harness" / name).write_text("")
    archive_of(folder, archive)
    assert " 2 " in run(environment, *engine).stdout.splitlines()[2]
    assert all(path.is_dir() for path in folders)
    assert len(list((tmp_path / "cache" / "suites").iterdir())) == 2


def test_a_file_that_vanishes_costs_one_case(environment: dict[str, str], tmp_path: Path) -> None:
    test = tmp_path / "suites" / "test262" / "test" / "language" / "b.js"
    environment["FAKE_MARKER"] = str(test)
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("removes-a-file"), "-j", "1", "--output", str(output))
    found = {line["case"]: line["verdict"] for line in lines_of(output) if "case" in line}
    assert found["language/b.js"] == "error"
    assert list(found.values()).count("pass") == 3


def test_a_fault_of_our_own_is_no_regression(environment: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import lockstep.harness.commands.engine_list as show\nshow.show_engines = lambda: 1 / 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "lockstep.harness.cli", "engines"],
        env={**environment, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 70
    assert "please report it" in done.stderr


@pytest.mark.parametrize("words", [("-e", "1", "--frobnicate"), ("--frobnicate", "x.js")])
@pytest.mark.parametrize("command", ["exec", "compare"])
def test_unknown_options_are_not_given_to_the_program(
    environment: dict[str, str], command: str, words: tuple[str, ...]
) -> None:
    done = lockstep(environment, command, "javascript", *words, code=2)
    assert "no such option: --frobnicate" in done.stderr


def test_folders_of_the_user_stand_in_for_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    for name in ("harness", "reference", "fixtures", "tests", "status", "bench"):
        (tmp_path / "mine" / name).mkdir(parents=True)
        (tmp_path / "mine" / name / "__init__.py").write_text("raise RuntimeError('a folder of the user')\n")
    for name in ("json", "selectors", "greenlet", "lupa"):
        (tmp_path / "mine" / f"{name}.py").write_text("raise RuntimeError('a file of the user')\n")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("lockstep"),
            "run",
            "fixtures",
            "--filter",
            "lua/5.4/*",
            "--engine",
            "lua5.4:vm",
        ],
        cwd=tmp_path / "mine",
        env={**environment, "LOCKSTEP_STATUS": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "of the user" not in done.stdout + done.stderr
    assert "100 %" in done.stdout, done.stderr


def test_a_reader_that_goes_away_is_no_regression(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lockstep.harness.cli", "run", "test262", "--engine", fake("always-pass")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 141
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("run", "test262", "--engine", ""), 2, "it names nothing"),
        (("run", "test262", "--fail-on", ","), 2, "it names nothing"),
        (("run", "test262", "--engine", "cmd:'unclosed"), 3, "no command as a shell reads it"),
        (("report", "record.jsonl"), 2, "record.jsonl:1: not a line of a run record"),
        (("run", "test262", "--engine", fake("always-pass"), "--html", "a", "--junit", "a"), 2, "one file"),
    ],
)
def test_mistakes_are_told_as_such(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "record.jsonl").write_text('{"lockstep": 1}\n')
    assert text in lockstep(environment, *words, code=code).stderr


def test_a_history_that_cannot_be_read_is_no_regression(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 40)
    lockstep({**environment, "LOCKSTEP_HISTORY": str(tmp_path / "noise")}, "history", code=3)


def test_two_runs_do_not_share_a_record(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        done = run(environment, "--engine", fake("always-pass"), "--output", str(path), code=2)
    assert f"{path}: another run is writing it" in done.stderr
    run(environment, "--engine", fake("always-pass"), "--output", str(path))
    assert len(lines_of(path)) == 9
