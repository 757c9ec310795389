"""What an engine's processes do, and what it costs: never more than their own cases, and nothing is left running."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.harness.black_box import fake, lines_of, run


@pytest.fixture
def marker(environment: dict[str, str], tmp_path: Path) -> Path:
    path = tmp_path / "marker"
    environment["FAKE_MARKER"] = str(path)
    return path


def verdicts(
    environment: dict[str, str], tmp_path: Path, *arguments: str, code: int = 0
) -> dict[str, object]:
    """(case, mode) -> verdict, the last where there are several."""
    output = tmp_path / "run.jsonl"
    run(environment, "--output", str(output), "-j", "1", *arguments, code=code)
    return {f"{line['case']} {line['mode']}": line["verdict"] for line in lines_of(output) if "case" in line}


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_what_an_engine_started_ends_with_it(
    environment: dict[str, str], marker: Path, tmp_path: Path
) -> None:
    only = ("--filter", "language/b.js")
    assert verdicts(environment, tmp_path, "--engine", fake("leaves-a-child"), *only) == {
        "language/b.js strict": "pass"
    }
    assert gone(int(marker.read_text()))


def test_a_child_at_its_pipe_does_not_hide_that_an_engine_ended(
    environment: dict[str, str], marker: Path, tmp_path: Path
) -> None:
    only = ("--filter", "language/b.js", "--timeout", "50")
    started = time.monotonic()
    found = verdicts(environment, tmp_path, "--engine", fake("ends-with-a-child-at-its-pipe"), *only)
    assert found == {"language/b.js strict": "crash"}
    assert time.monotonic() - started < 30
    assert gone(int(marker.read_text()))


@pytest.mark.parametrize("behaviour", ["eats-in-a-child", "eats-in-an-orphan"])
def test_memory_is_that_of_all_processes_together(
    environment: dict[str, str], tmp_path: Path, behaviour: str
) -> None:
    only = ("--filter", "language/b.js", "--memory", "128")
    output = tmp_path / "run.jsonl"
    run(environment, "--output", str(output), "--engine", fake(behaviour), *only)
    (line,) = (line for line in lines_of(output) if "case" in line)
    assert (line["verdict"], line["reason"]) == ("crash", "memory limit of 640 MiB reached")


@pytest.mark.parametrize("behaviour", ["dies-after-its-answer", "answers-twice"])
def test_what_comes_after_an_answer_is_charged_to_its_case(
    environment: dict[str, str], tmp_path: Path, behaviour: str
) -> None:
    found = verdicts(environment, tmp_path, "--engine", fake(behaviour))
    assert found.pop("language/b.js strict") == "crash"
    assert set(found.values()) == {"pass", "fail"}
    assert [case for case, verdict in found.items() if verdict == "fail"] == [
        "language/c.js script",
        "language/c.js strict",
    ]


def test_a_passing_crash_leaves_a_trace(environment: dict[str, str], marker: Path, tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    done = run(
        environment, "--engine", fake("die-once"), "--output", str(output), "--filter", "language/b.js"
    )
    first, second = (line for line in lines_of(output) if "case" in line)
    assert (first["verdict"], second["verdict"]) == ("crash", "pass")
    assert second["first"].startswith("crash: the engine ended with exit status 3")
    assert "Ended in another way when run again alone: 1" in done.stdout
    assert marker.exists()


@pytest.mark.parametrize(
    ("behaviour", "seconds", "said"),
    [("exits-at-restart", 20, "cannot open the display"), ("hangs-at-restart", 60, "no answer to `start`")],
)
def test_an_engine_that_cannot_start_ends_its_part(
    environment: dict[str, str], marker: Path, tmp_path: Path, behaviour: str, seconds: float, said: str
) -> None:
    # It is started once to hear its language; it must not start again after that.
    marker.unlink(missing_ok=True)
    started = time.monotonic()
    other = fake("always-pass")
    output = tmp_path / "run.jsonl"
    engines = f"{fake(behaviour)},{other}"
    done = run(environment, "--engine", engines, "--timeout", "1", "--output", str(output), code=3)
    assert time.monotonic() - started < seconds
    assert done.stderr.count(said) == 1
    assert sum(line.get("engine") == other for line in lines_of(output)) == 7


def test_an_engine_that_never_starts_is_not_waited_for_long(environment: dict[str, str]) -> None:
    started = time.monotonic()
    done = run(environment, "--engine", fake("mute"), "--timeout", "1", code=3)
    assert "no answer to `start` within 10 seconds" in done.stderr
    assert "docs/protocol.md" in done.stderr
    assert time.monotonic() - started < 30


def test_time_outs_are_kept_when_a_run_is_interrupted(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    command = [sys.executable, "-m", "lockstep.harness.cli", "run", "test262", "-j", "1", "--timeout", "0.2"]
    process = subprocess.Popen(
        [*command, "--engine", fake("hang"), "--output", str(output)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and not (output.exists() and len(lines_of(output)) > 2):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    text, errors = process.communicate(timeout=20)
    assert process.returncode == 130, text + errors
    found = [line["verdict"] for line in lines_of(output) if "case" in line]
    assert len(found) >= 2
    assert set(found) == {"timeout"}
    assert "timeout" in text
    assert "partial run" in text


def test_retries_end_where_they_are_in_vain(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "suites" / "test262" / "test" / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.js").write_text("/*---\nflags: [raw]\n---*/\n")
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("die"), "--filter", "many", "--output", str(output))
    rows = [line for line in lines_of(output) if "case" in line]
    assert len(rows) == 120
    assert {row["verdict"] for row in rows} == {"crash"}


def test_numbers_that_are_none_are_no_crash(environment: dict[str, str], tmp_path: Path) -> None:
    found = verdicts(environment, tmp_path, "--engine", fake("not-a-number"), "--filter", "language/a.js")
    assert set(found.values()) == {"pass"}
    assert "NaN" not in (tmp_path / "run.jsonl").read_text()


_DEAF = 'trap "" INT QUIT HUP TERM; exec "$@"'
_ASKS = (
    "import os, signal\n"
    "for name in ('SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM'):\n"
    "    print(signal.getsignal(getattr(signal, name)) is signal.SIG_IGN)\n"
)
# The parent of a plain command is the harness.
_HANGS_UP = "os.kill(os.getppid(), signal.SIGHUP)\n"
_LIBRARY = (
    "import sys, threading\n"
    "from lockstep.harness.engines.registry import resolve\n"
    "from lockstep.reference.host.engine import Program\n"
    "from lockstep.reference.host.limits import Limits\n"
    "def run():\n"
    "    process = resolve(sys.argv[1]).spawn()\n"
    "    process.start()\n"
    "    print(process.observe(Program(sys.argv[2]), Limits(seconds=30)).output, end='')\n"
    "    process.kill()\n"
    "thread = threading.Thread(target=run)\n"
    "thread.start()\n"
    "thread.join()\n"
)


@pytest.mark.parametrize("engine", [f"mine={sys.executable} {{file}}", "cpython"])
@pytest.mark.parametrize("library", [False, True])
def test_signals_that_the_harness_ignores_are_not_ignored_by_engines(
    environment: dict[str, str], engine: str, *, library: bool
) -> None:
    code = _ASKS if engine == "cpython" else _ASKS + _HANGS_UP
    command = (
        ["-c", _LIBRARY, engine, code]
        if library
        else ["-m", "lockstep.harness.cli", "exec", "python", "--engine", engine, "-e", code]
    )
    done = subprocess.run(
        ["sh", "-c", _DEAF, "sh", sys.executable, *command],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    # The harness itself is as deaf as it was told to be.
    assert (done.returncode, done.stdout) == (0, "False\n" * 4), done.stderr


@pytest.mark.parametrize("engine", [f"mine={sys.executable} {{file}}", "cpython"])
def test_engines_of_a_harness_that_was_killed_end(
    environment: dict[str, str], tmp_path: Path, engine: str
) -> None:
    told = tmp_path / "told"
    # A program that never looks up, and one that it left in a session of its own.
    code = (
        f"import os, subprocess, sys\nchild = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}} ')\nwhile True: pass\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "lockstep.harness.cli", "exec", "python", "--engine", engine, "-e", code],
        env=environment,
    ) as harness:
        until = time.monotonic() + 30
        while not told.is_file() or not told.read_text().endswith(" "):
            assert time.monotonic() < until
            time.sleep(0.02)
        harness.kill()
    for pid in map(int, told.read_text().split()):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until, pid
            time.sleep(0.05)
